#include "bench/workloads/scenario_case.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/simulator.hpp"

namespace yuanwang::workloads {

namespace {

using powerflow::BlockInjections;
using powerflow::Units;

class NoSink final : public engine::ResultSink {
  public:
    void begin(const engine::ResultAxes&) override {}
    void write(const engine::BlockResult&) override {}
    void write_curtailment(std::span<const engine::CurtailmentRow>) override {}
    void write_verdicts(std::span<const engine::VerdictRow>) override {}
    void finish(const engine::Summary&) override {}
};

/// Lets a run go until somebody has seen enough.
class StopWhenSeen final : public Progress {
  public:
    explicit StopWhenSeen(const bool& seen) : seen_{seen} {}
    void update(std::string_view, std::size_t, std::size_t) override {}
    [[nodiscard]] bool stop_requested() const override { return seen_; }

  private:
    const bool& seen_;
};

/// Step 0 of a series.
Series take_first(const Series& series) {
    Series first(series.n_element(), 1);
    std::ranges::copy(series.step(0), first.step(0).begin());
    return first;
}

/// The units that run in the first step, and what they do.
void take_running_units(const Units& units, const BlockInjections& block, FlowCase& c) {
    std::vector<UnitIdx> running;
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        if (block.unit_on(u, 0) > 0.5) {
            running.push_back(u);
        }
    }
    BlockInjections& first = c.injections;
    first.unit_p_mw.reshape(running.size(), 1);
    first.unit_on.reshape(running.size(), 1, 1.0);
    first.unit_q_min_mvar.reshape(running.size(), 1);
    first.unit_q_max_mvar.reshape(running.size(), 1);
    for (std::size_t k = 0; k < running.size(); ++k) {
        const UnitIdx u = running[k];
        if (u == units.reference) {
            c.units.reference = UnitIdx{k};
        }
        c.units.id.push_back(units.id[u]);
        c.units.bus.push_back(units.bus[u]);
        c.units.mode.push_back(units.mode[u]);
        c.units.vm_set_pu.push_back(units.vm_set_pu[u]);
        c.units.tan_phi.push_back(units.tan_phi[u]);
        c.units.q_set_mvar.push_back(units.q_set_mvar[u]);
        c.units.participation.push_back(units.participation[u]);
        first.unit_p_mw(k, 0) = block.unit_p_mw(u, 0);
        first.unit_q_min_mvar(k, 0) = block.unit_q_min_mvar(u, 0);
        first.unit_q_max_mvar(k, 0) = block.unit_q_max_mvar(u, 0);
    }
}

/// One slack: the reference, else the unit that takes the largest share of what is missing, else the first that holds a
/// voltage.
void choose_slack(FlowCase& c, const std::filesystem::path& file) {
    Units& units = c.units;
    UnitIdx slack = units.reference;
    const auto better = [&](UnitIdx u) {
        return units.mode[u] == powerflow::ReactiveMode::voltage &&
               (!slack.valid() || units.participation[u] > units.participation[slack]);
    };
    if (!slack.valid()) {
        for (const UnitIdx u : rows<UnitIdx>(units.size())) {
            slack = better(u) ? u : slack;
        }
    }
    if (!slack.valid()) {
        throw InputError(Fault{{.file = file.string()},
                               "sources",
                               "one that runs in the first step must hold a voltage",
                               "none"});
    }
    units.reference = slack;
    std::ranges::fill(units.participation.vector(), 0.0);
    units.participation[slack] = 1.0;
}

} // namespace

FlowCase load_scenario_case(const std::filesystem::path& file,
                            const scenario::LoadOptions& options) {
    engine::Study study = scenario::load_scenario(file, options).study;
    study.n_1.method = engine::N1Method::none;
    study.short_circuit.method = engine::ShortCircuitMethod::none;
    FlowCase c{.name = study.id};
    bool seen = false;
    const auto take = [&](const engine::EpochModel& model, const engine::BlockData& data) {
        if (!std::exchange(seen, true)) {
            c.grid = model.grid;
            c.units.reference = model.units.units.reference;
            take_running_units(model.units.units, data.injections, c);
            c.injections.load_p_mw = take_first(data.injections.load_p_mw);
            c.injections.load_q_mvar = take_first(data.injections.load_q_mvar);
        }
    };
    NoSink sink;
    StopWhenSeen progress{seen};
    try {
        static_cast<void>(engine::simulate(study, sink, progress, {.observe = take}));
    } catch (const Interrupted&) { // after the first block, as asked
    }
    choose_slack(c, file);
    c.options = {.q_limits = false,
                 .taps = false,
                 .shunts = false,
                 .distributed_slack = false,
                 .branch_flows = false};
    return c;
}

Sg1Case load_sg1_case(const std::filesystem::path& file, const scenario::LoadOptions& options) {
    if (file.extension() == ".m") {
        return read_sg1_case(exchange::read_matpower(file));
    }
    const engine::System system =
        scenario::load_scenario(file, options).study.epochs.front().system;
    FlowCase flow = load_scenario_case(file, options);
    Sg1Case c{.grid = std::move(flow.grid),
              .reference = flow.units.bus[flow.units.reference],
              .n_place = system.grid.buses.size()};
    for (const double p_mw : flow.injections.load_p_mw.step(0)) {
        c.pd_mw.push_back(p_mw);
    }
    c.pd_mw.resize(c.grid.n_bus, 0.0);
    const auto add = [&](BusIdx bus, double p_max_mw, double price) {
        c.unit_bus.push_back(bus);
        c.unit_max_mw.push_back(p_max_mw);
        c.unit_price.push_back(price);
    };
    const engine::ThermalFleet& thermal = system.sources.thermal;
    for (std::size_t k = 0; k < thermal.size(); ++k) {
        add(thermal.bus[k], thermal.plants.p_rated_mw[k] * thermal.plants.units[k],
            thermal.plants.price_cny_per_mwh[k]);
    }
    const engine::GeneratorFleet& generators = system.sources.generators;
    for (std::size_t k = 0; k < generators.size(); ++k) {
        add(generators.bus[k], generators.p_max_mw[k], generators.price_cny_per_mwh[k]);
    }
    return c;
}

FlowCase load_any_case(const std::filesystem::path& file, const scenario::LoadOptions& options) {
    return file.extension() == ".m" ? load_case(file) : load_scenario_case(file, options);
}

} // namespace yuanwang::workloads
