#include "powerflow/branch_flows.hpp"

#include <complex>

#include "network/per_unit.hpp"

namespace yuanwang::powerflow {

using network::power_to_mva;

double compute_branch_flows(const NodalMatrix& matrix, const NodeState& state,
                            const NodeProblem& problem, std::size_t t, BlockStates& states) {
    const std::span<double> p_from = states.p_from_mw.step(t);
    const std::span<double> q_from = states.q_from_mvar.step(t);
    const std::span<double> p_to = states.p_to_mw.step(t);
    const std::span<double> q_to = states.q_to_mvar.step(t);
    const std::span<const double> e = state.e;
    const std::span<const double> f = state.f;
    double losses_pu = 0;
    for (std::size_t k = 0; k < matrix.place.size(); ++k) {
        const BranchPlace& at = matrix.place[k];
        if (at.from < 0 || problem.type[static_cast<std::size_t>(at.from)] == NodeType::dead) {
            p_from[k] = q_from[k] = p_to[k] = q_to[k] = 0;
            continue;
        }
        const auto i = static_cast<std::size_t>(at.from);
        const auto j = static_cast<std::size_t>(at.to);
        const network::BranchAdmittance& y = matrix.branch[k];
        // Written out: std::complex products check for NaN at every step.
        const double i_re =
            y.ff.real() * e[i] - y.ff.imag() * f[i] + y.ft.real() * e[j] - y.ft.imag() * f[j];
        const double i_im =
            y.ff.real() * f[i] + y.ff.imag() * e[i] + y.ft.real() * f[j] + y.ft.imag() * e[j];
        const double j_re =
            y.tf.real() * e[i] - y.tf.imag() * f[i] + y.tt.real() * e[j] - y.tt.imag() * f[j];
        const double j_im =
            y.tf.real() * f[i] + y.tf.imag() * e[i] + y.tt.real() * f[j] + y.tt.imag() * e[j];
        p_from[k] = power_to_mva(e[i] * i_re + f[i] * i_im);
        q_from[k] = power_to_mva(f[i] * i_re - e[i] * i_im);
        p_to[k] = power_to_mva(e[j] * j_re + f[j] * j_im);
        q_to[k] = power_to_mva(f[j] * j_re - e[j] * j_im);
        losses_pu += p_from[k] + p_to[k];
    }
    losses_pu /= network::base_mva;
    for (std::size_t i = 0; i < matrix.n_node(); ++i) {
        if (problem.type[i] != NodeType::dead) {
            losses_pu += matrix.g_shunt[i] * state.vm[i] * state.vm[i];
        }
    }
    return power_to_mva(losses_pu);
}

} // namespace yuanwang::powerflow
