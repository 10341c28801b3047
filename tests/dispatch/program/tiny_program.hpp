/// Systems for programs solved by hand.
#pragma once

#include <cstddef>

#include "dispatch/program/program.hpp"

namespace yuanwang::dispatch::program {

/// Nothing asked, nothing flows in, generators up to 100 MW at 10, 30, 50 …, storages free of charge, empty at both ends.
inline Block make_empty_block(const System& system, std::size_t n_step) {
    const std::size_t n_generator = system.generators.size();
    const std::size_t n_storage = system.storages.size();
    Block block;
    block.n_step = n_step;
    block.demand_mw.reshape(system.n_bus, n_step);
    block.p_min_mw.reshape(n_generator, n_step);
    block.p_max_mw.reshape(n_generator, n_step, 100);
    block.price_per_mwh.reshape(n_generator, n_step);
    for (std::size_t t = 0; t < n_step; ++t) {
        for (std::size_t k = 0; k < n_generator; ++k) {
            block.price_per_mwh(k, t) = 10 + 20 * static_cast<double>(k);
        }
    }
    block.discharge_price_per_mwh.reshape(n_storage, n_step);
    block.inflow_mw.reshape(n_storage, n_step);
    block.e_start_mwh.assign(n_storage, 0);
    block.e_end_mwh.assign(n_storage, 0);
    return block;
}

///   g0 (10/MWh) ── bus 0 ──── 50 MW ──── bus 1 ── g1 (30/MWh)
///                  shed 3000             shed 3001
inline System two_buses() {
    System system;
    system.n_bus = 2;
    system.generators.bus = {0, 1};
    system.sheds = {.bus = {0, 1}, .p_max_mw = {100, 100}, .price_per_mwh = {3000, 3001}};
    system.branches = {.limit_mw = {50}, .ptdf = {0, -1}}; // reference: bus 0
    return system;
}

/// Two generators, a battery of 20 MW and 30 MWh with 0.9 each way, one shed row.
inline System plate_with_battery() {
    System system;
    system.generators.bus = {0, 0};
    system.storages = {.bus = {0},
                       .charge_max_mw = {20},
                       .discharge_max_mw = {20},
                       .spill_max_mw = {0},
                       .e_min_mwh = {0},
                       .e_max_mwh = {30},
                       .eta_charge = {0.9},
                       .eta_discharge = {0.9},
                       .retention = {1}};
    system.sheds = {.bus = {0}, .p_max_mw = {1000}, .price_per_mwh = {3000}};
    return system;
}

/// 70 MW at 10, the rest at 50; 40 MW asked in the first hour, 90 MW in the second.
inline Block two_prices(const System& system) {
    Block block = make_empty_block(system, 2);
    for (std::size_t t = 0; t < 2; ++t) {
        block.p_max_mw(0, t) = 70;
        block.price_per_mwh(1, t) = 50;
    }
    block.demand_mw(0, 0) = 40;
    block.demand_mw(0, 1) = 90;
    return block;
}

} // namespace yuanwang::dispatch::program
