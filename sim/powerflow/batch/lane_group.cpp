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
LaneGroup<T>::LaneGroup(const Elimination& plan, const BusAdmittance& y, LaneKernels<T> kernels)
    : plan_{plan}, kernels_{kernels}, w_{plan, y, kernels.width}, y_{y}, e_start_(plan.n_bus),
      f_start_(plan.n_bus), p_start_(plan.n_row), q_start_(plan.n_row), lanes_(kernels.width) {
    for (std::size_t l = 0; l < kernels.width; ++l) {
        lanes_[l].id = l;
    }
    done_.reserve(kernels.width);
    loaded_.reserve(kernels.width);
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
            w_.e[i * w + l] = V.real();
            w_.f[i * w + l] = V.imag();
            w_.e_factor[i * w + l] = static_cast<T>(V.real());
            w_.f_factor[i * w + l] = static_cast<T>(V.imag());
        }
    }
    for (std::size_t i = 0; i < plan_.n_row; ++i) {
        w_.inv_vm2[i] = 1.0 / (e_start_[i] * e_start_[i] + f_start_[i] * f_start_[i]);
        std::fill_n(&w_.is_pq[i * w], w, T{0});
        evaluate_row(i, 0);
        p_start_[i] = w_.p[i * w];
        q_start_[i] = w_.q[i * w];
        for (std::size_t l = 0; l < w; ++l) {
            const std::size_t here = i * w + l;
            w_.p[here] = w_.p_set[here] = p_start_[i];
            w_.q[here] = w_.q_set[here] = q_start_[i];
            w_.p_factor[here] = static_cast<T>(p_start_[i]);
            w_.q_factor[here] = static_cast<T>(q_start_[i]);
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
        const double g = w_.changed[row] > 0 ? w_.g_lane[n * w + lane] : w_.g[n];
        const double b = w_.changed[row] > 0 ? w_.b_lane[n * w + lane] : w_.b[n];
        const double e = w_.e[at(plan_.y_column[n]) * w + lane];
        const double f = w_.f[at(plan_.y_column[n]) * w + lane];
        re += g * e - b * f;
        im += g * f + b * e;
    }
    const std::size_t here = row * w + lane;
    w_.p[here] = w_.e[here] * re + w_.f[here] * im;
    w_.q[here] = w_.f[here] * re - w_.e[here] * im;
    w_.p_factor[here] = static_cast<T>(w_.p[here]);
    w_.q_factor[here] = static_cast<T>(w_.q[here]);
}

template <class T>
void LaneGroup<T>::keep_factor(std::span<const std::complex<double>> V) {
    keeps_ = !V.empty() && factorise_at(plan_, y_, V, fixed_);
    w_.system.fixed_l_start = fixed_.l_start.data();
    w_.system.fixed_l = fixed_.l.data();
    w_.system.fixed_d = fixed_.d.data();
    w_.system.fixed_u = fixed_.u.data();
}

/// Names the lane's next case; false where the queue is empty.
template <class T>
bool LaneGroup<T>::take_case(Lane& lane, ChainQueue& queue) {
    if (lane.next == lane.end) {
        const std::size_t taken = queue.next.fetch_add(1, std::memory_order_relaxed);
        if (taken >= queue.chains.size()) {
            lane.busy = false;
            return false;
        }
        lane.next = queue.chains[taken].first;
        lane.end = queue.chains[taken].last;
        lane.from_start = true;
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
                w_.e[here] = e;
                w_.f[here] = f;
                w_.e_factor[here] = static_cast<T>(e);
                w_.f_factor[here] = static_cast<T>(f);
                w_.p[here] = p_start_[i];
                w_.q[here] = q_start_[i];
                w_.p_factor[here] = static_cast<T>(p_start_[i]);
                w_.q_factor[here] = static_cast<T>(q_start_[i]);
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
        double* const p_set = &w_.p_set[i * w];
        double* const q_set = &w_.q_set[i * w];
        for (const Lane* lane : loaded_) {
            p_set[lane->id] = p[lane->current * stride];
            q_set[lane->id] = q[lane->current * stride];
        }
    }
}

template <class T>
void LaneGroup<T>::load_types(const BatchProblem& problem) {
    for (std::size_t i = 0; i < plan_.n_row; ++i) {
        if (plan_.rows[i] != Rows::free) {
            const std::size_t bus = at(plan_.bus[i]);
            for (const Lane* lane : loaded_) {
                const bool is_pq = problem.is_pq[lane->current * plan_.n_bus + bus] != 0;
                w_.is_pq[i * width() + lane->id] = is_pq ? T{1} : T{0};
            }
        }
    }
}

template <class T>
void LaneGroup<T>::apply_changes(const BatchProblem& problem, const Lane& lane) {
    for (auto c = problem.change_start[lane.current]; c < problem.change_start[lane.current + 1];
         ++c) {
        const AdmittanceEntry& change = problem.change[at(c)];
        const std::size_t row = at(plan_.row[at(change.row)]);
        if (row >= plan_.n_row) {
            continue; // the current at a slack bus is nobody's equation
        }
        w_.part_row(row);
        w_.add_admittance(row, plan_.row[at(change.column)], lane.id, change.y_pu);
    }
}

template <class T>
void LaneGroup<T>::undo_changes(const BatchProblem& problem, const Lane& lane) {
    for (auto c = problem.change_start[lane.current]; c < problem.change_start[lane.current + 1];
         ++c) {
        const std::size_t row = at(plan_.row[at(problem.change[at(c)].row)]);
        if (row >= plan_.n_row) {
            continue;
        }
        w_.join_row(row, lane.id);
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
    } else if (w_.pivot[lane.id] < 0) {
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
            result.V[lane->current * plan_.n_bus + bus] = {w_.e[i * w + lane->id],
                                                           w_.f[i * w + lane->id]};
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
void LaneGroup<T>::solve(const BatchProblem& problem, const BatchLimits& limits, ChainQueue& queue,
                         BatchResult& result) {
    place_start(problem);
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
        if (keeps_) {
            kernels_.chord_step(w_.system);
        } else {
            kernels_.newton_step(w_.system);
        }
        for (Lane& lane : lanes_) {
            if (lane.busy) {
                ++lane.iterations;
                lane.mismatch = w_.mismatch[lane.id];
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
