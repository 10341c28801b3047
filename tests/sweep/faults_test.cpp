/// Every fault of a sweep file, to the letter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
                                  "design: sobol\n"
                                  "members: 4\n"
                                  "indicators: [cost_cny, cost_cny]\n"
                                  "rank: {by: co2_t, order: up, limits: [{indicator: cost_cny}]}\n"
                                  "keep: all\n"),
        ElementsAre(
            "sweep.yaml:1:7: base: must name a file that can be read, got bass.yaml",
            "sweep.yaml:2:1: axis: unknown key, did you mean `axes`?",
            "sweep.yaml:3:7: axes: must be a list with at least one element, got a list",
            "sweep.yaml:4:9: design: must be one of full, zip, latin_hypercube, got sobol",
            "sweep.yaml:5:10: members: belongs to design latin_hypercube only, got 4",
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
            "sweep.yaml:4:23: axes[1].values: must be a list with at least one element, got a list",
            "sweep.yaml:5:27: axes[2].values[1]: must not repeat, already at line 5, got 1",
            "sweep.yaml:6:28: axes[3].to: must be > from 2, got 1",
            "sweep.yaml:6:38: axes[3].count: must be a whole number from 2 to 100000, got 1",
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
    EXPECT_THAT(folder.find_faults(with_axes("  - {path: a, from: 0, to: 1, count: 1000}\n"
                                             "  - {path: b, from: 0, to: 1, count: 1000}\n",
                                             "design: full\n")),
                ElementsAre("sweep.yaml:6:9: design: must have at most 100000 members"));
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

TEST(SweepFaults, AnUnknownIndicatorIsNamed) {
    EXPECT_THAT(SweepFolder{}.find_faults("base: base.yaml\n"
                                          "axes: [{path: weather.seed, values: [1]}]\n"
                                          "indicators: [costs_cny]\n"),
                ElementsAre("sweep.yaml:3:14: indicators: must be an indicator or count of the "
                            "base's summary (nearest: `cost_cny`), got costs_cny"));
}

} // namespace
} // namespace yuanwang::sweep
