/// Every variable of `results.nc` against what the file says of it: runs of several scenarios are written, and each number
/// must lie where units and sign_convention allow it.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <numbers>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netcdf.h>

#include "engine/simulator.hpp"
#include "exchange/netcdf_file.hpp"
#include "exchange/result_store.hpp"
#include "scenario/load_study.hpp"

namespace yuanwang::exchange {
namespace {

/// A run of a scenario, its file and its columns before they were written.
class RunFile : public engine::ResultSink {
  public:
    RunFile(const std::filesystem::path& scenario, const scenario::LoadOptions& options) {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "yuanwang-metadata-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        sink_ = open_result_file(file(), "metadata");
        SilentProgress progress;
        const scenario::LoadedScenario loaded = scenario::load_scenario(scenario, options);
        (void)engine::simulate(loaded.study, *this, progress);
    }
    RunFile(const RunFile&) = delete;
    RunFile& operator=(const RunFile&) = delete;
    ~RunFile() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::filesystem::path file() const { return folder_ / "results.nc"; }
    [[nodiscard]] const std::vector<double>& angles() const { return angles_; }

    void begin(const engine::ResultAxes& axes) override { sink_->begin(axes); }
    void write(const engine::BlockResult& block) override {
        const auto values = block.bus_va_degree.values();
        angles_.insert(angles_.end(), values.begin(), values.end());
        sink_->write(block);
    }
    void write_curtailment(std::span<const engine::CurtailmentRow> rows) override {
        sink_->write_curtailment(rows);
    }
    void write_verdicts(std::span<const engine::VerdictRow> rows) override {
        sink_->write_verdicts(rows);
    }
    void write_managed_calls(std::span<const engine::ManagedCallRow> rows) override {
        sink_->write_managed_calls(rows);
    }
    void finish(const engine::Summary& summary) override { sink_->finish(summary); }

  private:
    std::filesystem::path folder_;
    std::unique_ptr<engine::ResultSink> sink_;
    std::vector<double> angles_;
};

struct Numbers {
    std::string units, sign_convention;
    std::vector<double> values; ///< finite ones
};

/// All variables of numbers; what lacks units, a name or a sign convention is a failure.
std::map<std::string, Numbers> read_all(const NetcdfFile& file) {
    std::map<std::string, Numbers> all;
    int n_variable = 0;
    file.check(nc_inq_nvars(file.id(), &n_variable));
    for (int variable = 0; variable < n_variable; ++variable) {
        char text[NC_MAX_NAME + 1] = {};
        nc_type type = 0;
        int n_dimension = 0;
        int dimensions[NC_MAX_VAR_DIMS] = {};
        file.check(nc_inq_var(file.id(), variable, text, &type, &n_dimension, dimensions, nullptr));
        const std::string name = text;
        EXPECT_FALSE(file.get_attribute(variable, "long_name").empty()) << name;
        if (type == NC_CHAR) {
            continue;
        }
        Numbers numbers{file.get_attribute(variable, "units"),
                        file.get_attribute(variable, "sign_convention"),
                        {}};
        EXPECT_FALSE(numbers.units.empty()) << name;
        EXPECT_FALSE(numbers.sign_convention.empty()) << name;
        std::size_t count = 1;
        for (int d = 0; d < n_dimension; ++d) {
            std::size_t length = 0;
            file.check(nc_inq_dimlen(file.id(), dimensions[d], &length));
            count *= length;
        }
        for (const double value : file.get_numbers(variable, count)) {
            const bool fill = name == "step_status" && value < 0;
            if (std::isfinite(value) && !fill) {
                numbers.values.push_back(value);
            }
        }
        all.emplace(name, std::move(numbers));
    }
    return all;
}

struct Bounds {
    double low, high;
};

/// What a value may be at all, by unit and name.
Bounds find_bounds(const std::string& name, const Numbers& numbers) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    Bounds bounds{-infinity, infinity};
    if (numbers.sign_convention == "never negative") {
        bounds.low = 0;
    }
    if (name.ends_with("_share") || name == "bus_in_city") {
        bounds = {0, 1};
    } else if (name.starts_with("bus_") && name.ends_with("_pu")) {
        bounds = {0, 2};
    } else if (name == "verdict_value" || name == "verdict_limit") {
        bounds = {-1e5, 1e5};
    }
    return bounds;
}

void expect_as_declared(const std::map<std::string, Numbers>& all) {
    for (const auto& [name, numbers] : all) {
        const Bounds bounds = find_bounds(name, numbers);
        for (const double value : numbers.values) {
            ASSERT_GE(value, bounds.low) << name << ", " << numbers.sign_convention;
            ASSERT_LE(value, bounds.high) << name << " in " << numbers.units;
        }
    }
}

std::filesystem::path shipped(const std::string& name) {
    return std::filesystem::path{YUANWANG_SOURCE_DIR} / "scenarios" / name;
}

scenario::LoadOptions with(std::vector<std::string> settings) {
    scenario::LoadOptions options;
    options.set = std::move(settings);
    return options;
}

struct Town {
    const char* file;
    std::vector<std::string> settings;
};

class ResultMetadata : public testing::TestWithParam<Town> {};

TEST_P(ResultMetadata, HoldsForEveryNumberOfTheRun) {
    const RunFile run{shipped(GetParam().file), with(GetParam().settings)};
    const NetcdfFile file = NetcdfFile::open(run.file());
    expect_as_declared(read_all(file));
}

INSTANTIATE_TEST_SUITE_P(
    Runs, ResultMetadata,
    testing::Values(Town{"starter.yaml", {"time.duration=2 d"}},
                    Town{"starter.yaml", {"time.duration=2 d", "dispatch.method=optimal"}},
                    Town{"starter.yaml", // at a negative price, with a unit that draws
                         {"time.duration=1 d", "dispatch.method=optimal",
                          "sources.external_grids[province].surplus_price_cny_per_mwh=-50",
                          "sources.external_grids[province].firm_price_cny_per_mwh=-80"}},
                    Town{"teaching/two-valleys.yaml", {"time.duration=1 d"}},
                    Town{"teaching/island-town.yaml", {"time.duration=1 d"}},
                    Town{"teaching/clean-microgrid.yaml", {"time.duration=1 d"}}));

/// A ring whose section is overrun against its signs, a unit that draws, and a shunt that feeds in.
constexpr const char* against_the_signs = R"(
scenario: {id: against}
time: {start: 2025-06-01, step: 1 h, duration: 2 h}
grid:
  buses:
    - {id: a, base_kv: 110}
    - {id: b, base_kv: 110}
  branches:
    - {id: l, from: a, to: b, r_pu: 0.01, x_pu: 0.1, rate_mva: 50}
  shunts:
    - {id: feeds, bus: b, q_step_mvar: 0, p_mw: -3}
  sections:
    - {id: cut, limit_mw: 40, limit_reverse_mw: 20, branches: [{branch: l, sign: -1}]}
sources:
  generators:
    - {id: g, bus: a, p_mw: 20, p_min_mw: 0, p_max_mw: 200, slack: true}
    - {id: draws, bus: b, p_mw: -30, p_min_mw: -30, p_max_mw: -30}
loads:
  static:
    - {id: d, bus: b, p_mw: 45, q_mvar: 0}
dispatch: {method: none}
)";

class SmallRun : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "yuanwang-metadata-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        std::ofstream{folder_ / "case.yaml"} << against_the_signs;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::filesystem::path folder_;
};

TEST_F(SmallRun, VerdictsCarryTheirSignAndTheUnitOfTheirKind) {
    const RunFile run{folder_ / "case.yaml", {}};
    const NetcdfFile file = NetcdfFile::open(run.file());
    const auto all = read_all(file);
    expect_as_declared(all);
    const std::size_t n = all.at("verdict_value").values.size();
    const std::vector<std::string> labels =
        file.get_texts(file.require_variable("label"), file.measure_dimension("label"));
    bool reverse = false;
    for (std::size_t k = 0; k < n; ++k) {
        const auto label = [&](const char* column) {
            return labels[static_cast<std::size_t>(all.at(column).values[k])];
        };
        const std::string kind = label("verdict_kind");
        const std::string units = label("verdict_units");
        EXPECT_EQ(units, kind == "overload" ? "percent" : kind == "voltage" ? "1" : "MW") << kind;
        if (kind == "section" && label("verdict_outage").empty()) {
            reverse = true; // 45 + 30 − 3 MW at b, by a branch that counts backwards
            EXPECT_NEAR(all.at("verdict_value").values[k], -72.6, 0.6);
            EXPECT_EQ(all.at("verdict_limit").values[k], -20);
        }
    }
    EXPECT_TRUE(reverse);
    EXPECT_NE(all.at("verdict_value").sign_convention, "never negative");
}

TEST_F(SmallRun, AnglesAreStoredToAMillionthOfADegree) {
    const RunFile run{folder_ / "case.yaml", {}};
    const NetcdfFile file = NetcdfFile::open(run.file());
    const std::vector<double> stored =
        file.get_numbers(file.require_variable("bus_va_degree"), run.angles().size());
    for (std::size_t k = 0; k < stored.size(); ++k) {
        EXPECT_NEAR(stored[k], run.angles()[k], 5e-7);
    }
}

TEST(StoredPrecision, EveryVariableKeepsItsResolutionUpToTheLargestValueItIsMadeFor) {
    for (const engine::Variable& variable : engine::result_variables()) {
        if (variable.resolution == 0) {
            continue;
        }
        const double value = variable.largest * 0.9 / std::numbers::pi * 3;
        const double spacing =
            variable.needs_double()
                ? std::nextafter(value, 1e300) - value
                : static_cast<double>(std::nextafter(static_cast<float>(value), 1e30F)) -
                      static_cast<double>(static_cast<float>(value));
        EXPECT_LE(spacing, variable.resolution) << variable.name;
    }
}

} // namespace
} // namespace yuanwang::exchange
