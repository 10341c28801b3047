#include "powerflow/batch/batch_solver.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <vector>

#include "powerflow/batch/lane_group.hpp"

namespace yuanwang::powerflow::batch {

namespace {

void cut_into_chains(const BatchProblem& problem, std::vector<Chain>& chains) {
    assert(problem.chain_length > 0);
    chains.clear();
    for (std::size_t c = 0; c < problem.n_case; c += problem.chain_length) {
        chains.push_back({c, std::min(c + problem.chain_length, problem.n_case)});
    }
}

void size_result(const BatchProblem& problem, std::size_t n_bus, BatchResult& result) {
    result.V.resize(n_bus * problem.n_case);
    result.outcome.resize(problem.n_case);
}

} // namespace

class BatchSolver::Impl {
  public:
    Impl(const BusAdmittance& y, std::span<const BusType> type, const BatchOptions& options)
        : y_{y}, plan_{make_elimination(y, type)}, limits_{options.limits} {
        if (options.precision == Precision::float_factor) {
            float_lanes_.emplace(plan_, y_, float_kernels());
        } else {
            double_lanes_.emplace(plan_, y_, double_kernels());
        }
    }

    void solve(const BatchProblem& problem, BatchResult& result) {
        size_result(problem, plan_.n_bus, result);
        cut_into_chains(problem, chains_);
        if (!float_lanes_) {
            double_lanes_->solve(problem, limits_, chains_, result);
            return;
        }
        float_lanes_->solve(problem, limits_, chains_, result);
        retry(problem, result);
    }

    BusAdmittance y_;
    Elimination plan_;
    BatchLimits limits_;
    std::optional<LaneGroup<float>> float_lanes_;
    std::optional<LaneGroup<double>> double_lanes_;

  private:
    /// What float factors did not solve, from the start and with double ones.
    void retry(const BatchProblem& problem, BatchResult& result) {
        chains_.clear();
        for (std::size_t c = 0; c < problem.n_case; ++c) {
            if (result.outcome[c].status != StepStatus::converged) {
                chains_.push_back({c, c + 1});
            }
        }
        if (chains_.empty()) {
            return;
        }
        if (!double_lanes_) {
            double_lanes_.emplace(plan_, y_, double_kernels());
        }
        double_lanes_->solve(problem, limits_, chains_, result);
    }

    std::vector<Chain> chains_;
};

BatchSolver::BatchSolver(const BusAdmittance& y, std::span<const BusType> type,
                         const BatchOptions& options)
    : impl_{std::make_unique<Impl>(y, type, options)} {}
BatchSolver::~BatchSolver() = default;
BatchSolver::BatchSolver(BatchSolver&&) noexcept = default;
BatchSolver& BatchSolver::operator=(BatchSolver&&) noexcept = default;

void BatchSolver::solve(const BatchProblem& problem, BatchResult& result) {
    impl_->solve(problem, result);
}

const Elimination& BatchSolver::plan() const {
    return impl_->plan_;
}

std::size_t BatchSolver::width() const {
    return impl_->float_lanes_ ? impl_->float_lanes_->width() : impl_->double_lanes_->width();
}

std::size_t BatchSolver::bytes() const {
    std::size_t bytes = 0;
    bytes += impl_->float_lanes_ ? impl_->float_lanes_->bytes() : 0;
    bytes += impl_->double_lanes_ ? impl_->double_lanes_->bytes() : 0;
    return bytes;
}

class SingleSolver::Impl {
  public:
    Impl(const BusAdmittance& y, std::span<const BusType> type, const BatchLimits& limits)
        : y_{y}, plan_{make_elimination(y, type)}, limits_{limits}, lane_{plan_, y_,
                                                                          single_kernels()} {}

    void solve(const BatchProblem& problem, BatchResult& result) {
        size_result(problem, plan_.n_bus, result);
        cut_into_chains(problem, chains_);
        lane_.solve(problem, limits_, chains_, result);
    }

  private:
    BusAdmittance y_;
    Elimination plan_;
    BatchLimits limits_;
    LaneGroup<double> lane_;
    std::vector<Chain> chains_;
};

SingleSolver::SingleSolver(const BusAdmittance& y, std::span<const BusType> type,
                           const BatchLimits& limits)
    : impl_{std::make_unique<Impl>(y, type, limits)} {}
SingleSolver::~SingleSolver() = default;
SingleSolver::SingleSolver(SingleSolver&&) noexcept = default;
SingleSolver& SingleSolver::operator=(SingleSolver&&) noexcept = default;

void SingleSolver::solve(const BatchProblem& problem, BatchResult& result) {
    impl_->solve(problem, result);
}

} // namespace yuanwang::powerflow::batch
