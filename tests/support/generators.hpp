/// @file
/// Generators of small studies: constant units between two outputs.
#pragma once

#include <string>

#include "support/tiny_study.hpp"

namespace yuanwang::test {

struct GeneratorValues {
    double p_mw = 0;
    double p_min_mw = 0;
    double p_max_mw = 0;
    double price = 100;
    bool slack = false;
};

inline void add_generator(System& system, const std::string& id, BusIdx bus,
                          const GeneratorValues& values, engine::ReactiveControl control = {}) {
    engine::GeneratorFleet& g = system.sources.generators;
    place(g, id, bus, control);
    g.p_mw.push_back(values.p_mw);
    g.p_min_mw.push_back(values.p_min_mw);
    g.p_max_mw.push_back(values.p_max_mw);
    g.slack.push_back(values.slack);
    g.price_cny_per_mwh.push_back(values.price);
    g.co2_t_per_mwh.push_back(0);
    g.green_share.push_back(0);
}

} // namespace yuanwang::test
