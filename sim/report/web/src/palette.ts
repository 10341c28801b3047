// Colours that stay apart for colour-blind readers: hue and lightness both differ (after Okabe and Ito, 2008).

import { say } from "./language";

export const ink = "#1f2933";
export const muted = "#616e7c";
export const line = "#dfe3e8";
export const accent = "#0b5cad";
export const alarm = "#b3261e";

const kindColours: Record<string, string> = {
  waste: "#8c6d46",
  thermal: "#5f6b76",
  generator: "#7b8794",
  hvdc: "#44337a",
  hydro: "#1f6fb2",
  wind: "#66bfe0",
  solar: "#f2b705",
  storage: "#d55e00",
  unserved: "#b3261e",
  managed: "#e7a3b5",
  import_surplus: "#1b8a5a",
  import_firm: "#a05195",
  storage_charge: "#f0a36b",
  storage_discharge: "#d55e00",
};

const tieColours = ["#1b8a5a", "#8fd0a5", "#a05195", "#d8a7ca", "#00747a", "#c9b037"];
const loadColours = ["#1f6fb2", "#e69f00", "#1b8a5a", "#cc79a7", "#66bfe0", "#8c6d46", "#d55e00", "#5f6b76", "#a05195", "#b8c400"];

export function colourOfKind(kind: string): string {
  return kindColours[kind] ?? "#9aa5b1";
}
export function colourOfTie(index: number): string {
  return tieColours[index % tieColours.length];
}
export function colourOfRow(index: number): string {
  return loadColours[index % loadColours.length];
}

export function nameOfKind(kind: string): string {
  const names: Record<string, [string, string]> = {
    waste: ["垃圾发电", "Waste-to-energy"],
    thermal: ["火电", "Thermal"],
    generator: ["发电机", "Generators"],
    hvdc: ["直流", "HVDC"],
    hydro: ["水电", "Hydro"],
    wind: ["风电", "Wind"],
    solar: ["光伏", "Solar"],
    residential: ["居民", "Residential"],
    commercial: ["商业", "Commercial"],
    public: ["公共", "Public"],
    heating: ["电采暖", "Electric heating"],
    potline: ["电解铝", "Potlines"],
    aluminium: ["电解铝", "Aluminium"],
    polysilicon: ["多晶硅", "Polysilicon"],
    monosilicon: ["单晶硅", "Mono-silicon"],
    silicon: ["硅材料", "Silicon"],
    data_center: ["数据中心", "Data centers"],
    street_lamp: ["路灯", "Street lamps"],
    sewage: ["污水处理", "Sewage works"],
    mono_silicon: ["单晶硅", "Mono-silicon"],
    aluminium_processing: ["铝加工", "Aluminium processing"],
    battery_works: ["电池制造", "Battery works"],
    carbon_fibre: ["碳纤维", "Carbon fibre"],
    cement: ["水泥", "Cement"],
    chemicals: ["化工", "Chemicals"],
    copper_foil: ["铜箔", "Copper foil"],
    ferro_alloy: ["铁合金", "Ferro-alloys"],
    light_industry: ["轻工与其他工业", "Light industry"],
    machinery: ["机械", "Machinery"],
    magnesium: ["镁业", "Magnesium"],
    pharma: ["医药", "Pharmaceuticals"],
    special_steel: ["特钢", "Special steel"],
    import_surplus: ["受入清洁富余", "Imports, clean surplus"],
    import_firm: ["受入常规电力", "Imports, firm"],
    export: ["送出", "Exports"],
    storage_charge: ["储能充电", "Storage charge"],
    storage_discharge: ["储能放电", "Storage discharge"],
    industry: ["其他工业", "Other industry"],
    industrial: ["工业", "Industry"],
    static: ["固定负荷", "Static"],
    battery: ["电池储能", "Battery"],
    storage_auxiliary: ["储能站用电", "Auxiliaries of storages"],
  };
  const name = names[kind];
  return name ? say(...name) : kind.replaceAll("_", " ");
}

/** Light to dark blue below 60 %, amber to dark red above: lightness alone tells them apart. */
export const loadingSteps: { from: number; colour: string }[] = [
  { from: 0, colour: "#a9c3dc" },
  { from: 20, colour: "#6f9fcc" },
  { from: 40, colour: "#2565a3" },
  { from: 60, colour: "#f0b429" },
  { from: 80, colour: "#de6b00" },
  { from: 100, colour: "#8f1d14" },
];

export function colourOfLoading(percent: number): string {
  if (!Number.isFinite(percent)) return "#aab4be";
  let colour = loadingSteps[0].colour;
  for (const step of loadingSteps) {
    if (percent >= step.from) colour = step.colour;
  }
  return colour;
}

export const levelColours: Record<number, string> = { 750: "#a3195b", 330: "#1f6fb2", 110: "#1b8a5a", 66: "#8c6d46" };
export function colourOfLevel(kv: number): string {
  return levelColours[kv] ?? "#616e7c";
}

/** White over amber to deep red-brown, for heat maps of energy lost. */
export const heatRamp = ["#fff7e0", "#fddc8c", "#f9a93a", "#e06a10", "#a63603", "#5a1a02"];
