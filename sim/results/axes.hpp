/// @file
/// Result axes: every element of every epoch once, and where the rows of one epoch stand on them.
///
/// | axis        | entries, in this order                                                        |
/// |-------------|-------------------------------------------------------------------------------|
/// | bus         | buses as written                                                              |
/// | line        | lines, impedance branches                                                     |
/// | transformer | two windings, three windings                                                  |
/// | shunt       | shunts                                                                        |
/// | section     | sections                                                                      |
/// | source      | solar, wind, hydro, thermal, waste, generator, hvdc                           |
/// | load        | statics, profiled, heating, potlines, data centers, street lamps, sewage      |
/// | storage     | batteries, flywheels, supercapacitors, pumped hydro                           |
/// | tie         | external grids                                                                |
///
/// The first epoch comes first; what a later epoch adds follows in its order. Elements are the same
/// where kind and id are; a rating or number of circuits that changes shows its largest value.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "results/results.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

/// The union of all elements over all epochs.
[[nodiscard]] ResultAxes make_axes(const Study& study);

/// Rows of one epoch on the result axes: `of(Axis::source)[k]` is the axis row of its k-th source,
/// counted through the lists of the table above.
struct AxisMap {
    std::array<std::vector<std::uint32_t>, n_axis> rows;
    [[nodiscard]] const std::vector<std::uint32_t>& of(Axis axis) const {
        return rows[static_cast<std::size_t>(axis)];
    }
};
[[nodiscard]] AxisMap map_axes(const ResultAxes& axes, const System& system);

} // namespace yuanwang::engine
