// Opens reports from their files in headless Chromium and holds them against their summary.json.
//
//     node report_test.mjs YEAR [QUIET]
//
// YEAR and QUIET are folders with report.html and summary.json; in QUIET nothing was curtailed. Fails on any console
// error, page error or network request. Screenshots go to screenshots/. Exit 77: there is no Chromium here.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, skipWithoutChromium } from "./chromium.mjs";

const [yearFolder, quietFolder] = process.argv.slice(2).map((folder) => resolve(folder));
const pages = ["overview", "dispatch", "duration", "curtailment", "green", "prices", "storage", "devices", "loading", "outages", "voltage", "map", "days", "calibration", "facts", "run"];
const sizes = { desktop: { width: 1360, height: 900 }, mobile: { width: 390, height: 800 } };

skipWithoutChromium();

/** What went wrong behind the page's back. */
const troubles = [];

function listen(page) {
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`page: ${error.stack ?? error}`));
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) troubles.push(`request: ${request.url()}`);
  });
}

async function open(page, folder, id, lang) {
  await page.goto("about:blank");
  await page.goto(`${pathToFileURL(join(folder, "report.html"))}#page=${id}&lang=${lang}`);
  await page.waitForSelector("body[data-ready]");
  await page.waitForSelector(`main[data-page="${id}"]`);
  await settle(page);
}

/** Every chart of the page is drawn. */
async function settle(page) {
  await page.waitForFunction(() => [...document.querySelectorAll(".chart")].every((chart) => chart.dataset.ready));
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

const numberIn = (text) => Number(text.replace(/[^0-9.eE+-]/g, ""));

/** A shown number is the wanted one to the digits it is shown with. */
function assertShown(text, wanted, what) {
  const figure = /-?[\d,]+(\.\d+)?/.exec(text)?.[0] ?? "";
  const digits = figure.split(".")[1]?.length ?? 0;
  assert.ok(Math.abs(numberIn(figure) - wanted) <= 0.5000001 * 10 ** -digits, `${what}: shows ${text.trim()}, summary says ${wanted}`);
}

async function checkIndicators(page, summary) {
  const scale = { demand_mwh: 1e-3, peak_demand_mw: 1, mean_demand_mw: 1, load_factor: 100, losses_mwh: 1e-3, loss_rate: 100, unserved_mwh: 1, curtailed_mwh: 1, utilisation_rate_wind: 100, utilisation_rate_solar: 100, import_mwh: 1e-3, import_mwh_gansu: 1e-3, green_share_annual: 100, green_share_hourly: 100, external_surplus_unused_mwh: 1e-3, co2_t: 1e-3, cost_cny: 1e-6, line_loading_max_percent: 1, transformer_loading_max_percent: 1, sunshine_hours: 1 };
  const shown = await page.$$eval("[data-indicator]", (cells) => cells.map((cell) => [cell.dataset.indicator, cell.textContent]));
  const seen = new Set();
  for (const [key, text] of shown) {
    if (!(key in scale)) continue;
    seen.add(key);
    assertShown(text, summary.indicators[key] * scale[key], key);
  }
  for (const key of Object.keys(scale)) {
    if (key in summary.indicators) assert.ok(seen.has(key), `${key} is not on the overview`);
  }
}

/** The first page states the findings of the summary, in the language of the page. */
async function checkFindings(page, folder, summary) {
  assert.ok(summary.findings.length > 0);
  for (const lang of ["zh", "en"]) {
    await open(page, folder, "overview", lang);
    const shown = await page.$$eval(".findings li", (items) => items.map((item) => item.textContent));
    for (const { text } of summary.findings) {
      assert.ok(shown.some((line) => line.includes(text[lang])), `not on the first page: ${text[lang]}`);
    }
    assert.ok(shown[0].includes(summary.findings[0].text[lang]), "the gravest stands first");
  }
}

async function checkLanguages(page) {
  assert.equal(await page.textContent("main h2"), "概览");
  await page.click('header .choice [data-value="en"]');
  await page.waitForFunction(() => document.documentElement.lang === "en");
  assert.equal(await page.textContent("main h2"), "Overview");
  assert.match(page.url(), /lang=en/);
  const words = await page.textContent("main");
  assert.match(words, /Peak demand/);
  await page.click('nav [data-page="dispatch"]');
  await page.waitForSelector('main[data-page="dispatch"]');
  assert.equal(await page.textContent("main h2"), "Dispatch", "the language stays from section to section");
  await page.click('header .choice [data-value="zh"]');
  await page.waitForFunction(() => document.documentElement.lang === "zh-CN");
  assert.equal(await page.textContent("main h2"), "电力平衡");
}

/** No word of the other language's sentences: English pages hold no Chinese but the names of things and the brand. */
async function checkEnglishIsEnglish(page, folder) {
  for (const id of pages) {
    await open(page, folder, id, "en");
    const text = await page.$eval("main", (main) => {
      const copy = main.cloneNode(true);
      for (const quoted of copy.querySelectorAll(".reason, td.meaning, td.path")) quoted.remove();
      return copy.textContent;
    });
    assert.doesNotMatch(text, /[\u4e00-\u9fff]/, `Chinese on the English page ${id}: ${/[\u4e00-\u9fff]+/.exec(text)?.[0]}`);
  }
}

const pixels = (page, selector) => page.$eval(`${selector} canvas`, (canvas) => canvas.toDataURL());

async function checkZoom(page, folder) {
  await open(page, folder, "dispatch", "zh");
  const level = () => page.$eval("#dispatch-window", (note) => note.dataset.level);
  assert.equal(await level(), "day");
  const before = await pixels(page, ".chart");
  await page.click('.tools [data-value="week"]');
  await page.waitForFunction(() => document.querySelector("#dispatch-window").dataset.level === "step");
  await settle(page);
  assert.notEqual(await pixels(page, ".chart"), before, "zooming changes the picture");
  await page.screenshot({ path: "screenshots/dispatch-week.png" });
  await page.fill('input[type="date"]', "2025-07-10");
  await page.dispatchEvent('input[type="date"]', "change");
  await page.waitForFunction(() => document.querySelector("#dispatch-window").textContent.includes("2025-07-10 00:00"));
  await page.click('.tools [data-value="day"]');
  await settle(page);
  await page.click('.tools [data-value="year"]');
  await page.waitForFunction(() => document.querySelector("#dispatch-window").dataset.level === "day");
}

async function checkMap(page, folder) {
  await open(page, folder, "map", "zh");
  const before = await pixels(page, ".chart");
  await page.$eval('input[type="range"]', (slider) => {
    slider.value = "4356"; // 1 July 2025, 12:00
    slider.dispatchEvent(new Event("input"));
  });
  await settle(page);
  assert.equal(await page.textContent("#map-time"), "2025-07-01 12:00");
  assert.notEqual(await pixels(page, ".chart"), before, "the slider recolours the map");
  await page.click('.tools [data-value="330"]');
  await page.click('.tools [data-value="city"]');
  await settle(page);
  await page.screenshot({ path: "screenshots/map-city-330.png" });
  await page.click('.time-bar [aria-label="后一小时"]');
  assert.equal(await page.textContent("#map-time"), "2025-07-01 13:00");
}

async function checkLoading(page, folder) {
  await open(page, folder, "loading", "zh");
  const title = () => page.textContent("#selected-element h3");
  const first = await title();
  await page.click("tbody tr.pickable:nth-child(2)");
  await settle(page);
  assert.notEqual(await title(), first, "a picked row is drawn");
  await page.click('.tools [data-value="transformer"]');
  await settle(page);
  assert.match(await title(), /主变/);
}

async function checkOutages(page, folder, summary) {
  await open(page, folder, "outages", "zh");
  assertShown(await page.textContent('[data-indicator="n1_secure_hours"]'), summary.indicators.n1_secure_hours, "secure hours");
  for (const row of summary.n1_worst) {
    assertShown(await page.textContent(`[data-outage="${row.outage}"]`), row.loading_percent, `outage of ${row.outage}`);
  }
}

async function checkDays(page, folder, summary) {
  await open(page, folder, "days", "zh");
  const buttons = await page.$$(".tools .choice button");
  assert.equal(buttons.length, summary.typical_days.length);
  for (const day of summary.typical_days) {
    await page.click(`.tools [data-value="${day.id}"]`);
    await page.waitForSelector(`.stack[data-day="${day.id}"]`);
    await settle(page);
    assert.ok((await page.$$(".chart canvas")).length >= 3, `charts of ${day.id}`);
  }
}

async function checkCalibration(page, folder, summary) {
  await open(page, folder, "calibration", "zh");
  const marks = await page.$$eval("[data-calibration]", (rows) => rows.map((row) => [row.dataset.calibration, row.querySelector(".mark").textContent]));
  assert.deepEqual(marks, summary.calibration.map((row) => [row.id, row.judged ? (row.inside ? "✓" : "✗") : "–"]));
}

async function checkRun(page, folder, summary) {
  await open(page, folder, "run", "zh");
  assertShown(await page.textContent('[data-steps="converged"]'), summary.steps.converged, "converged steps");
  assertShown(await page.textContent('[data-count="buses"]'), summary.counts.buses, "buses");
}

async function checkFacts(page, folder) {
  await open(page, folder, "facts", "zh");
  await page.fill('input[type="search"]', "length_km");
  const reasons = await page.$$eval(".fact", (items) => items.map((item) => item.textContent));
  assert.ok(reasons.length > 0 && reasons.every((text) => text.includes("假设")), "the search finds the assumed lengths only");
  await page.click(".fact summary");
  await page.waitForSelector(".fact[open] td.path");
}

async function checkNothingCurtailed(page, folder) {
  await open(page, folder, "curtailment", "zh");
  assert.match(await page.textContent("main .nothing"), /没有弃电/);
}

/** Sections and languages changed faster than they draw: nothing of the page left behind may speak up later. */
async function checkHurry(page, folder) {
  await open(page, folder, "map", "zh");
  for (const wait of [0, 30, 400]) {
    for (const id of pages) {
      await page.click(`nav [data-page="${id}"]`);
      await page.waitForTimeout(wait);
    }
    await page.click('header .choice [data-value="en"]');
    await page.click('nav [data-page="map"]');
    await page.click('.time-bar [aria-label="Play"], .time-bar [aria-label="播放"]');
    await page.waitForTimeout(wait);
    await page.click('header .choice [data-value="zh"]');
    await page.setViewportSize(wait % 20 ? sizes.mobile : sizes.desktop);
  }
  await page.waitForTimeout(600);
  await page.setViewportSize(sizes.desktop);
}

/** Every section at one size: drawn, nothing sticks out sideways, charts are not blank. */
async function checkLayout(page, folder, name) {
  await page.setViewportSize(sizes[name]);
  for (const id of pages) {
    await open(page, folder, id, "zh");
    const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `${id} is ${wide} px too wide at ${name} size`);
    const blank = await page.$$eval(".chart", (charts) => {
      const isBlank = (canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return !data.some((value, k) => k % 4 === 3 && value > 0);
      };
      return charts.filter((chart) => [...chart.querySelectorAll("canvas")].every(isBlank)).length;
    });
    assert.equal(blank, 0, `blank charts on ${id}`);
    await page.screenshot({ path: `screenshots/${id}-${name}.png`, fullPage: true });
  }
  await page.setViewportSize(sizes.desktop);
}

const playwright = await import("playwright-core");
mkdirSync("screenshots", { recursive: true });
const profile = mkdtempSync(join(tmpdir(), "yuanwang-browser-"));
const context = await playwright.chromium.launchPersistentContext(profile, {
  executablePath: chromium,
  headless: true,
  viewport: sizes.desktop,
  timezoneId: "America/New_York", // the report shows Beijing hours wherever it is read
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const page = await context.newPage();
  listen(page);
  const summary = JSON.parse(readFileSync(join(yearFolder, "summary.json"), "utf8"));
  await open(page, yearFolder, "overview", "zh");
  await checkIndicators(page, summary);
  await checkFindings(page, yearFolder, summary);
  await open(page, yearFolder, "overview", "zh");
  await checkLanguages(page);
  await checkZoom(page, yearFolder);
  await checkMap(page, yearFolder);
  await checkLoading(page, yearFolder);
  await checkOutages(page, yearFolder, summary);
  await checkDays(page, yearFolder, summary);
  await checkCalibration(page, yearFolder, summary);
  await checkRun(page, yearFolder, summary);
  await checkFacts(page, yearFolder);
  await checkHurry(page, yearFolder);
  await checkEnglishIsEnglish(page, yearFolder);
  if (quietFolder) await checkNothingCurtailed(page, quietFolder);
  for (const name of Object.keys(sizes)) await checkLayout(page, yearFolder, name);
  assert.deepEqual(troubles, [], "console errors, page errors and requests");
  console.log(`${pages.length} sections in two languages and two sizes; screenshots in ${resolve("screenshots")}`);
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
