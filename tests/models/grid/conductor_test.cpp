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
    double c_nf;          ///< capacitance per km
    double surge_ohm;     ///< √(X/B)
    double natural_mw;    ///< V²/surge
    double charging_mvar; ///< per km
    double base_kv;
};

// Computed from GB/T 1179 diameters and resistances: 0.4 m bundles, flat spacing, printed to these digits.
constexpr PublishedLine published_lines[] = {
    {"LGJ-400/50", 6, 14, 0.01205, 0.01448, 0.2566, 4.317, 13.74, 243.8, 2307, 2.428, 750},
    {"LGJ-400/50", 6, 15, 0.01205, 0.01448, 0.2609, 4.244, 13.51, 247.9, 2269, 2.388, 750},
    {"LGJ-400/50", 6, 16, 0.01205, 0.01448, 0.2650, 4.179, 13.3, 251.8, 2234, 2.351, 750},
    {"LGJ-500/45", 6, 15, 0.00985, 0.01184, 0.2601, 4.259, 13.56, 247.1, 2276, 2.395, 750},
    {"LGJ-300/40", 2, 8, 0.04807, 0.05776, 0.3196, 3.509, 11.17, 301.8, 361, 0.382, 330},
    {"LGJ-400/35", 2, 8, 0.03694, 0.04439, 0.3160, 3.549, 11.3, 298.4, 365, 0.386, 330},
    {"LGJ-300/40", 4, 8, 0.02404, 0.02888, 0.2557, 4.350, 13.85, 242.5, 449, 0.474, 330},
    {"LGJ-185/30", 1, 4, 0.1592, 0.1913, 0.4078, 2.783, 8.86, 382.8, 32, 0.034, 110},
    {"LGJ-240/30", 1, 4, 0.1181, 0.1419, 0.3994, 2.844, 9.05, 374.7, 32, 0.034, 110},
    {"LGJ-300/40", 1, 4, 0.0961, 0.1155, 0.3929, 2.892, 9.21, 368.6, 33, 0.035, 110},
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

// What follows from X and B, printed beside them. Natural power at the nominal voltage.
TEST(Conductor, NaturalPowerAndChargingAreThePublishedOnes) {
    const double omega = 2 * std::numbers::pi * 50;
    for (const PublishedLine& line : published_lines) {
        const LineConstants constants =
            compute_line_constants(*find_conductor(line.conductor),
                                   {.bundle = line.bundle,
                                    .bundle_spacing_m = 0.4,
                                    .phase_spacing_m = line.phase_spacing_m},
                                   20);
        const double b_s = constants.b_us_per_km * 1e-6;
        const double surge_ohm = std::sqrt(constants.x_ohm_per_km / b_s);
        EXPECT_NEAR(1e9 * b_s / omega, line.c_nf, 0.0055) << line.conductor;
        EXPECT_NEAR(surge_ohm, line.surge_ohm, 0.055) << line.conductor;
        EXPECT_NEAR(line.base_kv * line.base_kv / surge_ohm, line.natural_mw, 0.55)
            << line.conductor;
        EXPECT_NEAR(line.base_kv * line.base_kv * b_s, line.charging_mvar, 0.00055)
            << line.conductor;
    }
    // Oeding and Oswald's 4-bundle 560/50 at 750 kV, as PyPSA has it: 0.276 Ω/km, 13.13 nF/km, 4.16 kA.
    EXPECT_NEAR(750 * 750 / std::sqrt(0.276 / (omega * 13.13e-9)), 2175, 0.5);
    EXPECT_NEAR(std::sqrt(3.0) * 750 * 4.16, 5404, 0.5);
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

// What the table says of whole lines at 30 °C and 2261 m, and what thin air costs.
TEST(Conductor, RatingsOfLinesOnThePlateauAreThePublishedOnes) {
    const auto rating_mva = [](const char* name, int bundle, double base_kv) {
        const double ampere = compute_ampacity_a(*find_conductor(name),
                                                 {.ambient_temperature_c = 30, .altitude_m = 2261});
        return std::sqrt(3.0) * base_kv * bundle * ampere / 1000;
    };
    EXPECT_NEAR(rating_mva("LGJ-400/50", 6, 750), 5400, 5);
    EXPECT_NEAR(rating_mva("LGJ-300/40", 2, 330), 663, 0.6);
    EXPECT_NEAR(rating_mva("LGJ-240/30", 1, 110), 97, 0.5);
    for (const Conductor& conductor : conductor_library()) {
        const double kept =
            compute_ampacity_a(conductor, {.ambient_temperature_c = 25, .altitude_m = 2261}) /
            compute_ampacity_a(conductor, {.ambient_temperature_c = 25});
        EXPECT_NEAR(1 - kept, 0.065, 0.0055) << conductor.name; // 6…7 %
    }
    // A national table of 1983 has 592 A for LGJ-400/50 at 40 °C.
    EXPECT_NEAR(compute_ampacity_a(*find_conductor("LGJ-400/50"), {}) / 592, 1.005, 0.0015);
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
