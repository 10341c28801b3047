#include "dispatch/rules/island_step.hpp"

#include <algorithm>
#include <cmath>

namespace yuanwang::dispatch {

IslandStep::IslandStep(Walk& walk, const IslandRows& rows, std::size_t island, std::size_t t)
    : walk_{walk}, table_{walk.table}, input_{walk.input}, s_{walk.schedule}, rows_{rows},
      island_{island}, t_{t} {
    residual_mw_ =
        input_.demand_mw(island, t) + input_.loss_mw(island, t) + walk.managed.recover(island, t);
    for (std::size_t k = 0; k < table_.flexibles.size(); ++k) {
        residual_mw_ += table_.flexibles.island[k] == island ? s_.flexible_shift_mw(k, t) : 0.0;
    }
}

void IslandStep::note_price(double price_cny_per_mwh) {
    double& price = s_.price_cny_per_mwh(island_, t_);
    price = called_ ? std::max(price, price_cny_per_mwh) : price_cny_per_mwh;
    called_ = true;
}

// 1. must-run

void IslandStep::run_what_must() {
    for (const std::size_t k : rows_.must_run) {
        s_.must_run_mw(k, t_) = input_.must_run_mw(k, t_);
        residual_mw_ -= s_.must_run_mw(k, t_);
    }
    for (const std::size_t k : rows_.hydros) {
        s_.hydro_mw(k, t_) = input_.hydro_base_mw[k];
        residual_mw_ -= s_.hydro_mw(k, t_);
    }
    for (const std::size_t k : rows_.thermals) { // committed for the city's minimum before
        residual_mw_ -= s_.thermal_mw(k, t_);
    }
    firm_gap_mw_ = std::max(0.0, residual_mw_ - firm_room_mw());
}

// 2. local wind and sun

void IslandStep::take_wind_and_sun() {
    for (const std::size_t k : rows_.variables) {
        const double available_mw = std::max(0.0, input_.variable_mw(k, t_));
        const double p_mw = std::min(available_mw, table_.variables.station_limit_mw[k]);
        s_.variable_mw(k, t_) = p_mw;
        if (const double lost_mw = available_mw - p_mw; lost_mw > 0) {
            s_.curtailed_mw(k, t_) = lost_mw;
            s_.ledger.push_back(
                {t_, k, Cause::station_limit, LimitKind::none, 0, lost_mw * input_.dt_h});
        }
        residual_mw_ -= p_mw;
    }
}

// 3. more than the island needs

void IslandStep::find_use_for_surplus() {
    if (residual_mw_ >= -tiny_mw) {
        return;
    }
    double clean_mw = 0;
    for (const std::size_t k : rows_.variables) {
        clean_mw += s_.variable_mw(k, t_);
    }
    residual_mw_ += charge(-residual_mw_, std::min(1.0, clean_mw / -residual_mw_));
    export_surplus();
    curtail();
    back_down();
}

/// What a storage can take, by its energy and by what the cold leaves of its power.
double IslandStep::charge_limit_mw(std::size_t k) const {
    const double limit_mw =
        models::charge_limit_mw(table_.storages.batteries, k, walk_.state.e_mwh[k], input_.dt_h);
    return input_.storage_charge_max_mw.empty()
               ? limit_mw
               : std::min(limit_mw, input_.storage_charge_max_mw(k, t_));
}

double IslandStep::discharge_limit_mw(std::size_t k) const {
    const double limit_mw =
        models::discharge_limit_mw(table_.storages.batteries, k, walk_.state.e_mwh[k], input_.dt_h);
    return input_.storage_discharge_max_mw.empty()
               ? limit_mw
               : std::min(limit_mw, input_.storage_discharge_max_mw(k, t_));
}

/// Charges all storages in proportion to their room; returns what they took.
double IslandStep::charge(double p_mw, double green_share) {
    double room_mw = 0;
    unstorable_mw_ = 0;
    for (const std::size_t k : rows_.storages) {
        const double limit_mw = charge_limit_mw(k);
        unstorable_mw_ += table_.storages.batteries.p_charge_max_mw[k] - limit_mw;
        room_mw += std::max(0.0, limit_mw + s_.storage_mw(k, t_)); // charging is negative
    }
    if (room_mw <= 0) {
        return 0;
    }
    const double share = std::min(1.0, p_mw / room_mw);
    double taken_mw = 0;
    for (const std::size_t k : rows_.storages) {
        const double limit_mw = charge_limit_mw(k);
        const double more_mw = share * std::max(0.0, limit_mw + s_.storage_mw(k, t_));
        s_.storage_mw(k, t_) -= more_mw;
        s_.storage_green_charge_mw(k, t_) += more_mw * green_share;
        taken_mw += more_mw;
    }
    return taken_mw;
}

void IslandStep::export_surplus() {
    for (const std::size_t k : rows_.ties) {
        const double p_mw = std::min(-residual_mw_, export_room_mw(k));
        if (p_mw > 0) {
            s_.tie_firm_mw(k, t_) -= p_mw;
            residual_mw_ += p_mw;
        }
    }
}

void IslandStep::curtail() {
    double used_mw = 0;
    for (const std::size_t k : rows_.variables) {
        used_mw += s_.variable_mw(k, t_);
    }
    const double curtailed_mw = std::min(-residual_mw_, used_mw);
    if (curtailed_mw <= tiny_mw) {
        return;
    }
    CurtailmentContext context;
    for (const std::size_t k : rows_.must_run) {
        context.minimum_output_mw += std::max(0.0, s_.must_run_mw(k, t_));
    }
    for (const std::size_t k : rows_.hydros) {
        context.minimum_output_mw += s_.hydro_mw(k, t_);
    }
    for (const std::size_t k : rows_.thermals) {
        context.minimum_output_mw += std::max(0.0, s_.thermal_mw(k, t_));
    }
    context.storage_full_mw = unstorable_mw_;
    for (const std::size_t k : rows_.ties) {
        if (table_.ties.export_max_mw[k] <= 0 || context.limit != LimitKind::none) {
            continue;
        }
        context.limit = LimitKind::tie;
        context.limit_row = k;
        for (const GroupShare& g : walk_.groups_of_tie[k]) {
            if (group_mw(g.group) <= -table_.groups.export_max_mw[g.group] + tiny_mw) {
                context.limit = LimitKind::group;
                context.limit_row = g.group;
            }
        }
    }
    write_curtailment(context, input_.dt_h, t_, rows_.variables, curtailed_mw, s_);
    residual_mw_ += curtailed_mw;
}

/// Last resort: must-run output above what anybody can take is reduced, water first.
void IslandStep::back_down() {
    const auto reduce = [&](double& p_mw, double floor_mw = 0) {
        const double less_mw = std::clamp(-residual_mw_, 0.0, std::max(0.0, p_mw - floor_mw));
        p_mw -= less_mw;
        residual_mw_ += less_mw;
        s_.backed_down_mw(island_, t_) += less_mw;
    };
    if (residual_mw_ >= -tiny_mw) {
        return;
    }
    for (const std::size_t k : rows_.hydros) {
        reduce(s_.hydro_mw(k, t_));
    }
    for (const std::size_t k : rows_.thermals) {
        reduce(s_.thermal_mw(k, t_), walk_.ramps.least_mw(k, s_.thermal_units_on(k, t_)));
    }
    for (const std::size_t k : rows_.must_run) {
        reduce(s_.must_run_mw(k, t_));
    }
    for (const std::size_t k : rows_.thermals) { // faster than they ramp: they trip
        reduce(s_.thermal_mw(k, t_));
        const double least_mw = table_.thermals.unit_p_min_mw[k];
        const double carried =
            least_mw > 0 ? std::ceil(s_.thermal_mw(k, t_) / least_mw - 1e-9) : 1.0;
        s_.thermal_units_on(k, t_) = std::min(s_.thermal_units_on(k, t_), carried);
    }
}

// 4. clean surplus of the external grids

double IslandStep::tie_mw(std::size_t tie) const {
    return s_.tie_surplus_mw(tie, t_) + s_.tie_firm_mw(tie, t_);
}

double IslandStep::group_mw(std::size_t group) const {
    double sum_mw = 0;
    for (std::size_t m = 0; m < table_.groups.ties[group].size(); ++m) {
        sum_mw += table_.groups.share[group][m] * tie_mw(table_.groups.ties[group][m]);
    }
    return sum_mw;
}

double IslandStep::import_room_mw(std::size_t tie) const {
    double room_mw = table_.ties.import_max_mw[tie] - tie_mw(tie);
    for (const GroupShare& g : walk_.groups_of_tie[tie]) {
        room_mw =
            std::min(room_mw, (table_.groups.import_max_mw[g.group] - group_mw(g.group)) / g.share);
    }
    return std::max(0.0, room_mw);
}

double IslandStep::export_room_mw(std::size_t tie) const {
    double room_mw = table_.ties.export_max_mw[tie] + tie_mw(tie);
    for (const GroupShare& g : walk_.groups_of_tie[tie]) {
        room_mw =
            std::min(room_mw, (table_.groups.export_max_mw[g.group] + group_mw(g.group)) / g.share);
    }
    return std::max(0.0, room_mw);
}

double IslandStep::surplus_room_mw(std::size_t tie) const {
    const double unused_mw = input_.tie_surplus_mw(tie, t_) - s_.tie_surplus_mw(tie, t_);
    return std::clamp(unused_mw, 0.0, import_room_mw(tie));
}

double IslandStep::firm_room_mw(std::size_t tie) const {
    const double unused_mw = table_.ties.firm_mw[tie] - std::max(0.0, s_.tie_firm_mw(tie, t_));
    return std::clamp(unused_mw, 0.0, import_room_mw(tie));
}

/// Imports surplus over ties of one price in proportion to their room; what a group held back is
/// offered to the others once more. Returns what came.
double IslandStep::import_surplus_of(const std::vector<std::size_t>& ties, double p_mw) {
    double room_mw = 0;
    for (const std::size_t k : ties) {
        room_mw += surplus_room_mw(k);
    }
    if (room_mw <= 0) {
        return 0;
    }
    const double share = std::min(1.0, p_mw / room_mw);
    std::vector<double> wanted_mw(ties.size());
    for (std::size_t m = 0; m < ties.size(); ++m) {
        wanted_mw[m] = share * surplus_room_mw(ties[m]);
    }
    double come_mw = 0;
    const auto bring = [&](std::size_t k, double more_mw) {
        more_mw = std::min(more_mw, surplus_room_mw(k));
        s_.tie_surplus_mw(k, t_) += more_mw;
        come_mw += more_mw;
    };
    for (std::size_t m = 0; m < ties.size(); ++m) {
        bring(ties[m], wanted_mw[m]);
    }
    for (const std::size_t k : ties) {
        bring(k, std::max(0.0, p_mw - come_mw));
    }
    if (come_mw > 0) {
        note_price(table_.ties.surplus_price_cny_per_mwh[ties.front()]);
    }
    return come_mw;
}

void IslandStep::import_surplus() {
    std::vector<std::size_t> equal;
    const std::vector<double>& price = table_.ties.surplus_price_cny_per_mwh;
    for (std::size_t m = 0; m < rows_.ties.size() && residual_mw_ > tiny_mw;) {
        equal.clear();
        const double class_price = price[rows_.ties[m]];
        for (; m < rows_.ties.size() && price[rows_.ties[m]] == class_price; ++m) {
            equal.push_back(rows_.ties[m]);
        }
        residual_mw_ -= import_surplus_of(equal, residual_mw_);
    }
}

// 5. storage on the residual

void IslandStep::charge_from_unused_surplus() {
    if (residual_mw_ > tiny_mw) {
        return;
    }
    for (const std::size_t k : rows_.ties) {
        if (s_.tie_firm_mw(k, t_) < 0) {
            continue; // a tie that exports brings nothing
        }
        const double offered_mw = surplus_room_mw(k);
        if (offered_mw <= tiny_mw) {
            continue;
        }
        const double taken_mw = charge(offered_mw, 1.0);
        s_.tie_surplus_mw(k, t_) += taken_mw;
        if (taken_mw > 0) {
            note_price(table_.ties.surplus_price_cny_per_mwh[k]);
        }
    }
}

void IslandStep::discharge() {
    if (residual_mw_ <= tiny_mw) {
        return;
    }
    const auto limit_mw = [&](std::size_t k) { return discharge_limit_mw(k); };
    double room_mw = 0;
    for (const std::size_t k : rows_.storages) {
        room_mw += limit_mw(k);
    }
    if (room_mw <= 0) {
        return;
    }
    const double share = std::min(1.0, residual_mw_ / room_mw);
    for (const std::size_t k : rows_.storages) {
        s_.storage_mw(k, t_) = share * limit_mw(k);
        residual_mw_ -= s_.storage_mw(k, t_);
    }
}

// 8. managed load, 9. unserved

void IslandStep::call_managed_load() {
    if (residual_mw_ <= tiny_mw) {
        return;
    }
    residual_mw_ -= walk_.managed.call(island_, t_, residual_mw_);
}

void IslandStep::leave_unserved() {
    if (residual_mw_ > tiny_mw) {
        s_.unserved_mw(island_, t_) = residual_mw_;
        note_price(table_.unserved_price_cny_per_mwh);
    }
}

void IslandStep::move_storages() {
    for (const std::size_t k : rows_.storages) {
        double& e_mwh = walk_.state.e_mwh[k];
        e_mwh =
            models::advance(table_.storages.batteries, k, e_mwh, s_.storage_mw(k, t_), input_.dt_h);
        s_.storage_e_mwh(k, t_) = e_mwh;
    }
}

} // namespace yuanwang::dispatch
