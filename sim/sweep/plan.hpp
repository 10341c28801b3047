/// @file
/// A sweep file → members, each a scenario that has been checked, known by the hash of all that decides its results.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "core/progress.hpp"
#include "scenario/load_study.hpp"
#include "sweep/manifest.hpp"

namespace yuanwang::sweep {

struct Plan {
    std::filesystem::path base;
    std::vector<scenario::LoadOptions> options; ///< per member, in the order of the manifest
    Manifest manifest;
};

/// Reads a sweep file and loads every member once; nothing is simulated but the base's first day, which tells what its
/// summary holds. Throws `InputError` with the faults of the sweep file, else of the base, else of all members: a fault of
/// a value of the sweep stands at that value, any other names the first member that has it. Two members that are the same
/// scenario are a fault.
[[nodiscard]] Plan make_plan(const std::filesystem::path& sweep_file, Progress& progress);

/// The scenario of a member: overlays in the order of their axes, then settings in the order of theirs.
[[nodiscard]] scenario::LoadedScenario load_member(const Plan& plan, std::size_t member);

/// SHA-256 over the program's version, the resolved scenario and the bytes of the weather files it names.
[[nodiscard]] std::string hash_scenario(const scenario::LoadedScenario& scenario);

} // namespace yuanwang::sweep
