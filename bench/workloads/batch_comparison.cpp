#include "bench/workloads/batch_comparison.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <complex>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "bench/workloads/cpu_clock.hpp"
#include "bench/workloads/scalar_newton.hpp"
#include "network/topology.hpp"
#include "powerflow/batch/injections.hpp"
#include "powerflow/reference_solver.hpp"

namespace yuanwang::workloads {

namespace {

using namespace powerflow::batch;
using Complex = std::complex<double>;

constexpr std::array<std::pair<std::string_view, FlowWorkload>, 4> names = {
    {{"W1", FlowWorkload::w1},
     {"W2a", FlowWorkload::w2a},
     {"W2b", FlowWorkload::w2b},
     {"W3", FlowWorkload::w3}}};

/// Median time of one call, µs: of the processor, or of the wall clock where several threads work.
template <class Work>
double measure_us(int rounds, const Work& work, int n_thread = 1) {
    const auto now_s = [n_thread] {
        return n_thread > 1 ? std::chrono::duration<double>(
                                  std::chrono::steady_clock::now().time_since_epoch())
                                  .count()
                            : thread_cpu_s();
    };
    std::vector<double> times;
    for (int round = 0; round < std::max(rounds, 1); ++round) {
        const double begin_s = now_s();
        work();
        times.push_back(1e6 * (now_s() - begin_s));
    }
    std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
    return times[times.size() / 2];
}

struct Setup {
    BusAdmittance y;
    BusSetup bus;
    explicit Setup(const FlowCase& flow_case)
        : y{make_bus_admittance(flow_case.grid)}, bus{make_bus_setup(flow_case.grid,
                                                                     flow_case.units)} {}

    /// Where many flows start from: what `single` has found, or the flat profile where it found nothing.
    [[nodiscard]] const std::vector<Complex>& start_from(const BatchResult& single) const {
        return single.outcome[0].status == StepStatus::converged ? single.V : bus.flat;
    }
    /// Buses that stand for themselves in a part of the grid that lives.
    [[nodiscard]] std::vector<std::size_t> list_solved_buses() const {
        std::vector<std::size_t> solved;
        for (std::size_t i = 0; i < bus.type.size(); ++i) {
            if (bus.type[i] != BusType::out) {
                solved.push_back(i);
            }
        }
        return solved;
    }
};

/// What the batch and the scalar solver found, flow by flow. V is NaN where a flow has no solution.
void compare_answers(const Setup& setup, const BatchResult& batch, std::span<const Complex> scalar,
                     Comparison& comparison) {
    const std::vector<std::size_t> buses = setup.list_solved_buses();
    const std::size_t n_bus = setup.bus.type.size();
    double sum = 0;
    double iterations = 0;
    for (std::size_t c = 0; c < comparison.flows; ++c) {
        const bool solved = batch.outcome[c].status == StepStatus::converged;
        const bool scalar_solved = std::ranges::all_of(
            buses, [&](std::size_t i) { return std::isfinite(scalar[c * n_bus + i].real()); });
        iterations += batch.outcome[c].iterations;
        comparison.not_converged += solved ? 0U : 1U;
        comparison.disagreed += solved == scalar_solved ? 0U : 1U;
        for (const std::size_t i : buses) {
            const std::size_t at = c * n_bus + i;
            sum += solved ? std::abs(batch.V[at]) : 0.0;
            if (solved && scalar_solved) {
                comparison.largest_difference_pu =
                    std::max(comparison.largest_difference_pu, std::abs(batch.V[at] - scalar[at]));
            }
        }
    }
    const auto flows = static_cast<double>(comparison.flows);
    const auto solved = flows - static_cast<double>(comparison.not_converged);
    comparison.mean_vm_pu = sum / (solved * static_cast<double>(buses.size()));
    comparison.iterations = iterations / flows;
}

Comparison compare_single(const FlowCase& flow_case, int rounds) {
    const Setup setup(flow_case);
    const Injections injections =
        gather_injections(flow_case.grid, flow_case.units, flow_case.injections);
    const BatchProblem problem{
        .n_case = 1, .p_pu = injections.p_pu, .q_pu = injections.q_pu, .start = setup.bus.flat};
    SingleSolver single(setup.y, setup.bus.type);
    BatchResult result;
    single.solve(problem, result);

    ScalarNewton scalar(flow_case);
    std::vector<Complex> V(flow_case.grid.n_bus);
    scalar.solve_flat(V);

    Comparison comparison{.flows = 1};
    compare_answers(setup, result, V, comparison);
    constexpr int repeats = 50;
    comparison.batch_us = measure_us(rounds,
                                     [&] {
                                         for (int k = 0; k < repeats; ++k) {
                                             single.solve(problem, result);
                                         }
                                     }) /
                          repeats;
    comparison.scalar_us = measure_us(rounds,
                                      [&] {
                                          for (int k = 0; k < repeats; ++k) {
                                              scalar.solve_flat(V);
                                          }
                                      }) /
                           repeats;
    return comparison;
}

Comparison compare_time_series(const FlowCase& flow_case, TimeSeries workload,
                               const ComparisonOptions& options) {
    const std::size_t n_step = options.n_step > 0 ? options.n_step : default_steps(flow_case);
    const std::size_t n_bus = flow_case.grid.n_bus;
    const powerflow::BlockInjections block = make_injections(flow_case, workload, n_step);
    const Injections injections = gather_injections(flow_case.grid, flow_case.units, block);
    const Setup setup(flow_case);

    BatchSolver batch(setup.y, setup.bus.type,
                      {.limits = {}, .precision = options.precision, .n_thread = options.n_thread});
    SingleSolver single(setup.y, setup.bus.type);
    BatchResult first;
    BatchResult result;
    const auto solve_batch = [&] { // the first step from the flat start, the others from it on
        single.solve({.n_case = 1,
                      .p_pu = std::span(injections.p_pu).first(n_bus),
                      .q_pu = std::span(injections.q_pu).first(n_bus),
                      .start = setup.bus.flat},
                     first);
        batch.solve({.n_case = n_step,
                     .p_pu = injections.p_pu,
                     .q_pu = injections.q_pu,
                     .start = setup.start_from(first),
                     .chain_length = std::max<std::size_t>(n_step / 128, 1)},
                    result);
    };
    solve_batch();

    powerflow::ReferenceSolver reference{flow_case.grid, flow_case.units, flow_case.options};
    powerflow::BlockStates states;
    reference.solve_block(block, states);
    std::vector<Complex> V(n_bus * n_step);
    for (std::size_t t = 0; t < n_step; ++t) {
        for (std::size_t i = 0; i < n_bus; ++i) {
            // std::polar does not take NaN
            V[t * n_bus + i] = {states.vm_pu(i, t) * std::cos(states.va_rad(i, t)),
                                states.vm_pu(i, t) * std::sin(states.va_rad(i, t))};
        }
    }

    Comparison comparison{.flows = n_step, .bytes = batch.bytes()};
    compare_answers(setup, result, V, comparison);
    const auto flows = static_cast<double>(n_step);
    comparison.batch_us = measure_us(options.rounds, solve_batch, options.n_thread) / flows;
    comparison.scalar_us =
        measure_us(options.rounds, [&] { reference.solve_block(block, states); }) / flows;
    return comparison;
}

Comparison compare_outages(const FlowCase& flow_case, const ComparisonOptions& options) {
    const network::Network& grid = flow_case.grid;
    std::vector<bool> splits(grid.n_branch(), false);
    for (const BranchIdx k : network::find_bridges(grid)) {
        splits[k.row()] = true;
    }
    std::vector<BranchIdx> outages;
    std::vector<AdmittanceEntry> change;
    std::vector<std::int32_t> change_start = {0};
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        if (grid.branches.in_service[k] && !splits[k.row()]) {
            outages.push_back(k);
            append_outage(grid, k, change);
            change_start.push_back(static_cast<std::int32_t>(change.size()));
        }
    }

    if (outages.empty()) { // a tree
        return {};
    }
    const Setup setup(flow_case);
    const Injections injections =
        gather_injections(flow_case.grid, flow_case.units, flow_case.injections);
    SingleSolver single(setup.y, setup.bus.type);
    BatchResult base;
    single.solve(
        {.n_case = 1, .p_pu = injections.p_pu, .q_pu = injections.q_pu, .start = setup.bus.flat},
        base);
    BatchSolver batch(setup.y, setup.bus.type,
                      {.limits = {}, .precision = options.precision, .n_thread = options.n_thread});
    BatchResult result;
    const BatchProblem problem{.n_case = outages.size(),
                               .p_pu = injections.p_pu,
                               .q_pu = injections.q_pu,
                               .start = setup.start_from(base),
                               .change_start = change_start,
                               .change = change};
    batch.solve(problem, result);

    ScalarNewton scalar(flow_case);
    std::vector<Complex> V(grid.n_bus * outages.size());
    scalar.solve_outages(outages, V);

    Comparison comparison{.flows = outages.size(), .bytes = batch.bytes()};
    compare_answers(setup, result, V, comparison);
    const auto flows = static_cast<double>(outages.size());
    comparison.batch_us =
        measure_us(
            options.rounds, [&] { batch.solve(problem, result); }, options.n_thread) /
        flows;
    comparison.scalar_us =
        measure_us(options.rounds, [&] { scalar.solve_outages(outages, V); }) / flows;
    return comparison;
}

} // namespace

std::string_view to_string(FlowWorkload workload) {
    return std::ranges::find(names, workload, &std::pair<std::string_view, FlowWorkload>::second)
        ->first;
}

std::optional<FlowWorkload> find_flow_workload(std::string_view name) {
    const auto* const found =
        std::ranges::find(names, name, &std::pair<std::string_view, FlowWorkload>::first);
    return found == names.end() ? std::nullopt : std::optional{found->second};
}

Comparison compare(const FlowCase& flow_case, FlowWorkload workload,
                   const ComparisonOptions& options) {
    switch (workload) {
    case FlowWorkload::w1:
        return compare_single(flow_case, options.rounds);
    case FlowWorkload::w2a:
        return compare_time_series(flow_case, TimeSeries::w2a, options);
    case FlowWorkload::w2b:
        return compare_time_series(flow_case, TimeSeries::w2b, options);
    case FlowWorkload::w3:
        break;
    }
    return compare_outages(flow_case, options);
}

} // namespace yuanwang::workloads
