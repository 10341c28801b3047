/// @file
/// A flow program handed to Clp. Used by sources of this folder only: no header a module outside sees includes Clp.
#pragma once

#include <vector>

#include <coin/ClpSimplex.hpp>

#include "dispatch/program/flow_program.hpp"

namespace yuanwang::dispatch::program {

/// The matrix of a program, [n_row × n_column].
[[nodiscard]] inline CoinPackedMatrix make_matrix(const FlowProgram& program) {
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
    matrix.setDimensions(static_cast<int>(program.n_row()), static_cast<int>(program.n_column()));
    return matrix;
}

/// Puts a program into an empty model, silently.
inline void load(const FlowProgram& program, ClpSimplex& clp) {
    clp.setLogLevel(0);
    clp.loadProblem(make_matrix(program), program.lower.data(), program.upper.data(),
                    program.cost.data(), program.row_lower.data(), program.row_upper.data());
}

} // namespace yuanwang::dispatch::program
