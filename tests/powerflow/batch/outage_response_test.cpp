#include "powerflow/batch/outage_response.hpp"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace yuanwang::powerflow::batch {
namespace {

std::vector<double> share(const std::vector<Responder>& who, double lack, double& left) {
    std::vector<double> change(who.size());
    left = respond(who, lack, change);
    return change;
}

TEST(OutageResponse, ParticipationSharesWhatFitsIntoTheRooms) {
    double left = 0;
    const auto change =
        share({{.weight = 0.6, .up = 500}, {.weight = 0.4, .up = 500}, {.up = 500}}, 100, left);
    EXPECT_DOUBLE_EQ(change[0], 60);
    EXPECT_DOUBLE_EQ(change[1], 40);
    EXPECT_EQ(change[2], 0.0);
    EXPECT_EQ(left, 0.0);
}

TEST(OutageResponse, AFullParticipantLeavesTheRestToTheOthersThenToPlants) {
    double left = 0;
    // 0.6 : 0.25 : 0.15 of 300 would be 180, 75, 45: the first has 30, the second 100, the third 50
    const auto change = share({{.weight = 0.6, .up = 30},
                               {.weight = 0.25, .up = 100},
                               {.weight = 0.15, .up = 50},
                               {.up = 90},
                               {.up = 270}},
                              300, left);
    EXPECT_DOUBLE_EQ(change[0], 30);
    EXPECT_DOUBLE_EQ(change[1], 100);
    EXPECT_DOUBLE_EQ(change[2], 50);
    EXPECT_DOUBLE_EQ(change[3], 30); // 120 left, in proportion to 90 and 270
    EXPECT_DOUBLE_EQ(change[4], 90);
    EXPECT_EQ(left, 0.0);
}

TEST(OutageResponse, WhatNobodyCanTakeIsSaid) {
    double left = 0;
    const auto change = share({{.weight = 1, .up = 20}, {.up = 15}}, 50, left);
    EXPECT_DOUBLE_EQ(change[0], 20);
    EXPECT_DOUBLE_EQ(change[1], 15);
    EXPECT_DOUBLE_EQ(left, 15);
}

TEST(OutageResponse, ASurplusIsTakenBackAndThenTripped) {
    double left = 0;
    const auto change =
        share({{.weight = 1, .down = 20, .output = 100}, {.down = 10, .output = 70}}, -60, left);
    EXPECT_DOUBLE_EQ(std::accumulate(change.begin(), change.end(), 0.0), -60);
    EXPECT_DOUBLE_EQ(change[0], -20 - 30 * 80.0 / 140); // 30 more, of 80 and 60 that may trip
    EXPECT_DOUBLE_EQ(change[1], -10 - 30 * 60.0 / 140);
    EXPECT_EQ(left, 0.0);
}

TEST(OutageResponse, NoLackNoResponse) {
    double left = 1;
    EXPECT_EQ(share({{.weight = 1, .up = 20}, {.up = 15}}, 0, left),
              (std::vector<double>{0.0, 0.0}));
    EXPECT_EQ(left, 0.0);
}

} // namespace
} // namespace yuanwang::powerflow::batch
