#include "engine/epoch/fault_plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace yuanwang::engine {

namespace {

using security::UnitTransformer;

constexpr double machine_kv = 20;             ///< cancels behind a unit transformer
constexpr double off_circuit_range_pu = 0.05; ///< ±2 × 2.5 %

/// Rated voltage of the high side of a unit transformer over the nominal one: 363/330 and 121/110, but 800/750.
double unit_transformer_kv(double nominal_kv) {
    return nominal_kv > 500 ? 800.0 / 750.0 * nominal_kv : 1.1 * nominal_kv;
}

class Planner {
  public:
    Planner(const ShortCircuitSettings& settings, const EpochModel& model)
        : s_{settings}, m_{model} {}

    FaultPlan make() {
        const Sources& sources = m_.system->sources;
        std::size_t unit = 0;
        const auto stations = [&](const Placement& fleet, const std::vector<double>& p_mw) {
            for (std::size_t k = 0; k < fleet.size(); ++k, ++unit) {
                plan_.stations.bus.push_back(fleet.bus[k]);
                plan_.stations.p_mw.push_back(p_mw[k]);
                plan_.station_row.push_back(m_.axes.of(Axis::source)[unit]);
                add_converter(fleet, k, p_mw[k]);
            }
        };
        stations(sources.solar, sources.solar.plants.p_rated_mw);
        stations(sources.wind, sources.wind.farms.p_rated_mw);
        for (std::size_t k = 0; k < sources.hydro.size(); ++k, ++unit) {
            add_machine(sources.hydro, k, sources.hydro.plants.p_rated_mw[k], 1, {unit});
        }
        const models::ThermalPlants& thermal = sources.thermal.plants;
        for (std::size_t k = 0; k < sources.thermal.size(); ++k, ++unit) {
            add_machine(sources.thermal, k, thermal.p_rated_mw[k], thermal.units[k], {unit, k});
        }
        const models::WastePlants& waste = sources.waste_to_energy.plants;
        for (std::size_t k = 0; k < sources.waste_to_energy.size(); ++k, ++unit) {
            add_machine(sources.waste_to_energy, k,
                        waste.design_t_per_day[k] * waste.kwh_per_t[k] / 24000, 1, {unit});
        }
        for (std::size_t k = 0; k < sources.generators.size(); ++k, ++unit) {
            add_machine(sources.generators, k, sources.generators.p_max_mw[k], 1,
                        {unit, sources.thermal.size() + k});
        }
        for (std::size_t k = 0; k < sources.hvdc.size(); ++k, ++unit) {
            add_converter(sources.hvdc, k, std::abs(sources.hvdc.p_mw[k]));
        }
        const BatteryFleet& batteries = m_.system->batteries;
        for (std::size_t k = 0; k < batteries.size(); ++k) {
            add_converter(batteries, k, batteries.batteries.p_discharge_max_mw[k]);
        }
        add_feeders(sources.external_grids);
        add_motors();
        return std::move(plan_);
    }

  private:
    [[nodiscard]] FaultContribution find_contribution(const std::string& id) const {
        const auto it = std::ranges::find(s_.contributions, id, &FaultContribution::unit);
        return it == s_.contributions.end() ? FaultContribution{} : *it;
    }

    void add_machine(const Placement& fleet, std::size_t k, double p_mw, int count,
                     FaultPlan::MachineRow row) {
        if (!(p_mw > 0)) {
            return;
        }
        const FaultContribution own = find_contribution(fleet.id[k]);
        const double power_factor = own.power_factor.value_or(s_.power_factor);
        const double nominal_kv = m_.grid.base_kv[fleet.bus[k]];
        const double rate_mva = p_mw / power_factor;
        const double uk = own.transformer_uk_percent.value_or(s_.transformer_uk_percent);
        UnitTransformer transformer;
        if (uk > 0) {
            transformer = {.rate_mva = rate_mva,
                           .hv_kv = unit_transformer_kv(nominal_kv),
                           .lv_kv = machine_kv,
                           .uk_percent = uk,
                           .ukr_percent = 0.025 * uk,
                           .tap_range_pu = off_circuit_range_pu};
        }
        security::Machines& m = plan_.sources.machines;
        m.id.push_back(fleet.id[k]);
        m.bus.push_back(fleet.bus[k]);
        m.rate_mva.push_back(rate_mva);
        m.rated_kv.push_back(uk > 0 ? machine_kv : nominal_kv);
        m.x_subtransient_pu.push_back(
            own.x_subtransient_percent.value_or(s_.x_subtransient_percent) / 100);
        m.r_ohm.push_back(std::numeric_limits<double>::quiet_NaN());
        m.power_factor.push_back(power_factor);
        m.voltage_range_pu.push_back(0);
        m.transformer.push_back(transformer);
        m.count.push_back(count);
        plan_.machines.push_back(row);
    }

    void add_converter(const Placement& fleet, std::size_t k, double p_mw) {
        const FaultContribution own = find_contribution(fleet.id[k]);
        security::Converters& c = plan_.sources.converters;
        c.id.push_back(fleet.id[k]);
        c.bus.push_back(fleet.bus[k]);
        c.current_mva.push_back(own.converter_current_pu.value_or(s_.converter_current_pu) * p_mw);
    }

    void add_feeders(const ExternalFleet& fleet) {
        security::Feeders& f = plan_.sources.feeders;
        for (std::size_t k = 0; k < fleet.size(); ++k) {
            const FaultContribution own = find_contribution(fleet.id[k]);
            for (const BusIdx bus : fleet.buses[k]) {
                const double mva_per_ka = std::numbers::sqrt3 * m_.grid.base_kv[bus];
                f.id.push_back(fleet.id[k]);
                f.bus.push_back(bus);
                f.sk_max_mva.push_back(own.sk_max_mva.value_or(s_.feeder_max_ka * mva_per_ka));
                f.sk_min_mva.push_back(own.sk_min_mva.value_or(s_.feeder_min_ka * mva_per_ka));
                f.r_over_x.push_back(own.r_over_x.value_or(s_.feeder_r_over_x));
            }
        }
    }

    void add_motors() {
        const network::Buses& buses = m_.system->grid.buses;
        security::Motors& m = plan_.sources.motors;
        for (const MotorGroup& group : s_.motors) {
            const auto it = std::ranges::find(buses.id, group.bus);
            if (it == buses.id.end()) {
                continue; // a bus of another epoch
            }
            const BusIdx bus{static_cast<std::size_t>(it - buses.id.begin())};
            m.id.push_back(group.id);
            m.bus.push_back(bus);
            m.p_mw.push_back(group.p_mw);
            m.rated_kv.push_back(buses.base_kv[bus]);
            m.power_factor.push_back(group.power_factor);
            m.efficiency.push_back(group.efficiency);
            m.locked_rotor_ratio.push_back(group.locked_rotor_ratio);
            m.r_over_x.push_back(group.r_over_x);
            m.pole_pairs.push_back(group.pole_pairs);
            m.count.push_back(group.count);
        }
    }

    const ShortCircuitSettings& s_;
    const EpochModel& m_;
    FaultPlan plan_;
};

} // namespace

FaultPlan make_fault_plan(const ShortCircuitSettings& settings, const EpochModel& model) {
    return Planner{settings, model}.make();
}

void count_machines(const FaultPlan& plan, const BlockData& data, std::size_t t,
                    std::vector<int>& count) {
    count.resize(plan.machines.size());
    for (std::size_t k = 0; k < count.size(); ++k) {
        const FaultPlan::MachineRow& row = plan.machines[k];
        count[k] =
            row.thermal
                ? static_cast<int>(std::lround(data.schedule.thermal_units_on(*row.thermal, t)))
            : data.injections.unit_on(row.unit, t) > 0 ? plan.sources.machines.count[k]
                                                       : 0;
    }
}

} // namespace yuanwang::engine
