#include "dispatch/program/program.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace yuanwang::dispatch::program {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// The matrix, one constraint family after the other

void add_balance(const System& system, const Layout& at, std::size_t t,
                 std::vector<Entry>& entries) {
    for (std::size_t k = 0; k < at.n_generator; ++k) {
        const std::size_t bus = system.generators.bus[k];
        if (bus != no_bus) {
            entries.push_back({at.balance(t, system.island(bus)), at.g(t, k), 1});
        }
    }
    for (std::size_t s = 0; s < at.n_storage; ++s) {
        const std::size_t row = at.balance(t, system.island(system.storages.bus[s]));
        entries.push_back({row, at.c(t, s), -1});
        entries.push_back({row, at.d(t, s), 1});
    }
    for (std::size_t i = 0; i < at.n_island; ++i) {
        entries.push_back({at.balance(t, i), at.u(t, i), 1});
    }
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

/// Water that leaves the upper reservoir arrives after its delay; what would arrive after the block is left out.
void add_cascades(const System& system, const Layout& at, std::size_t t, LinearProgram& lp) {
    const Cascades& cascades = system.cascades;
    for (std::size_t m = 0; m < cascades.size(); ++m) {
        if (t < cascades.delay_steps[m]) {
            continue;
        }
        const std::size_t left = t - cascades.delay_steps[m];
        const std::size_t above = cascades.upper[m];
        const std::size_t row = at.storage(t, cascades.lower[m]);
        const double gain = system.dt_h * cascades.factor[m];
        auto& entries = left == t ? lp.within_steps : lp.coupling;
        entries.push_back({row, at.d(left, above), -gain / system.storages.eta_discharge[above]});
        entries.push_back({row, at.w(left, above), -gain});
    }
}

void add_groups(const System& system, const Layout& at, std::size_t t,
                std::vector<Entry>& entries) {
    for (std::size_t m = 0; m < at.n_group; ++m) {
        for (const Term& term : system.groups.terms[m]) {
            entries.push_back({at.group(t, m), at.column(t, term), term.factor});
        }
    }
}

void add_accounts(const System& system, const Layout& at, std::size_t t, LinearProgram& lp) {
    for (std::size_t a = 0; a < at.n_account; ++a) {
        for (const std::size_t k : system.accounts.generators[a]) {
            lp.within_steps.push_back({at.account(t, a), at.g(t, k), system.dt_h});
        }
        lp.within_steps.push_back({at.account(t, a), at.x(t, a), 1});
        if (t > 0) {
            lp.coupling.push_back({at.account(t, a), at.x(t - 1, a), -system.accounts.keep[a]});
        }
    }
}

void add_ramps(const System& system, const Layout& at, std::size_t t, LinearProgram& lp) {
    for (std::size_t r = 0; r < at.n_ramp; ++r) {
        const std::size_t k = system.ramps.generator[r];
        lp.within_steps.push_back({at.ramp(t, r), at.g(t, k), 1});
        if (t > 0) {
            lp.coupling.push_back({at.ramp(t, r), at.g(t - 1, k), -1});
        }
    }
}

void add_budgets(const System& system, const Shape& shape, const Layout& at,
                 std::vector<Entry>& entries) {
    for (std::size_t t = 0; t < at.n_step; ++t) {
        const std::size_t span = shape.span_of_step.empty() ? 0 : shape.span_of_step[t];
        for (std::size_t b = 0; b < at.n_budget; ++b) {
            entries.push_back(
                {at.budget(span, b), at.g(t, system.budgets.generator[b]), system.dt_h});
        }
    }
}

void place_columns(const System& system, LinearProgram& lp) {
    const Layout& at = lp.layout;
    lp.bus_of_column.assign(at.n_column(), no_bus);
    lp.injection.assign(at.n_column(), 0);
    const auto place = [&](std::size_t column, std::size_t bus, double sign) {
        if (bus != no_bus) {
            lp.bus_of_column[column] = bus;
            lp.injection[column] = sign;
        }
    };
    for (std::size_t t = 0; t < at.n_step; ++t) {
        for (std::size_t k = 0; k < at.n_generator; ++k) {
            place(at.g(t, k), system.generators.bus[k], 1);
        }
        for (std::size_t s = 0; s < at.n_storage; ++s) {
            place(at.c(t, s), system.storages.bus[s], -1);
            place(at.d(t, s), system.storages.bus[s], 1);
        }
    }
}

// The numbers of a block

double pick(const Series& by_step, std::size_t s, std::size_t t, double constant) {
    return by_step.empty() ? constant : by_step(s, t);
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
        lp.upper[at.c(t, s)] = pick(block.charge_max_mw, s, t, storages.charge_max_mw[s]);
        lp.upper[at.d(t, s)] = pick(block.discharge_max_mw, s, t, storages.discharge_max_mw[s]);
        lp.cost[at.d(t, s)] = system.dt_h * block.discharge_price_per_mwh(s, t);
        lp.upper[at.w(t, s)] = storages.spill_max_mw[s];
        lp.lower[at.e(t, s)] = pick(block.e_min_mwh, s, t, storages.e_min_mwh[s]);
        lp.upper[at.e(t, s)] = pick(block.e_max_mwh, s, t, storages.e_max_mwh[s]);
        lp.cost[at.e(t, s)] = 0;
        const double inflow_mwh = system.dt_h * block.inflow_mw(s, t);
        lp.row_lower[at.storage(t, s)] = lp.row_upper[at.storage(t, s)] = inflow_mwh;
    }
}

void write_sheds(const System& system, std::size_t t, LinearProgram& lp) {
    const Sheds& sheds = system.sheds;
    for (std::size_t i = 0; i < system.n_island; ++i) {
        double total_mw = 0;
        double priced = 0;
        for (std::size_t b = 0; b < sheds.size(); ++b) {
            if (system.island(sheds.bus[b]) == i) {
                total_mw += sheds.p_max_mw[b];
                priced += sheds.p_max_mw[b] * sheds.price_per_mwh[b];
            }
        }
        lp.upper[lp.layout.u(t, i)] = total_mw;
        lp.cost[lp.layout.u(t, i)] = total_mw > 0 ? system.dt_h * priced / total_mw : 0;
    }
}

void write_balances(const System& system, const Block& block, std::size_t t, LinearProgram& lp) {
    for (std::size_t i = 0; i < system.n_island; ++i) {
        const std::size_t row = lp.layout.balance(t, i);
        lp.row_lower[row] = block.loss_offset_mw.empty() ? 0 : block.loss_offset_mw(i, t);
    }
    for (std::size_t bus = 0; bus < system.n_bus; ++bus) {
        lp.row_lower[lp.layout.balance(t, system.island(bus))] += block.demand_mw(bus, t);
    }
    for (std::size_t i = 0; i < system.n_island; ++i) {
        const std::size_t row = lp.layout.balance(t, i);
        lp.row_upper[row] = lp.row_lower[row];
    }
}

void write_groups(const System& system, const Block& block, std::size_t t, LinearProgram& lp) {
    for (std::size_t m = 0; m < system.groups.size(); ++m) {
        lp.row_lower[lp.layout.group(t, m)] = block.group_lower(m, t);
        lp.row_upper[lp.layout.group(t, m)] = block.group_upper(m, t);
    }
}

void write_accounts(const System& system, const Block& block, std::size_t t, LinearProgram& lp) {
    const Layout& at = lp.layout;
    for (std::size_t a = 0; a < system.accounts.size(); ++a) {
        lp.lower[at.x(t, a)] = block.account_min(a, t);
        lp.upper[at.x(t, a)] = block.account_max(a, t);
        const bool ends = t + 1 == block.n_step && !block.account_end_value.empty();
        lp.cost[at.x(t, a)] = ends ? -block.account_end_value[a] : 0.0;
        const double start = t > 0 || block.account_start.empty()
                                 ? 0.0
                                 : system.accounts.keep[a] * block.account_start[a];
        lp.row_lower[at.account(t, a)] = lp.row_upper[at.account(t, a)] = start;
    }
}

void write_ramps(const System& system, const Block& block, std::size_t t, LinearProgram& lp) {
    for (std::size_t r = 0; r < system.ramps.size(); ++r) {
        const bool known =
            t > 0 || (!block.ramp_start_mw.empty() && !std::isnan(block.ramp_start_mw[r]));
        const double start_mw = t > 0 || !known ? 0.0 : block.ramp_start_mw[r];
        const std::size_t row = lp.layout.ramp(t, r);
        const double limit_mw = system.ramps.limit_mw[r];
        lp.row_lower[row] = known ? start_mw - pick(block.ramp_down_mw, r, t, limit_mw) : -infinity;
        lp.row_upper[row] = known ? start_mw + pick(block.ramp_up_mw, r, t, limit_mw) : infinity;
    }
}

void write_budgets(const System& system, const Block& block, LinearProgram& lp) {
    for (std::size_t span = 0; span < lp.layout.n_span; ++span) {
        for (std::size_t b = 0; b < system.budgets.size(); ++b) {
            lp.row_lower[lp.layout.budget(span, b)] = -infinity;
            lp.row_upper[lp.layout.budget(span, b)] = block.budget_mwh(b, span);
        }
    }
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

/// Losses stand in the balances, weights in the accounts: the only coefficients that change from block to block.
void write_coefficients(const System& system, const Block& block, LinearProgram& lp) {
    const bool weighs = system.accounts.size() > 0;
    if (block.loss_factor.empty() && !weighs) {
        return;
    }
    const Layout& at = lp.layout;
    for (Entry& entry : lp.within_steps) {
        const std::size_t t = entry.row / at.rows_per_step();
        const std::size_t row = entry.row % at.rows_per_step();
        const std::size_t bus = lp.bus_of_column[entry.column];
        if (row < at.n_island && bus != no_bus && !block.loss_factor.empty()) {
            entry.value = lp.injection[entry.column] * (1 - block.loss_factor(bus, t));
        } else if (weighs && row >= at.account(0, 0) && row < at.account(0, at.n_account)) {
            const std::size_t column = entry.column - at.g(t, 0);
            if (column < at.n_generator) {
                entry.value = system.dt_h * block.account_weight(column, t);
            }
        }
    }
}

} // namespace

Shape shape_of(const Block& block) {
    return {block.n_step, block.seam, block.span_of_step};
}

Layout make_layout(const System& system, const Shape& shape) {
    return {.n_generator = system.generators.size(),
            .n_storage = system.storages.size(),
            .n_step = shape.n_step,
            .n_island = system.n_island,
            .n_account = system.accounts.size(),
            .n_group = system.groups.size(),
            .n_ramp = system.ramps.size(),
            .n_budget = system.budgets.size(),
            .n_span = shape.span_of_step.empty() ? 1 : shape.span_of_step.back() + 1};
}

LinearProgram make_program(const System& system, const Shape& shape) {
    assert(shape.n_step > (shape.seam == Seam::cyclic ? 1u : 0u));
    LinearProgram lp;
    lp.layout = make_layout(system, shape);
    for (std::size_t t = 0; t < shape.n_step; ++t) {
        add_balance(system, lp.layout, t, lp.within_steps);
        add_storage_within_step(system, lp.layout, t, lp.within_steps);
        if (t > 0) {
            add_storage_coupling(system, lp.layout, t, t - 1, lp.coupling);
        }
        add_cascades(system, lp.layout, t, lp);
        add_groups(system, lp.layout, t, lp.within_steps);
        add_accounts(system, lp.layout, t, lp);
        add_ramps(system, lp.layout, t, lp);
    }
    if (shape.seam == Seam::cyclic) {
        add_storage_coupling(system, lp.layout, 0, shape.n_step - 1, lp.coupling);
    }
    add_budgets(system, shape, lp.layout, lp.coupling);
    lp.row_lower.assign(lp.layout.n_row(), 0);
    lp.row_upper.assign(lp.layout.n_row(), 0);
    lp.lower.assign(lp.layout.n_column(), 0);
    lp.upper.assign(lp.layout.n_column(), 0);
    lp.cost.assign(lp.layout.n_column(), 0);
    place_columns(system, lp);
    return lp;
}

void write_block(const System& system, const Block& block, LinearProgram& lp) {
    assert(block.n_step == lp.layout.n_step);
    for (std::size_t t = 0; t < block.n_step; ++t) {
        write_generators(system, block, t, lp);
        write_storages(system, block, t, lp);
        write_sheds(system, t, lp);
        write_balances(system, block, t, lp);
        write_groups(system, block, t, lp);
        write_accounts(system, block, t, lp);
        write_ramps(system, block, t, lp);
    }
    write_budgets(system, block, lp);
    write_seam(system, block, lp);
    write_coefficients(system, block, lp);
}

bool is_sound(const LinearProgram& lp) {
    const auto finite = [](double x) { return std::isfinite(x); };
    const auto number = [](double x) { return !std::isnan(x); };
    bool sound = std::ranges::all_of(lp.cost, finite) && std::ranges::all_of(lp.lower, finite) &&
                 std::ranges::all_of(lp.upper, finite);
    for (std::size_t j = 0; j < lp.cost.size(); ++j) {
        sound = sound && lp.lower[j] <= lp.upper[j];
    }
    const std::size_t within = lp.layout.n_step * lp.layout.rows_per_step();
    for (std::size_t r = 0; r < lp.row_lower.size(); ++r) {
        const std::size_t row = r % lp.layout.rows_per_step();
        const bool equation =
            r < within && (row < lp.layout.group(0, 0) ||
                           (row >= lp.layout.account(0, 0) && row < lp.layout.ramp(0, 0)));
        sound = sound && number(lp.row_lower[r]) && number(lp.row_upper[r]) &&
                lp.row_lower[r] <= lp.row_upper[r] && (!equation || finite(lp.row_lower[r]));
    }
    return sound &&
           std::ranges::all_of(lp.within_steps, [&](const Entry& e) { return finite(e.value); });
}

} // namespace yuanwang::dispatch::program
