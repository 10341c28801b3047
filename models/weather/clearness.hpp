/// @file
/// Synthetic radiation: clear-sky index by day and by hour, c = GHI/clear-sky GHI, from the monthly sum.
///
/// Days of a month follow the exponential of Bendt, Collares-Pereira and Rabl, here over the clear-sky index, so that thin
/// air counts:
///
///     F(c) = (exp(γ c) − exp(γ c_min))/(exp(γ) − exp(γ c_min))      c_min = 0.05…1,  γ so that the mean is the month's
///
/// The month's n days take the quantiles F⁻¹((i − ½)/n), one each, in the order of a Gaussian AR(1) with φ = 0.29: their
/// sum, and with it the month's, hardly depends on chance; which day is cloudy does.
///
/// Hours move about the day by a Gaussian AR(1) y of φ = 0.54, cut at 0.02…1, then scaled so that the day keeps its sum:
///
///     c(h) = c_day + σ(c_day) y(h)          σ(c) = 0.30 sin(π c^1.3)
///
/// Sources: Bendt, Collares-Pereira, Rabl, Solar Energy 27(1), 1981; Graham, Hollands, Huget, Solar Energy 40(2), 1988 (daily
/// AR(1)); Knight, Klein, Duffie, Solar Energy 46(2), 1991 (one quantile each); Graham, Hollands, Solar Energy 44(6), 1990 (hours
/// about the day with a spread that vanishes for clear and for dark days; the figures of σ here are ours).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace yuanwang::models {

/// γ for a mean clear-sky index of c_mean.
[[nodiscard]] double bendt_gamma(double c_mean);
/// F⁻¹(share).
[[nodiscard]] double bendt_quantile(double gamma, double share);

/// Clear-sky index of the days of one month. `clear` is each day's clear-sky energy, `sum` the month's GHI in the same unit,
/// `order` the Gaussian that ranks the days.
[[nodiscard]] std::vector<double> make_daily_index(std::span<const double> clear, double sum,
                                                   std::span<const double> order);

/// Clear-sky index of the hours of one day whose mean, weighted by `clear`, is c_day.
void make_hourly_index(std::span<const double> clear, double c_day, std::span<const double> y,
                       std::span<double> index);

} // namespace yuanwang::models
