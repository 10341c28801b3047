/// @file
/// A public case as the batch takes it.
#pragma once

#include <filesystem>
#include <string>

#include "exchange/matpower.hpp"
#include "exchange/powerflow_problem.hpp"
#include "network/network.hpp"
#include "powerflow/batch/bus_admittance.hpp"
#include "powerflow/batch/injections.hpp"

namespace yuanwang::powerflow::batch {

struct PublicCase {
    network::Network grid;
    exchange::PowerflowProblem problem;
    BusAdmittance y;
    BusSetup setup;
};

inline PublicCase load_file(const std::filesystem::path& file) {
    const engine::Study study = exchange::make_study(exchange::read_matpower(file));
    const engine::System& system = study.epochs.front().system;
    PublicCase loaded;
    loaded.grid = network::make_network(system.grid);
    loaded.problem = exchange::make_problem(system, loaded.grid);
    loaded.y = make_bus_admittance(loaded.grid);
    loaded.setup = make_bus_setup(loaded.grid, loaded.problem.units);
    return loaded;
}

inline PublicCase load_case(const std::string& name) {
    return load_file(std::filesystem::path{YUANWANG_SHARED_DIR} / "cases" / (name + ".m"));
}

inline bool has_public_cases() {
    return std::filesystem::exists(std::filesystem::path{YUANWANG_SHARED_DIR} / "cases");
}

} // namespace yuanwang::powerflow::batch
