// ECharts, only the parts the report draws with, in one style.

import { BarChart, HeatmapChart, LineChart, LinesChart, ScatterChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

import { make } from "./dom";
import { ink, line, muted } from "./palette";

echarts.use([
  BarChart,
  HeatmapChart,
  LineChart,
  LinesChart,
  ScatterChart,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
]);

export type Option = EChartsCoreOption;
export type Chart = EChartsType;

let alive: { chart: Chart; observer: ResizeObserver }[] = [];

/** Frees the charts of the page that is left. */
export function disposeCharts(): void {
  for (const { chart, observer } of alive) {
    observer.disconnect();
    chart.dispose();
  }
  alive = [];
}

export function isNarrow(): boolean {
  return window.innerWidth < 720;
}

/** A chart in an element of its own; drawn once the element is on the page. */
export function makeChart(label: string, height: number, option: Option, whenReady?: (chart: Chart) => void): HTMLElement {
  const element = make("div.chart", { style: `height:${height}px`, role: "img", "aria-label": label });
  requestAnimationFrame(() => {
    if (!element.isConnected) return;
    const chart = echarts.init(element, null, { devicePixelRatio: Math.max(2, window.devicePixelRatio) }); // stacked areas show seams at 1
    chart.setOption({ ...base(), ...option });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    alive.push({ chart, observer });
    whenReady?.(chart);
    element.dataset.ready = "true";
  });
  return element;
}

function base(): Option {
  return {
    useUTC: true, // the clock is shifted to Beijing already
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
    grid: gridBox(),
  };
}

export function gridBox(bottom = 40): object {
  return { left: 8, right: isNarrow() ? 12 : 24, top: 60, bottom, containLabel: true };
}

/** A legend above the chart; filled boxes for areas, strokes for lines. */
export function legend(mark: "area" | "line" = "area"): object {
  const shape = mark === "area" ? { itemWidth: 14, itemHeight: 10, icon: "roundRect" } : { itemWidth: 24, itemHeight: 10 };
  return { type: "scroll", top: 4, left: 0, right: 0, ...shape, textStyle: { color: ink } };
}

export function valueAxis(name: string, more: object = {}): object {
  return {
    type: "value",
    name,
    nameLocation: "end",
    nameTextStyle: { color: muted, align: "left", padding: [0, 0, 0, -28] },
    nameGap: 12,
    axisLabel: { color: muted },
    splitLine: { lineStyle: { color: line } },
    ...more,
  };
}

export function xValueAxis(name: string, more: object = {}): object {
  return {
    type: "value",
    name,
    nameLocation: "middle",
    nameGap: 26,
    nameTextStyle: { color: muted },
    axisLabel: { color: muted },
    axisLine: { lineStyle: { color: muted } },
    splitLine: { show: false },
    ...more,
  };
}

/** A power axis that ends just below what is drawn: a little charging does not cost a whole grid line. */
export function stackAxis(name: string): object {
  let end = 0;
  const min = (range: { min: number; max: number }): number => {
    const step = 10 ** Math.floor(Math.log10(Math.max(range.max, 1))) / 10;
    end = range.min < 0 ? Math.floor((range.min * 1.1) / step) * step : 0;
    return end;
  };
  return valueAxis(name, { min, axisLabel: { color: muted, formatter: (v: number) => (v < 0 && v === end ? "" : v.toLocaleString("en-US")) } });
}

/** Months with a number, days with a date, hours on the clock; the same in both languages. */
export function timeAxis(min: number, max: number): object {
  return {
    type: "time",
    min,
    max,
    axisLabel: {
      color: muted,
      hideOverlap: true,
      formatter: { year: "{yyyy}-{MM}", month: "{yyyy}-{MM}", day: "{MM}-{dd}", hour: "{HH}:{mm}", minute: "{HH}:{mm}" },
    },
    axisLine: { lineStyle: { color: muted } },
    splitLine: { show: false },
  };
}

export function zoomBars(start = 0, end = 100): object[] {
  return [
    { type: "inside", start, end, minValueSpan: 6 * 3600e3, filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false },
    { type: "slider", start, end, height: 22, bottom: 8, minValueSpan: 6 * 3600e3, filterMode: "none", showDataShadow: false, brushSelect: false, labelFormatter: (value: number) => new Date(value).toISOString().slice(0, 10) },
  ];
}

export function limitLine(value: number, text: string, colour: string): object {
  return { yAxis: value, lineStyle: { color: colour, type: "dashed" }, label: { formatter: text, color: colour, position: "insideEndTop" } };
}
