#include "dispatch/program/unit_commitment.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "dispatch/program/commitment_program.hpp"
#include "dispatch/program/unit_runs.hpp"

namespace yuanwang::dispatch::program {
namespace {

constexpr double whole = 1e-6; ///< a fraction this near to a count is one

/// A commitment and what it costs.
struct Candidate {
    UnitCounts on;
    double cost = 0;
    double dumped_mwh = 0;
};

std::vector<int> row_of(const UnitCounts& counts, std::size_t group) {
    std::vector<int> row(counts.n_step());
    for (std::size_t t = 0; t < row.size(); ++t) {
        row[t] = counts(group, t);
    }
    return row;
}

void put_row(const std::vector<int>& row, std::size_t group, UnitCounts& counts) {
    for (std::size_t t = 0; t < row.size(); ++t) {
        counts(group, t) = row[t];
    }
}

RunTimes times_of(const UnitGroups& groups, std::size_t i) {
    return {groups.units[i], groups.min_up_steps[i], groups.min_down_steps[i]};
}

/// Steps 2 to 4 of the header.
class Search {
  public:
    Search(CommitmentProgram& program, const UnitGroups& groups, const UnitCounts& before,
           int max_programs)
        : program_{program}, groups_{groups}, max_programs_{max_programs} {
        for (std::size_t i = 0; i < groups.size(); ++i) {
            before_.push_back(row_of(before, i));
        }
    }

    /// Rounds fractions in several ways and keeps the cheapest.
    void round(const Series& fractions) {
        for (const double threshold : {0.01, 0.25, 0.5, 0.75, 0.999}) {
            for (const Repair how : {Repair::keep_on, Repair::leave_out}) {
                UnitCounts on(groups_.size(), fractions.n_step());
                for (std::size_t i = 0; i < groups_.size(); ++i) {
                    for (std::size_t t = 0; t < fractions.n_step(); ++t) {
                        const double z = std::floor(fractions(i, t) + 1 - threshold + whole);
                        on(i, t) = std::clamp(static_cast<int>(z), 0, groups_.units[i]);
                    }
                }
                offer(on, how);
            }
        }
    }

    /// Moves the ends of single runs as long as it pays.
    void improve() {
        for (bool better = best_.has_value(); better && may_go_on();) {
            better = false;
            for (std::size_t i = 0; i < groups_.size(); ++i) {
                better |= improve_group(i);
            }
        }
    }

    /// Prices a commitment, after repair; keeps it where it is the cheapest so far.
    bool offer(UnitCounts on, Repair how) {
        for (std::size_t i = 0; i < groups_.size(); ++i) {
            std::vector<int> row = row_of(on, i);
            repair_runs(times_of(groups_, i), before_[i], how, row);
            put_row(row, i, on);
        }
        return offer_as_it_is(std::move(on));
    }

    /// The same for a commitment that keeps its times.
    bool offer_as_it_is(UnitCounts on) {
        if (std::ranges::find(tried_, on_bytes(on)) != tried_.end()) {
            return false;
        }
        tried_.push_back(on_bytes(on));
        const auto price = program_.price(on);
        if (!price || (best_ && price->cost >= best_->cost - least_gain(best_->cost))) {
            return false;
        }
        best_ = Candidate{std::move(on), price->cost, price->dumped_mwh};
        return true;
    }

    [[nodiscard]] const std::optional<Candidate>& best() const { return best_; }

  private:
    static double least_gain(double cost) { return 1e-9 * std::max(1.0, std::abs(cost)); }
    static std::vector<int> on_bytes(const UnitCounts& on) {
        return {on.values().begin(), on.values().end()};
    }
    [[nodiscard]] bool may_go_on() const { return program_.programs() < max_programs_; }

    /// Counts one up or one down over a stretch that begins or ends where a run does.
    bool improve_group(std::size_t i) {
        bool better = false;
        const std::size_t n_step = best_->on.n_step();
        for (const int change : {-1, 1}) {
            for (std::size_t from = 0; from < n_step && may_go_on(); ++from) {
                const std::vector<int> row = row_of(best_->on, i);
                const bool begins = from == 0 || row[from] != row[from - 1];
                const bool before_run = from + 1 < n_step && row[from] != row[from + 1];
                if (!begins && !before_run) {
                    continue;
                }
                std::size_t end = from + 1;
                while (end < n_step && row[end] == row[from]) {
                    ++end;
                }
                // the whole run, its first step, its last
                for (const auto& [a, b] : std::array<std::array<std::size_t, 2>, 3>{
                         {{from, end}, {from, from + 1}, {end - 1, end}}}) {
                    better |= try_change(i, a, b, change);
                }
            }
        }
        return better;
    }

    bool try_change(std::size_t i, std::size_t from, std::size_t to, int change) {
        if (!may_go_on()) {
            return false;
        }
        UnitCounts on = best_->on;
        for (std::size_t t = from; t < to; ++t) {
            on(i, t) = std::clamp(on(i, t) + change, 0, groups_.units[i]);
        }
        return offer(on, change > 0 ? Repair::keep_on : Repair::leave_out);
    }

    CommitmentProgram& program_;
    const UnitGroups& groups_;
    int max_programs_;
    std::vector<std::vector<int>> before_;
    std::vector<std::vector<int>> tried_;
    std::optional<Candidate> best_;
};

void account_units(const System& system, const UnitGroups& groups, const UnitCounts& before,
                   Commitment& answer) {
    const std::size_t n_step = answer.on.n_step();
    answer.start_cost.assign(n_step, 0);
    answer.idle_cost.assign(n_step, 0);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        int ran = before(i, before.n_step() - 1);
        for (std::size_t t = 0; t < n_step; ++t) {
            const int runs = answer.on(i, t);
            answer.start_cost[t] += groups.start_cost[i] * std::max(0, runs - ran);
            answer.idle_cost[t] += system.dt_h * groups.idle_cost[i] * runs;
            ran = runs;
        }
    }
}

/// Ramps of every step, as the system has them.
void fill_ramps(const System& system, Block& block) {
    for (Series* ramps : {&block.ramp_up_mw, &block.ramp_down_mw}) {
        if (ramps->empty()) {
            ramps->reshape(system.ramps.size(), block.n_step);
            for (std::size_t t = 0; t < block.n_step; ++t) {
                std::ranges::copy(system.ramps.limit_mw, ramps->step(t).begin());
            }
        }
    }
}

bool is_close(double cost, double bound, const CommitmentOptions& options) {
    return cost - bound <=
           std::max(options.accepted_gap, options.closed_gap * std::max(1.0, std::abs(cost)));
}

/// Steps 1 to 6 of the header.
Commitment commit_with_limits(const System& system, const FlowGrid& grid, const Block& block,
                              const UnitGroups& groups, const UnitCounts& before,
                              BlockEngine& engine, const CommitmentOptions& options,
                              const CommitmentHints& hints, double& searched_cost) {
    Commitment answer;
    CommitmentProgram program(system, grid, block, groups, before, hints.limits);
    if (!program.sound()) {
        answer.status = SolveStatus::not_sound;
        return answer;
    }
    Series fractions;
    const auto relaxed = program.relax(fractions);
    if (!relaxed) {
        answer.status = SolveStatus::infeasible;
        return answer;
    }
    answer.bound = *relaxed;
    Search search(program, groups, before, options.max_programs);
    const auto is_done = [&] {
        return search.best() && is_close(search.best()->cost, answer.bound, options);
    };
    for (const UnitCounts& on : hints.on) {
        search.offer(on, Repair::keep_on);
    }
    if (!is_done()) {
        search.round(fractions);
    }
    if (!is_done()) {
        search.improve();
    }
    const int n_unit = std::accumulate(groups.units.begin(), groups.units.end(), 0);
    if (search.best() && n_unit <= options.exact_units && !is_done()) {
        auto exact = program.close(search.best()->cost, options);
        if (exact.on) {
            search.offer_as_it_is(*std::move(exact.on));
        }
        answer.bound = std::max(answer.bound, exact.bound);
        answer.exact = exact.complete;
        answer.nodes = exact.nodes;
    }
    answer.programs = program.programs();
    if (!search.best() || search.best()->dumped_mwh > 0) {
        answer.status = SolveStatus::infeasible;
        return answer;
    }
    searched_cost = search.best()->cost;
    answer.on = search.best()->on;
    account_units(system, groups, before, answer);
    answer.schedule = engine.solve(fix_units(system, block, groups, before, answer.on));
    answer.status = answer.schedule.status;
    answer.cost = answer.schedule.objective +
                  std::reduce(answer.start_cost.begin(), answer.start_cost.end()) +
                  std::reduce(answer.idle_cost.begin(), answer.idle_cost.end());
    return answer;
}

/// Limits that bind in a schedule and are not in the list yet go there. Returns how many.
std::size_t learn_limits(const Solution& schedule, std::vector<BindingBranch>& limits) {
    const std::size_t n_known = limits.size();
    for (const BindingBranch& row : schedule.binding) {
        const auto same = [&](const BindingBranch& known) {
            return known.step == row.step && known.branch == row.branch &&
                   known.outage == row.outage;
        };
        if (std::none_of(limits.begin(), limits.end(), same)) {
            limits.push_back(row);
        }
    }
    return limits.size() - n_known;
}

} // namespace

double start_up_mw(const UnitGroups& groups, std::size_t i, double unit_ramp_mw) {
    return groups.unit_start_up_mw.empty() ? std::max(unit_ramp_mw, groups.unit_p_min_mw[i])
                                           : groups.unit_start_up_mw[i];
}

double shut_down_mw(const UnitGroups& groups, std::size_t i, double unit_ramp_mw) {
    return groups.unit_shut_down_mw.empty() ? std::max(unit_ramp_mw, groups.unit_p_min_mw[i])
                                            : groups.unit_shut_down_mw[i];
}

double Commitment::gap() const {
    return cost == 0 ? 0 : std::max(0.0, cost - bound) / std::abs(cost);
}

Block fix_units(const System& system, const Block& block, const UnitGroups& groups,
                const UnitCounts& before, const UnitCounts& on) {
    Block fixed = block;
    fill_ramps(system, fixed);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const std::size_t k = groups.generator[i];
        int ran = before(i, before.n_step() - 1);
        for (std::size_t t = 0; t < block.n_step; ++t) {
            const int runs = on(i, t);
            const double most_mw = std::min(block.p_max_mw(k, t), runs * groups.unit_p_max_mw[i]);
            fixed.p_min_mw(k, t) = std::max(block.p_min_mw(k, t), runs * groups.unit_p_min_mw[i]);
            fixed.p_max_mw(k, t) = most_mw;
            if (groups.reserve != UnitGroups::none) {
                const double share = static_cast<double>(runs) / groups.units[i];
                fixed.group_lower(groups.reserve, t) += (1 - share) * block.p_max_mw(k, t);
            }
            if (!groups.ramp.empty() && groups.ramp[i] != UnitGroups::none) {
                const std::size_t r = groups.ramp[i];
                const double unit_mw = system.ramps.limit_mw[r] / groups.units[i];
                fixed.ramp_up_mw(r, t) =
                    unit_mw * ran + start_up_mw(groups, i, unit_mw) * std::max(0, runs - ran);
                fixed.ramp_down_mw(r, t) =
                    unit_mw * runs + shut_down_mw(groups, i, unit_mw) * std::max(0, ran - runs);
            }
            ran = runs;
        }
    }
    return fixed;
}

Commitment commit(const System& system, const FlowGrid& grid, const Block& block,
                  const UnitGroups& groups, const UnitCounts& before, BlockEngine& engine,
                  const CommitmentOptions& options, const CommitmentHints& hints) {
    assert(before.n_step() > 0 && before.n_element() == groups.size());
    CommitmentHints known = hints;
    Commitment best;
    for (int round = 0; round <= options.limit_rounds; ++round) {
        double searched = 0;
        Commitment answer = commit_with_limits(system, grid, block, groups, before, engine, options,
                                               known, searched);
        const bool optimal = answer.status == SolveStatus::optimal;
        const bool surprised = optimal && !is_close(answer.cost, searched, options);
        answer.bound = round == 0 ? answer.bound : std::max(answer.bound, best.bound);
        answer.programs += best.programs;
        answer.nodes += best.nodes;
        if (surprised && learn_limits(answer.schedule, known.limits) > 0) {
            known.on = {answer.on};
        } else {
            known.on.clear();
        }
        if (round == 0 || (optimal && answer.cost < best.cost)) {
            best = std::move(answer);
        } else {
            best.bound = optimal ? std::max(best.bound, answer.bound) : best.bound;
            best.programs = answer.programs;
            best.nodes = answer.nodes;
        }
        if (!surprised || known.on.empty()) {
            break;
        }
    }
    return best;
}

} // namespace yuanwang::dispatch::program
