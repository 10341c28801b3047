#include "engine/accounts/indicators.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace yuanwang::engine {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double sum_of(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

double finite(double value) {
    return std::isnan(value) ? 0.0 : value;
}

double max_finite(double so_far, std::span<const double> values) {
    for (const double value : values) {
        so_far = value > so_far ? value : so_far; // NaN compares false
    }
    return so_far;
}

} // namespace

Indicators::Indicators(const Study& study, const ResultAxes& axes)
    : study_{study}, axes_{axes}, dt_h_{study.time.dt_h()},
      steps_by_status_(step_status_names.size(), 0.0), min_demand_mw_{infinity},
      load_mwh_(axes.of(Axis::load).size()), source_mwh_(axes.of(Axis::source).size()),
      available_mwh_(source_mwh_.size()), curtailed_mwh_(source_mwh_.size()),
      import_mwh_(axes.of(Axis::tie).size()), export_mwh_(import_mwh_.size()),
      tap_before_(axes.of(Axis::transformer).size(), std::numeric_limits<double>::quiet_NaN()),
      shunt_before_(axes.of(Axis::shunt).size(), std::numeric_limits<double>::quiet_NaN()) {
    for (const double level_kv : {750.0, 330.0, 110.0}) {
        bands_.push_back({level_kv, infinity, -infinity});
    }
}

void Indicators::add(const EpochModel& model, const BlockData& data,
                     const ViolationCount& violations) {
    add_demand(data);
    add_sources(model, data);
    add_ties(data);
    add_storages(model, data);
    add_costs(model, data);
    add_outcomes(data);
    add_operations(model, data);
    add_balance(data);
    violations_.overload_steps += violations.overload_steps;
    violations_.voltage_steps += violations.voltage_steps;
    violations_.section_steps += violations.section_steps;
}

void Indicators::add_demand(const BlockData& data) {
    const BlockResult& r = data.result;
    for (std::size_t t = 0; t < r.steps.count; ++t) {
        const double demand_mw = r.demand_mw(0, t);
        demand_mwh_ += demand_mw * dt_h_;
        peak_demand_mw_ = std::max(peak_demand_mw_, demand_mw);
        min_demand_mw_ = std::min(min_demand_mw_, demand_mw);
        const double unserved_mw = sum_of(data.schedule.unserved_mw.step(t));
        const double managed_mw = sum_of(data.schedule.managed_mw.step(t));
        unserved_mwh_ += unserved_mw * dt_h_;
        managed_mwh_ += managed_mw * dt_h_;
        unserved_hours_ += unserved_mw > 1e-6 ? dt_h_ : 0.0;
        managed_hours_ += managed_mw > 1e-6 ? dt_h_ : 0.0;
        backed_down_mwh_ += sum_of(data.schedule.backed_down_mw.step(t)) * dt_h_;
        for (std::size_t k = 0; k < load_mwh_.size(); ++k) {
            load_mwh_[k] += finite(r.load_p_mw(k, t)) * dt_h_;
        }
        it_mwh_ += sum_of(data.demand.centers.it_mw.step(t)) * dt_h_;
        center_mwh_ += sum_of(data.demand.centers.p_mw.step(t)) * dt_h_;
        const GreenStep& green = data.green[t];
        green_mwh_ += green.consumed_mw * dt_h_;
        matched_mwh_ += green.matched_mw * dt_h_;
        consumption_mwh_ += green.consumption_mw * dt_h_;
    }
}

void Indicators::add_sources(const EpochModel& model, const BlockData& data) {
    const BlockResult& r = data.result;
    for (std::size_t t = 0; t < r.steps.count; ++t) {
        for (const std::uint32_t k : model.axes.of(Axis::source)) {
            source_mwh_[k] += finite(r.source_p_mw(k, t)) * dt_h_;
            available_mwh_[k] += finite(r.source_available_mw(k, t)) * dt_h_;
            curtailed_mwh_[k] += finite(r.source_curtailed_mw(k, t)) * dt_h_;
        }
    }
    for (const CurtailmentRow& row : data.curtailment) {
        curtailed_by_cause_[row.cause] += row.mwh;
        add_to_name(row);
    }
}

void Indicators::add_to_name(const CurtailmentRow& row) {
    CurtailedSum& sum = curtailed_by_name_[{row.cause, row.branch, row.outage}];
    sum.mwh += row.mwh;
    if (row.step >= sum.next_step) {
        sum.hours += dt_h_;
        sum.next_step = row.step + 1;
    }
}

void Indicators::add_ties(const BlockData& data) {
    const BlockResult& r = data.result;
    for (std::size_t t = 0; t < r.steps.count; ++t) {
        double import_mw = 0;
        for (std::size_t k = 0; k < import_mwh_.size(); ++k) {
            const double schedule_mw = finite(r.tie_schedule_mw(k, t));
            const double ac_mw = r.tie_p_mw(k, t);
            const double p_mw = std::isnan(ac_mw) ? schedule_mw : ac_mw;
            import_mw += p_mw;
            import_mwh_[k] += std::max(0.0, p_mw) * dt_h_;
            export_mwh_[k] += std::max(0.0, -p_mw) * dt_h_;
            tie_mismatch_mwh_ += finite(std::abs(ac_mw - schedule_mw)) * dt_h_;
            surplus_mwh_ += finite(r.tie_surplus_mw(k, t)) * dt_h_;
            firm_mwh_ += std::max(0.0, finite(r.tie_firm_mw(k, t))) * dt_h_;
            unused_surplus_mwh_ +=
                finite(r.tie_surplus_available_mw(k, t) - r.tie_surplus_mw(k, t)) * dt_h_;
        }
        import_peak_mw_ = std::max(import_peak_mw_, import_mw);
    }
}

void Indicators::add_storages(const EpochModel& model, const BlockData& data) {
    const models::Batteries& b = model.system->batteries.batteries;
    const dispatch::Schedule& s = data.schedule;
    for (std::size_t t = 0; t < data.result.steps.count; ++t) {
        for (std::size_t k = 0; k < b.size(); ++k) {
            const double p_mw = s.storage_mw(k, t);
            charge_mwh_ += std::max(0.0, -p_mw) * dt_h_;
            discharge_mwh_ += std::max(0.0, p_mw) * dt_h_;
            const double before_mwh =
                t == 0 ? data.state_before.e_mwh[k] : s.storage_e_mwh(k, t - 1);
            const double expected_mwh =
                before_mwh * std::max(0.0, 1.0 - b.self_discharge_per_h[k] * dt_h_) +
                b.eta_charge[k] * std::max(0.0, -p_mw) * dt_h_ -
                std::max(0.0, p_mw) * dt_h_ / b.eta_discharge[k];
            storage_balance_mwh_ =
                std::max(storage_balance_mwh_, std::abs(s.storage_e_mwh(k, t) - expected_mwh));
        }
    }
}

void Indicators::add_costs(const EpochModel& model, const BlockData& data) {
    const Sources& sources = model.system->sources;
    const dispatch::Schedule& s = data.schedule;
    const auto burn = [&](double p_mw, double price_cny_per_mwh, double co2_t_per_mwh) {
        const double mwh = std::max(0.0, p_mw) * dt_h_;
        cost_cny_ += mwh * (price_cny_per_mwh + co2_t_per_mwh * study_.economics.co2_cny_per_t);
        co2_t_ += mwh * co2_t_per_mwh;
    };
    const std::size_t first_generator = sources.thermal.size();
    const GeneratorFleet& generators = sources.generators;
    const models::WastePlants& waste = sources.waste_to_energy.plants;
    const models::ExternalGrids& external = sources.external_grids.grids;
    for (std::size_t t = 0; t < data.result.steps.count; ++t) {
        const models::ThermalStep& thermal = data.thermal_burn[t];
        cost_cny_ += thermal.cost_cny + thermal.co2_t * study_.economics.co2_cny_per_t;
        co2_t_ += thermal.co2_t;
        for (std::size_t k = 0; k < generators.size(); ++k) {
            burn(s.thermal_mw(first_generator + k, t), generators.price_cny_per_mwh[k],
                 generators.co2_t_per_mwh[k]);
        }
        for (std::size_t k = 0; k < waste.size(); ++k) {
            burn(s.must_run_mw(k, t), 0.0, waste.co2_t_per_mwh[k]);
        }
        for (std::size_t k = 0; k < external.size(); ++k) {
            burn(s.tie_surplus_mw(k, t), external.surplus_price_cny_per_mwh[k], 0.0);
            const models::ExternalHours& hours = data.availability.external;
            burn(s.tie_firm_mw(k, t), hours.firm_price_cny_per_mwh(k, t),
                 hours.firm_co2_t_per_mwh(k, t));
        }
        cost_cny_ += sum_of(s.unserved_mw.step(t)) * dt_h_ * study_.economics.unserved_cny_per_mwh;
    }
}

void Indicators::add_outcomes(const BlockData& data) {
    const BlockResult& r = data.result;
    for (std::size_t t = 0; t < r.steps.count; ++t) {
        const powerflow::StepOutcome& outcome = data.states.outcome[t];
        ++steps_;
        const auto status = static_cast<std::size_t>(r.step_status(0, t));
        steps_by_status_[status] += 1;
        converged_ += status == static_cast<std::size_t>(StepStatus::converged) ? 1U : 0U;
        steps_by_reference_ += outcome.by_reference ? 1 : 0;
        held_controls_ += outcome.held_controls;
        if (outcome.status != StepStatus::converged) {
            continue;
        }
        ++solved_;
        max_mismatch_mw_ = std::max(max_mismatch_mw_, r.max_mismatch_mw(0, t));
        max_residual_mw_ = std::max(max_residual_mw_, std::abs(outcome.residual_mw));
        residual_mwh_ += outcome.residual_mw * dt_h_;
        losses_mwh_ += r.losses_mw(0, t) * dt_h_;
        supplied_mwh_ +=
            (data.green[t].consumption_mw + r.losses_mw(0, t) - r.loss_schedule_mw(0, t)) * dt_h_;
        line_loading_max_ = max_finite(line_loading_max_, r.line_loading_percent.step(t));
        transformer_loading_max_ =
            max_finite(transformer_loading_max_, r.transformer_loading_percent.step(t));
        for (std::size_t i = 0; i < axes_.of(Axis::bus).size(); ++i) {
            const double vm_pu = r.bus_vm_pu(i, t);
            for (Band& band : bands_) {
                if (std::abs(axes_.of(Axis::bus)[i].base_kv - band.level_kv) <=
                        0.01 * band.level_kv &&
                    !std::isnan(vm_pu)) {
                    band.min_pu = std::min(band.min_pu, vm_pu);
                    band.max_pu = std::max(band.max_pu, vm_pu);
                }
            }
        }
    }
}

void Indicators::add_operations(const EpochModel& model, const BlockData& data) {
    const auto follow = [](std::vector<double>& before, std::uint32_t row, double now,
                           double& operations) {
        if (std::isnan(now)) {
            return;
        }
        if (!std::isnan(before[row])) {
            operations += std::abs(now - before[row]);
        }
        before[row] = now;
    };
    const network::Taps& taps = model.grid.taps;
    const auto& transformers = model.axes.of(Axis::transformer);
    const auto& shunts = model.axes.of(Axis::shunt);
    for (std::size_t t = 0; t < data.result.steps.count; ++t) {
        for (std::size_t tap = 0; tap < taps.size(); ++tap) {
            const std::uint32_t row = transformers[taps.transformer[tap].row()];
            follow(tap_before_, row, data.result.transformer_tap(row, t), tap_operations_);
        }
        for (const std::uint32_t row : shunts) {
            follow(shunt_before_, row, data.result.shunt_steps(row, t), shunt_operations_);
        }
    }
    tap_changers_ = static_cast<double>(std::ranges::count(taps.on_load, true));
    switched_shunts_ = static_cast<double>(std::ranges::count(model.grid.shunt_switched, true));
}

void Indicators::add_balance(const BlockData& data) {
    if (study_.dispatch.method == DispatchMethod::none) {
        return; // nothing is balanced before the power flow
    }

    const dispatch::Schedule& s = data.schedule;
    for (std::size_t t = 0; t < data.result.steps.count; ++t) {
        const double supply_mw = sum_of(data.source_p_mw.step(t)) +
                                 sum_of(s.tie_surplus_mw.step(t)) + sum_of(s.tie_firm_mw.step(t)) +
                                 sum_of(s.storage_mw.step(t));
        const double missing_mw = data.green[t].consumption_mw - supply_mw;
        dispatch_balance_mwh_ = std::max(dispatch_balance_mwh_, std::abs(missing_mw) * dt_h_);
    }
}

} // namespace yuanwang::engine
