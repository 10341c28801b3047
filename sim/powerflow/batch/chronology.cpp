#include "powerflow/batch/chronology.hpp"

#include <algorithm>

namespace yuanwang::powerflow::batch {

namespace {

constexpr int most_rounds = 4; // of the linear model; after them the guess is as good as it gets

} // namespace

Chronology::Chronology(const VoltageControls& controls)
    : controls_{&controls}, now_{controls.make_state()}, then_{controls.make_state()} {}

void Chronology::start(const StartPositions& first, StepTable& table) {
    vm_.resize(controls_->size() * table.n_step);
    is_free_.resize(controls_->size() * table.n_step);
    for (std::size_t t = 0; t < table.n_step; ++t) {
        std::ranges::copy(first.taps, table.of(table.start_taps, t).begin());
        std::ranges::copy(first.shunts, table.of(table.start_shunts, t).begin());
    }
}

/// Leaves in `now_` where step t would end from the start it has been given.
void Chronology::predict(StepTable& table, std::size_t t) {
    controls_->start(then_, table.of(table.taps, t), table.of(table.shunts, t));
    std::ranges::copy(vm(t), now_.predicted.begin());
    const VoltageControls::Effects& effects = controls_->effects();
    const std::size_t n = controls_->size();
    for (std::size_t c = 0; c < n; ++c) {
        const int steps = controls_->position(now_, c) - controls_->position(then_, c);
        for (std::size_t r = 0; steps != 0 && r < n; ++r) {
            now_.predicted[r] += steps * effects[c * n + r];
        }
    }
    for (int round = 0; round < most_rounds; ++round) {
        if (!controls_->move_predicted(now_, is_free(t), round, effects)) {
            break;
        }
    }
}

void Chronology::correct(StepTable& table, std::vector<std::size_t>& wrong) {
    if (table.n_step == 0) {
        return;
    }
    controls_->start(now_, table.of(table.taps, 0), table.of(table.shunts, 0));
    for (std::size_t t = 1; t < table.n_step; ++t) {
        const std::span<int> taps = table.of(table.start_taps, t);
        const std::span<int> shunts = table.of(table.start_shunts, t);
        if (std::ranges::equal(now_.taps, taps) && std::ranges::equal(now_.shunts, shunts)) {
            controls_->start(now_, table.of(table.taps, t), table.of(table.shunts, t));
            continue;
        }
        std::ranges::copy(now_.taps, taps.begin());
        std::ranges::copy(now_.shunts, shunts.begin());
        wrong.push_back(t);
        controls_->start(now_, taps, shunts); // it moves from there, free of the past
        predict(table, t);
    }
}

} // namespace yuanwang::powerflow::batch
