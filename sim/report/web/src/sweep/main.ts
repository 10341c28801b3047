// The page of a sweep: a bar with the sections, one at a time; section and language stand in the hash.

import "../style.css";
import "./sweep.css";

import { ParallelChart } from "echarts/charts";
import { ParallelComponent } from "echarts/components";
import * as echarts from "echarts/core";

import { disposeCharts } from "../chart";
import { choice, make } from "../dom";
import { language, say, setLanguage, type Language } from "../language";
import { bestPage } from "./best";
import { bandsPage, effectsPage, heatPage, parallelPage, paretoPage } from "./charts";
import { readSweep, type Sweep } from "./data";
import { projectsPage } from "./projects";

echarts.use([ParallelChart, ParallelComponent]);

interface Section {
  id: string;
  title: () => string;
  render: (sweep: Sweep) => Node[];
}

const ofSweep: Section[] = [
  { id: "best", title: () => say("最优算例", "Best members"), render: bestPage },
  { id: "pareto", title: () => say("权衡", "Trade-offs"), render: paretoPage },
  { id: "effects", title: () => say("敏感度", "What matters"), render: effectsPage },
  { id: "parallel", title: () => say("平行坐标", "Parallel coordinates"), render: parallelPage },
  { id: "heat", title: () => say("热图", "Heat map"), render: heatPage },
  { id: "bands", title: () => say("气象年", "Weather years"), render: bandsPage },
];

/** Coalitions of projects are read project by project. */
const ofPortfolio: Section[] = [{ id: "projects", title: () => say("项目贡献", "What projects bring"), render: projectsPage }, ...ofSweep.filter((section) => ["best", "pareto"].includes(section.id))];

let sections = ofSweep;

const hash = (): URLSearchParams => new URLSearchParams(location.hash.replace(/^#/, ""));

function go(changes: Record<string, string>): void {
  const wanted = hash();
  for (const [key, value] of Object.entries(changes)) wanted.set(key, value);
  location.hash = wanted.toString();
}

function header(sweep: Sweep): HTMLElement {
  document.title = `${sweep.name} · Yuanwang 源网`;
  return make(
    "header.top",
    {},
    make("div.brand", {}, make("span.mark", {}, "源网"), make("span.word", {}, "Yuanwang")),
    make("div.title", {}, make("h1", {}, sweep.name), make("p", {}, sweep.portfolio ? say(`项目组合：${sweep.status.length} 次仿真`, `A portfolio: ${sweep.status.length} runs`) : say(`参数扫描：${sweep.status.length} 个算例`, `A sweep of ${sweep.status.length} members`))),
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

function navigation(current: Section): HTMLElement {
  const bar = make("nav.sections", { "aria-label": say("章节", "Sections") });
  for (const section of sections) {
    const link = make("a", { href: "#", "data-page": section.id, "aria-current": section === current ? "page" : undefined }, section.title());
    link.addEventListener("click", (event) => {
      event.preventDefault();
      go({ page: section.id });
    });
    bar.append(link);
  }
  return bar;
}

function show(sweep: Sweep, opening: Language): void {
  const lang = hash().get("lang");
  setLanguage(lang === "en" || lang === "zh" ? lang : opening);
  const section = sections.find((s) => s.id === hash().get("page")) ?? sections[0];
  disposeCharts();
  const main = make("main", { "data-page": section.id }, make("h2", {}, section.title()), ...section.render(sweep));
  const footer = make("footer", {}, `Yuanwang 源网 ${sweep.version}`);
  document.getElementById("app")!.replaceChildren(header(sweep), navigation(section), make("div.body", {}, main, footer));
  window.scrollTo(0, 0);
}

async function start(): Promise<void> {
  const opening: Language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
  if (typeof DecompressionStream === "undefined") {
    document.getElementById("app")!.textContent = "This browser is too old to unpack the report (DecompressionStream). 浏览器版本过旧，请升级后打开。";
    return;
  }
  const sweep = await readSweep();
  if (sweep.portfolio) sections = ofPortfolio;
  window.addEventListener("hashchange", () => show(sweep, opening));
  show(sweep, opening);
  document.body.dataset.ready = "true";
}

void start();
