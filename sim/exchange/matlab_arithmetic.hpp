/// @file
/// Arithmetic of MATLAB matrices as case files use it: element by element, a number spreads over a
/// matrix.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "exchange/matlab_value.hpp"

namespace yuanwang::exchange::matlab {

/// Why an operation has no value here; empty where it has one.
struct Computed {
    Matrix value;
    std::string_view fault;
};

/// `a op b` for the operators + - * / ^ and their elementwise forms. Where both sides are matrices,
/// * / ^ must be the elementwise forms: products of matrices do not occur in case files.
[[nodiscard]] Computed combine(const Matrix& a, char op, bool elementwise, const Matrix& b);

[[nodiscard]] Matrix negate(Matrix a);
[[nodiscard]] Matrix transpose(const Matrix& a);

/// pi, Inf, NaN, eps, true, false; none for another name.
[[nodiscard]] std::optional<double> find_constant(std::string_view name);

/// Calls a function of numbers (sqrt, abs, sin, …, size, ones, zeros); the fault is set for an
/// unknown one or for arguments it does not take.
[[nodiscard]] Computed call_function(std::string_view name, std::span<const Matrix> arguments);

/// True for the functions `call_function` knows.
[[nodiscard]] bool is_function(std::string_view name);

/// Rows or columns chosen by an index value, from 0; all of `count` for a lone colon (no value).
/// Faults: not whole, below 1, above `count`.
struct Selected {
    std::vector<std::size_t> rows;
    std::string_view fault;
};
[[nodiscard]] Selected select(const std::optional<Matrix>& index, std::size_t count);

} // namespace yuanwang::exchange::matlab
