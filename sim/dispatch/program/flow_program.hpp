/// @file
/// The block program with the flows of the grid as variables: nodes and loops in the place of balances and branch rows.
///
/// | variable of step t | of       | what           | unit | bounds   |
/// |--------------------|----------|----------------|------|----------|
/// | u                  | shed row | load cut off   | MW   | 0…p_max  |
/// | f                  | branch   | flow, from → to | MW  | −s_k…s_k |
///
/// | constraint | equation                                      | unit    | dual                       |
/// |------------|-----------------------------------------------|---------|----------------------------|
/// | node(t,i)  | p_i − Σ_k K_ik f_k = D_i                      | MW      | λ_i, the price at the bus  |
/// | loop(t,l)  | Σ_k C_lk x_k f_k = −base Σ_k C_lk φ_k         | MW · pu | of Kirchhoff's voltage law |
///
///     K  [n_bus × n_branch]   +1 where the branch leaves the bus, −1 where it ends                1
///     C  [n_loop × n_branch]  ±1 along the loops of a basis of the grid (network/topology.hpp)    1
///     x  [n_branch]           reactance × ratio                                                   pu
///     φ  [n_branch]           phase shift; base 100 MVA                                           rad
///
/// What is no network (storages, groups, accounts, ramps, budgets) is as in program.hpp, column by column and row by row. Without
/// branches each island is one node. Lossless flows, base state only: outages, overload at a price and flows beside the
/// buses' are questions for the other engine; marginal losses count on a copper plate.
/// Source: Hörsch, Ronellenfitsch, Witthaut, Brown, Electric Power Systems Research 158, 2018 (cycle flows).
#pragma once

#include <cstddef>
#include <vector>

#include "dispatch/program/program.hpp"
#include "dispatch/program/solution.hpp"
#include "network/network.hpp"

namespace yuanwang::dispatch::program {

/// The grid as flows see it; branches as in `System::branches`. Empty: a copper plate.
struct FlowGrid {
    /// A branch of a loop, +1 where the loop runs from → to.
    struct Step {
        std::size_t branch = 0;
        int direction = 1;
    };
    std::vector<std::size_t> node; ///< [n_bus], the row whose balance a bus shares
    std::vector<std::size_t> from; ///< node
    std::vector<std::size_t> to;
    std::vector<double> x_pu;
    std::vector<double> shift_rad;
    std::vector<char> in_service;
    std::vector<std::vector<Step>> loops;
    [[nodiscard]] std::size_t size() const { return from.size(); }
    /// The node of a bus; on a copper plate its island.
    [[nodiscard]] std::size_t node_of(const System& system, std::size_t bus) const {
        return node.empty() ? system.island(bus) : node[bus];
    }
};
[[nodiscard]] FlowGrid make_flow_grid(const network::Network& grid);

/// lower ≤ A x ≤ upper, column bounds, cost. Columns: those of the block program at their places, then per step its sheds and
/// flows. Rows: those of the block program but the balances, then per step nodes and loops.
struct FlowProgram {
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    LinearProgram block; ///< the block program it was made from
    Layout layout;       ///< of the block program
    std::vector<Entry> entries;
    std::vector<double> row_lower;
    std::vector<double> row_upper;
    std::vector<double> lower;
    std::vector<double> upper;
    std::vector<double> cost;
    std::vector<std::size_t> row_of; ///< row of each row of the block program; none: a balance
    std::size_t n_kept = 0;          ///< rows of the block program that stayed
    std::size_t n_node = 0;
    std::size_t n_loop = 0;
    std::size_t n_shed = 0;
    std::size_t n_flow = 0;

    [[nodiscard]] std::size_t n_row() const { return row_lower.size(); }
    [[nodiscard]] std::size_t n_column() const { return lower.size(); }
    [[nodiscard]] std::size_t node(std::size_t t, std::size_t i) const {
        return n_kept + t * (n_node + n_loop) + i;
    }
    [[nodiscard]] std::size_t loop(std::size_t t, std::size_t l) const {
        return node(t, n_node) + l;
    }
    [[nodiscard]] std::size_t shed(std::size_t t, std::size_t b) const {
        return layout.n_column() + t * (n_shed + n_flow) + b;
    }
    [[nodiscard]] std::size_t flow(std::size_t t, std::size_t k) const {
        return shed(t, n_shed) + k;
    }
    /// A new column or row; returns its number.
    std::size_t add_column(double from, double to, double price);
    std::size_t add_row(double from, double to);
};

/// The program of a block, with its numbers. Branch limits are those of `system.branches`; a PTDF is not needed.
[[nodiscard]] FlowProgram make_flow_program(const System& system, const FlowGrid& grid,
                                            const Block& block);

/// Whether every number a solver would see is one, and no lower bound lies above its upper one.
[[nodiscard]] bool is_sound(const FlowProgram& program);

/// Output, storage and sheds out of the columns `x` of the program.
void read_schedule(const FlowProgram& program, const double* x, Solution& solution);

} // namespace yuanwang::dispatch::program
