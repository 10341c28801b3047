#include "models/grid/transformer.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "models/grid/shunt.hpp"

namespace yuanwang::models {
namespace {

TEST(Transformer, ThePlateComesBackFromTheModel) {
    // 63 MVA 110/10 kV of PyPSA's standard types.
    const TransformerModel model = make_two_winding({.rate_mva = 63,
                                                     .uk_percent = 10.04,
                                                     .ukr_percent = 0.31,
                                                     .i0_percent = 0.078,
                                                     .p_iron_kw = 31.5});
    EXPECT_NEAR(std::hypot(model.r_pu, model.x_pu), 0.1004, 1e-15);
    EXPECT_DOUBLE_EQ(model.r_pu, 0.0031);
    EXPECT_NEAR(std::hypot(model.g_pu, model.b_pu), 0.00078, 1e-15);
    EXPECT_NEAR(model.g_pu * 63, 0.0315, 1e-15);
    EXPECT_LT(model.b_pu, 0);
}

TEST(Transformer, ANoLoadCurrentSmallerThanTheIronLossLeavesNoMagnetising) {
    const TransformerModel model =
        make_two_winding({.rate_mva = 100, .uk_percent = 10, .i0_percent = 0.01, .p_iron_kw = 100});
    EXPECT_DOUBLE_EQ(model.g_pu, 0.001);
    EXPECT_EQ(model.b_pu, 0);
}

TEST(Transformer, TheStarGivesEveryPairItsShortCircuitVoltageBack) {
    // 63 MVA 115/38.5/11 kV of a maker's catalogue: 10.5 / 18.0 / 7.0 %.
    const StarModel star = make_three_winding({.rate_hv_mva = 63,
                                               .rate_mv_mva = 63,
                                               .rate_lv_mva = 63,
                                               .uk_hm_percent = 10.5,
                                               .uk_hl_percent = 18.0,
                                               .uk_ml_percent = 7.0,
                                               .ukr_hm_percent = 0.4,
                                               .ukr_hl_percent = 0.5,
                                               .ukr_ml_percent = 0.3});
    EXPECT_NEAR(std::hypot(star.r_hv_pu + star.r_mv_pu, star.x_hv_pu + star.x_mv_pu), 0.105, 1e-15);
    EXPECT_NEAR(std::hypot(star.r_hv_pu + star.r_lv_pu, star.x_hv_pu + star.x_lv_pu), 0.18, 1e-15);
    EXPECT_NEAR(std::hypot(star.r_mv_pu + star.r_lv_pu, star.x_mv_pu + star.x_lv_pu), 0.07, 1e-15);
    EXPECT_LT(star.x_mv_pu, 0) << "10.5 + 7.0 − 18.0 is negative";
    EXPECT_NEAR(star.x_mv_pu, -0.0025, 2e-4);
}

TEST(Transformer, VoltagesOfASmallTertiaryMoveToTheRatingOfTheHighVoltageWinding) {
    // 200 MVA 330/115 auto-transformer with 80 MVA tertiary: 10.5 / 38 / 25 %.
    const StarModel star = make_three_winding({.rate_hv_mva = 200,
                                               .rate_mv_mva = 200,
                                               .rate_lv_mva = 80,
                                               .uk_hm_percent = 10.5,
                                               .uk_hl_percent = 38,
                                               .uk_ml_percent = 25});
    EXPECT_NEAR(star.x_hv_pu, (0.105 + 0.95 - 0.625) / 2, 1e-15);
    EXPECT_NEAR(star.x_mv_pu, (0.105 + 0.625 - 0.95) / 2, 1e-15);
    EXPECT_NEAR(star.x_lv_pu, (0.95 + 0.625 - 0.105) / 2, 1e-15);
}

// Units of a maker's catalogue: the star gives every uk back, and its M branch is negative or near nothing.
TEST(Transformer, EveryStarOfTheCatalogueGivesItsPlateBack) {
    struct Unit {
        double mva, hm, hl, ml, i0;
    };
    for (const Unit& u : {Unit{125, 10.0, 35.0, 24.0, 0.45}, Unit{200, 10.5, 38.0, 25.0, 0.45},
                          Unit{250, 10.5, 54.0, 42.0, 0.45}, Unit{167, 9.5, 67.0, 61.0, 0.25},
                          Unit{267, 11.5, 37.0, 23.0, 0.25}, Unit{63, 10.5, 18.0, 7.0, 0.30},
                          Unit{40, 10.5, 17.5, 6.5, 0.35}}) {
        const StarModel star = make_three_winding({.rate_hv_mva = u.mva,
                                                   .rate_mv_mva = u.mva,
                                                   .rate_lv_mva = u.mva,
                                                   .uk_hm_percent = u.hm,
                                                   .uk_hl_percent = u.hl,
                                                   .uk_ml_percent = u.ml});
        EXPECT_NEAR(100 * (star.x_hv_pu + star.x_mv_pu), u.hm, 1e-12) << u.mva;
        EXPECT_NEAR(100 * (star.x_hv_pu + star.x_lv_pu), u.hl, 1e-12) << u.mva;
        EXPECT_NEAR(100 * (star.x_mv_pu + star.x_lv_pu), u.ml, 1e-12) << u.mva;
        EXPECT_NEAR(100 * star.x_mv_pu, 0.5 * (u.hm + u.ml - u.hl), 1e-12) << u.mva;
        EXPECT_LT(star.x_mv_pu, 0.02) << u.mva;
    }
}

// PyPSA's standard types of two windings: uk, its resistive part, no-load current and iron loss come back.
TEST(Transformer, EveryStandardTypeGivesItsPlateBack) {
    struct Unit {
        double mva, uk, ukr, i0, iron_kw;
    };
    for (const Unit& u : {Unit{63, 10.04, 0.31, 0.078, 31.5}, Unit{40, 10.04, 0.295, 0.076, 30.45},
                          Unit{100, 12.0, 0.26, 0.06, 55}, Unit{160, 12.2, 0.25, 0.06, 60}}) {
        const TransformerModel model = make_two_winding({.rate_mva = u.mva,
                                                         .uk_percent = u.uk,
                                                         .ukr_percent = u.ukr,
                                                         .i0_percent = u.i0,
                                                         .p_iron_kw = u.iron_kw});
        EXPECT_NEAR(100 * std::hypot(model.r_pu, model.x_pu), u.uk, 1e-12) << u.mva;
        EXPECT_NEAR(100 * model.r_pu, u.ukr, 1e-12) << u.mva;
        // the iron loss of the 40 MVA type alone is 0.0761 % of its rating
        EXPECT_NEAR(100 * std::hypot(model.g_pu, model.b_pu), u.i0, 1.3e-4) << u.mva;
        EXPECT_NEAR(1000 * model.g_pu * u.mva, u.iron_kw, 1e-9) << u.mva;
    }
}

TEST(Transformer, NeutralTapsTurnNothing) {
    EXPECT_EQ(tap_turns(0, 1.25), 1.0);
    EXPECT_DOUBLE_EQ(tap_turns(-8, 1.25), 0.9);
}

TEST(Shunt, PowerGoesWithTheSquareOfTheVoltage) {
    EXPECT_DOUBLE_EQ(shunt_q_mvar(20, 3, 1.0), 60);
    EXPECT_DOUBLE_EQ(shunt_q_mvar(-60, 1, 1.1), -72.6);
}

} // namespace
} // namespace yuanwang::models
