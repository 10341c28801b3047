#include "models/source/single_diode.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace yuanwang::models {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

// pvlib-python, tests/test_pvsystem.py.
const SingleDiode published = {.photocurrent_a = 7.0,
                               .saturation_a = 6e-7,
                               .series_ohm = 0.1,
                               .shunt_ohm = 20.0,
                               .thermal_voltage_v = 0.5};

double residual(const SingleDiode& m, double v, double i) {
    const double vd = v + i * m.series_ohm;
    return m.photocurrent_a - m.saturation_a * std::expm1(vd / m.thermal_voltage_v) -
           vd / m.shunt_ohm - i;
}

TEST(SingleDiode, GivesThePublishedPoints) {
    const DiodePoints points = solve_points(published);
    EXPECT_NEAR(points.pmp_w, 38.19421055, 5e-9);
    EXPECT_NEAR(points.vmp_v, 6.224339375, 5e-9);
    EXPECT_NEAR(points.imp_a, 6.136267360, 5e-9);
    EXPECT_NEAR(points.voc_v, 8.106300147, 5e-10);
    EXPECT_NEAR(points.isc_a, 6.965172322, 5e-10);
}

TEST(SingleDiode, EveryPointOfTheCurveMeetsTheEquation) {
    for (const double light : {1e-6, 0.01, 1.0, 9.0}) {
        for (const double rs : {0.0, 0.1, 2.0}) {
            for (const double rsh : {5.0, 300.0, infinite}) {
                for (const double i0 : {1e-14, 1e-9, 1e-5}) {
                    const SingleDiode module = {light, i0, rs, rsh, 1.8};
                    const DiodePoints points = solve_points(module);
                    EXPECT_NEAR(residual(module, points.voc_v, 0.0), 0.0, 1e-12);
                    EXPECT_NEAR(residual(module, 0.0, points.isc_a), 0.0, 1e-12);
                    EXPECT_NEAR(residual(module, points.vmp_v, points.imp_a), 0.0, 1e-12);
                    for (int k = 0; k <= 50; ++k) {
                        const double v = points.voc_v * k / 50.0;
                        const double i = current_a(module, v);
                        EXPECT_NEAR(residual(module, v, i), 0.0, 1e-12);
                        EXPECT_LE(v * i, points.pmp_w * (1 + 1e-12));
                    }
                }
            }
        }
    }
}

TEST(SingleDiode, WithoutResistancesTheVoltageIsALogarithm) {
    const SingleDiode ideal = {7.0, 6e-7, 0.0, infinite, 0.5};
    EXPECT_NEAR(solve_points(ideal).voc_v, 0.5 * std::log1p(7.0 / 6e-7), 1e-13);
    EXPECT_NEAR(solve_points(ideal).isc_a, 7.0, 1e-15);
}

TEST(SingleDiode, NoLightNoPower) {
    SingleDiode dark = published;
    dark.photocurrent_a = 0;
    EXPECT_EQ(solve_points(dark).pmp_w, 0.0);
    EXPECT_EQ(solve_points(dark).voc_v, 0.0);
    EXPECT_EQ(current_a(dark, 0.0), 0.0);
    EXPECT_EQ(solve_points(translate(published, 0.004, 0.0, 10.0)).pmp_w, 0.0);
}

TEST(SingleDiode, AtReferenceConditionsNothingIsTranslated) {
    const SingleDiode same = translate(published, 0.004, 1000.0, 25.0);
    EXPECT_DOUBLE_EQ(same.photocurrent_a, published.photocurrent_a);
    EXPECT_DOUBLE_EQ(same.saturation_a, published.saturation_a);
    EXPECT_DOUBLE_EQ(same.shunt_ohm, published.shunt_ohm);
    EXPECT_DOUBLE_EQ(same.thermal_voltage_v, published.thermal_voltage_v);
}

TEST(SingleDiode, HeatTakesVoltageAndGivesALittleCurrent) {
    // A silicon module of 60 cells: Voc falls by 0.25…0.40 % and power by 0.3…0.5 % per kelvin.
    const SingleDiode module = {9.3, 2e-10, 0.25, 400.0, 1.55};
    const DiodePoints cool = solve_points(translate(module, 0.0045, 1000.0, 25.0));
    const DiodePoints warm = solve_points(translate(module, 0.0045, 1000.0, 35.0));
    EXPECT_GT(warm.isc_a, cool.isc_a);
    EXPECT_GT((warm.voc_v / cool.voc_v - 1.0) / 10.0, -0.0040);
    EXPECT_LT((warm.voc_v / cool.voc_v - 1.0) / 10.0, -0.0025);
    EXPECT_GT((warm.pmp_w / cool.pmp_w - 1.0) / 10.0, -0.0050);
    EXPECT_LT((warm.pmp_w / cool.pmp_w - 1.0) / 10.0, -0.0030);
}

} // namespace
} // namespace yuanwang::models
