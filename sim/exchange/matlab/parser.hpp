/// @file
/// Text to tree. Loosest binding first, as MATLAB has it:
///
///     or_else  = and_also {|| and_also}              and_also = either {&& either}
///     either   = both {| both}                       both     = compared {& compared}
///     compared = range {(< | <= | > | >= | == | ~=) range}
///     range    = sum [: sum [: sum]]                 sum      = product {(+ | -) product}
///     product  = signed {(* | / | .* | ./) signed}   signed   = [- | + | ~] signed | power
///     power    = access {(^ | .^) [-] access | '}    access   = primary {(…) | {…} | .name}
///     primary  = number | text | name | (or_else) | […] | {…}
///
/// Between square brackets and braces a blank parts two elements, unless an operator with a blank
/// on either side or on neither side stands there: `[1 - 2]` and `[1-2]` have one element, `[1 -2]`
/// has two; a quote after a blank opens a text, and a parenthesis after one opens an element. What
/// is no part of this grammar and yet MATLAB becomes `Refused`, so that it disturbs only where it
/// would run. Cost: linear in the text.
#pragma once

#include <string>
#include <string_view>

#include "exchange/matlab/tree.hpp"

namespace yuanwang::exchange::matlab {

/// Throws `InputError` with file, line and column; `file_number` marks the rows of tables.
[[nodiscard]] Program parse_program(std::string_view text, const std::string& file,
                                    int file_number = 0);

} // namespace yuanwang::exchange::matlab
