#include "dispatch/plan/joint_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "dispatch/rules/rules.hpp"

namespace yuanwang::dispatch {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double any_debt = 1e9; ///< of an account that is not there

/// Joint rows of the names of every epoch; a name that is new gets the next row.
std::vector<std::vector<std::size_t>> match(std::span<const RowNames> names,
                                            std::vector<std::string> RowNames::*family,
                                            std::vector<std::size_t>& count) {
    std::vector<std::string> all;
    std::vector<std::vector<std::size_t>> rows;
    for (const RowNames& epoch : names) {
        std::vector<std::size_t>& at = rows.emplace_back();
        for (const std::string& name : epoch.*family) {
            const auto found = std::ranges::find(all, name);
            at.push_back(static_cast<std::size_t>(found - all.begin()));
            if (found == all.end()) {
                all.push_back(name);
                count.push_back(0);
            }
            ++count[at.back()];
        }
    }
    return rows;
}

/// Rows of a column to their joint rows; `empty` where nothing stands yet.
template <class T>
void spread(const std::vector<T>& own, const std::vector<std::size_t>& at, std::size_t n, T empty,
            std::vector<T>& joint) {
    if (own.empty() && !at.empty()) {
        return; // an optional column this epoch does not have
    }
    joint.resize(n, empty);
    for (std::size_t k = 0; k < at.size(); ++k) {
        joint[at[k]] = own[k];
    }
}

Series spread(const Series& own, const std::vector<std::size_t>& at, std::size_t n,
              std::size_t n_step, double empty) {
    Series joint;
    if (own.empty() && !at.empty()) {
        return joint;
    }
    joint.reshape(n, n_step, empty);
    for (std::size_t t = 0; t < n_step; ++t) {
        for (std::size_t k = 0; k < at.size(); ++k) {
            joint(at[k], t) = own(k, t);
        }
    }
    return joint;
}

std::vector<std::size_t> map_rows(const std::vector<std::size_t>& own,
                                  const std::vector<std::size_t>& to) {
    std::vector<std::size_t> joint;
    for (const std::size_t row : own) {
        joint.push_back(to[row]);
    }
    return joint;
}

/// Every column of a battery.
constexpr auto battery_columns = [] {
    using B = models::Batteries;
    return std::array{&B::p_charge_max_mw,
                      &B::p_discharge_max_mw,
                      &B::e_max_mwh,
                      &B::soc_min,
                      &B::soc_max,
                      &B::soc_initial,
                      &B::eta_charge,
                      &B::eta_discharge,
                      &B::self_discharge_per_h,
                      &B::charge_taper_soc,
                      &B::discharge_taper_soc,
                      &B::taper_floor};
}();

/// Keeps the first n rows.
void cut(Series& series, std::size_t n) {
    if (series.n_element() <= n) {
        return;
    }
    Series own(n, series.n_step());
    for (std::size_t t = 0; t < series.n_step(); ++t) {
        std::copy_n(series.step(t).begin(), n, own.step(t).begin());
    }
    series = std::move(own);
}

/// Power of the storages that are there; of others none.
void limit_storages(const std::vector<std::size_t>& at, const Series& own_mw,
                    const std::vector<double>& constant_mw, std::size_t n_step, Series& joint_mw) {
    joint_mw.reshape(constant_mw.size(), n_step, 0.0);
    for (std::size_t t = 0; t < n_step; ++t) {
        for (std::size_t s = 0; s < at.size(); ++s) {
            joint_mw(at[s], t) = own_mw.empty() ? constant_mw[at[s]] : own_mw(s, t);
        }
    }
}

} // namespace

JointTable::JointTable(std::span<const Table* const> tables, std::span<const RowNames> names)
    : first_{*tables.front()} {
    number_rows(names);
    for (std::size_t e = tables.size(); e-- > 0;) { // what the first has stands last written
        join_structure(*tables[e], rows_[e]);
    }
    for (std::size_t k = 0; k < structure_.thermals.ramp_mw_per_h.size(); ++k) {
        if (count_.thermals[k] < tables.size()) {
            structure_.thermals.ramp_mw_per_h[k] = infinity;
        }
    }
    for (std::size_t e = 0; e < tables.size(); ++e) {
        tables_.push_back(structure_);
        write_numbers(*tables[e], rows_[e], tables_.back());
    }
    leaves_.assign(structure_.storages.size(), true);
    for (const std::size_t row : rows_.back().storages) {
        leaves_[row] = false;
    }
    list_places(tables);
}

void JointTable::number_rows(std::span<const RowNames> names) {
    rows_.resize(names.size());
    const auto number = [&](std::vector<std::string> RowNames::*family,
                            std::vector<std::size_t> Rows::*rows) {
        const auto matched = match(names, family, count_.*rows);
        for (std::size_t e = 0; e < names.size(); ++e) {
            rows_[e].*rows = matched[e];
        }
    };
    number(&RowNames::islands, &Rows::islands);
    number(&RowNames::must_run, &Rows::must_run);
    number(&RowNames::variables, &Rows::variables);
    number(&RowNames::hydros, &Rows::hydros);
    number(&RowNames::thermals, &Rows::thermals);
    number(&RowNames::ties, &Rows::ties);
    number(&RowNames::groups, &Rows::groups);
    number(&RowNames::storages, &Rows::storages);
    number(&RowNames::flexibles, &Rows::flexibles);
    number(&RowNames::accounts, &Rows::accounts);
}

/// Everything of an epoch's rows, as it is there.
void JointTable::join_structure(const Table& own, const Rows& at) {
    Table& joint = structure_;
    joint.n_island = count_.islands.size();
    joint.managed = own.managed;
    joint.managed.island = map_rows(own.managed.island, at.islands);
    joint.unserved_price_cny_per_mwh = own.unserved_price_cny_per_mwh;
    const auto stand = [&](const auto& family, const std::vector<std::size_t>& rows, std::size_t n,
                           std::vector<std::size_t>& island) {
        spread(map_rows(family.island, at.islands), rows, n, std::size_t{0}, island);
    };
    stand(own.must_run, at.must_run, count_.must_run.size(), joint.must_run.island);
    stand(own.variables, at.variables, count_.variables.size(), joint.variables.island);
    stand(own.hydros, at.hydros, count_.hydros.size(), joint.hydros.island);
    stand(own.thermals, at.thermals, count_.thermals.size(), joint.thermals.island);
    stand(own.ties, at.ties, count_.ties.size(), joint.ties.island);
    stand(own.storages, at.storages, count_.storages.size(), joint.storages.island);
    stand(own.flexibles, at.flexibles, count_.flexibles.size(), joint.flexibles.island);
    spread(own.accounts.keep, at.accounts, count_.accounts.size(), 1.0, joint.accounts.keep);
    spread(own.accounts.deadline_steps, at.accounts, count_.accounts.size(), std::size_t{0},
           joint.accounts.deadline_steps);
    joint.accounts.rows.resize(count_.accounts.size());
    for (std::size_t a = 0; a < at.accounts.size(); ++a) {
        auto& rows = joint.accounts.rows[at.accounts[a]];
        rows = map_rows(own.accounts.rows[a], at.flexibles);
    }
    joint.groups.ties.resize(count_.groups.size());
    joint.groups.share.resize(count_.groups.size());
    joint.groups.import_max_mw.resize(count_.groups.size());
    joint.groups.export_max_mw.resize(count_.groups.size());
    for (std::size_t g = 0; g < at.groups.size(); ++g) {
        joint.groups.ties[at.groups[g]] = map_rows(own.groups.ties[g], at.ties);
        joint.groups.share[at.groups[g]] = own.groups.share[g];
    }
    write_numbers(own, at, joint);
}

/// Numbers of an epoch's rows; every other row has no room.
void JointTable::write_numbers(const Table& own, const Rows& at, Table& joint) const {
    spread(own.variables.station_limit_mw, at.variables, count_.variables.size(), infinity,
           joint.variables.station_limit_mw);

    const std::size_t n_thermal = count_.thermals.size();
    std::ranges::fill(joint.thermals.units, 0);
    const auto thermal = [&](auto column, auto empty) {
        spread(own.thermals.*column, at.thermals, n_thermal, empty, joint.thermals.*column);
    };
    thermal(&Thermals::unit_p_max_mw, 0.0);
    thermal(&Thermals::unit_p_min_mw, 0.0);
    thermal(&Thermals::units, 0);
    thermal(&Thermals::chp, false);
    thermal(&Thermals::counts_as_thermal, false);
    thermal(&Thermals::price_cny_per_mwh, 0.0);
    thermal(&Thermals::start_cost_cny, 0.0);
    thermal(&Thermals::idle_cost_cny_per_h, 0.0);
    thermal(&Thermals::min_up_h, 0.0);
    thermal(&Thermals::least_units, 0);
    for (auto column : {&Thermals::start_up_limit_mw, &Thermals::shut_down_limit_mw}) {
        thermal(column, 0.0);
    }
    thermal(&Thermals::min_down_h, 0.0);
    if (&joint == &structure_) { // what ramps is the same in every epoch
        thermal(&Thermals::ramp_mw_per_h, infinity);
    }

    for (auto* column :
         {&joint.ties.import_max_mw, &joint.ties.export_max_mw, &joint.ties.firm_mw}) {
        std::ranges::fill(*column, 0.0);
    }
    for (const auto column : {&Ties::import_max_mw, &Ties::export_max_mw, &Ties::firm_mw,
                              &Ties::surplus_price_cny_per_mwh, &Ties::firm_price_cny_per_mwh}) {
        spread(own.ties.*column, at.ties, count_.ties.size(), 0.0, joint.ties.*column);
    }

    for (auto* column : {&joint.groups.import_max_mw, &joint.groups.export_max_mw}) {
        std::ranges::fill(*column, infinity);
    }
    for (std::size_t g = 0; g < at.groups.size(); ++g) {
        joint.groups.import_max_mw[at.groups[g]] = own.groups.import_max_mw[g];
        joint.groups.export_max_mw[at.groups[g]] = own.groups.export_max_mw[g];
    }

    models::Batteries& batteries = joint.storages.batteries;
    std::ranges::fill(batteries.soc_min, 0.0);
    for (const auto column : battery_columns) {
        spread(own.storages.batteries.*column, at.storages, count_.storages.size(), 0.0,
               batteries.*column);
    }
    joint.managed.p_mw = own.managed.p_mw;
}

void JointTable::list_places(std::span<const Table* const> tables) {
    const Places to = number_places(structure_);
    for (std::size_t e = 0; e < tables.size(); ++e) {
        const Rows& at = rows_[e];
        std::vector<std::size_t>& places = places_.emplace_back();
        const auto add = [&](const std::vector<std::size_t>& rows, std::size_t first) {
            for (const std::size_t row : rows) {
                places.push_back(first + row);
            }
        };
        add(at.must_run, to.must_run); // in the order of Places
        add(at.variables, to.variable);
        add(at.hydros, to.hydro);
        add(at.thermals, to.thermal);
        add(at.ties, to.tie);
        add(at.storages, to.storage);
        add(at.flexibles, to.flexible);
        add(at.islands, to.island);
    }
}

BlockInput JointTable::join(std::size_t epoch, const BlockInput& own) const {
    const Rows& at = rows_[epoch];
    BlockInput joint = own; // clock, thermal minimum, season
    const auto put = [&](Series BlockInput::*column, const std::vector<std::size_t>& rows,
                         const std::vector<std::size_t>& all, double empty = 0) {
        joint.*column = spread(own.*column, rows, all.size(), own.n_step, empty);
    };
    for (const auto column : {&BlockInput::demand_mw, &BlockInput::loss_mw}) {
        put(column, at.islands, count_.islands);
    }
    put(&BlockInput::must_run_mw, at.must_run, count_.must_run);
    put(&BlockInput::variable_mw, at.variables, count_.variables);
    for (const auto column :
         {&BlockInput::tie_surplus_mw, &BlockInput::tie_surplus_price_cny_per_mwh,
          &BlockInput::tie_firm_price_cny_per_mwh}) {
        put(column, at.ties, count_.ties);
    }
    for (const auto column :
         {&BlockInput::hydro_energy_mwh, &BlockInput::hydro_base_mw, &BlockInput::hydro_max_mw}) {
        (joint.*column).clear();
        spread(own.*column, at.hydros, count_.hydros.size(), 0.0, joint.*column);
    }
    for (const auto column : {&BlockInput::thermal_min_mw, &BlockInput::thermal_max_mw}) {
        put(column, at.thermals, count_.thermals);
    }
    const models::Batteries& batteries = tables_[epoch].storages.batteries;
    limit_storages(at.storages, own.storage_charge_max_mw, batteries.p_charge_max_mw, own.n_step,
                   joint.storage_charge_max_mw);
    limit_storages(at.storages, own.storage_discharge_max_mw, batteries.p_discharge_max_mw,
                   own.n_step, joint.storage_discharge_max_mw);
    for (const auto column : {&BlockInput::flexible_base_mw, &BlockInput::flexible_min_mw,
                              &BlockInput::flexible_max_mw, &BlockInput::flexible_weight}) {
        put(column, at.flexibles, count_.flexibles);
    }
    put(&BlockInput::account_min, at.accounts, count_.accounts, -any_debt);
    put(&BlockInput::account_max, at.accounts, count_.accounts, any_debt);
    return joint;
}

State JointTable::join(const State& own, std::size_t n_step, double dt_h) const {
    State joint = own;
    const models::Batteries& b = structure_.storages.batteries;
    const std::size_t n_own = own.e_mwh.size();
    joint.storage_value_cny_per_mwh.resize(n_own, std::numeric_limits<double>::quiet_NaN());
    for (std::size_t s = n_own; s < b.size(); ++s) {
        const double left = std::pow(1 - b.self_discharge_per_h[s] * dt_h, n_step);
        joint.e_mwh.push_back(b.soc_initial[s] * b.e_max_mwh[s] / left); // full in time
        joint.storage_value_cny_per_mwh.push_back(std::numeric_limits<double>::quiet_NaN());
    }
    for (std::size_t s = 0; s < b.size(); ++s) {
        if (leaves_[s]) {
            joint.storage_value_cny_per_mwh[s] = 0;
        }
    }
    if (!joint.thermal_mw.empty()) {
        joint.thermal_mw.resize(count_.thermals.size(), std::numeric_limits<double>::quiet_NaN());
    }
    if (joint.units_before.n_step() > 0) {
        joint.units_before = spread(own.units_before, rows_.front().thermals,
                                    count_.thermals.size(), own.units_before.n_step(), 0);
    }
    joint.account.resize(count_.accounts.size(), 0.0);
    return joint;
}

void JointTable::part(const State& joint, State& own) const {
    const auto first = [](const std::vector<double>& from, std::size_t n, std::vector<double>& to) {
        to.assign(from.begin(),
                  from.begin() + static_cast<std::ptrdiff_t>(std::min(n, from.size())));
    };
    first(joint.e_mwh, first_.storages.size(), own.e_mwh);
    first(joint.storage_value_cny_per_mwh, first_.storages.size(), own.storage_value_cny_per_mwh);
    first(joint.thermal_mw, first_.thermals.size(), own.thermal_mw);
    first(joint.account, first_.accounts.size(), own.account);
    own.units_before = joint.units_before;
    cut(own.units_before, first_.thermals.size());
    own.managed = joint.managed;
}

void JointTable::part(const Schedule& joint, Schedule& own) const {
    own = joint;
    cut(own.must_run_mw, first_.must_run.size());
    cut(own.variable_mw, first_.variables.size());
    cut(own.curtailed_mw, first_.variables.size());
    cut(own.hydro_mw, first_.hydros.size());
    cut(own.thermal_mw, first_.thermals.size());
    cut(own.thermal_units_on, first_.thermals.size());
    cut(own.tie_surplus_mw, first_.ties.size());
    cut(own.tie_firm_mw, first_.ties.size());
    cut(own.storage_mw, first_.storages.size());
    cut(own.storage_e_mwh, first_.storages.size());
    cut(own.storage_green_charge_mw, first_.storages.size());
    cut(own.flexible_shift_mw, first_.flexibles.size());
    cut(own.account, first_.accounts.size());
    cut(own.unserved_mw, first_.n_island);
    cut(own.price_cny_per_mwh, first_.n_island);
    cut(own.backed_down_mw, first_.n_island);
}

void JointTable::part(PlanOutcome& outcome) const {
    const Series joint = std::move(outcome.price_cny_per_mwh);
    outcome.price_cny_per_mwh.reshape(places_.front().size(), joint.n_step());
    for (std::size_t t = 0; t < joint.n_step(); ++t) {
        for (std::size_t place = 0; place < places_.front().size(); ++place) {
            outcome.price_cny_per_mwh(place, t) = joint(places_.front()[place], t);
        }
    }
    cut(outcome.loss_mw, first_.n_island);
    cut(outcome.group_value, first_.groups.size());
    cut(outcome.storage_value_cny_per_mwh, first_.storages.size());
}

} // namespace yuanwang::dispatch
