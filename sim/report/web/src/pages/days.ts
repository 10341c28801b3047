// Days worth looking at, a page each: who feeds the city, what the ties carry, voltages, the heaviest elements.

import { gridBox, legend, makeChart, stackAxis, valueAxis } from "../chart";
import { dateText, timeText, type Clock } from "../clock";
import { choice, make, panel } from "../dom";
import { fixed } from "../format";
import { nameOf, say } from "../language";
import type { Page } from "../main";
import { elementName } from "../names";
import { colourOfLevel, colourOfTie } from "../palette";
import type { Report, TypicalDay } from "../report";
import { makeStack, stackSeries, stepPoints } from "../stack";
import { makeTable } from "../table";
import { levelsOf, spreadOf } from "./voltage";

function hours(clock: Clock, day: TypicalDay): object {
  const labels = Array.from({ length: day.n_step }, (_, t) => timeText(clock.at(day.first_step + t)).slice(11));
  return { type: "category", data: labels, boundaryGap: false, axisLabel: { hideOverlap: true } };
}

function stackChart(report: Report, clock: Clock, day: TypicalDay): HTMLElement {
  const last = day.first_step + day.n_step;
  const series = stackSeries(makeStack(report), (v) => stepPoints(clock, v, day.first_step, last)).map((s) => {
    const one = s as { data: [number, number][] };
    return { ...one, data: one.data.slice(0, day.n_step).map((p) => p[1]) };
  });
  return makeChart(say("电力平衡", "Dispatch"), 420, {
    legend: legend(),
    grid: gridBox(6),
    tooltip: { trigger: "axis", confine: true, order: "seriesDesc", valueFormatter: (v: number) => `${fixed(v, 0)} MW` },
    xAxis: hours(clock, day),
    yAxis: stackAxis(say("功率 / MW", "Power / MW")),
    series,
  });
}

function tieChart(report: Report, clock: Clock, day: TypicalDay): HTMLElement {
  const last = day.first_step + day.n_step;
  const schedule = report.column("tie_schedule_mw").rows;
  const flows = report.column("tie_p_mw").rows;
  const series = report.entries("tie").flatMap((entry, k) => {
    const name = nameOf(entry.name, entry.id);
    const colour = colourOfTie(k);
    const one = (label: string, row: Float32Array | undefined, type: string): object[] =>
      row ? [{ name: label, type: "line", symbol: "none", data: Array.from(row.subarray(day.first_step, last)), lineStyle: { color: colour, type, width: type === "solid" ? 2 : 1.2 }, itemStyle: { color: colour } }] : [];
    return [...one(name, flows[k], "solid"), ...one(say(`${name}（计划）`, `${name} (schedule)`), schedule[k], "dashed")];
  });
  return makeChart(say("联络线", "Ties"), 320, {
    legend: legend("line"),
    grid: gridBox(6),
    tooltip: { trigger: "axis", confine: true, valueFormatter: (v: number) => `${fixed(v, 1)} MW` },
    xAxis: hours(clock, day),
    yAxis: valueAxis(say("受入为正 / MW", "Import positive / MW")),
    series,
  });
}

function voltageChart(report: Report, clock: Clock, day: TypicalDay): HTMLElement {
  const series = levelsOf(report).slice(0, 3).flatMap((kv) => {
    const band = spreadOf(report, kv, day.first_step, day.n_step);
    const one = (name: string, values: Float32Array, width: number, type: string): object => ({ name, type: "line", symbol: "none", data: Array.from(values), lineStyle: { color: colourOfLevel(kv), width, type }, itemStyle: { color: colourOfLevel(kv) } });
    return [
      one(say(`${kv} kV 最高`, `${kv} kV highest`), band.max, 1, "dotted"),
      one(say(`${kv} kV 中位`, `${kv} kV median`), band.p50, 2, "solid"),
      one(say(`${kv} kV 最低`, `${kv} kV lowest`), band.min, 1, "dotted"),
    ];
  });
  return makeChart(say("电压", "Voltages"), 320, {
    legend: legend("line"),
    grid: gridBox(6),
    tooltip: { trigger: "axis", confine: true, valueFormatter: (v: number) => `${fixed(v, 4)} pu` },
    xAxis: hours(clock, day),
    yAxis: valueAxis(say("电压 / pu", "Voltage / pu"), { scale: true, axisLabel: { showMinLabel: false, showMaxLabel: false, formatter: (v: number) => fixed(v, 3) } }),
    series,
  });
}

interface Heavy {
  name: string;
  kind: string;
  kv: number;
  percent: number;
  at: string;
}

function heaviestOf(report: Report, clock: Clock, day: TypicalDay): Heavy[] {
  const rows: Heavy[] = [];
  for (const axis of ["line", "transformer"] as const) {
    report.column(`${axis}_loading_percent`).rows.forEach((row, k) => {
      const entry = report.entries(axis)[k];
      let percent = -1;
      let at = 0;
      for (let t = day.first_step; t < day.first_step + day.n_step; ++t) {
        if (Math.abs(row[t]) > percent) {
          percent = Math.abs(row[t]);
          at = t;
        }
      }
      if (percent >= 0) rows.push({ name: elementName(report, entry), kind: axis === "line" ? say("线路", "Line") : say("主变", "Transformer"), kv: entry.kv ?? 0, percent, at: timeText(clock.at(at)).slice(11) });
    });
  }
  return rows.sort((a, b) => b.percent - a.percent).slice(0, 12);
}

function facts(report: Report, clock: Clock, day: TypicalDay): HTMLElement {
  const last = day.first_step + day.n_step;
  const cut = (name: string): Float32Array => (report.column(name).rows[0] ?? new Float32Array(0)).subarray(day.first_step, last);
  const demand = cut("demand_mw");
  const green = cut("green_share");
  const losses = cut("losses_mw");
  const mean = (values: Float32Array): number => values.reduce((s, v) => s + v, 0) / Math.max(1, values.length);
  const peak = demand.reduce((best, v, t) => (v > demand[best] ? t : best), 0);
  const valley = demand.reduce((best, v, t) => (v < demand[best] ? t : best), 0);
  const hour = (t: number): string => timeText(clock.at(day.first_step + t)).slice(11);
  const card = (name: string, value: string): HTMLElement => make("div.card", {}, make("div.card-label", {}, name), make("div.card-value", {}, value));
  return make(
    "div.cards",
    {},
    card(say("日期", "Date"), dateText(clock.at(day.first_step))),
    card(say(`最大负荷（${hour(peak)}）`, `Peak (${hour(peak)})`), `${fixed(demand[peak], 0)} MW`),
    card(say(`最小负荷（${hour(valley)}）`, `Lowest (${hour(valley)})`), `${fixed(demand[valley], 0)} MW`),
    card(say("平均绿电占比", "Mean green share"), `${fixed(mean(green) * 100, 1)} %`),
    card(say("平均网损", "Mean losses"), `${fixed(mean(losses), 1)} MW`),
  );
}

function dayPanels(report: Report, clock: Clock, day: TypicalDay): Node[] {
  return [
    facts(report, clock, day),
    panel(say("谁在供电", "Who feeds the city"), "", stackChart(report, clock, day)),
    make(
      "div.two",
      {},
      panel(say("联络线潮流", "Tie flows"), say("实线为交流潮流，虚线为计划", "Solid: AC flow, dashed: schedule"), tieChart(report, clock, day)),
      panel(say("电压", "Voltages"), "", voltageChart(report, clock, day)),
    ),
    panel(
      say("最重的元件", "Heaviest elements"),
      "",
      makeTable(heaviestOf(report, clock, day), [
        { title: say("元件", "Element"), cell: (r) => r.name },
        { title: say("类型", "Kind"), cell: (r) => r.kind },
        { title: "kV", numeric: true, cell: (r) => fixed(r.kv, 0) },
        { title: say("最大负载率", "Highest loading"), unit: "%", numeric: true, cell: (r) => fixed(r.percent, 1) },
        { title: say("时刻", "At"), cell: (r) => r.at },
      ]),
    ),
  ];
}

export const daysPage: Page = {
  id: "days",
  title: () => say("典型日", "Typical days"),
  render: (report, clock) => {
    const days = report.header.summary.typical_days.filter((d) => d.n_step > 0 && d.first_step + d.n_step <= report.nStep);
    if (!days.length) return [make("div.nothing", {}, say("本次运行没有选出典型日", "This run names no typical days"))];
    const box = make("div.stack");
    const draw = (id: string): void => {
      box.dataset.day = id;
      box.replaceChildren(...dayPanels(report, clock, days.find((d) => d.id === id)!));
    };
    queueMicrotask(() => draw(days[0].id));
    return [make("div.tools", {}, choice(days.map((d) => ({ value: d.id, label: nameOf(d.name, d.id) })), days[0].id, draw, say("典型日", "Day"))), box];
  },
};
