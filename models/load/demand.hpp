/// @file
/// Demand by shape: month × hour of day profiles, and the loads that follow them.
///
///     profile loads   p = p_mean shape(t)/(mean of shape over the calendar year) (1 + noise x(t))      x of slow_noise.hpp
///     heating         p = ua max(0, base − T)/cop in the season, else 0                                degree-hours
///     street lamps    p = lamps watt lit_share while the sun stands below on_elevation
///     sewage works    p = m³/d kWh/m³/24
///
/// What may be moved: heated buildings hold heat, C = ua τ, and the room may leave its temperature by ±comfort_k,
///     x(t) = x(t−1) e^(−Δt/τ) + (cop/C) (τ/Δt)(1 − e^(−Δt/τ)) (p − p_demand) Δt           K, the loss linear in x
/// basins of a sewage works hold ±buffer_h hours of the mean inflow, pumped by at most p_max_share of the mean power.
///
/// All powers are drawn from the grid, MW. The shape is constant within its hour of the Beijing clock, so a finer step
/// keeps each hour's energy. Weekends are Saturday and Sunday; public holidays are left out.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/index.hpp"
#include "core/series.hpp"
#include "core/time_axis.hpp"
#include "models/hash_normal.hpp"
#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

/// A demand shape. Value at a step = monthly[m] · (workday or weekend)[h], scaled so that the year's mean is 1.
struct Profile {
    std::array<double, 12> monthly{};
    std::array<double, 24> workday{};
    std::array<double, 24> weekend{};
    friend bool operator==(const Profile&, const Profile&) = default;
};

/// Loads that are a mean times a shape: homes, commerce, public service, works. Columns [n_load].
struct ProfileLoads {
    /// `residential`, `commercial`, `public`, `polysilicon`, `special_steel`, ….
    std::vector<std::string> category;
    std::vector<double> p_mean_mw;
    std::vector<int> profile;  ///< row in the list of profiles; −1: flat
    std::vector<double> noise; ///< relative standard deviation of a slow random part, 0…1
    Streams stream = {};       ///< of the random part
    [[nodiscard]] std::size_t size() const { return p_mean_mw.size(); }
    friend bool operator==(const ProfileLoads&, const ProfileLoads&) = default;
};

/// Electric heating. Columns [n_load].
struct HeatingLoads {
    std::vector<double> ua_mw_per_k;      ///< heat loss of the heated stock
    std::vector<double> base_c;           ///< balance temperature
    std::vector<double> cop;              ///< heat per electricity
    std::vector<double> season_start_day; ///< day of year the heating season starts (288 = 15 Oct)
    /// And ends (105 = 15 Apr); start > end wraps over new year.
    std::vector<double> season_end_day;
    // Heat in the buildings; empty: none.
    std::vector<double> time_constant_h; ///< τ of the heated stock
    std::vector<double> comfort_k;       ///< ± of the room temperature
    std::vector<double> p_max_mw;        ///< of all heaters
    [[nodiscard]] std::size_t size() const { return ua_mw_per_k.size(); }
    friend bool operator==(const HeatingLoads&, const HeatingLoads&) = default;
};

/// Street lamps: on while the sun stands below `on_elevation_degree`. Columns [n_load].
struct StreetLamps {
    std::vector<double> lamps;
    std::vector<double> watt_per_lamp;
    std::vector<double> lit_share;           ///< 0…1
    std::vector<double> on_elevation_degree; ///< −3: dusk
    [[nodiscard]] std::size_t size() const { return lamps.size(); }
    friend bool operator==(const StreetLamps&, const StreetLamps&) = default;
};

/// Sewage works: flat. Columns [n_load].
struct SewageWorks {
    std::vector<double> m3_per_day;
    std::vector<double> kwh_per_m3;
    // Basins; empty: none.
    std::vector<double> buffer_h;    ///< ± hours of the mean inflow
    std::vector<double> p_max_share; ///< greatest over mean power
    [[nodiscard]] std::size_t size() const { return m3_per_day.size(); }
    friend bool operator==(const SewageWorks&, const SewageWorks&) = default;
};

/// Mean of monthly · day shape over the hours of a calendar year, weekends where they fall.
[[nodiscard]] double year_mean(const Profile& profile, int year);

/// Demand of every load; `p_mw` becomes [n_load × range.count]. The random part depends on the seed, the load's
/// stream and the instant only, so blocks may be asked for in any order.
void compute_profile_loads(const ProfileLoads& loads, std::span<const Profile> profiles,
                           const TimeAxis& axis, StepRange range, std::uint64_t seed, Series& p_mw);

/// `p_mw` becomes [n_load × range.count]; `site` is each load's row in `weather`.
void compute_heating_loads(const HeatingLoads& loads, std::span<const SiteIdx> site,
                           std::span<const WeatherYear> weather, const TimeAxis& axis,
                           StepRange range, Series& p_mw);

/// Room temperature per MWh drawn over a step beyond the demand of load k, at its end.
[[nodiscard]] double heating_k_per_mwh(const HeatingLoads& loads, std::size_t k, double dt_h);
/// What a step leaves of a room's deviation.
[[nodiscard]] double heating_keep(const HeatingLoads& loads, std::size_t k, double dt_h);

/// `p_mw` becomes [n_load × range.count]; `site` is each load's row in `weather`.
void compute_street_lamps(const StreetLamps& lamps, std::span<const SiteIdx> site,
                          std::span<const WeatherYear> weather, const TimeAxis& axis,
                          StepRange range, Series& p_mw);

/// `p_mw` becomes [n_load × range.count], the same in every step.
void compute_sewage(const SewageWorks& works, StepRange range, Series& p_mw);

} // namespace yuanwang::models
