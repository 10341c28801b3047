/// @file
/// A block of steps as the batch takes it: bus types, starting voltages and net injections per unit.
///
/// The uncontrolled problem: units in voltage mode hold their set-point whatever reactive power that takes, the reference
/// unit's bus takes the rest of the power; in a part of the grid without the reference, the first unit that holds a voltage.
/// Buses joined by closed switches are one node, which is the row `network::Network` names; the other rows are `out`, and so
/// is every part in which no unit holds a voltage.
#pragma once

#include <complex>
#include <vector>

#include "network/network.hpp"
#include "powerflow/batch/elimination.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::powerflow::batch {

/// What all steps share. [n_bus]
struct BusSetup {
    std::vector<BusType> type;
    std::vector<std::complex<double>>
        flat; ///< magnitude 1 or the set-point held, angles that follow phase shifts from the slack; 0 where `out`
};
[[nodiscard]] BusSetup make_bus_setup(const network::Network& grid, const Units& units);

/// [n_bus × n_step], into the grid positive.
struct Injections {
    std::vector<double> p_pu;
    std::vector<double> q_pu;
};
/// Gathers loads and units at their nodes.
[[nodiscard]] Injections gather_injections(const network::Network& grid, const Units& units,
                                           const BlockInjections& block);

} // namespace yuanwang::powerflow::batch
