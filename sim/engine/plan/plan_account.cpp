#include "engine/plan/plan_account.hpp"

#include <algorithm>

namespace yuanwang::engine {

void PlanAccount::add(const dispatch::PlanOutcome& outcome, BlockResult& result) {
    std::ranges::fill(result.plan_status.values(), static_cast<double>(outcome.status));
    if (outcome.fell_back) {
        fell_back_ += 1;
        by_status_[std::string{to_string(outcome.status)}] += 1;
    }
    if (outcome.commitment.asked) {
        add_commitment(outcome.commitment, result);
    }
}

void PlanAccount::add_commitment(const dispatch::CommitmentOutcome& outcome, BlockResult& result) {
    committed_ += 1;
    if (outcome.status != dispatch::program::SolveStatus::optimal) {
        failed_ += 1;
        return;
    }
    exact_ += outcome.exact ? 1 : 0;
    gap_cny_ += outcome.gap_cny;
    cost_cny_ += outcome.energy_cost_cny;
    worst_percent_ = std::max(worst_percent_, outcome.gap_percent());
    std::ranges::fill(result.commitment_gap_percent.values(), outcome.gap_percent());
}

void PlanAccount::finish(std::map<std::string, double>& indicators) const {
    indicators["plan_fell_back_blocks"] = fell_back_;
    for (const auto& [status, blocks] : by_status_) {
        indicators["plan_blocks_" + status] = blocks;
    }
    if (committed_ == 0) {
        return;
    }
    indicators["commitment_gap_mean_percent"] = cost_cny_ > 0 ? 100 * gap_cny_ / cost_cny_ : 0;
    indicators["commitment_gap_worst_percent"] = worst_percent_;
    indicators["commitment_exact_blocks"] = exact_;
    indicators["commitment_failed_blocks"] = failed_;
}

} // namespace yuanwang::engine
