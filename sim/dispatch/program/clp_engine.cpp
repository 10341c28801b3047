#include "dispatch/program/clp_engine.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dispatch/program/clp_model.hpp"

namespace yuanwang::dispatch::program {
namespace {

constexpr double shed_price_tolerance = 1e-6;

std::vector<double> transpose(const BranchLimits& branches, std::size_t n_bus) {
    std::vector<double> H(branches.ptdf.size());
    for (std::size_t k = 0; k < branches.size(); ++k) {
        for (std::size_t i = 0; i < n_bus; ++i) {
            H[i * branches.size() + k] = branches.ptdf[k * n_bus + i];
        }
    }
    return H;
}

/// Steps whose one shed column is not exact: somewhere a MWh is worth more than cutting it off there.
std::vector<std::size_t> find_underpriced(const System& system, const Solution& solution,
                                          const ClpModel& model) {
    std::vector<std::size_t> steps;
    if (system.sheds.size() < 2) {
        return steps;
    }
    for (std::size_t t = 0; t < solution.price_per_mwh.n_step(); ++t) {
        bool underpriced = false;
        for (std::size_t b = 0; b < system.sheds.size(); ++b) {
            underpriced |= solution.price_per_mwh(system.sheds.bus[b], t) >
                           system.sheds.price_per_mwh[b] + shed_price_tolerance;
        }
        if (underpriced && !model.is_open(t)) {
            steps.push_back(t);
        }
    }
    return steps;
}

/// Steps whose sheds still share one column that could be several.
std::vector<std::size_t> find_closed(const System& system, const ClpModel& model,
                                     std::size_t n_step) {
    std::vector<std::size_t> steps;
    for (std::size_t t = 0; t < n_step && system.sheds.size() > 1; ++t) {
        if (!model.is_open(t)) {
            steps.push_back(t);
        }
    }
    return steps;
}

} // namespace

ClpEngine::ClpEngine(System system, EngineOptions options)
    : system_{std::move(system)}, options_{options}, H_columns_{transpose(system_.branches,
                                                                          system_.n_bus)} {}
ClpEngine::~ClpEngine() = default;

void ClpEngine::forget() {
    model_.reset();
}

Solution ClpEngine::solve(const Block& block) {
    const bool live = model_ && model_->fits(block);
    if (!live) {
        model_ = std::make_unique<ClpModel>(system_, shape_of(block), options_.max_iterations);
    }
    Solution solution = solve_live(block);
    if (live && solution.status != SolveStatus::optimal &&
        solution.status != SolveStatus::not_sound) {
        model_ = std::make_unique<ClpModel>(system_, shape_of(block), options_.max_iterations);
        solution = solve_live(block);
    }
    if (solution.status != SolveStatus::optimal) {
        forget();
    }
    return solution;
}

/// Steps 1 to 5 of the header.
Solution ClpEngine::solve_live(const Block& block) {
    ClpModel& model = *model_;
    Solution solution;
    if (!model.load(block)) {
        solution.status = SolveStatus::not_sound;
        return solution;
    }
    bool settled = false;
    while (!settled && solution.rounds < options_.max_rounds) {
        solution.status = model.run();
        ++solution.rounds;
        solution.iterations += model.iterations();
        if (solution.status == SolveStatus::infeasible) {
            const auto closed = find_closed(system_, model, block.n_step);
            if (closed.empty()) {
                return solution;
            }
            model.open_sheds(closed);
            continue;
        }
        if (solution.status != SolveStatus::optimal) {
            return solution;
        }
        model.read_schedule(solution);
        settled = model.add_violated(block, solution, H_columns_, options_.flow_tolerance_mw) == 0;
        if (settled) {
            compute_prices_and_bound(system_, block, model.program(), model.read_duals(), solution);
            const auto underpriced = find_underpriced(system_, solution, model);
            model.open_sheds(underpriced);
            settled = underpriced.empty();
        }
        if (settled && options_.part_directions) {
            settled = model.part_directions(solution, options_.primal_tolerance) == 0;
        }
    }
    solution.n_branch_row = model.n_branch_row();
    compute_costs(system_, block, solution);
    solution.max_violation_mw = measure_violation(system_, model.program(), solution);
    const double gap = std::abs(solution.objective - solution.bound);
    if (!settled) {
        solution.status = SolveStatus::round_limit;
    } else if (!(solution.max_violation_mw <= options_.primal_tolerance) ||
               !(gap <= options_.dual_tolerance * std::max(1.0, std::abs(solution.objective)))) {
        solution.status = SolveStatus::rejected;
    }
    model.close_sheds();
    model.drop_idle_rows(options_.idle_blocks);
    return solution;
}

} // namespace yuanwang::dispatch::program
