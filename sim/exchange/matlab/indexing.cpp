#include "exchange/matlab/indexing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "exchange/matlab/expression_parser.hpp"

namespace yuanwang::exchange::matlab {

namespace {

constexpr const char* outside = "index must lie inside the table";
constexpr const char* unequal = "both sides must have the same size";
constexpr const char* too_large = "table must stay below 1e7 numbers";

Selected select_mask(const Matrix& mask, std::size_t count, bool may_grow) {
    Selected selected;
    for (std::size_t k = 0; k < mask.size(); ++k) {
        if (mask.down(k) == 0) {
            continue;
        }
        if (k >= count && !may_grow) {
            return {{}, outside};
        }
        selected.positions.push_back(k);
    }
    return selected;
}

std::size_t find_end(const std::vector<std::size_t>& positions, std::size_t count) {
    return positions.empty() ? count : std::max(count, *std::ranges::max_element(positions) + 1);
}

/// Makes room, with zeros.
std::string grow(Matrix& matrix, std::size_t n_row, std::size_t n_col, RowPlace place) {
    if (n_row == matrix.n_row && n_col == matrix.n_col) {
        return {};
    }
    if (n_col != 0 && n_row > max_table_numbers / n_col) {
        return too_large;
    }
    if (n_col == matrix.n_col) {
        matrix.values.resize(n_row * n_col, 0.0);
    } else {
        Matrix wider = Matrix::filled(n_row, n_col);
        for (std::size_t row = 0; row < matrix.n_row; ++row) {
            for (std::size_t col = 0; col < matrix.n_col; ++col) {
                wider(row, col) = matrix(row, col);
            }
        }
        matrix.values = std::move(wider.values);
    }
    if (n_row > matrix.n_row && (!matrix.places.empty() || matrix.n_row == 0)) {
        matrix.places.resize(n_row, place);
    }
    matrix.n_row = n_row;
    matrix.n_col = n_col;
    return {};
}

std::string store_along(Matrix& matrix, const Index& index, const Matrix& value, RowPlace place) {
    const Selected chosen = select(index, matrix.size(), true);
    if (!chosen.fault.empty()) {
        return chosen.fault;
    }
    if (!value.is_scalar() && value.size() != chosen.positions.size()) {
        return unequal;
    }
    const std::size_t end = find_end(chosen.positions, matrix.size());
    if (end > matrix.size()) {
        const bool column = matrix.n_col == 1 && matrix.n_row > 1;
        if (!matrix.empty() && !matrix.is_vector()) {
            return outside; // a matrix cannot grow by one index
        }
        std::string fault = grow(matrix, column ? end : 1, column ? 1 : end, place);
        if (!fault.empty()) {
            return fault;
        }
    }
    for (std::size_t k = 0; k < chosen.positions.size(); ++k) {
        matrix.down(chosen.positions[k]) = value.is_scalar() ? value.values[0] : value.down(k);
    }
    return {};
}

/// True where every position below `count` is chosen.
bool chooses_all(const std::vector<std::size_t>& positions, std::size_t count) {
    std::vector<bool> seen(count, false);
    for (const std::size_t k : positions) {
        seen[k] = true;
    }
    return std::ranges::all_of(seen, std::identity{});
}

std::vector<std::size_t> find_kept(const std::vector<std::size_t>& removed, std::size_t count) {
    std::vector<bool> gone(count, false);
    for (const std::size_t k : removed) {
        gone[k] = true;
    }
    std::vector<std::size_t> kept;
    for (std::size_t k = 0; k < count; ++k) {
        if (!gone[k]) {
            kept.push_back(k);
        }
    }
    return kept;
}

Matrix take_block(const Matrix& matrix, const std::vector<std::size_t>& rows,
                  const std::vector<std::size_t>& columns) {
    Matrix block{.n_row = rows.size(), .n_col = columns.size(), .logical = matrix.logical};
    block.values.reserve(block.size());
    for (const std::size_t row : rows) {
        for (const std::size_t col : columns) {
            block.values.push_back(matrix(row, col));
        }
        if (!matrix.places.empty()) {
            block.places.push_back(matrix.places[row]);
        }
    }
    return block;
}

} // namespace

Selected select(const Index& index, std::size_t count, bool may_grow) {
    Selected selected;
    if (!index) {
        selected.positions.resize(count);
        std::iota(selected.positions.begin(), selected.positions.end(), std::size_t{0});
        return selected;
    }
    if (index->logical) {
        return select_mask(*index, count, may_grow);
    }
    selected.positions.reserve(index->size());
    for (std::size_t k = 0; k < index->size(); ++k) {
        const double value = index->down(k);
        if (!(value >= 1) || value != std::floor(value)) {
            return {{}, "index must be a whole number from 1"};
        }
        if (value > static_cast<double>(may_grow ? max_table_numbers : count)) {
            return {{}, may_grow ? too_large : outside};
        }
        selected.positions.push_back(static_cast<std::size_t>(value) - 1);
    }
    return selected;
}

Shape find_taken_shape(const Shape& shape, const Index& index, std::size_t n_taken) {
    if (!index) {
        return {n_taken, 1};
    }
    const bool index_is_vector = index->n_row == 1 || index->n_col == 1;
    const bool vector = (shape.n_row == 1) != (shape.n_col == 1);
    if (vector && index_is_vector) {
        return shape.n_row == 1 ? Shape{1, n_taken} : Shape{n_taken, 1};
    }
    if (index->logical) {
        return index->n_row == 1 ? Shape{1, n_taken} : Shape{n_taken, 1};
    }
    return {index->n_row, index->n_col};
}

Computed take_elements(const Matrix& matrix, std::span<const Index> indices) {
    if (indices.size() == 1) {
        const Selected chosen = select(indices[0], matrix.size());
        if (!chosen.fault.empty()) {
            return {{}, chosen.fault};
        }
        const Shape shape =
            find_taken_shape({matrix.n_row, matrix.n_col}, indices[0], chosen.positions.size());
        Matrix taken = Matrix::filled(shape.n_row, shape.n_col);
        taken.logical = matrix.logical;
        for (std::size_t k = 0; k < chosen.positions.size(); ++k) {
            taken.down(k) = matrix.down(chosen.positions[k]);
        }
        return {std::move(taken), {}};
    }
    if (indices.size() != 2) {
        return {{}, "must have a row and a column index"};
    }
    const Selected rows = select(indices[0], matrix.n_row);
    const Selected columns = select(indices[1], matrix.n_col);
    for (const Selected* chosen : {&rows, &columns}) {
        if (!chosen->fault.empty()) {
            return {{}, chosen->fault};
        }
    }
    if (!columns.positions.empty() &&
        rows.positions.size() > max_table_numbers / columns.positions.size()) {
        return {{}, too_large};
    }
    return {take_block(matrix, rows.positions, columns.positions), {}};
}

std::string store_elements(Matrix& matrix, std::span<const Index> indices, const Matrix& value,
                           RowPlace place) {
    matrix.logical = matrix.logical && value.logical;
    if (indices.size() == 1) {
        return store_along(matrix, indices[0], value, place);
    }
    if (indices.size() != 2) {
        return "must have a row and a column index";
    }
    // All of a dimension that is not there yet is as much as the value has.
    const bool fresh = matrix.empty();
    Selected rows =
        select(indices[0], fresh && matrix.n_row == 0 ? value.n_row : matrix.n_row, true);
    Selected columns =
        select(indices[1], fresh && matrix.n_col == 0 ? value.n_col : matrix.n_col, true);
    for (const Selected* chosen : {&rows, &columns}) {
        if (!chosen->fault.empty()) {
            return chosen->fault;
        }
    }
    const std::size_t n_chosen = rows.positions.size() * columns.positions.size();
    const bool same =
        value.n_row == rows.positions.size() && value.n_col == columns.positions.size();
    const bool same_vector = value.is_vector() && value.size() == n_chosen &&
                             (rows.positions.size() == 1 || columns.positions.size() == 1);
    if (!value.is_scalar() && !same && !same_vector) {
        return unequal;
    }
    std::string fault = grow(matrix, find_end(rows.positions, matrix.n_row),
                             find_end(columns.positions, matrix.n_col), place);
    if (!fault.empty()) {
        return fault;
    }
    std::size_t k = 0;
    for (const std::size_t row : rows.positions) {
        for (const std::size_t col : columns.positions) {
            matrix(row, col) = value.values[value.is_scalar() ? 0 : k];
            ++k;
        }
    }
    return {};
}

std::string remove_elements(Matrix& matrix, std::span<const Index> indices) {
    if (indices.size() == 1) {
        const Selected chosen = select(indices[0], matrix.size());
        if (!chosen.fault.empty()) {
            return chosen.fault;
        }
        if (!matrix.is_vector() && !chosen.positions.empty()) {
            return "must name whole rows or whole columns to take out";
        }
        const std::vector<std::size_t> kept = find_kept(chosen.positions, matrix.size());
        const std::vector<std::size_t> one = {0};
        if (!chosen.positions.empty()) {
            matrix =
                matrix.n_row == 1 ? take_block(matrix, one, kept) : take_block(matrix, kept, one);
        }
        return {};
    }
    if (indices.size() != 2) {
        return "must have a row and a column index";
    }
    const Selected rows = select(indices[0], matrix.n_row);
    const Selected columns = select(indices[1], matrix.n_col);
    for (const Selected* chosen : {&rows, &columns}) {
        if (!chosen->fault.empty()) {
            return chosen->fault;
        }
    }
    std::vector<std::size_t> all_rows(matrix.n_row);
    std::iota(all_rows.begin(), all_rows.end(), std::size_t{0});
    std::vector<std::size_t> all_columns(matrix.n_col);
    std::iota(all_columns.begin(), all_columns.end(), std::size_t{0});
    if (!indices[1] || chooses_all(columns.positions, matrix.n_col)) {
        matrix = take_block(matrix, find_kept(rows.positions, matrix.n_row), all_columns);
    } else if (!indices[0] || chooses_all(rows.positions, matrix.n_row)) {
        matrix = take_block(matrix, all_rows, find_kept(columns.positions, matrix.n_col));
    } else if (!rows.positions.empty() && !columns.positions.empty()) {
        return "must name whole rows or whole columns to take out";
    }
    return {};
}

} // namespace yuanwang::exchange::matlab
