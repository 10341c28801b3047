#include "models/load/demand.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "models/column_or.hpp"
#include "models/load/slow_noise.hpp"

namespace yuanwang::models {
namespace {

bool is_weekend(const LocalTime& local) {
    return local.weekday >= 6;
}

double shape_at(const Profile& profile, const LocalTime& local) {
    const auto& day = is_weekend(local) ? profile.weekend : profile.workday;
    return profile.monthly[local.month - 1] * day[static_cast<std::size_t>(local.hour)];
}

} // namespace

double year_mean(const Profile& profile, int year) {
    using namespace std::chrono;
    const double workday =
        std::accumulate(profile.workday.begin(), profile.workday.end(), 0.0) / 24.0;
    const double weekend =
        std::accumulate(profile.weekend.begin(), profile.weekend.end(), 0.0) / 24.0;
    double sum = 0;
    double days = 0;
    for (unsigned m = 1; m <= 12; ++m) {
        const sys_days first = std::chrono::year{year} / month{m} / 1;
        const auto n = static_cast<unsigned>((std::chrono::year{year} / month{m} / last).day());
        const unsigned start = weekday{first}.iso_encoding();
        unsigned n_weekend = 0;
        for (unsigned d = 0; d < n; ++d) {
            n_weekend += (start + d - 1) % 7 >= 5 ? 1 : 0;
        }
        sum += profile.monthly[m - 1] * ((n - n_weekend) * workday + n_weekend * weekend);
        days += n;
    }
    return sum / days;
}

void compute_profile_loads(const ProfileLoads& loads, std::span<const Profile> profiles,
                           const TimeAxis& axis, StepRange range, std::uint64_t seed,
                           Series& p_mw) {
    p_mw.reshape(loads.size(), range.count);
    std::vector<double> shape(profiles.size()); // of one step, mean of the year 1
    std::vector<double> mean(profiles.size());
    int year = 0;
    for (std::size_t i = 0; i < range.count; ++i) {
        const std::size_t t = range.first + i;
        const LocalTime local = axis.middle(t);
        for (std::size_t j = 0; j < profiles.size(); ++j) {
            if (local.year != year) {
                mean[j] = year_mean(profiles[j], local.year);
            }
            shape[j] = mean[j] > 0 ? shape_at(profiles[j], local) / mean[j] : 0.0;
        }
        year = local.year;
        for (std::size_t k = 0; k < loads.size(); ++k) {
            const int row = loads.profile[k];
            double factor = row < 0 ? 1.0 : shape[static_cast<std::size_t>(row)];
            if (loads.noise[k] > 0) {
                const double x = slow_noise(seed, column_or(loads.stream, k, k), axis.at(t));
                factor *= std::max(0.0, 1.0 + loads.noise[k] * x);
            }
            p_mw(k, i) = loads.p_mean_mw[k] * factor;
        }
    }
}

void compute_heating_loads(const HeatingLoads& loads, std::span<const SiteIdx> site,
                           std::span<const WeatherYear> weather, const TimeAxis& axis,
                           StepRange range, Series& p_mw) {
    assert(site.size() == loads.size());
    p_mw.reshape(loads.size(), range.count);
    for (std::size_t i = 0; i < range.count; ++i) {
        const std::size_t t = range.first + i;
        const double day = axis.middle(t).day_of_year;
        for (std::size_t k = 0; k < loads.size(); ++k) {
            const double start = loads.season_start_day[k];
            const double end = loads.season_end_day[k];
            const bool heats =
                start <= end ? day >= start && day <= end : day >= start || day <= end;
            const double below_k = loads.base_c[k] - weather[site[k].row()].temperature_c[t];
            p_mw(k, i) = heats ? loads.ua_mw_per_k[k] * std::max(0.0, below_k) / loads.cop[k] : 0.0;
        }
    }
}

double heating_keep(const HeatingLoads& loads, std::size_t k, double dt_h) {
    return std::exp(-dt_h / loads.time_constant_h[k]);
}

double heating_k_per_mwh(const HeatingLoads& loads, std::size_t k, double dt_h) {
    const double tau_h = loads.time_constant_h[k];
    const double heat_mwh_per_k = loads.ua_mw_per_k[k] * tau_h;
    return loads.cop[k] / heat_mwh_per_k * tau_h / dt_h * -std::expm1(-dt_h / tau_h);
}

void compute_street_lamps(const StreetLamps& lamps, std::span<const SiteIdx> site,
                          std::span<const WeatherYear> weather, const TimeAxis& axis,
                          StepRange range, Series& p_mw) {
    assert(site.size() == lamps.size());
    assert(range.last() <= axis.n_step);
    static_cast<void>(axis);
    p_mw.reshape(lamps.size(), range.count);
    for (std::size_t k = 0; k < lamps.size(); ++k) {
        const WeatherYear& w = weather[site[k].row()];
        const double lit_mw = lamps.lamps[k] * lamps.watt_per_lamp[k] * lamps.lit_share[k] * 1e-6;
        for (std::size_t i = 0; i < range.count; ++i) {
            const bool dark =
                w.sun_elevation_degree[range.first + i] < lamps.on_elevation_degree[k];
            p_mw(k, i) = dark ? lit_mw : 0.0;
        }
    }
}

void compute_sewage(const SewageWorks& works, StepRange range, Series& p_mw) {
    p_mw.reshape(works.size(), range.count);
    for (std::size_t k = 0; k < works.size(); ++k) {
        const double mwh_per_day = works.m3_per_day[k] * works.kwh_per_m3[k] / 1000.0;
        for (std::size_t i = 0; i < range.count; ++i) {
            p_mw(k, i) = mwh_per_day / 24.0;
        }
    }
}

} // namespace yuanwang::models
