#include "bench/workloads/dispatch_runs.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <numeric>
#include <utility>

#include "bench/workloads/cpu_clock.hpp"
#include "dispatch/program/clp_engine.hpp"
#include "dispatch/program/cycle_flow.hpp"

namespace yuanwang::workloads {
namespace {

using dispatch::program::Block;
using dispatch::program::BlockEngine;
using dispatch::program::Solution;
using dispatch::program::SolveStatus;

/// Both clocks around the solving, without the making of blocks.
class Stopwatch {
  public:
    explicit Stopwatch(DispatchRun& run)
        : run_{run}, wall_{std::chrono::steady_clock::now()}, cpu_s_{thread_cpu_s()} {}
    ~Stopwatch() {
        run_.seconds +=
            std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_).count();
        run_.cpu_seconds += thread_cpu_s() - cpu_s_;
    }
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;

  private:
    DispatchRun& run_;
    std::chrono::steady_clock::time_point wall_;
    double cpu_s_;
};

Solution solve(BlockEngine& engine, const Block& block, DispatchRun& run) {
    const Stopwatch watch{run};
    return engine.solve(block);
}

/// False where the window has no answer.
bool note_window(const Solution& solution, double kept_cost, DispatchRun& run) {
    run.status = solution.status;
    if (solution.status != SolveStatus::optimal) {
        return false;
    }
    run.window_objectives.push_back(solution.objective);
    run.objective += kept_cost;
    run.max_infeasibility = std::max(run.max_infeasibility, solution.max_violation_mw);
    return true;
}

void run_once(const Sg1& sg1, const Block& block, const DispatchRunOptions& options,
              DispatchRun& run) {
    const auto engine = make_engine(sg1, options.engine, block.demand_mw.n_element() == 1);
    const Solution solution = solve(*engine, block, run);
    note_window(solution, solution.objective, run);
}

void run_windows(const Sg1& sg1, const DispatchRunOptions& options, DispatchRun& run) {
    const auto engine = make_engine(sg1, options.engine);
    std::vector<double> e_mwh = half_full(sg1.system);
    for (std::size_t day = 0; day < options.n_window; ++day) {
        if (options.cold) {
            engine->forget();
        }
        const Solution solution = solve(*engine, make_window(sg1, day, e_mwh), run);
        const double kept_cost =
            solution.step_cost.size() < 24
                ? 0
                : std::accumulate(solution.step_cost.begin(), solution.step_cost.begin() + 24, 0.0);
        if (!note_window(solution, kept_cost, run)) {
            return;
        }
        const auto kept = solution.stored_mwh.step(23);
        e_mwh.assign(kept.begin(), kept.end());
        if (options.progress) {
            options.progress(day + 1);
        }
    }
}

struct PublishedRow {
    DispatchWorkload workload;
    double limit_factor;
    std::size_t n_window;
    PublishedCost cost;
};

constexpr std::array case118_rows = {
    PublishedRow{DispatchWorkload::d1, 1, 1, {8'580'031.155, 0, 1e-7}},
    PublishedRow{DispatchWorkload::d2, 1, 1, {1'754'197.672, 0, 1e-7}},
    PublishedRow{DispatchWorkload::d2, 1, 5, {9'233'616.33, 0, 1e-7}},
    PublishedRow{DispatchWorkload::d2, 1, 10, {18'220'321.8, 0, 1e-7}},
    PublishedRow{DispatchWorkload::d2, 1, 100, {171'961'772.9, 0, 1e-5}},
    PublishedRow{DispatchWorkload::d2, 1, 200, {305'024'677.2, 0, 1e-5}},
    PublishedRow{DispatchWorkload::d2, 1, 365, {554'821'848.4, 1'109'307'008, 1e-5}},
    PublishedRow{DispatchWorkload::d2, 1.6, 365, {521'663'771.8, 1'043'807'008, 1e-5}},
    PublishedRow{DispatchWorkload::d3, 1, 1, {514'358'810.7, 0, 1e-7}},
};

} // namespace

std::optional<DispatchWorkload> find_dispatch_workload(std::string_view name) {
    static constexpr std::array<std::string_view, 3> names = {"D1", "D2", "D3"};
    const auto at = std::ranges::find(names, name);
    return at == names.end() ? std::nullopt
                             : std::optional{static_cast<DispatchWorkload>(at - names.begin())};
}

std::optional<EngineKind> find_engine(std::string_view name) {
    if (name == "ptdf") {
        return EngineKind::ptdf_dual;
    }
    return name == "cycle-flow" ? std::optional{EngineKind::cycle_flow_barrier} : std::nullopt;
}

double DispatchRun::window_objective_sum() const {
    return std::accumulate(window_objectives.begin(), window_objectives.end(), 0.0);
}

std::unique_ptr<BlockEngine> make_engine(const Sg1& sg1, EngineKind kind, bool copper_plate) {
    if (kind == EngineKind::ptdf_dual) {
        return std::make_unique<dispatch::program::ClpEngine>(
            copper_plate ? make_copper_plate(sg1.system) : sg1.system);
    }
    if (copper_plate) {
        return std::make_unique<dispatch::program::CycleFlowEngine>(make_copper_plate(sg1.system),
                                                                    dispatch::program::FlowGrid{});
    }
    return std::make_unique<dispatch::program::CycleFlowEngine>(sg1.system, sg1.grid);
}

DispatchRun run(const Sg1& sg1, DispatchWorkload workload, const DispatchRunOptions& options) {
    DispatchRun run;
    switch (workload) {
    case DispatchWorkload::d1:
        run_once(sg1, make_d1_block(sg1), options, run);
        break;
    case DispatchWorkload::d2:
        run_windows(sg1, options, run);
        break;
    case DispatchWorkload::d3:
        run_once(sg1, make_d3_block(sg1), options, run);
        break;
    }
    return run;
}

std::optional<PublishedCost> find_published(std::string_view case_name, DispatchWorkload workload,
                                            double limit_factor, std::size_t n_window) {
    if (case_name != "case118" && case_name != "ieee118") { // the same figures in our language
        return std::nullopt;
    }
    const auto row = std::ranges::find_if(case118_rows, [&](const PublishedRow& known) {
        const bool windows = workload != DispatchWorkload::d2 || known.n_window == n_window;
        const bool limits = workload == DispatchWorkload::d3 || known.limit_factor == limit_factor;
        return known.workload == workload && windows && limits;
    });
    return row == case118_rows.end() ? std::nullopt : std::optional{row->cost};
}

bool agrees(const DispatchRun& run, const PublishedCost& published) {
    const auto near = [&](double found, double expected) {
        return std::abs(found - expected) <= published.tolerance * expected;
    };
    return run.status == SolveStatus::optimal && near(run.objective, published.objective) &&
           (published.window_objective_sum == 0 ||
            near(run.window_objective_sum(), published.window_objective_sum));
}

} // namespace yuanwang::workloads
