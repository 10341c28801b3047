#include "dispatch/program/small_program.hpp"

#include <algorithm>
#include <cmath>

#include <coin/ClpSimplex.hpp>

namespace yuanwang::dispatch::program {
namespace {

/// Bounds Clp takes for none at all.
std::vector<double> as_clp(std::vector<double> bounds) {
    for (double& x : bounds) {
        x = std::isinf(x) ? std::copysign(COIN_DBL_MAX, x) : x;
    }
    return bounds;
}

bool is_sound(const SmallProgram& program) {
    const auto nan = [](double x) { return std::isnan(x); };
    return std::ranges::none_of(program.cost, nan) && std::ranges::none_of(program.lower, nan) &&
           std::ranges::none_of(program.upper, nan) &&
           std::ranges::none_of(program.row_lower, nan) &&
           std::ranges::none_of(program.row_upper, nan);
}

} // namespace

std::optional<std::vector<double>> solve(const SmallProgram& program) {
    if (!is_sound(program)) {
        return std::nullopt;
    }
    std::vector<int> row;
    std::vector<int> column;
    std::vector<double> value;
    for (const Entry& entry : program.entries) {
        row.push_back(static_cast<int>(entry.row));
        column.push_back(static_cast<int>(entry.column));
        value.push_back(entry.value);
    }
    CoinPackedMatrix matrix(true, row.data(), column.data(), value.data(),
                            static_cast<CoinBigIndex>(value.size()));
    matrix.setDimensions(static_cast<int>(program.row_lower.size()),
                         static_cast<int>(program.lower.size()));
    ClpSimplex clp;
    clp.setLogLevel(0);
    clp.loadProblem(matrix, as_clp(program.lower).data(), as_clp(program.upper).data(),
                    program.cost.data(), as_clp(program.row_lower).data(),
                    as_clp(program.row_upper).data());
    clp.initialSolve();
    if (clp.status() != 0) {
        return std::nullopt;
    }
    const double* x = clp.primalColumnSolution();
    return std::vector<double>(x, x + program.lower.size());
}

} // namespace yuanwang::dispatch::program
