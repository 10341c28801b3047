// Voltages by level against their bands.

import { gridBox, legend, limitLine, makeChart, timeAxis, valueAxis, zoomBars, type Chart } from "../chart";
import { dayMs, timeText, type Clock } from "../clock";
import { choice, make, panel } from "../dom";
import { fixed } from "../format";
import { nameOf, say } from "../language";
import type { Page } from "../main";
import { alarm, colourOfLevel } from "../palette";
import type { Entry, Report, VoltageRank } from "../report";
import { makeTable } from "../table";

export interface Band {
  min: Float32Array;
  p5: Float32Array;
  p50: Float32Array;
  p95: Float32Array;
  max: Float32Array;
}

/** Spread over the buses of a level, step by step. */
export function spreadOf(report: Report, kv: number, first = 0, count = report.nStep): Band {
  const rows = report.entries("bus").flatMap((entry, i) => (entry.kv === kv && report.column("bus_vm_pu").rows[i] ? [report.column("bus_vm_pu").rows[i]] : []));
  const band: Band = { min: new Float32Array(count), p5: new Float32Array(count), p50: new Float32Array(count), p95: new Float32Array(count), max: new Float32Array(count) };
  const values = new Float32Array(rows.length);
  for (let t = 0; t < count; ++t) {
    let n = 0;
    for (const row of rows) {
      const v = row[first + t];
      if (v === v) values[n++] = v;
    }
    const sorted = values.subarray(0, n).sort();
    const at = (share: number): number => (n ? sorted[Math.min(n - 1, Math.floor(share * n))] : NaN);
    band.min[t] = at(0);
    band.p5[t] = at(0.05);
    band.p50[t] = at(0.5);
    band.p95[t] = at(0.95);
    band.max[t] = n ? sorted[n - 1] : NaN;
  }
  return band;
}

export function levelsOf(report: Report): number[] {
  return [...new Set(report.entries("bus").map((e) => e.kv ?? 0))].filter((kv) => kv >= 60 || report.entries("bus").length < 400).sort((a, b) => b - a).slice(0, 5);
}

/** The band that most buses of a level share. */
export function limitsOf(report: Report, kv: number): { low: number; high: number } | undefined {
  const count = new Map<string, number>();
  report.entries("bus").forEach((entry, i) => {
    const rank = report.header.voltage_ranking[i];
    if (entry.kv === kv && rank?.low !== undefined) {
      const key = `${rank.low}|${rank.high}`;
      count.set(key, (count.get(key) ?? 0) + 1);
    }
  });
  const best = [...count].sort((a, b) => b[1] - a[1])[0];
  if (!best) return undefined;
  const [low, high] = best[0].split("|").map(Number);
  return { low, high };
}

/** Lowest of a day for the lower curves, highest for the upper ones, mean for the median. */
function dailyExtremes(clock: Clock, values: Float32Array, pick: "min" | "max" | "mean"): [number, number][] {
  if (pick === "mean") return Array.from(clock.dailyMeans(values), (v, d) => [clock.dayStart(d), v] as [number, number]);
  const result = new Float64Array(clock.nDay).fill(NaN);
  values.forEach((v, t) => {
    const d = clock.dayOf(t);
    if (v === v && (!(result[d] === result[d]) || (pick === "min" ? v < result[d] : v > result[d]))) result[d] = v;
  });
  return Array.from(result, (v, d) => [clock.dayStart(d), v] as [number, number]);
}

function bandSeries(clock: Clock, band: Band, kv: number, limits: { low: number; high: number } | undefined, from: number, to: number): object[] {
  const fine = to - from <= 45 * dayMs;
  const first = clock.stepAt(from - dayMs);
  const last = clock.stepAt(to + dayMs) + 1;
  const points = (values: Float32Array, pick: "min" | "max" | "mean"): [number, number][] =>
    fine ? Array.from(values.subarray(first, last), (v, t) => [clock.at(first + t), v] as [number, number]) : dailyExtremes(clock, values, pick);
  const colour = colourOfLevel(kv);
  const line = (name: string, values: Float32Array, pick: "min" | "max" | "mean", width: number, type: string): object => ({ name, type: "line", symbol: "none", data: points(values, pick), lineStyle: { color: colour, width, type }, itemStyle: { color: colour } });
  const marks = limits ? { silent: true, symbol: "none", data: [limitLine(limits.low, `${fixed(limits.low, 3)} pu`, alarm), limitLine(limits.high, `${fixed(limits.high, 3)} pu`, alarm)] } : undefined;
  return [
    { ...line(say("最高", "Highest"), band.max, "max", 1, "solid"), markLine: marks },
    line(say("95 分位", "95th percentile"), band.p95, "max", 1, "dashed"),
    line(say("中位", "Median"), band.p50, "mean", 2.2, "solid"),
    line(say("5 分位", "5th percentile"), band.p5, "min", 1, "dashed"),
    line(say("最低", "Lowest"), band.min, "min", 1, "solid"),
  ];
}

function bandChart(report: Report, clock: Clock, kv: number): HTMLElement {
  const band = spreadOf(report, kv);
  const limits = limitsOf(report, kv);
  let low = limits?.low ?? Infinity;
  let high = limits?.high ?? -Infinity;
  for (const v of band.min) low = v < low ? v : low;
  for (const v of band.max) high = v > high ? v : high;
  const margin = Math.max(0.005, (high - low) * 0.08);
  const fit = (chart: Chart): void => {
    const zoom = (chart.getOption() as { dataZoom: { start: number; end: number }[] }).dataZoom[0];
    const span = clock.end - clock.start;
    chart.setOption({ series: bandSeries(clock, band, kv, limits, clock.start + (zoom.start / 100) * span, clock.start + (zoom.end / 100) * span) });
  };
  return makeChart(`${kv} kV`, 380, {
    legend: legend("line"),
    grid: gridBox(56),
    tooltip: { trigger: "axis", confine: true, valueFormatter: (v: number) => `${fixed(v, 4)} pu · ${fixed(v * kv, 1)} kV` },
    xAxis: timeAxis(clock.start, clock.end),
    yAxis: valueAxis(say("电压 / pu", "Voltage / pu"), { min: Math.floor((low - margin) * 200) / 200, max: Math.ceil((high + margin) * 200) / 200, axisLabel: { showMinLabel: false, showMaxLabel: false, formatter: (v: number) => fixed(v, 3) } }),
    dataZoom: zoomBars(),
    series: bandSeries(clock, band, kv, limits, clock.start, clock.end),
  }, (chart) => chart.on("datazoom", () => fit(chart)));
}

interface Row {
  entry: Entry;
  rank: VoltageRank;
  name: string;
  margin: number;
}

/** Distance to the nearer end of the band; negative outside. */
function marginOf(rank: VoltageRank): number {
  if (rank.low === undefined || rank.high === undefined || rank.min === null || rank.max === null) return NaN;
  return Math.min(rank.min - rank.low, rank.high - rank.max);
}

function busTable(report: Report, clock: Clock): HTMLElement {
  const rows: Row[] = report.entries("bus").map((entry, i) => {
    const rank = report.header.voltage_ranking[i];
    return { entry, rank, name: nameOf(entry.name, entry.id), margin: rank ? marginOf(rank) : NaN };
  }).filter((r) => r.rank && r.rank.min !== null);
  rows.sort((a, b) => (a.margin === a.margin ? a.margin : 9) - (b.margin === b.margin ? b.margin : 9));
  return makeTable(rows, [
    { title: say("母线", "Bus"), cell: (r) => r.name, key: (r) => r.name },
    { title: "kV", numeric: true, cell: (r) => fixed(r.entry.kv, 0), key: (r) => r.entry.kv },
    { title: say("最低", "Lowest"), unit: "pu", numeric: true, cell: (r) => fixed(r.rank.min, 4), key: (r) => r.rank.min },
    { title: say("时刻", "At"), cell: (r) => timeText(clock.at(r.rank.min_at)), key: (r) => r.rank.min_at },
    { title: say("中位", "Median"), unit: "pu", numeric: true, cell: (r) => fixed(r.rank.p50, 4), key: (r) => r.rank.p50 },
    { title: say("最高", "Highest"), unit: "pu", numeric: true, cell: (r) => fixed(r.rank.max, 4), key: (r) => r.rank.max },
    { title: say("时刻", "At"), cell: (r) => timeText(clock.at(r.rank.max_at)), key: (r) => r.rank.max_at },
    { title: say("允许范围", "Band"), unit: "pu", numeric: true, cell: (r) => (r.rank.low === undefined ? "–" : `${fixed(r.rank.low, 3)} … ${fixed(r.rank.high, 3)}`) },
    { title: say("裕度", "Margin"), unit: "pu", numeric: true, cell: (r) => fixed(r.margin, 4), key: (r) => -r.margin },
    { title: say("越限", "Outside"), unit: "h", numeric: true, cell: (r) => fixed(r.rank.hours, 0), key: (r) => r.rank.hours },
  ], { rowClass: (r) => ((r.rank.hours ?? 0) > 0 ? "bad" : "") });
}

function levelTable(report: Report): HTMLElement {
  const rows = levelsOf(report).map((kv) => {
    const ranks = report.header.voltage_ranking.filter((_, i) => report.entries("bus")[i].kv === kv && report.header.voltage_ranking[i].min !== null);
    return {
      kv,
      n: ranks.length,
      min: Math.min(...ranks.map((r) => r.min!)),
      max: Math.max(...ranks.map((r) => r.max!)),
      limits: limitsOf(report, kv),
      outside: ranks.filter((r) => (r.hours ?? 0) > 0).length,
    };
  });
  return makeTable(rows, [
    { title: say("电压等级", "Level"), unit: "kV", cell: (r) => fixed(r.kv, 0) },
    { title: say("母线数", "Buses"), numeric: true, cell: (r) => fixed(r.n, 0) },
    { title: say("最低", "Lowest"), numeric: true, cell: (r) => `${fixed(r.min, 4)} pu · ${fixed(r.min * r.kv, 1)} kV` },
    { title: say("最高", "Highest"), numeric: true, cell: (r) => `${fixed(r.max, 4)} pu · ${fixed(r.max * r.kv, 1)} kV` },
    { title: say("正常范围", "Normal band"), numeric: true, cell: (r) => (r.limits ? `${fixed(r.limits.low * r.kv, 1)} … ${fixed(r.limits.high * r.kv, 1)} kV` : "–") },
    { title: say("越限母线", "Buses outside"), numeric: true, cell: (r) => fixed(r.outside, 0) },
  ]);
}

export const voltagePage: Page = {
  id: "voltage",
  title: () => say("电压", "Voltage"),
  render: (report, clock) => {
    const levels = levelsOf(report);
    if (!levels.length || !report.column("bus_vm_pu").rows.length) return [make("div.nothing", {}, say("没有电压结果", "No voltages in this run"))];
    const box = make("div");
    const draw = (kv: number): void => box.replaceChildren(bandChart(report, clock, kv));
    queueMicrotask(() => draw(levels[0]));
    return [
      panel(
        say("各级电压的分布", "Voltages by level"),
        say("同级全部母线的最低、5 分位、中位、95 分位、最高；虚线为正常范围。缩小时为每日最低与最高，45 天以内为逐时段。", "Lowest, 5th percentile, median, 95th percentile and highest over the buses of a level; dashed: normal band. Daily extremes when zoomed out, every step within 45 days."),
        make("div.tools", {}, choice(levels.map((kv) => ({ value: String(kv), label: `${fixed(kv, 0)} kV` })), String(levels[0]), (value) => draw(Number(value)), say("电压等级", "Level"))),
        box,
        levelTable(report),
      ),
      panel(say("裕度最小的母线", "Buses closest to their band"), "", busTable(report, clock)),
    ];
  },
};
