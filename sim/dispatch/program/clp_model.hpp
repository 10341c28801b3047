/// @file
/// A block program living in Clp from block to block. Used by clp_engine.cpp only.
///
/// Rows: those of the program, then branch limits in the order they came. Columns: those of the program, then the shed rows
/// of opened steps. The basis stays with the rows and columns whatever is added, dropped or given new numbers.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <coin/ClpSimplex.hpp>

#include "dispatch/program/program.hpp"
#include "dispatch/program/solution.hpp"

namespace yuanwang::dispatch::program {

class ClpModel {
  public:
    /// `system` has to outlive the model.
    ClpModel(const System& system, std::size_t n_step, Seam seam, int max_iterations);

    [[nodiscard]] bool fits(const Block& block) const;
    [[nodiscard]] const LinearProgram& program() const { return lp_; }
    [[nodiscard]] std::size_t n_branch_row() const { return branch_rows_.size(); }
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
    /// Branch rows that held nothing back in more than `idle_blocks` blocks leave.
    void drop_idle_rows(int idle_blocks);

    void read_schedule(Solution& solution) const;
    [[nodiscard]] Duals read_duals() const;

  private:
    struct BranchRow {
        std::size_t step;
        std::size_t branch;
        int idle = 0; ///< blocks in which it held nothing back
    };
    struct Bundle;

    void append_branch_row(const Block& block, std::size_t t, std::size_t k, Bundle& rows) const;
    [[nodiscard]] double carried_demand(const Block& block, std::size_t t, std::size_t k) const;
    [[nodiscard]] std::span<const double> factors(std::size_t branch) const;
    /// Row of Clp of a branch row; column of Clp of shed row b in the i-th opened step.
    [[nodiscard]] std::size_t clp_row(std::size_t branch_row) const;
    [[nodiscard]] std::size_t clp_column(std::size_t i, std::size_t b) const;

    const System& system_;
    Seam seam_;
    LinearProgram lp_;
    ClpSimplex clp_;
    bool fresh_ = true; ///< no basis yet
    std::vector<BranchRow> branch_rows_;
    std::vector<char> is_row_;        ///< [n_branch × n_step]
    std::vector<std::size_t> opened_; ///< steps whose sheds are columns of their own
    std::vector<double> shed_share_;  ///< [n_shed], of the one column
};

} // namespace yuanwang::dispatch::program
