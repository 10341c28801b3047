/// @file
/// Who holds the voltage and angle of an island in every step: a rule of commitment.
///
/// An island that has load needs one unit in voltage mode that is always connected. In this order, the first there is:
///
///  1. boundary buses of external grids, HVDC converters, storages and generators of p_min ≤ 0: connected in any case
///  2. a slack generator: one unit runs at its least output at least
///  3. the largest hydro plant: it stays connected at no output, as a synchronous condenser
///  4. the largest thermal plant or generator: one unit runs at its least output at least
///
/// Equal ratings: the lower id. An island without any of these has nobody who could hold it. Units 2 and 4 run only in steps
/// whose load takes their least output (dispatch/unit_limits.hpp).
#pragma once

#include <cstddef>
#include <vector>

#include "study/study.hpp"

namespace yuanwang::engine {

struct IslandHolders {
    std::vector<bool> hydro;     ///< [n_hydro], stays connected at no output
    std::vector<bool> thermal;   ///< [n_thermal], one unit always runs
    std::vector<bool> generator; ///< [n_generator]
};

/// Chooses the holders of every island, `island_of_bus` [n_bus].
[[nodiscard]] IslandHolders choose_holders(const System& system,
                                           const std::vector<std::size_t>& island_of_bus);

} // namespace yuanwang::engine
