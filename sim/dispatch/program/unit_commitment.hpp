/// @file
/// Which units run: integers on top of the block program, relaxed, rounded, repaired, and closed by branch and bound.
///
/// | variable of step t | of    | what               | unit | bounds        |
/// |--------------------|-------|--------------------|------|---------------|
/// | z                  | group | units running      | 1    | 0…N, integer  |
/// | v                  | group | units that start   | 1    | 0…            |
/// | w                  | group | units that stop    | 1    | 0…            |
///
/// | constraint  | equation                                                  |
/// |-------------|-----------------------------------------------------------|
/// | band(t)     | p_min z ≤ g ≤ p_max z                                     |
/// | change(t)   | z_t − z_{t−1} − v_t + w_t = 0                             |
/// | up(t)       | Σ_{τ in the last U steps} v_τ ≤ z_t                       |
/// | down(t)     | Σ_{τ in the last D steps} w_τ ≤ N − z_t                   |
/// | rise(t)     | g_t − g_{t−1} ≤ r z_{t−1} + s⁺ v_t                        |
/// | fall(t)     | g_{t−1} − g_t ≤ r z_t + s⁻ w_t                            |
/// | reserve(t)  | room of units that run only: p_max z − g                  |
/// | limit(t,k)  | branch limits known to hold something back, overload at its price |
///
///     r       what a running unit ramps in a step                                                                 MW
///     s⁺, s⁻  greatest output in the step a unit starts, and in the step before it stops                          MW
///
///     minimise   cost of the block + Σ_t (start cost · v_t + Δt · idle cost · z_t)
///
///  1. relax: z may be a fraction; its optimum is a bound nothing undercuts
///  2. price what was thought of before; round at several thresholds; repair minimum up and down times, once by keeping units
///     on, once by leaving short runs out
///  3. price each with the integers fixed and keep the cheapest; where the least outputs add up to more than is asked, the
///     program dumps at a price and the search leads away from it
///  4. take single runs out, shorten, lengthen or add them as long as it pays, within a counted number of programs
///  5. small fleets: branch and bound (Cbc) from there, within a counted number of nodes
///  6. schedule and prices of the block with the units fixed, by the engine of the run, with all its limits
///  7. where branch limits the search did not know make that dearer, they become its rows and it looks again
///
/// Each step is taken only while the gap is wider than asked. What the block demands of a generator whatever runs (heat)
/// stays its least output. A group is a number of equal units; what ran before the block, also for how long, comes as counts
/// of the steps before.
/// Source: Rajan, Takriti, IBM Research Report RC23628, 2005 (up and down rows); Morales-España, Latorre, Ramos, IEEE Trans.
/// Power Syst. 28(4), 2013.
#pragma once

#include <cstddef>
#include <vector>

#include "core/series.hpp"
#include "dispatch/program/block_engine.hpp"
#include "dispatch/program/flow_program.hpp"

namespace yuanwang::dispatch::program {

/// Groups of equal units that start and stop; each is a row of the generators.
struct UnitGroups {
    std::vector<std::size_t> generator;
    std::vector<int> units;            ///< N
    std::vector<double> unit_p_min_mw; ///< of a running unit
    std::vector<double> unit_p_max_mw;
    std::vector<double> start_cost; ///< of a unit
    std::vector<double> idle_cost;  ///< of a running unit per hour, whatever its output
    std::vector<std::size_t> min_up_steps;
    std::vector<std::size_t> min_down_steps;
    std::vector<double> unit_start_up_mw;  ///< s⁺; empty: max(p_min, r)
    std::vector<double> unit_shut_down_mw; ///< s⁻; empty: max(p_min, r)
    std::vector<std::size_t> ramp; ///< row of the system's ramps, of all units together, or `none`
    std::size_t reserve = none;    ///< group of the system that counts what may still rise
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    [[nodiscard]] std::size_t size() const { return generator.size(); }
};

/// s⁺ and s⁻ of group i, whose running units ramp `unit_ramp_mw` in a step.
[[nodiscard]] double start_up_mw(const UnitGroups& groups, std::size_t i, double unit_ramp_mw);
[[nodiscard]] double shut_down_mw(const UnitGroups& groups, std::size_t i, double unit_ramp_mw);

/// Units running, [n_group × n_step].
using UnitCounts = BasicSeries<int>;

struct CommitmentOptions {
    int max_programs = 400; ///< solved in the local search
    int exact_units = 10;   ///< up to so many units branch and bound closes what is left
    int max_nodes = 4000;   ///< of branch and bound
    double closed_gap = 1e-6;
    double accepted_gap = 0; ///< currency: nearer to the bound nothing more is tried
    int limit_rounds = 2;    ///< searches with limits that turned up at the end
};

/// What is known before the search.
struct CommitmentHints {
    std::vector<UnitCounts> on; ///< commitments thought of before; repaired before they are priced
    std::vector<BindingBranch> limits;
};

struct Commitment {
    SolveStatus status = SolveStatus::rejected; ///< of the schedule
    UnitCounts on;
    std::vector<double> start_cost; ///< [n_step], beside the costs of the schedule
    std::vector<double> idle_cost;  ///< [n_step]
    double cost = 0;                ///< schedule, starts and idling
    double bound = 0;               ///< no commitment costs less
    bool exact = false;             ///< branch and bound has looked everywhere
    int programs = 0;               ///< linear programs solved
    int nodes = 0;                  ///< of branch and bound
    Solution schedule;

    /// (cost − bound) / cost: how much a better commitment could save at most.
    [[nodiscard]] double gap() const;
};

/// Commits a block. `before` [n_group × n_past] holds the counts of the steps before it, the last one last; with a step at
/// least. `grid` is what relaxation and search know of the network (empty: a copper plate); `engine` has the last word.
[[nodiscard]] Commitment commit(const System& system, const FlowGrid& grid, const Block& block,
                                const UnitGroups& groups, const UnitCounts& before,
                                BlockEngine& engine, const CommitmentOptions& options = {},
                                const CommitmentHints& hints = {});

/// A block whose groups run as committed: output between on · p_min and on · p_max, within what the block allows; ramps of
/// the units that run, start and stop; reserve of those that run.
[[nodiscard]] Block fix_units(const System& system, const Block& block, const UnitGroups& groups,
                              const UnitCounts& before, const UnitCounts& on);

} // namespace yuanwang::dispatch::program
