/// @file
/// The block program with the flows as variables, solved by Clp's barrier method and a crossover to a basis.
///
/// The program is that of flow_program.hpp: all limits are there from the start, every shed row is a column, no factor of a
/// matrix inverse enters. The network of this engine and that of `ClpEngine` have no row in common, nor have the methods.
#pragma once

#include "dispatch/program/block_engine.hpp"
#include "dispatch/program/flow_program.hpp"

namespace yuanwang::dispatch::program {

class CycleFlowEngine : public BlockEngine {
  public:
    /// `system` without its PTDF will do: only the limits of its branches are read.
    CycleFlowEngine(System system, FlowGrid grid, double primal_tolerance = 1e-5,
                    double dual_tolerance = 1e-7);

    /// Each block starts from nothing.
    [[nodiscard]] Solution solve(const Block& block) override;
    void forget() override {}

  private:
    System system_;
    FlowGrid grid_;
    double primal_tolerance_; ///< MW or MWh, of the check
    double dual_tolerance_;   ///< (objective − bound) / objective, of the check
};

} // namespace yuanwang::dispatch::program
