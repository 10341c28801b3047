/// @file
/// The memory of a group of lanes: owns what `LaneSystem` points to, and keeps the rows of Y that differ in some lane.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>

#include <hwy/aligned_allocator.h>

#include "powerflow/batch/bus_admittance.hpp"
#include "powerflow/batch/elimination.hpp"
#include "powerflow/batch/lane_system.hpp"

namespace yuanwang::powerflow::batch {

template <class T>
class LaneArrays {
    template <class U>
    using Array = hwy::AlignedFreeUniquePtr<U[]>;
    const Elimination& plan_;
    const BusAdmittance& y_;
    std::size_t width_;
    std::size_t bytes_ = 0;

  public:
    /// Allocates everything. `plan` and `y` must outlive the arrays.
    LaneArrays(const Elimination& plan, const BusAdmittance& y, std::size_t width);

    /// Reads the values of `y` again; its pattern stays. Precondition: no row differs in any lane.
    void read_admittance();

    /// Lets a row differ in one lane more; its values there are the shared ones at first.
    void part_row(std::size_t row);
    /// Adds to the admittance of a parted row in one lane.
    void add_admittance(std::size_t row, std::int32_t column, std::size_t lane,
                        std::complex<double> y_pu);
    /// Gives a lane the shared values of a parted row back.
    void join_row(std::size_t row, std::size_t lane);

    [[nodiscard]] std::size_t width() const { return width_; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

    // As in `LaneSystem`.
    Array<double> e, f, p_set, q_set, p, q, inv_vm2;
    Array<T> e_factor, f_factor, p_factor, q_factor, is_pq;
    Array<double> g, b, g_lane, b_lane;
    Array<T> g_factor, b_factor, g_lane_factor, b_lane_factor;
    Array<std::int32_t> changed;
    Array<T> u, l_row, x, pivot;
    Array<double> mismatch;
    LaneSystem<T> system;

  private:
    template <class U>
    Array<U> allocate(std::size_t n);
    void widen_row(std::size_t row);
};

extern template class LaneArrays<float>;
extern template class LaneArrays<double>;

} // namespace yuanwang::powerflow::batch
