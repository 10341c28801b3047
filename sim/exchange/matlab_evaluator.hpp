/// @file
/// Expressions of the MATLAB subset: read and evaluated in one pass, loosest binding first.
///
///     value   = sum [: sum [: sum]]                  sum     = product {(+ | -) product}
///     product = unary {(* | / | .* | ./) unary}      unary   = [- | +] unary | power
///     power   = operand {(^ | .^) [-] operand}       operand = number | text | name | name(…) | (value) | […] | {…}, each with '
///
/// Between square brackets and braces a blank parts two elements, unless an operator with a blank on either side or on
/// neither side stands there: `[1 - 2]` and `[1-2]` have one element, `[1 -2]` has two.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exchange/matlab_scanner.hpp"
#include "exchange/matlab_value.hpp"

namespace yuanwang::exchange::matlab {

using Index = std::optional<Matrix>; ///< none: a lone colon

class Evaluator {
  public:
    /// Reads from the scanner; names are looked up among the variables.
    Evaluator(Scanner& scan, const Variables& variables) : scan_{scan}, variables_{variables} {}

    [[nodiscard]] Value take_value();
    /// Index or argument list after its opening parenthesis.
    [[nodiscard]] std::vector<Index> take_indices();
    /// Rows and columns of a table that indices choose, from 0.
    [[nodiscard]] std::pair<std::vector<std::size_t>, std::vector<std::size_t>>
    select_block(const Matrix& table, const std::vector<Index>& indices, Spot place) const;
    /// The matrix a value is, or a fault at its place.
    [[nodiscard]] Matrix to_matrix(Value value, Spot place) const;

  private:
    Value take_range(Value first_value);
    Value take_sum();
    Value take_product();
    Value take_unary();
    Value take_nested_unary();
    Value take_power();
    Value take_operand();
    Value take_plain_operand();
    Value take_named();
    Matrix take_elements(const Matrix& table, Spot place);
    Value combine_values(Value a, char op, bool elementwise, Value b, Spot place) const;
    double to_number(Value value, Spot place) const;
    bool skip_blanks_between();
    void enter();

    // Brackets, in matlab_brackets.cpp.
    Value take_matrix();
    std::size_t take_element(Matrix& matrix, std::size_t n_pending);
    std::optional<double> take_plain_number();
    [[nodiscard]] bool ends_element() const;
    void end_row(Matrix& matrix, std::size_t& n_pending, Spot row_place);
    Value take_cells();

    Scanner& scan_;
    const Variables& variables_;
    bool spaces_separate_ = false; // inside [ ] and { }, outside of parentheses
    int depth_ = 0;                // of brackets within brackets
};

} // namespace yuanwang::exchange::matlab
