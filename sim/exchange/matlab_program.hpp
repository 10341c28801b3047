/// @file
/// Runs the straight-line part of MATLAB that case files are written in.
///
///     mpc.bus = [1 3 90 1/3; …];                             matrices, cell arrays, arithmetic, pi, sqrt, Inf, NaN
///     [PQ, PV, REF, …] = idx_bus;                            MATPOWER's names for its columns
///     Vbase = mpc.bus(1, BASE_KV) * 1e3;                     elements and columns
///     mpc.branch(:, [3 4]) = mpc.branch(:, [3 4]) / Zbase;   changed in place
///
/// Whatever lies outside (loops, conditions, calls of unknown functions, complex numbers) is a fault with its place: a
/// table is never read as something it is not. Cost: linear in the text for literal tables.
#pragma once

#include <string>
#include <string_view>

#include "exchange/matlab_value.hpp"

namespace yuanwang::exchange::matlab {

/// Runs a text. Throws `InputError` with file, line and column.
[[nodiscard]] Outcome run_program(std::string_view text, const std::string& file);

} // namespace yuanwang::exchange::matlab
