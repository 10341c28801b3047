// How the numbers came about: steps, balances, counts, projects, what was outside its limits.

import { timeText, type Clock } from "../clock";
import { make, panel } from "../dom";
import { brief, fixed } from "../format";
import { language, nameOf, say } from "../language";
import type { Page } from "../main";
import { nameOfId } from "../names";
import type { Numbers, Project, Report } from "../report";
import { makeTable } from "../table";

const statusNames: Record<string, [string, string]> = {
  total: ["总时段", "Total"],
  converged: ["收敛", "Converged"],
  iteration_limit: ["达到迭代上限", "Iteration limit"],
  singular_jacobian: ["雅可比奇异", "Singular Jacobian"],
  not_finite: ["出现非数值", "Not finite"],
  islanded: ["孤岛", "Islanded"],
  not_run: ["未计算", "Not run"],
  doubtful: ["存疑", "Doubtful"],
  by_reference: ["由参考求解器", "By the reference solver"],
};

const balanceNames: Record<string, [string, string, string]> = {
  max_bus_mismatch_mw: ["最大节点不平衡", "Worst bus mismatch", "MW"],
  max_residual_mw: ["最大系统残差", "Worst system residual", "MW"],
  dispatch_balance_mwh: ["调度平衡最大偏差", "Worst dispatch balance of a step", "MWh"],
  storage_balance_mwh: ["储能平衡最大偏差", "Worst storage balance", "MWh"],
  energy_residual_mwh: ["电量残差合计", "Energy residual, summed", "MWh"],
};

const countNames: Record<string, [string, string]> = {
  substations_750kv: ["750 kV 变电站（市内公用）", "750 kV substations (public, in city)"],
  substations_330kv: ["330 kV 变电站（市内公用）", "330 kV substations (public, in city)"],
  substations_110kv: ["110 kV 变电站（市内公用）", "110 kV substations (public, in city)"],
  buses: ["母线", "Buses"],
  branches: ["支路", "Branches"],
  lines: ["线路", "Lines"],
  transformers: ["主变", "Transformers"],
  independent_loops: ["独立环路（全网）", "Independent loops, whole grid"],
  backbone_loops: ["750 kV 独立环", "Independent 750 kV loops"],
  backbone_stations: ["750 kV 骨干站", "750 kV backbone stations"],
  backbone_corridors: ["750 kV 走廊", "750 kV corridors"],
  external_grids: ["外部电网", "External grids"],
  data_centers: ["数据中心", "Data centers"],
  data_center_racks: ["数据中心机柜", "Data-center racks"],
  pflops: ["算力 / PFLOP/s", "Computing power / PFLOP/s"],
  distributed_pv_stations: ["接入分布式光伏的变电站", "Stations with distributed PV"],
  managed_records: ["负荷管理登记企业", "Enterprises under load management"],
  street_lamps: ["路灯", "Street lamps"],
  projects: ["项目（条目）", "Projects (entries)"],
  portfolio_projects: ["项目库项目数", "Projects of the portfolio"],
  epochs: ["拓扑阶段", "Topology epochs"],
  held_controls: ["未能满足规则的控制（逐时段累计）", "Controls that broke their rule, step by step"],
};

function numbers(values: Numbers, nameOfKey: (key: string) => string, show: (value: number | null, key: string) => string, marker: string): HTMLElement {
  const body = make("tbody");
  for (const [key, value] of Object.entries(values)) {
    body.append(make("tr", {}, make("td", {}, nameOfKey(key)), make("td.number", { [marker]: key }, show(value, key))));
  }
  return make("div.table-box", {}, make("table", {}, body));
}

/** Known keys in the order of their names, then the rest. */
function ordered(values: Numbers, names: Record<string, unknown>): Numbers {
  const known = Object.keys(names).filter((k) => k in values);
  const rest = Object.keys(values).filter((k) => !(k in names));
  return Object.fromEntries([...known, ...rest].map((k) => [k, values[k]]));
}

function verdicts(report: Report, clock: Clock): HTMLElement {
  const kinds: Record<string, [string, string]> = {
    overload: ["过载", "Overload"],
    voltage: ["电压", "Voltage"],
    section: ["断面", "Section"],
    lost_load: ["失负荷", "Lost load"],
    non_convergence: ["不收敛", "Not converged"],
    doubtful: ["存疑", "Doubtful"],
  };
  return makeTable(report.header.verdicts, [
    { title: say("类型", "Kind"), cell: (r) => say(...(kinds[r.kind] ?? [r.kind, r.kind])), key: (r) => r.kind },
    { title: say("元件", "Element"), cell: (r) => nameOfId(report, r.element), key: (r) => r.element },
    { title: say("停运", "Outage"), cell: (r) => (r.outage ? nameOfId(report, r.outage) : say("基本状态", "base state")), key: (r) => r.outage },
    { title: say("小时", "Hours"), unit: "h", numeric: true, cell: (r) => fixed(r.hours, 1), key: (r) => r.hours },
    { title: say("最坏值", "Worst value"), numeric: true, cell: (r) => brief(r.value), key: (r) => r.value },
    { title: say("限值", "Limit"), numeric: true, cell: (r) => brief(r.limit), key: (r) => r.limit },
    { title: say("时刻", "At"), cell: (r) => timeText(clock.at(r.at)), key: (r) => r.at },
  ], { sortBy: 3, empty: say("没有越限", "Nothing was outside its limits") });
}

/** Why the first steps without a power flow have none. */
function failures(report: Report, clock: Clock): HTMLElement | null {
  const failed = report.header.summary.failed_steps ?? [];
  if (!failed.length) return null;
  return panel(
    say("没有潮流解的时段：可能原因", "Steps without a power flow: likely causes"),
    say("按可能性排列；“改正后可解”指单独改正该项后潮流收敛", "Likeliest first; “put right, it solves” means that this alone makes it solve"),
    ...failed.map((f) =>
      make(
        "div",
        { "data-failed-step": String(f.step) },
        make("p.plain", {}, `${timeText(clock.at(f.step))} · ${say(...(statusNames[f.status] ?? [f.status, f.status]))} · ${say("可解负荷比例", "solves up to")} ${fixed(100 * f.solvable_share, 1)} %`),
        make("ol", {}, ...f.causes.map((c) => make("li", {}, nameOf(c.text, c.kind)))),
      ),
    ),
  );
}

function nameOfClass(word: string): string {
  const names: Record<string, [string, string]> = {
    solar: ["光伏", "Solar"],
    wind: ["风电", "Wind"],
    hydro: ["水电", "Hydro"],
    thermal: ["火电", "Thermal"],
    storage: ["储能", "Storage"],
    grid: ["电网", "Grid"],
    efficiency: ["节能降碳", "Efficiency"],
    clean_heating: ["清洁取暖", "Clean heating"],
    zero_carbon_park: ["零碳园区", "Zero-carbon park"],
    compute: ["算力", "Computing"],
    other: ["其他", "Other"],
  };
  return say(...(names[word] ?? [word, word]));
}

function projects(list: Project[]): HTMLElement {
  const status: Record<string, [string, string]> = {
    in_service: ["已投运", "In service"],
    under_construction: ["在建", "Under construction"],
    planned: ["规划", "Planned"],
    candidate: ["备选", "Candidate"],
  };
  return makeTable(list, [
    { title: say("项目", "Project"), cell: (r) => nameOf(r.name, r.id), key: (r) => nameOf(r.name, r.id) },
    { title: say("类别", "Class"), cell: (r) => nameOfClass(r.class), key: (r) => r.class },
    { title: say("状态", "Status"), cell: (r) => say(...(status[r.status] ?? [r.status, r.status])), key: (r) => r.status },
    { title: say("投运日期", "In service"), cell: (r) => r.in_service ?? "–", key: (r) => r.in_service ?? "" },
    { title: say("计入本次", "In this run"), cell: (r) => (r.enabled ? "✓" : "–"), key: (r) => (r.enabled ? 1 : 0) },
    { title: say("数量", "Count"), numeric: true, cell: (r) => fixed(r.count, 0), key: (r) => r.count },
    { title: say("投资", "Investment"), unit: say("亿元", "M CNY"), numeric: true, cell: (r) => (r.capex_cny ? fixed(r.capex_cny / (language() === "zh" ? 1e8 : 1e6), 2) : "–"), key: (r) => r.capex_cny },
  ], { sortBy: 6 });
}

export const runPage: Page = {
  id: "run",
  title: () => say("运行信息", "Run"),
  render: (report, clock) => {
    const { summary, version, seed, n1_exceptions } = report.header;
    const iterations = report.column("step_iterations").rows[0];
    const meanIterations = iterations ? iterations.reduce((s, v) => s + v, 0) / iterations.length : NaN;
    const program = make("div.table-box", {}, make("table", {}, make("tbody", {},
      make("tr", {}, make("td", {}, say("版本", "Version")), make("td.number", {}, `Yuanwang ${version}`)),
      make("tr", {}, make("td", {}, say("场景", "Scenario")), make("td.number", {}, summary.scenario.id)),
      make("tr", {}, make("td", {}, say("天气种子", "Weather seed")), make("td.number", {}, String(seed))),
      make("tr", {}, make("td", {}, say("起止（北京时间）", "Period (Beijing time)")), make("td.number", {}, `${timeText(clock.start)} – ${timeText(clock.end)}`)),
    )));
    const exceptions = n1_exceptions.map((id) => nameOfId(report, id));
    return [
      make(
        "div.two",
        {},
        make(
          "div.column",
          {},
          panel(say("时段", "Steps"), say(`平均 ${fixed(meanIterations, 1)} 次牛顿迭代`, `${fixed(meanIterations, 1)} Newton iterations on average`), numbers(ordered(summary.steps, statusNames), (k) => say(...(statusNames[k] ?? [k, k])), (v) => fixed(v, 0), "data-steps")),
          panel(say("平衡", "Balances"), say("潮流与调度各自的残差；没有任何一项由定义抵消", "Residuals of power flow and dispatch; none closes by definition"), numbers(ordered(summary.balance, balanceNames), (k) => say(...((balanceNames[k]?.slice(0, 2) ?? [k, k]) as [string, string])), (v, k) => `${v === null ? "–" : v === 0 ? "0" : v.toExponential(2)} ${balanceNames[k]?.[2] ?? ""}`, "data-balance")),
          panel(say("程序", "Program"), "", program),
          exceptions.length ? panel(say("预先列出的 N-1 例外", "Listed in advance as not N-1 secure"), "", make("p.plain", {}, exceptions.join(say("、", ", ")))) : null,
        ),
        panel(say("模型规模", "Counts"), "", numbers(ordered(summary.counts, countNames), (k) => say(...(countNames[k] ?? [k, k])), (v) => fixed(v, v !== null && Number.isInteger(v) ? 0 : 1), "data-count")),
      ),
      failures(report, clock),
      panel(say("越限记录", "Outside limits"), "", verdicts(report, clock)),
      panel(say("项目", "Projects"), "", projects(report.header.projects)),
    ].filter((node): node is HTMLElement => node !== null);
  },
};
