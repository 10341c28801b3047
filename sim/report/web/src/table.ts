// A table that sorts by its columns and shows a page of rows at a time.

import { make } from "./dom";
import { fixed } from "./format";
import { say } from "./language";

export interface TableColumn<Row> {
  title: string;
  unit?: string;
  /** Shown where the pointer rests on the title. */
  hint?: string;
  /** What is shown. */
  cell: (row: Row) => string | Node;
  /** What it is sorted by; absent: the column does not sort. */
  key?: (row: Row) => number | string | null | undefined;
  numeric?: boolean;
}

export interface TableOptions<Row> {
  onPick?: (row: Row) => void;
  picked?: Row;
  pageSize?: number;
  sortBy?: number;
  rowClass?: (row: Row) => string;
  empty?: string;
}

function compare(a: number | string | null | undefined, b: number | string | null | undefined): number {
  if (typeof a === "string" && typeof b === "string") return a.localeCompare(b, "zh");
  const x = typeof a === "number" && Number.isFinite(a) ? a : -Infinity;
  const y = typeof b === "number" && Number.isFinite(b) ? b : -Infinity;
  return x - y;
}

export function makeTable<Row>(rows: Row[], columns: TableColumn<Row>[], options: TableOptions<Row> = {}): HTMLElement {
  const pageSize = options.pageSize ?? 15;
  let sortBy = options.sortBy ?? -1;
  let descending = true;
  let shown = pageSize;
  let picked = options.picked;
  const body = make("tbody");
  const head = make("tr");
  const more = make("button.more", { type: "button" });
  const box = make("div.table-box", {}, make("table", {}, make("thead", {}, head), body));
  const root = make("div", {}, box, more);

  const draw = (): void => {
    const key = columns[sortBy]?.key;
    const sorted = key ? [...rows].sort((a, b) => (descending ? -1 : 1) * compare(key(a), key(b))) : rows;
    body.replaceChildren();
    for (const row of sorted.slice(0, shown)) {
      const line = make("tr", { class: options.rowClass?.(row) || undefined });
      if (options.onPick) {
        line.classList.add("pickable");
        line.tabIndex = 0;
        const pick = (): void => {
          picked = row;
          draw();
          options.onPick!(row);
        };
        line.addEventListener("click", pick);
        line.addEventListener("keydown", (event) => {
          if (event.key === "Enter") pick();
        });
      }
      if (picked === row) line.classList.add("picked");
      for (const column of columns) {
        line.append(make("td", { class: column.numeric ? "number" : undefined }, column.cell(row)));
      }
      body.append(line);
    }
    if (rows.length === 0) {
      body.append(make("tr", {}, make("td.empty", { colspan: columns.length }, options.empty ?? say("没有记录", "Nothing to list"))));
    }
    more.hidden = shown >= rows.length;
    more.textContent = say(`显示更多（共 ${fixed(rows.length, 0)} 行）`, `Show more (${fixed(rows.length, 0)} rows)`);
    head.querySelectorAll("th").forEach((cell, i) => {
      cell.setAttribute("aria-sort", i === sortBy ? (descending ? "descending" : "ascending") : "none");
    });
  };

  columns.forEach((column, i) => {
    const cell = make("th", { class: column.numeric ? "number" : undefined, scope: "col", title: column.hint }, column.title);
    if (column.unit) cell.append(make("span.unit", {}, ` ${column.unit}`));
    if (column.key) {
      cell.classList.add("sortable");
      cell.addEventListener("click", () => {
        descending = sortBy === i ? !descending : true;
        sortBy = i;
        draw();
      });
    }
    head.append(cell);
  });
  more.addEventListener("click", () => {
    shown += 50;
    draw();
  });
  draw();
  return root;
}
