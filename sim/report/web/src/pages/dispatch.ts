// The year's dispatch, from daily means down to single steps as the reader zooms in.

import { gridBox, legend, makeChart, stackAxis, timeAxis, valueAxis, zoomBars, type Chart } from "../chart";
import { dateText, dayMs, timeText, type Clock } from "../clock";
import { choice, make, panel } from "../dom";
import { energy, fixed } from "../format";
import { dayHourMap } from "../heat";
import { nameOf, say } from "../language";
import type { Page } from "../main";
import { nameOfId } from "../names";
import { colourOfKind, colourOfRow, heatRamp, nameOfKind } from "../palette";
import type { Report } from "../report";
import { dayPoints, makeStack, stackSeries, stepPoints, type Stack } from "../stack";
import { makeTable } from "../table";

/** Below this window every step is drawn, above it daily means. */
const finestWindow = 45 * dayMs;

/** Categories of load with a colour of their own. */
const categoriesShown = 10;

interface Window {
  from: number;
  to: number;
}

function windowOf(chart: Chart, clock: Clock): Window {
  const zoom = (chart.getOption() as { dataZoom: { start: number; end: number }[] }).dataZoom[0];
  const span = clock.end - clock.start;
  return { from: clock.start + (zoom.start / 100) * span, to: clock.start + (zoom.end / 100) * span };
}

/** Draws steps or daily means, whichever suits the window. */
function fit(chart: Chart, stack: Stack, clock: Clock, note: HTMLElement): void {
  const { from, to } = windowOf(chart, clock);
  const fine = to - from <= finestWindow;
  const first = clock.stepAt(from - dayMs);
  const last = clock.stepAt(to + dayMs) + 1;
  chart.setOption({ series: stackSeries(stack, (v) => (fine ? stepPoints(clock, v, first, last) : dayPoints(clock, v))) });
  note.dataset.level = fine ? "step" : "day";
  note.textContent =
    (fine ? say("逐时段", "Every step") : say("日平均值", "Daily means")) + ` · ${timeText(from)} – ${timeText(to)}`;
}

function zoomTo(chart: Chart, clock: Clock, from: number, length: number): void {
  const span = clock.end - clock.start;
  const start = Math.min(Math.max(from, clock.start), Math.max(clock.start, clock.end - length));
  chart.dispatchAction({ type: "dataZoom", start: ((start - clock.start) / span) * 100, end: (Math.min(start + length, clock.end) - clock.start) / span * 100 });
}

function stackPanel(report: Report, clock: Clock): HTMLElement {
  const stack = makeStack(report);
  const note = make("span.window", { id: "dispatch-window" });
  let chart: Chart | undefined;
  const lengths: Record<string, number> = { year: clock.end - clock.start, month: 30 * dayMs, week: 7 * dayMs, day: dayMs };
  const look = (length: number): void => {
    if (!chart) return;
    const { from, to } = windowOf(chart, clock);
    const whole = to - from > lengths.year * 0.99;
    const centre = whole ? Date.parse(date.value || dateText(clock.start)) + length / 2 : (from + to) / 2;
    zoomTo(chart, clock, Math.floor((centre - length / 2) / dayMs) * dayMs, length);
  };
  const date = make("input", { type: "date", value: dateText(clock.start), min: dateText(clock.start), max: dateText(clock.end - 1), "aria-label": say("日期", "Date") });
  date.addEventListener("change", () => {
    if (!chart || !date.value) return;
    const { from, to } = windowOf(chart, clock);
    zoomTo(chart, clock, Date.parse(date.value), Math.min(to - from, 7 * dayMs));
  });
  const buttons = choice(
    [
      { value: "year", label: say("全程", "All") },
      { value: "month", label: say("月", "Month") },
      { value: "week", label: say("周", "Week") },
      { value: "day", label: say("日", "Day") },
    ],
    "year",
    (value) => look(lengths[value]),
    say("窗口", "Window"),
  );
  const element = makeChart(
    say("电力平衡", "Dispatch stack"),
    480,
    {
      legend: legend(),
      grid: gridBox(56),
      tooltip: { trigger: "axis", confine: true, order: "seriesDesc", valueFormatter: (v: number) => `${fixed(v, 0)} MW` },
      xAxis: timeAxis(clock.start, clock.end),
      yAxis: stackAxis(say("功率 / MW", "Power / MW")),
      dataZoom: zoomBars(),
      series: stackSeries(stack, (v) => dayPoints(clock, v)),
    },
    (made) => {
      chart = made;
      fit(made, stack, clock, note);
      made.on("datazoom", () => fit(made, stack, clock, note));
    },
  );
  return panel(
    say("谁在供电", "Who feeds the city"),
    say("零线以上为供给，以下为送出与充电；拖动下方滑块或用按钮放大，45 天以内显示逐时段数据。联络线为调度计划。", "Above zero what comes in, below zero exports and charging. Drag the slider or use the buttons; windows up to 45 days show every step. Ties as scheduled."),
    make("div.tools", {}, buttons, date, note),
    element,
  );
}

function sourceTable(report: Report): HTMLElement {
  const rows = report.entries("source").map((entry, k) => ({ entry, year: report.header.sources[k] })).filter((r) => r.year);
  return makeTable(
    rows,
    [
      { title: say("电源", "Source"), cell: (r) => nameOf(r.entry.name, r.entry.id), key: (r) => nameOf(r.entry.name, r.entry.id) },
      { title: say("类型", "Kind"), cell: (r) => nameOfKind(r.entry.kind ?? ""), key: (r) => r.entry.kind },
      { title: say("容量", "Rating"), unit: "MW", numeric: true, cell: (r) => fixed(r.entry.rating, 1), key: (r) => r.entry.rating },
      { title: say("电量", "Energy"), numeric: true, cell: (r) => energy(r.year.mwh), key: (r) => r.year.mwh },
      { title: say("最大出力", "Peak"), unit: "MW", numeric: true, cell: (r) => fixed(r.year.max_mw, 1), key: (r) => r.year.max_mw },
      { title: say("利用小时", "Full-load hours"), unit: "h", numeric: true, cell: (r) => (r.entry.rating && r.year.mwh !== null ? fixed(r.year.mwh / r.entry.rating, 0) : "–"), key: (r) => (r.entry.rating && r.year.mwh !== null ? r.year.mwh / r.entry.rating : null) },
    ],
    { sortBy: 3, pageSize: 12 },
  );
}

/** The smallest categories in one. */
function others(rest: { row: Float32Array; sum: number }[]): { name: string; row: Float32Array; sum: number } {
  const row = rest[0].row.map((_, t) => rest.reduce((s, load) => s + (load.row[t] === load.row[t] ? load.row[t] : 0), 0));
  return { name: say("其余类别", "Other categories"), row, sum: rest.reduce((s, load) => s + load.sum, 0) };
}

function loadPanel(report: Report, clock: Clock): HTMLElement {
  const loads = report.column("load_p_mw");
  const all = loads.labels.map((kind, k) => ({ name: nameOfKind(kind), row: loads.rows[k], sum: loads.rows[k].reduce((s, v) => s + (v === v ? v : 0), 0) })).sort((a, b) => b.sum - a.sum);
  const order = all.length > categoriesShown ? [...all.slice(0, categoriesShown - 1), others(all.slice(categoriesShown - 1))] : all;
  return panel(
    say("负荷构成", "Where the power goes"),
    say("日平均值", "Daily means"),
    makeChart(say("负荷构成", "Loads by category"), 340, {
      legend: legend(),
      grid: gridBox(56),
      tooltip: { trigger: "axis", confine: true, order: "seriesDesc", valueFormatter: (v: number) => `${fixed(v, 0)} MW` },
      xAxis: timeAxis(clock.start, clock.end),
      yAxis: valueAxis(say("功率 / MW", "Power / MW")),
      dataZoom: zoomBars(),
      series: order.map((load, k) => ({
        name: load.name,
        type: "line",
        stack: "load",
        symbol: "none",
        lineStyle: { width: 0 },
        itemStyle: { color: colourOfRow(k) },
        areaStyle: { color: colourOfRow(k), opacity: 1 },
        data: dayPoints(clock, load.row),
      })),
    }),
  );
}

function kindBars(report: Report): HTMLElement {
  const kinds = Object.entries(report.indicatorMap("energy_mwh_by_kind")).filter(([, v]) => (v ?? 0) !== 0).sort((a, b) => (b[1] ?? 0) - (a[1] ?? 0));
  const most = Math.max(1, ...kinds.map(([, v]) => Math.abs(v ?? 0)));
  const rows = kinds.map(([kind, mwh]) =>
    make("div.bar-row", {}, make("span.bar-name", {}, nameOfKind(kind)), make("span.bar", {}, make("i", { style: `width:${(Math.abs(mwh ?? 0) / most) * 100}%;background:${colourOfKind(kind)}` })), make("span.bar-value", {}, energy(mwh))),
  );
  return panel(say("各类电量", "Energy by kind"), "", make("div.bars", {}, ...rows));
}

/** Units of a thermal plant that run, by day and hour; one plant at a time. */
function unitPanel(report: Report, clock: Clock): HTMLElement | null {
  const units = report.column("thermal_units_on");
  if (!units.rows.length) return null;
  const map = (k: number): HTMLElement => {
    const cells: [number, number, number][] = [];
    let most = 1;
    units.rows[k].forEach((v, t) => {
      if (v !== v) return;
      most = Math.max(most, v);
      cells.push([clock.dayOf(t), clock.hourOf(t), v]);
    });
    return dayHourMap(say("运行台数", "Units that run"), clock, cells, (v) => fixed(v, 0), { type: "continuous", min: 0, max: most, itemWidth: 12, text: [`${most}`, "0"], inRange: { color: heatRamp } });
  };
  const place = make("div.units", {}, map(0));
  const plants = choice(
    units.labels.map((id, k) => ({ value: `${k}`, label: nameOfId(report, id) })),
    "0",
    (value) => place.replaceChildren(map(Number(value))),
    say("电厂", "Plant"),
  );
  return panel(say("机组开停", "Units that run"), say("各火电厂逐时运行台数", "How many units of a thermal plant run, hour by hour"), make("div.tools", {}, plants), place);
}

export const dispatchPage: Page = {
  id: "dispatch",
  title: () => say("电力平衡", "Dispatch"),
  render: (report, clock) => [
    stackPanel(report, clock),
    make("div.two.wide-right", {}, kindBars(report), panel(say("电源", "Sources"), "", sourceTable(report))),
    ...[unitPanel(report, clock)].filter((p): p is HTMLElement => p !== null),
    loadPanel(report, clock),
  ],
};
