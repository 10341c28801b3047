/// @file
/// Limits taken away by cause of curtailment: the tables of a counterfactual run.
///
/// | cause            | what is taken away                                                                |
/// |------------------|-----------------------------------------------------------------------------------|
/// | `branch_n`       | limits of lines and transformers in the base state (of the network, not of a table) |
/// | `branch_n1`      | their limits after an outage (the same)                                           |
/// | `section`        | limits of sections and groups of ties; exports of ties where any are allowed      |
/// | `station_limit`  | what a station may send out                                                       |
/// | `minimum_output` | minimum generation of plants, the thermal minimum; output that has to run comes after wind and sun |
/// | `reserve`        | power kept free                                                                   |
/// | `storage_full`   | room for energy                                                                   |
///
/// A counterfactual run takes a cause away together with all causes before it in this order. The energy of a cause is what
/// the run before it in this order curtails less what its own does; what the last one curtails is `surplus`.
#pragma once

#include <array>
#include <map>
#include <span>
#include <vector>

#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

inline constexpr std::array causes_in_order = {
    Cause::branch_n,       Cause::branch_n1, Cause::section,     Cause::station_limit,
    Cause::minimum_output, Cause::reserve,   Cause::storage_full};

/// Takes what `cause` is away from a table, and from the input of a block of that table.
void take_away(Cause cause, Table& table);
void take_away(Cause cause, BlockInput& input);

/// Output that has to run backs down for wind and sun that a schedule by rules curtails, water first.
void back_down_for_variables(const Table& table, Schedule& schedule);

/// Energy by cause, MWh.
using CauseSums = std::map<Cause, double>;
[[nodiscard]] CauseSums sum_by_cause(std::span<const Curtailed> ledger);

/// Moves energy between the causes of a block's ledger until its sums are `wanted_mwh`, which are not negative and sum to what
/// the ledger has. Every plant and step keeps what it lost: where a cause has too much, each of its rows gives up the same
/// share, to the causes that have too little in proportion to what they lack. A cause without a row is named as in `names`.
void balance_causes(const CauseSums& wanted_mwh, const std::map<Cause, Curtailed>& names,
                    std::vector<Curtailed>& ledger);

} // namespace yuanwang::dispatch
