#include "powerflow/batch/lane_layout.hpp"

namespace yuanwang::powerflow::batch {

bool LaneLayout::fits(const NodeProblem& problem) const {
    for (std::size_t n = 0; n < type.size(); ++n) {
        const NodeType asked = problem.type[n];
        if ((asked == NodeType::dead) != (is_dead[n] != 0) ||
            (asked == NodeType::pv && problem.vm_set[n] != vm_set[n])) {
            return false;
        }
    }
    return true;
}

LaneLayout learn_layout(const NodalMatrix& matrix, NodeUnits& units, const BlockInjections& still,
                        VoltageControls& controls) {
    const SlackLayout slack = units.slack_layout(false);
    Newton newton{matrix, slack};
    LaneLayout layout;
    if (!units.gather(still, 0)) {
        return layout;
    }
    const NodeProblem& problem = units.problem();
    newton.start_flat(problem);
    if (newton.choose_pivots(problem)) {
        controls.prepare(newton, problem);
    }
    layout.vm_set = problem.vm_set;
    for (std::size_t n = 0; n < matrix.n_node(); ++n) {
        const bool dead = problem.type[n] == NodeType::dead;
        const BusType alive = units.may_hold(n) ? BusType::pv_or_pq : BusType::pq;
        layout.flat.push_back(dead ? 0.0 : std::complex<double>{newton.e()[n], newton.f()[n]});
        layout.is_dead.push_back(dead ? 1 : 0);
        layout.type.push_back(dead ? BusType::out : alive);
    }
    for (const int g : slack.gauge) {
        BusType& at = layout.type[static_cast<std::size_t>(g)];
        at = at == BusType::out ? at : BusType::gauge;
    }
    return layout;
}

BusAdmittance read_admittance(const NodalMatrix& matrix) {
    return {.start = {matrix.row_start.begin(), matrix.row_start.end()},
            .column = {matrix.column.begin(), matrix.column.end()},
            .g_pu = matrix.g,
            .b_pu = matrix.b};
}

} // namespace yuanwang::powerflow::batch
