#include "models/storage/ageing.hpp"

#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

#include <gtest/gtest.h>

namespace yuanwang::models {
namespace {

const XuAgeing xu;
const LfpAgeing lfp;

/// Up and down between two SOC once a day, hourly samples at a constant temperature.
struct DailyCycle {
    std::vector<double> soc;
    std::vector<double> temperature_c;

    DailyCycle(int n_day, double low, double high, double t_c)
        : soc(static_cast<std::size_t>(24 * n_day + 1)), temperature_c(soc.size(), t_c) {
        for (std::size_t i = 0; i < soc.size(); ++i) {
            const double hour = static_cast<double>(i % 24);
            soc[i] = low + (high - low) * (1.0 - std::abs(hour - 12.0) / 12.0);
        }
    }
    [[nodiscard]] SocHistory history() const { return {soc, temperature_c, 1.0}; }
};

TEST(XuAgeing, OneFullCycleCostsThePublishedDamage) {
    EXPECT_NEAR(depth_stress(xu, 1.0), 5.882e-5, 5e-9); // 1/(1.40e5 − 1.23e5)
    EXPECT_DOUBLE_EQ(soc_stress(xu, 0.5), 1.0);
    EXPECT_DOUBLE_EQ(temperature_stress(xu, 25.0), 1.0);
    EXPECT_NEAR(cycle_damage(xu, DailyCycle(1, 0.0, 1.0, 25.0).history()), 5.882e-5, 5e-9);
}

TEST(XuAgeing, OneYearAtRestCostsThePublishedDamage) {
    const std::vector<double> soc(8761, 0.5);
    const std::vector<double> temperature_c(8761, 25.0);
    EXPECT_NEAR(calendar_damage(xu, {soc, temperature_c, 1.0}), 1.3056e-2, 5e-7);
    EXPECT_EQ(cycle_damage(xu, {soc, temperature_c, 1.0}), 0.0);
}

TEST(XuAgeing, DamageOfEqualDaysAddsUp) {
    const double day = cycle_damage(xu, DailyCycle(1, 0.1, 0.9, 25.0).history());
    EXPECT_NEAR(cycle_damage(xu, DailyCycle(365, 0.1, 0.9, 25.0).history()), 365 * day, 1e-12);
}

TEST(XuAgeing, DeepHotAndFullCostMore) {
    EXPECT_EQ(depth_stress(xu, 0.0), 0.0);
    for (double depth = 0.05; depth < 0.96; depth += 0.05) {
        EXPECT_GT(depth_stress(xu, depth + 0.05), depth_stress(xu, depth));
    }
    EXPECT_NEAR(soc_stress(xu, 1.0), std::exp(0.52), 1e-12);
    EXPECT_NEAR(temperature_stress(xu, 35.0), 1.955236, 1e-6);
}

TEST(XuAgeing, TheFilmGoesFirst) {
    EXPECT_EQ(capacity_left(xu, 0.0), 1.0);
    EXPECT_NEAR(capacity_left(xu, 1.3056e-2), 0.942121, 1e-6);
    EXPECT_NEAR(capacity_left(xu, 0.1), (1.0 - 5.75e-2) * std::exp(-0.1), 1e-6);
}

TEST(XuAgeing, LifeIsTheInverseOfCapacity) {
    for (const double capacity : {1.0, 0.99, 0.95, 0.8, 0.6}) {
        EXPECT_NEAR(capacity_left(xu, damage_at_capacity(xu, capacity)), capacity, 1e-12);
    }
}

TEST(LfpAgeing, FollowsThePublishedLaws) {
    EXPECT_NEAR(graphite_potential_v(0.5), 0.123304, 1e-6);
    EXPECT_NEAR(calendar_rate(lfp, 25.0, 0.5), 4.94623e-4, 1e-9);
    EXPECT_NEAR(cycle_rate(lfp, 25.0, 1.0, 0.5), 2.219564e-4, 1e-10);
}

TEST(LfpAgeing, AYearAtRestIsThePowerLawItself) {
    const std::vector<double> soc(8761, 0.5);
    const std::vector<double> temperature_c(8761, 25.0);
    const LfpState state = advance(lfp, {}, {soc, temperature_c, 1.0});
    EXPECT_NEAR(state.calendar_loss, calendar_rate(lfp, 25.0, 0.5) * std::pow(365.0, 0.526), 1e-12);
    EXPECT_EQ(state.cycle_loss, 0.0);
}

TEST(LfpAgeing, DailyFullCyclesOfAYearAreThePowerLawItself) {
    const LfpState state = advance(lfp, {}, DailyCycle(365, 0.0, 1.0, 25.0).history());
    EXPECT_NEAR(state.cycle_loss, cycle_rate(lfp, 25.0, 1.0, 1.0 / 12.0) * std::pow(365.0, 0.828),
                1e-12);
    EXPECT_LT(capacity_left(state), 1.0);
    EXPECT_GT(capacity_left(state), 0.9);
}

TEST(LfpAgeing, TwoHalvesOfAYearAreAYear) {
    const DailyCycle year(364, 0.1, 0.9, 20.0);
    const DailyCycle half(182, 0.1, 0.9, 20.0);
    const LfpState whole = advance(lfp, {}, year.history());
    const LfpState twice = advance(lfp, advance(lfp, {}, half.history()), half.history());
    EXPECT_NEAR(twice.cycle_loss, whole.cycle_loss, 1e-12);
    EXPECT_NEAR(twice.calendar_loss, whole.calendar_loss, 1e-6); // the shared midnight sample
}

/// What the source takes as rate, written down anew: rates below 0.01 per hour are set to zero, the mean runs over all time.
double count_mean_rate(const std::vector<double>& soc, double dt_h) {
    std::vector<double> rate;
    for (std::size_t i = 0; i + 1 < soc.size(); ++i) {
        const double instantaneous = std::abs((soc[i + 1] - soc[i]) / dt_h);
        rate.push_back(instantaneous < 1e-2 ? 0.0 : instantaneous);
    }
    return std::accumulate(rate.begin(), rate.end(), 0.0) / static_cast<double>(rate.size());
}

/// A battery that charges for two hours at noon and discharges for two in the evening; a standing loss while it rests.
std::vector<double> make_resting_soc(int n_day, double standing_loss_per_h) {
    std::vector<double> soc = {0.1};
    for (int t = 0; t < 24 * n_day; ++t) {
        const int hour = t % 24;
        const double move = hour == 11 || hour == 12 ? 0.4 : hour == 19 || hour == 20 ? -0.4 : 0.0;
        soc.push_back(soc.back() + move - (move == 0.0 ? standing_loss_per_h * soc.back() : 0.0));
    }
    return soc;
}

TEST(LfpAgeing, TheMeanRateIsThatOfTheSource) {
    const std::vector<double> soc = make_resting_soc(30, 0.0);
    const std::vector<double> temperature_c(soc.size(), 25.0);
    const LfpState state = advance(lfp, {}, {soc, temperature_c, 1.0});
    EXPECT_NEAR(count_mean_rate(soc, 1.0), 4 * 0.4 / 24, 1e-12);
    EXPECT_NEAR(state.cycle_loss,
                cycle_rate(lfp, 25.0, 0.8, count_mean_rate(soc, 1.0)) *
                    std::pow(30 * 0.8, lfp.cycle_exponent),
                1e-12);
}

TEST(LfpAgeing, AStandingLossIsNoMovement) {
    const std::vector<double> temperature_c(24 * 30 + 1, 25.0);
    const auto cycle_loss = [&](double standing_loss_per_h) {
        const std::vector<double> soc = make_resting_soc(30, standing_loss_per_h);
        return advance(lfp, {}, {soc, temperature_c, 1.0}).cycle_loss;
    };
    EXPECT_NEAR(cycle_loss(1e-5) / cycle_loss(0.0), 1.0, 0.01);
}

TEST(LfpAgeing, TheLengthOfAStepIsNoMovement) {
    std::vector<double> hourly = make_resting_soc(30, 1e-5);
    std::vector<double> quarters = {hourly.front()};
    for (std::size_t i = 0; i + 1 < hourly.size(); ++i) {
        for (int q = 1; q <= 4; ++q) {
            quarters.push_back(std::lerp(hourly[i], hourly[i + 1], q / 4.0));
        }
    }
    const std::vector<double> warm(quarters.size(), 25.0);
    const LfpState by_hour = advance(lfp, {}, {hourly, std::span{warm}.first(hourly.size()), 1.0});
    const LfpState by_quarter = advance(lfp, {}, {quarters, warm, 0.25});
    EXPECT_NEAR(by_quarter.cycle_loss, by_hour.cycle_loss, 1e-9);
}

TEST(LfpAgeing, LaterYearsTakeLess) {
    const DailyCycle year(365, 0.1, 0.9, 20.0);
    const LfpState first = advance(lfp, {}, year.history());
    const LfpState second = advance(lfp, first, year.history());
    EXPECT_LT(second.calendar_loss - first.calendar_loss, first.calendar_loss);
    EXPECT_LT(second.cycle_loss - first.cycle_loss, first.cycle_loss);
}

TEST(Ageing, NothingHappensInNoTime) {
    const std::vector<double> one = {0.5};
    for (const SocHistory& history : {SocHistory{{}, {}, 1.0}, SocHistory{one, one, 1.0}}) {
        EXPECT_EQ(cycle_damage(xu, history), 0.0);
        EXPECT_EQ(calendar_damage(xu, history), 0.0);
        EXPECT_EQ(capacity_left(advance(lfp, {}, history)), 1.0);
    }
}

} // namespace
} // namespace yuanwang::models
