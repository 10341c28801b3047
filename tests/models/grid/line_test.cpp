#include "models/grid/line.hpp"

#include <cmath>
#include <complex>

#include <gtest/gtest.h>

namespace yuanwang::models {
namespace {

using Complex = std::complex<double>;

const LineConstants xining_750{
    .r_ohm_per_km = 0.01448, .x_ohm_per_km = 0.2609, .b_us_per_km = 4.244};

/// Chain matrix [A B; C D] of a pi.
struct Chain {
    Complex a, b, c, d;
};
Chain chain_of(const LinePi& pi) {
    const Complex z{pi.r_ohm, pi.x_ohm};
    const Complex y{pi.g_end_us * 1e-6, pi.b_end_us * 1e-6};
    return {1.0 + z * y, z, y * (2.0 + z * y), 1.0 + z * y};
}

TEST(LinePi, TwoHalvesInARowAreTheWholeLine) {
    const Chain half = chain_of(make_line_pi(xining_750, 150));
    const Chain whole = chain_of(make_line_pi(xining_750, 300));
    EXPECT_NEAR(std::abs(half.a * half.a + half.b * half.c - whole.a), 0, 1e-13);
    EXPECT_NEAR(std::abs(half.a * half.b + half.b * half.d - whole.b), 0, 1e-10);
    EXPECT_NEAR(std::abs(half.c * half.a + half.d * half.c - whole.c), 0, 1e-16);
}

TEST(LinePi, AShortLineIsItsConstantsTimesItsLength) {
    const LinePi pi = make_line_pi(xining_750, 1);
    EXPECT_NEAR(pi.r_ohm, 0.01448, 1e-8);
    EXPECT_NEAR(pi.x_ohm, 0.2609, 1e-7);
    EXPECT_NEAR(pi.b_end_us, 4.244 / 2, 1e-6);
}

TEST(LinePi, TheShortAndTheLongFormMeetWhereTheyChange) {
    const double length_km = 1e-3 / std::sqrt(0.2613 * 4.244e-6);
    const LinePi below = make_line_pi(xining_750, length_km * 0.999);
    const LinePi above = make_line_pi(xining_750, length_km * 1.001);
    EXPECT_NEAR(above.x_ohm / below.x_ohm, 1.001 / 0.999, 1e-8);
    EXPECT_NEAR(above.b_end_us / below.b_end_us, 1.001 / 0.999, 1e-8);
}

TEST(LinePi, GuantingXiningChargesThreeHundredSeventyOneMegavars) {
    const LinePi open =
        make_line_pi({.r_ohm_per_km = 0, .x_ohm_per_km = 1e-9, .b_us_per_km = 4.244}, 155.5);
    EXPECT_NEAR(2 * open.b_end_us * 1e-6 * 750 * 750, 371.2, 0.1);
    const LinePi with_reactors =
        make_line_pi({.r_ohm_per_km = 0, .x_ohm_per_km = 1e-9, .b_us_per_km = 4.244}, 155.5, 0.7);
    EXPECT_NEAR(2 * with_reactors.b_end_us * 1e-6 * 750 * 750, 0.3 * 371.2, 0.05);
}

} // namespace
} // namespace yuanwang::models
