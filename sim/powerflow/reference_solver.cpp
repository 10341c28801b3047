#include "powerflow/reference_solver.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "powerflow/block_tables.hpp"
#include "powerflow/branch_flows.hpp"
#include "powerflow/control_rounds.hpp"
#include "powerflow/newton.hpp"
#include "powerflow/nodal_matrix.hpp"
#include "powerflow/node_units.hpp"
#include "powerflow/q_limits.hpp"
#include "powerflow/voltage_controls.hpp"

namespace yuanwang::powerflow {

std::optional<StartPositions> last_positions(const BlockStates& states) {
    if (states.outcome.empty() || (states.outcome.back().status != StepStatus::converged &&
                                   states.outcome.back().status != StepStatus::islanded)) {
        return std::nullopt;
    }
    const auto as_int = [](std::span<const double> values) {
        std::vector<int> result;
        for (const double value : values) {
            result.push_back(static_cast<int>(std::lround(value)));
        }
        return result;
    };
    const std::size_t last = states.outcome.size() - 1;
    return StartPositions{as_int(states.tap.step(last)), as_int(states.shunt_steps.step(last))};
}

namespace {

network::Network remove_branches(network::Network grid, std::span<const BranchIdx> lost) {
    for (const BranchIdx k : lost) {
        grid.branches.in_service[k] = false;
    }
    return grid;
}

} // namespace

class ReferenceSolver::Impl {
  public:
    Impl(const network::Network& grid, const Units& units, const Options& options,
         std::span<const BranchIdx> lost)
        : grid_{remove_branches(grid, lost)}, units_{units}, options_{options},
          lost_(lost.begin(), lost.end()), matrix_{grid_}, node_units_{grid_, matrix_, units_,
                                                                       options.distributed_slack},
          newton_{matrix_, node_units_.slack_layout(false)}, q_limits_{matrix_.n_node(),
                                                                       node_units_.n_island()},
          whole_{lost.empty() ? nullptr : std::make_unique<WholeGrid>(grid)},
          controls_{whole_ ? whole_->grid : grid_, whole_ ? whole_->matrix : matrix_, options.taps,
                    options.shunts},
          scheduled_{grid_.taps.position, grid_.shunt_steps.vector()} {
        prepare(newton_);
        if (!options_.q_limits) {
            lean_.emplace(matrix_, node_units_.slack_layout(false), find_holding_nodes());
            prepare(*lean_);
        }
        if (whole_) {
            learn_whole_grid();
        } else {
            controls_.prepare(newton_, node_units_.problem());
        }
        moves_ = controls_.make_state();
        own_effects_ = controls_.effects();
        rhs_.resize(2 * matrix_.n_node());
        positions_ = scheduled_;
    }

    void solve_block(const BlockInjections& injections, const StartPositions* start,
                     BlockStates& states) {
        reshape_states(grid_, units_.size(), injections.n_step(), options_.branch_flows, states);
        warm_ = false;
        positions_ = start != nullptr ? *start : scheduled_;
        for (std::size_t t = 0; t < injections.n_step(); ++t) {
            if (!options_.chronological && t > 0) {
                positions_ = scheduled_;
            }
            StepOutcome& outcome = states.outcome[t];
            outcome = solve_step(injections, t);
            warm_ = outcome.control_rounds == 0 && judge(outcome) == Ending::sound;
            if (outcome.status != StepStatus::converged) {
                write_failure(t, states);
                continue;
            }
            if (node_units_.islanded()) {
                outcome.status = StepStatus::islanded;
            }
            record(injections, t, outcome, states);
        }
    }

  private:
    /// The grid before an outage.
    struct WholeGrid {
        explicit WholeGrid(const network::Network& before) : grid{before}, matrix{grid} {}
        network::Network grid;
        NodalMatrix matrix;
    };

    void learn_whole_grid() {
        NodeUnits units{whole_->grid, whole_->matrix, units_, options_.distributed_slack};
        Newton newton{whole_->matrix, units.slack_layout(false)};
        if (units.gather(make_still_block(grid_.n_bus, units_.size()), 0)) {
            newton.start_flat(units.problem());
            if (newton.choose_pivots(units.problem())) {
                controls_.prepare(newton, units.problem());
            }
        }
    }

    /// Fixes the pivot order of a Newton at the flat profile, so that no step's answer depends on another's matrix.
    void prepare(Newton& newton) {
        const BlockInjections still = make_still_block(grid_.n_bus, units_.size());
        if (node_units_.gather(still, 0)) {
            newton.start_flat(node_units_.problem());
            (void)newton.choose_pivots(node_units_.problem()); // where singular, every solve pivots
        }
    }

    /// Nodes that hold their voltage while all units run: for good, where no reactive limit ends it.
    [[nodiscard]] std::vector<bool> find_holding_nodes() const {
        std::vector<bool> holding;
        for (const NodeType type : node_units_.problem().type) {
            holding.push_back(type == NodeType::pv);
        }
        return holding;
    }

    /// The Newton that fits the slack units and the types of the gathered step.
    void choose_newton() {
        Newton* before = active_;
        if (lean_ && node_units_.fits_narrow_layout() && lean_->fits(node_units_.problem())) {
            active_ = &*lean_;
        } else if (node_units_.fits_narrow_layout()) {
            active_ = &newton_;
        } else {
            if (!wide_) {
                wide_.emplace(matrix_, node_units_.slack_layout(true));
            }
            active_ = &*wide_;
        }
        if (before != active_ && warm_) {
            active_->start_from(before->vm(), before->va());
        }
    }

    enum class Start : std::uint8_t { here, here_damped, flat, flat_damped };

    NewtonOutcome newton_from(Start start, NewtonSettings settings) {
        settings.pivoting = settings.damped =
            start == Start::here_damped || start == Start::flat_damped;
        if (start == Start::flat || start == Start::flat_damped) {
            active_->start_flat(node_units_.problem());
        } else if (start == Start::here_damped) {
            active_->start_from(good_vm_, good_va_);
        }
        return active_->solve(node_units_.problem(), settings);
    }

    /// Newton from where it stands, damped from there where that solved the round before, from the flat profile, damped: the
    /// first solution that is not on the lower branch of the voltages, else the first at all.
    NewtonOutcome power_flow(double tolerance_pu, bool stands_well) {
        const NewtonSettings settings{.tolerance_pu = tolerance_pu,
                                      .max_iterations = options_.max_iterations};
        good_vm_.assign(active_->vm().begin(), active_->vm().end());
        good_va_.assign(active_->va().begin(), active_->va().end());
        NewtonOutcome outcome;
        std::optional<Start> low;
        int iterations = 0;
        for (const Start start :
             {Start::here, Start::here_damped, Start::flat, Start::flat_damped}) {
            if (start == Start::here_damped && !stands_well) {
                continue;
            }
            outcome = newton_from(start, settings);
            iterations += outcome.iterations;
            const bool solved = outcome.status == StepStatus::converged;
            if (solved && !stands_low(node_units_.problem(), active_->vm())) {
                low.reset();
                break;
            }
            if (solved && !low) {
                low = start;
            }
        }
        if (low) {
            active_->start_from(good_vm_, good_va_);
            outcome = newton_from(*low, settings);
            iterations += outcome.iterations;
        }
        outcome.iterations = iterations;
        return outcome;
    }

    /// Moves what asks for it at the present state; true where the power flow has to be solved again.
    bool apply_controls(int round, double margin_pu) {
        if (round >= most_rounds_) {
            return false;
        }
        if (options_.q_limits && q_limits_.apply(node_units_, active_->state(), margin_pu)) {
            return true;
        }
        if (!controls_.any()) {
            return false;
        }
        if (VoltageControls::wants_new_effects(n_move_)) {
            if (whole_) {
                whole_->matrix.set_positions(moves_.taps, moves_.shunts);
            }
            controls_.learn(*active_, node_units_.problem(), moves_, rhs_, own_effects_);
            effects_ = &own_effects_;
        }
        if (!controls_.move(moves_, active_->vm(), node_units_.problem(), n_move_, *effects_)) {
            return false;
        }
        ++n_move_;
        matrix_.set_positions(moves_.taps, moves_.shunts);
        return true;
    }

    StepOutcome solve_step(const BlockInjections& injections, std::size_t t) {
        if (!node_units_.gather(injections, t)) {
            return {.status = StepStatus::not_finite};
        }
        choose_newton();
        StepOutcome outcome = settle(Pace::all_at_once);
        if (warm_ && outcome.control_rounds > 0) { // what moves must not hang on the step before
            outcome = start_again(injections, t, Pace::all_at_once, outcome.iterations);
        }
        const Ending ending = judge(outcome);
        if (!options_.q_limits || outcome.control_rounds == 0 || ending == Ending::sound) {
            return outcome;
        }
        const StepOutcome careful =
            start_again(injections, t, Pace::one_by_one, outcome.iterations);
        const Ending better = judge(careful);
        if (better > ending ||
            (better == ending && careful.held_controls < outcome.held_controls) ||
            ending == Ending::none) {
            return careful;
        }
        return start_again(injections, t, Pace::all_at_once, careful.iterations);
    }

    /// The gathered step once more, from nothing. `iterations` were spent before.
    StepOutcome start_again(const BlockInjections& injections, std::size_t t, Pace pace,
                            int iterations) {
        warm_ = false;
        [[maybe_unused]] const bool finite = node_units_.gather(injections, t);
        choose_newton();
        StepOutcome outcome = settle(pace);
        outcome.iterations += iterations;
        return outcome;
    }

    /// How sound the present state is: no solution, one on the lower branch of the voltages, one against the rules of reactive
    /// limits, none of these.
    enum class Ending : std::uint8_t { none, low, misled, sound };
    Ending judge(const StepOutcome& outcome) {
        if (outcome.status != StepStatus::converged) {
            return Ending::none;
        }
        if (stands_low(node_units_.problem(), active_->vm())) {
            return Ending::low;
        }
        const bool misled =
            options_.q_limits && q_limits_.misled(node_units_, active_->state(),
                                                  at_the_end(options_.tolerance_pu).margin_pu);
        return misled ? Ending::misled : Ending::sound;
    }

    /// Power flow and controls in turn until nothing moves.
    StepOutcome settle(Pace pace) {
        controls_.start(moves_, positions_.taps, positions_.shunts);
        controls_.lose(moves_, lost_, {});
        effects_ = &controls_.effects();
        matrix_.set_positions(positions_.taps, positions_.shunts);
        q_limits_.start(pace);
        n_move_ = 0;
        most_rounds_ = options_.max_control_rounds +
                       (pace == Pace::one_by_one ? 4 * static_cast<int>(units_.size()) : 0);
        if (!warm_) {
            active_->start_flat(node_units_.problem());
        }

        StepOutcome outcome;
        const bool controlled = options_.q_limits || controls_.any();
        bool exact = !controlled;
        for (;;) {
            const ControlRound round =
                exact ? at_the_end(options_.tolerance_pu) : on_the_way(options_.tolerance_pu);
            const NewtonOutcome newton = power_flow(round.tolerance_pu, outcome.control_rounds > 0);
            outcome.iterations += newton.iterations;
            outcome.status = newton.status;
            outcome.max_mismatch_pu = newton.max_mismatch_pu;
            if (newton.worst_node >= 0) {
                outcome.worst_bus =
                    matrix_.bus_of_node[static_cast<std::size_t>(newton.worst_node)];
            }
            if (newton.status != StepStatus::converged) {
                return outcome;
            }
            if (controlled && apply_controls(outcome.control_rounds, round.margin_pu)) {
                ++outcome.control_rounds;
            } else if (exact) {
                break;
            } else {
                exact = true;
            }
        }
        outcome.held_controls =
            controls_.count_held(moves_, active_->vm(), node_units_.problem(), *effects_);
        if (options_.q_limits) {
            outcome.held_controls += q_limits_.count_held(
                node_units_, active_->state(), at_the_end(options_.tolerance_pu).margin_pu);
        }
        return outcome;
    }

    void record(const BlockInjections& injections, std::size_t t, StepOutcome& outcome,
                BlockStates& states) {
        const NodeProblem& problem = node_units_.problem();
        write_voltages(matrix_, problem, active_->state(), t, states);
        outcome.slack_mw = node_units_.spread(injections, active_->state(), t, states);
        std::ranges::copy(moves_.taps, states.tap.step(t).begin());
        std::ranges::copy(moves_.shunts, states.shunt_steps.step(t).begin());
        if (options_.chronological) {
            std::ranges::copy(moves_.taps, positions_.taps.begin());
            std::ranges::copy(moves_.shunts, positions_.shunts.begin());
        }
        if (options_.branch_flows) {
            const double losses_mw =
                compute_branch_flows(matrix_, active_->state(), problem, t, states);
            states.losses_mw(std::size_t{0}, t) = losses_mw;
            outcome.residual_mw = node_units_.net_injection_mw(injections, t, states) - losses_mw;
        }
    }

    network::Network grid_;
    Units units_;
    Options options_;
    std::vector<BranchIdx> lost_;
    NodalMatrix matrix_;
    NodeUnits node_units_;
    Newton newton_;
    std::optional<Newton> lean_; // without reactive limits: for steps in which every unit runs
    std::optional<Newton> wide_; // made when a step first needs it
    Newton* active_ = &newton_;
    QLimits q_limits_;
    std::unique_ptr<WholeGrid> whole_; // after an outage: before it
    VoltageControls controls_;
    VoltageControls::State moves_;         // of the present step
    VoltageControls::Effects own_effects_; // of a step that wanted its own
    const VoltageControls::Effects* effects_ = nullptr;
    int n_move_ =
        0; // rounds of taps and shunts in this step; those of reactive limits do not count
    int most_rounds_ = 0;
    std::vector<double> rhs_;
    StartPositions scheduled_;
    StartPositions positions_;              // the present step starts from
    std::vector<double> good_vm_, good_va_; // a power flow began from
    bool warm_ = false;                     // the state belongs to the step before
};

ReferenceSolver::ReferenceSolver(const network::Network& grid, const Units& units,
                                 const Options& options)
    : ReferenceSolver{grid, units, options, {}} {}
ReferenceSolver::ReferenceSolver(const network::Network& grid, const Units& units,
                                 const Options& options, std::span<const BranchIdx> lost)
    : impl_{std::make_unique<Impl>(grid, units, options, lost)} {}
ReferenceSolver::~ReferenceSolver() = default;
ReferenceSolver::ReferenceSolver(ReferenceSolver&&) noexcept = default;
ReferenceSolver& ReferenceSolver::operator=(ReferenceSolver&&) noexcept = default;

void ReferenceSolver::solve_block(const BlockInjections& injections, BlockStates& states) {
    impl_->solve_block(injections, nullptr, states);
}
void ReferenceSolver::solve_block(const BlockInjections& injections, const StartPositions& start,
                                  BlockStates& states) {
    impl_->solve_block(injections, &start, states);
}

} // namespace yuanwang::powerflow
