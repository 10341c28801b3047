// Stored energy and what went in and out.

import { gridBox, legend, makeChart, timeAxis, valueAxis, zoomBars } from "../chart";
import type { Clock } from "../clock";
import { make, panel } from "../dom";
import { energy, fixed } from "../format";
import { nameOf, say } from "../language";
import type { Page } from "../main";
import { colourOfRow } from "../palette";
import type { Report } from "../report";
import { stepPoints } from "../stack";
import { makeTable } from "../table";

interface StorageYear {
  name: string;
  rating: number;
  charge: number;
  discharge: number;
  cycles: number;
}

function sumUp(report: Report): StorageYear[] {
  return report.entries("storage").map((entry, k) => {
    const p = report.column("storage_p_mw").rows[k] ?? new Float32Array(0);
    const sum = (sign: number): number => p.reduce((s, v) => s + Math.max(0, sign * (v === v ? v : 0)), 0) * report.stepHours;
    const rating = entry.rating ?? 0;
    return { name: nameOf(entry.name, entry.id), rating, charge: sum(-1), discharge: sum(1), cycles: rating ? sum(1) / rating : 0 };
  });
}

/** Share of the rating in percent, 0…100. */
function socPoints(report: Report, clock: Clock, k: number): [number, number][] {
  const e = report.column("storage_e_mwh").rows[k] ?? new Float32Array(0);
  const rating = report.entries("storage")[k].rating || 1;
  return Array.from(e, (v, t) => [clock.at(t + 1), (100 * v) / rating] as [number, number]);
}

/** Two weeks from the step on which every storage is in service, in percent of the run. */
function openingWindow(report: Report): [number, number] {
  const first = Math.max(0, ...report.column("storage_e_mwh").rows.map((row) => row.findIndex((v) => v === v)));
  const length = Math.min(report.nStep, (14 * 24) / report.stepHours);
  const start = Math.min(first, report.nStep - length);
  return [(100 * start) / report.nStep, (100 * (start + length)) / report.nStep];
}

function dailyPattern(report: Report, clock: Clock): HTMLElement {
  const total = report.total("storage_p_mw");
  const sum = new Float64Array(24);
  const count = new Float64Array(24);
  total.forEach((v, t) => {
    sum[clock.hourOf(t)] += v;
    ++count[clock.hourOf(t)];
  });
  return makeChart(say("日内充放电", "Mean day"), 300, {
    grid: gridBox(8),
    tooltip: { trigger: "axis", confine: true, valueFormatter: (v: number) => `${fixed(v, 1)} MW` },
    xAxis: { type: "category", data: Array.from({ length: 24 }, (_, h) => `${String(h).padStart(2, "0")}:00`) },
    yAxis: valueAxis(say("放电为正 / MW", "Discharge positive / MW")),
    series: [{ type: "bar", data: Array.from(sum, (v, h) => (count[h] ? v / count[h] : 0)), itemStyle: { color: "#d55e00" } }],
  });
}

export const storagePage: Page = {
  id: "storage",
  title: () => say("储能", "Storage"),
  render: (report, clock) => {
    const entries = report.entries("storage");
    if (!entries.length) return [make("div.nothing", {}, make("strong", {}, say("没有储能", "No storage")), make("span", {}, say("场景中没有储能设备", "the scenario has none")))];
    const [from, to] = openingWindow(report);
    return [
      panel(
        say("荷电状态", "State of charge"),
        say("时段末的存储电量占额定容量；打开时显示全部储能投运后的 14 天，拖动滑块看其余时间", "Energy at the end of each step, of the rating; opens on 14 days from when all storage is in service, drag the slider for the rest"),
        makeChart("SOC", 380, {
          legend: legend("line"),
          grid: gridBox(56),
          tooltip: { trigger: "axis", confine: true, valueFormatter: (v: number) => `${fixed(v, 1)} %` },
          xAxis: timeAxis(clock.start, clock.end),
          yAxis: valueAxis("SOC / %", { min: 0, max: 100 }),
          dataZoom: zoomBars(from, to),
          series: entries.map((entry, k) => ({ name: nameOf(entry.name, entry.id), type: "line", symbol: "none", sampling: "lttb", data: socPoints(report, clock, k), lineStyle: { width: 1.5, color: colourOfRow(k) }, itemStyle: { color: colourOfRow(k) } })),
        }),
      ),
      panel(
        say("充放电功率", "Power"),
        say("放电为正，充电为负", "Discharge positive, charge negative"),
        makeChart(say("储能功率", "Storage power"), 300, {
          legend: legend("line"),
          grid: gridBox(56),
          tooltip: { trigger: "axis", confine: true, valueFormatter: (v: number) => `${fixed(v, 1)} MW` },
          xAxis: timeAxis(clock.start, clock.end),
          yAxis: valueAxis("MW"),
          dataZoom: zoomBars(from, to),
          series: entries.map((entry, k) => ({ name: nameOf(entry.name, entry.id), type: "line", step: "end", symbol: "none", data: stepPoints(clock, report.column("storage_p_mw").rows[k] ?? [], 0, report.nStep), lineStyle: { width: 1.2, color: colourOfRow(k) }, itemStyle: { color: colourOfRow(k) } })),
        }),
      ),
      make(
        "div.two",
        {},
        panel(say("平均的一天", "The mean day"), say("全部储能各钟点的平均功率", "Mean power of all storage by hour of the day"), dailyPattern(report, clock)),
        panel(
          say("合计", "Totals"),
          "",
          makeTable(sumUp(report), [
            { title: say("储能", "Storage"), cell: (r) => r.name, key: (r) => r.name },
            { title: say("容量", "Rating"), unit: "MWh", numeric: true, cell: (r) => fixed(r.rating, 0), key: (r) => r.rating },
            { title: say("充电", "Charged"), numeric: true, cell: (r) => energy(r.charge), key: (r) => r.charge },
            { title: say("放电", "Discharged"), numeric: true, cell: (r) => energy(r.discharge), key: (r) => r.discharge },
            { title: say("等效循环", "Cycles"), numeric: true, cell: (r) => fixed(r.cycles, 0), key: (r) => r.cycles },
          ], { sortBy: 3 }),
        ),
      ),
    ];
  },
};
