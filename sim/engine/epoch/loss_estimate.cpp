#include "engine/epoch/loss_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace yuanwang::engine {

void LossEstimate::estimate(dispatch::BlockInput& input) const {
    input.loss_mw.reshape(input.demand_mw.n_element(), input.n_step);
    for (std::size_t t = 0; t < input.n_step; ++t) {
        const double share = share_[(input.first_step_of_day + t) % share_.size()];
        for (std::size_t i = 0; i < input.demand_mw.n_element(); ++i) {
            input.loss_mw(i, t) = share * std::max(0.0, input.demand_mw(i, t));
        }
    }
}

bool LossEstimate::feed_back(const network::Network& grid,
                             const std::vector<std::size_t>& island_of_bus,
                             const powerflow::BlockStates& states, dispatch::BlockInput& input) {
    bool moved = false;
    next_mw_ = input.loss_mw;
    for (std::size_t t = 0; t < input.n_step; ++t) {
        if (states.outcome[t].status != StepStatus::converged) {
            continue;
        }
        island_mw_.assign(input.demand_mw.n_element(), 0.0);
        double branches_mw = 0;
        for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
            if (grid.branches.in_service[k]) {
                const double loss_mw = states.p_from_mw(k, t) + states.p_to_mw(k, t);
                if (std::isfinite(loss_mw)) {
                    island_mw_[island_of_bus[grid.branches.from[k].row()]] += loss_mw;
                    branches_mw += loss_mw;
                }
            }
        }
        // what fixed shunts draw goes to the largest island
        const std::span<const double> demand_mw = input.demand_mw.step(t);
        const auto largest = std::ranges::max_element(demand_mw) - demand_mw.begin();
        island_mw_[static_cast<std::size_t>(largest)] += states.losses_mw(0, t) - branches_mw;
        for (std::size_t i = 0; i < island_mw_.size(); ++i) {
            moved = moved || std::abs(island_mw_[i] - input.loss_mw(i, t)) > settled_mw;
            next_mw_(i, t) = island_mw_[i];
        }
    }
    if (moved) {
        std::swap(input.loss_mw, next_mw_);
    }
    return moved;
}

void LossEstimate::remember(const dispatch::BlockInput& input,
                            const powerflow::BlockStates& states) {
    for (std::size_t t = 0; t < input.n_step; ++t) {
        double demand_mw = 0;
        for (const double p_mw : input.demand_mw.step(t)) {
            demand_mw += std::max(0.0, p_mw);
        }
        if (demand_mw > 0 && states.outcome[t].status == StepStatus::converged) {
            share_[(input.first_step_of_day + t) % share_.size()] =
                states.losses_mw(0, t) / demand_mw;
        }
    }
}

} // namespace yuanwang::engine
