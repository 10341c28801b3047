#include "network/network.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "models/grid/line.hpp"
#include "models/grid/transformer.hpp"
#include "network/per_unit.hpp"

namespace yuanwang::network {

namespace {

constexpr double rating_temperature_c = 70; // the conductor temperature that GB 50545 allows

/// One branch before it becomes a row.
struct Branch {
    std::string id;
    BranchKind kind{};
    std::size_t element = 0;
    int circuit = 1;
    BusIdx from;
    BusIdx to;
    double r_pu = 0;
    double x_pu = 0;
    double g_from_pu = 0;
    double b_from_pu = 0;
    double g_to_pu = 0;
    double b_to_pu = 0;
    double ratio = 1;
    double shift_rad = 0;
    double rate_mva = 0;
    double rate_emergency_mva = 0;
    bool in_service = true;
};

BranchIdx add_branch(Network& grid, Branch branch) {
    const BranchIdx k{grid.n_branch()};
    if (std::hypot(branch.r_pu, branch.x_pu) < min_impedance_pu) {
        branch.r_pu = 0;
        branch.x_pu = std::copysign(min_impedance_pu, branch.x_pu);
        grid.zero_impedance.push_back(k);
    }
    Branches& b = grid.branches;
    b.id.push_back(std::move(branch.id));
    b.kind.push_back(branch.kind);
    b.element.push_back(static_cast<std::int32_t>(branch.element));
    b.circuit.push_back(branch.circuit);
    b.from.push_back(branch.from);
    b.to.push_back(branch.to);
    b.r_pu.push_back(branch.r_pu);
    b.x_pu.push_back(branch.x_pu);
    b.g_from_pu.push_back(branch.g_from_pu);
    b.b_from_pu.push_back(branch.b_from_pu);
    b.g_to_pu.push_back(branch.g_to_pu);
    b.b_to_pu.push_back(branch.b_to_pu);
    b.ratio.push_back(branch.ratio);
    b.shift_rad.push_back(branch.shift_rad);
    b.rate_mva.push_back(branch.rate_mva);
    b.rate_emergency_mva.push_back(branch.rate_emergency_mva);
    b.in_service.push_back(branch.in_service);
    return k;
}

std::string circuit_id(const std::string& id, int circuit) {
    return id + "/" + std::to_string(circuit);
}

BusIdx add_bus(Network& grid, std::string id, double base_kv) {
    const BusIdx i{grid.n_bus++};
    grid.bus_id.push_back(std::move(id));
    grid.base_kv.push_back(base_kv);
    grid.node.push_back(i);
    grid.g_fixed_pu.push_back(0);
    grid.b_fixed_pu.push_back(0);
    return i;
}

void add_buses(Network& grid, const Buses& buses) {
    for (const BusIdx i : rows<BusIdx>(buses.size())) {
        add_bus(grid, buses.id[i.row()], buses.base_kv[i]);
    }
    grid.n_written_bus = grid.n_bus;
}

/// Constants per kilometre: as written where they are, from the conductor where not.
models::LineConstants line_constants(const Lines& lines, LineIdx l) {
    models::LineConstants constants;
    if (const models::Conductor* conductor = models::find_conductor(lines.conductor[l])) {
        constants = models::compute_line_constants(*conductor,
                                                   {.bundle = lines.bundle[l],
                                                    .bundle_spacing_m = lines.bundle_spacing_m[l],
                                                    .phase_spacing_m = lines.phase_spacing_m[l]},
                                                   lines.conductor_temperature_c[l]);
    }
    return {.r_ohm_per_km = lines.r_ohm_per_km[l].value_or(constants.r_ohm_per_km),
            .x_ohm_per_km = lines.x_ohm_per_km[l].value_or(constants.x_ohm_per_km),
            .b_us_per_km = lines.b_us_per_km[l].value_or(constants.b_us_per_km)};
}

/// The rate written, or the thermal rating of the bundle, or 0 where neither is known.
double line_rate_mva(const Lines& lines, LineIdx l, double base_kv) {
    if (lines.rate_mva[l]) {
        return *lines.rate_mva[l];
    }
    const models::Conductor* conductor = models::find_conductor(lines.conductor[l]);
    if (conductor == nullptr) {
        return 0;
    }
    const double ampere = models::compute_ampacity_a(
        *conductor, {.ambient_temperature_c = lines.ambient_temperature_c[l],
                     .altitude_m = lines.altitude_m[l],
                     .conductor_temperature_c = rating_temperature_c});
    return current_to_mva(lines.bundle[l] * ampere, base_kv);
}

void add_lines(Network& grid, const Lines& lines) {
    for (const LineIdx l : rows<LineIdx>(lines.size())) {
        const double base_kv = grid.base_kv[lines.from[l]];
        const models::LinePi pi = models::make_line_pi(line_constants(lines, l), lines.length_km[l],
                                                       lines.reactor_compensation[l]);
        const double rate_mva = line_rate_mva(lines, l, base_kv);
        const double g_pu = admittance_to_pu(pi.g_end_us, base_kv);
        const double b_pu = admittance_to_pu(pi.b_end_us, base_kv);
        for (int circuit = 1; circuit <= lines.circuits[l]; ++circuit) {
            add_branch(grid, {.id = circuit_id(lines.id[l.row()], circuit),
                              .kind = BranchKind::line,
                              .element = l.row(),
                              .circuit = circuit,
                              .from = lines.from[l],
                              .to = lines.to[l],
                              .r_pu = impedance_to_pu(pi.r_ohm, base_kv),
                              .x_pu = impedance_to_pu(pi.x_ohm, base_kv),
                              .g_from_pu = g_pu,
                              .b_from_pu = b_pu,
                              .g_to_pu = g_pu,
                              .b_to_pu = b_pu,
                              .rate_mva = rate_mva,
                              .rate_emergency_mva = lines.rate_emergency_mva[l].value_or(rate_mva),
                              .in_service = lines.closed[l]});
        }
    }
}

void add_impedance_branches(Network& grid, const ImpedanceBranches& branches) {
    for (std::size_t m = 0; m < branches.size(); ++m) {
        const double rate_mva = branches.rate_mva[m].value_or(0);
        add_branch(grid, {.id = branches.id[m],
                          .kind = BranchKind::impedance,
                          .element = m,
                          .from = branches.from[m],
                          .to = branches.to[m],
                          .r_pu = branches.r_pu[m],
                          .x_pu = branches.x_pu[m],
                          .b_from_pu = branches.b_pu[m] / 2,
                          .b_to_pu = branches.b_pu[m] / 2,
                          .ratio = branches.ratio[m],
                          .shift_rad = degree_to_rad(branches.shift_degree[m]),
                          .rate_mva = rate_mva,
                          .rate_emergency_mva = rate_mva,
                          .in_service = branches.closed[m]});
    }
}

/// Adds the tap changer of a transformer and sets its branches to the scheduled position.
void add_tap(Network& grid, const TapChangers& tap, std::size_t row, TransformerIdx transformer,
             std::vector<BranchIdx> branches, BusIdx default_bus, bool inverse) {
    Taps& taps = grid.taps;
    taps.nominal_ratio.push_back(grid.branches.ratio[branches.front()]);
    taps.branches.push_back(std::move(branches));
    taps.transformer.push_back(transformer);
    const BusIdx regulated = tap.regulated_bus[row];
    taps.regulated_bus.push_back(regulated.valid() ? regulated : default_bus);
    taps.on_load.push_back(tap.on_load[row]);
    taps.tap_min.push_back(tap.tap_min[row]);
    taps.tap_max.push_back(tap.tap_max[row]);
    taps.position.push_back(tap.position[row]);
    taps.vm_target_pu.push_back(tap.vm_target_pu[row]);
    taps.dead_band_pu.push_back(tap.dead_band_pu[row]);
    taps.step.push_back(models::tap_turns(1, tap.step_percent[row]) - 1);
    taps.inverse.push_back(inverse);

    const std::size_t last = taps.size() - 1;
    for (const BranchIdx k : taps.branches[last]) {
        grid.branches.ratio[k] = taps.ratio_at(last, taps.position[last]);
    }
}

void add_transformers(Network& grid, const Transformers& transformers) {
    for (const TransformerIdx x : rows<TransformerIdx>(transformers.size())) {
        const BusIdx hv = transformers.hv[x];
        const BusIdx lv = transformers.lv[x];
        const double rate_mva = transformers.rate_mva[x];
        const double hv_kv = transformers.hv_kv[x].value_or(grid.base_kv[hv]);
        const double lv_kv = transformers.lv_kv[x].value_or(grid.base_kv[lv]);
        const models::TransformerModel model =
            models::make_two_winding({.rate_mva = rate_mva,
                                      .uk_percent = transformers.uk_percent[x],
                                      .ukr_percent = transformers.ukr_percent[x],
                                      .i0_percent = transformers.i0_percent[x],
                                      .p_iron_kw = transformers.p_iron_kw[x]});
        const auto series = [&](double pu) {
            return plate_impedance_to_pu(pu, rate_mva, lv_kv, grid.base_kv[lv]);
        };
        const auto half_shunt = [&](double pu) {
            return plate_admittance_to_pu(pu / 2, rate_mva, lv_kv, grid.base_kv[lv]);
        };
        std::vector<BranchIdx> units;
        for (int unit = 1; unit <= transformers.units[x]; ++unit) {
            units.push_back(add_branch(
                grid, {.id = circuit_id(transformers.id[x.row()], unit),
                       .kind = BranchKind::transformer,
                       .element = x.row(),
                       .circuit = unit,
                       .from = hv,
                       .to = lv,
                       .r_pu = series(model.r_pu),
                       .x_pu = series(model.x_pu),
                       .g_from_pu = half_shunt(model.g_pu),
                       .b_from_pu = half_shunt(model.b_pu),
                       .g_to_pu = half_shunt(model.g_pu),
                       .b_to_pu = half_shunt(model.b_pu),
                       .ratio = (hv_kv / grid.base_kv[hv]) / (lv_kv / grid.base_kv[lv]),
                       .shift_rad = degree_to_rad(transformers.shift_degree[x]),
                       .rate_mva = rate_mva,
                       .rate_emergency_mva = transformers.rate_emergency_mva[x].value_or(rate_mva),
                       .in_service = transformers.closed[x]}));
        }
        if (!units.empty()) {
            const bool inverse = transformers.tap.side[x.row()] == TapSide::lv;
            add_tap(grid, transformers.tap, x.row(), x, std::move(units), lv, inverse);
        }
    }
}

/// One unit of a three-winding transformer: its star bus and the three windings, each from its
/// terminal to the star. Returns the hv and mv branches.
std::pair<BranchIdx, BranchIdx> add_star(Network& grid, const ThreeWindingTransformers& list,
                                         std::size_t m, int unit, const models::StarModel& model) {
    const std::string id = circuit_id(list.id[m], unit);
    const double base_kv = grid.base_kv[list.hv[m]];
    const double rate_mva = list.rate_hv_mva[m];
    const BusIdx star = add_bus(grid, id + ".star", base_kv);
    // Per unit of rated voltages on the star side of every ratio, so only the power base changes.
    const auto winding = [&](const char* name, BranchKind kind, BusIdx bus,
                             std::optional<double> rated_kv, double r, double x, double rate,
                             double rate_emergency) -> Branch {
        return {.id = id + name,
                .kind = kind,
                .element = m,
                .circuit = unit,
                .from = bus,
                .to = star,
                .r_pu = r * base_mva / rate_mva,
                .x_pu = x * base_mva / rate_mva,
                .ratio = rated_kv.value_or(grid.base_kv[bus]) / grid.base_kv[bus],
                .rate_mva = rate,
                .rate_emergency_mva = rate_emergency,
                .in_service = list.closed[m]};
    };
    // What the unit may carry after an outage, over its rating: all windings share core, oil and coolers.
    const double relief = list.rate_emergency_mva[m].value_or(rate_mva) / rate_mva;
    Branch hv = winding(".hv", BranchKind::winding_hv, list.hv[m], list.hv_kv[m], model.r_hv_pu,
                        model.x_hv_pu, rate_mva, relief * rate_mva);
    hv.g_to_pu = model.g_pu * rate_mva / base_mva;
    hv.b_to_pu = model.b_pu * rate_mva / base_mva;
    const BranchIdx hv_branch = add_branch(grid, std::move(hv));
    const BranchIdx mv_branch = add_branch(
        grid, winding(".mv", BranchKind::winding_mv, list.mv[m], list.mv_kv[m], model.r_mv_pu,
                      model.x_mv_pu, list.rate_mv_mva[m], relief * list.rate_mv_mva[m]));
    add_branch(grid,
               winding(".lv", BranchKind::winding_lv, list.lv[m], list.lv_kv[m], model.r_lv_pu,
                       model.x_lv_pu, list.rate_lv_mva[m], relief * list.rate_lv_mva[m]));
    return {hv_branch, mv_branch};
}

void add_three_winding_transformers(Network& grid, const ThreeWindingTransformers& list,
                                    std::size_t n_two_winding) {
    for (std::size_t m = 0; m < list.size(); ++m) {
        const models::StarModel model =
            models::make_three_winding({.rate_hv_mva = list.rate_hv_mva[m],
                                        .rate_mv_mva = list.rate_mv_mva[m],
                                        .rate_lv_mva = list.rate_lv_mva[m],
                                        .uk_hm_percent = list.uk_hm_percent[m],
                                        .uk_hl_percent = list.uk_hl_percent[m],
                                        .uk_ml_percent = list.uk_ml_percent[m],
                                        .ukr_hm_percent = list.ukr_hm_percent[m],
                                        .ukr_hl_percent = list.ukr_hl_percent[m],
                                        .ukr_ml_percent = list.ukr_ml_percent[m],
                                        .i0_percent = list.i0_percent[m],
                                        .p_iron_kw = list.p_iron_kw[m]});
        const bool tap_on_mv = list.tap.side[m] == TapSide::lv;
        std::vector<BranchIdx> tapped;
        for (int unit = 1; unit <= list.units[m]; ++unit) {
            const auto [hv, mv] = add_star(grid, list, m, unit, model);
            tapped.push_back(tap_on_mv ? mv : hv);
        }
        if (!tapped.empty()) {
            add_tap(grid, list.tap, m, TransformerIdx{n_two_winding + m}, std::move(tapped),
                    list.mv[m], false);
        }
    }
}

void add_shunts(Network& grid, const Shunts& shunts) {
    for (const ShuntIdx s : rows<ShuntIdx>(shunts.size())) {
        const BusIdx i = shunts.bus[s];
        const double b_step_pu = power_to_pu(shunts.q_step_mvar[s]);
        const BusIdx regulated = shunts.regulated_bus[s];
        grid.g_fixed_pu[i] += power_to_pu(shunts.p_mw[s]);
        if (!shunts.switched[s]) {
            grid.b_fixed_pu[i] += b_step_pu * shunts.steps[s];
        }
        grid.shunt_bus.push_back(i);
        grid.shunt_b_step_pu.push_back(b_step_pu);
        grid.shunt_n_steps.push_back(shunts.n_steps[s]);
        grid.shunt_steps.push_back(shunts.steps[s]);
        grid.shunt_switched.push_back(shunts.switched[s]);
        grid.shunt_regulated_bus.push_back(regulated.valid() ? regulated : i);
        grid.shunt_vm_min_pu.push_back(shunts.vm_min_pu[s]);
        grid.shunt_vm_max_pu.push_back(shunts.vm_max_pu[s]);
    }
}

/// Buses joined by closed switches share the lowest row among them.
void join_switched_buses(Network& grid, const Switches& switches) {
    const auto root = [&](BusIdx i) {
        while (grid.node[i] != i) {
            i = grid.node[i];
        }
        return i;
    };
    for (std::size_t s = 0; s < switches.size(); ++s) {
        if (switches.closed[s]) {
            const BusIdx i = root(switches.from[s]);
            const BusIdx j = root(switches.to[s]);
            grid.node[std::max(i, j)] = std::min(i, j);
        }
    }
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        grid.node[i] = root(i);
    }
}

} // namespace

Network make_network(const Grid& grid) {
    Network network;
    add_buses(network, grid.buses);
    add_lines(network, grid.lines);
    add_impedance_branches(network, grid.branches);
    add_transformers(network, grid.transformers);
    add_three_winding_transformers(network, grid.three_winding_transformers,
                                   grid.transformers.size());
    add_shunts(network, grid.shunts);
    join_switched_buses(network, grid.switches);
    return network;
}

} // namespace yuanwang::network
