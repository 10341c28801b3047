// Trade-offs, parallel coordinates, what matters, heat maps, bands over weather years.

import { makeChart, valueAxis, xValueAxis, type Option } from "../chart";
import { make, panel } from "../dom";
import { brief } from "../format";
import { say } from "../language";
import { accent, alarm, colourOfRow, heatRamp, muted } from "../palette";
import { describeMember, pointsOf, type Indicator, type Sweep } from "./data";
import { sameEverywhere, shownOf, varyingOf } from "./shown";

const finite = (value: number | null): value is number => value !== null && Number.isFinite(value);

/** A drop-down; drawing is left to whoever listens. `keys` are names as in sweep.csv. */
function picker(id: string, label: string, names: string[], chosen: number, onPick: (row: number) => void, keys = names): HTMLElement {
  const select = make("select", { id });
  names.forEach((name, row) => select.append(make("option", { value: row, selected: row === chosen, "data-key": keys[row] }, name)));
  select.addEventListener("change", () => onPick(Number(select.value)));
  return make("label.picker", {}, `${label} `, select);
}

/** A drop-down of the indicators. */
function indicatorPicker(sweep: Sweep, id: string, label: string, chosen: number, onPick: (row: number) => void): HTMLElement {
  const titles = sweep.indicators.map((indicator) => shownOf(indicator).title);
  return picker(id, label, titles, chosen, onPick, sweep.indicators.map((indicator) => indicator.name));
}

/** The indicator members are ranked by, else the first. */
function firstPick(sweep: Sweep): number {
  return Math.max(sweep.indicators.findIndex((indicator) => indicator.name === sweep.ranking?.by), 0);
}

/** A panel whose charts are drawn again when a choice changes. */
function withChoices(title: string, note: string, pick: (redraw: () => void) => HTMLElement[], draw: () => Node[]): HTMLElement {
  const body = make("div");
  const redraw = (): void => body.replaceChildren(...draw());
  const choices = pick(redraw);
  redraw();
  return panel(title, note, make("div.tools", {}, ...choices), body);
}

/** Members no other finished member beats in both: smaller is better unless the sign says otherwise. */
export function findFront(x: (number | null)[], y: (number | null)[], signX: number, signY: number): number[] {
  const order = x.map((_, m) => m).filter((m) => finite(x[m]) && finite(y[m]));
  order.sort((a, b) => signX * (x[a]! - x[b]!) || signY * (y[a]! - y[b]!));
  const front: number[] = [];
  let best = Infinity;
  for (const m of order) {
    if (signY * y[m]! < best) {
      best = signY * y[m]!;
      front.push(m);
    }
  }
  return front;
}

/** More of these is better. */
const isGood = (name: string): boolean => /share|utilisation|self_sufficiency|secure/.test(name);

export function paretoPage(sweep: Sweep): Node[] {
  const by = firstPick(sweep);
  let x = by === 0 && sweep.indicators.length > 1 ? 1 : 0;
  let y = by;
  const draw = (): Node[] => {
    const [a, b] = [sweep.indicators[x], sweep.indicators[y]];
    const front = findFront(a.values, b.values, isGood(a.name) ? -1 : 1, isGood(b.name) ? -1 : 1);
    const onFront = new Set(front);
    const [across, up] = [shownOf(a), shownOf(b)];
    const point = (m: number): object => ({ value: [across.scaled(a.values[m]), up.scaled(b.values[m])], member: m });
    const rest = sweep.status.map((_, m) => m).filter((m) => finite(a.values[m]) && finite(b.values[m]) && !onFront.has(m));
    const option: Option = {
      tooltip: { confine: true, formatter: (p: { data: { member: number; value: number[] } }) => `${say("算例", "Member")} ${p.data.member + 1}<br>${describeMember(sweep, p.data.member)}<br>${across.title} <b>${across.text(a.values[p.data.member])}</b><br>${up.title} <b>${up.text(b.values[p.data.member])}</b>` },
      xAxis: xValueAxis(across.title, { scale: true }),
      yAxis: valueAxis(up.title, { scale: true }),
      series: [
        { type: "scatter", data: rest.map(point), symbolSize: 8, itemStyle: { color: muted, opacity: 0.6 } },
        { type: "line", data: front.map(point), step: false, symbol: "circle", symbolSize: 10, lineStyle: { color: accent }, itemStyle: { color: accent }, label: { show: front.length <= 20, position: "top", color: accent, formatter: (p: { data: { member: number } }) => String(p.data.member + 1) } },
        { type: "scatter", data: sweep.ranked.slice(0, 1).map(point), symbolSize: 18, symbol: "circle", itemStyle: { color: "transparent", borderColor: alarm, borderWidth: 2 }, silent: true },
      ],
    };
    const chart = makeChart(`${across.name} / ${up.name}`, 440, option);
    chart.id = "pareto";
    chart.dataset.front = front.map((m) => m + 1).join(",");
    return [chart];
  };
  return [
    withChoices(
      say("帕累托前沿", "Pareto front"),
      say("蓝点（旁注算例号）：没有别的算例在两项上都更好；红圈：名次第一。份额、利用率、安全时长越大越好，其余越小越好。", "Blue, with their numbers: no other member is better in both. Red ring: ranked first. Shares, utilisation and secure hours count as better when larger, everything else when smaller."),
      (redraw) => [indicatorPicker(sweep, "pick-x", say("横轴", "Across"), x, (row) => ((x = row), redraw())), indicatorPicker(sweep, "pick-y", say("纵轴", "Up"), y, (row) => ((y = row), redraw()))],
      draw,
    ),
  ];
}

/** An axis from the smallest to the largest value: every series of a parallel chart would otherwise scale it for itself. */
function parallelAxis(name: string, dim: number, values: (number | string)[], text: (v: number) => string): object {
  if (values.some((v) => typeof v === "string")) return { dim, name, type: "category", data: [...new Set(values)] };
  const numbers = values as number[];
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
  return { dim, name, type: "value", min, max: max > min ? max : min + 1, interval: max > min ? max - min : 1, axisLabel: { formatter: text } };
}

/** A long title in lines of two words, so that neighbours do not run into each other. */
function breakTitle(title: string): string {
  return title.replace(/, (?=[^,]*$)/, "\n").replace(/(\S+ \S+) /g, "$1\n");
}

export function parallelPage(sweep: Sweep): Node[] {
  const shown = sweep.indicators.map(shownOf);
  const finished = sweep.status.map((_, m) => m).filter((m) => sweep.indicators.every((indicator) => finite(indicator.values[m])));
  const varying = varyingOf(sweep);
  const row = (m: number): (number | string)[] => [...sweep.axes.map((axis) => (axis.numbers ? axis.numbers[m] : axis.labels[m])), ...varying.map((k) => sweep.indicators[k].values[m]!)];
  const best = new Set(sweep.ranked.slice(0, Math.max(1, Math.min(5, Math.floor(finished.length / 3)))));
  const rows = finished.map(row);
  const column = (dim: number): (number | string)[] => rows.map((values) => values[dim]);
  const dims = [...sweep.axes.map((axis, dim) => parallelAxis(axis.name, dim, column(dim), String)), ...varying.map((k, n) => parallelAxis(breakTitle(shown[k].title), sweep.axes.length + n, column(sweep.axes.length + n), shown[k].text))];
  const lines = (members: number[], colour: string, width: number, opacity: number): object => ({ type: "parallel", smooth: false, lineStyle: { color: colour, width, opacity }, data: members.map(row) });
  const chart = makeChart(say("平行坐标", "Parallel coordinates"), 500, {
    parallelAxis: dims,
    parallel: { left: 60, right: 80, top: 100, bottom: 30, parallelAxisDefault: { nameTextStyle: { color: muted, fontSize: 11 }, nameGap: 14, axisLabel: { color: muted, fontSize: 10 } } },
    series: [lines(finished.filter((m) => !best.has(m)), muted, 1, 0.35), lines([...best].filter((m) => finished.includes(m)), alarm, 2, 0.9)],
  });
  chart.id = "parallel";
  chart.dataset.ends = JSON.stringify(Object.fromEntries(varying.map((k, n) => [sweep.indicators[k].name, dims[sweep.axes.length + n]])));
  return [panel(say("平行坐标", "Parallel coordinates"), `${say(`每条线是一个算例，红色为前 ${best.size} 名。`, `Each line is a member; the best ${best.size} are red.`)} ${sameEverywhere(sweep)}`, chart)];
}

function sensitivityChart(sweep: Sweep, indicator: Indicator): HTMLElement {
  const hasTotal = indicator.sensitivity.some((s) => s.total !== null);
  const bar = (name: string, key: "main" | "total", colour: string): object => ({ name, type: "bar", data: indicator.sensitivity.map((s) => s[key]), itemStyle: { color: colour }, barMaxWidth: 22 });
  const chart = makeChart(say("敏感度", "Sensitivity"), 90 + 44 * sweep.axes.length, {
    legend: { top: 4, left: 0 },
    tooltip: { trigger: "axis", confine: true, valueFormatter: (v: number | null) => brief(v) },
    xAxis: xValueAxis(say("方差份额", "Share of variance"), { min: 0, max: 1 }),
    yAxis: { type: "category", data: sweep.axes.map((axis) => axis.name), inverse: true },
    series: [bar(say("主效应 S", "Main effect S"), "main", accent), ...(hasTotal ? [bar(say("总效应 T", "Total effect T"), "total", "#e69f00")] : [])],
  });
  chart.id = "sensitivity";
  chart.dataset.main = indicator.sensitivity.map((s) => (s.main === null ? "" : s.main.toFixed(4))).join(",");
  return chart;
}

function effectsChart(sweep: Sweep, indicator: Indicator, axis: number): HTMLElement {
  const levels = indicator.levels[axis];
  const shown = shownOf(indicator);
  return makeChart(sweep.axes[axis].name, 260, {
    tooltip: { trigger: "axis", confine: true, formatter: (p: { dataIndex: number }[]) => `${levels[p[0].dataIndex].label}<br>${say("均值", "Mean")} <b>${shown.text(levels[p[0].dataIndex].mean)}</b><br>${shown.text(levels[p[0].dataIndex].min)} … ${shown.text(levels[p[0].dataIndex].max)}` },
    xAxis: { type: "category", name: sweep.axes[axis].name, nameLocation: "middle", nameGap: 26, data: levels.map((level) => level.label) },
    yAxis: valueAxis(shown.title, { scale: true }),
    series: bandSeries(levels.map((level) => ({ mean: shown.scaled(level.mean)!, min: shown.scaled(level.min)!, max: shown.scaled(level.max)! })), accent),
  });
}

/** Mean as a line, smallest to largest as a band around it. */
function bandSeries(levels: { mean: number; min: number; max: number }[], colour: string, name = ""): object[] {
  const hidden = { type: "line", stack: `band ${name}`, symbol: "none", lineStyle: { opacity: 0 }, silent: true };
  return [
    { ...hidden, stackStrategy: "all", data: levels.map((level) => level.min) },
    { ...hidden, stackStrategy: "all", data: levels.map((level) => level.max - level.min), areaStyle: { color: colour, opacity: 0.18 } },
    { type: "line", name, data: levels.map((level) => level.mean), symbol: "circle", symbolSize: 7, lineStyle: { color: colour }, itemStyle: { color: colour } },
  ];
}

export function effectsPage(sweep: Sweep): Node[] {
  let row = firstPick(sweep);
  return [
    withChoices(
      say("什么起作用", "What matters"),
      say("主效应：仅由该轴解释的方差份额；总效应：连同其交互作用。下图为各点的均值与范围。", "Main effect: the share of the variance an axis explains alone; total effect: with its interactions. Below: mean and range at each point."),
      (redraw) => [indicatorPicker(sweep, "pick-effect", say("指标", "Indicator"), row, (picked) => ((row = picked), redraw()))],
      () => [sensitivityChart(sweep, sweep.indicators[row]), ...sweep.axes.map((_, axis) => effectsChart(sweep, sweep.indicators[row], axis)).filter((_, axis) => sweep.indicators[row].levels[axis].length > 0)],
    ),
  ];
}

export function heatPage(sweep: Sweep): Node[] {
  const axes = sweep.axes.map((axis) => axis.name);
  let [x, y, row] = [0, Math.min(1, axes.length - 1), firstPick(sweep)];
  const draw = (): Node[] => {
    const shown = shownOf(sweep.indicators[row]);
    const points = [x, y].map((axis) => pointsOf(sweep.axes[axis]));
    if (axes.length < 2 || points.some((list) => list.length > 60)) {
      return [make("p.note", {}, say(`热图需要两条点数不多的轴（现有 ${points.map((list) => list.length).join("、")} 点）`, `A heat map needs two axes of few points (these have ${points.map((list) => list.length).join(" and ")})`))];
    }
    const sums = new Map<string, { sum: number; n: number }>();
    sweep.indicators[row].values.forEach((value, m) => {
      if (!finite(value)) return;
      const key = `${points[0].indexOf(sweep.axes[x].labels[m])},${points[1].indexOf(sweep.axes[y].labels[m])}`;
      const cell = sums.get(key) ?? { sum: 0, n: 0 };
      sums.set(key, { sum: cell.sum + value, n: cell.n + 1 });
    });
    const cells = [...sums].map(([key, cell]) => [...key.split(",").map(Number), cell.sum / cell.n]);
    const values = cells.map((cell) => cell[2]);
    const category = (axis: number, list: string[]): object => ({ type: "category", name: axes[axis], nameLocation: "middle", nameGap: 28, data: list, axisLabel: { color: muted } });
    const chart = makeChart(shown.title, 440, {
      grid: { left: 40, right: 20, top: 30, bottom: 90, containLabel: true },
      tooltip: { confine: true, formatter: (p: { value: number[] }) => `${axes[x]} ${points[0][p.value[0]]}, ${axes[y]} ${points[1][p.value[1]]}<br><b>${shown.text(p.value[2])}</b> ${shown.unit}` },
      xAxis: category(x, points[0]),
      yAxis: { ...category(y, points[1]), nameGap: 60 },
      visualMap: { min: Math.min(...values), max: Math.max(...values), orient: "horizontal", left: "center", bottom: 4, text: [shown.text(Math.max(...values)), shown.text(Math.min(...values))], inRange: { color: heatRamp }, formatter: (v: number) => shown.text(v) },
      series: [{ type: "heatmap", data: cells, label: { show: cells.length <= 60, formatter: (p: { value: number[] }) => shown.text(p.value[2]) } }],
    });
    chart.id = "heat";
    return [chart];
  };
  return [
    withChoices(
      say("热图", "Heat map"),
      say("两条轴上各点的均值。", "Means over the points of two axes."),
      (redraw) => [picker("pick-heat-x", say("横轴", "Across"), axes, x, (a) => ((x = a), redraw())), picker("pick-heat-y", say("纵轴", "Up"), axes, y, (a) => ((y = a), redraw())), indicatorPicker(sweep, "pick-heat", say("指标", "Indicator"), row, (a) => ((row = a), redraw()))],
      draw,
    ),
  ];
}

export function bandsPage(sweep: Sweep): Node[] {
  const weather = sweep.axes.findIndex((axis) => /seed|weather|year|气象/i.test(axis.name));
  const others = sweep.axes.map((_, axis) => axis).filter((axis) => axis !== weather);
  if (weather < 0 || others.length === 0) {
    return [panel(say("气象年的范围", "Bands over weather years"), "", make("p.note", {}, say("没有气象年的轴（weather.seed）或没有别的轴。", "No axis of weather years (weather.seed), or no other axis.")))];
  }
  let [along, row] = [others[0], firstPick(sweep)];
  const draw = (): Node[] => {
    const shown = shownOf(sweep.indicators[row]);
    const points = pointsOf(sweep.axes[along]);
    const rest = others.filter((axis) => axis !== along);
    const groups = new Map<string, (number[] | undefined)[]>();
    sweep.indicators[row].values.forEach((value, m) => {
      if (!finite(value)) return;
      const group = rest.map((axis) => `${sweep.axes[axis].name} = ${sweep.axes[axis].labels[m]}`).join(", ");
      const cells = groups.get(group) ?? Array.from({ length: points.length });
      const k = points.indexOf(sweep.axes[along].labels[m]);
      cells[k] = [...(cells[k] ?? []), shown.scaled(value)!];
      groups.set(group, cells);
    });
    const series = [...groups].slice(0, 8).flatMap(([group, cells], k) => {
      const levels = cells.map((list) => (list ? { mean: list.reduce((a, b) => a + b, 0) / list.length, min: Math.min(...list), max: Math.max(...list) } : { mean: NaN, min: NaN, max: NaN }));
      return bandSeries(levels, colourOfRow(k), group || shown.name);
    });
    const chart = makeChart(shown.title, 420, {
      legend: { type: "scroll", top: 4, data: [...groups.keys()].slice(0, 8).map((group) => group || shown.name) },
      tooltip: { trigger: "item", confine: true, valueFormatter: (v: number) => brief(v) },
      xAxis: { type: "category", name: sweep.axes[along].name, nameLocation: "middle", nameGap: 26, data: points },
      yAxis: valueAxis(shown.title, { scale: true }),
      series,
    });
    chart.id = "bands";
    return [chart];
  };
  return [
    withChoices(
      say("气象年的范围", "Bands over weather years"),
      say(`线为 ${sweep.axes[weather].name} 各年的均值，色带从最小到最大。`, `Lines are means over ${sweep.axes[weather].name}, bands reach from the smallest to the largest.`),
      (redraw) => [
        picker("pick-band-axis", say("横轴", "Across"), others.map((axis) => sweep.axes[axis].name), 0, (k) => ((along = others[k]), redraw())),
        indicatorPicker(sweep, "pick-band", say("指标", "Indicator"), row, (k) => ((row = k), redraw())),
      ],
      draw,
    ),
  ];
}
