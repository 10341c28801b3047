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
/// so that a hundred of them settle in two or three rounds. A control that has turned back does more than S says (the unit
/// that held its node when S was learned stands still, or sits at a limit) and goes on one step at a time; so do all after
/// eight rounds. What has not settled after six gets S of the present state. Units of one transformer, and transformers between the same
/// nodes with the same tap and target, move together. A control that turns back too often is in a limit cycle: it is held
/// where it is and counted. Memoryless: every step starts from given positions, whatever the step before did.
///
/// What a step decides stands in a `State` of its own, so that many steps can be under way side by side.
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
    /// S, [n_control × n_control], column by column.
    using Effects = std::vector<double>;

    /// Where the controls of one step stand.
    struct State {
        struct Motion {
            int direction = 0; ///< of the last move
            int reversals = 0;
            bool held = false; ///< in a limit cycle
        };
        std::vector<int> taps;          ///< [n_tap]
        std::vector<int> shunts;        ///< [n_shunt]
        std::vector<Motion> motion;     ///< [n_control]
        std::vector<unsigned char> out; ///< [n_control] 1 where an outage has taken it out
        std::vector<double> predicted;  ///< [n_control] voltages of a round
    };

    /// Keeps references to grid and matrix. Controls out of service, off-circuit taps and single-position ones stay put.
    VoltageControls(const network::Network& grid, const NodalMatrix& matrix, bool taps,
                    bool shunts);

    [[nodiscard]] bool any() const { return !controls_.empty(); }
    [[nodiscard]] std::size_t size() const { return controls_.size(); }

    /// Computes S at the present state of `newton`, whose factors must belong to it. Every step starts with this S.
    void prepare(Newton& newton, const NodeProblem& problem);
    [[nodiscard]] const Effects& effects() const { return effects_; }

    /// S at a state and its positions. `rhs` [2 n_node] is scratch.
    void learn(Newton& newton, const NodeProblem& problem, const State& state,
               std::span<double> rhs, Effects& effects) const;
    /// True in the round that asks for S of the present state.
    [[nodiscard]] static bool wants_new_effects(int round);

    [[nodiscard]] State make_state() const;
    /// Sets the positions a step starts from. Allocates nothing.
    void start(State& state, std::span<const int> taps, std::span<const int> shunts) const;

    /// Takes out what loses all its transformers or the voltage it regulates. Until the next `start`.
    void lose(State& state, std::span<const BranchIdx> branches,
              std::span<const std::size_t> dark_nodes) const;

    /// Moves what is out of its band at solved voltages [n_node]. True where something moved: solve again.
    [[nodiscard]] bool move(State& state, std::span<const double> vm, const NodeProblem& problem,
                            int round, const Effects& effects) const;

    /// Controls held in a limit cycle, and those that would still move at these voltages.
    [[nodiscard]] int count_held(const State& state, std::span<const double> vm,
                                 const NodeProblem& problem, const Effects& effects) const;

    /// Node whose voltage control c regulates.
    [[nodiscard]] std::size_t regulated_node(std::size_t c) const {
        return static_cast<std::size_t>(controls_[c].regulated);
    }
    [[nodiscard]] int position(const State& state, std::size_t c) const {
        const Control& control = controls_[c];
        return control.taps.empty() ? state.shunts[control.shunt]
                                    : state.taps[control.taps.front()];
    }
    /// The round of `move` that starts from `state.predicted`, with `free` [n_control] in place of the types of nodes.
    [[nodiscard]] bool move_predicted(State& state, std::span<const unsigned char> free, int round,
                                      const Effects& effects) const;

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
        double guess = 0; ///< effect of a step where S says nothing, pu
    };
    void add_taps();
    void add_shunts();
    void set_position(State& state, const Control& control, int value) const;
    [[nodiscard]] int steps_at(const State& state, std::size_t c, double vm,
                               const Effects& effects) const;
    template <class IsFree>
    [[nodiscard]] bool move_free(State& state, IsFree is_free, int round,
                                 const Effects& effects) const;
    [[nodiscard]] double own_effect(std::size_t c, const Effects& effects) const;
    [[nodiscard]] static int wish(const Control& control, double vm, double effect);
    void linearise(const Control& control, const NodeState& at, const State& state,
                   std::span<double> rhs) const;

    const network::Network* grid_;
    const NodalMatrix* matrix_;
    std::vector<Control> controls_;
    Effects effects_;
};

} // namespace yuanwang::powerflow
