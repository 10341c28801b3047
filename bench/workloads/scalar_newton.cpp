#include "bench/workloads/scalar_newton.hpp"

#include <algorithm>
#include <limits>

namespace yuanwang::workloads {

namespace {

constexpr powerflow::NewtonSettings settings{.tolerance_pu = 1e-8, .max_iterations = 20};

} // namespace

ScalarNewton::ScalarNewton(const FlowCase& flow_case)
    : matrix_{flow_case.grid}, units_{flow_case.grid, matrix_, flow_case.units, false} {
    [[maybe_unused]] const bool finite = units_.gather(flow_case.injections, 0);
    std::vector<bool> held;
    for (const powerflow::NodeType type : units_.problem().type) {
        held.push_back(type != powerflow::NodeType::pq);
    }
    newton_.emplace_back(matrix_, units_.slack_layout(false), held);
    newton_.front().start_flat(units_.problem());
    [[maybe_unused]] const bool regular = newton_.front().choose_pivots(units_.problem());
    const auto outcome = newton_.front().solve(units_.problem(), settings);
    if (outcome.status == StepStatus::converged) {
        vm_.assign(newton_.front().vm().begin(), newton_.front().vm().end());
        va_.assign(newton_.front().va().begin(), newton_.front().va().end());
    }
}

void ScalarNewton::store(const powerflow::NewtonOutcome& outcome,
                         std::span<std::complex<double>> V) const {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const bool converged = outcome.status == StepStatus::converged;
    for (std::size_t i = 0; i < V.size(); ++i) {
        const auto node = static_cast<std::size_t>(matrix_.node_of_bus[i]);
        V[i] = converged ? std::complex{newton_.front().e()[node], newton_.front().f()[node]}
                         : std::complex{nan, nan};
    }
}

void ScalarNewton::solve_flat(std::span<std::complex<double>> V) {
    newton_.front().start_flat(units_.problem());
    store(newton_.front().solve(units_.problem(), settings), V);
}

void ScalarNewton::add_branch(BranchIdx k, double sign) {
    const powerflow::BranchPlace& at = matrix_.place[k.row()];
    const network::BranchAdmittance& y = matrix_.branch[k.row()];
    const auto add = [&](std::size_t n, std::complex<double> value) {
        matrix_.g[n] += sign * value.real();
        matrix_.b[n] += sign * value.imag();
    };
    add(at.ff, y.ff);
    add(at.ft, y.ft);
    add(at.tf, y.tf);
    add(at.tt, y.tt);
}

void ScalarNewton::solve_outages(std::span<const BranchIdx> outages,
                                 std::span<std::complex<double>> V) {
    const std::size_t n_bus = matrix_.node_of_bus.size();
    for (std::size_t c = 0; c < outages.size(); ++c) {
        add_branch(outages[c], -1.0);
        if (vm_.empty()) { // the case itself has no solution
            newton_.front().start_flat(units_.problem());
        } else {
            newton_.front().start_from(vm_, va_);
        }
        store(newton_.front().solve(units_.problem(), settings), V.subspan(c * n_bus, n_bus));
        add_branch(outages[c], 1.0);
    }
}

} // namespace yuanwang::workloads
