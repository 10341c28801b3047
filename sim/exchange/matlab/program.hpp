/// @file
/// Runs the MATLAB that case files are written in.
///
///     mpc.bus = [1 3 90 1/3; …];                             matrices, cell arrays, structures, texts
///     [PQ, PV, REF, …] = idx_bus;                            MATPOWER's names for its columns
///     mpc.branch(:, [3 4]) = mpc.branch(:, [3 4]) / Zbase;   changed in place
///     mpc.gen(mpc.gen(:, 8) == 0, :) = [];                   rows by condition, taken out
///     mpc = loadcase('other');                               a case beside this one
///
/// Conditions, loops, switches and functions of the file itself are run; what prints is passed over. Whatever lies outside
/// (unknown functions, complex numbers, function handles, try, arrays of structures) is a fault with its place: a table is
/// never read as something it is not. Bounded in work, memory, depth and files, so that any text comes to an end. Cost:
/// linear in the text for literal tables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exchange/matlab/value.hpp"

namespace yuanwang::exchange::matlab {

/// What a text leaves behind once it has run.
struct Outcome {
    std::string function;             ///< name of the function, empty for a script
    std::vector<std::string> outputs; ///< names the function returns
    Variables variables;              ///< of the function, or of the script
    std::vector<std::string> files;   ///< that were read, by the file number of a `RowPlace`
};

/// Runs a text. Other files are looked for beside `file`. Throws `InputError` with file, line and column.
[[nodiscard]] Outcome run_program(std::string_view text, const std::string& file);

/// The whole text of a file of at most 100 MB. Throws `IoError`.
[[nodiscard]] std::string read_text(const std::string& file);

} // namespace yuanwang::exchange::matlab
