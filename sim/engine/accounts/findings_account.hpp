/// @file
/// What a reader of a run must know first (results/run_finding.hpp), put together in one place.
///
/// Base-state rows come from the verdicts of every step, one row per kind and element; the others from what the accounts
/// of plans, outages and short circuits leave in the summary.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "engine/accounts/indicators.hpp"
#include "engine/epoch/block_data.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

class FindingsAccount {
  public:
    explicit FindingsAccount(const Study& study) : study_{study}, dt_h_{study.time.dt_h()} {}

    /// Takes the base-state verdicts of a block in, before those of outages join them.
    void add(const BlockData& data);

    /// Writes `findings` and `covered_hours`; to be called when all other accounts have finished.
    void finish(const Indicators::Hours& hours, Summary& summary) const;

  private:
    struct Place {
        std::size_t steps = 0;
        double value = 0;
        double limit = 0;
        double excess = -1; ///< of the worst step
        std::uint32_t step = 0;
    };

    void list_base_state(Summary& summary) const;
    void list_plan(Summary& summary) const;
    void list_outages(Summary& summary) const;
    void list_fault_levels(Summary& summary) const;
    void list_limits_not_seen(Summary& summary) const;

    const Study& study_;
    double dt_h_;
    std::map<std::pair<std::string, std::string>, Place> places_; ///< by kind and element
    std::size_t steps_over_limit_ = 0; ///< with an overload or a section beyond its limit
};

} // namespace yuanwang::engine
