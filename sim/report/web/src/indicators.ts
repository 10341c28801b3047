// What each indicator is called, in which unit people read it, and what it says.

import { fixed } from "./format";
import { say } from "./language";
import { nameOfKind } from "./palette";
import type { Report } from "./report";

interface Words {
  zh: string;
  en: string;
  unit: string;
  scale?: number;
  digits?: number;
  zhMeaning?: string;
  enMeaning?: string;
}

export interface Group {
  zh: string;
  en: string;
  keys: string[];
  /** Names that belong here beside those listed, as many as a run has. */
  family?: RegExp;
}

const words: Record<string, Words> = {
  demand_mwh: { zh: "用电量", en: "Demand", unit: "GWh", scale: 1e-3, zhMeaning: "全部负荷的用电量，不含网损", enMeaning: "Energy of all loads, without losses" },
  peak_demand_mw: { zh: "最大负荷", en: "Peak demand", unit: "MW", zhMeaning: "平均功率最大的时段", enMeaning: "Mean power of the highest step" },
  min_demand_mw: { zh: "最小负荷", en: "Lowest demand", unit: "MW" },
  mean_demand_mw: { zh: "平均负荷", en: "Mean demand", unit: "MW" },
  load_factor: { zh: "负荷率", en: "Load factor", unit: "%", scale: 100, zhMeaning: "平均负荷除以最大负荷", enMeaning: "Mean over peak demand" },
  unserved_mwh: { zh: "失负荷电量", en: "Unserved energy", unit: "MWh", digits: 2, zhMeaning: "电源与联络线都满足不了的用电，应为零", enMeaning: "Demand no source or tie could meet; should be zero" },
  unserved_hours: { zh: "失负荷小时数", en: "Hours with unserved load", unit: "h" },
  available_wind_mwh: { zh: "风电可发电量", en: "Wind available", unit: "GWh", scale: 1e-3 },
  available_solar_mwh: { zh: "光伏可发电量", en: "Sun available", unit: "GWh", scale: 1e-3 },
  curtailed_mwh: { zh: "弃风弃光电量", en: "Wind and sun curtailed", unit: "MWh", digits: 1, zhMeaning: "本市风光可发而未用的电量，原因见“弃电”页", enMeaning: "Local wind and sun not used; causes on the curtailment page" },
  utilisation_rate_wind: { zh: "风电利用率", en: "Wind utilisation", unit: "%", scale: 100, digits: 2, zhMeaning: "实发电量除以可发电量", enMeaning: "Used over available energy" },
  utilisation_rate_solar: { zh: "光伏利用率", en: "Solar utilisation", unit: "%", scale: 100, digits: 2, zhMeaning: "实发电量除以可发电量", enMeaning: "Used over available energy" },
  external_surplus_unused_mwh: { zh: "外部富余未受入", en: "External surplus unused", unit: "GWh", scale: 1e-3, zhMeaning: "外部基地有富余而本市未能受入的清洁电量", enMeaning: "Clean surplus of the external bases the city did not take" },
  green_share_annual: { zh: "绿电占比（年平衡）", en: "Green share, annual", unit: "%", scale: 100, zhMeaning: "绿电消费量（扣除外送部分）合计除以用电量", enMeaning: "Green energy consumed, exports taken off, over consumption, both summed first" },
  green_share_hourly: { zh: "绿电占比（时平衡）", en: "Green share, hourly", unit: "%", scale: 100, zhMeaning: "逐时段匹配后的绿电占比，多余的绿电不抵其他时段", enMeaning: "Matched step by step; green surplus of one step does not serve another" },
  green_share_traced: { zh: "绿电占比（潮流追踪）", en: "Green share, traced", unit: "%", scale: 100, zhMeaning: "沿交流潮流逐节点追踪到各负荷（比例分摊）", enMeaning: "Followed along the AC flows to every load (proportional sharing)" },
  green_share_contracted: { zh: "绿电占比（合同，逐时段）", en: "Green share, contracted, by the hour", unit: "%", scale: 100, zhMeaning: "合同购得的绿电中与本用户同一时段用电相抵的部分", enMeaning: "What was bought by contract and came while its buyer consumed" },
  green_share_contracted_annual: { zh: "绿电占比（合同，全年）", en: "Green share, contracted, by the year", unit: "%", scale: 100, zhMeaning: "合同购得的绿电按全年总量相抵，即绿证与年度账的口径", enMeaning: "What was bought by contract against the consumption of the whole run, as certificates count" },
  green_contracted_mwh: { zh: "合同绿电", en: "Green energy bought by contract", unit: "GWh", scale: 1e-3, zhMeaning: "各合同按电源逐时段出力的份额", enMeaning: "Shares of what the sellers gave, step by step" },
  green_contracted_unused_mwh: { zh: "合同绿电中同时段未用的部分", en: "Of it unused in its hour", unit: "GWh", scale: 1e-3, zhMeaning: "来电时买方用不了，须储存或移动", enMeaning: "It came when its buyer could not use it: to be stored or moved" },
  mismatch_space: { zh: "空间错位", en: "Space", unit: "%", scale: 100, zhMeaning: "本分区电源满足不了、要从别处送来的电量占用电量的比例", enMeaning: "Share of consumption that no source in its own zone covers over the run" },
  mismatch_time_of_day: { zh: "日内错位", en: "Time of day", unit: "%", scale: 100, zhMeaning: "要挪到一天中其他小时才合用电曲线的清洁电量比例", enMeaning: "Share of clean energy that would have to move to another hour of the day to follow demand" },
  mismatch_season: { zh: "季节错位", en: "Season", unit: "%", scale: 100, zhMeaning: "要挪到其他月份才合用电曲线的清洁电量比例", enMeaning: "Share of clean energy that would have to move to another month to follow demand" },
  mismatch_power: { zh: "电力与电量错位", en: "Power against energy", unit: "%", scale: 100, zhMeaning: "全期清洁电量占比减去负荷最高 1 % 时段的清洁电力占比；为负则高峰时更清洁", enMeaning: "Clean share of energy less clean share of power in the 1 % of steps with the highest demand; negative: peaks are greener" },
  mismatch_price: { zh: "价格错位", en: "Price", unit: "%", scale: 100, zhMeaning: "清洁电量比用电量平均便宜多少；高则来得不是时候", enMeaning: "How much less a clean MWh is worth than the MWh people use; high: it comes when it is not wanted" },
  self_sufficiency: { zh: "自给率", en: "Self-sufficiency", unit: "%", scale: 100, zhMeaning: "本市电源电量除以用电量", enMeaning: "Local generation over demand" },
  import_mwh: { zh: "受入电量", en: "Imports", unit: "GWh", scale: 1e-3 },
  export_mwh: { zh: "送出电量", en: "Exports", unit: "GWh", scale: 1e-3 },
  import_peak_mw: { zh: "最大受入功率", en: "Peak import", unit: "MW" },
  losses_mwh: { zh: "网损电量", en: "Losses", unit: "GWh", scale: 1e-3, zhMeaning: "交流潮流得到的线路与变压器损耗", enMeaning: "Of lines and transformers, from the AC power flow" },
  solved_share: { zh: "潮流有解占比", en: "Share of steps solved", unit: "%", scale: 100, digits: 2, zhMeaning: "有交流潮流解的时段占比", enMeaning: "Steps with an AC power flow solution" },
  loss_rate: { zh: "网损率", en: "Loss rate", unit: "%", scale: 100, digits: 2 },
  co2_t: { zh: "二氧化碳排放", en: "CO2", unit: "kt", scale: 1e-3 },
  cost_cny: { zh: "购电成本", en: "Cost of energy", unit: say2("百万元", "M CNY"), scale: 1e-6 },
  storage_cycles: { zh: "储能等效循环", en: "Storage cycles", unit: say2("次", "cycles"), zhMeaning: "放电量除以容量", enMeaning: "Discharged energy over capacity" },
  storage_charge_mwh: { zh: "储能充电量", en: "Storage charge", unit: "GWh", scale: 1e-3, digits: 2 },
  storage_discharge_mwh: { zh: "储能放电量", en: "Storage discharge", unit: "GWh", scale: 1e-3, digits: 2 },
  pue_mean: { zh: "数据中心平均 PUE", en: "Mean PUE of data centers", unit: "", digits: 3, zhMeaning: "总用电除以 IT 用电", enMeaning: "Total over IT energy" },
  free_cooling_share: { zh: "自然冷却时间占比", en: "Free cooling", unit: "%", scale: 100, zhMeaning: "室外足够冷、无需机械制冷的小时占比，各数据中心平均", enMeaning: "Share of hours cold enough to do without chillers, mean of all data centers" },
  hydro_water_balance_hm3: { zh: "水量平衡差", en: "Water balance", unit: "hm³", digits: 6, zhMeaning: "来水、用水、弃水与蓄水之差，应为零", enMeaning: "Inflow less turbined, spilled and stored; should be zero" },
  distributed_pv_mw: { zh: "分布式光伏装机", en: "Distributed PV", unit: "MW" },
  large_works_mean_mw: { zh: "大工业平均负荷", en: "Large works, mean", unit: "MW" },
  household_service_mean_mw: { zh: "居民与服务业平均负荷", en: "Homes and services, mean", unit: "MW" },
  potline_mean_mw: { zh: "电解铝平均负荷", en: "Potlines, mean", unit: "MW" },
  data_center_mean_mw: { zh: "数据中心平均负荷", en: "Data centers, mean", unit: "MW" },
  waste_mean_mw: { zh: "垃圾发电平均出力", en: "Waste-to-energy, mean", unit: "MW", digits: 2 },
  waste_design_mean_mw: { zh: "垃圾发电设计平均出力", en: "Waste-to-energy, design mean", unit: "MW", digits: 2 },
  hydro_mean_mw: { zh: "水电平均出力", en: "Hydro, mean", unit: "MW" },
  thermal_mean_mw: { zh: "火电平均出力", en: "Thermal, mean", unit: "MW" },
  thermal_full_load_hours: { zh: "火电利用小时", en: "Thermal full-load hours", unit: "h", digits: 0 },
  coal_t: { zh: "标煤耗量", en: "Standard coal burnt", unit: "kt", scale: 1e-3, zhMeaning: "含启动用煤，按部分负荷煤耗曲线计", enMeaning: "Starts included, by the coal rate at part load" },
  coal_rate_g_per_kwh: { zh: "供电煤耗", en: "Coal rate", unit: "g/kWh", zhMeaning: "标煤耗量除以供电量", enMeaning: "Coal over net energy" },
  thermal_starts: { zh: "火电启动台次", en: "Thermal starts", unit: say2("台次", "starts"), digits: 0 },
  thermal_start_cost_cny: { zh: "火电启动费用", en: "Cost of thermal starts", unit: say2("百万元", "M CNY"), scale: 1e-6, zhMeaning: "计入购电成本", enMeaning: "Part of the total cost" },
  commitment_gap_mean_percent: { zh: "机组组合间隙（平均）", en: "Commitment gap, mean", unit: "%", digits: 3, zhMeaning: "更优的机组组合至多可节省的费用比例", enMeaning: "What a better commitment of units could save at most" },
  commitment_gap_worst_percent: { zh: "机组组合间隙（最大）", en: "Commitment gap, worst plan", unit: "%", digits: 3 },
  commitment_failed_blocks: { zh: "无机组组合的时段", en: "Blocks without a commitment", unit: say2("块", "blocks"), digits: 0 },
  plan_fell_back_blocks: { zh: "退回规则调度的时段", en: "Blocks without a plan", unit: say2("块", "blocks"), digits: 0, zhMeaning: "求解未通过校核，由规则调度", enMeaning: "No answer was proved; the rules dispatched them" },
  heat_mwh: { zh: "热电联产供热量", en: "Heat from CHP", unit: "GWh", scale: 1e-3 },
  waste_burnt_t: { zh: "焚烧垃圾", en: "Waste burnt", unit: "kt", scale: 1e-3 },
  waste_diverted_t: { zh: "外运垃圾", en: "Waste diverted", unit: "kt", scale: 1e-3, zhMeaning: "料坑装不下的部分", enMeaning: "What the bunker could not take" },
  waste_bunker_end_t: { zh: "期末料坑存量", en: "Waste in the bunker at the end", unit: "kt", scale: 1e-3 },
  waste_gross_mwh: { zh: "垃圾发电总发电量", en: "Waste-to-energy, gross", unit: "GWh", scale: 1e-3, zhMeaning: "含厂用电", enMeaning: "Own use included" },
  hydro_spill_hm3: { zh: "弃水量", en: "Water spilled", unit: "hm³", digits: 0, zhMeaning: "未经水轮机的水量，含生态流量", enMeaning: "Past the turbines, ecological flow included" },
  hydro_stored_change_mwh: { zh: "水库蓄能变化", en: "Energy left behind the dams", unit: "MWh", digits: 0, zhMeaning: "期末与期初库水经下游各级水轮机的电量之差；为负即借用了来年的水", enMeaning: "What the water stored since the start gives on its way down; negative: water borrowed from the time after" },
  hydro_water_gap_hm3: { zh: "水量缺口", en: "Water taken before it came", unit: "hm³", digits: 2, zhMeaning: "调度先于来水取用的最大水量，应为零", enMeaning: "Most that dispatch took ahead of the river; should be zero" },
  plateau_solar_mwh: { zh: "高原光伏增减", en: "Plateau: solar", unit: "GWh", scale: 1e-3, digits: 2, zhMeaning: "与海平面空气相比：晴空更强、散热更差", enMeaning: "Against sea-level air: clearer sky, poorer cooling" },
  plateau_solar_share: { zh: "高原光伏增减率", en: "Plateau: solar, relative", unit: "%", scale: 100, digits: 2 },
  plateau_wind_mwh: { zh: "高原风电增减", en: "Plateau: wind", unit: "GWh", scale: 1e-3, digits: 2, zhMeaning: "与海平面空气相比：空气稀薄", enMeaning: "Against sea-level air: thinner air" },
  plateau_wind_share: { zh: "高原风电增减率", en: "Plateau: wind, relative", unit: "%", scale: 100, digits: 2 },
  plateau_base_solar_mwh: { zh: "高原外部光伏基地增减", en: "Plateau: solar of the bases", unit: "GWh", scale: 1e-3 },
  plateau_base_solar_share: { zh: "高原外部光伏基地增减率", en: "Plateau: solar of the bases, relative", unit: "%", scale: 100, digits: 2 },
  plateau_base_wind_mwh: { zh: "高原外部风电基地增减", en: "Plateau: wind of the bases", unit: "GWh", scale: 1e-3 },
  plateau_base_wind_share: { zh: "高原外部风电基地增减率", en: "Plateau: wind of the bases, relative", unit: "%", scale: 100, digits: 2 },
  plateau_data_center_mwh: { zh: "高原数据中心用电增减", en: "Plateau: data centers", unit: "GWh", scale: 1e-3, digits: 2, zhMeaning: "与海平面空气相比的冷却用电", enMeaning: "Cooling against that in sea-level air" },
  plateau_data_center_share: { zh: "高原数据中心用电增减率", en: "Plateau: data centers, relative", unit: "%", scale: 100, digits: 2 },
  weather_closure_gap_w_per_m2: { zh: "辐射闭合差", en: "Closure gap of the weather files", unit: "W/m²", zhMeaning: "文件中总辐射减散射减直射分量的平均值", enMeaning: "Mean of global less diffuse less beam in the files" },
  weather_filled_values: { zh: "补齐的气象数据", en: "Weather values filled", unit: say2("个", "values"), digits: 0 },
  sunshine_hours: { zh: "年日照时数", en: "Sunshine", unit: "h", zhMeaning: "直射辐照度不低于 120 W/m² 的小时数", enMeaning: "Hours with DNI of at least 120 W/m²" },
  summer_mean_c: { zh: "夏季平均气温", en: "Summer mean temperature", unit: "°C", zhMeaning: "六月至八月", enMeaning: "June to August" },
  line_loading_max_percent: { zh: "线路最大负载率", en: "Highest line loading", unit: "%", zhMeaning: "最重一回线占正常限额", enMeaning: "Worst circuit, of its normal rating" },
  transformer_loading_max_percent: { zh: "主变最大负载率", en: "Highest transformer loading", unit: "%", zhMeaning: "最重一台主变占额定容量", enMeaning: "Worst unit, of its rating" },
  overload_hours: { zh: "过载小时数", en: "Overload hours", unit: "h", zhMeaning: "至少一个元件超过正常限额", enMeaning: "At least one element above its normal rating" },
  n1_secure_hours: { zh: "N-1 安全小时数", en: "N-1 secure hours", unit: "h", digits: 0, zhMeaning: "任一停运后，除例外外没有元件越限、没有负荷失电的小时数", enMeaning: "No element but the listed exceptions outside its limits and no load lost after any outage" },
  n1_judged_hours: { zh: "N-1 校核小时数", en: "Hours judged for N-1", unit: "h", digits: 0, zhMeaning: "逐一断开过停运的小时数", enMeaning: "Hours whose outages were looked at" },
  n1_vm_min_pu: { zh: "停运后最低电压", en: "Lowest voltage after an outage", unit: "pu", digits: 3, zhMeaning: "所有停运、所有母线、所有时段", enMeaning: "Over all outages, buses and hours" },
  n1_vm_max_pu: { zh: "停运后最高电压", en: "Highest voltage after an outage", unit: "pu", digits: 3, zhMeaning: "所有停运、所有母线、所有时段", enMeaning: "Over all outages, buses and hours" },
  n1_voltage_violation_hours: { zh: "停运后电压越限小时数", en: "Hours with a voltage outside its band after an outage", unit: "h", digits: 0, zhMeaning: "按事故后电压范围", enMeaning: "Of the band after an outage" },
  n1_section_violation_hours: { zh: "停运后断面越限小时数", en: "Hours with a section above its limit after an outage", unit: "h", digits: 0, zhMeaning: "按断面 N-1 限额", enMeaning: "Of the N-1 limit of the section" },
  n1_relief_hours: { zh: "停运后须限时减载的小时数", en: "Hours that ask for relief after an outage", unit: "h", digits: 0, zhMeaning: "有元件在某一停运后超过正常限额、但未超过事故后限额：须在其允许时间内减载；只作估计的停运按估计值计", enMeaning: "After some outage an element is above its normal rating but within its emergency rating: to be relieved within the time that rating holds. Outages left at an estimate count by it" },
  n1_secure_hours_strict: { zh: "N-1 安全小时数（不计例外）", en: "N-1 secure hours, no exceptions", unit: "h", digits: 0, zhMeaning: "不允许任何例外", enMeaning: "The same with every element counted" },
  n1_loading_max_percent: { zh: "停运后最大负载率", en: "Highest loading after an outage", unit: "%", zhMeaning: "占事故后限额", enMeaning: "Of the emergency rating" },
  short_circuit_max_ka: { zh: "最大三相短路电流", en: "Largest three-phase fault current", unit: "kA", digits: 1, zhMeaning: "全部机组投入，100千伏及以上母线中最大", enMeaning: "All machines on, of any bus of 100 kV and more" },
  short_circuit_over_rating_buses: { zh: "短路电流超断路器的母线", en: "Buses above their breakers", unit: "", digits: 0, zhMeaning: "对称开断电流超过该电压等级断路器额定值", enMeaning: "Breaking current above the rating of the level" },
  scr_min: { zh: "最小短路比", en: "Least short-circuit ratio", unit: "", digits: 2, zhMeaning: "单个新能源场站，各时段", enMeaning: "Of any wind or solar station alone, any hour" },
  mrscr_min: { zh: "最小多场站短路比", en: "Least multi-infeed short-circuit ratio", unit: "", digits: 2, zhMeaning: "各场站均按额定功率", enMeaning: "All stations at rated power" },
  mrscr_weak_hours: { zh: "短路比不足小时数", en: "Hours with a weak station", unit: "h", digits: 0, zhMeaning: "有场站多场站短路比低于限值", enMeaning: "Some station below the limit of the study" },
  n1_cut_off_max_mw: { zh: "单一停运切除的最大负荷", en: "Most load one outage cuts off", unit: "MW", zhMeaning: "负荷最大的时段", enMeaning: "At the hour of the highest demand" },
  voltage_violation_hours: { zh: "电压越限小时数", en: "Hours outside a voltage band", unit: "h" },
  curtailed_wind_mwh: { zh: "弃风电量", en: "Wind curtailed", unit: "MWh" },
  curtailed_solar_mwh: { zh: "弃光电量", en: "Sun curtailed", unit: "MWh" },
  backed_down_mwh: { zh: "其他电源压减电量", en: "Other sources backed down", unit: "MWh", zhMeaning: "水电等为平衡让出的电量", enMeaning: "Hydro and others held back for the balance" },
  managed_mwh: { zh: "负荷管理电量", en: "Managed load called", unit: "MWh", zhMeaning: "按登记约定压减的用电，先于任何失负荷", enMeaning: "Demand given up by agreement, before anybody is cut off" },
  managed_hours: { zh: "负荷管理小时数", en: "Hours with managed load", unit: "h" },
  section_violation_hours: { zh: "断面越限小时数", en: "Hours outside a section limit", unit: "h" },
  wind_mean_mw: { zh: "风电平均出力", en: "Wind, mean", unit: "MW" },
  solar_mean_mw: { zh: "光伏平均出力", en: "Solar, mean", unit: "MW" },
  tap_operations_per_day: { zh: "每日分接头动作", en: "Tap operations per day", unit: say2("次/天", "per day"), zhMeaning: "有载调压分接头与上一时段相比的动作次数", enMeaning: "Moves of on-load taps from step to step" },
  shunt_operations_per_day: { zh: "每日投切动作", en: "Shunt operations per day", unit: say2("次/天", "per day") },
  tie_mismatch_mean_mw: { zh: "联络线计划偏差", en: "Tie deviation, mean", unit: "MW", digits: 2, zhMeaning: "交流潮流与调度计划之差的平均绝对值", enMeaning: "Mean of |AC tie flow − schedule|" },
};

function say2(zh: string, en: string): string {
  return `${zh}|${en}`;
}

export const groups: Group[] = [
  { zh: "用电与平衡", en: "Demand and balance", keys: ["demand_mwh", "peak_demand_mw", "min_demand_mw", "mean_demand_mw", "load_factor", "unserved_mwh", "unserved_hours", "managed_mwh", "managed_hours"] },
  { zh: "清洁能源", en: "Clean energy", keys: ["green_share_annual", "green_share_hourly", "green_share_traced", "green_share_contracted_annual", "green_share_contracted", "green_contracted_mwh", "green_contracted_unused_mwh", "self_sufficiency", "utilisation_rate_wind", "utilisation_rate_solar", "available_wind_mwh", "available_solar_mwh", "curtailed_mwh", "curtailed_wind_mwh", "curtailed_solar_mwh", "backed_down_mwh", "external_surplus_unused_mwh", "co2_t", "cost_cny"] },
  { zh: "清洁电源与用电的错位", en: "Mismatches of clean sources and demand", keys: ["mismatch_space", "mismatch_time_of_day", "mismatch_season", "mismatch_power", "mismatch_price"] },
  { zh: "联络线与网损", en: "Ties and losses", keys: ["import_mwh", "export_mwh", "import_peak_mw", "solved_share", "losses_mwh", "loss_rate", "tie_mismatch_mean_mw"], family: /^(import_mwh|losses_mwh)_/ },
  { zh: "电网运行", en: "Grid", keys: ["line_loading_max_percent", "transformer_loading_max_percent", "overload_hours", "n1_secure_hours", "n1_secure_hours_strict", "n1_loading_max_percent", "n1_cut_off_max_mw", "short_circuit_max_ka", "short_circuit_over_rating_buses", "scr_min", "mrscr_min", "mrscr_weak_hours", "section_violation_hours", "voltage_violation_hours", "tap_operations_per_day", "shunt_operations_per_day"], family: /^(vm_(min|max)_pu|n1)_/ },
  { zh: "电源、储能与负荷", en: "Sources, storage and loads", keys: ["hydro_mean_mw", "wind_mean_mw", "solar_mean_mw", "thermal_mean_mw", "thermal_full_load_hours", "waste_mean_mw", "waste_design_mean_mw", "distributed_pv_mw", "coal_t", "coal_rate_g_per_kwh", "thermal_starts", "thermal_start_cost_cny", "commitment_gap_mean_percent", "commitment_gap_worst_percent", "commitment_failed_blocks", "plan_fell_back_blocks", "heat_mwh", "waste_burnt_t", "waste_diverted_t", "waste_bunker_end_t", "waste_gross_mwh", "hydro_spill_hm3", "hydro_stored_change_mwh", "hydro_water_gap_hm3", "storage_cycles", "storage_charge_mwh", "storage_discharge_mwh", "large_works_mean_mw", "household_service_mean_mw", "potline_mean_mw", "data_center_mean_mw", "pue_mean", "free_cooling_share"], family: /^(reservoir_end_share|hydro|thermal|waste|storage|data_center)_/ },
  { zh: "天气", en: "Weather", keys: ["sunshine_hours", "summer_mean_c", "weather_closure_gap_w_per_m2", "weather_filled_values"] },
  { zh: "高原的得失", en: "What the plateau costs or gives", keys: ["plateau_solar_mwh", "plateau_solar_share", "plateau_wind_mwh", "plateau_wind_share", "plateau_base_solar_mwh", "plateau_base_solar_share", "plateau_base_wind_mwh", "plateau_base_wind_share", "plateau_data_center_mwh", "plateau_data_center_share"] },
];

function nameOfTie(report: Report | undefined, id: string): string {
  const entry = report?.entries("tie").find((e) => e.id === id);
  return entry?.name ? say(entry.name.zh, entry.name.en) : id;
}

/** Words of an indicator; one the page does not know keeps its name. */
function find(report: Report | undefined, key: string): Words {
  if (words[key]) return words[key];
  const tie = /^import_mwh_(.+)$/.exec(key);
  if (tie) {
    const name = nameOfTie(report, tie[1]);
    return { zh: `受入电量：${name}`, en: `Imports: ${name}`, unit: "GWh", scale: 1e-3 };
  }
  const dam = /^reservoir_end_share_(.+)$/.exec(key);
  if (dam) {
    const entry = report?.entries("source").find((e) => e.id === dam[1]);
    const name = entry?.name ? say(entry.name.zh, entry.name.en) : dam[1];
    return { zh: `期末蓄水率：${name}`, en: `Reservoir at the end: ${name}`, unit: "%", scale: 100 };
  }
  const mix = /^firm_(green_share|co2)_mean_(.+)$/.exec(key);
  if (mix) {
    const name = nameOfTie(report, mix[2]);
    return mix[1] === "co2" ? { zh: `${name}自身电量碳强度`, en: `${name}: carbon of its mix`, unit: "t/MWh", digits: 4 } : { zh: `${name}自身绿电占比`, en: `${name}: green share of its mix`, unit: "%", scale: 100 };
  }
  const lost = /^losses_mwh_(line|transformer)_(\d+)$/.exec(key);
  if (lost) {
    const [, what, kv] = lost;
    return what === "line" ? { zh: `${kv} kV 线路损耗`, en: `Lost in ${kv} kV lines`, unit: "GWh", scale: 1e-3 } : { zh: `${kv} kV 主变损耗`, en: `Lost in ${kv} kV transformers`, unit: "GWh", scale: 1e-3 };
  }
  const load = /^load_mean_mw_(.+)$/.exec(key);
  if (load) {
    const name = nameOfKind(load[1]);
    return { zh: `${name}平均负荷`, en: `${name}, mean load`, unit: "MW" };
  }
  const voltage = /^vm_(min|max)_pu_(\d+)$/.exec(key);
  if (voltage) {
    const [, end, kv] = voltage;
    return { zh: `${kv} kV ${end === "min" ? "最低" : "最高"}电压`, en: `${end === "min" ? "Lowest" : "Highest"} voltage, ${kv} kV`, unit: "pu", digits: 4 };
  }
  return { zh: key, en: key, unit: "", digits: 3 };
}

export function label(report: Report, key: string): string {
  const w = find(report, key);
  return say(w.zh, w.en);
}

function inLanguage(unit: string): string {
  const [zh, en] = unit.split("|");
  return en === undefined ? zh : say(zh, en);
}

/** Name, unit and scale of an indicator where there is no run to ask. */
export function wordsOf(key: string): { name: string; unit: string; scale: number } {
  const { zh, en, unit, scale = 1 } = find(undefined, key);
  return { name: say(zh, en), unit: inLanguage(unit), scale };
}

export function meaning(report: Report, key: string): string {
  const w = find(report, key);
  return say(w.zhMeaning ?? "", w.enMeaning ?? "");
}

/** Units a thousand times smaller, for systems so small that the usual one shows little. */
const smaller: Record<string, string> = { GWh: "MWh", kt: "t" };

function fit(report: Report, key: string): { unit: string; scale: number; digits: number } {
  const { unit, scale = 1, digits = 1 } = find(report, key);
  const size = Math.abs(report.indicator(key) ?? 0) * scale;
  return unit in smaller && size < 10 ? { unit: smaller[unit], scale: scale * 1000, digits: 1 } : { unit, scale, digits };
}

export function unit(report: Report, key: string): string {
  return inLanguage(fit(report, key).unit);
}

/** The number as shown, without its unit. */
export function shown(report: Report, key: string, value: number | null): string {
  const { scale, digits } = fit(report, key);
  return fixed(value === null ? null : value * scale, digits);
}

/** What the summary's number is multiplied with to be shown. */
export function scaleOf(report: Report, key: string): number {
  return fit(report, key).scale;
}

export function nameOfCause(cause: string): string {
  const names: Record<string, [string, string]> = {
    surplus: ["供大于求", "Surplus"],
    branch_n: ["线路或主变限额（N）", "Branch limit (N)"],
    branch_n1: ["线路或主变限额（N-1）", "Branch limit (N-1)"],
    section: ["断面限额", "Section limit"],
    station_limit: ["场站限额", "Station limit"],
    minimum_output: ["其他电源最小出力", "Minimum output of others"],
    reserve: ["备用", "Reserve"],
    storage_full: ["储能已满", "Storage full"],
    voltage: ["电压", "Voltage"],
  };
  const name = names[cause];
  return name ? say(...name) : cause;
}
