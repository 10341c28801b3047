/// Public cases against MATPOWER's solutions (runpf, Newton, tolerance 1e-10, no limits; rundcpf), to the printed digits:
/// nine decimals of pu and degree, six of MW and Mvar. Cases: MATPOWER, commit 95d5a6fa; solved under GNU Octave 7.3.0.
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "exchange/matpower.hpp"
#include "exchange/powerflow_case.hpp"
#include "exchange/powerflow_problem.hpp"
#include "network/network.hpp"
#include "powerflow/dc.hpp"
#include "scenario/load_study.hpp"

namespace yuanwang {
namespace {

// One unit of the last printed digit: half of it is rounding, half is left to the stopping criteria.
constexpr double printed_pu = 1e-9;
constexpr double printed_degree = 1e-9;
constexpr double printed_mw = 1e-6;

const std::filesystem::path shared = YUANWANG_SHARED_DIR;

using Row = std::vector<double>;

/// Numbers of a CSV file below its header; text columns become NaN.
std::vector<Row> read_csv(const std::filesystem::path& file) {
    std::ifstream stream{file};
    std::vector<Row> rows;
    std::string line;
    std::getline(stream, line);
    while (std::getline(stream, line)) {
        std::istringstream cells{line};
        std::string cell;
        Row row;
        while (std::getline(cells, cell, ',')) {
            char* end = nullptr;
            const double value = std::strtod(cell.c_str(), &end);
            row.push_back(end == cell.c_str() ? std::nan("") : value);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

/// The numbers of a case in the summary; column 0 is its name.
Row find_summary(const std::string& name) {
    const std::filesystem::path file = shared / "reference" / "matpower_summary.csv";
    std::ifstream stream{file};
    std::string line;
    std::getline(stream, line);
    for (std::size_t row = 0; std::getline(stream, line); ++row) {
        if (line.starts_with(name + ",")) {
            return read_csv(file).at(row);
        }
    }
    return {};
}

struct Case {
    const char* name;
    const char* scenario = ""; ///< of scenarios/ieee, where it is shipped
};

void PrintTo(const Case& c, std::ostream* out) {
    *out << c.name;
}

class ReferenceCase : public testing::TestWithParam<Case> {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(shared / "reference")) {
            GTEST_SKIP() << (shared / "reference") << " is not there";
        }
    }
    [[nodiscard]] static std::string name() { return GetParam().name; }
    [[nodiscard]] static exchange::MatpowerCase read() {
        return exchange::read_matpower(shared / "cases" / (name() + ".m"));
    }
    [[nodiscard]] static std::vector<Row> read_reference(const char* kind) {
        return read_csv(shared / "reference" / ("matpower_" + name() + "_acpf_" + kind + ".csv"));
    }
    static void expect_reference(const exchange::PowerflowCase& solved);
};

void ReferenceCase::expect_reference(const exchange::PowerflowCase& solved) {
    ASSERT_EQ(solved.status, StepStatus::converged);
    EXPECT_LT(solved.max_mismatch_pu, 1e-8);
    const std::vector<Row> buses = read_reference("bus");
    ASSERT_EQ(solved.buses.size(), buses.size());
    for (std::size_t i = 0; i < buses.size(); ++i) {
        EXPECT_EQ(solved.buses[i].id, std::to_string(static_cast<int>(buses[i][0])));
        EXPECT_NEAR(solved.buses[i].vm_pu, buses[i][1], printed_pu) << solved.buses[i].id;
        EXPECT_NEAR(solved.buses[i].va_degree, buses[i][2], printed_degree) << solved.buses[i].id;
    }
    const std::vector<Row> branches = read_reference("branch");
    ASSERT_EQ(solved.branches.size(), branches.size());
    for (std::size_t k = 0; k < branches.size(); ++k) {
        const exchange::PowerflowCase::Branch& branch = solved.branches[k];
        EXPECT_EQ(branch.from, std::to_string(static_cast<int>(branches[k][0])));
        EXPECT_EQ(branch.to, std::to_string(static_cast<int>(branches[k][1])));
        EXPECT_NEAR(branch.p_from_mw, branches[k][2], printed_mw) << branch.id;
        EXPECT_NEAR(branch.q_from_mvar, branches[k][3], printed_mw) << branch.id;
        EXPECT_NEAR(branch.p_to_mw, branches[k][4], printed_mw) << branch.id;
        EXPECT_NEAR(branch.q_to_mvar, branches[k][5], printed_mw) << branch.id;
    }
    // case,nb,nl,ng,pf_converged,slack_bus,slack_pg_mw,slack_qg_mvar,loss_p_mw, … 18: dc_slack_pg_mw
    const Row summary = find_summary(name());
    ASSERT_GT(summary.size(), 18U);
    const std::string slack_bus = std::to_string(static_cast<int>(summary[5]));
    double slack_p_mw = 0;
    double slack_q_mvar = 0;
    for (const exchange::PowerflowCase::Generator& unit : solved.generators) {
        if (unit.bus == slack_bus) {
            slack_p_mw += unit.p_mw;
            slack_q_mvar += unit.q_mvar;
        }
    }
    EXPECT_NEAR(slack_p_mw, summary[6], printed_mw);
    EXPECT_NEAR(slack_q_mvar, summary[7], printed_mw);
    EXPECT_NEAR(solved.losses_mw, summary[8], printed_mw);
}

TEST_P(ReferenceCase, IsSolvedToThePrintedDigits) {
    expect_reference(exchange::solve_case(exchange::make_study(read()), false));
}

TEST_P(ReferenceCase, IsSolvedByTheDcApproximationToThePrintedDigits) {
    const engine::Study study = exchange::make_study(read());
    const engine::System& system = study.epochs.front().system;
    const network::Network grid = network::make_network(system.grid);
    const exchange::PowerflowProblem problem = exchange::make_problem(system, grid);
    std::vector<double> injection_mw(grid.n_bus, 0.0);
    for (const UnitIdx k : rows<UnitIdx>(problem.units.size())) {
        injection_mw[problem.units.bus[k].row()] += problem.injections.unit_p_mw(k, 0);
    }
    for (std::size_t i = 0; i < grid.n_bus; ++i) {
        injection_mw[i] -= problem.injections.load_p_mw(i, 0);
    }
    const UnitIdx slack = problem.units.reference;
    const powerflow::DcResult solved =
        powerflow::solve_dc(grid, injection_mw, problem.units.bus[slack]);
    ASSERT_EQ(solved.status, StepStatus::converged);
    const std::vector<Row> buses = read_reference("bus");
    const std::vector<Row> branches = read_reference("branch");
    ASSERT_EQ(grid.n_written_bus, buses.size());
    const double reference_degree = system.sources.generators.va_set_degree[slack.row()];
    for (std::size_t i = 0; i < buses.size(); ++i) {
        const double va_degree = solved.va_rad[i] * 180 / std::numbers::pi + reference_degree;
        EXPECT_NEAR(va_degree, buses[i][3], printed_degree) << i;
    }
    for (std::size_t k = 0; k < branches.size(); ++k) {
        EXPECT_NEAR(solved.p_from_mw[k], branches[k][6], printed_mw) << k;
    }
    const double slack_p_mw = problem.injections.unit_p_mw(slack, 0) + solved.reference_p_mw;
    EXPECT_NEAR(slack_p_mw, find_summary(name())[18], printed_mw);
}

TEST_P(ReferenceCase, IsTheSameAfterConversionIntoOurLanguage) {
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("yuanwang_" + name() + ".yaml");
    std::ofstream{file, std::ios::binary} << exchange::to_yaml(read());
    const engine::Study study = scenario::load_scenario(file).study;
    std::filesystem::remove(file);
    expect_reference(exchange::solve_case(study, false));
}

/// The cases that are shipped in scenarios/ieee.
class ShippedCase : public ReferenceCase {};

TEST_P(ShippedCase, IsTheSame) {
    const std::filesystem::path folder =
        std::filesystem::path{YUANWANG_SOURCE_DIR} / "scenarios" / "ieee";
    const engine::Study study = scenario::load_scenario(folder / GetParam().scenario).study;
    expect_reference(exchange::solve_case(study, false));
}

constexpr auto name_case = [](const auto& chosen) { return std::string{chosen.param.name}; };

INSTANTIATE_TEST_SUITE_P(Public, ReferenceCase,
                         testing::Values(Case{"case9"}, Case{"case14"}, Case{"case30"},
                                         Case{"case_ieee30"}, Case{"case39"}, Case{"case57"},
                                         Case{"case118"}, Case{"case300"}),
                         name_case);
INSTANTIATE_TEST_SUITE_P(Public, ShippedCase,
                         testing::Values(Case{"case9", "ieee9.yaml"}, Case{"case14", "ieee14.yaml"},
                                         Case{"case_ieee30", "ieee30.yaml"},
                                         Case{"case118", "ieee118.yaml"},
                                         Case{"case300", "ieee300.yaml"}),
                         name_case);

} // namespace
} // namespace yuanwang
