// What happened in the run: cards, what to notice, every indicator with its meaning.

import { timeText, type Clock } from "../clock";
import { make, panel } from "../dom";
import { energy, fixed } from "../format";
import { groups, label, meaning, nameOfCause, shown, unit, type Group } from "../indicators";
import { nameOf, say } from "../language";
import type { Page } from "../main";
import { elementName, nameOfId } from "../names";
import type { Entry, LoadingRank, Report } from "../report";
import { covered } from "./outages";

const cards = ["demand_mwh", "peak_demand_mw", "green_share_annual", "green_share_hourly", "import_mwh", "losses_mwh", "curtailed_mwh", "unserved_mwh", "line_loading_max_percent", "transformer_loading_max_percent"];

type Tone = "good" | "watch" | "bad";
interface Finding {
  tone: Tone;
  text: string;
  page: string;
}

function card(report: Report, key: string): HTMLElement {
  const value = report.indicator(key);
  return make(
    "div.card",
    { title: meaning(report, key) || undefined },
    make("div.card-label", {}, label(report, key)),
    make("div.card-value", { "data-indicator": key }, shown(report, key, value), make("span.unit", {}, ` ${unit(report, key)}`)),
  );
}

function heaviest(entries: Entry[], ranks: LoadingRank[]): { entry: Entry; rank: LoadingRank }[] {
  return entries
    .map((entry, k) => ({ entry, rank: ranks[k] }))
    .filter((row) => row.rank && row.rank.max !== null)
    .sort((a, b) => b.rank.max! - a.rank.max!);
}

function findLoading(report: Report, clock: Clock): Finding[] {
  const findings: Finding[] = [];
  for (const [axis, ranks, zh, en] of [
    ["line", report.header.line_ranking, "线路", "line"],
    ["transformer", report.header.transformer_ranking, "主变", "transformer"],
  ] as const) {
    const rows = heaviest(report.entries(axis), ranks);
    if (!rows.length) continue;
    const over = rows.filter((row) => row.rank.h100 > 0);
    const near = rows.filter((row) => row.rank.h80 > 0);
    const { entry, rank } = rows[0];
    const worst = `${elementName(report, entry)} ${fixed(rank.max, 1)} % (${timeText(clock.at(rank.at))})`;
    if (over.length) {
      findings.push({ tone: "bad", page: "loading", text: say(`${over.length} 个${zh}元件超过限额，最重：${worst}`, `${over.length} ${en}${over.length > 1 ? "s" : ""} above the rating, heaviest ${worst}`) });
    } else if (near.length) {
      findings.push({ tone: "watch", page: "loading", text: say(`${near.length} 个${zh}元件曾超过 80 %，最重：${worst}`, `${near.length} ${en}${near.length > 1 ? "s" : ""} above 80 % at times, heaviest ${worst}`) });
    } else {
      findings.push({ tone: "good", page: "loading", text: say(`${zh}始终低于 80 %，最重：${worst}`, `No ${en} above 80 %, heaviest ${worst}`) });
    }
  }
  return findings;
}

function findVoltage(report: Report): Finding {
  const rows = report.header.voltage_ranking;
  const outside = rows.filter((row) => (row.hours ?? 0) > 0);
  if (!rows.some((row) => row.low !== undefined)) {
    return { tone: "watch", page: "voltage", text: say("未给出电压允许范围", "No voltage bands were given") };
  }
  if (!outside.length) return { tone: "good", page: "voltage", text: say("全部母线始终在正常电压范围内", "Every bus inside its normal voltage band throughout") };
  const hours = Math.max(...outside.map((row) => row.hours!));
  return { tone: "bad", page: "voltage", text: say(`${outside.length} 条母线曾越出正常电压范围，最多 ${fixed(hours, 0)} 小时`, `${outside.length} buses left their normal voltage band, up to ${fixed(hours, 0)} h`) };
}

function findOutages(report: Report, clock: Clock): Finding[] {
  const secure = report.indicator("n1_secure_hours");
  const worst = report.header.summary.n1_worst[0];
  if (secure === null || !worst) return [];
  const open = (report.header.summary.steps.total ?? 0) * report.stepHours - secure;
  const at = say(`${nameOfId(report, worst.element)} ${fixed(worst.loading_percent, 1)} %（停运：${nameOfId(report, worst.outage)}，${timeText(clock.at(worst.step))}）`, `${nameOfId(report, worst.element)} ${fixed(worst.loading_percent, 1)} % after the loss of ${nameOfId(report, worst.outage)} (${timeText(clock.at(worst.step))})`);
  return [
    open > 0
      ? { tone: "bad", page: "outages", text: say(`${fixed(open, 0)} 小时不满足 N-1（${covered(report)}），最重：${at}`, `${fixed(open, 0)} h not N-1 secure (${covered(report)}), heaviest ${at}`) }
      : { tone: "good", page: "outages", text: say(`全部时段满足 N-1（${covered(report)}），最重：${at}`, `N-1 secure throughout (${covered(report)}), heaviest ${at}`) },
  ];
}

function findEnergy(report: Report): Finding[] {
  const findings: Finding[] = [];
  const unserved = report.indicator("unserved_mwh") ?? 0;
  findings.push(
    unserved > 0
      ? { tone: "bad", page: "dispatch", text: say(`失负荷 ${energy(unserved)}`, `${energy(unserved)} of demand unserved`) }
      : { tone: "good", page: "dispatch", text: say("没有失负荷", "All demand served") },
  );
  const managed = report.indicator("managed_mwh") ?? 0;
  if (managed > 0) {
    const hours = fixed(report.indicator("managed_hours"), 0);
    findings.push({ tone: "watch", page: "dispatch", text: say(`负荷管理压减 ${energy(managed)}，涉及 ${hours} 小时`, `${energy(managed)} of demand given up by load management in ${hours} h`) });
  }
  const curtailed = report.indicator("curtailed_mwh") ?? 0;
  if (curtailed > 0 && report.header.ledger.length) {
    const named = report.header.ledger.slice(0, 3).map((row) => `${nameOfLimit(report, row)} ${energy(row.mwh)}`);
    findings.push({ tone: "watch", page: "curtailment", text: say(`弃风弃光 ${energy(curtailed)}，主要原因：${named.join("、")}`, `${energy(curtailed)} of wind and sun curtailed, mainly: ${named.join(", ")}`) });
  } else {
    findings.push({ tone: "good", page: "curtailment", text: say("本市风光全部用足，没有弃电", "All local wind and sun was used, nothing curtailed") });
  }
  const surplus = report.indicator("external_surplus_unused_mwh") ?? 0;
  if (surplus > 0) {
    findings.push({ tone: "watch", page: "curtailment", text: say(`外部基地另有 ${energy(surplus)} 清洁富余未能受入`, `Another ${energy(surplus)} of clean surplus behind the ties was not taken`) });
  }
  return findings;
}

/** Cause, the element in the way and the outage after which it is. */
function nameOfLimit(report: Report, row: { cause: string; branch: string; outage: string }): string {
  const cause = nameOfCause(row.cause);
  if (!row.branch) return cause;
  const element = nameOfId(report, row.branch);
  const after = row.outage ? say(`，${nameOfId(report, row.outage)} 停运后`, ` after the outage of ${nameOfId(report, row.outage)}`) : "";
  return say(`${cause}（${element}${after}）`, `${cause} (${element}${after})`);
}

function findModel(report: Report): Finding[] {
  const findings: Finding[] = [];
  const steps = report.header.summary.steps;
  const open = (steps.total ?? 0) - (steps.converged ?? 0);
  findings.push(
    open > 0
      ? { tone: "bad", page: "run", text: say(`${open} 个时段的潮流未收敛`, `${open} steps did not converge`) }
      : { tone: "good", page: "run", text: say(`${fixed(steps.total, 0)} 个时段的交流潮流全部收敛`, `AC power flow converged in ${fixed(steps.converged, 0)} of ${fixed(steps.total, 0)} steps`) },
  );
  const rows = report.header.summary.calibration.filter((row) => row.judged !== false);
  const outside = rows.filter((row) => !row.inside);
  if (outside.length) {
    findings.push({ tone: "watch", page: "calibration", text: say(`${rows.length} 项校核中 ${outside.length} 项在范围外：${outside.map((r) => nameOf(r.name, r.id)).join("、")}`, `${outside.length} of ${rows.length} calibration targets missed: ${outside.map((r) => nameOf(r.name, r.id)).join(", ")}`) });
  } else if (rows.length) {
    findings.push({ tone: "good", page: "calibration", text: say(`${rows.length} 项校核全部在范围内`, `All ${rows.length} calibration targets inside their bands`) });
  }
  return findings;
}

const pageOfKind: Record<string, string> = {
  unsolved_step: "run", doubtful_state: "run", unsolved_outage: "outages", n1_insecure: "outages", overload: "loading", section: "loading",
  limits_not_seen: "loading", broken_limit: "loading", voltage: "voltage", fault_level: "short_circuit", unserved: "dispatch", backed_down: "dispatch",
};

/** The findings of the summary: of each kind the first three places and how many more there are. */
function listStated(report: Report): Finding[] {
  const shownPlaces = 3;
  const stated = report.header.summary.findings ?? [];
  const kinds = [...new Set(stated.map((row) => row.kind))];
  return kinds.flatMap((kind) => {
    const rows = stated.filter((row) => row.kind === kind);
    const page = pageOfKind[kind] ?? "run";
    const tone: Tone = rows[0].severity === "note" ? "watch" : "bad";
    const list = rows.slice(0, shownPlaces).map((row) => ({ tone, page, text: say(row.text.zh, row.text.en) }));
    const more = rows.length - shownPlaces;
    if (more > 0) list.push({ tone, page, text: say(`同类另有 ${more} 处`, `and ${more} more of this kind`) });
    return list;
  });
}

const toneOrder: Tone[] = ["bad", "watch", "good"];
const toneMark: Record<Tone, [string, string, string]> = {
  bad: ["▲", "需处理", "Act"],
  watch: ["◆", "关注", "Watch"],
  good: ["●", "正常", "Fine"],
};

function findingsList(report: Report, clock: Clock): HTMLElement {
  const observed = [...findEnergy(report), ...findLoading(report, clock), ...findOutages(report, clock), findVoltage(report), ...findModel(report)];
  // A summary that states its findings has said what is wrong; older ones are read here.
  const stated = report.header.summary.findings;
  const findings = [...listStated(report), ...(stated ? observed.filter((finding) => finding.tone !== "bad") : observed)];
  findings.sort((a, b) => toneOrder.indexOf(a.tone) - toneOrder.indexOf(b.tone));
  const list = make("ul.findings");
  for (const finding of findings) {
    const [mark, zh, en] = toneMark[finding.tone];
    const hash = new URLSearchParams(location.hash.replace(/^#/, ""));
    hash.set("page", finding.page);
    list.append(make(`li.${finding.tone}` as "li", {}, make("span.tone", {}, `${mark} ${say(zh, en)}`), make("a", { href: `#${hash}` }, finding.text)));
  }
  return list;
}

/** Hours behind an indicator that covers a part of the run. */
function coverage(report: Report, key: string): string {
  const { covered_hours, steps } = report.header.summary;
  const hours = covered_hours?.[key];
  if (hours === undefined || hours === null) return "";
  const all = (steps.total ?? 0) * report.stepHours;
  return say(`（仅含有解的 ${fixed(hours, 0)} / ${fixed(all, 0)} h）`, ` (${fixed(hours, 0)} of ${fixed(all, 0)} h, those with a solution)`);
}

function indicatorTables(report: Report): HTMLElement {
  const all = Object.entries(report.header.summary.indicators).filter(([, v]) => v === null || typeof v === "number").map(([k]) => k);
  const named = new Set(groups.flatMap((g) => g.keys));
  const familyOf = (group: Group): string[] => all.filter((k) => !named.has(k) && group.family?.test(k));
  const inFamily = new Set(groups.flatMap(familyOf));
  const loads = all.filter((k) => k.startsWith("load_mean_mw_")).sort((a, b) => (report.indicator(b) ?? 0) - (report.indicator(a) ?? 0));
  const rest = all.filter((k) => !named.has(k) && !inFamily.has(k) && !loads.includes(k));
  const sections = groups.map((g) => ({
    title: say(g.zh, g.en),
    keys: [...g.keys.filter((k) => all.includes(k)), ...familyOf(g)],
  }));
  if (loads.length) sections.push({ title: say("各类负荷", "Loads by category"), keys: loads });
  if (rest.length) sections.push({ title: say("其他", "Other"), keys: rest });
  const body = make("tbody");
  for (const section of sections.filter((s) => s.keys.length)) {
    body.append(make("tr.group", {}, make("th", { colspan: 4, scope: "rowgroup" }, section.title)));
    for (const key of section.keys) {
      body.append(
        make(
          "tr",
          {},
          make("td", {}, label(report, key)),
          make("td.number", { "data-indicator": key }, shown(report, key, report.indicator(key))),
          make("td.unit", {}, unit(report, key)),
          make("td.meaning", {}, meaning(report, key) + coverage(report, key)),
        ),
      );
    }
  }
  return make("div.table-box", {}, make("table.indicators", {}, body));
}

export const overviewPage: Page = {
  id: "overview",
  title: () => say("概览", "Overview"),
  render: (report, clock) => {
    const description = nameOf(report.header.description);
    return [
      description ? make("p.lead", {}, description) : make("span"),
      make("div.cards", {}, ...cards.filter((k) => k in report.header.summary.indicators).map((k) => card(report, k))),
      panel(say("规划人员应注意", "What a planner should notice"), "", findingsList(report, clock)),
      panel(say("全部指标", "All indicators"), say("数值与 summary.json 一致", "The same numbers as summary.json"), indicatorTables(report)),
    ];
  },
};
