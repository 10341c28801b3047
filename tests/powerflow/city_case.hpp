/// @file
/// A ring of ten 330 kV stations, each with two transformers, capacitors and three feeders: all taps and shunts have to
/// settle together.
#pragma once

#include <string>
#include <vector>

#include "core/random.hpp"
#include "network/network.hpp"
#include "powerflow/tiny_case.hpp"

namespace yuanwang::testing {

inline TinyCase make_city() {
    TinyCase tiny;
    Random random(3);
    std::vector<BusIdx> ring;
    for (int i = 0; i < 10; ++i) {
        ring.push_back(tiny.bus("r" + std::to_string(i), 330));
    }
    for (int i = 0; i < 10; ++i) {
        tiny.line(BusIdx{i}, BusIdx{(i + 1) % 10}, 25 + 20 * random.uniform(), 2);
    }
    tiny.source(ring[0], 0, 1.04, -600, 600, 0.5);
    tiny.source(ring[5], 300, 1.03, -400, 400, 0.5);
    for (int i = 0; i < 10; ++i) {
        const BusIdx lv = tiny.bus("m" + std::to_string(i), 110);
        tiny.transformer(BusIdx{i}, lv, 2);
        tiny.shunt(lv, 15, 4);
        for (int f = 0; f < 3; ++f) {
            const BusIdx end = tiny.bus("e" + std::to_string(3 * i + f), 110);
            tiny.line(lv, end, 5 + 10 * random.uniform(), 2);
            tiny.load(end, 20 + 20 * random.uniform(), 10 + 5 * random.uniform());
        }
    }
    return tiny;
}

} // namespace yuanwang::testing
