// What the sums of a run mean: the indicators of the summary.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/accounts/indicators.hpp"
#include "models/source/thermal_unit.hpp"

namespace yuanwang::engine {

namespace {

double sum_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

/// Sum over the entries of an axis that satisfy a condition.
template <class Condition>
double sum_where(const std::vector<AxisEntry>& entries, const std::vector<double>& values,
                 Condition holds) {
    double sum = 0;
    for (std::size_t k = 0; k < entries.size(); ++k) {
        sum += holds(entries[k]) ? values[k] : 0.0;
    }
    return sum;
}

auto is_kind(const char* kind) {
    return [kind](const AxisEntry& entry) { return entry.kind == kind; };
}

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

double divide(double a, double b, double otherwise) {
    return b > 0 ? a / b : otherwise;
}

double count_sunshine_hours(const models::WeatherYear& weather, double dt_h) {
    return dt_h * static_cast<double>(std::ranges::count_if(
                      weather.dni_w_per_m2, [](double dni) { return dni >= 120.0; }));
}

double find_summer_mean_c(const models::WeatherYear& weather, const TimeAxis& time) {
    double sum = 0;
    std::size_t n = 0;
    for (std::size_t t = 0; t < weather.size(); ++t) {
        const unsigned month = time.middle(t).month;
        if (month >= 6 && month <= 8) {
            sum += weather.temperature_c[t];
            ++n;
        }
    }
    return n > 0 ? sum / static_cast<double>(n) : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

void Indicators::finish(std::span<const models::WeatherYear> weather, Summary& summary) const {
    summary.steps["total"] = static_cast<double>(steps_);
    for (std::size_t k = 0; k < step_status_names.size(); ++k) {
        summary.steps[std::string{step_status_names[k]}] = steps_by_status_[k];
    }
    summary.steps["by_reference"] = steps_by_reference_;
    summary.counts["held_controls"] = held_controls_;
    const bool any_solved = solved_ > 0;
    summary.indicators["solved_share"] =
        divide(static_cast<double>(solved_), static_cast<double>(steps_), 0.0);
    summary.balance["max_bus_mismatch_mw"] = any_solved ? max_mismatch_mw_ : not_a_number;
    summary.balance["max_residual_mw"] = any_solved ? max_residual_mw_ : not_a_number;
    summary.balance["dispatch_balance_mwh"] = dispatch_balance_mwh_;
    summary.balance["storage_balance_mwh"] = storage_balance_mwh_;
    summary.balance["energy_residual_mwh"] = any_solved ? residual_mwh_ : not_a_number;

    write_demand(summary.indicators);
    write_sources(summary.indicators);
    write_exchange(summary.indicators);
    write_grid(summary.indicators);
    if (!weather.empty()) {
        summary.indicators["sunshine_hours"] = count_sunshine_hours(weather.front(), dt_h_);
        double gap = 0; // of the worst file
        double filled = 0;
        for (const models::WeatherYear& site : weather) {
            gap = std::abs(site.closure_gap_w_per_m2) > std::abs(gap) ? site.closure_gap_w_per_m2
                                                                      : gap;
            filled += static_cast<double>(site.filled_values);
        }
        if (gap != 0 || filled > 0) {
            summary.indicators["weather_closure_gap_w_per_m2"] = gap;
            summary.indicators["weather_filled_values"] = filled;
        }
        const double summer_c = find_summer_mean_c(weather.front(), study_.time);
        if (!std::isnan(summer_c)) {
            summary.indicators["summer_mean_c"] = summer_c;
        }
    }

    const std::vector<AxisEntry>& sources = axes_.of(Axis::source);
    for (std::size_t k = 0; k < sources.size(); ++k) {
        summary.energy_mwh_by_kind[sources[k].kind] += source_mwh_[k];
    }
    summary.energy_mwh_by_kind["import_surplus"] = surplus_mwh_;
    summary.energy_mwh_by_kind["import_firm"] = firm_mwh_;
    summary.energy_mwh_by_kind["export"] = sum_of(export_mwh_);
    summary.energy_mwh_by_kind["storage_charge"] = charge_mwh_;
    summary.energy_mwh_by_kind["storage_discharge"] = discharge_mwh_;
    summary.curtailed_mwh_by_cause = curtailed_by_cause_;
    for (const auto& [name, sum] : curtailed_by_name_) {
        summary.curtailed.push_back({.cause = name[0],
                                     .branch = name[1],
                                     .outage = name[2],
                                     .mwh = sum.mwh,
                                     .hours = sum.hours});
    }
    std::ranges::stable_sort(summary.curtailed, std::ranges::greater{},
                             &Summary::CurtailedEnergy::mwh);
}

void Indicators::write_demand(std::map<std::string, double>& out) const {
    const double hours = dt_h_ * static_cast<double>(steps_);
    const double mean_mw = divide(demand_mwh_, hours, 0.0);
    out["demand_mwh"] = demand_mwh_;
    out["peak_demand_mw"] = peak_demand_mw_;
    out["min_demand_mw"] = steps_ > 0 ? min_demand_mw_ : 0.0;
    out["mean_demand_mw"] = mean_mw;
    out["load_factor"] = divide(mean_mw, peak_demand_mw_, 0.0);
    out["unserved_mwh"] = unserved_mwh_;
    out["unserved_hours"] = unserved_hours_;
    out["managed_mwh"] = managed_mwh_;
    out["managed_hours"] = managed_hours_;
    out["backed_down_mwh"] = backed_down_mwh_;
    out["green_share_hourly"] = divide(matched_mwh_, consumption_mwh_, 0.0);
    out["green_share_annual"] =
        divide(std::min(green_mwh_, consumption_mwh_), consumption_mwh_, 0.0);

    std::map<std::string, double> works;
    for (const Epoch& epoch : study_.epochs) {
        const ProfileLoadFleet& profiled = epoch.system.loads.profiled;
        for (std::size_t k = 0; k < profiled.size(); ++k) {
            works[profiled.loads.category[k] + '\n' + profiled.id[k]] =
                profiled.large_works[k] ? 1.0 : 0.0;
        }
    }
    for (const Epoch& epoch : study_.epochs) {
        const WorksFleet& fleet = epoch.system.loads.works;
        for (std::size_t k = 0; k < fleet.size(); ++k) {
            works[fleet.works.category[k] + '\n' + fleet.id[k]] = 1.0;
        }
    }
    double large_mwh = 0;
    double household_mwh = 0;
    std::map<std::string, double> by_category;
    const std::vector<AxisEntry>& loads = axes_.of(Axis::load);
    for (std::size_t k = 0; k < loads.size(); ++k) {
        by_category[loads[k].kind] += load_mwh_[k];
        const auto it = works.find(loads[k].kind + '\n' + loads[k].id);
        const bool is_large = it != works.end() ? it->second > 0 : loads[k].kind == "potline";
        const bool is_home = it != works.end() ? !is_large : loads[k].kind == "heating";
        large_mwh += is_large ? load_mwh_[k] : 0.0;
        household_mwh += is_home ? load_mwh_[k] : 0.0;
    }
    for (const auto& [category, mwh] : by_category) {
        out["load_mean_mw_" + category] = divide(mwh, hours, 0.0);
    }
    out["large_works_mean_mw"] = divide(large_mwh, hours, 0.0);
    out["household_service_mean_mw"] = divide(household_mwh, hours, 0.0);
    out["potline_mean_mw"] = divide(by_category["potline"], hours, 0.0);
    out["data_center_mean_mw"] = divide(center_mwh_, hours, 0.0);
    out["pue_mean"] = divide(center_mwh_, it_mwh_, 1.0);
}

void Indicators::write_sources(std::map<std::string, double>& out) const {
    const double hours = dt_h_ * static_cast<double>(steps_);
    const std::vector<AxisEntry>& sources = axes_.of(Axis::source);
    const double wind_mwh = sum_where(sources, available_mwh_, is_kind("wind"));
    const double solar_mwh = sum_where(sources, available_mwh_, is_kind("solar"));
    const double wind_lost_mwh = sum_where(sources, curtailed_mwh_, is_kind("wind"));
    const double solar_lost_mwh = sum_where(sources, curtailed_mwh_, is_kind("solar"));
    out["available_wind_mwh"] = wind_mwh;
    out["available_solar_mwh"] = solar_mwh;
    out["curtailed_wind_mwh"] = wind_lost_mwh;
    out["curtailed_solar_mwh"] = solar_lost_mwh;
    out["curtailed_mwh"] = wind_lost_mwh + solar_lost_mwh;
    out["utilisation_rate_wind"] = 1.0 - divide(wind_lost_mwh, wind_mwh, 0.0);
    out["utilisation_rate_solar"] = 1.0 - divide(solar_lost_mwh, solar_mwh, 0.0);
    for (const char* kind : {"solar", "wind", "hydro", "thermal", "waste"}) {
        out[std::string{kind} + "_mean_mw"] =
            divide(sum_where(sources, source_mwh_, is_kind(kind)), hours, 0.0);
    }

    const System& last = study_.epochs.back().system;
    double thermal_mw = 0;
    for (std::size_t k = 0; k < last.sources.thermal.size(); ++k) {
        thermal_mw += models::plant_capacity_mw(last.sources.thermal.plants, k);
    }
    out["thermal_full_load_hours"] =
        divide(sum_where(sources, source_mwh_, is_kind("thermal")), thermal_mw, 0.0);
    double design_mw = 0;
    const models::WastePlants& waste = last.sources.waste_to_energy.plants;
    for (std::size_t k = 0; k < waste.size(); ++k) {
        design_mw += waste.design_t_per_day[k] * waste.kwh_per_t[k] / 24.0 / 1000.0;
    }
    out["waste_design_mean_mw"] = design_mw;
    double distributed_mw = 0;
    const SolarFleet& solar = last.sources.solar;
    for (std::size_t k = 0; k < solar.size(); ++k) {
        distributed_mw += solar.distributed[k] ? solar.plants.p_rated_mw[k] : 0.0;
    }
    out["distributed_pv_mw"] = distributed_mw;
    out["co2_t"] = co2_t_;
    out["cost_cny"] = cost_cny_;
}

void Indicators::write_exchange(std::map<std::string, double>& out) const {
    const double import_mwh = sum_of(import_mwh_);
    const double export_mwh = sum_of(export_mwh_);
    out["import_mwh"] = import_mwh;
    out["export_mwh"] = export_mwh;
    out["import_peak_mw"] = import_peak_mw_;
    const std::vector<AxisEntry>& ties = axes_.of(Axis::tie);
    for (std::size_t k = 0; k < ties.size(); ++k) {
        out["import_mwh_" + ties[k].id] = import_mwh_[k];
    }
    out["external_surplus_unused_mwh"] = unused_surplus_mwh_;
    out["self_sufficiency"] = 1.0 - divide(import_mwh - export_mwh, consumption_mwh_, 0.0);
    out["tie_mismatch_mean_mw"] =
        divide(tie_mismatch_mwh_, dt_h_ * static_cast<double>(solved_), not_a_number);

    const std::vector<double>& e_max_mwh =
        study_.epochs.back().system.batteries.batteries.e_max_mwh;
    out["storage_charge_mwh"] = charge_mwh_;
    out["storage_discharge_mwh"] = discharge_mwh_;
    out["storage_cycles"] = divide(discharge_mwh_, sum_of(e_max_mwh), 0.0);
}

void Indicators::write_grid(std::map<std::string, double>& out) const {
    const auto if_solved = [this](double value) { return solved_ > 0 ? value : not_a_number; };
    out["losses_mwh"] = if_solved(losses_mwh_);
    out["loss_rate"] = divide(losses_mwh_, supplied_mwh_, if_solved(0.0));
    out["line_loading_max_percent"] = if_solved(line_loading_max_);
    out["transformer_loading_max_percent"] = if_solved(transformer_loading_max_);
    const auto in_hours = [&](std::size_t steps) {
        return if_solved(static_cast<double>(steps) * dt_h_);
    };
    out["overload_hours"] = in_hours(violations_.overload_steps);
    out["voltage_violation_hours"] = in_hours(violations_.voltage_steps);
    out["section_violation_hours"] = in_hours(violations_.section_steps);
    for (const Band& band : bands_) {
        if (band.max_pu >= band.min_pu) {
            const std::string level = std::to_string(static_cast<int>(band.level_kv));
            out["vm_max_pu_" + level] = band.max_pu;
            out["vm_min_pu_" + level] = band.min_pu;
        }
    }
    const double days = dt_h_ * static_cast<double>(solved_) / 24.0;
    out["tap_operations_per_day"] = divide(tap_operations_, days * tap_changers_, if_solved(0.0));
    out["shunt_operations_per_day"] =
        divide(shunt_operations_, days * switched_shunts_, if_solved(0.0));
}

void calibrate(const Study& study, Summary& summary) {
    constexpr double year_h = 8760;
    const double hours = static_cast<double>(study.time.n_step) * study.time.dt_h();
    for (const CalibrationTarget& target : study.calibration) {
        Summary::Calibration row;
        row.id = target.id;
        row.name = target.name;
        row.indicator = target.indicator;
        row.min = target.min;
        row.max = target.max;
        row.source = target.source;
        row.value = std::numeric_limits<double>::quiet_NaN();
        for (const auto* values : {&summary.indicators, &summary.counts}) {
            if (const auto it = values->find(target.indicator); it != values->end()) {
                row.value = it->second;
                break;
            }
        }
        row.inside = row.value >= row.min && row.value <= row.max;
        row.judged = hours >= year_h || summary.counts.contains(target.indicator);
        summary.calibration.push_back(std::move(row));
    }
}

} // namespace yuanwang::engine
