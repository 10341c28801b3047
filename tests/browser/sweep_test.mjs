// Opens the page of a sweep in headless Chromium and holds it against sweep.csv.
//
//     node sweep_test.mjs FOLDER
//
// Fails on any console error, page error or network request. Exit 77: there is no Chromium here.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, skipWithoutChromium } from "./chromium.mjs";

const folder = resolve(process.argv[2]);
const pages = { best: ["最优算例", "Best members"], pareto: ["权衡", "Trade-offs"], effects: ["敏感度", "What matters"], parallel: ["平行坐标", "Parallel coordinates"], heat: ["热图", "Heat map"], bands: ["气象年", "Weather years"] };

skipWithoutChromium();
const { chromium: playwright } = await import("playwright-core");

const [head, ...rows] = readFileSync(join(folder, "sweep.csv"), "utf8").trim().split("\n").map((line) => line.split(","));
const column = (name) => rows.map((row) => row[head.indexOf(name)]);

/** Members no other beats in both, by brute force. */
function findFront(x, y) {
  return rows.map((_, m) => m).filter((m) => !rows.some((_, o) => (x[o] < x[m] && y[o] <= y[m]) || (x[o] <= x[m] && y[o] < y[m])));
}

const profile = mkdtempSync(join(tmpdir(), "yuanwang_sweep_"));
const browser = await playwright.launchPersistentContext(profile, { executablePath: chromium, headless: true, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"], viewport: { width: 1360, height: 900 } });
const troubles = [];
try {
  const page = await browser.newPage();
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && troubles.push(message.text()));
  page.on("pageerror", (error) => troubles.push(String(error.stack ?? error)));
  page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || troubles.push(`request: ${request.url()}`));
  mkdirSync("screenshots", { recursive: true });
  const open = async (id, lang) => {
    await page.goto("about:blank");
    await page.goto(`${pathToFileURL(join(folder, "report.html"))}#page=${id}&lang=${lang}`);
    await page.waitForSelector("body[data-ready]");
    await page.waitForFunction(() => [...document.querySelectorAll(".chart")].every((chart) => chart.dataset.ready));
  };
  for (const [id, [zh, en]] of Object.entries(pages)) {
    await open(id, "zh");
    assert.equal(await page.textContent("main h2"), zh);
    await page.screenshot({ path: `screenshots/sweep_${id}.png` });
    await open(id, "en");
    assert.equal(await page.textContent("main h2"), en);
    assert.doesNotMatch(await page.textContent("main"), /[\u4e00-\u9fff]/, `Chinese on the English page ${id}`);
    if (id !== "best") assert.ok((await page.$$(".chart canvas")).length > 0, `${id} draws nothing`);
  }

  await open("best", "en");
  const first = await page.$eval("#members tbody tr", (row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent));
  const best = column("rank").indexOf("1");
  assert.equal(first[0], "1");
  assert.equal(Number(first[1]), best + 1, "the best member stands first");
  assert.match(await page.textContent("#counts"), new RegExp(`^${rows.length} members: ${rows.length} done`));

  await open("pareto", "en");
  const names = await page.$$eval("#pick-x option", (options) => options.map((option) => option.dataset.key));
  assert.match(await page.textContent("#pick-x"), /Cost of energy, M CNY/, "indicators have names and units");
  await page.selectOption("#pick-x", String(names.indexOf("cost_cny")));
  await page.selectOption("#pick-y", String(names.indexOf("curtailed_mwh")));
  const shown = (await page.getAttribute("#pareto", "data-front")).split(",").map(Number).sort((a, b) => a - b);
  const wanted = findFront(column("cost_cny").map(Number), column("curtailed_mwh").map(Number)).map((m) => m + 1);
  assert.deepEqual(shown, wanted, "the Pareto front");

  await open("parallel", "en");
  const ends = JSON.parse(await page.getAttribute("#parallel", "data-ends"));
  for (const [name, axis] of Object.entries(ends)) {
    const values = column(name).map(Number);
    assert.deepEqual([axis.min, axis.max], [Math.min(...values), Math.max(...values)], `the axis of ${name} holds every member`);
  }
  assert.ok(ends.cost_cny, "what members are ranked by has an axis");

  await open("effects", "en");
  const main = (await page.getAttribute("#sensitivity", "data-main")).split(",").map(Number);
  assert.ok(main.every((s) => s >= 0 && s <= 1) && main.reduce((a, b) => a + b) <= 1.0001, "main effects are shares of one variance");
  await page.selectOption("#pick-effect", "0");
  await page.waitForFunction(() => [...document.querySelectorAll(".chart")].every((chart) => chart.dataset.ready));
  assert.deepEqual(troubles, []);
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(`sweep page: ${rows.length} members, ${Object.keys(pages).length} sections, passed`);
