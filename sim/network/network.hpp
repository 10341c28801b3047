/// @file
/// The electrical model: buses and branches as columns in per unit on 100 MVA, made from a `Grid`.
///
/// Every circuit of a line and every unit of a transformer is a branch of its own, so that an outage takes one row. A
/// three-winding transformer is three branches around an inner star bus, which follows the written buses in the table.
/// A closed switch makes its two buses one electrical node: `node` maps a bus to the row whose equations it shares.
/// All windings of a three-winding transformer run from their terminal to the star bus.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/index.hpp"
#include "network/grid.hpp"

namespace yuanwang::network {

inline constexpr double base_mva = 100.0;

/// The smallest series impedance of a branch: a jumper of 1e-6 pu (1 mΩ at 330 kV) drops no voltage anybody measures.
inline constexpr double min_impedance_pu = 1e-6;

enum class BranchKind : std::uint8_t {
    line,
    impedance,
    transformer,
    winding_hv,
    winding_mv,
    winding_lv
};

/// Pi model between from and to, ideal transformer `ratio`∠`shift_rad` at the from end (MATPOWER's convention):
///
///     from ──(ratio∠shift : 1)──┬── r + jx ──┬── to
///                          y_from          y_to
struct Branches {
    /// `l_ganhe/1`: element and circuit; `t_xining/2.hv` for a winding
    Column<BranchIdx, std::string> id;
    Column<BranchIdx, BranchKind> kind;
    Column<BranchIdx, std::int32_t> element; ///< row in its list of `Grid`; see `kind`
    Column<BranchIdx, int> circuit;          ///< from 1
    Column<BranchIdx, BusIdx> from;
    Column<BranchIdx, BusIdx> to;
    Column<BranchIdx, double> r_pu;
    Column<BranchIdx, double> x_pu;
    /// shunt at the from side of the series element (behind the ratio)
    Column<BranchIdx, double> g_from_pu;
    Column<BranchIdx, double> b_from_pu;
    Column<BranchIdx, double> g_to_pu;
    Column<BranchIdx, double> b_to_pu;
    Column<BranchIdx, double> ratio;
    Column<BranchIdx, double> shift_rad;
    Column<BranchIdx, double> rate_mva; ///< 0: unlimited
    Column<BranchIdx, double> rate_emergency_mva;
    Column<BranchIdx, bool> in_service; ///< closed, not in maintenance
    [[nodiscard]] std::size_t size() const { return id.size(); }
};

/// A tap changer that moves the ratio of its branches (all units move together).
struct Taps {
    std::vector<std::vector<BranchIdx>> branches; ///< the branches whose ratio follows
    /// row in the joint list: two-winding, then three-winding
    std::vector<TransformerIdx> transformer;
    std::vector<BusIdx> regulated_bus;
    std::vector<bool> on_load;
    std::vector<int> tap_min;
    std::vector<int> tap_max;
    std::vector<int> position; ///< scheduled
    std::vector<double> vm_target_pu;
    std::vector<double> dead_band_pu;
    std::vector<double> nominal_ratio; ///< ratio at position 0
    std::vector<double> step;          ///< ratio change per position, relative
    std::vector<bool> inverse;         ///< tap on the to side: ratio = nominal / (1 + p·step)
    [[nodiscard]] std::size_t size() const { return branches.size(); }
    [[nodiscard]] double ratio_at(std::size_t tap, int p) const {
        const double turns = 1.0 + p * step[tap];
        return inverse[tap] ? nominal_ratio[tap] / turns : nominal_ratio[tap] * turns;
    }
};

struct Network {
    std::size_t n_bus = 0;         ///< written buses and star buses
    std::size_t n_written_bus = 0; ///< the first rows: as in `Grid::buses`
    Column<BusIdx, std::string> bus_id;
    Column<BusIdx, double> base_kv;
    /// the row whose equations a bus shares; itself unless a closed switch joins it
    Column<BusIdx, BusIdx> node;
    Column<BusIdx, double> g_fixed_pu; ///< shunts that no control moves: Gs, unswitched banks
    Column<BusIdx, double> b_fixed_pu;
    Branches branches;
    Taps taps;
    /// |r + jx| below `min_impedance_pu`: raised to it, sign kept
    std::vector<BranchIdx> zero_impedance;
    // Switched shunts, rows as in Grid::shunts.
    Column<ShuntIdx, BusIdx> shunt_bus;
    Column<ShuntIdx, double> shunt_b_step_pu; ///< susceptance of one step
    Column<ShuntIdx, int> shunt_n_steps;
    Column<ShuntIdx, int> shunt_steps; ///< scheduled
    Column<ShuntIdx, bool> shunt_switched;
    Column<ShuntIdx, BusIdx> shunt_regulated_bus;
    Column<ShuntIdx, double> shunt_vm_min_pu;
    Column<ShuntIdx, double> shunt_vm_max_pu;

    [[nodiscard]] std::size_t n_branch() const { return branches.size(); }
};

/// Makes the electrical model. Line parameters from models/grid, per unit by network/per_unit.hpp.
[[nodiscard]] Network make_network(const Grid& grid);

} // namespace yuanwang::network
