// Many synthetic years against the normals they are made from, and against the file the normals come from.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <vector>

#include "models/weather/epw.hpp"
#include "models/weather/synthetic.hpp"

namespace yuanwang::models {
namespace {

using namespace std::chrono;

const SitePosition xining{36.72, 101.75, 2295};
const TimeAxis year_2025{beijing_midnight(2025y / January / 1), minutes{60}, 8760};
constexpr double offset_k = 1.0; ///< declared: the file is older than today's climate

/// Standard weather data of Xining, WMO 52866; wind of Gangca, 527540.
const MonthlyNormals normals{
    .ghi_kwh_per_m2 = {80.4, 101.3, 129.7, 163.8, 170.1, 170.2, 194.6, 152.9, 113.5, 110.8, 89.9,
                       76.0},
    .temperature_c = {-6.8, -4.9, 2.3, 8.2, 12.2, 15.7, 17.7, 16.0, 11.9, 5.9, -1.2, -6.3},
    .temperature_range_k = {16.5, 16.3, 13.7, 15.1, 14.3, 10.9, 13.1, 13.0, 11.7, 11.3, 15.6, 17.0},
    .relative_humidity = {0.47, 0.42, 0.50, 0.52, 0.54, 0.62, 0.65, 0.73, 0.72, 0.61, 0.59, 0.50},
    .wind_speed_m_per_s = {2.86, 2.91, 3.97, 4.42, 3.83, 3.29, 3.32, 2.93, 3.19, 3.39, 3.22, 2.80}};

/// Clearness of the clearest day of each month of that file: 0.69…0.79, where a clear sky over 2295 m gives 0.76…0.84. The
/// model behind the file cuts its beam at 789 W/m².
constexpr std::array<double, 12> clearest_day_kt = {0.686, 0.712, 0.753, 0.786, 0.711, 0.702,
                                                    0.749, 0.730, 0.728, 0.692, 0.704, 0.688};

/// Daily clearness: GHI over what falls on a horizontal plane outside the atmosphere, [365].
std::vector<double> list_clearness(const WeatherYear& w) {
    std::vector<double> kt(365);
    for (std::size_t d = 0; d < 365; ++d) {
        double ghi = 0;
        double outside = 0;
        for (std::size_t t = 24 * d; t < 24 * d + 24; ++t) {
            ghi += w.ghi_w_per_m2[t];
            outside += w.dni_extra_w_per_m2[t] *
                       std::max(0.0, std::sin(w.sun_elevation_degree[t] * 3.14159265358979 / 180));
        }
        kt[d] = ghi / outside;
    }
    return kt;
}

/// Lag-1 autocorrelation of a daily series about its monthly means.
double find_persistence(const std::vector<double>& daily) {
    std::array<double, 12> mean{};
    std::array<double, 12> n{};
    const auto month = [](std::size_t d) { return year_2025.middle(24 * d).month - 1; };
    for (std::size_t d = 0; d < daily.size(); ++d) {
        mean[month(d)] += daily[d];
        n[month(d)] += 1;
    }
    double products = 0;
    double squares = 0;
    double before = 0;
    for (std::size_t d = 0; d < daily.size(); ++d) {
        const double a = daily[d] - mean[month(d)] / n[month(d)];
        products += d > 0 ? a * before : 0.0;
        squares += a * a;
        before = a;
    }
    return products / squares;
}

/// Largest distance of two distributions (Kolmogorov and Smirnov).
double find_distance(std::vector<double> a, std::vector<double> b) {
    std::ranges::sort(a);
    std::ranges::sort(b);
    double worst = 0;
    for (const double x : a) {
        const auto below = [x](const std::vector<double>& all) {
            return static_cast<double>(std::ranges::upper_bound(all, x) - all.begin()) /
                   static_cast<double>(all.size());
        };
        worst = std::max(worst, std::abs(below(a) - below(b)));
    }
    return worst;
}

double find_clearest_of_month(const std::vector<double>& kt, std::size_t month) {
    double most = 0;
    for (std::size_t d = 0; d < kt.size(); ++d) {
        most = year_2025.middle(24 * d).month - 1 == month ? std::max(most, kt[d]) : most;
    }
    return most;
}

struct Sums {
    std::array<double, 12> ghi_kwh{};
    std::array<double, 12> temperature_c{};
    std::array<double, 12> wind{};
    double sunshine_h = 0;
    double summer_c = 0;
};

Sums sum_year(const WeatherYear& w) {
    Sums s;
    std::array<double, 12> n{};
    for (std::size_t t = 0; t < 8760; ++t) {
        const std::size_t m = year_2025.middle(t).month - 1;
        n[m] += 1;
        s.ghi_kwh[m] += w.ghi_w_per_m2[t] / 1000;
        s.temperature_c[m] += w.temperature_c[t];
        s.wind[m] += w.wind_speed_m_per_s[t];
        s.sunshine_h += w.dni_w_per_m2[t] >= 120 ? 1 : 0;
    }
    for (std::size_t m = 0; m < 12; ++m) {
        s.temperature_c[m] /= n[m];
        s.wind[m] /= n[m];
    }
    s.summer_c = (s.temperature_c[5] * 30 + s.temperature_c[6] * 31 + s.temperature_c[7] * 31) / 92;
    return s;
}

void hold_years_against_the_normals(std::uint64_t n_year) {
    double sunshine_h = 0;
    double persistence = 0;
    std::vector<double> clearness;
    std::vector<double> january;
    for (std::uint64_t seed = 1; seed <= n_year; ++seed) {
        WeatherYear w = make_synthetic_weather(xining, normals, year_2025, seed, "xining");
        shift_temperature(w, offset_k);
        const Sums s = sum_year(w);
        for (std::size_t m = 0; m < 12; ++m) {
            ASSERT_NEAR(s.ghi_kwh[m] / normals.ghi_kwh_per_m2[m], 1.0, 0.03) << seed << ' ' << m;
            ASSERT_NEAR(s.wind[m] / normals.wind_speed_m_per_s[m], 1.0, 0.03) << seed << ' ' << m;
            ASSERT_NEAR(s.temperature_c[m], normals.temperature_c[m] + offset_k, 0.3)
                << seed << ' ' << m;
        }
        ASSERT_GT(s.summer_c, 17.0);
        ASSERT_LT(s.summer_c, 19.0);
        sunshine_h += s.sunshine_h / static_cast<double>(n_year);
        const std::vector<double> kt = list_clearness(w);
        persistence += find_persistence(kt) / static_cast<double>(n_year);
        clearness.insert(clearness.end(), kt.begin(), kt.end());
        january.push_back(w.temperature_c[12]); // clear noons of two years may agree
    }
    EXPECT_NEAR(sunshine_h / 2510.0, 1.0, 0.03);
    std::ranges::sort(january);
    EXPECT_EQ(std::ranges::adjacent_find(january), january.end()); // no two years alike

    // The file itself: mean clearness 0.531, lag-1 autocorrelation 0.22.
    EXPECT_NEAR(persistence, 0.22, 0.06);
    const double mean = std::accumulate(clearness.begin(), clearness.end(), 0.0) /
                        static_cast<double>(clearness.size());
    EXPECT_NEAR(mean, 0.531, 0.015);
}

/// Years whose clearest days are those of the file have its days: clear, middling and dark, and one after the other.
void hold_days_against_the_file(std::uint64_t n_year) {
    const auto path = std::filesystem::path{YUANWANG_SHARED_DIR} / "weather" /
                      "CHN_Qinghai.Xining.528660_CSWD.epw";
    if (!std::filesystem::exists(path)) {
        GTEST_SKIP() << "no weather file " << path;
    }
    const EpwFile epw = read_epw(path);
    WeatherYear as_written = make_weather(epw, year_2025);
    as_written.ghi_w_per_m2 = epw.ghi_w_per_m2; // its light at low sun included
    const std::vector<double> file = list_clearness(as_written);
    MonthlyNormals with = normals;
    with.clearest_day_kt = clearest_day_kt;
    std::vector<double> clearness;
    double persistence = 0;
    for (std::uint64_t seed = 1; seed <= n_year; ++seed) {
        const std::vector<double> kt =
            list_clearness(make_synthetic_weather(xining, with, year_2025, seed, "xining"));
        persistence += find_persistence(kt) / static_cast<double>(n_year);
        clearness.insert(clearness.end(), kt.begin(), kt.end());
    }
    for (std::size_t m = 0; m < 12; ++m) {
        EXPECT_NEAR(find_clearest_of_month(file, m), clearest_day_kt[m], 0.0006) << m;
    }
    EXPECT_NEAR(find_persistence(file), 0.22, 0.02);
    EXPECT_NEAR(persistence, find_persistence(file), 0.06);
    // Two samples of one law would differ by more than 0.09 in one case of twenty: 365 days of the file, whose persistence
    // of 0.22 leaves 233 independent ones, 1.36/√233.
    EXPECT_LT(find_distance(file, clearness), 0.06);
    std::vector<double> sorted = file;
    std::ranges::sort(sorted);
    std::ranges::sort(clearness);
    const auto quantile = [](const std::vector<double>& all, double share) {
        return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))];
    };
    for (const double share : {0.10, 0.25, 0.50, 0.75, 0.95}) {
        EXPECT_NEAR(quantile(clearness, share), quantile(sorted, share), 0.02) << share;
    }
}

TEST(ManyYears, FiveMeetTheNormals) {
    hold_years_against_the_normals(5);
}

TEST(ManyYears, FiveHaveTheDaysOfTheFile) {
    hold_days_against_the_file(5);
}

TEST(ManyYearsStudy, AHundredMeetTheNormals) {
    hold_years_against_the_normals(100);
}

TEST(ManyYearsStudy, AHundredHaveTheDaysOfTheFile) {
    hold_days_against_the_file(100);
}

// Sites of one seed share their weather: neighbours more than far ones.
TEST(ManyYears, CloudyDaysOfNeighboursFallTogether) {
    const SitePosition gonghe{36.1, 100.5, 2950};
    const SitePosition golmud{36.42, 94.9, 2808};
    double near = 0;
    double far = 0;
    constexpr int n_seed = 6;
    for (std::uint64_t seed = 1; seed <= n_seed; ++seed) {
        const auto clearness_at = [&](const SitePosition& site, const char* id) {
            return list_clearness(make_synthetic_weather(site, normals, year_2025, seed, id));
        };
        const auto correlate = [](const std::vector<double>& a, const std::vector<double>& b) {
            const auto mean = [](const std::vector<double>& x) {
                return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
            };
            double ab = 0;
            double aa = 0;
            double bb = 0;
            for (std::size_t i = 0; i < a.size(); ++i) {
                ab += (a[i] - mean(a)) * (b[i] - mean(b));
                aa += (a[i] - mean(a)) * (a[i] - mean(a));
                bb += (b[i] - mean(b)) * (b[i] - mean(b));
            }
            return ab / std::sqrt(aa * bb);
        };
        const std::vector<double> here = clearness_at(xining, "xining");
        near += correlate(here, clearness_at(gonghe, "gonghe")) / n_seed;
        far += correlate(here, clearness_at(golmud, "golmud")) / n_seed;
    }
    EXPECT_GT(near, 0.45);      // 130 km
    EXPECT_LT(far, near - 0.2); // 610 km
    EXPECT_GT(far, 0.0);
}

} // namespace
} // namespace yuanwang::models
