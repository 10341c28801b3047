/// @file
/// Dust on modules: what it takes from the light, and how rain washes it off.
///
///     Kimber  loss grows by `loss_per_day` to at most `max_loss`; `cleaning_mm` of rain within 24 h wash it to zero and
///             keep the ground damp, so that nothing settles for `grace_days`
///     HSU     ω += ((PM2.5 v2.5 + (PM10 − PM2.5)⁺ v10) cos β) 3600 Δt        mass on the glass, g/m²
///             loss = 0.3437 erf(0.17 ω^0.8473)                              the same rain takes ω to zero
///
/// PM in g/m³, deposition velocities v in m/s, tilt β. A row of `wash_every_days` > 0 is washed by hand in that rhythm.
/// Sources: Kimber, Mitchell, Nogradi, Wenger, IEEE 4th WCPEC, 2006; Coello and Boyle, IEEE J. Photovolt. 9(5), 2019
/// (HSU). Left out: wind, dew, bird droppings, dust storms.
#pragma once

#include <cstdint>
#include <vector>

namespace yuanwang::models {

enum class SoilingModel : std::uint8_t { none, kimber, hsu };

struct Soiling {
    SoilingModel model = SoilingModel::none;
    double cleaning_mm = 6;       ///< rain of 24 h that washes
    double wash_every_days = 0;   ///< by hand; 0: never
    double loss_per_day = 0.0015; ///< Kimber
    double grace_days = 14;
    double max_loss = 0.3;
    double pm25_ug_per_m3 = 35; ///< HSU
    double pm10_ug_per_m3 = 70;
    double deposition_pm25_m_per_s = 0.0015;
    double deposition_pm10_m_per_s = 0.004;
    friend bool operator==(const Soiling&, const Soiling&) = default;
};

/// What lies on the modules of one plant.
struct SoilingState {
    double loss = 0;          ///< Kimber, 0…1
    double mass_g_per_m2 = 0; ///< HSU
    double damp_h = 0;        ///< of the grace period left
    double since_wash_h = 0;
    double rain_mm = 0;            ///< within the window
    std::vector<double> window_mm; ///< rain of the last 24 h, a ring of steps
    std::size_t oldest = 0;
};

/// A day's window of `steps_per_day` steps (at least one) for a clean plant.
[[nodiscard]] SoilingState make_soiling_state(std::size_t steps_per_day);

/// Moves the state over a step of dt_h with its rain, and returns the share of light lost during it.
[[nodiscard]] double settle_dust(const Soiling& soiling, double tilt_degree, double rain_mm,
                                 double dt_h, SoilingState& state);

} // namespace yuanwang::models
