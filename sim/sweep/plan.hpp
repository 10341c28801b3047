/// @file
/// A sweep file → members, each a scenario that has been checked, known by the hash of all that decides its results.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/progress.hpp"
#include "scenario/load_study.hpp"
#include "sweep/manifest.hpp"
#include "sweep/member_loader.hpp"
#include "sweep/sweep_file.hpp"

namespace yuanwang::sweep {

struct Plan {
    SweepFile sweep;
    std::vector<Combination> layout; ///< per member, in the order of the manifest
    Manifest manifest;               ///< hashes are empty until the plan is checked
    std::shared_ptr<MemberLoader> loader;
};

/// Reads a sweep file and lays its members out; no scenario is looked at. Throws `InputError` with the faults of the sweep
/// file.
[[nodiscard]] Plan draft_plan(const std::filesystem::path& sweep_file);

/// Loads every member once and notes its hash; nothing is simulated but the base's first day, which tells what its
/// summary holds. Throws `InputError` with the faults of the base, else of all members: a fault of a value of the sweep
/// stands at that value, any other names the first member that has it. Two members that are the same scenario are a fault,
/// but for designs that draw points.
void check_plan(Plan& plan, Progress& progress, std::size_t n_thread = 1);

/// Both.
[[nodiscard]] Plan make_plan(const std::filesystem::path& sweep_file, Progress& progress,
                             std::size_t n_thread = 1);

/// Takes hashes over from the manifest of a folder where the sweep file, every input and the program are what they were when
/// it was written; false where they are not.
[[nodiscard]] bool adopt_checked(Plan& plan, const std::filesystem::path& folder);

/// Inputs of a stored manifest that have changed or gone since.
[[nodiscard]] std::vector<std::string> list_changed_inputs(const Manifest& manifest);

/// The scenario of a member.
[[nodiscard]] scenario::LoadedScenario load_member(const Plan& plan, std::size_t member);

} // namespace yuanwang::sweep
