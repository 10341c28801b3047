/// @file
/// Values of the MATLAB subset that case files use: real matrices, text, cell arrays of text.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace yuanwang::exchange::matlab {

/// A real matrix, row-major; a number is 1 × 1.
struct Matrix {
    std::size_t n_row = 0;
    std::size_t n_col = 0;
    std::vector<double> values;
    std::vector<int> line; ///< text line of each row of a literal; empty for a computed matrix

    [[nodiscard]] static Matrix scalar(double value) { return {1, 1, {value}, {}}; }
    [[nodiscard]] bool is_scalar() const { return n_row == 1 && n_col == 1; }
    [[nodiscard]] double operator()(std::size_t row, std::size_t col) const {
        return values[row * n_col + col];
    }
    [[nodiscard]] double& operator()(std::size_t row, std::size_t col) {
        return values[row * n_col + col];
    }
};

/// A cell array, row after row; elements that are not text hold an empty one.
struct Cells {
    std::vector<std::string> texts;
};

using Value = std::variant<Matrix, std::string, Cells>;
using Variables = std::map<std::string, Value, std::less<>>;

/// What a text leaves behind once it has run.
struct Outcome {
    std::string function;             ///< name of the function, empty for a script
    std::vector<std::string> outputs; ///< names the function returns
    Variables variables;              ///< by full name, `mpc.bus`
};

} // namespace yuanwang::exchange::matlab
