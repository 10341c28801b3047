/// @file
/// Load management: which registered enterprises give up power in a step, and what comes back afterwards.
///
/// A need is met class by class, 1 first; within a class
///
///  1. by enterprises whose call is running (nobody is switched to and fro),
///  2. then by those called least so far (fairness), round by round, in the order of the register.
///
/// An enterprise may be called at step t while
///
///     notice ≤ plan_lead_h + t Δt      the day's order is given plan_lead_h before its first step
///     used  + Δt ≤ quota_h             hours of the year of the run, beginning with its first step
///     call  + Δt ≤ call_max_h          of one call; then it rests for rest_h
///
/// so a higher class is never called while a lower one has anybody left who may be called. The last enterprise gives up
/// part of its power, so that the need is met and no more. `recovery_share` of what a group gave up is owed; in the first
/// step in which nobody of the group is called it begins to come back, evenly over `recovery_h`:
///
///     Σ given up · recovery_share = Σ come back + owed + still to come
///
/// A table without records calls each group as one, without terms.
#pragma once

#include <cstddef>
#include <vector>

#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

/// The order for a day is given in the evening before, four hours ahead of midnight.
inline constexpr double plan_lead_h = 4.0;

class ManagedCaller {
  public:
    ManagedCaller(const Table& table, const BlockInput& input, State& state, Schedule& schedule);

    /// Load of the island that comes back in step t; written to `recovery_mw`.
    double recover(std::size_t island, std::size_t t);
    /// Calls what is needed in the island, as far as it goes; returns what was given up.
    double call(std::size_t island, std::size_t t, double needed_mw);
    /// After all islands of a step: clocks of calls, rests, quotas and recoveries move on.
    void end_step(std::size_t t);

    /// True if the record's terms allow a call at step t of the block.
    [[nodiscard]] bool may_be_called(std::size_t record, std::size_t t) const;

  private:
    double call_groups(std::size_t island, std::size_t t, double needed_mw);
    double call_records(std::size_t island, std::size_t t, double needed_mw);
    void remember_records();
    void move_recoveries(std::size_t t);

    const Table& table_;
    const ManagedLoads& managed_;
    const BlockInput& input_;
    ManagedState& state_;
    Schedule& s_;
    std::vector<std::size_t> groups_;  ///< by class
    std::vector<double> called_mw_;    ///< [n_record], of the step
    std::vector<std::size_t> waiting_; ///< scratch: records of a class that may be called
};

} // namespace yuanwang::dispatch
