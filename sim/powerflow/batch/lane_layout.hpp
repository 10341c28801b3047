/// @file
/// What lanes under control are laid out for: nodes that live and may hold their voltage while every unit runs, the flat
/// profile, and what taps and shunts do there.
#pragma once

#include <complex>
#include <vector>

#include "powerflow/batch/bus_admittance.hpp"
#include "powerflow/batch/elimination.hpp"
#include "powerflow/newton.hpp"
#include "powerflow/nodal_matrix.hpp"
#include "powerflow/node_units.hpp"
#include "powerflow/voltage_controls.hpp"

namespace yuanwang::powerflow::batch {

/// Columns [n_node]; empty where a unit's data are no numbers.
struct LaneLayout {
    std::vector<std::complex<double>> flat; ///< 0 where dead
    std::vector<double> vm_set;
    std::vector<unsigned char> is_dead; ///< whatever runs
    std::vector<BusType> type;

    [[nodiscard]] bool empty() const { return flat.empty(); }
    /// True where a gathered step asks for nothing that was not laid out.
    [[nodiscard]] bool fits(const NodeProblem& problem) const;
};

/// Learns `controls` on the way. `matrix` stands as scheduled.
[[nodiscard]] LaneLayout learn_layout(const NodalMatrix& matrix, NodeUnits& units,
                                      const BlockInjections& still, VoltageControls& controls);

/// Pattern and values of `matrix` as lanes take them.
[[nodiscard]] BusAdmittance read_admittance(const NodalMatrix& matrix);

} // namespace yuanwang::powerflow::batch
