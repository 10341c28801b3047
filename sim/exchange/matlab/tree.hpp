/// @file
/// A MATLAB text as a tree: expressions, statements, functions. Chains of operators are lists, so
/// depth is that of brackets and blocks only, which the parser bounds.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "exchange/matlab/scanner.hpp"
#include "exchange/matlab/value.hpp"

namespace yuanwang::exchange::matlab {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;
using Expressions = std::vector<ExpressionPtr>;

enum class Operator : unsigned char {
    plus,
    minus,
    times,       ///< *
    divide,      ///< /
    left_divide, ///< backslash
    power,       ///< ^
    each_times,  ///< .*
    each_divide,
    each_left_divide,
    each_power,
    transpose, ///< ' and .'; nothing at its right
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,
    conjunction, ///< &
    disjunction, ///< |
    negation,    ///< ~; nothing at its left
};

/// Number, text, or a table of numbers.
struct Constant {
    Value value;
};
struct Name {
    std::string name;
};
/// `:` alone as an index.
struct AllOf {};
/// `end` in an index.
struct LastOf {};
struct Prefixed {
    Operator sign; ///< plus, minus or negation
    ExpressionPtr operand;
};
/// `first op operand op operand …`, from left to right.
struct Chain {
    struct Link {
        Operator op;
        Spot spot;
        ExpressionPtr operand; ///< none for a transpose
    };
    ExpressionPtr first;
    std::vector<Link> links;
};
/// `a && b && …` or `a || b || …`: the first operand that decides ends it.
struct ShortCircuit {
    bool until; ///< value that ends it: true for ||
    Expressions operands;
};
struct Range {
    ExpressionPtr first;
    ExpressionPtr step; ///< none: 1
    ExpressionPtr last;
};
/// `base(…)`, `base{…}`, `base.name`, `base.(…)`, one after the other.
struct Access {
    enum class Kind : unsigned char { parentheses, braces, field };
    struct Step {
        Kind kind;
        Spot spot;
        Expressions arguments; ///< of a field: its name as an expression, where it is computed
        std::string field;
    };
    ExpressionPtr base;
    std::vector<Step> steps;
};
/// `[…]`, row by row.
struct Bracket {
    struct Row {
        Spot spot;
        Expressions elements;
    };
    std::vector<Row> rows;
};
/// `{…}`, row by row.
struct Braces {
    std::vector<Bracket::Row> rows;
};
/// What the language has and this reader does not: a fault where it is evaluated, nothing where it is not.
struct Refused {
    std::string rule;
    std::string got;
};

struct Expression {
    Spot spot;
    std::variant<Constant, Name, AllOf, LastOf, Prefixed, Chain, ShortCircuit, Range, Access,
                 Bracket, Braces, Refused>
        node;

    template <class T>
    [[nodiscard]] const T* as() const {
        return std::get_if<T>(&node);
    }
};

struct Statement;
using Block = std::vector<Statement>;

/// `target = value` or `[target, ~, target] = value`; a missing target takes nothing.
struct Assignment {
    std::vector<ExpressionPtr> targets; ///< `Name` or `Access`
    ExpressionPtr value;
};
/// A value that is computed and printed.
struct Evaluation {
    ExpressionPtr value;
};
struct Condition {
    struct Branch {
        ExpressionPtr condition; ///< none: else
        Block body;
    };
    std::vector<Branch> branches;
};
struct Loop {
    std::string variable;
    ExpressionPtr range; ///< its columns, one after the other
    Block body;
};
struct Repetition {
    ExpressionPtr condition;
    Block body;
};
struct Selection {
    struct Case {
        ExpressionPtr label; ///< none: otherwise
        Block body;
    };
    ExpressionPtr subject;
    std::vector<Case> cases;
};
enum class Jump : unsigned char { break_loop, continue_loop, return_function };
/// `clear a b`; all variables where none is named.
struct Clearance {
    std::vector<std::string> names;
};

/// `format long`, `close all`: changes no value.
struct Command {};

struct Statement {
    Spot spot;
    std::variant<Assignment, Evaluation, Condition, Loop, Repetition, Selection, Jump, Clearance,
                 Command, Refused>
        node;
};

struct Function {
    Spot spot;
    std::string name;
    std::vector<std::string> outputs;
    std::vector<std::string> parameters;
    Block body;
};

/// A file: a script, or functions of which the first is the case.
struct Program {
    std::string file;
    Block script;
    std::vector<Function> functions;
};

} // namespace yuanwang::exchange::matlab
