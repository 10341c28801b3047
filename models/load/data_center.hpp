/// @file
/// Data center: IT power by utilisation, UPS losses, PUE by weather, and work that may wait.
///
///     u    = mean s(h) (1 + noise x(t)), within 0…1      s mean day of a public trace, or 1 + swing cos(2π (h − peak)/24)
///     IT   = it_mw (idle + (1 − idle) g(u))              g(u) = 2u − u^r, r = 1: straight (Fan, Weber, Barroso 2007)     MW
///     m    = clamp((T − T_free)/range, 0, 1)             share of the heat the chiller must take; range 0: all or nothing
///     COPa = chiller_cop ρr²                             ρr = ρ/1.225 of the step's air
///     cool = (1 − f)(0.8 + 0.2 m)/COPa + f/20            f = liquid_share; 0.8: what the fans take when no chiller runs
///     ups  = (1/η − 1)(s₀ it_mw/IT + 1 − s₀)             s₀: share of the full-load loss that stands without load
///     PUE  = 1 + cool + ups + 0.02,   p = IT PUE                                                                       MW
///
/// T is the dry bulb, or the wet bulb plus an approach where the economiser evaporates water; thin air has the lower wet
/// bulb, but carries less heat: the air side costs ρr⁻². Liquid cooling (COP 20) does not feel it. 0.02 is lighting and the
/// like.
///
/// **Work that may wait.** `deferrable_share` of the utilisation arrives as jobs that must be done within `deadline_h`; run
/// at once they are part of p. What a site could run besides is bounded by `utilisation_max`. Jobs of one `work_pool` may
/// run at any of its sites.
///
/// Source: planning model of a green data center at 2200 m (not measured): chiller_cop 8, ρr 0.805 and ups_efficiency
/// 1/1.055 give PUE 1.268, 1.154 and 1.125 at f = 0, 0.8 and 1; 0.8 is an assumption inside what that study's hourly means
/// imply (0.78…0.87). Mean days: hourly CPU use of Google (2011 traces) and Alibaba (2017), as published by
/// HewlettPackard/dc-rl, MIT. Left out: redundancy, heat recovery, moving data along with work.
#pragma once

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

enum class UtilisationShape : std::uint8_t { cosine, google, alibaba };

/// Columns beyond the plain center, [n_center]; empty: cosine day, dry economiser without range, straight server curve,
/// UPS losses in proportion, nothing waits.
struct DataCenterDetails {
    std::vector<UtilisationShape> shape;
    std::vector<double> noise;              ///< relative standard deviation of a slow random part
    std::vector<double> power_exponent;     ///< r, 1…3
    std::vector<bool> evaporative;          ///< economiser by wet bulb
    std::vector<double> approach_k;         ///< above the wet bulb
    std::vector<double> economiser_range_k; ///< from no chiller to chiller alone
    std::vector<double> ups_standing_share; ///< s₀
    std::vector<double> utilisation_max;    ///< what a site may be driven to
    std::vector<double> deferrable_share;   ///< of the utilisation
    std::vector<double> deadline_h;
    std::vector<std::string> work_pool; ///< empty: jobs stay at home
    Streams stream = {};                ///< of the noise
    [[nodiscard]] bool empty() const { return shape.empty(); }
    friend bool operator==(const DataCenterDetails&, const DataCenterDetails&) = default;
};

/// Parameters, columns [n_center].
struct DataCenters {
    std::vector<double> racks;
    std::vector<double> pflops;           ///< compute capacity, PFLOP/s
    std::vector<double> it_mw;            ///< IT power at full utilisation
    std::vector<double> idle_share;       ///< IT power at rest over full
    std::vector<double> utilisation_mean; ///< 0…1
    /// Half of (max − min) of the mean day, relative to the mean; cosine shape only.
    std::vector<double> utilisation_swing;
    std::vector<double> peak_hour; ///< Beijing clock
    std::vector<double> ups_efficiency;
    std::vector<double> liquid_share;   ///< share of heat taken by liquid cooling, 0…1
    std::vector<double> free_cooling_c; ///< T_free, below which no chiller runs
    std::vector<double> chiller_cop;    ///< of the air side, in air of standard density
    /// Name of the clean microgrid it can island with; empty: none.
    std::vector<std::string> microgrid;
    DataCenterDetails details;
    [[nodiscard]] std::size_t size() const { return racks.size(); }
    friend bool operator==(const DataCenters&, const DataCenters&) = default;
};

/// What the centers do when every job runs at once, each [n_center × range.count].
struct DataCenterHours {
    Series it_mw; ///< power of the servers
    Series pue;   ///< total over IT power, UPS losses included
    Series p_mw;  ///< drawn from the grid
    Series utilisation;
    Series free_cooling; ///< 1 where no chiller runs
};

/// Deferrable work, each [n_center × range.count]; MW at the grid side, work in MWh of IT.
struct DeferrableWork {
    Series base_mw;     ///< of the jobs run at once, part of DataCenterHours::p_mw
    Series room_mw;     ///< most the site could run in jobs
    Series arrival_mwh; ///< work that arrives in the step
    Series it_per_grid; ///< MWh of work per MWh drawn, 1/marginal PUE
};

/// PUE of one hour; `air_cop` as `chiller_cop`, `density_ratio` is ρr, `mechanical_share` is m.
[[nodiscard]] double data_center_pue(double liquid_share, double air_cop, double ups_efficiency,
                                     double density_ratio, double mechanical_share);
/// m at a source temperature.
[[nodiscard]] double mechanical_share(double source_c, double free_c, double range_k);
/// g(u) = 2u − u^r.
[[nodiscard]] double server_curve(double utilisation, double exponent);
/// Mean day of a trace, hour 0…23 of its own clock, mean 1.
[[nodiscard]] double trace_shape(UtilisationShape shape, double hour);

/// Utilisation of center k in step t of the clock: mean day, noise.
[[nodiscard]] double utilisation_at(const DataCenters& centers, std::size_t k, const TimeAxis& axis,
                                    std::size_t t, std::uint64_t seed);

/// IT power of the jobs of a step, MW.
struct WorkPower {
    double arriving_mw = 0; ///< of the jobs that arrive, run at once
    double most_mw = 0;     ///< that the center could run in jobs
};
/// All zero where nothing waits.
[[nodiscard]] WorkPower work_power(const DataCenters& centers, std::size_t k, double utilisation);

/// Fills the series. `site` is each center's row in `weather`.
void compute_data_centers(const DataCenters& centers, std::span<const SiteIdx> site,
                          std::span<const WeatherYear> weather, const TimeAxis& axis,
                          StepRange range, DataCenterHours& out, std::uint64_t seed = 1);

/// Fills the deferrable part from what the centers do; all zero where nothing waits.
void compute_deferrable_work(const DataCenters& centers, const DataCenterHours& hours, double dt_h,
                             DeferrableWork& out);

} // namespace yuanwang::models
