/// @file
/// A group of lanes at work under a control: takes cases from a counter all groups share, steps, asks, lets go.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "powerflow/batch/controlled_solver.hpp"
#include "powerflow/batch/lane_arrays.hpp"

namespace yuanwang::powerflow::batch {

template <class T>
class ControlledGroup {
  public:
    /// Allocates everything. `plan` and `y` must outlive the group. Its slots are `first_slot` and those that follow.
    ControlledGroup(const Elimination& plan, const BusAdmittance& y, std::span<const double> vm_set,
                    LaneKernels<T> kernels, std::size_t first_slot);
    ~ControlledGroup();
    ControlledGroup(const ControlledGroup&) = delete;
    ControlledGroup& operator=(const ControlledGroup&) = delete;

    void read_admittance() { w_.read_admittance(); }

    /// Takes cases below `n_case` from `next` until there are none.
    void solve(std::atomic<std::size_t>& next, std::size_t n_case, LaneControl& control,
               int max_iterations, BatchResult& result);

    [[nodiscard]] std::size_t width() const { return w_.width(); }
    [[nodiscard]] std::size_t bytes() const { return w_.bytes(); }

  private:
    class Lane;
    void clear();
    bool take(Lane& lane, std::atomic<std::size_t>& next, std::size_t n_case, LaneControl& control);
    [[nodiscard]] StepStatus judge(Lane& lane, LaneControl& control, int max_iterations,
                                   bool& ended);
    void store(const Lane& lane, StepStatus status, BatchResult& result) const;

    const Elimination& plan_;
    LaneKernels<T> kernels_;
    LaneArrays<T> w_;
    std::vector<Lane> lanes_;
    bool stale_ = false; ///< powers are not those of the voltages in some lane
};

extern template class ControlledGroup<float>;
extern template class ControlledGroup<double>;

} // namespace yuanwang::powerflow::batch
