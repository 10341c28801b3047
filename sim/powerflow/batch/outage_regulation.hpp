/// @file
/// Taps and shunts after the outages of a step: who would move them, and where that ends.
///
/// An outage that `outage_solver.hpp` has solved with all positions held is at rest already where no control asks to move. The
/// others go on from there as steps of a block of their own, in lanes under `StepControl`: each column is the step without
/// what is lost, its reactive limits, taps and shunts by the rules of every step, from the positions the step has. Effects of
/// taps and shunts are those of the whole grid.
///
/// Lanes need one living part with a gauge that stays; else, and where six rounds do not settle, the reference solver
/// has the word.
#pragma once

#include <complex>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "powerflow/batch/controlled_solver.hpp"
#include "powerflow/batch/lane_layout.hpp"
#include "powerflow/batch/outage.hpp"
#include "powerflow/batch/outage_base.hpp"
#include "powerflow/batch/outage_topology.hpp"
#include "powerflow/batch/step_control.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::powerflow::batch {

class OutageRegulation {
  public:
    /// Keeps references. `base` is the step all questions are about.
    OutageRegulation(const network::Network& grid, const Units& units, const OutageBase& base,
                     const Options& options, Precision precision);

    /// `base` holds another step.
    void enter(const BlockInjections& injections, const BlockStates& states,
               const OutageColumns& shed, std::size_t t);

    /// An outage as it was solved with all positions held. Columns [n_node]; spans outlive `solve`.
    struct Held {
        const Outage* outage = nullptr;
        const OutageTopology* topology = nullptr;
        std::span<const std::complex<double>> V;
        std::span<const std::uint8_t> is_pq;
        std::span<const QLimit> limit;
        std::span<const AdmittanceEntry> change;
        double lack_mw = 0; ///< what the outage leaves missing
    };

    /// True where some tap or shunt would leave its position.
    [[nodiscard]] bool asks(const Held& held);

    /// Adds an outage to those that `solve` solves.
    void add(const Held& held);
    void clear() { cases_.clear(); }
    [[nodiscard]] std::size_t size() const { return cases_.size(); }
    void solve();

    /// How case c of the last `solve` ended; not `converged`: for the reference solver.
    struct Outcome {
        StepStatus status = StepStatus::not_run;
        int iterations = 0;
        int held_controls = 0;
        double max_mismatch_pu = 0;
        std::span<const std::complex<double>> V; ///< [n_node]
        std::span<const int> taps, shunts;
    };
    [[nodiscard]] Outcome outcome(std::size_t c);

  private:
    void make_lanes();
    void write_case(std::size_t c);
    [[nodiscard]] bool fits_lanes(std::size_t c);

    const network::Network* grid_;
    const Units* units_;
    const OutageBase* base_;
    Options options_;
    Precision precision_;
    NodalMatrix scheduled_;
    NodeUnits node_units_;
    VoltageControls controls_;
    VoltageControls::State probe_;
    std::vector<unsigned char> free_; ///< [n_control]
    LaneLayout layout_;
    std::optional<ControlledSolver> lanes_;
    std::optional<StepControl> control_;

    const BlockInjections* injections_ = nullptr;
    const BlockStates* states_ = nullptr;
    const OutageColumns* shed_ = nullptr;
    std::vector<int> part_; ///< [n_bus] 0: lives after the outage, −1: does not
    std::size_t t_ = 0;
    std::vector<int> taps_, shunts_; ///< of the step
    double losses_pu_ = 0;

    std::vector<Held> cases_;
    BlockInjections block_; ///< one column per case
    std::vector<std::vector<std::size_t>> dark_;
    std::vector<std::size_t> in_lanes_, columns_; ///< cases; their place in `in_lanes_`
    std::vector<LostParts> lost_;
    StepTable table_;
    BatchResult result_;
};

} // namespace yuanwang::powerflow::batch
