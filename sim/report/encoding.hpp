/// @file
/// How numbers travel inside an HTML file: quantised columns, gzip, base64.
///
///     value = offset + code · scale          the largest code of the type means "no value"
///
/// A column is stored element by element, each as differences of successive steps modulo 2^8 or 2^16 (smooth series
/// become small numbers, which deflate well); 16-bit columns as a plane of low bytes followed by a plane of high bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yuanwang::report {

/// Where a column lies among the bytes and how to read it.
struct PackedColumn {
    std::string name;
    std::size_t n_element = 0;
    std::size_t n_step = 0;
    int bits = 8; ///< 8 or 16
    double scale = 1;
    double offset = 0;
    std::size_t first_byte = 0;
};

/// Value of an element at a step; NaN where there is none.
using ColumnView = std::function<double(std::size_t element, std::size_t t)>;

/// Appends a column to `bytes`, rounded to `resolution`, which is widened where 16 bits do not
/// reach over the range.
PackedColumn pack_column(std::string name, std::size_t n_element, std::size_t n_step,
                         double resolution, const ColumnView& value, std::string& bytes);

/// The inverse, [n_element × n_step] element by element; what the page does in the browser.
[[nodiscard]] std::vector<double> unpack_column(const PackedColumn& column, std::string_view bytes);

/// RFC 1952, no name and no time, so that the same bytes give the same bytes.
[[nodiscard]] std::string gzip(std::string_view bytes);

/// RFC 4648 section 4, with padding, no line breaks.
[[nodiscard]] std::string to_base64(std::string_view bytes);

} // namespace yuanwang::report
