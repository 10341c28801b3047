#include "engine/accounts/mismatch.hpp"

#include <gtest/gtest.h>

namespace yuanwang::test {
namespace {

using engine::Axis;
using engine::BlockResult;
using engine::MismatchAccount;
using engine::ResultAxes;

/// A park in the north, a dam in the south, loads in both, a tie; two steps of half a day.
struct TwoHalves {
    ResultAxes axes;
    BlockResult result;

    TwoHalves() {
        axes.time = {.start = beijing_midnight(
                         {std::chrono::year{2025}, std::chrono::month{6}, std::chrono::day{1}}),
                     .step = std::chrono::minutes{720},
                     .n_step = 2};
        axes.of(Axis::source) = {{.id = "park", .kind = "solar", .zone = "north"},
                                 {.id = "dam", .kind = "hydro", .zone = "south"},
                                 {.id = "coal", .kind = "thermal", .zone = "south"}};
        axes.of(Axis::load) = {{.id = "town", .zone = "north"}, {.id = "works", .zone = "south"}};
        axes.of(Axis::tie) = {{.id = "gansu"}};
        result.steps = {0, 2};
        result.source_available_mw = Series(3, 2);
        result.source_p_mw = Series(3, 2);
        result.load_p_mw = Series(2, 2);
        result.tie_surplus_available_mw = Series(1, 2);
        result.tie_surplus_mw = Series(1, 2);
        result.demand_mw = Series(1, 2, 100);
        result.price_cny_per_mwh = Series(1, 2);
        for (std::size_t t = 0; t < 2; ++t) {
            result.load_p_mw(0, t) = 60;
            result.load_p_mw(1, t) = 40;
            result.source_p_mw(1, t) = 20;
        }
        result.source_available_mw(0, 1) = 80; // the sun of the second half, of which 60 are used
        result.source_p_mw(0, 1) = 60;
        result.tie_surplus_available_mw(0, 1) = 10;
        result.source_p_mw(2, 0) = 80;
        result.source_p_mw(2, 1) = 20;
        result.price_cny_per_mwh(0, 0) = 300;
        result.price_cny_per_mwh(0, 1) = 100;
    }

    [[nodiscard]] std::map<std::string, double> measure() const {
        MismatchAccount account{axes};
        account.add(result);
        std::map<std::string, double> found;
        account.finish(found);
        return found;
    }
};

TEST(Mismatch, IsWhatTheDefinitionsSayByHand) {
    const auto found = TwoHalves{}.measure();
    // north: 60 of 120 MW-steps are covered; south: 140 of sources, 80 of demand, all covered
    EXPECT_NEAR(found.at("mismatch_space"), 1 - (60.0 + 80.0) / 200, 1e-12);
    // offer 20 and 110 of 130, demand half and half
    EXPECT_NEAR(found.at("mismatch_time_of_day"), 110.0 / 130 - 0.5, 1e-12);
    EXPECT_NEAR(found.at("mismatch_season"), 0, 1e-12);
    // both steps ask for 100: the run matches 120 of 200, the first of them 20 of 100
    EXPECT_NEAR(found.at("mismatch_power"), 0.6 - 0.2, 1e-12);
    // used 20 at 300 and 80 at 100; demand 100 at each
    EXPECT_NEAR(found.at("mismatch_price"), 1 - (20.0 * 300 + 80 * 100) / 100 / 200, 1e-12);
}

TEST(Mismatch, ACityWithoutAnythingCleanHasOnlyDistanceInSpace) {
    TwoHalves two;
    two.axes.of(Axis::source)
        .erase(two.axes.of(Axis::source).begin(), two.axes.of(Axis::source).begin() + 2);
    two.result.source_available_mw = Series(1, 2);
    two.result.source_p_mw = Series(1, 2, 100);
    two.result.tie_surplus_available_mw = Series(1, 2);
    const auto found = two.measure();
    EXPECT_FALSE(found.contains("mismatch_time_of_day"));
    EXPECT_FALSE(found.contains("mismatch_price"));
    EXPECT_NEAR(found.at("mismatch_space"), 1 - 80.0 / 200, 1e-12);
}

} // namespace
} // namespace yuanwang::test
