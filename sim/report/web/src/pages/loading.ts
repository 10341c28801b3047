// How hard lines, transformers and sections work.

import { gridBox, isNarrow, limitLine, makeChart, timeAxis, valueAxis, xValueAxis, zoomBars } from "../chart";
import { timeText, type Clock } from "../clock";
import { choice, make, panel } from "../dom";
import { fixed } from "../format";
import { nameOf, say } from "../language";
import type { Page } from "../main";
import { elementName } from "../names";
import { accent, alarm, colourOfLoading, muted } from "../palette";
import type { Entry, LoadingRank, Report } from "../report";
import { dayPoints } from "../stack";
import { makeTable } from "../table";
import { durationPoints } from "./duration";

type Axis = "line" | "transformer";

interface Row {
  axis: Axis;
  index: number;
  entry: Entry;
  rank: LoadingRank;
  name: string;
}

function listRows(report: Report, axis: Axis, level: string): Row[] {
  const ranks = axis === "line" ? report.header.line_ranking : report.header.transformer_ranking;
  return report
    .entries(axis)
    .map((entry, index) => ({ axis, index, entry, rank: ranks[index], name: elementName(report, entry) }))
    .filter((row) => row.rank && row.rank.max !== null && (level === "all" || String(row.entry.kv) === level))
    .sort((a, b) => b.rank.max! - a.rank.max!);
}

function valuesOf(report: Report, row: Row): Float32Array {
  return (report.column(`${row.axis}_loading_percent`).rows[row.index] ?? new Float32Array(0)).map(Math.abs);
}

function drawSelected(report: Report, clock: Clock, row: Row): Node[] {
  const values = valuesOf(report, row);
  const limits = { silent: true, symbol: "none", data: [limitLine(100, "100 %", alarm)] };
  const highest = Math.max(100, row.rank.max ?? 0);
  const yAxis = valueAxis(say("负载率 / %", "Loading / %"), { min: 0, max: Math.ceil(highest / 20) * 20 });
  const series = { type: "line", symbol: "none", lineStyle: { color: accent, width: 1.6 }, itemStyle: { color: accent }, areaStyle: { color: accent, opacity: 0.08 }, markLine: limits };
  const tooltip = { trigger: "axis", confine: true, valueFormatter: (v: number) => `${fixed(v, 1)} %` };
  return [
    makeChart(say("负载率持续曲线", "Loading duration"), 300, {
      grid: gridBox(28),
      tooltip,
      xAxis: xValueAxis(say("小时 / h", "Hours / h"), { min: 0, max: report.nStep * report.stepHours }),
      yAxis,
      series: [{ ...series, name: row.name, data: durationPoints(values, report.stepHours) }],
    }),
    makeChart(say("负载率随时间", "Loading over time"), 300, {
      grid: gridBox(56),
      tooltip,
      xAxis: timeAxis(clock.start, clock.end),
      yAxis,
      dataZoom: zoomBars(),
      series: [{ ...series, name: row.name, sampling: "max", data: Array.from(values, (v, t) => [clock.at(t), v]) }],
    }),
  ];
}

function bars(rows: Row[]): HTMLElement {
  const top = rows.slice(0, 20).reverse();
  const short = (name: string): string => (name.length > (isNarrow() ? 14 : 26) ? `${name.slice(0, isNarrow() ? 13 : 25)}…` : name);
  return makeChart(say("最重的元件", "Heaviest elements"), Math.max(160, 40 + top.length * 22), {
    grid: { left: 8, right: 40, top: 12, bottom: 30, containLabel: true },
    tooltip: { trigger: "axis", confine: true, axisPointer: { type: "shadow" }, valueFormatter: (v: number) => `${fixed(v, 1)} %` },
    xAxis: { type: "value", axisLabel: { color: muted, formatter: "{value} %" } },
    yAxis: { type: "category", data: top.map((r) => short(r.name)), axisTick: { show: false } },
    series: [
      { name: say("最大", "Maximum"), type: "bar", barGap: "-100%", barWidth: 13, data: top.map((r) => ({ value: r.rank.max, itemStyle: { color: colourOfLoading(r.rank.max!), opacity: 0.45 } })) },
      { name: say("99 分位", "99th percentile"), type: "bar", barWidth: 13, data: top.map((r) => ({ value: r.rank.p99, itemStyle: { color: colourOfLoading(r.rank.max!) } })), z: 3 },
    ],
  });
}

function rankingTable(rows: Row[], clock: Clock, onPick: (row: Row) => void): HTMLElement {
  return makeTable(
    rows,
    [
      { title: say("元件", "Element"), cell: (r) => r.name, key: (r) => r.name },
      { title: "kV", numeric: true, cell: (r) => fixed(r.entry.kv, 0), key: (r) => r.entry.kv },
      { title: say("容量", "Rating"), unit: "MVA", numeric: true, cell: (r) => ((r.entry.parallel ?? 1) > 1 && r.entry.rating ? `${r.entry.parallel} × ${fixed(r.entry.rating / r.entry.parallel!, 0)}` : fixed(r.entry.rating, 0)), key: (r) => r.entry.rating },
      { title: say("最大", "Max"), unit: "%", numeric: true, cell: (r) => fixed(r.rank.max, 1), key: (r) => r.rank.max },
      { title: say("99 分位", "99th"), unit: "%", numeric: true, cell: (r) => fixed(r.rank.p99, 1), key: (r) => r.rank.p99 },
      { title: say("平均", "Mean"), unit: "%", numeric: true, cell: (r) => fixed(r.rank.mean, 1), key: (r) => r.rank.mean },
      { title: ">80 %", unit: "h", numeric: true, cell: (r) => fixed(r.rank.h80, 0), key: (r) => r.rank.h80 },
      { title: ">100 %", unit: "h", numeric: true, cell: (r) => fixed(r.rank.h100, 0), key: (r) => r.rank.h100 },
      { title: say("最重时刻", "Heaviest at"), cell: (r) => timeText(clock.at(r.rank.at)), key: (r) => r.rank.at },
    ],
    { onPick, picked: rows[0], sortBy: 3, rowClass: (r) => (r.rank.h100 > 0 ? "bad" : r.rank.h80 > 0 ? "watch" : "") },
  );
}

function loadingPanel(report: Report, clock: Clock): HTMLElement[] {
  const lists = make("div");
  const detail = make("div.two.plain");
  const title = make("h3");
  let axis: Axis = "line";
  let level = "all";
  const levels = make("span");
  const pick = (row: Row | undefined): void => {
    title.textContent = row ? row.name : "";
    detail.replaceChildren(...(row ? drawSelected(report, clock, row) : []));
  };
  const draw = (): void => {
    const rows = listRows(report, axis, level);
    lists.replaceChildren(bars(rows), rankingTable(rows, clock, pick));
    pick(rows[0]);
  };
  const drawLevels = (): void => {
    const known = [...new Set(report.entries(axis).map((e) => e.kv ?? 0))].sort((a, b) => b - a).slice(0, 6);
    level = "all";
    levels.replaceChildren(
      choice([{ value: "all", label: say("全部", "All") }, ...known.map((kv) => ({ value: String(kv), label: `${fixed(kv, 0)} kV` }))], "all", (value) => {
        level = value;
        draw();
      }, say("电压等级", "Voltage level")),
    );
  };
  const axes = choice<Axis>(
    [
      { value: "line", label: say("线路", "Lines") },
      { value: "transformer", label: say("主变", "Transformers") },
    ],
    axis,
    (value) => {
      axis = value;
      drawLevels();
      draw();
    },
  );
  drawLevels();
  queueMicrotask(draw); // once the page holds these panels
  return [
    panel(say("负载率排序", "Ranking"), say("占正常限额（最重的一回或一台）；浅色为最大值，深色为 99 分位；点选一行看它的曲线", "Of the normal rating, worst circuit or unit; pale: maximum, full: 99th percentile. Pick a row to see its curves"), make("div.tools", {}, axes, levels), lists),
    make("section.panel", { id: "selected-element" }, title, detail),
  ];
}

function sectionPanel(report: Report, clock: Clock): HTMLElement | null {
  const entries = report.entries("section");
  const flows = report.column("section_p_mw").rows;
  if (!entries.length || !flows.length) return null;
  return panel(
    say("断面潮流", "Sections"),
    say("日平均值与限额", "Daily means and limits"),
    ...entries.map((entry, k) => {
      const limit = entry.rating ?? 0;
      return makeChart(nameOf(entry.name, entry.id), 280, {
        grid: gridBox(56),
        tooltip: { trigger: "axis", confine: true, valueFormatter: (v: number) => `${fixed(v, 0)} MW` },
        xAxis: timeAxis(clock.start, clock.end),
        yAxis: valueAxis(`${nameOf(entry.name, entry.id)} / MW`, { max: (v: { max: number }) => Math.max(v.max, limit) }),
        dataZoom: zoomBars(),
        series: [{ name: nameOf(entry.name, entry.id), type: "line", symbol: "none", data: dayPoints(clock, flows[k]), lineStyle: { color: accent }, itemStyle: { color: accent }, markLine: limit ? { silent: true, symbol: "none", data: [limitLine(limit, `${fixed(limit, 0)} MW`, alarm)] } : undefined }],
      });
    }),
  );
}

export const loadingPage: Page = {
  id: "loading",
  title: () => say("线路与主变", "Loading"),
  render: (report, clock) => {
    const section = sectionPanel(report, clock);
    return [...loadingPanel(report, clock), ...(section ? [section] : [])];
  },
};
