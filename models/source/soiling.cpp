#include "models/source/soiling.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace yuanwang::models {
namespace {

constexpr double least_rain_mm = 1e-9; // of round-off in the sliding sum

/// Sum of the rain of the last 24 h, this step included.
double slide_window(double rain_mm, SoilingState& state) {
    double& oldest = state.window_mm[state.oldest];
    state.rain_mm += rain_mm - oldest;
    oldest = rain_mm;
    state.oldest = (state.oldest + 1) % state.window_mm.size();
    return state.rain_mm;
}

} // namespace

SoilingState make_soiling_state(std::size_t steps_per_day) {
    SoilingState state;
    state.window_mm.assign(std::max<std::size_t>(1, steps_per_day), 0.0);
    return state;
}

double settle_dust(const Soiling& soiling, double tilt_degree, double rain_mm, double dt_h,
                   SoilingState& state) {
    if (soiling.model == SoilingModel::none) {
        return 0;
    }
    const double of_day_mm = slide_window(rain_mm, state);
    const bool washed_by_rain = of_day_mm >= soiling.cleaning_mm - least_rain_mm;
    state.since_wash_h += dt_h;
    const bool washed_by_hand =
        soiling.wash_every_days > 0 && state.since_wash_h >= 24.0 * soiling.wash_every_days;
    if (washed_by_rain || washed_by_hand) {
        state.loss = 0;
        state.mass_g_per_m2 = 0;
        state.since_wash_h = 0;
        state.damp_h = washed_by_rain ? 24.0 * soiling.grace_days : state.damp_h;
        return 0;
    }
    if (soiling.model == SoilingModel::kimber) {
        if (state.damp_h > 0) {
            state.damp_h -= dt_h;
            return 0;
        }
        state.loss = std::min(soiling.max_loss, state.loss + soiling.loss_per_day * dt_h / 24.0);
        return state.loss;
    }
    const double coarse = std::max(0.0, soiling.pm10_ug_per_m3 - soiling.pm25_ug_per_m3);
    const double g_per_m2_s = 1e-6 * (soiling.pm25_ug_per_m3 * soiling.deposition_pm25_m_per_s +
                                      coarse * soiling.deposition_pm10_m_per_s);
    state.mass_g_per_m2 +=
        g_per_m2_s * std::cos(tilt_degree * std::numbers::pi / 180.0) * 3600.0 * dt_h;
    return 0.3437 * std::erf(0.17 * std::pow(state.mass_g_per_m2, 0.8473));
}

} // namespace yuanwang::models
