/// @file
/// Dispatch that plans by a forecast and is corrected by what really comes.
///
/// The day-ahead plan is made from the forecast and the state of now. Then, step after step, what really comes is
/// dispatched at least cost: stored energy has the value the plan gave it in that step, water of a step is what was
/// planned and what is left of the steps before, moved load stays as planned, reserve may be used. A storage leaves its
/// planned power by no more than what was forecast wrong, and where the plan was indifferent it keeps to it.
///
///     cost of imperfect foresight = cost of what was done − cost of the plan that knows − Σ_s v_s (e_done − e_known)
///
/// from the same state, both with what really comes; v, CNY/MWh, is the value of energy left in the plan that knows. Single
/// blocks may be negative where the plan that knows invests in the days after; over a run it is what a better forecast is worth.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dispatch/plan/forecast.hpp"
#include "dispatch/plan/optimal.hpp"

namespace yuanwang::engine {

class Foresight {
  public:
    Foresight(const dispatch::ForecastSettings& settings, dispatch::PlanSettings plan)
        : settings_{settings}, plan_{plan} {}

    /// Planners belong to an epoch: the next plan makes a new one for real time.
    void enter_epoch() { real_time_.reset(); }

    /// Plans `actual` (the first is kept) by forecast with `planner` and corrects it; fills schedule and outcome, moves the
    /// state. `limits` are those of the planner. `number` counts the blocks of the run.
    void plan(const dispatch::Table& table, const dispatch::NetworkLimits& limits,
              std::span<const dispatch::BlockInput* const> actual,
              const dispatch::NetworkBlock& network, std::size_t number, dispatch::Planner& planner,
              dispatch::State& state, dispatch::Schedule& schedule, dispatch::PlanOutcome& outcome);

    /// The last plan of a block stands: its cost counts, and it is the day before of the next.
    void account(const dispatch::BlockInput& actual);

    /// `forecast_cost_cny`, `forecast_error_percent` (mean absolute error of wind and sun over what came).
    void finish(std::map<std::string, double>& indicators) const;

  private:
    void hold_storages(const dispatch::Table& table, const dispatch::Schedule& planned,
                       const dispatch::PlanOutcome& plan, std::size_t t, dispatch::BlockInput& one,
                       dispatch::State& state) const;
    void correct(const dispatch::Table& table, const dispatch::BlockInput& actual,
                 const dispatch::NetworkBlock& network, const dispatch::Schedule& planned,
                 const dispatch::PlanOutcome& plan, dispatch::State& state,
                 dispatch::Schedule& schedule, dispatch::PlanOutcome& outcome);

    dispatch::ForecastSettings settings_;
    dispatch::PlanSettings plan_;
    std::optional<dispatch::Planner> real_time_;
    std::optional<dispatch::BlockInput> day_before_;
    std::vector<dispatch::BlockInput> forecasts_;
    double block_cost_cny_ = 0; ///< of the last plan
    double block_error_mwh_ = 0;
    double cost_cny_ = 0;
    double error_mwh_ = 0;
    double came_mwh_ = 0;
};

} // namespace yuanwang::engine
