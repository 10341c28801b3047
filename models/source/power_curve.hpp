/// @file
/// Library of wind-turbine power curves: share of the rating by wind speed at standard density (1.225 kg/m³).
///
/// Between the points of a curve the power is linear, outside them zero: the last point is the storm cut-out.
///
///     name               turbine                                          rotor m    W/m²
///     iec_class_2        normalised industry composite, IEC class II      —          —       rolls off from 18 m/s
///     iec_class_3        normalised industry composite, IEC class III     —          —       rolls off from 18 m/s
///     nrel_4mw_150       2020 ATB NREL reference 4 MW                     150        226
///     nrel_3mw_148       2023 NREL bespoke 3.3 MW                         148        192
///     bar_bau_3mw_156    BAR BAU LBNL–IEA 3.3 MW                          156        173
///     iea_3mw_130        IEA reference 3.4 MW                             130        254
///
/// Source: NREL, turbine-models (github.com/NREL/turbine-models, commit 556c128, BSD-3-Clause), data/Onshore. The kW of
/// named turbines are divided by their rating.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yuanwang::models {

struct PowerCurve {
    std::string_view name;
    std::span<const double> speed_m_per_s; ///< rising
    std::span<const double> power;         ///< of the rating, 0…1

    /// Share of the rating at a speed of standard density.
    [[nodiscard]] double at(double speed_m_per_s_) const;
};

/// The curve of a name, or null.
[[nodiscard]] const PowerCurve* find_power_curve(std::string_view name);

[[nodiscard]] std::vector<std::string> power_curve_names();

} // namespace yuanwang::models
