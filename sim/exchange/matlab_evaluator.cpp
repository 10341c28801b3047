#include "exchange/matlab_evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "exchange/matlab_arithmetic.hpp"

namespace yuanwang::exchange::matlab {

namespace {

constexpr int max_depth = 200;

} // namespace

Value Evaluator::take_value() {
    enter();
    Value first = take_sum();
    skip_blanks_between();
    if (scan_.peek() == ':') {
        first = take_range(std::move(first));
    }
    --depth_;
    return first;
}

/// `first:last` or `first:step:last`.
Value Evaluator::take_range(Value first_value) {
    const Spot place = scan_.here();
    double first = to_number(std::move(first_value), place);
    double step = 1;
    scan_.advance();
    scan_.skip_blanks();
    double last = to_number(take_sum(), place);
    if (scan_.consume(':')) {
        step = last;
        scan_.skip_blanks();
        last = to_number(take_sum(), place);
    }
    const double count = std::floor((last - first) / step + 1e-10) + 1;
    if (!(count < 1e7)) {
        scan_.fail_at(place.line, place.column, "range must be finite and below 1e7 values");
    }
    Matrix range{1, static_cast<std::size_t>(std::max(count, 0.0)), {}, {}};
    for (std::size_t k = 0; k < range.n_col; ++k) {
        range.values.push_back(first + static_cast<double>(k) * step);
    }
    return range;
}

Value Evaluator::take_sum() {
    Value left = take_product();
    while (true) {
        const std::size_t before = scan_.position();
        const bool blanks = skip_blanks_between();
        const char op = scan_.peek();
        const bool starts_element =
            spaces_separate_ && blanks && scan_.peek(1) != ' ' && scan_.peek(1) != '\t';
        if ((op != '+' && op != '-') || starts_element) {
            if (spaces_separate_) {
                scan_.rewind(before);
            }
            return left;
        }
        const Spot place = scan_.here();
        scan_.advance();
        scan_.skip_blanks();
        left = combine_values(std::move(left), op, true, take_product(), place);
    }
}

Value Evaluator::take_product() {
    Value left = take_unary();
    while (true) {
        const std::size_t before = scan_.position();
        const int line = scan_.line();
        skip_blanks_between();
        const bool elementwise =
            scan_.peek() == '.' && (scan_.peek(1) == '*' || scan_.peek(1) == '/');
        const char op = scan_.peek(elementwise ? 1 : 0);
        if (op != '*' && op != '/') {
            if (line == scan_.line()) {
                scan_.rewind(before);
            }
            return left;
        }
        const Spot place = scan_.here();
        scan_.advance(elementwise ? 2 : 1);
        scan_.skip_blanks();
        left = combine_values(std::move(left), op, elementwise, take_unary(), place);
    }
}

Value Evaluator::take_unary() {
    const Spot place = scan_.here();
    if (scan_.consume('-')) {
        scan_.skip_blanks();
        return negate(to_matrix(take_nested_unary(), place));
    }
    if (scan_.consume('+')) {
        scan_.skip_blanks();
        return take_nested_unary();
    }
    return take_power();
}

/// Sign after sign.
Value Evaluator::take_nested_unary() {
    enter();
    Value value = take_unary();
    --depth_;
    return value;
}

Value Evaluator::take_power() {
    Value left = take_operand();
    while (scan_.peek() == '^' || (scan_.peek() == '.' && scan_.peek(1) == '^')) {
        const Spot place = scan_.here();
        const bool elementwise = scan_.consume('.');
        scan_.advance();
        scan_.skip_blanks();
        const bool minus = scan_.consume('-');
        Value exponent = take_operand();
        if (minus) {
            exponent = negate(to_matrix(std::move(exponent), place));
        }
        left = combine_values(std::move(left), '^', elementwise, std::move(exponent), place);
    }
    return left;
}

Value Evaluator::take_operand() {
    Value value = take_plain_operand();
    while (scan_.peek() == '\'' && std::holds_alternative<Matrix>(value)) {
        scan_.advance();
        value = transpose(std::get<Matrix>(value));
    }
    return value;
}

Value Evaluator::take_plain_operand() {
    if (const std::optional<double> number = scan_.take_number()) {
        return Matrix::scalar(*number);
    }
    const char next = scan_.peek();
    if (next == '\'' || next == '"') {
        return scan_.take_string();
    }
    if (next == '[') {
        return take_matrix();
    }
    if (next == '{') {
        return take_cells();
    }
    if (scan_.consume('(')) {
        const bool outside = std::exchange(spaces_separate_, false);
        scan_.skip_blanks();
        Value value = take_value();
        scan_.skip_blanks();
        scan_.expect(')');
        spaces_separate_ = outside;
        return value;
    }
    return take_named();
}

/// A variable, elements of one, a constant, a function call.
Value Evaluator::take_named() {
    const Spot place = scan_.here();
    const std::string name{scan_.take_name()};
    if (name.empty()) {
        scan_.fail("must be a number, a name, a text or a bracket");
    }
    const bool called = scan_.consume('(');
    if (const auto found = variables_.find(name); found != variables_.end()) {
        return called ? Value{take_elements(to_matrix(found->second, place), place)}
                      : found->second;
    }
    if (const std::optional<double> constant = find_constant(name); constant && !called) {
        return Matrix::scalar(*constant);
    }
    if (!called || !is_function(name)) {
        scan_.fail_at(place.line, place.column, "unknown name", name);
    }
    std::vector<Matrix> arguments;
    for (Index& index : take_indices()) {
        if (!index) {
            scan_.fail_at(place.line, place.column, "function takes no colon", name);
        }
        arguments.push_back(std::move(*index));
    }
    Computed computed = call_function(name, arguments);
    if (!computed.fault.empty()) {
        scan_.fail_at(place.line, place.column, name + ' ' + std::string{computed.fault});
    }
    return std::move(computed.value);
}

Matrix Evaluator::take_elements(const Matrix& table, Spot place) {
    const auto [rows, columns] = select_block(table, take_indices(), place);
    Matrix block{rows.size(), columns.size(), {}, {}};
    block.values.reserve(rows.size() * columns.size());
    for (const std::size_t row : rows) {
        for (const std::size_t col : columns) {
            block.values.push_back(table(row, col));
        }
    }
    return block;
}

std::pair<std::vector<std::size_t>, std::vector<std::size_t>>
Evaluator::select_block(const Matrix& table, const std::vector<Index>& indices, Spot place) const {
    const bool vector = indices.size() == 1 && (table.n_row == 1 || table.n_col == 1);
    if (indices.size() != 2 && !vector) {
        scan_.fail_at(place.line, place.column, "must have a row and a column index");
    }
    const Index first{Matrix::scalar(1)};
    const bool along_columns = vector && table.n_row == 1;
    Selected rows = select(along_columns ? first : indices.front(), table.n_row);
    Selected columns = select(vector && !along_columns ? first : indices.back(), table.n_col);
    for (const Selected* selected : {&rows, &columns}) {
        if (!selected->fault.empty()) {
            scan_.fail_at(place.line, place.column, std::string{selected->fault});
        }
    }
    return {std::move(rows.rows), std::move(columns.rows)};
}

/// Index or argument list after its opening parenthesis.
std::vector<Index> Evaluator::take_indices() {
    const bool outside = std::exchange(spaces_separate_, false);
    std::vector<Index> indices;
    do {
        scan_.skip_blanks();
        if (scan_.peek() == ':') {
            scan_.advance();
            indices.emplace_back(std::nullopt);
        } else {
            const Spot place = scan_.here();
            indices.emplace_back(to_matrix(take_value(), place));
        }
        scan_.skip_blanks();
    } while (scan_.consume(','));
    scan_.expect(')');
    spaces_separate_ = outside;
    return indices;
}

Value Evaluator::combine_values(Value a, char op, bool elementwise, Value b, Spot place) const {
    Computed computed =
        combine(to_matrix(std::move(a), place), op, elementwise, to_matrix(std::move(b), place));
    if (!computed.fault.empty()) {
        scan_.fail_at(place.line, place.column, std::string{computed.fault});
    }
    return std::move(computed.value);
}

Matrix Evaluator::to_matrix(Value value, Spot place) const {
    Matrix* matrix = std::get_if<Matrix>(&value);
    if (matrix == nullptr) {
        scan_.fail_at(place.line, place.column, "must be a number or a table of numbers");
    }
    return std::move(*matrix);
}

double Evaluator::to_number(Value value, Spot place) const {
    const Matrix matrix = to_matrix(std::move(value), place);
    if (!matrix.is_scalar()) {
        scan_.fail_at(place.line, place.column, "must be a number");
    }
    return matrix.values[0];
}

/// Blanks between an operand and an operator. In a matrix a continuation is left to the caller.
bool Evaluator::skip_blanks_between() {
    if (!spaces_separate_) {
        return scan_.skip_blanks();
    }
    const std::size_t before = scan_.position();
    while (scan_.peek() == ' ' || scan_.peek() == '\t') {
        scan_.advance();
    }
    return scan_.position() != before;
}

void Evaluator::enter() {
    if (++depth_ > max_depth) {
        scan_.fail("must not be nested deeper than " + std::to_string(max_depth));
    }
}

} // namespace yuanwang::exchange::matlab
