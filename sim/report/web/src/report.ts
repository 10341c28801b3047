// The data inside the page: a gzip stream of a JSON header and quantised columns (report/encoding.hpp).

import type { Name } from "./language";

export interface Entry {
  id: string;
  name?: Name;
  kind?: string;
  zone?: string;
  in_city?: boolean;
  kv?: number;
  rating?: number;
  lat?: number;
  lon?: number;
  from?: string;
  to?: string;
  substation?: string;
  substation_kind?: string;
  parallel?: number;
}

export type AxisName = "bus" | "line" | "transformer" | "shunt" | "section" | "source" | "load" | "storage" | "tie" | "tenant";

export interface LoadingRank {
  max: number | null;
  at: number;
  p99: number | null;
  mean: number | null;
  h80: number;
  h100: number;
}

/** An element after its worst outage; `outage` is a row of lines, then transformers, −1 none. */
export interface OutageRank {
  max: number | null;
  at: number;
  outage: number | null;
  h90: number;
  h100: number;
}

export interface N1Outage {
  outage: string;
  element: string;
  step: number;
  loading_percent: number;
  normal_percent?: number;
  emergency_duration_h?: number;
  hours_above_100: number;
}

export interface VoltageRank {
  min: number | null;
  min_at: number;
  p1: number | null;
  p50: number | null;
  p99: number | null;
  max: number | null;
  max_at: number;
  low?: number;
  high?: number;
  hours?: number;
}

export interface CalibrationRow {
  id: string;
  name: Name;
  indicator: string;
  value: number | null;
  min: number;
  max: number;
  inside: boolean;
  source: string;
  judged?: boolean;
}

export interface TypicalDay {
  id: string;
  name: Name;
  first_step: number;
  n_step: number;
}

export type Numbers = Record<string, number | null>;

/** Short-circuit currents of a bus; see results/results.hpp. */
export interface FaultLevel {
  bus: string;
  base_kv: number;
  ik3_max_ka: number;
  ik2_max_ka: number;
  ip_ka: number;
  ib_ka: number;
  ith_ka: number;
  sk_max_mva: number;
  r_over_x: number;
  converter_ka: number;
  ik3_min_ka: number;
  ik2_min_ka: number;
  breaker_ka: number | null;
  variant_ik3_ka?: number[];
}

/** A step without a power flow; see powerflow/diagnosis.hpp. */
export interface FailedStep {
  step: number;
  status: string;
  solvable_share: number;
  causes: { kind: string; element: string; value: number | null; usual: number; cures: boolean; text: Name }[];
}

export interface ShortCircuit {
  mrscr_limit: number;
  variants: { id: string; name: Name }[];
  levels: FaultLevel[];
  stations: { source: string; p_rated_mw: number; sk_min_mva: number; scr_min: number; mrscr_min: number; mrscr_mean: number; weak_hours: number }[];
}

export interface RunFinding {
  kind: string;
  severity: "note" | "violation" | "relaxed" | "unsolved";
  element: string;
  outage: string;
  hours: number | null;
  value: number | null;
  limit: number | null;
  unit: string;
  step: number;
  text: { en: string; zh: string };
}

export interface Summary {
  scenario: { id: string; name: Name };
  counts: Numbers;
  steps: Numbers;
  balance: Numbers;
  /** What a reader must know first; see results/run_finding.hpp. */
  findings?: RunFinding[];
  /** Hours behind indicators that cover a part of the run. */
  covered_hours?: Numbers;
  indicators: Record<string, number | null | Numbers>;
  calibration: CalibrationRow[];
  typical_days: TypicalDay[];
  n1_worst: N1Outage[];
  n1_voltage?: { outage: string; bus: string; step: number; vm_pu: number; margin_pu: number; hours_outside: number }[];
  n1_covers?: string[];
  n1_unsolved?: { outage: string; hours: number; first_step: number }[];
  n1_cut_off: { outage: string; load_mw: number }[];
  /** Facts of single devices: family, id, fact. */
  devices?: Record<string, Record<string, Record<string, number | null>>>;
  relaxed_blocks?: number;
  /** Blocks that could not be dispatched as asked; see results/explained.hpp. */
  broken_limits?: { element: string; outage: string; hours: number; hours_unavoidable: number; worst_percent: number; relaxation_mw: number }[];
  explanations?: { from: string; broken: { what: string; mwh: number; text: { en: string; zh: string } }[]; causes: { kind: string; text: { en: string; zh: string } }[] }[];
  short_circuit?: ShortCircuit;
  failed_steps?: FailedStep[];
}

export interface LedgerRow {
  cause: string;
  branch: string;
  outage: string;
  mwh: number;
  hours: number;
}

export interface VerdictSum {
  kind: string;
  element: string;
  outage: string;
  hours: number;
  value: number | null;
  limit: number | null;
  at: number;
}

export interface Project {
  id: string;
  name: Name;
  class: string;
  status: string;
  count: number;
  capex_cny: number;
  enabled: boolean;
  in_service?: string;
}

export interface ProvenanceGroup {
  kind: "fact" | "assumed";
  reason: string;
  values: [string, string][];
}

export interface SourceYear {
  mwh: number | null;
  available_mwh: number | null;
  curtailed_mwh: number | null;
  max_mw: number | null;
}

interface ColumnHeader {
  name: string;
  n: number;
  bits: number;
  scale: number;
  offset: number;
  first: number;
  labels?: string[];
}

export interface Header {
  version: string;
  summary: Summary;
  description: Name;
  seed: number;
  time: { start_utc: string; step_minutes: number; n_step: number };
  axes: Record<AxisName, Entry[]>;
  line_ranking: LoadingRank[];
  transformer_ranking: LoadingRank[];
  line_n1_ranking: OutageRank[];
  transformer_n1_ranking: OutageRank[];
  voltage_ranking: VoltageRank[];
  sources: SourceYear[];
  ledger: LedgerRow[];
  verdicts: VerdictSum[];
  n1_exceptions: string[];
  n1_positions_move: boolean;
  projects: Project[];
  provenance: { groups: ProvenanceGroup[]; n_stated: number };
  columns: ColumnHeader[];
}

/** Values over time, a row per element or label. */
export interface Matrix {
  rows: Float32Array[];
  labels: string[];
}

export class Report {
  private readonly decoded = new Map<string, Matrix>();

  constructor(
    readonly header: Header,
    private readonly bytes: Uint8Array,
  ) {}

  get nStep(): number {
    return this.header.time.n_step;
  }
  get stepHours(): number {
    return this.header.time.step_minutes / 60;
  }
  entries(axis: AxisName): Entry[] {
    return this.header.axes[axis] ?? [];
  }

  indicator(key: string): number | null {
    const value = this.header.summary.indicators[key];
    return typeof value === "number" ? value : null;
  }
  indicatorMap(key: string): Numbers {
    const value = this.header.summary.indicators[key];
    return value !== null && typeof value === "object" ? value : {};
  }

  /** A column by name, unpacked when first asked for; no rows where the run has none. */
  column(name: string): Matrix {
    let matrix = this.decoded.get(name);
    if (!matrix) {
      const header = this.header.columns.find((c) => c.name === name);
      matrix = header ? this.unpack(header) : { rows: [], labels: [] };
      this.decoded.set(name, matrix);
    }
    return matrix;
  }

  /** The row of a label, or none. */
  labelled(name: string, label: string): Float32Array | undefined {
    const matrix = this.column(name);
    return matrix.rows[matrix.labels.indexOf(label)];
  }

  /** Sum over all rows; values that are missing count as nothing. */
  total(name: string): Float32Array {
    const sum = new Float32Array(this.nStep);
    for (const row of this.column(name).rows) {
      for (let t = 0; t < sum.length; ++t) {
        if (row[t] === row[t]) sum[t] += row[t];
      }
    }
    return sum;
  }

  private unpack(column: ColumnHeader): Matrix {
    const n = column.n * this.nStep;
    const mask = (1 << column.bits) - 1;
    const rows: Float32Array[] = [];
    for (let i = 0; i < column.n; ++i) {
      const row = new Float32Array(this.nStep);
      let code = 0;
      for (let t = 0; t < this.nStep; ++t) {
        const k = column.first + i * this.nStep + t;
        const step = column.bits === 16 ? this.bytes[k] | (this.bytes[k + n] << 8) : this.bytes[k];
        code = (code + step) & mask;
        row[t] = code === mask ? NaN : column.offset + column.scale * code;
      }
      rows.push(row);
    }
    return { rows, labels: column.labels ?? [] };
  }
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Reads the report out of the page's data element. */
export async function readReport(): Promise<Report> {
  const packed = fromBase64(document.getElementById("data")!.textContent!.trim());
  const stream = new Blob([packed as BlobPart]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Header;
  return new Report(header, bytes.subarray(4 + length));
}
