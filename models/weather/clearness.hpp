/// @file
/// Synthetic radiation: clear-sky index by day and by hour, c = GHI/clear-sky GHI, from the monthly sum.
///
/// Days of a month follow the exponential of Bendt, Collares-Pereira and Rabl, here over the clear-sky index, so that thin
/// air counts:
///
///     F(c) = (exp(γ c) − exp(γ c_min))/(exp(γ c_max) − exp(γ c_min)),   c_min = 0.05, γ so that the mean is the month's
///
/// c_max is the index of the month's clearest days: 1, or what the site's record has (haze of a valley, a model behind a
/// file).
///
/// The month's n days take the quantiles F⁻¹((i − ½)/n), one each, in the order of a Gaussian AR(1) with φ = 0.29: their
/// sum, and with it the month's, hardly depends on chance; which day is cloudy does.
///
/// Hours move about the day by a Gaussian AR(1) y of φ = 0.40, cut at 0.02…1, then scaled so that the day keeps its sum:
///
///     c(h) = c_day + σ(K) y(h)/k_clear      σ(K) = 0.25 sin(π K/0.933),   K = c_day k_clear
///
/// k_clear and K are the clearness (over the extraterrestrial) of the day under a clear sky and as it is. 0.25 fits the
/// hours of Xining's standard year about its mean day (Canadian stations: 0.1557).
///
/// Sources: Bendt, Collares-Pereira, Rabl, Solar Energy 27(1), 1981; Graham, Hollands, Huget, Solar Energy 40(2), 1988 (daily
/// AR(1)); Knight, Klein, Duffie, Solar Energy 46(2), 1991 (one quantile each); Graham, Hollands, Solar Energy 44(6), 1990 (shape of σ,
/// and φ = 0.38 + 0.06 cos(7.4 K − 2.5) of hours about the day, here 0.40 for all). Left out: their beta marginal (ours is
/// a cut Gaussian) and their air-mass curve (ours is the clear sky's).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace yuanwang::models {

/// γ for a mean clear-sky index of c_mean.
[[nodiscard]] double bendt_gamma(double c_mean, double c_max);
/// F⁻¹(share).
[[nodiscard]] double bendt_quantile(double gamma, double c_max, double share);

/// What a month must come to.
struct MonthOfDays {
    std::span<const double> clear; ///< each day's clear-sky energy
    double sum = 0;                ///< the month's GHI, same unit
    double c_max = 1;              ///< at least a little above the mean, else it gives way
    std::span<const double> order; ///< the Gaussian that ranks the days
};

/// Clear-sky index of the days of one month.
[[nodiscard]] std::vector<double> make_daily_index(const MonthOfDays& month);

/// Clear-sky index of the hours of one day whose mean, weighted by `clear`, is c_day.
void make_hourly_index(std::span<const double> clear, double c_day, double k_clear,
                       std::span<const double> y, std::span<double> index);

} // namespace yuanwang::models
