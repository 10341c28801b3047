// The best members under the limits, and all members as a table.

import { make, panel } from "../dom";
import { brief } from "../format";
import { say } from "../language";
import { makeTable, type TableColumn } from "../table";
import type { Sweep } from "./data";
import { sameEverywhere, shownOf, varyingOf } from "./shown";

/** A limit as it was meant: 0, not 0.000. */
const bound = (value: number | null): string => (value === 0 ? "0" : brief(value));

/** How to look closer at a member. */
function nextStep(sweep: Sweep): HTMLElement {
  const member = sweep.ranked[0] ?? sweep.status.findIndex((status) => status === "done");
  if (member < 0) return make("p.note", {}, say("还没有完成的算例：用同一条 yuanwang sweep run 命令继续。", "No member is finished yet: the same yuanwang sweep run goes on."));
  const folder = `members/${sweep.hash[member].slice(0, 2)}/${sweep.hash[member]}`;
  return make("p.note", {}, say(`在本文件夹中细看算例 ${member + 1}：`, `To look closer at member ${member + 1}, in this folder: `), make("code", {}, `yuanwang run ${folder}/scenario.resolved.yaml`), say("；两个算例并排：", "; two members side by side: "), make("code", {}, `yuanwang compare ${folder} members/…`));
}

export function limitsText(sweep: Sweep): string {
  if (!sweep.ranking) return say("扫描文件未给出排序（rank）", "The sweep file ranks nothing (rank)");
  const order = sweep.ranking.descending ? say("从大到小", "largest first") : say("从小到大", "smallest first");
  const shown = (name: string): ReturnType<typeof shownOf> => shownOf(sweep.indicators.find((indicator) => indicator.name === name)!);
  const limits = sweep.ranking.limits.map((limit) => {
    const { name, unit, scaled } = shown(limit.indicator);
    return [limit.min === null ? "" : `${bound(scaled(limit.min))} ≤ `, name, limit.max === null ? "" : ` ≤ ${bound(scaled(limit.max))}`, unit ? ` ${unit}` : ""].join("");
  });
  return `${shown(sweep.ranking.by).name}, ${order}${limits.length ? say("；限值：", "; limits: ") + limits.join(", ") : ""}`;
}

export function bestPage(sweep: Sweep): Node[] {
  const count = (status: string): number => sweep.status.filter((s) => s === status).length;
  const rank = new Map(sweep.ranked.map((member, k) => [member, k + 1]));
  const columns: TableColumn<number>[] = [
    { title: say("名次", "Rank"), numeric: true, cell: (m) => String(rank.get(m) ?? "–"), key: (m) => -(rank.get(m) ?? Infinity) },
    { title: say("算例", "Member"), numeric: true, cell: (m) => String(m + 1), key: (m) => m },
    ...sweep.axes.map((axis): TableColumn<number> => ({ title: axis.name, numeric: axis.numbers !== null, cell: (m) => axis.labels[m], key: (m) => (axis.numbers ? axis.numbers[m] : axis.labels[m]) })),
    ...varyingOf(sweep).map((k): TableColumn<number> => {
      const indicator = sweep.indicators[k];
      const shown = shownOf(indicator);
      return { title: shown.name, unit: shown.unit, hint: indicator.name, numeric: true, cell: (m) => shown.text(indicator.values[m]), key: (m) => indicator.values[m] };
    }),
  ];
  const others = sweep.status.map((_, m) => m).filter((m) => !rank.has(m));
  const facts = make(
    "p.facts",
    { id: "counts" },
    say(
      `${sweep.status.length} 个算例：完成 ${count("done")}，未收敛 ${count("not_converged")}，失败 ${count("failed")}，缺 ${count("missing")}；基准 ${sweep.base}，设计 ${sweep.design}`,
      `${sweep.status.length} members: ${count("done")} done, ${count("not_converged")} not converged, ${count("failed")} failed, ${count("missing")} missing; base ${sweep.base}, design ${sweep.design}`,
    ),
  );
  const best = makeTable(sweep.ranked.concat(others), columns, { rowClass: (m) => (rank.get(m) === 1 ? "best" : rank.has(m) ? "" : "outside") });
  best.id = "members";
  return [facts, panel(say("限值内的最优算例", "The best members within the limits"), `${limitsText(sweep)}${say("。", ". ")}${sameEverywhere(sweep)}`, best, nextStep(sweep))];
}
