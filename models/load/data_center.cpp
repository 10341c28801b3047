#include "models/load/data_center.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>

#include "models/column_or.hpp"
#include "models/load/slow_noise.hpp"
#include "models/weather/air.hpp"

namespace yuanwang::models {
namespace {

constexpr double liquid_cop = 20.0;
constexpr double other_share = 0.02;
constexpr double fan_share = 0.8; ///< of the air side's power, left when the economiser cools
constexpr std::uint64_t center_stream = 2000000; ///< of the slow noise of rows without a name

// Mean CPU use by hour of the trace over its mean, from hourly series of a year.
constexpr std::array<double, 24> google_day = {
    1.0742, 1.0565, 0.9953, 0.9594, 0.9261, 0.9550, 0.9323, 0.9251, 0.9542, 0.9553, 0.9649, 0.9727,
    0.9809, 1.0324, 1.0243, 1.0316, 1.0141, 1.0330, 1.0306, 1.0252, 1.0481, 1.0347, 1.0350, 1.0392};
constexpr std::array<double, 24> alibaba_day = {
    0.9741, 1.0472, 0.9776, 1.0055, 1.0332, 0.9212, 1.0224, 0.9669, 1.0333, 0.9542, 0.9936, 1.0325,
    0.9284, 1.0401, 1.0180, 0.9634, 0.9358, 1.0309, 1.0448, 0.9692, 1.0434, 1.0727, 0.9653, 1.0263};

double cosine(const DataCenters& centers, std::size_t k, double hour) {
    return 1.0 + centers.utilisation_swing[k] *
                     std::cos(2.0 * std::numbers::pi * (hour - centers.peak_hour[k]) / 24.0);
}

double utilisation(const DataCenters& centers, std::size_t k, double hour, double noise) {
    const DataCenterDetails& d = centers.details;
    const bool traced = !d.empty() && d.shape[k] != UtilisationShape::cosine;
    const double day = traced ? trace_shape(d.shape[k], hour) : cosine(centers, k, hour);
    return std::clamp(centers.utilisation_mean[k] * day * std::max(0.0, 1.0 + noise), 0.0, 1.0);
}

/// Temperature the economiser sees.
double source_c(const DataCenters& centers, std::size_t k, const WeatherYear& w, std::size_t t) {
    const DataCenterDetails& d = centers.details;
    if (d.empty() || !d.evaporative[k]) {
        return w.temperature_c[t];
    }
    return wet_bulb_c(w.pressure_pa[t], w.temperature_c[t], w.relative_humidity[t]) +
           d.approach_k[k];
}

double it_share(const DataCenters& centers, std::size_t k, double use) {
    const DataCenterDetails& d = centers.details;
    const double idle = centers.idle_share[k];
    return idle + (1.0 - idle) * (d.empty() ? use : server_curve(use, d.power_exponent[k]));
}

} // namespace

double data_center_pue(double liquid_share, double air_cop, double ups_efficiency,
                       double density_ratio, double mechanical_share) {
    const double air = (fan_share + (1.0 - fan_share) * mechanical_share) /
                       (air_cop * density_ratio * density_ratio);
    return 1.0 + (1.0 - liquid_share) * air + liquid_share / liquid_cop +
           (1.0 / ups_efficiency - 1.0) + other_share;
}

double mechanical_share(double source_c, double free_c, double range_k) {
    if (source_c <= free_c) {
        return 0.0;
    }
    return range_k > 0 ? std::min(1.0, (source_c - free_c) / range_k) : 1.0;
}

double server_curve(double utilisation, double exponent) {
    return exponent == 1.0 ? utilisation : 2.0 * utilisation - std::pow(utilisation, exponent);
}

double trace_shape(UtilisationShape shape, double hour) {
    const std::size_t h = static_cast<std::size_t>(hour) % 24;
    switch (shape) {
    case UtilisationShape::google:
        return google_day[h];
    case UtilisationShape::alibaba:
        return alibaba_day[h];
    case UtilisationShape::cosine:
        break;
    }
    return 1.0;
}

double utilisation_at(const DataCenters& centers, std::size_t k, const TimeAxis& axis,
                      std::size_t t, std::uint64_t seed) {
    const DataCenterDetails& d = centers.details;
    const std::uint64_t stream = column_or(d.stream, k, center_stream + k);
    const double noise =
        !d.empty() && d.noise[k] > 0 ? d.noise[k] * slow_noise(seed, stream, axis.at(t)) : 0.0;
    return utilisation(centers, k, axis.middle(t).hour, noise);
}

WorkPower work_power(const DataCenters& centers, std::size_t k, double use) {
    const DataCenterDetails& d = centers.details;
    if (d.empty() || d.deferrable_share[k] <= 0) {
        return {};
    }
    const double fixed = it_share(centers, k, use * (1.0 - d.deferrable_share[k]));
    const double most = it_share(centers, k, std::max(use, d.utilisation_max[k]));
    return {centers.it_mw[k] * (it_share(centers, k, use) - fixed),
            centers.it_mw[k] * (most - fixed)};
}

void compute_data_centers(const DataCenters& centers, std::span<const SiteIdx> site,
                          std::span<const WeatherYear> weather, const TimeAxis& axis,
                          StepRange range, DataCenterHours& out, std::uint64_t seed) {
    assert(site.size() == centers.size());
    for (Series* series : {&out.it_mw, &out.pue, &out.p_mw, &out.utilisation, &out.free_cooling}) {
        series->reshape(centers.size(), range.count);
    }
    const DataCenterDetails& d = centers.details;
    for (std::size_t i = 0; i < range.count; ++i) {
        const std::size_t t = range.first + i;
        for (std::size_t k = 0; k < centers.size(); ++k) {
            const WeatherYear& w = weather[site[k].row()];
            const double use = utilisation_at(centers, k, axis, t, seed);
            const double density =
                air_density_kg_per_m3(w.pressure_pa[t], w.temperature_c[t], w.relative_humidity[t]);
            const double mechanical =
                mechanical_share(source_c(centers, k, w, t), centers.free_cooling_c[k],
                                 d.empty() ? 0.0 : d.economiser_range_k[k]);
            double pue = data_center_pue(centers.liquid_share[k], centers.chiller_cop[k],
                                         centers.ups_efficiency[k],
                                         density / sea_level_density_kg_per_m3, mechanical);
            const double it_mw = centers.it_mw[k] * it_share(centers, k, use);
            if (!d.empty() && d.ups_standing_share[k] > 0 && it_mw > 0) {
                pue += (1.0 / centers.ups_efficiency[k] - 1.0) * d.ups_standing_share[k] *
                       (centers.it_mw[k] / it_mw - 1.0);
            }
            out.utilisation(k, i) = use;
            out.free_cooling(k, i) = mechanical > 0 ? 0.0 : 1.0;
            out.it_mw(k, i) = it_mw;
            out.pue(k, i) = pue;
            out.p_mw(k, i) = it_mw * pue;
        }
    }
}

void compute_deferrable_work(const DataCenters& centers, const DataCenterHours& hours, double dt_h,
                             DeferrableWork& out) {
    const std::size_t n_step = hours.p_mw.n_step();
    for (Series* series : {&out.base_mw, &out.room_mw, &out.arrival_mwh, &out.it_per_grid}) {
        series->reshape(centers.size(), n_step);
    }
    const DataCenterDetails& d = centers.details;
    if (d.empty()) {
        return;
    }
    for (std::size_t t = 0; t < n_step; ++t) {
        for (std::size_t k = 0; k < centers.size(); ++k) {
            // UPS losses that stand without load do not move with the work.
            const double standing_mw = (1.0 / centers.ups_efficiency[k] - 1.0) *
                                       d.ups_standing_share[k] *
                                       (centers.it_mw[k] - hours.it_mw(k, t));
            const double marginal =
                (hours.p_mw(k, t) - standing_mw) / hours.it_mw(k, t) -
                (1.0 / centers.ups_efficiency[k] - 1.0) * d.ups_standing_share[k];
            const WorkPower work = work_power(centers, k, hours.utilisation(k, t));
            out.arrival_mwh(k, t) = work.arriving_mw * dt_h;
            out.it_per_grid(k, t) = 1.0 / marginal;
            out.base_mw(k, t) = work.arriving_mw * marginal;
            out.room_mw(k, t) = work.most_mw * marginal;
        }
    }
}

} // namespace yuanwang::models
