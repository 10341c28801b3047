#include "report/report_page.hpp"

#include <cmath>
#include <cstdint>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "report/encoding.hpp"
#include "report/summary_json.hpp"
#include "report/synthetic_run.hpp"

namespace yuanwang::report {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// The data stream of a run, taken apart.
struct Stream {
    json header;
    std::string bytes;
    std::size_t n_step = 0;

    explicit Stream(const test::SyntheticRun& run) {
        const std::string stream =
            pack_report_data(run.results, format_summary_json(run.summary), run.context);
        std::size_t length = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            length |= std::size_t{static_cast<unsigned char>(stream[i])} << (8 * i);
        }
        header = json::parse(stream.substr(4, length));
        bytes = stream.substr(4 + length);
        n_step = run.results.axes.time.n_step;
    }
    /// [element × step], element by element.
    [[nodiscard]] std::vector<double> column(const std::string& name) const {
        for (const json& c : header["columns"]) {
            if (c["name"] == name) {
                return unpack_column(
                    {name, c["n"], n_step, c["bits"], c["scale"], c["offset"], c["first"]}, bytes);
            }
        }
        ADD_FAILURE() << "no column " << name;
        return {};
    }
};

test::SyntheticRun make_week() {
    return test::make_synthetic_run({.n_330 = 3, .n_110_per_330 = 2, .n_step = 168});
}

TEST(ReportData, ChartsComeBackWithinTheirResolution) {
    const auto run = make_week();
    const Stream stream{run};
    const auto& r = run.results.columns;
    const auto near = [&](const std::string& name, const Series& series, double resolution) {
        const std::vector<double> back = stream.column(name);
        ASSERT_EQ(back.size(), series.n_element() * series.n_step());
        for (std::size_t i = 0; i < series.n_element(); ++i) {
            for (std::size_t t = 0; t < series.n_step(); ++t) {
                ASSERT_NEAR(back[i * series.n_step() + t], series(i, t), resolution / 2 + 1e-9)
                    << name;
            }
        }
    };
    near("demand_mw", r.demand_mw, 0.1);
    near("bus_vm_pu", r.bus_vm_pu, 0.0005);
    near("tie_schedule_mw", r.tie_schedule_mw, 0.1);
    near("storage_e_mwh", r.storage_e_mwh, 0.1);
}

TEST(ReportData, LoadingCarriesTheDirectionOfItsFlow) {
    auto run = make_week();
    run.results.columns.line_loading_percent(std::size_t{1}, 5) = 44.0;
    run.results.columns.line_p_from_mw(std::size_t{1}, 5) = -300;
    run.results.columns.line_loading_percent(std::size_t{1}, 6) = 44.0;
    run.results.columns.line_p_from_mw(std::size_t{1}, 6) = 300;
    const auto loading = Stream{run}.column("line_loading_percent");
    EXPECT_NEAR(loading[168 + 5], -44.0, 0.25);
    EXPECT_NEAR(loading[168 + 6], 44.0, 0.25);
}

TEST(ReportData, GroupsAddUpTheirElements) {
    auto run = make_week();
    auto& loads = run.results.axes.of(engine::Axis::load);
    loads[1].kind = loads[0].kind; // silicon now counts as potline
    const Stream stream{run};
    const auto& labels = [&]() -> const json& {
        for (const json& c : stream.header["columns"]) {
            if (c["name"] == "load_p_mw") {
                return c["labels"];
            }
        }
        return stream.header;
    }();
    EXPECT_EQ(labels, (json{"data_center", "heating", "potline", "residential"}));
    const auto sums = stream.column("load_p_mw");
    const auto& p = run.results.columns.load_p_mw;
    EXPECT_NEAR(sums[2 * 168 + 9], p(std::size_t{0}, 9) + p(std::size_t{1}, 9), 0.05 + 1e-9);
}

TEST(ReportData, RankingsAreOfFullPrecision) {
    auto run = make_week();
    run.results.columns.line_loading_percent(std::size_t{2}, 77) = 123.456;
    run.results.columns.bus_vm_pu(std::size_t{4}, 20) = 0.91234;
    const Stream stream{run};
    const json line = stream.header["line_ranking"][2];
    EXPECT_EQ(line["max"], 123.46);
    EXPECT_EQ(line["at"], 77);
    EXPECT_EQ(line["h100"], 1.0);
    const json bus = stream.header["voltage_ranking"][4];
    EXPECT_EQ(bus["min"], 0.91234);
    EXPECT_EQ(bus["min_at"], 20);
    EXPECT_EQ(bus["hours"], 1.0);
}

TEST(ReportData, ABusHeldAtItsLimitIsInside) {
    auto run = make_week();
    const auto band = run.context.voltage_band_pu.at(run.results.axes.of(engine::Axis::bus)[0].id);
    run.results.columns.bus_vm_pu(std::size_t{0}, 3) = band.first;
    run.results.columns.bus_vm_pu(std::size_t{0}, 4) = band.second + 1e-12;
    EXPECT_EQ((Stream{run}.header["voltage_ranking"][0]["hours"]), 0.0);
}

TEST(ReportData, TheLedgerSumsToTheIndicator) {
    const auto run = test::make_synthetic_run({.n_330 = 2, .n_110_per_330 = 1, .n_step = 8760});
    const Stream stream{run};
    double sum = 0;
    for (const json& row : stream.header["ledger"]) {
        sum += row["mwh"].get<double>();
    }
    EXPECT_NEAR(sum, run.summary.indicators.at("curtailed_mwh"), 0.01);
    EXPECT_GE(stream.header["ledger"][0]["mwh"], stream.header["ledger"][1]["mwh"]);
}

TEST(ReportData, VerdictsAreCountedWithTheirWorst) {
    auto run = make_week();
    run.results.verdicts = {{3, "", "l_mid", "overload", 104, 100},
                            {9, "", "l_mid", "overload", 131, 100},
                            {4, "", "s1_110", "voltage", 0.95, 0.97}};
    const json verdicts = Stream{run}.header["verdicts"];
    ASSERT_EQ(verdicts.size(), 2U);
    EXPECT_EQ(verdicts[0]["hours"], 2.0);
    EXPECT_EQ(verdicts[0]["value"], 131.0);
    EXPECT_EQ(verdicts[0]["at"], 9);
}

TEST(ReportData, FactsAndAssumptionsAreGroupedByTheirReason) {
    const json provenance = Stream{make_week()}.header["provenance"];
    EXPECT_EQ(provenance["n_stated"], 1);
    std::size_t n_assumed = 0;
    for (const json& group : provenance["groups"]) {
        n_assumed += group["kind"] == "assumed" ? group["values"].size() : 0U;
    }
    EXPECT_EQ(n_assumed, 2U);
}

TEST(ReportData, ARunWithoutDevicesHasAReportToo) {
    test::SyntheticRun run;
    run.results.axes.time.n_step = 1;
    auto& r = run.results.columns;
    r.steps = {0, 1};
    for (const auto& v : engine::result_variables()) {
        (r.*v.column).reshape(v.axis == engine::Axis::none ? 1 : 0, 1, std::nan(""));
    }
    EXPECT_NO_THROW((void)make_report_page(run.results, format_summary_json(run.summary),
                                           run.context, Language::en));
}

TEST(ReportPage, IsOneFileWithItsDataInside) {
    auto run = make_week();
    run.context.name = {"A <b>bold</b> & plain town", "城"};
    const std::string page =
        make_report_page(run.results, format_summary_json(run.summary), run.context, Language::en);
    EXPECT_THAT(page.substr(0, 200), HasSubstr("<html lang=\"en\">"));
    EXPECT_THAT(
        page,
        HasSubstr("<title>A &lt;b&gt;bold&lt;/b&gt; &amp; plain town · Yuanwang 源网</title>"));
    EXPECT_THAT(page, HasSubstr("<script type=\"application/octet-stream\" id=\"data\">H4sI"));
    EXPECT_THAT(page, Not(HasSubstr("@yuanwang-")));
    for (const char* from_outside :
         {"<script src", "<link rel=\"stylesheet\"", "@import", "<img src=\"http"}) {
        EXPECT_THAT(page, Not(HasSubstr(from_outside)));
    }
}

TEST(ReportPage, TheSameRunGivesTheSameBytes) {
    const auto page = [] {
        const auto run = make_week();
        return make_report_page(run.results, format_summary_json(run.summary), run.context,
                                Language::zh);
    };
    EXPECT_EQ(page(), page());
}

TEST(ReportPage, AYearOfACityStaysBelowFifteenMegabytes) {
    const auto run = test::make_synthetic_run({.n_330 = 44, .n_110_per_330 = 5, .n_step = 8760});
    ASSERT_GE(run.results.axes.of(engine::Axis::bus).size(), 300U);
    ASSERT_GE(run.results.axes.of(engine::Axis::line).size() +
                  run.results.axes.of(engine::Axis::transformer).size(),
              300U);
    const std::string page =
        make_report_page(run.results, format_summary_json(run.summary), run.context, Language::zh);
    EXPECT_LT(page.size(), 15U << 20);
    RecordProperty("bytes", static_cast<int>(page.size()));
}

} // namespace
} // namespace yuanwang::report
