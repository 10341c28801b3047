// No single outage overloads what remains, but for what the scenario lists in advance: a DC screen of every circuit,
// unit and winding over the flows of the AC solution, as every run does it.

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network/network.hpp"
#include "network/topology.hpp"
#include "xining/home_case.hpp"

namespace yuanwang::xining {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Key;

/// Elements beside the scenario's exceptions that carry more than their emergency rating after some outage at some step,
/// with a word on the first case.
std::map<std::string, std::string> find_overloads(const engine::Study& study,
                                                  const RunRecord& record) {
    std::map<std::string, std::string> overloads;
    for (const engine::VerdictRow& row : record.verdicts()) {
        if (!row.outage.empty()) {
            overloads.try_emplace(row.element, row.element + " after the loss of " + row.outage);
        }
    }
    for (const std::string& listed : study.n_1.exceptions) {
        overloads.erase(listed);
    }
    return overloads;
}

engine::Study load_day(const std::string& start, std::vector<std::string> set = {}) {
    set.push_back("time.start=" + start);
    set.push_back("time.duration=1 d");
    return load("xining-2025.yaml", set).study;
}

TEST(XiningOutages, AWinterAndASummerDayStandEverySingleOutage) {
    for (const char* start : {"2025-01-02", "2025-07-16"}) {
        const engine::Study study = load_day(start);
        EXPECT_THAT(find_overloads(study, run(study)), IsEmpty()) << start;
    }
}

TEST(XiningOutages, AThinnerLineToBeichuanWouldNotStandIt) {
    const engine::Study study =
        load_day("2025-07-16", {"grid.lines[l_changning_beichuan_1].bundle=2"});
    EXPECT_THAT(find_overloads(study, run(study)),
                ElementsAre(Key(std::string{"l_changning_beichuan_1"})));
}

/// The home case with less to spare after an outage, so that many outages do harm.
engine::Study load_stressed(std::vector<std::string> set = {}) {
    engine::Study study = load("xining-2025.yaml", set).study;
    for (engine::Epoch& epoch : study.epochs) {
        network::Grid& grid = epoch.system.grid;
        for (std::optional<double>& rate : grid.transformers.rate_emergency_mva) {
            rate = 0.8 * *rate;
        }
        for (const LineIdx k : rows<LineIdx>(grid.lines.size())) {
            if (grid.lines.rate_mva[k]) {
                grid.lines.rate_emergency_mva[k] = 0.75 * *grid.lines.rate_mva[k];
            }
        }
        for (const BusIdx i : rows<BusIdx>(grid.buses.size())) {
            grid.buses.vm_emergency_min_pu[i] = std::max(grid.buses.vm_emergency_min_pu[i], 0.995);
            grid.buses.vm_emergency_max_pu[i] = std::min(grid.buses.vm_emergency_max_pu[i], 1.05);
        }
    }
    return study;
}

using Violations = std::set<std::tuple<std::uint32_t, std::string, std::string>>;

/// Steps, elements and kinds of the verdicts after an outage: overloads above the limit by `percent`, voltages outside
/// their band by `vm_pu`, sections, insoluble outages.
Violations list_violations(const engine::Study& study, engine::N1Method method, double percent,
                           double vm_pu) {
    engine::Study judged = study;
    judged.n_1.method = method;
    const RunRecord record = run(judged);
    Violations violations;
    for (const engine::VerdictRow& row : record.verdicts()) {
        const bool small = (row.kind == "overload" && row.value <= 100.0 + percent) ||
                           (row.kind == "voltage" && std::abs(row.value - row.limit) <= vm_pu);
        if (!row.outage.empty() && !small) {
            violations.emplace(row.step, row.element, row.kind);
        }
    }
    return violations;
}

/// What AC finds above 1 % and 0.5 % of nominal, and the screen does not see at all.
Violations list_missed(const engine::Study& study, std::size_t least_found) {
    const Violations all = list_violations(study, engine::N1Method::ac, 1.0, 0.005);
    const Violations seen = list_violations(study, engine::N1Method::screened, 0.0, 0.0);
    EXPECT_GT(all.size(), least_found) << "nothing there to be missed";
    Violations missed;
    std::ranges::set_difference(all, seen, std::inserter(missed, missed.end()));
    return missed;
}

TEST(XiningOutages, TheScreenMissesNothingThatAcFindsInAWeek) {
    engine::Study study = load_stressed({"time.start=2025-01-06", "time.duration=7 d"});
    study.n_1.every = 7; // every hour of the day once
    EXPECT_THAT(list_missed(study, 100), IsEmpty());
}

TEST(XiningOutages, ByAcAWinterDayStandsEverySingleOutage) {
    engine::Study study = load_day("2025-01-02");
    study.n_1.method = engine::N1Method::ac;
    const RunRecord record = run(study);
    EXPECT_THAT(find_overloads(study, record), IsEmpty());
    EXPECT_EQ(record.summary().indicators.at("n1_secure_hours"), 24.0);
    EXPECT_EQ(record.summary().counts.at("n1_not_converged"), 0.0);
    EXPECT_EQ(record.summary().counts.at("n1_power_flows"),
              24.0 * record.summary().counts.at("n1_outages"));
}

// The public record: the second bank of Riyueshan permits opening the 330 kV loops.
TEST(XiningOutages, WithOpenLoopsTheWestHangsOnTheSecondBankOfRiyueshan) {
    const auto find_single_feeds = [](const std::vector<std::string>& set) {
        const network::Network net = network::make_network(
            load("xining-2025-open-loops.yaml", set).study.epochs.front().system.grid);
        std::vector<std::string> bridges;
        for (const BranchIdx k : network::find_bridges(net)) {
            bridges.push_back(net.branches.id[k]);
        }
        return bridges;
    };
    EXPECT_THAT(find_single_feeds({}), IsEmpty());
    EXPECT_THAT(find_single_feeds({"projects[riyueshan_transformer].enabled=false"}),
                IsSupersetOf({"t_riyueshan/1.hv", "t_riyueshan/1.mv"}));
}

TEST(XiningYearStudy, StandsEverySingleOutageInEveryHour) {
    EXPECT_THAT(find_overloads(home_case(), home_year()), IsEmpty());
    EXPECT_EQ(home_year().summary().indicators.at("n1_secure_hours"), 8760.0);
    EXPECT_LE(home_case().n_1.exceptions.size(), 8U);
    EXPECT_EQ(home_year().summary().counts.at("n1_bridges"), 0.0);
}

// 8760 hours by 400 outages by AC: flows, voltages, sections, load.
TEST(XiningYearStudy, StandsEverySingleOutageInEveryHourByAc) {
    engine::Study study = home_case();
    study.n_1.method = engine::N1Method::ac;
    const RunRecord record = run(study);
    EXPECT_THAT(find_overloads(study, record), IsEmpty());
    EXPECT_EQ(record.summary().indicators.at("n1_secure_hours"), 8760.0);
    EXPECT_EQ(record.summary().indicators.at("n1_voltage_violation_hours"), 0.0);
    EXPECT_EQ(record.summary().counts.at("n1_not_converged"), 0.0);
    EXPECT_GT(record.summary().counts.at("n1_power_flows"), 3e6);
}

TEST(XiningYearStudy, TheScreenMissesNothingThatAcFinds) {
    EXPECT_THAT(list_missed(load_stressed(), 10000), IsEmpty());
}

} // namespace
} // namespace yuanwang::xining
