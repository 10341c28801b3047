// What each project of a portfolio brings, by its Shapley value with the error of the sample.

import { makeChart, xValueAxis } from "../chart";
import { make, panel } from "../dom";
import { brief, fixed } from "../format";
import { say } from "../language";
import { accent, ink } from "../palette";
import { makeTable, type TableColumn } from "../table";
import type { Contribution, Portfolio, Sweep, Worth } from "./data";
import { shownOf, type Shown } from "./shown";

const nameOf = (project: Contribution | Worth): string => say(project.name.zh || project.id, project.name.en || project.id);

const signed = (value: number | null): string => (value === null ? "–" : `${value > 0 ? "+" : ""}${brief(value)}`);

/** Bars with whiskers where the values are sampled. */
function shapleyChart(projects: Contribution[], shown: Shown): HTMLElement {
  const whisker = projects.map((project, row) => [shown.scaled(project.shapley - project.shapley_error), shown.scaled(project.shapley + project.shapley_error), row]);
  const chart = makeChart(shown.title, 90 + 26 * projects.length, {
    tooltip: { trigger: "axis", confine: true, valueFormatter: (v: number | null) => signed(v) },
    grid: { left: 8, right: 30, top: 20, bottom: 40, containLabel: true },
    xAxis: xValueAxis(shown.title),
    yAxis: { type: "category", data: projects.map(nameOf), inverse: true, axisLabel: { color: ink, width: 230, overflow: "truncate" } },
    series: [
      { type: "bar", name: say("沙普利值", "Shapley value"), data: projects.map((project) => shown.scaled(project.shapley)), itemStyle: { color: accent }, barMaxWidth: 16 },
      ...whisker.map(([low, high, row]) => ({ type: "line", data: [[low, row], [high, row]], symbol: "none", silent: true, lineStyle: { color: ink, width: 1.5 }, tooltip: { show: false } })),
    ],
  });
  chart.id = "shapley";
  return chart;
}

function projectTable(projects: Contribution[], shown: Shown): HTMLElement {
  const number = (title: string, value: (p: Contribution) => number | null): TableColumn<Contribution> => ({ title, numeric: true, cell: (p) => signed(shown.scaled(value(p))), key: value });
  const table = makeTable(
    projects,
    [
      { title: say("项目", "Project"), cell: nameOf, key: nameOf, hint: "id" },
      { title: say("投运", "In service"), cell: (p) => p.in_service || "–", key: (p) => p.in_service },
      { title: say("投资", "Cost"), unit: say("百万元", "M CNY"), numeric: true, cell: (p) => (p.capex_cny ? fixed(p.capex_cny / 1e6, 0) : "–"), key: (p) => p.capex_cny },
      number(say("沙普利值", "Shapley"), (p) => p.shapley),
      { title: "±", numeric: true, cell: (p) => brief(shown.scaled(p.shapley_error)), key: (p) => p.shapley_error },
      number(say("末位剔除", "Left out last"), (p) => p.leave_one_out),
      number(say("首位加入", "Added first"), (p) => p.add_one_in),
      number(say("按投运次序", "By date"), (p) => p.by_date),
      number(say("每亿元", "Per 100 M CNY"), (p) => (p.shapley_per_million_cny === null ? null : 100 * p.shapley_per_million_cny)),
    ],
    { pageSize: 30 },
  );
  table.id = "projects";
  return table;
}

/** What to build first. */
function worthPanel(portfolio: Portfolio): Node[] {
  if (portfolio.worth.length === 0) {
    return [];
  }
  const million = (v: number): string => signed(v / 1e6);
  const table = makeTable<Worth>(
    portfolio.worth,
    [
      { title: say("项目", "Project"), cell: nameOf, key: nameOf, hint: "id" },
      { title: say("投运", "In service"), cell: (p) => p.in_service || "–", key: (p) => p.in_service },
      { title: say("投资", "Investment"), unit: say("百万元", "M CNY"), numeric: true, cell: (p) => fixed(p.capex_cny / 1e6, 0), key: (p) => p.capex_cny },
      { title: say("寿命", "Life"), unit: say("年", "years"), numeric: true, cell: (p) => fixed(p.life_y, 0), key: (p) => p.life_y },
      { title: say("年节约", "Saves a year"), unit: say("百万元", "M CNY"), numeric: true, cell: (p) => million(p.saved_cny_per_y), key: (p) => p.saved_cny_per_y },
      { title: say("回收期", "Paid back in"), unit: say("年", "years"), numeric: true, cell: (p) => (p.payback_y === null ? "–" : brief(p.payback_y)), key: (p) => p.payback_y },
      { title: say("净现值", "Net present value"), unit: say("百万元", "M CNY"), numeric: true, cell: (p) => million(p.npv_cny), key: (p) => p.npv_cny },
      { title: "±", unit: say("百万元", "M CNY"), numeric: true, cell: (p) => brief(p.npv_error_cny / 1e6), key: (p) => p.npv_error_cny },
      { title: say("每元净现值", "NPV per yuan"), numeric: true, cell: (p) => signed(p.npv_per_cny), key: (p) => p.npv_per_cny },
    ],
    { pageSize: 30 },
  );
  table.id = "worth";
  const percent = fixed(100 * portfolio.discount_rate, 1);
  return [
    panel(
      say("先建什么", "What to build first"),
      say(`寿命期内节约的电费按年 ${percent}% 折现，减去投资；每元投资净现值最高者在前。设每年与本次计算相同，不计项目自身运维。`, `Cost saved over the life of a project at ${percent} % a year, less its investment; the best yuan first. Every year is taken to be like the run, upkeep of the project itself is left out.`),
      table,
    ),
  ];
}

function factsOf(portfolio: Portfolio): HTMLElement {
  const idle = (reason: string): string => portfolio.without_effect.filter((p) => p.reason === reason).map((p) => p.id).join(", ");
  const [unchanged, late] = [idle("no_changes"), idle("after_the_run")];
  const lines = [
    portfolio.orders_sampled
      ? say(`${portfolio.runs} 次仿真，沙普利值由 ${portfolio.orders_sampled} 个加入次序抽样；± 约在 ${portfolio.orders_sampled >= 20 ? 95 : 85}% 的抽样中成立。`, `${portfolio.runs} runs; Shapley values are sampled over ${portfolio.orders_sampled} orders of joining, ± holds in about ${portfolio.orders_sampled >= 20 ? 95 : 85} of 100 samples.`)
      : say(`${portfolio.runs} 次仿真，沙普利值精确。`, `${portfolio.runs} runs, Shapley values are exact.`),
    unchanged && say(`模型中没有改动：${unchanged}。`, `Nothing to change in the model: ${unchanged}.`),
    late && say(`计算期内未投运：${late}。`, `Not in service within the run: ${late}.`),
  ];
  return make("p.facts", {}, lines.filter(Boolean).join(" "));
}

export function projectsPage(sweep: Sweep): Node[] {
  const portfolio = sweep.portfolio!;
  return [
    factsOf(portfolio),
    ...worthPanel(portfolio),
    ...sweep.indicators
      .filter((indicator) => portfolio.indicators[indicator.name])
      .map((indicator) => {
        const found = portfolio.indicators[indicator.name];
        const shown = shownOf(indicator);
        if (found.projects.every((p) => p.shapley === 0 && p.leave_one_out === 0)) {
          return panel(shown.title, say(`${shown.text(found.none)}：没有项目改变它。`, `${shown.text(found.none)}: no project changes it.`));
        }
        const projects = [...found.projects].sort((a, b) => Math.abs(b.shapley) - Math.abs(a.shapley));
        return panel(
          shown.title,
          say(`全部不建 ${shown.text(found.none)}，全部建成 ${shown.text(found.all)}，合计 ${signed(shown.scaled(found.effect))}；各项之和等于合计。`, `Without any ${shown.text(found.none)}, with all ${shown.text(found.all)}, together ${signed(shown.scaled(found.effect))}; the bars sum to that.`),
          shapleyChart(projects, shown),
          projectTable(projects, shown),
        );
      }),
  ];
}
