/// @file
/// Elements of a matrix by one or two indices: taken, stored, taken out.
///
/// An index is a matrix of whole numbers from 1, a mask (a comparison's result), or all of a dimension. One index counts
/// down the columns. Storing beyond the end lets the matrix grow, with zeros between; taking from beyond it is a fault.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exchange/matlab/arithmetic.hpp"
#include "exchange/matlab/value.hpp"

namespace yuanwang::exchange::matlab {

using Index = std::optional<Matrix>; ///< none: all of the dimension

/// Positions an index chooses among `count`, from 0.
struct Selected {
    std::vector<std::size_t> positions;
    std::string fault;
};
/// `may_grow`: positions beyond `count` are allowed.
[[nodiscard]] Selected select(const Index& index, std::size_t count, bool may_grow = false);

/// Shape of what one index takes out of a thing of this shape.
[[nodiscard]] Shape find_taken_shape(const Shape& shape, const Index& index, std::size_t n_taken);

[[nodiscard]] Computed take_elements(const Matrix& matrix, std::span<const Index> indices);

/// Stores a number, or a matrix as large as what is chosen; empty where that went well. Rows that grow are marked as written
/// at `place`.
[[nodiscard]] std::string store_elements(Matrix& matrix, std::span<const Index> indices,
                                         const Matrix& value, RowPlace place);

/// `matrix(indices) = []`: whole rows, whole columns, or elements of a vector.
[[nodiscard]] std::string remove_elements(Matrix& matrix, std::span<const Index> indices);

} // namespace yuanwang::exchange::matlab
