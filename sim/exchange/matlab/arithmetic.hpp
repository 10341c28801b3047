/// @file
/// Operators of MATLAB on real matrices: element by element, where a number, a row or a column
/// spreads over a matrix; products of matrices; concatenation.
///
/// What has no real value (the root or a broken power of a negative number) is a fault, for MATLAB
/// gives a complex one there.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/matlab/tree.hpp"
#include "exchange/matlab/value.hpp"

namespace yuanwang::exchange::matlab {

/// A value, or why there is none.
struct Computed {
    Matrix value;
    std::string fault;
};

/// `a op b` for every operator between two matrices.
[[nodiscard]] Computed combine(const Matrix& a, Operator op, const Matrix& b);
/// `-a`, `+a`, `~a`.
[[nodiscard]] Matrix apply_sign(Operator sign, Matrix a);
[[nodiscard]] Matrix transpose(const Matrix& a);

/// Applies a function to each pair of elements; a side of one row or column spreads over the other.
using Pairwise = double (*)(double, double);
[[nodiscard]] Computed spread(const Matrix& a, const Matrix& b, Pairwise function);

/// Matrices side by side, and one above the other. Empty ones that do not fit are passed over.
[[nodiscard]] Computed join_columns(std::span<const Matrix* const> parts);
[[nodiscard]] Computed join_rows(std::span<const Matrix* const> parts);

/// pi, Inf, NaN, eps; none for another name.
[[nodiscard]] std::optional<double> find_constant(std::string_view name);

} // namespace yuanwang::exchange::matlab
