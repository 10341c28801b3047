/// @file
/// The block program: the least cost of serving a block of steps, as a linear program.
///
/// | variable of step t | of        | what                          | unit | bounds            |
/// |--------------------|-----------|-------------------------------|------|-------------------|
/// | g                  | generator | output                        | MW   | p_min(t)…p_max(t) |
/// | c                  | storage   | charging, at its terminals    | MW   | 0…charge_max      |
/// | d                  | storage   | discharging, at its terminals | MW   | 0…discharge_max   |
/// | w                  | storage   | spill, past the turbine       | MW   | 0…spill_max       |
/// | e                  | storage   | stored energy, end of step    | MWh  | e_min…e_max       |
/// | u                  | shed row  | load not served               | MW   | 0…p_max           |
///
/// | constraint   | equation                                                 | unit | dual |
/// |--------------|----------------------------------------------------------|------|------|
/// | balance(t)   | Σ g + Σ (d − c) + Σ u = Σ_i D_i                          | MW   | λ    |
/// | storage(t,s) | e_t − ρ e_{t−1} − Δt (η_c c − d/η_d − w) = Δt a          | MWh  | ν    |
/// | branch(t,k)  | −s_k ≤ Σ_i H_ki (p_i − D_i) ≤ s_k                        | MW   | μ    |
///
///     minimise   Σ_t Δt (π_g g + π_d d + π_u u) − v e_T
///
///     p  [n_bus × n_step]     g + d − c + u at the bus                       MW
///     D  [n_bus × n_step]     demand                                         MW
///     a  [n_storage × n_step] inflow into the reservoir                      MW
///     H  [n_branch × n_bus]   PTDF                                           1
///     π  price, v value of energy left at the end                            currency/MWh
///
/// Steps meet only in the storage equations (the term in e_{t−1}); `LinearProgram::coupling` holds exactly those entries.
/// Branch rows are not part of what is built here: few of them bind, so the engine adds them where they are violated.
/// Lossless DC network; convex, so with negative prices a storage may charge and discharge at once.
/// Source: Stott, Jardim, Alsaç, IEEE Trans. Power Syst. 24(3), 2009 (DC power flow in optimisation).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/series.hpp"

namespace yuanwang::dispatch::program {

struct Generators {
    std::vector<std::size_t> bus;
    [[nodiscard]] std::size_t size() const { return bus.size(); }
};

/// Batteries and reservoirs. A reservoir without pumps has charge_max_mw 0, a battery spill_max_mw 0.
struct Storages {
    std::vector<std::size_t> bus;
    std::vector<double> charge_max_mw;
    std::vector<double> discharge_max_mw;
    std::vector<double> spill_max_mw;
    std::vector<double> e_min_mwh;
    std::vector<double> e_max_mwh;
    std::vector<double> eta_charge;
    std::vector<double> eta_discharge;
    std::vector<double>
        retention; ///< ρ: what is left of the stored energy after a step; 1: no standing loss
    [[nodiscard]] std::size_t size() const { return bus.size(); }
};

/// Load that may be cut off, at a price above every other.
struct Sheds {
    std::vector<std::size_t> bus;
    std::vector<double> p_max_mw;
    std::vector<double> price_per_mwh;
    [[nodiscard]] std::size_t size() const { return bus.size(); }
};

/// What branches carry. Without branches the grid is a copper plate.
struct BranchLimits {
    std::vector<double> limit_mw; ///< both ways; infinite: no limit
    std::vector<double> ptdf;     ///< H, [n_branch × n_bus] by rows
    [[nodiscard]] std::size_t size() const { return limit_mw.size(); }
};

/// What stays over a run.
struct System {
    std::size_t n_bus = 1;
    double dt_h = 1;
    Generators generators;
    Storages storages;
    Sheds sheds;
    BranchLimits branches;
};

/// What the stored energy before the first and after the last step has to be.
enum class Seam : std::uint8_t {
    cyclic, ///< the same, at a level the program chooses
    fixed,  ///< e_start before, e_end after
    valued, ///< e_start before; what is left is worth v
};

/// What one block brings.
struct Block {
    std::size_t n_step = 0;
    Series demand_mw;               ///< [n_bus × n_step]
    Series p_min_mw;                ///< [n_generator × n_step]
    Series p_max_mw;                ///< [n_generator × n_step]
    Series price_per_mwh;           ///< [n_generator × n_step]
    Series discharge_price_per_mwh; ///< [n_storage × n_step]
    Series inflow_mw;               ///< [n_storage × n_step]
    Seam seam = Seam::fixed;
    std::vector<double> e_start_mwh;       ///< [n_storage]; unused where cyclic
    std::vector<double> e_end_mwh;         ///< [n_storage]; where fixed
    std::vector<double> end_value_per_mwh; ///< [n_storage]; where valued
};

/// Where the variables and constraints of a step stand: all of a step side by side, steps one after the other.
/// The sheds of a step are one column, shared over the shed rows in proportion to p_max.
struct Layout {
    std::size_t n_generator = 0;
    std::size_t n_storage = 0;
    std::size_t n_step = 0;

    [[nodiscard]] std::size_t columns_per_step() const { return n_generator + 4 * n_storage + 1; }
    [[nodiscard]] std::size_t rows_per_step() const { return 1 + n_storage; }
    [[nodiscard]] std::size_t n_column() const { return n_step * columns_per_step(); }
    [[nodiscard]] std::size_t n_row() const { return n_step * rows_per_step(); }

    [[nodiscard]] std::size_t g(std::size_t t, std::size_t k) const {
        return t * columns_per_step() + k;
    }
    [[nodiscard]] std::size_t c(std::size_t t, std::size_t s) const {
        return g(t, n_generator) + s;
    }
    [[nodiscard]] std::size_t d(std::size_t t, std::size_t s) const { return c(t, n_storage) + s; }
    [[nodiscard]] std::size_t w(std::size_t t, std::size_t s) const { return d(t, n_storage) + s; }
    [[nodiscard]] std::size_t e(std::size_t t, std::size_t s) const { return w(t, n_storage) + s; }
    [[nodiscard]] std::size_t u(std::size_t t) const { return e(t, n_storage); }
    [[nodiscard]] std::size_t balance(std::size_t t) const { return t * rows_per_step(); }
    [[nodiscard]] std::size_t storage(std::size_t t, std::size_t s) const {
        return balance(t) + 1 + s;
    }
};
[[nodiscard]] Layout make_layout(const System& system, std::size_t n_step);

/// One coefficient of the matrix.
struct Entry {
    std::size_t row = 0;
    std::size_t column = 0;
    double value = 0;
};

/// lower ≤ A x ≤ upper, column bounds, cost: balance and storage of every step.
struct LinearProgram {
    Layout layout;
    std::vector<Entry> within_steps; ///< row and column of the same step, in order of steps
    std::vector<Entry> coupling;     ///< row of step t, column of the step before
    std::vector<double> row_lower;
    std::vector<double> row_upper;
    std::vector<double> lower;
    std::vector<double> upper;
    std::vector<double> cost;
};

/// The matrix, which stays as long as the number of steps and the kind of seam stay; no numbers of the block yet.
/// Precondition: a step at least, two where cyclic.
[[nodiscard]] LinearProgram make_program(const System& system, std::size_t n_step, Seam seam);

/// Bounds, right-hand sides and costs of a block, in place.
void write_block(const System& system, const Block& block, LinearProgram& program);

/// Whether every number is finite and no lower bound lies above its upper one.
[[nodiscard]] bool is_sound(const LinearProgram& program);

} // namespace yuanwang::dispatch::program
