// What single devices did: storages and their tenants, data centers, potlines, rooms and basins, one table a family.

import { make, panel } from "../dom";
import { brief, fixed } from "../format";
import { nameOf, say } from "../language";
import type { Page } from "../main";
import type { AxisName, Report } from "../report";
import { makeTable } from "../table";

interface Device {
  name: string;
  facts: Record<string, number | null>;
}

const families: Record<string, [string, string]> = {
  storage: ["储能", "Storage"],
  storage_tenant: ["共享储能租户", "Tenants of shared storage"],
  data_center: ["数据中心", "Data centers"],
  microgrid: ["孤岛微电网", "Microgrids on their own"],
  potline: ["电解铝系列", "Potlines"],
  heating: ["电采暖", "Electric heating"],
  sewage: ["污水处理", "Sewage works"],
  works: ["工业企业", "Works"],
  profiled: ["曲线负荷", "Loads by profile"],
  static: ["恒定负荷", "Constant loads"],
};

const facts: Record<string, [string, string]> = {
  e_max_mwh: ["容量 MWh", "Capacity, MWh"],
  e_share_mwh: ["份额 MWh", "Slice, MWh"],
  charge_mwh: ["充电 MWh", "Charged, MWh"],
  discharge_mwh: ["放电 MWh", "Discharged, MWh"],
  exchanged_mwh: ["租户间互换 MWh", "Exchanged, MWh"],
  loss_mwh: ["损耗 MWh", "Lost, MWh"],
  full_cycles: ["等效满循环", "Full cycles"],
  soc_mean: ["平均荷电状态", "Mean SOC"],
  capacity_share_left: ["剩余容量比例", "Capacity left"],
  calendar_loss_share: ["日历老化", "Lost by time"],
  cycle_loss_share: ["循环老化", "Lost by cycles"],
  cell_mean_c: ["电芯平均温度 °C", "Mean cell, °C"],
  cell_min_c: ["电芯最低温度 °C", "Coldest cell, °C"],
  auxiliary_mwh: ["站用电 MWh", "Auxiliary, MWh"],
  cold_hours: ["低温受限小时", "Hours held by cold"],
  owner_income_cny: ["业主收入 元", "Owner's income, CNY"],
  income_cny: ["收入 元", "Income, CNY"],
  it_mwh: ["IT 电量 MWh", "IT, MWh"],
  p_mwh: ["用电量 MWh", "Drawn, MWh"],
  pue: ["PUE", "PUE"],
  free_cooling_share: ["自然冷却时间占比", "Free cooling, share of hours"],
  work_arrived_mwh: ["到达任务 MWh", "Work arrived, MWh of IT"],
  work_done_mwh: ["完成任务 MWh", "Work done here, MWh of IT"],
  work_lost_mwh: ["断电损失任务 MWh", "Work lost with the power, MWh of IT"],
  work_wait_max_h: ["任务最长等待 h", "Longest wait of work, h"],
  carried_hours: ["自持供电 h", "Carried, h"],
  short_hours: ["缺电 h", "Short, h"],
  unserved_mwh: ["失负荷 MWh", "Unserved, MWh"],
  longest_carried_h: ["最长连续自持 h", "Longest time carried, h"],
  longest_short_h: ["最长连续缺电 h", "Longest time short, h"],
  short_hours_01: ["1月缺电 h", "Short in month 1, h"],
  short_hours_02: ["2月缺电 h", "Short in month 2, h"],
  short_hours_03: ["3月缺电 h", "Short in month 3, h"],
  short_hours_04: ["4月缺电 h", "Short in month 4, h"],
  short_hours_05: ["5月缺电 h", "Short in month 5, h"],
  short_hours_06: ["6月缺电 h", "Short in month 6, h"],
  short_hours_07: ["7月缺电 h", "Short in month 7, h"],
  short_hours_08: ["8月缺电 h", "Short in month 8, h"],
  short_hours_09: ["9月缺电 h", "Short in month 9, h"],
  short_hours_10: ["10月缺电 h", "Short in month 10, h"],
  short_hours_11: ["11月缺电 h", "Short in month 11, h"],
  short_hours_12: ["12月缺电 h", "Short in month 12, h"],
  moved_mwh: ["转移电量 MWh", "Moved here, MWh"],
  net_mwh: ["净增电量 MWh", "Net, MWh"],
  bath_min_k: ["槽温最低偏差 K", "Coldest bath, K"],
  bath_max_k: ["槽温最高偏差 K", "Warmest bath, K"],
  made_t: ["产量 t", "Made, t"],
  nominal_t: ["额定产量 t", "Nominal, t"],
  ac_kwh_per_t: ["交流电耗 kWh/t", "kWh AC a tonne"],
  green_share_traced: ["绿电占比（追踪）", "Green share, traced"],
  green_share_contracted: ["绿电占比（合同，逐时段）", "Green share, contracted, by the hour"],
  green_share_contracted_annual: ["绿电占比（合同，全年）", "Green share, contracted, by the year"],
  green_contracted_mwh: ["合同绿电", "Green energy bought"],
  green_share_hourly: ["绿电占比（时段）", "Green share, hourly"],
  room_min_k: ["室温最低偏差 K", "Coldest room, K"],
  room_max_k: ["室温最高偏差 K", "Warmest room, K"],
};

function label(pair: [string, string] | undefined, key: string): string {
  return pair ? say(pair[0], pair[1]) : key;
}

function nameOfDevice(report: Report, id: string): string {
  for (const axis of ["storage", "tenant", "load", "source"] as AxisName[]) {
    const entry = report.entries(axis).find((e) => e.id === id);
    if (entry) return nameOf(entry.name, entry.id);
  }
  return id;
}

function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return Math.abs(value) >= 100 ? fixed(value, 0) : brief(value);
}

function family(report: Report, key: string, devices: Record<string, Record<string, number | null>>): HTMLElement {
  const rows: Device[] = Object.entries(devices).map(([id, f]) => ({ name: nameOfDevice(report, id), facts: f }));
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row.facts)))].sort((a, b) => Object.keys(facts).indexOf(a) - Object.keys(facts).indexOf(b));
  return panel(
    label(families[key], key),
    "",
    makeTable(rows, [
      { title: say("设备", "Device"), cell: (r) => r.name, key: (r) => r.name },
      ...keys.map((k) => ({ title: label(facts[k], k), numeric: true, cell: (r: Device) => number(r.facts[k]), key: (r: Device) => r.facts[k] })),
    ]),
  );
}

export const devicesPage: Page = {
  id: "devices",
  title: () => say("设备", "Devices"),
  render: (report) => {
    const devices = report.header.summary.devices ?? {};
    const known = Object.keys(devices).filter((key) => key !== "zone" && key !== "green_contract").sort((a, b) => Object.keys(families).indexOf(a) - Object.keys(families).indexOf(b));
    if (!known.length) return [make("div.nothing", {}, say("没有可列的设备", "No devices to list"))];
    return known.map((key) => family(report, key, devices[key]));
  },
};
