/// @file
/// `yuanwang bench CASE --workload D1|D2|D3`: optimal dispatch of SG-1 on a public case or a scenario's grid.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "cli/common.hpp"

namespace yuanwang::cli {

struct DispatchBenchFlags {
    double limit_factor = 1;
    std::string engine = "ptdf";
    std::size_t n_window = 0; ///< 0: all
    bool cold = false;
};

/// Runs the workload, holds it against what is published for the case, prints the figures. Returns the exit code.
int bench_dispatch(const std::filesystem::path& file, const scenario::LoadOptions& load,
                   const std::string& workload, const DispatchBenchFlags& flags, bool json);

} // namespace yuanwang::cli
