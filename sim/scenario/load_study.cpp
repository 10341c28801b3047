#include "scenario/load_study.hpp"

#include <set>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "scenario/build.hpp"
#include "scenario/compose.hpp"
#include "scenario/resolve.hpp"

namespace yuanwang::scenario {

namespace {

/// The same value is read in every epoch: each fault is told once.
[[noreturn]] void throw_faults(std::vector<Fault> faults) {
    std::set<std::tuple<std::string, int, int, std::string, std::string, std::string>> told;
    std::vector<Fault> kept;
    for (Fault& fault : faults) {
        const std::string path = fault.place.line > 0 ? std::string{} : fault.path;
        if (told.emplace(fault.place.file, fault.place.line, fault.place.column, path, fault.rule,
                         fault.got)
                .second) {
            kept.push_back(std::move(fault));
        }
    }
    throw InputError{std::move(kept)};
}

/// A composition that makes a study, with that study.
struct Checked {
    Composition composition;
    engine::Study study;
};

Checked check_scenario(const std::filesystem::path& file, const LoadOptions& options) {
    std::vector<Fault> faults;
    Composition composition = compose_files(file, faults);
    if (!composition.complete) {
        throw_faults(std::move(faults));
    }
    for (const std::string& setting : options.set) {
        apply_setting(composition.tree, setting, "--set", faults);
    }
    if (options.seed) {
        apply_setting(composition.tree, fmt::format("weather.seed={}", *options.seed), "--seed",
                      faults);
    }
    engine::Study study = build_study(composition.tree, faults);
    if (!faults.empty()) {
        throw_faults(std::move(faults));
    }
    return {std::move(composition), std::move(study)};
}

} // namespace

LoadedScenario load_scenario(const std::filesystem::path& file, const LoadOptions& options) {
    Checked checked = check_scenario(file, options);
    return {.study = std::move(checked.study),
            .resolved_yaml = write_resolved(checked.composition.tree),
            .inputs = std::move(checked.composition.inputs)};
}

std::string inspect_scenario(const std::filesystem::path& file, const LoadOptions& options) {
    return list_values(check_scenario(file, options).composition.tree);
}

} // namespace yuanwang::scenario
