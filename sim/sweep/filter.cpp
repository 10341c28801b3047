#include "sweep/filter.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "core/error.hpp"
#include "scenario/reader.hpp"

namespace yuanwang::sweep {

namespace {

using Value = std::variant<double, std::string, bool>;

/// Why a condition says nothing; `Filter` adds the place.
struct Senseless {
    std::string rule;
};

double as_number(const Value& value) {
    if (const double* number = std::get_if<double>(&value)) {
        return *number;
    }
    throw Senseless{
        std::holds_alternative<bool>(value)
            ? "must not reckon with a condition"
            : fmt::format("must not reckon with text, here `{}`", std::get<std::string>(value))};
}

bool as_truth(const Value& value) {
    if (const bool* truth = std::get_if<bool>(&value)) {
        return *truth;
    }
    throw Senseless{"must be a condition, such as e_max_mwh <= 400"};
}

bool compare(std::string_view op, const Value& a, const Value& b) {
    if (op == "==" || op == "!=") {
        if (a.index() != b.index()) {
            throw Senseless{"must not compare a number with text"};
        }
        return (a == b) == (op == "==");
    }
    const double x = as_number(a);
    const double y = as_number(b);
    return op == "<" ? x < y : op == "<=" ? x <= y : op == ">" ? x > y : x >= y;
}

Value read_point(const std::string& text) {
    if (const auto number = scenario::parse_number(text)) {
        return *number;
    }
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return quoted ? text.substr(1, text.size() - 2) : text;
}

} // namespace

struct Filter::Expression {
    std::function<Value(const Combination&)> evaluate;
};

namespace {

using Evaluate = std::function<Value(const Combination&)>;

/// Recursive descent, one function per level of precedence.
class ConditionReader {
  public:
    ConditionReader(std::string_view text, const std::vector<Axis>& axes)
        : rest_{text}, axes_{axes} {}

    Evaluate read() {
        Evaluate condition = read_or();
        skip_blanks();
        if (!rest_.empty()) {
            throw Senseless{fmt::format("cannot be read from `{}` on", rest_)};
        }
        return condition;
    }

  private:
    Evaluate read_or() {
        Evaluate left = read_and();
        while (take_word("or")) {
            left = [a = std::move(left), b = read_and()](const Combination& m) -> Value {
                const bool first = as_truth(a(m));
                return as_truth(b(m)) || first;
            };
        }
        return left;
    }

    Evaluate read_and() {
        Evaluate left = read_not();
        while (take_word("and")) {
            left = [a = std::move(left), b = read_not()](const Combination& m) -> Value {
                const bool first = as_truth(a(m));
                return as_truth(b(m)) && first;
            };
        }
        return left;
    }

    Evaluate read_not() {
        if (take_word("not")) {
            return [a = read_not()](const Combination& m) -> Value { return !as_truth(a(m)); };
        }
        return read_comparison();
    }

    Evaluate read_comparison() {
        Evaluate left = read_sum();
        for (const char* op : {"<=", ">=", "==", "!=", "<", ">"}) {
            if (take(op)) {
                return [op, a = std::move(left), b = read_sum()](const Combination& m) -> Value {
                    return compare(op, a(m), b(m));
                };
            }
        }
        return left;
    }

    Evaluate read_sum() {
        Evaluate left = read_product();
        while (true) {
            if (take("+")) {
                left = join(std::move(left), read_product(), std::plus{});
            } else if (take("-")) {
                left = join(std::move(left), read_product(), std::minus{});
            } else {
                return left;
            }
        }
    }

    Evaluate read_product() {
        Evaluate left = read_signed();
        while (true) {
            if (take("*")) {
                left = join(std::move(left), read_signed(), std::multiplies{});
            } else if (take("/")) {
                left = join(std::move(left), read_signed(), std::divides{});
            } else {
                return left;
            }
        }
    }

    template <class Operation>
    static Evaluate join(Evaluate left, Evaluate right, Operation operation) {
        return
            [a = std::move(left), b = std::move(right), operation](const Combination& m) -> Value {
                return operation(as_number(a(m)), as_number(b(m)));
            };
    }

    Evaluate read_signed() {
        if (take("-")) {
            return [a = read_signed()](const Combination& m) -> Value { return -as_number(a(m)); };
        }
        if (take("(")) {
            Evaluate inner = read_or();
            if (!take(")")) {
                throw Senseless{"lacks a `)`"};
            }
            return inner;
        }
        return read_value();
    }

    Evaluate read_value() {
        skip_blanks();
        if (!rest_.empty() && rest_.front() == '\'') {
            const std::size_t end = rest_.find('\'', 1);
            if (end == std::string_view::npos) {
                throw Senseless{"lacks a closing quote"};
            }
            const std::string text{rest_.substr(1, end - 1)};
            rest_.remove_prefix(end + 1);
            return [text](const Combination&) -> Value { return text; };
        }
        const std::string word = take_name();
        if (word.empty()) {
            throw Senseless{rest_.empty() ? "ends too early"
                                          : fmt::format("cannot be read from `{}` on", rest_)};
        }
        if (const auto number = scenario::parse_number(word)) {
            return [value = *number](const Combination&) -> Value { return value; };
        }
        return [row = find_axis(word)](const Combination& m) -> Value {
            return read_point(m[row].text);
        };
    }

    std::size_t find_axis(const std::string& word) const {
        const auto there = std::ranges::find(axes_, word, &Axis::name);
        if (there == axes_.end()) {
            std::vector<std::string> names;
            std::ranges::transform(axes_, std::back_inserter(names), &Axis::name);
            const std::string_view nearest = find_nearest(word, names);
            throw Senseless{fmt::format("must name axes, not `{}`", word) +
                            (nearest.empty() ? "" : fmt::format(" (nearest: `{}`)", nearest))};
        }
        return static_cast<std::size_t>(there - axes_.begin());
    }

    static bool is_name(char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x80 || std::isalnum(byte) != 0 || c == '_' || c == '.' || c == '[' ||
               c == ']';
    }

    void skip_blanks() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
    }

    bool take(std::string_view sign) {
        skip_blanks();
        const bool is_there = rest_.starts_with(sign);
        rest_.remove_prefix(is_there ? sign.size() : 0);
        return is_there;
    }

    bool take_word(std::string_view word) {
        skip_blanks();
        if (rest_.starts_with(word) &&
            (rest_.size() == word.size() || !is_name(rest_[word.size()]))) {
            rest_.remove_prefix(word.size());
            return true;
        }
        return false;
    }

    std::string take_name() {
        skip_blanks();
        const auto end = std::ranges::find_if_not(rest_, is_name);
        std::string name{rest_.begin(), end};
        rest_.remove_prefix(name.size());
        return name;
    }

    std::string_view rest_;
    const std::vector<Axis>& axes_;
};

[[noreturn]] void refuse(const Written& condition, std::string rule) {
    throw InputError{Fault{condition.place, "filters", std::move(rule), condition.text}};
}

} // namespace

Filter::Filter(const Written& condition, const std::vector<Axis>& axes) : condition_{condition} {
    try {
        expression_ =
            std::make_unique<Expression>(Expression{ConditionReader{condition_.text, axes}.read()});
    } catch (const Senseless& fault) {
        refuse(condition_, fault.rule);
    }
}

Filter::~Filter() = default;
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;

bool Filter::holds(const Combination& points) const {
    try {
        return as_truth(expression_->evaluate(points));
    } catch (const Senseless& fault) {
        refuse(condition_, fault.rule);
    }
}

std::vector<Combination> keep_filtered(const SweepFile& sweep, std::vector<Combination> layout) {
    for (const Written& condition : sweep.filters) {
        const Filter filter{condition, sweep.axes};
        std::erase_if(layout, [&](const Combination& points) { return !filter.holds(points); });
        if (layout.empty()) {
            refuse(condition, "leaves no member");
        }
    }
    return layout;
}

} // namespace yuanwang::sweep
