/// @file
/// A block program living in Clp from block to block. Used by clp_engine.cpp only.
///
/// Rows: those of the program, then limits in the order they came. Columns: those of the program, then in the order they
/// came the shed rows of opened steps and, where overload has a price, two columns a limit. The basis stays with the rows
/// and columns whatever is added, dropped or given new numbers.
#pragma once

#include <array>
#include <cstddef>
#include <set>
#include <span>
#include <vector>

#include <coin/ClpSimplex.hpp>

#include "dispatch/program/program.hpp"
#include "dispatch/program/solution.hpp"

namespace yuanwang::dispatch::program {

class ClpModel {
  public:
    /// `system` has to outlive the model.
    ClpModel(const System& system, const Shape& shape, int max_iterations);

    [[nodiscard]] bool fits(const Block& block) const;
    [[nodiscard]] const LinearProgram& program() const { return lp_; }
    [[nodiscard]] std::size_t n_branch_row() const { return limit_rows_.size(); }
    [[nodiscard]] bool is_open(std::size_t step) const;
    [[nodiscard]] int iterations() const { return clp_.numberIterations(); }

    /// Numbers of a block, in place. False where they are none a solver may see.
    [[nodiscard]] bool load(const Block& block);
    /// Dual simplex from the basis there is: `optimal`, `infeasible` or `iteration_limit`.
    [[nodiscard]] SolveStatus run();
    /// Limits the schedule breaks become rows. Returns how many. `H_columns` is the PTDF by columns.
    std::size_t add_violated(const Block& block, const Solution& solution,
                             const std::vector<double>& H_columns, double tolerance_mw);
    /// The sheds of these steps become columns of their own.
    void open_sheds(const std::vector<std::size_t>& steps);
    /// Back to one shed column a step.
    void close_sheds();
    /// Limit rows that held nothing back in more than `idle_blocks` blocks leave.
    void drop_idle_rows(int idle_blocks);
    /// A storage that does both at once is left with one direction in every step with a negative price. Returns in how many
    /// steps a direction was closed. Precondition: the prices of the solution.
    std::size_t part_directions(const Solution& solution, double tolerance_mw);

    void read_schedule(Solution& solution) const;
    [[nodiscard]] Duals read_duals() const;

  private:
    template <class DoesBoth>
    std::size_t part_directions_of(std::size_t storage, const Solution& solution,
                                   DoesBoth does_both);
    struct LimitRow {
        BindingBranch at; ///< step, branch and outage
        int idle = 0;     ///< blocks in which it held nothing back
        std::size_t id = 0;
    };
    /// A column beyond the program's: a shed row of an opened step, or overload of a limit row.
    struct Extra {
        std::size_t row_id = none;
        double sign = 0;
    };
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    struct Bundle;

    void load_coefficients();
    void advance(const Block& block);
    void advance_limit_rows(const Block& block);
    void find_violated(const Block& block, std::size_t t, std::span<const double> flow_mw,
                       double tolerance_mw, std::vector<BindingBranch>& found) const;
    void append_limit_row(const Block& block, const BindingBranch& at, Bundle& rows) const;
    void add_overload_columns(std::size_t first_row);
    template <class Leaves>
    void delete_extras(Leaves leaves);
    [[nodiscard]] bool has_row(const BindingBranch& at) const;
    void mark_row(const BindingBranch& at, bool is_row);
    /// Row of Clp of a limit row; column of Clp of shed row b in the i-th opened step.
    [[nodiscard]] std::size_t clp_row(std::size_t limit_row) const;
    [[nodiscard]] std::size_t clp_column(std::size_t i, std::size_t b) const;

    const System& system_;
    Shape shape_;
    LinearProgram lp_;
    ClpSimplex clp_;
    bool fresh_ = true;          ///< no basis yet
    bool advanced_ = false;      ///< a block went on from the one before
    bool changed_ = true;        ///< rows, coefficients or basis since the last solution
    std::vector<double> loaded_; ///< coefficients within steps, as Clp has them
    std::vector<LimitRow> limit_rows_;
    std::size_t next_id_ = 0;
    std::vector<char> is_row_;                         ///< [n_limit × n_step], of the base state
    std::set<std::array<std::size_t, 3>> outage_rows_; ///< step, branch, outage
    std::vector<Extra> extras_;
    std::vector<std::size_t> opened_;       ///< steps whose sheds are columns of their own
    std::vector<std::size_t> opened_first_; ///< of `extras_`
    std::vector<double> shed_share_;        ///< [n_shed], of the one column of its island
};

} // namespace yuanwang::dispatch::program
