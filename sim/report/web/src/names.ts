// What elements are called on the page.

import { nameOf } from "./language";
import type { AxisName, Entry, Report } from "./report";

const withoutLevel = (name: string): string => name.replace(/\s*\d+(\.\d+)?\s*kV$/i, "");

/** The station of a bus, by its name without the voltage level. */
export function stationName(report: Report, bus: string): string {
  const entry = report.entries("bus").find((e) => e.id === bus);
  return entry ? withoutLevel(nameOf(entry.name, entry.id)) : bus;
}

/** Name of an element; a branch that has only its id is called after its ends. */
export function elementName(report: Report, entry: Entry): string {
  const own = nameOf(entry.name, entry.id);
  if (own !== entry.id || !entry.from || !entry.to) return own;
  const from = stationName(report, entry.from);
  const to = stationName(report, entry.to);
  return from === to ? `${from} (${own})` : `${from}–${to}`;
}

/** Name of whatever has this id on one of the axes; the id where nothing has it. */
export function nameOfId(report: Report, id: string): string {
  for (const axis of ["line", "transformer", "section", "bus", "source", "load", "storage", "tie"] as AxisName[]) {
    const entry = report.entries(axis).find((e) => e.id === id);
    if (entry) return elementName(report, entry);
  }
  return id;
}
