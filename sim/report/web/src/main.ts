// The page of a run: a bar with the sections, one section at a time. Section, language and what else a reader has
// chosen stand in the hash (`#page=map&lang=en`), so that a link shows what the sender saw.

import "./style.css";

import { disposeCharts } from "./chart";
import { Clock, clockNote, dateText } from "./clock";
import { choice, make } from "./dom";
import { language, nameOf, say, setLanguage, type Language } from "./language";
import { calibrationPage } from "./pages/calibration";
import { curtailmentPage } from "./pages/curtailment";
import { daysPage } from "./pages/days";
import { devicesPage } from "./pages/devices";
import { dispatchPage } from "./pages/dispatch";
import { durationPage } from "./pages/duration";
import { factsPage } from "./pages/facts";
import { greenPage } from "./pages/green";
import { loadingPage } from "./pages/loading";
import { mapPage } from "./pages/map";
import { outagesPage } from "./pages/outages";
import { overviewPage } from "./pages/overview";
import { pricesPage } from "./pages/prices";
import { runPage } from "./pages/run";
import { shortCircuitPage } from "./pages/short_circuit";
import { storagePage } from "./pages/storage";
import { voltagePage } from "./pages/voltage";
import { readReport, type Report } from "./report";

export interface Page {
  id: string;
  title: () => string;
  render: (report: Report, clock: Clock) => Node[];
}

const pages: Page[] = [overviewPage, dispatchPage, durationPage, curtailmentPage, greenPage, pricesPage, storagePage, devicesPage, loadingPage, outagesPage, shortCircuitPage, voltagePage, mapPage, daysPage, calibrationPage, factsPage, runPage];

function hash(): URLSearchParams {
  return new URLSearchParams(location.hash.replace(/^#/, ""));
}

function go(changes: Record<string, string>): void {
  const wanted = hash();
  for (const [key, value] of Object.entries(changes)) wanted.set(key, value);
  location.hash = wanted.toString();
}

function header(report: Report, clock: Clock): HTMLElement {
  const summary = report.header.summary;
  const name = nameOf(summary.scenario.name, summary.scenario.id);
  const period = `${dateText(clock.start)} – ${dateText(clock.end - 1)}`;
  const steps = say(`${clock.nStep} 个时段，每段 ${report.header.time.step_minutes} 分钟`, `${clock.nStep} step${clock.nStep > 1 ? "s" : ""} of ${report.header.time.step_minutes} min`);
  document.title = `${name} · Yuanwang 源网`;
  return make(
    "header.top",
    {},
    make("div.brand", {}, make("span.mark", {}, "源网"), make("span.word", {}, "Yuanwang")),
    make("div.title", {}, make("h1", {}, name), make("p", {}, `${period} · ${steps}`)),
    choice<Language>(
      [
        { value: "zh", label: "中文" },
        { value: "en", label: "English" },
      ],
      language(),
      (lang) => go({ lang }),
      "language",
    ),
  );
}

function navigation(current: Page): HTMLElement {
  const bar = make("nav.sections", { "aria-label": say("章节", "Sections") });
  for (const page of pages) {
    const link = make("a", { href: "#", "data-page": page.id, "aria-current": page === current ? "page" : undefined }, page.title());
    link.addEventListener("click", (event) => {
      event.preventDefault();
      go({ page: page.id });
    });
    bar.append(link);
  }
  return bar;
}

function show(report: Report, clock: Clock, opening: Language): void {
  const lang = hash().get("lang");
  setLanguage(lang === "en" || lang === "zh" ? lang : opening);
  const page = pages.find((p) => p.id === hash().get("page")) ?? pages[0];
  disposeCharts();
  const main = make("main", { "data-page": page.id }, make("h2", {}, page.title()), ...page.render(report, clock));
  const footer = make("footer", {}, `${clockNote()}${say("。", ". ")}Yuanwang 源网 ${report.header.version}`);
  const bar = navigation(page);
  document.getElementById("app")!.replaceChildren(header(report, clock), bar, make("div.body", {}, main, footer));
  const link = bar.querySelector<HTMLElement>("[aria-current]")!;
  bar.scrollLeft = link.offsetLeft - bar.clientWidth / 2 + link.clientWidth / 2;
  window.scrollTo(0, 0);
}

async function start(): Promise<void> {
  const opening: Language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
  if (typeof DecompressionStream === "undefined") {
    document.getElementById("app")!.textContent = "This browser is too old to unpack the report (DecompressionStream). 浏览器版本过旧，请升级后打开。";
    return;
  }
  const report = await readReport();
  const clock = new Clock(report);
  window.addEventListener("hashchange", () => show(report, clock, opening));
  show(report, clock, opening);
  document.body.dataset.ready = "true";
}

void start();
