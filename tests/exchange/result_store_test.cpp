#include "exchange/result_store.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netcdf.h>

#include "core/error.hpp"

namespace yuanwang::exchange {
namespace {

using engine::Axis;
using testing::HasSubstr;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

engine::ResultAxes make_axes(std::size_t n_step) {
    engine::ResultAxes axes;
    axes.time = {.start = beijing_midnight(std::chrono::year{2025} / 1 / 1),
                 .step = std::chrono::minutes{15},
                 .n_step = n_step};
    engine::AxisEntry bus;
    bus.id = "riyueshan_330";
    bus.name = {.en = "Riyueshan 330 kV", .zh = "日月山 330 kV"};
    bus.zone = "huangyuan";
    bus.in_city = true;
    bus.base_kv = 330;
    bus.latitude_degree = 36.5;
    bus.longitude_degree = 101.25;
    bus.substation = "riyueshan";
    bus.substation_kind = "public";
    engine::AxisEntry other;
    other.id = "b2";
    other.base_kv = 110;
    axes.of(Axis::bus) = {bus, other};
    engine::AxisEntry line;
    line.id = "l_1";
    line.from = "riyueshan_330";
    line.to = "b2";
    line.parallel = 2;
    line.rating = 719.5;
    axes.of(Axis::line) = {line};
    engine::AxisEntry source;
    source.id = "pv";
    source.kind = "solar";
    axes.of(Axis::source) = {source};
    return axes; // no transformer, shunt, section, load, storage, tie
}

/// Numbers that are multiples of every resolution, and different everywhere.
engine::BlockResult make_block(const engine::ResultAxes& axes, StepRange steps) {
    engine::BlockResult block;
    block.steps = steps;
    double offset = 0;
    for (const engine::Variable& variable : engine::result_variables()) {
        const std::size_t n = variable.axis == Axis::none ? 1 : axes.of(variable.axis).size();
        Series& series = block.*variable.column;
        series.reshape(n, steps.count);
        for (std::size_t t = 0; t < steps.count; ++t) {
            for (std::size_t k = 0; k < n; ++k) {
                series(k, t) = variable.name == "step_status"
                                   ? 1.0
                                   : offset + static_cast<double>(steps.first + t + 100 * k);
            }
        }
        offset += 1000;
    }
    return block;
}

void write_run(const std::filesystem::path& file, const engine::ResultAxes& axes,
               std::size_t block_steps) {
    const auto sink = open_result_file(file, "a test");
    sink->begin(axes);
    for (std::size_t first = 0; first < axes.time.n_step; first += block_steps) {
        engine::BlockResult block =
            make_block(axes, {first, std::min(block_steps, axes.time.n_step - first)});
        if (first == 0) {
            block.bus_vm_pu(0, 0) = nan;
            block.step_status(0, 0) = nan;
            block.bus_vm_pu(1, 0) = 1.02345678;
            block.residual_mw(0, 0) = 1.234567e-9;
        }
        sink->write(block);
        const auto step = static_cast<std::uint32_t>(first);
        const std::vector<engine::CurtailmentRow> ledger{
            {.step = step, .source = 0, .cause = "surplus", .branch = "", .outage = "", .mwh = 1.5},
            {.step = step + 1,
             .source = 0,
             .cause = "branch_n",
             .branch = "l_1/1",
             .outage = "",
             .mwh = 0.25}};
        sink->write_curtailment(ledger);
        sink->write_curtailment({});
    }
    const std::vector<engine::VerdictRow> verdicts{{.step = 3,
                                                    .outage = "l_1/2",
                                                    .element = "l_1/1",
                                                    .kind = "overload",
                                                    .value = 104.5,
                                                    .limit = 100}};
    sink->write_verdicts(verdicts);
    const std::vector<engine::ManagedCallRow> calls{{.step = 5,
                                                     .group = "mills",
                                                     .record = 41,
                                                     .bus = "b",
                                                     .shed_class = 2,
                                                     .round = 1,
                                                     .mw = 0.75}};
    sink->write_managed_calls(calls);
    engine::Summary summary;
    summary.scenario_id = "test";
    sink->finish(summary);
}

std::string read_bytes(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

class ResultStore : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() /
                  ("yuanwang_store_" + std::to_string(::getpid()) + "_" +
                   testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    [[nodiscard]] std::filesystem::path file(const char* name = "results.nc") const {
        return folder_ / name;
    }

    std::filesystem::path folder_;
};

TEST_F(ResultStore, GivesBackAxesColumnsAndTables) {
    const engine::ResultAxes axes = make_axes(10);
    write_run(file(), axes, 4);
    const StoredResults stored = read_results(file());

    EXPECT_EQ(stored.axes.time, axes.time);
    for (std::size_t a = 0; a < engine::n_axis; ++a) {
        ASSERT_EQ(stored.axes.entries[a].size(), axes.entries[a].size()) << a;
    }
    const engine::AxisEntry& bus = stored.axes.of(Axis::bus)[0];
    EXPECT_EQ(bus.id, "riyueshan_330");
    EXPECT_EQ(bus.name.zh, "日月山 330 kV");
    EXPECT_EQ(bus.name.en, "Riyueshan 330 kV");
    EXPECT_EQ(bus.zone, "huangyuan");
    EXPECT_TRUE(bus.in_city);
    EXPECT_EQ(bus.base_kv, 330);
    EXPECT_EQ(bus.latitude_degree, 36.5);
    EXPECT_EQ(bus.longitude_degree, 101.25);
    EXPECT_EQ(bus.substation, "riyueshan");
    EXPECT_EQ(bus.substation_kind, "public");
    EXPECT_FALSE(stored.axes.of(Axis::bus)[1].in_city);
    EXPECT_EQ(stored.axes.of(Axis::bus)[1].name.zh, "");
    const engine::AxisEntry& line = stored.axes.of(Axis::line)[0];
    EXPECT_EQ(line.from, "riyueshan_330");
    EXPECT_EQ(line.to, "b2");
    EXPECT_EQ(line.parallel, 2);
    EXPECT_EQ(line.rating, 719.5);
    EXPECT_EQ(stored.axes.of(Axis::source)[0].kind, "solar");

    const engine::BlockResult expected = make_block(axes, {0, 10});
    EXPECT_TRUE(std::isnan(stored.columns.bus_vm_pu(0, 0)));
    EXPECT_TRUE(std::isnan(stored.columns.step_status(0, 0)));
    EXPECT_EQ(stored.columns.bus_vm_pu(1, 0), static_cast<double>(1.023457F))
        << "rounded to its resolution of 1e-6";
    EXPECT_EQ(stored.columns.residual_mw(0, 0), static_cast<double>(1.234567e-9F))
        << "kept as float";
    for (const engine::Variable& variable : engine::result_variables()) {
        const Series& series = stored.columns.*variable.column;
        const Series& wanted = expected.*variable.column;
        ASSERT_EQ(series.n_element(), wanted.n_element()) << variable.name;
        ASSERT_EQ(series.n_step(), 10U) << variable.name;
        for (std::size_t t = 1; t < 10; ++t) {
            for (std::size_t k = 0; k < series.n_element(); ++k) {
                EXPECT_EQ(series(k, t), wanted(k, t)) << variable.name << " " << k << " " << t;
            }
        }
    }

    ASSERT_EQ(stored.curtailment.size(), 6U);
    EXPECT_EQ(stored.curtailment[0].cause, "surplus");
    EXPECT_EQ(stored.curtailment[3].step, 5U);
    EXPECT_EQ(stored.curtailment[3].cause, "branch_n");
    EXPECT_EQ(stored.curtailment[3].branch, "l_1/1");
    EXPECT_EQ(stored.curtailment[3].mwh, 0.25);
    ASSERT_EQ(stored.verdicts.size(), 1U);
    EXPECT_EQ(stored.verdicts[0].outage, "l_1/2");
    EXPECT_EQ(stored.verdicts[0].kind, "overload");
    ASSERT_EQ(stored.managed_calls.size(), 1U);
    EXPECT_EQ(stored.managed_calls[0].step, 5U);
    EXPECT_EQ(stored.managed_calls[0].group, "mills");
    EXPECT_EQ(stored.managed_calls[0].record, 41U);
    EXPECT_EQ(stored.managed_calls[0].bus, "b");
    EXPECT_EQ(stored.managed_calls[0].shed_class, 2U);
    EXPECT_EQ(stored.managed_calls[0].round, 1U);
    EXPECT_EQ(stored.managed_calls[0].mw, 0.75);
    EXPECT_EQ(stored.verdicts[0].value, 104.5);
}

TEST_F(ResultStore, WritesTheSameBytesTwice) {
    const engine::ResultAxes axes = make_axes(400);
    write_run(file("first.nc"), axes, 96);
    std::this_thread::sleep_for(std::chrono::milliseconds{1100}); // another second on the clock
    write_run(file("second.nc"), axes, 96);
    EXPECT_EQ(read_bytes(file("first.nc")), read_bytes(file("second.nc")));
}

TEST_F(ResultStore, ContentDoesNotDependOnTheBlocks) {
    const engine::ResultAxes axes = make_axes(96);
    write_run(file("days.nc"), axes, 96);
    write_run(file("hours.nc"), axes, 4);
    const StoredResults days = read_results(file("days.nc"));
    const StoredResults hours = read_results(file("hours.nc"));
    EXPECT_EQ(days.columns.line_p_from_mw, hours.columns.line_p_from_mw);
    EXPECT_EQ(days.columns.demand_mw, hours.columns.demand_mw);
}

TEST_F(ResultStore, NdumpShowsUnitsSignsAndCfAttributes) {
    write_run(file(), make_axes(8), 4);
    if (std::system("command -v ncdump > /dev/null") != 0) {
        GTEST_SKIP() << "ncdump is not installed";
    }
    const std::string command =
        "ncdump -v time,bus_id,label " + file().string() + " > " + file("dump").string();
    ASSERT_EQ(std::system(command.c_str()), 0);
    const std::string dump = read_bytes(file("dump"));
    for (const char* line :
         {":Conventions = \"CF-1.10\"", "time:units = \"seconds since 1970-01-01 00:00:00\"",
          "time:bounds = \"time_bounds\"", "float line_p_from_mw(time, line)",
          "line_p_from_mw:units = \"MW\"",
          "line_p_from_mw:sign_convention = \"from -> to positive\"",
          "line_p_from_mw:coordinates = \"line_id\"", "line_p_from_mw:_FillValue = NaNf",
          "byte step_status(time)",
          "flag_meanings = \"converged iteration_limit singular_jacobian not_finite islanded "
          "not_run doubtful\"",
          "\"riyueshan_330\"", "time = 1735660800"}) {
        EXPECT_THAT(dump, HasSubstr(line));
    }
}

TEST_F(ResultStore, AMissingFolderIsNamed) {
    try {
        static_cast<void>(open_result_file(folder_ / "none" / "results.nc", "a test"));
        FAIL();
    } catch (const IoError& error) {
        EXPECT_EQ(error.what(), (folder_ / "none" / "results.nc").string() +
                                    ": cannot be written: No such file or directory");
    }
}

/// Writes a year into a file that may not grow beyond a limit, then ends as the command line does: 7 for an IoError.
[[noreturn]] void write_within(const std::filesystem::path& file, std::size_t n_step,
                               rlim_t limit_bytes) {
    const struct rlimit small { .rlim_cur = limit_bytes, .rlim_max = limit_bytes };
    std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    try {
        write_run(file, make_axes(n_step), 96);
    } catch (const IoError&) {
        std::exit(7);
    }
    std::exit(0);
}

using ResultStoreDeathTest = ResultStore;

TEST_F(ResultStoreDeathTest, ADiskThatFillsUpIsAnErrorAndNoCrashAtTheEnd) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    for (const std::size_t n_step : {96U, 20000U}) { // all of it written at the end, or on the way
        for (const rlim_t limit_bytes : {1000U, 10000U, 40000U, 100000U}) {
            EXPECT_EXIT(write_within(file(), n_step, limit_bytes), testing::ExitedWithCode(7), "")
                << limit_bytes;
        }
        EXPECT_EXIT(write_within(file(), n_step, 100000000), testing::ExitedWithCode(0), "");
    }
}

/// A file of an earlier version: a variable and a table of today are not in it.
TEST_F(ResultStore, WhatAnEarlierVersionDidNotWriteIsNamedAndEmpty) {
    const engine::ResultAxes axes = make_axes(10);
    write_run(file(), axes, 4);
    int id = -1;
    ASSERT_EQ(nc_open(file().c_str(), NC_WRITE, &id), NC_NOERR);
    for (const auto& [name, other] : {std::pair{"bus_n1_vm_min_pu", "a_variable_of_old"},
                                      std::pair{"managed_call_step", "a_column_of_old"}}) {
        int variable = -1;
        ASSERT_EQ(nc_inq_varid(id, name, &variable), NC_NOERR) << name;
        ASSERT_EQ(nc_rename_var(id, variable, other), NC_NOERR) << name;
    }
    ASSERT_EQ(nc_close(id), NC_NOERR);
    const StoredResults stored = read_results(file());
    EXPECT_THAT(stored.missing, testing::ElementsAre("bus_n1_vm_min_pu", "managed_call"));
    EXPECT_TRUE(std::ranges::all_of(stored.columns.bus_n1_vm_min_pu.values(),
                                    [](double v) { return std::isnan(v); }));
    EXPECT_TRUE(stored.managed_calls.empty());
    EXPECT_FALSE(std::ranges::all_of(stored.columns.bus_vm_pu.values(),
                                     [](double v) { return std::isnan(v); }));
}

TEST_F(ResultStore, AFileThatIsNoResultIsNamed) {
    std::ofstream{file("text.nc")} << "not a NetCDF file";
    const auto message = [](const std::filesystem::path& path) -> std::string {
        try {
            static_cast<void>(read_results(path));
        } catch (const IoError& error) {
            return error.what();
        }
        return "no error";
    };
    EXPECT_EQ(message(file("text.nc")),
              file("text.nc").string() + ": cannot be read: NetCDF: Unknown file format");
    EXPECT_EQ(message(file("none.nc")),
              file("none.nc").string() + ": cannot be read: No such file or directory");
    EXPECT_EQ(message(folder_), folder_.string() + ": cannot be read: is a directory");
}

} // namespace
} // namespace yuanwang::exchange
