#include "powerflow/batch/outage_reference.hpp"

#include <algorithm>
#include <cmath>

#include "network/topology.hpp"
#include "powerflow/batch/outage_response.hpp"
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
        : grid_{&grid}, units_{&units}, outage_{outage}, solver_{grid, units,
                                                                 leave_flows_out(options),
                                                                 outage.branches} {
        const network::Islands islands = network::find_islands(grid, outage.branches);
        part_.assign(islands.of_bus.begin(), islands.of_bus.end());
        lack_mw_.resize(static_cast<std::size_t>(islands.count));
        shed_of_part_mw_.resize(lack_mw_.size());
    }

    StepOutcome solve(const BlockInjections& injections, const BlockStates& states,
                      const OutageColumns& shed, std::size_t t, std::span<std::complex<double>> V) {
        copy_step(injections.load_p_mw, t, step_.load_p_mw);
        copy_step(injections.load_q_mvar, t, step_.load_q_mvar);
        copy_step(states.unit_p_mw, t, step_.unit_p_mw);
        copy_step(injections.unit_on, t, step_.unit_on);
        copy_step(injections.unit_q_min_mvar, t, step_.unit_q_min_mvar);
        copy_step(injections.unit_q_max_mvar, t, step_.unit_q_max_mvar);
        take_out_and_balance(injections, states, shed, t);
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
        count_shed(V);
        if (outcome.status == StepStatus::converged) {
            read_positions(states_.tap, 0, positions_.taps);
            read_positions(states_.shunt_steps, 0, positions_.shunts);
        }
        return outcome;
    }

    [[nodiscard]] const StartPositions& positions() const { return positions_; }
    [[nodiscard]] double shed_mw() const { return shed_mw_; }

  private:
    void take_out_and_balance(const BlockInjections& injections, const BlockStates& states,
                              const OutageColumns& columns, std::size_t t) {
        const StepColumns step{.load_p_mw = step_.load_p_mw.step(0),
                               .load_q_mvar = step_.load_q_mvar.step(0),
                               .unit_p_mw = step_.unit_p_mw.step(0),
                               .unit_on = step_.unit_on.step(0),
                               .unit_q_min_mvar = step_.unit_q_min_mvar.step(0),
                               .unit_q_max_mvar = step_.unit_q_max_mvar.step(0)};
        take_out(outage_, columns, t, step);
        std::ranges::fill(lack_mw_, 0.0);
        for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
            lack_of(units_->bus[u]) += states.unit_p_mw(u, t) - step.unit_p_mw[u.row()];
        }
        for (const BusIdx i : rows<BusIdx>(part_.size())) {
            lack_of(i) -= injections.load_p_mw(i, t) - step.load_p_mw[i.row()];
        }
        for (const BranchIdx k : outage_.branches) { // what one part gave the other
            const BusIdx from = grid_->branches.from[k];
            const BusIdx to = grid_->branches.to[k];
            if (part_[from.row()] != part_[to.row()] && states.p_from_mw.n_element() > 0 &&
                std::isfinite(states.p_from_mw(k, t))) {
                lack_of(from) -= states.p_from_mw(k, t);
                lack_of(to) -= states.p_to_mw(k, t);
            }
        }
        for (std::size_t part = 0; part < lack_mw_.size(); ++part) {
            shed_of_part_mw_[part] = balance_part(*units_, outage_, columns, t, part_,
                                                  static_cast<int>(part), lack_mw_[part], step);
        }
    }

    /// Of the parts that live: what hangs on a dark part is lost anyway.
    void count_shed(std::span<const std::complex<double>> V) {
        shed_mw_ = 0;
        for (std::size_t part = 0; part < shed_of_part_mw_.size(); ++part) {
            bool lives = false;
            for (std::size_t i = 0; i < V.size(); ++i) {
                lives = lives || (part_[i] == static_cast<int>(part) && V[i] != 0.0);
            }
            shed_mw_ += lives ? shed_of_part_mw_[part] : 0.0;
        }
    }

    [[nodiscard]] double& lack_of(BusIdx bus) {
        return lack_mw_[static_cast<std::size_t>(part_[bus.row()])];
    }

    const network::Network* grid_;
    const Units* units_;
    Outage outage_;
    std::vector<int> part_;       ///< of every bus after the outage
    std::vector<double> lack_mw_; ///< of every part
    std::vector<double> shed_of_part_mw_;
    double shed_mw_ = 0;
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
                                   const OutageColumns& shed, std::size_t t,
                                   std::span<std::complex<double>> V) {
    return impl_->solve(injections, states, shed, t, V);
}

double OutageReference::shed_mw() const {
    return impl_->shed_mw();
}

} // namespace yuanwang::powerflow::batch
