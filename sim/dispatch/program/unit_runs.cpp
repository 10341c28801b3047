#include "dispatch/program/unit_runs.hpp"

#include <algorithm>
#include <vector>

namespace yuanwang::dispatch::program {
namespace {

/// One unit over past and block: runs or not. Steps before `fixed` are what was.
struct Layer {
    std::vector<char> on;
    std::size_t fixed = 0;

    /// First step from `at` on where the layer changes; its end where it does not.
    [[nodiscard]] std::size_t end_of_run(std::size_t at) const {
        std::size_t end = at + 1;
        while (end < on.size() && on[end] == on[at]) {
            ++end;
        }
        return end;
    }
    void turn(std::size_t from, std::size_t to, bool running) {
        for (std::size_t t = std::max(from, fixed); t < std::min(to, on.size()); ++t) {
            on[t] = running ? 1 : 0;
        }
    }
};

/// Whether the run [from, to) is shorter than it has to be and the block could help it. The first run of the past may be
/// older than is known, the last of the block may go on.
bool is_short(const Layer& layer, std::size_t from, std::size_t to, std::size_t least) {
    return from > 0 && to >= layer.fixed && to < layer.on.size() && to - from < least;
}

/// A unit that stopped before the block comes back no sooner than it may.
void rest(const RunTimes& times, Layer& layer) {
    for (std::size_t t = 0; t < layer.fixed; t = layer.end_of_run(t)) {
        const std::size_t end = layer.end_of_run(t);
        if (layer.on[t] == 0 && is_short(layer, t, end, times.min_down_steps)) {
            layer.turn(end, t + times.min_down_steps, false);
        }
    }
}

/// Lengthens short runs and fills short gaps until both keep their times: steps only ever turn on, so it ends.
void keep_on(const RunTimes& times, Layer& layer) {
    for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t t = 0; t < layer.on.size() && !changed; t = layer.end_of_run(t)) {
            const std::size_t end = layer.end_of_run(t);
            if (layer.on[t] != 0 && is_short(layer, t, end, times.min_up_steps)) {
                layer.turn(end, t + times.min_up_steps, true);
                changed = true;
            } else if (layer.on[t] == 0 && t >= layer.fixed &&
                       is_short(layer, t, end, times.min_down_steps)) {
                layer.turn(t, end, true);
                changed = true;
            }
        }
    }
}

/// Takes out short runs that began within the block.
void leave_out(const RunTimes& times, Layer& layer) {
    for (std::size_t t = 0; t < layer.on.size(); t = layer.end_of_run(t)) {
        const std::size_t end = layer.end_of_run(t);
        if (layer.on[t] != 0 && t >= layer.fixed && is_short(layer, t, end, times.min_up_steps)) {
            layer.turn(t, end, false);
        }
    }
}

Layer make_layer(int unit, std::span<const int> before, std::span<const int> on) {
    Layer layer;
    layer.fixed = before.size();
    for (const auto part : {before, on}) {
        for (const int n : part) {
            layer.on.push_back(n >= unit ? 1 : 0);
        }
    }
    return layer;
}

} // namespace

void repair_runs(const RunTimes& times, std::span<const int> before, Repair how,
                 std::span<int> on) {
    std::vector<Layer> layers;
    for (int unit = 1; unit <= times.units; ++unit) {
        Layer& layer = layers.emplace_back(make_layer(unit, before, on));
        if (how == Repair::leave_out) {
            leave_out(times, layer);
        }
        rest(times, layer);
        for (std::size_t t = layer.fixed; layers.size() > 1 && t < layer.on.size(); ++t) {
            layer.on[t] &= layers[layers.size() - 2].on[t]; // what rests below rests above
        }
    }
    std::ranges::fill(on, 0);
    for (std::size_t j = layers.size(); j-- > 0;) {
        Layer& layer = layers[j];
        for (std::size_t t = layer.fixed; j + 1 < layers.size() && t < layer.on.size(); ++t) {
            layer.on[t] |= layers[j + 1].on[t]; // what runs above runs below
        }
        keep_on(times, layer);
        for (std::size_t t = 0; t < on.size(); ++t) {
            on[t] += layer.on[layer.fixed + t];
        }
    }
}

bool keeps_times(const RunTimes& times, std::span<const int> before, std::span<const int> on) {
    for (int unit = 1; unit <= times.units; ++unit) {
        const Layer layer = make_layer(unit, before, on);
        for (std::size_t t = 0; t < layer.on.size(); t = layer.end_of_run(t)) {
            const std::size_t end = layer.end_of_run(t);
            const std::size_t least = layer.on[t] != 0 ? times.min_up_steps : times.min_down_steps;
            if (is_short(layer, t, end, least)) {
                return false;
            }
        }
    }
    return true;
}

} // namespace yuanwang::dispatch::program
