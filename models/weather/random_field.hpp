/// @file
/// A Gaussian random process in time that neighbouring sites share.
///
///     x(t) = φ x(t−1) + √(1 − φ²) w(t)                                        AR(1), variance 1
///     w(t) = √ρ Σ_i (a_i(t) cos(k_i·r) + b_i(t) sin(k_i·r))/√N + √(1 − ρ) l(t)
///
/// r is the site on the globe, k_i random wave vectors with the spectrum of the kernel exp(−d/L), a_i, b_i and l
/// independent normals; l belongs to the site alone. Two sites at distance d so have correlation ρ exp(−d/L) (in the mean over
/// seeds). Innovations are drawn by the number of the step since 1970, and the recursion starts long enough before the
/// first step: any stretch of time may be asked for, and stretches fit together.
/// Source: Rahimi and Recht, NIPS 2007 (random Fourier features).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "models/weather/weather_year.hpp"

namespace yuanwang::models {

struct FieldShape {
    std::string_view purpose;
    double correlation_km = 400; ///< L
    double shared = 0.9;         ///< ρ
    double persistence = 0.5;    ///< φ per step
    std::size_t n_wave = 64;     ///< N
};

/// x at steps first … first + n − 1.
[[nodiscard]] std::vector<double> sample_field(const FieldShape& shape, const SitePosition& site,
                                               std::uint64_t seed, std::string_view site_id,
                                               std::int64_t first, std::size_t n);

/// Share of a standard normal below x.
[[nodiscard]] double normal_share_below(double x);

} // namespace yuanwang::models
