#include "powerflow/batch/step_control.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "network/branch_admittance.hpp"
#include "powerflow/astray.hpp"
#include "powerflow/control_rounds.hpp"

namespace yuanwang::powerflow::batch {

namespace {

constexpr double most_left_over = 0.3; // of a correction of λ, by incremental losses

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

} // namespace

void StepTable::reshape(std::size_t steps, std::size_t n_node, std::size_t n_tap,
                        std::size_t n_shunt, std::size_t n_island) {
    n_step = steps;
    start_taps.resize(n_tap * steps);
    start_shunts.resize(n_shunt * steps);
    V.resize(n_node * steps);
    taps.resize(n_tap * steps);
    shunts.resize(n_shunt * steps);
    limit.resize(n_node * steps);
    lambda.resize(n_island * steps);
    for (std::vector<int>* column : {&iterations, &control_rounds, &held_controls}) {
        column->assign(steps, 0);
    }
}

StepControl::Slot::Slot(const NodeUnits& node_units, std::size_t n_node,
                        const VoltageControls& controls)
    : units{node_units}, limits{n_node, node_units.n_island()}, moves{controls.make_state()},
      taps_before{moves.taps}, shunts_before{moves.shunts}, e(n_node), f(n_node), p(n_node),
      q(n_node), vm(n_node), lambda(node_units.n_island()), correction(node_units.n_island()),
      left_over(node_units.n_island()) {}

StepControl::StepControl(const network::Network& grid, const NodalMatrix& matrix,
                         const NodeUnits& units, const VoltageControls& controls,
                         const Options& options, std::size_t n_slot)
    : grid_{&grid}, matrix_{&matrix}, controls_{&controls}, options_{options},
      layout_{units.slack_layout(true)}, slots_(n_slot, Slot{units, matrix.n_node(), controls}) {
    for (std::size_t n = 0; n < matrix.n_node(); ++n) {
        const auto node = static_cast<int>(n);
        if (units.may_hold(n) || std::ranges::find(layout_.gauge, node) != layout_.gauge.end()) {
            holders_.push_back(n);
        }
    }
}

void StepControl::enter(const BlockInjections& injections, std::span<const std::size_t> steps,
                        std::span<const int> base_taps, std::span<const int> base_shunts,
                        StepTable& table) {
    injections_ = &injections;
    steps_ = steps;
    base_taps_ = base_taps;
    base_shunts_ = base_shunts;
    table_ = &table;
    lost_ = {};
}

LostParts StepControl::lost(const LaneView& lane) const {
    return lost_.empty() ? LostParts{} : lost_[lane.index()];
}

void StepControl::begin(LaneView& lane) {
    Slot& slot = slots_[lane.slot()];
    const std::size_t t = steps_[lane.index()];
    [[maybe_unused]] const bool finite = slot.units.gather(*injections_, t);
    assert(finite);
    slot.limits.start();
    slot.round = slot.n_move = 0;
    slot.exact = !options_.q_limits && !controls_->any();
    std::ranges::fill(slot.correction, 0.0);
    std::ranges::fill(slot.left_over, 0.0);
    const LostParts outage = lost(lane);
    guess_slack(slot, outage.losses_pu);
    restore_limits(slot, t);
    const NodeProblem& problem = slot.units.problem();
    lane.start(table_->of(table_->V, t));
    lane.schedule(problem.p, problem.q);
    for (std::size_t island = 0; island < layout_.gauge.size(); ++island) {
        if (problem.type[at(layout_.gauge[island])] != NodeType::dead) {
            share_slack(lane, slot, island);
        }
    }
    for (const std::size_t n : holders_) {
        if (problem.type[n] == NodeType::pq) {
            lane.release(n);
        }
    }
    const std::span<const int> taps = table_->of(table_->start_taps, t);
    const std::span<const int> shunts = table_->of(table_->start_shunts, t);
    controls_->start(slot.moves, taps, shunts);
    controls_->lose(slot.moves, outage.branches, outage.dark_nodes);
    set_positions(lane, base_taps_, taps, base_shunts_, shunts);
    for (const AdmittanceEntry& entry : outage.change) {
        lane.change(entry);
    }
}

void StepControl::restore_limits(Slot& slot, std::size_t t) const {
    const std::span<const QLimit> limit = table_->of(table_->limit, t);
    for (const std::size_t n : holders_) {
        if (limit[n] != QLimit::inside && slot.units.can_hold(n)) {
            slot.units.set_limit(n, limit[n]);
        }
    }
}

/// What each island would lack without losses, or with those that are known.
void StepControl::guess_slack(Slot& slot, double losses_pu) const {
    const NodeProblem& problem = slot.units.problem();
    std::ranges::fill(slot.lambda, losses_pu);
    for (std::size_t n = 0; n < problem.p.size(); ++n) {
        slot.lambda[at(slot.units.island(n))] -= problem.p[n];
    }
}

void StepControl::share_slack(LaneView& lane, const Slot& slot, std::size_t island) const {
    const NodeProblem& problem = slot.units.problem();
    for (const int i : layout_.participants[island]) {
        const std::size_t n = at(i);
        if (problem.slack_weight[n] > 0) {
            lane.set_p(n, problem.p[n] + problem.slack_weight[n] * slot.lambda[island]);
        }
    }
}

/// Gives the units that share it what the gauge of each island lacks.
void StepControl::correct_slack(LaneView& lane, Slot& slot, double mismatch_pu) const {
    const NodeProblem& problem = slot.units.problem();
    for (std::size_t island = 0; island < layout_.gauge.size(); ++island) {
        const std::size_t g = at(layout_.gauge[island]);
        if (problem.type[g] == NodeType::dead) {
            continue;
        }
        const double lack = lane.p(g) - lane.p_set(g);
        double& before = slot.correction[island];
        double& left_over = slot.left_over[island];
        if (before != 0 && std::abs(lack) > 0.5 * mismatch_pu && problem.slack_weight[g] < 1) {
            left_over = std::clamp(left_over + lack / before, -most_left_over, most_left_over);
        }
        before = lack / (1 - left_over);
        slot.lambda[island] += before;
        share_slack(lane, slot, island);
    }
}

void StepControl::read_state(const LaneView& lane, Slot& slot) const {
    lane.read_voltages(slot.e, slot.f);
    lane.read_powers(slot.p, slot.q);
    for (std::size_t n = 0; n < slot.vm.size(); ++n) {
        slot.vm[n] = std::sqrt(slot.e[n] * slot.e[n] + slot.f[n] * slot.f[n]);
    }
}

/// Tells the lane which nodes hold their voltage, and the Q of those that could and do not.
void StepControl::set_types(LaneView& lane, const NodeUnits& units) const {
    const NodeProblem& problem = units.problem();
    for (const std::size_t n : holders_) {
        if (problem.type[n] == NodeType::pv) {
            lane.hold(n);
        } else if (problem.type[n] == NodeType::pq) {
            lane.release(n);
            lane.set_q(n, problem.q[n]);
        }
    }
}

void StepControl::set_positions(LaneView& lane, std::span<const int> taps_before,
                                std::span<const int> taps, std::span<const int> shunts_before,
                                std::span<const int> shunts) const {
    const std::span<const BranchIdx> gone = lost(lane).branches;
    for (std::size_t m = 0; m < taps.size(); ++m) {
        if (taps[m] == taps_before[m]) {
            continue;
        }
        for (const BranchIdx k : grid_->taps.branches[m]) {
            const BranchPlace& place = matrix_->place[k.row()];
            if (place.from < 0 || std::ranges::find(gone, k) != gone.end()) {
                continue;
            }
            const auto y_at = [&](int tap) {
                return network::branch_admittance(grid_->branches, k, grid_->taps.ratio_at(m, tap));
            };
            const network::BranchAdmittance before = y_at(taps_before[m]);
            const network::BranchAdmittance now = y_at(taps[m]);
            lane.change({place.from, place.from, now.ff - before.ff});
            lane.change({place.from, place.to, now.ft - before.ft});
            lane.change({place.to, place.from, now.tf - before.tf});
            lane.change({place.to, place.to, now.tt - before.tt});
        }
    }
    for (const ShuntIdx s : rows<ShuntIdx>(shunts.size())) {
        const int steps = shunts[s.row()] - shunts_before[s.row()];
        if (steps != 0 && grid_->shunt_switched[s]) {
            const int node = matrix_->node_of_bus[grid_->shunt_bus[s].row()];
            lane.change({node, node, {0.0, grid_->shunt_b_step_pu[s] * steps}});
        }
    }
}

/// Moves what asks for it; true where the lane has to be solved again. `unsettled` where only effects of the present
/// state could tell how.
bool StepControl::act(LaneView& lane, Slot& slot, double margin_pu, bool& unsettled) const {
    if (slot.round >= options_.max_control_rounds) {
        return false;
    }
    const NodeState state{.vm = slot.vm, .q = slot.q};
    if (options_.q_limits && slot.limits.apply(slot.units, state, margin_pu)) {
        set_types(lane, slot.units);
        return true;
    }
    if (!controls_->any()) {
        return false;
    }
    std::ranges::copy(slot.moves.taps, slot.taps_before.begin());
    std::ranges::copy(slot.moves.shunts, slot.shunts_before.begin());
    if (!controls_->move(slot.moves, slot.vm, slot.units.problem(), slot.n_move,
                         controls_->effects())) {
        return false;
    }
    unsettled = VoltageControls::wants_new_effects(slot.n_move);
    ++slot.n_move;
    set_positions(lane, slot.taps_before, slot.moves.taps, slot.shunts_before, slot.moves.shunts);
    return true;
}

/// True where Newton has ended in no state a grid works in, or reactive limits let go at once in one that breaks their rules.
bool StepControl::gone_astray(Slot& slot) const {
    if (count_astray(slot.units.problem(), *matrix_, slot.e, slot.f) > 0) {
        return true;
    }
    return options_.q_limits && slot.limits.misled(slot.units, {.vm = slot.vm, .q = slot.q},
                                                   at_the_end(options_.tolerance_pu).margin_pu);
}

LaneVerdict StepControl::judge(LaneView& lane, double mismatch_pu) {
    Slot& slot = slots_[lane.slot()];
    const ControlRound way = on_the_way(options_.tolerance_pu);
    const ControlRound last = at_the_end(options_.tolerance_pu);
    bool rests = mismatch_pu < (slot.exact ? last : way).tolerance_pu;
    while (rests) {
        read_state(lane, slot);
        if (stands_low(slot.units.problem(), slot.vm)) {
            return LaneVerdict::give_up;
        }
        bool unsettled = false;
        if (act(lane, slot, (slot.exact ? last : way).margin_pu, unsettled)) {
            if (unsettled) {
                return LaneVerdict::give_up;
            }
            ++slot.round;
            break;
        }
        if (slot.exact) {
            if (gone_astray(slot)) {
                return LaneVerdict::give_up;
            }
            finish(lane, slot);
            return LaneVerdict::solved;
        }
        slot.exact = true;
        rests = mismatch_pu < last.tolerance_pu;
    }
    correct_slack(lane, slot, mismatch_pu);
    return LaneVerdict::go_on;
}

void StepControl::finish(const LaneView& lane, Slot& slot) const {
    const std::size_t t = steps_[lane.index()];
    StepTable& table = *table_;
    std::ranges::copy(slot.moves.taps, table.of(table.taps, t).begin());
    std::ranges::copy(slot.moves.shunts, table.of(table.shunts, t).begin());
    std::ranges::copy(slot.lambda, table.of(table.lambda, t).begin());
    const std::span<QLimit> limit = table.of(table.limit, t);
    for (std::size_t n = 0; n < limit.size(); ++n) {
        limit[n] = slot.units.limit(n);
    }
    const NodeState state{.vm = slot.vm, .q = slot.q};
    int held =
        controls_->count_held(slot.moves, slot.vm, slot.units.problem(), controls_->effects());
    if (options_.q_limits) {
        held +=
            slot.limits.count_held(slot.units, state, at_the_end(options_.tolerance_pu).margin_pu);
    }
    table.held_controls[t] = held;
    table.control_rounds[t] = slot.round;
}

} // namespace yuanwang::powerflow::batch
