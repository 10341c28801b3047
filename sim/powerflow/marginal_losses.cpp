#include "powerflow/marginal_losses.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "powerflow/block_tables.hpp"
#include "powerflow/newton.hpp"
#include "powerflow/nodal_matrix.hpp"
#include "powerflow/node_units.hpp"

namespace yuanwang::powerflow {

namespace {

/// |V| and set-point of a unit that holds its voltage agree this well after a solved step.
constexpr double held_pu = 1e-6;

void read_positions(const Series& positions, std::size_t t, std::vector<int>& to) {
    std::ranges::transform(positions.step(t), to.begin(),
                           [](double position) { return static_cast<int>(std::lround(position)); });
}

} // namespace

class MarginalLosses::Impl {
  public:
    Impl(const network::Network& grid, const Units& units, bool distributed_slack)
        : matrix_{grid}, units_{grid, matrix_, units, distributed_slack},
          newton_{matrix_, units_.slack_layout(true)}, taps_(grid.taps.size()),
          shunts_(grid.shunt_bus.size()), vm_(matrix_.n_node()), va_(matrix_.n_node()),
          factor_(2 * matrix_.n_node()) {
        if (units_.gather(make_still_block(grid.n_bus, units.size()), 0)) {
            newton_.start_flat(units_.problem());
            static_cast<void>(newton_.choose_pivots(units_.problem())); // else every step pivots
        }
    }

    bool compute(const BlockInjections& injections, const BlockStates& states, std::size_t t,
                 std::span<double> factor) {
        std::ranges::fill(factor, 0.0);
        if (states.outcome[t].status != StepStatus::converged || !units_.gather(injections, t)) {
            return false;
        }
        read_positions(states.tap, t, taps_);
        read_positions(states.shunt_steps, t, shunts_);
        matrix_.set_positions(taps_, shunts_);
        read_voltages(states, t);
        newton_.start_from(vm_, va_);
        const NodeProblem& problem = units_.problem();
        if (!newton_.linearise(problem)) {
            return false;
        }
        newton_.find_lack_factors(problem, factor_);
        for (std::size_t i = 0; i < factor.size(); ++i) {
            const auto n = static_cast<std::size_t>(matrix_.node_of_bus[i]);
            factor[i] = problem.type[n] == NodeType::dead ? 0.0 : 1 + factor_[2 * n];
        }
        return true;
    }

  private:
    /// Units whose voltage is not what they ask for stand at a limit.
    void read_voltages(const BlockStates& states, std::size_t t) {
        for (std::size_t n = 0; n < vm_.size(); ++n) {
            const BusIdx bus = matrix_.bus_of_node[n];
            const bool dead = units_.problem().type[n] == NodeType::dead;
            vm_[n] = dead ? 1.0 : states.vm_pu(bus, t);
            va_[n] = dead ? 0.0 : states.va_rad(bus, t);
            if (!dead && units_.can_hold(n)) {
                const double above_pu = vm_[n] - units_.problem().vm_set[n];
                if (std::abs(above_pu) > held_pu) {
                    units_.set_limit(n, above_pu < 0 ? QLimit::at_max : QLimit::at_min);
                }
            }
        }
    }

    NodalMatrix matrix_;
    NodeUnits units_;
    Newton newton_;
    std::vector<int> taps_, shunts_;
    std::vector<double> vm_, va_; ///< [n_node]
    std::vector<double> factor_;  ///< [2 n_node]
};

MarginalLosses::MarginalLosses(const network::Network& grid, const Units& units,
                               bool distributed_slack)
    : impl_{std::make_unique<Impl>(grid, units, distributed_slack)} {}
MarginalLosses::~MarginalLosses() = default;
MarginalLosses::MarginalLosses(MarginalLosses&&) noexcept = default;
MarginalLosses& MarginalLosses::operator=(MarginalLosses&&) noexcept = default;

bool MarginalLosses::compute(const BlockInjections& injections, const BlockStates& states,
                             std::size_t t, std::span<double> factor) {
    return impl_->compute(injections, states, t, factor);
}

} // namespace yuanwang::powerflow
