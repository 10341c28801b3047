#include "scenario/epochs.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files.hpp"

namespace yuanwang::scenario {
namespace {

using ::testing::ElementsAre;
using testing::find_faults;
using ::testing::IsEmpty;
using testing::load_text;
using testing::two_buses;

std::string with_projects(std::string_view projects) {
    return std::string{two_buses} + "projects:\n" + std::string{projects};
}

constexpr std::string_view second_circuit =
    R"(  - {id: circuit, class: grid, status: under_construction, in_service: 2025-06-01, capex_cny: 2e7,
     changes: {grid: {lines: [{id: l, circuits: 2}, {id: l2, from: a, to: b, length_km: 15, conductor: LGJ-240/30}]}}}
)";

TEST(Epochs, AProjectChangesTheGridFromMidnightOfItsDay) {
    const engine::Study study = load_text(with_projects(second_circuit));
    ASSERT_EQ(study.epochs.size(), 2U);
    constexpr std::size_t june = 151 * 24;
    EXPECT_EQ(study.epochs[0].steps, (StepRange{0, june}));
    EXPECT_EQ(study.epochs[1].steps, (StepRange{june, 8760 - june}));
    EXPECT_THAT(study.epochs[0].system.grid.lines.id, ElementsAre("l"));
    EXPECT_THAT(study.epochs[1].system.grid.lines.id, ElementsAre("l", "l2"));
    EXPECT_EQ(study.epochs[1].system.grid.lines.circuits[LineIdx{0}], 2);
    EXPECT_EQ(study.epochs[1].system.grid.lines.length_km[LineIdx{0}], 10);
    EXPECT_THAT(study.epochs[0].projects, IsEmpty());
    EXPECT_THAT(study.epochs[1].projects, ElementsAre("circuit"));
    EXPECT_EQ(study.projects[0].capex_cny, 2e7);
    EXPECT_TRUE(study.projects[0].enabled);
}

TEST(Epochs, ProjectsInForceBeforeTheStartAreMergedFromTheStart) {
    const engine::Study study = load_text(with_projects(
        R"(  - {id: later, class: grid, in_service: 2024-05-01, enabled: true, changes: {grid: {lines: [{id: l, length_km: 12}]}}}
  - {id: early, class: grid, in_service: 2023-05-01, enabled: true, changes: {grid: {lines: [{id: l, length_km: 11}]}}}
  - {id: off, class: grid, in_service: 2023-05-01, enabled: false, changes: {grid: {lines: [{id: l, length_km: 13}]}}}
  - {id: after, class: grid, in_service: 2026-05-01, enabled: true, changes: {grid: {lines: [{id: l, length_km: 14}]}}}
)"));
    ASSERT_EQ(study.epochs.size(), 1U);
    EXPECT_THAT(study.epochs[0].projects, ElementsAre("early", "later"));
    EXPECT_EQ(study.epochs[0].system.grid.lines.length_km[LineIdx{0}], 12);
}

TEST(Epochs, AProjectMayTakeElementsOut) {
    const engine::Study study =
        load_text(with_projects("  - {id: p, class: grid, in_service: 2025-12-31, enabled: true, "
                                "changes: {remove: [d]}}\n"));
    ASSERT_EQ(study.epochs.size(), 2U);
    EXPECT_EQ(study.epochs[1].steps.count, 24U);
    EXPECT_EQ(study.epochs[1].system.loads.statics.size(), 0U);
}

TEST(Epochs, SetMayEnableAProject) {
    const std::string text =
        with_projects("  - {id: p, class: grid, status: candidate, changes: {remove: [d]}}\n");
    EXPECT_EQ(load_text(text).epochs[0].system.loads.statics.size(), 1U);
    EXPECT_EQ(load_text(text, {.set = {"projects[p].enabled=true"}, .seed = {}})
                  .epochs[0]
                  .system.loads.statics.size(),
              0U);
}

TEST(Epochs, ChangesOfEveryProjectAreCheckedAndToldOnce) {
    EXPECT_THAT(
        find_faults(with_projects("  - {id: p, class: grid, status: candidate, changes: {grid: "
                                  "{lines: [{id: l, lengthkm: 3}]}, weather: {}}}\n"
                                  "  - {id: q, class: grid, enabled: true, changes: {grid: {lines: "
                                  "[{id: l, length_km: -3}]}, remove: [nobody]}}\n")),
        ElementsAre(
            "s.yaml:16:78: projects[p].changes.grid.lines[l].lengthkm: unknown key, did you mean "
            "`length_km`?",
            "s.yaml:16:94: projects[p].changes.weather: unknown key",
            "s.yaml:17:85: projects[q].changes.grid.lines[l].length_km: must be > 0, got -3",
            "s.yaml:17:101: projects[q].changes.remove: must be the id of an element, got nobody"));
}

TEST(Epochs, EveryEpochIsChecked) {
    EXPECT_THAT(find_faults(with_projects("  - {id: p, class: grid, in_service: 2025-06-01, "
                                          "enabled: true, changes: {remove: [l]}}\n")),
                ElementsAre("s.yaml:6:7: grid.buses[b]: must be connected to a source, got an "
                            "island of 1 bus with load from 2025-06-01 on"));
    EXPECT_THAT(find_faults(with_projects("  - {id: p, class: grid, in_service: 2025-06-01, "
                                          "enabled: true, changes: {remove: [b]}}\n")),
                ElementsAre("s.yaml:8:28: grid.lines[l].to: must be the id of an element of "
                            "grid.buses (nearest: `a`), got b",
                            "s.yaml:14:20: loads.static[d].bus: must be the id of an element of "
                            "grid.buses (nearest: `a`), got b"));
}

TEST(Epochs, MaintenanceOpensAnElementBetweenTwoMidnights) {
    const std::string text = testing::change(
        "sources:", R"(    - {id: l2, from: a, to: b, length_km: 10, conductor: LGJ-240/30}
  shunts: [{id: c, bus: b, q_step_mvar: 5}]
  maintenance:
    - {id: m, element: l, from: 2025-04-01, to: 2025-04-10}
    - {id: n, element: c, from: 2025-04-05, to: 2025-04-10}
sources:)");
    const engine::Study study = load_text(text);
    ASSERT_EQ(study.epochs.size(), 4U);
    const auto is_closed = [&](std::size_t k) {
        return study.epochs[k].system.grid.lines.closed[LineIdx{0}];
    };
    EXPECT_TRUE(is_closed(0));
    EXPECT_FALSE(is_closed(1));
    EXPECT_FALSE(is_closed(2));
    EXPECT_TRUE(is_closed(3));
    EXPECT_EQ(study.epochs[1].system.grid.shunts.steps[ShuntIdx{0}], 1);
    EXPECT_EQ(study.epochs[2].system.grid.shunts.steps[ShuntIdx{0}], 0);
    EXPECT_EQ(study.epochs[1].steps.first, 90U * 24U);
}

TEST(Epochs, MaintenanceThatIsNone) {
    EXPECT_THAT(
        find_faults(testing::change(
            "sources:",
            "  maintenance: [{id: m, element: k, from: 2025-04-10, to: 2025-04-10}]\nsources:")),
        ElementsAre(
            "s.yaml:9:34: grid.maintenance[m].element: must be the id of an element of grid.lines, "
            "grid.branches, grid.transformers, "
            "grid.three_winding_transformers, grid.shunts (nearest: `l`), got k",
            "s.yaml:9:59: grid.maintenance[m].to: must be later than `from`, got 2025-04-10"));
}

TEST(Epochs, AnExceptionMayNameABranchOfALaterEpoch) {
    EXPECT_THAT(find_faults(with_projects(second_circuit) + "studies: {n_1: {exceptions: [l2]}}\n"),
                IsEmpty());
    EXPECT_THAT(find_faults(with_projects(second_circuit) + "studies: {n_1: {exceptions: [l3]}}\n"),
                ElementsAre("s.yaml:18:30: studies.n_1.exceptions: must be the id of an element of "
                            "grid.lines, grid.branches, grid.transformers, "
                            "grid.three_winding_transformers, grid.buses, sources.solar, "
                            "sources.wind, sources.hydro, sources.thermal, "
                            "sources.waste_to_energy, sources.generators, "
                            "sources.external_grids, sources.hvdc, storage.batteries, "
                            "storage.flywheels, storage.supercapacitors, storage.pumped_hydro, "
                            "grid.sections (nearest: `l`), got l3"));
}

} // namespace
} // namespace yuanwang::scenario
