/// Findings of a run in words.
#include "report/findings_text.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace yuanwang::report {
namespace {

using engine::RunFinding;
using engine::Severity;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

TEST(FindingsText, NamesPlaceHoursWorstValueAndLimitInBothLanguages) {
    const RunFinding overload{.kind = "overload",
                              .severity = Severity::violation,
                              .element = "l_east",
                              .hours = 12.25,
                              .value = 113.44,
                              .limit = 100,
                              .unit = "percent"};
    EXPECT_EQ(describe(overload, Language::en),
              "overload in the base state: l_east, 12.25 h, worst 113.4 % (limit 100.0 %)");
    EXPECT_EQ(describe(overload, Language::zh),
              "基态过载：l_east，12.25 h，最严重 113.4 %（限值 100.0 %）");
    const RunFinding outage{.kind = "unsolved_outage",
                            .severity = Severity::unsolved,
                            .outage = "l_west",
                            .hours = 3,
                            .value = none,
                            .limit = none};
    EXPECT_EQ(describe(outage, Language::en),
              "no power flow solution after the loss of l_west, 3.00 h");
    const RunFinding level{.kind = "fault_level",
                           .severity = Severity::violation,
                           .element = "b_330",
                           .hours = none,
                           .value = 66.512,
                           .limit = 63,
                           .unit = "kA"};
    EXPECT_EQ(describe(level, Language::en),
              "short-circuit level above the breaker rating: b_330, worst 66.51 kA "
              "(limit 63.00 kA)");
}

TEST(FindingsText, ListsThreePlacesOfAKindAndCountsTheOthers) {
    engine::Summary summary;
    for (const char* bus : {"b1", "b2", "b3", "b4", "b5"}) {
        summary.findings.push_back({.kind = "voltage",
                                    .severity = Severity::violation,
                                    .element = bus,
                                    .hours = 1,
                                    .value = 0.8,
                                    .limit = 0.97,
                                    .unit = "pu"});
    }
    const std::string text = format_findings(summary, Language::en);
    EXPECT_NE(text.find("b3, 1.00 h, worst 0.8000 pu (limit 0.9700 pu)\n"), std::string::npos);
    EXPECT_EQ(text.find("b4"), std::string::npos);
    EXPECT_NE(text.find("and 2 more (voltage outside its band in the base state)"),
              std::string::npos);
    EXPECT_EQ(format_findings({}, Language::en), "");
}

} // namespace
} // namespace yuanwang::report
