/// @file
/// The functions of MATLAB that case files call: of numbers, shapes, sets, texts and structures.
///
/// A function gives as many values as it has been asked for, or a fault: unknown, wrong arguments, or no real value.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/matlab/value.hpp"

namespace yuanwang::exchange::matlab {

struct Results {
    std::vector<Value> values;
    std::string fault;
};

[[nodiscard]] bool is_function(std::string_view name);

/// Calls a function of the list above; `n_asked` counts the values left of `=`, 0 where none is taken.
[[nodiscard]] Results call_function(std::string_view name, std::span<const Value> arguments,
                                    std::size_t n_asked);

/// Functions whose only effect is to print or to wait, and commands like `clc`: nothing is run for them.
[[nodiscard]] bool is_without_value(std::string_view name);

} // namespace yuanwang::exchange::matlab
