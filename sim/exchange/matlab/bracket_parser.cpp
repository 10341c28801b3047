#include <string_view>
#include <utility>

#include "exchange/matlab/expression_parser.hpp"

namespace yuanwang::exchange::matlab {

namespace {

/// The table of numbers a row is, or null.
Matrix* find_table(const Bracket::Row& row) {
    if (row.elements.size() != 1) {
        return nullptr;
    }
    auto* constant = std::get_if<Constant>(&row.elements.front()->node);
    return constant == nullptr ? nullptr : constant->value.as<Matrix>();
}

} // namespace

/// Reads rows of elements up to the closing bracket. Numbers side by side are gathered in one element.
template <class EndRow>
void ExpressionParser::take_rows(char closing, EndRow end_row, Bracket::Row& row) {
    const Spot opening = scan_.here();
    const char bracket = scan_.peek();
    scan_.advance();
    enter();
    const bool outside = std::exchange(blanks_part_, true);
    bool comma_allowed = false;
    while (true) {
        scan_.skip_blanks();
        if (!scan_.skip_block_comment()) {
            scan_.skip_comment();
        }
        if (scan_.at_end()) {
            scan_.fail_at(opening.line, opening.column, "bracket without an end",
                          std::string{"'"} + bracket + "'");
        }
        const char next = scan_.peek();
        const bool closes = next == closing;
        if (closes || next == ';' || next == '\n' || next == '\r') {
            end_row();
            comma_allowed = false;
            if (!scan_.take_newline()) {
                scan_.advance();
            }
            if (closes) {
                break;
            }
            continue;
        }
        if (next == ',' && comma_allowed) {
            scan_.advance();
            comma_allowed = false;
            continue;
        }
        if (row.elements.empty()) {
            row.spot = scan_.here();
        }
        const Spot spot = scan_.here();
        if (const std::optional<double> number =
                bracket == '[' ? take_plain_number() : std::nullopt) {
            Matrix* const last = row.elements.empty() ? nullptr : find_last_numbers(row);
            if (last != nullptr) {
                last->values.push_back(*number);
                ++last->n_col;
            } else {
                row.elements.push_back(make(spot, Constant{Matrix::scalar(*number)}));
            }
        } else {
            row.elements.push_back(take_expression());
        }
        comma_allowed = true;
    }
    blanks_part_ = outside;
    leave();
}

ExpressionPtr ExpressionParser::take_bracket() {
    const Spot spot = scan_.here();
    Bracket bracket;
    Bracket::Row row;
    take_rows(
        ']',
        [&] {
            if (!row.elements.empty()) {
                append_row(bracket.rows, std::exchange(row, {}));
            }
        },
        row);
    if (bracket.rows.empty()) {
        return make(spot, Constant{Matrix{}});
    }
    if (bracket.rows.size() == 1 && find_table(bracket.rows.front()) != nullptr) {
        ExpressionPtr table = std::move(bracket.rows.front().elements.front());
        table->spot = spot;
        return table;
    }
    return make(spot, std::move(bracket));
}

/// Adds a row; one of plain numbers under another of them makes a table of both.
void ExpressionParser::append_row(std::vector<Bracket::Row>& rows, Bracket::Row row) const {
    Matrix* const numbers = find_table(row);
    if (numbers != nullptr && numbers->places.empty()) {
        numbers->places.push_back({.file = file_number_, .line = row.spot.line});
    }
    Matrix* const above = rows.empty() ? nullptr : find_table(rows.back());
    if (numbers == nullptr || above == nullptr || numbers->n_row != 1 || above->n_row == 0 ||
        numbers->empty()) {
        rows.push_back(std::move(row));
        return;
    }
    if (numbers->n_col != above->n_col) {
        scan_.fail_at(row.spot.line, row.spot.column,
                      "row must have " + std::to_string(above->n_col) +
                          " columns as the rows above it",
                      std::to_string(numbers->n_col));
    }
    if (above->values.size() > max_table_numbers) {
        scan_.fail_at(row.spot.line, row.spot.column, "table must stay below 1e7 numbers");
    }
    above->values.insert(above->values.end(), numbers->values.begin(), numbers->values.end());
    above->places.push_back(numbers->places.front());
    ++above->n_row;
}

ExpressionPtr ExpressionParser::take_braces() {
    const Spot spot = scan_.here();
    Braces braces;
    Bracket::Row row;
    take_rows(
        '}',
        [&] {
            if (!row.elements.empty()) {
                braces.rows.push_back(std::exchange(row, {}));
            }
        },
        row);
    return make(spot, std::move(braces));
}

/// The numbers a row ends with, to be continued; null where something else stands there.
Matrix* ExpressionParser::find_last_numbers(const Bracket::Row& row) {
    auto* constant = std::get_if<Constant>(&row.elements.back()->node);
    Matrix* const matrix = constant == nullptr ? nullptr : constant->value.as<Matrix>();
    return matrix != nullptr && matrix->n_row == 1 && matrix->places.empty() ? matrix : nullptr;
}

/// A number that is a whole element by itself, as nearly all are: no expression need be looked
/// for.
std::optional<double> ExpressionParser::take_plain_number() {
    const Scanner::Mark before = scan_.mark();
    const bool minus = scan_.consume('-');
    const std::optional<double> number = scan_.take_number();
    if (!number || !ends_element()) {
        scan_.rewind(before);
        return std::nullopt;
    }
    return minus ? -*number : *number;
}

/// True where what follows an operand can be no operator.
bool ExpressionParser::ends_element() const {
    constexpr std::string_view enders = ",;]\n\r%#0123456789";
    std::size_t ahead = 0;
    while (scan_.peek(ahead) == ' ' || scan_.peek(ahead) == '\t') {
        ++ahead;
    }
    const char next = scan_.peek(ahead);
    const bool signed_element =
        ahead > 0 && next == '-' && scan_.peek(ahead + 1) != ' ' && scan_.peek(ahead + 1) != '\t';
    return signed_element || (next != '\0' && enders.find(next) != std::string_view::npos);
}

} // namespace yuanwang::exchange::matlab
