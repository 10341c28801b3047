#include "sweep/plan.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "engine/simulator.hpp"
#include "report/sha256.hpp"
#include "sweep/build_id.hpp"
#include "sweep/design.hpp"
#include "sweep/discarding_sink.hpp"
#include "sweep/filter.hpp"
#include "sweep/member_faults.hpp"
#include "sweep/parallel.hpp"

namespace yuanwang::sweep {

namespace fs = std::filesystem;

namespace {

/// Holds the names of indicators against the summary of the base's first day.
void check_indicators(const SweepFile& sweep) {
    const auto first_day = scenario::load_scenario(sweep.base, {.set = {"time.duration=1 d"}});
    DiscardingSink sink;
    SilentProgress progress;
    const engine::Summary summary = engine::simulate(first_day.study, sink, progress).summary;
    std::vector<std::string> known;
    for (const auto* values : {&summary.indicators, &summary.counts}) {
        for (const auto& entry : *values) {
            known.push_back(entry.first);
        }
    }
    std::vector<Fault> faults;
    for (const Written& indicator : sweep.indicators) {
        if (std::ranges::find(known, indicator.text) == known.end()) {
            const std::string_view nearest = find_nearest(indicator.text, known);
            faults.push_back({indicator.place, "indicators",
                              "must be an indicator or count of the base's summary" +
                                  (nearest.empty() ? "" : fmt::format(" (nearest: `{}`)", nearest)),
                              indicator.text});
        }
    }
    if (!faults.empty()) {
        throw InputError{std::move(faults)};
    }
}

/// Designs that draw points may draw one twice; it is run once.
void check_distinct(const SweepFile& sweep, const std::vector<ManifestMember>& members) {
    if (sweep.design == Design::monte_carlo || sweep.design == Design::saltelli) {
        return;
    }
    std::map<std::string, std::size_t> first;
    std::vector<Fault> faults;
    for (std::size_t k = 0; k < members.size(); ++k) {
        const auto [there, is_new] = first.emplace(members[k].hash, k);
        if (!is_new && faults.size() < 100) {
            faults.push_back(
                {sweep.design_place, "design",
                 fmt::format("members {} and {} are the same scenario", there->second + 1, k + 1),
                 ""});
        }
    }
    if (!faults.empty()) {
        throw InputError{std::move(faults)};
    }
}

Manifest make_manifest(const SweepFile& sweep, const std::vector<Combination>& layout) {
    Manifest manifest{.sweep_file = sweep.file.string(),
                      .base = sweep.base.string(),
                      .design = sweep.design,
                      .n_sample = sweep.n_member,
                      .ranking = sweep.ranking,
                      .keep_series = sweep.keep_series};
    for (const Axis& axis : sweep.axes) {
        manifest.axes.push_back(axis.name);
    }
    for (const Written& indicator : sweep.indicators) {
        manifest.indicators.push_back(indicator.text);
    }
    manifest.members.reserve(layout.size());
    for (const Combination& points : layout) {
        ManifestMember& member = manifest.members.emplace_back();
        std::ranges::transform(points, std::back_inserter(member.coordinates), &Written::text);
    }
    return manifest;
}

} // namespace

Plan draft_plan(const fs::path& sweep_file) {
    SweepFile sweep = read_sweep_file(sweep_file);
    std::vector<Combination> layout = keep_filtered(sweep, lay_out(sweep));
    Manifest manifest = make_manifest(sweep, layout);
    auto loader = std::make_shared<MemberLoader>(sweep.base, sweep.axes);
    return {std::move(sweep), std::move(layout), std::move(manifest), std::move(loader)};
}

void check_plan(Plan& plan, Progress& progress, std::size_t n_thread) {
    MemberFaults faults{plan};
    for_each_parallel(plan.layout.size() + 1, n_thread, progress, "plan", [&](std::size_t item) {
        if (item == 0) { // beside the first members; a wrong name ends the check at once
            check_indicators(plan.sweep);
            return;
        }
        const std::size_t k = item - 1;
        try {
            plan.manifest.members[k].hash = plan.loader->hash(load_member(plan, k));
        } catch (const InputError& error) {
            faults.add(k, error);
        }
    });
    faults.throw_any();
    check_distinct(plan.sweep, plan.manifest.members);
    (void)plan.loader->hash_input(plan.sweep.file);
    plan.manifest.inputs = plan.loader->list_inputs();
}

Plan make_plan(const fs::path& sweep_file, Progress& progress, std::size_t n_thread) {
    Plan plan = draft_plan(sweep_file);
    check_plan(plan, progress, n_thread);
    return plan;
}

bool adopt_checked(Plan& plan, const fs::path& folder) {
    std::optional<Manifest> stored = find_manifest(folder);
    if (!stored || stored->maker != maker_id() ||
        !stored->inputs.contains(plan.sweep.file.string()) ||
        stored->members.size() != plan.layout.size() || !list_changed_inputs(*stored).empty()) {
        return false;
    }
    plan.manifest = std::move(*stored);
    return true;
}

std::vector<std::string> list_changed_inputs(const Manifest& manifest) {
    std::vector<std::string> changed;
    for (const auto& [file, sha256] : manifest.inputs) {
        std::error_code error;
        if (!fs::is_regular_file(file, error) || report::hash_file(file) != sha256) {
            changed.push_back(file);
        }
    }
    return changed;
}

scenario::LoadedScenario load_member(const Plan& plan, std::size_t member) {
    return plan.loader->load(plan.layout[member]);
}

} // namespace yuanwang::sweep
