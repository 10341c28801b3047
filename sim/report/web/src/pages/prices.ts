// Prices, what limits cost, what storages earn, what better forecasts would be worth, and what could not be done as asked.

import { gridBox, isNarrow, makeChart, valueAxis, xValueAxis } from "../chart";
import type { Clock } from "../clock";
import { make, panel } from "../dom";
import { energy, fixed } from "../format";
import { dayHourMap } from "../heat";
import { nameOfCause } from "../indicators";
import { language, nameOf, say } from "../language";
import type { Page } from "../main";
import { nameOfId } from "../names";
import { accent, heatRamp } from "../palette";
import type { Report } from "../report";
import { makeTable } from "../table";
import { durationPoints } from "./duration";

const unit = "CNY/MWh";

function prices(report: Report): Float32Array {
  return report.column("price_cny_per_mwh").rows[0] ?? new Float32Array(0);
}

function priceDuration(report: Report): HTMLElement {
  return makeChart(say("价格持续曲线", "Price duration"), 360, {
    grid: gridBox(28),
    tooltip: { trigger: "axis", confine: true, valueFormatter: (v: number) => `${fixed(v, 0)} ${unit}`, axisPointer: { label: { formatter: (p: { value: number }) => `${fixed(p.value, 0)} h` } } },
    xAxis: xValueAxis(say("小时 / h", "Hours / h"), { min: 0, max: report.nStep * report.stepHours }),
    yAxis: valueAxis(say("价格 / (元/MWh)", `Price / (${unit})`)),
    series: [{ type: "line", step: "end", symbol: "none", data: durationPoints(prices(report), report.stepHours), lineStyle: { width: 2, color: accent }, itemStyle: { color: accent } }],
  });
}

/** Mean of each hour of each day. */
function priceMap(report: Report, clock: Clock): HTMLElement {
  const sum = new Float64Array(clock.nDay * 24);
  const count = new Float64Array(clock.nDay * 24);
  prices(report).forEach((v, t) => {
    if (v !== v) return;
    const k = clock.dayOf(t) * 24 + clock.hourOf(t);
    sum[k] += v;
    ++count[k];
  });
  const cells: [number, number, number][] = [];
  sum.forEach((v, k) => {
    if (count[k]) cells.push([Math.floor(k / 24), k % 24, v / count[k]]);
  });
  // one hour of unserved energy must not wash out all the others: the ramp ends where 99 % of the hours do
  const sorted = cells.map((c) => c[2]).sort((a, b) => a - b);
  const most = sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 1;
  const least = Math.min(Math.floor(sorted[0] ?? 0), Math.ceil(most) - 1);
  return dayHourMap(say("价格", "Price"), clock, cells, (v) => `${fixed(v, 0)} ${unit}`, { type: "continuous", min: least, max: Math.ceil(most), calculable: !isNarrow(), itemHeight: isNarrow() ? 140 : 220, itemWidth: 12, text: [`${fixed(most, 0)}`, `${fixed(least, 0)}`], inRange: { color: heatRamp } });
}

interface Limit {
  id: string;
  freed: number;
  saved: number;
}

/** `line|outage`, an element, or a cause without one. */
function nameOfLimit(report: Report, id: string): string {
  const [element, outage] = id.split("|");
  const cause = nameOfCause(element);
  const name = cause !== element ? cause : nameOfId(report, element);
  return outage ? say(`${name}（${nameOfId(report, outage)} 停运后）`, `${name} (after the outage of ${nameOfId(report, outage)})`) : name;
}

function limitTable(report: Report): HTMLElement {
  const limits: Limit[] = Object.entries(report.header.summary.devices?.limit ?? {}).map(([id, facts]) => ({ id, freed: facts.freed_mwh ?? 0, saved: facts.saved_cny ?? 0 }));
  limits.sort((a, b) => b.saved - a.saved);
  return makeTable(
    limits,
    [
      { title: say("限制", "Limit"), cell: (r) => nameOfLimit(report, r.id), key: (r) => r.id },
      { title: say("取消后多用风光", "Wind and sun freed"), unit: "MWh", numeric: true, cell: (r) => fixed(r.freed, 1), key: (r) => r.freed },
      { title: say("约可节省", "Saves about"), unit: say("元", "CNY"), numeric: true, cell: (r) => fixed(r.saved, 0), key: (r) => r.saved },
    ],
    { sortBy: 2, empty: say("没有限制使风光弃电，或未采用优化调度", "No limit held wind or sun back, or dispatch did not plan") },
  );
}

interface Income {
  name: string;
  paid: number;
  earned: number;
  cycles: number;
}

/** What charging paid and discharging earned at the price of the hour. */
function incomes(report: Report): Income[] {
  const price = prices(report);
  return report.entries("storage").map((entry, k) => {
    const p = report.column("storage_p_mw").rows[k] ?? new Float32Array(0);
    let paid = 0;
    let earned = 0;
    let out = 0;
    p.forEach((v, t) => {
      if (v !== v || price[t] !== price[t]) return;
      const cny = v * price[t] * report.stepHours;
      if (v > 0) earned += cny;
      else paid -= cny;
      out += Math.max(0, v) * report.stepHours;
    });
    return { name: nameOf(entry.name, entry.id), paid, earned, cycles: entry.rating ? out / entry.rating : 0 };
  });
}

function incomeTable(report: Report): HTMLElement {
  const cny = say("元", "CNY");
  return makeTable(
    incomes(report),
    [
      { title: say("储能", "Storage"), cell: (r) => r.name, key: (r) => r.name },
      { title: say("充电支出", "Paid for charging"), unit: cny, numeric: true, cell: (r) => fixed(r.paid, 0), key: (r) => r.paid },
      { title: say("放电收入", "Earned by discharging"), unit: cny, numeric: true, cell: (r) => fixed(r.earned, 0), key: (r) => r.earned },
      { title: say("净收入", "Net"), unit: cny, numeric: true, cell: (r) => fixed(r.earned - r.paid, 0), key: (r) => r.earned - r.paid },
      { title: say("等效循环", "Full cycles"), numeric: true, cell: (r) => fixed(r.cycles, 1), key: (r) => r.cycles },
    ],
    { sortBy: 3, empty: say("场景中没有储能", "The scenario has no storage") },
  );
}

function forecastCards(report: Report): HTMLElement[] {
  const cost = report.header.summary.indicators.forecast_cost_cny;
  const error = report.header.summary.indicators.forecast_error_percent;
  if (typeof cost !== "number" || typeof error !== "number") return [];
  const card = (label: string, value: string): HTMLElement => make("div.card", {}, make("div.card-label", {}, label), make("div.card-value", {}, value));
  return [make("div.cards", {}, card(say("预测误差造成的成本", "Cost of imperfect foresight"), `${fixed(cost / 1e6, 3)} ${say("百万元", "M CNY")}`), card(say("风光平均绝对误差", "Mean absolute error of wind and sun"), `${fixed(error, 1)} %`))];
}

function explanations(report: Report): HTMLElement[] {
  const summary = report.header.summary;
  const blocks = summary.explanations ?? [];
  if (!blocks.length) return [];
  const words = (name: { en: string; zh: string }): string => (language() === "zh" ? name.zh : name.en);
  const rows = blocks.flatMap((block) => block.broken.map((broken) => ({ what: words(broken.text), mwh: broken.mwh, why: block.causes.map((c, k) => `${k + 1}. ${words(c.text)}`).join(say("；", "; ")) })));
  return [
    panel(
      say("未能按要求调度的时段", "What could not be dispatched as asked"),
      say(`共 ${fixed(summary.relaxed_blocks ?? blocks.length, 0)} 个时段；原因按可能性排序，并给出可行的最小放宽`, `${fixed(summary.relaxed_blocks ?? blocks.length, 0)} block(s); causes likeliest first, each with the smallest change that works`),
      makeTable(
        rows,
        [
          { title: say("破坏的平衡或限制", "Broken balance or limit"), cell: (r) => r.what, key: (r) => r.what },
          { title: say("电量", "Energy"), numeric: true, cell: (r) => energy(r.mwh), key: (r) => r.mwh },
          { title: say("原因与最小放宽", "Causes and what would do"), cell: (r) => r.why, key: (r) => r.why },
        ],
        { sortBy: 1, empty: "" },
      ),
    ),
  ];
}

function brokenLimits(report: Report): HTMLElement[] {
  const rows = report.header.summary.broken_limits ?? [];
  if (!rows.length) return [];
  const why = (row: { hours: number; hours_unavoidable: number; relaxation_mw: number }): string =>
    [
      row.hours_unavoidable > 0 ? say(`${fixed(row.hours_unavoidable, 0)} h 无法避免：除切负荷外已无调节手段，放宽 ${fixed(row.relaxation_mw, 1)} MW 即可`, `${fixed(row.hours_unavoidable, 0)} h unavoidable: nothing but cutting load off would help; ${fixed(row.relaxation_mw, 1)} MW more would do`) : "",
      row.hours > row.hours_unavoidable ? say(`${fixed(row.hours - row.hours_unavoidable, 0)} h 计划已满足，最后一轮交流潮流仍越限`, `${fixed(row.hours - row.hours_unavoidable, 0)} h kept by the plan, not by the AC solution of its last round`) : "",
    ]
      .filter(Boolean)
      .join(say("；", "; "));
  return [
    panel(
      say("仍然越限的约束", "Limits that remain broken"),
      say("计划看到的全部约束，按小时数排序", "Of all limits a plan looks at, most hours first"),
      makeTable(
        rows,
        [
          { title: say("元件", "Element"), cell: (r) => r.element, key: (r) => r.element },
          { title: say("失去", "After the loss of"), cell: (r) => r.outage, key: (r) => r.outage },
          { title: say("小时", "Hours"), numeric: true, cell: (r) => fixed(r.hours, 0), key: (r) => r.hours },
          { title: say("最高负载率", "Highest loading"), numeric: true, cell: (r) => `${fixed(r.worst_percent, 1)} %`, key: (r) => r.worst_percent },
          { title: say("原因", "Why"), cell: why, key: why },
        ],
        { sortBy: 2, empty: "" },
      ),
    ),
  ];
}

export const pricesPage: Page = {
  id: "prices",
  title: () => say("价格与阻塞", "Prices"),
  render: (report, clock) => [
    ...explanations(report),
    ...brokenLimits(report),
    ...forecastCards(report),
    panel(say("价格持续曲线", "Price duration"), say("所调用最贵电源的价格", "Price of the dearest source called"), priceDuration(report)),
    panel(say("价格日历", "Price by day and hour"), "", priceMap(report, clock)),
    panel(say("限制的代价", "What limits cost"), say("按固定顺序逐一取消，每项为在前面各项之外的增量", "Taken away one after the other in a fixed order; each beyond those before it"), limitTable(report)),
    panel(say("储能收益", "Storage income"), say("按当时价格计", "At the price of the hour"), incomeTable(report)),
  ],
};
