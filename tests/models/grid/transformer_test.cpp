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
