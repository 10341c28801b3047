/// @file
/// The half of the parser that reads expressions (parser.hpp has the grammar).
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/matlab/scanner.hpp"
#include "exchange/matlab/tree.hpp"

namespace yuanwang::exchange::matlab {

/// Numbers a table may hold; the largest public case has a fifth of that in one table.
inline constexpr std::size_t max_table_numbers = 10'000'000;

/// True for the words of the language, which name nothing.
[[nodiscard]] bool is_keyword(std::string_view word);

class ExpressionParser {
  public:
    ExpressionParser(Scanner& scan, int file_number) : scan_{scan}, file_number_{file_number} {}

    [[nodiscard]] ExpressionPtr take_expression();
    /// A name with what follows it, `mpc.bus(3, :)`: what may stand left of `=`.
    [[nodiscard]] ExpressionPtr take_access();
    /// Reads one element of `[a, b(2), ~]`, inside its brackets.
    [[nodiscard]] ExpressionPtr take_bracketed_access();

  private:
    struct Symbol {
        std::string_view text;
        Operator op;
    };

    ExpressionPtr take_short_circuit(bool until);
    ExpressionPtr take_level(std::size_t level);
    ExpressionPtr take_range();
    ExpressionPtr take_signed();
    ExpressionPtr take_power();
    ExpressionPtr take_exponent();
    ExpressionPtr take_primary();
    ExpressionPtr take_handle();
    void take_steps(ExpressionPtr& base, bool blanks_before);
    Access::Step take_step();
    Expressions take_arguments(char closing);
    std::optional<Operator> take_operator(std::initializer_list<Symbol> symbols);
    std::optional<Operator> take_level_operator(std::size_t level);
    [[nodiscard]] bool ends_before(char symbol) const;

    // Brackets, in bracket_parser.cpp.
    ExpressionPtr take_bracket();
    ExpressionPtr take_braces();
    template <class EndRow>
    void take_rows(char closing, EndRow end_row, Bracket::Row& row);
    [[nodiscard]] static Matrix* find_last_numbers(const Bracket::Row& row);
    std::optional<double> take_plain_number();
    [[nodiscard]] bool ends_element() const;
    void append_row(std::vector<Bracket::Row>& rows, Bracket::Row row) const;

    [[nodiscard]] ExpressionPtr make(Spot spot, decltype(Expression::node) node) const;
    void enter();
    void leave() { --depth_; }

    Scanner& scan_;
    int file_number_;
    bool blanks_part_ = false; ///< inside [ ] and { }, outside of parentheses
    int n_index_ = 0;          ///< index lists around: `end` has a meaning
    int depth_ = 0;            ///< of brackets within brackets
};

} // namespace yuanwang::exchange::matlab
