#include "models/weather/synthetic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "models/weather/clear_sky.hpp"
#include "models/weather/clearness.hpp"
#include "models/weather/random_field.hpp"
#include "models/weather/resample.hpp"

namespace yuanwang::models {
namespace {

using namespace std::chrono;

const SitePosition xining{36.72, 101.75, 2295};

/// Radiation and temperature: China Standard Weather Data of Xining (WMO 52866); wind like Gangca's.
const MonthlyNormals normals{
    .ghi_kwh_per_m2 = {80.4, 101.3, 129.7, 163.8, 170.1, 170.2, 194.6, 152.9, 113.5, 110.8, 89.9,
                       76.0},
    .temperature_c = {-6.8, -4.9, 2.3, 8.2, 12.2, 15.7, 17.7, 16.0, 11.9, 5.9, -1.2, -6.3},
    .temperature_range_k = {16.5, 16.3, 13.7, 15.1, 14.3, 10.9, 13.1, 13.0, 11.7, 11.3, 15.6, 17.0},
    .relative_humidity = {0.47, 0.42, 0.50, 0.52, 0.54, 0.62, 0.65, 0.73, 0.72, 0.61, 0.59, 0.50},
    .wind_speed_m_per_s = {2.9, 2.9, 4.0, 4.4, 3.8, 3.3, 3.3, 2.9, 3.2, 3.4, 3.2, 2.8}};

TimeAxis axis_of(year_month_day start, int n_day, minutes step) {
    return {beijing_midnight(start), step, static_cast<std::size_t>(days{n_day} / step)};
}

const TimeAxis year_2025 = axis_of(2025y / January / 1, 365, minutes{60});

struct Means {
    double ghi_kwh = 0;
    double temperature_c = 0;
    double relative_humidity = 0;
    double wind_m_per_s = 0;
};

std::array<Means, 12> monthly(const WeatherYear& w, const TimeAxis& axis) {
    std::array<Means, 12> out{};
    std::array<double, 12> n{};
    for (std::size_t t = 0; t < axis.n_step; ++t) {
        const std::size_t m = axis.middle(t).month - 1;
        n[m] += 1;
        out[m].ghi_kwh += w.ghi_w_per_m2[t] * axis.dt_h() / 1000.0;
        out[m].temperature_c += w.temperature_c[t];
        out[m].relative_humidity += w.relative_humidity[t];
        out[m].wind_m_per_s += w.wind_speed_m_per_s[t];
    }
    for (std::size_t m = 0; m < 12; ++m) {
        out[m].temperature_c /= n[m];
        out[m].relative_humidity /= n[m];
        out[m].wind_m_per_s /= n[m];
    }
    return out;
}

class SyntheticYear : public testing::TestWithParam<int> {};

TEST_P(SyntheticYear, MonthsMeetTheirNormals) {
    const auto seed = static_cast<std::uint64_t>(GetParam());
    const WeatherYear w = make_synthetic_weather(xining, normals, year_2025, seed, "xining");
    const auto means = monthly(w, year_2025);
    for (std::size_t m = 0; m < 12; ++m) {
        EXPECT_NEAR(means[m].ghi_kwh / normals.ghi_kwh_per_m2[m], 1.0, 0.001) << m;
        EXPECT_NEAR(means[m].temperature_c, normals.temperature_c[m], 0.05) << m;
        EXPECT_NEAR(means[m].relative_humidity, normals.relative_humidity[m], 0.01) << m;
        EXPECT_NEAR(means[m].wind_m_per_s / normals.wind_speed_m_per_s[m], 1.0, 0.001) << m;
    }
}

// Sunshine by the WMO threshold; Xining has 2510.1 h a year.
TEST_P(SyntheticYear, SunshineOfXiningIsThePublishedOne) {
    const auto seed = static_cast<std::uint64_t>(GetParam());
    const WeatherYear w = make_synthetic_weather(xining, normals, year_2025, seed, "xining");
    double sunny_h = 0;
    for (const double dni : w.dni_w_per_m2) {
        sunny_h += dni >= 120.0 ? 1.0 : 0.0;
    }
    EXPECT_NEAR(sunny_h / 2510.1, 1.0, 0.03);
}

TEST_P(SyntheticYear, RadiationClosesAndStaysBelowTheClearSky) {
    const auto seed = static_cast<std::uint64_t>(GetParam());
    const WeatherYear w = make_synthetic_weather(xining, normals, year_2025, seed, "xining");
    const std::vector<double> clear = clear_sky_five_minutes(xining, year_2025.start, 12 * 8760);
    for (std::size_t t = 0; t < w.size(); ++t) {
        double clear_w_per_m2 = 0;
        for (std::size_t j = 0; j < 12; ++j) {
            clear_w_per_m2 += clear[12 * t + j] / 12.0;
        }
        ASSERT_LE(w.ghi_w_per_m2[t], clear_w_per_m2 * (1.0 + 1e-9)) << t;
        const double sin_h =
            std::max(0.0, std::sin(w.sun_elevation_degree[t] * std::numbers::pi / 180.0));
        ASSERT_NEAR(w.dhi_w_per_m2[t] + w.dni_w_per_m2[t] * sin_h, w.ghi_w_per_m2[t], 1e-9) << t;
        ASSERT_GE(w.dni_w_per_m2[t], 0.0);
        ASSERT_GE(w.dhi_w_per_m2[t], 0.0);
        ASSERT_GE(w.relative_humidity[t], 0.0);
        ASSERT_LE(w.relative_humidity[t], 1.0);
        ASSERT_GE(w.wind_speed_m_per_s[t], 0.0);
        ASSERT_TRUE(std::isfinite(w.temperature_c[t]));
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, SyntheticYear, testing::Values(1, 2, 2025, 77, 123456));

TEST(SyntheticWeather, SameSeedSameYearOtherSeedOther) {
    const TimeAxis week = axis_of(2025y / July / 1, 7, minutes{60});
    const WeatherYear a = make_synthetic_weather(xining, normals, week, 5, "xining");
    const WeatherYear b = make_synthetic_weather(xining, normals, week, 5, "xining");
    const WeatherYear c = make_synthetic_weather(xining, normals, week, 6, "xining");
    EXPECT_EQ(a.ghi_w_per_m2, b.ghi_w_per_m2);
    EXPECT_EQ(a.wind_speed_m_per_s, b.wind_speed_m_per_s);
    EXPECT_NE(a.ghi_w_per_m2, c.ghi_w_per_m2);
}

// Over ten years each sector has its share of the hours, apart from speed, and a wind keeps its direction for hours.
TEST(SyntheticWeather, DirectionsFollowTheRose) {
    MonthlyNormals with = normals;
    with.wind_rose = {0.3, 0.05, 0.1, 0.05, 0.2, 0.02, 0.18, 0.1};
    std::vector<double> share(8);
    double turned = 0;
    double n = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const WeatherYear w = make_synthetic_weather(xining, with, year_2025, seed, "xining");
        ASSERT_EQ(w.wind_from_degree.size(), 8760U);
        for (std::size_t t = 0; t < 8760; ++t) {
            ASSERT_GE(w.wind_from_degree[t], 0.0);
            ASSERT_LE(w.wind_from_degree[t], 360.0);
            share[static_cast<std::size_t>(w.wind_from_degree[t] / 45 + 0.5) % 8] += 1;
            n += 1;
            turned += t > 0 && std::abs(std::remainder(
                                   w.wind_from_degree[t] - w.wind_from_degree[t - 1], 360.0)) > 90
                          ? 1
                          : 0;
        }
    }
    for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_NEAR(share[i] / n, with.wind_rose[i], 0.025) << i;
    }
    EXPECT_LT(turned / n, 0.2);
    const WeatherYear plain = make_synthetic_weather(xining, normals, year_2025, 1, "xining");
    EXPECT_TRUE(plain.wind_from_degree.empty());
    EXPECT_EQ(make_synthetic_weather(xining, with, year_2025, 1, "xining").wind_speed_m_per_s,
              plain.wind_speed_m_per_s);
}

TEST(SyntheticWeather, AWeekIsCutFromItsYear) {
    const WeatherYear year = make_synthetic_weather(xining, normals, year_2025, 5, "xining");
    const WeatherYear week = make_synthetic_weather(
        xining, normals, axis_of(2025y / July / 1, 7, minutes{60}), 5, "xining");
    const std::size_t first = 181 * 24;
    for (std::size_t t = 0; t < week.size(); ++t) {
        EXPECT_EQ(week.ghi_w_per_m2[t], year.ghi_w_per_m2[first + t]);
        EXPECT_EQ(week.temperature_c[t], year.temperature_c[first + t]);
        EXPECT_NEAR(week.sun_elevation_degree[t], year.sun_elevation_degree[first + t], 1e-4);
    }
}

TEST(SyntheticWeather, FinerStepsKeepEachHour) {
    const WeatherYear hour = make_synthetic_weather(
        xining, normals, axis_of(2025y / May / 10, 5, minutes{60}), 9, "xining");
    for (const int step : {30, 15, 5}) {
        const TimeAxis axis = axis_of(2025y / May / 10, 5, minutes{step});
        const WeatherYear fine = make_synthetic_weather(xining, normals, axis, 9, "xining");
        const auto n = static_cast<std::size_t>(60 / step);
        double roughness = 0;
        for (std::size_t t = 0; t < hour.size(); ++t) {
            double ghi = 0;
            double temperature = 0;
            double wind = 0;
            for (std::size_t j = 0; j < n; ++j) {
                ghi += fine.ghi_w_per_m2[n * t + j] / static_cast<double>(n);
                temperature += fine.temperature_c[n * t + j] / static_cast<double>(n);
                wind += fine.wind_speed_m_per_s[n * t + j] / static_cast<double>(n);
                roughness +=
                    std::abs(fine.wind_speed_m_per_s[n * t + j] - hour.wind_speed_m_per_s[t]);
            }
            ASSERT_NEAR(ghi, hour.ghi_w_per_m2[t], 1e-9);
            ASSERT_NEAR(temperature, hour.temperature_c[t], 1e-9);
            ASSERT_NEAR(wind, hour.wind_speed_m_per_s[t], 1e-9);
        }
        EXPECT_GT(roughness, 0.0);
    }
}

TEST(SyntheticWeather, RunsOverNewYearAndLeapDays) {
    const TimeAxis axis = axis_of(2027y / December / 30, 70, minutes{60});
    const WeatherYear w = make_synthetic_weather(xining, normals, axis, 3, "xining");
    ASSERT_EQ(w.size(), axis.n_step);
    for (std::size_t t = 1; t < w.size(); ++t) {
        ASSERT_LT(std::abs(w.temperature_c[t] - w.temperature_c[t - 1]), 8.0) << t;
    }
    const WeatherYear leap = make_synthetic_weather(
        xining, normals, axis_of(2028y / January / 1, 366, minutes{60}), 3, "xining");
    EXPECT_EQ(leap.size(), 8784U);
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
    double ma = 0;
    double mb = 0;
    const auto n = static_cast<double>(a.size());
    for (std::size_t t = 0; t < a.size(); ++t) {
        ma += a[t] / n;
        mb += b[t] / n;
    }
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (std::size_t t = 0; t < a.size(); ++t) {
        ab += (a[t] - ma) * (b[t] - mb);
        aa += (a[t] - ma) * (a[t] - ma);
        bb += (b[t] - mb) * (b[t] - mb);
    }
    return ab / std::sqrt(aa * bb);
}

// What seeds have in common: exp(−d/L) by distance, in the mean over many fields.
TEST(RandomField, NeighboursMoveTogetherAndFarSitesDoNot) {
    const FieldShape shape{"test", 400, 1.0, 0.3, 64};
    const SitePosition near{36.72, 102.87, 2000}; // 100 km east
    const SitePosition far{36.72, 110.70, 1000};  // 800 km east
    double r_near = 0;
    double r_far = 0;
    double variance = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const auto x = sample_field(shape, xining, seed, "a", 0, 400);
        r_near += correlation(x, sample_field(shape, near, seed, "b", 0, 400)) / 40.0;
        r_far += correlation(x, sample_field(shape, far, seed, "c", 0, 400)) / 40.0;
        for (const double value : x) {
            variance += value * value / (40.0 * 400.0);
        }
    }
    EXPECT_NEAR(variance, 1.0, 0.05);
    EXPECT_NEAR(r_near, std::exp(-100.0 / 400.0), 0.05);
    EXPECT_NEAR(r_far, std::exp(-800.0 / 400.0), 0.07);
}

TEST(RandomField, StretchesFitTogether) {
    const FieldShape shape{"test", 400, 0.9, 0.9, 16};
    const auto whole = sample_field(shape, xining, 1, "a", 1000, 100);
    const auto tail = sample_field(shape, xining, 1, "a", 1060, 40);
    for (std::size_t t = 0; t < tail.size(); ++t) {
        EXPECT_NEAR(tail[t], whole[60 + t], 1e-7);
    }
}

TEST(Clearness, QuantilesHaveTheMeanTheyWereMadeFor) {
    for (const double c_max : {1.0, 0.97, 0.85}) {
        for (const double c : {0.1, 0.3, 0.525, 0.7, 0.95}) {
            const double gamma = bendt_gamma(c * c_max, c_max);
            double sum = 0;
            for (int i = 0; i < 10000; ++i) {
                sum += bendt_quantile(gamma, c_max, (i + 0.5) / 10000.0) / 10000.0;
            }
            EXPECT_NEAR(sum, c * c_max, 1e-4) << c;
            EXPECT_LE(bendt_quantile(gamma, c_max, 1.0), c_max + 1e-12);
        }
    }
}

TEST(Clearness, SumsThatNoSkyCanGiveBecomeClearDays) {
    const std::vector<double> clear(30, 8000.0);
    const std::vector<double> order(30, 0.0);
    for (const double c : make_daily_index({clear, 1e9, 1.0, order})) {
        EXPECT_NEAR(c, 1.0, 1e-6);
    }
    for (const double c : make_daily_index({clear, 0.0, 1.0, order})) {
        EXPECT_EQ(c, 0.0);
    }
}

TEST(Clearness, NoDayIsClearerThanTheClearest) {
    const std::vector<double> clear(31, 8000.0);
    std::vector<double> order(31);
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = std::sin(static_cast<double>(7 * i));
    }
    const std::vector<double> index = make_daily_index({clear, 0.7 * 31 * 8000, 0.88, order});
    EXPECT_LE(std::ranges::max(index), 0.88);
    EXPECT_GT(std::ranges::max(index), 0.85);
    EXPECT_NEAR(std::accumulate(index.begin(), index.end(), 0.0) / 31, 0.7, 1e-9);
}

} // namespace
} // namespace yuanwang::models
