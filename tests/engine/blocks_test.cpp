#include "study/blocks.hpp"

#include <gtest/gtest.h>

#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using namespace std::chrono_literals;

TEST(Blocks, AreBeijingDays) {
    const Study study = tiny_study(tiny_system(), 2025y / 1 / 1, 3, 15);
    const auto blocks = engine::list_blocks(study);
    ASSERT_EQ(blocks.size(), 3U);
    for (std::size_t k = 0; k < 3; ++k) {
        EXPECT_EQ(blocks[k].steps, (StepRange{96 * k, 96}));
        EXPECT_EQ(blocks[k].first_step_of_day, 0U);
    }
}

TEST(Blocks, EpochsAndALateStartCutDays) {
    Study study = tiny_study(tiny_system(), 2025y / 1 / 1, 2);
    study.time.start += 5h;
    study.epochs = {{{0, 10}, tiny_system(), {}}, {{10, 38}, tiny_system(), {}}};
    const auto blocks = engine::list_blocks(study);
    ASSERT_EQ(blocks.size(), 4U);
    EXPECT_EQ(blocks[0].steps, (StepRange{0, 10}));
    EXPECT_EQ(blocks[0].first_step_of_day, 5U);
    EXPECT_EQ(blocks[1].steps, (StepRange{10, 9})); // to midnight
    EXPECT_EQ(blocks[1].first_step_of_day, 15U);
    EXPECT_EQ(blocks[1].epoch, 1U);
    EXPECT_EQ(blocks[2].steps, (StepRange{19, 24}));
    EXPECT_EQ(blocks[3].steps, (StepRange{43, 5}));
}

TEST(Blocks, HeatingSeasonWrapsOverNewYear) {
    EXPECT_TRUE(engine::is_in_season(1, 288, 105));
    EXPECT_TRUE(engine::is_in_season(288, 288, 105));
    EXPECT_TRUE(engine::is_in_season(105, 288, 105));
    EXPECT_FALSE(engine::is_in_season(106, 288, 105));
    EXPECT_TRUE(engine::is_in_season(150, 100, 200));
    EXPECT_FALSE(engine::is_in_season(250, 100, 200));
}

} // namespace
} // namespace yuanwang::test
