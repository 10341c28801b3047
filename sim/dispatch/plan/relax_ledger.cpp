#include "dispatch/plan/relax_ledger.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

namespace yuanwang::dispatch {

namespace {

using program::BindingBranch;
using program::Block;
using program::Solution;
using program::SolveStatus;
using program::System;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double curtailed_min_mw = 1e-6;
constexpr double tiny_price = 0.01;      ///< CNY/MWh: less is no congestion
constexpr double without_room_mwh = 1e6; ///< more than any battery holds
constexpr double without_export_mw = 1e5;
constexpr double back_down_freely =
    -0.5; ///< CNY/MWh: after wind and sun, before anything that costs

/// A limit to take away: its name in the ledger and how.
struct Removal {
    TakenAway row;
    std::function<void(Block&)> apply;
};

class LimitRemover {
  public:
    LimitRemover(const Table& table, const PlanColumns& columns, const BlockInput& input,
                 const Solution& solution, const System& system, const PlanSettings& settings,
                 const Block& block)
        : table_{table}, c_{columns}, in_{input}, x_{solution}, system_{system},
          settings_{settings}, block_{block} {}

    /// In the fixed order, those that hold anything back.
    [[nodiscard]] std::vector<Removal> list() {
        list_network(false);
        list_network(true);
        list_sections();
        list_stations();
        list_minimums();
        list_reserve();
        list_storages();
        return std::move(removals_);
    }

  private:
    void add(Cause cause, std::function<void(Block&)> apply, LimitKind limit = LimitKind::none,
             std::size_t limit_row = 0, std::size_t outage_row = 0) {
        removals_.push_back(
            {{.cause = cause, .limit = limit, .limit_row = limit_row, .outage_row = outage_row},
             std::move(apply)});
    }

    /// Limits of the network that bind in the steps kept, the most valuable first; those beyond the number named go together
    /// with the last of them.
    void list_network(bool after_outage) {
        struct Bound {
            std::size_t branch;
            std::size_t outage;
            double value;
        };
        std::vector<Bound> bounds;
        for (const BindingBranch& row : x_.binding) {
            if (row.step >= in_.n_step || (row.outage != program::no_outage) != after_outage ||
                !holds_back(row)) {
                continue;
            }
            auto it = std::ranges::find(bounds, row.branch, &Bound::branch);
            if (it == bounds.end()) {
                it = bounds.insert(bounds.end(), {row.branch, row.outage, 0});
            }
            it->value += row.value_per_mwh;
        }
        std::ranges::stable_sort(bounds, std::greater<>{}, &Bound::value);
        const auto n_named =
            std::min(bounds.size(), static_cast<std::size_t>(settings_.ledger_limits));
        for (std::size_t n = 0; n < n_named; ++n) {
            std::vector<std::size_t> branches = {bounds[n].branch};
            for (std::size_t m = n_named; n + 1 == n_named && m < bounds.size(); ++m) {
                branches.push_back(bounds[m].branch);
            }
            add(
                after_outage ? Cause::branch_n1 : Cause::branch_n,
                [this, branches, after_outage](Block& block) {
                    for (const std::size_t branch : branches) {
                        free_branch(branch, after_outage, block);
                    }
                },
                LimitKind::network, bounds[n].branch, after_outage ? bounds[n].outage : 0);
        }
    }

    /// Whether more of a plant that is curtailed in that step would load the limit.
    [[nodiscard]] bool holds_back(const BindingBranch& row) const {
        for (std::size_t k = 0; k < table_.variables.size(); ++k) {
            const double lost_mw =
                in_.variable_mw(k, row.step) - x_.generation_mw(c_.variable + k, row.step);
            const double factor = program::find_row_factor(system_, row, c_.places.variable + k);
            if (lost_mw > curtailed_min_mw &&
                (row.forward ? factor : -factor) * row.value_per_mwh > tiny_price) {
                return true;
            }
        }
        return false;
    }

    void free_branch(std::size_t branch, bool after_outage, Block& block) const {
        Series& limits = after_outage ? block.emergency_mw : block.limit_mw;
        const std::vector<double>& constant =
            after_outage ? system_.branches.emergency_mw : system_.branches.limit_mw;
        if (limits.empty()) {
            limits.reshape(system_.branches.size(), block.n_step);
            for (std::size_t t = 0; t < block.n_step; ++t) {
                std::ranges::copy(constant, limits.step(t).begin());
            }
        }
        for (std::size_t t = 0; t < block.n_step; ++t) {
            limits(branch, t) = infinity;
        }
    }

    [[nodiscard]] bool binds(std::size_t group) const {
        for (std::size_t t = 0; t < in_.n_step; ++t) {
            if (x_.group_value(group, t) > 1e-9) {
                return true;
            }
        }
        return false;
    }

    void list_sections() {
        const std::size_t first_door = c_.tie_of_group.size();
        for (std::size_t n = 0; n < c_.door_of_group.size(); ++n) {
            if (binds(first_door + n)) {
                add(
                    Cause::section,
                    [group = first_door + n](Block& block) {
                        for (std::size_t t = 0; t < block.n_step; ++t) {
                            block.group_lower(group, t) = -infinity;
                            block.group_upper(group, t) = infinity;
                        }
                    },
                    LimitKind::group, c_.door_of_group[n]);
            }
        }
        for (std::size_t k = 0; k < table_.ties.size(); ++k) {
            if (is_export_full(k)) {
                add(
                    Cause::section, [this, k](Block& block) { free_exports(k, block); },
                    LimitKind::tie, k);
            }
        }
    }

    [[nodiscard]] bool is_export_full(std::size_t tie) const {
        const double most_mw = table_.ties.export_max_mw[tie];
        for (std::size_t t = 0; most_mw > 0 && t < in_.n_step; ++t) {
            if (-x_.generation_mw(c_.exported + tie, t) > most_mw - 1e-6) {
                return true;
            }
        }
        return false;
    }

    void free_exports(std::size_t tie, Block& block) const {
        for (std::size_t t = 0; t < block.n_step; ++t) {
            block.p_min_mw(c_.exported + tie, t) = -without_export_mw;
            for (std::size_t g = 0; g < c_.tie_of_group.size(); ++g) {
                if (c_.tie_of_group[g] == tie) {
                    block.group_lower(g, t) = -infinity;
                }
            }
        }
    }

    void list_stations() {
        bool limited = false;
        for (std::size_t k = 0; k < table_.variables.size(); ++k) {
            for (std::size_t t = 0; t < in_.n_step; ++t) {
                limited |= in_.variable_mw(k, t) > table_.variables.station_limit_mw[k];
            }
        }
        if (limited) {
            add(Cause::station_limit, [this](Block& block) {
                for (std::size_t k = 0; k < table_.variables.size(); ++k) {
                    for (std::size_t t = 0; t < in_.n_step; ++t) {
                        block.p_max_mw(c_.variable + k, t) = std::max(0.0, in_.variable_mw(k, t));
                    }
                }
            });
        }
    }

    void list_minimums() {
        add(Cause::minimum_output, [this](Block& block) {
            for (std::size_t t = 0; t < block.n_step; ++t) {
                for (std::size_t k = 0; k < table_.thermals.size(); ++k) {
                    block.p_min_mw(c_.thermal + k, t) = 0;
                }
                block.group_lower(c_.minimum_group, t) = -infinity;
                for (std::size_t k = 0; k < table_.must_run.size(); ++k) {
                    block.price_per_mwh(c_.must_run + k, t) = back_down_freely;
                }
                for (std::size_t k = 0; k < table_.hydros.size(); ++k) {
                    block.price_per_mwh(c_.hydro_base + k, t) = back_down_freely;
                }
            }
        });
    }

    void list_reserve() {
        if (c_.reserve && binds(c_.reserve_group)) {
            add(Cause::reserve, [this](Block& block) {
                for (std::size_t t = 0; t < block.n_step; ++t) {
                    block.group_lower(c_.reserve_group, t) = -infinity;
                }
            });
        }
    }

    void list_storages() {
        if (table_.storages.size() > 0) {
            add(Cause::storage_full, [this](Block& block) {
                for (std::size_t s = 0; s < table_.storages.size(); ++s) {
                    for (std::size_t t = 0; t < block.n_step; ++t) {
                        block.e_max_mwh(s, t) = without_room_mwh;
                    }
                }
                for (std::size_t n = 0; n < c_.charge_tapered.size(); ++n) {
                    for (std::size_t t = 0; t < block.n_step; ++t) {
                        block.group_upper(c_.taper_group + n, t) = infinity;
                    }
                }
            });
        }
    }

    const Table& table_;
    const PlanColumns& c_;
    const BlockInput& in_;
    const Solution& x_;
    const System& system_;
    const PlanSettings& settings_;
    const Block& block_;
    std::vector<Removal> removals_;
};

/// What every plant loses in every step kept, MW.
Series list_curtailed(const Table& table, const PlanColumns& c, const BlockInput& input,
                      const Solution& solution) {
    Series curtailed(table.variables.size(), input.n_step);
    for (std::size_t t = 0; t < input.n_step; ++t) {
        for (std::size_t k = 0; k < table.variables.size(); ++k) {
            curtailed(k, t) = std::max(0.0, std::max(0.0, input.variable_mw(k, t)) -
                                                solution.generation_mw(c.variable + k, t));
        }
    }
    return curtailed;
}

double sum(const Series& series) {
    return std::reduce(series.values().begin(), series.values().end());
}

/// The part of what is left of each plant and step that a removal freed; rows go into the ledger.
double book(const TakenAway& name, const BlockInput& input, const Series& before,
            const Series& after, Series& left, Schedule& schedule) {
    double booked_mwh = 0;
    for (std::size_t t = 0; t < left.n_step(); ++t) {
        for (std::size_t k = 0; k < left.n_element(); ++k) {
            const double mw = std::min(left(k, t), before(k, t) - after(k, t));
            if (mw > curtailed_min_mw) {
                schedule.ledger.push_back({.step = t,
                                           .variable = k,
                                           .cause = name.cause,
                                           .limit = name.limit,
                                           .limit_row = name.limit_row,
                                           .mwh = mw * input.dt_h,
                                           .outage_row = name.outage_row});
                left(k, t) -= mw;
                booked_mwh += mw * input.dt_h;
            }
        }
    }
    return booked_mwh;
}

} // namespace

std::vector<TakenAway> relax_limits(const Table& table, const PlanColumns& columns,
                                    const BlockInput& input, const Solution& solution, Block block,
                                    program::BlockEngine& engine, const System& system,
                                    const PlanSettings& settings, Schedule& schedule) {
    std::vector<TakenAway> taken;
    Series left = schedule.curtailed_mw;
    if (sum(left) < curtailed_min_mw) {
        return taken;
    }
    schedule.ledger.clear();
    Series before = list_curtailed(table, columns, input, solution);
    double cost = solution.objective;
    const double kept_share = static_cast<double>(input.n_step) / static_cast<double>(block.n_step);
    LimitRemover remover(table, columns, input, solution, system, settings, block);
    for (Removal& removal : remover.list()) {
        if (sum(left) < curtailed_min_mw) {
            break;
        }
        removal.apply(block);
        const Solution without = engine.solve(block);
        if (without.status != SolveStatus::optimal) {
            continue; // it stays away; what it frees shows with the next
        }
        const Series after = list_curtailed(table, columns, input, without);
        removal.row.freed_mwh = book(removal.row, input, before, after, left, schedule);
        // Prices of output that has to run are no costs, and so is what changing them saves.
        removal.row.saved_cny = removal.row.cause == Cause::minimum_output
                                    ? 0
                                    : std::max(0.0, cost - without.objective) * kept_share;
        taken.push_back(removal.row);
        cost = without.objective;
        before = after;
    }
    for (std::size_t t = 0; t < left.n_step(); ++t) {
        for (std::size_t k = 0; k < left.n_element(); ++k) {
            if (left(k, t) > 0) {
                schedule.ledger.push_back({.step = t,
                                           .variable = k,
                                           .cause = Cause::surplus,
                                           .mwh = left(k, t) * input.dt_h});
            }
        }
    }
    return taken;
}

} // namespace yuanwang::dispatch
