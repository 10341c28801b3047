/// @file
/// D1, D2 and D3 of SG-1 (sg1.hpp) as one question: run, time, hold against what is published.
///
/// | answer on case118, limits × 1  | published     | within |
/// |--------------------------------|---------------|--------|
/// | D1                             | 8 580 031.155 | 1e-7   |
/// | D2, cost of the kept hours     | 554 821 848.4 | 1e-5   |
/// | D2, sum of the windows         | 1 109 307 008 | 1e-5   |
/// | D3                             | 514 358 810.7 | 1e-7   |
///
/// Limits × 1.6, D2: 521 663 771.8 and 1 043 807 008. Found by PyPSA with CBC and eight other pairs of formulation and
/// solver. Ten windows or a hundred of D2 have their published sums as well. Equal-cost optima move the stored energy from
/// window to window, hence the wider tolerance of the year.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "bench/workloads/sg1.hpp"
#include "dispatch/program/block_engine.hpp"

namespace yuanwang::workloads {

enum class DispatchWorkload : std::uint8_t { d1, d2, d3 };
enum class EngineKind : std::uint8_t {
    ptdf_dual,          ///< ClpEngine
    cycle_flow_barrier, ///< CycleFlowEngine
};

/// The workload called `name` (D1, D2, D3); none where there is no such one.
[[nodiscard]] std::optional<DispatchWorkload> find_dispatch_workload(std::string_view name);
/// The engine called `name` (`ptdf` or `cycle-flow`).
[[nodiscard]] std::optional<EngineKind> find_engine(std::string_view name);

struct DispatchRunOptions {
    EngineKind engine = EngineKind::ptdf_dual;
    std::size_t n_window = 365; ///< of D2
    bool cold = false;          ///< D2: every window from nothing
    /// Called after each window with their number so far; may be empty.
    std::function<void(std::size_t)> progress;
};

/// What a run of a workload found.
struct DispatchRun {
    std::vector<double> window_objectives; ///< one for D1 and D3
    double objective = 0;                  ///< of the kept hours
    double max_infeasibility = 0;          ///< MW or MWh
    double seconds = 0;                    ///< wall clock, of the solving alone
    double cpu_seconds = 0;                ///< processor time of this thread
    dispatch::program::SolveStatus status =
        dispatch::program::SolveStatus::optimal; ///< of the last window

    [[nodiscard]] double window_objective_sum() const;
};
[[nodiscard]] DispatchRun run(const Sg1& sg1, DispatchWorkload workload,
                              const DispatchRunOptions& options = {});

/// What others found for the same question.
struct PublishedCost {
    double objective = 0;
    double window_objective_sum = 0; ///< 0: not published
    double tolerance = 0;            ///< relative
};
[[nodiscard]] std::optional<PublishedCost> find_published(std::string_view case_name,
                                                          DispatchWorkload workload,
                                                          double limit_factor,
                                                          std::size_t n_window);

/// Whether a run found what is published, all windows solved.
[[nodiscard]] bool agrees(const DispatchRun& run, const PublishedCost& published);

/// An engine for the grid of SG-1, or for its copper plate.
[[nodiscard]] std::unique_ptr<dispatch::program::BlockEngine>
make_engine(const Sg1& sg1, EngineKind kind, bool copper_plate = false);

} // namespace yuanwang::workloads
