#include "report/synthetic_run.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "report/synthetic_axes.hpp"

namespace yuanwang::test {
namespace {

using engine::Axis;
using engine::AxisEntry;
using engine::ResultAxes;
using std::numbers::pi;

/// Season (1 in mid-January, −1 in mid-July) and the sun (0…1) of a step.
struct Sky {
    double hour;
    double season;
    double sun;
};
Sky look_up(const TimeAxis& time, std::size_t t) {
    const LocalTime local = time.middle(t);
    const double season =
        std::cos(2 * pi * (static_cast<double>(local.day_of_year) - 15.0) / 365.0);
    const double half_day = 6.0 - 1.5 * season;
    const double from_noon = (local.hour - 13.2) / half_day;
    return {local.hour, season, std::abs(from_noon) < 1 ? std::cos(from_noon * pi / 2) : 0.0};
}

void shape_columns(engine::BlockResult& r, const ResultAxes& axes) {
    const std::size_t n = axes.time.n_step;
    const auto rows = [&](Axis axis) { return axes.of(axis).size(); };
    for (const auto& v : engine::result_variables()) {
        (r.*v.column).reshape(v.axis == Axis::none ? 1 : rows(v.axis), n);
    }
    r.steps = {0, n};
}

/// Powers of one step: loads, then sources in order, the ties take what is left.
void fill_powers(engine::BlockResult& r, const ResultAxes& axes, std::size_t t, bool curtailed,
                 Random& random, double& cloud) {
    const Sky sky = look_up(axes.time, t);
    cloud = std::clamp(cloud + 0.12 * random.normal(), 0.25, 1.0);
    const double evening = std::exp(-std::pow((sky.hour - 19.5) / 2.5, 2));
    const double winter = std::max(0.0, sky.season);
    r.load_p_mw(0, t) = 1900 + 8 * random.normal();
    r.load_p_mw(1, t) = 1360 + 6 * random.normal();
    r.load_p_mw(2, t) = 1900 + 500 * evening + 120 * sky.season + 15 * random.normal();
    r.load_p_mw(3, t) = 420 * winter * (1.1 - 0.4 * sky.sun);
    r.load_p_mw(4, t) = 140 - 6 * sky.season;
    double demand = 0;
    for (const double p : r.load_p_mw.step(t)) {
        demand += p;
    }
    r.demand_mw(0, t) = demand;

    const double wind = 113 * std::clamp(0.35 + 0.25 * random.normal(), 0.0, 1.0);
    const double solar = 199 * 0.9 * sky.sun * cloud;
    const double give_up = curtailed && sky.sun > 0.85 && sky.season < -0.2 ? 0.15 : 0.0;
    const std::vector<double> available = {wind, solar, 1100 - 300 * sky.season, 0, 0};
    const double thermal = sky.season > 0.2 ? 1000 : 600;
    const std::vector<double> used = {wind * (1 - give_up / 3), solar * (1 - give_up), available[2],
                                      thermal, 58.75};
    double supplied = 0;
    for (std::size_t k = 0; k < used.size(); ++k) {
        r.source_p_mw(k, t) = used[k];
        r.source_available_mw(k, t) = k < 3 ? available[k] : used[k];
        r.source_curtailed_mw(k, t) = k < 2 ? available[k] - used[k] : 0.0;
        supplied += used[k];
    }
    const bool charging = sky.sun > 0.8;
    const bool discharging = evening > 0.7;
    for (std::size_t k = 0; k < 2; ++k) {
        const double e_max = axes.of(Axis::storage)[k].rating;
        const double before = t == 0 ? 0.3 * e_max : r.storage_e_mwh(k, t - 1);
        const double p = charging      ? -std::min(0.4 * e_max, (0.9 * e_max - before) / 0.95)
                         : discharging ? std::min(0.4 * e_max, (before - 0.1 * e_max) * 0.95)
                                       : 0.0;
        r.storage_p_mw(k, t) = p;
        r.storage_e_mwh(k, t) = before - (p < 0 ? p * 0.95 : p / 0.95);
        supplied += p;
    }
    const double losses = 0.021 * demand;
    r.losses_mw(0, t) = losses;
    r.loss_schedule_mw(0, t) = losses + 0.3 * random.normal();
    const double missing = demand + losses - supplied;
    const double clean = std::min({missing, 3000.0, 9000 * sky.sun * cloud * 0.6});
    const double sea =
        std::clamp(missing - clean, 0.0, std::min(2000.0, 6000 * sky.sun * cloud * 0.5 + 300));
    const std::vector<double> tie = {clean, sea, missing - clean - sea};
    for (std::size_t k = 0; k < tie.size(); ++k) {
        r.tie_schedule_mw(k, t) = tie[k];
        r.tie_p_mw(k, t) = tie[k] + 2 * std::sin(static_cast<double>(t + k));
        r.tie_surplus_mw(k, t) = k < 2 ? tie[k] : 0.0;
        r.tie_surplus_available_mw(k, t) = k == 0   ? std::max(tie[0], 9000 * sky.sun * cloud * 0.6)
                                           : k == 1 ? std::max(tie[1], 6000 * sky.sun * cloud * 0.5)
                                                    : 0.0;
        r.tie_q_mvar(k, t) = 0.1 * tie[k];
    }
    r.section_p_mw(0, t) = tie[2];
    r.green_share(0, t) =
        std::clamp((wind + solar + available[2] + clean + sea + 0.45 * tie[2]) / demand, 0.0, 1.0);
    r.price_cny_per_mwh(0, t) = sky.sun > 0.3 ? 180 : 330;
    r.max_mismatch_mw(0, t) = 3e-8;
    r.residual_mw(0, t) = 1e-8;
    r.step_iterations(0, t) = 4;
}

/// Voltages and loadings that rise and fall with demand and with what hangs below.
void fill_grid(engine::BlockResult& r, const ResultAxes& axes, std::size_t t, Random& random) {
    const double strain = (r.demand_mw(0, t) - 5000) / 2000;
    for (std::size_t i = 0; i < axes.of(Axis::bus).size(); ++i) {
        const double kv = axes.of(Axis::bus)[i].base_kv;
        const double level = kv > 700 ? 1.03 : kv > 300 ? 1.02 : 1.01;
        r.bus_vm_pu(i, t) = level - 0.012 * strain + 0.002 * std::sin(static_cast<double>(i)) +
                            0.0012 * random.normal();
    }
    const auto fill = [&](const std::vector<AxisEntry>& entries, Series& loading, Series& p) {
        for (std::size_t k = 0; k < entries.size(); ++k) {
            const double base = 22 + 55 * std::abs(std::sin(static_cast<double>(3 * k + 1)));
            const double percent =
                std::max(0.5, base * (0.85 + 0.22 * strain) + 1.5 * random.normal());
            const double turn = k % 5 == 0 && r.tie_p_mw(0, t) > 1500 ? -1 : 1;
            loading(k, t) = percent;
            p(k, t) = turn * 0.97 * percent / 100 * entries[k].rating;
        }
    };
    fill(axes.of(Axis::line), r.line_loading_percent, r.line_p_from_mw);
    fill(axes.of(Axis::transformer), r.transformer_loading_percent, r.transformer_p_hv_mw);
    const auto lose = [&](const Series& loading, Series& after, Series& outage) {
        for (std::size_t k = 0; k < loading.n_element(); ++k) {
            after(k, t) = 1.18 * loading(k, t);
            outage(k, t) = static_cast<double>((k + 1) % axes.of(Axis::line).size());
        }
    };
    lose(r.line_loading_percent, r.line_n1_loading_percent, r.line_n1_outage);
    lose(r.transformer_loading_percent, r.transformer_n1_loading_percent, r.transformer_n1_outage);
}

void list_ledger(SyntheticRun& run) {
    const auto& r = run.results.columns;
    for (std::uint32_t t = 0; t < r.steps.count; ++t) {
        for (std::uint32_t k = 0; k < 2; ++k) {
            const double mwh = r.source_curtailed_mw(k, t);
            if (mwh <= 0) {
                continue;
            }
            const bool at_branch = t % 3 == 0;
            run.results.curtailment.push_back(
                {t, k, at_branch ? "branch_n" : "surplus", at_branch ? "t_330_2" : "", "", mwh});
            run.summary.curtailed_mwh_by_cause[at_branch ? "branch_n" : "surplus"] += mwh;
        }
    }
}

double sum(const Series& series, std::size_t row) {
    double total = 0;
    for (std::size_t t = 0; t < series.n_step(); ++t) {
        total += series(row, t);
    }
    return total;
}

double largest(const Series& series) {
    double most = 0;
    for (const double v : series.values()) {
        most = std::max(most, v);
    }
    return most;
}

void sum_up(SyntheticRun& run) {
    const auto& r = run.results.columns;
    const auto n = static_cast<double>(r.steps.count);
    auto& s = run.summary;
    s.counts = {
        {"substations_750kv", 2},
        {"buses", static_cast<double>(run.results.axes.of(Axis::bus).size())},
        {"lines", static_cast<double>(run.results.axes.of(Axis::line).size())},
        {"transformers", static_cast<double>(run.results.axes.of(Axis::transformer).size())},
        {"backbone_loops", 0},
        {"n1_outages", 41},
        {"n1_bridges", 1},
        {"n1_exceptions_used", 1}};
    s.steps = {{"total", n}, {"converged", n}, {"iteration_limit", 0}};
    s.balance = {{"max_bus_mismatch_mw", 3e-8},
                 {"max_residual_mw", 1e-8},
                 {"dispatch_balance_mwh", 2.5e-10}};
    auto& x = s.indicators;
    x["demand_mwh"] = sum(r.demand_mw, 0);
    x["peak_demand_mw"] = largest(r.demand_mw);
    x["mean_demand_mw"] = x["demand_mwh"] / n;
    x["load_factor"] = x["mean_demand_mw"] / x["peak_demand_mw"];
    x["losses_mwh"] = sum(r.losses_mw, 0);
    x["loss_rate"] = x["losses_mwh"] / x["demand_mwh"];
    x["unserved_mwh"] = 0;
    x["unserved_hours"] = 0;
    x["available_wind_mwh"] = sum(r.source_available_mw, 0);
    x["available_solar_mwh"] = sum(r.source_available_mw, 1);
    x["curtailed_mwh"] = sum(r.source_curtailed_mw, 0) + sum(r.source_curtailed_mw, 1);
    x["utilisation_rate_wind"] = 1 - sum(r.source_curtailed_mw, 0) / x["available_wind_mwh"];
    x["utilisation_rate_solar"] = 1 - sum(r.source_curtailed_mw, 1) / x["available_solar_mwh"];
    x["import_mwh"] =
        sum(r.tie_schedule_mw, 0) + sum(r.tie_schedule_mw, 1) + sum(r.tie_schedule_mw, 2);
    x["import_mwh_hainan"] = sum(r.tie_schedule_mw, 0);
    x["import_mwh_haixi"] = sum(r.tie_schedule_mw, 1);
    x["import_mwh_gansu"] = sum(r.tie_schedule_mw, 2);
    x["export_mwh"] = 0;
    x["external_surplus_unused_mwh"] = sum(r.tie_surplus_available_mw, 0) +
                                       sum(r.tie_surplus_available_mw, 1) -
                                       sum(r.tie_surplus_mw, 0) - sum(r.tie_surplus_mw, 1);
    x["green_share_annual"] = 0.79;
    x["green_share_hourly"] = sum(r.green_share, 0) / n;
    x["co2_t"] = 0.8 * sum(r.source_p_mw, 3);
    x["cost_cny"] = 0.26 * 1000 * x["demand_mwh"];
    x["line_loading_max_percent"] = largest(r.line_loading_percent);
    x["transformer_loading_max_percent"] = largest(r.transformer_loading_percent);
    x["overload_hours"] = 0;
    x["n1_secure_hours"] = n - 12;
    x["n1_secure_hours_strict"] = n - 30;
    x["n1_loading_max_percent"] = largest(r.line_n1_loading_percent);
    x["n1_cut_off_max_mw"] = 140;
    const auto& lines = run.results.axes.of(Axis::line);
    s.findings = {{.kind = "broken_limit",
                   .severity = engine::Severity::relaxed,
                   .element = lines.front().id,
                   .outage = lines.back().id,
                   .hours = 3,
                   .value = 104.5,
                   .limit = 100,
                   .unit = "percent"},
                  {.kind = "overload",
                   .severity = engine::Severity::violation,
                   .element = lines.front().id,
                   .hours = 2,
                   .value = 101.25,
                   .limit = 100,
                   .unit = "percent"}};
    s.n1_worst = {{lines.back().id, lines.front().id, 5, x["n1_loading_max_percent"], 30}};
    s.n1_cut_off = {{lines.front().id, 140}};
    x["voltage_violation_hours"] = 0;
    x["storage_cycles"] = 290;
    x["sunshine_hours"] = 2510.1;
    x["tie_mismatch_mean_mw"] = 1.27;
    s.energy_mwh_by_kind = {{"wind", sum(r.source_p_mw, 0)},
                            {"solar", sum(r.source_p_mw, 1)},
                            {"hydro", sum(r.source_p_mw, 2)},
                            {"thermal", sum(r.source_p_mw, 3)},
                            {"waste", sum(r.source_p_mw, 4)}};
    s.calibration = {{"peak",
                      {"City peak demand", "城市最大负荷"},
                      "peak_demand_mw",
                      x["peak_demand_mw"],
                      6000,
                      7200,
                      x["peak_demand_mw"] >= 6000 && x["peak_demand_mw"] <= 7200,
                      "facts of supply and demand"},
                     {"green",
                      {"Green share, annual matched", "绿电占比（年平衡）"},
                      "green_share_annual",
                      0.79,
                      0.75,
                      0.85,
                      true,
                      "press: more than 80 %"},
                     {"loss",
                      {"Loss rate", "网损率"},
                      "loss_rate",
                      x["loss_rate"],
                      0.03,
                      0.05,
                      false,
                      "planning assumption"}};
}

void add_days(SyntheticRun& run) {
    const std::size_t n_day = run.results.axes.time.n_step / 24;
    const auto day = [&](const char* id, Name name, std::size_t wanted) {
        run.summary.typical_days.push_back(
            {id, std::move(name), {24 * std::min(wanted, n_day - 1), 24}});
    };
    day("winter_peak", {"Winter peak", "冬季最大负荷日"}, 10);
    day("summer_noon", {"Summer noon", "夏季午间"}, 190);
    day("spring_night", {"Spring night", "春季夜间"}, 100);
    day("lowest_net_load", {"Lowest net load", "最小净负荷日"}, 215);
}

void add_context(SyntheticRun& run) {
    auto& c = run.context;
    c.name = run.summary.scenario_name;
    c.description = {"A made-up grid that shows every part of the report.",
                     "用于展示报告各部分的虚构电网。"};
    c.seed = 2025;
    c.n1_exceptions = {"t_330_2"};
    for (const AxisEntry& entry : run.results.axes.of(Axis::bus)) {
        c.voltage_band_pu[entry.id] =
            entry.base_kv > 200 ? std::pair{0.95, 1.1} : std::pair{0.97, 1.07};
    }
    using Kind = engine::Provenance::Kind;
    c.provenance = {
        {"sources.solar[pv_1].p_rated_mw", "199", Kind::fact,
         "press S1: 分布式光伏总装机容量199兆瓦"},
        {"sources.waste_to_energy[waste].kwh_per_t", "470", Kind::fact, "press S4: 470 kWh/t"},
        {"grid.lines[l_mid].length_km", "62", Kind::assumed, "coordinates × 1.15"},
        {"grid.lines[l_sea].length_km", "310", Kind::assumed, "coordinates × 1.15"},
        {"time.step", "1 h", Kind::stated, ""}};
    engine::Project project;
    project.id = "huangyuan_wind";
    project.name = {"Huangyuan wind farm", "湟源风电"};
    project.project_class = "wind";
    project.status = "in_service";
    project.in_service = std::chrono::year{2025} / 6 / 1;
    project.capex_cny = 6.2e8;
    project.enabled = true;
    c.projects = {project};
}

} // namespace

SyntheticRun make_synthetic_run(const SyntheticSize& size) {
    SyntheticRun run;
    run.results.axes = make_synthetic_axes(size);
    const auto& axes = run.results.axes;
    shape_columns(run.results.columns, axes);
    Random random{7};
    double cloud = 0.8;
    for (std::size_t t = 0; t < size.n_step; ++t) {
        fill_powers(run.results.columns, axes, t, size.curtailed, random, cloud);
        fill_grid(run.results.columns, axes, t, random);
    }
    run.summary.scenario_id = "synthetic";
    run.summary.scenario_name = {"Synthetic city", "虚构城市"};
    list_ledger(run);
    sum_up(run);
    add_days(run);
    add_context(run);
    return run;
}

} // namespace yuanwang::test
