/// @file
/// The block program solved by Clp's dual simplex method, one live model for a whole run.
///
///  1. bounds, right-hand sides and costs of the block go into the model that solved the block before; its basis, also
///     that of the branch rows, carries over hour by hour: row (t, k) of today starts as row (t, k) of yesterday ended
///  2. solve
///  3. flows of all branches; limits that are violated become rows (t, k), and shed rows whose bus is worth more than
///     their price become columns of their own; back to 2 until there are none
///  4. check the answer (solution.hpp); what does not pass is solved once more from nothing
///  5. branch rows that held nothing back for `idle_blocks` blocks leave the model
///
/// A block of another length or seam starts a new model. The same blocks in the same order give the same bytes.
/// Source: Stott, Hobson, IEEE Trans. Power App. Syst. PAS-97(5), 1978 (constraints added as they are violated).
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "dispatch/program/block_engine.hpp"
#include "dispatch/program/program.hpp"
#include "dispatch/program/solution.hpp"

namespace yuanwang::dispatch::program {

struct EngineOptions {
    int max_iterations = 2'000'000;  ///< of the simplex method, per solve
    int max_rounds = 60;             ///< solves per block
    int idle_blocks = 7;             ///< how long a branch row may hold nothing back
    double flow_tolerance_mw = 1e-5; ///< beyond a limit; below it, it is kept
    double primal_tolerance = 1e-5;  ///< MW or MWh, of the check
    double dual_tolerance = 1e-8;    ///< (objective − bound) / objective, of the check
    bool part_directions = false;    ///< no storage charges and discharges at once
};

class ClpModel;

class ClpEngine : public BlockEngine {
  public:
    explicit ClpEngine(System system, EngineOptions options = {});
    ~ClpEngine() override;

    [[nodiscard]] Solution solve(const Block& block) override;
    void forget() override;

    [[nodiscard]] const System& system() const { return system_; }

  private:
    [[nodiscard]] Solution solve_live(const Block& block);

    System system_;
    EngineOptions options_;
    std::vector<double> H_columns_; ///< PTDF by columns
    std::unique_ptr<ClpModel> model_;
};

} // namespace yuanwang::dispatch::program
