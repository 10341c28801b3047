/// @file
/// The attributes of a result axis as columns of `results.nc`: one table, by which the file is
/// written and read back.
///
/// A variable is called `<axis>_<column>`, `bus_base_kv`; a column in which every entry is at its
/// default is left out.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "results/results.hpp"

namespace yuanwang::exchange {

struct TextColumn {
    std::string_view name;
    std::string_view long_name;
    std::string& (*field)(engine::AxisEntry&);
};

struct NumberColumn {
    std::string_view name;
    std::string_view long_name;
    std::string_view units; ///< empty: depends on the axis
    std::string_view sign_convention;
    double (*get)(const engine::AxisEntry&);
    void (*set)(engine::AxisEntry&, double);
};

[[nodiscard]] std::span<const TextColumn> text_columns();
[[nodiscard]] std::span<const NumberColumn> number_columns();

/// Unit of the rating of an element: MW of a source, MVA of a line, MWh of a storage.
[[nodiscard]] std::string_view rating_units(engine::Axis axis);

/// `bus_base_kv`
[[nodiscard]] std::string name_column(engine::Axis axis, std::string_view column);

} // namespace yuanwang::exchange
