#include "powerflow/q_limits.hpp"

#include <algorithm>

namespace yuanwang::powerflow {

namespace {

constexpr int most_changes = 8; // of one node in one step, before it stays at its limit

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

} // namespace

QLimits::QLimits(std::size_t n_node, std::size_t n_island)
    : changes_(n_node, 0), holding_(n_island, 0), widest_(n_island, -1) {}

void QLimits::start() {
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

/// Lets node i do what the rules ask of it; true where that changes its type.
bool QLimits::decide(NodeUnits& units, const NodeState& state, std::size_t i, double margin_pu) {
    if (!units.can_hold(i)) {
        return false;
    }
    const QLimit now = units.limit(i);
    const QLimit wanted = wanted_limit(units, state, i, units.problem().vm_set[i], margin_pu);
    int& holding = holding_[static_cast<std::size_t>(units.island(i))];
    const bool leaves = now == QLimit::inside;
    if (wanted == now || (leaves && holding == 1) || (!leaves && changes_[i] >= most_changes)) {
        return false;
    }
    holding += leaves ? -1 : 1;
    ++changes_[i];
    units.set_limit(i, wanted);
    return true;
}

bool QLimits::apply(NodeUnits& units, const NodeState& state, double margin_pu) {
    find_holders(units);
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

} // namespace yuanwang::powerflow
