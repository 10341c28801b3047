/// Every fault of a sweep file, to the letter.
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweep/estimate.hpp"
#include "sweep/table.hpp"
#include "sweep_folder.hpp"

namespace yuanwang::sweep {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::six_members;
using testing::SweepFolder;

std::string with_axes(std::string_view axes, std::string_view rest = "") {
    return "base: base.yaml\naxes:\n" + std::string{axes} + "indicators: [cost_cny]\n" +
           std::string{rest};
}

TEST(SweepFaults, AGoodFileHasNone) {
    EXPECT_THAT(SweepFolder{}.find_faults(six_members), IsEmpty());
}

TEST(SweepFaults, EveryKeyThatIsRequiredIsNamed) {
    EXPECT_THAT(SweepFolder{}.find_faults("design: full\n"),
                ElementsAre("sweep.yaml:1:1: base: is required",
                            "sweep.yaml:1:1: axes: is required",
                            "sweep.yaml:1:1: indicators: is required"));
}

TEST(SweepFaults, OfTheTopLevelAreToldTogether) {
    EXPECT_THAT(
        SweepFolder{}.find_faults("base: bass.yaml\n"
                                  "axis: []\n"
                                  "axes: []\n"
                                  "design: fill\n"
                                  "members: 4\n"
                                  "indicators: [cost_cny, cost_cny]\n"
                                  "rank: {by: co2_t, order: up, limits: [{indicator: cost_cny}]}\n"
                                  "keep: all\n"),
        ElementsAre(
            "sweep.yaml:1:7: base: must name a file that can be read, got bass.yaml",
            "sweep.yaml:2:1: axis: unknown key, did you mean `axes`?",
            "sweep.yaml:3:7: axes: must be a list with at least one element, got an empty list",
            "sweep.yaml:4:9: design: must be one of full, zip, latin_hypercube, sobol, "
            "monte_carlo, saltelli, list, got fill",
            "sweep.yaml:5:10: members: belongs to a sampled design, got 4",
            "sweep.yaml:6:24: indicators[1]: must not repeat, already at line 6, got cost_cny",
            "sweep.yaml:7:12: rank.by: must be one of `indicators`, got co2_t",
            "sweep.yaml:7:26: rank.order: must be one of ascending, descending, got up",
            "sweep.yaml:7:39: rank.limits[0]: must have `min`, `max` or both",
            "sweep.yaml:8:7: keep: must be one of summary, full, got all"));
}

TEST(SweepFaults, OfAxesStandAtTheirPlaces) {
    EXPECT_THAT(
        SweepFolder{}.find_faults(with_axes("  - {path: weather.seed}\n"
                                            "  - {path: a, values: []}\n"
                                            "  - {path: b, values: [1, 1]}\n"
                                            "  - {path: c, from: 2, to: 1, count: 1}\n"
                                            "  - {path: d, from: .nan, to: 1}\n"
                                            "  - {overlays: [none.yaml]}\n"
                                            "  - {path: e, project: f, values: [1]}\n"
                                            "  - {name: status, path: g, values: [1]}\n"
                                            "  - {path: b, values: [2]}\n")),
        ElementsAre(
            "sweep.yaml:3:5: axes[0]: must have either `values` or `from` and `to`",
            "sweep.yaml:4:23: axes[1].values: must be a list with at least one element, got an "
            "empty list",
            "sweep.yaml:5:27: axes[2].values[1]: must not repeat, already at line 5, got 1",
            "sweep.yaml:6:28: axes[3].to: must be > from 2, got 1",
            "sweep.yaml:6:38: axes[3].count: must be a whole number from 2 to 1000000, got 1",
            "sweep.yaml:7:5: axes[4].count: is required",
            "sweep.yaml:7:21: axes[4].from: must be a finite number, got .nan",
            "sweep.yaml:8:5: axes[5].name: is required",
            "sweep.yaml:8:17: axes[5].overlays[0]: must name a file that can be read, got "
            "none.yaml",
            "sweep.yaml:9:5: axes[6]: must have one of `path`, `overlays`, `project`",
            "sweep.yaml:10:5: axes[7]: must have a `name` no other column of sweep.csv has, not "
            "`status`",
            "sweep.yaml:11:5: axes[8]: must have a `name` no other column of sweep.csv has, not "
            "`b`"));
}

TEST(SweepFaults, OfTheDesignNameWhatDoesNotFit) {
    const SweepFolder folder;
    const std::string two = "  - {name: e, path: \"storage.batteries[battery].e_max_mwh\", "
                            "values: [20, 40, 80]}\n"
                            "  - {path: weather.seed, values: [1, 2]}\n";
    EXPECT_THAT(folder.find_faults(with_axes(two, "design: zip\n")),
                ElementsAre("sweep.yaml:6:9: design: zip needs as many points on every axis: `e` "
                            "has 3, `weather.seed` has 2"));
    EXPECT_THAT(folder.find_faults(with_axes(two, "design: latin_hypercube\n")),
                ElementsAre("sweep.yaml:1:1: members: is required"));
    EXPECT_THAT(folder.find_faults(with_axes("  - {path: a, from: 0, to: 1, count: 1001}\n"
                                             "  - {path: b, from: 0, to: 1, count: 1000}\n",
                                             "design: full\n")),
                ElementsAre("sweep.yaml:6:9: design: must have at most 1000000 members"));
}

TEST(SweepFaults, OfSampledAxesNameWhatIsMissing) {
    EXPECT_THAT(
        SweepFolder{}.find_faults(
            with_axes("  - {path: a, distribution: {kind: normal, mean: 4, sigma: 1}}\n"
                      "  - {path: b, distribution: {kind: lognormal, median: -1, sigma: 1}}\n"
                      "  - {path: c, distribution: {kind: triangular, from: 1, to: 3, mode: 4}}\n"
                      "  - {path: d, distribution: {kind: bell}}\n"
                      "  - {path: e, values: [1, 2], weights: [1]}\n"
                      "  - {path: f, from: 1, to: 2, step: -1}\n",
                      "design: monte_carlo\nmembers: 4\n")),
        ElementsAre(
            "sweep.yaml:3:29: axes[0].distribution.sd: is required",
            "sweep.yaml:3:60: axes[0].distribution.sigma: does not belong to this kind, got 1",
            "sweep.yaml:4:55: axes[1].distribution.median: must be > 0, got -1",
            "sweep.yaml:5:70: axes[2].distribution.mode: must be within 1…3, got 4",
            "sweep.yaml:6:36: axes[3].distribution.kind: must be one of uniform, log_uniform, "
            "normal, lognormal, triangular, got bell",
            "sweep.yaml:7:40: axes[4].weights: must be as many as the points, 2, got a list",
            "sweep.yaml:8:37: axes[5].step: must be > 0, got -1"));
    EXPECT_THAT(SweepFolder{}.find_faults(
                    with_axes("  - {path: a, distribution: {kind: normal, mean: 4, sd: 1}}\n")),
                ElementsAre("sweep.yaml:3:29: axes[0].distribution: belongs to a sampled design, "
                            "got a map"));
}

TEST(SweepFaults, ADesignLargerThanItsSpaceIsNamed) {
    EXPECT_THAT(SweepFolder{}.find_faults(with_axes(
                    "  - {path: weather.seed, values: [1, 2]}\n"
                    "  - {path: \"sources.solar[sun_hill].p_rated_mw\", values: [9, 8]}\n",
                    "design: latin_hypercube\nmembers: 5\n")),
                ElementsAre("sweep.yaml:6:9: design: must not have more members than there are "
                            "combinations: 5 of 4"));
}

TEST(SweepFaults, OfAListNameTheEntry) {
    EXPECT_THAT(
        SweepFolder{}.find_faults(with_axes("  - {name: seed, path: weather.seed}\n"
                                            "  - {name: sky, overlays: [base.yaml]}\n",
                                            "design: list\nlist:\n"
                                            "  - {seed: 1, sky: base.yaml}\n"
                                            "  - {seed: [1], sky: other.yaml}\n"
                                            "  - {seeed: 1, sky: base.yaml}\n")),
        ElementsAre("sweep.yaml:9:12: list[1].seed: must be a number or text, got a list",
                    "sweep.yaml:9:22: list[1].sky: must be one of the points of its axis, got "
                    "other.yaml",
                    "sweep.yaml:10:5: list[2].seed: is required",
                    "sweep.yaml:10:6: list[2].seeed: unknown key, did you mean `seed`?"));
}

TEST(SweepFaults, ALimitNobodyCanMeetIsNamedBeforeAndAfter) {
    const std::string axes = "  - {path: weather.seed, values: [1, 2]}\n";
    EXPECT_THAT(
        SweepFolder{}.find_faults(with_axes(
            axes, "rank: {by: cost_cny, limits: [{indicator: cost_cny, min: 2, max: 1}]}\n")),
        ElementsAre("sweep.yaml:5:66: rank.limits[0].max: must be >= min 2, got 1"));
    const Manifest manifest{
        .ranking = Ranking{.by = "cost_cny",
                           .limits = {{"unserved_mwh", std::nullopt, 0.0, "sweep.yaml:7:12"}}},
        .members = {{}, {}}};
    const auto done = [](double unserved) {
        return MemberState{.status = MemberStatus::done, .values = {{"unserved_mwh", unserved}}};
    };
    EXPECT_THAT(explain_limits(manifest, {done(7), done(3)}),
                ElementsAre("sweep.yaml:7:12: rank.limits: no finished member meets it; member 2 "
                            "comes nearest, unserved_mwh = 3"));
    EXPECT_THAT(explain_limits(manifest, {done(7), done(0)}), IsEmpty());
}

TEST(SweepFaults, OfMembersStandAtTheValueThatMakesThem) {
    EXPECT_THAT(
        SweepFolder{}.find_faults(
            with_axes("  - {path: \"storage.batteries[batery].e_max_mwh\", values: [20, 40]}\n"
                      "  - {path: \"storage.batteries[battery].soc_min\", values: [0.1, 2, x]}\n"
                      "  - {path: \"storage.batteries[battery].bus\", values: [hil_110]}\n")),
        ElementsAre(
            "sweep.yaml:3:60: storage.batteries: must name an element of the list "
            "(nearest: `battery`), got batery",
            "sweep.yaml:4:64: storage.batteries[battery].soc_min: must be within 0…1, got 2",
            "sweep.yaml:4:67: storage.batteries[battery].soc_min: must be a number, got x",
            "sweep.yaml:5:55: storage.batteries[battery].bus: must be the id of an element "
            "of grid.buses (nearest: `hill_110`), got hil_110"));
}

TEST(SweepFaults, OfAnOverlayStandInTheOverlay) {
    const SweepFolder folder;
    folder.write("bad.yaml", "loads: {profiled: [{id: homes, p_mean_mv: 3}]}\n");
    EXPECT_THAT(folder.find_faults(with_axes("  - {name: load, overlays: [bad.yaml]}\n")),
                ElementsAre("bad.yaml:1:32: loads.profiled[homes].p_mean_mv: unknown key, did you "
                            "mean `p_mean_mw`?"));
}

TEST(SweepFaults, MembersThatAreTheSameScenarioAreNamed) {
    const SweepFolder folder;
    folder.write("a.yaml", "weather: {seed: 7}\n");
    folder.write("b.yaml", "weather: {seed: 7}\n");
    EXPECT_THAT(folder.find_faults(with_axes("  - {name: sky, overlays: [a.yaml, b.yaml]}\n")),
                ElementsAre("sweep.yaml:3:3: design: members 1 and 2 are the same scenario"));
}

TEST(SweepPlan, AHundredThousandMembersAreLaidOutInSecondsWithinAGibibyte) {
    const SweepFolder folder;
    const auto file = folder.write(
        "sweep.yaml",
        with_axes("  - {path: \"storage.batteries[battery].e_max_mwh\", from: 20, to: 1020, count: "
                  "1000}\n"
                  "  - {path: weather.seed, from: 1, to: 100, count: 100}\n"));
    const auto start = std::chrono::steady_clock::now();
    const Plan plan = draft_plan(file);
    const std::string manifest = format_manifest(plan.manifest);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    EXPECT_EQ(plan.layout.size(), 100'000U);
    EXPECT_EQ(plan.manifest.members.back().coordinates[0], "1020");
    EXPECT_LT(seconds.count(), 20);
    EXPECT_LT(peak_resident_mb(), 1074);
}

TEST(SweepFaults, AnUnknownIndicatorIsNamed) {
    EXPECT_THAT(SweepFolder{}.find_faults("base: base.yaml\n"
                                          "axes: [{path: weather.seed, values: [1]}]\n"
                                          "indicators: [costs_cny]\n"),
                ElementsAre("sweep.yaml:3:14: indicators: must be an indicator or count of the "
                            "base's summary (nearest: `cost_cny`), got costs_cny"));
}

} // namespace
} // namespace yuanwang::sweep
