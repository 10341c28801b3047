/// @file
/// AC power flows of one solved step with elements taken out: every outage is a lane.
///
///     S_i + ΔS_c,i + w_i λ_c = V_i conj(Σ_j (Y + ΔY_c)_ij V_j)       the injections S of the solved step, case c
///
///     ΔS_c   what lost units and loads injected, taken away
///     λ_c    power the outage leaves missing: lost generation less lost load, and what losses change; taken up as in
///            outage_response.hpp, by participation w of the units that run as long as they have room
///
/// The state after automatic regulation and before anybody switches: units that hold voltage keep it until a reactive limit,
/// PV → PQ and back as in q_limits.hpp; taps and shunts stay as they were solved, or move as in outage_regulation.hpp. A part of the grid that loses its last
/// unit in voltage mode goes dark and its load is lost. What lanes cannot do goes to the reference solver: outages that
/// leave two living parts, that take the slack node or drive it to its reactive limit, and those that do not converge.
/// Only where that fails too an outage has no solution; its status says how it ended.
///
/// The slack node itself takes what is left of λ below `slack_tolerance_pu`.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "network/branch_admittance.hpp"
#include "network/network.hpp"
#include "powerflow/batch/batch_solver.hpp"
#include "powerflow/batch/outage.hpp"
#include "powerflow/block.hpp"
#include "powerflow/nodal_matrix.hpp"

namespace yuanwang::powerflow::batch {

/// Which state after an outage is asked for.
enum class AfterOutage : std::uint8_t {
    positions_fixed,  ///< before taps and shunts have moved
    positions_moving, ///< after on-load taps and switched shunts have moved
};

struct OutageOptions {
    BatchOptions batch;
    bool q_limits = true;
    bool distributed_slack = true;
    double slack_tolerance_pu = 5e-3;
    int max_rounds = 12; ///< of reactive limits and slack, before the reference solver takes over
    AfterOutage state = AfterOutage::positions_fixed;
    bool taps = true; ///< that move if positions do
    bool shunts = true;
};

struct OutageOutcome {
    StepStatus status = StepStatus::not_run;
    int iterations = 0;         ///< Newton steps over all rounds
    double max_mismatch_pu = 0; ///< at the end, in double
    BusIdx worst_bus;           ///< where it sits, if the reference solver looked
    double lost_load_mw = 0;    ///< dark buses and `Outage::load_buses`
    double own_load_mw = 0;     ///< of these, what hangs on `Outage::load_buses`
    int held_controls = 0;      ///< limits, taps and shunts that stay though they break their rule
    bool by_reference = false;
    bool moved = false; ///< some tap or shunt left its position
};

class OutageSolver {
  public:
    /// Keeps references to grid and units.
    OutageSolver(const network::Network& grid, const Units& units, std::vector<Outage> outages,
                 const OutageOptions& options = {});
    ~OutageSolver();
    OutageSolver(OutageSolver&&) noexcept;
    OutageSolver& operator=(OutageSolver&&) noexcept;

    /// Solves all outages of step t. Precondition: the step converged. `shed` has the rows that outages name.
    void solve(const BlockInjections& injections, const BlockStates& states, std::size_t t,
               const OutageColumns& shed = {});
    /// Solves those of `chosen`, ascending; the others are `not_run`.
    void solve(const BlockInjections& injections, const BlockStates& states, std::size_t t,
               const OutageColumns& shed, std::span<const std::size_t> chosen);

    [[nodiscard]] const std::vector<Outage>& outages() const;
    /// How each outage of the step ended. [n_outage]
    [[nodiscard]] std::span<const OutageOutcome> outcome() const;
    /// Voltages after an outage [n_node], 0 where dark; empty where it was not run or has no solution.
    [[nodiscard]] std::span<const std::complex<double>> node_voltages(std::size_t outage) const;
    /// Transformers on another tap than in the step, with their admittances there.
    struct MovedBranch {
        BranchIdx branch;
        network::BranchAdmittance admittance;
    };
    [[nodiscard]] std::span<const MovedBranch> moved_branches(std::size_t outage) const;
    /// Admittances of the step; `node_of_bus` and the places of branches.
    [[nodiscard]] const NodalMatrix& matrix() const;

    /// Voltage of a bus after an outage; NaN where the outage has no solution or the bus is dark.
    [[nodiscard]] std::complex<double> V(std::size_t outage, BusIdx bus) const;
    /// Power that enters a branch at its from end and at its to end after an outage, MVA.
    struct Flow {
        std::complex<double> from_mva;
        std::complex<double> to_mva;
    };
    [[nodiscard]] Flow flow(std::size_t outage, BranchIdx branch) const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace yuanwang::powerflow::batch
