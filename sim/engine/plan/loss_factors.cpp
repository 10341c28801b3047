#include "engine/plan/loss_factors.hpp"

#include <algorithm>
#include <cmath>

namespace yuanwang::engine {

namespace {

void append_step(Series& series, std::span<const double> values) {
    Series longer(values.size(), series.n_step() + 1);
    std::ranges::copy(series.values(), longer.values().begin());
    std::ranges::copy(values, longer.step(series.n_step()).begin());
    series = std::move(longer);
}

} // namespace

LossFactors::LossFactors(const EpochModel& model, const NetworkRows& rows, bool distributed_slack,
                         std::size_t steps_per_day)
    : places_{dispatch::number_places(model.dispatch.rows)}, buses_of_place_{rows.buses_of_place()},
      island_of_bus_{model.dispatch.island_of_bus},
      steps_per_day_{steps_per_day}, losses_{model.grid, model.units.units, distributed_slack},
      known_(steps_per_day, false), bus_of_clock_(model.grid.n_bus, steps_per_day),
      place_(places_.count, steps_per_day), offset_mw_(model.dispatch.rows.n_island, steps_per_day),
      loss_mw_(model.dispatch.rows.n_island, steps_per_day) {
    for (std::size_t place = 0; place < places_.count; ++place) {
        const bool is_island = place >= places_.island;
        island_of_place_.push_back(is_island ? place - places_.island
                                             : island_of_bus_[buses_of_place_[place].front().bus]);
    }
}

void LossFactors::begin(const dispatch::BlockInput& input, dispatch::NetworkBlock& network) {
    learnt_ = false;
    network.loss_factor.reshape(places_.count, 0);
    network.loss_offset_mw.reshape(offset_mw_.n_element(), 0);
    bus_.reshape(bus_of_clock_.n_element(), input.n_step);
    for (std::size_t t = 0; t < input.n_step; ++t) {
        const std::size_t clock = (input.first_step_of_day + t) % steps_per_day_;
        std::ranges::copy(bus_of_clock_.step(clock), bus_.step(t).begin());
    }
}

void LossFactors::append(dispatch::BlockInput& input, dispatch::NetworkBlock& network) const {
    const std::vector<double> no_factor(places_.count, 0.0);
    const std::vector<double> no_offset(offset_mw_.n_element(), 0.0);
    for (std::size_t t = 0; t < input.n_step; ++t) {
        const std::size_t clock = (input.first_step_of_day + t) % steps_per_day_;
        if (known_[clock]) {
            append_step(network.loss_factor, place_.step(clock));
            append_step(network.loss_offset_mw, offset_mw_.step(clock));
            std::ranges::copy(loss_mw_.step(clock), input.loss_mw.step(t).begin());
        } else {
            append_step(network.loss_factor, no_factor);
            append_step(network.loss_offset_mw, no_offset);
        }
    }
}

void LossFactors::relate_to_load(std::span<double> factor) const {
    const std::size_t n_island = offset_mw_.n_element();
    std::vector<double> of_load(n_island, 0.0);
    for (std::size_t i = 0; i < n_island; ++i) {
        for (const NetworkRows::Share& share : buses_of_place_[places_.island + i]) {
            of_load[i] += share.share * factor[share.bus];
        }
    }
    for (std::size_t bus = 0; bus < factor.size(); ++bus) {
        factor[bus] = 1 - (1 - factor[bus]) / (1 - of_load[island_of_bus_[bus]]);
    }
}

/// Takes factors of a clock time that have moved; `of_bus` becomes what counts from now on.
void LossFactors::renew(std::size_t clock, std::span<double> of_bus) {
    for (std::size_t bus = 0; bus < of_bus.size(); ++bus) {
        double& kept = bus_of_clock_(bus, clock);
        const bool moved = !learnt_ && std::abs(of_bus[bus] - kept) > still;
        if (!known_[clock] || moved) {
            kept = of_bus[bus];
        }
        of_bus[bus] = kept;
    }
}

void LossFactors::learn(const EpochModel& model, const BlockData& data,
                        dispatch::NetworkBlock& network) {
    const dispatch::BlockInput& input = data.dispatch_input;
    std::vector<double> p_mw(places_.count);
    std::vector<double> of_bus(model.grid.n_bus);
    for (std::size_t t = 0; t < input.n_step; ++t) {
        if (!losses_.compute(data.injections, data.states, t, of_bus)) {
            continue;
        }
        relate_to_load(of_bus);
        const std::size_t clock = (input.first_step_of_day + t) % steps_per_day_;
        renew(clock, of_bus);
        list_place_power(model.dispatch.rows, places_, data.schedule, t, p_mw);
        std::ranges::fill(offset_mw_.step(clock), 0.0);
        for (std::size_t place = 0; place < places_.count; ++place) {
            double factor = 0;
            for (const NetworkRows::Share& share : buses_of_place_[place]) {
                factor += share.share * of_bus[share.bus];
            }
            factor = place >= places_.island ? 0.0 : factor;
            place_(place, clock) = factor;
            offset_mw_(island_of_place_[place], clock) -= factor * p_mw[place];
        }
        known_[clock] = true;
        std::ranges::copy(of_bus, bus_.step(t).begin());
        std::ranges::copy(input.loss_mw.step(t), loss_mw_.step(clock).begin());
        std::ranges::copy(place_.step(clock), network.loss_factor.step(t).begin());
        std::ranges::copy(offset_mw_.step(clock), network.loss_offset_mw.step(t).begin());
    }
    learnt_ = true;
}

void settle_losses(const Series& covered_mw, dispatch::BlockInput& input,
                   dispatch::NetworkBlock& network) {
    for (std::size_t t = 0; t < input.n_step && !network.loss_offset_mw.empty(); ++t) {
        for (std::size_t i = 0; i < covered_mw.n_element(); ++i) {
            network.loss_offset_mw(i, t) -= covered_mw(i, t) - input.loss_mw(i, t);
            input.loss_mw(i, t) = covered_mw(i, t);
        }
    }
}

} // namespace yuanwang::engine
