// What of the scenario is public fact and what is assumed, by source and by reason.

import { choice, make, panel } from "../dom";
import { fixed } from "../format";
import { say } from "../language";
import type { Page } from "../main";
import type { ProvenanceGroup, Report } from "../report";

const valuesShown = 200;

function item(group: ProvenanceGroup, wanted: string): HTMLElement {
  const values = wanted ? group.values.filter(([path, value]) => `${path} ${value}`.toLowerCase().includes(wanted)) : group.values;
  const list = values.length ? values : group.values;
  const body = make("tbody");
  const element = make(
    "details.fact",
    {},
    make("summary", {}, make(`span.tag.${group.kind}` as "span", {}, group.kind === "fact" ? say("公开事实", "Public fact") : say("假设", "Assumed")), make("span.reason", {}, group.reason || say("未说明", "no reason given")), make("span.count", {}, say(`${fixed(list.length, 0)} 个值`, `${fixed(list.length, 0)} value${list.length > 1 ? "s" : ""}`))),
    make("div.table-box", {}, make("table", {}, body)),
  );
  element.addEventListener("toggle", () => {
    if (body.childElementCount) return;
    for (const [path, value] of list.slice(0, valuesShown)) body.append(make("tr", {}, make("td.path", {}, path), make("td", {}, value)));
    if (list.length > valuesShown) body.append(make("tr", {}, make("td.empty", { colspan: 2 }, say(`另有 ${list.length - valuesShown} 个`, `${list.length - valuesShown} more`))));
  });
  return element;
}

function matches(group: ProvenanceGroup, wanted: string): boolean {
  return !wanted || group.reason.toLowerCase().includes(wanted) || group.values.some(([path, value]) => `${path} ${value}`.toLowerCase().includes(wanted));
}

function searchable(report: Report): HTMLElement[] {
  const groups = [...report.header.provenance.groups].sort((a, b) => (a.kind === b.kind ? b.values.length - a.values.length : a.kind === "fact" ? -1 : 1));
  let kind: "all" | "fact" | "assumed" = "all";
  const list = make("div");
  const search = make("input", { type: "search", placeholder: say("搜索来源、路径或数值", "Search source, path or value"), "aria-label": say("搜索", "Search") });
  let limit = 100;
  const draw = (): void => {
    const wanted = search.value.trim().toLowerCase();
    const found = groups.filter((g) => (kind === "all" || g.kind === kind) && matches(g, wanted));
    list.replaceChildren(...found.slice(0, limit).map((g) => item(g, wanted)));
    if (!found.length) list.append(make("p.empty", {}, say("没有匹配的条目", "Nothing matches")));
    if (found.length > limit) {
      const more = make("button.more", { type: "button" }, say(`显示更多（共 ${found.length}）`, `Show more (${found.length})`));
      more.addEventListener("click", () => {
        limit += 200;
        draw();
      });
      list.append(more);
    }
  };
  search.addEventListener("input", draw);
  draw();
  const kinds = choice<"all" | "fact" | "assumed">(
    [
      { value: "all", label: say("全部", "All") },
      { value: "fact", label: say("公开事实", "Public facts") },
      { value: "assumed", label: say("假设", "Assumptions") },
    ],
    "all",
    (value) => {
      kind = value;
      limit = 100;
      draw();
    },
  );
  return [make("div.tools", {}, kinds, search), list];
}

export const factsPage: Page = {
  id: "facts",
  title: () => say("事实与假设", "Facts and assumptions"),
  render: (report) => {
    const { groups, n_stated } = report.header.provenance;
    const count = (kind: string): number => groups.filter((g) => g.kind === kind).reduce((n, g) => n + g.values.length, 0);
    const card = (name: string, value: number): HTMLElement => make("div.card", {}, make("div.card-label", {}, name), make("div.card-value", {}, fixed(value, 0)));
    return [
      make("div.cards", {}, card(say("公开事实的数值", "Values from public facts"), count("fact")), card(say("假设的数值", "Assumed values"), count("assumed")), card(say("未标注的数值", "Values without a mark"), n_stated)),
      panel(
        say("来源与理由", "Sources and reasons"),
        say("场景中的每个数值要么引用公开来源，要么注明为假设并说明理由；展开可看到具体数值。城市的真实接线图不公开，本模型是规划等值。", "Every number of the scenario cites a public source or is marked as assumed with its reason; open an entry to see the values. The city's real single-line data are not public: the model is a planning equivalent."),
        ...searchable(report),
      ),
    ];
  },
};
