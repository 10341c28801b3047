#include "powerflow/batch/outage_reference.hpp"

#include <algorithm>
#include <cmath>

#include "powerflow/reference_solver.hpp"

namespace yuanwang::powerflow::batch {

namespace {

Options leave_flows_out(Options options) {
    options.branch_flows = false;
    return options;
}

void copy_step(const Series& from, std::size_t t, Series& to) {
    to.reshape(from.n_element(), 1);
    std::ranges::copy(from.step(t), to.step(0).begin());
}

void read_positions(const Series& positions, std::size_t t, std::vector<int>& to) {
    to.clear();
    for (const double position : positions.step(t)) {
        to.push_back(static_cast<int>(std::lround(position)));
    }
}

} // namespace

class OutageReference::Impl {
  public:
    Impl(const network::Network& grid, const Units& units, const Outage& outage,
         const Options& options)
        : outage_{outage}, solver_{grid, units, leave_flows_out(options), outage.branches} {}

    StepOutcome solve(const BlockInjections& injections, const BlockStates& states,
                      const ShedLoads& shed, std::size_t t, std::span<std::complex<double>> V) {
        copy_step(injections.load_p_mw, t, step_.load_p_mw);
        copy_step(injections.load_q_mvar, t, step_.load_q_mvar);
        copy_step(states.unit_p_mw, t, step_.unit_p_mw);
        copy_step(injections.unit_on, t, step_.unit_on);
        copy_step(injections.unit_q_min_mvar, t, step_.unit_q_min_mvar);
        copy_step(injections.unit_q_max_mvar, t, step_.unit_q_max_mvar);
        for (const UnitIdx u : outage_.units) {
            step_.unit_p_mw(u, 0) = 0;
            step_.unit_on(u, 0) = 0;
        }
        take_loads(outage_, shed, t, step_.load_p_mw.step(0), step_.load_q_mvar.step(0));
        read_positions(states.tap, t, positions_.taps);
        read_positions(states.shunt_steps, t, positions_.shunts);
        solver_.solve_block(step_, positions_, states_);
        StepOutcome outcome = states_.outcome[0];
        if (outcome.status == StepStatus::islanded) {
            outcome.status = StepStatus::converged;
        }
        for (std::size_t i = 0; i < V.size(); ++i) {
            const double vm = states_.vm_pu(i, 0);
            V[i] = std::isfinite(vm) ? std::polar(vm, states_.va_rad(i, 0)) : 0.0;
        }
        if (outcome.status == StepStatus::converged) {
            read_positions(states_.tap, 0, positions_.taps);
            read_positions(states_.shunt_steps, 0, positions_.shunts);
        }
        return outcome;
    }

    [[nodiscard]] const StartPositions& positions() const { return positions_; }

  private:
    Outage outage_;
    ReferenceSolver solver_;
    BlockInjections step_;
    StartPositions positions_;
    BlockStates states_;
};

OutageReference::OutageReference(const network::Network& grid, const Units& units,
                                 const Outage& outage, const Options& options)
    : impl_{std::make_unique<Impl>(grid, units, outage, options)} {}
OutageReference::~OutageReference() = default;
OutageReference::OutageReference(OutageReference&&) noexcept = default;
OutageReference& OutageReference::operator=(OutageReference&&) noexcept = default;

const StartPositions& OutageReference::positions() const {
    return impl_->positions();
}

StepOutcome OutageReference::solve(const BlockInjections& injections, const BlockStates& states,
                                   const ShedLoads& shed, std::size_t t,
                                   std::span<std::complex<double>> V) {
    return impl_->solve(injections, states, shed, t, V);
}

void take_loads(const Outage& outage, const ShedLoads& shed, std::size_t t,
                std::span<double> load_p_mw, std::span<double> load_q_mvar) {
    for (const Outage::Shed& cut : outage.shed) {
        load_p_mw[cut.bus.row()] -= shed.p_mw(cut.row, t);
        load_q_mvar[cut.bus.row()] -= shed.q_mvar(cut.row, t);
    }
    for (const BusIdx i : outage.load_buses) { // last: what was shed there is gone with the rest
        load_p_mw[i.row()] = 0;
        load_q_mvar[i.row()] = 0;
    }
}

} // namespace yuanwang::powerflow::batch
