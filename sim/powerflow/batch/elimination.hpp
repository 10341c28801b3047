/// @file
/// The plan of a block LU factorisation of Newton's Jacobian: who is eliminated when, which blocks
/// arise, which products make each of them. One plan serves every power flow of a topology.
///
/// Newton in polar form with relative magnitudes, x_i = (Δθ_i, Δ|V_i|/|V_i|), solves
///
///     Σ_j J_ij x_j = (ΔP_i, ΔQ_i)        J_ij a block on the graph of Y
///
/// A PQ bus has two unknowns, a PV bus the angle only, the slack none, so blocks are 2×2, 1×2, 2×1
/// or 1×1. A PV bus that may change its type in some cases of a batch (its unit meets a reactive
/// limit) keeps two unknowns; where it is PV its second row is an identity row. Either way the plan
/// does not depend on any number.
///
/// J = L U with unit blocks on the diagonal of U, row by row in elimination order (Crout):
///
///     L_ij = J_ij − Σ_{k<j} L_ik U_kj                  j < i
///     D_i  = J_ii − Σ_{k<i} L_ik U_ki
///     U_ij = inv(D_i) (J_ij − Σ_{k<i} L_ik U_kj)       j > i
///     y_i  = inv(D_i) (b_i − Σ_{k<i} L_ik y_k),        x_i = y_i − Σ_{j>i} U_ij x_j
///
/// A row of L is used up when its row is done: nothing but U and y is kept. No pivoting beyond the
/// block. Source: Duff, Erisman, Reid, Direct Methods for Sparse Matrices, 2nd ed. 2017, ch. 3, 8;
/// blocks on the bus graph: Tinney, Hart, IEEE Trans. PAS-86(11), 1967.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "powerflow/batch/bus_admittance.hpp"

namespace yuanwang::powerflow::batch {

enum class BusType : std::uint8_t {
    slack,    ///< V given
    pv,       ///< P and |V| given, in every case of the batch
    pv_or_pq, ///< as `pv` or as `pq`, each case for itself
    pq,       ///< P and Q given
    gauge, ///< angle given; else as `pv_or_pq`. Its P stands in the mismatch and moves nothing: a control shares it out
    out,   ///< not part of the problem: no row, V = 0
};

/// Rows of the Jacobian that may be identity rows.
enum class Rows : std::uint8_t {
    free,     ///< none
    switches, ///< `pv_or_pq`: the second in the lanes where it is PV
    gauge,    ///< the same, and the first always
};

/// Counted multiply-adds of one case.
struct EliminationCost {
    std::size_t factor = 0;   ///< Jacobian, L, D, U
    std::size_t solve = 0;    ///< y, x
    std::size_t mismatch = 0; ///< new voltages and the powers at them, in double
};

/// A column of L_ik times a row of U_kj: where they begin in the row of L (by columns) and in U (by rows).
struct Product {
    std::int32_t l = 0;
    std::int32_t u = 0;
};

/// Everything below counts buses in elimination order ("row"); rows without unknowns come last.
struct Elimination {
    std::size_t n_bus = 0;
    std::size_t n_row = 0;               ///< rows with unknowns: the first ones
    std::vector<std::int32_t> bus;       ///< [n_bus] bus of a row
    std::vector<std::int32_t> row;       ///< [n_bus] row of a bus
    std::vector<std::uint8_t> n_unknown; ///< [n_bus] 0, 1 or 2
    std::vector<Rows> rows;              ///< [n_bus] which of its rows a lane may hold

    /// Y in rows: entry `y_diagonal[i]` first, then its neighbours.
    std::vector<std::int32_t> y_start;  ///< [n_row + 1]
    std::vector<std::int32_t> y_column; ///< row of the neighbour
    std::vector<std::int32_t> y_entry;  ///< place in `BusAdmittance`

    /// Blocks row after row: those of L by columns ascending, D, those of U one unknown wide, those of U two wide.
    std::vector<std::int32_t> block_start; ///< [n_row + 1]
    std::vector<std::int32_t> diagonal;    ///< [n_row] place of D in the list of blocks
    std::vector<std::int32_t> wide;        ///< [n_row] place of the first two-wide block of U
    std::vector<std::int32_t> column;      ///< [n_block] row of the other bus
    std::vector<std::int32_t>
        y_place; ///< [n_block] its admittance in `y_column`; n_y, one behind the last: fill
    std::vector<std::int32_t> place; ///< [n_block] where its values go: in U, or in the row of L

    /// Products L_ik U_kj of block n at [product_start[n], product_start[n+1]), unknown by unknown of bus k.
    std::vector<std::int32_t> product_start; ///< [n_block + 1]
    std::vector<Product> product;

    std::size_t n_u_value = 0;     ///< numbers in U
    std::size_t n_l_row_value = 0; ///< numbers in the longest row of L
    EliminationCost cost;
};

/// Orders by approximate minimum degree and lists blocks and products.
[[nodiscard]] Elimination make_elimination(const BusAdmittance& y, std::span<const BusType> type);

} // namespace yuanwang::powerflow::batch
