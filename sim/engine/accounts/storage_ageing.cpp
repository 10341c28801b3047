#include "engine/accounts/storage_ageing.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "models/storage/rainflow.hpp"

namespace yuanwang::engine {

namespace {

constexpr double interval_h = 28 * 24.0;
constexpr double indoor_c = 20.0; ///< cells of a storage that does not feel the weather

double count_full_cycles(std::span<const double> soc) {
    double sum = 0;
    for (const models::RainflowCycle& cycle : models::count_rainflow(soc)) {
        sum += cycle.count * cycle.range;
    }
    return sum;
}

} // namespace

StorageAgeing::StorageAgeing(const ResultAxes& axes, double dt_h)
    : axes_{axes}, dt_h_{dt_h}, lives_(axes.of(Axis::storage).size()) {}

void StorageAgeing::apply(const BatteryFleet& fleet, const AxisMap& axes, dispatch::Storages& rows,
                          dispatch::State& state) {
    const auto& row = axes.of(Axis::storage);
    for (std::size_t k = 0; k < fleet.size(); ++k) {
        Life& life = lives_[row[k]];
        const double e_max_mwh = fleet.batteries.e_max_mwh[k] * life.capacity_share;
        rows.batteries.e_max_mwh[k] = e_max_mwh;
        const double top_mwh = fleet.batteries.soc_max[k] * e_max_mwh;
        if (state.e_mwh[k] > top_mwh) {
            life.faded_mwh += state.e_mwh[k] - top_mwh;
            state.e_mwh[k] = top_mwh;
        }
    }
}

void StorageAgeing::record(const BatteryFleet& fleet, const AxisMap& axes, BlockData& data) {
    const auto& row = axes.of(Axis::storage);
    const models::ContainerHours& weather = data.demand.containers;
    const dispatch::Schedule& s = data.schedule;
    for (std::size_t k = 0; k < fleet.size(); ++k) {
        Life& life = lives_[row[k]];
        life.law = fleet.ageing_law.empty() ? AgeingLaw::none : fleet.ageing_law[k];
        const double e_max_mwh = fleet.batteries.e_max_mwh[k] * life.capacity_share;
        for (std::size_t t = 0; t < data.result.steps.count; ++t) {
            const double before_mwh =
                t == 0 ? data.state_before.e_mwh[k] : s.storage_e_mwh(k, t - 1);
            const double e_mwh = s.storage_e_mwh(k, t);
            const double p_mw = s.storage_mw(k, t);
            const double cell_c = weather.cell_c.empty() ? indoor_c : weather.cell_c(k, t);
            if (life.soc.empty()) {
                life.soc.push_back(before_mwh / e_max_mwh);
                life.cell_c.push_back(cell_c);
            }
            life.soc.push_back(e_mwh / e_max_mwh);
            life.cell_c.push_back(cell_c);
            life.hours += dt_h_;
            life.soc_sum += life.soc.back();
            life.cell_sum_c += cell_c;
            life.cell_min_c = std::min(life.cell_min_c, cell_c);
            life.charge_mwh += std::max(0.0, -p_mw) * dt_h_;
            life.discharge_mwh += std::max(0.0, p_mw) * dt_h_;
            life.loss_mwh += before_mwh - e_mwh - p_mw * dt_h_;
            if (!weather.cell_c.empty()) {
                life.auxiliary_mwh += weather.auxiliary_mw(k, t) * dt_h_;
                life.cold_hours += weather.charge_share(k, t) < 1.0 ? dt_h_ : 0.0;
            }
            data.result.storage_capacity_share(row[k], t) = life.capacity_share;
        }
        if (static_cast<double>(life.soc.size() - 1) * dt_h_ >= interval_h - 1e-9) {
            age(life);
        }
    }
}

void StorageAgeing::age(Life& life) const {
    if (life.soc.size() < 2) {
        return;
    }
    const models::SocHistory history{life.soc, life.cell_c, dt_h_};
    life.full_cycles += count_full_cycles(life.soc);
    switch (life.law) {
    case AgeingLaw::none:
        break;
    case AgeingLaw::lfp:
        life.lfp = models::advance(models::LfpAgeing{}, life.lfp, history);
        life.capacity_share = std::max(0.0, models::capacity_left(life.lfp));
        break;
    case AgeingLaw::xu: {
        const models::XuAgeing cell;
        life.xu_cycle += models::cycle_damage(cell, history);
        life.xu_calendar += models::calendar_damage(cell, history);
        life.capacity_share = models::capacity_left(cell, life.xu_cycle + life.xu_calendar);
        break;
    }
    }
    life.soc.clear();
    life.cell_c.clear();
}

void StorageAgeing::finish(Summary& summary) {
    const auto& entries = axes_.of(Axis::storage);
    for (std::size_t k = 0; k < lives_.size(); ++k) {
        Life& life = lives_[k];
        age(life);
        if (life.hours <= 0) {
            continue;
        }
        const double steps = life.hours / dt_h_;
        std::map<std::string, double>& facts = summary.devices["storage"][entries[k].id];
        facts["e_max_mwh"] = entries[k].rating;
        facts["charge_mwh"] = life.charge_mwh;
        facts["discharge_mwh"] = life.discharge_mwh;
        facts["loss_mwh"] = life.loss_mwh;
        facts["full_cycles"] = life.full_cycles;
        facts["soc_mean"] = life.soc_sum / steps;
        facts["capacity_share_left"] = life.capacity_share;
        facts["faded_mwh"] = life.faded_mwh;
        facts["cell_mean_c"] = life.cell_sum_c / steps;
        facts["cell_min_c"] = life.cell_min_c;
        facts["auxiliary_mwh"] = life.auxiliary_mwh;
        facts["cold_hours"] = life.cold_hours;
        if (life.law == AgeingLaw::lfp) {
            facts["calendar_loss_share"] = life.lfp.calendar_loss;
            facts["cycle_loss_share"] = life.lfp.cycle_loss;
        } else if (life.law == AgeingLaw::xu) {
            const double damage = life.xu_cycle + life.xu_calendar;
            const double lost = 1.0 - life.capacity_share;
            facts["calendar_loss_share"] = damage > 0 ? lost * life.xu_calendar / damage : 0.0;
            facts["cycle_loss_share"] = damage > 0 ? lost * life.xu_cycle / damage : 0.0;
        }
    }
}

} // namespace yuanwang::engine
