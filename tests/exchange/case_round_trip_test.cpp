/// A public case and the scenario written of it have one solution; what a case may hold and a scenario may not is told.
#include <cmath>
#include <complex>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "exchange/matpower.hpp"
#include "exchange/powerflow_case.hpp"
#include "network/network.hpp"
#include "powerflow/dc.hpp"
#include "scenario/load_study.hpp"

namespace yuanwang::exchange {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Five buses in a ring with a chord, units at 1 (reference) and 2. `after` changes the tables.
MatpowerCase make_ring(const std::string& after) {
    return parse_matpower(R"(function mpc = ring
mpc.baseMVA = 100;
mpc.bus = [
    1 3 0 0 0 0 1 1 0 110 1 1.1 0.9;
    2 2 30 10 0 0 1 1 0 110 1 1.1 0.9;
    3 1 60 20 0 0 1 1 0 110 1 1.1 0.9;
    4 1 40 15 0 10 1 1 0 110 1 1.1 0.9;
    5 1 25 5 0 0 1 1 0 110 1 1.1 0.9;
];
mpc.gen = [
    1 0 0 100 -100 1.02 100 1 300 0;
    2 70 0 100 -100 1.01 100 1 300 0;
];
mpc.branch = [
    1 2 0.01 0.1 0.02 0 0 0 0 0 1 -360 360;
    2 3 0.02 0.15 0.02 0 0 0 0 0 1 -360 360;
    3 4 0.015 0.12 0.02 0 0 0 0 0 1 -360 360;
    4 5 0.02 0.2 0.02 0 0 0 0 0 1 -360 360;
    5 1 0.01 0.12 0.02 0 0 0 0 0 1 -360 360;
    1 4 0.02 0.18 0.02 0 0 0 0 0 1 -360 360;
];
)" + after,
                          "ring.m");
}

PowerflowCase solve(const MatpowerCase& matpower) {
    return solve_case(make_study(matpower), false);
}

/// Writes the scenario of a case, reads it and solves it.
PowerflowCase solve_converted(const MatpowerCase& matpower) {
    const std::filesystem::path file =
        std::filesystem::path{testing::TempDir()} /
        fmt::format("yuanwang_{}_{}.yaml", matpower.name,
                    testing::UnitTest::GetInstance()->current_test_info()->name());
    std::ofstream{file, std::ios::binary} << to_yaml(matpower);
    const PowerflowCase solved = solve_case(scenario::load_scenario(file).study, false);
    std::filesystem::remove(file);
    return solved;
}

/// Buses that both hold have one voltage; a bus without a solution may be left out.
void expect_same(const PowerflowCase& a, const PowerflowCase& b, double tolerance_pu,
                 const std::string& what) {
    std::map<std::string, PowerflowCase::Bus> others;
    for (const PowerflowCase::Bus& bus : b.buses) {
        others[bus.id] = bus;
    }
    for (const PowerflowCase::Bus& bus : a.buses) {
        if (std::isfinite(bus.vm_pu)) {
            ASSERT_TRUE(others.contains(bus.id)) << what << ": bus " << bus.id;
            EXPECT_NEAR(others.at(bus.id).vm_pu, bus.vm_pu, tolerance_pu) << what << ' ' << bus.id;
            EXPECT_NEAR(others.at(bus.id).va_degree, bus.va_degree, tolerance_pu * 60)
                << what << ' ' << bus.id;
        }
    }
}

std::vector<std::string> list_notes(const MatpowerCase& matpower) {
    std::vector<std::string> notes;
    for (const CaseNote& note : make_case_study(matpower).notes) {
        notes.push_back(to_string(note));
    }
    return notes;
}

TEST(CaseRoundTrip, OddCasesSolveAlikeAsScenarios) {
    const std::vector<std::string> changes = {
        "",
        "mpc.branch(4, 3:4) = [0.05 0];",                        // resistance only
        "mpc.gen(2, 9:10) = [50 60]; mpc.gen(2, 4:5) = [-5 5];", // ranges upside down
        "mpc.bus(:, 12) = 1; mpc.bus(:, 13) = 1;",               // a band of no width
        "mpc.bus(:, 12) = Inf; mpc.bus(:, 13) = -Inf;",
        "mpc.bus(3, 12:13) = [0.2 7];",
        "mpc.bus(:, 10) = 0;",
        "mpc.bus(:, 10) = 2000;",
        "mpc.bus(:, 1) = mpc.bus(:, 1) * 1e6; mpc.gen(:, 1) = mpc.gen(:, 1) * 1e6;"
        "mpc.branch(:, 1:2) = mpc.branch(:, 1:2) * 1e6;",
        "mpc.branch(2, 9:10) = [-0.98 0];", // a winding turned round …
        "mpc.branch(2, 9:10) = [0.98 -355];",
        "mpc.branch(7, :) = mpc.branch(2, :); mpc.branch(8, :) = mpc.branch(2, :);",
        "mpc.branch(2, 4) = -0.05;", // series capacitor
        "mpc.branch(3, 3:4) = [0 1e-5];",
        "mpc.branch(:, 6) = [50; 0; Inf; 9999; 1e-3; 70];",
        "mpc.branch(7, :) = [3 3 0.01 0.1 0.02 0 0 0 0.95 10 1 -360 360];", // from a bus to itself
        "mpc.bus(4, 5:6) = [30 -7000];",
        "mpc.gen(3, :) = [3 -20 -8 0 -8 1 100 1 0 -20];", // dispatchable load
        "mpc.gen(3, :) = [2 15 0 20 -20 1.03 100 1 20 5];",
        "mpc.bus(1, 9) = 30; mpc.bus(5, 2) = 4;",
        "mpc.gen(1, 8) = 0; mpc.gen(2, 2) = 170;", // the PV bus takes the angle
        "mpc.gencost = [2 0 0 3 1e9 1e9 0 0; 1 0 0 2 0 0 100 -1e12];",
        "mpc.bus_name = {'O''Hare: #1, [A]'; 'two \"quotes\" \\ {x}'; '西宁'; ''; ' *&! '};",
        "mpc.dcline = [2 5 1 10 8.9 0 0 1.01 1 1 10 -10 10 -10 10 0 0];",
        "mpc.baseMVA = 70;",
    };
    for (const std::string& change : changes) {
        const MatpowerCase matpower = make_ring(change + "\n");
        const PowerflowCase solved = solve(matpower);
        EXPECT_TRUE(solved.status == StepStatus::converged || solved.status == StepStatus::doubtful)
            << change;
        const PowerflowCase converted = solve_converted(matpower);
        EXPECT_EQ(converted.status, solved.status) << change;
        expect_same(solved, converted, 1e-8, change);
    }
}

TEST(CaseRoundTrip, EveryPublicCaseSolvesAlikeAsAScenario) {
    const std::filesystem::path folder = std::filesystem::path{YUANWANG_SHARED_DIR} / "cases";
    if (!std::filesystem::exists(folder)) {
        GTEST_SKIP() << folder << " is not there";
    }
    for (const char* name : {"case9", "case14", "case30", "case_ieee30", "case39", "case57",
                             "case118", "case300", "case1354pegase"}) {
        const MatpowerCase matpower = read_matpower(folder / (std::string{name} + ".m"));
        expect_same(solve(matpower), solve_converted(matpower), 1e-8, name);
    }
}

// Two islands, each with its reference; values: MATPOWER 7.1 under Octave at 1e-10.
TEST(CaseIslands, EachHasItsOwnReferenceAndAngle) {
    const MatpowerCase matpower = parse_matpower(R"(function mpc = two
mpc.baseMVA = 100;
mpc.bus = [1 3 0 0 0 0 1 1 0 110 1 1.1 0.9; 2 1 50 20 0 0 1 1 0 110 1 1.1 0.9
    11 3 0 0 0 0 1 1 10 110 1 1.1 0.9; 12 1 30 10 0 0 1 1 0 110 1 1.1 0.9];
mpc.gen = [1 0 0 100 -100 1.02 100 1 300 0; 11 0 0 100 -100 1.0 100 1 300 0];
mpc.branch = [1 2 0.01 0.1 0.02 0 0 0 0 0 1 -360 360; 11 12 0.01 0.1 0.02 0 0 0 0 0 1 -360 360];
)",
                                                 "two.m");
    const PowerflowCase solved = solve(matpower);
    const std::vector<double> vm_pu = {1.02, 0.994715090, 1.0, 0.987387013};
    const std::vector<double> va_degree = {0, -2.7172032, 10, 8.3112954};
    ASSERT_EQ(solved.buses.size(), 4U);
    for (std::size_t k = 0; k < 4; ++k) {
        EXPECT_NEAR(solved.buses[k].vm_pu, vm_pu[k], 1e-8);
        EXPECT_NEAR(solved.buses[k].va_degree, va_degree[k], 1e-6);
    }
    EXPECT_NEAR(solved.generators[1].p_mw, 30.1014, 1e-3) << "load and losses of its own island";
    EXPECT_TRUE(list_notes(matpower).empty());
    expect_same(solved, solve_converted(matpower), 1e-9, "two");
}

TEST(CaseIslands, TwoReferencesInOneAreRefused) {
    try {
        static_cast<void>(solve(make_ring("mpc.bus(2, 2) = 3;\n")));
        FAIL();
    } catch (const InputError& error) {
        EXPECT_STREQ(
            error.what(),
            "ring.m:5:1: bus[2].type: must be 3 (reference) at one bus of an island only, got 3");
    }
}

TEST(CaseIslands, OneWithoutAReferenceIsHeldByItsFirstPvBusAndSaysSo) {
    const MatpowerCase matpower =
        make_ring("mpc.bus(6, :) = [6 2 20 5 0 0 1 1 7 110 1 1.1 0.9];\n"
                  "mpc.bus(7, :) = [7 1 10 5 0 0 1 1 0 110 1 1.1 0.9];\n"
                  "mpc.gen(3, :) = [6 5 0 50 -50 1.03 100 1 60 0];\n"
                  "mpc.branch(7, :) = [6 7 0.01 0.1 0 0 0 0 0 0 1 -360 360];\n");
    EXPECT_THAT(
        list_notes(matpower),
        ElementsAre("ring.m:22:1: bus[6].type: its island has no reference bus: this one, the "
                    "first of type 2, holds the angle"));
    const PowerflowCase solved = solve(matpower);
    EXPECT_EQ(solved.status, StepStatus::converged);
    EXPECT_EQ(solved.buses[5].vm_pu, 1.03);
    EXPECT_NEAR(solved.buses[5].va_degree, 7, 1e-12);
    EXPECT_NEAR(solved.generators[2].p_mw, 30.0, 0.1) << "not the 5 MW of the table";
    expect_same(solved, solve_converted(matpower), 1e-9, "PV island");
}

TEST(CaseIslands, OneWithoutASourceIsNamedAndTheRestSolved) {
    const MatpowerCase matpower =
        make_ring("mpc.bus(6, :) = [6 1 10 3 0 0 1 1 0 110 1 1.1 0.9];\n"
                  "mpc.bus(7, :) = [7 1 2 0 0 0 1 1 0 110 1 1.1 0.9];\n"
                  "mpc.branch(7, :) = [6 7 0.01 0.1 0 0 0 0 0 0 1 0 0];\n"
                  "mpc.branch(8, :) = [5 6 0.01 0.1 0 0 0 0 0 0 0 0 0];\n");
    EXPECT_THAT(
        list_notes(matpower),
        ElementsAre("ring.m:22:1: bus[6].bus_i: no unit that holds voltage reaches buses 6, 7: "
                    "de-energised, with a load of 12 MW"));
    const PowerflowCase solved = solve(matpower);
    EXPECT_EQ(solved.status, StepStatus::islanded);
    EXPECT_TRUE(std::isnan(solved.buses[5].vm_pu));
    expect_same(solve(make_ring("")), solved, 1e-9, "the rest");
    const PowerflowCase converted = solve_converted(matpower);
    EXPECT_EQ(converted.buses.size(), 5U);
    expect_same(solved, converted, 1e-9, "dark part left out");
    EXPECT_THAT(to_yaml(matpower), HasSubstr("# bus[6].bus_i: no unit that holds voltage reaches"));
}

// y = Yff + Yft + Ytf + Ytt of a branch of ratio t = 1: the series part cancels, the charging stays.
TEST(CaseBranches, FromABusToItselfAreTheShuntTheyAmountTo) {
    const engine::Study plain =
        make_study(make_ring("mpc.branch(7, :) = [3 3 0.01 0.1 0.02 0 0 0 0 0 1 -360 360];\n"));
    const network::Shunts& shunts = plain.epochs.at(0).system.grid.shunts;
    ASSERT_EQ(shunts.id, (std::vector<std::string>{"shunt_3", "shunt_4"}));
    EXPECT_NEAR(shunts.p_mw[ShuntIdx{0}], 0, 1e-9);
    EXPECT_NEAR(shunts.q_step_mvar[ShuntIdx{0}], 2, 1e-9);
    EXPECT_EQ(plain.epochs.at(0).system.grid.branches.size(), 6U);
}

// A ring of 0.1 pu each way, one way of it resistance: half of the power takes either.
TEST(CaseBranches, OfResistanceOnlyShareTheFlowOfTheDcApproximationByIt) {
    const engine::Study study = make_study(parse_matpower(R"(mpc.baseMVA = 100;
mpc.bus = [1 3 0 0 0 0 1 1 0 110 1 1.1 0.9; 2 1 50 0 0 0 1 1 0 110 1 1.1 0.9];
mpc.gen = [1 50 0 99 -99 1 100 1 99 0];
mpc.branch = [1 2 0 0.1 0 0 0 0 0 0 1; 1 2 0.1 0 0 0 0 0 0 0 1];
)",
                                                          "pair.m"));
    const network::Network grid = network::make_network(study.epochs.at(0).system.grid);
    const std::vector<double> injection_mw = {50, -50};
    const powerflow::DcResult state = powerflow::solve_dc(grid, injection_mw, BusIdx{0});
    ASSERT_EQ(state.status, StepStatus::converged);
    EXPECT_NEAR(state.p_from_mw[0], 25, 1e-9);
    EXPECT_NEAR(state.p_from_mw[1], 25, 1e-9);
}

TEST(CaseBranches, OfANegativeRatioAreTurnedByHalfACircle) {
    const PowerflowCase negative = solve(make_ring("mpc.branch(:, 9) = -1;\n"));
    const PowerflowCase turned =
        solve(make_ring("mpc.branch(:, 9) = 1; mpc.branch(:, 10) = 180;\n"));
    expect_same(negative, turned, 1e-12, "ratio -1");
}

TEST(CaseNotes, SayWhatIsWrittenOtherwiseThanItStands) {
    EXPECT_THAT(
        list_notes(make_ring("mpc.gen(2, 9:10) = [50 60]; mpc.bus(3, 12) = 7;\n"
                             "mpc.dcline = [2 5 1 10 8.9 0 0 1 1 1 10 0 0 0 0 0 0; 2 5 0 1 1 0 0 1 "
                             "1 0 0 0 0 0 0 0 0];\n"
                             "mpc.branch(3, 3:4) = [0 1e-8];\n")),
        ElementsAre(
            "ring.m:6:1: bus[3].Vmax: 7 is written as 2",
            "ring.m:17:1: branch[3].x: an impedance of 1e-08 pu is solved as 1e-06 pu",
            "ring.m:12:1: gen[2].Pmin: 60 lies above the greatest 50: written the other way "
            "round",
            "ring.m: dcline: 1 DC line is left out, as MATPOWER's power flow does"));
}

} // namespace
} // namespace yuanwang::exchange
