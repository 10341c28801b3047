#include "engine/accounts/tenant_books.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace yuanwang::engine {

namespace {

double sum_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

bool lies_in(double hour, double from_h, double to_h) {
    return from_h <= to_h ? hour >= from_h && hour < to_h : hour >= from_h || hour < to_h;
}

/// What a tenant asks for at a clock hour, of the power of his slice: −1 charge, 1 discharge.
double wish_at(const StorageTenants& tenants, std::size_t i, double hour) {
    if (tenants.charge_from_h[i] != tenants.charge_to_h[i] &&
        lies_in(hour, tenants.charge_from_h[i], tenants.charge_to_h[i])) {
        return -1.0;
    }
    if (tenants.discharge_from_h[i] != tenants.discharge_to_h[i] &&
        lies_in(hour, tenants.discharge_from_h[i], tenants.discharge_to_h[i])) {
        return 1.0;
    }
    return 0.0;
}

/// Adds `more_mw` (discharge positive) to the powers: first in proportion to `room_mw`, what is left by rounding to the
/// tenant with most of it.
void share_difference(double more_mw, const std::vector<double>& room_mw,
                      std::vector<double>& p_mw) {
    const double all_mw = sum_of(room_mw);
    if (all_mw <= 0) {
        const auto even = 1.0 / static_cast<double>(p_mw.size());
        for (double& p : p_mw) {
            p += more_mw * even;
        }
        return;
    }
    for (std::size_t i = 0; i < p_mw.size(); ++i) {
        p_mw[i] += more_mw * room_mw[i] / all_mw;
    }
}

} // namespace

TenantBooks::TenantBooks(const ResultAxes& axes)
    : axes_{axes}, accounts_(axes.of(Axis::tenant).size()) {}

std::vector<TenantBooks::Shared> TenantBooks::list_shared(const System& system) {
    std::vector<Shared> all;
    const StorageTenants& tenants = system.tenants;
    for (std::size_t k = 0; k < system.batteries.size(); ++k) {
        Shared shared;
        shared.storage = k;
        for (std::size_t i = 0; i < tenants.size(); ++i) {
            if (tenants.storage[i] == system.batteries.id[k]) {
                shared.tenants.push_back(i);
                shared.slices.power_share.push_back(tenants.power_share[i]);
                shared.slices.energy_share.push_back(tenants.energy_share[i]);
            }
        }
        if (!shared.tenants.empty()) {
            all.push_back(std::move(shared));
        }
    }
    return all;
}

/// New tenants get their slice of what is stored; all are scaled where the storage lost energy with its capacity.
void TenantBooks::open_accounts(const Shared& shared, const std::vector<std::uint32_t>& rows,
                                double e_storage_mwh) {
    double held_mwh = 0;
    bool is_new = false;
    for (const std::size_t i : shared.tenants) {
        is_new = is_new || !accounts_[rows[i]].open;
        held_mwh += accounts_[rows[i]].e_mwh;
    }
    for (std::size_t m = 0; m < shared.tenants.size(); ++m) {
        Account& account = accounts_[rows[shared.tenants[m]]];
        if (is_new) {
            account.e_mwh = shared.slices.energy_share[m] * e_storage_mwh;
            account.open = true;
        } else if (held_mwh > 0) {
            account.e_mwh *= e_storage_mwh / held_mwh;
        }
    }
}

void TenantBooks::record(const EpochModel& model, const TimeAxis& time, BlockData& data) {
    const auto& rows = model.axes.of(Axis::tenant);
    for (const Shared& shared : list_shared(*model.system)) {
        open_accounts(shared, rows, data.state_before.e_mwh[shared.storage]);
        for (std::size_t t = 0; t < data.result.steps.count; ++t) {
            move(model, shared, time, t, data);
        }
    }
}

void TenantBooks::move(const EpochModel& model, const Shared& shared, const TimeAxis& time,
                       std::size_t t, BlockData& data) {
    const auto& rows = model.axes.of(Axis::tenant);
    const std::size_t k = shared.storage;
    const models::Batteries& b = model.dispatch.rows.storages.batteries;
    const StorageTenants& terms = model.system->tenants;
    const double dt_h = time.dt_h();
    const double hour = time.middle(data.result.steps.first + t).hour;
    const std::size_t n = shared.tenants.size();
    std::vector<double> e_mwh(n);
    std::vector<double> wish_mw(n);
    std::vector<double> p_mw(n);
    for (std::size_t m = 0; m < n; ++m) {
        const std::size_t i = shared.tenants[m];
        e_mwh[m] = accounts_[rows[i]].e_mwh;
        const double wish = wish_at(terms, i, hour);
        wish_mw[m] = wish * shared.slices.power_share[m] *
                     (wish < 0 ? b.p_charge_max_mw[k] : b.p_discharge_max_mw[k]);
    }
    models::grant_wishes(b, k, shared.slices, e_mwh, wish_mw, dt_h, p_mw);

    const double p_storage_mw = data.schedule.storage_mw(k, t);
    const double more_mw = p_storage_mw - sum_of(p_mw);
    std::vector<double> room_mw(n);
    for (std::size_t m = 0; m < n; ++m) { // energy left in the direction of the difference
        const double slice_mwh = shared.slices.energy_share[m] * b.e_max_mwh[k];
        const double after_mwh = e_mwh[m] - std::max(0.0, p_mw[m]) * dt_h / b.eta_discharge[k] -
                                 std::min(0.0, p_mw[m]) * dt_h * b.eta_charge[k];
        room_mw[m] = std::max(0.0, more_mw > 0 ? after_mwh - b.soc_min[k] * slice_mwh
                                               : b.soc_max[k] * slice_mwh - after_mwh);
    }
    share_difference(more_mw, room_mw, p_mw);
    models::advance_tenants(b, k, p_mw, dt_h, e_mwh);

    const std::size_t island = model.dispatch.rows.storages.island[k];
    models::Settlement settled;
    models::StorageTariff tariff{.price_cny_per_mwh = data.schedule.price_cny_per_mwh(island, t),
                                 .rent_cny_per_mw_h = 0,
                                 .wear_cny_per_mwh = 0};
    double money_cny = 0;
    double energy_mwh = 0;
    double charge_mw = 0;
    double discharge_mw = 0;
    for (const double p : p_mw) {
        (p < 0 ? charge_mw : discharge_mw) += std::abs(p);
    }
    const double matched_mw = std::min(charge_mw, discharge_mw);
    models::settle(b, k, shared.slices, tariff, p_mw, dt_h, settled);
    for (std::size_t m = 0; m < n; ++m) {
        const std::size_t i = shared.tenants[m];
        Account& account = accounts_[rows[i]];
        account.e_mwh = e_mwh[m];
        account.charge_mwh += std::max(0.0, -p_mw[m]) * dt_h;
        account.discharge_mwh += std::max(0.0, p_mw[m]) * dt_h;
        const double side_mw = p_mw[m] < 0 ? charge_mw : discharge_mw;
        account.exchanged_mwh +=
            side_mw > 0 ? matched_mw * std::abs(p_mw[m]) / side_mw * dt_h : 0.0;
        const double fee_cny = terms.rent_cny_per_mw_h[i] * shared.slices.power_share[m] *
                                   b.p_discharge_max_mw[k] * dt_h +
                               terms.wear_cny_per_mwh[i] * std::abs(p_mw[m]) * dt_h;
        account.money_cny += settled.tenant_cny[m] - fee_cny;
        owner_cny_[model.system->batteries.id[k]] += fee_cny;
        money_cny += settled.tenant_cny[m];
        energy_mwh += e_mwh[m];
        data.result.tenant_p_mw(rows[i], t) = p_mw[m];
        data.result.tenant_e_mwh(rows[i], t) = e_mwh[m];
    }
    grid_cny_ += settled.grid_cny;
    power_gap_mw_ = std::max(power_gap_mw_, std::abs(sum_of(p_mw) - p_storage_mw));
    energy_gap_mwh_ =
        std::max(energy_gap_mwh_, std::abs(energy_mwh - data.schedule.storage_e_mwh(k, t)));
    money_gap_cny_ = std::max(money_gap_cny_, std::abs(money_cny + settled.grid_cny));
}

void TenantBooks::finish(Summary& summary) const {
    if (accounts_.empty()) {
        return;
    }
    double sum_cny = grid_cny_;
    for (const auto& [storage, cny] : owner_cny_) {
        summary.devices["storage"][storage]["owner_income_cny"] = cny;
        sum_cny += cny;
    }
    const auto& entries = axes_.of(Axis::tenant);
    for (std::size_t i = 0; i < accounts_.size(); ++i) {
        const Account& account = accounts_[i];
        std::map<std::string, double>& facts = summary.devices["storage_tenant"][entries[i].id];
        facts["e_share_mwh"] = entries[i].rating;
        facts["charge_mwh"] = account.charge_mwh;
        facts["discharge_mwh"] = account.discharge_mwh;
        facts["exchanged_mwh"] = account.exchanged_mwh;
        facts["income_cny"] = account.money_cny;
        sum_cny += account.money_cny;
    }
    summary.balance["tenant_power_gap_mw"] = power_gap_mw_;
    summary.balance["tenant_energy_gap_mwh"] = energy_gap_mwh_;
    summary.balance["tenant_settlement_cny"] = sum_cny;
}

} // namespace yuanwang::engine
