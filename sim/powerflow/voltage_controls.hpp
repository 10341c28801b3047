/// @file
/// Discrete voltage controls: on-load taps and switched shunts, moved in rounds between power flows.
///
/// A round looks one move ahead by the linear model V_r ≈ V_r + Σ_c S_rc n_c, where S_rc is what one step of control c
/// does to the voltage at the regulated node of r (a column of J⁻¹ at the scheduled state). Controls decide one after
/// another on the predicted voltages, high voltage levels first, shunts before taps within a level:
///
///     tap     n = round((target − V)/S) while |target − V| > max(dead band, 0.6 |S|)
///     shunt   the fewest steps that bring V back into its band without leaving it on the other side
///
/// so that a hundred of them settle in two or three rounds. What has not settled after four gets S of the present state,
/// after eight moves one step at a time. Units of one transformer, and transformers between the same
/// nodes with the same tap and target, move together. A control that turns back too often is in a limit cycle: it is held
/// where it is and counted. Memoryless: every step starts from given positions, whatever the step before did.
/// Source: Stott, Proc. IEEE 62(7), 1974, section VI; sensitivities as in Peschon et al., IEEE Trans. PAS-87(8), 1968.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "powerflow/newton.hpp"
#include "powerflow/nodal_matrix.hpp"

namespace yuanwang::powerflow {

class VoltageControls {
  public:
    /// Keeps references to grid and matrix. Controls out of service, off-circuit taps and single-position ones stay put.
    VoltageControls(const network::Network& grid, const NodalMatrix& matrix, bool taps,
                    bool shunts);

    [[nodiscard]] bool any() const { return !controls_.empty(); }

    /// Computes S at the present state of `newton`, whose factors must belong to it. Every step starts with this S.
    void prepare(Newton& newton, const NodeProblem& problem);

    /// Sets the positions a step starts from.
    void start(std::span<const int> taps, std::span<const int> shunts);

    /// Moves what is out of its band at a solved state. True where something moved: solve again.
    [[nodiscard]] bool move(Newton& newton, const NodeProblem& problem, int round);

    /// Controls held in a limit cycle, and those that would still move at this state.
    [[nodiscard]] int count_held(const Newton& newton, const NodeProblem& problem) const;

    [[nodiscard]] std::span<const int> taps() const { return taps_; }
    [[nodiscard]] std::span<const int> shunts() const { return shunts_; }

  private:
    struct Control {
        std::vector<std::size_t> taps; ///< rows of taps that move together; empty for a shunt
        std::size_t shunt = 0;
        int regulated = -1; ///< node
        double level_kv = 0;
        int low = 0;
        int high = 0;
        double v_low = 0; ///< band that asks for no move
        double v_high = 0;
        double v_aim = 0;
        double guess = 0;  ///< effect of a step where S says nothing, pu
        int direction = 0; ///< of the last move
        int reversals = 0;
        bool held = false;
    };
    void add_taps();
    void add_shunts();
    [[nodiscard]] int position(const Control& control) const;
    void set_position(const Control& control, int value);
    void learn(Newton& newton, const NodeProblem& problem);
    [[nodiscard]] int steps_at(std::size_t c, double vm, const NodeProblem& problem) const;
    [[nodiscard]] double own_effect(std::size_t c) const;
    [[nodiscard]] static int wish(const Control& control, double vm, double effect);
    void linearise(const Control& control, const Newton& newton, std::span<double> rhs) const;

    const network::Network* grid_;
    const NodalMatrix* matrix_;
    std::vector<Control> controls_;
    std::vector<double> effect_; ///< S, [n_control × n_control], column by column
    std::vector<double> scheduled_effect_;
    bool relearnt_ = false;
    std::vector<double> predicted_;
    std::vector<double> rhs_;
    std::vector<int> taps_;
    std::vector<int> shunts_;
};

} // namespace yuanwang::powerflow
