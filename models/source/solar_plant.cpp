#include "models/source/solar_plant.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

#include "models/column_or.hpp"
#include "models/source/rows.hpp"
#include "models/weather/air.hpp"
#include "models/weather/transposition.hpp"

namespace yuanwang::models {
namespace {

/// One plant, its constants at hand.
class Plant {
  public:
    Plant(const SolarPlants& plants, std::size_t k, const WeatherYear& weather)
        : w_{weather}, rated_mw_{plants.p_rated_mw[k]}, dc0_mw_{rated_mw_ /
                                                                plants.inverter_efficiency[k]},
          peak_mw_{rated_mw_ * plants.dc_ac_ratio[k] * (1.0 - plants.dc_losses[k])},
          efficiency_{plants.inverter_efficiency[k]},
          gamma_per_k_{plants.gamma_per_k[k]}, albedo_{plants.albedo[k]},
          axis_degree_{plants.azimuth_degree[k]}, tracks_{plants.tracking[k] ==
                                                          Tracking::single_axis},
          cover_ratio_{column_or(plants.ground_cover_ratio, k, 0.0)},
          max_degree_{column_or(plants.tracker_max_degree, k, 60.0)},
          back_share_{column_or(plants.bifaciality, k, 0.0) *
                      (1.0 - column_or(plants.rear_loss, k, 0.1))},
          thermal_{sapm_thermal(plants.mounting[k])}, thermal_model_{column_or(plants.thermal_model,
                                                                               k,
                                                                               ThermalModel::sapm)},
          plane_{plants.tilt_degree[k], plants.azimuth_degree[k]},
          views_{see_rows(cover_ratio_, plane_.tilt_degree)}, inverter_{plants.inverter.empty()
                                                                            ? standard_inverter_
                                                                            : plants.inverter[k]},
          soiling_{column_or(plants.soiling, k, Soiling{})}, snow_{column_or(plants.snow, k,
                                                                             Snow{})},
          horizon_{plants.horizon.empty() || plants.horizon[k].free() ? weather.horizon
                                                                      : plants.horizon[k]},
          sky_share_{horizon_sky_share(horizon_)} {
        if (column_or(plants.dc_model, k, DcModel::pvwatts) == DcModel::single_diode) {
            module_ = plants.module[k];
            module_peak_w_ = find_power_w(*module_, 1000.0, 25.0);
        }
    }

    /// AC power of step t, MW; moves dust and snow.
    double give(std::size_t t, double dt_h, SoilingState& dust, double& snow_cover) {
        const double rain_mm = w_.precipitation_mm.empty() ? 0.0 : w_.precipitation_mm[t];
        const double snow_cm = w_.snowfall_cm.empty() ? 0.0 : w_.snowfall_cm[t];
        const bool light = w_.ghi_w_per_m2[t] > 0;
        const double zenith = 90.0 - w_.sun_elevation_degree[t];
        if (tracks_ && light) {
            turn(zenith, w_.sun_azimuth_degree[t]);
        } else if (tracks_) {
            plane_ = {0.0, axis_degree_ + 90.0}; // stowed flat
        }
        double beam = 0;
        double diffuse = 0;
        double incidence = 1;
        double back = 0;
        if (light) {
            const Light on = collect(t, zenith);
            beam = on.beam;
            diffuse = on.diffuse;
            incidence = on.incidence;
            back = on.back;
        }
        const double dusty = settle_dust(soiling_, plane_.tilt_degree, rain_mm, dt_h, dust);
        double snowed = 0;
        if (snow_.lies) {
            snow_cover = slide_snow(snow_, plane_.tilt_degree, beam + diffuse, w_.temperature_c[t],
                                    snow_cm, dt_h, snow_cover);
            snowed = snow_loss(snow_, snow_cover);
        }
        if (!light) {
            return 0;
        }
        const double effective = (1.0 - dusty) * (beam * incidence + diffuse) + back_share_ * back;
        const double cell_c = find_cell_c(t, beam + diffuse + back_share_ * back);
        return invert(t, (1.0 - snowed) * find_dc_mw(effective, cell_c));
    }

  private:
    struct Light {
        double beam = 0;
        double diffuse = 0;
        double incidence = 1;
        double back = 0;
    };

    void turn(double zenith, double sun_azimuth) {
        const double ratio = cover_ratio_ > 0 ? cover_ratio_ : 0.35;
        plane_ = track_sun(zenith, sun_azimuth, axis_degree_, max_degree_, ratio);
        if (cover_ratio_ > 0) {
            views_ = see_rows(cover_ratio_, plane_.tilt_degree);
        }
    }

    [[nodiscard]] Light collect(std::size_t t, double zenith) const {
        Irradiance sky{w_.ghi_w_per_m2[t], w_.dni_w_per_m2[t], w_.dhi_w_per_m2[t]};
        if (!horizon_.free()) {
            hide_behind_skyline(t, zenith, sky);
        }
        const double azimuth = w_.sun_azimuth_degree[t];
        const PlaneIrradiance on =
            transpose(plane_, sky, w_.dni_extra_w_per_m2[t], zenith, azimuth, albedo_);
        Light light{on.beam_w_per_m2, on.sky_w_per_m2 + on.ground_w_per_m2,
                    incidence_modifier_ashrae(on.cos_incidence), 0};
        if (cover_ratio_ > 0 || back_share_ > 0) {
            const RowLight rows =
                light_rows(views_, cover_ratio_, plane_, sky, zenith, azimuth, albedo_);
            if (cover_ratio_ > 0) {
                const RowViews alone = see_rows(0.0, plane_.tilt_degree);
                light.beam *= tracks_ ? 1.0 : rows.front_lit; // a tracker turns back instead
                light.diffuse =
                    on.sky_w_per_m2 * views_.front_sky / alone.front_sky + rows.ground_w_per_m2;
            }
            light.back = rows.back_w_per_m2;
        }
        return light;
    }

    void hide_behind_skyline(std::size_t t, double zenith, Irradiance& sky) const {
        sky.dhi_w_per_m2 *= sky_share_;
        const double skyline = horizon_elevation_degree(horizon_, w_.sun_azimuth_degree[t]);
        if (90.0 - zenith < skyline) {
            sky.dni_w_per_m2 = 0;
        }
        const double cos_z = std::max(0.0, std::cos(zenith * std::numbers::pi / 180.0));
        sky.ghi_w_per_m2 = sky.dhi_w_per_m2 + sky.dni_w_per_m2 * cos_z;
    }

    [[nodiscard]] double find_cell_c(std::size_t t, double poa) const {
        const double wind =
            w_.wind_speed_m_per_s[t] * w_.air_density_kg_per_m3[t] / sea_level_density_kg_per_m3;
        const double air_c = w_.temperature_c[t];
        switch (thermal_model_) {
        case ThermalModel::sapm:
            return cell_temperature_sapm_c(thermal_, poa, air_c, wind);
        case ThermalModel::faiman:
            return module_temperature_faiman_c(poa, air_c, wind);
        case ThermalModel::pvsyst:
            return cell_temperature_pvsyst_c(poa, air_c, wind);
        }
        return air_c;
    }

    [[nodiscard]] double find_dc_mw(double effective, double cell_c) const {
        if (!module_) {
            return pvwatts_dc(effective, cell_c, peak_mw_, gamma_per_k_);
        }
        return peak_mw_ * find_power_w(*module_, effective, cell_c) / module_peak_w_;
    }

    [[nodiscard]] double invert(std::size_t t, double dc_mw) const {
        const double limit_mw = rated_mw_ * inverter_limit(inverter_, w_.pressure_pa[t]);
        if (dc_mw <= 0) {
            return 0;
        }
        const double ac_mw = inverter_.curve_load.empty()
                                 ? pvwatts_inverter_ac(dc_mw, dc0_mw_, efficiency_)
                                 : invert_by_curve(inverter_, dc_mw, rated_mw_);
        return std::min(ac_mw, limit_mw);
    }

    static inline const Inverter standard_inverter_{};

    const WeatherYear& w_;
    double rated_mw_;
    double dc0_mw_;
    double peak_mw_;
    double efficiency_;
    double gamma_per_k_;
    double albedo_;
    double axis_degree_;
    bool tracks_;
    double cover_ratio_;
    double max_degree_;
    double back_share_;
    SapmThermal thermal_;
    ThermalModel thermal_model_;
    Plane plane_;
    RowViews views_;
    const Inverter& inverter_;
    Soiling soiling_;
    Snow snow_;
    const Horizon& horizon_;
    double sky_share_;
    std::optional<ModuleDiode> module_;
    double module_peak_w_ = 0;
};

} // namespace

SolarState make_solar_state(const SolarPlants& plants, double dt_h) {
    const auto steps_per_day = static_cast<std::size_t>(std::lround(24.0 / dt_h));
    SolarState state;
    state.dust.assign(plants.size(), make_soiling_state(steps_per_day));
    state.snow_cover.assign(plants.size(), 0.0);
    return state;
}

void compute_solar_power(const SolarPlants& plants, std::span<const SiteIdx> site,
                         std::span<const WeatherYear> weather, StepRange range, double dt_h,
                         SolarState& state, Series& p_mw) {
    assert(site.size() == plants.size());
    p_mw.reshape(plants.size(), range.count);
    for (std::size_t k = 0; k < plants.size(); ++k) {
        if (!site[k].valid()) {
            continue;
        }
        Plant plant{plants, k, weather[site[k].row()]};
        for (std::size_t i = 0; i < range.count; ++i) {
            p_mw(k, i) = plant.give(range.first + i, dt_h, state.dust[k], state.snow_cover[k]);
        }
    }
}

void compute_solar_power(const SolarPlants& plants, std::span<const SiteIdx> site,
                         std::span<const WeatherYear> weather, StepRange range, Series& p_mw) {
    SolarState clean = make_solar_state(plants, 1.0);
    compute_solar_power(plants, site, weather, range, 1.0, clean, p_mw);
}

} // namespace yuanwang::models
