/// @file
/// A group of lanes at work: takes cases from a queue, moves all lanes by Newton steps, lets those
/// that are done go and fills their place.
///
/// A lane that takes its next case keeps the voltages it has, so the power at them is known already:
/// only the schedule is exchanged. A case with other admittances than its neighbours keeps the rows
/// it changes lane-wise; all other rows of Y are shared.
#pragma once

#include <atomic>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "powerflow/batch/batch_problem.hpp"
#include "powerflow/batch/elimination.hpp"
#include "powerflow/batch/fixed_factor.hpp"
#include "powerflow/batch/lane_arrays.hpp"
#include "powerflow/batch/lane_system.hpp"

namespace yuanwang::powerflow::batch {

/// Cases [first, last) that are solved one after the other, each from the solution before.
struct Chain {
    std::size_t first = 0;
    std::size_t last = 0;
};

/// Chains that several groups take one by one.
struct ChainQueue {
    std::span<const Chain> chains;
    std::atomic<std::size_t> next{0};
};

template <class T>
class LaneGroup {
  public:
    /// Allocates everything. `plan` and `y` must outlive the group.
    LaneGroup(const Elimination& plan, const BusAdmittance& y, LaneKernels<T> kernels);

    /// Reads the values of `y` again; its pattern stays.
    void read_admittance() { w_.read_admittance(); }

    /// Solves cases until the queue is empty. Writes their outcome and voltages, nothing else of `result`.
    void solve(const BatchProblem& problem, const BatchLimits& limits, ChainQueue& queue,
               BatchResult& result);

    /// From now on all steps take one factor, that of the Jacobian at V [n_bus]; where V is empty or a pivot breaks down,
    /// each its own.
    void keep_factor(std::span<const std::complex<double>> V);

    [[nodiscard]] std::size_t width() const { return kernels_.width; }
    [[nodiscard]] std::size_t bytes() const { return w_.bytes(); }

  private:
    struct Lane {
        std::size_t id = 0;
        bool busy = false;
        bool from_start = true; ///< the case starts from `start`, not from what the lane holds
        std::size_t next = 0;   ///< case that follows
        std::size_t end = 0;    ///< of the chain
        std::size_t current = 0;
        int iterations = 0;
        double mismatch = 0;
        StepStatus status = StepStatus::not_run;
    };

    void place_start(const BatchProblem& problem);
    static bool take_case(Lane& lane, ChainQueue& queue);
    void load(const BatchProblem& problem);
    void load_start();
    void load_schedule(const BatchProblem& problem);
    void load_types(const BatchProblem& problem);
    void apply_changes(const BatchProblem& problem, const Lane& lane);
    void undo_changes(const BatchProblem& problem, const Lane& lane);
    void evaluate_row(std::size_t row, std::size_t lane);
    bool judge(Lane& lane, const BatchLimits& limits) const;
    void store(BatchResult& result) const;
    void finish(const BatchProblem& problem, BatchResult& result);

    const Elimination& plan_;
    LaneKernels<T> kernels_;
    LaneArrays<T> w_;
    const BusAdmittance& y_;
    bool keeps_ = false;
    FixedFactor<T> fixed_;
    std::vector<double> e_start_, f_start_, p_start_, q_start_; ///< [n_bus], rows
    std::vector<Lane> lanes_;
    std::vector<Lane*> done_;   ///< lanes whose case has ended
    std::vector<Lane*> loaded_; ///< lanes that have just taken a case
};

extern template class LaneGroup<float>;
extern template class LaneGroup<double>;

} // namespace yuanwang::powerflow::batch
