#include "engine/accounts/loss_account.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace yuanwang::engine {

namespace {

/// Energy lost in a set of branches over the converged steps of a block.
double sum_losses(const std::vector<BranchIdx>& branches, double dt_h, const BlockData& data) {
    const powerflow::BlockStates& states = data.states;
    double mwh = 0;
    for (std::size_t t = 0; t < data.result.steps.count; ++t) {
        if (states.outcome[t].status == StepStatus::converged) {
            for (const BranchIdx k : branches) {
                mwh += (states.p_from_mw(k, t) + states.p_to_mw(k, t)) * dt_h;
            }
        }
    }
    return mwh;
}

/// Highest voltage at the ends of a set of branches; star points have none of their own.
int find_level_kv(const network::Network& grid, const std::vector<BranchIdx>& branches) {
    double kv = 0;
    for (const BranchIdx k : branches) {
        for (const BusIdx i : {grid.branches.from[k], grid.branches.to[k]}) {
            kv = i.row() < grid.n_written_bus ? std::max(kv, grid.base_kv[i]) : kv;
        }
    }
    return static_cast<int>(std::lround(kv));
}

} // namespace

void LossAccount::add(const EpochModel& model, double dt_h, const BlockData& data) {
    for (const std::vector<BranchIdx>& branches : model.line_branches) {
        line_mwh_[find_level_kv(model.grid, branches)] += sum_losses(branches, dt_h, data);
    }
    for (const std::vector<BranchIdx>& branches : model.transformer_branches) {
        transformer_mwh_[find_level_kv(model.grid, branches)] += sum_losses(branches, dt_h, data);
    }
}

void LossAccount::finish(Summary& summary) const {
    for (const auto& [kv, mwh] : line_mwh_) {
        summary.indicators["losses_mwh_line_" + std::to_string(kv)] = mwh;
    }
    for (const auto& [kv, mwh] : transformer_mwh_) {
        summary.indicators["losses_mwh_transformer_" + std::to_string(kv)] = mwh;
    }
}

} // namespace yuanwang::engine
