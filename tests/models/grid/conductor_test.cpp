#include "models/grid/conductor.hpp"

#include <cmath>
#include <numbers>
#include <string_view>

#include <gtest/gtest.h>

namespace yuanwang::models {
namespace {

struct PublishedLine {
    std::string_view conductor;
    int bundle;
    double phase_spacing_m;
    double r20;
    double r70;
    double x;
    double b_us;
};

// Computed from GB/T 1179 diameters and resistances: 0.4 m bundles, flat spacing, printed to these digits.
constexpr PublishedLine published_lines[] = {
    {"LGJ-400/50", 6, 14, 0.01205, 0.01448, 0.2566, 4.317},
    {"LGJ-400/50", 6, 15, 0.01205, 0.01448, 0.2609, 4.244},
    {"LGJ-400/50", 6, 16, 0.01205, 0.01448, 0.2650, 4.179},
    {"LGJ-500/45", 6, 15, 0.00985, 0.01184, 0.2601, 4.259},
    {"LGJ-300/40", 2, 8, 0.04807, 0.05776, 0.3196, 3.509},
    {"LGJ-400/35", 2, 8, 0.03694, 0.04439, 0.3160, 3.549},
    {"LGJ-300/40", 4, 8, 0.02404, 0.02888, 0.2557, 4.350},
    {"LGJ-185/30", 1, 4, 0.1592, 0.1913, 0.4078, 2.783},
    {"LGJ-240/30", 1, 4, 0.1181, 0.1419, 0.3994, 2.844},
    {"LGJ-300/40", 1, 4, 0.0961, 0.1155, 0.3929, 2.892},
};

TEST(Conductor, LineConstantsAreThePublishedOnesToTheirDigits) {
    for (const PublishedLine& line : published_lines) {
        const Conductor* conductor = find_conductor(line.conductor);
        ASSERT_NE(conductor, nullptr) << line.conductor;
        const BundleGeometry geometry{.bundle = line.bundle,
                                      .bundle_spacing_m = 0.4,
                                      .phase_spacing_m = line.phase_spacing_m};
        const LineConstants cold = compute_line_constants(*conductor, geometry, 20);
        const LineConstants warm = compute_line_constants(*conductor, geometry, 70);
        const double digit_r = line.bundle == 1 ? 5e-5 : 5e-6;
        EXPECT_NEAR(cold.r_ohm_per_km, line.r20, 1.02 * digit_r) << line.conductor;
        EXPECT_NEAR(warm.r_ohm_per_km, line.r70, 1.02 * digit_r) << line.conductor;
        EXPECT_NEAR(warm.x_ohm_per_km, line.x, 5.1e-5) << line.conductor;
        EXPECT_NEAR(warm.b_us_per_km, line.b_us, 5.1e-4) << line.conductor;
    }
}

TEST(Conductor, WavesTravelAtNearlyTheSpeedOfLight) {
    const double light = 2 * std::numbers::pi * 50 / 299792.458; // rad/km
    for (const Conductor& conductor : conductor_library()) {
        for (const int bundle : {1, 2, 4, 6}) {
            const LineConstants line = compute_line_constants(
                conductor, {.bundle = bundle, .bundle_spacing_m = 0.4, .phase_spacing_m = 10}, 20);
            const double phase = std::sqrt(line.x_ohm_per_km * line.b_us_per_km * 1e-6);
            EXPECT_GT(phase / light, 1.0);
            EXPECT_LT(phase / light, 1.02);
        }
    }
}

TEST(Conductor, AmpacityIsThePublishedTableToOneAmpere) {
    struct Row {
        std::string_view conductor;
        double ampere[6]; // 25 °C and 40 °C at sea level; 25, 30, 0, −10 °C at 2261 m
    };
    constexpr Row table[] = {
        {"LGJ-185/30", {493, 370, 461, 425, 604, 651}},
        {"LGJ-240/30", {593, 442, 554, 510, 728, 785}},
        {"LGJ-300/40", {675, 501, 631, 580, 831, 896}},
        {"LGJ-400/35", {793, 585, 741, 681, 979, 1056}},
        {"LGJ-400/50", {808, 595, 755, 693, 998, 1077}},
        {"LGJ-500/45", {913, 669, 853, 783, 1131, 1220}},
    };
    constexpr double ambient_c[] = {25, 40, 25, 30, 0, -10};
    constexpr double altitude_m[] = {0, 0, 2261, 2261, 2261, 2261};
    for (const Row& row : table) {
        for (std::size_t c = 0; c < 6; ++c) {
            const double ampere = compute_ampacity_a(
                *find_conductor(row.conductor),
                {.ambient_temperature_c = ambient_c[c], .altitude_m = altitude_m[c]});
            EXPECT_NEAR(ampere, row.ampere[c], 0.6) << row.conductor << " column " << c;
        }
    }
}

TEST(Conductor, AmpacityRisesWithWindAndAtNightAndVanishesWithoutAnythingToGive) {
    const Conductor& conductor = *find_conductor("LGJ-300/40");
    const double calm = compute_ampacity_a(conductor, {.wind_speed_m_per_s = 0});
    const double breeze = compute_ampacity_a(conductor, {.wind_speed_m_per_s = 0.5});
    const double storm = compute_ampacity_a(conductor, {.wind_speed_m_per_s = 10});
    EXPECT_LT(calm, breeze);
    EXPECT_LT(2 * breeze, storm);
    EXPECT_GT(compute_ampacity_a(conductor, {.sun_w_per_m2 = 0}), breeze);
    EXPECT_EQ(compute_ampacity_a(conductor, {.ambient_temperature_c = 70}), 0);
    EXPECT_EQ(compute_ampacity_a(conductor, {.ambient_temperature_c = 69, .wind_speed_m_per_s = 0}),
              0);
}

TEST(Conductor, AnUnknownNameFindsNothing) {
    EXPECT_EQ(find_conductor("LGJ-1/1"), nullptr);
}

} // namespace
} // namespace yuanwang::models
