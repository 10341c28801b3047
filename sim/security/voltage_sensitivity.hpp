/// @file
/// How voltages move when a branch is lost: one inverse of B'' for all outages of a block of steps.
///
///     ΔV   = X_E (I + δ X_EE)⁻¹ ΔQ_E,    X = inv(B''),  E the ends of branch k        pu
///     ΔQ_E = the reactive flow the branch took from its ends, less half of ΔQ_loss at each
///     ΔV_P   the same with r P in the place of Q: how far active power might move voltages; r = Σr/Σx of the grid
///
/// δ is what the outage changes in the rows of E of B'' (compensation). Nodes that hold their voltage in every step of the
/// block with a tenth of their range to spare are left out of B''; all others are free, which moves voltages more than they
/// will move. Rows and columns of nodes that hold or do not live are zero.
///
/// Source: Alsac, Stott, Tinney, Sparsity-oriented compensation methods, IEEE Trans. PAS-102(5), 1983.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "network/network.hpp"
#include "powerflow/block.hpp"
#include "powerflow/nodal_matrix.hpp"

namespace yuanwang::security {

class VoltageSensitivity {
  public:
    /// Keeps references.
    VoltageSensitivity(const network::Network& grid, const powerflow::Units& units);

    /// Inverts B'' for a block; false where no step has a solution or the matrix has no inverse.
    [[nodiscard]] bool prepare(const powerflow::BlockInjections& injections,
                               const powerflow::BlockStates& states);

    [[nodiscard]] std::size_t n_node() const { return matrix_.n_node(); }
    [[nodiscard]] std::size_t node(BusIdx bus) const {
        return static_cast<std::size_t>(matrix_.node_of_bus[bus.row()]);
    }
    /// Entries of a column of X: n_node, and zeros up to a multiple of sixteen.
    [[nodiscard]] std::size_t n_row() const { return n_row_; }
    /// X_ii [n_row].
    [[nodiscard]] const std::vector<double>& own() const { return own_; }
    [[nodiscard]] double resistive_share() const { return resistive_share_; }

    /// Voltages of all nodes after an outage: ΔV = x[0] dq[0] + x[1] dq[1], and ΔV_P with dp.
    struct Move {
        std::array<const double*, 2> x; ///< columns of X [n_row]
        std::array<double, 2> dq;
        std::array<double, 2> dp;
    };
    /// None where the outage has no finite answer. `loss_pu` is ΔQ_loss.
    [[nodiscard]] std::optional<Move> lose(const powerflow::BlockStates& states, std::size_t t,
                                           BranchIdx lost, double loss_pu) const;

  private:
    void set_positions(const powerflow::BlockStates& states, std::size_t t);
    void number_free_nodes(const powerflow::BlockInjections& injections,
                           const powerflow::BlockStates& states);
    void note_holding(const powerflow::BlockInjections& injections,
                      const powerflow::BlockStates& states, std::size_t t);
    [[nodiscard]] bool invert();

    const network::Network* grid_;
    const powerflow::Units* units_;
    powerflow::NodalMatrix matrix_;
    double resistive_share_ = 0;
    std::size_t n_row_;
    std::vector<double> X_; ///< [n_row × n_node]
    std::vector<double> own_;
    std::vector<int> free_; ///< [n_node] rows of B''; −1: none
    /// Scratch of `prepare`, by node: whether it holds its voltage and lives in the steps so far; of a step its range.
    std::vector<int> holds_, lives_, held_;
    std::vector<double> q_, low_, high_;
    std::vector<int> taps_, shunts_;
};

} // namespace yuanwang::security
