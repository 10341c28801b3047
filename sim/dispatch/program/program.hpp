/// @file
/// The block program: the least cost of serving a block of steps, as a linear program.
///
/// | variable of step t | of        | what                          | unit | bounds                  |
/// |--------------------|-----------|-------------------------------|------|-------------------------|
/// | g                  | generator | output                        | MW   | p_min(t)…p_max(t)       |
/// | c                  | storage   | charging, at its terminals    | MW   | 0…charge_max            |
/// | d                  | storage   | discharging, at its terminals | MW   | 0…discharge_max         |
/// | w                  | storage   | spill, past the turbine       | MW   | 0…spill_max             |
/// | e                  | storage   | stored energy, end of step    | MWh  | e_min…e_max             |
/// | u                  | island    | load not served               | MW   | 0…Σ p_max of its sheds  |
/// | x                  | account   | what moved load owes          | any  | x_min(t)…x_max(t)       |
/// | o⁺, o⁻             | limit row | overload, where it has a price| MW   | 0…                      |
///
/// | constraint    | equation                                                               | unit | dual |
/// |---------------|------------------------------------------------------------------------|------|------|
/// | balance(t,i)  | Σ_i (1 − ℓ) (g + d − c) + Σ u = Σ_i D + o                              | MW   | λ    |
/// | storage(t,s)  | e_t − ρ e_{t−1} − Δt (η_c c − d/η_d − w) − Δt κ (d/η_d + w)_{up, t−τ} = Δt a | MWh | ν |
/// | group(t,m)    | lower(t) ≤ Σ factor · (g, c, d or e) ≤ upper(t)                        | MW   | σ    |
/// | account(t,a)  | x_t − k x_{t−1} + Δt Σ ω(t) g = 0                                      | any  | α    |
/// | ramp(t,r)     | −r⁻(t) ≤ g_t − g_{t−1} ≤ r⁺(t)                                         | MW   | ρ_r  |
/// | budget(n,b)   | Σ_{t in span n} Δt g ≤ energy                                          | MWh  | ω_b  |
/// | limit(t,k)    | −s_k ≤ f⁰_k + Σ_i H_ki (p_i − D_i) + o⁻ − o⁺ ≤ s_k                     | MW   | μ    |
/// | limit(t,k,m)  | the same after the outage of m, with H_k + L_km H_m and f⁰_k + L_km f⁰_m | MW | μ    |
///
///     minimise   Σ_t Δt (π_g g + π_d d + π_u u + π_o (o⁺ + o⁻)) − v e_T − v_x x_T
///
///     p  [n_bus × n_step]     g + d − c + u at the bus                       MW
///     D  [n_bus × n_step]     demand                                         MW
///     ℓ  [n_bus × n_step]     marginal loss: what an MW more at the bus adds to the losses   1
///     o  [n_island × n_step]  losses beyond those in D where nothing is injected: ℓ holds around a point p⁰, o = −Σ ℓ p⁰  MW
///     a  [n_storage × n_step] inflow into the reservoir                      MW
///     f⁰ [n_limit × n_step]   flow of everything that is no bus of the program                MW
///     H  [n_limit × n_bus]    PTDF                                           1
///     L  [n_limit × n_limit]  LODF                                           1
///     π  price, v value of energy left at the end                            currency/MWh
///
/// A generator is anything with an output between bounds at a price: a plant, a tie, load that gives way (its p_min may be
/// negative). One without a bus (`no_bus`) stands in no balance: a helper of groups, such as reserve held by a storage.
/// Steps meet only in storages, accounts, ramps and budgets; `LinearProgram::coupling` holds exactly the entries between them.
/// Limit rows are not part of what is built here: few of them bind, so the engine adds them where they are violated.
/// Lossless DC flows; convex, so with negative prices a storage may charge and discharge at once (see optimal.hpp).
/// Source: Stott, Jardim, Alsaç, IEEE Trans. Power Syst. 24(3), 2009 (DC power flow in optimisation).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/series.hpp"

namespace yuanwang::dispatch::program {

inline constexpr std::size_t no_bus = static_cast<std::size_t>(-1);

struct Generators {
    std::vector<std::size_t> bus; ///< or `no_bus`
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

/// Water from one reservoir into the next. What left before the block is part of the inflow.
struct Cascades {
    std::vector<std::size_t> upper; ///< storage
    std::vector<std::size_t> lower;
    std::vector<std::size_t> delay_steps; ///< τ
    std::vector<double> factor;           ///< κ: MWh below for a MWh that leaves above
    [[nodiscard]] std::size_t size() const { return upper.size(); }
};

/// Load that may be cut off, at a price above every other.
struct Sheds {
    std::vector<std::size_t> bus;
    std::vector<double> p_max_mw;
    std::vector<double> price_per_mwh;
    [[nodiscard]] std::size_t size() const { return bus.size(); }
};

enum class Quantity : std::uint8_t { generation, charge, discharge, stored };

struct Term {
    Quantity quantity = Quantity::generation;
    std::size_t row = 0; ///< of generators or storages
    double factor = 1;
};

/// Limits on weighted sums within a step: a door several ties share, a least thermal output, a reserve.
struct Groups {
    std::vector<std::vector<Term>> terms;
    [[nodiscard]] std::size_t size() const { return terms.size(); }
};

/// What moved load owes or has in hand; weights come with the block.
struct Accounts {
    std::vector<std::vector<std::size_t>> generators;
    std::vector<double> keep; ///< k
    [[nodiscard]] std::size_t size() const { return generators.size(); }
};

struct Ramps {
    std::vector<std::size_t> generator;
    std::vector<double> limit_mw; ///< r⁺ and r⁻ per step, where the block says nothing else
    [[nodiscard]] std::size_t size() const { return generator.size(); }
};

/// Generators whose energy over a span of steps is limited.
struct Budgets {
    std::vector<std::size_t> generator;
    [[nodiscard]] std::size_t size() const { return generator.size(); }
};

inline constexpr std::size_t no_outage = static_cast<std::size_t>(-1);

/// What lines, transformers and sections carry. Without any the grid is a copper plate.
struct BranchLimits {
    std::vector<double> limit_mw; ///< both ways; infinite: no limit
    std::vector<double> ptdf;     ///< H, [n_limit × n_bus] by rows
    double overload_price_per_mwh = std::numeric_limits<double>::infinity(); ///< infinite: hard
    /// the same of a limit after an outage
    double outage_overload_price_per_mwh = std::numeric_limits<double>::infinity();

    /// Outages: for each limit the branches whose loss moves its flow. Empty: none are looked at.
    struct Outage {
        std::size_t branch = 0; ///< the branch lost, a row of the limits
        double factor = 0;      ///< L
    };
    std::vector<std::vector<Outage>> outages;
    std::vector<double> emergency_mw; ///< [n_limit] after an outage; infinite: no limit
    [[nodiscard]] std::size_t size() const { return limit_mw.size(); }
    /// Price of an overload of the row of a limit and an outage (or `no_outage`).
    [[nodiscard]] double overload_price(std::size_t outage) const {
        return outage == no_outage ? overload_price_per_mwh : outage_overload_price_per_mwh;
    }
};

/// What stays over a run.
struct System {
    std::size_t n_bus = 1;
    double dt_h = 1;
    std::size_t n_island = 1;
    std::vector<std::size_t> island_of_bus; ///< [n_bus]; empty: one island
    Generators generators;
    Storages storages;
    Cascades cascades;
    Sheds sheds;
    Groups groups;
    Accounts accounts;
    Ramps ramps;
    Budgets budgets;
    BranchLimits branches;
    [[nodiscard]] std::size_t island(std::size_t bus) const {
        return island_of_bus.empty() ? 0 : island_of_bus[bus];
    }
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
    /// Steps from the first step of the block solved before to the first of this one, for a live model: where the two
    /// overlap, step t starts as step t + steps_on ended. 0: not known, or the same block once more.
    std::size_t steps_on = 0;
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

    // Of the families a system may have; empty where it has none.
    Series group_lower;                    ///< [n_group × n_step]
    Series group_upper;                    ///< [n_group × n_step]
    std::vector<double> account_start;     ///< [n_account]; empty: zero
    Series account_weight;                 ///< ω, [n_generator × n_step]
    Series account_min;                    ///< [n_account × n_step]
    Series account_max;                    ///< [n_account × n_step]
    std::vector<double> account_end_value; ///< [n_account], of a unit in hand at the end; empty: 0
    std::vector<double> ramp_start_mw;     ///< [n_ramp], output before the block; NaN or empty: any
    std::vector<std::size_t> span_of_step; ///< [n_step], from 0 up, of budgets; empty: one span
    Series budget_mwh;                     ///< [n_budget × n_span]

    // Optional; empty: the constants of the system, no losses, no flow beside the buses'.
    Series charge_max_mw;    ///< [n_storage × n_step]
    Series discharge_max_mw; ///< [n_storage × n_step]
    Series e_min_mwh;        ///< [n_storage × n_step]
    Series e_max_mwh;        ///< [n_storage × n_step]
    Series loss_factor;      ///< ℓ, [n_bus × n_step]
    Series loss_offset_mw;   ///< o, [n_island × n_step]
    Series base_flow_mw;     ///< f⁰, [n_limit × n_step]
    Series limit_mw;         ///< [n_limit × n_step]
    Series emergency_mw;     ///< [n_limit × n_step]
    Series ramp_up_mw;       ///< r⁺, [n_ramp × n_step]
    Series ramp_down_mw;     ///< r⁻, [n_ramp × n_step]
    [[nodiscard]] std::size_t n_span() const {
        return span_of_step.empty() ? 1 : span_of_step.back() + 1;
    }
};

/// Where the variables and constraints of a step stand: all of a step side by side, steps one after the other; budgets last.
/// The sheds of an island and step are one column, shared over the shed rows in proportion to p_max.
struct Layout {
    std::size_t n_generator = 0;
    std::size_t n_storage = 0;
    std::size_t n_step = 0;
    std::size_t n_island = 1;
    std::size_t n_account = 0;
    std::size_t n_group = 0;
    std::size_t n_ramp = 0;
    std::size_t n_budget = 0;
    std::size_t n_span = 1;

    [[nodiscard]] std::size_t columns_per_step() const {
        return n_generator + 4 * n_storage + n_island + n_account;
    }
    [[nodiscard]] std::size_t rows_per_step() const {
        return n_island + n_storage + n_group + n_account + n_ramp;
    }
    [[nodiscard]] std::size_t n_column() const { return n_step * columns_per_step(); }
    [[nodiscard]] std::size_t n_row() const { return n_step * rows_per_step() + n_budget * n_span; }

    [[nodiscard]] std::size_t g(std::size_t t, std::size_t k) const {
        return t * columns_per_step() + k;
    }
    [[nodiscard]] std::size_t c(std::size_t t, std::size_t s) const {
        return g(t, n_generator) + s;
    }
    [[nodiscard]] std::size_t d(std::size_t t, std::size_t s) const { return c(t, n_storage) + s; }
    [[nodiscard]] std::size_t w(std::size_t t, std::size_t s) const { return d(t, n_storage) + s; }
    [[nodiscard]] std::size_t e(std::size_t t, std::size_t s) const { return w(t, n_storage) + s; }
    [[nodiscard]] std::size_t u(std::size_t t, std::size_t island = 0) const {
        return e(t, n_storage) + island;
    }
    [[nodiscard]] std::size_t x(std::size_t t, std::size_t a) const { return u(t, n_island) + a; }
    [[nodiscard]] std::size_t balance(std::size_t t, std::size_t island = 0) const {
        return t * rows_per_step() + island;
    }
    [[nodiscard]] std::size_t storage(std::size_t t, std::size_t s) const {
        return balance(t, n_island) + s;
    }
    [[nodiscard]] std::size_t group(std::size_t t, std::size_t m) const {
        return storage(t, n_storage) + m;
    }
    [[nodiscard]] std::size_t account(std::size_t t, std::size_t a) const {
        return group(t, n_group) + a;
    }
    [[nodiscard]] std::size_t ramp(std::size_t t, std::size_t r) const {
        return account(t, n_account) + r;
    }
    [[nodiscard]] std::size_t budget(std::size_t span, std::size_t b) const {
        return n_step * rows_per_step() + span * n_budget + b;
    }
    [[nodiscard]] std::size_t column(std::size_t t, const Term& term) const {
        switch (term.quantity) {
        case Quantity::generation:
            return g(t, term.row);
        case Quantity::charge:
            return c(t, term.row);
        case Quantity::discharge:
            return d(t, term.row);
        case Quantity::stored:
            return e(t, term.row);
        }
        return 0;
    }
};

/// The kind of a block: what its matrix depends on beside the system.
struct Shape {
    std::size_t n_step = 0;
    Seam seam = Seam::fixed;
    std::vector<std::size_t> span_of_step;
    friend bool operator==(const Shape&, const Shape&) = default;
};
[[nodiscard]] Shape shape_of(const Block& block);
[[nodiscard]] Layout make_layout(const System& system, const Shape& shape);

/// One coefficient of the matrix.
struct Entry {
    std::size_t row = 0;
    std::size_t column = 0;
    double value = 0;
};

/// lower ≤ A x ≤ upper, column bounds, cost: everything but the limit rows.
struct LinearProgram {
    Layout layout;
    std::vector<Entry> within_steps; ///< row and column of the same step, in order of steps
    std::vector<Entry> coupling;     ///< row of step t or of a span, column of another step
    std::vector<double> row_lower;
    std::vector<double> row_upper;
    std::vector<double> lower;
    std::vector<double> upper;
    std::vector<double> cost;
    std::vector<std::size_t> bus_of_column; ///< where a column injects; `no_bus`: nowhere
    std::vector<double> injection; ///< MW into the bus per unit of the column: 1, −1 or 0
};

/// The matrix, which stays as long as the shape of the block stays; no numbers of the block yet.
/// Precondition: a step at least, two where cyclic.
[[nodiscard]] LinearProgram make_program(const System& system, const Shape& shape);

/// Bounds, right-hand sides and costs of a block, in place; coefficients where it has losses or weights.
void write_block(const System& system, const Block& block, LinearProgram& program);

/// Whether every number is finite (bounds of groups may be infinite) and no lower bound lies above its upper one.
[[nodiscard]] bool is_sound(const LinearProgram& program);

} // namespace yuanwang::dispatch::program
