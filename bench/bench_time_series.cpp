/// Time series of power flows (W2a, W2b) with the reference solver: first the check value, then the time, and in the same
/// run what KLU alone needs. `--benchmark_filter=W2a/case118` picks one.
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

#include <benchmark/benchmark.h>

#include "bench/workloads/cpu_clock.hpp"
#include "bench/workloads/klu_cost.hpp"
#include "bench/workloads/time_series.hpp"
#include "powerflow/reference_solver.hpp"

namespace yuanwang::workloads {
namespace {

constexpr double check_tolerance_pu = 1e-9;

std::filesystem::path case_folder() {
    const char* folder = std::getenv("YUANWANG_CASES");
    return folder != nullptr ? std::filesystem::path{folder}
                             : std::filesystem::path{YUANWANG_SHARED_DIR} / "cases";
}

/// Of the whole series: Newton iterations, steps that did not converge.
struct Effort {
    double iterations = 0;
    double not_converged = 0;
};

Effort measure_effort(const powerflow::BlockStates& states) {
    Effort effort;
    for (const powerflow::StepOutcome& outcome : states.outcome) {
        effort.iterations += outcome.iterations;
        effort.not_converged += outcome.status == StepStatus::converged ? 0 : 1;
    }
    return effort;
}

void solve_time_series(benchmark::State& state, const std::filesystem::path& file,
                       TimeSeries workload) {
    const FlowCase flow_case = load_case(file);
    const std::size_t n_step = default_steps(flow_case);
    const powerflow::BlockInjections injections = make_injections(flow_case, workload, n_step);
    powerflow::ReferenceSolver solver{flow_case.grid, flow_case.units, flow_case.options};
    powerflow::BlockStates states;
    solver.solve_block(injections, states);

    const double mean_vm_pu = mean_voltage(states);
    const std::optional<double> check = find_check_value(flow_case.name, workload, n_step);
    if (check && !(std::abs(mean_vm_pu - *check) < check_tolerance_pu)) {
        state.SkipWithError("the mean voltage is not the check value");
        return;
    }
    const Effort effort = measure_effort(states);
    const KluCost klu = measure_klu(flow_case, states);

    double cpu_s = 0;
    for (auto _ : state) {
        const double begin_s = thread_cpu_s();
        solver.solve_block(injections, states);
        benchmark::DoNotOptimize(states.vm_pu.values().data());
        cpu_s += thread_cpu_s() - begin_s;
    }

    const auto steps = static_cast<double>(n_step);
    const double series_us = 1e6 * cpu_s / static_cast<double>(state.iterations());
    state.counters["us_per_step"] = series_us / steps;
    state.counters["iterations"] = effort.iterations / steps;
    state.counters["us_per_iteration"] = series_us / effort.iterations;
    state.counters["klu_us"] = klu.iteration_us();
    state.counters["ratio_to_klu"] = series_us / effort.iterations / klu.iteration_us();
    state.counters["Mbus_steps_per_s"] =
        steps * static_cast<double>(flow_case.grid.n_bus) / series_us;
    state.counters["mean_vm_pu"] = mean_vm_pu;
    state.counters["not_converged"] = effort.not_converged;
    state.SetLabel(check ? "checked" : "no check value");
}

void register_all() {
    for (const TimeSeries workload : {TimeSeries::w2a, TimeSeries::w2b}) {
        for (const char* name : {"case118", "case300", "case1354pegase"}) {
            const std::filesystem::path file = case_folder() / (std::string{name} + ".m");
            const std::string title = std::string{to_string(workload)} + "/" + name;
            benchmark::RegisterBenchmark(title.c_str(), solve_time_series, file, workload)
                ->Unit(benchmark::kMillisecond);
        }
    }
}

} // namespace
} // namespace yuanwang::workloads

int main(int argc, char** argv) {
    using namespace yuanwang::workloads;
    if (!std::filesystem::exists(case_folder())) {
        std::cerr << "bench_time_series: " << case_folder().string()
                  << " is not there: set YUANWANG_CASES to a folder of MATPOWER case files\n";
        return 1;
    }
    benchmark::Initialize(&argc, argv);
    register_all();
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
