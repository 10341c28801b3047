#include "exchange/matlab/evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

#include "core/error.hpp"
#include "exchange/matlab/expression_parser.hpp"

namespace yuanwang::exchange::matlab {

void Surroundings::fail(Spot spot, std::string rule, std::string got) const {
    throw InputError(Fault{.place = {file(), spot.line, spot.column},
                           .path = {},
                           .rule = std::move(rule),
                           .got = std::move(got)});
}

Operand Evaluator::evaluate(const Expression& expression) {
    return std::visit([&](const auto& node) { return evaluate_node(expression, node); },
                      expression.node);
}

std::vector<Value> Evaluator::evaluate_several(const Expression& expression, std::size_t n_asked) {
    if (const Name* name = expression.as<Name>();
        name != nullptr && around_.find_variable(name->name) == nullptr) {
        return around_.call(name->name, {}, n_asked, expression.spot);
    }
    if (const Access* access = expression.as<Access>()) {
        const Name* name = access->base->as<Name>();
        if (name != nullptr && around_.find_variable(name->name) == nullptr &&
            access->steps.size() == 1 && access->steps[0].kind == Access::Kind::parentheses) {
            return call(*access, n_asked);
        }
    }
    std::vector<Value> values;
    values.push_back(evaluate(expression).take());
    return values;
}

bool Evaluator::is_true(const Expression& condition) {
    return decide(evaluate(condition).get(), condition.spot);
}

bool Evaluator::decide(const Value& value, Spot spot) const {
    const Matrix& matrix = to_matrix(value, spot);
    if (std::ranges::any_of(matrix.values, [](double x) { return std::isnan(x); })) {
        around_.fail(spot, "NaN is neither true nor false");
    }
    return !matrix.empty() && std::ranges::all_of(matrix.values, [](double x) { return x != 0; });
}

const Matrix& Evaluator::to_matrix(const Value& value, Spot spot) const {
    const Matrix* matrix = value.as<Matrix>();
    if (matrix == nullptr) {
        around_.fail(spot, "must be a number or a table of numbers");
    }
    return *matrix;
}

double Evaluator::to_number(const Expression& expression) {
    const Operand operand = evaluate(expression);
    const Matrix& matrix = to_matrix(operand.get(), expression.spot);
    if (!matrix.is_scalar()) {
        around_.fail(expression.spot, "must be a number");
    }
    return matrix.values[0];
}

Operand Evaluator::evaluate_node(const Expression&, const Constant& node) {
    return Operand{node.value};
}

Operand Evaluator::evaluate_node(const Expression& expression, const Name& node) {
    if (const Value* variable = around_.find_variable(node.name)) {
        return Operand{*variable};
    }
    std::vector<Value> values = around_.call(node.name, {}, 1, expression.spot);
    if (values.empty()) {
        around_.fail(expression.spot, "gives no value", node.name);
    }
    return Operand{std::move(values.front())};
}

Operand Evaluator::evaluate_node(const Expression& expression, const AllOf&) {
    around_.fail(expression.spot, "function takes no colon");
}

Operand Evaluator::evaluate_node(const Expression& expression, const LastOf&) {
    if (ends_.empty() || ends_.back().target == nullptr) {
        around_.fail(expression.spot, "has no meaning outside of an index", "end");
    }
    const EndOf& of = ends_.back();
    const Shape shape = find_shape(*of.target);
    const std::size_t last = of.count == 1      ? shape.size()
                             : of.position == 0 ? shape.n_row
                             : of.position == 1 ? shape.n_col
                                                : 1;
    return Operand{Matrix::scalar(static_cast<double>(last))};
}

Operand Evaluator::evaluate_node(const Expression& expression, const Prefixed& node) {
    Operand operand = evaluate(*node.operand);
    Matrix matrix = to_matrix(operand.get(), expression.spot);
    around_.spend(matrix.size(), expression.spot);
    matrix.places.clear();
    return Operand{apply_sign(node.sign, std::move(matrix))};
}

Operand Evaluator::evaluate_node(const Expression& expression, const Chain& node) {
    Operand left = evaluate(*node.first);
    for (const Chain::Link& link : node.links) {
        if (link.op == Operator::transpose) {
            if (Cells* cells = nullptr; left.get().as<Cells>() != nullptr) {
                Value own = left.take();
                cells = own.as<Cells>();
                if (cells->n_row == 1 || cells->n_col == 1) {
                    std::swap(cells->n_row, cells->n_col);
                    left = Operand{std::move(own)};
                    continue;
                }
            }
            const Matrix& matrix = to_matrix(left.get(), link.spot);
            around_.spend(matrix.size(), link.spot);
            left = Operand{transpose(matrix)};
            continue;
        }
        const Operand right = evaluate(*link.operand);
        left = Operand{combine_values(left.get(), link.op, right.get(), link.spot)};
    }
    static_cast<void>(expression);
    return left;
}

Value Evaluator::combine_values(const Value& a, Operator op, const Value& b, Spot spot) const {
    const std::string* left = a.as<std::string>();
    const std::string* right = b.as<std::string>();
    if (left != nullptr && right != nullptr &&
        (op == Operator::equal || op == Operator::not_equal)) {
        if (left->size() != right->size() && left->size() != 1 && right->size() != 1) {
            around_.fail(spot, "both sides must have the same size");
        }
        const std::size_t n = std::max(left->size(), right->size());
        Matrix truth = Matrix::filled(1, n);
        truth.logical = true;
        for (std::size_t k = 0; k < n; ++k) {
            const bool same =
                (*left)[left->size() == 1 ? 0 : k] == (*right)[right->size() == 1 ? 0 : k];
            truth.values[k] = same == (op == Operator::equal) ? 1 : 0;
        }
        return truth;
    }
    const Matrix& x = to_matrix(a, spot);
    const Matrix& y = to_matrix(b, spot);
    const double size = static_cast<double>(std::max(x.n_row, y.n_row)) *
                        static_cast<double>(std::max(x.n_col, y.n_col));
    if (size > static_cast<double>(max_table_numbers)) {
        around_.fail(spot, "table must stay below 1e7 numbers");
    }
    around_.spend(static_cast<std::size_t>(size), spot);
    Computed computed = combine(x, op, y);
    if (!computed.fault.empty()) {
        around_.fail(spot, std::move(computed.fault));
    }
    return std::move(computed.value);
}

Operand Evaluator::evaluate_node(const Expression&, const ShortCircuit& node) {
    bool result = !node.until;
    for (const ExpressionPtr& operand : node.operands) {
        result = is_true(*operand);
        if (result == node.until) {
            break;
        }
    }
    return Operand{Matrix::truth(result)};
}

Operand Evaluator::evaluate_node(const Expression& expression, const Range& node) {
    const double first = to_number(*node.first);
    const double step = node.step ? to_number(*node.step) : 1.0;
    const double last = to_number(*node.last);
    const double count = step == 0 ? 0 : std::floor((last - first) / step + 1e-10) + 1;
    if (!(count < 1e7)) {
        around_.fail(expression.spot, "range must be finite and below 1e7 values");
    }
    Matrix range{.n_row = 1, .n_col = static_cast<std::size_t>(std::max(count, 0.0))};
    around_.spend(range.n_col, expression.spot);
    range.values.reserve(range.n_col);
    for (std::size_t k = 0; k < range.n_col; ++k) {
        range.values.push_back(first + static_cast<double>(k) * step);
    }
    return Operand{std::move(range)};
}

Operand Evaluator::evaluate_node(const Expression& expression, const Refused& node) {
    around_.fail(expression.spot, node.rule, node.got);
}

// Parts of values.

Operand Evaluator::evaluate_node(const Expression& expression, const Access& node) {
    const Name* name = node.base->as<Name>();
    if (name == nullptr || around_.find_variable(name->name) != nullptr) {
        return take_steps(evaluate(*node.base), node.steps, 0);
    }
    const bool called = node.steps[0].kind == Access::Kind::parentheses;
    std::vector<Value> values =
        called ? call(node, 1) : around_.call(name->name, {}, 1, expression.spot);
    if (values.empty()) {
        around_.fail(expression.spot, "gives no value", name->name);
    }
    return take_steps(Operand{std::move(values.front())}, node.steps, called ? 1 : 0);
}

/// Calls the function a name is, with the arguments of the first parentheses.
std::vector<Value> Evaluator::call(const Access& access, std::size_t n_asked) {
    std::vector<Value> arguments;
    ends_.push_back({nullptr, 0, 0});
    for (const ExpressionPtr& argument : access.steps[0].arguments) {
        arguments.push_back(evaluate(*argument).take());
        around_.spend(count_numbers(arguments.back()), argument->spot);
    }
    ends_.pop_back();
    return around_.call(access.base->as<Name>()->name, std::move(arguments), n_asked,
                        access.base->spot);
}

Operand Evaluator::take_steps(Operand from, const std::vector<Access::Step>& steps,
                              std::size_t first) {
    for (std::size_t k = first; k < steps.size(); ++k) {
        from = take_step(std::move(from), steps[k]);
    }
    return from;
}

Operand Evaluator::take_step(Operand from, const Access::Step& step) {
    const Value& value = from.get();
    const auto part_of = [&](const Value& part) {
        return from.refers() ? Operand{part} : Operand{Value{part}};
    };
    if (step.kind == Access::Kind::field) {
        const std::string name = find_field_name(step);
        const Struct* fields = value.as<Struct>();
        const Value* field = fields == nullptr ? nullptr : fields->find(name);
        if (field == nullptr) {
            around_.fail(step.spot, "unknown field", name);
        }
        return part_of(*field);
    }
    const std::vector<Index> indices = take_indices(step, &value);
    if (step.kind == Access::Kind::braces) {
        const Cells* cells = value.as<Cells>();
        if (cells == nullptr) {
            around_.fail(step.spot, "must be a cell array");
        }
        const std::vector<std::size_t> chosen = select_items(value, indices, step.spot);
        if (chosen.size() != 1) {
            around_.fail(step.spot, "must choose one element");
        }
        return part_of(cells->items[chosen[0]]);
    }
    if (value.as<Struct>() != nullptr) {
        static_cast<void>(select_items(value, indices, step.spot));
        return from;
    }
    if (step.arguments.empty()) {
        return from;
    }
    Value part = take_part(value, indices, step.spot);
    around_.spend(count_numbers(part), step.spot);
    return Operand{std::move(part)};
}

std::string Evaluator::find_field_name(const Access::Step& step) {
    if (step.arguments.empty()) {
        return step.field;
    }
    const Operand name = evaluate(*step.arguments[0]);
    const std::string* text = name.get().as<std::string>();
    if (text == nullptr || text->empty()) {
        around_.fail(step.spot, "must name a field");
    }
    return *text;
}

std::vector<Index> Evaluator::take_indices(const Access::Step& step, const Value* target) {
    std::vector<Index> indices;
    for (std::size_t k = 0; k < step.arguments.size(); ++k) {
        const Expression& argument = *step.arguments[k];
        if (argument.as<AllOf>() != nullptr) {
            indices.emplace_back(std::nullopt);
            continue;
        }
        ends_.push_back({target, k, step.arguments.size()});
        Operand index = evaluate(argument);
        const std::string* text = index.get().as<std::string>();
        indices.emplace_back(text != nullptr && *text == ":"
                                 ? Index{}
                                 : Index{to_matrix(index.get(), argument.spot)});
        ends_.pop_back();
    }
    return indices;
}

/// Positions in the row-major list of a cell array, or of the one element of a structure.
std::vector<std::size_t>
Evaluator::select_items(const Value& value, const std::vector<Index>& indices, Spot spot) const {
    const Shape shape = find_shape(value);
    if (indices.empty() || indices.size() > 2) {
        around_.fail(spot, "must have one or two indices");
    }
    const bool one = indices.size() == 1;
    const Selected first = select(indices[0], one ? shape.size() : shape.n_row);
    const Selected second = one ? Selected{{0}, {}} : select(indices[1], shape.n_col);
    for (const Selected* chosen : {&first, &second}) {
        if (!chosen->fault.empty()) {
            around_.fail(spot, chosen->fault);
        }
    }
    std::vector<std::size_t> items;
    for (const std::size_t i : first.positions) {
        for (const std::size_t j : second.positions) {
            items.push_back(one ? i % shape.n_row * shape.n_col + i / shape.n_row
                                : i * shape.n_col + j);
        }
    }
    return items;
}

/// What indices in parentheses take out of a matrix, a text or a cell array.
Value Evaluator::take_part(const Value& value, const std::vector<Index>& indices, Spot spot) const {
    if (const Matrix* matrix = value.as<Matrix>()) {
        Computed taken = take_elements(*matrix, indices);
        if (!taken.fault.empty()) {
            around_.fail(spot, std::move(taken.fault));
        }
        return std::move(taken.value);
    }
    const std::vector<std::size_t> chosen = select_items(value, indices, spot);
    if (const std::string* text = value.as<std::string>()) {
        std::string part;
        for (const std::size_t k : chosen) {
            part += (*text)[k];
        }
        return part;
    }
    const Cells& cells = *value.as<Cells>();
    Shape shape{chosen.size(), 1};
    if (indices.size() == 1) {
        shape = find_taken_shape(find_shape(value), indices[0], chosen.size());
    } else {
        shape.n_col = indices[1] ? select(indices[1], cells.n_col).positions.size() : cells.n_col;
        shape.n_row = shape.n_col == 0 ? 0 : chosen.size() / shape.n_col;
    }
    Cells part{shape.n_row, shape.n_col, {}};
    for (const std::size_t k : chosen) {
        part.items.push_back(cells.items[k]);
    }
    return part;
}

// Brackets.

Operand Evaluator::evaluate_node(const Expression& expression, const Bracket& node) {
    std::vector<Operand> rows;
    for (const Bracket::Row& row : node.rows) {
        std::vector<Operand> elements;
        for (const ExpressionPtr& element : row.elements) {
            elements.push_back(evaluate(*element));
        }
        if (elements.size() == 1) {
            rows.push_back(std::move(elements.front()));
            continue;
        }
        Value joined = join(elements, row.spot, true);
        if (Matrix* matrix = joined.as<Matrix>(); matrix != nullptr && matrix->n_row == 1) {
            matrix->places = {{.file = around_.file_number(), .line = row.spot.line}};
        }
        around_.spend(count_numbers(joined), row.spot);
        rows.push_back(Operand{std::move(joined)});
    }
    if (rows.size() == 1) {
        return std::move(rows.front());
    }
    // A row that does not fit is named by its own place.
    std::optional<std::size_t> width;
    for (std::size_t k = 0; k < rows.size(); ++k) {
        const Matrix* matrix = rows[k].get().as<Matrix>();
        if (matrix == nullptr || matrix->empty()) {
            continue;
        }
        if (width && *width != matrix->n_col) {
            around_.fail(node.rows[k].spot,
                         "row must have " + std::to_string(*width) +
                             " columns as the rows above it",
                         std::to_string(matrix->n_col));
        }
        width = matrix->n_col;
    }
    Value joined = join(rows, expression.spot, false);
    around_.spend(count_numbers(joined), expression.spot);
    return Operand{std::move(joined)};
}

/// Side by side (columns) or one above the other: matrices, texts, cell arrays.
Value Evaluator::join(std::vector<Operand>& parts, Spot spot, bool columns) const {
    const auto holds = [&](auto* kind) {
        using Kind = std::remove_pointer_t<decltype(kind)>;
        return std::ranges::any_of(
            parts, [](const Operand& part) { return part.get().as<Kind>() != nullptr; });
    };
    if (holds(static_cast<Cells*>(nullptr))) {
        Cells all;
        for (Operand& part : parts) {
            Value own = part.take();
            Cells* const given = own.as<Cells>();
            if (given == nullptr && find_shape(own).size() == 0) {
                continue;
            }
            Cells one = given != nullptr ? std::move(*given) : Cells{1, 1, {std::move(own)}};
            if (one.items.empty()) {
                continue;
            }
            const bool first = all.items.empty();
            const bool fits =
                first || (columns ? all.n_row == 1 && one.n_row == 1 : all.n_col == one.n_col);
            if (!fits) {
                around_.fail(spot, "cell arrays must fit together");
            }
            all.n_row = first ? one.n_row : columns ? 1 : all.n_row + one.n_row;
            all.n_col = first ? one.n_col : columns ? all.n_col + one.n_col : all.n_col;
            std::ranges::move(one.items, std::back_inserter(all.items));
        }
        return all;
    }
    if (holds(static_cast<std::string*>(nullptr))) {
        std::string text;
        for (const Operand& part : parts) {
            const std::string* piece = part.get().as<std::string>();
            if (piece == nullptr || !columns) {
                around_.fail(spot, "texts must stand side by side, and only with texts");
            }
            text += *piece;
        }
        return text;
    }
    std::vector<const Matrix*> matrices;
    std::size_t size = 0;
    for (const Operand& part : parts) {
        matrices.push_back(&to_matrix(part.get(), spot));
        size += matrices.back()->size();
    }
    if (size > max_table_numbers) {
        around_.fail(spot, "table must stay below 1e7 numbers");
    }
    Computed joined = columns ? join_columns(matrices) : join_rows(matrices);
    if (!joined.fault.empty()) {
        around_.fail(spot, std::move(joined.fault));
    }
    return std::move(joined.value);
}

Operand Evaluator::evaluate_node(const Expression& expression, const Braces& node) {
    Cells cells;
    for (const Bracket::Row& row : node.rows) {
        if (cells.n_row > 0 && row.elements.size() != cells.n_col) {
            around_.fail(row.spot,
                         "row must have " + std::to_string(cells.n_col) +
                             " columns as the rows above it",
                         std::to_string(row.elements.size()));
        }
        cells.n_col = row.elements.size();
        ++cells.n_row;
        for (const ExpressionPtr& element : row.elements) {
            cells.items.push_back(evaluate(*element).take());
        }
    }
    Value value{std::move(cells)};
    around_.spend(count_numbers(value), expression.spot);
    return Operand{std::move(value)};
}

// Storing.

void Evaluator::store(Value& root, const std::vector<Access::Step>& steps, std::size_t first,
                      Value value, bool removes) {
    if (first == steps.size()) {
        root = std::move(value);
        return;
    }
    const Access::Step& step = steps[first];
    const bool last = first + 1 == steps.size();
    if (step.kind == Access::Kind::field) {
        const Matrix* const nothing = root.as<Matrix>();
        if (nothing != nullptr && nothing->empty()) {
            root = Struct{};
        }
        Struct* fields = root.as<Struct>();
        if (fields == nullptr) {
            around_.fail(step.spot, "must be a structure");
        }
        store(fields->field(find_field_name(step)), steps, first + 1, std::move(value),
              removes && !last);
    } else if (step.kind == Access::Kind::braces) {
        store(find_cell(root, step), steps, first + 1, std::move(value), removes && !last);
    } else if (!last && root.as<Struct>() != nullptr) {
        static_cast<void>(select_items(root, take_indices(step, &root), step.spot));
        store(root, steps, first + 1, std::move(value), removes);
    } else if (last) {
        store_elements_of(root, step, std::move(value), removes);
    } else {
        around_.fail(step.spot, "arrays of structures are not supported");
    }
}

/// `name(indices) = value`, where the name holds a matrix or a cell array.
void Evaluator::store_elements_of(Value& root, const Access::Step& step, Value value,
                                  bool removes) {
    const std::vector<Index> indices = take_indices(step, &root);
    std::string fault;
    if (Matrix* matrix = root.as<Matrix>(); matrix != nullptr && value.as<Cells>() == nullptr) {
        if (removes) {
            fault = remove_elements(*matrix, indices);
        } else {
            fault = store_elements(*matrix, indices, to_matrix(value, step.spot),
                                   {.file = around_.file_number(), .line = step.spot.line});
        }
    } else if (Cells* cells = root.as<Cells>()) {
        const std::vector<std::size_t> chosen = select_items(root, indices, step.spot);
        const Cells* given = value.as<Cells>();
        if (removes && (cells->n_row == 1 || cells->n_col == 1)) {
            Cells kept;
            for (std::size_t k = 0; k < cells->items.size(); ++k) {
                if (std::ranges::find(chosen, k) == chosen.end()) {
                    kept.items.push_back(std::move(cells->items[k]));
                }
            }
            kept.n_row = cells->n_col == 1 ? kept.items.size() : 1;
            kept.n_col = cells->n_col == 1 ? 1 : kept.items.size();
            *cells = std::move(kept);
        } else if (!removes && given != nullptr &&
                   (given->items.size() == chosen.size() || given->items.size() == 1)) {
            for (std::size_t k = 0; k < chosen.size(); ++k) {
                cells->items[chosen[k]] = given->items[given->items.size() == 1 ? 0 : k];
            }
        } else {
            fault = "both sides must have the same size";
        }
    } else {
        fault = "must be a table";
    }
    if (!fault.empty()) {
        around_.fail(step.spot, std::move(fault));
    }
    around_.spend(count_numbers(value), step.spot);
}

/// The element `{index}` of a cell array, which grows to have it.
Value& Evaluator::find_cell(Value& root, const Access::Step& step) {
    const Matrix* const nothing = root.as<Matrix>();
    if (nothing != nullptr && nothing->empty()) {
        root = Cells{};
    }
    Cells* cells = root.as<Cells>();
    if (cells == nullptr) {
        around_.fail(step.spot, "must be a cell array");
    }
    const std::vector<Index> indices = take_indices(step, &root);
    const bool vector = cells->n_row == 1 || cells->n_col == 1 || cells->items.empty();
    if (indices.size() == 1 && indices[0] && indices[0]->is_scalar() && !indices[0]->logical &&
        vector) {
        const double k = indices[0]->values[0];
        if (k > static_cast<double>(cells->items.size()) && k <= 1e6 && k == std::floor(k)) {
            const auto size = static_cast<std::size_t>(k);
            around_.spend(size, step.spot);
            const bool column = cells->n_col == 1 && cells->n_row > 1;
            cells->items.resize(size);
            cells->n_row = column ? size : 1;
            cells->n_col = column ? 1 : size;
        }
    }
    const std::vector<std::size_t> chosen = select_items(root, indices, step.spot);
    if (chosen.size() != 1) {
        around_.fail(step.spot, "must choose one element");
    }
    return cells->items[chosen[0]];
}

} // namespace yuanwang::exchange::matlab
