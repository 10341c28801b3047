#include "dispatch/plan/optimal.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "dispatch/plan/commit_plan.hpp"
#include "dispatch/plan/plan_block.hpp"
#include "dispatch/plan/plan_calls.hpp"
#include "dispatch/plan/plan_columns.hpp"
#include "dispatch/plan/plan_schedule.hpp"
#include "dispatch/plan/relax_ledger.hpp"

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
    std::vector<bool> is_section; ///< [n_limit], of the network
    PlanCommitter committer;
    ClpEngine engine;
    Block block;
    UnitBands bands;
    Solution last;            ///< of the last plan that worked
    double price;             ///< mean of the block before, CNY/MWh
    std::size_t kept = 0;     ///< steps of the block planned last
    std::size_t steps_on = 0; ///< from that block to the next plan's

    Impl(std::span<const Table* const> tables, const NetworkLimits& limits, const PlanSettings& s)
        : settings{s}, columns{number_columns(tables, s)}, is_section{limits.is_section},
          committer{*tables.front(), columns, s}, engine{make_system(*tables.front(), columns,
                                                                     limits, s),
                                                         engine_options(s)},
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

    /// Solves, and again until the registered enterprises answer as the plan has it, or their calls stand.
    template <class SolveOnce>
    Solution solve_with_calls(PlanCalls& calls, PlanOutcome& outcome, SolveOnce solve_once) {
        calls.write(block);
        Solution solution = solve_once();
        for (int round = 0; solution.status == SolveStatus::optimal && calls.answer(solution);
             ++round) {
            if (round >= settings.call_rounds) {
                return solve_with_calls_settled(calls, outcome);
            }
            calls.write(block);
            solution = solve_once();
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

    /// The plan with its units committed, from a guess in which plants run at any output; none where they cannot be.
    std::optional<Solution> plan_units(const Table& table,
                                       std::span<const BlockInput* const> blocks,
                                       const State& state, PlanCalls& calls, PlanOutcome& outcome) {
        const Block banded = block;
        block = committer.open_bands(banded, bands, blocks);
        block.steps_on = banded.steps_on;
        const Solution guess = solve_with_calls(calls, outcome, [&] { return solve(outcome); });
        outcome.commitment = {.asked = settings.commitment, .status = guess.status};
        if (guess.status == SolveStatus::optimal) {
            const Block open = block;
            auto committed = committer.commit(table, open, guess, banded.steps_on, state, engine,
                                              block, bands, outcome.commitment);
            if (committed) {
                ++outcome.solves;
                outcome.rounds += committed->rounds;
                outcome.iterations += committed->iterations;
                return calls.answer(*committed) ? solve_with_calls_settled(calls, outcome)
                                                : *std::move(committed);
            }
        }
        block = banded;
        block.steps_on = 0; // the engine has seen it open
        return std::nullopt;
    }

    /// The plan with plants in the bands of their units.
    Solution plan_bands(PlanCalls& calls, PlanOutcome& outcome) {
        return solve_with_calls(calls, outcome, [&] { return solve_with_units(outcome); });
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
    std::optional<PlanCalls> calls;
    calls.emplace(table, p.columns, inputs, state, p.block);
    std::optional<Solution> committed;
    if (p.committer.has_groups()) {
        committed = p.plan_units(table, inputs, state, *calls, outcome);
        if (!committed) {
            calls.emplace(table, p.columns, inputs, state, p.block);
        }
    }
    Solution solution = committed ? *std::move(committed) : p.plan_bands(*calls, outcome);
    if (solution.status != SolveStatus::optimal) {
        outcome.fell_back = true;
        outcome.loss_mw = kept.loss_mw;
        dispatch_block(table, kept, state, schedule);
        return;
    }
    outcome.objective = solution.objective;
    outcome.price_cny_per_mwh = solution.price_per_mwh;
    p.price = find_mean_price(table, p.columns, kept.n_step, solution);
    read_plan(table, p.columns, kept, p.block, solution, p.bands, *calls, p.engine.system(), state,
              schedule, outcome);
    outcome.storage_value_cny_per_mwh = solution.storage_value;
    p.last = std::move(solution);
}

void Planner::take_limits_away(const Table& table, const BlockInput& input, Schedule& schedule,
                               PlanOutcome& outcome) {
    Impl& p = *impl_;
    outcome.taken_away.clear();
    if (!outcome.fell_back && outcome.status == SolveStatus::optimal &&
        p.settings.ledger_limits > 0) {
        outcome.taken_away =
            relax_limits({table, p.columns, input, p.engine.system(), p.is_section, p.settings},
                         p.last, p.block, p.engine, schedule);
    }
}

} // namespace yuanwang::dispatch
