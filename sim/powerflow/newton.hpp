/// @file
/// Newton's method for the AC power balance in polar form, with a distributed slack inside the equations.
///
///     ΔP_i = P_i(θ, V) − p_i − w_i λ,     ΔQ_i = Q_i(θ, V) − q_i
///     S_ij = V_i (Y_ij V_j)* = a_ij + j b_ij,   P_i = Σ_j a_ij,   Q_i = Σ_j b_ij
///
///     ∂P_i/∂θ_j =  b_ij    V_j ∂P_i/∂V_j = a_ij        ∂P_i/∂θ_i = b_ii − Q_i    V_i ∂P_i/∂V_i = a_ii + P_i
///     ∂Q_i/∂θ_j = −a_ij    V_j ∂Q_i/∂V_j = b_ij        ∂Q_i/∂θ_i = P_i − a_ii    V_i ∂Q_i/∂V_i = b_ii + Q_i
///
/// Unknowns: θ [rad], relative increments ΔV/V, and λ [pu], the power each island lacks; its units take it in shares w
/// that sum to 1. λ stands in the column of the angle of the island's gauge node, which is 0 by choice. All of it is one
/// system, so a distributed slack converges as fast as a single one.
///
/// Every node has two rows whatever its type: where V is held, the Q row is the identity; in a dead part both are. So
/// one pattern, one ordering and one pivot order serve all types, taps and shunts. Nodes that are promised to hold their V
/// in every problem (or to be dead) have the P row alone: with as many generators as in public cases that is half of the
/// factorisation.
/// Source: Tinney, Hart, IEEE Trans. PAS-86(11), 1967; Milano, Power System Modelling and Scripting (2010), ch. 4.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/status.hpp"
#include "powerflow/nodal_matrix.hpp"
#include "powerflow/node_state.hpp"
#include "powerflow/sparse_lu.hpp"
#include "powerflow/start_angles.hpp"

namespace yuanwang::powerflow {

enum class NodeType : std::uint8_t { pq, pv, dead };

/// What one power flow asks. Columns [n_node], per unit.
struct NodeProblem {
    std::vector<double> p; ///< scheduled injection
    std::vector<double> q; ///< where V is not held
    std::vector<NodeType> type;
    std::vector<double> vm_set;       ///< where V is held
    std::vector<double> slack_weight; ///< w; sums to 1 over each live island, 0 outside the border
    explicit NodeProblem(std::size_t n_node)
        : p(n_node), q(n_node), type(n_node, NodeType::pq), vm_set(n_node, 1.0),
          slack_weight(n_node, 0.0) {}
};

/// Islands as the solver needs them.
struct SlackLayout {
    std::vector<int> island_of_node;            ///< [n_node]
    std::vector<int> gauge;                     ///< [n_island] the node whose angle is 0
    std::vector<std::vector<int>> participants; ///< [n_island] nodes that may ever have a weight
};

/// True where a live node stands below 0.6 pu: most likely a solution on the lower branch, which nothing should start from.
[[nodiscard]] bool stands_low(const NodeProblem& problem, std::span<const double> vm);

struct NewtonOutcome {
    StepStatus status = StepStatus::not_run;
    int iterations = 0;
    double max_mismatch_pu = 0;
    int worst_node = -1;
};

/// How a solve goes about it.
struct NewtonSettings {
    double tolerance_pu = 1e-8;
    int max_iterations = 30;
    bool pivoting = false; ///< every matrix finds its own pivot order
    bool damped = false;   ///< halves a step until the mismatch falls
};

class Newton {
  public:
    /// Lays out the pattern once. Keeps a reference to the matrix, whose values may change between solves.
    /// `held` [n_node] promises that a node is never of type pq; empty: none is.
    Newton(const NodalMatrix& matrix, SlackLayout layout, std::vector<bool> held = {});

    /// True where a problem keeps the promise.
    [[nodiscard]] bool fits(const NodeProblem& problem) const;

    /// Solves from the present state; nodes whose V is held are set to it first. Allocates nothing unless it pivots.
    [[nodiscard]] NewtonOutcome solve(const NodeProblem& problem, const NewtonSettings& settings);

    /// Sets the state to V = 1 or as held, and the angles that phase shifts alone leave (start_angles.hpp).
    void start_flat(const NodeProblem& problem);
    /// The same with angle 0 everywhere.
    void start_level(const NodeProblem& problem);
    /// The same with the angles of a DC estimate.
    void start_dc(const NodeProblem& problem);
    /// True where phase shifts set the flat start apart from the level one.
    [[nodiscard]] bool any_shift() const { return start_angles_.any_shift(); }
    /// Sets the state to given voltages.
    void start_from(std::span<const double> vm, std::span<const double> va);

    /// Factorises the Jacobian at the present state and keeps its pivot order for all solves. False where singular.
    [[nodiscard]] bool choose_pivots(const NodeProblem& problem);
    /// Factorises the Jacobian at the present state in the kept pivot order. False where singular.
    [[nodiscard]] bool linearise(const NodeProblem& problem);
    /// Solves J x = rhs with the latest factors; rows 2i, 2i + 1 are P and Q of node i, columns θ and ΔV/V.
    void solve_linear(std::span<double> rhs);
    /// What λ of every island gains by one more of what is asked of a node: d λ / d p at 2i, d λ / d q at 2i + 1, pu per pu.
    /// An island lies apart from the others, so one transposed solve with the latest factors serves all.
    void find_lack_factors(const NodeProblem& problem, std::span<double> factor);

    /// Mismatch [2 n_node] at the present state.
    [[nodiscard]] std::span<const double> evaluate(const NodeProblem& problem);

    [[nodiscard]] NodeState state() const { return {vm_, va_, e_, f_, p_, q_, lambda_}; }
    [[nodiscard]] std::span<const double> vm() const { return vm_; }
    [[nodiscard]] std::span<const double> va() const { return va_; }
    [[nodiscard]] std::span<const double> e() const { return e_; } ///< Re V
    [[nodiscard]] std::span<const double> f() const { return f_; } ///< Im V
    [[nodiscard]] std::span<const double> p() const {
        return p_;
    } ///< injection into the grid at the state
    [[nodiscard]] std::span<const double> q() const { return q_; }
    [[nodiscard]] double lambda(int island) const {
        return lambda_[static_cast<std::size_t>(island)];
    }
    [[nodiscard]] const SlackLayout& layout() const { return layout_; }
    [[nodiscard]] std::size_t fill() const { return lu_.fill(); }

  private:
    void make_maps(const std::vector<int>& column_start, const std::vector<int>& row);
    void start_at(const NodeProblem& problem);
    void hold_voltages(const NodeProblem& problem);
    void compute_powers();
    double compute_mismatch(const NodeProblem& problem, int& worst_row);
    void fill_jacobian(const NodeProblem& problem);
    [[nodiscard]] bool factorise(bool pivoting);
    void find_step();
    void advance(const NodeProblem& problem, double scale);
    void keep_state();
    void restore_state();
    void balance_islands(const NodeProblem& problem);
    double damp(const NodeProblem& problem, double before, int& worst_row);
    void resync_phasors();

    const NodalMatrix* matrix_;
    SlackLayout layout_;
    StartAngles start_angles_;
    SparseLu lu_;

    // Where a matrix entry (i, j) stands in the values of J: P row in column θ_j, P row in column V_j (none where j is
    // held). The Q row follows, unless i is held. In four lists, so that filling asks nothing.
    struct Entry {
        int node = 0;  // i
        int entry = 0; // of the matrix
        int theta = 0;
        int volt = 0;
    };
    std::vector<Entry> both_free_, row_held_, column_held_, both_held_;
    struct Diagonal {
        std::size_t theta = 0;
        std::size_t volt = 0;
    };
    std::vector<Diagonal> diagonal_; // [n_node]
    std::vector<double> p_row_,
        q_row_;                      // [n_node] 1 where the row stands, 0 where it is the identity
    std::vector<std::uint8_t> held_; // [n_node]
    std::vector<int> held_nodes_;
    std::vector<int>
        number_; // [2 n_node] row and column of J; −1: V of a held node, which is no unknown
    std::vector<int> unknown_; // [n_unknown] the row of `number_` that each is
    std::vector<double> rhs_;  // [n_unknown]
    struct GaugeEntry {
        int node;
        std::size_t at;
    };
    std::vector<GaugeEntry> gauge_entries_; // in the columns of gauge angles, beside which λ stands
    struct Border {
        int node;
        int island;
        std::size_t at;
    };
    std::vector<Border> border_;

    std::vector<double> vm_, va_, cos_, sin_, e_, f_; // state [n_node]
    std::vector<double> p_, q_;                       // injections at the state
    std::vector<double> a_, b_;                       // S_ij [n_entry]
    std::vector<double> flat_va_;                     // [n_node]
    std::vector<double> lambda_;                      // [n_island]
    std::vector<double> mismatch_, step_;             // [2 n_node]
    std::vector<double> kept_vm_, kept_va_, kept_lambda_, kept_step_;
};

} // namespace yuanwang::powerflow
