#include "powerflow/batch/batch_solver.hpp"

#include <algorithm>
#include <cassert>
#include <vector>

#include <tbb/parallel_for.h>

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
        : y_{y}, plan_{make_elimination(y, type)}, limits_{options.limits},
          n_thread_{static_cast<std::size_t>(std::max(options.n_thread, 1))},
          keeps_{options.reuse == FactorReuse::always ||
                 (options.reuse == FactorReuse::by_cost && keeping_pays(plan_.cost))} {
        if (options.precision == Precision::float_factor) {
            make_groups(float_groups_, float_kernels());
        } else {
            make_groups(double_groups_, double_kernels());
        }
    }

    void set_admittance(const BusAdmittance& y) {
        assert(y.column == y_.column);
        y_.g_pu = y.g_pu; // in place: the groups look here
        y_.b_pu = y.b_pu;
        for (const auto& group : float_groups_) {
            group->read_admittance();
        }
        for (const auto& group : double_groups_) {
            group->read_admittance();
        }
    }

    void solve(const BatchProblem& problem, BatchResult& result) {
        size_result(problem, plan_.n_bus, result);
        const std::span<const std::complex<double>> factor_at = solve_first(problem, result);
        cut_into_chains(problem, chains_);
        if (float_groups_.empty()) {
            share_out(double_groups_, factor_at, problem, result);
        } else {
            share_out(float_groups_, factor_at, problem, result);
            if (!factor_at.empty() && find_unsolved(problem, result)) {
                share_out(float_groups_, {}, problem, result);
            }
        }
        const bool tried = float_groups_.empty() && factor_at.empty();
        if (!tried && find_unsolved(problem, result)) {
            make_groups(double_groups_, double_kernels());
            share_out(double_groups_, {}, problem, result);
        }
    }

    [[nodiscard]] bool keeps_factor() const { return keeps_; }

    [[nodiscard]] const Elimination& plan() const { return plan_; }
    [[nodiscard]] std::size_t width() const {
        return float_groups_.empty() ? double_groups_.front()->width()
                                     : float_groups_.front()->width();
    }
    [[nodiscard]] std::size_t bytes() const {
        std::size_t bytes = 0;
        for (const auto& group : float_groups_) {
            bytes += group->bytes();
        }
        for (const auto& group : double_groups_) {
            bytes += group->bytes();
        }
        return bytes;
    }

  private:
    template <class T>
    using Groups = std::vector<std::unique_ptr<LaneGroup<T>>>;

    template <class T>
    void make_groups(Groups<T>& groups, const LaneKernels<T>& kernels) {
        while (groups.size() < n_thread_) {
            groups.push_back(std::make_unique<LaneGroup<T>>(plan_, y_, kernels));
        }
    }

    /// The groups draw chains from one queue: which of them takes which leaves no trace in the answer.
    template <class T>
    void share_out(Groups<T>& groups, std::span<const std::complex<double>> factor_at,
                   const BatchProblem& problem, BatchResult& result) {
        ChainQueue queue{chains_};
        const std::size_t width = groups.front()->width();
        const std::size_t n_part = std::min(n_thread_, (chains_.size() + width - 1) / width);
        const auto solve_part = [&](std::size_t part) {
            groups[part]->keep_factor(factor_at);
            groups[part]->solve(problem, limits_, queue, result);
        };
        if (n_part == 1) {
            solve_part(0);
        } else if (n_part > 1) {
            tbb::parallel_for(std::size_t{0}, n_part, solve_part);
        }
    }

    /// Where one factor for all cases pays: the solution of the first, to factorise at. Empty: Newton.
    std::span<const std::complex<double>> solve_first(const BatchProblem& problem,
                                                      BatchResult& result) {
        if (!keeps_ || problem.n_case < 2 || !problem.is_pq.empty() ||
            !problem.change_start.empty()) {
            return {};
        }
        chains_.assign(1, {0, 1});
        if (float_groups_.empty()) {
            share_out(double_groups_, {}, problem, result);
        } else {
            share_out(float_groups_, {}, problem, result);
        }
        if (result.outcome[0].status != StepStatus::converged) {
            return {};
        }
        first_.assign(result.V.begin(),
                      result.V.begin() + static_cast<std::ptrdiff_t>(plan_.n_bus));
        return first_;
    }

    /// Leaves the cases without a solution in `chains_`, each from the start; true where there are any.
    bool find_unsolved(const BatchProblem& problem, const BatchResult& result) {
        chains_.clear();
        for (std::size_t c = 0; c < problem.n_case; ++c) {
            if (result.outcome[c].status != StepStatus::converged) {
                chains_.push_back({c, c + 1});
            }
        }
        return !chains_.empty();
    }

    BusAdmittance y_;
    Elimination plan_;
    BatchLimits limits_;
    std::size_t n_thread_;
    bool keeps_;
    Groups<float> float_groups_;
    Groups<double> double_groups_;
    std::vector<Chain> chains_;
    std::vector<std::complex<double>> first_; ///< [n_bus]
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

void BatchSolver::set_admittance(const BusAdmittance& y) {
    impl_->set_admittance(y);
}

const Elimination& BatchSolver::plan() const {
    return impl_->plan();
}

bool BatchSolver::keeps_factor() const {
    return impl_->keeps_factor();
}

std::size_t BatchSolver::width() const {
    return impl_->width();
}

std::size_t BatchSolver::bytes() const {
    return impl_->bytes();
}

class SingleSolver::Impl {
  public:
    Impl(const BusAdmittance& y, std::span<const BusType> type, const BatchLimits& limits)
        : y_{y}, plan_{make_elimination(y, type)}, limits_{limits}, lane_{plan_, y_,
                                                                          single_kernels()} {}

    void solve(const BatchProblem& problem, BatchResult& result) {
        size_result(problem, plan_.n_bus, result);
        cut_into_chains(problem, chains_);
        ChainQueue queue{chains_};
        lane_.solve(problem, limits_, queue, result);
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
