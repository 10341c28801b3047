/// @file
/// Optional columns: an empty one stands for a default in every row.
#pragma once

#include <cassert>
#include <cstddef>
#include <vector>

namespace yuanwang::models {

/// Row k of a column, or `otherwise` where the column is empty.
template <class T>
[[nodiscard]] T column_or(const std::vector<T>& column, std::size_t k, T otherwise) {
    assert(column.empty() || k < column.size());
    return column.empty() ? otherwise : column[k];
}

} // namespace yuanwang::models
