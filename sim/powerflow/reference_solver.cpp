#include "powerflow/reference_solver.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "powerflow/astray.hpp"
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

constexpr std::array first_shares = {0.7, 0.4, 0.1}; ///< of a step that is taken up
constexpr int brief_iterations = 12;
constexpr double largest_rise = 0.05; ///< of the share: so little that controls keep up with it
constexpr int most_halvings = 4;      ///< of the rise

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

    void know(const StartVoltages& start) {
        given_vm_.clear();
        given_va_.clear();
        for (const BusIdx i : matrix_.bus_of_node) {
            if (i.row() < start.vm_pu.size()) {
                given_vm_.push_back(start.vm_pu[i.row()]);
                given_va_.push_back(start.va_rad[i.row()]);
            }
        }
    }

    void try_briefly() {
        is_brief_ = true;
        options_.max_iterations = std::min(options_.max_iterations, brief_iterations);
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

    enum class Start : std::uint8_t { here, flat, level, dc, given };
    struct Attempt {
        Start start;
        bool damped;
    };
    /// Cheap ones first.
    static constexpr std::array attempts = {
        Attempt{Start::here, false},  Attempt{Start::here, true},  Attempt{Start::flat, false},
        Attempt{Start::level, false}, Attempt{Start::dc, false},   Attempt{Start::given, false},
        Attempt{Start::flat, true},   Attempt{Start::level, true}, Attempt{Start::dc, true},
        Attempt{Start::given, true}};

    NewtonOutcome newton_from(Attempt attempt, NewtonSettings settings) {
        settings.pivoting = settings.damped = attempt.damped;
        switch (attempt.start) {
        case Start::here:
            active_->start_from(good_vm_, good_va_);
            break;
        case Start::flat:
            active_->start_flat(node_units_.problem());
            break;
        case Start::level:
            active_->start_level(node_units_.problem());
            break;
        case Start::dc:
            active_->start_dc(node_units_.problem());
            break;
        case Start::given:
            active_->start_from(given_vm_, given_va_);
            break;
        }
        return active_->solve(node_units_.problem(), settings);
    }

    /// True where an attempt can find what those before it did not.
    [[nodiscard]] bool worth_trying(Attempt attempt, bool stands_well) const {
        if (is_brief_ && attempt.start != Start::flat) {
            return false;
        }
        switch (attempt.start) {
        case Start::here:
            return !attempt.damped || stands_well;
        case Start::level:
            return active_->any_shift();
        case Start::given:
            return !given_vm_.empty();
        case Start::flat:
            return attempt.damped || !at_flat_;
        case Start::dc:
            break;
        }
        return true;
    }

    /// Newton from one start after another: the first sound solution, else the one with the fewest marks, the earliest of them.
    NewtonOutcome power_flow(double tolerance_pu, bool stands_well) {
        const NewtonSettings settings{.tolerance_pu = tolerance_pu,
                                      .max_iterations = options_.max_iterations};
        good_vm_.assign(active_->vm().begin(), active_->vm().end());
        good_va_.assign(active_->va().begin(), active_->va().end());
        NewtonOutcome outcome = active_->solve(node_units_.problem(), settings); // from here
        int marks = outcome.status == StepStatus::converged ? count_marks() : most_marks;
        if (marks > 0 && !gives_up_early_ && marks != accepted_marks_) {
            outcome = try_other_starts(settings, stands_well, outcome, marks);
        }
        accepted_marks_ = marks;
        at_flat_ = false;
        return outcome;
    }

    NewtonOutcome try_other_starts(const NewtonSettings& settings, bool stands_well,
                                   NewtonOutcome outcome, int& marks) {
        Attempt best = attempts.front();
        int iterations = outcome.iterations;
        bool stands_at_best = true;
        for (const Attempt attempt : std::span(attempts).subspan(1)) {
            if (!worth_trying(attempt, stands_well)) {
                continue;
            }
            outcome = newton_from(attempt, settings);
            iterations += outcome.iterations;
            const int found = outcome.status == StepStatus::converged ? count_marks() : most_marks;
            stands_at_best = found < marks;
            if (found < marks) {
                marks = found;
                best = attempt;
            }
            if (marks == 0) {
                break;
            }
        }
        if (marks < most_marks && !stands_at_best) {
            outcome = newton_from(best, settings);
            iterations += outcome.iterations;
        }
        outcome.iterations = iterations;
        return outcome;
    }

    [[nodiscard]] int count_marks() const {
        return count_astray(node_units_.problem(), matrix_, active_->e(), active_->f());
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

    /// How sound the present state is: no solution, one that has gone astray, one against the rules of reactive limits, none
    /// of these.
    enum class Ending : std::uint8_t { none, low, misled, sound };

    StepOutcome solve_step(const BlockInjections& injections, std::size_t t) {
        if (!node_units_.gather(injections, t)) {
            return {.status = StepStatus::not_finite};
        }
        choose_newton();
        StepOutcome outcome = settle(Pace::all_at_once, positions_);
        if (warm_ && outcome.control_rounds > 0) { // what moves must not hang on the step before
            outcome = start_again(injections, t, Pace::all_at_once, outcome.iterations);
        }
        Ending ending = judge(outcome);
        Way way = Way::all_at_once;
        if (options_.q_limits && outcome.control_rounds > 0 && ending != Ending::sound) {
            const StepOutcome careful =
                start_again(injections, t, Pace::one_by_one, outcome.iterations);
            take_better(careful, Way::one_by_one, outcome, ending, way);
        }
        if (!is_brief_ && (ending == Ending::none || ending == Ending::low)) {
            const StepOutcome taken_up = take_up(injections, t, outcome.iterations);
            take_better(taken_up, Way::taken_up, outcome, ending, way);
        }
        return ending == Ending::none || way == last_way_ ? outcome
                                                          : go_again(injections, t, way, outcome);
    }

    /// How the state of a step was reached.
    enum class Way : std::uint8_t { all_at_once, one_by_one, taken_up };

    void take_better(const StepOutcome& other, Way other_way, StepOutcome& outcome, Ending& ending,
                     Way& way) {
        const Ending other_ending = judge(other);
        last_way_ = other_way;
        if (other_ending > ending || (other_ending == ending && ending != Ending::none &&
                                      other.held_controls < outcome.held_controls)) {
            outcome = other;
            ending = other_ending;
            way = other_way;
        } else {
            outcome.iterations = other.iterations; // of all that was tried
        }
    }

    StepOutcome go_again(const BlockInjections& injections, std::size_t t, Way way,
                         const StepOutcome& outcome) {
        switch (way) {
        case Way::one_by_one:
            return start_again(injections, t, Pace::one_by_one, outcome.iterations);
        case Way::taken_up:
            return take_up(injections, t, outcome.iterations);
        case Way::all_at_once:
            break;
        }
        return start_again(injections, t, Pace::all_at_once, outcome.iterations);
    }

    /// Step t from the scheduled positions with its load and schedule rising from a share to the whole, limits, taps and
    /// shunts at rest at each. `iterations` were spent before.
    StepOutcome take_up(const BlockInjections& injections, std::size_t t, int iterations) {
        gives_up_early_ = true;
        StepOutcome outcome = rise(injections, t);
        gives_up_early_ = false;
        outcome.iterations += iterations;
        return outcome;
    }

    StepOutcome rise(const BlockInjections& injections, std::size_t t) {
        double share = 0;
        StepOutcome outcome;
        int iterations = 0;
        int rounds = 0;
        for (const double first : first_shares) {
            gather_share(injections, t, first);
            warm_ = false;
            outcome = settle(Pace::all_at_once, scheduled_);
            iterations += outcome.iterations;
            rounds += outcome.control_rounds;
            if (judge(outcome) > Ending::low) {
                share = first;
                break;
            }
        }
        double step = largest_rise;
        const double least = step / (1 << most_halvings);
        while (share > 0 && share < 1 && step >= least) {
            keep_rest();
            const double next = std::min(share + step, 1.0);
            gather_share(injections, t, next);
            go_to_rest();
            outcome = settle(Pace::all_at_once, rest_.positions);
            iterations += outcome.iterations;
            rounds += outcome.control_rounds;
            if (judge(outcome) > Ending::low && answers_to_support()) {
                share = next;
            } else {
                step /= 2;
                restore_rest();
            }
        }
        if (share < 1) { // the whole is what was asked
            outcome = {.status = StepStatus::iteration_limit,
                       .max_mismatch_pu = outcome.max_mismatch_pu,
                       .worst_bus = outcome.worst_bus};
        }
        outcome.iterations = iterations;
        outcome.control_rounds = rounds;
        warm_ = false;
        return outcome;
    }

    /// True where reactive power at the node of the lowest voltage raises it: not so on the lower branch.
    [[nodiscard]] bool answers_to_support() {
        const NodeProblem& problem = node_units_.problem();
        std::size_t lowest = matrix_.n_node();
        for (std::size_t i = 0; i < matrix_.n_node(); ++i) {
            if (problem.type[i] == NodeType::pq &&
                (lowest == matrix_.n_node() || active_->vm()[i] < active_->vm()[lowest])) {
                lowest = i;
            }
        }
        if (lowest == matrix_.n_node()) {
            return true;
        }
        if (!active_->linearise(problem)) {
            return false;
        }
        std::ranges::fill(rhs_, 0.0);
        rhs_[2 * lowest + 1] = 1;
        active_->solve_linear(rhs_);
        return rhs_[2 * lowest + 1] > 0;
    }

    void gather_share(const BlockInjections& injections, std::size_t t, double share) {
        copy_step(injections, t, part_);
        for (Series* series : {&part_.load_p_mw, &part_.load_q_mvar, &part_.unit_p_mw}) {
            for (double& value : series->step(0)) {
                value *= share;
            }
        }
        [[maybe_unused]] const bool finite =
            node_units_.gather(share < 1 ? part_ : injections, share < 1 ? 0 : t);
        choose_newton();
    }

    /// A share at which everything rests.
    struct Rest {
        std::vector<double> vm, va;
        StartPositions positions;
        std::vector<QLimit> limit;
    };
    void keep_rest() {
        rest_.vm.assign(active_->vm().begin(), active_->vm().end());
        rest_.va.assign(active_->va().begin(), active_->va().end());
        rest_.positions.taps = moves_.taps;
        rest_.positions.shunts = moves_.shunts;
        rest_.limit.resize(matrix_.n_node());
        for (std::size_t n = 0; n < rest_.limit.size(); ++n) {
            rest_.limit[n] = node_units_.limit(n);
        }
    }
    /// Brings the gathered step to where the share before it rested.
    void go_to_rest() {
        for (std::size_t n = 0; n < rest_.limit.size(); ++n) {
            if (rest_.limit[n] != QLimit::inside && node_units_.can_hold(n)) {
                node_units_.set_limit(n, rest_.limit[n]);
            }
        }
        active_->start_from(rest_.vm, rest_.va);
        warm_ = true;
    }
    void restore_rest() {
        go_to_rest();
        std::ranges::copy(rest_.positions.taps, moves_.taps.begin());
        std::ranges::copy(rest_.positions.shunts, moves_.shunts.begin());
    }

    /// The gathered step once more, from nothing. `iterations` were spent before.
    StepOutcome start_again(const BlockInjections& injections, std::size_t t, Pace pace,
                            int iterations) {
        warm_ = false;
        [[maybe_unused]] const bool finite = node_units_.gather(injections, t);
        choose_newton();
        StepOutcome outcome = settle(pace, positions_);
        outcome.iterations += iterations;
        return outcome;
    }

    Ending judge(const StepOutcome& outcome) {
        if (outcome.status != StepStatus::converged) {
            return Ending::none;
        }
        if (count_marks() > 0) {
            return Ending::low;
        }
        const bool misled =
            options_.q_limits && q_limits_.misled(node_units_, active_->state(),
                                                  at_the_end(options_.tolerance_pu).margin_pu);
        return misled ? Ending::misled : Ending::sound;
    }

    /// Power flow and controls in turn until nothing moves.
    StepOutcome settle(Pace pace, const StartPositions& from) {
        controls_.start(moves_, from.taps, from.shunts);
        controls_.lose(moves_, lost_, {});
        effects_ = &controls_.effects();
        matrix_.set_positions(from.taps, from.shunts);
        q_limits_.start(pace);
        n_move_ = 0;
        accepted_marks_ = 0;
        last_way_ = pace == Pace::one_by_one ? Way::one_by_one : Way::all_at_once;
        at_flat_ = !warm_;
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
        note_reactive_excess(node_units_.find_reactive_excess(
                                 active_->state(), at_the_end(options_.tolerance_pu).margin_pu),
                             options_, outcome);
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
    StartPositions positions_; // the present step starts from
    static constexpr int most_marks = std::numeric_limits<int>::max();
    std::vector<double> good_vm_, good_va_;   // a power flow began from
    std::vector<double> given_vm_, given_va_; // [n_node] known from elsewhere; empty: none
    int accepted_marks_ =
        0; // of the round before: what was not better from any start is not sought again
    bool at_flat_ = false; // the state is the flat start
    bool is_brief_ = false;
    bool gives_up_early_ = false;     // while a step is taken up: from here or not at all
    Way last_way_ = Way::all_at_once; // the present state was reached
    BlockInjections part_;            // of a step that is taken up
    Rest rest_;
    bool warm_ = false; // the state belongs to the step before
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

void ReferenceSolver::know(const StartVoltages& start) {
    impl_->know(start);
}
void ReferenceSolver::try_briefly() {
    impl_->try_briefly();
}
void ReferenceSolver::solve_block(const BlockInjections& injections, BlockStates& states) {
    impl_->solve_block(injections, nullptr, states);
}
void ReferenceSolver::solve_block(const BlockInjections& injections, const StartPositions& start,
                                  BlockStates& states) {
    impl_->solve_block(injections, &start, states);
}

} // namespace yuanwang::powerflow
