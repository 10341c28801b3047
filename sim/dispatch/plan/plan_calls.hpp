/// @file
/// Registered enterprises within a plan: what they can give up, who is called, and the load that comes back.
///
/// The program knows the registry by its groups (layer, class, zone): in each step a group offers
///
///     Σ_r P_r      over its records with notice in time, quota left, no rest to keep and the call not too long     MW
///
/// as things stand before the plan. The records then answer a plan (managed_call.hpp): walking through its steps they are called
/// for what it asks, class by class and in fairness, and load comes back after calls. Where they cannot give what is asked the
/// groups offer what they gave, what comes back is demand, and the plan is solved again; after a bounded number of answers the
/// calls stand as they are and everything else is planned around them. So calls, quotas, rounds and recovery of a plan are those
/// of the records, to the last one. Used by optimal.cpp only.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dispatch/plan/plan_columns.hpp"

namespace yuanwang::dispatch {

class PlanCalls {
  public:
    /// `block` is the program of `inputs` as written from the table; nothing to do where the table has no records.
    PlanCalls(const Table& table, const PlanColumns& columns,
              std::span<const BlockInput* const> inputs, const State& state,
              const program::Block& block);

    [[nodiscard]] bool has_records() const { return has_records_; }

    /// Puts offers and the load that comes back into the block.
    void write(program::Block& block) const;

    /// Walks through a plan. True where the records answer otherwise than the plan had it: write, solve again.
    [[nodiscard]] bool answer(const program::Solution& solution);

    /// From now on the groups give up what they gave in the walk before, no more and no less.
    void settle();

    /// Of the first block, by the last walk: called, given up, come back, and the registry at its end.
    void read(Schedule& schedule, State& state) const;

  private:
    void offer();
    [[nodiscard]] bool is_at_rest() const;
    void walk(const program::Solution* solution);

    const Table& table_;
    const PlanColumns& columns_;
    std::span<const BlockInput* const> inputs_;
    const State& before_;
    bool has_records_ = false;
    std::size_t n_step_ = 0;
    Series demand_mw_;       ///< [n_island × n_step], without what comes back
    Series unserved_max_mw_; ///< [n_island × n_step]
    Series offer_mw_;        ///< [n_managed × n_step]
    Series least_mw_;        ///< [n_managed × n_step], once settled what is given up
    Series given_mw_;        ///< [n_managed × n_step], in the last walk
    Series come_back_mw_;    ///< [n_island × n_step], in the last walk
    Schedule first_;         ///< of the first block: managed, recovery, calls
    State after_;            ///< the registry at its end
};

} // namespace yuanwang::dispatch
