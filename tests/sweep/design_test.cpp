/// How points become members.
#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweep/design.hpp"
#include "sweep/filter.hpp"
#include "sweep/sobol.hpp"

namespace yuanwang::sweep {
namespace {

using ::testing::ElementsAre;

Axis list_axis(const std::string& name, const std::vector<std::string>& values) {
    Axis axis{.name = name, .path = name};
    for (const std::string& value : values) {
        axis.points.push_back({value, {}});
    }
    return axis;
}

std::vector<std::string> join(const std::vector<Combination>& members) {
    std::vector<std::string> lines;
    for (const Combination& member : members) {
        std::string line;
        for (const Written& point : member) {
            line += (line.empty() ? "" : " ") + point.text;
        }
        lines.push_back(line);
    }
    return lines;
}

TEST(Design, FullTurnsTheLastAxisFastest) {
    const SweepFile sweep{.axes = {list_axis("a", {"1", "2"}), list_axis("b", {"x", "y", "z"})}};
    EXPECT_THAT(join(lay_out(sweep)), ElementsAre("1 x", "1 y", "1 z", "2 x", "2 y", "2 z"));
}

TEST(Design, ZipTakesPointsSideBySide) {
    const SweepFile sweep{.axes = {list_axis("a", {"1", "2"}), list_axis("b", {"x", "y"})},
                          .design = Design::zip};
    EXPECT_THAT(join(lay_out(sweep)), ElementsAre("1 x", "2 y"));
}

TEST(Design, AHypercubeMeetsEveryPartOfEveryAxisOnce) {
    constexpr std::size_t n = 50;
    Axis range{.name = "r", .path = "r", .distribution = Distribution{.from = 10, .to = 20}};
    const SweepFile sweep{.axes = {range, list_axis("l", {"a", "b", "c", "d", "e"})},
                          .design = Design::latin_hypercube,
                          .n_member = n,
                          .seed = 3};
    const std::vector<Combination> members = lay_out(sweep);
    std::set<int> parts;
    std::multiset<std::string> words;
    for (const Combination& member : members) {
        parts.insert(static_cast<int>((std::stod(member[0].text) - 10) / 10 * n));
        words.insert(member[1].text);
    }
    EXPECT_EQ(members.size(), n);
    EXPECT_EQ(parts.size(), n);
    EXPECT_EQ(*parts.begin(), 0);
    EXPECT_EQ(*parts.rbegin(), static_cast<int>(n) - 1);
    EXPECT_EQ(words.count("a"), n / 5);
    EXPECT_EQ(words.count("e"), n / 5);
}

TEST(Design, AnAxisOfAHypercubeDoesNotFeelTheOthers) {
    const Axis range{.name = "r", .path = "r", .distribution = Distribution{.from = 0, .to = 1}};
    SweepFile sweep{.axes = {range}, .design = Design::latin_hypercube, .n_member = 8, .seed = 5};
    const auto alone = lay_out(sweep);
    sweep.axes.insert(sweep.axes.begin(), list_axis("l", {"a", "b"}));
    const auto beside = lay_out(sweep);
    for (std::size_t k = 0; k < alone.size(); ++k) {
        EXPECT_EQ(alone[k][0].text, beside[k][1].text);
    }
    sweep.seed = 6;
    EXPECT_NE(join(lay_out(sweep)), join(beside));
}

TEST(Design, ASobolAxisIsMetEvenlyByEveryPowerOfTwo) {
    SweepFile sweep{.design = Design::sobol, .n_member = 256, .seed = 11};
    for (std::size_t d = 0; d < max_sobol_dimensions; ++d) {
        sweep.axes.push_back({.name = "x" + std::to_string(d),
                              .path = "x",
                              .distribution = Distribution{.from = 0, .to = 1}});
    }
    const std::vector<Combination> members = lay_out(sweep);
    for (std::size_t d = 0; d < sweep.axes.size(); ++d) {
        std::set<int> parts;
        for (const Combination& member : members) {
            parts.insert(static_cast<int>(std::stod(member[d].text) * 256));
        }
        EXPECT_EQ(parts.size(), 256U) << "dimension " << d;
    }
}

TEST(Sobol, ThePlainSequenceHasThePublishedPoints) {
    // First points of the sequence in Gray code order in three dimensions, as Joe and Kuo's program prints them.
    const double published[][3] = {{0, 0, 0},
                                   {0.5, 0.5, 0.5},
                                   {0.75, 0.25, 0.25},
                                   {0.25, 0.75, 0.75},
                                   {0.375, 0.375, 0.625},
                                   {0.875, 0.875, 0.125},
                                   {0.625, 0.125, 0.875},
                                   {0.125, 0.625, 0.375}};
    SobolSequence sequence{{0, 0, 0}};
    for (const auto& point : published) {
        const auto x = sequence.next();
        for (std::size_t d = 0; d < 3; ++d) {
            EXPECT_NEAR(x[d], point[d], 0x1.0p-32);
        }
    }
}

TEST(Sobol, IntegratesAProductFasterThanChance) {
    // ∫ Π (1 + (x_d − ½)/d) dx = 1; random points of this number are off by about 0.01.
    SobolSequence sequence{std::vector<std::uint32_t>(12, 0x9e3779b9U)};
    constexpr int n = 4096;
    double sum = 0;
    for (int k = 0; k < n; ++k) {
        double product = 1;
        double d = 1;
        for (const double x : sequence.next()) {
            product *= 1 + (x - 0.5) / d++;
        }
        sum += product;
    }
    EXPECT_NEAR(sum / n, 1, 5e-4);
}

TEST(Design, SaltelliMembersShareAllButOneCoordinate) {
    SweepFile sweep{.design = Design::saltelli, .n_member = 8, .seed = 2};
    for (const char* name : {"a", "b", "c"}) {
        sweep.axes.push_back(
            {.name = name, .path = name, .distribution = Distribution{.from = 0, .to = 1}});
    }
    const std::vector<Combination> members = lay_out(sweep);
    ASSERT_EQ(members.size(), 8U * 5U);
    for (std::size_t k = 0; k < 8; ++k) {
        const Combination& a = members[5 * k];
        const Combination& b = members[5 * k + 1];
        for (std::size_t i = 0; i < 3; ++i) {
            for (std::size_t d = 0; d < 3; ++d) {
                EXPECT_EQ(members[5 * k + 2 + i][d].text, d == i ? b[d].text : a[d].text);
            }
        }
    }
}

TEST(Distribution, TheInverseOfTheNormalHasThePublishedValues) {
    // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.1: upper tail 5 %, 2.5 %, 0.5 %.
    EXPECT_NEAR(invert_normal(0.95), 1.644853627, 1e-9);
    EXPECT_NEAR(invert_normal(0.975), 1.959963985, 1e-9);
    EXPECT_NEAR(invert_normal(0.995), 2.575829304, 1e-9);
    EXPECT_NEAR(invert_normal(0.5), 0, 1e-15);
    EXPECT_NEAR(invert_normal(1e-300), -37.0471, 1e-4);
}

TEST(Distribution, MomentsAreThoseOfTheDistribution) {
    const auto describe = [](const Distribution& d) {
        constexpr int n = 100000;
        double sum = 0;
        double squares = 0;
        for (int k = 0; k < n; ++k) {
            const double value = find_quantile(d, (k + 0.5) / n);
            sum += value;
            squares += value * value;
        }
        const double mean = sum / n;
        return std::pair{mean, std::sqrt(squares / n - mean * mean)};
    };
    using Kind = Distribution::Kind;
    const auto normal = describe({.kind = Kind::normal, .center = 400, .spread = 50});
    EXPECT_NEAR(normal.first, 400, 0.01);
    EXPECT_NEAR(normal.second, 50, 0.05);
    // lognormal: mean = median exp(sigma²/2)
    const auto log = describe({.kind = Kind::lognormal, .center = 100, .spread = 0.5});
    EXPECT_NEAR(log.first, 100 * std::exp(0.125), 0.05);
    // triangular: mean (a + b + c)/3, variance (a² + b² + c² − ab − ac − bc)/18
    const auto triangle = describe({.kind = Kind::triangular, .from = 0, .to = 10, .mode = 2});
    EXPECT_NEAR(triangle.first, 4, 1e-4);
    EXPECT_NEAR(triangle.second, std::sqrt((100 + 4 - 20) / 18.0), 1e-3);
    const auto log_uniform = describe({.kind = Kind::log_uniform, .from = 1, .to = 100});
    EXPECT_NEAR(log_uniform.first, 99 / std::log(100.0), 1e-3);
}

TEST(Distribution, ACutOffNormalStaysInsideAndKeepsItsShape) {
    const Distribution d{
        .kind = Distribution::Kind::normal, .center = 0, .spread = 1, .min = -1, .max = 2};
    EXPECT_NEAR(find_quantile(d, 1e-12), -1, 1e-9);
    EXPECT_NEAR(find_quantile(d, 1 - 1e-12), 2, 1e-9);
    // the share below 0 is (Φ(0) − Φ(−1)) / (Φ(2) − Φ(−1))
    EXPECT_NEAR(find_quantile(d, 0.341344746 / 0.818594614), 0, 1e-8);
}

TEST(Distribution, StepsRoundToWholeMultiples) {
    const Distribution d{.from = 0, .to = 100, .step = 25};
    EXPECT_EQ(find_quantile(d, 0.3), 25);
    EXPECT_EQ(find_quantile(d, 0.4), 50);
}

TEST(Design, WeightsSayHowOftenAPointIsDrawn) {
    Axis axis = list_axis("site", {"a", "b"});
    axis.weights = {0.9, 0.1};
    axis.distribution.reset();
    const SweepFile sweep{
        .axes = {axis, {.name = "x", .path = "x", .distribution = Distribution{}}},
        .design = Design::monte_carlo,
        .n_member = 10000,
        .seed = 4};
    const auto members = lay_out(sweep);
    const auto n_a = std::ranges::count_if(
        members, [](const Combination& member) { return member[0].text == "a"; });
    EXPECT_NEAR(static_cast<double>(n_a), 9000, 100);
}

TEST(Filter, KeepsWhatTheConditionsAllow) {
    SweepFile sweep{
        .axes = {list_axis("e_mwh", {"20", "40", "80"}), list_axis("site", {"hill", "town"})}};
    const auto kept = [&](const std::string& condition) {
        sweep.filters = {{condition, {"sweep.yaml", 9, 12}}};
        return join(keep_filtered(sweep, lay_out(sweep)));
    };
    EXPECT_THAT(kept("e_mwh <= 2 * (10 + 10)"),
                ElementsAre("20 hill", "20 town", "40 hill", "40 town"));
    EXPECT_THAT(kept("site == 'town' and not e_mwh < 40"), ElementsAre("40 town", "80 town"));
    EXPECT_THAT(kept("site != 'town' or -e_mwh / 2 == -10"),
                ElementsAre("20 hill", "20 town", "40 hill", "80 hill"));
}

TEST(Filter, WhatMakesNoSenseIsToldAtItsPlace) {
    SweepFile sweep{
        .axes = {list_axis("e_mwh", {"20", "40"}), list_axis("site", {"hill", "town"})}};
    const auto fault = [&](const std::string& condition) {
        sweep.filters = {{condition, {"sweep.yaml", 9, 12}}};
        try {
            (void)keep_filtered(sweep, lay_out(sweep));
            return std::string{};
        } catch (const InputError& error) {
            return to_string(error.faults().front());
        }
    };
    EXPECT_EQ(fault("e_mhwh < 30"), "sweep.yaml:9:12: filters: must name axes, not `e_mhwh` "
                                    "(nearest: `e_mwh`), got e_mhwh < 30");
    EXPECT_EQ(fault("e_mwh <"), "sweep.yaml:9:12: filters: ends too early, got e_mwh <");
    EXPECT_EQ(fault("e_mwh < 30 30"),
              "sweep.yaml:9:12: filters: cannot be read from `30` on, got e_mwh < 30 30");
    EXPECT_EQ(fault("site < 3"),
              "sweep.yaml:9:12: filters: must not reckon with text, here `hill`, got site < 3");
    EXPECT_EQ(fault("site == 3"),
              "sweep.yaml:9:12: filters: must not compare a number with text, got site == 3");
    EXPECT_EQ(fault("e_mwh"), "sweep.yaml:9:12: filters: must be a condition, such as e_max_mwh "
                              "<= 400, got e_mwh");
    EXPECT_EQ(fault("e_mwh > 100"), "sweep.yaml:9:12: filters: leaves no member, got e_mwh > 100");
}

} // namespace
} // namespace yuanwang::sweep
