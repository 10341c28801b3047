/// D1, D2, D3 of SG-1: the live engine against the same windows each solved from nothing, in the same run, as a table.
///
/// `bench_dispatch [case…]`, default case118; files from `../shared/cases` or `YUANWANG_CASES`. `YUANWANG_WINDOWS` shortens
/// D2. Before anything is timed, D1 of both engines is held against its published cost, or against each other where none is
/// published; every later answer as well. A wrong one ends the program with 1.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/workloads/dispatch_runs.hpp"

namespace {

using namespace yuanwang;
using namespace yuanwang::workloads;
using dispatch::program::SolveStatus;

std::filesystem::path case_folder() {
    const char* folder = std::getenv("YUANWANG_CASES");
    return folder != nullptr ? std::filesystem::path{folder}
                             : std::filesystem::path{YUANWANG_SHARED_DIR} / "cases";
}

std::size_t count_windows() {
    const char* written = std::getenv("YUANWANG_WINDOWS");
    const long n = written != nullptr ? std::strtol(written, nullptr, 10) : 365;
    return n >= 1 && n <= 365 ? static_cast<std::size_t>(n) : 365;
}

bool are_close(double one, double other, double tolerance) {
    return std::abs(one - other) <= tolerance * std::abs(one);
}

/// Prints a row and tells whether its answer is right. `cold_s` 0: nothing to compare with.
bool print_row(const std::string& name, const char* workload, const char* way,
               const DispatchRun& found, double cold_s, bool right) {
    const auto n = static_cast<double>(found.window_objectives.size());
    std::printf("| %s | %s | %s | %.0f | %.3f | %.2f | %.1f | ", name.c_str(), workload, way, n,
                found.objective, found.cpu_seconds, 1e3 * found.cpu_seconds / n);
    if (cold_s > 0) {
        std::printf("%.1f", cold_s / found.cpu_seconds);
    }
    std::printf(" | %s |\n", right ? "yes" : "NO");
    std::fflush(stdout);
    return right;
}

bool is_published(const std::string& name, DispatchWorkload workload, std::size_t n_window,
                  const DispatchRun& found) {
    const auto published = find_published(name, workload, 1, n_window);
    return found.status == SolveStatus::optimal && (!published || agrees(found, *published));
}

/// D1 by both engines: right and the same, before anything is timed.
bool check_engines(const std::string& name, const Sg1& sg1) {
    const DispatchRun one = run(sg1, DispatchWorkload::d1);
    const DispatchRun other =
        run(sg1, DispatchWorkload::d1, {.engine = EngineKind::cycle_flow_barrier});
    const bool right = is_published(name, DispatchWorkload::d1, 1, one) &&
                       is_published(name, DispatchWorkload::d1, 1, other) &&
                       are_close(one.objective, other.objective, 1e-7);
    return print_row(name, "D1", "ptdf, dual simplex", one, 0, right) &&
           print_row(name, "D1", "cycle flows, barrier", other, 0, right);
}

bool compare_windows(const std::string& name, const Sg1& sg1, std::size_t n_window) {
    const auto find = [&](EngineKind engine, bool cold) {
        return run(sg1, DispatchWorkload::d2,
                   {.engine = engine, .n_window = n_window, .cold = cold});
    };
    const DispatchRun live = find(EngineKind::ptdf_dual, false);
    const DispatchRun cold = find(EngineKind::ptdf_dual, true);
    const DispatchRun barrier = find(EngineKind::cycle_flow_barrier, true);
    const auto is_right = [&](const DispatchRun& found) {
        return is_published(name, DispatchWorkload::d2, n_window, found) &&
               are_close(found.objective, live.objective, 1e-5);
    };
    bool right = print_row(name, "D2", "live", live, cold.cpu_seconds, is_right(live));
    right &= print_row(name, "D2", "each window cold", cold, 0, is_right(cold));
    right &= print_row(name, "D2", "each window cold, barrier", barrier, 0, is_right(barrier));
    return right;
}

} // namespace

int main(int argc, char** argv) {
    std::vector<std::string> names(argv + 1, argv + argc);
    if (names.empty()) {
        names = {"case118"};
    }
    bool right = true;
    std::puts("| case | workload | way | windows | cost | s | ms a window | times faster than cold "
              "| right |");
    std::puts("|---|---|---|--:|--:|--:|--:|--:|---|");
    for (const std::string& name : names) {
        const std::filesystem::path file = case_folder() / (name + ".m");
        if (!std::filesystem::exists(file)) {
            std::fprintf(stderr, "bench_dispatch: %s is not there\n", file.c_str());
            return 1;
        }
        const Sg1 sg1 = make_sg1(read_sg1_case(exchange::read_matpower(file)));
        right = right && check_engines(name, sg1) && compare_windows(name, sg1, count_windows());
        if (right) {
            const DispatchRun plate = run(sg1, DispatchWorkload::d3);
            right = print_row(name, "D3", "copper plate", plate, 0,
                              is_published(name, DispatchWorkload::d3, 1, plate));
        }
    }
    return right ? 0 : 1;
}
