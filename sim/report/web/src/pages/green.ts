// Green energy: how much of consumption by each way of counting, where it goes, and how far it is from demand.

import { gridBox, isNarrow, legend, makeChart, xValueAxis } from "../chart";
import type { Clock } from "../clock";
import { make, panel } from "../dom";
import { fixed, percent } from "../format";
import { dayHourMap } from "../heat";
import { label, meaning } from "../indicators";
import { say } from "../language";
import type { Page } from "../main";
import { nameOfId } from "../names";
import { heatRamp, ink } from "../palette";
import type { Report } from "../report";
import { makeTable } from "../table";

const shares = ["green_share_annual", "green_share_hourly", "green_share_traced", "green_share_contracted_annual", "green_share_contracted"];
const mismatches = ["mismatch_space", "mismatch_time_of_day", "mismatch_season", "mismatch_power", "mismatch_price"];

interface Consumer {
  name: string;
  kind: string;
  traced: number;
  hourly: number;
}

/** What the consumers of a family are called: plain for a list under one heading. */
const families: [string, string, string][] = [
  ["zone", "分区", "Zones"],
  ["data_center", "数据中心", "Data centers"],
  ["potline", "电解铝系列", "Potlines"],
];

function listConsumers(report: Report): Consumer[] {
  const devices = report.header.summary.devices ?? {};
  return families.flatMap(([family, zh, en]) =>
    Object.entries(devices[family] ?? {})
      .filter(([, facts]) => typeof facts.green_share_traced === "number")
      .map(([id, facts]) => ({ name: nameOfId(report, id), kind: say(zh, en), traced: facts.green_share_traced!, hourly: facts.green_share_hourly! })),
  );
}

interface Buyer {
  name: string;
  ofYear: number;
  ofHour: number;
}

function listBuyers(report: Report): Buyer[] {
  return Object.values(report.header.summary.devices ?? {}).flatMap((devices) =>
    Object.entries(devices)
      .filter(([, facts]) => typeof facts.green_share_contracted === "number")
      .map(([id, facts]) => ({ name: nameOfId(report, id), ofYear: facts.green_share_contracted_annual!, ofHour: facts.green_share_contracted! })),
  );
}

/** What users bought, and how much of it came when they could use it. */
function contractPanel(report: Report): HTMLElement | null {
  const buyers = listBuyers(report);
  if (!buyers.length) return null;
  const energy = (key: string): string => `${fixed((report.indicator(key) ?? 0) / 1000, 0)} GWh`;
  return panel(
    say("合同绿电", "Green energy by contract"),
    say(
      `共购 ${energy("green_contracted_mwh")}，其中 ${energy("green_contracted_unused_mwh")} 到来时买方用不了。全年口径是绿证与年度账所见；逐时段口径只计同一时段用掉的部分，两者之差须靠储能或移动负荷补上`,
      `${energy("green_contracted_mwh")} bought, ${energy("green_contracted_unused_mwh")} of it when its buyers could not use it. By the year is what certificates show; by the hour counts what came while it was used: storage or moved load would have to close the gap`,
    ),
    makeTable(
      buyers,
      [
        { title: say("买方", "Buyer"), cell: (b) => b.name, key: (b) => b.name },
        { title: say("合同，全年", "Contracted, by the year"), numeric: true, cell: (b) => percent(b.ofYear), key: (b) => b.ofYear },
        { title: say("合同，逐时段", "Contracted, by the hour"), numeric: true, cell: (b) => percent(b.ofHour), key: (b) => b.ofHour },
        { title: say("须移动", "To be moved"), numeric: true, cell: (b) => percent(b.ofYear - b.ofHour), key: (b) => b.ofYear - b.ofHour },
      ],
      { sortBy: 1 },
    ),
  );
}

function shareCards(report: Report): HTMLElement {
  const known = shares.filter((key) => report.indicator(key) !== null);
  return make(
    "div.cards",
    {},
    ...known.map((key) =>
      make("div.card", { title: meaning(report, key) }, make("div.card-label", {}, label(report, key)), make("div.card-value", { "data-share": key }, percent(report.indicator(key)!))),
    ),
  );
}

/** Two bars a consumer, the greenest on top. */
function consumerChart(consumers: Consumer[]): HTMLElement {
  const order = [...consumers].sort((a, b) => a.traced - b.traced);
  const bars = (key: "traced" | "hourly", colour: string, name: string): object => ({ type: "bar", name, itemStyle: { color: colour }, barGap: 0, data: order.map((c) => Math.round(c[key] * 1000) / 10) });
  return makeChart(say("各用户绿电占比", "Green share by consumer"), 90 + 26 * order.length, {
    legend: legend(),
    grid: { ...gridBox(44), left: 8 },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, valueFormatter: (v: number) => `${fixed(v, 1)} %` },
    xAxis: xValueAxis("%", { min: 0, max: 100 }),
    yAxis: { type: "category", data: order.map((c) => c.name), axisLabel: { color: ink, width: isNarrow() ? 90 : 220, overflow: "truncate" }, axisTick: { show: false } },
    series: [bars("hourly", "#a9c3dc", say("按全市时段平均", "By the mix of the city")), bars("traced", "#1b8a5a", say("按潮流追踪", "Traced along the flows"))],
  });
}

function consumerTable(consumers: Consumer[]): HTMLElement {
  return makeTable(
    consumers,
    [
      { title: say("用户", "Consumer"), cell: (c) => c.name, key: (c) => c.name },
      { title: say("类别", "Kind"), cell: (c) => c.kind, key: (c) => c.kind },
      { title: say("潮流追踪", "Traced"), numeric: true, cell: (c) => percent(c.traced), key: (c) => c.traced },
      { title: say("时段平均", "By the hourly mix"), numeric: true, cell: (c) => percent(c.hourly), key: (c) => c.hourly },
    ],
    { sortBy: 2 },
  );
}

function shareMap(report: Report, clock: Clock): HTMLElement | null {
  const share = report.column("green_share").rows[0];
  if (!share) return null;
  const sum = new Float64Array(clock.nDay * 24);
  const count = new Float64Array(clock.nDay * 24);
  share.forEach((v, t) => {
    if (v !== v) return;
    const k = clock.dayOf(t) * 24 + clock.hourOf(t);
    sum[k] += v;
    ++count[k];
  });
  const cells: [number, number, number][] = [];
  sum.forEach((v, k) => {
    if (count[k]) cells.push([Math.floor(k / 24), k % 24, (100 * v) / count[k]]);
  });
  const title = say("全市绿电占比", "Green share of the city");
  return panel(
    title,
    say("每天每小时，按时段匹配；颜色越深越缺绿电", "By day and hour, matched step by step; the darker, the less green"),
    dayHourMap(title, clock, cells, (v) => `${fixed(v, 1)} %`, { type: "continuous", min: 0, max: 100, calculable: !isNarrow(), itemHeight: isNarrow() ? 140 : 220, itemWidth: 12, text: ["100 %", "0 %"], inRange: { color: [...heatRamp].reverse() } }),
  );
}

function mismatchTable(report: Report): HTMLElement | null {
  const known = mismatches.filter((key) => report.indicator(key) !== null);
  if (!known.length) return null;
  return panel(
    say("清洁电源与用电的五种错位", "Five mismatches between clean sources and demand"),
    say("0 为完全一致；定义为本软件自定", "0: none; the definitions are our own"),
    makeTable(known, [
      { title: say("错位", "Mismatch"), cell: (key) => label(report, key) },
      { title: say("数值", "Value"), numeric: true, cell: (key) => percent(report.indicator(key)!) },
      { title: say("含义", "What it says"), cell: (key) => meaning(report, key) },
    ]),
  );
}

export const greenPage: Page = {
  id: "green",
  title: () => say("绿电", "Green energy"),
  render: (report, clock) => {
    const consumers = listConsumers(report);
    return [
      shareCards(report),
      consumers.length
        ? panel(
            say("绿电去了哪里", "Where green energy goes"),
            say("浅色按全市同一时段的平均电源结构，深色沿交流潮流逐节点追踪（比例分摊）：同一小时，水电旁与煤电旁的用户并不一样绿", "Light: the mix of the whole city in the same hour. Dark: traced along the AC flows bus by bus (proportional sharing) – beside a dam or behind a coal plant, the same hour is not equally green"),
            consumerChart(consumers),
            consumerTable(consumers),
          )
        : null,
      contractPanel(report),
      shareMap(report, clock),
      mismatchTable(report),
    ].filter((part): part is HTMLElement => part !== null);
  },
};
