/// @file
/// A block as a linear program whose balances and limits may give way. Used by explain.cpp only.
///
/// | variable          | of           | bounds                                    |
/// |-------------------|--------------|-------------------------------------------|
/// | output            | row of table | as in rules.hpp; must-run and base fixed  |
/// | import, export    | tie          | firm energy and surplus; limits, groups   |
/// | c, d, e           | storage      | power, energy; from the stored energy     |
/// | p                 | flexible     | its bounds                                |
/// | x                 | account      | its bounds                                |
/// | unserved, excess  | island, step | ≥ 0, what gives way                       |
/// | short             | step         | ≥ 0, of the thermal minimum               |
/// | short             | plant, step  | ≥ 0, of its least output                  |
/// | left              | account, step| ≥ 0, owed and never settled; either way   |
/// | moved             | island, step | over lines that are not there             |
/// | overload          | limit, step  | ≥ 0, beyond a limit of the network        |
///
/// Limits of the network become rows when a solution breaks them, as in program/clp_engine.hpp; marginal losses are left out.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "dispatch/infeasibility/explain.hpp"
#include "dispatch/program/small_program.hpp"
#include "dispatch/program/solution.hpp"

namespace yuanwang::dispatch {

/// Which families may give way, and at which price per unit; infinite: not at all.
struct Elastic {
    double unserved = program::unbounded;
    double excess = program::unbounded;
    double minimum = program::unbounded;
    double deadline = program::unbounded;
    double moved = program::unbounded;    ///< between islands
    double overload = program::unbounded; ///< of the network; next to nothing: it is not looked at
    /// The price is on the largest MW of any step instead of on energy, for unserved, excess, minimum, moved and overload.
    bool peak = false;
};

/// A price so low that a family may give way as it likes.
inline constexpr double nearly_free = 1e-5;

/// A limit of the network in a step, in the base state or after an outage.
struct LimitAt {
    std::size_t step = 0;
    std::size_t limit = 0;
    std::size_t outage = program::no_outage;
    double outage_factor = 0;
    double overload_mw = 0; ///< beyond it
};

/// The network of a block and the limits that turned up so far: asked again they are rows from the start.
struct NetworkAsked {
    AskedNetwork of;
    Places places;
    std::vector<LimitAt> known;
};

/// What gave way.
struct GivenWay {
    Series unserved_mw; ///< [n_island × n_step]
    Series excess_mw;
    std::vector<double> minimum_mw; ///< [n_step], city and plants together
    Series left;                    ///< [n_account × n_step]
    double moved_mw = 0;            ///< largest
    std::vector<LimitAt> overloads;
    [[nodiscard]] double total_mw() const;
};

/// The cheapest way for `elastic` families to give way; none where they do not suffice.
[[nodiscard]] std::optional<GivenWay> give_way(const Table& table, const BlockInput& input,
                                               const State& state, const Elastic& elastic,
                                               NetworkAsked& network);

} // namespace yuanwang::dispatch
