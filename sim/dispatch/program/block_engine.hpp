/// @file
/// The one interface behind which solvers of the block program stand.
///
/// | engine          | network                                   | method              | good for                      |
/// |-----------------|-------------------------------------------|---------------------|-------------------------------|
/// | ClpEngine       | PTDF rows, added where they are violated  | dual simplex, live  | a run: block after block      |
/// | CycleFlowEngine | flows, nodal balances, loops; every limit | barrier, crossover  | cold starts, the second truth |
///
/// Engines answer the same question; what they share is the block, its check and nothing of the network.
#pragma once

#include "dispatch/program/program.hpp"
#include "dispatch/program/solution.hpp"

namespace yuanwang::dispatch::program {

class BlockEngine {
  public:
    BlockEngine() = default;
    virtual ~BlockEngine() = default;
    BlockEngine(const BlockEngine&) = delete;
    BlockEngine& operator=(const BlockEngine&) = delete;

    /// Solves a block. Numerics that do not work out are a status, never an exception.
    [[nodiscard]] virtual Solution solve(const Block& block) = 0;

    /// Forgets what it keeps from block to block: the next one starts from nothing.
    virtual void forget() = 0;
};

} // namespace yuanwang::dispatch::program
