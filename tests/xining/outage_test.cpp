// No single outage overloads what remains, but for what the scenario lists in advance: a DC screen of every circuit,
// unit and winding over the flows of the AC solution.

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network/network.hpp"
#include "network/topology.hpp"
#include "security/outage_screen.hpp"
#include "xining/home_case.hpp"

namespace yuanwang::xining {
namespace {

using engine::Axis;
using engine::BlockResult;
using network::BranchKind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Key;

/// Active power of every branch, from → to, out of the recorded sums of circuits and units. Losses inside a
/// three-winding transformer and what its tertiary draws are left out.
Series branch_flows(const network::Grid& grid, const network::Network& net, const RunRecord& record,
                    StepRange steps) {
    Series p_mw(net.n_branch(), steps.count);
    for (const BranchIdx k : rows<BranchIdx>(net.n_branch())) {
        const auto element = static_cast<std::size_t>(net.branches.element[k]);
        const auto flow_of = [&](Axis axis, Series BlockResult::*column, const std::string& id,
                                 double per) {
            const std::size_t row = record.row(axis, id);
            for (std::size_t t = 0; t < steps.count; ++t) {
                p_mw(k, t) = record.at(column, row, steps.first + t) * per;
            }
        };
        switch (net.branches.kind[k]) {
        case BranchKind::line: {
            const LineIdx line{element};
            if (grid.lines.closed[line]) {
                flow_of(Axis::line, &BlockResult::line_p_from_mw, grid.lines.id[element],
                        1.0 / grid.lines.circuits[line]);
            }
            break;
        }
        case BranchKind::transformer:
            flow_of(Axis::transformer, &BlockResult::transformer_p_hv_mw,
                    grid.transformers.id[element],
                    1.0 / grid.transformers.units[TransformerIdx{element}]);
            break;
        case BranchKind::winding_hv: // both run from their terminal to the star
        case BranchKind::winding_mv:
            flow_of(Axis::transformer, &BlockResult::transformer_p_hv_mw,
                    grid.three_winding_transformers.id[element],
                    (net.branches.kind[k] == BranchKind::winding_hv ? 1.0 : -1.0) /
                        grid.three_winding_transformers.units[element]);
            break;
        default:
            break;
        }
    }
    return p_mw;
}

/// `l_ganhe/1` and `t_xining/2.hv` belong to `l_ganhe` and `t_xining`.
std::string element_of(const std::string& branch) {
    return branch.substr(0, branch.find('/'));
}

/// Elements that carry more than their emergency rating after some outage at some step, with a word on the first case.
std::map<std::string, std::string> find_overloads(const engine::Study& study,
                                                  const RunRecord& record) {
    std::map<std::string, std::string> overloads;
    for (const engine::Epoch& epoch : study.epochs) {
        const network::Grid& grid = epoch.system.grid;
        const network::Network net = network::make_network(grid);
        const Series p_mw = branch_flows(grid, net, record, epoch.steps);
        security::OutageFactors factors{net, BusIdx{0}};
        EXPECT_TRUE(factors.factorised());
        security::OutageScreen screen{factors, net.branches.rate_emergency_mva.vector()};
        Series loading_percent;
        BasicSeries<std::int32_t> outage;
        screen.screen(p_mw, loading_percent, outage);
        for (const BranchIdx k : rows<BranchIdx>(net.n_branch())) {
            for (std::size_t t = 0; t < epoch.steps.count; ++t) {
                if (loading_percent(k, t) > 100.0) {
                    overloads.try_emplace(element_of(net.branches.id[k]),
                                          net.branches.id[k] + " after the loss of " +
                                              net.branches.id[BranchIdx{outage(k, t)}]);
                }
            }
        }
    }
    for (const std::string& listed : study.n1_exceptions) {
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
}

} // namespace
} // namespace yuanwang::xining
