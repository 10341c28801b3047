#include "powerflow/astray.hpp"

#include <cmath>
#include <cstddef>

namespace yuanwang::powerflow {

int count_astray(const NodeProblem& problem, const NodalMatrix& matrix, std::span<const double> e,
                 std::span<const double> f) {
    constexpr double low_pu = 0.6;
    int marks = 0;
    for (std::size_t i = 0; i < e.size(); ++i) {
        const bool low = e[i] * e[i] + f[i] * f[i] < low_pu * low_pu;
        marks += low && problem.type[i] != NodeType::dead ? 1 : 0;
    }
    for (std::size_t k = 0; k < matrix.place.size(); ++k) {
        if (matrix.place[k].from < 0) {
            continue;
        }
        const auto i = static_cast<std::size_t>(matrix.place[k].from);
        const auto j = static_cast<std::size_t>(matrix.place[k].to);
        const double along = e[i] * e[j] + f[i] * f[j]; // V_i V_j cos(θ_i − θ_j)
        const double across = f[i] * e[j] - e[i] * f[j];
        const double shift = matrix.shift_rad[k];
        const double cosine =
            shift == 0 ? along : along * std::cos(shift) + across * std::sin(shift);
        marks += cosine < 0 && problem.type[i] != NodeType::dead ? 1 : 0;
    }
    return marks;
}

} // namespace yuanwang::powerflow
