#include "exchange/matlab/value.hpp"

#include <algorithm>
#include <utility>

namespace yuanwang::exchange::matlab {

const Value* Struct::find(std::string_view name) const {
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? nullptr
                                : &values[static_cast<std::size_t>(found - names.begin())];
}

Value* Struct::find(std::string_view name) {
    return const_cast<Value*>(std::as_const(*this).find(name));
}

Value& Struct::field(std::string_view name) {
    if (Value* known = find(name)) {
        return *known;
    }
    names.emplace_back(name);
    return values.emplace_back();
}

Shape find_shape(const Value& value) {
    if (const Matrix* matrix = value.as<Matrix>()) {
        return {matrix->n_row, matrix->n_col};
    }
    if (const std::string* text = value.as<std::string>()) {
        return {text->empty() ? std::size_t{0} : std::size_t{1}, text->size()};
    }
    if (const Cells* cells = value.as<Cells>()) {
        return {cells->n_row, cells->n_col};
    }
    return {1, 1};
}

std::size_t count_numbers(const Value& value) {
    const auto sum = [](const std::vector<Value>& parts) {
        std::size_t count = parts.size() * (sizeof(Value) / sizeof(double));
        for (const Value& part : parts) {
            count += count_numbers(part);
        }
        return count;
    };
    if (const Matrix* matrix = value.as<Matrix>()) {
        return matrix->size() + matrix->places.size();
    }
    if (const std::string* text = value.as<std::string>()) {
        return text->size() / 8 + 1;
    }
    if (const Cells* cells = value.as<Cells>()) {
        return sum(cells->items);
    }
    return sum(value.as<Struct>()->values);
}

bool are_equal(const Value& a, const Value& b) {
    if (a.held.index() != b.held.index() || find_shape(a) != find_shape(b)) {
        return false;
    }
    const auto equal_parts = [](const std::vector<Value>& left, const std::vector<Value>& right) {
        return std::ranges::equal(left, right, are_equal);
    };
    if (const Matrix* matrix = a.as<Matrix>()) {
        return matrix->values == b.as<Matrix>()->values;
    }
    if (const std::string* text = a.as<std::string>()) {
        return *text == *b.as<std::string>();
    }
    if (const Cells* cells = a.as<Cells>()) {
        return equal_parts(cells->items, b.as<Cells>()->items);
    }
    const Struct& fields = *a.as<Struct>();
    const Struct& others = *b.as<Struct>();
    return fields.names.size() == others.names.size() &&
           std::ranges::all_of(fields.names, [&](const std::string& name) {
               const Value* other = others.find(name);
               return other != nullptr && are_equal(*fields.find(name), *other);
           });
}

} // namespace yuanwang::exchange::matlab
