#include "powerflow/batch/controlled_solver.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <vector>

#include <tbb/parallel_for.h>

#include "powerflow/batch/controlled_group.hpp"

namespace yuanwang::powerflow::batch {

class ControlledSolver::Impl {
  public:
    Impl(const BusAdmittance& y, std::span<const BusType> type, std::span<const double> vm_set,
         const BatchOptions& options)
        : y_{y}, plan_{make_elimination(y, type)}, limits_{options.limits} {
        const auto n_thread = static_cast<std::size_t>(std::max(options.n_thread, 1));
        if (options.precision == Precision::float_factor) {
            make_groups(float_groups_, float_kernels(), vm_set, n_thread);
        } else {
            make_groups(double_groups_, double_kernels(), vm_set, n_thread);
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

    void solve(std::size_t n_case, LaneControl& control, BatchResult& result) {
        result.V.resize(plan_.n_bus * n_case);
        result.outcome.resize(n_case);
        if (float_groups_.empty()) {
            share_out(double_groups_, n_case, control, result);
        } else {
            share_out(float_groups_, n_case, control, result);
        }
    }

    [[nodiscard]] std::size_t n_slot() const {
        return float_groups_.empty() ? double_groups_.size() * double_groups_.front()->width()
                                     : float_groups_.size() * float_groups_.front()->width();
    }
    [[nodiscard]] const Elimination& plan() const { return plan_; }
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
    using Groups = std::vector<std::unique_ptr<ControlledGroup<T>>>;

    template <class T>
    void make_groups(Groups<T>& groups, const LaneKernels<T>& kernels,
                     std::span<const double> vm_set, std::size_t n_group) {
        for (std::size_t n = 0; n < n_group; ++n) {
            groups.push_back(std::make_unique<ControlledGroup<T>>(plan_, y_, vm_set, kernels,
                                                                  n * kernels.width));
        }
    }

    /// The groups draw cases from one counter: which of them takes which leaves no trace in the answer.
    template <class T>
    void share_out(Groups<T>& groups, std::size_t n_case, LaneControl& control,
                   BatchResult& result) {
        std::atomic<std::size_t> next{0};
        const std::size_t n_full = (n_case + groups.front()->width() - 1) / groups.front()->width();
        const std::size_t n_part = std::min(groups.size(), n_full);
        const auto solve_part = [&](std::size_t part) {
            groups[part]->solve(next, n_case, control, limits_.max_iterations, result);
        };
        if (n_part == 1) {
            solve_part(0);
        } else if (n_part > 1) {
            tbb::parallel_for(std::size_t{0}, n_part, solve_part);
        }
    }

    BusAdmittance y_;
    Elimination plan_;
    BatchLimits limits_;
    Groups<float> float_groups_;
    Groups<double> double_groups_;
};

ControlledSolver::ControlledSolver(const BusAdmittance& y, std::span<const BusType> type,
                                   std::span<const double> vm_set, const BatchOptions& options)
    : impl_{std::make_unique<Impl>(y, type, vm_set, options)} {}
ControlledSolver::~ControlledSolver() = default;
ControlledSolver::ControlledSolver(ControlledSolver&&) noexcept = default;
ControlledSolver& ControlledSolver::operator=(ControlledSolver&&) noexcept = default;

void ControlledSolver::solve(std::size_t n_case, LaneControl& control, BatchResult& result) {
    impl_->solve(n_case, control, result);
}

void ControlledSolver::set_admittance(const BusAdmittance& y) {
    impl_->set_admittance(y);
}

std::size_t ControlledSolver::n_slot() const {
    return impl_->n_slot();
}

const Elimination& ControlledSolver::plan() const {
    return impl_->plan();
}

std::size_t ControlledSolver::bytes() const {
    return impl_->bytes();
}

} // namespace yuanwang::powerflow::batch
