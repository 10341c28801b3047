#include "models/weather/precipitation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "models/weather/synthetic.hpp"

namespace yuanwang::models {
namespace {

using namespace std::chrono;

MonthlyNormals wet_normals() {
    MonthlyNormals normals;
    normals.ghi_kwh_per_m2 = {80.4,  101.3, 129.7, 163.8, 170.1, 170.2,
                              194.6, 152.9, 113.5, 110.8, 89.9,  76.0};
    normals.temperature_c = {-6.8, -4.9, 2.3, 8.2, 12.2, 15.7, 17.7, 16.0, 11.9, 5.9, -1.2, -6.3};
    normals.temperature_range_k.fill(14);
    normals.relative_humidity.fill(0.55);
    normals.wind_speed_m_per_s.fill(1.2);
    normals.precipitation_mm = {1.5, 2, 7, 20, 46, 60, 85, 80, 62, 25, 4, 1.5};
    normals.wet_days = {2, 3, 5, 7, 12, 14, 16, 15, 15, 9, 3, 2};
    return normals;
}

TEST(Precipitation, MonthsHaveTheirSumsAndWetDays) {
    const TimeAxis axis{beijing_midnight(2025y / January / 1), minutes{60}, 8760};
    const MonthlyNormals normals = wet_normals();
    const WeatherYear w = make_synthetic_weather({36.7, 101.8, 2261}, normals, axis, 5, "x");
    std::array<double, 12> mm{};
    std::array<double, 12> wet{};
    double snow_cm = 0;
    for (std::size_t day = 0; day < 365; ++day) {
        double of_day = 0;
        for (std::size_t h = 0; h < 24; ++h) {
            const std::size_t t = 24 * day + h;
            of_day += w.precipitation_mm[t];
            snow_cm += w.snowfall_cm[t];
            if (w.snowfall_cm[t] > 0) {
                ASSERT_LT(w.temperature_c[t], 1.0);
            }
        }
        const std::size_t m = axis.middle(24 * day).month - 1;
        mm[m] += of_day;
        wet[m] += of_day > 0 ? 1 : 0;
    }
    for (std::size_t m = 0; m < 12; ++m) {
        EXPECT_NEAR(mm[m], normals.precipitation_mm[m], 1e-9) << m;
        EXPECT_EQ(wet[m], normals.wet_days[m]) << m;
    }
    EXPECT_GT(snow_cm, 3.0); // winter falls as snow
    EXPECT_LT(snow_cm, 60.0);
}

TEST(Precipitation, WetDaysAreDarkerAndQuarterHoursSumToTheHour) {
    const TimeAxis hours{beijing_midnight(2025y / July / 1), minutes{60}, 31 * 24};
    const TimeAxis quarters{hours.start, minutes{15}, 31 * 96};
    const SitePosition site{36.7, 101.8, 2261};
    const WeatherYear a = make_synthetic_weather(site, wet_normals(), hours, 5, "x");
    const WeatherYear b = make_synthetic_weather(site, wet_normals(), quarters, 5, "x");
    double wet_ghi = 0;
    double dry_ghi = 0;
    double wet = 0;
    for (std::size_t day = 0; day < 31; ++day) {
        double ghi = 0;
        double mm = 0;
        for (std::size_t h = 24 * day; h < 24 * day + 24; ++h) {
            ghi += a.ghi_w_per_m2[h];
            mm += a.precipitation_mm[h];
            double fine = 0;
            for (std::size_t q = 4 * h; q < 4 * h + 4; ++q) {
                fine += b.precipitation_mm[q];
            }
            ASSERT_NEAR(fine, a.precipitation_mm[h], 1e-12);
        }
        (mm > 0 ? wet_ghi : dry_ghi) += ghi;
        wet += mm > 0 ? 1 : 0;
    }
    EXPECT_LT(wet_ghi / wet, 0.8 * dry_ghi / (31 - wet));
}

TEST(Precipitation, NoNormalsNoRain) {
    MonthlyNormals normals = wet_normals();
    normals.precipitation_mm.fill(0);
    const TimeAxis axis{beijing_midnight(2025y / July / 1), minutes{60}, 24};
    const WeatherYear w = make_synthetic_weather({36.7, 101.8, 2261}, normals, axis, 5, "x");
    for (const double mm : w.precipitation_mm) {
        EXPECT_EQ(mm, 0.0);
    }
}

} // namespace
} // namespace yuanwang::models
