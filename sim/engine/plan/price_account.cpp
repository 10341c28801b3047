#include "engine/plan/price_account.hpp"

#include <algorithm>

namespace yuanwang::engine {

namespace {

constexpr std::size_t n_limit_listed = 20;
constexpr double least_value = 1e-3; ///< CNY/MWh; below it a limit holds nothing back

} // namespace

void PriceAccount::add(const EpochModel& model, NetworkRows* rows,
                       const dispatch::NetworkBlock& network, const Series& loss_factor,
                       const dispatch::PlanOutcome& outcome, double dt_h, BlockData& data) {
    if (outcome.fell_back || outcome.price_cny_per_mwh.empty()) {
        return;
    }
    const std::size_t n_step = data.dispatch_input.n_step;
    if (rows != nullptr) {
        rows->price_buses(model, outcome, loss_factor, n_step, price_cny_per_mwh_);
        add_limits(*rows, network, outcome, dt_h);
    } else {
        price_cny_per_mwh_.reshape(model.grid.n_bus, n_step);
        for (std::size_t t = 0; t < n_step; ++t) {
            for (std::size_t i = 0; i < model.grid.n_bus; ++i) {
                price_cny_per_mwh_(i, t) =
                    data.schedule.price_cny_per_mwh(model.dispatch.island_of_bus[i], t);
            }
        }
    }
    const auto& axis = model.axes.of(Axis::bus);
    for (std::size_t t = 0; t < n_step; ++t) {
        for (std::size_t i = 0; i < axis.size(); ++i) {
            data.result.bus_price_cny_per_mwh(axis[i], t) = price_cny_per_mwh_(i, t);
        }
    }
}

void PriceAccount::add_limits(const NetworkRows& rows, const dispatch::NetworkBlock& network,
                              const dispatch::PlanOutcome& outcome, double dt_h) {
    for (const dispatch::program::BindingBranch& row : outcome.binding) {
        if (row.value_per_mwh < least_value) {
            continue;
        }
        const bool after = row.outage != dispatch::program::no_outage;
        const std::string outage = after ? rows.id(row.outage) : "";
        Summary::BindingLimit& limit = limits_[{rows.id(row.branch), outage}];
        limit.element = rows.id(row.branch);
        limit.outage = outage;
        const double most_mw = after ? network.emergency_mw(row.branch, row.step)
                                     : network.limit_mw(row.branch, row.step);
        limit.hours += dt_h;
        limit.value_cny_per_mw += row.value_per_mwh * dt_h;
        limit.rent_cny += row.value_per_mwh * most_mw * dt_h;
        limit.max_cny_per_mwh = std::max(limit.max_cny_per_mwh, row.value_per_mwh);
    }
}

void PriceAccount::finish(Summary& summary) const {
    for (const auto& [key, limit] : limits_) {
        summary.binding_limits.push_back(limit);
    }
    std::ranges::stable_sort(summary.binding_limits, std::ranges::greater{},
                             &Summary::BindingLimit::rent_cny);
    if (summary.binding_limits.size() > n_limit_listed) {
        summary.binding_limits.resize(n_limit_listed);
    }
}

} // namespace yuanwang::engine
