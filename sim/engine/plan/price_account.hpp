/// @file
/// What a plan says about prices: the marginal price of every bus and hour, and the limits of the grid that held it back.
///
///     value(limit) = Σ_t μ(t) Δt          CNY for one MW more of the limit over the run
///     rent(limit)  = Σ_t μ(t) P̄(t) Δt     CNY, what the limit makes its flow worth
///
/// μ in CNY/MWh of the plan that was kept. Rows add up the circuits or units of an element; after an outage they are named
/// with what is lost. By rules, and where a plan could not be had, there are no prices at buses: NaN.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "dispatch/plan/optimal.hpp"
#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/plan/network_rows.hpp"

namespace yuanwang::engine {

class PriceAccount {
  public:
    /// Fills `bus_price_cny_per_mwh` of the block's result and adds up its binding limits. `rows` may be none: then all
    /// buses of an island have one price. `loss_factor` [n_bus × n_step] of the plan; empty: none.
    void add(const EpochModel& model, NetworkRows* rows, const dispatch::NetworkBlock& network,
             const Series& loss_factor, const dispatch::PlanOutcome& outcome, double dt_h,
             BlockData& data);

    void finish(Summary& summary) const;

  private:
    void add_limits(const NetworkRows& rows, const dispatch::NetworkBlock& network,
                    const dispatch::PlanOutcome& outcome, double dt_h);

    std::map<std::pair<std::string, std::string>, Summary::BindingLimit> limits_;
    Series price_cny_per_mwh_; ///< [n_bus × n_step]
};

} // namespace yuanwang::engine
