// Does the run look like the city? Targets with their bands, and where the run lies.

import { make, panel } from "../dom";
import { brief, fixed } from "../format";
import { label, scaleOf, shown, unit } from "../indicators";
import { nameOf, say } from "../language";
import type { Page } from "../main";
import type { CalibrationRow, Report } from "../report";

/** A strip with the band in the middle half and the value as a tick. */
function strip(row: CalibrationRow): HTMLElement {
  const width = row.max - row.min || Math.abs(row.max) || 1;
  const offset = row.max > row.min ? (row.value ?? NaN) - row.min : width / 2 + (row.value ?? NaN) - row.min;
  const place = 25 + (50 * offset) / width;
  const tick = Number.isFinite(place) ? make("i", { style: `left:${Math.min(99, Math.max(1, place))}%` }) : null;
  return make("div.strip", { class: row.inside || row.judged === false ? "strip" : "strip out" }, make("b"), tick);
}

function number(report: Report, row: CalibrationRow, value: number | null): string {
  const known = unit(report, row.indicator) !== "";
  if (!known) return value !== null && Number.isInteger(value) ? fixed(value, 0) : brief(value);
  if (value === 0) return "0";
  const digits = Math.abs((value ?? 0) * scaleOf(report, row.indicator)) < 10 ? 3 : 1;
  return digits === 3 ? fixed((value ?? NaN) * scaleOf(report, row.indicator), 3) : shown(report, row.indicator, value);
}

export const calibrationPage: Page = {
  id: "calibration",
  title: () => say("校核", "Calibration"),
  render: (report) => {
    const rows = report.header.summary.calibration;
    if (!rows.length) return [make("div.nothing", {}, say("场景没有给出校核目标", "The scenario states no calibration targets"))];
    const judged = rows.filter((r) => r.judged !== false);
    const inside = judged.filter((r) => r.inside).length;
    const rest = rows.length - judged.length;
    const body = make("tbody");
    for (const row of rows) {
      body.append(
        make(
          "tr",
          { class: row.inside || row.judged === false ? undefined : "bad", "data-calibration": row.id },
          make("td.mark", {}, row.judged === false ? "–" : row.inside ? "✓" : "✗"),
          make("td", { title: label(report, row.indicator) }, nameOf(row.name, row.id)),
          make("td.number", { "data-calibration-value": row.id }, number(report, row, row.value)),
          make("td.number", {}, row.max > row.min ? `${number(report, row, row.min)} … ${number(report, row, row.max)}` : number(report, row, row.min)),
          make("td.unit", {}, unit(report, row.indicator)),
          make("td", {}, strip(row)),
          make("td.meaning", {}, row.source),
        ),
      );
    }
    const titles = ["", say("目标", "Target"), say("本次", "Run"), say("范围", "Band"), say("单位", "Unit"), "", say("依据", "Source")];
    return [
      panel(
        say(`${judged.length} 项中 ${inside} 项在范围内`, `${inside} of ${judged.length} inside their bands`),
        say("范围以外说明场景或模型有误；深色带为允许范围，竖线为本次结果", "A value outside its band is a fault of the scenario or the model; dark: the band, tick: this run") +
          (rest ? say(`。另 ${rest} 项是全年的范围，本次不满一年，不作判断`, `. ${rest} more are bands of a whole year, which this run is not: no verdict`) : ""),
        make("div.table-box", {}, make("table", {}, make("thead", {}, make("tr", {}, ...titles.map((t) => make("th", {}, t)))), body)),
      ),
    ];
  },
};
