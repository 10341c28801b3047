#include "results/results.hpp"

#include <algorithm>
#include <array>

namespace yuanwang::engine {

namespace {

constexpr std::array<std::string_view, n_axis> axis_names = {
    "none",   "bus",  "line",    "transformer", "shunt", "section",
    "source", "load", "storage", "tie",         "tenant"};

constexpr std::string_view into_grid = "into the grid positive";
constexpr std::string_view from_to = "from -> to positive";
constexpr std::string_view into_transformer = "from the hv bus into the transformer positive";
constexpr std::string_view consumed = "consumption positive";
constexpr std::string_view discharged = "discharge positive, charge negative";
constexpr std::string_view imported = "import positive, export negative";
constexpr std::string_view unsigned_number = "never negative";
constexpr std::string_view lost =
    "consumption positive, negative where fixed shunts or resistances feed in";
constexpr std::string_view no_sign = "none";

constexpr double mw = 1e-3;
constexpr double percent = 1e-2;
constexpr double whole = 1.0;
constexpr double ratio = 1e-3;
constexpr double as_float = 0.0;

using B = BlockResult;

constexpr std::array variables = {
    Variable{"bus_vm_pu", "1", "voltage magnitude of the bus, per unit of base_kv", unsigned_number,
             Axis::bus, &B::bus_vm_pu, 1e-6, 4},
    Variable{"bus_va_degree", "degree", "voltage angle of the bus against the reference bus",
             "leading the reference positive", Axis::bus, &B::bus_va_degree, 1e-6, 1e3},
    Variable{"bus_price_cny_per_mwh", "CNY/MWh",
             "what one more MWh at the bus would cost (plans only)", no_sign, Axis::bus,
             &B::bus_price_cny_per_mwh, percent},
    Variable{
        "bus_green_share", "1",
        "share of green energy in what the network hands on at the bus, traced along the flows",
        unsigned_number, Axis::bus, &B::bus_green_share, 1e-4, 1},
    Variable{"line_p_from_mw", "MW", "active power into the line at its from end, all circuits",
             from_to, Axis::line, &B::line_p_from_mw, mw},
    Variable{"line_q_from_mvar", "Mvar",
             "reactive power into the line at its from end, all circuits", from_to, Axis::line,
             &B::line_q_from_mvar, mw},
    Variable{"line_loading_percent", "percent",
             "loading of the worst circuit at its worse end, of the normal rating", unsigned_number,
             Axis::line, &B::line_loading_percent, percent},
    Variable{"transformer_p_hv_mw", "MW", "active power into the transformer at its hv bus",
             into_transformer, Axis::transformer, &B::transformer_p_hv_mw, mw},
    Variable{"transformer_q_hv_mvar", "Mvar", "reactive power into the transformer at its hv bus",
             into_transformer, Axis::transformer, &B::transformer_q_hv_mvar, mw},
    Variable{"transformer_loading_percent", "percent",
             "loading of the worst unit and winding, of the normal rating", unsigned_number,
             Axis::transformer, &B::transformer_loading_percent, percent},
    Variable{"line_n1_loading_percent", "percent",
             "loading of the worst circuit after the worst outage, of the emergency rating; by DC "
             "its active power",
             unsigned_number, Axis::line, &B::line_n1_loading_percent, percent},
    Variable{"line_n1_outage", "1",
             "that outage: rows of the line, transformer, source, storage and bus axes, then of "
             "studies.n_1.pairs; -1 none",
             no_sign, Axis::line, &B::line_n1_outage, whole},
    Variable{"transformer_n1_loading_percent", "percent",
             "loading of the worst unit after the worst outage, of the emergency rating; by DC its "
             "active power and of three windings the hv one",
             unsigned_number, Axis::transformer, &B::transformer_n1_loading_percent, percent},
    Variable{"transformer_n1_outage", "1",
             "that outage: rows of the line, transformer, source, storage and bus axes, then of "
             "studies.n_1.pairs; -1 none",
             no_sign, Axis::transformer, &B::transformer_n1_outage, whole},
    Variable{"bus_n1_vm_min_pu", "1", "voltage of the bus after the outage that pulls it lowest",
             unsigned_number, Axis::bus, &B::bus_n1_vm_min_pu, 1e-5, 4},
    Variable{"bus_n1_vm_max_pu", "1", "voltage of the bus after the outage that lifts it highest",
             unsigned_number, Axis::bus, &B::bus_n1_vm_max_pu, 1e-5, 4},
    Variable{"transformer_tap", "1", "position of the tap changer", no_sign, Axis::transformer,
             &B::transformer_tap, whole},
    Variable{"shunt_steps", "1", "steps of the shunt that are switched in", unsigned_number,
             Axis::shunt, &B::shunt_steps, whole},
    Variable{"section_p_mw", "MW", "signed sum of the branch flows of the section",
             "as the signs of the section", Axis::section, &B::section_p_mw, mw},
    Variable{"source_p_mw", "MW", "active power of the source", into_grid, Axis::source,
             &B::source_p_mw, mw},
    Variable{"source_q_mvar", "Mvar", "reactive power of the source", into_grid, Axis::source,
             &B::source_q_mvar, mw},
    Variable{"source_available_mw", "MW", "active power the source could have given", into_grid,
             Axis::source, &B::source_available_mw, mw},
    Variable{"source_curtailed_mw", "MW", "available wind or sun that was not used",
             unsigned_number, Axis::source, &B::source_curtailed_mw, mw},
    Variable{"source_units_on", "1", "units of the thermal plant that run", unsigned_number,
             Axis::source, &B::source_units_on, whole},
    Variable{"source_short_circuit_ratio", "1",
             "short-circuit power at the station, machines that run, over its rated power",
             unsigned_number, Axis::source, &B::source_short_circuit_ratio, ratio},
    Variable{"source_multi_infeed_ratio", "1",
             "the same with all wind and solar stations at rated power (MRSCR)", unsigned_number,
             Axis::source, &B::source_multi_infeed_ratio, ratio},
    Variable{"load_p_mw", "MW", "active power the load asks for", consumed, Axis::load,
             &B::load_p_mw, mw},
    Variable{"load_unserved_mw", "MW", "active power of the load that was not served",
             unsigned_number, Axis::load, &B::load_unserved_mw, mw},
    Variable{"load_managed_mw", "MW", "active power the load gave up by agreement",
             "given up positive, drawn again after a call negative", Axis::load,
             &B::load_managed_mw, mw},
    Variable{"load_shifted_mw", "MW",
             "of load_p_mw, moved here from other steps or sites by dispatch",
             "moved here positive", Axis::load, &B::load_shifted_mw, mw},
    Variable{"storage_p_mw", "MW", "active power of the storage at the grid side", discharged,
             Axis::storage, &B::storage_p_mw, mw},
    Variable{"storage_e_mwh", "MWh", "stored energy at the end of the step", unsigned_number,
             Axis::storage, &B::storage_e_mwh, mw, 1e6},
    Variable{"storage_capacity_share", "1", "energy capacity left by ageing, of the one when new",
             unsigned_number, Axis::storage, &B::storage_capacity_share, 1e-6, 1},
    Variable{"tenant_p_mw", "MW", "power of a tenant's slice; the slices of a storage sum to it",
             discharged, Axis::tenant, &B::tenant_p_mw, mw},
    Variable{"tenant_e_mwh", "MWh", "stored energy of a tenant at the end of the step",
             unsigned_number, Axis::tenant, &B::tenant_e_mwh, mw, 1e6},
    Variable{"tie_schedule_mw", "MW", "exchange with the external grid as dispatch scheduled it",
             imported, Axis::tie, &B::tie_schedule_mw, mw},
    Variable{"tie_p_mw", "MW", "exchange with the external grid in the AC solution", imported,
             Axis::tie, &B::tie_p_mw, mw},
    Variable{"tie_q_mvar", "Mvar", "reactive exchange with the external grid", imported, Axis::tie,
             &B::tie_q_mvar, mw},
    Variable{"tie_surplus_available_mw", "MW",
             "surplus of wind, sun and water the external grid offers", unsigned_number, Axis::tie,
             &B::tie_surplus_available_mw, mw},
    Variable{"tie_surplus_mw", "MW", "clean surplus in the schedule of the tie", unsigned_number,
             Axis::tie, &B::tie_surplus_mw, mw},
    Variable{"tie_firm_mw", "MW", "firm energy in the schedule of the tie", imported, Axis::tie,
             &B::tie_firm_mw, mw},
    Variable{"demand_mw", "MW", "sum of all loads before anything is unserved", consumed,
             Axis::none, &B::demand_mw, mw, 1e6},
    Variable{"losses_mw", "MW", "losses of branches and fixed shunts in the AC solution", lost,
             Axis::none, &B::losses_mw, mw},
    Variable{"loss_schedule_mw", "MW", "losses dispatch reckoned with", lost, Axis::none,
             &B::loss_schedule_mw, mw},
    Variable{"residual_mw", "MW", "generation less load less losses of the AC solution",
             "surplus of generation positive", Axis::none, &B::residual_mw, as_float},
    Variable{"max_mismatch_mw", "MW", "largest balance any bus misses, active or reactive",
             unsigned_number, Axis::none, &B::max_mismatch_mw, as_float},
    Variable{"green_share", "1", "share of consumption met by green energy of the same step",
             unsigned_number, Axis::none, &B::green_share, 1e-6, 1},
    Variable{"price_cny_per_mwh", "CNY/MWh", "price of the most expensive source called", no_sign,
             Axis::none, &B::price_cny_per_mwh, percent},
    Variable{"commitment_gap_percent", "percent",
             "what a better commitment of units could save at most in the plan of the block, of "
             "its cost (plans only)",
             unsigned_number, Axis::none, &B::commitment_gap_percent, 1e-4, 1e3},
    Variable{"plan_status", "1",
             "how the plan of the block ended: 0 optimal, 1 not_sound, 2 infeasible, "
             "3 iteration_limit, 4 round_limit, 5 rejected; but for 0 the rules dispatched it",
             no_sign, Axis::none, &B::plan_status, whole},
    Variable{"step_status", "1",
             "how the step ended: 0 converged, 1 iteration_limit, 2 singular_jacobian, "
             "3 not_finite, 4 islanded, 5 not_run, 6 doubtful",
             no_sign, Axis::none, &B::step_status, whole},
    Variable{"step_iterations", "1", "Newton iterations over all control rounds", unsigned_number,
             Axis::none, &B::step_iterations, whole},
};

} // namespace

std::string_view units_of_verdict(std::string_view kind) {
    constexpr std::array per_unit = {"voltage", "cause_impedance_slip", "cause_ratio_slip",
                                     "cause_voltage_slip"};
    if (kind == "overload") {
        return "percent";
    }
    if (std::ranges::find(per_unit, kind) != per_unit.end()) {
        return "1";
    }
    if (kind == "cause_load_slip") {
        return "MW or Mvar";
    }
    return kind.starts_with("cause_reactive") ? "Mvar" : "MW";
}

std::string_view to_string(Axis axis) {
    return axis_names[static_cast<std::size_t>(axis)];
}

std::span<const Variable> result_variables() {
    return variables;
}

} // namespace yuanwang::engine
