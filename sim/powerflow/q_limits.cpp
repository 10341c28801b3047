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
    : changes_(n_node, 0), holding_(n_island, 0) {}

void QLimits::start() {
    std::ranges::fill(changes_, 0);
}

bool QLimits::apply(NodeUnits& units, const NodeState& state, double margin_pu) {
    const NodeProblem& problem = units.problem();
    std::ranges::fill(holding_, 0);
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        holding_[static_cast<std::size_t>(units.island(i))] += problem.type[i] == NodeType::pv;
    }
    bool changed = false;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        if (!units.can_hold(i)) {
            continue;
        }
        const QLimit now = units.limit(i);
        const QLimit wanted = wanted_limit(units, state, i, problem.vm_set[i], margin_pu);
        int& holding = holding_[static_cast<std::size_t>(units.island(i))];
        const bool leaves = now == QLimit::inside;
        if (wanted == now || (leaves && holding == 1) || (!leaves && changes_[i] >= most_changes)) {
            continue;
        }
        holding += leaves ? -1 : 1;
        ++changes_[i];
        units.set_limit(i, wanted);
        changed = true;
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
