// The grid on the map: lines and stations coloured by loading at a moment the reader chooses.

import { isNarrow, makeChart, type Chart } from "../chart";
import { hourMs, timeText } from "../clock";
import { choice, make, panel } from "../dom";
import { fixed } from "../format";
import { say } from "../language";
import type { Page } from "../main";
import { elementName } from "../names";
import { colourOfLevel, colourOfLoading, loadingSteps } from "../palette";
import { placeStations, type Station } from "../places";
import type { Entry, Report } from "../report";

interface Corridor {
  entry: Entry;
  index: number;
  from: Station;
  to: Station;
}

const widthOf = (kv: number, few: boolean): number => (kv >= 700 ? 4.5 : kv >= 300 ? (few ? 3.4 : 2.6) : few ? 2.6 : 1.4);
const sizeOf = (kv: number, close: boolean, few: boolean): number => (kv >= 700 ? 16 : kv >= 300 ? (close || few ? 12 : 9) : few ? 10 : close ? 7 : 4);

/** Up to so many stations all carry their names. */
const fewStations = 45;

function listCorridors(report: Report, stationOfBus: Map<string, Station>): Corridor[] {
  return report.entries("line").flatMap((entry, index) => {
    const from = stationOfBus.get(entry.from ?? "");
    const to = stationOfBus.get(entry.to ?? "");
    return from && to && from !== to ? [{ entry, index, from, to }] : [];
  });
}

/** Heaviest transformer of each station at a step. */
function bankLoading(report: Report, stationOfBus: Map<string, Station>, step: number): Map<Station, number> {
  const loading = report.column("transformer_loading_percent").rows;
  const worst = new Map<Station, number>();
  report.entries("transformer").forEach((entry, k) => {
    const station = stationOfBus.get(entry.from ?? "");
    const percent = Math.abs(loading[k]?.[step] ?? NaN);
    if (station && percent === percent) worst.set(station, Math.max(worst.get(station) ?? 0, percent));
  });
  return worst;
}

function lineTip(report: Report, corridor: Corridor, step: number): string {
  const signed = report.column("line_loading_percent").rows[corridor.index]?.[step] ?? NaN;
  const [from, to] = signed < 0 ? [corridor.to, corridor.from] : [corridor.from, corridor.to];
  const { entry } = corridor;
  return `<b>${elementName(report, entry)}</b> · ${fixed(entry.kv, 0)} kV${(entry.parallel ?? 1) > 1 ? ` × ${entry.parallel}` : ""}<br>${from.label()} → ${to.label()}<br>${say("负载率", "Loading")} <b>${fixed(Math.abs(signed), 1)} %</b>${entry.rating ? ` ${say("，额定", "of")} ${fixed(entry.rating, 0)} MVA` : ""}`;
}

function stationTip(report: Report, station: Station, worst: Map<Station, number>, step: number): string {
  const volts = station.buses.map(({ entry, index }) => {
    const v = report.column("bus_vm_pu").rows[index]?.[step] ?? NaN;
    return `${fixed(entry.kv, 0)} kV: <b>${fixed(v, 4)} pu</b> (${fixed(v * (entry.kv ?? 0), 1)} kV)`;
  });
  const bank = worst.get(station);
  return `<b>${station.label()}</b>${station.zone ? ` · ${station.zone}` : ""}<br>${volts.join("<br>")}${bank === undefined ? "" : `<br>${say("主变负载率", "Bank loading")} <b>${fixed(bank, 1)} %</b>`}`;
}

function mapSeries(report: Report, corridors: Corridor[], stations: Station[], stationOfBus: Map<string, Station>, level: string, close: boolean, step: number): object[] {
  const loading = report.column("line_loading_percent").rows;
  const few = stations.length <= fewStations;
  const worst = bankLoading(report, stationOfBus, step);
  const wanted = (kv: number): boolean => level === "all" || String(kv) === level;
  const lines = corridors.filter((c) => wanted(c.entry.kv ?? 0)).sort((a, b) => (a.entry.kv ?? 0) - (b.entry.kv ?? 0));
  const east = Math.max(...stations.map((s) => s.place[0]));
  const middle = (east + Math.min(...stations.map((s) => s.place[0]))) / 2;
  const shown = stations.filter((s) => level === "all" || s.buses.some((b) => wanted(b.entry.kv ?? 0)));
  return [
    {
      name: "lines",
      type: "lines",
      coordinateSystem: "cartesian2d",
      polyline: false,
      data: lines.map((c) => {
        const percent = Math.abs(loading[c.index]?.[step] ?? NaN);
        return { coords: [c.from.place, c.to.place], lineStyle: { color: colourOfLoading(percent), width: widthOf(c.entry.kv ?? 0, few), opacity: 0.95, type: percent === percent || !c.entry.rating ? "solid" : "dotted" }, tip: lineTip(report, c, step) };
      }),
      z: 2,
    },
    {
      name: "stations",
      type: "scatter",
      data: shown.map((s) => ({
        value: s.place,
        symbol: s.kind === "boundary" ? "diamond" : s.kind === "plant" ? "triangle" : s.kind === "user" ? "rect" : "circle",
        symbolSize: sizeOf(s.kv, close, few),
        itemStyle: { opacity: 1, color: worst.has(s) ? colourOfLoading(worst.get(s)!) : "#ffffff", borderColor: colourOfLevel(s.kv), borderWidth: s.kv >= 300 || few ? 2 : close ? 1.4 : 0.8 },
        label: { show: few || s.kv >= 700 || (s.kv >= 300 && (close || level === "330")), formatter: s.label(), position: s.place[0] > middle + 0.6 * (east - middle) ? "left" : "right", fontSize: s.kv >= 700 ? 13 : 11, textBorderColor: "#fff", textBorderWidth: 3 },
        tip: stationTip(report, s, worst, step),
      })),
      labelLayout: { hideOverlap: true },
      z: 3,
    },
  ];
}

/** Axis ranges that hold all stations with the proportions of the ground. */
function ranges(stations: Station[], width: number, height: number): { x: [number, number]; y: [number, number] } {
  const xs = stations.map((s) => s.place[0]);
  const ys = stations.map((s) => s.place[1]);
  const middle = (v: number[]): number => (Math.min(...v) + Math.max(...v)) / 2;
  const extent = (v: number[]): number => Math.max(Math.max(...v) - Math.min(...v), 1e-3) * 1.14;
  const scale = Math.max(extent(xs) / width, extent(ys) / height);
  const around = (m: number, n: number): [number, number] => [m - (n * scale) / 2, m + (n * scale) / 2];
  return { x: around(middle(xs), width), y: around(middle(ys), height) };
}

function key(): HTMLElement {
  const box = make("div.map-key");
  loadingSteps.forEach((step, k) => {
    const next = loadingSteps[k + 1];
    box.append(make("span", {}, make("i", { style: `background:${step.colour}` }), next ? `${step.from}–${next.from} %` : `≥ ${step.from} %`));
  });
  box.append(make("span", {}, make("i", { style: `background:${colourOfLoading(NaN)}` }), say("停运或无限额", "out of service or no rating")));
  for (const [shape, zh, en] of [["●", "公用站", "Public station"], ["■", "用户站", "User station"], ["▲", "电厂", "Plant"], ["◆", "外部", "Boundary"]]) {
    box.append(make("span", {}, make("em", {}, shape), say(zh, en)));
  }
  return box;
}

export const mapPage: Page = {
  id: "map",
  title: () => say("电网图", "Grid map"),
  render: (report, clock) => {
    const { stations, stationOfBus, geographic } = placeStations(report);
    const corridors = listCorridors(report, stationOfBus);
    if (!stations.length) return [make("div.nothing", {}, say("没有可画的母线", "No buses to draw"))];
    const demand = report.column("demand_mw").rows[0] ?? new Float32Array(1);
    const peak = demand.reduce((best, v, t) => (v > demand[best] ? t : best), 0);
    const levels = [...new Set(corridors.map((c) => c.entry.kv ?? 0))].sort((a, b) => b - a).slice(0, 5);
    let step = peak;
    let level = "all";
    let chart: Chart | undefined;
    const when = make("output.when", { id: "map-time" });
    const total = make("span.note", { id: "map-demand" });
    const slider = make("input", { type: "range", min: 0, max: report.nStep - 1, value: step, "aria-label": say("时刻", "Time") });
    const draw = (): void => {
      when.textContent = timeText(clock.at(step));
      total.textContent = `${say("负荷", "Demand")} ${fixed(demand[step], 0)} MW`;
      slider.value = String(step);
      chart?.setOption({ series: mapSeries(report, corridors, stations, stationOfBus, level, view === city, step) }, { replaceMerge: ["series"] });
    };
    const move = (by: number): void => {
      step = Math.min(report.nStep - 1, Math.max(0, step + by));
      draw();
    };
    slider.addEventListener("input", () => {
      step = Number(slider.value);
      draw();
    });
    const perHour = Math.max(1, Math.round(hourMs / clock.stepMs));
    const button = (text: string, label: string, act: () => void): HTMLElement => {
      const b = make("button", { type: "button", title: label, "aria-label": label }, text);
      b.addEventListener("click", act);
      return b;
    };
    let timer = 0;
    const play = button("▶", say("播放", "Play"), () => {
      if (timer) {
        window.clearInterval(timer);
        timer = 0;
      } else {
        timer = window.setInterval(() => {
          if (!slider.isConnected || step >= report.nStep - 1) {
            window.clearInterval(timer);
            timer = 0;
          } else move(perHour);
        }, 250);
      }
      play.textContent = timer ? "❚❚" : "▶";
    });
    const height = isNarrow() ? 360 : 640;
    const city = stations.filter((s) => s.inCity);
    const hasViews = geographic && city.length > 0 && city.length < stations.length;
    let view = stations;
    const axis = (range: [number, number]): object => ({ type: "value", min: range[0], max: range[1], show: false });
    const place = (): void => {
      if (!chart || chart.isDisposed()) return;
      const { x, y } = ranges(view, chart.getWidth(), chart.getHeight());
      chart.setOption({ xAxis: axis(x), yAxis: axis(y), dataZoom: [{ start: 0, end: 100 }, { start: 0, end: 100 }] });
    };
    const views = choice(
      [
        { value: "all", label: say("全网", "Whole grid") },
        { value: "city", label: say("城区", "City") },
      ],
      "all",
      (value) => {
        view = value === "city" ? city : stations;
        place();
        draw();
      },
      say("范围", "Extent"),
    );
    const element = makeChart(
      say("电网图", "Grid map"),
      height,
      {
        grid: { left: 0, right: 0, top: 0, bottom: 0 },
        tooltip: { confine: true, formatter: (p: { data: { tip: string } }) => p.data.tip },
        xAxis: axis([0, 1]),
        yAxis: axis([0, 1]),
        dataZoom: [
          { type: "inside", xAxisIndex: 0, filterMode: "none" },
          { type: "inside", yAxisIndex: 0, filterMode: "none" },
        ],
        series: mapSeries(report, corridors, stations, stationOfBus, level, view === city, step),
      },
      (made) => {
        chart = made;
        place();
        draw();
        new ResizeObserver(place).observe(made.getDom());
      },
    );
    draw();
    return [
      panel(
        say("线路与主变负载率", "Loading of lines and transformers"),
        (geographic ? say("按经纬度布置", "Placed by latitude and longitude") : say("场景没有坐标，按连接关系布置", "The scenario has no coordinates: placed by connection")) + say("；线宽表示电压等级，站点填色为主变最大负载率。滚轮缩放，拖动平移。", ". Width shows the voltage level, the fill of a station its heaviest bank. Scroll to zoom, drag to move."),
        make(
          "div.tools",
          {},
          choice([{ value: "all", label: say("全部", "All") }, ...levels.map((kv) => ({ value: String(kv), label: `${fixed(kv, 0)} kV` }))], "all", (value) => {
            level = value;
            draw();
          }, say("电压等级", "Voltage level")),
          hasViews ? views : null,
          button(say("最大负荷时刻", "Peak demand"), say("最大负荷时刻", "Peak demand"), () => {
            step = peak;
            draw();
          }),
          total,
        ),
        make("div.time-bar", {}, play, button("−1 d", say("前一天", "A day back"), () => move(-24 * perHour)), button("−1 h", say("前一小时", "An hour back"), () => move(-perHour)), slider, button("+1 h", say("后一小时", "An hour on"), () => move(perHour)), button("+1 d", say("后一天", "A day on"), () => move(24 * perHour)), when),
        element,
        key(),
      ),
    ];
  },
};
