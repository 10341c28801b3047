#include "scenario/load_study.hpp"

#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "scenario/build.hpp"
#include "scenario/compose.hpp"
#include "scenario/composed_scenario.hpp"
#include "scenario/marks.hpp"
#include "scenario/resolve.hpp"
#include "scenario/yaml_writer.hpp"

namespace yuanwang::scenario {

namespace {

/// `grid.lines[l].rate_mva`, whether a value is met in a project's changes or in the epoch they are merged into.
std::string strip_changes(const std::string& path) {
    constexpr std::string_view mark = "].changes.";
    const std::size_t at = path.starts_with("projects[") ? path.find(mark) : std::string::npos;
    return at == std::string::npos ? path : path.substr(at + mark.size());
}

/// The same value is read in every epoch: each fault is told once.
[[noreturn]] void throw_faults(std::vector<Fault> faults) {
    std::set<std::tuple<std::string, std::string, std::string, std::string>> told;
    std::vector<Fault> kept;
    for (Fault& fault : faults) {
        if (told.emplace(to_string(fault.place), strip_changes(fault.path), fault.rule, fault.got)
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

/// Applies settings and builds the study; `faults` are those of the composition.
Checked check_composition(Composition composition, std::vector<Fault> faults,
                          const std::vector<std::string>& set, std::optional<std::uint64_t> seed) {
    if (!composition.complete) {
        throw_faults(std::move(faults));
    }
    for (const std::string& setting : set) {
        apply_setting(composition.tree, setting, "--set", faults);
    }
    if (seed) {
        apply_setting(composition.tree, fmt::format("weather.seed={}", *seed), "--seed", faults);
    }
    engine::Study study = build_study(composition.tree, faults);
    if (!faults.empty()) {
        throw_faults(std::move(faults));
    }
    return {std::move(composition), std::move(study)};
}

Checked check_scenario(const std::filesystem::path& file, const LoadOptions& options) {
    std::vector<Fault> faults;
    Composition composition = compose_files(file, faults, options.overlays);
    return check_composition(std::move(composition), std::move(faults), options.set, options.seed);
}

LoadedScenario resolve(Checked checked) {
    const Node arranged = arrange(checked.composition.tree);
    checked.study.provenance = list_provenance(arranged);
    return {.study = std::move(checked.study),
            .resolved_yaml = write_yaml(arranged),
            .inputs = std::move(checked.composition.inputs)};
}

} // namespace

ComposedScenario::ComposedScenario(const std::filesystem::path& file,
                                   const std::vector<std::filesystem::path>& overlays)
    : composition_{compose_files(file, faults_, overlays)} {}

LoadedScenario ComposedScenario::load(const std::vector<std::string>& set) const {
    return resolve(check_composition(composition_, faults_, set, std::nullopt));
}

LoadedScenario load_scenario(const std::filesystem::path& file, const LoadOptions& options) {
    return resolve(check_scenario(file, options));
}

std::string inspect_scenario(const std::filesystem::path& file, const LoadOptions& options) {
    return list_values(check_scenario(file, options).composition.tree);
}

} // namespace yuanwang::scenario
