#include "sweep/plan.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "engine/simulator.hpp"
#include "report/sha256.hpp"
#include "report/summary_json.hpp"
#include "sweep/design.hpp"
#include "sweep/discarding_sink.hpp"
#include "sweep/sweep_file.hpp"

namespace yuanwang::sweep {

namespace fs = std::filesystem;

namespace {

fs::path find_overlay(const SweepFile& sweep, const Written& point) {
    return (sweep.file.parent_path() / point.text).lexically_normal();
}

std::string write_setting(const Axis& axis, const Written& point) {
    return fmt::format("{}={}", axis.path, point.text);
}

scenario::LoadOptions make_options(const SweepFile& sweep, const Combination& points) {
    scenario::LoadOptions options;
    for (std::size_t k = 0; k < sweep.axes.size(); ++k) {
        const Axis& axis = sweep.axes[k];
        if (axis.path.empty()) {
            options.overlays.push_back(find_overlay(sweep, points[k]));
        } else {
            options.set.push_back(write_setting(axis, points[k]));
        }
    }
    return options;
}

/// Gathers the faults of members, each told once.
class FaultCollector {
  public:
    explicit FaultCollector(const SweepFile& sweep) : sweep_{sweep} {}

    void add(std::size_t member, const Combination& points, const InputError& error) {
        for (Fault fault : error.faults()) {
            if (!told_.emplace(fault.path, fault.rule, fault.got).second) {
                continue;
            }
            if (!move_to_value(fault, points)) {
                fault.rule += fmt::format(" (member {})", member + 1);
            }
            faults_.push_back(std::move(fault));
        }
    }

    void throw_any() {
        if (!faults_.empty()) {
            throw InputError{std::move(faults_)};
        }
    }

  private:
    /// A fault of a setting stands where the sweep file writes its value, one of an overlay where the overlay does.
    bool move_to_value(Fault& fault, const Combination& points) const {
        for (std::size_t k = 0; k < points.size(); ++k) {
            const Axis& axis = sweep_.axes[k];
            if (axis.path.empty()) {
                if (fault.place.file == find_overlay(sweep_, points[k])) {
                    return true;
                }
            } else if (fault.place.file == "--set " + write_setting(axis, points[k])) {
                fault.place = points[k].place;
                return true;
            }
        }
        return false;
    }

    const SweepFile& sweep_;
    std::set<std::tuple<std::string, std::string, std::string>> told_;
    std::vector<Fault> faults_;
};

/// Holds the names of indicators against the summary of the base's first day.
void check_indicators(const SweepFile& sweep, Progress& progress) {
    const auto first_day = scenario::load_scenario(sweep.base, {.set = {"time.duration=1 d"}});
    DiscardingSink sink;
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

void check_distinct(const SweepFile& sweep, const std::vector<ManifestMember>& members) {
    std::map<std::string, std::size_t> first;
    std::vector<Fault> faults;
    for (std::size_t k = 0; k < members.size(); ++k) {
        const auto [there, is_new] = first.emplace(members[k].hash, k);
        if (!is_new) {
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

Manifest make_manifest(const SweepFile& sweep) {
    Manifest manifest{
        .base = sweep.base.string(), .ranking = sweep.ranking, .keep_series = sweep.keep_series};
    for (const Axis& axis : sweep.axes) {
        manifest.axes.push_back(axis.name);
    }
    for (const Written& indicator : sweep.indicators) {
        manifest.indicators.push_back(indicator.text);
    }
    return manifest;
}

} // namespace

Plan make_plan(const fs::path& sweep_file, Progress& progress) {
    const SweepFile sweep = read_sweep_file(sweep_file);
    const std::vector<Combination> layout = lay_out(sweep);
    check_indicators(sweep, progress);

    Plan plan{.base = sweep.base, .manifest = make_manifest(sweep)};
    FaultCollector faults{sweep};
    for (std::size_t k = 0; k < layout.size(); ++k) {
        if (progress.stop_requested()) {
            throw Interrupted{};
        }
        ManifestMember member;
        std::ranges::transform(layout[k], std::back_inserter(member.coordinates), &Written::text);
        plan.options.push_back(make_options(sweep, layout[k]));
        try {
            member.hash = hash_scenario(load_member(plan, k));
        } catch (const InputError& error) {
            faults.add(k, layout[k], error);
        }
        plan.manifest.members.push_back(std::move(member));
        progress.update("plan", k + 1, layout.size());
    }
    faults.throw_any();
    check_distinct(sweep, plan.manifest.members);
    return plan;
}

scenario::LoadedScenario load_member(const Plan& plan, std::size_t member) {
    return scenario::load_scenario(plan.base, plan.options[member]);
}

std::string hash_scenario(const scenario::LoadedScenario& scenario) {
    std::string text = fmt::format("{}\n{}", report::program_version(), scenario.resolved_yaml);
    for (const std::string& epw : scenario.study.sites.epw) {
        text += epw.empty() ? "" : report::hash_file(epw) + "\n";
    }
    return report::hash_text(text);
}

} // namespace yuanwang::sweep
