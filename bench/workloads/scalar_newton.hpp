/// @file
/// The reference solver's Newton, one power flow after the other: from the flat start, or with a branch out.
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "bench/workloads/time_series.hpp"
#include "powerflow/newton.hpp"
#include "powerflow/node_units.hpp"

namespace yuanwang::workloads {

class ScalarNewton {
  public:
    /// Lays out pattern and ordering for the case. Keeps a reference to it.
    explicit ScalarNewton(const FlowCase& flow_case);

    /// The case itself from the flat start. V [n_bus], NaN where it does not converge.
    void solve_flat(std::span<std::complex<double>> V);
    /// Every outage from the voltages of the case. V [n_bus × n_outage].
    void solve_outages(std::span<const BranchIdx> outages, std::span<std::complex<double>> V);

  private:
    void add_branch(BranchIdx k, double sign);
    void store(const powerflow::NewtonOutcome& outcome, std::span<std::complex<double>> V) const;

    powerflow::NodalMatrix matrix_;
    powerflow::NodeUnits units_;
    std::vector<double> vm_, va_;           ///< of the case
    std::vector<powerflow::Newton> newton_; ///< one, made when the problem is known
};

} // namespace yuanwang::workloads
