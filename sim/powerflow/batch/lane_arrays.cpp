#include "powerflow/batch/lane_arrays.hpp"

#include <algorithm>

namespace yuanwang::powerflow::batch {

namespace {

std::size_t at(std::int32_t i) {
    return static_cast<std::size_t>(i);
}

} // namespace

template <class T>
template <class U>
auto LaneArrays<T>::allocate(std::size_t n) -> Array<U> {
    auto array = hwy::AllocateAligned<U>(std::max<std::size_t>(n, 1));
    std::fill_n(array.get(), n, U{});
    bytes_ += n * sizeof(U);
    return array;
}

template <class T>
LaneArrays<T>::LaneArrays(const Elimination& plan, const BusAdmittance& y, std::size_t width)
    : plan_{plan}, y_{y}, width_{width} {
    const std::size_t w = width;
    const std::size_t n_y = plan.y_column.size();
    for (auto* array : {&e, &f}) {
        *array = allocate<double>(plan.n_bus * w);
    }
    for (auto* array : {&p_set, &q_set, &p, &q}) {
        *array = allocate<double>(plan.n_row * w);
    }
    for (auto* array : {&e_factor, &f_factor}) {
        *array = allocate<T>(plan.n_bus * w);
    }
    for (auto* array : {&p_factor, &q_factor, &is_pq}) {
        *array = allocate<T>(plan.n_row * w);
    }
    inv_vm2 = allocate<double>(plan.n_row);
    for (auto* array : {&g, &b}) {
        *array = allocate<double>(n_y + 1);
    }
    for (auto* array : {&g_factor, &b_factor}) {
        *array = allocate<T>(n_y + 1);
    }
    for (auto* array : {&g_lane, &b_lane}) {
        *array = allocate<double>((n_y + 1) * w);
    }
    for (auto* array : {&g_lane_factor, &b_lane_factor}) {
        *array = allocate<T>((n_y + 1) * w);
    }
    changed = allocate<std::int32_t>(plan.n_row);
    u = allocate<T>(plan.n_u_value * w);
    l_row = allocate<T>(plan.n_l_row_value * w);
    x = allocate<T>(2 * plan.n_bus * w);
    pivot = allocate<T>(w);
    mismatch = allocate<double>(w);
    read_admittance();

    system = {.plan = &plan_,
              .e = e.get(),
              .f = f.get(),
              .e_factor = e_factor.get(),
              .f_factor = f_factor.get(),
              .p_set = p_set.get(),
              .q_set = q_set.get(),
              .p = p.get(),
              .q = q.get(),
              .p_factor = p_factor.get(),
              .q_factor = q_factor.get(),
              .inv_vm2 = inv_vm2.get(),
              .is_pq = is_pq.get(),
              .g = g.get(),
              .b = b.get(),
              .g_factor = g_factor.get(),
              .b_factor = b_factor.get(),
              .changed = changed.get(),
              .g_lane = g_lane.get(),
              .b_lane = b_lane.get(),
              .g_lane_factor = g_lane_factor.get(),
              .b_lane_factor = b_lane_factor.get(),
              .u = u.get(),
              .l_row = l_row.get(),
              .x = x.get(),
              .mismatch = mismatch.get(),
              .pivot = pivot.get()};
}

template <class T>
void LaneArrays<T>::read_admittance() {
    for (std::size_t n = 0; n < plan_.y_entry.size(); ++n) {
        g[n] = y_.g_pu[at(plan_.y_entry[n])];
        b[n] = y_.b_pu[at(plan_.y_entry[n])];
        g_factor[n] = static_cast<T>(g[n]);
        b_factor[n] = static_cast<T>(b[n]);
    }
}

/// Gives a row lane-wise admittances, the shared ones in every lane.
template <class T>
void LaneArrays<T>::widen_row(std::size_t row) {
    const std::size_t w = width_;
    for (auto n = at(plan_.y_start[row]); n < at(plan_.y_start[row + 1]); ++n) {
        std::fill_n(&g_lane[n * w], w, g[n]);
        std::fill_n(&b_lane[n * w], w, b[n]);
        std::fill_n(&g_lane_factor[n * w], w, g_factor[n]);
        std::fill_n(&b_lane_factor[n * w], w, b_factor[n]);
    }
}

template <class T>
void LaneArrays<T>::part_row(std::size_t row) {
    if (changed[row]++ == 0) {
        widen_row(row);
    }
}

template <class T>
void LaneArrays<T>::add_admittance(std::size_t row, std::int32_t column, std::size_t lane,
                                   std::complex<double> y_pu) {
    auto n = at(plan_.y_start[row]);
    while (plan_.y_column[n] != column) {
        ++n;
    }
    const std::size_t here = n * width_ + lane;
    g_lane[here] += y_pu.real();
    b_lane[here] += y_pu.imag();
    g_lane_factor[here] = static_cast<T>(g_lane[here]);
    b_lane_factor[here] = static_cast<T>(b_lane[here]);
}

template <class T>
void LaneArrays<T>::join_row(std::size_t row, std::size_t lane) {
    --changed[row];
    for (auto n = at(plan_.y_start[row]); n < at(plan_.y_start[row + 1]); ++n) {
        const std::size_t here = n * width_ + lane;
        g_lane[here] = g[n];
        b_lane[here] = b[n];
        g_lane_factor[here] = g_factor[n];
        b_lane_factor[here] = b_factor[n];
    }
}

template class LaneArrays<float>;
template class LaneArrays<double>;

} // namespace yuanwang::powerflow::batch
