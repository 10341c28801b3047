/// W4: the DC flow on every branch after every outage that does not split the grid.
///
/// Thirty-two outages side by side on one LDLᵀ factor against one right-hand side per outage on KLU, in the same run; the two
/// answers are compared before anything is timed (workloads/dc_outages.hpp). Counters: µs per outage.
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>

#include "bench/workloads/dc_outages.hpp"

namespace {

using namespace yuanwang;

constexpr double tolerance_mw = 1e-6;

void bench_case(benchmark::State& state, const std::string& name) {
    const auto file = std::filesystem::path{YUANWANG_SHARED_DIR} / "cases" / (name + ".m");
    const workloads::FlowCase flow_case = workloads::load_case(file);
    workloads::OutageComparison found;
    for (auto _ : state) {
        found = workloads::compare_dc_outages(flow_case);
    }
    if (!(found.largest_difference_mw < tolerance_mw)) {
        state.SkipWithError("the two ways differ");
        return;
    }
    state.counters["outages"] = static_cast<double>(found.outages);
    state.counters["lanes_us"] = found.lanes_us;
    state.counters["klu_us"] = found.one_by_one_us;
    state.counters["ratio"] = found.ratio();
    state.counters["fill_us"] = found.fill_us;
    state.counters["screen_us"] = found.screen_us;
    state.counters["screen_ratio"] = found.screen_ratio();
}

} // namespace

int main(int argc, char** argv) {
    for (const char* name : {"case118", "case300", "case1354pegase"}) {
        const std::string of = name;
        benchmark::RegisterBenchmark(("W4/" + of).c_str(), [of](benchmark::State& state) {
            bench_case(state, of);
        })->Iterations(1);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
