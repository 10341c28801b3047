/// @file
/// The grid as a planner writes it: substations, buses, lines, transformers, shunts, switches, sections. Columns, in
/// physical units; nothing here is computed. network/network.hpp makes the electrical model from it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/index.hpp"
#include "core/name.hpp"

namespace yuanwang::network {

/// What every list of elements begins with.
struct Elements {
    std::vector<std::string> id; ///< stable text id, unique in its list
    std::vector<Name> name;
    [[nodiscard]] std::size_t size() const { return id.size(); }
    friend bool operator==(const Elements&, const Elements&) = default;
};

enum class SubstationKind : std::uint8_t { public_station, user, plant, boundary };

struct Substations : Elements {
    std::vector<std::string> zone; ///< district or park the station lies in; empty outside
    std::vector<SubstationKind> kind;
    std::vector<bool> in_city; ///< counted as a station of the city
    std::vector<double> latitude_degree;
    std::vector<double> longitude_degree;
    std::vector<std::vector<double>> levels_kv; ///< voltage levels; level 330 makes bus `<id>_330`
    friend bool operator==(const Substations&, const Substations&) = default;
};

struct Buses : Elements {
    Column<BusIdx, SubstationIdx> substation; ///< invalid for a bus that lies in no substation
    Column<BusIdx, double> base_kv;
    Column<BusIdx, double> vm_min_pu; ///< normal band
    Column<BusIdx, double> vm_max_pu;
    Column<BusIdx, double> vm_emergency_min_pu; ///< band after an outage
    Column<BusIdx, double> vm_emergency_max_pu;
    friend bool operator==(const Buses&, const Buses&) = default;
};

/// Series parameters come either from `r/x/b` per km or from a conductor of models/grid/conductor.hpp in a bundle.
struct Lines : Elements {
    Column<LineIdx, BusIdx> from;
    Column<LineIdx, BusIdx> to;
    Column<LineIdx, int> circuits; ///< parallel circuits, each one branch
    Column<LineIdx, double> length_km;
    /// library name such as `LGJ-400/50`; empty where r, x, b are given
    Column<LineIdx, std::string> conductor;
    Column<LineIdx, int> bundle; ///< sub-conductors per phase
    Column<LineIdx, double> bundle_spacing_m;
    Column<LineIdx, double> phase_spacing_m;         ///< flat spacing between neighbouring phases
    Column<LineIdx, double> conductor_temperature_c; ///< for the resistance
    Column<LineIdx, std::optional<double>> r_ohm_per_km;
    Column<LineIdx, std::optional<double>> x_ohm_per_km;
    Column<LineIdx, std::optional<double>> b_us_per_km;
    /// share of the charging taken by line reactors, half at each end
    Column<LineIdx, double> reactor_compensation;
    /// per circuit; none: IEEE 738 at `ambient_temperature_c`
    Column<LineIdx, std::optional<double>> rate_mva;
    Column<LineIdx, std::optional<double>> rate_emergency_mva; ///< per circuit; none: as `rate_mva`
    Column<LineIdx, double> emergency_duration_h;
    Column<LineIdx, double> ambient_temperature_c; ///< for the thermal rating
    Column<LineIdx, double> altitude_m;            ///< for the thermal rating
    Column<LineIdx, bool> closed;
    friend bool operator==(const Lines&, const Lines&) = default;
};

/// A branch given by its per-unit pi model on 100 MVA and the base voltages of its ends, as public cases write it.
struct ImpedanceBranches : Elements {
    std::vector<BusIdx> from;
    std::vector<BusIdx> to;
    std::vector<double> r_pu;
    std::vector<double> x_pu;
    std::vector<double> b_pu;  ///< total charging
    std::vector<double> ratio; ///< off-nominal turns ratio at the from end; 1 for a line
    std::vector<double> shift_degree;
    std::vector<std::optional<double>> rate_mva; ///< none: unlimited
    std::vector<bool> closed;
    friend bool operator==(const ImpedanceBranches&, const ImpedanceBranches&) = default;
};

enum class TapSide : std::uint8_t { hv, lv };

/// A tap changer. Position p sets the turns ratio of its side to 1 + p·step_percent/100.
struct TapChangers {
    std::vector<bool> on_load; ///< moved by the voltage control; false: set by hand
    std::vector<TapSide> side;
    std::vector<int> tap_min;
    std::vector<int> tap_max;
    std::vector<double> step_percent;
    std::vector<int> position;         ///< scheduled position
    std::vector<BusIdx> regulated_bus; ///< invalid: the lv bus (mv bus of three windings)
    std::vector<double> vm_target_pu;
    std::vector<double> dead_band_pu; ///< half width: no move while |vm − target| ≤ dead_band
    friend bool operator==(const TapChangers&, const TapChangers&) = default;
};

struct Transformers : Elements {
    Column<TransformerIdx, BusIdx> hv;
    Column<TransformerIdx, BusIdx> lv;
    Column<TransformerIdx, int> units;       ///< parallel units, each one branch
    Column<TransformerIdx, double> rate_mva; ///< per unit
    Column<TransformerIdx, std::optional<double>> rate_emergency_mva;
    Column<TransformerIdx, double> emergency_duration_h;
    Column<TransformerIdx, double> uk_percent;           ///< short-circuit voltage on `rate_mva`
    Column<TransformerIdx, double> ukr_percent;          ///< its resistive part
    Column<TransformerIdx, double> i0_percent;           ///< no-load current on `rate_mva`
    Column<TransformerIdx, double> p_iron_kw;            ///< no-load loss per unit
    Column<TransformerIdx, std::optional<double>> hv_kv; ///< rated voltages; none: base of the bus
    Column<TransformerIdx, std::optional<double>> lv_kv;
    Column<TransformerIdx, double> shift_degree; ///< lv lags hv by this
    Column<TransformerIdx, bool> closed;
    TapChangers tap;
    friend bool operator==(const Transformers&, const Transformers&) = default;
};

/// Three windings: a star of three branches around an inner bus. The M branch may have a negative reactance.
struct ThreeWindingTransformers : Elements {
    std::vector<BusIdx> hv;
    std::vector<BusIdx> mv;
    std::vector<BusIdx> lv;
    std::vector<int> units;
    std::vector<double> rate_hv_mva; ///< per unit
    std::vector<double> rate_mv_mva;
    std::vector<double> rate_lv_mva;
    std::vector<std::optional<double>> rate_emergency_mva; ///< hv winding; the others in proportion
    std::vector<double> emergency_duration_h;
    std::vector<double> uk_hm_percent; ///< on the smaller rating of the pair
    std::vector<double> uk_hl_percent;
    std::vector<double> uk_ml_percent;
    std::vector<double> ukr_hm_percent;
    std::vector<double> ukr_hl_percent;
    std::vector<double> ukr_ml_percent;
    std::vector<double> i0_percent;
    std::vector<double> p_iron_kw;
    std::vector<std::optional<double>> hv_kv;
    std::vector<std::optional<double>> mv_kv;
    std::vector<std::optional<double>> lv_kv;
    std::vector<bool> closed;
    TapChangers tap; ///< side hv: hv winding; side lv: mv winding
    friend bool operator==(const ThreeWindingTransformers&,
                           const ThreeWindingTransformers&) = default;
};

/// Capacitors and reactors. `q_step_mvar` > 0 injects (capacitor), < 0 absorbs (reactor), both at 1 pu.
struct Shunts : Elements {
    Column<ShuntIdx, BusIdx> bus;
    Column<ShuntIdx, double> p_mw; ///< active power drawn at 1 pu, whatever the steps
    Column<ShuntIdx, double> q_step_mvar;
    Column<ShuntIdx, int> n_steps;
    Column<ShuntIdx, int> steps;            ///< scheduled steps in
    Column<ShuntIdx, bool> switched;        ///< moved by the voltage control
    Column<ShuntIdx, BusIdx> regulated_bus; ///< invalid: its own bus
    Column<ShuntIdx, double> vm_min_pu;     ///< band the switching keeps
    Column<ShuntIdx, double> vm_max_pu;
    friend bool operator==(const Shunts&, const Shunts&) = default;
};

/// A coupler between two buses of one voltage. Closed, both are one electrical node.
struct Switches : Elements {
    std::vector<BusIdx> from;
    std::vector<BusIdx> to;
    std::vector<bool> closed;
    friend bool operator==(const Switches&, const Switches&) = default;
};

/// 断面: the signed sum of branch flows (from → to positive) stays within a limit.
struct Sections : Elements {
    /// ids of lines, transformers or impedance branches
    Column<SectionIdx, std::vector<std::string>> branch;
    Column<SectionIdx, std::vector<int>> sign; ///< +1 or −1, as `branch`
    Column<SectionIdx, double> limit_mw;
    Column<SectionIdx, std::optional<double>> limit_reverse_mw; ///< none: as `limit_mw`
    /// after an outage; none: as `limit_mw`
    Column<SectionIdx, std::optional<double>> limit_n1_mw;
    friend bool operator==(const Sections&, const Sections&) = default;
};

/// On outage X, shed Y (切机/切负荷).
struct RemedialActions : Elements {
    std::vector<std::string> outage;            ///< id of the element whose loss arms it
    std::vector<std::vector<std::string>> shed; ///< ids of sources or loads that trip
    friend bool operator==(const RemedialActions&, const RemedialActions&) = default;
};

struct Maintenance : Elements {
    std::vector<std::string> element;              ///< id of a line, transformer or shunt
    std::vector<std::chrono::year_month_day> from; ///< out from 00:00 Beijing time
    std::vector<std::chrono::year_month_day> to;   ///< back at 00:00 Beijing time
    friend bool operator==(const Maintenance&, const Maintenance&) = default;
};

struct Grid {
    Substations substations;
    Buses buses;
    Lines lines;
    ImpedanceBranches branches;
    Transformers transformers;
    ThreeWindingTransformers three_winding_transformers;
    Shunts shunts;
    Switches switches;
    Sections sections;
    RemedialActions remedial_actions;
    Maintenance maintenance;
    friend bool operator==(const Grid&, const Grid&) = default;
};

} // namespace yuanwang::network
