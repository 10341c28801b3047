#include "exchange/matlab_program.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "exchange/matlab_evaluator.hpp"
#include "exchange/matlab_scanner.hpp"
#include "exchange/matpower_columns.hpp"

namespace yuanwang::exchange::matlab {

namespace {

/// Runs statement by statement: a straight line, with switches that are known where they stand, needs no tree.
class Interpreter {
  public:
    Interpreter(std::string_view text, const std::string& file)
        : scan_{text, file}, evaluate_{scan_, outcome_.variables} {}

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
    void skip_separators() {
        do {
            scan_.skip_lines();
        } while (scan_.consume(';') || scan_.consume(','));
    }

    void run_statement() {
        const Spot place = scan_.here();
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
        } else if (name == "if") {
            enter_switch(place);
        } else if (n_open_ > 0 && (name == "else" || name == "end" || name == "endif")) {
            --n_open_;
            if (name == "else") {
                static_cast<void>(skip_branch(place));
            }
            end_statement();
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

    [[noreturn]] void refuse(Spot place, std::string_view name) const {
        scan_.fail_at(place.line, place.column,
                      "loops and conditions are not supported in a case file", std::string{name});
    }

    /// `if fixed` on a line of its own, where `fixed` is a number given before: a switch by which a case offers a variant.
    void enter_switch(Spot place) {
        scan_.skip_blanks();
        const Matrix* const given = find_matrix(scan_.take_name());
        scan_.skip_blanks();
        scan_.skip_comment();
        if (given == nullptr || !given->is_scalar() || !scan_.take_newline()) {
            refuse(place, "if");
        }
        if (given->values.front() != 0) {
            ++n_open_;
        } else if (skip_branch(place)) {
            ++n_open_;
        }
    }

    /// Skips the lines of a branch that is not taken; true where `else` ended it, false where `end` did.
    bool skip_branch(Spot place) {
        static constexpr std::array<std::string_view, 7> opening = {
            "if", "for", "while", "switch", "parfor", "do", "try"};
        for (int depth = 0;;) {
            scan_.skip_lines();
            if (scan_.at_end()) {
                scan_.fail_at(place.line, place.column, "condition without an end");
            }
            const std::string_view name = scan_.take_name();
            if (depth == 0 && name == "elseif") {
                refuse(place, name);
            }
            if (depth == 0 && name == "else") {
                return true;
            }
            if (std::ranges::find(opening, name) != opening.end()) {
                ++depth;
            } else if (name == "end" || name == "endif" || name == "until") {
                if (depth == 0) {
                    return false;
                }
                --depth;
            }
            scan_.skip_to_line_end();
        }
    }

    /// `[PQ, PV, ~, REF] = idx_bus`: names for the columns, by position.
    void assign_columns() {
        scan_.advance();
        const std::vector<std::string> names = take_names(']');
        scan_.skip_blanks();
        scan_.expect('=');
        scan_.skip_blanks();
        const Spot place = scan_.here();
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

    void assign(const std::string& name, Spot place) {
        static constexpr std::array<std::string_view, 9> control = {
            "else", "elseif", "for", "while", "switch", "case", "do", "try", "parfor"};
        if (std::ranges::find(control, name) != control.end()) {
            refuse(place, name);
        }
        scan_.skip_blanks();
        std::vector<Index> indices;
        const bool indexed = scan_.consume('(');
        if (indexed) {
            if (find_matrix(name) == nullptr) {
                scan_.fail_at(place.line, place.column, "must be a table assigned before", name);
            }
            indices = evaluate_.take_indices();
            scan_.skip_blanks();
        }
        if (scan_.peek() != '=' || scan_.peek(1) == '=') {
            scan_.fail_at(place.line, place.column, "must be an assignment", name);
        }
        scan_.advance();
        scan_.skip_blanks();
        const Spot value_place = scan_.here();
        Value value = evaluate_.take_value();
        if (indexed) {
            store(name, place, indices, evaluate_.to_matrix(std::move(value), value_place));
        } else {
            set(name, std::move(value));
        }
    }

    /// `name(indices) = value`, into elements that exist.
    void store(const std::string& name, Spot place, const std::vector<Index>& indices,
               const Matrix& value) {
        Matrix& target = *find_matrix(name);
        const auto [rows, columns] = evaluate_.select_block(target, indices, place);
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

    void set(std::string_view name, Value value) {
        outcome_.variables.insert_or_assign(std::string{name}, std::move(value));
    }

    Matrix* find_matrix(std::string_view name) {
        const auto found = outcome_.variables.find(name);
        return found == outcome_.variables.end() ? nullptr : std::get_if<Matrix>(&found->second);
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
    Evaluator evaluate_;
    bool finished_ = false;
    int n_open_ = 0; ///< switches whose branch is being read
};

} // namespace

Outcome run_program(std::string_view text, const std::string& file) {
    return Interpreter{text, file}.run();
}

} // namespace yuanwang::exchange::matlab
