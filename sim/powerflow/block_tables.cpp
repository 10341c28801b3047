#include "powerflow/block_tables.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace yuanwang::powerflow {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

template <class States>
auto list_series(States& states) {
    return std::array{&states.vm_pu,   &states.va_rad,      &states.unit_p_mw, &states.unit_q_mvar,
                      &states.tap,     &states.shunt_steps, &states.p_from_mw, &states.q_from_mvar,
                      &states.p_to_mw, &states.q_to_mvar,   &states.losses_mw};
}

} // namespace

BlockInjections make_still_block(std::size_t n_bus, std::size_t n_unit) {
    return {.load_p_mw = Series(n_bus, 1),
            .load_q_mvar = Series(n_bus, 1),
            .unit_p_mw = Series(n_unit, 1),
            .unit_on = Series(n_unit, 1, 1.0),
            .unit_q_min_mvar = Series(n_unit, 1),
            .unit_q_max_mvar = Series(n_unit, 1)};
}

void reshape_states(const network::Network& grid, std::size_t n_unit, std::size_t n_step,
                    bool branch_flows, BlockStates& states) {
    states.vm_pu.reshape(grid.n_bus, n_step);
    states.va_rad.reshape(grid.n_bus, n_step);
    states.unit_p_mw.reshape(n_unit, n_step);
    states.unit_q_mvar.reshape(n_unit, n_step);
    states.tap.reshape(grid.taps.size(), n_step);
    states.shunt_steps.reshape(grid.shunt_bus.size(), n_step);
    for (Series* flow :
         {&states.p_from_mw, &states.q_from_mvar, &states.p_to_mw, &states.q_to_mvar}) {
        flow->reshape(branch_flows ? grid.n_branch() : 0, n_step);
    }
    states.losses_mw.reshape(1, n_step);
    states.outcome.assign(n_step, StepOutcome{});
}

void copy_step(const BlockInjections& block, std::size_t t, BlockInjections& one) {
    const auto copy = [t](const Series& from, Series& to) {
        to.reshape(from.n_element(), 1);
        std::ranges::copy(from.step(t), to.step(0).begin());
    };
    copy(block.load_p_mw, one.load_p_mw);
    copy(block.load_q_mvar, one.load_q_mvar);
    copy(block.unit_p_mw, one.unit_p_mw);
    copy(block.unit_on, one.unit_on);
    copy(block.unit_q_min_mvar, one.unit_q_min_mvar);
    copy(block.unit_q_max_mvar, one.unit_q_max_mvar);
}

void copy_step(const BlockStates& one, BlockStates& states, std::size_t t) {
    const auto from = list_series(one);
    const auto to = list_series(states);
    for (std::size_t k = 0; k < from.size(); ++k) {
        std::ranges::copy(from[k]->step(0), to[k]->step(t).begin());
    }
    states.outcome[t] = one.outcome.front();
}

void write_voltages(const NodalMatrix& matrix, const NodeProblem& problem, const NodeState& state,
                    std::size_t t, BlockStates& states) {
    const std::span<double> vm = states.vm_pu.step(t);
    const std::span<double> va = states.va_rad.step(t);
    for (std::size_t i = 0; i < vm.size(); ++i) {
        const auto n = static_cast<std::size_t>(matrix.node_of_bus[i]);
        const bool dead = problem.type[n] == NodeType::dead;
        vm[i] = dead ? nan : state.vm[n];
        va[i] = dead ? nan : state.va[n];
    }
}

void note_reactive_excess(const NodeUnits::ReactiveExcess& excess, const Options& options,
                          StepOutcome& outcome) {
    if (options.q_limits) {
        outcome.q_beyond_mvar = excess.q_mvar;
        outcome.q_beyond_unit = excess.unit;
    }
}

void write_failure(std::size_t t, BlockStates& states) {
    for (Series* series : list_series(states)) {
        std::ranges::fill(series->step(t), nan);
    }
}

} // namespace yuanwang::powerflow
