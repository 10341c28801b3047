/// @file
/// Values of expressions, and values stored into parts of variables.
///
/// A variable that is read is not copied: an `Operand` refers to it until something new is made of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/matlab/indexing.hpp"
#include "exchange/matlab/tree.hpp"
#include "exchange/matlab/value.hpp"

namespace yuanwang::exchange::matlab {

/// What an evaluator asks of the function it runs in.
class Surroundings {
  public:
    virtual ~Surroundings() = default;
    [[nodiscard]] virtual const Value* find_variable(std::string_view name) const = 0;
    /// Calls a function, or finds a constant; a fault where there is none of that name.
    [[nodiscard]] virtual std::vector<Value>
    call(const std::string& name, std::vector<Value> arguments, std::size_t n_asked, Spot spot) = 0;
    /// Counts numbers made; a fault where a file makes too many.
    virtual void spend(std::size_t numbers, Spot spot) = 0;
    [[nodiscard]] virtual const std::string& file() const = 0;
    [[nodiscard]] virtual int file_number() const = 0;
    [[noreturn]] void fail(Spot spot, std::string rule, std::string got = {}) const;
};

/// A value of its own, or one that a variable holds.
class Operand {
  public:
    explicit Operand(const Value& held) : held_{&held} {}
    explicit Operand(Value&& own) : own_{std::move(own)} {}
    [[nodiscard]] const Value& get() const { return held_ != nullptr ? *held_ : own_; }
    [[nodiscard]] Value take() { return held_ != nullptr ? *held_ : std::move(own_); }
    [[nodiscard]] bool refers() const { return held_ != nullptr; }

  private:
    const Value* held_ = nullptr;
    Value own_;
};

class Evaluator {
  public:
    explicit Evaluator(Surroundings& around) : around_{around} {}

    [[nodiscard]] Operand evaluate(const Expression& expression);
    /// Values of a call that gives several; one of anything else.
    [[nodiscard]] std::vector<Value> evaluate_several(const Expression& expression,
                                                      std::size_t n_asked);
    /// True where every element is, and there is one.
    [[nodiscard]] bool is_true(const Expression& condition);

    /// Stores into `root` what stands behind the first steps of a target; `[]` as a value takes elements out.
    void store(Value& root, const std::vector<Access::Step>& steps, std::size_t first, Value value,
               bool removes);

  private:
    struct EndOf {
        const Value* target; ///< null: a function, which has no end
        std::size_t position;
        std::size_t count;
    };

    Operand evaluate_node(const Expression& expression, const Constant& node);
    Operand evaluate_node(const Expression& expression, const Name& node);
    Operand evaluate_node(const Expression& expression, const AllOf& node);
    Operand evaluate_node(const Expression& expression, const LastOf& node);
    Operand evaluate_node(const Expression& expression, const Prefixed& node);
    Operand evaluate_node(const Expression& expression, const Chain& node);
    Operand evaluate_node(const Expression& expression, const ShortCircuit& node);
    Operand evaluate_node(const Expression& expression, const Range& node);
    Operand evaluate_node(const Expression& expression, const Access& node);
    Operand evaluate_node(const Expression& expression, const Bracket& node);
    Operand evaluate_node(const Expression& expression, const Braces& node);
    Operand evaluate_node(const Expression& expression, const Refused& node);

    [[nodiscard]] bool decide(const Value& value, Spot spot) const;
    [[nodiscard]] const Matrix& to_matrix(const Value& value, Spot spot) const;
    double to_number(const Expression& expression);
    Value combine_values(const Value& a, Operator op, const Value& b, Spot spot) const;
    std::vector<Value> call(const Access& access, std::size_t n_asked);
    Operand take_steps(Operand from, const std::vector<Access::Step>& steps, std::size_t first);
    Operand take_step(Operand from, const Access::Step& step);
    std::string find_field_name(const Access::Step& step);
    std::vector<Index> take_indices(const Access::Step& step, const Value* target);
    std::vector<std::size_t> select_items(const Value& value, const std::vector<Index>& indices,
                                          Spot spot) const;
    Value take_part(const Value& value, const std::vector<Index>& indices, Spot spot) const;
    void store_elements_of(Value& root, const Access::Step& step, Value value, bool removes);
    Value& find_cell(Value& root, const Access::Step& step);
    Value join(std::vector<Operand>& parts, Spot spot, bool columns) const;

    Surroundings& around_;
    std::vector<EndOf> ends_;
};

} // namespace yuanwang::exchange::matlab
