/// The loss of a generating unit: one of the plant, taken up by whoever has room, the same by every method.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::BlockResult;
using engine::N1Method;
using engine::Summary;
using engine::VerdictRow;
using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr std::chrono::year_month_day day = 2025y / 6 / 21;
constexpr BusIdx city{1};
constexpr BusIdx plant{2};
constexpr LineIdx north_line{0};

struct Outcome {
    CollectingSink sink;
    Summary summary;
    [[nodiscard]] const BlockResult& block() const { return sink.blocks.front(); }
    /// Load lost after an outage in the first step, MW; 0: none.
    [[nodiscard]] double lost_mw(const std::string& outage) const {
        for (const VerdictRow& row : sink.verdicts) {
            if (row.step == 0 && row.outage == outage && std::string{row.kind} == "lost_load") {
                return row.value;
            }
        }
        return 0;
    }
    /// What the tie and its circuit carry in the first step before and after the worst outage, MW.
    [[nodiscard]] double tie_mw() const { return block().line_p_from_mw(0, 0); }
    [[nodiscard]] double loading_percent() const { return block().line_n1_loading_percent(0, 0); }
};

/// 300 MW of load, a plant of `units` x `unit_mw` at the end of its line that always runs, a tie of `import_max_mw`.
Study make_study(int units, double unit_mw, double import_max_mw, N1Method method = N1Method::ac) {
    System system = tiny_system();
    system.grid.lines.circuits[north_line] = 1;
    system.grid.lines.rate_mva[north_line] = 1000;
    system.sources.external_grids.grids.p_import_max_mw[0] = import_max_mw;
    system.sources.external_grids.grids.firm_mw[0] = import_max_mw;
    add_load(system, "town", city, 300);
    add_thermal(system, "coal", plant, units, unit_mw, unit_mw, 1);
    Study study = tiny_study(std::move(system), day, 1, 240);
    study.n_1.method = method;
    study.n_1.branches = study.n_1.transformers = false;
    return study;
}

Outcome run(const Study& study) {
    Outcome outcome;
    SilentProgress progress;
    outcome.summary = engine::simulate(study, outcome.sink, progress).summary;
    return outcome;
}

class EveryMethod : public ::testing::TestWithParam<N1Method> {};
INSTANTIATE_TEST_SUITE_P(Methods, EveryMethod,
                         ::testing::Values(N1Method::dc, N1Method::screened, N1Method::ac));

TEST_P(EveryMethod, LosesOneUnitOfThePlant) {
    const Outcome whole = run(make_study(1, 100, 600, GetParam()));
    const Outcome half = run(make_study(2, 50, 600, GetParam()));
    EXPECT_NEAR(whole.loading_percent(), (whole.tie_mw() + 100) / 10, 0.3);
    EXPECT_NEAR(half.loading_percent(), (half.tie_mw() + 50) / 10, 0.3);
    EXPECT_EQ(half.lost_mw("coal"), 0.0);
    EXPECT_THAT(half.summary.n1_covers, testing::Contains("generators"));
}

TEST_P(EveryMethod, CountsLoadLostWhereNobodyHasRoom) {
    const Outcome outcome = run(make_study(1, 100, 250, GetParam()));
    const double room_mw = 250 - outcome.tie_mw();
    ASSERT_GT(room_mw, 10);
    EXPECT_NEAR(outcome.lost_mw("coal"), 100 - room_mw, GetParam() == N1Method::dc ? 1e-3 : 3.0);
    EXPECT_NEAR(outcome.loading_percent(), 25, 0.5); // the tie stands at its limit
    EXPECT_EQ(outcome.summary.indicators.at("n1_secure_hours"), 0.0);
}

TEST_P(EveryMethod, AsksStorageWhereTheTieIsFull) {
    Study study = make_study(1, 100, 250, GetParam());
    System& system = study.epochs.front().system;
    add_battery(system, "battery", city, 80, 1000);
    const Outcome outcome = run(study);
    EXPECT_EQ(outcome.lost_mw("coal"), 0.0);
    EXPECT_GT(outcome.summary.indicators.at("n1_secure_hours"), 0.0); // until it is empty
}

TEST_P(EveryMethod, LeavesASectionOfTiesAtItsLimit) {
    Study study = make_study(1, 100, 600, GetParam());
    network::Sections& sections = study.epochs.front().system.grid.sections;
    name_element(sections, "import");
    sections.branch.push_back({"l_north"});
    sections.sign.push_back({1});
    sections.limit_mw.push_back(240);
    sections.limit_reverse_mw.push_back(std::nullopt);
    sections.limit_n1_mw.push_back(260);
    const Outcome outcome = run(study);
    EXPECT_NEAR(outcome.loading_percent(), 26, 0.3);
    EXPECT_NEAR(outcome.lost_mw("coal"), 100 - (260 - outcome.tie_mw()), 3.0);
}

TEST_P(EveryMethod, LosesOnePoleOfAnHvdcLink) {
    Study study = make_study(1, 100, 600, GetParam());
    System& system = study.epochs.front().system;
    engine::HvdcFleet& hvdc = system.sources.hvdc;
    place(hvdc, "link", city);
    hvdc.machines = {2};
    hvdc.p_mw = {120};
    system.sources.thermal.plants.p_rated_mw[0] = 10;
    system.sources.thermal.plants.p_min_mw[0] = 10;
    const Outcome outcome = run(study);
    EXPECT_EQ(outcome.summary.counts.at("n1_outages"), 2.0);
    EXPECT_NEAR(outcome.loading_percent(), (outcome.tie_mw() + 60) / 10, 0.5);
}

TEST(N1Units, DistributedSunAndExternalGridsAreNotLost) {
    Study study = make_study(1, 100, 600);
    add_solar(study.epochs.front().system, "roofs", city, 50);
    EXPECT_EQ(run(study).summary.counts.at("n1_outages"), 1.0);
    study.epochs.front().system.sources.solar.distributed[0] = false;
    EXPECT_EQ(run(study).summary.counts.at("n1_outages"), 2.0);
}

TEST(N1Units, WithoutTheOnlySourceAllLoadIsLostOnce) {
    Study study = make_study(1, 400, 600);
    System& system = study.epochs.front().system;
    system.sources.external_grids = {};
    system.grid.lines.closed[north_line] = false;
    system.sources.thermal.plants.p_min_mw[0] = 0;
    EXPECT_NEAR(run(study).lost_mw("coal"), 300, 1e-6);
}

TEST(N1Units, AnyMethodFindsTheSameLoadLost) {
    const double ac_mw = run(make_study(1, 100, 250, N1Method::ac)).lost_mw("coal");
    const double screened_mw = run(make_study(1, 100, 250, N1Method::screened)).lost_mw("coal");
    EXPECT_EQ(ac_mw, screened_mw);
    EXPECT_NEAR(ac_mw, run(make_study(1, 100, 250, N1Method::dc)).lost_mw("coal"), 3.0); // losses
}

} // namespace
} // namespace yuanwang::test
