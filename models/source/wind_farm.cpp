#include "models/source/wind_farm.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

#include "models/column_or.hpp"
#include "models/hash_normal.hpp"
#include "models/source/power_curve.hpp"
#include "models/weather/air.hpp"

namespace yuanwang::models {
namespace {

/// Share of the turbines that are not under repair during a step.
class Readiness {
  public:
    Readiness(const WindFarms& farms, std::size_t k)
        : availability_{farms.availability[k]}, turbines_{column_or(farms.turbines, k, 0)},
          repair_h_{column_or(farms.repair_h, k, 72.0)}, key_{
                                                             make_key(column_or(farms.stream, k, k),
                                                                      "turbines under repair")} {}

    double at(double hour) {
        if (turbines_ <= 0) {
            return availability_;
        }
        const double ready = std::floor(hour / repair_h_ * turbines_); // a spell ends somewhere
        if (ready != last_) {
            last_ = ready;
            share_ = count(hour) / turbines_;
        }
        return share_;
    }

  private:
    [[nodiscard]] double count(double hour) const {
        double up = 0;
        for (int j = 0; j < turbines_; ++j) { // spells of the turbines begin one after the other
            const auto spell = static_cast<std::uint64_t>(
                std::floor(hour / repair_h_ + 1.0 - static_cast<double>(j) / turbines_));
            const std::uint64_t draw =
                split_mix(key_ ^ split_mix(spell * 65537 + static_cast<std::uint64_t>(j)));
            up += static_cast<double>(draw >> 11) * 0x1.0p-53 < availability_ ? 1.0 : 0.0;
        }
        return up;
    }

    double availability_;
    int turbines_;
    double repair_h_;
    std::uint64_t key_;
    double last_ = -1;
    double share_ = 1;
};

/// Cut-out with a restart on the other side of a band: above `out` still, below `in` running again.
void follow(double value, double out, double in, std::uint8_t& still) {
    if (value > out) {
        still = 1;
    } else if (value <= in) {
        still = 0;
    }
}

/// Wake of a farm hour by hour: by the direction of the wind where it is known and the layout names no rose of its own.
class Wake {
  public:
    Wake(const WindFarms& farms, std::size_t k, const PowerCurve& curve, const WeatherYear& w) {
        if (farms.layout.empty() || farms.layout[k].empty()) {
            return;
        }
        table_.emplace(farms.layout[k], curve);
        if (farms.layout[k].rose.empty() && !w.wind_from_degree.empty()) {
            from_degree_ = w.wind_from_degree;
        }
    }

    [[nodiscard]] double at(double speed_m_per_s, std::size_t t) const {
        if (!table_) {
            return 1;
        }
        return from_degree_.empty() ? table_->at(speed_m_per_s)
                                    : table_->at(speed_m_per_s, from_degree_[t]);
    }

  private:
    std::optional<WakeTable> table_;
    std::span<const double> from_degree_;
};

} // namespace

WindState make_wind_state(const WindFarms& farms) {
    return {std::vector<std::uint8_t>(farms.size(), 0), std::vector<std::uint8_t>(farms.size(), 0)};
}

double density_equivalent_speed(double speed_m_per_s, double density_kg_per_m3) {
    return speed_m_per_s * std::cbrt(density_kg_per_m3 / sea_level_density_kg_per_m3);
}

PowerCurve curve_of(const WindFarms& farms, std::size_t k) {
    if (!farms.curve_speed_m_per_s.empty() && !farms.curve_speed_m_per_s[k].empty()) {
        return {farms.power_curve[k], farms.curve_speed_m_per_s[k], farms.curve_power[k]};
    }
    const PowerCurve* curve = find_power_curve(farms.power_curve[k]);
    assert(curve != nullptr);
    return *curve;
}

void compute_wind_power(const WindFarms& farms, std::span<const SiteIdx> site,
                        std::span<const WeatherYear> weather, StepRange range, double dt_h,
                        WindState& state, Series& p_mw) {
    assert(site.size() == farms.size());
    p_mw.reshape(farms.size(), range.count);
    for (std::size_t k = 0; k < farms.size(); ++k) {
        if (!site[k].valid()) {
            continue;
        }
        const WeatherYear& w = weather[site[k].row()];
        const PowerCurve curve = curve_of(farms, k);
        const double to_hub =
            farms.speed_factor[k] * std::pow(farms.hub_height_m[k] / 10.0, farms.shear_exponent[k]);
        const double rated_mw = farms.p_rated_mw[k] * farms.farm_efficiency[k];
        const double storm = curve.speed_m_per_s.back();
        const double calm = column_or(farms.storm_restart_m_per_s, k, storm - 3.0);
        const double cold_c = farms.cold_cut_out_c[k];
        const double warm_c = column_or(farms.cold_restart_c, k, cold_c + 2.0);
        const Wake wake{farms, k, curve, w};
        Readiness ready{farms, k};
        for (std::size_t i = 0; i < range.count; ++i) {
            const std::size_t t = range.first + i;
            const double v_hub = w.wind_speed_m_per_s[t] * to_hub;
            follow(v_hub, storm, calm, state.stormed[k]);
            follow(-w.temperature_c[t], -cold_c, -warm_c, state.frozen[k]);
            if (state.stormed[k] || state.frozen[k]) {
                continue;
            }
            const double v_eq = density_equivalent_speed(v_hub, w.air_density_kg_per_m3[t]);
            p_mw(k, i) = rated_mw * curve.at(v_eq) * wake.at(v_eq, t) *
                         ready.at(static_cast<double>(t) * dt_h);
        }
    }
}

void compute_wind_power(const WindFarms& farms, std::span<const SiteIdx> site,
                        std::span<const WeatherYear> weather, StepRange range, Series& p_mw) {
    WindState running = make_wind_state(farms);
    compute_wind_power(farms, site, weather, range, 1.0, running, p_mw);
}

} // namespace yuanwang::models
