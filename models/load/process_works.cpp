#include "models/load/process_works.hpp"

#include <algorithm>
#include <cmath>

#include "models/column_or.hpp"
#include "models/hash_normal.hpp"
#include "models/load/slow_noise.hpp"

namespace yuanwang::models {
namespace {

/// Streams of rows without a name, away from those of profile loads.
constexpr std::uint64_t works_stream = 1000000;

std::uint64_t noise_stream(const ProcessWorks& works, std::size_t k) {
    return column_or(works.stream, k, works_stream + k);
}

double shape_at(const ProcessWorks& works, std::size_t k, double phase_h) {
    if (phase_h < works.heat_h[k]) {
        return works.heat_ratio[k];
    }
    if (phase_h < works.batch_h[k]) {
        return 1.0;
    }
    return phase_h < works.batch_h[k] + column_or(works.recovery_h, k, 0.0)
               ? -column_or(works.recovery_ratio, k, 0.0)
               : works.idle_ratio[k];
}

double shape_mean(const ProcessWorks& works, std::size_t k) {
    const double recovery_h = column_or(works.recovery_h, k, 0.0);
    return (works.heat_h[k] * works.heat_ratio[k] + (works.batch_h[k] - works.heat_h[k]) -
            recovery_h * column_or(works.recovery_ratio, k, 0.0) +
            (works.idle_h[k] - recovery_h) * works.idle_ratio[k]) /
           (works.batch_h[k] + works.idle_h[k]);
}

/// Where furnace f stands beside its even place, −½…½ of a place.
double jitter(std::uint64_t key, int furnace) {
    const std::uint64_t hash = split_mix(key ^ static_cast<std::uint64_t>(furnace));
    return static_cast<double>(hash >> 11) * 0x1.0p-53 - 0.5;
}

} // namespace

double works_mean_mw(const ProcessWorks& works, std::size_t k) {
    return works.output_per_year[k] * works.kwh_per_unit[k] * works.utilisation[k] / 8760.0 /
           1000.0;
}

double batch_shape(const ProcessWorks& works, std::size_t k, double hour, std::uint64_t seed) {
    const int n = works.furnaces[k];
    if (n <= 0) {
        return 1.0;
    }
    const double cycle_h = works.batch_h[k] + works.idle_h[k];
    const double place_h = cycle_h / n;
    const std::uint64_t key = make_key(seed, "furnace") ^ split_mix(column_or(works.stream, k, k));
    double sum = 0;
    for (int f = 0; f < n; ++f) {
        const double at_h = hour + (f + jitter(key, f)) * place_h;
        sum += shape_at(works, k, at_h - cycle_h * std::floor(at_h / cycle_h));
    }
    return sum / (n * shape_mean(works, k));
}

double shift_shape(const ProcessWorks& works, std::size_t k, const LocalTime& time) {
    const double share = column_or(works.shift_share, k, 0.0);
    if (share <= 0) {
        return 1.0;
    }
    const double hours = column_or(works.shift_hours, k, 24.0);
    const int days = column_or(works.shift_days, k, 7);
    // Since the shift of today, or of yesterday where today's has not begun.
    double since_h = time.hour - column_or(works.shift_start_h, k, 0.0);
    unsigned weekday = time.weekday;
    if (since_h < 0) {
        since_h += 24.0;
        weekday = weekday == 1 ? 7 : weekday - 1;
    }
    const bool on = since_h < hours && static_cast<int>(weekday) <= days;
    const double mean = hours / 24.0 * days / 7.0;
    return 1.0 - share + (on ? share / mean : 0.0);
}

void compute_works(const ProcessWorks& works, const TimeAxis& axis, StepRange range,
                   std::uint64_t seed, Series& p_mw) {
    p_mw.reshape(works.size(), range.count);
    for (std::size_t i = 0; i < range.count; ++i) {
        const std::chrono::sys_seconds at = axis.at(range.first + i);
        const double hour =
            static_cast<double>(at.time_since_epoch().count()) / 3600.0 + 0.5 * axis.dt_h();
        const LocalTime local = axis.middle(range.first + i);
        for (std::size_t k = 0; k < works.size(); ++k) {
            double factor = batch_shape(works, k, hour, seed) * shift_shape(works, k, local);
            if (works.noise[k] > 0) {
                factor *= std::max(0.0, 1.0 + works.noise[k] *
                                                  slow_noise(seed, noise_stream(works, k), at));
            }
            p_mw(k, i) = works_mean_mw(works, k) * factor;
        }
    }
}

} // namespace yuanwang::models
