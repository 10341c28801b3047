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
  name: string;
  values: (number | null)[];
  /** One per axis. */
  sensitivity: Sensitivity[];
  levels: Level[][];
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
  ranking?: { by: string; descending: boolean; limits: { indicator: string; min: number | null; max: number | null }[] };
}

export async function readSweep(): Promise<Sweep> {
  const text = document.getElementById("data")!.textContent!.trim();
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(stream).json()) as Sweep;
}

/** Distinct points of an axis, numbers in their order, texts as they come. */
export function pointsOf(axis: SweepAxis): string[] {
  const points = [...new Set(axis.labels)];
  return axis.numbers ? points.sort((a, b) => Number(a) - Number(b)) : points;
}

export function describeMember(sweep: Sweep, member: number): string {
  return sweep.axes.map((axis) => `${axis.name} = ${axis.labels[member]}`).join(", ");
}
