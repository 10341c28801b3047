// Maps of a run by day and hour.

import { isNarrow, makeChart } from "./chart";
import { dateText, type Clock } from "./clock";
import { say } from "./language";
import { muted } from "./palette";

/** The first of each month in a long run, dates in a short one. */
function monthLabels(days: string[]): object {
  if (days.length <= 62) return { color: muted, formatter: (d: string) => d.slice(5), hideOverlap: true };
  return { color: muted, interval: (_: number, d: string) => d.endsWith("-01"), formatter: (d: string) => (isNarrow() ? d.slice(5, 7) : d.slice(0, 7)), hideOverlap: true };
}

/** Cells `[day, hour, value]`; `visual` is the visualMap that colours them, laid out below the map. */
export function dayHourMap(label: string, clock: Clock, cells: [number, number, number][], write: (value: number) => string, visual: object): HTMLElement {
  const days = Array.from({ length: clock.nDay }, (_, d) => dateText(clock.dayStart(d)));
  return makeChart(label, 340, {
    grid: { left: 8, right: 12, top: 30, bottom: 62, containLabel: true },
    tooltip: { confine: true, formatter: (p: { value: [number, number, number] }) => `${days[p.value[0]]} ${String(p.value[1]).padStart(2, "0")}:00<br><b>${write(p.value[2])}</b>` },
    xAxis: { type: "category", data: days, axisLabel: monthLabels(days), axisTick: { show: false } },
    yAxis: { type: "category", name: say("时 / h", "Hour / h"), nameTextStyle: { color: muted }, data: Array.from({ length: 24 }, (_, h) => h), axisLabel: { color: muted, interval: 3 }, axisTick: { show: false } },
    visualMap: { orient: "horizontal", left: "center", bottom: 4, textStyle: { color: muted }, ...visual },
    series: [{ type: "heatmap", data: cells, progressive: 0, emphasis: { disabled: true } }],
  });
}
