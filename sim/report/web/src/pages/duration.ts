// Load and net load, sorted: how often the city needs how much.

import { gridBox, legend, makeChart, valueAxis, xValueAxis } from "../chart";
import { timeText, type Clock } from "../clock";
import { panel } from "../dom";
import { fixed } from "../format";
import { say } from "../language";
import type { Page } from "../main";
import { accent, colourOfKind, ink } from "../palette";
import type { Report } from "../report";
import { makeTable } from "../table";

/** Points [hours, value] of the values in falling order, thinned where there are many. */
export function durationPoints(values: ArrayLike<number>, stepHours: number): [number, number][] {
  const sorted = Float64Array.from(Array.from(values).filter((v) => v === v)).sort().reverse();
  const stride = Math.max(1, Math.floor(sorted.length / 1500));
  const points: [number, number][] = [];
  for (let k = 0; k < sorted.length; k += stride) points.push([k * stepHours, sorted[k]]);
  if (sorted.length) points.push([sorted.length * stepHours, sorted[sorted.length - 1]]);
  return points;
}

interface Curve {
  name: string;
  colour: string;
  values: Float32Array;
}

function curves(report: Report): Curve[] {
  const demand = report.column("demand_mw").rows[0] ?? new Float32Array(report.nStep);
  const minus = (from: Float32Array, ...rows: (Float32Array | undefined)[]): Float32Array =>
    from.map((v, t) => rows.reduce((rest, row) => rest - (row && row[t] === row[t] ? row[t] : 0), v));
  const net = minus(demand, report.labelled("source_p_mw", "wind"), report.labelled("source_p_mw", "solar"));
  const list = [
    { name: say("负荷", "Load"), colour: ink, values: demand },
    { name: say("净负荷（减本市风光）", "Net load (less local wind and sun)"), colour: accent, values: net },
  ];
  const ties = report.column("tie_surplus_mw").rows;
  if (ties.length) list.push({ name: say("再减受入的清洁富余", "Less clean imports as well"), colour: colourOfKind("storage"), values: minus(net, ...ties) });
  return list;
}

function extremes(curve: Curve, clock: Clock): { name: string; max: number; maxAt: string; mean: number; min: number; minAt: string } {
  let high = 0;
  let low = 0;
  let sum = 0;
  curve.values.forEach((v, t) => {
    if (v > curve.values[high]) high = t;
    if (v < curve.values[low]) low = t;
    sum += v;
  });
  return { name: curve.name, max: curve.values[high], maxAt: timeText(clock.at(high)), mean: sum / curve.values.length, min: curve.values[low], minAt: timeText(clock.at(low)) };
}

export const durationPage: Page = {
  id: "duration",
  title: () => say("持续曲线", "Duration"),
  render: (report, clock) => {
    const list = curves(report);
    return [
      panel(
        say("负荷与净负荷持续曲线", "Load and net-load duration"),
        say("横轴为达到或超过该功率的小时数", "Hours in which the power is reached or exceeded"),
        makeChart(say("持续曲线", "Duration curves"), 460, {
          legend: legend("line"),
          grid: gridBox(28),
          tooltip: { trigger: "axis", confine: true, valueFormatter: (v: number) => `${fixed(v, 0)} MW`, axisPointer: { label: { formatter: (p: { value: number }) => `${fixed(p.value, 0)} h` } } },
          xAxis: xValueAxis(say("小时 / h", "Hours / h"), { min: 0, max: report.nStep * report.stepHours }),
          yAxis: valueAxis(say("功率 / MW", "Power / MW")),
          series: list.map((curve) => ({ name: curve.name, type: "line", symbol: "none", data: durationPoints(curve.values, report.stepHours), lineStyle: { width: 2, color: curve.colour }, itemStyle: { color: curve.colour } })),
        }),
      ),
      panel(
        say("极值", "Extremes"),
        "",
        makeTable(
          list.map((curve) => extremes(curve, clock)),
          [
            { title: say("曲线", "Curve"), cell: (r) => r.name },
            { title: say("最大", "Highest"), unit: "MW", numeric: true, cell: (r) => fixed(r.max, 1) },
            { title: say("出现时刻", "At"), cell: (r) => r.maxAt },
            { title: say("平均", "Mean"), unit: "MW", numeric: true, cell: (r) => fixed(r.mean, 1) },
            { title: say("最小", "Lowest"), unit: "MW", numeric: true, cell: (r) => fixed(r.min, 1) },
            { title: say("出现时刻", "At"), cell: (r) => r.minAt },
          ],
        ),
      ),
    ];
  },
};
