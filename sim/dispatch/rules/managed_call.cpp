#include "dispatch/rules/managed_call.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace yuanwang::dispatch {

namespace {

constexpr double tiny = 1e-9;
constexpr double year_hours = 8760.0;

} // namespace

ManagedCaller::ManagedCaller(const Table& table, const BlockInput& input, State& state,
                             Schedule& schedule)
    : table_{table}, managed_{table.managed}, input_{input}, state_{state.managed}, s_{schedule},
      groups_(table.managed.size()) {
    std::iota(groups_.begin(), groups_.end(), std::size_t{0});
    std::ranges::stable_sort(groups_, {}, [&](std::size_t k) { return managed_.shed_class[k]; });
}

double ManagedCaller::recover(std::size_t island, std::size_t t) {
    double sum_mw = 0;
    for (const ManagedState::Recovery& r : state_.recoveries) {
        if (managed_.island[r.group] == island) {
            const double p_mw = r.mw * std::min(1.0, r.left_h / input_.dt_h);
            s_.recovery_mw(r.group, t) += p_mw;
            sum_mw += p_mw;
        }
    }
    return sum_mw;
}

double ManagedCaller::call(std::size_t island, std::size_t t, double needed_mw) {
    return managed_.records.size() == 0 ? call_groups(island, t, needed_mw)
                                        : call_records(island, t, needed_mw);
}

double ManagedCaller::call_groups(std::size_t island, std::size_t t, double needed_mw) {
    double given_mw = 0;
    for (const std::size_t k : groups_) {
        if (managed_.island[k] == island) {
            const double p_mw = std::clamp(needed_mw - given_mw, 0.0, managed_.p_mw[k]);
            s_.managed_mw(k, t) = p_mw;
            given_mw += p_mw;
        }
    }
    return given_mw;
}

void ManagedCaller::remember_records() {
    const std::size_t n = managed_.records.size();
    if (state_.used_h.size() != n) {
        state_.used_h.assign(n, 0.0);
        state_.call_h.assign(n, 0.0);
        state_.rest_h.assign(n, 0.0);
        state_.owed_mwh.assign(managed_.size(), 0.0);
    }
    if (called_mw_.size() != n) {
        called_mw_.assign(n, 0.0);
    }
}

bool ManagedCaller::may_be_called(std::size_t record, std::size_t t) const {
    const models::CallTerms& terms = managed_.terms;
    if (terms.size() == 0) {
        return true;
    }
    const std::size_t g = managed_.records.group[record];
    const double lead_h =
        plan_lead_h + static_cast<double>(input_.steps_since_order + t) * input_.dt_h;
    const bool knows = state_.used_h.size() == managed_.records.size();
    const double used_h = knows ? state_.used_h[record] : 0.0;
    const double call_h = knows ? state_.call_h[record] : 0.0;
    const double rest_h = knows ? state_.rest_h[record] : 0.0;
    return terms.notice_h[g] <= lead_h + tiny && rest_h <= tiny &&
           used_h + input_.dt_h <= terms.quota_h[g] + tiny &&
           call_h + input_.dt_h <= terms.call_max_h[g] + tiny;
}

double ManagedCaller::call_records(std::size_t island, std::size_t t, double needed_mw) {
    const models::ManagedRecords& records = managed_.records;
    remember_records();
    double given_mw = 0;
    for (std::size_t first = 0; first < groups_.size() && needed_mw - given_mw > tiny;) {
        const int shed_class = managed_.shed_class[groups_[first]];
        waiting_.clear();
        for (; first < groups_.size() && managed_.shed_class[groups_[first]] == shed_class;
             ++first) {
            const std::size_t g = groups_[first];
            if (managed_.island[g] != island) {
                continue;
            }
            for (std::size_t r = records.first_of_group[g]; r < records.first_of_group[g + 1];
                 ++r) {
                if (records.p_mw[r] > 0 && may_be_called(r, t)) {
                    waiting_.push_back(r);
                }
            }
        }
        const auto turn = [&](std::size_t r) {
            const bool runs = state_.call_h[r] > 0;
            return std::tuple{runs ? 0 : 1, runs ? 0.0 : state_.used_h[r], records.round[r], r};
        };
        std::ranges::sort(waiting_, {}, turn);
        for (const std::size_t r : waiting_) {
            const double p_mw = std::min(needed_mw - given_mw, records.p_mw[r]);
            if (p_mw <= tiny) {
                break;
            }
            called_mw_[r] = p_mw;
            s_.managed_mw(records.group[r], t) += p_mw;
            s_.calls.push_back({t, r, p_mw});
            given_mw += p_mw;
        }
    }
    return given_mw;
}

void ManagedCaller::end_step(std::size_t t) {
    state_.year_h += input_.dt_h;
    if (state_.year_h > year_hours) { // a new year of the run, new quotas
        state_.year_h -= year_hours;
        std::ranges::fill(state_.used_h, 0.0);
    }
    if (state_.used_h.empty()) {
        return; // nobody was ever called
    }
    remember_records();
    move_recoveries(t);
    for (std::size_t r = 0; r < called_mw_.size(); ++r) {
        state_.rest_h[r] = std::max(0.0, state_.rest_h[r] - input_.dt_h);
        if (called_mw_[r] > 0) {
            state_.used_h[r] += input_.dt_h;
            state_.call_h[r] += input_.dt_h;
            called_mw_[r] = 0;
        } else if (state_.call_h[r] > 0) {
            state_.call_h[r] = 0;
            state_.rest_h[r] =
                managed_.terms.size() == 0
                    ? 0.0
                    : std::max(0.0, managed_.terms.rest_h[managed_.records.group[r]] - input_.dt_h);
        }
    }
}

void ManagedCaller::move_recoveries(std::size_t t) {
    for (ManagedState::Recovery& r : state_.recoveries) {
        r.left_h -= input_.dt_h;
    }
    std::erase_if(state_.recoveries, [](const auto& r) { return r.left_h <= tiny; });
    const models::CallTerms& terms = managed_.terms;
    for (std::size_t g = 0; g < managed_.size() && terms.size() > 0; ++g) {
        const double given_mw = s_.managed_mw(g, t);
        double& owed_mwh = state_.owed_mwh[g];
        if (given_mw > 0) {
            owed_mwh += terms.recovery_share[g] * given_mw * input_.dt_h;
        } else if (owed_mwh > 0) {
            state_.recoveries.push_back({g, owed_mwh / terms.recovery_h[g], terms.recovery_h[g]});
            owed_mwh = 0;
        }
    }
}

} // namespace yuanwang::dispatch
