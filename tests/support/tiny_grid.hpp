/// @file
/// Grids of a few buses for tests, written down element by element.
#pragma once

#include <string>
#include <utility>

#include "network/grid.hpp"

namespace yuanwang::testing {

/// Builds a `Grid` with ordinary values wherever a test does not care.
struct TinyGrid {
    network::Grid grid;

    BusIdx bus(std::string id, double base_kv = 110) {
        network::Buses& buses = grid.buses;
        buses.id.push_back(std::move(id));
        buses.name.emplace_back();
        buses.substation.push_back(SubstationIdx{});
        buses.base_kv.push_back(base_kv);
        buses.vm_min_pu.push_back(0.9);
        buses.vm_max_pu.push_back(1.1);
        buses.vm_emergency_min_pu.push_back(0.85);
        buses.vm_emergency_max_pu.push_back(1.15);
        return BusIdx{buses.size() - 1};
    }

    /// Branch in per unit on 100 MVA.
    std::size_t branch(BusIdx from, BusIdx to, double r_pu, double x_pu, double b_pu = 0,
                       bool closed = true) {
        network::ImpedanceBranches& branches = grid.branches;
        branches.id.push_back("b" + std::to_string(branches.size()));
        branches.name.emplace_back();
        branches.from.push_back(from);
        branches.to.push_back(to);
        branches.r_pu.push_back(r_pu);
        branches.x_pu.push_back(x_pu);
        branches.b_pu.push_back(b_pu);
        branches.ratio.push_back(1);
        branches.shift_degree.push_back(0);
        branches.rate_mva.emplace_back();
        branches.closed.push_back(closed);
        return branches.size() - 1;
    }

    LineIdx line(BusIdx from, BusIdx to, double length_km, int circuits = 1) {
        network::Lines& lines = grid.lines;
        lines.id.push_back("l" + std::to_string(lines.size()));
        lines.name.emplace_back();
        lines.from.push_back(from);
        lines.to.push_back(to);
        lines.circuits.push_back(circuits);
        lines.length_km.push_back(length_km);
        lines.conductor.push_back("LGJ-300/40");
        lines.bundle.push_back(2);
        lines.bundle_spacing_m.push_back(0.4);
        lines.phase_spacing_m.push_back(8);
        lines.conductor_temperature_c.push_back(70);
        lines.r_ohm_per_km.push_back({});
        lines.x_ohm_per_km.push_back({});
        lines.b_us_per_km.push_back({});
        lines.reactor_compensation.push_back(0);
        lines.rate_mva.push_back({});
        lines.rate_emergency_mva.push_back({});
        lines.emergency_duration_h.push_back(0.5);
        lines.ambient_temperature_c.push_back(30);
        lines.altitude_m.push_back(2261);
        lines.closed.push_back(true);
        return LineIdx{lines.size() - 1};
    }

    /// 100 MVA, uk 10 %, lossless, tap ±8 × 1.25 % on the hv side that keeps the lv bus at 1.0 ± 0.01.
    TransformerIdx transformer(BusIdx hv, BusIdx lv, int units = 1, bool on_load = true) {
        network::Transformers& list = grid.transformers;
        list.id.push_back("t" + std::to_string(list.size()));
        list.name.emplace_back();
        list.hv.push_back(hv);
        list.lv.push_back(lv);
        list.units.push_back(units);
        list.rate_mva.push_back(100);
        list.rate_emergency_mva.push_back({});
        list.emergency_duration_h.push_back(2);
        list.uk_percent.push_back(10);
        list.ukr_percent.push_back(0);
        list.i0_percent.push_back(0);
        list.p_iron_kw.push_back(0);
        list.hv_kv.push_back({});
        list.lv_kv.push_back({});
        list.shift_degree.push_back(0);
        list.closed.push_back(true);
        tap(list.tap, on_load);
        return TransformerIdx{list.size() - 1};
    }

    std::size_t three_winding(BusIdx hv, BusIdx mv, BusIdx lv) {
        network::ThreeWindingTransformers& list = grid.three_winding_transformers;
        list.id.push_back("w" + std::to_string(list.size()));
        list.name.emplace_back();
        list.hv.push_back(hv);
        list.mv.push_back(mv);
        list.lv.push_back(lv);
        list.units.push_back(1);
        list.rate_hv_mva.push_back(200);
        list.rate_mv_mva.push_back(200);
        list.rate_lv_mva.push_back(80);
        list.rate_emergency_mva.emplace_back();
        list.emergency_duration_h.push_back(2);
        list.uk_hm_percent.push_back(10.5);
        list.uk_hl_percent.push_back(38);
        list.uk_ml_percent.push_back(25);
        list.ukr_hm_percent.push_back(0.2);
        list.ukr_hl_percent.push_back(0.3);
        list.ukr_ml_percent.push_back(0.3);
        list.i0_percent.push_back(0.45);
        list.p_iron_kw.push_back(100);
        list.hv_kv.emplace_back();
        list.mv_kv.emplace_back();
        list.lv_kv.emplace_back();
        list.closed.push_back(true);
        tap(list.tap, true);
        return list.size() - 1;
    }

    ShuntIdx shunt(BusIdx bus, double q_step_mvar, int n_steps, int steps = 0,
                   bool switched = true) {
        network::Shunts& shunts = grid.shunts;
        shunts.id.push_back("s" + std::to_string(shunts.size()));
        shunts.name.emplace_back();
        shunts.bus.push_back(bus);
        shunts.p_mw.push_back(0);
        shunts.q_step_mvar.push_back(q_step_mvar);
        shunts.n_steps.push_back(n_steps);
        shunts.steps.push_back(steps);
        shunts.switched.push_back(switched);
        shunts.regulated_bus.push_back(BusIdx{});
        shunts.vm_min_pu.push_back(0.97);
        shunts.vm_max_pu.push_back(1.07);
        return ShuntIdx{shunts.size() - 1};
    }

    void coupler(BusIdx from, BusIdx to, bool closed = true) {
        network::Switches& switches = grid.switches;
        switches.id.push_back("q" + std::to_string(switches.size()));
        switches.name.emplace_back();
        switches.from.push_back(from);
        switches.to.push_back(to);
        switches.closed.push_back(closed);
    }

  private:
    static void tap(network::TapChangers& tap, bool on_load) {
        tap.on_load.push_back(on_load);
        tap.side.push_back(network::TapSide::hv);
        tap.tap_min.push_back(-8);
        tap.tap_max.push_back(8);
        tap.step_percent.push_back(1.25);
        tap.position.push_back(0);
        tap.regulated_bus.push_back(BusIdx{});
        tap.vm_target_pu.push_back(1.0);
        tap.dead_band_pu.push_back(0.01);
    }
};

} // namespace yuanwang::testing
