// Wind and sun that was not used: when, and why. Surplus behind the ties has an account of its own.

import { isNarrow } from "../chart";
import type { Clock } from "../clock";
import { make, panel } from "../dom";
import { energy, fixed, percent } from "../format";
import { dayHourMap } from "../heat";
import { nameOfCause } from "../indicators";
import { nameOf, say } from "../language";
import type { Page } from "../main";
import { nameOfId } from "../names";
import { heatRamp, nameOfKind } from "../palette";
import type { Report } from "../report";
import { makeTable } from "../table";

/** Mean MW of each hour of each day. */
function heatCells(clock: Clock, values: ArrayLike<number>): { cells: [number, number, number][]; most: number } {
  const sum = new Float64Array(clock.nDay * 24);
  const count = new Float64Array(clock.nDay * 24);
  for (let t = 0; t < values.length; ++t) {
    const k = clock.dayOf(t) * 24 + clock.hourOf(t);
    if (values[t] === values[t]) {
      sum[k] += values[t];
      ++count[k];
    }
  }
  const cells: [number, number, number][] = [];
  let most = 0;
  sum.forEach((v, k) => {
    if (!count[k]) return;
    const mean = v / count[k];
    most = Math.max(most, mean);
    if (mean > 0.05) cells.push([Math.floor(k / 24), k % 24, mean]);
  });
  return { cells, most };
}

function heatMap(label: string, clock: Clock, values: ArrayLike<number>): HTMLElement {
  const { cells, most } = heatCells(clock, values);
  return dayHourMap(label, clock, cells, (v) => `${fixed(v, 1)} MW`, { type: "continuous", min: 0, max: Math.max(1, Math.ceil(most)), calculable: !isNarrow(), itemHeight: isNarrow() ? 140 : 220, itemWidth: 12, text: [`${fixed(most, 0)} MW`, "0"], inRange: { color: heatRamp } });
}

function nothing(zh: string, en: string): HTMLElement {
  return make("div.nothing", {}, make("strong", {}, say("没有弃电", "Nothing curtailed")), make("span", {}, say(zh, en)));
}

function causeTable(report: Report): HTMLElement {
  const nameOfBranch = (id: string): string => (id ? nameOfId(report, id) : "–");
  const total = report.header.ledger.reduce((sum, row) => sum + row.mwh, 0);
  return makeTable(
    report.header.ledger,
    [
      { title: say("原因", "Cause"), cell: (r) => nameOfCause(r.cause), key: (r) => r.cause },
      { title: say("受限元件", "Limiting element"), cell: (r) => nameOfBranch(r.branch), key: (r) => r.branch },
      { title: say("停运元件", "Outage"), cell: (r) => nameOfBranch(r.outage), key: (r) => r.outage },
      { title: say("电量", "Energy"), unit: "MWh", numeric: true, cell: (r) => fixed(r.mwh, 1), key: (r) => r.mwh },
      { title: say("占比", "Share"), numeric: true, cell: (r) => percent(total ? r.mwh / total : 0), key: (r) => r.mwh },
      { title: say("小时", "Hours"), unit: "h", numeric: true, cell: (r) => fixed(r.hours, 0), key: (r) => r.hours },
    ],
    { sortBy: 3, empty: say("没有弃电记录", "The ledger is empty") },
  );
}

function curtailedPanels(report: Report, clock: Clock): HTMLElement[] {
  const panels: HTMLElement[] = [];
  const column = report.column("source_curtailed_mw");
  const title = (kind: string): string => say(`${nameOfKind(kind)}弃电`, `${nameOfKind(kind)} curtailed`);
  const kinds = ["wind", "solar"].filter((k) => column.labels.includes(k));
  for (const kind of kinds) {
    const values = report.labelled("source_curtailed_mw", kind)!;
    const available = report.labelled("source_available_mw", kind);
    const mwh = values.reduce((s, v) => s + (v === v ? v : 0), 0) * report.stepHours;
    const possible = available ? available.reduce((s, v) => s + (v === v ? v : 0), 0) * report.stepHours : 0;
    const note = say(`共 ${energy(mwh)}，可发 ${energy(possible)}`, `${energy(mwh)} of ${energy(possible)} available`);
    panels.push(panel(title(kind), mwh > 0 ? note : "", mwh > 0 ? heatMap(title(kind), clock, values) : nothing(`${nameOfKind(kind)}可发的 ${energy(possible)} 全部用足`, `all ${energy(possible)} available was used`)));
  }
  if (!kinds.length) panels.push(panel(say("弃风弃光", "Curtailment"), "", nothing("场景中没有本市风电或光伏", "the scenario has no local wind or sun")));
  return panels;
}

function surplusPanels(report: Report, clock: Clock): HTMLElement[] {
  const available = report.column("tie_surplus_available_mw").rows;
  const taken = report.column("tie_surplus_mw").rows;
  const entries = report.entries("tie");
  const panels: HTMLElement[] = [];
  available.forEach((row, k) => {
    if (!row.some((v) => v > 0)) return;
    const unused = row.map((v, t) => Math.max(0, v - (taken[k]?.[t] ?? 0)));
    const sum = (values: Float32Array): number => values.reduce((s, v) => s + (v === v ? v : 0), 0) * report.stepHours;
    const name = nameOf(entries[k].name, entries[k].id);
    panels.push(
      panel(
        say(`${name}：未受入的清洁富余`, `${name}: clean surplus not taken`),
        say(`富余 ${energy(sum(row))}，其中 ${energy(sum(unused))} 未受入（联络线、断面限额或本市已饱和）`, `${energy(sum(unused))} of ${energy(sum(row))} (tie or section limit, or the city was saturated)`),
        heatMap(name, clock, unused),
      ),
    );
  });
  return panels;
}

export const curtailmentPage: Page = {
  id: "curtailment",
  title: () => say("弃电", "Curtailment"),
  render: (report, clock) => {
    const causes = Object.entries(report.indicatorMap("curtailed_mwh_by_cause"));
    const cards = causes.map(([cause, mwh]) => make("div.card", {}, make("div.card-label", {}, nameOfCause(cause)), make("div.card-value", { "data-cause": cause }, energy(mwh))));
    return [
      cards.length ? make("div.cards", {}, ...cards) : make("span"),
      ...curtailedPanels(report, clock),
      panel(say("弃电台账", "Curtailment ledger"), say("每一兆瓦时只记一个原因", "Each MWh has one cause"), causeTable(report)),
      ...surplusPanels(report, clock),
    ];
  },
};
