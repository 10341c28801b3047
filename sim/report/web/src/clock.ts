// The Beijing clock. Charts run on "Beijing milliseconds" (UTC + 8 h) shown as if they were UTC, so that a reader in
// any time zone sees the city's hours.

import { say } from "./language";
import type { Report } from "./report";

export const hourMs = 3600e3;
export const dayMs = 24 * hourMs;

export class Clock {
  readonly start: number;
  readonly stepMs: number;
  readonly nStep: number;

  constructor(report: Report) {
    const time = report.header.time;
    this.start = Date.parse(time.start_utc) + 8 * hourMs;
    this.stepMs = time.step_minutes * 60e3;
    this.nStep = time.n_step;
  }

  get end(): number {
    return this.at(this.nStep);
  }
  at(step: number): number {
    return this.start + step * this.stepMs;
  }
  /** The step that holds an instant, kept inside the run. */
  stepAt(ms: number): number {
    const step = Math.floor((ms - this.start) / this.stepMs);
    return Math.min(Math.max(step, 0), this.nStep - 1);
  }
  get firstDay(): number {
    return Math.floor(this.start / dayMs);
  }
  get nDay(): number {
    return Math.max(1, Math.ceil(this.end / dayMs) - this.firstDay);
  }
  dayOf(step: number): number {
    return Math.floor(this.at(step) / dayMs) - this.firstDay;
  }
  hourOf(step: number): number {
    return Math.floor((this.at(step) % dayMs) / hourMs);
  }
  dayStart(day: number): number {
    return (this.firstDay + day) * dayMs;
  }

  /** Means over calendar days; a day without a value is NaN. */
  dailyMeans(values: ArrayLike<number>): Float64Array {
    const sum = new Float64Array(this.nDay);
    const count = new Float64Array(this.nDay);
    for (let t = 0; t < values.length; ++t) {
      if (values[t] === values[t]) {
        sum[this.dayOf(t)] += values[t];
        ++count[this.dayOf(t)];
      }
    }
    return sum.map((v, d) => (count[d] ? v / count[d] : NaN));
  }
}

/** `2025-01-31` */
export function dateText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** `2025-01-31 18:00` */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}

export function clockNote(): string {
  return say("时间均为北京时间（UTC+8），时刻为时段起点", "Beijing time (UTC+8) throughout; a step is labelled by its start");
}
