/// @file
/// Values of the MATLAB that case files are written in: real matrices, text, cell arrays, structures.
///
/// Matrices lie row after row, for a table is read by rows; an index of one number counts down the
/// columns all the same, as MATLAB means it (indexing.hpp).
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace yuanwang::exchange::matlab {

/// Where a row of a table was written: file, counted in order of reading, and line from 1; 0 where
/// it was computed.
struct RowPlace {
    int file = 0;
    int line = 0;
    friend bool operator==(const RowPlace&, const RowPlace&) = default;
};

/// A real matrix, row-major; a number is 1 × 1.
struct Matrix {
    std::size_t n_row = 0;
    std::size_t n_col = 0;
    std::vector<double> values;
    std::vector<RowPlace> places; ///< of each row of a literal; empty for a computed matrix
    bool logical = false;         ///< made by a comparison: as an index it is a mask

    [[nodiscard]] static Matrix scalar(double value) {
        return {.n_row = 1, .n_col = 1, .values = {value}};
    }
    [[nodiscard]] static Matrix truth(bool value) {
        return {.n_row = 1, .n_col = 1, .values = {value ? 1.0 : 0.0}, .logical = true};
    }
    /// All elements `value`.
    [[nodiscard]] static Matrix filled(std::size_t n_row, std::size_t n_col, double value = 0) {
        return {
            .n_row = n_row, .n_col = n_col, .values = std::vector<double>(n_row * n_col, value)};
    }
    [[nodiscard]] std::size_t size() const { return n_row * n_col; }
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] bool is_scalar() const { return n_row == 1 && n_col == 1; }
    [[nodiscard]] bool is_vector() const { return n_row == 1 || n_col == 1; }
    [[nodiscard]] double operator()(std::size_t row, std::size_t col) const {
        return values[row * n_col + col];
    }
    [[nodiscard]] double& operator()(std::size_t row, std::size_t col) {
        return values[row * n_col + col];
    }
    /// The k-th element down the columns, from 0.
    [[nodiscard]] double down(std::size_t k) const { return (*this)(k % n_row, k / n_row); }
    [[nodiscard]] double& down(std::size_t k) { return (*this)(k % n_row, k / n_row); }
};

struct Value;

/// A cell array, row-major.
struct Cells {
    std::size_t n_row = 0;
    std::size_t n_col = 0;
    std::vector<Value> items;
};

/// One structure; fields in order of appearance.
struct Struct {
    std::vector<std::string> names;
    std::vector<Value> values;

    [[nodiscard]] const Value* find(std::string_view name) const;
    [[nodiscard]] Value* find(std::string_view name);
    /// The field, made empty where there is none.
    Value& field(std::string_view name);
};

struct Value {
    std::variant<Matrix, std::string, Cells, Struct> held;

    Value() = default;
    Value(Matrix matrix) : held{std::move(matrix)} {}
    Value(std::string text) : held{std::move(text)} {}
    Value(Cells cells) : held{std::move(cells)} {}
    Value(Struct fields) : held{std::move(fields)} {}

    template <class T>
    [[nodiscard]] const T* as() const {
        return std::get_if<T>(&held);
    }
    template <class T>
    [[nodiscard]] T* as() {
        return std::get_if<T>(&held);
    }
};

/// Rows and columns of a value; a text is one row, a structure one element.
struct Shape {
    std::size_t n_row = 0;
    std::size_t n_col = 0;
    [[nodiscard]] std::size_t size() const { return n_row * n_col; }
    friend bool operator==(const Shape&, const Shape&) = default;
};
[[nodiscard]] Shape find_shape(const Value& value);

/// Numbers a value keeps in memory, with those of its elements; a text counts an eighth of its
/// letters.
[[nodiscard]] std::size_t count_numbers(const Value& value);

/// Equal in kind, shape and every element; NaN equals nothing.
[[nodiscard]] bool are_equal(const Value& a, const Value& b);

using Variables = std::map<std::string, Value, std::less<>>;

} // namespace yuanwang::exchange::matlab
