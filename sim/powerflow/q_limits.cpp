#include "powerflow/q_limits.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace yuanwang::powerflow {

namespace {

// Changes of one node in one step, before it stays at its limit. Who goes alone knows better what it does.
constexpr int most_changes = 8;
constexpr int most_changes_alone = 2;

/// What the rules ask of a node at a solved state.
QLimit wanted_limit(const NodeUnits& units, const NodeState& state, std::size_t i, double vm_set,
                    double margin_pu) {
    const double vm = state.vm[i];
    switch (units.limit(i)) {
    case QLimit::at_max:
        return vm > vm_set + margin_pu ? QLimit::inside : QLimit::at_max;
    case QLimit::at_min:
        return vm < vm_set - margin_pu ? QLimit::inside : QLimit::at_min;
    case QLimit::inside:
        break;
    }
    const double q = units.holding_q_pu(i, state.q[i]);
    if (q > units.q_max_pu(i) + margin_pu) {
        return QLimit::at_max;
    }
    return q < units.q_min_pu(i) - margin_pu ? QLimit::at_min : QLimit::inside;
}

/// How far a node that breaks a rule is from keeping it, pu of Q or of V.
double distance(const NodeUnits& units, const NodeState& state, std::size_t i) {
    if (units.limit(i) != QLimit::inside) {
        return std::abs(state.vm[i] - units.problem().vm_set[i]);
    }
    const double q = units.holding_q_pu(i, state.q[i]);
    return std::max(q - units.q_max_pu(i), units.q_min_pu(i) - q);
}

} // namespace

QLimits::QLimits(std::size_t n_node, std::size_t n_island)
    : changes_(n_node, 0), holding_(n_island, 0), widest_(n_island, -1) {}

void QLimits::start(Pace pace) {
    pace_ = pace;
    std::ranges::fill(changes_, 0);
}

void QLimits::find_holders(const NodeUnits& units) {
    std::ranges::fill(holding_, 0);
    std::ranges::fill(widest_, -1);
    const auto range = [&](std::size_t i) { return units.q_max_pu(i) - units.q_min_pu(i); };
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        if (units.problem().type[i] != NodeType::pv) {
            continue;
        }
        const auto island = static_cast<std::size_t>(units.island(i));
        int& widest = widest_[island];
        ++holding_[island];
        if (widest < 0 || range(i) > range(static_cast<std::size_t>(widest))) {
            widest = static_cast<int>(i);
        }
    }
}

bool QLimits::may_change(const NodeUnits& units, const NodeState& state, std::size_t i,
                         double margin_pu) const {
    if (!units.can_hold(i)) {
        return false;
    }
    const QLimit now = units.limit(i);
    const bool leaves = now == QLimit::inside;
    const bool last = leaves && holding_[static_cast<std::size_t>(units.island(i))] == 1;
    const bool may_turn = pace_ == Pace::one_by_one ? !leaves || changes_[i] < most_changes_alone
                                                    : leaves || changes_[i] < most_changes;
    return !last && may_turn &&
           wanted_limit(units, state, i, units.problem().vm_set[i], margin_pu) != now;
}

/// Lets node i do what the rules ask of it; true where that changes its type.
bool QLimits::decide(NodeUnits& units, const NodeState& state, std::size_t i, double margin_pu) {
    if (!may_change(units, state, i, margin_pu)) {
        return false;
    }
    const QLimit wanted = wanted_limit(units, state, i, units.problem().vm_set[i], margin_pu);
    holding_[static_cast<std::size_t>(units.island(i))] +=
        units.limit(i) == QLimit::inside ? -1 : 1;
    ++changes_[i];
    units.set_limit(i, wanted);
    return true;
}

/// The one that would rather be inside by most; without any, the one that is farthest beyond its limit, the widest of an
/// island after its others.
bool QLimits::apply_to_worst(NodeUnits& units, const NodeState& state, double margin_pu) {
    enum Turn : std::size_t { returns, leaves, leaves_last, none };
    std::size_t turn = none;
    std::size_t worst = 0;
    double farthest = 0;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        if (!may_change(units, state, i, margin_pu)) {
            continue;
        }
        const bool inside = units.limit(i) == QLimit::inside;
        const bool is_widest =
            widest_[static_cast<std::size_t>(units.island(i))] == static_cast<int>(i);
        const std::size_t now = !inside ? returns : is_widest ? leaves_last : leaves;
        const double far = distance(units, state, i);
        if (now < turn || (now == turn && far > farthest)) {
            turn = now;
            worst = i;
            farthest = far;
        }
    }
    return turn != none && decide(units, state, worst, margin_pu);
}

bool QLimits::apply(NodeUnits& units, const NodeState& state, double margin_pu) {
    find_holders(units);
    if (pace_ == Pace::one_by_one) {
        return apply_to_worst(units, state, margin_pu);
    }
    bool changed = false;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        if (units.limit(i) != QLimit::inside) {
            changed |= decide(units, state, i, margin_pu);
        }
    }
    if (changed) {
        return true;
    }
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        if (widest_[static_cast<std::size_t>(units.island(i))] != static_cast<int>(i)) {
            changed |= decide(units, state, i, margin_pu);
        }
    }
    for (const int widest : widest_) {
        if (widest >= 0) {
            changed |= decide(units, state, static_cast<std::size_t>(widest), margin_pu);
        }
    }
    return changed;
}

int QLimits::count_held(const NodeUnits& units, const NodeState& state, double margin_pu) const {
    int held = 0;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        held += units.can_hold(i) && wanted_limit(units, state, i, units.problem().vm_set[i],
                                                  margin_pu) != units.limit(i);
    }
    return held;
}

bool QLimits::misled(const NodeUnits& units, const NodeState& state, double margin_pu) {
    find_holders(units);
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        const bool last = units.limit(i) == QLimit::inside && units.can_hold(i) &&
                          holding_[static_cast<std::size_t>(units.island(i))] == 1;
        if (!last && units.can_hold(i) &&
            wanted_limit(units, state, i, units.problem().vm_set[i], margin_pu) != units.limit(i)) {
            return true;
        }
    }
    return false;
}

} // namespace yuanwang::powerflow
