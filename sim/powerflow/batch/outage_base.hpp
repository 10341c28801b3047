/// @file
/// A solved step as its outages start from it: what every node injects, holds and may give.
///
///     S_i = V_i conj(Σ_j Y_ij V_j)        what the voltages of the step say: nothing else balances as well
///     q_other = Q − Σ Q of the units that hold voltage; these may give q_min…q_max together
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "powerflow/batch/bus_admittance.hpp"
#include "powerflow/batch/elimination.hpp"
#include "powerflow/block.hpp"
#include "powerflow/nodal_matrix.hpp"

namespace yuanwang::powerflow::batch {

/// Where a node stands with the reactive range of its units.
enum class NodeHold : std::uint8_t {
    none,   ///< no running unit in voltage mode: PQ
    held,   ///< PV
    at_min, ///< PQ at the lower limit
    at_max,
};

class OutageBase {
  public:
    /// Keeps references. `main` and `part` [n_bus] as in outage_topology.hpp.
    OutageBase(const network::Network& grid, const Units& units, const Column<BusIdx, int>& part,
               int main, UnitIdx reference);

    /// Reads step t. Precondition: the step converged.
    void read(const BlockInjections& injections, const BlockStates& states, std::size_t t);

    [[nodiscard]] std::size_t n_node() const { return matrix_.n_node(); }
    [[nodiscard]] std::size_t node(BusIdx bus) const {
        return static_cast<std::size_t>(matrix_.node_of_bus[bus.row()]);
    }
    [[nodiscard]] const Units& units() const { return *units_; }
    [[nodiscard]] const NodalMatrix& matrix() const { return matrix_; }
    [[nodiscard]] const BusAdmittance& y() const { return y_; }

    /// [n_node] solved voltages; 0 outside the main part. Nodes at a reactive limit show the magnitude they would hold.
    [[nodiscard]] std::span<const std::complex<double>> start() const { return start_; }
    [[nodiscard]] std::span<const double> p_pu() const { return p_; }
    [[nodiscard]] std::span<const double> q_pu() const { return q_; }
    [[nodiscard]] std::span<const BusType> type() const { return type_; }
    /// The node whose angle stays: holds its voltage, and a unit of it takes part in the slack.
    [[nodiscard]] std::size_t slack() const { return slack_; }

    /// Nodes where some unit may hold voltage, ascending; the slack among them.
    [[nodiscard]] const std::vector<std::size_t>& holders() const { return holders_; }
    [[nodiscard]] NodeHold hold(std::size_t node) const { return hold_[node]; }
    [[nodiscard]] int n_holding_unit(std::size_t node) const { return units_on_[node]; }
    [[nodiscard]] double q_other_pu(std::size_t node) const { return q_other_[node]; }
    [[nodiscard]] double q_min_pu(std::size_t node) const { return q_min_[node]; }
    [[nodiscard]] double q_max_pu(std::size_t node) const { return q_max_[node]; }
    [[nodiscard]] double vm_set_pu(std::size_t node) const { return vm_set_[node]; }

    /// Running units that share what the main part lacks, with their share.
    struct Participant {
        UnitIdx unit;
        std::size_t node = 0;
        double share = 0;
    };
    [[nodiscard]] const std::vector<Participant>& participants() const { return participants_; }

    /// P and Q of a unit in the solved step, pu.
    [[nodiscard]] std::complex<double> unit_power(UnitIdx u) const {
        return {unit_p_[u.row()], unit_q_[u.row()]};
    }
    /// True where it runs and is there to hold the voltage of its node; then its range, pu.
    [[nodiscard]] bool holds(UnitIdx u) const { return unit_holds_[u.row()] != 0; }
    [[nodiscard]] double unit_q_min(UnitIdx u) const { return unit_q_min_[u.row()]; }
    [[nodiscard]] double unit_q_max(UnitIdx u) const { return unit_q_max_[u.row()]; }
    [[nodiscard]] std::size_t node_of(UnitIdx u) const { return node(units_->bus[u]); }

  private:
    void read_voltages(const BlockStates& states, std::size_t t);
    void compute_injections();
    void read_units(const BlockInjections& injections, const BlockStates& states, std::size_t t);
    void judge_holders();
    void choose_slack(const BlockInjections& injections, std::size_t t);

    const network::Network* grid_;
    const Units* units_;
    const Column<BusIdx, int>* part_;
    int main_;
    UnitIdx reference_;
    NodalMatrix matrix_;
    BusAdmittance y_;
    std::vector<std::size_t> holders_;
    std::vector<int> taps_, shunts_;
    std::vector<std::complex<double>> start_;
    std::vector<double> p_, q_, q_other_, q_min_, q_max_, vm_set_;
    std::vector<NodeHold> hold_;
    std::vector<int> units_on_;
    std::vector<BusType> type_;
    std::vector<double> unit_p_, unit_q_, unit_q_min_, unit_q_max_;
    std::vector<std::uint8_t> unit_holds_;
    std::vector<Participant> participants_;
    std::size_t slack_ = 0;
};

} // namespace yuanwang::powerflow::batch
