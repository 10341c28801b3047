#include "exchange/matlab_program.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "exchange/matlab_arithmetic.hpp"
#include "exchange/matlab_scanner.hpp"
#include "exchange/matpower_columns.hpp"

namespace yuanwang::exchange::matlab {

namespace {

constexpr int max_depth = 200; // of brackets within brackets

/// Reads and evaluates statement by statement: a straight line needs no tree.
class Interpreter {
  public:
    Interpreter(std::string_view text, const std::string& file) : scan_{text, file} {}

    Outcome run() {
        while (!finished_) {
            skip_separators();
            if (scan_.at_end()) {
                break;
            }
            run_statement();
        }
        return std::move(outcome_);
    }

  private:
    struct Place {
        int line;
        int column;
    };
    using Index = std::optional<Matrix>; // none: a lone colon

    [[nodiscard]] Place here() const { return {scan_.line(), scan_.column()}; }

    void skip_separators() {
        do {
            scan_.skip_lines();
        } while (scan_.consume(';') || scan_.consume(','));
    }

    // Statements.

    void run_statement() {
        const Place place = here();
        if (scan_.peek() == '[') {
            assign_columns();
            end_statement();
            return;
        }
        const std::string name{scan_.take_name()};
        if (name.empty()) {
            scan_.fail("must be a statement");
        }
        if (name == "function") {
            enter_function();
        } else if (name == "end" || name == "endfunction" || name == "return") {
            finished_ = true;
        } else if (name == "define_constants") {
            for (const char* function : {"idx_bus", "idx_brch", "idx_gen", "idx_cost"}) {
                for (const NamedNumber& column : find_columns(function)) {
                    set(column.name, Matrix::scalar(column.value));
                }
            }
            end_statement();
        } else {
            assign(name, place);
            end_statement();
        }
    }

    void end_statement() {
        scan_.skip_blanks();
        scan_.skip_comment();
        if (!scan_.at_end() && !scan_.take_newline() && !scan_.consume(';') &&
            !scan_.consume(',')) {
            scan_.fail("statement must end here");
        }
    }

    /// `function mpc = case9` or `function [baseMVA, bus, gen, branch] = case9`; a second function
    /// ends the case.
    void enter_function() {
        if (!outcome_.function.empty()) {
            finished_ = true;
            return;
        }
        scan_.skip_blanks();
        std::vector<std::string> outputs;
        if (scan_.consume('[')) {
            outputs = take_names(']');
        } else {
            outputs.emplace_back(take_required_name());
        }
        scan_.skip_blanks();
        if (scan_.consume('=')) {
            scan_.skip_blanks();
            outcome_.function = take_required_name();
            outcome_.outputs = std::move(outputs);
        } else {
            outcome_.function = outputs.front();
        }
        scan_.skip_to_line_end(); // arguments of the function
    }

    /// `[PQ, PV, ~, REF] = idx_bus`: names for the columns, by position.
    void assign_columns() {
        scan_.advance();
        const std::vector<std::string> names = take_names(']');
        scan_.skip_blanks();
        expect('=');
        scan_.skip_blanks();
        const Place place = here();
        const std::string function{take_required_name()};
        const std::span<const NamedNumber> columns = find_columns(function);
        if (columns.empty()) {
            scan_.fail_at(place.line, place.column,
                          "must be idx_bus, idx_brch, idx_gen or idx_cost", function);
        }
        if (names.size() > columns.size()) {
            scan_.fail_at(place.line, place.column,
                          function + " gives " + std::to_string(columns.size()) + " values",
                          std::to_string(names.size()) + " names");
        }
        for (std::size_t k = 0; k < names.size(); ++k) {
            if (names[k] != "~") {
                set(names[k], Matrix::scalar(columns[k].value));
            }
        }
    }

    void assign(const std::string& name, Place place) {
        static constexpr std::array<std::string_view, 10> control = {
            "if", "else", "elseif", "for", "while", "switch", "case", "do", "try", "parfor"};
        if (std::ranges::find(control, name) != control.end()) {
            scan_.fail_at(place.line, place.column,
                          "loops and conditions are not supported in a case file", name);
        }
        scan_.skip_blanks();
        std::vector<Index> indices;
        const bool indexed = scan_.consume('(');
        if (indexed) {
            if (find_matrix(name) == nullptr) {
                scan_.fail_at(place.line, place.column, "must be a table assigned before", name);
            }
            indices = take_indices();
            scan_.skip_blanks();
        }
        if (scan_.peek() != '=' || scan_.peek(1) == '=') {
            scan_.fail_at(place.line, place.column, "must be an assignment", name);
        }
        scan_.advance();
        scan_.skip_blanks();
        const Place value_place = here();
        Value value = take_value();
        if (indexed) {
            store(name, place, indices, to_matrix(std::move(value), value_place));
        } else {
            set(name, std::move(value));
        }
    }

    /// `name(indices) = value`, into elements that exist.
    void store(const std::string& name, Place place, const std::vector<Index>& indices,
               const Matrix& value) {
        Matrix& target = *find_matrix(name);
        const auto [rows, columns] = select_block(target, indices, place);
        if (!value.is_scalar() && (value.n_row != rows.size() || value.n_col != columns.size())) {
            scan_.fail_at(place.line, place.column, "both sides must have the same size", name);
        }
        std::size_t k = 0;
        for (const std::size_t row : rows) {
            for (const std::size_t col : columns) {
                target(row, col) = value.values[value.is_scalar() ? 0 : k];
                ++k;
            }
        }
    }

    // Expressions, loosest binding first.

    Value take_value() {
        if (++depth_ > max_depth) {
            scan_.fail("must not be nested deeper than " + std::to_string(max_depth));
        }
        Value first = take_sum();
        skip_blanks_between();
        if (scan_.peek() == ':') {
            first = take_range(std::move(first));
        }
        --depth_;
        return first;
    }

    /// `first:last` or `first:step:last`.
    Value take_range(Value first_value) {
        const Place place = here();
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

    Value take_sum() {
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
            const Place place = here();
            scan_.advance();
            scan_.skip_blanks();
            left = combine_values(std::move(left), op, true, take_product(), place);
        }
    }

    Value take_product() {
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
            const Place place = here();
            scan_.advance(elementwise ? 2 : 1);
            scan_.skip_blanks();
            left = combine_values(std::move(left), op, elementwise, take_unary(), place);
        }
    }

    Value take_unary() {
        const Place place = here();
        if (scan_.consume('-')) {
            scan_.skip_blanks();
            return negate(to_matrix(nest([&] { return take_unary(); }), place));
        }
        if (scan_.consume('+')) {
            scan_.skip_blanks();
            return nest([&] { return take_unary(); });
        }
        return take_power();
    }

    Value take_power() {
        Value left = take_operand();
        while (scan_.peek() == '^' || (scan_.peek() == '.' && scan_.peek(1) == '^')) {
            const Place place = here();
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

    Value take_operand() {
        Value value = take_plain_operand();
        while (scan_.peek() == '\'' && std::holds_alternative<Matrix>(value)) {
            scan_.advance();
            value = transpose(std::get<Matrix>(value));
        }
        return value;
    }

    Value take_plain_operand() {
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
            expect(')');
            spaces_separate_ = outside;
            return value;
        }
        return take_named();
    }

    /// A variable, elements of one, a constant, a function call.
    Value take_named() {
        const Place place = here();
        const std::string name{scan_.take_name()};
        if (name.empty()) {
            scan_.fail("must be a number, a name, a text or a bracket");
        }
        const bool called = scan_.consume('(');
        if (const auto found = outcome_.variables.find(name); found != outcome_.variables.end()) {
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

    Matrix take_elements(const Matrix& table, Place place) {
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
    select_block(const Matrix& table, const std::vector<Index>& indices, Place place) const {
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
    std::vector<Index> take_indices() {
        const bool outside = std::exchange(spaces_separate_, false);
        std::vector<Index> indices;
        do {
            scan_.skip_blanks();
            if (scan_.peek() == ':') {
                scan_.advance();
                indices.emplace_back(std::nullopt);
            } else {
                const Place place = here();
                indices.emplace_back(to_matrix(take_value(), place));
            }
            scan_.skip_blanks();
        } while (scan_.consume(','));
        expect(')');
        spaces_separate_ = outside;
        return indices;
    }

    // Brackets.

    /// `[…]`: elements parted by blanks or commas, rows by semicolons or line ends.
    Value take_matrix() {
        const Place place = here();
        scan_.advance();
        const bool outside = std::exchange(spaces_separate_, true);
        Matrix matrix;
        std::size_t n_pending = 0; // values of the row being read
        Place row_place = here();
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
                row_place = here();
            }
            n_pending += take_element(matrix, n_pending);
            scan_.skip_blanks();
            static_cast<void>(scan_.consume(','));
        }
    }

    /// Appends one element of a row; gives how many values it has.
    std::size_t take_element(Matrix& matrix, std::size_t n_pending) {
        if (const std::optional<double> number = take_plain_number()) {
            matrix.values.push_back(*number);
            return 1;
        }
        const Place place = here();
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
    std::optional<double> take_plain_number() {
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
    [[nodiscard]] bool ends_element() const {
        static constexpr std::string_view enders = ",;]\n\r%#0123456789";
        std::size_t ahead = 0;
        while (scan_.peek(ahead) == ' ' || scan_.peek(ahead) == '\t') {
            ++ahead;
        }
        const char next = scan_.peek(ahead);
        const bool signed_element = ahead > 0 && next == '-' && scan_.peek(ahead + 1) != ' ' &&
                                    scan_.peek(ahead + 1) != '\t';
        return signed_element || (next != '\0' && enders.find(next) != std::string_view::npos);
    }

    void end_row(Matrix& matrix, std::size_t& n_pending, Place row_place) {
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
    Value take_cells() {
        const Place place = here();
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

    // Small verbs.

    /// Blanks between an operand and an operator. In a matrix a continuation is left to the caller.
    bool skip_blanks_between() {
        if (!spaces_separate_) {
            return scan_.skip_blanks();
        }
        const std::size_t before = scan_.position();
        while (scan_.peek() == ' ' || scan_.peek() == '\t') {
            scan_.advance();
        }
        return scan_.position() != before;
    }

    template <class Take>
    Value nest(Take take) {
        if (++depth_ > max_depth) {
            scan_.fail("must not be nested deeper than " + std::to_string(max_depth));
        }
        Value value = take();
        --depth_;
        return value;
    }

    Value combine_values(Value a, char op, bool elementwise, Value b, Place place) const {
        Computed computed = combine(to_matrix(std::move(a), place), op, elementwise,
                                    to_matrix(std::move(b), place));
        if (!computed.fault.empty()) {
            scan_.fail_at(place.line, place.column, std::string{computed.fault});
        }
        return std::move(computed.value);
    }

    Matrix to_matrix(Value value, Place place) const {
        Matrix* matrix = std::get_if<Matrix>(&value);
        if (matrix == nullptr) {
            scan_.fail_at(place.line, place.column, "must be a number or a table of numbers");
        }
        return std::move(*matrix);
    }

    double to_number(Value value, Place place) const {
        const Matrix matrix = to_matrix(std::move(value), place);
        if (!matrix.is_scalar()) {
            scan_.fail_at(place.line, place.column, "must be a number");
        }
        return matrix.values[0];
    }

    void set(std::string_view name, Value value) {
        outcome_.variables.insert_or_assign(std::string{name}, std::move(value));
    }

    Matrix* find_matrix(std::string_view name) {
        const auto found = outcome_.variables.find(name);
        return found == outcome_.variables.end() ? nullptr : std::get_if<Matrix>(&found->second);
    }

    void expect(char c) {
        if (!scan_.consume(c)) {
            scan_.fail(std::string{"expected '"} + c + "'");
        }
    }

    std::string_view take_required_name() {
        const std::string_view name = scan_.take_name();
        if (name.empty()) {
            scan_.fail("must be a name");
        }
        return name;
    }

    std::vector<std::string> take_names(char closing) {
        std::vector<std::string> names;
        while (true) {
            scan_.skip_blanks();
            if (scan_.consume(closing)) {
                return names;
            }
            if (scan_.consume(',')) {
                continue;
            }
            names.emplace_back(scan_.consume('~') ? std::string_view{"~"} : take_required_name());
        }
    }

    Scanner scan_;
    Outcome outcome_;
    bool spaces_separate_ = false; // inside [ ] and { }, outside of parentheses
    bool finished_ = false;
    int depth_ = 0;
};

} // namespace

Outcome run_program(std::string_view text, const std::string& file) {
    return Interpreter{text, file}.run();
}

} // namespace yuanwang::exchange::matlab
