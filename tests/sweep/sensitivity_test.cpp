/// Sensitivity indices against functions whose indices are known in closed form.
#include <cmath>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweep/design.hpp"
#include "sweep/sensitivity.hpp"

namespace yuanwang::sweep {
namespace {

/// Ishigami and Homma (1990): sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1, each x uniform in (−π, π).
double ishigami(const std::vector<double>& x) {
    return std::sin(x[0]) + 7 * std::pow(std::sin(x[1]), 2) +
           0.1 * std::pow(x[2], 4) * std::sin(x[0]);
}

struct Sample {
    Manifest manifest;
    std::vector<double> values;
};

Sample evaluate(SweepFile sweep) {
    for (const char* name : {"x1", "x2", "x3"}) {
        sweep.axes.push_back(
            {.name = name,
             .path = name,
             .distribution = Distribution{.from = -std::numbers::pi, .to = std::numbers::pi}});
    }
    Sample sample{.manifest = {.design = sweep.design,
                               .n_sample = sweep.n_member,
                               .axes = {"x1", "x2", "x3"}}};
    for (const Combination& points : lay_out(sweep)) {
        std::vector<double> x;
        ManifestMember member;
        for (const Written& point : points) {
            x.push_back(std::stod(point.text));
            member.coordinates.push_back(point.text);
        }
        sample.manifest.members.push_back(std::move(member));
        sample.values.push_back(ishigami(x));
    }
    return sample;
}

TEST(Sensitivity, SaltelliDesignsGiveTheIndicesOfIshigami) {
    // Saltelli et al., Global Sensitivity Analysis: The Primer (2008): S = 0.314, 0.442, 0; T = 0.558, 0.442, 0.244.
    const Sample sample = evaluate({.design = Design::saltelli, .n_member = 4096, .seed = 3});
    const auto indices = find_sensitivities(sample.manifest, sample.values);
    EXPECT_NEAR(*indices[0].main, 0.314, 0.02);
    EXPECT_NEAR(*indices[1].main, 0.442, 0.02);
    EXPECT_NEAR(*indices[2].main, 0.000, 0.02);
    EXPECT_NEAR(*indices[0].total, 0.558, 0.02);
    EXPECT_NEAR(*indices[1].total, 0.442, 0.02);
    EXPECT_NEAR(*indices[2].total, 0.244, 0.02);
}

TEST(Sensitivity, AnyDesignGivesMainEffectsByGroups) {
    for (const Design design : {Design::sobol, Design::monte_carlo, Design::latin_hypercube}) {
        const Sample sample = evaluate({.design = design, .n_member = 4096, .seed = 5});
        const auto indices = find_sensitivities(sample.manifest, sample.values);
        // ten parts take sin x for its mean in each: S falls by (sin(w)/w)², w = π/10, for sin² by w = π/5
        EXPECT_NEAR(*indices[0].main, 0.314 * 0.968, 0.03) << to_string(design);
        EXPECT_NEAR(*indices[1].main, 0.442 * 0.875, 0.03) << to_string(design);
        EXPECT_NEAR(*indices[2].main, 0.000, 0.02) << to_string(design);
        EXPECT_FALSE(indices[0].total.has_value());
    }
}

TEST(Sensitivity, AFullDesignIsSplitExactly) {
    // y = a + 2 b + a b over a, b in {−1, 1}: variances 1, 4, 1.
    Sample sample{.manifest = {.design = Design::full, .axes = {"a", "b"}}};
    for (const int a : {-1, 1}) {
        for (const int b : {-1, 1}) {
            sample.manifest.members.push_back({{std::to_string(a), std::to_string(b)}, ""});
            sample.values.push_back(a + 2 * b + a * b);
        }
    }
    const auto indices = find_sensitivities(sample.manifest, sample.values);
    EXPECT_DOUBLE_EQ(*indices[0].main, 1.0 / 6);
    EXPECT_DOUBLE_EQ(*indices[1].main, 4.0 / 6);
    EXPECT_DOUBLE_EQ(*indices[0].total, 2.0 / 6);
    EXPECT_DOUBLE_EQ(*indices[1].total, 5.0 / 6);
    const auto levels = find_levels(sample.manifest, 1, sample.values);
    ASSERT_EQ(levels.size(), 2U);
    EXPECT_EQ(levels[1].label, "1");
    EXPECT_EQ(levels[1].mean, 2);
    EXPECT_EQ(levels[1].min, 0);
    EXPECT_EQ(levels[1].max, 4);
}

TEST(Sensitivity, NothingIsClaimedOfAConstantOrOfGaps) {
    Sample sample{.manifest = {.design = Design::full, .axes = {"a"}}, .values = {3, 3}};
    sample.manifest.members = {{{"1"}, ""}, {{"2"}, ""}};
    EXPECT_FALSE(find_sensitivities(sample.manifest, sample.values)[0].main.has_value());
    sample.values = {NAN, NAN};
    EXPECT_FALSE(find_sensitivities(sample.manifest, sample.values)[0].main.has_value());
    EXPECT_TRUE(find_levels(sample.manifest, 0, sample.values).empty());
}

} // namespace
} // namespace yuanwang::sweep
