#include "dispatch/plan/relax_ledger.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "dispatch/relaxation.hpp"

namespace yuanwang::dispatch {

namespace {

using program::BindingBranch;
using program::Block;
using program::Solution;
using program::SolveStatus;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double curtailed_min_mw = 1e-6;
constexpr double tiny_price = 1e-3;      ///< CNY/MWh: less is no congestion
constexpr double far_behind = 1e-6;      ///< weight of limits that hold no curtailed plant back
constexpr double without_room_mwh = 1e6; ///< more than any battery holds
constexpr double without_export_mw = 1e5;
constexpr double back_down_freely =
    -0.5; ///< CNY/MWh: after wind and sun, before anything that costs

/// A limit to take away: its name in the ledger and how.
struct Removal {
    TakenAway row;
    std::function<void(Block&)> apply;
};

/// The limits of one cause, one after the other as they begin to bind.
class LimitRemover {
  public:
    LimitRemover(const LedgerInput& from, Cause cause) : f_{from}, cause_{cause} {}

    /// What to take away next from the program that `solution` answers with `curtailed` [n_variable × n_step], MW; none: no
    /// limit of the cause binds.
    [[nodiscard]] std::optional<Removal> find_next(const Solution& solution,
                                                   const Series& curtailed) {
        if (all_away_) {
            return std::nullopt;
        }
        switch (cause_) {
        case Cause::branch_n:
        case Cause::branch_n1:
        case Cause::section:
            return find_next_limit(solution, curtailed);
        case Cause::station_limit:
            return take_all_if(is_any_station_limited(), &LimitRemover::free_stations);
        case Cause::minimum_output:
            return take_all_if(true, &LimitRemover::free_minimums);
        case Cause::reserve:
            return take_all_if(f_.columns.reserve, &LimitRemover::free_reserve);
        default:
            return take_all_if(f_.table.storages.size() > 0, &LimitRemover::free_storages);
        }
    }

    /// Takes away what is left of the cause: none of its limits may begin to bind later.
    void free_all(Block& block) const {
        switch (cause_) {
        case Cause::branch_n:
        case Cause::branch_n1:
            return free_network(block);
        case Cause::section:
            free_network(block);
            return free_groups_and_exports(block);
        case Cause::station_limit:
            return free_stations(block);
        case Cause::minimum_output:
            return free_minimums(block);
        case Cause::reserve:
            return free_reserve(block);
        default:
            return free_storages(block);
        }
    }

  private:
    using Free = void (LimitRemover::*)(Block&) const;

    std::optional<Removal> take_all_if(bool binds, Free free) {
        all_away_ = true;
        if (!binds) {
            return std::nullopt;
        }
        return Removal{{.cause = cause_}, [this, free](Block& block) { (this->*free)(block); }};
    }

    // Limits with a name

    struct Bound {
        LimitKind limit = LimitKind::none;
        std::size_t row = 0;
        std::size_t outage = 0;
        double value = 0;      ///< CNY/MWh over the steps planned
        double most_value = 0; ///< of an outage
    };

    /// The limit of most value, then the next; from the last with a name on all that are left at once.
    std::optional<Removal> find_next_limit(const Solution& x, const Series& curtailed) {
        std::vector<Bound> bounds;
        for (const BindingBranch& row : x.binding) {
            if (find_cause(row) == cause_ && row.value_per_mwh > tiny_price) {
                add(bounds, row, holds_back(row, curtailed) ? 1.0 : far_behind);
            }
        }
        if (cause_ == Cause::section) {
            list_groups(x, bounds);
            list_exports(x, bounds);
        }
        if (bounds.empty()) {
            return std::nullopt;
        }
        const Bound most = *std::ranges::max_element(bounds, {}, &Bound::value);
        Removal removal{{.cause = cause_,
                         .limit = most.limit,
                         .limit_row = most.limit == LimitKind::group
                                          ? f_.columns.door_of_group[most.row]
                                          : most.row,
                         .outage_row = most.outage},
                        {}};
        if (++n_named_ >= f_.settings.ledger_limits) {
            all_away_ = true;
            removal.apply = [this](Block& block) { free_all(block); };
        } else {
            removal.apply = [this, most](Block& block) { free_one(most, block); };
        }
        return removal;
    }

    [[nodiscard]] Cause find_cause(const BindingBranch& row) const {
        if (is_section(row.branch)) {
            return Cause::section;
        }
        return row.outage == program::no_outage ? Cause::branch_n : Cause::branch_n1;
    }
    [[nodiscard]] bool is_section(std::size_t limit) const {
        return !f_.is_section.empty() && f_.is_section[limit];
    }

    /// Whether a MW more of a plant that is curtailed in that step, taken by the load of its island, would load the limit.
    [[nodiscard]] bool holds_back(const BindingBranch& row, const Series& curtailed) const {
        const Places& at = f_.columns.places;
        for (std::size_t k = 0; row.step < curtailed.n_step() && k < curtailed.n_element(); ++k) {
            const double factor =
                program::find_row_factor(f_.system, row, at.variable + k) -
                program::find_row_factor(f_.system, row, at.island + f_.table.variables.island[k]);
            if (curtailed(k, row.step) > curtailed_min_mw &&
                (row.forward ? factor : -factor) * row.value_per_mwh > tiny_price) {
                return true;
            }
        }
        return false;
    }

    static void add(std::vector<Bound>& bounds, const BindingBranch& row, double weight) {
        auto it = std::ranges::find_if(bounds, [&](const Bound& b) {
            return b.limit == LimitKind::network && b.row == row.branch;
        });
        if (it == bounds.end()) {
            it = bounds.insert(bounds.end(), {LimitKind::network, row.branch, no_outage_row, 0, 0});
        }
        it->value += weight * row.value_per_mwh;
        if (row.outage != program::no_outage && row.value_per_mwh > it->most_value) {
            it->most_value = row.value_per_mwh;
            it->outage = row.outage;
        }
    }

    void list_groups(const Solution& x, std::vector<Bound>& bounds) const {
        const std::size_t first = f_.columns.tie_of_group.size();
        for (std::size_t n = 0; n < f_.columns.door_of_group.size(); ++n) {
            double value = 0;
            for (std::size_t t = 0; t < x.group_value.n_step(); ++t) {
                value += x.group_value(first + n, t);
            }
            if (value > tiny_price) {
                bounds.push_back({LimitKind::group, n, no_outage_row, value, 0});
            }
        }
    }

    void list_exports(const Solution& x, std::vector<Bound>& bounds) const {
        for (std::size_t k = 0; k < f_.table.ties.size(); ++k) {
            const double most_mw = f_.table.ties.export_max_mw[k];
            double value = 0;
            for (std::size_t t = 0; most_mw > 0 && t < x.generation_mw.n_step(); ++t) {
                const bool full = -x.generation_mw(f_.columns.exported + k, t) > most_mw - 1e-6;
                value += full ? std::max(tiny_price, -x.price_per_mwh(f_.columns.places.tie + k, t))
                              : 0.0;
            }
            if (value > 0 && !is_free_[k]) {
                bounds.push_back({LimitKind::tie, k, no_outage_row, value, 0});
            }
        }
    }

    void free_one(const Bound& bound, Block& block) const {
        switch (bound.limit) {
        case LimitKind::network:
            return free_limit(bound.row, block);
        case LimitKind::group:
            return free_group(bound.row, block);
        default:
            is_free_[bound.row] = true;
            return free_exports(bound.row, block);
        }
    }

    // How limits are taken away

    void free_network(Block& block) const {
        for (std::size_t k = 0; k < f_.system.branches.size(); ++k) {
            if (is_section(k) == (cause_ == Cause::section)) {
                free_limit(k, block);
            }
        }
    }

    /// Of the base state or after outages, as the cause has it; a section's both.
    void free_limit(std::size_t limit, Block& block) const {
        if (cause_ != Cause::branch_n1) {
            free_limit(limit, f_.system.branches.limit_mw, block.limit_mw, block.n_step);
        }
        if (cause_ != Cause::branch_n && !f_.system.branches.emergency_mw.empty()) {
            free_limit(limit, f_.system.branches.emergency_mw, block.emergency_mw, block.n_step);
        }
    }

    static void free_limit(std::size_t limit, const std::vector<double>& constant, Series& limits,
                           std::size_t n_step) {
        if (limits.empty()) {
            limits.reshape(constant.size(), n_step);
            for (std::size_t t = 0; t < n_step; ++t) {
                std::ranges::copy(constant, limits.step(t).begin());
            }
        }
        for (std::size_t t = 0; t < n_step; ++t) {
            limits(limit, t) = infinity;
        }
    }

    void free_group(std::size_t door, Block& block) const {
        const std::size_t group = f_.columns.tie_of_group.size() + door;
        for (std::size_t t = 0; t < block.n_step; ++t) {
            block.group_lower(group, t) = -infinity;
            block.group_upper(group, t) = infinity;
        }
    }

    void free_exports(std::size_t tie, Block& block) const {
        for (std::size_t t = 0; t < block.n_step; ++t) {
            block.p_min_mw(f_.columns.exported + tie, t) = -without_export_mw;
            for (std::size_t g = 0; g < f_.columns.tie_of_group.size(); ++g) {
                if (f_.columns.tie_of_group[g] == tie) {
                    block.group_lower(g, t) = -infinity;
                }
            }
        }
    }

    void free_groups_and_exports(Block& block) const {
        for (std::size_t n = 0; n < f_.columns.door_of_group.size(); ++n) {
            free_group(n, block);
        }
        for (std::size_t k = 0; k < f_.table.ties.size(); ++k) {
            if (f_.table.ties.export_max_mw[k] > 0) {
                free_exports(k, block);
            }
        }
    }

    [[nodiscard]] bool is_any_station_limited() const {
        for (std::size_t k = 0; k < f_.table.variables.size(); ++k) {
            for (std::size_t t = 0; t < f_.input.n_step; ++t) {
                if (f_.input.variable_mw(k, t) > f_.table.variables.station_limit_mw[k]) {
                    return true;
                }
            }
        }
        return false;
    }

    void free_stations(Block& block) const {
        for (std::size_t k = 0; k < f_.table.variables.size(); ++k) {
            for (std::size_t t = 0; t < f_.input.n_step; ++t) {
                block.p_max_mw(f_.columns.variable + k, t) =
                    std::max(0.0, f_.input.variable_mw(k, t));
            }
        }
    }

    void free_minimums(Block& block) const {
        const PlanColumns& c = f_.columns;
        for (std::size_t t = 0; t < block.n_step; ++t) {
            for (std::size_t k = 0; k < f_.table.thermals.size(); ++k) {
                block.p_min_mw(c.thermal + k, t) = 0;
            }
            block.group_lower(c.minimum_group, t) = -infinity;
            for (std::size_t k = 0; k < f_.table.must_run.size(); ++k) {
                block.price_per_mwh(c.must_run + k, t) = back_down_freely;
            }
            for (std::size_t k = 0; k < f_.table.hydros.size(); ++k) {
                block.price_per_mwh(c.hydro_base + k, t) = back_down_freely;
            }
        }
    }

    void free_reserve(Block& block) const {
        for (std::size_t t = 0; f_.columns.reserve && t < block.n_step; ++t) {
            block.group_lower(f_.columns.reserve_group, t) = -infinity;
        }
    }

    void free_storages(Block& block) const {
        for (std::size_t t = 0; t < block.n_step; ++t) {
            for (std::size_t s = 0; s < f_.table.storages.size(); ++s) {
                block.e_max_mwh(s, t) = without_room_mwh;
            }
            for (std::size_t n = 0; n < f_.columns.charge_tapered.size(); ++n) {
                block.group_upper(f_.columns.taper_group + n, t) = infinity;
            }
        }
    }

    const LedgerInput& f_;
    Cause cause_;
    int n_named_ = 0;
    bool all_away_ = false; ///< nothing of the cause is left to take away
    mutable std::vector<bool> is_free_ = std::vector<bool>(f_.table.ties.size(), false);
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

std::vector<TakenAway> relax_limits(const LedgerInput& from, const Solution& solution, Block block,
                                    program::BlockEngine& engine, Schedule& schedule) {
    std::vector<TakenAway> taken;
    Series left = schedule.curtailed_mw;
    if (sum(left) < curtailed_min_mw) {
        return taken;
    }
    schedule.ledger.clear();
    const BlockInput& input = from.input;
    Series before = list_curtailed(from.table, from.columns, input, solution);
    Solution now = solution;
    const double kept_share = static_cast<double>(input.n_step) / static_cast<double>(block.n_step);
    for (const Cause cause : causes_in_order) {
        LimitRemover remover{from, cause};
        while (sum(left) >= curtailed_min_mw) {
            std::optional<Removal> removal = remover.find_next(now, before);
            if (!removal) {
                break;
            }
            removal->apply(block);
            Solution without = engine.solve(block);
            if (without.status != SolveStatus::optimal) {
                break; // it stays away; what it frees shows with the next
            }
            const Series after = list_curtailed(from.table, from.columns, input, without);
            removal->row.freed_mwh = book(removal->row, input, before, after, left, schedule);
            // Prices of output that has to run are no costs, and so is what changing them saves.
            removal->row.saved_cny =
                cause == Cause::minimum_output
                    ? 0
                    : std::max(0.0, now.objective - without.objective) * kept_share;
            taken.push_back(removal->row);
            before = after;
            now = std::move(without);
        }
        remover.free_all(block);
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
