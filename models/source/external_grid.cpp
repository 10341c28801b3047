#include "models/source/external_grid.hpp"

#include <algorithm>
#include <cassert>

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

} // namespace

void compute_external_surplus(const ExternalGrids& grids, std::span<const SiteIdx> solar_site,
                              std::span<const SiteIdx> wind_site,
                              std::span<const WeatherYear> weather, StepRange range,
                              ExternalHours& out) {
    const std::size_t n = grids.size();
    assert(solar_site.size() == n && wind_site.size() == n);
    compute_solar_power(make_base_solar(grids.solar_mw), solar_site, weather, range, out.output_mw);
    compute_wind_power(make_base_wind(grids.wind_mw, grids.wind_speed_factor), wind_site, weather,
                       range, out.surplus_mw); // the wind, until the surplus is known
    out.own_load_mw.reshape(n, range.count);
    out.duty_mw.reshape(n, range.count);
    for (std::size_t i = 0; i < range.count; ++i) {
        for (std::size_t k = 0; k < n; ++k) {
            out.output_mw(k, i) += out.surplus_mw(k, i) + grids.hydro_mw[k];
            out.own_load_mw(k, i) = grids.own_load_mw[k];
            const double left_mw = std::max(0.0, out.output_mw(k, i) - grids.own_load_mw[k]);
            const double beyond_mw = std::max(0.0, left_mw - reserved_mw(grids, k));
            out.duty_mw(k, i) =
                std::min(grids.hvdc_rated_mw[k], grids.hvdc_duty_share[k] * beyond_mw);
            out.surplus_mw(k, i) = left_mw - out.duty_mw(k, i);
        }
    }
}

} // namespace yuanwang::models
