// Indicators as people read them: a name, a unit, and as many digits as it takes to tell members apart.

import { brief, fixed } from "../format";
import { wordsOf } from "../indicators";
import { say } from "../language";
import type { Indicator, Sweep } from "./data";

export interface Shown {
  name: string;
  unit: string;
  /** `Cost of energy, M CNY` */
  title: string;
  /** The summary's number in that unit. */
  scaled: (value: number | null) => number | null;
  text: (value: number | null) => string;
}

/** Digits after the point at which a hundredth of the span still shows. */
function digitsOf(span: number): number {
  return Math.min(Math.max(Math.ceil(2 - Math.log10(span)), 0), 6);
}

export function shownOf(indicator: Indicator): Shown {
  const words = wordsOf(indicator.name);
  const scaled = (value: number | null): number | null => (value === null ? null : value * words.scale);
  const values = indicator.values.filter((v): v is number => v !== null && Number.isFinite(v)).map((v) => v * words.scale);
  const span = values.length ? Math.max(...values) - Math.min(...values) : 0;
  const size = values.length ? Math.max(...values.map(Math.abs)) : 0;
  const digits = span > size * 1e-9 ? digitsOf(span) : undefined;
  return {
    name: words.name,
    unit: words.unit,
    title: words.unit ? `${words.name}, ${words.unit}` : words.name,
    scaled,
    text: (value) => (digits === undefined ? brief(scaled(value)) : fixed(scaled(value), digits)),
  };
}

/** Rows of the indicators that are not the same in all finished members, that which ranks them first. */
export function varyingOf(sweep: Sweep): number[] {
  const varies = (indicator: Indicator): boolean => new Set(indicator.values.filter((v) => v !== null)).size > 1;
  const rows = sweep.indicators.map((_, k) => k).filter((k) => varies(sweep.indicators[k]));
  const first = (k: number): number => (sweep.indicators[k].name === sweep.ranking?.by ? 0 : 1);
  return rows.sort((a, b) => first(a) - first(b) || a - b);
}

/** What does not tell members apart, said once. */
export function sameEverywhere(sweep: Sweep): string {
  const varying = new Set(varyingOf(sweep));
  const same = sweep.indicators.filter((indicator, k) => !varying.has(k) && indicator.values.some((v) => v !== null)).map((indicator) => {
    const value = indicator.values.find((v) => v !== null) ?? null;
    const shown = shownOf(indicator);
    return `${shown.name} ${value === 0 ? "0" : shown.text(value)}${shown.unit ? ` ${shown.unit}` : ""}`;
  });
  return same.length ? say(`各算例相同：${same.join("、")}。`, `The same in every member: ${same.join(", ")}.`) : "";
}
