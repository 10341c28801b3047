#include "engine/accounts/flexible_books.hpp"

#include <algorithm>
#include <cmath>

#include "engine/epoch/flexible_loads.hpp"

namespace yuanwang::engine {

void FlexibleBooks::record(const EpochModel& model, double dt_h, BlockData& data,
                           dispatch::State& state) {
    add_centers(model, dt_h, data);
    const FlexibleRows& rows = model.dispatch.flexible;
    const Loads& loads = model.system->loads;
    if (data.schedule.flexible_shift_mw.empty()) {
        return;
    }
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const std::size_t k = rows.element[r];
        switch (rows.kind[r]) {
        case FlexibleKind::jobs:
            add_jobs(model, r, dt_h, data);
            break;
        case FlexibleKind::potline:
            add_potline(model, r, dt_h, data, state);
            break;
        case FlexibleKind::heating:
            add_store(r, rows.account[r], dt_h, data, rooms_[loads.heating.id[k]]);
            break;
        case FlexibleKind::sewage:
            add_store(r, rows.account[r], dt_h, data, basins_[loads.sewage.id[k]]);
            break;
        case FlexibleKind::works:
            add_store(r, rows.account[r], dt_h, data, stocks_[loads.works.id[k]]);
            break;
        }
    }
    double waiting_mwh = 0;
    double arrived_mwh = 0;
    double gone_mwh = 0; // done or lost
    for (std::size_t a = 0; a < model.dispatch.rows.accounts.size(); ++a) {
        const auto& members = model.dispatch.rows.accounts.rows[a];
        if (!members.empty() && rows.kind[members.front()] == FlexibleKind::jobs) {
            waiting_mwh -= data.schedule.account(a, data.result.steps.count - 1);
            serve_queue(model, a, dt_h, data);
        }
    }
    for (const auto& [id, center] : centers_) {
        arrived_mwh += center.arrived_mwh;
        gone_mwh += center.done_mwh + center.lost_mwh;
    }
    work_gap_mwh_ = std::max(work_gap_mwh_, std::abs(arrived_mwh - gone_mwh - waiting_mwh));
}

void FlexibleBooks::enter(const EpochModel& model, dispatch::State& state) {
    const FlexibleRows& rows = model.dispatch.flexible;
    const Loads& loads = model.system->loads;
    state.account.assign(model.dispatch.rows.accounts.size(), 0.0);
    queues_.assign(model.dispatch.rows.accounts.size(), {});
    const auto find = [](const auto& stores, const std::string& id, auto value) {
        const auto it = stores.find(id);
        return it == stores.end() ? 0.0 : value(it->second);
    };
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const std::size_t k = rows.element[r];
        double& x = state.account[rows.account[r]];
        const auto last = [](const Store& store) { return store.last; };
        switch (rows.kind[r]) {
        case FlexibleKind::jobs:
            break; // all of it is done when an epoch ends
        case FlexibleKind::potline:
            x = find(baths_, loads.potlines.id[k], [](const Bath& bath) { return bath.bath_k; });
            break;
        case FlexibleKind::heating:
            x = find(rooms_, loads.heating.id[k], last);
            break;
        case FlexibleKind::sewage:
            x = find(basins_, loads.sewage.id[k], last);
            break;
        case FlexibleKind::works:
            x = find(stocks_, loads.works.id[k], last);
            break;
        }
    }
}

void FlexibleBooks::add_centers(const EpochModel& model, double dt_h, const BlockData& data) {
    const DataCenterFleet& fleet = model.system->loads.data_centers;
    const models::DataCenterHours& hours = data.demand.centers;
    const std::size_t first = find_first_center(model.system->loads);
    for (std::size_t k = 0; k < fleet.size(); ++k) {
        Center& center = centers_[fleet.id[k]];
        for (std::size_t t = 0; t < data.result.steps.count; ++t) {
            const double served = served_share(data.demand, data.cuts, first + k, t);
            center.it_mwh += served * hours.it_mw(k, t) * dt_h;
            center.p_mwh += served * hours.p_mw(k, t) * dt_h;
            center.hours += dt_h;
            center.free_hours += hours.free_cooling(k, t) * dt_h;
        }
    }
}

void FlexibleBooks::add_jobs(const EpochModel& model, std::size_t row, double dt_h,
                             const BlockData& data) {
    const FlexibleRows& rows = model.dispatch.flexible;
    const std::size_t k = rows.element[row];
    Center& center = centers_[model.system->loads.data_centers.id[k]];
    center.waits = true;
    for (std::size_t t = 0; t < data.result.steps.count; ++t) {
        const double shift_mw = data.schedule.flexible_shift_mw(row, t);
        const double arrival_mwh = data.demand.jobs.arrival_mwh(k, t);
        const double moved_it_mwh = shift_mw * data.demand.jobs.it_per_grid(k, t) * dt_h;
        const double served = served_share(data.demand, data.cuts, rows.load[row], t);
        center.arrived_mwh += arrival_mwh;
        center.done_mwh += served * (arrival_mwh + moved_it_mwh);
        center.lost_mwh += (1.0 - served) * (arrival_mwh + moved_it_mwh);
        center.it_mwh += served * moved_it_mwh;
        center.p_mwh += served * shift_mw * dt_h;
        center.moved_mwh += std::max(0.0, shift_mw) * dt_h;
    }
}

void FlexibleBooks::serve_queue(const EpochModel& model, std::size_t account, double dt_h,
                                const BlockData& data) {
    constexpr double least_mwh = 1e-9; ///< rounding of what is left of a job
    const FlexibleRows& rows = model.dispatch.flexible;
    const dispatch::Accounts& accounts = model.dispatch.rows.accounts;
    std::deque<Queue::Job>& jobs = queues_[account].jobs;
    double wait_max_h = 0;
    for (std::size_t t = 0; t < data.result.steps.count; ++t) {
        const std::size_t now = data.result.steps.first + t;
        double arrived_mwh = 0;
        double taken_mwh = 0; // done or lost
        double done_mwh = 0;
        for (const std::size_t r : accounts.rows[account]) {
            const double arrival_mwh = data.demand.jobs.arrival_mwh(rows.element[r], t);
            const double planned_mwh =
                arrival_mwh + data.schedule.flexible_shift_mw(r, t) * dt_h *
                                  data.demand.jobs.it_per_grid(rows.element[r], t);
            arrived_mwh += arrival_mwh;
            taken_mwh += planned_mwh;
            done_mwh += planned_mwh * served_share(data.demand, data.cuts, rows.load[r], t);
        }
        const double done_share = taken_mwh > 0 ? std::min(1.0, done_mwh / taken_mwh) : 1.0;
        jobs.push_back({now, arrived_mwh});
        while (!jobs.empty() && (taken_mwh > least_mwh || jobs.front().mwh <= least_mwh)) {
            const double served_mwh = std::min(taken_mwh, jobs.front().mwh);
            const std::size_t waited = now - jobs.front().step;
            if (done_share * served_mwh > least_mwh) {
                wait_max_h = std::max(wait_max_h, static_cast<double>(waited) * dt_h);
                work_late_mwh_ +=
                    waited > accounts.deadline_steps[account] ? done_share * served_mwh : 0.0;
            }
            taken_mwh -= served_mwh;
            jobs.front().mwh -= served_mwh;
            if (jobs.front().mwh <= least_mwh) {
                jobs.pop_front();
            }
        }
    }
    for (const std::size_t r : accounts.rows[account]) {
        Center& center = centers_[model.system->loads.data_centers.id[rows.element[r]]];
        center.wait_max_h = std::max(center.wait_max_h, wait_max_h);
    }
}

void FlexibleBooks::add_potline(const EpochModel& model, std::size_t row, double dt_h,
                                const BlockData& data, dispatch::State& state) {
    const FlexibleRows& rows = model.dispatch.flexible;
    const std::size_t k = rows.element[row];
    const models::PotlineCells& cells = rows.cells;
    const double ac = models::potline_ac_per_dc(model.system->loads.potlines.lines, k);
    Bath& bath = baths_[model.system->loads.potlines.id[k]];
    for (std::size_t t = 0; t < data.result.steps.count; ++t) {
        const double shift_mw = data.schedule.flexible_shift_mw(row, t);
        const double base_mw = data.dispatch_input.flexible_base_mw(row, t);
        const double served = served_share(data.demand, data.cuts, rows.load[row], t);
        const double drawn_mw = served * (base_mw + shift_mw);
        const double current_ka = drawn_mw == base_mw
                                      ? cells.current_ka[k]
                                      : models::current_at_power_ka(cells, k, drawn_mw / ac);
        bath.bath_k = models::advance_bath_k(cells, k, bath.bath_k, current_ka, dt_h);
        bath.min_k = std::min(bath.min_k, bath.bath_k);
        bath.max_k = std::max(bath.max_k, bath.bath_k);
        bath.made_t += models::metal_t_per_h(cells, k, current_ka) * dt_h;
        bath.nominal_t += models::metal_t_per_h(cells, k, cells.current_ka[k]) * dt_h;
        bath.energy_mwh += drawn_mw * dt_h;
        bath.moved_mwh += std::max(0.0, shift_mw) * dt_h;
    }
    if (rows.account[row] < state.account.size()) {
        state.account[rows.account[row]] = bath.bath_k;
    }
}

void FlexibleBooks::add_store(std::size_t row, std::size_t account, double dt_h,
                              const BlockData& data, Store& store) {
    for (std::size_t t = 0; t < data.result.steps.count; ++t) {
        const double x = data.schedule.account(account, t);
        const double shift_mw = data.schedule.flexible_shift_mw(row, t);
        store.min = std::min(store.min, x);
        store.max = std::max(store.max, x);
        store.moved_mwh += std::max(0.0, shift_mw) * dt_h;
        store.net_mwh += shift_mw * dt_h;
        store.last = x;
    }
}

void FlexibleBooks::finish(Summary& summary) const {
    for (const auto& [id, bath] : baths_) {
        auto& facts = summary.devices["potline"][id];
        facts["bath_min_k"] = bath.min_k;
        facts["bath_max_k"] = bath.max_k;
        facts["made_t"] = bath.made_t;
        facts["nominal_t"] = bath.nominal_t;
        facts["ac_kwh_per_t"] = bath.made_t > 0 ? 1000.0 * bath.energy_mwh / bath.made_t : 0.0;
        facts["moved_mwh"] = bath.moved_mwh;
    }
    double it_mwh = 0;
    double free_hours = 0;
    double hours = 0;
    for (const auto& [id, center] : centers_) {
        auto& facts = summary.devices["data_center"][id];
        facts["it_mwh"] = center.it_mwh;
        facts["p_mwh"] = center.p_mwh;
        facts["pue"] = center.it_mwh > 0 ? center.p_mwh / center.it_mwh : 1.0;
        facts["free_cooling_share"] = center.hours > 0 ? center.free_hours / center.hours : 0.0;
        if (center.waits) {
            facts["work_arrived_mwh"] = center.arrived_mwh;
            facts["work_done_mwh"] = center.done_mwh;
            facts["work_lost_mwh"] = center.lost_mwh;
            facts["moved_mwh"] = center.moved_mwh;
            facts["work_wait_max_h"] = center.wait_max_h;
        }
        it_mwh += center.it_mwh;
        free_hours += center.free_hours;
        hours += center.hours;
    }
    if (hours > 0) {
        summary.indicators["free_cooling_share"] = free_hours / hours;
        summary.balance["data_center_work_gap_mwh"] = work_gap_mwh_;
        summary.balance["data_center_work_late_mwh"] = work_late_mwh_;
    }
    const auto write = [&](const char* family, const std::map<std::string, Store>& stores,
                           const char* low, const char* high) {
        for (const auto& [id, store] : stores) {
            auto& facts = summary.devices[family][id];
            facts[low] = store.min;
            facts[high] = store.max;
            facts["moved_mwh"] = store.moved_mwh;
            facts["net_mwh"] = store.net_mwh;
        }
    };
    write("heating", rooms_, "room_min_k", "room_max_k");
    write("sewage", basins_, "basin_min_mwh", "basin_max_mwh");
    write("works", stocks_, "stock_min_mwh", "stock_max_mwh");
}

} // namespace yuanwang::engine
