// What every single outage would do in every step (N-1).

import { isNarrow } from "../chart";
import { timeText, type Clock } from "../clock";
import { make, panel } from "../dom";
import { fixed } from "../format";
import { dayHourMap } from "../heat";
import { label, meaning, shown, unit } from "../indicators";
import { say } from "../language";
import type { Page } from "../main";
import { elementName, nameOfId } from "../names";
import { heatRamp } from "../palette";
import type { Entry, OutageRank, Report } from "../report";
import { makeTable } from "../table";

const headlines = ["n1_secure_hours", "n1_secure_hours_strict", "n1_relief_hours", "n1_loading_max_percent", "n1_cut_off_max_mw"];
const voltageHeadlines = ["n1_vm_min_pu", "n1_vm_max_pu", "n1_voltage_violation_hours", "n1_section_violation_hours"];

/** Whether outages were solved by AC; else active power alone was looked at. */
function isAc(report: Report): boolean {
  return typeof report.header.summary.counts.n1_power_flows === "number";
}

function card(title: string, value: string, unitText: string, hint: string, key: string): HTMLElement {
  return make("div.card", { title: hint || undefined }, make("div.card-label", {}, title), make("div.card-value", { "data-indicator": key }, value, make("span.unit", {}, unitText ? ` ${unitText}` : "")));
}

function cards(report: Report): HTMLElement {
  const counts: [string, string][] = [
    ["n1_outages", say("每时段校核的停运", "Outages per step")],
    ["n1_bridges", isAc(report) ? say("会失去负荷的停运", "Outages that lose load") : say("会解列的停运", "Outages that split the grid")],
    ["n1_exceptions_used", say("确有越限的例外元件", "Exceptions needed")],
  ];
  if (isAc(report)) counts.push(["n1_power_flows", say("停运后交流潮流", "AC power flows of outages")], ["n1_estimated", say("只作估计的停运", "Outages left at an estimate")], ["n1_not_converged", say("其中无解", "Of these, without a solution")]);
  if (report.header.n1_positions_move) counts.push(["n1_moved", say("其中分接头或电容器动作", "Of these, with a tap or bank that moved")]);
  return make(
    "div.cards",
    {},
    ...[...headlines, ...(isAc(report) ? voltageHeadlines : [])].map((key) => card(label(report, key), shown(report, key, report.indicator(key)), unit(report, key), meaning(report, key), key)),
    ...counts.map(([key, title]) => card(title, fixed(report.header.summary.counts[key], 0), "", "", key)),
  );
}

const kinds: Record<string, [string, string]> = {
  branches: ["线路", "circuits"],
  transformers: ["主变", "transformer units"],
  generators: ["发电机组与直流单极", "generating units and DC poles"],
  busbars: ["母线", "busbars"],
  pairs: ["所列同时停运组", "listed pairs"],
};

/** The kinds of outages the verdict is about. */
export function covered(report: Report): string {
  const words = (report.header.summary.n1_covers ?? []).flatMap((kind) => {
    const word = kinds[kind];
    return word ? [say(word[0], word[1])] : [];
  });
  return words.join(say("、", ", "));
}

function worstTable(report: Report, clock: Clock): HTMLElement {
  return makeTable(
    report.header.summary.n1_worst,
    [
      { title: say("停运", "Outage"), cell: (r) => nameOfId(report, r.outage), key: (r) => r.outage },
      { title: say("受影响最重的元件", "Element hit hardest"), cell: (r) => nameOfId(report, r.element), key: (r) => r.element },
      { title: say("占事故后限额", "Of emergency"), unit: "%", numeric: true, cell: (r) => make("span", { "data-outage": r.outage }, fixed(r.loading_percent, 1)), key: (r) => r.loading_percent },
      { title: say("占正常限额", "Of normal"), unit: "%", numeric: true, cell: (r) => fixed(r.normal_percent ?? r.loading_percent, 1), key: (r) => r.normal_percent ?? r.loading_percent },
      { title: say("允许时长", "Holds for"), unit: "h", numeric: true, cell: (r) => (r.emergency_duration_h ? fixed(r.emergency_duration_h, 1) : "–"), key: (r) => r.emergency_duration_h ?? 0 },
      { title: say("时刻", "At"), cell: (r) => timeText(clock.at(r.step)), key: (r) => r.step },
      { title: ">100 %", unit: "h", numeric: true, cell: (r) => fixed(r.hours_above_100, 0), key: (r) => r.hours_above_100 },
    ],
    { sortBy: 2, rowClass: (r) => (r.loading_percent > 100 ? "bad" : r.loading_percent > 90 || (r.normal_percent ?? 0) > 100 ? "watch" : ""), empty: say("没有可校核的停运", "There was no outage to screen") },
  );
}

interface Row {
  entry: Entry;
  rank: OutageRank;
}

/** Name of the outage at a row of the joint list: lines, transformers, sources, storage, buses, listed pairs. */
function nameOfOutage(report: Report, row: number | null): string {
  if (row === null || row < 0) return "–";
  for (const axis of ["line", "transformer", "source", "storage", "bus"] as const) {
    const entries = report.entries(axis);
    if (row < entries.length) return elementName(report, entries[row]);
    row -= entries.length;
  }
  return say(`同时停运组 ${row + 1}`, `listed pair ${row + 1}`);
}

function voltageTable(report: Report, clock: Clock): HTMLElement {
  return makeTable(
    report.header.summary.n1_voltage ?? [],
    [
      { title: say("停运", "Outage"), cell: (r) => nameOfId(report, r.outage), key: (r) => r.outage },
      { title: say("母线", "Bus"), cell: (r) => nameOfId(report, r.bus), key: (r) => r.bus },
      { title: say("停运后电压", "Voltage after it"), unit: "pu", numeric: true, cell: (r) => fixed(r.vm_pu, 4), key: (r) => r.vm_pu },
      { title: say("距限值", "To the bound"), unit: "pu", numeric: true, cell: (r) => fixed(r.margin_pu, 4), key: (r) => -r.margin_pu },
      { title: say("时刻", "At"), cell: (r) => timeText(clock.at(r.step)), key: (r) => r.step },
      { title: say("越限", "Outside"), unit: "h", numeric: true, cell: (r) => fixed(r.hours_outside, 0), key: (r) => r.hours_outside },
    ],
    { sortBy: 3, rowClass: (r) => (r.margin_pu < 0 ? "bad" : r.margin_pu < 0.01 ? "watch" : ""), empty: say("没有电压可校核", "There was no voltage to judge") },
  );
}

function unsolvedTable(report: Report, clock: Clock): HTMLElement {
  return makeTable(
    report.header.summary.n1_unsolved ?? [],
    [
      { title: say("停运", "Outage"), cell: (r) => nameOfId(report, r.outage), key: (r) => r.outage },
      { title: say("小时数", "Hours"), unit: "h", numeric: true, cell: (r) => fixed(r.hours, 0), key: (r) => r.hours },
      { title: say("首次", "First"), cell: (r) => timeText(clock.at(r.first_step)), key: (r) => r.first_step },
    ],
    { sortBy: 1, rowClass: () => "bad", empty: say("每个停运都有潮流解", "Every outage has a solution") },
  );
}

function rankingTable(report: Report, clock: Clock): HTMLElement {
  const join = (entries: Entry[], ranks: OutageRank[]): Row[] => entries.map((entry, k) => ({ entry, rank: ranks[k] }));
  const rows = [...join(report.entries("line"), report.header.line_n1_ranking), ...join(report.entries("transformer"), report.header.transformer_n1_ranking)]
    .filter((r) => r.rank && r.rank.max !== null)
    .sort((a, b) => b.rank.h100 - a.rank.h100 || b.rank.h90 - a.rank.h90 || b.rank.max! - a.rank.max!);
  const exceptions = new Set(report.header.n1_exceptions);
  return makeTable(
    rows,
    [
      { title: say("元件", "Element"), cell: (r) => elementName(report, r.entry) + (exceptions.has(r.entry.id) ? say("（例外）", " (exception)") : ""), key: (r) => elementName(report, r.entry) },
      { title: "kV", numeric: true, cell: (r) => fixed(r.entry.kv, 0), key: (r) => r.entry.kv },
      { title: ">100 %", unit: "h", numeric: true, cell: (r) => fixed(r.rank.h100, 0), key: (r) => r.rank.h100 },
      { title: ">90 %", unit: "h", numeric: true, cell: (r) => fixed(r.rank.h90, 0), key: (r) => r.rank.h90 },
      { title: say("最大", "Max"), unit: "%", numeric: true, cell: (r) => fixed(r.rank.max, 1), key: (r) => r.rank.max },
      { title: say("当时的停运", "Outage then"), cell: (r) => nameOfOutage(report, r.rank.outage), key: (r) => nameOfOutage(report, r.rank.outage) },
      { title: say("时刻", "At"), cell: (r) => timeText(clock.at(r.rank.at)), key: (r) => r.rank.at },
    ],
    { rowClass: (r) => (r.rank.h100 > 0 ? "bad" : r.rank.h90 > 0 ? "watch" : "") },
  );
}

/** The highest value of each hour of each day. */
function hourCells(clock: Clock, values: ArrayLike<number>): [number, number, number][] {
  const highest = new Float64Array(clock.nDay * 24).fill(NaN);
  for (let t = 0; t < values.length; ++t) {
    const k = clock.dayOf(t) * 24 + clock.hourOf(t);
    if (values[t] === values[t] && !(highest[k] >= values[t])) highest[k] = values[t];
  }
  const cells: [number, number, number][] = [];
  highest.forEach((v, k) => {
    if (v === v) cells.push([Math.floor(k / 24), k % 24, v]);
  });
  return cells;
}

function worstMap(report: Report, clock: Clock): HTMLElement {
  const cells = hourCells(clock, report.column("n1_worst_percent").rows[0] ?? new Float32Array(0));
  const values = cells.map((cell) => cell[2]);
  const min = Math.floor(values.reduce((a, b) => Math.min(a, b), 100) / 5) * 5;
  const max = Math.max(min + 5, Math.ceil(values.reduce((a, b) => Math.max(a, b), 0) / 5) * 5);
  return dayHourMap(say("最重停运后负载率", "Worst loading after an outage"), clock, cells, (v) => `${fixed(v, 1)} %`, { type: "continuous", min, max, calculable: !isNarrow(), itemHeight: isNarrow() ? 140 : 220, itemWidth: 12, text: [`${max} %`, `${min} %`], inRange: { color: heatRamp } });
}

function cutOffTable(report: Report): HTMLElement {
  return makeTable(report.header.summary.n1_cut_off, [
    { title: say("停运", "Outage"), cell: (r) => nameOfId(report, r.outage), key: (r) => r.outage },
    { title: say("其后的负荷", "Load behind it"), unit: "MW", numeric: true, cell: (r) => fixed(r.load_mw, 1), key: (r) => r.load_mw },
  ], { sortBy: 1, empty: say("没有单一停运会切除负荷", "No single outage cuts off load") });
}

/** Which state after an outage the page speaks of. */
function stateShown(report: Report): string {
  return report.header.n1_positions_move
    ? say(
      "本页所示为停运后数分钟的状态：有载分接头与可投切电容器、电抗器均已动作。只作估计的停运仍按动作前的状态。",
      "Shown is the state some minutes after the outage: on-load taps and switched banks have acted too. Outages left at an estimate show the state before that.",
    )
    : say(
      "本页所示为停运后即刻的状态：分接头与电容器、电抗器保持停运前的位置。",
      "Shown is the state right after the outage: taps and banks stand where they stood before it.",
    );
}

export const outagesPage: Page = {
  id: "outages",
  title: () => "N-1",
  render: (report, clock) => {
    if (report.indicator("n1_secure_hours") === null) {
      return [make("div.nothing", {}, make("strong", {}, say("未做 N-1 校核", "Outages were not screened")), make("span", {}, say("场景中 studies.n_1.method 为 none", "The scenario sets studies.n_1.method to none")))];
    }
    return [
      make("p.lead", {}, isAc(report) ? say(
        "每个校核的时段从其交流潮流出发，逐一断开各停运（线路的一回、主变的一台，以及场景所列的电源、母线和同时停运组），动作切机切负荷后重新求解交流潮流：保持电压的机组到无功极限为止；缺额先由外部电网按参与系数、后由其他运行机组承担，均不超过各自的裕度及断面限额，仍不足的按切负荷计。负载率按视在功率占事故后限额计，电压按事故后范围计。screened 方法只对接近限值的停运求解交流，其余按灵敏度估计。",
        "Every judged step starts from its AC power flow and loses each outage in turn: a circuit, a transformer unit, and the plants, busbars and pairs the scenario lists. Remedial actions trip first, then the AC power flow is solved anew: units hold their voltage until a reactive limit, what is missing is taken up by external grids in proportion to participation, then by other running units, each within its headroom and the limits of its sections; what nobody can take is load lost. Loading is apparent power of the emergency rating, voltages are held against the band after an outage. Method screened solves by AC what comes near a limit and estimates the rest by sensitivities.",
      ) : say(
        "每个时段逐一断开每一回线路、每一台主变、每个电源的一台机组，看其余元件的有功潮流是否超过事故后限额。这是直流校核：从该时段的交流潮流出发，只看有功功率，不校核停运后的电压与无功，也不计入停运后的调整措施。",
        "In every step each circuit, each transformer unit and one unit of every plant is lost in turn, and the active power of all others is held against what they may carry after an outage. This is a DC screen: it starts from the AC power flow of the step and looks at active power only. Voltages and reactive power after an outage are not checked, and nobody redispatches.",
      )),
      ...(isAc(report) ? [make("p", {}, stateShown(report))] : []),
      make("p", {}, say(`校核范围：${covered(report)}。`, `The verdict covers ${covered(report)}.`)),
      cards(report),
      panel(say("最重的十个停运", "Ten worst outages"), say("每个停运一行：它对哪个元件、在何时影响最重；负载率分别占事故后限额与正常限额，以及事故后限额允许的时长", "A row per outage: the element and hour it hits hardest, its loading of the emergency and of the normal rating, and how long the former holds"), worstTable(report, clock)),
      panel(say("停运后最重负载率：日 × 时", "Worst loading after an outage, day by hour"), say("该小时所有元件、所有停运中的最大值", "Highest of all elements and outages of the hour"), worstMap(report, clock)),
      panel(say("元件排序", "Elements"), say("按停运后超过 100 %、90 % 的小时数排列；占事故后限额（没有给出的按正常限额）", "By hours above 100 % and 90 % after an outage, of the emergency rating (the normal one where none is given)"), rankingTable(report, clock)),
      ...(isAc(report)
        ? [
            panel(say("停运后的电压", "Voltages after an outage"), say("每个停运一行：离事故后电压限值最近的母线与时刻", "A row per outage: the bus and hour nearest to, or furthest out of, the band after an outage"), voltageTable(report, clock)),
            panel(say("没有潮流解的停运", "Outages without a solution"), say("参考求解器也无解", "The reference solver found none either"), unsolvedTable(report, clock)),
          ]
        : []),
      panel(isAc(report) ? say("会失去负荷的停运", "Outages that lose load") : say("会解列的停运", "Outages that split the grid"), say("单一停运后失去电源的母线上的负荷，取负荷最大的时段", "Load on the buses that one outage leaves without supply, at the hour of the highest demand"), cutOffTable(report)),
    ];
  },
};
