#include "engine/plan/broken_limit_account.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace yuanwang::engine {

void BrokenLimitAccount::add(const NetworkRows& rows, StepRange steps, double dt_h) {
    std::set<std::tuple<std::string, std::string, std::size_t>> counted; // circuits of an element
    for (const BrokenLimit& broken : rows.broken()) {
        const bool after = broken.outage != dispatch::program::no_outage;
        const std::string& element = rows.id(broken.row);
        const std::string outage = after ? rows.id(broken.outage) : "";
        Summary::BrokenLimit& limit = limits_[{element, outage}];
        limit.element = element;
        limit.outage = outage;
        if (counted.emplace(element, outage, broken.step).second) {
            limit.hours += dt_h;
            limit.hours_unavoidable += broken.paid_mw > 0 ? dt_h : 0.0;
        }
        limit.relaxation_mw = std::max(limit.relaxation_mw, broken.paid_mw);
        if (100 * broken.loading > limit.worst_percent) {
            limit.worst_percent = 100 * broken.loading;
            limit.step = static_cast<std::uint32_t>(steps.first + broken.step);
        }
    }
}

void BrokenLimitAccount::finish(Summary& summary) const {
    for (const auto& [key, limit] : limits_) {
        summary.broken_limits.push_back(limit);
    }
    std::ranges::stable_sort(summary.broken_limits, std::ranges::greater{},
                             &Summary::BrokenLimit::hours);
}

} // namespace yuanwang::engine
