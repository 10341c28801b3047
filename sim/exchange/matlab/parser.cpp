#include "exchange/matlab/parser.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "exchange/matlab/expression_parser.hpp"

namespace yuanwang::exchange::matlab {

namespace {

constexpr int max_block_depth = 100;

/// Words that may stand before plain words, `close all`, and change no table.
constexpr std::array<std::string_view, 14> commands = {
    "clc",  "close",  "format", "more", "warning", "hold",  "pkg",
    "echo", "figure", "disp",   "beep", "drawnow", "diary", "graphics_toolkit"};

bool contains(std::span<const std::string_view> words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

class StatementParser {
  public:
    StatementParser(std::string_view text, const std::string& file, int file_number)
        : scan_{text, file}, expressions_{scan_, file_number} {
        program_.file = file;
    }

    Program run() {
        program_.script = take_block();
        while (take_function()) {
        }
        if (!scan_.at_end()) {
            scan_.fail(program_.functions.empty() ? "closes nothing"
                                                  : "must not stand outside of a function");
        }
        return std::move(program_);
    }

  private:
    // Statements.

    /// Statements up to a word that closes them, which stays.
    Block take_block() {
        if (++depth_ > max_block_depth) {
            scan_.fail("must not be nested deeper than " + std::to_string(max_block_depth));
        }
        Block block;
        while (true) {
            skip_separators();
            if (scan_.at_end() || closes_block(peek_word())) {
                break;
            }
            block.push_back(take_statement());
        }
        --depth_;
        return block;
    }

    void skip_separators() {
        do {
            scan_.skip_lines();
        } while (scan_.consume(';') || scan_.consume(','));
    }

    static bool closes_block(std::string_view word) {
        constexpr std::array<std::string_view, 16> closing = {
            "end",   "endif",         "endfor", "endwhile",          "endswitch", "endparfor",
            "else",  "elseif",        "case",   "otherwise",         "function",  "endfunction",
            "catch", "end_try_catch", "until",  "end_unwind_protect"};
        return contains(closing, word);
    }

    std::string_view peek_word() {
        const Scanner::Mark before = scan_.mark();
        const std::string_view word = scan_.take_name();
        scan_.rewind(before);
        return word;
    }

    Statement take_statement() {
        const Spot spot = scan_.here();
        if (scan_.peek() == '[' && assigns_several()) {
            return finish({.spot = spot, .node = take_several()});
        }
        const std::string_view word = peek_word();
        if (word.empty()) {
            return take_value_statement(spot);
        }
        if (is_keyword(word)) {
            return take_control(spot, word);
        }
        if (word == "clear" || word == "clearvars") {
            scan_.advance(word.size());
            return finish({.spot = spot, .node = take_clearance()});
        }
        if (is_command(word)) {
            scan_.skip_to_line_end();
            return {.spot = spot, .node = Command{}};
        }
        return take_assignment(spot);
    }

    /// `warning off all`: a word, a blank, and then a word or a quote; no operator.
    bool is_command(std::string_view word) {
        const Scanner::Mark before = scan_.mark();
        scan_.advance(word.size());
        const bool blanks = scan_.skip_blanks();
        const char next = scan_.peek();
        const bool plain = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') ||
                           next == '\'' || next == '-';
        scan_.rewind(before);
        return blanks && plain && contains(commands, word);
    }

    Clearance take_clearance() {
        Clearance all;
        scan_.skip_blanks();
        while (scan_.peek() == '-') { // options
            while (!scan_.at_end() && scan_.peek() != ' ' && scan_.peek() != '\n' &&
                   scan_.peek() != ';') {
                scan_.advance();
            }
            scan_.skip_blanks();
        }
        for (std::string_view name = scan_.take_name(); !name.empty(); name = scan_.take_name()) {
            if (name != "all") {
                all.names.emplace_back(name);
            }
            scan_.skip_blanks();
        }
        return all;
    }

    Statement finish(Statement statement) {
        end_statement();
        return statement;
    }

    void end_statement() {
        scan_.skip_blanks();
        scan_.skip_comment();
        if (!scan_.at_end() && !scan_.take_newline() && !scan_.consume(';') &&
            !scan_.consume(',')) {
            scan_.fail("statement must end here");
        }
    }

    Statement take_assignment(Spot spot) {
        const Scanner::Mark before = scan_.mark();
        ExpressionPtr target = expressions_.take_access();
        scan_.skip_blanks();
        if (scan_.peek() != '=' || scan_.peek(1) == '=') {
            scan_.rewind(before);
            return take_value_statement(spot);
        }
        scan_.advance();
        scan_.skip_blanks();
        Assignment assignment;
        assignment.targets.push_back(std::move(target));
        assignment.value = expressions_.take_expression();
        return finish({.spot = spot, .node = std::move(assignment)});
    }

    Statement take_value_statement(Spot spot) {
        constexpr std::string_view starters = "+-~!(['\"{@.";
        const char next = scan_.peek();
        const bool letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
        const bool digit = next >= '0' && next <= '9';
        if (!letter && !digit && next != '_' &&
            (next == '\0' || starters.find(next) == std::string_view::npos)) {
            scan_.fail("must be a statement");
        }
        Evaluation evaluation{.value = expressions_.take_expression()};
        return finish({.spot = spot, .node = std::move(evaluation)});
    }

    /// True where the bracket that starts here stands left of an assignment.
    bool assigns_several() {
        const Scanner::Mark before = scan_.mark();
        int depth = 0;
        bool found = false;
        while (!scan_.at_end()) {
            scan_.skip_blanks();
            const char next = scan_.peek();
            if (next == '\n' || next == '\r' || next == '%') {
                break;
            }
            scan_.advance();
            depth += next == '[' || next == '(' || next == '{' ? 1 : 0;
            depth -= next == ']' || next == ')' || next == '}' ? 1 : 0;
            if (depth == 0) {
                scan_.skip_blanks();
                found = scan_.peek() == '=' && scan_.peek(1) != '=';
                break;
            }
        }
        scan_.rewind(before);
        return found;
    }

    /// `[PQ, PV, ~, REF] = idx_bus`.
    Assignment take_several() {
        scan_.advance();
        Assignment assignment;
        while (true) {
            scan_.skip_blanks();
            if (scan_.consume(']')) {
                break;
            }
            if (scan_.consume(',')) {
                continue;
            }
            if (scan_.consume('~')) {
                assignment.targets.push_back(nullptr);
                continue;
            }
            assignment.targets.push_back(expressions_.take_bracketed_access());
        }
        scan_.skip_blanks();
        scan_.expect('=');
        scan_.skip_blanks();
        assignment.value = expressions_.take_expression();
        return assignment;
    }

    // Control.

    Statement take_control(Spot spot, std::string_view word) {
        scan_.advance(word.size());
        scan_.skip_blanks();
        if (word == "if") {
            return {.spot = spot, .node = take_condition(spot)};
        }
        if (word == "for" || word == "parfor") {
            return {.spot = spot, .node = take_loop(spot)};
        }
        if (word == "while") {
            Repetition repetition{.condition = expressions_.take_expression(),
                                  .body = take_block()};
            close(spot, "loop", {"end", "endwhile"});
            return {.spot = spot, .node = std::move(repetition)};
        }
        if (word == "switch") {
            return {.spot = spot, .node = take_selection(spot)};
        }
        if (word == "break" || word == "continue" || word == "return") {
            const Jump jump = word == "break"      ? Jump::break_loop
                              : word == "continue" ? Jump::continue_loop
                                                   : Jump::return_function;
            return finish({.spot = spot, .node = jump});
        }
        if (word == "try") {
            return take_refused_block(spot, word, {"end", "end_try_catch"});
        }
        if (word == "global" || word == "persistent") {
            scan_.skip_to_line_end();
            return {.spot = spot,
                    .node = Refused{.rule = "is not supported in a case file",
                                    .got = std::string{word}}};
        }
        scan_.fail_at(spot.line, spot.column, "is not supported in a case file", std::string{word});
    }

    Condition take_condition(Spot spot) {
        Condition condition;
        condition.branches.push_back({expressions_.take_expression(), take_block()});
        while (true) {
            const std::string_view word = peek_word();
            scan_.advance(word.size());
            if (word == "elseif") {
                scan_.skip_blanks();
                ExpressionPtr next = expressions_.take_expression();
                condition.branches.push_back({std::move(next), take_block()});
            } else if (word == "else") {
                condition.branches.push_back({nullptr, take_block()});
            } else if (word == "end" || word == "endif") {
                end_statement();
                return condition;
            } else {
                scan_.fail_at(spot.line, spot.column, "condition without an end");
            }
        }
    }

    Loop take_loop(Spot spot) {
        const bool in_parentheses = scan_.consume('(');
        scan_.skip_blanks();
        Loop loop{.variable = take_required_name(), .range = nullptr, .body = {}};
        scan_.skip_blanks();
        scan_.expect('=');
        scan_.skip_blanks();
        loop.range = expressions_.take_expression();
        scan_.skip_blanks();
        if (in_parentheses) {
            scan_.expect(')');
        }
        loop.body = take_block();
        close(spot, "loop", {"end", "endfor", "endparfor"});
        return loop;
    }

    Selection take_selection(Spot spot) {
        Selection selection{.subject = expressions_.take_expression(), .cases = {}};
        skip_separators();
        while (true) {
            const std::string_view word = peek_word();
            if (word != "case" && word != "otherwise") {
                break;
            }
            scan_.advance(word.size());
            scan_.skip_blanks();
            ExpressionPtr label = word == "case" ? expressions_.take_expression() : nullptr;
            selection.cases.push_back({std::move(label), take_block()});
        }
        close(spot, "switch", {"end", "endswitch"});
        return selection;
    }

    /// A block the language has and case files must not run.
    Statement take_refused_block(Spot spot, std::string_view word,
                                 std::initializer_list<std::string_view> closing) {
        const std::string name{word};
        static_cast<void>(take_block());
        if (peek_word() == "catch") {
            scan_.skip_to_line_end();
            static_cast<void>(take_block());
        }
        close(spot, name, closing);
        return {.spot = spot,
                .node = Refused{.rule = "is not supported in a case file", .got = name}};
    }

    void close(Spot spot, const std::string& what, std::initializer_list<std::string_view> words) {
        const std::string_view word = peek_word();
        if (std::ranges::find(words, word) == words.end()) {
            scan_.fail_at(spot.line, spot.column, what + " without an end");
        }
        scan_.advance(word.size());
        end_statement();
    }

    // Functions.

    /// `function mpc = case9` or `function [baseMVA, bus, gen, branch] = case9(x)`.
    bool take_function() {
        skip_separators();
        if (peek_word() != "function") {
            return false;
        }
        Function function;
        function.spot = scan_.here();
        scan_.advance(std::string_view{"function"}.size());
        scan_.skip_blanks();
        if (scan_.consume('[')) {
            function.outputs = take_names(']');
            scan_.skip_blanks();
            scan_.expect('=');
            scan_.skip_blanks();
            function.name = take_required_name();
        } else {
            function.name = take_required_name();
            scan_.skip_blanks();
            if (scan_.consume('=')) {
                scan_.skip_blanks();
                function.outputs = {std::exchange(function.name, take_required_name())};
            }
        }
        scan_.skip_blanks();
        if (scan_.consume('(')) {
            function.parameters = take_names(')');
        }
        function.body = take_block();
        const std::string_view word = peek_word();
        if (word == "end" || word == "endfunction") {
            scan_.advance(word.size());
        }
        program_.functions.push_back(std::move(function));
        return true;
    }

    std::string take_required_name() {
        std::string name{scan_.take_name()};
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
            if (!scan_.consume(',')) {
                names.push_back(scan_.consume('~') ? "~" : take_required_name());
            }
        }
    }

    Scanner scan_;
    ExpressionParser expressions_;
    Program program_;
    int depth_ = 0;
};

} // namespace

Program parse_program(std::string_view text, const std::string& file, int file_number) {
    return StatementParser{text, file, file_number}.run();
}

} // namespace yuanwang::exchange::matlab
