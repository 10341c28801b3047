#include "engine/accounts/fault_account.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "network/per_unit.hpp"

namespace yuanwang::engine {

namespace {

using security::FaultLevel;
using security::FaultMatrix;

constexpr double transmission_kv = 100; ///< tertiaries are not what a grid's fault level means
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Keeps the smaller of what is there and a number; below 0 nothing is there.
void keep_least(double& least, double value) {
    least = least < 0 ? value : std::min(least, value);
}

/// I"k3 of every written bus with the sources the matrix holds, c = 1.
Column<BusIdx, double> compute_least_currents(const network::Network& grid,
                                              const FaultMatrix& matrix) {
    Column<BusIdx, double> ik3_ka(grid.n_written_bus, 0.0);
    std::vector<BusIdx> fed;
    for (const BusIdx i : rows<BusIdx>(grid.n_written_bus)) {
        if (matrix.is_fed(i)) {
            fed.push_back(i);
        }
    }
    std::vector<FaultMatrix::Complex> z(matrix.n_row() * FaultMatrix::lanes);
    for (std::size_t first = 0; first < fed.size(); first += FaultMatrix::lanes) {
        const std::size_t count = std::min(FaultMatrix::lanes, fed.size() - first);
        const std::span buses = std::span(fed).subspan(first, count);
        matrix.compute_columns(buses, std::span(z).first(matrix.n_row() * count));
        for (std::size_t m = 0; m < count; ++m) {
            const double kv = grid.base_kv[buses[m]];
            const auto row = static_cast<std::size_t>(matrix.row(buses[m]));
            ik3_ka[buses[m]] = security::voltage_factor(kv, FaultLevel::minimum) *
                               network::base_mva /
                               (std::numbers::sqrt3 * kv * std::abs(z[m * matrix.n_row() + row]));
        }
    }
    return ik3_ka;
}

} // namespace

FaultAccount::FaultAccount(const Study& study, const ResultAxes& axes)
    : study_{study}, axes_{axes}, buses_(axes.of(Axis::bus).size()),
      stations_(axes.of(Axis::source).size()) {
    for (Bus& bus : buses_) {
        bus.variant_ka.assign(study.short_circuit.variants.size(), 0.0);
    }
}

void FaultAccount::enter_epoch(const EpochModel& model) {
    model_ = &model;
    plan_ = make_fault_plan(study_.short_circuit, model);
    for (std::size_t k = 0; k < plan_.stations.size(); ++k) {
        stations_[plan_.station_row[k]].p_mw = plan_.stations.p_mw[k];
    }
    patterns_.clear();
    impedances_ = security::list_fault_impedances(model.grid, plan_.sources, FaultLevel::minimum);
    branches_ = security::make_fault_branches(model.system->grid, model.grid);
    matrix_ = std::make_unique<FaultMatrix>(model.grid, branches_);
    take_largest(
        security::compute_short_circuits(model.system->grid, model.grid, plan_.sources,
                                         {.breaking_time_s = study_.short_circuit.breaking_time_s,
                                          .thermal_time_s = study_.short_circuit.thermal_time_s}));
    compare_variants();
}

void FaultAccount::take_largest(const security::ShortCircuitCurrents& currents) {
    const auto& rows_of = model_->axes.of(Axis::bus);
    for (const BusIdx i : rows<BusIdx>(currents.ik3_ka.size())) {
        Bus& bus = buses_[rows_of[i.row()]];
        if (currents.ik3_ka[i] >= bus.ik3_max_ka) {
            bus.ik3_max_ka = currents.ik3_ka[i];
            bus.ik2_max_ka = currents.ik2_ka[i];
            bus.ip_ka = currents.ip_ka[i];
            bus.ib_ka = currents.ib_ka[i];
            bus.ith_ka = currents.ith_ka[i];
            bus.sk_max_mva = currents.sk_mva[i];
            bus.r_over_x = currents.r_over_x[i];
            bus.converter_ka = currents.converter_ka[i];
        }
    }
}

std::vector<BranchIdx> FaultAccount::list_open(const SwitchingVariant& variant) const {
    std::vector<BranchIdx> out;
    const auto add = [&](Axis axis, const std::vector<std::vector<BranchIdx>>& branches) {
        for (std::size_t k = 0; k < branches.size(); ++k) {
            const std::string& id = axes_.of(axis)[model_->axes.of(axis)[k]].id;
            if (std::ranges::find(variant.open, id) != variant.open.end()) {
                out.insert(out.end(), branches[k].begin(), branches[k].end());
            }
        }
    };
    add(Axis::line, model_->line_branches);
    add(Axis::transformer, model_->transformer_branches);
    return out;
}

void FaultAccount::compare_variants() {
    const auto& rows_of = model_->axes.of(Axis::bus);
    for (std::size_t v = 0; v < study_.short_circuit.variants.size(); ++v) {
        const security::ShortCircuitCurrents currents =
            security::compute_short_circuits(model_->system->grid, model_->grid, plan_.sources,
                                             {.out = list_open(study_.short_circuit.variants[v])});
        for (const BusIdx i : rows<BusIdx>(currents.ik3_ka.size())) {
            double& ka = buses_[rows_of[i.row()]].variant_ka[v];
            ka = std::max(ka, currents.ik3_ka[i]);
        }
    }
}

const FaultAccount::Pattern& FaultAccount::solve_pattern(const std::vector<int>& count) {
    const auto [it, is_new] = patterns_.try_emplace(count);
    if (is_new) {
        ++n_pattern_;
        const std::size_t n_feeder = impedances_.size() - count.size(); // machines come last
        for (std::size_t k = 0; k < count.size(); ++k) {
            impedances_[n_feeder + k].count = count[k];
        }
        Pattern& pattern = it->second;
        if (matrix_->factorise(impedances_)) {
            pattern.ik3_ka = compute_least_currents(model_->grid, *matrix_);
            pattern.ratios = security::compute_strength(*matrix_, plan_.stations);
        }
    }
    return it->second;
}

void FaultAccount::add(BlockData& data) {
    for (std::size_t t = 0; t < data.result.steps.count; ++t) {
        count_machines(plan_, data, t, count_);
        const Pattern& pattern = solve_pattern(count_);
        if (!pattern.ik3_ka.empty()) {
            add_step(pattern, t, data);
        }
    }
}

void FaultAccount::add_step(const Pattern& pattern, std::size_t t, BlockData& data) {
    const auto& rows_of = model_->axes.of(Axis::bus);
    for (const BusIdx i : rows<BusIdx>(pattern.ik3_ka.size())) {
        keep_least(buses_[rows_of[i.row()]].ik3_min_ka, pattern.ik3_ka[i]);
    }
    bool weak = false;
    for (std::size_t k = 0; k < plan_.stations.size(); ++k) {
        const std::uint32_t row = plan_.station_row[k];
        const double scr = pattern.ratios.scr[k];
        const double mrscr = pattern.ratios.mrscr[k];
        data.result.source_short_circuit_ratio(row, t) = scr;
        data.result.source_multi_infeed_ratio(row, t) = mrscr;
        Station& station = stations_[row];
        if (station.scr_min < 0 || scr < station.scr_min) {
            station.sk_min_mva = pattern.ratios.sk_mva[k];
        }
        keep_least(station.scr_min, scr);
        keep_least(station.mrscr_min, mrscr);
        station.mrscr_sum += mrscr;
        ++station.steps;
        if (mrscr < study_.short_circuit.ratio_limit) {
            ++station.weak_steps;
            weak = true;
        }
    }
    weak_steps_ += weak ? 1U : 0U;
}

double FaultAccount::find_rating_ka(double base_kv) const {
    for (const BreakerRating& rating : study_.short_circuit.breakers) {
        if (std::abs(rating.base_kv - base_kv) <= 0.01 * base_kv) {
            return rating.rating_ka;
        }
    }
    return nan;
}

void FaultAccount::list_levels(Summary& summary) const {
    double largest = 0;
    double n_over = 0;
    for (std::size_t k = 0; k < buses_.size(); ++k) {
        const Bus& bus = buses_[k];
        const AxisEntry& entry = axes_.of(Axis::bus)[k];
        const double rating_ka = find_rating_ka(entry.base_kv);
        if (entry.base_kv >= transmission_kv) {
            largest = std::max(largest, bus.ik3_max_ka);
        }
        // A breaker is chosen by what it interrupts; where the current does not decay both are one.
        n_over += bus.ib_ka > rating_ka ? 1 : 0;
        const double least = std::max(bus.ik3_min_ka, 0.0);
        summary.fault_levels.push_back({.bus = entry.id,
                                        .base_kv = entry.base_kv,
                                        .ik3_max_ka = bus.ik3_max_ka,
                                        .ik2_max_ka = bus.ik2_max_ka,
                                        .ip_ka = bus.ip_ka,
                                        .ib_ka = bus.ib_ka,
                                        .ith_ka = bus.ith_ka,
                                        .sk_max_mva = bus.sk_max_mva,
                                        .r_over_x = bus.r_over_x,
                                        .converter_ka = bus.converter_ka,
                                        .ik3_min_ka = least,
                                        .ik2_min_ka = least * std::numbers::sqrt3 / 2,
                                        .breaker_ka = rating_ka,
                                        .variant_ik3_ka = bus.variant_ka});
    }
    summary.indicators["short_circuit_max_ka"] = largest;
    if (!study_.short_circuit.breakers.empty()) {
        summary.indicators["short_circuit_over_rating_buses"] = n_over;
    }
}

void FaultAccount::list_stations(Summary& summary) const {
    const double dt_h = study_.time.dt_h();
    double scr_min = -1;
    double mrscr_min = -1;
    for (std::size_t k = 0; k < stations_.size(); ++k) {
        const Station& station = stations_[k];
        if (station.steps == 0) {
            continue;
        }
        keep_least(scr_min, station.scr_min);
        keep_least(mrscr_min, station.mrscr_min);
        summary.system_strength.push_back(
            {.source = axes_.of(Axis::source)[k].id,
             .p_rated_mw = station.p_mw,
             .sk_min_mva = station.sk_min_mva,
             .scr_min = station.scr_min,
             .mrscr_min = station.mrscr_min,
             .mrscr_mean = station.mrscr_sum / static_cast<double>(station.steps),
             .weak_hours = static_cast<double>(station.weak_steps) * dt_h});
    }
    if (scr_min >= 0) {
        summary.indicators["scr_min"] = scr_min;
        summary.indicators["mrscr_min"] = mrscr_min;
        summary.indicators["mrscr_weak_hours"] = static_cast<double>(weak_steps_) * dt_h;
    }
}

void FaultAccount::finish(Summary& summary) const {
    summary.counts["commitment_patterns"] = static_cast<double>(n_pattern_);
    summary.mrscr_limit = study_.short_circuit.ratio_limit;
    for (const SwitchingVariant& variant : study_.short_circuit.variants) {
        summary.switching_variants.push_back({variant.id, variant.name});
    }
    list_levels(summary);
    list_stations(summary);
}

} // namespace yuanwang::engine
