#include "dispatch/plan/commit_plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <ranges>
#include <utility>

#include "dispatch/rules/unit_memory.hpp"
#include "dispatch/unit_limits.hpp"

namespace yuanwang::dispatch {

namespace {

using program::Block;
using program::Commitment;
using program::Solution;
using program::SolveStatus;
using program::UnitCounts;
using program::UnitGroups;

double value_or(const std::vector<double>& column, std::size_t k, double otherwise) {
    return column.empty() ? otherwise : column[k];
}

/// What the energy of a schedule costs: rewards of last resorts and the value of what is left in store are no costs.
double sum_energy_cost(const Block& block, double dt_h, const Solution& solution) {
    double cost = 0;
    for (std::size_t t = 0; t < block.n_step; ++t) {
        for (std::size_t g = 0; g < block.price_per_mwh.n_element(); ++g) {
            cost += dt_h * std::max(0.0, block.price_per_mwh(g, t)) * solution.generation_mw(g, t);
        }
    }
    return cost;
}

} // namespace

PlanCommitter::PlanCommitter(const Table& table, const PlanColumns& columns,
                             const PlanSettings& settings)
    : columns_{columns}, settings_{settings} {
    const Thermals& th = table.thermals;
    const auto by_units = [&](std::size_t k) { return ramps_by_units(th, k, settings.dt_h); };
    if (!settings.commitment &&
        std::ranges::none_of(std::views::iota(std::size_t{0}, th.size()), by_units)) {
        return;
    }
    const double asked = settings.commitment ? 1 : 0;
    for (std::size_t k = 0; k < th.size(); ++k) {
        const double start_cny = asked * value_or(th.start_cost_cny, k, 0);
        const double idle_cny = asked * value_or(th.idle_cost_cny_per_h, k, 0);
        const double up_h = asked * value_or(th.min_up_h, k, 0);
        const double down_h = asked * value_or(th.min_down_h, k, 0);
        if (th.unit_p_min_mw[k] <= 0 && start_cny <= 0 && idle_cny <= 0 && up_h <= 0 &&
            down_h <= 0 && !by_units(k)) {
            continue; // runs at any output at once
        }
        plant_.push_back(k);
        groups_.generator.push_back(columns.thermal + k);
        groups_.units.push_back(th.units[k]);
        groups_.unit_p_min_mw.push_back(th.unit_p_min_mw[k]);
        groups_.unit_p_max_mw.push_back(th.unit_p_max_mw[k]);
        groups_.unit_start_up_mw.push_back(start_up_mw(th, k, settings.dt_h));
        groups_.unit_shut_down_mw.push_back(shut_down_mw(th, k, settings.dt_h));
        groups_.start_cost.push_back(start_cny);
        groups_.idle_cost.push_back(idle_cny);
        groups_.min_up_steps.push_back(std::max<std::size_t>(1, count_steps(up_h, settings.dt_h)));
        groups_.min_down_steps.push_back(
            std::max<std::size_t>(1, count_steps(down_h, settings.dt_h)));
        const auto ramp = std::ranges::find(columns.ramped, k);
        groups_.ramp.push_back(ramp == columns.ramped.end()
                                   ? UnitGroups::none
                                   : static_cast<std::size_t>(ramp - columns.ramped.begin()));
    }
    groups_.reserve = columns.reserve ? columns.reserve_group : UnitGroups::none;
}

Block PlanCommitter::open_bands(const Block& block, const UnitBands& bands,
                                std::span<const BlockInput* const> inputs) const {
    Block open = block;
    std::size_t at = 0;
    for (const BlockInput* input : inputs) {
        for (std::size_t t = 0; t < input->n_step; ++t, ++at) {
            for (const std::size_t k : plant_) {
                const std::size_t column = columns_.thermal + k;
                const double heat_mw =
                    input->thermal_min_mw.empty() ? 0.0 : input->thermal_min_mw(k, t);
                const double held_mw = count_held_units(*bands.table_of_step[at], *input, k, t) *
                                       bands.table_of_step[at]->thermals.unit_p_min_mw[k];
                open.p_min_mw(column, at) =
                    std::min(std::max(heat_mw, held_mw), block.p_max_mw(column, at));
            }
        }
    }
    return open;
}

/// Units that carry the output of the guess.
UnitCounts PlanCommitter::count_guess(const Table& table, const Solution& guess) const {
    const std::size_t n_step = guess.generation_mw.n_step();
    UnitCounts on(plant_.size(), n_step);
    for (std::size_t t = 0; t < n_step; ++t) {
        for (std::size_t i = 0; i < plant_.size(); ++i) {
            const std::size_t k = plant_[i];
            on(i, t) = static_cast<int>(std::lround(
                count_units(table.thermals, k, guess.generation_mw(columns_.thermal + k, t), 0)));
        }
    }
    return on;
}

UnitCounts PlanCommitter::list_before(const State& state, const UnitCounts& guess) const {
    if (state.units_before.n_step() == 0) {
        UnitCounts before(plant_.size(), 1);
        for (std::size_t i = 0; i < plant_.size(); ++i) {
            before(i, 0) = guess(i, 0);
        }
        return before;
    }
    UnitCounts before(plant_.size(), state.units_before.n_step());
    for (std::size_t t = 0; t < before.n_step(); ++t) {
        for (std::size_t i = 0; i < plant_.size(); ++i) {
            const auto on = static_cast<int>(std::lround(state.units_before(plant_[i], t)));
            before(i, t) = std::clamp(on, 0, groups_.units[i]);
        }
    }
    return before;
}

/// The commitment of the plan before, as far as it reaches; the guess behind it.
UnitCounts PlanCommitter::move_on(const UnitCounts& guess, std::size_t steps_on) const {
    UnitCounts on = guess;
    for (std::size_t t = 0; t + steps_on < last_.n_step() && t < on.n_step(); ++t) {
        for (std::size_t i = 0; i < plant_.size(); ++i) {
            on(i, t) = last_(i, t + steps_on);
        }
    }
    return on;
}

std::optional<Solution> PlanCommitter::commit(const Table& table, const Block& open,
                                              const Solution& guess, std::size_t steps_on,
                                              const State& state, program::ClpEngine& engine,
                                              Block& block, UnitBands& bands,
                                              CommitmentOutcome& outcome) {
    const UnitCounts guessed = count_guess(table, guess);
    const UnitCounts before = list_before(state, guessed);
    const program::CommitmentOptions options{
        .max_programs = settings_.commitment_programs,
        .max_nodes = settings_.commitment_nodes,
        .accepted_gap =
            settings_.commitment_gap * std::abs(sum_energy_cost(open, settings_.dt_h, guess))};
    const program::CommitmentHints hints{.on = {move_on(guessed, steps_on), guessed},
                                         .limits = guess.binding};
    Commitment answer =
        program::commit(engine.system(), {}, open, groups_, before, engine, options, hints);
    outcome = {.asked = settings_.commitment,
               .status = answer.status,
               .exact = answer.exact,
               .programs = answer.programs,
               .nodes = answer.nodes};
    if (answer.status != SolveStatus::optimal) {
        last_ = {};
        return std::nullopt;
    }
    outcome.start_cost_cny = std::reduce(answer.start_cost.begin(), answer.start_cost.end());
    outcome.gap_cny = std::max(0.0, answer.cost - answer.bound);
    outcome.energy_cost_cny = outcome.start_cost_cny +
                              std::reduce(answer.idle_cost.begin(), answer.idle_cost.end()) +
                              sum_energy_cost(open, settings_.dt_h, answer.schedule);
    block = program::fix_units(engine.system(), open, groups_, before, answer.on);
    for (std::size_t t = 0; t < open.n_step; ++t) {
        for (std::size_t i = 0; i < plant_.size(); ++i) {
            bands.committed(plant_[i], t) = answer.on(i, t);
        }
    }
    last_ = std::move(answer.on);
    return std::move(answer.schedule);
}

} // namespace yuanwang::dispatch
