#include "models/source/external_grid.hpp"

#include <algorithm>
#include <cassert>

#include "models/column_or.hpp"
#include "models/source/solar_plant.hpp"
#include "models/source/wind_farm.hpp"

namespace yuanwang::models {
namespace {

/// A large base as built on the plateau: fixed racks facing south, 1.2 DC to AC.
SolarPlants make_base_solar(std::span<const double> p_rated_mw) {
    const std::size_t n = p_rated_mw.size();
    return {.p_rated_mw = {p_rated_mw.begin(), p_rated_mw.end()},
            .dc_ac_ratio = std::vector<double>(n, 1.2),
            .tracking = std::vector<Tracking>(n, Tracking::fixed),
            .tilt_degree = std::vector<double>(n, 35.0),
            .azimuth_degree = std::vector<double>(n, 180.0),
            .albedo = std::vector<double>(n, 0.25),
            .mounting = std::vector<Mounting>(n, Mounting::open_rack_glass_glass),
            .gamma_per_k = std::vector<double>(n, -0.0034),
            .dc_losses = std::vector<double>(n, 0.14),
            .inverter_efficiency = std::vector<double>(n, 0.97)};
}

/// Low-wind machines of class III on 100 m towers.
WindFarms make_base_wind(std::span<const double> p_rated_mw, std::span<const double> speed_factor) {
    const std::size_t n = p_rated_mw.size();
    return {.p_rated_mw = {p_rated_mw.begin(), p_rated_mw.end()},
            .power_curve = std::vector<std::string>(n, "iec_class_3"),
            .hub_height_m = std::vector<double>(n, 100.0),
            .shear_exponent = std::vector<double>(n, 1.0 / 7.0),
            .speed_factor = {speed_factor.begin(), speed_factor.end()},
            .farm_efficiency = std::vector<double>(n, 0.92),
            .availability = std::vector<double>(n, 0.97),
            .cold_cut_out_c = std::vector<double>(n, -30.0)};
}

double reserved_mw(const ExternalGrids& grids, std::size_t k) {
    return grids.reserved_mw.empty() ? 0.0 : grids.reserved_mw[k];
}

/// Thermal part, mix, carbon and price of grid k at step i.
void fill_mix(const ExternalGrids& grids, std::size_t k, std::size_t i, ExternalHours& out) {
    const ExternalMix mix = column_or(grids.mix, k, ExternalMix{});
    if (mix.thermal_mw <= 0) {
        out.firm_green_share(k, i) = grids.firm_green_share[k];
        out.firm_co2_t_per_mwh(k, i) = grids.firm_co2_t_per_mwh[k];
        out.firm_price_cny_per_mwh(k, i) = grids.firm_price_cny_per_mwh[k];
        return;
    }
    const double load_mw = out.own_load_mw(k, i);
    const double thermal_mw = std::max(mix.thermal_min_mw, load_mw - out.output_mw(k, i));
    const double clean_mw = std::max(0.0, load_mw - thermal_mw);
    const double all_mw = clean_mw + thermal_mw;
    const double green = all_mw > 0 ? clean_mw / all_mw : 1.0;
    out.thermal_mw(k, i) = thermal_mw;
    out.firm_green_share(k, i) = green;
    out.firm_co2_t_per_mwh(k, i) = mix.thermal_co2_t_per_mwh * (1.0 - green);
    const double loading = std::min(1.0, thermal_mw / mix.thermal_mw);
    out.firm_price_cny_per_mwh(k, i) =
        grids.firm_price_cny_per_mwh[k] * (1.0 + mix.price_slope * (loading - 0.5));
}

} // namespace

void compute_base_power(const ExternalGrids& grids, std::span<const SiteIdx> solar_site,
                        std::span<const SiteIdx> wind_site, std::span<const WeatherYear> weather,
                        StepRange range, double dt_h, Series& solar_mw, Series& wind_mw) {
    assert(solar_site.size() == grids.size() && wind_site.size() == grids.size());
    const SolarPlants solar = make_base_solar(grids.solar_mw);
    SolarState clean = make_solar_state(solar, dt_h);
    compute_solar_power(solar, solar_site, weather, range, dt_h, clean, solar_mw);
    const WindFarms wind = make_base_wind(grids.wind_mw, grids.wind_speed_factor);
    WindState running = make_wind_state(wind);
    compute_wind_power(wind, wind_site, weather, range, dt_h, running, wind_mw);
}

void compute_external_hours(const ExternalGrids& grids, const TimeAxis& axis, StepRange range,
                            const Series& solar_mw, const Series& wind_mw, ExternalHours& out) {
    const std::size_t n = grids.size();
    assert(solar_mw.n_element() == n && solar_mw.n_step() == range.count);
    for (Series* series :
         {&out.output_mw, &out.own_load_mw, &out.duty_mw, &out.surplus_mw, &out.thermal_mw,
          &out.firm_green_share, &out.firm_co2_t_per_mwh, &out.firm_price_cny_per_mwh}) {
        series->reshape(n, range.count);
    }
    for (std::size_t i = 0; i < range.count; ++i) {
        const auto at = axis.middle(range.first + i);
        const auto hour = static_cast<std::size_t>(at.hour);
        for (std::size_t k = 0; k < n; ++k) {
            double hydro_mw = grids.hydro_mw[k];
            double load_mw = grids.own_load_mw[k];
            if (!grids.mix.empty()) {
                hydro_mw *= grids.mix[k].hydro_month[at.month - 1];
                load_mw *= grids.mix[k].load_month[at.month - 1] * grids.mix[k].load_hour[hour];
            }
            out.output_mw(k, i) = solar_mw(k, i) + wind_mw(k, i) + hydro_mw;
            out.own_load_mw(k, i) = load_mw;
            const double left_mw = std::max(0.0, out.output_mw(k, i) - load_mw);
            const double beyond_mw = std::max(0.0, left_mw - reserved_mw(grids, k));
            out.duty_mw(k, i) =
                std::min(grids.hvdc_rated_mw[k], grids.hvdc_duty_share[k] * beyond_mw);
            out.surplus_mw(k, i) = left_mw - out.duty_mw(k, i);
            fill_mix(grids, k, i, out);
        }
    }
}

} // namespace yuanwang::models
