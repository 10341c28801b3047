/// PTDF and LODF against published tables and against taking the branch out and solving again.
#include "security/outage_factors.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "exchange/matpower.hpp"
#include "network/topology.hpp"
#include "powerflow/dc.hpp"

namespace yuanwang::security {
namespace {

namespace fs = std::filesystem;

const fs::path shared = YUANWANG_SHARED_DIR;

network::Network load_case(const std::string& name) {
    const auto study =
        exchange::make_study(exchange::read_matpower(shared / "cases" / (name + ".m")));
    return network::make_network(study.epochs.front().system.grid);
}

std::vector<std::vector<double>> read_table(const fs::path& file) {
    std::vector<std::vector<double>> table;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        std::vector<double>& row = table.emplace_back();
        std::istringstream cells(line);
        for (std::string cell; std::getline(cells, cell, ',');) {
            row.push_back(std::strtod(cell.c_str(), nullptr));
        }
    }
    return table;
}

#define SKIP_WITHOUT_SHARED()                                                                      \
    if (!fs::exists(shared / "cases")) {                                                           \
        GTEST_SKIP() << "reference cases are not beside the checkout";                             \
    }

class PublishedFactors : public testing::TestWithParam<const char*> {};

TEST_P(PublishedFactors, PtdfMatchesToThePrintedDigits) {
    SKIP_WITHOUT_SHARED();
    const auto expected =
        read_table(shared / "reference" / (std::string{"matpower_"} + GetParam() + "_ptdf.csv"));
    const network::Network grid = load_case(GetParam());
    const DenseMatrix ptdf = make_ptdf(grid, BusIdx{0});
    ASSERT_EQ(expected.size(), ptdf.n_row);
    for (std::size_t l = 0; l < ptdf.n_row; ++l) {
        for (std::size_t i = 0; i < ptdf.n_column; ++i) {
            EXPECT_NEAR(ptdf(l, i), expected[l][i], 6e-10) << l << "," << i;
        }
    }
}

TEST_P(PublishedFactors, LodfMatchesToThePrintedDigits) {
    SKIP_WITHOUT_SHARED();
    const auto expected =
        read_table(shared / "reference" / (std::string{"matpower_"} + GetParam() + "_lodf.csv"));
    const network::Network grid = load_case(GetParam());
    const DenseMatrix lodf = make_lodf(grid, BusIdx{0});
    const auto bridges = network::find_bridges(grid);
    ASSERT_EQ(expected.size(), lodf.n_row);
    for (const BranchIdx k : rows<BranchIdx>(lodf.n_column)) {
        const bool bridge = std::ranges::find(bridges, k) != bridges.end();
        for (std::size_t l = 0; l < lodf.n_row; ++l) {
            if (bridge) {
                EXPECT_TRUE(std::isnan(lodf(l, k.row())));
            } else {
                EXPECT_NEAR(lodf(l, k.row()), expected[l][k.row()], 6e-10) << l << "," << k.row();
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Cases, PublishedFactors, testing::Values("case9", "case14", "case30"));

class SolvedAgain : public testing::TestWithParam<const char*> {};

TEST_P(SolvedAgain, FlowsAfterEveryOutageEqualAGridWithoutTheBranch) {
    SKIP_WITHOUT_SHARED();
    const network::Network grid = load_case(GetParam());
    std::vector<double> injection(grid.n_bus);
    for (std::size_t i = 0; i < grid.n_bus; ++i) {
        injection[i] = 50.0 * std::sin(1.0 + 2.3 * static_cast<double>(i));
    }
    const BusIdx reference{0};
    const powerflow::DcResult base = powerflow::solve_dc(grid, injection, reference);
    ASSERT_EQ(base.status, StepStatus::converged);

    OutageFactors factors(grid, reference);
    std::vector<double> flows(grid.n_branch() * OutageFactors::lanes);
    double worst = 0;
    for (std::size_t block = 0; block < factors.n_block(); ++block) {
        factors.compute_flows(block, base.p_from_mw, flows);
        for (std::size_t w = 0; w < OutageFactors::lanes;
             w += 5) { // every fifth outage is solved again
            const std::size_t at = block * OutageFactors::lanes + w;
            if (at >= factors.outages().size()) {
                break;
            }
            network::Network without = grid;
            without.branches.in_service[factors.outages()[at]] = false;
            const powerflow::DcResult after = powerflow::solve_dc(without, injection, reference);
            ASSERT_EQ(after.status, StepStatus::converged);
            for (std::size_t l = 0; l < grid.n_branch(); ++l) {
                const double flow = flows[l * OutageFactors::lanes + w];
                worst = std::max(worst, std::abs(flow - after.p_from_mw[l]));
            }
        }
    }
    EXPECT_LT(worst, 1e-6);
}

TEST_P(SolvedAgain, FlowsAreTheProductOfPtdfAndInjections) {
    SKIP_WITHOUT_SHARED();
    const network::Network grid = load_case(GetParam());
    std::vector<double> injection(grid.n_bus);
    for (std::size_t i = 0; i < grid.n_bus; ++i) {
        injection[i] = 10.0 * std::cos(0.7 * static_cast<double>(i));
    }
    const DenseMatrix ptdf = make_ptdf(grid, BusIdx{0});
    // No phase shifters and no shunt conductance here: the DC solution is H p alone.
    network::Network plain = grid;
    plain.branches.shift_rad.assign(grid.n_branch(), 0.0);
    plain.g_fixed_pu.assign(grid.n_bus, 0.0);
    const powerflow::DcResult dc = powerflow::solve_dc(plain, injection, BusIdx{0});
    for (std::size_t l = 0; l < ptdf.n_row; ++l) {
        double flow = 0;
        for (std::size_t i = 0; i < ptdf.n_column; ++i) {
            flow += ptdf(l, i) * injection[i];
        }
        EXPECT_NEAR(flow, dc.p_from_mw[l], 1e-7);
    }
}

INSTANTIATE_TEST_SUITE_P(Cases, SolvedAgain,
                         testing::Values("case14", "case57", "case118", "case300"));

TEST(Ptdf, ColumnDifferencesDoNotDependOnTheReference) {
    SKIP_WITHOUT_SHARED();
    const network::Network grid = load_case("case30");
    const DenseMatrix a = make_ptdf(grid, BusIdx{0});
    const DenseMatrix b = make_ptdf(grid, BusIdx{17});
    for (std::size_t l = 0; l < a.n_row; ++l) {
        EXPECT_NEAR(a(l, 3) - a(l, 8), b(l, 3) - b(l, 8), 1e-12);
        EXPECT_EQ(b(l, 17), 0);
    }
}

TEST(OutageFactors, NamesEveryOutageThatDoesNotSplitTheGrid) {
    SKIP_WITHOUT_SHARED();
    // Counted by an independent depth-first search over the case files.
    EXPECT_EQ(OutageFactors(load_case("case118"), BusIdx{0}).outages().size(), 177U);
    EXPECT_EQ(OutageFactors(load_case("case300"), BusIdx{0}).outages().size(), 322U);
    EXPECT_EQ(OutageFactors(load_case("case1354pegase"), BusIdx{0}).outages().size(), 1430U);
}

} // namespace
} // namespace yuanwang::security
