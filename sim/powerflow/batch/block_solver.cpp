#include "powerflow/batch/block_solver.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <optional>
#include <utility>
#include <vector>

#include "powerflow/batch/chronology.hpp"
#include "powerflow/batch/controlled_solver.hpp"
#include "powerflow/batch/lane_layout.hpp"
#include "powerflow/batch/step_control.hpp"
#include "powerflow/block_tables.hpp"
#include "powerflow/branch_flows.hpp"
#include "powerflow/control_rounds.hpp"
#include "powerflow/nodal_matrix.hpp"
#include "powerflow/node_columns.hpp"
#include "powerflow/node_units.hpp"
#include "powerflow/reference_solver.hpp"
#include "powerflow/voltage_controls.hpp"

namespace yuanwang::powerflow::batch {

class BlockSolver::Impl {
  public:
    Impl(const network::Network& grid, const Units& units, const Options& options, int n_thread,
         Precision precision)
        : grid_{grid}, units_{units}, options_{options}, matrix_{grid_}, shared_{grid_},
          node_units_{grid_, matrix_, units_, options.distributed_slack}, controls_{grid_, matrix_,
                                                                                    options.taps,
                                                                                    options.shunts},
          scheduled_{grid_.taps.position, grid_.shunt_steps.vector()}, base_{scheduled_},
          reference_{grid_, units_, options}, chronology_{controls_}, state_{
                                                                          matrix_.n_node(),
                                                                          node_units_.n_island()} {
        lane_options_ = {.limits = {.tolerance_pu = options.tolerance_pu,
                                    .max_iterations = options.max_iterations},
                         .precision = precision,
                         .n_thread = n_thread};
        if (options_.solver == Solver::batch) {
            make_lanes();
        }
    }

    void solve_block(const BlockInjections& injections, const StartPositions* start,
                     BlockStates& states) {
        if (options_.solver == Solver::reference || !lanes_) {
            solve_by_reference(injections, start, states);
            return;
        }
        reshape_states(grid_, units_.size(), injections.n_step(), options_.branch_flows, states);
        table_.reshape(injections.n_step(), matrix_.n_node(), grid_.taps.size(),
                       grid_.shunt_bus.size(), node_units_.n_island());
        chronology_.start(start != nullptr ? *start : scheduled_, table_);
        if (!options_.chronological) { // the first step alone starts elsewhere
            for (std::size_t t = 1; t < injections.n_step(); ++t) {
                std::ranges::copy(scheduled_.taps, table_.of(table_.start_taps, t).begin());
                std::ranges::copy(scheduled_.shunts, table_.of(table_.start_shunts, t).begin());
            }
        }
        by_reference_.assign(injections.n_step(), 0);
        leaves_lean_ = false;
        wrong_.clear();
        for (std::size_t t = 0; t < injections.n_step(); ++t) {
            by_reference_[t] = fits_lanes(injections, t) ? 0 : 1;
            wrong_.push_back(t);
            std::ranges::copy(layout_.flat, table_.of(table_.V, t).begin());
        }
        set_base(start != nullptr ? *start : scheduled_);
        while (!wrong_.empty()) {
            solve_steps(injections, states);
            wrong_.clear();
            if (options_.chronological && controls_.any()) {
                chronology_.correct(table_, wrong_);
            }
        }
        for (std::size_t t = 0; t < injections.n_step(); ++t) {
            if (by_reference_[t] == 0) {
                record(injections, t, states);
            }
        }
    }

    [[nodiscard]] std::size_t bytes() const { return lanes_ ? lanes_->bytes() : 0; }

  private:
    void make_lanes() {
        layout_ = learn_layout(matrix_, node_units_, make_still_block(grid_.n_bus, units_.size()),
                               controls_);
        if (layout_.empty()) {
            return;
        }
        lanes_.emplace(read_admittance(shared_), layout_.type, layout_.vm_set, lane_options_);
        if (!options_.q_limits) { // while all units run, their nodes keep one unknown
            std::vector<BusType> type = layout_.type;
            std::ranges::replace(type, BusType::pv_or_pq, BusType::pv);
            lean_.emplace(read_admittance(shared_), type, layout_.vm_set, lane_options_);
        }
        control_.emplace(grid_, shared_, node_units_, controls_, options_, lanes_->n_slot());
    }

    /// Positions whose admittances all lanes share; what a step has moved from there is its own.
    void set_base(const StartPositions& start) {
        if (base_.taps == start.taps && base_.shunts == start.shunts) {
            return;
        }
        base_ = start;
        shared_.set_positions(base_.taps, base_.shunts);
        if (shared_y_.start.empty()) {
            shared_y_ = read_admittance(shared_);
        }
        shared_y_.g_pu = shared_.g;
        shared_y_.b_pu = shared_.b;
        lanes_->set_admittance(shared_y_);
        if (lean_) {
            lean_->set_admittance(shared_y_);
        }
    }

    /// True where a step asks what lanes are laid out for.
    bool fits_lanes(const BlockInjections& injections, std::size_t t) {
        if (!node_units_.gather(injections, t)) {
            return false;
        }
        const NodeProblem& problem = node_units_.problem();
        for (std::size_t n = 0; lean_ && n < matrix_.n_node(); ++n) {
            if (problem.type[n] == NodeType::pq && node_units_.may_hold(n)) {
                leaves_lean_ = true;
            }
        }
        return layout_.fits(problem);
    }

    /// Solves the steps in `wrong_` from the starts in the table.
    void solve_steps(const BlockInjections& injections, BlockStates& states) {
        in_lanes_.clear();
        for (const std::size_t t : wrong_) {
            if (by_reference_[t] == 0) {
                in_lanes_.push_back(t);
                std::ranges::fill(table_.of(table_.limit, t), QLimit::inside);
            } else {
                solve_one_by_reference(injections, t, states);
            }
        }
        ControlledSolver& lanes = lean_ && !leaves_lean_ ? *lean_ : *lanes_;
        control_->enter(injections, in_lanes_, base_.taps, base_.shunts, table_);
        lanes.solve(in_lanes_.size(), *control_, result_);
        for (std::size_t c = 0; c < in_lanes_.size(); ++c) {
            const std::size_t t = in_lanes_[c];
            table_.iterations[t] += result_.outcome[c].iterations;
            if (result_.outcome[c].status == StepStatus::converged) {
                keep(c, t);
            } else {
                by_reference_[t] = 1;
                solve_one_by_reference(injections, t, states);
            }
        }
    }

    /// Keeps what lane case c has found for step t.
    void keep(std::size_t c, std::size_t t) {
        const auto V = std::span{result_.V}.subspan(c * matrix_.n_node(), matrix_.n_node());
        std::ranges::copy(V, table_.of(table_.V, t).begin());
        const std::span<const QLimit> limit = table_.of(table_.limit, t);
        for (std::size_t k = 0; k < controls_.size(); ++k) {
            const std::size_t n = controls_.regulated_node(k);
            chronology_.vm(t)[k] = std::sqrt(std::norm(V[n]));
            chronology_.is_free(t)[k] =
                !node_units_.may_hold(n) || limit[n] != QLimit::inside ? 1 : 0;
        }
    }

    void solve_by_reference(const BlockInjections& injections, const StartPositions* start,
                            BlockStates& states) {
        if (start != nullptr) {
            reference_.solve_block(injections, *start, states);
        } else {
            reference_.solve_block(injections, states);
        }
        for (StepOutcome& outcome : states.outcome) {
            outcome.by_reference = true;
        }
    }

    void solve_one_by_reference(const BlockInjections& injections, std::size_t t,
                                BlockStates& states) {
        copy_step(injections, t, one_injection_);
        const std::span<const int> taps = table_.of(table_.start_taps, t);
        const std::span<const int> shunts = table_.of(table_.start_shunts, t);
        one_start_.taps.assign(taps.begin(), taps.end());
        one_start_.shunts.assign(shunts.begin(), shunts.end());
        reference_.solve_block(one_injection_, one_start_, one_state_);
        copy_step(one_state_, states, t);
        states.outcome[t].by_reference = true;
        const bool solved = !std::isnan(one_state_.losses_mw(std::size_t{0}, 0));
        const auto copy = [&](std::span<const double> from, std::span<const int> otherwise,
                              std::span<int> to) {
            for (std::size_t k = 0; k < to.size(); ++k) {
                to[k] = solved ? static_cast<int>(std::lround(from[k])) : otherwise[k];
            }
        };
        copy(one_state_.tap.step(0), taps, table_.of(table_.taps, t));
        copy(one_state_.shunt_steps.step(0), shunts, table_.of(table_.shunts, t));
        for (std::size_t k = 0; k < controls_.size(); ++k) {
            const std::size_t n = controls_.regulated_node(k);
            chronology_.vm(t)[k] = one_state_.vm_pu(matrix_.bus_of_node[n], 0);
            chronology_.is_free(t)[k] = solved && !node_units_.may_hold(n) ? 1 : 0;
        }
    }

    /// Writes step t as its voltages say, with admittances summed anew for its positions.
    void record(const BlockInjections& injections, std::size_t t, BlockStates& states) {
        [[maybe_unused]] const bool finite = node_units_.gather(injections, t);
        const std::span<const QLimit> limit = table_.of(table_.limit, t);
        for (std::size_t n = 0; n < limit.size(); ++n) {
            if (limit[n] != QLimit::inside) {
                node_units_.set_limit(n, limit[n]);
            }
        }
        matrix_.set_positions(table_.of(table_.taps, t), table_.of(table_.shunts, t));
        state_.read(table_.of(table_.V, t), table_.of(table_.lambda, t));
        state_.evaluate(matrix_);
        StepOutcome& outcome = states.outcome[t];
        outcome = {.status = node_units_.islanded() ? StepStatus::islanded : StepStatus::converged,
                   .iterations = table_.iterations[t],
                   .control_rounds = table_.control_rounds[t],
                   .held_controls = table_.held_controls[t]};
        std::size_t worst = 0;
        outcome.max_mismatch_pu = state_.find_mismatch(node_units_, worst);
        outcome.worst_bus = matrix_.bus_of_node[worst];
        write_voltages(matrix_, node_units_.problem(), state_.view(), t, states);
        outcome.slack_mw = node_units_.spread(injections, state_.view(), t, states);
        note_reactive_excess(node_units_.find_reactive_excess(
                                 state_.view(), at_the_end(options_.tolerance_pu).margin_pu),
                             options_, outcome);
        std::ranges::copy(table_.of(table_.taps, t), states.tap.step(t).begin());
        std::ranges::copy(table_.of(table_.shunts, t), states.shunt_steps.step(t).begin());
        if (options_.branch_flows) {
            const double losses_mw =
                compute_branch_flows(matrix_, state_.view(), node_units_.problem(), t, states);
            states.losses_mw(std::size_t{0}, t) = losses_mw;
            outcome.residual_mw = node_units_.net_injection_mw(injections, t, states) - losses_mw;
        }
    }

    network::Network grid_;
    Units units_;
    Options options_;
    NodalMatrix matrix_; ///< at the positions of the step in hand
    NodalMatrix shared_; ///< at those of the block
    NodeUnits node_units_;
    VoltageControls controls_;
    StartPositions scheduled_;
    StartPositions base_;
    ReferenceSolver reference_;
    Chronology chronology_;
    NodeColumns state_;
    BatchOptions lane_options_;
    LaneLayout layout_;
    std::optional<ControlledSolver> lanes_;
    std::optional<ControlledSolver> lean_; ///< without reactive limits, while all units run
    bool leaves_lean_ = false;
    std::optional<StepControl> control_;
    BusAdmittance shared_y_;
    StepTable table_;
    BatchResult result_;
    std::vector<std::size_t> wrong_, in_lanes_;
    std::vector<unsigned char> by_reference_; ///< [n_step]
    BlockInjections one_injection_;
    BlockStates one_state_;
    StartPositions one_start_;
};

BlockSolver::BlockSolver(const network::Network& grid, const Units& units, const Options& options,
                         int n_thread, Precision precision)
    : impl_{std::make_unique<Impl>(grid, units, options, n_thread, precision)} {}
BlockSolver::~BlockSolver() = default;
BlockSolver::BlockSolver(BlockSolver&&) noexcept = default;
BlockSolver& BlockSolver::operator=(BlockSolver&&) noexcept = default;

void BlockSolver::solve_block(const BlockInjections& injections, BlockStates& states) {
    impl_->solve_block(injections, nullptr, states);
}
void BlockSolver::solve_block(const BlockInjections& injections, const StartPositions& start,
                              BlockStates& states) {
    impl_->solve_block(injections, &start, states);
}
std::size_t BlockSolver::bytes() const {
    return impl_->bytes();
}

} // namespace yuanwang::powerflow::batch
