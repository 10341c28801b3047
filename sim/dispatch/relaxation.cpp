#include "dispatch/relaxation.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace yuanwang::dispatch {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double without_export_mw = 1e5;
constexpr double without_room_mwh = 1e6; ///< more than any storage holds
constexpr double rounding_mwh = 1e-9;

/// A storage keeps its least energy and has room beyond any use.
void take_room_limits_away(models::Batteries& batteries) {
    for (std::size_t s = 0; s < batteries.size(); ++s) {
        const double least_mwh = batteries.soc_min[s] * batteries.e_max_mwh[s];
        batteries.e_max_mwh[s] = without_room_mwh;
        batteries.soc_min[s] = least_mwh / without_room_mwh;
        batteries.soc_max[s] = 1;
    }
    batteries.taper_floor.clear();
}

} // namespace

void take_away(Cause cause, Table& table) {
    switch (cause) {
    case Cause::section:
        std::ranges::fill(table.groups.import_max_mw, infinity);
        std::ranges::fill(table.groups.export_max_mw, infinity);
        for (double& most_mw : table.ties.export_max_mw) {
            most_mw = most_mw > 0 ? without_export_mw : 0.0;
        }
        break;
    case Cause::station_limit:
        std::ranges::fill(table.variables.station_limit_mw, infinity);
        break;
    case Cause::minimum_output:
        std::ranges::fill(table.thermals.unit_p_min_mw, 0.0);
        break;
    case Cause::storage_full:
        take_room_limits_away(table.storages.batteries);
        break;
    default: // of the network or of the settings of a plan
        break;
    }
}

void take_away(Cause cause, BlockInput& input) {
    if (cause == Cause::minimum_output) {
        std::ranges::fill(input.thermal_minimum_mw, 0.0);
        std::ranges::fill(input.thermal_min_mw.values(), 0.0);
    }
}

void back_down_for_variables(const Table& table, Schedule& s) {
    const auto give_way = [&](const auto& family, Series& output_mw, std::size_t k, std::size_t t) {
        double& lost_mw = s.curtailed_mw(k, t);
        for (std::size_t m = 0; m < family.size(); ++m) {
            if (family.island[m] == table.variables.island[k]) {
                const double mw = std::clamp(output_mw(m, t), 0.0, lost_mw);
                output_mw(m, t) -= mw;
                s.variable_mw(k, t) += mw;
                lost_mw -= mw;
            }
        }
    };
    for (std::size_t t = 0; t < s.curtailed_mw.n_step(); ++t) {
        for (std::size_t k = 0; k < table.variables.size(); ++k) {
            give_way(table.hydros, s.hydro_mw, k, t);
            give_way(table.must_run, s.must_run_mw, k, t);
        }
    }
}

CauseSums sum_by_cause(std::span<const Curtailed> ledger) {
    CauseSums sums;
    for (const Curtailed& row : ledger) {
        sums[row.cause] += row.mwh;
    }
    return sums;
}

namespace {

/// The name of most energy that each cause has in a ledger; of those without a row, as in `otherwise`.
std::map<Cause, Curtailed> find_names(std::span<const Curtailed> ledger,
                                      const std::map<Cause, Curtailed>& otherwise) {
    using Key = std::tuple<Cause, LimitKind, std::size_t, std::size_t>;
    std::map<Key, double> sums;
    for (const Curtailed& row : ledger) {
        sums[{row.cause, row.limit, row.limit_row, row.outage_row}] += row.mwh;
    }
    std::map<Cause, Curtailed> names = otherwise;
    std::map<Cause, double> most;
    for (const auto& [key, mwh] : sums) {
        const auto& [cause, limit, row, outage] = key;
        if (mwh > most[cause]) {
            most[cause] = mwh;
            names[cause] = {.cause = cause, .limit = limit, .limit_row = row, .outage_row = outage};
        }
    }
    return names;
}

} // namespace

void balance_causes(const CauseSums& wanted_mwh, const std::map<Cause, Curtailed>& names,
                    std::vector<Curtailed>& ledger) {
    const CauseSums has = sum_by_cause(ledger);
    const auto find = [](const CauseSums& sums, Cause cause) {
        const auto at = sums.find(cause);
        return at == sums.end() ? 0.0 : at->second;
    };
    CauseSums lacks;
    double lacking_mwh = 0;
    for (const auto& [cause, mwh] : wanted_mwh) {
        if (const double more = mwh - find(has, cause); more > rounding_mwh) {
            lacks[cause] = more;
            lacking_mwh += more;
        }
    }
    if (lacks.empty()) {
        return;
    }
    const std::map<Cause, Curtailed> name_of = find_names(ledger, names);
    std::vector<Curtailed> moved;
    for (Curtailed& row : ledger) {
        const double has_mwh = find(has, row.cause);
        const double kept = std::min(1.0, find(wanted_mwh, row.cause) / has_mwh);
        const double given_mwh = (1 - kept) * row.mwh;
        row.mwh -= given_mwh;
        for (const auto& [cause, lack_mwh] : lacks) {
            const double mwh = given_mwh * lack_mwh / lacking_mwh;
            if (mwh > 0) {
                const auto name = name_of.find(cause);
                Curtailed more = name == name_of.end() ? Curtailed{} : name->second;
                more.cause = cause;
                more.step = row.step;
                more.variable = row.variable;
                more.mwh = mwh;
                moved.push_back(more);
            }
        }
    }
    ledger.insert(ledger.end(), moved.begin(), moved.end());
    std::erase_if(ledger, [](const Curtailed& row) { return !(row.mwh > 0); });
}

} // namespace yuanwang::dispatch
