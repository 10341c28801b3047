#include "exchange/matlab/expression_parser.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace yuanwang::exchange::matlab {

namespace {

constexpr int max_depth = 200;

constexpr std::array<std::string_view, 30> keywords = {
    "if",       "elseif",     "else",     "end",         "endif",     "for",       "endfor",
    "while",    "endwhile",   "switch",   "case",        "otherwise", "endswitch", "break",
    "continue", "return",     "function", "endfunction", "try",       "catch",     "end_try_catch",
    "global",   "persistent", "parfor",   "endparfor",   "do",        "until",     "unwind_protect",
    "spmd",     "classdef"};

} // namespace

bool is_keyword(std::string_view word) {
    return std::ranges::find(keywords, word) != keywords.end();
}

ExpressionPtr ExpressionParser::make(Spot spot, decltype(Expression::node) node) const {
    return std::make_unique<Expression>(Expression{.spot = spot, .node = std::move(node)});
}

void ExpressionParser::enter() {
    if (++depth_ > max_depth) {
        scan_.fail("must not be nested deeper than " + std::to_string(max_depth));
    }
}

ExpressionPtr ExpressionParser::take_expression() {
    enter();
    ExpressionPtr made = take_short_circuit(true);
    leave();
    return made;
}

/// Operands of || (until true) or of && (until false).
ExpressionPtr ExpressionParser::take_short_circuit(bool until) {
    const auto take_operand = [&] { return until ? take_short_circuit(false) : take_level(0); };
    const std::string_view symbol = until ? "||" : "&&";
    const Spot spot = scan_.here();
    ExpressionPtr first = take_operand();
    ShortCircuit all{.until = until, .operands = {}};
    while (true) {
        const Scanner::Mark before = scan_.mark();
        scan_.skip_blanks();
        if (!scan_.consume(symbol)) {
            scan_.rewind(before);
            break;
        }
        scan_.skip_blanks();
        if (all.operands.empty()) {
            all.operands.push_back(std::move(first));
        }
        all.operands.push_back(take_operand());
    }
    return all.operands.empty() ? std::move(first) : make(spot, std::move(all));
}

/// One operator of a set between blanks; in brackets, none that begins an element.
std::optional<Operator> ExpressionParser::take_operator(std::initializer_list<Symbol> symbols) {
    const Scanner::Mark before = scan_.mark();
    const bool blanks = scan_.skip_blanks();
    for (const auto& [text, op] : symbols) {
        if (!scan_.consume(text)) {
            continue;
        }
        const bool sign = op == Operator::plus || op == Operator::minus;
        const char next = scan_.peek();
        const bool begins_element = sign && blanks_part_ && blanks && next != ' ' && next != '\t';
        const bool doubled = (text == "&" || text == "|") && next == text.front();
        if (begins_element || doubled) {
            break;
        }
        scan_.skip_blanks();
        return op;
    }
    scan_.rewind(before);
    return std::nullopt;
}

/// Levels of operators that bind from left to right; longer symbols first.
std::optional<Operator> ExpressionParser::take_level_operator(std::size_t level) {
    switch (level) {
    case 0:
        return take_operator({{"|", Operator::disjunction}});
    case 1:
        return take_operator({{"&", Operator::conjunction}});
    case 2:
        return take_operator({{"<=", Operator::less_equal},
                              {"<", Operator::less},
                              {">=", Operator::greater_equal},
                              {">", Operator::greater},
                              {"==", Operator::equal},
                              {"~=", Operator::not_equal},
                              {"!=", Operator::not_equal}});
    case 3:
        return take_operator({{"+", Operator::plus}, {"-", Operator::minus}});
    default:
        return take_operator({{".*", Operator::each_times},
                              {"./", Operator::each_divide},
                              {".\\", Operator::each_left_divide},
                              {"*", Operator::times},
                              {"/", Operator::divide},
                              {"\\", Operator::left_divide}});
    }
}

ExpressionPtr ExpressionParser::take_level(std::size_t level) {
    constexpr std::size_t comparison = 2;
    constexpr std::size_t product = 4;
    const auto take_operand = [&] {
        return level == comparison ? take_range()
               : level == product  ? take_signed()
                                   : take_level(level + 1);
    };
    const Spot spot = scan_.here();
    ExpressionPtr first = take_operand();
    Chain chain;
    while (true) {
        const Spot at = scan_.here();
        const std::optional<Operator> op = take_level_operator(level);
        if (!op) {
            break;
        }
        chain.links.push_back({*op, at, take_operand()});
    }
    if (chain.links.empty()) {
        return first;
    }
    chain.first = std::move(first);
    return make(spot, std::move(chain));
}

/// `first:last` or `first:step:last`.
ExpressionPtr ExpressionParser::take_range() {
    constexpr std::size_t sum = 3;
    const Spot spot = scan_.here();
    ExpressionPtr first = take_level(sum);
    if (!ends_before(':')) {
        return first;
    }
    Range range{.first = std::move(first), .step = nullptr, .last = nullptr};
    for (int k = 0; k < 2 && ends_before(':'); ++k) {
        scan_.skip_blanks();
        scan_.advance();
        scan_.skip_blanks();
        if (k == 1) {
            range.step = std::move(range.last);
        }
        range.last = take_level(sum);
    }
    return make(spot, std::move(range));
}

/// True where, blanks apart, the symbol comes next.
bool ExpressionParser::ends_before(char symbol) const {
    std::size_t ahead = 0;
    while (scan_.peek(ahead) == ' ' || scan_.peek(ahead) == '\t') {
        ++ahead;
    }
    return scan_.peek(ahead) == symbol;
}

ExpressionPtr ExpressionParser::take_signed() {
    const Spot spot = scan_.here();
    const char next = scan_.peek();
    const bool negation = (next == '~' || next == '!') && scan_.peek(1) != '=';
    if (next != '-' && next != '+' && !negation) {
        return take_power();
    }
    scan_.advance();
    scan_.skip_blanks();
    enter();
    ExpressionPtr operand = take_signed();
    leave();
    const Operator sign = negation      ? Operator::negation
                          : next == '-' ? Operator::minus
                                        : Operator::plus;
    return make(spot, Prefixed{.sign = sign, .operand = std::move(operand)});
}

ExpressionPtr ExpressionParser::take_power() {
    const Spot spot = scan_.here();
    ExpressionPtr first = take_access();
    Chain chain;
    while (true) {
        const Scanner::Mark before = scan_.mark();
        const bool blanks = scan_.skip_blanks();
        const Spot at = scan_.here();
        if (scan_.consume(".^") || scan_.consume('^')) {
            const bool each = at.column + 2 == scan_.here().column;
            scan_.skip_blanks();
            chain.links.push_back(
                {each ? Operator::each_power : Operator::power, at, take_exponent()});
        } else if (scan_.consume(".'") || (!(blanks && blanks_part_) && scan_.consume('\''))) {
            chain.links.push_back({Operator::transpose, at, nullptr});
        } else {
            scan_.rewind(before);
            break;
        }
    }
    if (chain.links.empty()) {
        return first;
    }
    chain.first = std::move(first);
    return make(spot, std::move(chain));
}

/// What stands right of ^: signs bind tighter there than further powers.
ExpressionPtr ExpressionParser::take_exponent() {
    const Spot spot = scan_.here();
    if (scan_.peek() != '-' && scan_.peek() != '+') {
        return take_access();
    }
    const Operator sign = scan_.peek() == '-' ? Operator::minus : Operator::plus;
    scan_.advance();
    scan_.skip_blanks();
    enter();
    ExpressionPtr operand = take_exponent();
    leave();
    return make(spot, Prefixed{.sign = sign, .operand = std::move(operand)});
}

ExpressionPtr ExpressionParser::take_access() {
    ExpressionPtr base = take_primary();
    take_steps(base, base->as<Name>() != nullptr);
    return base;
}

ExpressionPtr ExpressionParser::take_bracketed_access() {
    const bool outside = std::exchange(blanks_part_, true);
    ExpressionPtr access = take_access();
    blanks_part_ = outside;
    return access;
}

/// Appends `(…)`, `{…}` and `.name`. A blank before a parenthesis is allowed after a name, outside of brackets.
void ExpressionParser::take_steps(ExpressionPtr& base, bool blanks_before) {
    Access access;
    while (true) {
        const Scanner::Mark before = scan_.mark();
        const bool blanks = scan_.skip_blanks();
        const char next = scan_.peek();
        const char second = scan_.peek(1);
        const bool letter =
            (second >= 'a' && second <= 'z') || (second >= 'A' && second <= 'Z') || second == '(';
        const bool step = next == '(' || (next == '{' && !blanks) || (next == '.' && letter);
        if (!step || (blanks && (blanks_part_ || !blanks_before))) {
            scan_.rewind(before);
            break;
        }
        access.steps.push_back(take_step());
    }
    if (!access.steps.empty()) {
        const Spot spot = base->spot;
        access.base = std::move(base);
        base = make(spot, std::move(access));
    }
}

Access::Step ExpressionParser::take_step() {
    const Spot spot = scan_.here();
    Access::Step step{.kind = Access::Kind::field, .spot = spot, .arguments = {}, .field = {}};
    if (scan_.consume('(')) {
        step.kind = Access::Kind::parentheses;
        step.arguments = take_arguments(')');
    } else if (scan_.consume('{')) {
        step.kind = Access::Kind::braces;
        step.arguments = take_arguments('}');
    } else if (scan_.consume(".(")) {
        step.arguments = take_arguments(')');
        if (step.arguments.size() != 1) {
            scan_.fail_at(spot.line, spot.column, "must name one field");
        }
    } else {
        scan_.advance();
        step.field = scan_.take_name();
    }
    return step;
}

/// Indices or arguments after their opening bracket.
Expressions ExpressionParser::take_arguments(char closing) {
    const bool outside = std::exchange(blanks_part_, false);
    ++n_index_;
    Expressions arguments;
    scan_.skip_blanks();
    while (!scan_.consume(closing)) {
        const Spot spot = scan_.here();
        if (scan_.peek() == ':') {
            scan_.advance();
            arguments.push_back(make(spot, AllOf{}));
        } else {
            arguments.push_back(take_expression());
        }
        scan_.skip_blanks();
        if (!scan_.consume(',')) {
            scan_.expect(closing);
            break;
        }
        scan_.skip_blanks();
    }
    --n_index_;
    blanks_part_ = outside;
    return arguments;
}

ExpressionPtr ExpressionParser::take_primary() {
    const Spot spot = scan_.here();
    if (const std::optional<double> number = scan_.take_number()) {
        return make(spot, Constant{Matrix::scalar(*number)});
    }
    const char next = scan_.peek();
    if (next == '\'' || next == '"') {
        return make(spot, Constant{scan_.take_string()});
    }
    if (next == '[') {
        return take_bracket();
    }
    if (next == '{') {
        return take_braces();
    }
    if (next == '@') {
        return take_handle();
    }
    if (scan_.consume('(')) {
        const bool outside = std::exchange(blanks_part_, false);
        scan_.skip_blanks();
        ExpressionPtr inner = take_expression();
        scan_.skip_blanks();
        scan_.expect(')');
        blanks_part_ = outside;
        return inner;
    }
    const Scanner::Mark before = scan_.mark();
    std::string name{scan_.take_name()};
    if (name == "end" && n_index_ > 0) {
        return make(spot, LastOf{});
    }
    if (name.empty() || is_keyword(name)) {
        scan_.rewind(before);
        scan_.fail("must be a number, a name, a text or a bracket");
    }
    return make(spot, Name{std::move(name)});
}

/// `@name` or `@(x, y) expression`.
ExpressionPtr ExpressionParser::take_handle() {
    const Spot spot = scan_.here();
    scan_.advance();
    if (scan_.consume('(')) {
        while (!scan_.at_end() && scan_.peek() != ')' && scan_.peek() != '\n') {
            scan_.advance();
        }
        scan_.expect(')');
        scan_.skip_blanks();
        static_cast<void>(take_expression());
    } else if (scan_.take_name().empty()) {
        scan_.fail("must be a function name");
    }
    return make(spot,
                Refused{.rule = "function handles are not supported in a case file", .got = "@"});
}

} // namespace yuanwang::exchange::matlab
