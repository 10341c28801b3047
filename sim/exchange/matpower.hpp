/// @file
/// MATPOWER case files (`.m`), in.
///
/// Reading rules: type-4 buses and out-of-service branches and generators are dropped; a PV bus without a generator in
/// service becomes PQ; the last generator in service of a bus gives its voltage; tap ratio 0 means 1.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/study.hpp"

namespace yuanwang::exchange {

/// The tables of a case as they stand in the file, rows × columns.
struct MatpowerCase {
    std::string name;
    double base_mva = 100;
    std::vector<std::vector<double>> bus;
    std::vector<std::vector<double>> gen;
    std::vector<std::vector<double>> branch;
    std::vector<std::vector<double>> gencost;
    std::vector<std::string> bus_name; ///< empty where the file has none
};

/// Parses a case file. Throws `InputError` with line and column.
[[nodiscard]] MatpowerCase read_matpower(const std::filesystem::path& file);

/// A study of one step: every bus, impedance branch, generator, static load and shunt of the case. Dispatch `none`, no
/// limits, no controls, single slack: what MATPOWER's own default solves.
[[nodiscard]] engine::Study make_study(const MatpowerCase& matpower);

/// The case in our language.
[[nodiscard]] std::string to_yaml(const MatpowerCase& matpower);

} // namespace yuanwang::exchange
