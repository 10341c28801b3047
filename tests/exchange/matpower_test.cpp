#include "exchange/matpower.hpp"

#include <chrono>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"

namespace yuanwang::exchange {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A case of two buses whose tables and closing statements the test writes.
//
//   1 (reference) ── 2 (load)
struct SmallCase {
    std::string bus = "1 3 0 0 0 0 1 1 0 110 1 1.1 0.9; 2 1 50 10 0 0 1 1 0 110 1 1.1 0.9";
    std::string gen = "1 50 0 60 -60 1.02 100 1 100 0";
    std::string branch = "1 2 0.01 0.1 0.02 0 0 0 0 0 1 -360 360";
    std::string after;

    [[nodiscard]] std::string text() const {
        return "function mpc = small\nmpc.version = '2';\nmpc.baseMVA = 100;\nmpc.bus = [" + bus +
               "];\nmpc.gen = [" + gen + "];\nmpc.branch = [" + branch + "];\n" + after;
    }
    [[nodiscard]] MatpowerCase parse() const { return parse_matpower(text(), "small.m"); }
};

std::string read_fault(const std::string& text) {
    try {
        static_cast<void>(make_study(parse_matpower(text, "small.m")));
    } catch (const InputError& error) {
        return error.what();
    }
    return "no fault";
}

TEST(MatpowerTables, AreReadWithExpressionsCommentsContinuationsAndCommas) {
    const MatpowerCase matpower = parse_matpower(R"(%% a comment before
function mpc = odd_one
%{
mpc.bus = [ nothing of a block comment is read ];
%}
mpc.version = '2';   % after a statement
mpc.branch = [ % after a bracket
    1, 2, 1/3, 2*pi, -sqrt(4), 0, Inf, 0 ...   a continued row
    0, 30, 1, -360, 360 % the first branch
    2 1 1e-2 (1 + 2)*3 1 - 2 0 0 0 +1 -30 1 -360 360
];
mpc.baseMVA = 10^2, mpc.bus = [
    1 3 0 0 0 0 1 1 0 110 1 1.1 .9; 2 1 5e1 10 0 0 1 1 0 110 1 1.1 0.9;

];
mpc.gen = [1	50	0	60	-60	1.02	100	1	Inf	-inf];
mpc.bus_name = {
    'Riversde  V2';  % comment
    "O'Neill";
};
)",
                                                 "odd.m");
    EXPECT_EQ(matpower.name, "odd_one");
    EXPECT_EQ(matpower.base_mva, 100);
    EXPECT_THAT(matpower.branch[0],
                ElementsAre(1, 2, 1.0 / 3, 2 * std::numbers::pi, -2, 0,
                            std::numeric_limits<double>::infinity(), 0, 0, 30, 1, -360, 360));
    EXPECT_THAT(matpower.branch[1], ElementsAre(2, 1, 0.01, 9, -1, 0, 0, 0, 1, -30, 1, -360, 360));
    using matlab::RowPlace;
    EXPECT_THAT(matpower.branch_place,
                ElementsAre(RowPlace{.file = 0, .line = 8}, RowPlace{.file = 0, .line = 10}));
    ASSERT_EQ(matpower.bus.size(), 2U);
    EXPECT_EQ(matpower.bus[0][12], 0.9);
    EXPECT_EQ(matpower.bus[1][2], 50);
    EXPECT_EQ(matpower.gen[0][9], -std::numeric_limits<double>::infinity());
    EXPECT_THAT(matpower.bus_name, ElementsAre("Riversde  V2", "O'Neill"));
}

TEST(MatpowerTables, AreChangedByTheStatementsAfterThem) {
    SmallCase text;
    text.bus = "1 3 0 0 0 0 1 1 0 12.66 1 1.1 0.9; 2 1 100 60 0 0 1 1 0 12.66 1 1.1 0.9";
    text.branch = "1 2 0.0922 0.0470 0 0 0 0 0 0 1 -360 360";
    text.after = R"(
%% convert branch impedances from Ohms to p.u.
[PQ, PV, REF, NONE, BUS_I, BUS_TYPE, PD, QD, GS, BS, BUS_AREA, VM, ...
    VA, BASE_KV, ZONE, VMAX, VMIN, LAM_P, LAM_Q, MU_VMAX, MU_VMIN] = idx_bus;
[F_BUS, T_BUS, BR_R, BR_X, BR_B, RATE_A, RATE_B, RATE_C, ...
    TAP, SHIFT, BR_STATUS, PF, QF, PT, QT, MU_SF, MU_ST, ...
    ANGMIN, ANGMAX, MU_ANGMIN, MU_ANGMAX] = idx_brch;
Vbase = mpc.bus(1, BASE_KV) * 1e3;      %% in Volts
Sbase = mpc.baseMVA * 1e6;              %% in VA
mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / (Vbase^2 / Sbase);
mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;
pf = 0.8; mpc.bus(:, QD) = mpc.bus(:, PD) * sin(acos(pf));
mpc.bus(2, 11:13) = [7 1.2 0.8];
)";
    const MatpowerCase matpower = text.parse();
    const double z_base_ohm = 12.66 * 12.66 / 100;
    EXPECT_DOUBLE_EQ(matpower.branch[0][2], 0.0922 / z_base_ohm);
    EXPECT_DOUBLE_EQ(matpower.branch[0][3], 0.0470 / z_base_ohm);
    EXPECT_DOUBLE_EQ(matpower.bus[1][2], 0.1);
    EXPECT_DOUBLE_EQ(matpower.bus[1][3], 0.1 * 0.6);
    EXPECT_EQ(matpower.bus[1][10], 7);
    EXPECT_EQ(matpower.bus[1][12], 0.8);
}

TEST(MatpowerProgram, ASwitchGivenAsANumberChoosesItsBranch) {
    const auto with = [](const std::string& value) {
        SmallCase text;
        text.after = "fixed = " + value + R"(; %% change to 1 for the other variant
if fixed    %% comment
    k = 1;
    if k
        mpc.bus(2, 3) = 7;
    end
else
    for nobody = reads(this) & ...
            or_this
        mpc.bus(2, 3) = [];
    end
    try
        while this
        end
    end
    mpc.bus(1, 3) = 1;
end
mpc.bus(2, 4) = 5;
)";
        return text;
    };
    const MatpowerCase on = with("1").parse();
    EXPECT_EQ(on.bus[1][2], 7);
    EXPECT_EQ(on.bus[1][3], 5);
    SmallCase off;
    off.after = "fixed = 0;\nif fixed\n k = find(isinf(x) & ...\n  y);\nelse\n "
                "mpc.bus(2, 3) = 9;\nend\nmpc.bus(2, 4) = 5;\n";
    EXPECT_EQ(off.parse().bus[1][2], 9);
    EXPECT_EQ(off.parse().bus[1][3], 5);
    EXPECT_NE(on.bus[0][2], 1);
}

TEST(MatpowerTables, OfVersionOneAreTheOutputsOfTheFunction) {
    const MatpowerCase matpower =
        parse_matpower(R"(function [baseMVA, bus, gen, branch, areas, gencost] = old
baseMVA = 50;
bus = [1 3 0 0 0 0 1 1 0 110 1 1.1 0.9];
gen = [1 50 0 60 -60 1.02 100 1 100 0];
branch = zeros(0, 11);
areas = [1 1];
gencost = [2 0 0 3 0.1 5 0];
return;
)",
                       "old.m");
    EXPECT_EQ(matpower.base_mva, 50);
    EXPECT_EQ(matpower.bus.size(), 1U);
    EXPECT_TRUE(matpower.branch.empty());
    EXPECT_EQ(matpower.gencost[0][5], 5);
}

TEST(MatpowerFaults, NameFileLineColumnAndWhatWasFound) {
    const auto fault = [](const std::string& after) {
        SmallCase text;
        text.after = after;
        return read_fault(text.text());
    };
    EXPECT_EQ(fault("x = 0;\nif x\ny = 1;\n"), "small.m:8:1: condition without an end");
    EXPECT_EQ(fault("for k = 1:3\n"), "small.m:7:1: loop without an end");
    EXPECT_EQ(fault("if mpc.baseMVA > limit\nend\n"), "small.m:7:18: unknown name, got limit");
    EXPECT_EQ(fault("try\nx = 1;\ncatch\nend\n"),
              "small.m:7:1: is not supported in a case file, got try");
    EXPECT_EQ(fault("f = @(x) x / 3;\n"),
              "small.m:7:5: function handles are not supported in a case file, got @");
    EXPECT_EQ(fault("error('not for %d buses', 3);\n"),
              "small.m:7:1: the case stops with an error of its own");
    EXPECT_EQ(fault("mpc.bus(:, 3) = load_scale * mpc.bus(:, 3);\n"),
              "small.m:7:17: unknown name, got load_scale");
    EXPECT_EQ(fault("x = mpc.bus(:, 30);\n"), "small.m:7:12: index must lie inside the table");
    EXPECT_EQ(fault("mpc.bus(1.5, 3) = 1;\n"), "small.m:7:8: index must be a whole number from 1");
    EXPECT_EQ(fault("mpc.bus([0 1], 3) = 1;\n"),
              "small.m:7:8: index must be a whole number from 1");
    EXPECT_EQ(fault("mpc.bus(:, [3 4]) = mpc.bus * 2;\n"),
              "small.m:7:8: both sides must have the same size");
    EXPECT_EQ(fault("x = sqrt(-1);\n"), "small.m:7:5: sqrt has no real value");
    EXPECT_EQ(fault("x = (-8)^(1/3);\n"), "small.m:7:9: power has no real value");
    EXPECT_EQ(fault("x = [1 2; 3 4]; x(1, 1) = [];\n"),
              "small.m:7:18: must name whole rows or whole columns to take out");
    EXPECT_EQ(fault("mpc.bus = scale(mpc.bus);\n"), "small.m:7:11: unknown name, got scale");
    EXPECT_EQ(fault("x = 3 + 2i;\n"), "small.m:7:9: not a number, got '2i'");
    EXPECT_EQ(fault("x = 'open\n"), "small.m:7:5: string without a closing quote");
    EXPECT_EQ(fault("x = [1 2\n"), "small.m:7:5: bracket without an end, got '['");
    EXPECT_EQ(fault("x = [1 2\n3 4 5];\n"),
              "small.m:8:1: row must have 2 columns as the rows above it, got 3");
    EXPECT_EQ(fault("x = [1 2\n3 4 5*1];\n"),
              "small.m:8:1: row must have 2 columns as the rows above it, got 3");
    EXPECT_EQ(fault("x = (1 + 2;\n"), "small.m:7:11: expected ')', got ';'");
    EXPECT_EQ(fault("%{\nno end\n"), "small.m:7:1: block comment without an end");
    EXPECT_EQ(fault("mpc.bus = 'none';\n"),
              "small.m: mpc.bus: is missing: a MATPOWER case has baseMVA, bus, gen and branch");
    EXPECT_EQ(fault(std::string{"\x01", 1}), "small.m:7:1: must be a statement, got byte 1");
    EXPECT_THAT(fault("x = " + std::string(5000, '(') + "\n"),
                HasSubstr("must not be nested deeper than 200"));
    EXPECT_THAT(fault("x = " + std::string(5000, '-') + "1\n"),
                HasSubstr("must not be nested deeper than 200"));
    EXPECT_EQ(read_fault(""),
              "small.m: mpc.baseMVA: is missing: a MATPOWER case has baseMVA, bus, gen and branch");
}

TEST(MatpowerFaults, OfTheTablesAreReportedTogether) {
    SmallCase text;
    text.bus = "1 3 0 0 0 0 1 1 0 110 1 1.1 0.9\n 1 5 NaN 10 0 0 1 1 0 110 1 1.1 0.9";
    text.gen = "1 50 0 60 -60 0 100 1 100 0";
    text.branch = "1 2 0 0 0.02 0 0 0 0 0 1 -360 360\n 1 1 0 0 0.02 0 0 0 0 0 1 -360 360\n"
                  "1 1 0 1 0.02 0 0 0 0 0 2 -360 360";
    EXPECT_EQ(read_fault(text.text()),
              "small.m:5:1: bus[2].bus_i: must be unique, got 1\n"
              "small.m:5:1: bus[2].type: must be 1, 2, 3 or 4, got 5\n"
              "small.m:5:1: bus[2].Pd: must be finite, got nan\n"
              "small.m:6:1: gen[1].Vg: must be > 0, got 0\n"
              "small.m:7:1: branch[1].tbus: must be the number of a bus, got 2\n"
              "small.m:8:1: branch[2].x: must not be zero where r is zero, got 0\n"
              "small.m:9:1: branch[3].status: must be 0 or 1, got 2");
}

TEST(MatpowerFaults, AreNotLookedForInRowsThatAreDropped) {
    SmallCase text;
    text.bus += "; 3 4 NaN NaN 0 0 1 1 NaN 110 1 1.1 0.9";
    text.gen +=
        "; 2 NaN NaN NaN NaN 0 100 0 NaN NaN; 77 5 0 9 -9 1 100 0 9 0; 3 NaN 0 9 -9 0 100 1 9 0";
    text.branch += "; 1 2 NaN NaN 0 0 0 0 0 0 0 0 0; 8 9 0 0 0 0 0 0 0 0 0 0 0;"
                   "2 3 NaN NaN 0 0 0 0 0 0 1 0 0";
    EXPECT_EQ(read_fault(text.text()), "no fault");
    text.gen += "; 77 5 0 9 -9 1 100 1 9 0";
    EXPECT_EQ(read_fault(text.text()),
              "small.m:5:1: gen[5].bus: must be the number of a bus, got 77");
}

TEST(MatpowerFaults, AFileThatCannotBeReadIsNamed) {
    try {
        static_cast<void>(read_matpower("/nowhere/case.m"));
        FAIL();
    } catch (const IoError& error) {
        EXPECT_STREQ(error.what(), "/nowhere/case.m: cannot be read: no such file");
    }
}

TEST(MatpowerScenario, DropsIsolatedBusesAndWhatIsOutOfService) {
    SmallCase text;
    text.bus += "; 3 4 9 9 0 0 1 1 0 110 1 1.1 0.9; 7 2 1 1 0 19 1 1 0 0 1 1.1 0.9";
    text.gen += "; 3 5 0 9 -9 1 100 1 9 0; 7 5 0 9 -9 1 100 0 9 0";
    text.branch +=
        "; 1 3 0 1 0 0 0 0 0 0 1 0 0; 1 2 0 1 0 0 0 0 0 0 0 0 0; 2 1 0 1 0 0 0 0 0.98 30 1 0 0;"
        "1 2 0 1 0 80 0 0 0 0 1 0 0; 2 7 0 1 0 0 0 0 0 0 1 0 0";
    const engine::Study study = make_study(text.parse());
    const engine::System& system = study.epochs.at(0).system;
    EXPECT_THAT(system.grid.buses.id, ElementsAre("1", "2", "7"));
    EXPECT_THAT(system.grid.branches.id, ElementsAre("1-2", "2-1", "1-2-2", "2-7"));
    EXPECT_THAT(system.grid.branches.ratio, ElementsAre(1, 0.98, 1, 1));
    EXPECT_THAT(system.grid.branches.rate_mva,
                ElementsAre(std::nullopt, std::nullopt, 80, std::nullopt));
    EXPECT_THAT(system.sources.generators.id, ElementsAre("gen_1"));
    EXPECT_THAT(system.loads.statics.id, ElementsAre("load_2", "load_7"));
    EXPECT_THAT(system.grid.shunts.q_step_mvar, ElementsAre(19));
    EXPECT_EQ(system.grid.buses.base_kv[BusIdx{2}], 1.0);
    EXPECT_FALSE(study.powerflow.q_limits || study.powerflow.taps || study.powerflow.shunts ||
                 study.powerflow.distributed_slack);
}

TEST(MatpowerScenario, TakesTheVoltageOfTheLastGeneratorInService) {
    SmallCase text;
    text.gen = "1 20 0 60 -60 1.02 100 1 100 0; 1 30 0 60 -60 1.03 100 1 100 0; 1 30 0 60 -60 1.04 "
               "100 0 100 0;"
               "2 5 3 9 -9 1.0 100 1 9 0";
    const engine::GeneratorFleet fleet =
        make_study(text.parse()).epochs.at(0).system.sources.generators;
    EXPECT_THAT(fleet.id, ElementsAre("gen_1", "gen_1_2", "gen_2"));
    EXPECT_EQ(fleet.reactive[0].vm_set_pu, 1.03);
    EXPECT_EQ(fleet.reactive[1].vm_set_pu, 1.03);
    EXPECT_THAT(fleet.slack, ElementsAre(true, false, false));
    EXPECT_EQ(fleet.reactive[2].mode, powerflow::ReactiveMode::reactive); // bus 2 is PQ
    EXPECT_EQ(fleet.reactive[2].q_set_mvar, 3);
}

TEST(MatpowerScenario, KeepsTheMeanPriceOfAGenerator) {
    SmallCase text;
    MatpowerCase matpower = text.parse();
    const auto price = [&](std::vector<double> cost) {
        matpower.gencost = {std::move(cost)};
        return make_study(matpower).epochs.at(0).system.sources.generators.price_cny_per_mwh.at(0);
    };
    const double p_max_mw = matpower.gen[0][8];
    EXPECT_DOUBLE_EQ(price({2, 0, 0, 3, 0.01, 20, 7}), 20 + 0.01 * p_max_mw);
    EXPECT_DOUBLE_EQ(price({2, 0, 0, 2, 12, 7}), 12);
    EXPECT_DOUBLE_EQ(price({2, 0, 0, 4, 1e-4, 0, 5, 0}), 5 + 1e-4 * p_max_mw * p_max_mw);
    EXPECT_DOUBLE_EQ(price({1, 0, 0, 3, 0, 0, 50, 500, 100, 1500}), 15);
    EXPECT_EQ(price({2, 0, 0, 1, 7}), 0);
    EXPECT_EQ(price({1, 0, 0, 3, 0, 0, 50}), 0); // cut short
}

TEST(MatpowerScenario, ConvertsAnotherBaseToHundredMva) {
    SmallCase text;
    const engine::System expected = make_study(text.parse()).epochs.at(0).system;
    MatpowerCase other = text.parse();
    other.base_mva = 10;
    other.branch[0][2] /= 10;
    other.branch[0][3] /= 10;
    other.branch[0][4] *= 10;
    const engine::System converted = make_study(other).epochs.at(0).system;
    EXPECT_DOUBLE_EQ(converted.grid.branches.r_pu[0], expected.grid.branches.r_pu[0]);
    EXPECT_DOUBLE_EQ(converted.grid.branches.x_pu[0], expected.grid.branches.x_pu[0]);
    EXPECT_DOUBLE_EQ(converted.grid.branches.b_pu[0], expected.grid.branches.b_pu[0]);
}

TEST(MatpowerYaml, WritesEveryDigitAndMarksWhatTheCaseDoesNotSay) {
    SmallCase text;
    text.bus = "1 3 0 0 0 0 1 1 15 0 1 1.1 0.9; 2 1 1/3 10 0 0 1 1 0 110 1 1.1 0.9";
    text.gen = "1 50 0 Inf -60 1.02 100 1 100 0";
    const std::string yaml =
        to_yaml(text.parse(), {.id = "two", .name = {"Two buses", {}}, .source = "drawn here"});
    EXPECT_EQ(yaml, R"(scenario:
  id: "two"
  name: "Two buses"

# One state, every unit at its set power, no limits and no controls, one unit balances.
time: {start: 2025-01-01, step: 1 h, duration: 1 h}
dispatch: {method: none}
studies:
  power_flow: {q_limits: false, taps: false, shunts: false, distributed_slack: false}

grid:
  source: "drawn here"
  buses:
    - {id: "1", base_kv: {value: 1, assumed: "none in the case"}, vm_min_pu: 0.9, vm_max_pu: 1.1}
    - {id: "2", base_kv: 110, vm_min_pu: 0.9, vm_max_pu: 1.1}
  branches:
    - {id: "1-2", from: "1", to: "2", r_pu: 0.01, x_pu: 0.1, b_pu: 0.02}

sources:
  source: "drawn here"
  generators:
    - {id: "gen_1", bus: "1", p_mw: 50, p_min_mw: 0, p_max_mw: 100, slack: true, va_set_degree: 15,
       reactive: {mode: voltage, vm_set_pu: 1.02, q_min_mvar: -60, q_max_mvar: 99999}}

loads:
  source: "drawn here"
  static:
    - {id: "load_2", bus: "2", p_mw: 0.3333333333333333, q_mvar: 10}
)");
}

TEST(MatpowerReader, ReadsThirtyThousandBusesInWellUnderASecond) {
    constexpr int n_bus = 30000;
    std::string bus = "\n";
    std::string branch = "\n";
    for (int i = 1; i <= n_bus; ++i) {
        bus += fmt::format("\t{}\t{}\t12.34\t-5.6\t0\t0\t1\t1.0123\t-12.3456\t110\t1\t1.1\t0.9;\n",
                           i, i == 1 ? 3 : 1);
        branch += fmt::format("\t{}\t{}\t0.00123\t0.0456\t0.0078\t100\t0\t0\t0\t0\t1\t-360\t360;\n",
                              i, i % n_bus + 1);
    }
    const SmallCase text{.bus = bus, .branch = branch};
    const std::string written = text.text();
    const auto begin = std::chrono::steady_clock::now();
    const MatpowerCase matpower = parse_matpower(written, "large.m");
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    EXPECT_EQ(matpower.bus.size(), static_cast<std::size_t>(n_bus));
    EXPECT_LT(seconds.count(), 1.0);
    RecordProperty("seconds", fmt::format("{:.3f}", seconds.count()));
    EXPECT_EQ(make_study(matpower).epochs.at(0).system.grid.branches.size(),
              static_cast<std::size_t>(n_bus));
}

TEST(MatpowerReader, ReadsEveryPublicCase) {
    const std::filesystem::path folder = std::filesystem::path{YUANWANG_SHARED_DIR} / "cases";
    if (!std::filesystem::exists(folder)) {
        GTEST_SKIP() << folder << " is not there";
    }
    struct Size {
        const char* name;
        std::size_t n_bus, n_branch, n_generator;
    };
    for (const Size& size :
         {Size{"case9", 9, 9, 3}, Size{"case14", 14, 20, 5}, Size{"case30", 30, 41, 6},
          Size{"case_ieee30", 30, 41, 6}, Size{"case39", 39, 46, 10}, Size{"case57", 57, 80, 7},
          Size{"case118", 118, 186, 54}, Size{"case300", 300, 411, 69},
          Size{"case1354pegase", 1354, 1991, 260}}) {
        const engine::Study study =
            make_study(read_matpower(folder / (std::string{size.name} + ".m")));
        const engine::System& system = study.epochs.at(0).system;
        EXPECT_EQ(study.id, size.name);
        EXPECT_EQ(system.grid.buses.size(), size.n_bus) << size.name;
        EXPECT_EQ(system.grid.branches.size(), size.n_branch) << size.name;
        EXPECT_EQ(system.sources.generators.size(), size.n_generator) << size.name;
    }
}

} // namespace
} // namespace yuanwang::exchange
