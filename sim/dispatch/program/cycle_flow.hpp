/// @file
/// The block program with the flows as variables, solved by Clp's barrier method and a crossover to a basis.
///
/// | variable of step t | of     | what                  | unit | bounds   |
/// |--------------------|--------|-----------------------|------|----------|
/// | f                  | branch | flow, from → to       | MW   | −s_k…s_k |
///
/// | constraint   | equation                                                   | unit    | dual                        |
/// |--------------|------------------------------------------------------------|---------|-----------------------------|
/// | node(t,i)    | p_i − Σ_k K_ik f_k = D_i                                   | MW      | λ_i, the price at the bus   |
/// | loop(t,l)    | Σ_k C_lk x_k f_k = −base Σ_k C_lk φ_k                      | MW · pu | of Kirchhoff's voltage law  |
///
///     K  [n_bus × n_branch]   +1 where the branch leaves the bus, −1 where it ends                1
///     C  [n_loop × n_branch]  ±1 along the loops of a basis of the grid (network/topology.hpp)    1
///     x  [n_branch]           reactance × ratio                                                   pu
///     φ  [n_branch]           phase shift; base 100 MVA                                           rad
///
/// These rows stand in the place of the balances and branch rows of program.hpp; what storages do is the same there and
/// here. All limits are there from the start, every shed row is a column, no factor of a matrix inverse enters: the network
/// of this engine and that of `ClpEngine` have no row in common, nor have the methods.
/// Source: Hörsch, Ronellenfitsch, Witthaut, Brown, Electric Power Systems Research 158, 2018 (cycle flows).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dispatch/program/block_engine.hpp"
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
};
[[nodiscard]] FlowGrid make_flow_grid(const network::Network& grid);

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
