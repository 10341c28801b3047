#include "powerflow/batch/lane_group.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace yuanwang::powerflow::batch {

namespace {

std::size_t at(std::int32_t i) {
    return static_cast<std::size_t>(i);
}

} // namespace

template <class T>
template <class U>
auto LaneGroup<T>::allocate(std::size_t n) -> Array<U> {
    auto array = hwy::AllocateAligned<U>(std::max<std::size_t>(n, 1));
    std::fill_n(array.get(), n, U{});
    bytes_ += n * sizeof(U);
    return array;
}

template <class T>
LaneGroup<T>::LaneGroup(const Elimination& plan, const BusAdmittance& y, LaneKernels<T> kernels)
    : plan_{plan}, y_{y}, kernels_{kernels}, e_start_(plan.n_bus), f_start_(plan.n_bus),
      p_start_(plan.n_row), q_start_(plan.n_row), lanes_(kernels.width) {
    const std::size_t w = kernels.width;
    const std::size_t n_y = plan.y_column.size();
    for (auto* array : {&e_, &f_}) {
        *array = allocate<double>(plan.n_bus * w);
    }
    for (auto* array : {&p_set_, &q_set_, &p_, &q_}) {
        *array = allocate<double>(plan.n_row * w);
    }
    for (auto* array : {&e_factor_, &f_factor_}) {
        *array = allocate<T>(plan.n_bus * w);
    }
    for (auto* array : {&p_factor_, &q_factor_, &is_pq_}) {
        *array = allocate<T>(plan.n_row * w);
    }
    inv_vm2_ = allocate<double>(plan.n_row);
    for (auto* array : {&g_, &b_}) {
        *array = allocate<double>(n_y + 1);
    }
    for (auto* array : {&g_factor_, &b_factor_}) {
        *array = allocate<T>(n_y + 1);
    }
    for (auto* array : {&g_lane_, &b_lane_}) {
        *array = allocate<double>((n_y + 1) * w);
    }
    for (auto* array : {&g_lane_factor_, &b_lane_factor_}) {
        *array = allocate<T>((n_y + 1) * w);
    }
    changed_ = allocate<std::int32_t>(plan.n_row);
    u_ = allocate<T>(plan.n_u_value * w);
    l_row_ = allocate<T>(plan.n_l_row_value * w);
    x_ = allocate<T>(2 * plan.n_bus * w);
    pivot_ = allocate<T>(w);
    mismatch_ = allocate<double>(w);

    read_admittance();
    for (std::size_t l = 0; l < w; ++l) {
        lanes_[l].id = l;
    }
    done_.reserve(w);
    loaded_.reserve(w);

    system_ = {.plan = &plan_,
               .e = e_.get(),
               .f = f_.get(),
               .e_factor = e_factor_.get(),
               .f_factor = f_factor_.get(),
               .p_set = p_set_.get(),
               .q_set = q_set_.get(),
               .p = p_.get(),
               .q = q_.get(),
               .p_factor = p_factor_.get(),
               .q_factor = q_factor_.get(),
               .inv_vm2 = inv_vm2_.get(),
               .is_pq = is_pq_.get(),
               .g = g_.get(),
               .b = b_.get(),
               .g_factor = g_factor_.get(),
               .b_factor = b_factor_.get(),
               .changed = changed_.get(),
               .g_lane = g_lane_.get(),
               .b_lane = b_lane_.get(),
               .g_lane_factor = g_lane_factor_.get(),
               .b_lane_factor = b_lane_factor_.get(),
               .u = u_.get(),
               .l_row = l_row_.get(),
               .x = x_.get(),
               .mismatch = mismatch_.get(),
               .pivot = pivot_.get()};
}

template <class T>
void LaneGroup<T>::read_admittance() {
    for (std::size_t n = 0; n < plan_.y_entry.size(); ++n) {
        g_[n] = y_.g_pu[at(plan_.y_entry[n])];
        b_[n] = y_.b_pu[at(plan_.y_entry[n])];
        g_factor_[n] = static_cast<T>(g_[n]);
        b_factor_[n] = static_cast<T>(b_[n]);
    }
}

/// Puts every lane at the start, with nothing to do there, and keeps the power at it.
template <class T>
void LaneGroup<T>::place_start(const BatchProblem& problem) {
    const std::size_t w = width();
    for (std::size_t i = 0; i < plan_.n_bus; ++i) {
        const std::complex<double> V = problem.start[at(plan_.bus[i])];
        e_start_[i] = V.real();
        f_start_[i] = V.imag();
        for (std::size_t l = 0; l < w; ++l) {
            e_[i * w + l] = V.real();
            f_[i * w + l] = V.imag();
            e_factor_[i * w + l] = static_cast<T>(V.real());
            f_factor_[i * w + l] = static_cast<T>(V.imag());
        }
    }
    for (std::size_t i = 0; i < plan_.n_row; ++i) {
        inv_vm2_[i] = 1.0 / (e_start_[i] * e_start_[i] + f_start_[i] * f_start_[i]);
        std::fill_n(&is_pq_[i * w], w, T{0});
        evaluate_row(i, 0);
        p_start_[i] = p_[i * w];
        q_start_[i] = q_[i * w];
        for (std::size_t l = 0; l < w; ++l) {
            const std::size_t here = i * w + l;
            p_[here] = p_set_[here] = p_start_[i];
            q_[here] = q_set_[here] = q_start_[i];
            p_factor_[here] = static_cast<T>(p_start_[i]);
            q_factor_[here] = static_cast<T>(q_start_[i]);
        }
    }
    for (Lane& lane : lanes_) {
        lane.busy = false;
        lane.next = lane.end = 0;
    }
}

template <class T>
void LaneGroup<T>::evaluate_row(std::size_t row, std::size_t lane) {
    const std::size_t w = width();
    double re = 0;
    double im = 0;
    for (auto n = at(plan_.y_start[row]); n < at(plan_.y_start[row + 1]); ++n) {
        const double g = changed_[row] > 0 ? g_lane_[n * w + lane] : g_[n];
        const double b = changed_[row] > 0 ? b_lane_[n * w + lane] : b_[n];
        const double e = e_[at(plan_.y_column[n]) * w + lane];
        const double f = f_[at(plan_.y_column[n]) * w + lane];
        re += g * e - b * f;
        im += g * f + b * e;
    }
    const std::size_t here = row * w + lane;
    p_[here] = e_[here] * re + f_[here] * im;
    q_[here] = f_[here] * re - e_[here] * im;
    p_factor_[here] = static_cast<T>(p_[here]);
    q_factor_[here] = static_cast<T>(q_[here]);
}

/// Names the lane's next case; false where the queue is empty.
template <class T>
bool LaneGroup<T>::take_case(Lane& lane, std::span<const Chain>& queue) {
    if (lane.next == lane.end) {
        if (queue.empty()) {
            lane.busy = false;
            return false;
        }
        lane.next = queue.front().first;
        lane.end = queue.front().last;
        lane.from_start = true;
        queue = queue.subspan(1);
    } else {
        lane.from_start = lane.status != StepStatus::converged;
    }
    lane.busy = true;
    lane.current = lane.next++;
    lane.iterations = 0;
    lane.mismatch = 0;
    lane.status = StepStatus::not_run;
    return true;
}

template <class T>
void LaneGroup<T>::load_start() {
    const std::size_t w = width();
    for (std::size_t i = 0; i < plan_.n_row; ++i) {
        const double e = e_start_[i];
        const double f = f_start_[i];
        for (const Lane* lane : loaded_) {
            if (lane->from_start) {
                const std::size_t here = i * w + lane->id;
                e_[here] = e;
                f_[here] = f;
                e_factor_[here] = static_cast<T>(e);
                f_factor_[here] = static_cast<T>(f);
                p_[here] = p_start_[i];
                q_[here] = q_start_[i];
                p_factor_[here] = static_cast<T>(p_start_[i]);
                q_factor_[here] = static_cast<T>(q_start_[i]);
            }
        }
    }
}

/// Buses outside, lanes inside: the lanes of a bus share cache lines.
template <class T>
void LaneGroup<T>::load_schedule(const BatchProblem& problem) {
    const std::size_t w = width();
    const std::size_t stride = problem.shares_schedule() ? 0 : plan_.n_bus;
    for (std::size_t i = 0; i < plan_.n_row; ++i) {
        const std::size_t bus = at(plan_.bus[i]);
        const double* const p = problem.p_pu.data() + bus;
        const double* const q = problem.q_pu.data() + bus;
        double* const p_set = &p_set_[i * w];
        double* const q_set = &q_set_[i * w];
        for (const Lane* lane : loaded_) {
            p_set[lane->id] = p[lane->current * stride];
            q_set[lane->id] = q[lane->current * stride];
        }
    }
}

template <class T>
void LaneGroup<T>::load_types(const BatchProblem& problem) {
    for (std::size_t i = 0; i < plan_.n_row; ++i) {
        if (plan_.switches[i] != 0) {
            const std::size_t bus = at(plan_.bus[i]);
            for (const Lane* lane : loaded_) {
                const bool is_pq = problem.is_pq[lane->current * plan_.n_bus + bus] != 0;
                is_pq_[i * width() + lane->id] = is_pq ? T{1} : T{0};
            }
        }
    }
}

/// Gives a row lane-wise admittances, the shared ones in every lane.
template <class T>
void LaneGroup<T>::widen_row(std::size_t row) {
    const std::size_t w = width();
    for (auto n = at(plan_.y_start[row]); n < at(plan_.y_start[row + 1]); ++n) {
        std::fill_n(&g_lane_[n * w], w, g_[n]);
        std::fill_n(&b_lane_[n * w], w, b_[n]);
        std::fill_n(&g_lane_factor_[n * w], w, g_factor_[n]);
        std::fill_n(&b_lane_factor_[n * w], w, b_factor_[n]);
    }
}

template <class T>
void LaneGroup<T>::apply_changes(const BatchProblem& problem, const Lane& lane) {
    const std::size_t w = width();
    for (auto c = problem.change_start[lane.current]; c < problem.change_start[lane.current + 1];
         ++c) {
        const AdmittanceEntry& change = problem.change[at(c)];
        const std::size_t row = at(plan_.row[at(change.row)]);
        if (row >= plan_.n_row) {
            continue; // the current at a slack bus is nobody's equation
        }
        if (changed_[row]++ == 0) {
            widen_row(row);
        }
        const std::int32_t column = plan_.row[at(change.column)];
        auto n = at(plan_.y_start[row]);
        while (plan_.y_column[n] != column) {
            ++n;
        }
        const std::size_t here = n * w + lane.id;
        g_lane_[here] += change.y_pu.real();
        b_lane_[here] += change.y_pu.imag();
        g_lane_factor_[here] = static_cast<T>(g_lane_[here]);
        b_lane_factor_[here] = static_cast<T>(b_lane_[here]);
    }
}

template <class T>
void LaneGroup<T>::undo_changes(const BatchProblem& problem, const Lane& lane) {
    const std::size_t w = width();
    for (auto c = problem.change_start[lane.current]; c < problem.change_start[lane.current + 1];
         ++c) {
        const std::size_t row = at(plan_.row[at(problem.change[at(c)].row)]);
        if (row >= plan_.n_row) {
            continue;
        }
        --changed_[row];
        for (auto n = at(plan_.y_start[row]); n < at(plan_.y_start[row + 1]); ++n) {
            const std::size_t here = n * w + lane.id;
            g_lane_[here] = g_[n];
            b_lane_[here] = b_[n];
            g_lane_factor_[here] = g_factor_[n];
            b_lane_factor_[here] = b_factor_[n];
        }
        evaluate_row(row, lane.id); // the lane may keep its voltages for the next case
    }
}

/// Exchanges voltages and schedule of the lanes in `loaded_`, bus by bus: lanes lie side by side.
template <class T>
void LaneGroup<T>::load(const BatchProblem& problem) {
    const bool any_from_start =
        std::ranges::any_of(loaded_, [](const Lane* lane) { return lane->from_start; });
    if (any_from_start) {
        load_start();
    }
    if (!problem.change_start.empty()) {
        for (const Lane* lane : loaded_) {
            apply_changes(problem, *lane);
            for (auto c = problem.change_start[lane->current];
                 c < problem.change_start[lane->current + 1]; ++c) {
                const std::size_t row = at(plan_.row[at(problem.change[at(c)].row)]);
                if (row < plan_.n_row) {
                    evaluate_row(row, lane->id);
                }
            }
        }
    }
    load_schedule(problem);
    if (!problem.is_pq.empty()) {
        load_types(problem);
    }
}

/// Whether the lane's case has ended; says how.
template <class T>
bool LaneGroup<T>::judge(Lane& lane, const BatchLimits& limits) const {
    if (lane.mismatch < limits.tolerance_pu) {
        lane.status = StepStatus::converged;
    } else if (pivot_[lane.id] < 0) {
        lane.status = StepStatus::singular_jacobian;
    } else if (!std::isfinite(lane.mismatch)) {
        lane.status = StepStatus::not_finite;
    } else if (lane.iterations >= limits.max_iterations) {
        lane.status = StepStatus::iteration_limit;
    }
    return lane.status != StepStatus::not_run;
}

template <class T>
void LaneGroup<T>::store(BatchResult& result) const {
    const std::size_t w = width();
    for (const Lane* lane : done_) {
        result.outcome[lane->current] = {.status = lane->status,
                                         .iterations = lane->iterations,
                                         .max_mismatch_pu = lane->mismatch};
    }
    for (std::size_t i = 0; i < plan_.n_bus; ++i) {
        const std::size_t bus = at(plan_.bus[i]);
        for (const Lane* lane : done_) {
            result.V[lane->current * plan_.n_bus + bus] = {e_[i * w + lane->id],
                                                           f_[i * w + lane->id]};
        }
    }
    for (const Lane* lane : done_) {
        if (lane->status != StepStatus::converged) {
            constexpr double nan = std::numeric_limits<double>::quiet_NaN();
            std::fill_n(&result.V[lane->current * plan_.n_bus], plan_.n_bus,
                        std::complex<double>{nan, nan});
        }
    }
}

template <class T>
void LaneGroup<T>::solve(const BatchProblem& problem, const BatchLimits& limits,
                         std::span<const Chain> chains, BatchResult& result) {
    place_start(problem);
    std::span<const Chain> queue = chains;
    done_.clear();
    for (Lane& lane : lanes_) {
        done_.push_back(&lane);
    }
    while (true) {
        if (!done_.empty()) {
            loaded_.clear();
            for (Lane* lane : done_) {
                if (take_case(*lane, queue)) {
                    loaded_.push_back(lane);
                }
            }
            done_.clear();
            load(problem);
        }
        if (std::ranges::none_of(lanes_, &Lane::busy)) {
            return;
        }
        kernels_.newton_step(system_);
        for (Lane& lane : lanes_) {
            if (lane.busy) {
                ++lane.iterations;
                lane.mismatch = mismatch_[lane.id];
                if (judge(lane, limits)) {
                    done_.push_back(&lane);
                }
            }
        }
        finish(problem, result);
    }
}

/// Writes what the lanes in `done_` found and takes their changes back.
template <class T>
void LaneGroup<T>::finish(const BatchProblem& problem, BatchResult& result) {
    if (done_.empty()) {
        return;
    }
    store(result);
    if (!problem.change_start.empty()) {
        for (const Lane* lane : done_) {
            undo_changes(problem, *lane);
        }
    }
}

template class LaneGroup<float>;
template class LaneGroup<double>;

} // namespace yuanwang::powerflow::batch
