/// @file
/// Dispatch that plans: the least cost of a block together with the blocks after it, as a linear program.
///
/// The first block is kept; those that follow are only looked at, so that storages and water know what comes. Rows of the
/// table become rows of the block program (program/program.hpp):
///
/// | row         | variable                                                   | price, CNY/MWh                     |
/// |-------------|------------------------------------------------------------|------------------------------------|
/// | must-run    | 0 … output (negative output stands)                        | backing it down: `back_down_price` |
/// | wind, sun   | 0 … available, at most the station's limit                 | curtailing it: `curtailment_price` |
/// | hydro       | base part as must-run; flexible part within the water of its block | just above clean surplus: water left stays |
/// | thermal     | least output of the units the city's minimum needs … rating; city-wide minimum; ramps; CHP band | its own |
/// | tie         | surplus, firm energy, export; limits of tie and groups of ties | its own; export earns nothing |
/// | battery     | charge, discharge, stored energy; what is left at the end has the value of the block before | 0.01 |
/// | managed     | 0 … what the records of the group can give up (plan_calls.hpp) | between an overload after an outage and cut-off load, by class |
/// | flexible    | what it moves within its bounds and accounts               | 0                                  |
/// | unserved    | 0 … demand of the island                                   | `unserved_price`                   |
///
/// **Units.** A plant runs n of its equal units between their least and greatest output. Where the program puts a plant
/// between two such bands it is moved up to the next one and the program is solved again from where it stood; down where
/// nobody takes that much.
///
/// Where commitment is asked for, a plan with plants at any output is the first guess: units that have a least output, start
/// cost, idle cost or least times are committed (program/unit_commitment.hpp) after what ran before, and stay within their ramps. The answer
/// states its gap. Before the first block ran what a plan without starts runs in its first step.
///
/// **End value.** v is what the last stored MWh was worth at the seam of the block before, as planned with a day ahead in
/// sight; on the first day the mean price of thermal plants and firm energy times the efficiency of discharge.
///
/// **Water** needs no price of its own at the end: the budget of a block is what leads its reservoirs along their guide curve
/// or plan of energy (models/source/water.hpp), the same for rules and plans. A plan can take no more; what it leaves is in
/// the budgets of the blocks to come. So a year by plan and one by rules end at nearly the same levels, and what a plan saves
/// is no borrowed water.
///
/// **Losses** are those of the input, or follow the plan: with marginal losses ℓ of its places they are
///
///     losses = losses of the input + o + Σ ℓ p,      o = −Σ ℓ p⁰
///
/// for a schedule near p⁰, whose losses the input has. So what comes from far pays for what it loses, and the amount at p⁰ is
/// exact. The outcome says what the schedule covers.
///
/// **Network.** Without `NetworkLimits` an island is a copper plate but for ties and their groups.
#pragma once

#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "dispatch/program/block_engine.hpp"
#include "dispatch/program/clp_engine.hpp"
#include "dispatch/rules/rules.hpp"
#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

/// Prices that are no costs but an order of last resorts, CNY/MWh, and what the plan keeps in hand.
struct PlanSettings {
    double dt_h = 1;               ///< of the blocks to come
    double curtailment_price = 1;  ///< wind and sun go before anything that costs nothing
    double back_down_price = 3000; ///< must-run output nobody takes
    double minimum_price = 6000;   ///< thermal minimum not kept
    double overload_price = 10000; ///< a limit of the base state nobody can keep
    /// The same after an outage that has not happened: sources, storages and moved load that reach it with a tenth of their
    /// power are worth it, calling enterprises or cutting load off beforehand is not.
    double outage_overload_price = 4000;
    double reserve_share = 0; ///< of demand, that may rise within the step
    double reserve_hours = 1; ///< how long stored energy has to last for it
    int unit_rounds = 4;      ///< solves to bring plants into the bands of their units
    int call_rounds = 4;      ///< answers of registered enterprises before their calls stand
    int ledger_limits = 6;    ///< limits of a cause taken away one by one; < 1: by prices alone
    int idle_blocks = 40;     ///< how long a limit row may hold nothing back, in solves
    int max_iterations = 2'000'000; ///< of the simplex method, per solve
    // Of unit commitment.
    bool commitment = false;
    double commitment_gap =
        1e-3; ///< of the cost of energy: nearer to the bound nothing more is tried
    int commitment_programs = 120; ///< solved in the search of one plan
    int commitment_nodes = 200;    ///< of branch and bound, for at most ten units
};

/// Where the rows of a table stand on the side of the network: one place each, islands last.
struct Places {
    std::size_t must_run = 0;
    std::size_t variable = 0;
    std::size_t hydro = 0;
    std::size_t thermal = 0;
    std::size_t tie = 0;
    std::size_t storage = 0;
    std::size_t flexible = 0;
    std::size_t island =
        0; ///< demand, managed load and what is cut off, in proportion to the load of the island
    std::size_t count = 0;
};
[[nodiscard]] Places number_places(const Table& table);

/// Lines, transformers and sections: what they may carry and how a place moves their flow.
struct NetworkLimits {
    std::vector<double> limit_mw;     ///< [n_limit]; infinite: none
    std::vector<double> emergency_mw; ///< [n_limit], after an outage
    std::vector<double> factors;      ///< PTDF, [n_limit × n_place] by rows; islands zero
    std::vector<std::vector<program::BranchLimits::Outage>> outages; ///< [n_limit]
    std::vector<bool> is_section; ///< [n_limit]; empty: all are lines and transformers
    [[nodiscard]] std::size_t size() const { return limit_mw.size(); }
};

/// The network of the steps of a plan. Empty series: as the limits say, no flow, no marginal losses.
struct NetworkBlock {
    Series base_flow_mw; ///< [n_limit × n_step], of demand and of everything dispatch does not move
    Series limit_mw;
    Series emergency_mw;
    Series loss_factor;    ///< ℓ, [n_place × n_step]
    Series loss_offset_mw; ///< o, [n_island × n_step]: losses are those of the input + o + Σ ℓ p
};

/// A limit taken away to find causes of curtailment, see relax_ledger.hpp.
struct TakenAway {
    Cause cause = Cause::surplus;
    LimitKind limit = LimitKind::none;
    std::size_t limit_row = 0;
    std::size_t outage_row = no_outage_row;
    double freed_mwh = 0; ///< of wind and sun, beyond what those before it freed
    double saved_cny = 0; ///< about, in the steps kept; 0 for `minimum_output`
};

/// What unit commitment came to.
struct CommitmentOutcome {
    bool asked = false;                                           ///< there were units to commit
    program::SolveStatus status = program::SolveStatus::rejected; ///< else the units run as without
    double energy_cost_cny = 0; ///< of the plan: energy, starts and idling
    double start_cost_cny = 0;  ///< of the plan
    double gap_cny = 0;         ///< no commitment is cheaper by more
    bool exact = false;         ///< branch and bound has looked everywhere
    int programs = 0;
    int nodes = 0;
    /// gap / |cost|: the cost is negative where energy at negative prices outweighs the rest.
    [[nodiscard]] double gap_percent() const {
        if (gap_cny <= 0) {
            return 0;
        }
        return energy_cost_cny == 0 ? 100 : 100 * gap_cny / std::abs(energy_cost_cny);
    }
};

/// How a plan went, beside its schedule. Steps count from the first of the block kept.
struct PlanOutcome {
    program::SolveStatus status = program::SolveStatus::rejected;
    bool fell_back = false; ///< the rules dispatched this block
    int solves = 0;
    int rounds = 0;
    int iterations = 0;
    double objective = 0;
    Series price_cny_per_mwh; ///< [n_place × n_step]
    Series loss_mw;           ///< [n_island × n_step kept], that the schedule covers
    std::vector<program::BindingBranch> binding; ///< limits of the network in the steps kept
    std::vector<double> reserve_short_mw; ///< [n_step] of the reserve asked for; empty: none was
    Series group_value;                   ///< [n_group of the table × n_step]
    Series storage_value_cny_per_mwh; ///< [n_storage × n_step planned], of an MWh more in store
    std::vector<TakenAway>
        taken_away; ///< where wind and sun were curtailed, in the order of removal
    CommitmentOutcome commitment;
};

/// A block of a plan. Tables of different epochs stand on the same rows (joint_table.hpp).
struct PlanBlock {
    const Table* table = nullptr;
    const BlockInput* input = nullptr;
};

class Planner {
  public:
    /// `limits` has its factors in the places of `table`; none: copper plate.
    explicit Planner(const Table& table, const NetworkLimits& limits = {},
                     PlanSettings settings = {});
    /// For blocks of several tables of the same rows.
    Planner(std::span<const Table* const> tables, const NetworkLimits& limits,
            PlanSettings settings);
    ~Planner();
    Planner(Planner&&) noexcept;
    Planner& operator=(Planner&&) noexcept;

    /// Plans `blocks` in a row, keeps the first: fills its schedule and moves the state to its end. Where no plan can be
    /// had, the rules dispatch the block and the outcome says so. The tables must have the rows of the constructor's.
    void plan(std::span<const PlanBlock> blocks, const NetworkBlock& network, State& state,
              Schedule& schedule, PlanOutcome& outcome);
    /// The same, all blocks of one table.
    void plan(const Table& table, std::span<const BlockInput* const> blocks,
              const NetworkBlock& network, State& state, Schedule& schedule, PlanOutcome& outcome);

    /// Says that the next plan is of the block after the one kept last: hours both have in sight start as planned before.
    void go_on();

    /// Finds the causes of what the last plan curtailed anew by taking limits away (relax_ledger.hpp): the ledger of its
    /// schedule, and what each removal frees and saves. A few solves, so once for a block, when its plan stands.
    void take_limits_away(const Table& table, const BlockInput& input, Schedule& schedule,
                          PlanOutcome& outcome);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace yuanwang::dispatch
