/// @file
/// Reactive limits, taps, shunts and the distributed slack of the steps of a block, acting on lanes while they are solved.
/// Outages of one step are steps too: each column of the block without what is lost, and `LostParts` for the branches.
///
/// The rules are those of the reference solver, asked at the same moments: at 1e-4 pu while a step is on its way, at the
/// tolerance in the end. What differs is the slack: λ, the power an island lacks, stands outside the Jacobian. After each
/// Newton step the gauge says by how much it is wrong,
///
///     λ ← λ + (P_g − p_g − w_g λ) / (1 − ρ)      ρ: what the correction before left over
///
/// which keeps the pattern a plain grid's and ends where the reference ends.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "powerflow/batch/controlled_solver.hpp"
#include "powerflow/block.hpp"
#include "powerflow/nodal_matrix.hpp"
#include "powerflow/node_units.hpp"
#include "powerflow/q_limits.hpp"
#include "powerflow/voltage_controls.hpp"

namespace yuanwang::powerflow::batch {

/// Columns of the steps of a block as lanes know them: what a step starts from, and how it ended. One step after the other.
struct StepTable {
    void reshape(std::size_t n_step, std::size_t n_node, std::size_t n_tap, std::size_t n_shunt,
                 std::size_t n_island);
    template <class U>
    [[nodiscard]] std::span<U> of(std::vector<U>& column, std::size_t t) {
        const std::size_t n = column.size() / n_step;
        return std::span{column}.subspan(t * n, n);
    }

    std::size_t n_step = 0;
    std::vector<int> start_taps, start_shunts; ///< [n_tap × n_step], [n_shunt × n_step]
    std::vector<std::complex<double>> V; ///< [n_node × n_step] to start from; then the solution
    std::vector<int> taps, shunts;       ///< at the end
    std::vector<QLimit> limit;           ///< [n_node × n_step] to start from; then at the end
    std::vector<double> lambda;          ///< [n_island × n_step]
    std::vector<int> iterations, control_rounds, held_controls; ///< [n_step]
};

/// What an outage takes from a case beside the injections of its column. Spans outlive the solve.
struct LostParts {
    std::span<const BranchIdx> branches;
    std::span<const AdmittanceEntry> change; ///< of Y at the positions lanes share
    std::span<const std::size_t> dark_nodes;
    double losses_pu = 0; ///< that the schedule pays for already
};

class StepControl final : public LaneControl {
  public:
    /// Keeps references to all of them. `matrix` stands at the positions the shared admittances belong to.
    StepControl(const network::Network& grid, const NodalMatrix& matrix, const NodeUnits& units,
                const VoltageControls& controls, const Options& options, std::size_t n_slot);

    /// The block that the next solve is about; case c is step `steps[c]`.
    void enter(const BlockInjections& injections, std::span<const std::size_t> steps,
               std::span<const int> base_taps, std::span<const int> base_shunts, StepTable& table);
    /// What the cases of that block lose, one entry per case. Until the next `enter`.
    void lose(std::span<const LostParts> lost) { lost_ = lost; }

    void begin(LaneView& lane) override;
    [[nodiscard]] LaneVerdict judge(LaneView& lane, double mismatch_pu) override;

  private:
    /// What one lane keeps of its step.
    struct Slot {
        Slot(const NodeUnits& node_units, std::size_t n_node, const VoltageControls& controls);
        NodeUnits units;
        QLimits limits;
        VoltageControls::State moves;
        std::vector<int> taps_before, shunts_before;       ///< of a round
        std::vector<double> e, f, p, q, vm;                ///< [n_node]
        std::vector<double> lambda, correction, left_over; ///< [n_island]
        int round = 0;
        int n_move = 0;     ///< of these, rounds of taps and shunts
        bool exact = false; ///< the last round: solved to the tolerance
    };

    [[nodiscard]] LostParts lost(const LaneView& lane) const;
    void guess_slack(Slot& slot, double losses_pu) const;
    void restore_limits(Slot& slot, std::size_t t) const;
    void share_slack(LaneView& lane, const Slot& slot, std::size_t island) const;
    void correct_slack(LaneView& lane, Slot& slot, double mismatch_pu) const;
    bool act(LaneView& lane, Slot& slot, double margin_pu, bool& unsettled) const;
    void set_types(LaneView& lane, const NodeUnits& units) const;
    void set_positions(LaneView& lane, std::span<const int> taps_before, std::span<const int> taps,
                       std::span<const int> shunts_before, std::span<const int> shunts) const;
    void read_state(const LaneView& lane, Slot& slot) const;
    [[nodiscard]] bool gone_astray(Slot& slot) const;
    void finish(const LaneView& lane, Slot& slot) const;

    const network::Network* grid_;
    const NodalMatrix* matrix_;
    const VoltageControls* controls_;
    Options options_;
    SlackLayout layout_;
    std::vector<std::size_t> holders_; ///< nodes that may hold their voltage, and gauges
    std::vector<Slot> slots_;

    const BlockInjections* injections_ = nullptr;
    std::span<const std::size_t> steps_;
    std::span<const int> base_taps_, base_shunts_;
    StepTable* table_ = nullptr;
    std::span<const LostParts> lost_; ///< by case; empty: nothing
};

} // namespace yuanwang::powerflow::batch
