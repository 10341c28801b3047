// Fault levels of every bus and short-circuit ratios of every wind and solar station.

import { choice, make, panel } from "../dom";
import { fixed } from "../format";
import { label, meaning, shown, unit } from "../indicators";
import { nameOf, say } from "../language";
import type { Page } from "../main";
import { nameOfId } from "../names";
import type { FaultLevel, Report, ShortCircuit } from "../report";
import { makeTable, type TableColumn } from "../table";

const headlines = ["short_circuit_max_ka", "short_circuit_over_rating_buses", "scr_min", "mrscr_min", "mrscr_weak_hours"];

function cards(report: Report): HTMLElement {
  return make(
    "div.cards",
    {},
    ...headlines
      .filter((key) => report.indicator(key) !== null)
      .map((key) =>
        make(
          "div.card",
          { title: meaning(report, key) || undefined },
          make("div.card-label", {}, label(report, key)),
          make("div.card-value", { "data-indicator": key }, shown(report, key, report.indicator(key)), make("span.unit", {}, unit(report, key) ? ` ${unit(report, key)}` : "")),
        ),
      ),
  );
}

function current(title: string, of: (row: FaultLevel) => number | null): TableColumn<FaultLevel> {
  return { title, unit: "kA", numeric: true, cell: (r) => fixed(of(r), 2), key: of };
}

function levelTable(report: Report, part: ShortCircuit, kv: number): HTMLElement {
  const rated = part.levels.some((r) => r.base_kv === kv && r.breaker_ka !== null);
  const columns: TableColumn<FaultLevel>[] = [
    { title: say("母线", "Bus"), cell: (r) => make("span", { "data-fault-bus": r.bus }, nameOfId(report, r.bus)), key: (r) => r.bus },
    current(say("I″k3 最大", "I″k3 max"), (r) => r.ik3_max_ka),
    ...part.variants.map((variant, v) => current(`I″k3 ${nameOf(variant.name, variant.id)}`, (r) => r.variant_ik3_ka?.[v] ?? null)),
    current(say("I″k3 最小", "I″k3 min"), (r) => r.ik3_min_ka),
    current(say("I″k2 最大", "I″k2 max"), (r) => r.ik2_max_ka),
    current("ip", (r) => r.ip_ka),
    current("Ib", (r) => r.ib_ka),
    current("Ith", (r) => r.ith_ka),
    { title: "S″k", unit: "MVA", numeric: true, cell: (r) => fixed(r.sk_max_mva, 0), key: (r) => r.sk_max_mva },
    { title: "R/X", numeric: true, cell: (r) => fixed(r.r_over_x, 3), key: (r) => r.r_over_x },
  ];
  if (rated) {
    columns.push({ title: say("断路器", "Breaker"), unit: "kA", numeric: true, cell: (r) => fixed(r.breaker_ka, 1), key: (r) => r.breaker_ka });
  }
  return makeTable(
    part.levels.filter((r) => r.base_kv === kv),
    columns,
    { sortBy: 1, rowClass: (r) => (r.breaker_ka !== null && r.ib_ka > r.breaker_ka ? "bad" : r.breaker_ka !== null && r.ib_ka > 0.9 * r.breaker_ka ? "watch" : "") },
  );
}

function levels(report: Report, part: ShortCircuit): HTMLElement {
  const kvs = [...new Set(part.levels.map((r) => r.base_kv))].sort((a, b) => b - a);
  const first = kvs.includes(330) ? 330 : kvs[0];
  const box = make("div", {}, levelTable(report, part, first));
  const pick = choice(
    kvs.map((kv) => ({ value: String(kv), label: `${kv} kV` })),
    String(first),
    (kv) => box.replaceChildren(levelTable(report, part, Number(kv))),
    "level",
  );
  return make("div", {}, pick, box);
}

function stationTable(report: Report, part: ShortCircuit): HTMLElement {
  return makeTable(
    part.stations,
    [
      { title: say("场站", "Station"), cell: (r) => make("span", { "data-station": r.source }, nameOfId(report, r.source)), key: (r) => r.source },
      { title: say("额定功率", "Rating"), unit: "MW", numeric: true, cell: (r) => fixed(r.p_rated_mw, 1), key: (r) => r.p_rated_mw },
      { title: say("短路容量（最小时）", "Fault level at the least"), unit: "MVA", numeric: true, cell: (r) => fixed(r.sk_min_mva, 0), key: (r) => r.sk_min_mva },
      { title: say("短路比 最小", "SCR least"), numeric: true, cell: (r) => fixed(r.scr_min, 2), key: (r) => r.scr_min },
      { title: say("多场站短路比 最小", "MRSCR least"), numeric: true, cell: (r) => fixed(r.mrscr_min, 2), key: (r) => -r.mrscr_min },
      { title: say("多场站短路比 平均", "MRSCR mean"), numeric: true, cell: (r) => fixed(r.mrscr_mean, 2), key: (r) => r.mrscr_mean },
      { title: `< ${fixed(part.mrscr_limit, 1)}`, unit: "h", numeric: true, cell: (r) => fixed(r.weak_hours, 0), key: (r) => r.weak_hours },
    ],
    { sortBy: 4, rowClass: (r) => (r.mrscr_min < part.mrscr_limit ? "bad" : r.mrscr_min < 2 * part.mrscr_limit ? "watch" : ""), empty: say("没有风电或光伏场站", "There is no wind or solar station") },
  );
}

export const shortCircuitPage: Page = {
  id: "short_circuit",
  title: () => say("短路与短路比", "Short circuit"),
  render: (report) => {
    const part = report.header.summary.short_circuit;
    if (!part) {
      return [make("div.nothing", {}, make("strong", {}, say("未计算短路电流", "Short circuits were not computed")), make("span", {}, say("场景中 studies.short_circuit.method 为 none", "The scenario sets studies.short_circuit.method to none")))];
    }
    return [
      make("p.lead", {}, say(
        "按 GB/T 15544（IEC 60909-0）计算：最大值取全部机组投入、电压系数1.1；最小值取各时段实际开机中最小者、电压系数1.0，不计电动机与变流器。变流器按电流源计入最大值。外部电网短路容量、机组次暂态电抗等没有公开数据，为规划假定，见“事实与假定”。不含接地故障。",
        "After IEC 60909-0 (GB/T 15544): the largest currents have every machine on and c = 1.1; the smallest are those of the weakest set of running machines of the run, c = 1.0, without motors and converters. Converters are current sources in the largest ones. Fault levels of the neighbours and reactances of machines are not public: they are planning assumptions, see “Facts and assumptions”. Earth faults are not computed.",
      )),
      cards(report),
      panel(say("各母线短路电流", "Fault level of every bus"), say("按电压等级；红色：开断电流超过断路器额定值", "By voltage level; red: the breaking current exceeds the rating of the breakers"), levels(report, part)),
      panel(say("新能源场站短路比", "Short-circuit ratio of wind and solar stations"), say("逐时按开机组合计算，各场站均按额定功率；多场站短路比按 GB/T 40581 定义", "Hour by hour for the machines that run, every station at rated power; the multi-infeed ratio as GB/T 40581 defines it"), stationTable(report, part)),
    ];
  },
};
