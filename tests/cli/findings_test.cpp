/// What a reader is told before the numbers: doubtful states, steps without a solution, limits violated; and the exit code.
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/program.hpp"

namespace yuanwang {
namespace {

using testing::Finished;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::read_file;
using testing::run_program;
using testing::TemporaryFolder;
using testing::write_file;

const std::string starter =
    (std::filesystem::path{YUANWANG_SOURCE_DIR} / "scenarios/starter.yaml").string();

/// Source at 1 pu, x = 0.5 pu, reactive load of 48 Mvar: V² − V + q x = 0, V = (1 + √(1 − 4·0.24))/2 = 0.6.
const std::string reactive_load = R"(function mpc = low
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
	1	3	0	0	0	0	1	1	0	110	1	1.1	0.9;
	2	1	0	48	0	0	1	1	0	110	1	1.1	0.9;
];
mpc.gen = [
	1	0	0	100	-100	1.0	100	1	300	0;
];
mpc.branch = [
	1	2	0	0.5	0	0	0	0	0	0	1	-360	360;
];
)";

/// The starter for some hours with values set.
struct StarterRun {
    TemporaryFolder folder;
    Finished run;
    nlohmann::json summary;
    explicit StarterRun(const std::vector<std::string>& set, bool strict = false) {
        std::vector<std::string> arguments = {"run", starter, "--no-report",      "-o",
                                              "out", "--set", "time.duration=1 d"};
        for (const std::string& value : set) {
            arguments.insert(arguments.end(), {"--set", value});
        }
        if (strict) {
            arguments.emplace_back("--strict");
        }
        run = run_program(arguments, folder.path());
        summary = nlohmann::json::parse(read_file(folder.path() / "out/summary.json"));
    }
    [[nodiscard]] nlohmann::json find(const std::string& kind) const {
        for (const auto& finding : summary.at("findings")) {
            if (finding.at("kind") == kind) {
                return finding;
            }
        }
        return {};
    }
};

TEST(Findings, APowerFlowFarBelowAnyBandIsDoubtedAndItsLowestBusNamed) {
    const TemporaryFolder folder;
    write_file(folder.path() / "low.m", reactive_load);
    const Finished told = run_program({"powerflow", "low.m"}, folder.path());
    EXPECT_EQ(told.code, 5);
    EXPECT_THAT(told.out, HasSubstr("doubtful: "));
    EXPECT_EQ(told.err,
              "\ndoubtful solution: 0.6000 pu at 2, losses 0.0 MW; it balances, but no grid is "
              "operated there (accept it with --vm-doubtful-pu or "
              "studies.power_flow.vm_doubtful_pu)\n");
    const Finished json = run_program({"powerflow", "low.m", "--json"}, folder.path());
    EXPECT_EQ(json.code, 5);
    const auto solved = nlohmann::json::parse(json.out);
    EXPECT_EQ(solved.at("status"), "doubtful");
    EXPECT_EQ(solved.at("lowest_bus").at("id"), "2");
    EXPECT_NEAR(solved.at("buses")[1].at("vm_pu").get<double>(), 0.6, 1e-8);

    const Finished accepted =
        run_program({"powerflow", "low.m", "--vm-doubtful-pu", "0.5"}, folder.path());
    EXPECT_EQ(accepted.code, 0) << accepted.err;
    const Finished strict =
        run_program({"--strict", "powerflow", "low.m", "--vm-doubtful-pu", "0.5"}, folder.path());
    EXPECT_EQ(strict.code, 4) << "0.6 pu is outside the band 0.9 … 1.1";
}

TEST(Findings, IndicatorsOfARunWithoutASolutionAreAbsent) {
    const StarterRun asked({"studies.power_flow.max_iterations=1"});
    EXPECT_EQ(asked.run.code, 5);
    for (const char* key :
         {"losses_mwh", "loss_rate", "line_loading_max_percent", "transformer_loading_max_percent",
          "overload_hours", "voltage_violation_hours", "tie_mismatch_mean_mw"}) {
        EXPECT_TRUE(asked.summary.at("indicators").at(key).is_null()) << key;
    }
    EXPECT_EQ(asked.summary.at("indicators").at("solved_share"), 0);
    EXPECT_EQ(asked.find("unsolved_step").at("hours"), 24);
    EXPECT_THAT(asked.run.out, HasSubstr("no power flow solution, 24.00 h"));
    EXPECT_THAT(asked.run.out, HasSubstr("– GWh"));
}

TEST(Findings, AnOverloadIsNamedWithHoursAndEndsAStrictRunWithFour) {
    const std::vector<std::string> weak = {"grid.lines[l_gate_town].rate_mva=20"};
    const StarterRun asked(weak);
    EXPECT_EQ(asked.run.code, 0) << asked.run.err;
    const auto overload = asked.find("overload");
    ASSERT_TRUE(overload.is_object());
    EXPECT_EQ(overload.at("element"), "l_gate_town");
    EXPECT_EQ(overload.at("severity"), "violation");
    EXPECT_EQ(overload.at("hours"), asked.summary.at("indicators").at("overload_hours"));
    EXPECT_EQ(overload.at("value"), asked.summary.at("indicators").at("line_loading_max_percent"));
    const auto blind = asked.find("limits_not_seen");
    ASSERT_TRUE(blind.is_object());
    EXPECT_EQ(blind.at("hours"), overload.at("hours"));
    EXPECT_EQ(blind.at("value").get<double>(), 100 * overload.at("hours").get<double>() / 24);
    EXPECT_THAT(asked.run.out, HasSubstr("overload in the base state: l_gate_town"));
    EXPECT_EQ(StarterRun(weak, true).run.code, 4);
    EXPECT_THAT(asked.run.out, Not(HasSubstr("no power flow solution")));
}

TEST(Findings, UnservedLoadEndsWithFourAndIsListed) {
    const StarterRun asked({"sources.external_grids[province].p_import_max_mw=80"});
    EXPECT_EQ(asked.run.code, 4);
    const auto unserved = asked.find("unserved");
    ASSERT_TRUE(unserved.is_object());
    EXPECT_EQ(unserved.at("value"), asked.summary.at("indicators").at("unserved_mwh"));
    EXPECT_EQ(unserved.at("hours"), asked.summary.at("indicators").at("unserved_hours"));
}

} // namespace
} // namespace yuanwang
