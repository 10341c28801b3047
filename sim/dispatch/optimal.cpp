#include "dispatch/optimal.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "dispatch/commit_plan.hpp"
#include "dispatch/plan_calls.hpp"
#include "dispatch/plan_columns.hpp"
#include "dispatch/plan_schedule.hpp"
#include "dispatch/relax_ledger.hpp"

namespace yuanwang::dispatch {

using program::Block;
using program::ClpEngine;
using program::Solution;
using program::SolveStatus;

Places number_places(const Table& table) {
    Places at;
    at.variable = at.must_run + table.must_run.size();
    at.hydro = at.variable + table.variables.size();
    at.thermal = at.hydro + table.hydros.size();
    at.tie = at.thermal + table.thermals.size();
    at.storage = at.tie + table.ties.size();
    at.flexible = at.storage + table.storages.size();
    at.island = at.flexible + table.flexibles.size();
    at.count = at.island + table.n_island;
    return at;
}

namespace {

/// Of the first island, over the steps kept.
double find_mean_price(const Table& table, const PlanColumns& columns, std::size_t n_step,
                       const Solution& solution) {
    double sum = 0;
    for (std::size_t t = 0; t < n_step; ++t) {
        sum += solution.price_per_mwh(columns.places.island, t);
    }
    return std::clamp(sum / static_cast<double>(n_step), 0.0, table.unserved_price_cny_per_mwh);
}

} // namespace

struct Planner::Impl {
    PlanSettings settings;
    PlanColumns columns;
    PlanCommitter committer;
    ClpEngine engine;
    Block block;
    UnitBands bands;
    Solution last;            ///< of the last plan that worked
    double price;             ///< mean of the block before, CNY/MWh
    std::size_t kept = 0;     ///< steps of the block planned last
    std::size_t steps_on = 0; ///< from that block to the next plan's

    Impl(std::span<const Table* const> tables, const NetworkLimits& limits, const PlanSettings& s)
        : settings{s}, columns{number_columns(tables, s)}, committer{*tables.front(), columns, s},
          engine{make_system(*tables.front(), columns, limits, s), engine_options(s)},
          price{guess_price(*tables.front())} {}

    static program::EngineOptions engine_options(const PlanSettings& s) {
        return {.max_iterations = s.max_iterations,
                .idle_blocks = s.idle_blocks,
                .dual_tolerance = 1e-7,
                .part_directions = true};
    }

    Solution solve(PlanOutcome& outcome) {
        Solution solution = engine.solve(block);
        block.steps_on = 0; // what follows is the same block
        ++outcome.solves;
        outcome.rounds += solution.rounds;
        outcome.iterations += solution.iterations;
        outcome.status = solution.status;
        return solution;
    }

    /// Solves, and again with plants moved into the bands of their units until all are.
    Solution solve_with_units(PlanOutcome& outcome) {
        Solution solution = solve(outcome);
        for (int round = 0; round < settings.unit_rounds; ++round) {
            if (solution.status != SolveStatus::optimal ||
                !move_into_bands(columns, solution, bands, block)) {
                break;
            }
            solution = solve(outcome);
        }
        return solution;
    }

    /// Solves with units, and again until the registered enterprises answer as the plan has it, or their calls stand.
    Solution solve_with_calls(PlanCalls& calls, PlanOutcome& outcome) {
        calls.write(block);
        Solution solution = solve_with_units(outcome);
        for (int round = 0; solution.status == SolveStatus::optimal && calls.answer(solution);
             ++round) {
            if (round >= settings.call_rounds) {
                return solve_with_calls_settled(calls, outcome);
            }
            calls.write(block);
            solution = solve_with_units(outcome);
        }
        return solution;
    }

    /// What was called stands; everything else is planned around it.
    Solution solve_with_calls_settled(PlanCalls& calls, PlanOutcome& outcome) {
        calls.settle();
        calls.write(block);
        Solution solution = solve(outcome);
        static_cast<void>(calls.answer(solution));
        return solution;
    }

    /// Commits units where that is asked for; the plan with bands is the guess, and stands where units cannot be had.
    Solution commit_units(const Table& table, const Block& open, std::size_t on_from_last,
                          const State& state, Solution guess, PlanOutcome& outcome) {
        if (guess.status != SolveStatus::optimal) {
            return guess;
        }
        auto committed = committer.commit(table, open, guess, on_from_last, state, engine, block,
                                          bands, outcome.commitment);
        if (!committed) {
            return guess;
        }
        ++outcome.solves;
        outcome.rounds += committed->rounds;
        outcome.iterations += committed->iterations;
        return *std::move(committed);
    }
};

Planner::Planner(const Table& table, const NetworkLimits& limits, PlanSettings settings)
    : Planner{std::array{&table}, limits, settings} {}
Planner::Planner(std::span<const Table* const> tables, const NetworkLimits& limits,
                 PlanSettings settings)
    : impl_{std::make_unique<Impl>(tables, limits, settings)} {}
Planner::~Planner() = default;
Planner::Planner(Planner&&) noexcept = default;
Planner& Planner::operator=(Planner&&) noexcept = default;

void Planner::go_on() {
    impl_->steps_on = impl_->kept;
}

void Planner::plan(const Table& table, std::span<const BlockInput* const> blocks,
                   const NetworkBlock& network, State& state, Schedule& schedule,
                   PlanOutcome& outcome) {
    std::vector<PlanBlock> planned;
    for (const BlockInput* input : blocks) {
        planned.push_back({&table, input});
    }
    plan(planned, network, state, schedule, outcome);
}

void Planner::plan(std::span<const PlanBlock> blocks, const NetworkBlock& network, State& state,
                   Schedule& schedule, PlanOutcome& outcome) {
    Impl& p = *impl_;
    const Table& table = *blocks.front().table;
    const BlockInput& kept = *blocks.front().input;
    std::vector<const BlockInput*> inputs;
    for (const PlanBlock& planned : blocks) {
        inputs.push_back(planned.input);
    }
    outcome = {};
    p.block.steps_on = std::exchange(p.steps_on, 0);
    p.kept = kept.n_step;
    write_plan(p.columns, p.settings, blocks, network, state, p.price, p.block, p.bands);
    const bool commits = p.settings.commitment && p.committer.has_groups();
    Block open = commits ? p.committer.open_bands(p.block, inputs) : Block{};
    const std::size_t on_from_last = p.block.steps_on;
    PlanCalls calls{table, p.columns, inputs, state, p.block};
    Solution solution = p.solve_with_calls(calls, outcome);
    if (commits) {
        calls.write(open);
        solution = p.commit_units(table, open, on_from_last, state, std::move(solution), outcome);
        if (solution.status == SolveStatus::optimal && calls.answer(solution)) {
            solution = p.solve_with_calls_settled(calls, outcome);
        }
    }
    if (solution.status != SolveStatus::optimal) {
        outcome.fell_back = true;
        dispatch_block(table, kept, state, schedule);
        return;
    }
    outcome.objective = solution.objective;
    outcome.price_cny_per_mwh = solution.price_per_mwh;
    p.price = find_mean_price(table, p.columns, kept.n_step, solution);
    read_plan(table, p.columns, kept, solution, p.bands, calls, p.engine.system(), state, schedule,
              outcome);
    outcome.storage_value_cny_per_mwh = solution.storage_value;
    p.last = std::move(solution);
}

void Planner::take_limits_away(const Table& table, const BlockInput& input, Schedule& schedule,
                               PlanOutcome& outcome) {
    Impl& p = *impl_;
    outcome.taken_away.clear();
    if (!outcome.fell_back && outcome.status == SolveStatus::optimal &&
        p.settings.ledger_limits > 0) {
        outcome.taken_away = relax_limits(table, p.columns, input, p.last, p.block, p.engine,
                                          p.engine.system(), p.settings, schedule);
    }
}

} // namespace yuanwang::dispatch
