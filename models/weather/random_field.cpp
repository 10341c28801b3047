#include "models/weather/random_field.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "models/hash_normal.hpp"

namespace yuanwang::models {
namespace {

constexpr double earth_radius_km = 6371.0;
constexpr double degree = std::numbers::pi / 180.0;

std::array<double, 3> place_km(const SitePosition& site) {
    const double phi = site.latitude_degree * degree;
    const double lambda = site.longitude_degree * degree;
    return {earth_radius_km * std::cos(phi) * std::cos(lambda),
            earth_radius_km * std::cos(phi) * std::sin(lambda), earth_radius_km * std::sin(phi)};
}

} // namespace

std::vector<double> sample_field(const FieldShape& shape, const SitePosition& site,
                                 std::uint64_t seed, std::string_view site_id, std::int64_t first,
                                 std::size_t n) {
    const std::uint64_t regional = make_key(seed, shape.purpose);
    const std::uint64_t local = make_key(regional, site_id);
    const std::array<double, 3> r = place_km(site);
    const double share = std::sqrt(shape.shared / static_cast<double>(shape.n_wave));
    std::vector<double> weight(2 * shape.n_wave); // of a_i and b_i at this site
    for (std::size_t i = 0; i < shape.n_wave; ++i) {
        // Wave vectors of the exponential kernel: a normal vector over the size of another normal (Cauchy).
        const std::uint64_t key = make_key(regional, "wave");
        const auto j = static_cast<std::int64_t>(4 * i);
        const double scale = 1.0 / (shape.correlation_km * std::abs(hash_normal(key, j)));
        double phase = 0;
        for (std::size_t d = 0; d < 3; ++d) {
            phase += scale * hash_normal(key, j + 1 + static_cast<std::int64_t>(d)) * r[d];
        }
        weight[2 * i] = share * std::cos(phase);
        weight[2 * i + 1] = share * std::sin(phase);
    }

    const double phi = shape.persistence;
    const double kick = std::sqrt(1.0 - phi * phi);
    const double local_share = std::sqrt(1.0 - shape.shared);
    const auto warm_up = phi > 0 ? static_cast<std::int64_t>(std::ceil(-20.0 / std::log(phi))) : 0;
    const auto stride = static_cast<std::int64_t>(weight.size());
    std::vector<double> x(n);
    double state = 0;
    for (std::int64_t t = first - warm_up; t < first + static_cast<std::int64_t>(n); ++t) {
        double w = local_share * hash_normal(local, t);
        for (std::size_t i = 0; i < weight.size(); ++i) {
            w += weight[i] * hash_normal(regional, t * stride + static_cast<std::int64_t>(i));
        }
        state = phi * state + kick * w;
        if (t >= first) {
            x[static_cast<std::size_t>(t - first)] = state;
        }
    }
    return x;
}

double normal_share_below(double x) {
    return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

} // namespace yuanwang::models
