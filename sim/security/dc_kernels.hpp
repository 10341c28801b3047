/// @file
/// Thirty-two right-hand sides of B θ = p side by side, by the vector instructions of the machine.
///
///     L y = p,   Lᵀ θ = inv(D) y                                          rows in order of elimination
///     h_k = b_k (e_f − e_t)ᵀ inv(B) (e_f − e_t) = b_k Σ_j y_j²/D_j        known before the backward pass
///     m_k = f_k/(1 − h_k)                                                 what outage k moves
///     flow of l after outage k:   f_l + b_l (θ_from − θ_to),   B θ = m_k (e_f − e_t)
///
///     y  [n_row × lanes]     of the rows that are reached               as p
///     θ  [n_level × lanes]   angle, by level of the tree; level 0: the references, zero   rad, as p
///     f  [n_branch]          flow before, from → to positive            MW or pu
///
/// A right-hand side of an outage has two entries. Forward, it reaches only the rows on the way from them to the root of the
/// elimination tree. Backward, a row asks only for rows above it in the tree, and both ends of a branch lie on one way to
/// the root: the rows stand in postorder, so angles need no more room than the tree is high, and the flow of a branch
/// is written as soon as the end eliminated first has its angle.
/// Products are rounded before they are added, so every instruction set gives the same bits: plans that read these factors
/// do not depend on the machine.
/// Sources: Davis, Direct Methods for Sparse Linear Systems, SIAM 2006, chapter 4; Gilbert, Peierls, SIAM J. Sci. Stat.
/// Comput. 9(5), 1988 (reach of a sparse right-hand side).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace yuanwang::security {

constexpr std::size_t dc_lanes = 32;

/// L without its unit diagonal by columns, rows ascending; 1/D.
struct DcColumns {
    std::size_t n_row = 0;
    const std::int32_t* start = nullptr; ///< [n_row + 1]
    const std::int32_t* row = nullptr;
    const double* l = nullptr;
    const double* inverse_d = nullptr; ///< [n_row]
};

/// A row of the backward pass, which visits the rows from the last to the first; entries and branches stand in that order.
struct DcVisit {
    std::int32_t entry_end;  ///< of the entries of its column of L
    std::int32_t branch_end; ///< of the branches whose first end it is
    std::int32_t place;      ///< where its angle goes: level · lanes
};

/// A branch as the row sees it that is the first of its ends to be eliminated.
struct DcBranch {
    double b;            ///< pu, negative where `to` is the first
    std::int32_t other;  ///< where the angle of the other end is: level · lanes
    std::int32_t branch; ///< row of the branch's table
    std::int32_t outage; ///< number of its outage; −1: none
};

/// All rows and branches in the order of the backward pass.
struct DcTape {
    std::size_t n_visit = 0;
    const DcVisit* visit = nullptr;
    const double* l = nullptr;           ///< by entry; within a column the parent last
    const std::int32_t* place = nullptr; ///< by entry, of the angle it multiplies
    const DcBranch* branch = nullptr;
    std::int32_t n_loose = 0; ///< the first branches: both ends at references
};

/// An entry of the forward pass: y[row] loses l[entry] · y[of].
struct DcReach {
    std::int32_t of;    ///< place of y
    std::int32_t entry; ///< of the tape
};

/// Up to `dc_lanes` outages that are solved together, and the rows that they reach, numbered for themselves.
struct DcOutages {
    std::int32_t first = 0;      ///< number of the outage of lane 0
    std::size_t count = 0;       ///< lanes in use
    std::size_t visit_begin = 0; ///< the lost branches belong to the rows of these visits
    std::size_t visit_end = 0;
    std::span<const std::int32_t> visit;     ///< of each row reached, descending: rows ascend
    const double* inverse_d = nullptr;       ///< of each row reached
    const std::int32_t* reach_end = nullptr; ///< of each row reached
    const DcReach* reach = nullptr;
    const std::int32_t* from =
        nullptr; ///< [count] place of y of the ends; one row past the last reached at a reference
    const std::int32_t* to = nullptr;
    const double* b = nullptr; ///< [lanes] pu, 0 past the last
    const double* flow =
        nullptr; ///< [lanes] flow of the lost branch, or 1 for factors; 0 past the last
};

/// y [n_reached + 1] and θ [n_level], each × lanes.
struct DcMemory {
    double* y = nullptr;
    double* theta = nullptr;
};

/// The kernels of one instruction set.
struct DcKernels {
    /// Solves in place, `x` [n_row × lanes].
    void (*solve)(const DcColumns&, double* x);
    /// Flow of every branch after every outage, `flows` [n_branch × lanes]; a lost branch carries 0.
    void (*flows)(const DcTape&, const DcOutages&, const DcMemory&, const double* p, double* flows);
    /// The same past the caches, for tables that are larger than they are. `flows` begins a line of the cache.
    void (*stream)(const DcTape&, const DcOutages&, const DcMemory&, const double* p,
                   double* flows);
    /// Highest |flow| · inverse_rate after every outage, `worst` [lanes], the lost branch left out.
    void (*screen)(const DcTape&, const DcOutages&, const DcMemory&, const double* p,
                   const double* inverse_rate, double* worst);
    /// LODF, `factors` [n_branch × lanes]; 0 where a branch meets itself.
    void (*factors)(const DcTape&, const DcOutages&, const DcMemory&, double* factors);
};

/// Kernels for the machine the program runs on, or for the set that is pinned (powerflow/batch/instruction_set.hpp).
[[nodiscard]] DcKernels dc_kernels();

} // namespace yuanwang::security
