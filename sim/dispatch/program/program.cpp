#include "dispatch/program/program.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace yuanwang::dispatch::program {
namespace {

void add_balance(const Layout& at, std::size_t t, std::vector<Entry>& entries) {
    const std::size_t row = at.balance(t);
    for (std::size_t k = 0; k < at.n_generator; ++k) {
        entries.push_back({row, at.g(t, k), 1});
    }
    for (std::size_t s = 0; s < at.n_storage; ++s) {
        entries.push_back({row, at.c(t, s), -1});
        entries.push_back({row, at.d(t, s), 1});
    }
    entries.push_back({row, at.u(t), 1});
}

void add_storage_within_step(const System& system, const Layout& at, std::size_t t,
                             std::vector<Entry>& entries) {
    const Storages& storages = system.storages;
    for (std::size_t s = 0; s < at.n_storage; ++s) {
        const std::size_t row = at.storage(t, s);
        entries.push_back({row, at.c(t, s), -system.dt_h * storages.eta_charge[s]});
        entries.push_back({row, at.d(t, s), system.dt_h / storages.eta_discharge[s]});
        entries.push_back({row, at.w(t, s), system.dt_h});
        entries.push_back({row, at.e(t, s), 1});
    }
}

void add_storage_coupling(const System& system, const Layout& at, std::size_t t, std::size_t before,
                          std::vector<Entry>& entries) {
    for (std::size_t s = 0; s < at.n_storage; ++s) {
        entries.push_back({at.storage(t, s), at.e(before, s), -system.storages.retention[s]});
    }
}

void write_generators(const System& system, const Block& block, std::size_t t, LinearProgram& lp) {
    for (std::size_t k = 0; k < system.generators.size(); ++k) {
        const std::size_t column = lp.layout.g(t, k);
        lp.lower[column] = block.p_min_mw(k, t);
        lp.upper[column] = block.p_max_mw(k, t);
        lp.cost[column] = system.dt_h * block.price_per_mwh(k, t);
    }
}

void write_storages(const System& system, const Block& block, std::size_t t, LinearProgram& lp) {
    const Storages& storages = system.storages;
    const Layout& at = lp.layout;
    for (std::size_t s = 0; s < storages.size(); ++s) {
        lp.upper[at.c(t, s)] = storages.charge_max_mw[s];
        lp.upper[at.d(t, s)] = storages.discharge_max_mw[s];
        lp.cost[at.d(t, s)] = system.dt_h * block.discharge_price_per_mwh(s, t);
        lp.upper[at.w(t, s)] = storages.spill_max_mw[s];
        lp.lower[at.e(t, s)] = storages.e_min_mwh[s];
        lp.upper[at.e(t, s)] = storages.e_max_mwh[s];
        const double inflow_mwh = system.dt_h * block.inflow_mw(s, t);
        lp.row_lower[at.storage(t, s)] = lp.row_upper[at.storage(t, s)] = inflow_mwh;
    }
}

void write_shed(const System& system, std::size_t t, LinearProgram& lp) {
    const Sheds& sheds = system.sheds;
    const double total_mw = std::reduce(sheds.p_max_mw.begin(), sheds.p_max_mw.end());
    const double priced = std::inner_product(sheds.p_max_mw.begin(), sheds.p_max_mw.end(),
                                             sheds.price_per_mwh.begin(), 0.0);
    lp.upper[lp.layout.u(t)] = total_mw;
    lp.cost[lp.layout.u(t)] = total_mw > 0 ? system.dt_h * priced / total_mw : 0;
}

void write_balance(const Block& block, std::size_t t, LinearProgram& lp) {
    const auto demand = block.demand_mw.step(t);
    const std::size_t row = lp.layout.balance(t);
    lp.row_lower[row] = lp.row_upper[row] = std::accumulate(demand.begin(), demand.end(), 0.0);
}

void write_seam(const System& system, const Block& block, LinearProgram& lp) {
    if (block.seam == Seam::cyclic) {
        return;
    }
    const Layout& at = lp.layout;
    for (std::size_t s = 0; s < system.storages.size(); ++s) {
        const double carried_mwh = system.storages.retention[s] * block.e_start_mwh[s];
        lp.row_lower[at.storage(0, s)] += carried_mwh;
        lp.row_upper[at.storage(0, s)] += carried_mwh;
        const std::size_t last = at.e(block.n_step - 1, s);
        if (block.seam == Seam::fixed) {
            lp.lower[last] = lp.upper[last] = block.e_end_mwh[s];
        } else {
            lp.cost[last] = -block.end_value_per_mwh[s];
        }
    }
}

} // namespace

Layout make_layout(const System& system, std::size_t n_step) {
    return {.n_generator = system.generators.size(),
            .n_storage = system.storages.size(),
            .n_step = n_step};
}

LinearProgram make_program(const System& system, std::size_t n_step, Seam seam) {
    assert(n_step > (seam == Seam::cyclic ? 1u : 0u));
    LinearProgram lp;
    lp.layout = make_layout(system, n_step);
    for (std::size_t t = 0; t < n_step; ++t) {
        add_balance(lp.layout, t, lp.within_steps);
        add_storage_within_step(system, lp.layout, t, lp.within_steps);
        if (t > 0) {
            add_storage_coupling(system, lp.layout, t, t - 1, lp.coupling);
        }
    }
    if (seam == Seam::cyclic) {
        add_storage_coupling(system, lp.layout, 0, n_step - 1, lp.coupling);
    }
    lp.row_lower.assign(lp.layout.n_row(), 0);
    lp.row_upper.assign(lp.layout.n_row(), 0);
    lp.lower.assign(lp.layout.n_column(), 0);
    lp.upper.assign(lp.layout.n_column(), 0);
    lp.cost.assign(lp.layout.n_column(), 0);
    return lp;
}

void write_block(const System& system, const Block& block, LinearProgram& lp) {
    assert(block.n_step == lp.layout.n_step);
    for (std::size_t t = 0; t < block.n_step; ++t) {
        write_generators(system, block, t, lp);
        write_storages(system, block, t, lp);
        write_shed(system, t, lp);
        write_balance(block, t, lp);
        for (std::size_t s = 0; s < system.storages.size(); ++s) {
            lp.cost[lp.layout.e(t, s)] = 0;
        }
    }
    write_seam(system, block, lp);
}

bool is_sound(const LinearProgram& lp) {
    const auto finite = [](double x) { return std::isfinite(x); };
    bool sound = std::ranges::all_of(lp.cost, finite) && std::ranges::all_of(lp.lower, finite) &&
                 std::ranges::all_of(lp.upper, finite) && std::ranges::all_of(lp.row_lower, finite);
    for (std::size_t j = 0; j < lp.cost.size(); ++j) {
        sound = sound && lp.lower[j] <= lp.upper[j];
    }
    return sound;
}

} // namespace yuanwang::dispatch::program
