#include "powerflow/node_columns.hpp"

#include <algorithm>
#include <cmath>

namespace yuanwang::powerflow {

NodeColumns::NodeColumns(std::size_t n_node, std::size_t n_island)
    : vm_(n_node), va_(n_node), e_(n_node), f_(n_node), p_(n_node), q_(n_node), lambda_(n_island) {}

void NodeColumns::read(std::span<const std::complex<double>> V, std::span<const double> lambda) {
    for (std::size_t n = 0; n < V.size(); ++n) {
        e_[n] = V[n].real();
        f_[n] = V[n].imag();
        vm_[n] = std::sqrt(e_[n] * e_[n] + f_[n] * f_[n]);
        va_[n] = std::atan2(f_[n], e_[n]);
    }
    std::ranges::copy(lambda, lambda_.begin());
}

void NodeColumns::evaluate(const NodalMatrix& matrix) {
    for (std::size_t i = 0; i < e_.size(); ++i) {
        double re = 0;
        double im = 0;
        for (auto k = static_cast<std::size_t>(matrix.row_start[i]);
             k < static_cast<std::size_t>(matrix.row_start[i + 1]); ++k) {
            const auto j = static_cast<std::size_t>(matrix.column[k]);
            re += matrix.g[k] * e_[j] - matrix.b[k] * f_[j];
            im += matrix.g[k] * f_[j] + matrix.b[k] * e_[j];
        }
        p_[i] = e_[i] * re + f_[i] * im;
        q_[i] = f_[i] * re - e_[i] * im;
    }
}

double NodeColumns::find_mismatch(const NodeUnits& units, std::size_t& worst) const {
    const NodeProblem& problem = units.problem();
    double largest = 0;
    worst = 0;
    for (std::size_t i = 0; i < p_.size(); ++i) {
        if (problem.type[i] == NodeType::dead) {
            continue;
        }
        const double lambda = lambda_[static_cast<std::size_t>(units.island(i))];
        double size = std::abs(p_[i] - problem.p[i] - problem.slack_weight[i] * lambda);
        if (problem.type[i] == NodeType::pq) {
            size = std::max(size, std::abs(q_[i] - problem.q[i]));
        }
        if (size > largest) {
            largest = size;
            worst = i;
        }
    }
    return largest;
}

} // namespace yuanwang::powerflow
