/// @file
/// A state of the network by electrical nodes, as controls, flows and sharing read it, whichever solver found it.
#pragma once

#include <span>

namespace yuanwang::powerflow {

/// Views, per unit and radians. [n_node] unless said otherwise.
struct NodeState {
    std::span<const double> vm;
    std::span<const double> va;
    std::span<const double> e; ///< Re V
    std::span<const double> f; ///< Im V
    std::span<const double> p; ///< injection into the grid at the voltages
    std::span<const double> q;
    std::span<const double> lambda; ///< [n_island] power each island lacks beside its schedule
};

} // namespace yuanwang::powerflow
