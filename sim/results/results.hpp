/// @file
/// What a run leaves behind: axes, columns over time, sparse tables, the summary. A `ResultSink` receives them block by
/// block, so that a year never lies in memory at once.
///
/// One table (`result_variables`) names every variable over time with unit, sign and axis; writer, reader and report all
/// go by it. Into the grid is positive; the consumption of a load is positive under the name `load_p_mw`.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/name.hpp"
#include "core/series.hpp"
#include "core/status.hpp"
#include "core/time_axis.hpp"
#include "results/explained.hpp"
#include "results/failed_step.hpp"
#include "results/run_finding.hpp"

namespace yuanwang::engine {

enum class Axis : std::uint8_t {
    none,
    bus,
    line,
    transformer,
    shunt,
    section,
    source,
    load,
    storage,
    tie,
    tenant
};
inline constexpr std::size_t n_axis = 11;
[[nodiscard]] std::string_view to_string(Axis axis);

/// One element on a result axis. Fields that do not apply stay at their defaults.
struct AxisEntry {
    std::string id;
    Name name;
    /// source: solar, wind, hydro, thermal, waste, generator, hvdc; load: category; transformer:
    /// 2w, 3w; storage: battery, flywheel, supercapacitor, pumped_hydro; tenant: id of its storage
    std::string kind;
    std::string zone; ///< district of its substation
    bool in_city = false;
    double base_kv = 0; ///< voltage level (hv side)
    /// MW of a source, MVA of a line (all circuits) or transformer (all units), MWh of a storage,
    /// MW limit of a section
    double rating = 0;
    double latitude_degree = 0; ///< buses and what stands at one bus
    double longitude_degree = 0;
    std::string from; ///< bus ids of a line or transformer; bus of a source, storage, shunt
    std::string to;
    std::string substation;      ///< of a bus
    std::string substation_kind; ///< public, user, plant, boundary
    int parallel = 1;            ///< circuits or units
};

/// The union of all elements over all epochs; a line or transformer is one entry with all circuits or units.
struct ResultAxes {
    TimeAxis time;
    std::vector<AxisEntry> entries[n_axis];
    [[nodiscard]] const std::vector<AxisEntry>& of(Axis axis) const {
        return entries[static_cast<std::size_t>(axis)];
    }
    [[nodiscard]] std::vector<AxisEntry>& of(Axis axis) {
        return entries[static_cast<std::size_t>(axis)];
    }
};

/// Columns of one block, [n_entry × n_step]; NaN while an element is out of service or a step did not converge.
struct BlockResult {
    StepRange steps;
    Series bus_vm_pu;
    Series bus_va_degree;
    /// what one more MWh at the bus would cost; dispatch that plans only
    Series bus_price_cny_per_mwh;
    Series bus_green_share; ///< traced along the flows (green_trace.hpp)
    Series line_p_from_mw;  ///< sum of circuits
    Series line_q_from_mvar;
    Series line_loading_percent; ///< worst circuit, of its normal rating
    Series transformer_p_hv_mw;
    Series transformer_q_hv_mvar;
    Series transformer_loading_percent; ///< worst unit and winding
    /// after the worst outage, of the emergency rating (n1_screen.hpp, n1_ac.hpp)
    Series line_n1_loading_percent;
    /// that outage: row of the joint list of outage_names.hpp; −1 none
    Series line_n1_outage;
    Series transformer_n1_loading_percent;
    Series transformer_n1_outage;
    Series
        bus_n1_vm_min_pu; ///< after the outage that pulls it lowest; NaN where the study looks at no voltages
    Series bus_n1_vm_max_pu;
    Series transformer_tap;
    Series shunt_steps;
    Series section_p_mw;
    Series source_p_mw;
    Series source_q_mvar;
    Series source_available_mw;
    Series source_curtailed_mw;
    Series source_units_on; ///< of thermal plants
    /// of wind and solar stations with the machines that run (security/system_strength.hpp)
    Series source_short_circuit_ratio;
    Series source_multi_infeed_ratio;
    Series load_p_mw;
    Series load_unserved_mw;
    Series load_managed_mw; ///< given up by agreement; negative: what comes back after a call
    Series load_shifted_mw; ///< of load_p_mw, moved here from other steps or sites; negative: away
    Series storage_p_mw;    ///< discharge positive
    Series storage_e_mwh;   ///< at the end of the step
    Series storage_capacity_share; ///< of the energy when new, left by ageing
    Series tenant_p_mw;            ///< discharge positive; the slices of a storage sum to it
    Series tenant_e_mwh;           ///< at the end of the step
    Series tie_schedule_mw;        ///< dispatch: import positive
    Series tie_p_mw;               ///< AC: import positive
    Series tie_q_mvar;
    Series tie_surplus_available_mw; ///< clean surplus behind the tie
    Series tie_surplus_mw;           ///< of the schedule, clean surplus
    Series tie_firm_mw;              ///< of the schedule, firm energy (negative: export)
    Series demand_mw;                ///< [1 × n_step] sum of loads, before any unserved
    Series losses_mw;                ///< [1 × n_step] AC
    Series loss_schedule_mw;         ///< [1 × n_step] what dispatch reckoned with
    Series residual_mw;              ///< [1 × n_step] system balance of the AC solution
    Series max_mismatch_mw;          ///< [1 × n_step] worst bus
    Series green_share;              ///< [1 × n_step] of consumption, hourly matched
    Series price_cny_per_mwh; ///< [1 × n_step] of the last source called, highest of all islands
    Series commitment_gap_percent; ///< [1 × n_step] of the plan of the block; NaN: none asked for
    Series plan_status;            ///< [1 × n_step] program::SolveStatus; NaN: no plan asked for
    Series step_status;            ///< [1 × n_step] StepStatus
    Series step_iterations;
};

/// A variable over time, as written to `results.nc`.
struct Variable {
    std::string_view name;
    std::string_view units;
    std::string_view long_name;
    std::string_view sign_convention;
    Axis axis;
    Series BlockResult::*column;
    double resolution; ///< values are rounded to this before they are stored; 0: kept as float32
    /// Magnitude up to which the resolution holds; beyond it a value keeps the digits of its type.
    double largest = 1e4;
    /// float32 has 24 bits: what needs more to hold the resolution is stored as double.
    [[nodiscard]] constexpr bool needs_double() const {
        return resolution > 0 && largest / resolution > static_cast<double>(1U << 24U);
    }
};
[[nodiscard]] std::span<const Variable> result_variables();

/// A row of the curtailment ledger.
struct CurtailmentRow {
    std::uint32_t step = 0;
    std::uint32_t source = 0; ///< row on the source axis
    /// surplus, branch_n, section, station_limit, minimum_output, storage_full, voltage, …
    std::string cause;
    std::string branch; ///< id of the limiting branch or section; empty where none
    std::string outage;
    double mwh = 0;
};

/// Something out of its limits, in the base state or after an outage.
struct VerdictRow {
    std::uint32_t step = 0;
    std::string outage; ///< empty: base state
    std::string element;
    std::string kind; ///< overload, voltage, section, lost_load, non_convergence
    double value = 0; ///< unit by kind: units_of_verdict; sections and causes keep their sign
    double limit = 0;
};

/// `percent` of an overload, `1` (per unit) of a voltage, reactance or ratio, `Mvar` of reactive power, else `MW`.
[[nodiscard]] std::string_view units_of_verdict(std::string_view kind);

/// One enterprise called for load management in one step: the order, so that it can be replayed.
struct ManagedCallRow {
    std::uint32_t step = 0;
    std::string group;        ///< id in `loads.managed`
    std::uint32_t record = 0; ///< of the group, from 0
    std::string bus;
    std::uint32_t shed_class = 0;
    std::uint32_t round = 0;
    double mw = 0;
};

/// What `summary.json` holds. Ordered maps: the same run gives the same bytes.
struct Summary {
    std::string scenario_id;
    Name scenario_name;
    std::map<std::string, double> counts;
    std::map<std::string, double> steps; ///< total, converged, and each status
    /// max_bus_mismatch_mw, max_residual_mw, energy_balance_mwh, …
    std::map<std::string, double> balance;
    std::map<std::string, double> indicators;
    std::map<std::string, double> curtailed_mwh_by_cause;
    struct CurtailedEnergy { ///< of wind and sun, rows of the ledger with the same names together
        std::string cause;
        std::string branch; ///< branch, section, tie or station in the way; empty: none
        std::string outage; ///< after which it is; empty: in the base state
        double mwh = 0;
        double hours = 0;
    };
    std::vector<CurtailedEnergy> curtailed; ///< most first
    std::map<std::string, double> energy_mwh_by_kind;
    struct Calibration {
        std::string id;
        Name name;
        std::string indicator;
        double value = 0;
        double min = 0;
        double max = 0;
        bool inside = false;
        std::string source;
        bool judged = true; ///< false: a band of a year in a shorter run
    };
    std::vector<Calibration> calibration;
    /// a day worth looking at: winter peak, summer noon, spring night, lowest net load
    struct TypicalDay {
        std::string id;
        Name name;
        StepRange steps;
    };
    std::vector<TypicalDay> typical_days;
    struct N1Outage { ///< an outage and what it loads most over the run
        std::string outage;
        std::string element;
        std::uint32_t step = 0;
        double loading_percent = 0; ///< of the rating after an outage
        double normal_percent = 0;  ///< of the rating without end
        double emergency_duration_h =
            0; ///< how long the element may carry the former; 0: no such rating
        /// steps in which this outage is the worst of some element above its limit
        double hours_above_100 = 0;
    };
    std::vector<std::string>
        n1_covers; ///< kinds of outages looked at, words of `studies.n_1.outages` and `pairs`
    std::vector<N1Outage> n1_worst; ///< at most ten, heaviest first
    struct
        N1Voltage { ///< an outage and the voltage it takes nearest to, or furthest out of, its band
        std::string outage;
        std::string bus;
        std::uint32_t step = 0;
        double vm_pu = 0;
        double margin_pu = 0; ///< to the bound; negative: outside
        double hours_outside =
            0; ///< in which this outage is the worst of some bus outside its band
    };
    std::vector<N1Voltage> n1_voltage; ///< at most ten, smallest margin first
    struct N1Unsolved {                ///< an outage without a solution
        std::string outage;
        double hours = 0;
        std::uint32_t first_step = 0;
    };
    std::vector<N1Unsolved> n1_unsolved; ///< at most ten, most hours first
    struct N1Bridge {                    ///< an outage that splits the grid
        std::string outage;
        double load_mw = 0; ///< on the buses it cuts off, at the hour of the highest demand
    };
    std::vector<N1Bridge> n1_cut_off; ///< at most ten, most load first
    struct FaultLevel {               ///< short circuits at a bus (security/short_circuit.hpp)
        std::string bus;
        double base_kv = 0;
        double ik3_max_ka = 0; ///< all machines on; the largest of all epochs, as are the next ones
        double ik2_max_ka = 0;
        double ip_ka = 0;
        double ib_ka = 0;
        double ith_ka = 0;
        double sk_max_mva = 0;
        double r_over_x = 0;
        double converter_ka = 0; ///< of ik3_max_ka
        double ik3_min_ka = 0;   ///< with the machines that run, the smallest of all steps
        double ik2_min_ka = 0;
        double breaker_ka = 0;              ///< NaN: not known
        std::vector<double> variant_ik3_ka; ///< ik3_max_ka in each of `switching_variants`
    };
    std::vector<FaultLevel> fault_levels; ///< the bus axis; empty where none were computed
    struct Variant {
        std::string id;
        Name name;
    };
    std::vector<Variant> switching_variants;
    struct Strength { ///< of a wind or solar station
        std::string source;
        double p_rated_mw = 0;
        double sk_min_mva = 0; ///< in the step of the least ratio
        double scr_min = 0;
        double mrscr_min = 0;
        double mrscr_mean = 0;
        double weak_hours = 0; ///< below `mrscr_limit`
    };
    std::vector<Strength> system_strength;
    double mrscr_limit = 0;
    /// The first without a power flow, see failure_account.hpp.
    std::vector<FailedStep> failed_steps;
    struct BindingLimit { ///< of the grid, that held a plan back (price_account.hpp)
        std::string element;
        std::string outage;          ///< empty: in the base state
        double hours = 0;            ///< of its circuits or units together
        double value_cny_per_mw = 0; ///< over the run, of one MW more
        double rent_cny = 0;
        double max_cny_per_mwh = 0;
    };
    std::vector<BindingLimit> binding_limits; ///< at most twenty, highest rent first
    struct BrokenLimit { ///< of the grid, that a plan leaves broken (broken_limit_account.hpp)
        std::string element;
        std::string outage; ///< empty: in the base state
        double hours = 0;
        double hours_unavoidable = 0; ///< the plan found no way but cutting load off to keep it
        double worst_percent = 0;
        double relaxation_mw = 0; ///< most of an hour: with it the plan would have kept the limit
        std::uint32_t step = 0;   ///< of the worst
    };
    std::vector<BrokenLimit> broken_limits; ///< most hours first
    std::vector<RunFinding> findings;       ///< what a reader must know first, gravest first
    /// Hours an indicator covers, where steps without a solution leave it less than the run.
    std::map<std::string, double> covered_hours;
    Explanations explanations; ///< of blocks that could not be dispatched as asked
    /// Facts of single devices: family, id, fact (with its unit in the name).
    std::map<std::string, std::map<std::string, std::map<std::string, double>>> devices;
};

class ResultSink {
  public:
    virtual ~ResultSink() = default;
    virtual void begin(const ResultAxes& axes) = 0;
    virtual void write(const BlockResult& block) = 0;
    virtual void write_curtailment(std::span<const CurtailmentRow> rows) = 0;
    virtual void write_verdicts(std::span<const VerdictRow> rows) = 0;
    virtual void write_managed_calls(std::span<const ManagedCallRow> rows) {
        static_cast<void>(rows);
    }
    virtual void finish(const Summary& summary) = 0;
};

} // namespace yuanwang::engine
