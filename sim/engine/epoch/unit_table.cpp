#include "engine/epoch/unit_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>

#include "engine/epoch/island_holders.hpp"

namespace yuanwang::engine {

namespace {

using powerflow::ReactiveMode;

class UnitMaker {
  public:
    explicit UnitMaker(UnitTable& table) : t_{table} {}

    void add(const std::string& id, BusIdx bus, const ReactiveControl& control, double rating_mw) {
        powerflow::Units& u = t_.units;
        u.id.push_back(id);
        u.bus.push_back(bus);
        u.mode.push_back(control.mode);
        u.vm_set_pu.push_back(control.vm_set_pu);
        const double pf = std::clamp(control.power_factor, 0.05, 1.0);
        const double tan_phi = std::sqrt(1.0 - pf * pf) / pf;
        u.tan_phi.push_back(control.absorbing ? -tan_phi : tan_phi);
        u.q_set_mvar.push_back(control.q_set_mvar);
        u.participation.push_back(0.0);
        const bool bounded = control.mode == ReactiveMode::voltage || control.q_min_mvar != 0 ||
                             control.q_max_mvar != 0;
        t_.q_min_mvar.push_back(bounded ? control.q_min_mvar
                                        : -std::numeric_limits<double>::infinity());
        t_.q_max_mvar.push_back(bounded ? control.q_max_mvar
                                        : std::numeric_limits<double>::infinity());
        t_.s_max_mva.push_back(control.s_max_mva);
        t_.machines.push_back(0);
        slack_weight_.push_back(0.0);
        machine_weight_.push_back(control.mode == ReactiveMode::voltage ? std::max(rating_mw, 1e-3)
                                                                        : 0.0);
        slack_generator_.push_back(false);
    }

    template <class RatingOf>
    void add_fleet(const Placement& fleet, RatingOf rating_of) {
        for (std::size_t k = 0; k < fleet.size(); ++k) {
            add(fleet.id[k], fleet.bus[k], fleet.reactive[k], rating_of(k));
            count_machines(fleet.machines.empty() ? 1 : fleet.machines[k]);
        }
    }

    void count_machines(int machines) { t_.machines.back() = machines; }
    void mark_slack_generator() { slack_generator_.back() = true; }
    void give_weight(double weight) { slack_weight_.back() = weight; }

    /// Participation within every island, and the unit whose bus holds the angle.
    void share_slack(const std::vector<std::size_t>& island_of_bus) {
        std::size_t n_island = 0;
        std::vector<std::size_t> buses_of_island;
        for (const std::size_t island : island_of_bus) {
            n_island = std::max(n_island, island + 1);
            buses_of_island.resize(n_island);
            ++buses_of_island[island];
        }
        std::size_t largest = 0;
        for (std::size_t i = 0; i < n_island; ++i) {
            share_slack_of(i, island_of_bus);
            largest = buses_of_island[i] > buses_of_island[largest] ? i : largest;
        }
        choose_reference(largest, island_of_bus);
    }

  private:
    [[nodiscard]] std::size_t island_of(std::size_t unit,
                                        const std::vector<std::size_t>& island_of_bus) const {
        return island_of_bus[t_.units.bus[UnitIdx{unit}].row()];
    }

    void share_slack_of(std::size_t island, const std::vector<std::size_t>& island_of_bus) {
        std::vector<double> generator_weight(slack_weight_.size(), 0.0);
        for (std::size_t k = 0; k < generator_weight.size(); ++k) {
            generator_weight[k] = slack_generator_[k] ? 1.0 : 0.0;
        }
        for (const std::vector<double>* weights :
             {&slack_weight_, &generator_weight, &machine_weight_}) {
            double sum = 0;
            for (std::size_t k = 0; k < weights->size(); ++k) {
                sum += island_of(k, island_of_bus) == island ? (*weights)[k] : 0.0;
            }
            if (sum <= 0) {
                continue;
            }
            for (std::size_t k = 0; k < weights->size(); ++k) {
                if (island_of(k, island_of_bus) == island) {
                    t_.units.participation[UnitIdx{k}] = (*weights)[k] / sum;
                }
            }
            return;
        }
    }

    /// A slack generator where there is one, else who takes most of the largest island's mismatch.
    void choose_reference(std::size_t island, const std::vector<std::size_t>& island_of_bus) {
        double best = 0;
        for (std::size_t k = 0; k < slack_weight_.size(); ++k) {
            if (slack_generator_[k]) {
                t_.units.reference = UnitIdx{k};
                return;
            }
            const double weight = t_.units.participation[UnitIdx{k}];
            if (island_of(k, island_of_bus) == island && weight > best) {
                best = weight;
                t_.units.reference = UnitIdx{k};
            }
        }
    }

    UnitTable& t_;
    std::vector<double> slack_weight_;
    std::vector<double> machine_weight_;
    std::vector<bool> slack_generator_;
};

void add_boundary_units(const ExternalFleet& fleet, UnitMaker& maker, UnitTable& table) {
    for (std::size_t k = 0; k < fleet.size(); ++k) {
        for (std::size_t m = 0; m < fleet.buses[k].size(); ++m) {
            const bool alone = fleet.buses[k].size() == 1;
            maker.add(alone ? fleet.id[k] : fleet.id[k] + "/" + std::to_string(m + 1),
                      fleet.buses[k][m], fleet.reactive[k], fleet.grids.p_import_max_mw[k]);
            maker.give_weight(fleet.participation[k] * fleet.shares[k][m]);
            table.tie_of_unit.push_back(k);
            table.tie_share.push_back(fleet.shares[k][m]);
        }
    }
}

} // namespace

UnitTable make_unit_table(const System& system, const std::vector<std::size_t>& island_of_bus) {
    UnitTable table;
    UnitMaker maker{table};
    const Sources& s = system.sources;
    maker.add_fleet(s.solar, [&](std::size_t k) { return s.solar.plants.p_rated_mw[k]; });
    maker.add_fleet(s.wind, [&](std::size_t k) { return s.wind.farms.p_rated_mw[k]; });
    maker.add_fleet(s.hydro, [&](std::size_t k) { return s.hydro.plants.p_rated_mw[k]; });
    maker.add_fleet(s.thermal, [&](std::size_t k) {
        return s.thermal.plants.p_rated_mw[k] * s.thermal.plants.units[k];
    });
    maker.add_fleet(s.waste_to_energy, [](std::size_t) { return 1.0; });
    for (std::size_t k = 0; k < s.generators.size(); ++k) {
        maker.add(s.generators.id[k], s.generators.bus[k], s.generators.reactive[k],
                  s.generators.p_max_mw[k]);
        maker.count_machines(1);
        if (s.generators.slack[k]) {
            maker.mark_slack_generator();
        }
    }
    maker.add_fleet(s.hvdc, [&](std::size_t k) { return std::abs(s.hvdc.p_mw[k]); });
    for (std::size_t k = 0; k < s.solar.size(); ++k) { // roofs, not a plant
        table.machines[k] = s.solar.distributed[k] ? 0 : table.machines[k];
    }
    for (std::size_t k = 0; k < s.thermal.size(); ++k) {
        table.machines[s.solar.size() + s.wind.size() + s.hydro.size() + k] =
            s.thermal.plants.units[k];
    }
    table.n_source = table.units.size();
    table.holds_at_no_output = choose_holders(system, island_of_bus).hydro;
    table.first_battery = table.n_source;
    maker.add_fleet(system.batteries, [&](std::size_t k) {
        return system.batteries.batteries.p_discharge_max_mw[k];
    });
    table.first_tie = table.units.size();
    add_boundary_units(s.external_grids, maker, table);
    maker.share_slack(island_of_bus);
    return table;
}

void list_source_power(const System& system, const dispatch::Schedule& schedule, Series& p_mw) {
    const Sources& s = system.sources;
    const std::size_t n_solar = s.solar.size();
    const std::size_t n_thermal = s.thermal.size();
    const std::size_t n_waste = s.waste_to_energy.size();
    const std::size_t n_step = schedule.thermal_mw.n_step();
    p_mw.reshape(n_solar + s.wind.size() + s.hydro.size() + n_thermal + n_waste +
                     s.generators.size() + s.hvdc.size(),
                 n_step);
    for (std::size_t t = 0; t < n_step; ++t) {
        auto to = p_mw.step(t).begin();
        const auto put = [&](std::span<const double> values) {
            to = std::ranges::copy(values, to).out;
        };
        const std::span<const double> thermals = schedule.thermal_mw.step(t);
        const std::span<const double> must_run = schedule.must_run_mw.step(t);
        put(schedule.variable_mw.step(t));
        put(schedule.hydro_mw.step(t));
        put(thermals.first(n_thermal));
        put(must_run.first(n_waste));
        put(thermals.subspan(n_thermal));
        put(must_run.subspan(n_waste));
    }
}

LoadBuses list_load_buses(const Loads& loads) {
    LoadBuses out;
    std::size_t first = 0;
    visit_loads(loads, [&](const LoadPlacement& family) {
        for (std::size_t k = 0; k < family.size(); ++k) {
            for (std::size_t m = 0; m < family.buses[k].size(); ++m) {
                out.entries.push_back({first + k, family.buses[k][m], family.shares[k][m]});
            }
        }
        for (std::size_t k = 0; k < family.size(); ++k) {
            out.may_be_cut.push_back(&family != static_cast<const LoadPlacement*>(&loads.works) ||
                                     loads.works.works.may_be_cut[k]);
        }
        first += family.size();
    });
    return out;
}

void sum_demand(const LoadBuses& buses, const std::vector<std::size_t>& island_of_bus,
                const Demand& demand, std::size_t n_island, Series& demand_mw) {
    const std::size_t n_step = demand.p_mw.n_step();
    demand_mw.reshape(n_island, n_step);
    for (std::size_t t = 0; t < n_step; ++t) {
        for (const LoadBuses::Entry& e : buses.entries) {
            demand_mw(island_of_bus[e.bus.row()], t) += e.share * demand.p_mw(e.load, t);
        }
    }
}

namespace {

/// Spreads the cuts of one step over the loads at buses.
class CutSpreader {
  public:
    CutSpreader(const LoadBuses& buses, const std::vector<std::size_t>& island_of_bus,
                const Demand& demand, const dispatch::Table& table,
                const dispatch::Schedule& schedule, LoadCuts& cuts)
        : buses_{buses},
          island_of_bus_{island_of_bus}, demand_{demand}, table_{table}, s_{schedule}, cuts_{cuts},
          at_bus_(island_of_bus.size()), bus_demand_(island_of_bus.size()) {}

    void spread(std::size_t t) {
        t_ = t;
        spread_managed();
        for (std::size_t i = 0; i < table_.n_island; ++i) {
            const double first_mw = std::min(s_.unserved_mw(i, t), demand_of(i, true));
            spread_in_island(i, first_mw, true, cuts_.unserved_mw);
            spread_in_island(i, s_.unserved_mw(i, t) - first_mw, false, cuts_.unserved_mw);
        }
    }

  private:
    [[nodiscard]] bool may_be_cut(std::size_t load) const {
        return buses_.may_be_cut.empty() || buses_.may_be_cut[load];
    }
    /// Demand of an island's loads that may, or may not, be cut, less what was managed.
    [[nodiscard]] double demand_of(std::size_t island, bool cuttable) const {
        double sum_mw = 0;
        for (const LoadBuses::Entry& e : buses_.entries) {
            if (island_of_bus_[e.bus.row()] == island && may_be_cut(e.load) == cuttable) {
                sum_mw += left_mw(e);
            }
        }
        return sum_mw;
    }
    [[nodiscard]] double left_mw(const LoadBuses::Entry& e) const {
        return e.share * std::max(0.0, demand_.p_mw(e.load, t_) -
                                           std::max(0.0, cuts_.managed_mw(e.load, t_)));
    }
    void spread_in_island(std::size_t island, double mw, bool cuttable, Series& cuts) {
        const double all_mw = mw != 0 ? demand_of(island, cuttable) : 0.0;
        if (all_mw <= 0) {
            return;
        }
        change_.assign(demand_.p_mw.n_element(), 0.0);
        for (const LoadBuses::Entry& e : buses_.entries) {
            if (island_of_bus_[e.bus.row()] == island && may_be_cut(e.load) == cuttable) {
                change_[e.load] += mw * left_mw(e) / all_mw;
            }
        }
        for (std::size_t k = 0; k < change_.size(); ++k) {
            cuts(k, t_) += change_[k];
        }
    }

    /// What enterprises give up falls on the loads at their buses, what comes back likewise; what a bus has no load for
    /// falls on its island.
    void spread_managed() {
        std::ranges::fill(at_bus_, 0.0);
        std::vector<double> spill_mw(table_.n_island, 0.0);
        const models::ManagedRecords& records = table_.managed.records;
        std::vector<double> left_mw(table_.managed.size()); // not called record by record
        for (std::size_t g = 0; g < table_.managed.size(); ++g) {
            left_mw[g] = s_.managed_mw(g, t_);
            if (!s_.recovery_mw.empty()) {
                left_mw[g] -= s_.recovery_mw(g, t_);
            }
        }
        for (const dispatch::ManagedCall& call : s_.calls) {
            if (call.step == t_) {
                at_bus_[records.bus[call.record].row()] += call.mw;
                left_mw[records.group[call.record]] -= call.mw;
            }
        }
        for (std::size_t g = 0; g < table_.managed.size(); ++g) {
            spill_mw[table_.managed.island[g]] += left_mw[g];
        }
        std::ranges::fill(bus_demand_, 0.0);
        for (const LoadBuses::Entry& e : buses_.entries) {
            bus_demand_[e.bus.row()] += may_be_cut(e.load) ? this->left_mw(e) : 0.0;
        }
        for (std::size_t i = 0; i < at_bus_.size(); ++i) {
            const double more_mw = at_bus_[i] - 0.9 * bus_demand_[i];
            if (more_mw > 0) {
                spill_mw[island_of_bus_[i]] += more_mw;
                at_bus_[i] -= more_mw;
            }
        }
        change_.assign(demand_.p_mw.n_element(), 0.0);
        for (const LoadBuses::Entry& e : buses_.entries) {
            const std::size_t i = e.bus.row();
            if (at_bus_[i] != 0 && may_be_cut(e.load)) {
                change_[e.load] += at_bus_[i] * this->left_mw(e) / bus_demand_[i];
            }
        }
        for (std::size_t k = 0; k < change_.size(); ++k) {
            cuts_.managed_mw(k, t_) += change_[k];
        }
        for (std::size_t i = 0; i < table_.n_island; ++i) {
            const bool cuttable = demand_of(i, true) > 0;
            spread_in_island(i, spill_mw[i], cuttable, cuts_.managed_mw);
        }
    }

    const LoadBuses& buses_;
    const std::vector<std::size_t>& island_of_bus_;
    const Demand& demand_;
    const dispatch::Table& table_;
    const dispatch::Schedule& s_;
    LoadCuts& cuts_;
    std::size_t t_ = 0;
    std::vector<double> at_bus_;
    std::vector<double> bus_demand_;
    std::vector<double> change_; ///< [n_load]
};

bool is_anything_cut(const dispatch::Schedule& s, std::size_t t) {
    const auto any = [t](const Series& series) {
        return !series.empty() &&
               std::ranges::any_of(series.step(t), [](double mw) { return mw != 0; });
    };
    return any(s.unserved_mw) || any(s.managed_mw) || any(s.recovery_mw);
}

} // namespace

void spread_cuts(const LoadBuses& buses, const std::vector<std::size_t>& island_of_bus,
                 const Demand& demand, const dispatch::Table& table,
                 const dispatch::Schedule& schedule, LoadCuts& cuts) {
    const std::size_t n_step = demand.p_mw.n_step();
    cuts.unserved_mw.reshape(demand.p_mw.n_element(), n_step);
    cuts.managed_mw.reshape(demand.p_mw.n_element(), n_step);
    CutSpreader spreader{buses, island_of_bus, demand, table, schedule, cuts};
    for (std::size_t t = 0; t < n_step; ++t) {
        if (is_anything_cut(schedule, t)) {
            spreader.spread(t);
        }
    }
}

double served_share(const Demand& demand, const LoadCuts& cuts, std::size_t load, std::size_t t) {
    const double p_mw = demand.p_mw(load, t);
    const double cut_mw = cuts.unserved_mw(load, t) + cuts.managed_mw(load, t);
    return cut_mw != 0 && p_mw > 0 ? std::max(0.0, 1.0 - cut_mw / p_mw) : 1.0;
}

namespace {

/// Loads at buses, less what was cut; reactive power falls with the active power.
void inject_loads(const LoadBuses& buses, const Demand& demand, const LoadCuts& cuts,
                  std::size_t n_bus, powerflow::BlockInjections& out) {
    const std::size_t n_step = demand.p_mw.n_step();
    out.load_p_mw.reshape(n_bus, n_step);
    out.load_q_mvar.reshape(n_bus, n_step);
    for (std::size_t t = 0; t < n_step; ++t) {
        for (const LoadBuses::Entry& e : buses.entries) {
            const double served = served_share(demand, cuts, e.load, t);
            out.load_p_mw(e.bus, t) += e.share * demand.p_mw(e.load, t) * served;
            out.load_q_mvar(e.bus, t) += e.share * demand.q_mvar(e.load, t) * served;
        }
    }
}

/// Reactive power gives way to active within the apparent power of a unit.
void bound_apparent_power(const UnitTable& table, std::size_t t, powerflow::BlockInjections& out) {
    for (std::size_t u = 0; u < table.s_max_mva.size(); ++u) {
        const double s_mva = table.s_max_mva[u];
        if (s_mva <= 0) {
            continue;
        }
        const double p_mw = out.unit_p_mw(u, t);
        const double q_mvar = std::sqrt(std::max(0.0, s_mva * s_mva - p_mw * p_mw));
        out.unit_q_min_mvar(u, t) = std::clamp(out.unit_q_min_mvar(u, t), -q_mvar, q_mvar);
        out.unit_q_max_mvar(u, t) = std::clamp(out.unit_q_max_mvar(u, t), -q_mvar, q_mvar);
    }
}

/// Which sources are connected in step t, in the order of the source axis.
void connect_sources(const Sources& s, const UnitTable& table, const dispatch::Schedule& schedule,
                     std::size_t t, powerflow::BlockInjections& out) {
    std::size_t u = 0;
    const auto connect = [&](std::size_t n, auto runs) {
        for (std::size_t k = 0; k < n; ++k, ++u) {
            out.unit_on(u, t) = runs(k) ? 1.0 : 0.0;
        }
    };
    const std::size_t n_thermal = s.thermal.size();
    connect(s.solar.size() + s.wind.size(), [&](std::size_t k) {
        return schedule.variable_mw(k, t) + schedule.curtailed_mw(k, t) > 0;
    });
    connect(s.hydro.size(), [&](std::size_t k) {
        return schedule.hydro_mw(k, t) > 0 || table.holds_at_no_output[k];
    });
    connect(n_thermal, [&](std::size_t k) { return schedule.thermal_units_on(k, t) > 0; });
    connect(s.waste_to_energy.size(),
            [&](std::size_t k) { return schedule.must_run_mw(k, t) > 0; });
    connect(s.generators.size(),
            [&](std::size_t k) { return schedule.thermal_units_on(n_thermal + k, t) > 0; });
}

} // namespace

void fill_injections(const System& system, const UnitTable& table, const LoadBuses& buses,
                     const Demand& demand, const LoadCuts& cuts, const dispatch::Schedule& schedule,
                     const Series& source_p_mw, std::size_t n_bus,
                     powerflow::BlockInjections& out) {
    inject_loads(buses, demand, cuts, n_bus, out);
    const std::size_t n_unit = table.units.size();
    const std::size_t n_step = demand.p_mw.n_step();
    out.unit_p_mw.reshape(n_unit, n_step);
    out.unit_on.reshape(n_unit, n_step, 1.0);
    out.unit_q_min_mvar.reshape(n_unit, n_step);
    out.unit_q_max_mvar.reshape(n_unit, n_step);

    const Sources& s = system.sources;
    const std::size_t first_thermal = s.solar.size() + s.wind.size() + s.hydro.size();
    for (std::size_t t = 0; t < n_step; ++t) {
        std::ranges::copy(table.q_min_mvar, out.unit_q_min_mvar.step(t).begin());
        std::ranges::copy(table.q_max_mvar, out.unit_q_max_mvar.step(t).begin());
        for (std::size_t u = 0; u < table.n_source; ++u) {
            out.unit_p_mw(u, t) = source_p_mw(u, t);
        }
        connect_sources(s, table, schedule, t, out);
        for (std::size_t k = 0; k < s.thermal.size(); ++k) { // capability of the machines that run
            const int units = s.thermal.plants.units[k];
            const double on = units > 0 ? schedule.thermal_units_on(k, t) / units : 0.0;
            const std::size_t u = first_thermal + k;
            if (std::isfinite(table.q_min_mvar[u])) {
                out.unit_q_min_mvar(u, t) = table.q_min_mvar[u] * on;
                out.unit_q_max_mvar(u, t) = table.q_max_mvar[u] * on;
            }
        }
        for (std::size_t k = 0; k < system.batteries.size(); ++k) {
            out.unit_p_mw(table.first_battery + k, t) = schedule.storage_mw(k, t);
        }
        for (std::size_t m = 0; m < table.tie_of_unit.size(); ++m) {
            const std::size_t tie = table.tie_of_unit[m];
            out.unit_p_mw(table.first_tie + m, t) =
                table.tie_share[m] *
                (schedule.tie_surplus_mw(tie, t) + schedule.tie_firm_mw(tie, t));
        }
        bound_apparent_power(table, t, out);
    }
}

} // namespace yuanwang::engine
