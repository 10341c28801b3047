/// @file
/// Thermal plants of a plan as groups of units to commit. Used by optimal.cpp only; program/unit_commitment.hpp has the method.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "dispatch/plan/plan_block.hpp"
#include "dispatch/program/clp_engine.hpp"
#include "dispatch/program/unit_commitment.hpp"

namespace yuanwang::dispatch {

/// Commits the units of plan after plan: with their costs and times where the settings ask for commitment; else, where the
/// ramp of any plant depends on the units that run (unit_limits.hpp), without.
class PlanCommitter {
  public:
    PlanCommitter(const Table& table, const PlanColumns& columns, const PlanSettings& settings);

    /// Whether any plant has something to decide.
    [[nodiscard]] bool has_groups() const { return groups_.size() > 0; }

    /// The block without the bands of units: what heat demands, or a unit held in its island, is the least output of a plant.
    [[nodiscard]] program::Block open_bands(const program::Block& block, const UnitBands& bands,
                                            std::span<const BlockInput* const> inputs) const;

    /// Commits `open`, a block without bands; `guess` is its answer with plants at any output, `steps_on` how far the block
    /// lies behind the one committed last. Where units can be committed, `block` becomes that of the units, `bands`
    /// have their counts, and the schedule is returned.
    [[nodiscard]] std::optional<program::Solution>
    commit(const Table& table, const program::Block& open, const program::Solution& guess,
           std::size_t steps_on, const State& state, program::ClpEngine& engine,
           program::Block& block, UnitBands& bands, CommitmentOutcome& outcome);

  private:
    [[nodiscard]] program::UnitCounts count_guess(const Table& table,
                                                  const program::Solution& guess) const;
    [[nodiscard]] program::UnitCounts list_before(const State& state,
                                                  const program::UnitCounts& guess) const;
    [[nodiscard]] program::UnitCounts move_on(const program::UnitCounts& guess,
                                              std::size_t steps_on) const;

    const PlanColumns& columns_;
    PlanSettings settings_;
    program::UnitGroups groups_;
    std::vector<std::size_t> plant_; ///< [n_group], row of the thermals
    program::UnitCounts last_;       ///< of the plan committed last; empty: none
};

} // namespace yuanwang::dispatch
