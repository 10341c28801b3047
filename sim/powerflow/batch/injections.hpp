/// @file
/// A block of steps as the batch takes it: bus types, starting voltages and net injections per unit.
///
/// The uncontrolled problem: units in voltage mode hold their set-point whatever reactive power that takes, the reference
/// unit's bus takes the rest of the power. Buses joined by closed switches are one node, which is the row `network::Network`
/// names; the other rows are `out`.
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
        flat; ///< angle 0; magnitude 1, or the set-point where one is held
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
