// Stations and where they stand: by coordinates, or by connection where a scenario has none.

import { stationName } from "./names";
import type { Entry, Report } from "./report";

export interface Station {
  id: string;
  kv: number; ///< highest level
  kind: string;
  zone: string;
  inCity: boolean;
  place: [number, number];
  buses: { entry: Entry; index: number }[];
  label: () => string;
}

export interface Places {
  stations: Station[];
  stationOfBus: Map<string, Station>;
  geographic: boolean;
}

function gather(report: Report): { stations: Station[]; stationOfBus: Map<string, Station> } {
  const stations = new Map<string, Station>();
  const stationOfBus = new Map<string, Station>();
  report.entries("bus").forEach((entry, index) => {
    const id = entry.substation || entry.id;
    let station = stations.get(id);
    if (!station) {
      const top: Station = { id, kv: 0, kind: entry.substation_kind ?? "", zone: entry.zone ?? "", inCity: entry.in_city ?? false, place: [entry.lon ?? NaN, entry.lat ?? NaN], buses: [], label: () => stationName(report, top.buses[0].entry.id) };
      station = top;
      stations.set(id, station);
    }
    station.kv = Math.max(station.kv, entry.kv ?? 0);
    station.buses.push({ entry, index });
    stationOfBus.set(entry.id, station);
  });
  return { stations: [...stations.values()], stationOfBus };
}

/** Mercator-like: east-west degrees shrink with the cosine of the latitude. */
function project(stations: Station[]): void {
  const latitude = stations.reduce((sum, s) => sum + s.place[1], 0) / stations.length;
  const shrink = Math.cos((latitude * Math.PI) / 180);
  for (const s of stations) s.place = [s.place[0] * shrink, s.place[1]];
}

/** Springs along connections, repulsion between all (Fruchterman and Reingold, 1991), from a fixed spiral. */
function arrange(stations: Station[], links: [number, number][]): void {
  const n = stations.length;
  const x = Float64Array.from({ length: n }, (_, i) => Math.sqrt(i + 1) * Math.cos(2.39996 * i));
  const y = Float64Array.from({ length: n }, (_, i) => Math.sqrt(i + 1) * Math.sin(2.39996 * i));
  const dx = new Float64Array(n);
  const dy = new Float64Array(n);
  const rounds = n > 600 ? 60 : 250;
  for (let round = 0; round < rounds; ++round) {
    dx.fill(0);
    dy.fill(0);
    for (let i = 0; i < n; ++i) {
      for (let j = i + 1; j < n; ++j) {
        const ex = x[i] - x[j];
        const ey = y[i] - y[j];
        const push = 1 / (ex * ex + ey * ey + 0.01);
        dx[i] += ex * push;
        dy[i] += ey * push;
        dx[j] -= ex * push;
        dy[j] -= ey * push;
      }
    }
    for (const [i, j] of links) {
      const ex = x[i] - x[j];
      const ey = y[i] - y[j];
      const pull = Math.hypot(ex, ey);
      dx[i] -= ex * pull;
      dy[i] -= ey * pull;
      dx[j] += ex * pull;
      dy[j] += ey * pull;
    }
    const step = 0.5 * (1 - round / rounds) + 0.01;
    for (let i = 0; i < n; ++i) {
      const force = Math.hypot(dx[i], dy[i]) || 1;
      const move = Math.min(step, force) / force;
      x[i] += dx[i] * move;
      y[i] += dy[i] * move;
    }
  }
  stations.forEach((s, i) => (s.place = [x[i], y[i]]));
}

export function placeStations(report: Report): Places {
  const { stations, stationOfBus } = gather(report);
  const geographic = stations.length > 0 && stations.every((s) => s.place.every(Number.isFinite));
  if (geographic) {
    project(stations);
  } else {
    const row = new Map(stations.map((s, i) => [s, i]));
    const links = (["line", "transformer"] as const).flatMap((axis) =>
      report.entries(axis).flatMap((entry) => {
        const i = row.get(stationOfBus.get(entry.from ?? "")!);
        const j = row.get(stationOfBus.get(entry.to ?? "")!);
        return i !== undefined && j !== undefined && i !== j ? [[i, j] as [number, number]] : [];
      }),
    );
    arrange(stations, links);
  }
  return { stations, stationOfBus, geographic };
}
