// The dispatch stack: who fed the city, step by step. Above zero what comes in, below zero what goes out.

import type { Clock } from "./clock";
import { nameOf, say } from "./language";
import { colourOfKind, colourOfTie, ink, nameOfKind } from "./palette";
import type { Report } from "./report";

export interface Layer {
  name: string;
  colour: string;
  values: Float32Array;
  sink?: boolean; ///< below zero
}

export interface Stack {
  layers: Layer[];
  demand: Float32Array;
  total: Float32Array; ///< demand and losses
}

const order = ["waste", "thermal", "generator", "hvdc", "hydro", "wind", "solar"];

function any(values: Float32Array): boolean {
  return values.some((v) => Math.abs(v) > 0.05);
}

function part(values: Float32Array, positive: boolean): Float32Array {
  return values.map((v) => (v === v ? (positive ? Math.max(v, 0) : Math.min(v, 0)) : NaN));
}

export function makeStack(report: Report): Stack {
  const layers: Layer[] = [];
  const push = (name: string, colour: string, values: Float32Array, sink = false): void => {
    if (any(values)) layers.push({ name, colour, values, sink });
  };
  const sources = report.column("source_p_mw");
  const kinds = [...sources.labels].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  for (const kind of kinds) {
    push(nameOfKind(kind), colourOfKind(kind), sources.rows[sources.labels.indexOf(kind)]);
  }
  const ties = report.column("tie_schedule_mw").rows;
  const entries = report.entries("tie");
  ties.forEach((row, k) => push(say(`受入 ${nameOf(entries[k].name, entries[k].id)}`, `Import ${nameOf(entries[k].name, entries[k].id)}`), colourOfTie(k), part(row, true)));
  const storage = report.total("storage_p_mw");
  push(say("储能放电", "Storage discharge"), colourOfKind("storage"), part(storage, true));
  push(say("失负荷", "Unserved"), colourOfKind("unserved"), report.total("load_unserved_mw"));
  push(say("负荷管理", "Managed load"), colourOfKind("managed"), report.total("load_managed_mw"));
  push(say("储能充电", "Storage charge"), "#f0a36b", part(storage, false), true);
  ties.forEach((row, k) => push(say(`送出 ${nameOf(entries[k].name, entries[k].id)}`, `Export ${nameOf(entries[k].name, entries[k].id)}`), colourOfTie(k), part(row, false), true));

  const demand = report.column("demand_mw").rows[0] ?? new Float32Array(report.nStep);
  const losses = report.column("loss_schedule_mw").rows[0] ?? report.column("losses_mw").rows[0];
  const total = losses ? demand.map((v, t) => v + losses[t]) : demand;
  return { layers, demand, total };
}

/** Points [ms, MW] of the steps of a range; the last step of the run is drawn to its end. */
export function stepPoints(clock: Clock, values: ArrayLike<number>, first: number, last: number): [number, number][] {
  const points: [number, number][] = [];
  for (let t = first; t < last; ++t) points.push([clock.at(t), values[t]]);
  if (last === clock.nStep && last > first) points.push([clock.end, values[last - 1]]);
  return points;
}

/** Points [ms, MW] of daily means. */
export function dayPoints(clock: Clock, values: ArrayLike<number>): [number, number][] {
  const means = clock.dailyMeans(values);
  const points = Array.from(means, (v, d) => [Math.max(clock.start, clock.dayStart(d)), v] as [number, number]);
  points.push([clock.end, means[means.length - 1]]);
  return points;
}

/** Series of a stack; `points` turns a row into what is drawn. */
export function stackSeries(stack: Stack, points: (values: Float32Array) => [number, number][]): object[] {
  const lineOf = (name: string, values: Float32Array, type: string, width: number): object => ({
    name,
    type: "line",
    data: points(values),
    symbol: "none",
    lineStyle: { color: ink, width, type },
    itemStyle: { color: ink },
    z: 5,
  });
  return [
    ...stack.layers.map((layer) => ({
      name: layer.name,
      type: "line",
      stack: layer.sink ? "sink" : "supply",
      data: points(layer.values),
      symbol: "none",
      lineStyle: { width: 0 },
      itemStyle: { color: layer.colour },
      areaStyle: { color: layer.colour, opacity: 1 },
      emphasis: { disabled: true },
    })),
    lineOf(say("用电负荷", "Demand"), stack.demand, "solid", 1.8),
    lineOf(say("负荷加网损", "Demand and losses"), stack.total, "dotted", 1),
  ];
}
