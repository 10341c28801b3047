#include <string_view>

#include "exchange/matlab_evaluator.hpp"

namespace yuanwang::exchange::matlab {

/// `[…]`: elements parted by blanks or commas, rows by semicolons or line ends.
Value Evaluator::take_matrix() {
    const Spot place = scan_.here();
    scan_.advance();
    const bool outside = std::exchange(spaces_separate_, true);
    Matrix matrix;
    std::size_t n_pending = 0; // values of the row being read
    Spot row_place = scan_.here();
    while (true) {
        scan_.skip_blanks();
        scan_.skip_comment();
        if (scan_.at_end()) {
            scan_.fail_at(place.line, place.column, "bracket without an end", "'['");
        }
        const bool closes = scan_.peek() == ']';
        if (closes || scan_.peek() == ';' || scan_.peek() == '\n' || scan_.peek() == '\r') {
            end_row(matrix, n_pending, row_place);
            if (closes) {
                scan_.advance();
                spaces_separate_ = outside;
                return matrix;
            }
            if (!scan_.take_newline()) {
                scan_.advance();
            }
            continue;
        }
        if (n_pending == 0) {
            row_place = scan_.here();
        }
        n_pending += take_element(matrix, n_pending);
        scan_.skip_blanks();
        static_cast<void>(scan_.consume(','));
    }
}

/// Appends one element of a row; gives how many values it has.
std::size_t Evaluator::take_element(Matrix& matrix, std::size_t n_pending) {
    if (const std::optional<double> number = take_plain_number()) {
        matrix.values.push_back(*number);
        return 1;
    }
    const Spot place = scan_.here();
    const Matrix block = to_matrix(take_value(), place);
    if (block.n_row > 1) {
        if (n_pending != 0 || (matrix.n_row != 0 && matrix.n_col != block.n_col)) {
            scan_.fail_at(place.line, place.column, "blocks side by side are not supported");
        }
        matrix.n_col = block.n_col;
        matrix.n_row += block.n_row;
        matrix.line.insert(matrix.line.end(), block.n_row, place.line);
        matrix.values.insert(matrix.values.end(), block.values.begin(), block.values.end());
        return 0;
    }
    matrix.values.insert(matrix.values.end(), block.values.begin(), block.values.end());
    return block.values.size();
}

/// A number that is a whole element by itself, as nearly all are: no expression need be looked
/// for.
std::optional<double> Evaluator::take_plain_number() {
    const std::size_t before = scan_.position();
    const bool minus = scan_.consume('-');
    const std::optional<double> number = scan_.take_number();
    if (!number || !ends_element()) {
        scan_.rewind(before);
        return std::nullopt;
    }
    return minus ? -*number : *number;
}

/// True where what follows an operand can be no operator.
bool Evaluator::ends_element() const {
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

void Evaluator::end_row(Matrix& matrix, std::size_t& n_pending, Spot row_place) {
    if (n_pending == 0) {
        return;
    }
    if (matrix.n_row != 0 && n_pending != matrix.n_col) {
        scan_.fail_at(row_place.line, row_place.column,
                      "row must have " + std::to_string(matrix.n_col) +
                          " columns as the rows above it",
                      std::to_string(n_pending));
    }
    matrix.n_col = n_pending;
    matrix.n_row += 1;
    matrix.line.push_back(row_place.line);
    n_pending = 0;
}

/// `{…}`: texts are kept, whatever else stands there holds an empty text.
Value Evaluator::take_cells() {
    const Spot place = scan_.here();
    scan_.advance();
    const bool outside = std::exchange(spaces_separate_, true);
    Cells cells;
    while (true) {
        scan_.skip_lines();
        if (scan_.at_end()) {
            scan_.fail_at(place.line, place.column, "bracket without an end", "'{'");
        }
        if (scan_.consume('}')) {
            spaces_separate_ = outside;
            return cells;
        }
        if (scan_.consume(';') || scan_.consume(',')) {
            continue;
        }
        Value element = take_value();
        const std::string* text = std::get_if<std::string>(&element);
        cells.texts.push_back(text != nullptr ? *text : std::string{});
    }
}

} // namespace yuanwang::exchange::matlab
