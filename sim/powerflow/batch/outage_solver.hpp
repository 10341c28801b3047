/// @file
/// AC power flows of one solved step with elements taken out: every outage is a lane.
///
///     S_i = V_i conj(Σ_j (Y + ΔY_c)_ij V_j)       the injections S of the solved step, case c
///
/// The moment after the loss: units keep their power and the voltage they hold, taps, shunts and the units that stood at a
/// reactive limit stay as they were solved, the reference unit's node takes what losses change. An outage that splits the
/// part of the grid around the reference is `islanded` and not solved; ask `network::find_cut_off` what it leaves dark.
///
///     cost: about 2 µs per outage at 118 buses (bench/README.md, W3), half as much to find the worst
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "network/network.hpp"
#include "powerflow/batch/batch_solver.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::powerflow::batch {

/// Branches that are lost together: one, a double circuit, all that ends at a busbar.
using Outage = std::vector<BranchIdx>;

/// The worst that all solved outages of a step do to each branch and each bus. Dead buses: from infinity to 0, outage −1.
struct WorstOutcomes {
    Column<BranchIdx, double> s_mva;          ///< largest apparent power at either end
    Column<BranchIdx, std::int32_t> s_outage; ///< the outage it stands for; −1: none
    Column<BusIdx, double> vm_min_pu;
    Column<BusIdx, std::int32_t> vm_min_outage;
    Column<BusIdx, double> vm_max_pu;
    Column<BusIdx, std::int32_t> vm_max_outage;
};

class OutageSolver {
  public:
    /// Keeps references to grid and units.
    OutageSolver(const network::Network& grid, const Units& units, std::vector<Outage> outages,
                 const BatchOptions& options = {});
    ~OutageSolver();
    OutageSolver(OutageSolver&&) noexcept;
    OutageSolver& operator=(OutageSolver&&) noexcept;

    /// Solves all outages of step t. Precondition: the step converged.
    void solve(const BlockInjections& injections, const BlockStates& states, std::size_t t);

    [[nodiscard]] const std::vector<Outage>& outages() const;
    /// How each outage of the step ended. [n_outage]
    [[nodiscard]] std::span<const CaseOutcome> outcome() const;
    /// Voltage of a bus after an outage; NaN where the outage has no solution or the bus is dead.
    [[nodiscard]] std::complex<double> V(std::size_t outage, BusIdx bus) const;
    /// Power that enters a branch at its from end and at its to end after an outage, MVA.
    struct Flow {
        std::complex<double> from_mva;
        std::complex<double> to_mva;
    };
    [[nodiscard]] Flow flow(std::size_t outage, BranchIdx branch) const;
    /// Goes through all solved outages. A branch does not count for the outage that takes it out.
    void find_worst(WorstOutcomes& worst);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// The outages of one branch in service each.
[[nodiscard]] std::vector<Outage> list_branch_outages(const network::Network& grid);

} // namespace yuanwang::powerflow::batch
