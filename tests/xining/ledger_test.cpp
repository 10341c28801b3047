// The ledger of plans of the home case against counterfactuals: hours in which one line holds wind back, planned again by a
// program made afresh without that line's limit.

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/progress.hpp"
#include "dispatch/plan/optimal.hpp"
#include "dispatch/rules/rules.hpp"
#include "engine/epoch/block_sample.hpp"
#include "engine/epoch/loss_estimate.hpp"
#include "engine/epoch/weather.hpp"
#include "engine/plan/network_rows.hpp"
#include "xining/home_case.hpp"

namespace yuanwang::xining {
namespace {

using dispatch::Cause;
using dispatch::Curtailed;

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Stress {
    double wind_mw;  ///< put at the Lijiaxia dam
    double line_mva; ///< of the one circuit that leaves it
};

engine::Study stressed_study(const Stress& stress) {
    engine::Study study =
        load("xining-2025.yaml", {"dispatch.method=optimal", "dispatch.n_1_limits=false"}).study;
    for (engine::Epoch& epoch : study.epochs) {
        engine::System& s = epoch.system;
        const auto& buses = s.grid.buses.id;
        const auto bus =
            static_cast<std::size_t>(std::ranges::find(buses, "lijiaxia_330") - buses.begin());
        const auto& farms = s.sources.wind.id;
        const auto farm =
            static_cast<std::size_t>(std::ranges::find(farms, "wind_riyueshan") - farms.begin());
        s.sources.wind.bus[farm] = BusIdx{bus};
        s.sources.wind.farms.p_rated_mw[farm] = stress.wind_mw;
        const auto& lines = s.grid.lines.id;
        const LineIdx line{static_cast<std::size_t>(std::ranges::find(lines, "l_lijiaxia_nanjiao") -
                                                    lines.begin())};
        s.grid.lines.circuits[line] = 1;
        s.grid.lines.rate_mva[line] = stress.line_mva;
    }
    return study;
}

/// Load that moves may move between hours of one price, at no cost: no hour has a counterfactual of its own then.
void hold_flexible_load(dispatch::BlockInput& input) {
    input.flexible_min_mw = input.flexible_base_mw;
    input.flexible_max_mw = input.flexible_base_mw;
}

/// A plan of a day, its limits taken away.
struct Plan {
    dispatch::Schedule schedule;
    dispatch::PlanOutcome outcome;
    Plan(const dispatch::Table& table, const dispatch::NetworkLimits& limits,
         const dispatch::NetworkBlock& network, const dispatch::BlockInput& input) {
        dispatch::State state = dispatch::make_initial_state(table);
        dispatch::Planner planner{table, limits};
        const std::vector<const dispatch::BlockInput*> blocks = {&input};
        planner.plan(table, blocks, network, state, schedule, outcome);
        planner.take_limits_away(table, input, schedule, outcome);
    }
    [[nodiscard]] double curtailed_mw(std::size_t t) const {
        double mw = 0;
        for (const double value : schedule.curtailed_mw.step(t)) {
            mw += value;
        }
        return mw;
    }
    [[nodiscard]] double caused_mw(Cause cause, std::size_t t) const {
        double mw = 0;
        for (const Curtailed& row : schedule.ledger) {
            mw += row.cause == cause && row.step == t ? row.mwh : 0;
        }
        return mw;
    }
};

/// Hours in which the line held wind back, over the days asked for; each compared with the plan without the line.
std::size_t compare_hours(const Stress& stress, const std::vector<std::size_t>& days) {
    const engine::Study study = stressed_study(stress);
    SilentProgress progress;
    const engine::SiteWeather weather = engine::make_site_weather(study, progress);
    const engine::ResultAxes axes = engine::make_axes(study);
    std::size_t n_hour = 0;
    const std::vector<engine::Block> blocks = engine::list_blocks(study);
    for (const std::size_t day : days) {
        const engine::Block& block = blocks[day];
        const engine::Epoch& epoch = study.epochs[block.epoch];
        const engine::EpochModel model = engine::make_epoch_model(study, epoch, axes);
        engine::WeatherDriven driven;
        engine::compute_weather_driven(epoch.system, weather, study.time, epoch.steps, nullptr,
                                       driven);
        engine::SourceState sources =
            engine::enter_source_state(epoch.system, study.time, epoch.steps.first, nullptr, {});
        engine::BlockSample sample;
        engine::sample_block({study, weather, model, driven}, block, sources, sample);
        const engine::LossEstimate losses{0.01, 24};
        losses.estimate(sample.dispatch_input);
        engine::NetworkRows rows{study, model, sample.demand.p_mw.step(0)};
        dispatch::NetworkBlock network;
        rows.clear(network);
        rows.append(model, sample.demand, sample.dispatch_input, network);
        std::size_t line = 0;
        for (std::size_t k = 0; k < rows.limits().size(); ++k) {
            if (rows.id(k) == "l_lijiaxia_nanjiao") {
                line = k;
                continue;
            }
            for (std::size_t t = 0; t < block.steps.count; ++t) { // the one limit there is
                network.limit_mw(k, t) = infinity;
            }
        }
        const dispatch::Table& table = model.dispatch.rows;
        hold_flexible_load(sample.dispatch_input);
        const Plan held{table, rows.limits(), network, sample.dispatch_input};
        for (std::size_t t = 0; t < block.steps.count; ++t) {
            network.limit_mw(line, t) = infinity;
        }
        const Plan freed{table, rows.limits(), network, sample.dispatch_input};
        EXPECT_EQ(held.outcome.status, dispatch::program::SolveStatus::optimal);
        EXPECT_EQ(freed.outcome.status, dispatch::program::SolveStatus::optimal);
        double booked_mwh = 0;
        double counterfactual_mwh = 0;
        for (std::size_t t = 0; t < block.steps.count; ++t) {
            const double by_line_mw = held.caused_mw(Cause::branch_n, t);
            const double less_mw = held.curtailed_mw(t) - freed.curtailed_mw(t);
            booked_mwh += by_line_mw;
            counterfactual_mwh += less_mw;
            if (by_line_mw > 1e-3) {
                ++n_hour;
                EXPECT_NEAR(by_line_mw, less_mw, 1e-3) << "day " << day << " hour " << t;
            }
        }
        EXPECT_NEAR(booked_mwh, counterfactual_mwh, 1e-2) << "day " << day;
    }
    return n_hour;
}

/// 600 MW of wind behind 300 MVA: without the line all of it is used.
TEST(LedgerStudy, TwentyHoursOfOneLineAreTheCounterfactualOfItsRemoval) {
    EXPECT_GE(compare_hours({600, 300}, {20, 80, 140, 200, 260, 320}), 20U);
}

/// 9000 MW behind 3000 MVA: without the line part of it is too much for the city all the same.
TEST(LedgerStudy, TwentyHoursInWhichTheLineIsOnlyPartOfTheCause) {
    EXPECT_GE(compare_hours({9000, 3000}, {20, 80, 140, 200, 260, 320}), 20U);
}

} // namespace
} // namespace yuanwang::xining
