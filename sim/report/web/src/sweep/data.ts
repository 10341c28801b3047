// The data inside the page of a sweep: one JSON object, gzipped.

export interface Sensitivity {
  main: number | null;
  total: number | null;
}

export interface Level {
  label: string;
  mean: number;
  min: number;
  max: number;
  n: number;
}

export interface SweepAxis {
  name: string;
  /** The point of every member, as written. */
  labels: string[];
  /** The same as numbers; null where one of them is text. */
  numbers: number[] | null;
}

export interface Indicator {
  /** As in sweep.csv. */
  name: string;
  values: (number | null)[];
  /** One per axis. */
  sensitivity: Sensitivity[];
  levels: Level[][];
}

/** What a project brings to an indicator. */
export interface Contribution {
  id: string;
  name: { en: string; zh: string };
  in_service: string;
  capex_cny: number;
  leave_one_out: number;
  add_one_in: number;
  by_date: number;
  shapley: number;
  shapley_error: number;
  shapley_per_million_cny: number | null;
}

/** A project by what it is worth: cost saved over its life, less its investment. */
export interface Worth {
  id: string;
  name: { en: string; zh: string };
  in_service: string;
  capex_cny: number;
  life_y: number;
  saved_cny_per_y: number;
  payback_y: number | null;
  npv_cny: number;
  npv_error_cny: number;
  npv_per_cny: number;
}

export interface Portfolio {
  runs: number;
  orders_sampled: number;
  discount_rate: number;
  /** The best yuan first; empty where no cost was asked for or no project serves for a year. */
  worth: Worth[];
  without_effect: { id: string; reason: "no_changes" | "after_the_run" }[];
  indicators: Record<string, { none: number; all: number; effect: number; projects: Contribution[] }>;
}

export interface Sweep {
  name: string;
  base: string;
  version: string;
  design: string;
  axes: SweepAxis[];
  indicators: Indicator[];
  hash: string[];
  status: string[];
  /** Members within the limits, the best first. */
  ranked: number[];
  /** Where the members are the coalitions of a portfolio. */
  portfolio?: Portfolio;
  ranking?: { by: string; descending: boolean; limits: { indicator: string; min: number | null; max: number | null }[] };
}

export async function readSweep(): Promise<Sweep> {
  const text = document.getElementById("data")!.textContent!.trim();
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const sweep = (await new Response(stream).json()) as Sweep;
  for (const axis of sweep.axes) axis.labels = shorten(axis.labels);
  for (const indicator of sweep.indicators) {
    for (const levels of indicator.levels) {
      const labels = shorten(levels.map((level) => level.label));
      levels.forEach((level, k) => (level.label = labels[k]));
    }
  }
  return sweep;
}

/** Overlays by the names of their files, where those tell them apart: `sites/ganhe.yaml` → `ganhe`. */
export function shorten(labels: string[]): string[] {
  const short = labels.map((label) => label.replace(/[^\s,[\]]*\/(?=[^/\s,[\]]*\.ya?ml)/g, "").replace(/\.ya?ml(?=[\s,\]]|$)/g, ""));
  return new Set(short).size === new Set(labels).size ? short : labels;
}

/** Distinct points of an axis, numbers in their order, texts as they come. */
export function pointsOf(axis: SweepAxis): string[] {
  const points = [...new Set(axis.labels)];
  return axis.numbers ? points.sort((a, b) => Number(a) - Number(b)) : points;
}

export function describeMember(sweep: Sweep, member: number): string {
  return sweep.axes.map((axis) => `${axis.name} = ${axis.labels[member]}`).join(", ");
}
