#include "dispatch/plan/plan_calls.hpp"

#include <algorithm>
#include <cmath>

#include "dispatch/rules/managed_call.hpp"

namespace yuanwang::dispatch {

namespace {

constexpr double tolerance_mw = 1e-6;

void shape_managed(const Table& table, std::size_t n_step, Schedule& schedule) {
    schedule.managed_mw.reshape(table.managed.size(), n_step);
    schedule.recovery_mw.reshape(table.managed.size(), n_step);
    schedule.calls.clear();
}

} // namespace

PlanCalls::PlanCalls(const Table& table, const PlanColumns& columns,
                     std::span<const BlockInput* const> inputs, const State& state,
                     const program::Block& block)
    : table_{table}, columns_{columns}, inputs_{inputs}, before_{state},
      has_records_{table.managed.records.size() > 0}, n_step_{block.n_step} {
    if (!has_records_) {
        return;
    }
    demand_mw_.reshape(table.n_island, n_step_);
    unserved_max_mw_.reshape(table.n_island, n_step_);
    for (std::size_t t = 0; t < n_step_; ++t) {
        for (std::size_t i = 0; i < table.n_island; ++i) {
            demand_mw_(i, t) = block.demand_mw(columns.places.island + i, t);
            unserved_max_mw_(i, t) = block.p_max_mw(columns.unserved + i, t);
        }
    }
    least_mw_.reshape(table.managed.size(), n_step_);
    walk(nullptr);
    offer();
}

/// True where nobody was ever called.
bool PlanCalls::is_at_rest() const {
    return before_.managed.used_h.empty() && before_.managed.recoveries.empty();
}

/// What the records of each group could give up in each step as things stand.
void PlanCalls::offer() {
    const ManagedLoads& managed = table_.managed;
    offer_mw_.reshape(managed.size(), n_step_);
    State state;
    state.managed = before_.managed;
    Schedule none;
    std::size_t at = 0;
    for (const BlockInput* input : inputs_) {
        shape_managed(table_, input->n_step, none);
        const ManagedCaller caller{table_, *input, state, none};
        for (std::size_t t = 0; t < input->n_step; ++t, ++at) {
            for (std::size_t g = 0; g < managed.size(); ++g) {
                const std::size_t first = managed.records.first_of_group[g];
                const std::size_t end = managed.records.first_of_group[g + 1];
                if (is_at_rest()) { // all records of a group stand alike
                    const bool may = first < end && caller.may_be_called(first, t);
                    offer_mw_(g, at) = may ? std::max(0.0, managed.p_mw[g]) : 0.0;
                    continue;
                }
                for (std::size_t r = first; r < end; ++r) {
                    offer_mw_(g, at) += caller.may_be_called(r, t) ? managed.records.p_mw[r] : 0.0;
                }
            }
        }
    }
}

void PlanCalls::write(program::Block& block) const {
    for (std::size_t t = 0; has_records_ && t < n_step_; ++t) {
        for (std::size_t i = 0; i < table_.n_island; ++i) {
            const double back_mw = come_back_mw_(i, t);
            block.demand_mw(columns_.places.island + i, t) = demand_mw_(i, t) + back_mw;
            block.p_max_mw(columns_.unserved + i, t) = unserved_max_mw_(i, t) + back_mw;
        }
        for (std::size_t k = 0; k < table_.managed.size(); ++k) {
            block.p_min_mw(columns_.managed + k, t) = least_mw_(k, t);
            block.p_max_mw(columns_.managed + k, t) = offer_mw_(k, t);
        }
    }
}

/// Calls the records for what the solution asks of each island, step after step; for nothing where there is none.
void PlanCalls::walk(const program::Solution* solution) {
    given_mw_.reshape(table_.managed.size(), n_step_);
    come_back_mw_.reshape(table_.n_island, n_step_);
    State state;
    state.managed = before_.managed;
    Schedule schedule;
    std::size_t at = 0;
    for (std::size_t b = 0; b < inputs_.size(); ++b) {
        const BlockInput& input = *inputs_[b];
        shape_managed(table_, input.n_step, schedule);
        ManagedCaller caller{table_, input, state, schedule};
        for (std::size_t t = 0; t < input.n_step; ++t, ++at) {
            for (std::size_t i = 0; i < table_.n_island; ++i) {
                come_back_mw_(i, at) = caller.recover(i, t);
                double asked_mw = 0;
                for (std::size_t k = 0; solution != nullptr && k < table_.managed.size(); ++k) {
                    asked_mw += table_.managed.island[k] == i
                                    ? solution->generation_mw(columns_.managed + k, at)
                                    : 0.0;
                }
                if (asked_mw > tolerance_mw) {
                    caller.call(i, t, asked_mw);
                }
            }
            caller.end_step(t);
            for (std::size_t k = 0; k < table_.managed.size(); ++k) {
                given_mw_(k, at) = schedule.managed_mw(k, t);
            }
        }
        if (b == 0) {
            first_ = schedule;
            after_.managed = state.managed;
        }
    }
}

bool PlanCalls::answer(const program::Solution& solution) {
    if (!has_records_) {
        return false;
    }
    const Series came_back_mw = come_back_mw_;
    walk(&solution);
    bool otherwise = false;
    for (std::size_t t = 0; t < n_step_; ++t) {
        for (std::size_t i = 0; i < table_.n_island; ++i) {
            otherwise |= std::abs(come_back_mw_(i, t) - came_back_mw(i, t)) > tolerance_mw;
            double missing_mw = 0;
            for (std::size_t k = 0; k < table_.managed.size(); ++k) {
                missing_mw +=
                    table_.managed.island[k] == i
                        ? solution.generation_mw(columns_.managed + k, t) - given_mw_(k, t)
                        : 0.0;
            }
            if (missing_mw <= 2 * tolerance_mw) {
                continue;
            }
            otherwise = true;
            for (std::size_t k = 0; k < table_.managed.size(); ++k) {
                if (table_.managed.island[k] == i) {
                    offer_mw_(k, t) = given_mw_(k, t);
                }
            }
        }
    }
    return otherwise;
}

void PlanCalls::settle() {
    least_mw_ = given_mw_;
    offer_mw_ = given_mw_;
}

void PlanCalls::read(Schedule& schedule, State& state) const {
    if (!has_records_) {
        return;
    }
    schedule.managed_mw = first_.managed_mw;
    schedule.recovery_mw = first_.recovery_mw;
    schedule.calls = first_.calls;
    state.managed = after_.managed;
}

} // namespace yuanwang::dispatch
