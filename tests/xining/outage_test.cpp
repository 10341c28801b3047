// No single outage overloads what remains, but for what the scenario lists in advance: a DC screen of every circuit,
// unit and winding over the flows of the AC solution, as every run does it.

#include <map>
#include <string>
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

} // namespace
} // namespace yuanwang::xining
