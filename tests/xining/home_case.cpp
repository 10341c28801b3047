#include "xining/home_case.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include "core/progress.hpp"

namespace yuanwang::xining {

using engine::Axis;
using engine::BlockResult;

scenario::LoadedScenario load(const std::string& file, const std::vector<std::string>& set) {
    scenario::LoadOptions options;
    options.set = set;
    return scenario::load_scenario(std::filesystem::path{YUANWANG_SOURCE_DIR} / "scenarios" / file,
                                   options);
}

const engine::Study& home_case() {
    static const engine::Study study = load("xining-2025.yaml").study;
    return study;
}

void RunRecord::write(const BlockResult& block) {
    blocks_.push_back(block);
}

void RunRecord::write_curtailment(std::span<const engine::CurtailmentRow> rows) {
    curtailment_.insert(curtailment_.end(), rows.begin(), rows.end());
}

void RunRecord::write_verdicts(std::span<const engine::VerdictRow> rows) {
    verdicts_.insert(verdicts_.end(), rows.begin(), rows.end());
}

double RunRecord::at(Series BlockResult::*column, std::size_t element, std::size_t t) const {
    const auto after = std::ranges::upper_bound(
        blocks_, t, {}, [](const BlockResult& block) { return block.steps.first; });
    const BlockResult& block = *std::prev(after);
    return (block.*column)(element, t - block.steps.first);
}

std::size_t RunRecord::row(Axis axis, const std::string& id) const {
    const auto& entries = axes_.of(axis);
    const auto found = std::ranges::find(entries, id, &engine::AxisEntry::id);
    if (found == entries.end()) {
        ADD_FAILURE() << "no " << id << " on the axis " << engine::to_string(axis);
        return 0;
    }
    return static_cast<std::size_t>(found - entries.begin());
}

double RunRecord::mean(Series BlockResult::*column, std::size_t element, double from_hour,
                       double to_hour) const {
    double sum = 0;
    std::size_t n = 0;
    for (std::size_t t = 0; t < n_step(); ++t) {
        const double hour = axes_.time.middle(t).hour;
        const double value = at(column, element, t);
        if (hour >= from_hour && hour < to_hour && std::isfinite(value)) {
            sum += value;
            ++n;
        }
    }
    return n == 0 ? 0.0 : sum / static_cast<double>(n);
}

RunRecord run(const engine::Study& study, bool expect_relaxed) {
    RunRecord record;
    SilentProgress progress;
    const engine::RunReport report = engine::simulate(study, record, progress);
    EXPECT_TRUE(report.all_converged);
    EXPECT_EQ(report.relaxed, expect_relaxed);
    return record;
}

const RunRecord& home_year() {
    static const RunRecord record = run(home_case());
    return record;
}

namespace {

/// Reactive range of a unit, by id of its source; ties count all their buses together.
struct Range {
    double q_min_mvar = 0;
    double q_max_mvar = 0;
};

template <class Fleet>
void add_ranges(const Fleet& fleet, std::map<std::string, Range>& ranges) {
    for (std::size_t k = 0; k < fleet.size(); ++k) {
        ranges[fleet.id[k]] = {fleet.reactive[k].q_min_mvar, fleet.reactive[k].q_max_mvar};
    }
}

} // namespace

void expect_sound(const engine::Study& study, const RunRecord& record) {
    constexpr double q_slack_mvar = 0.1; // switching between PV and PQ ends within the tolerance
    std::map<std::string, Range> ranges;
    for (const engine::Epoch& epoch : study.epochs) {
        const engine::Sources& sources = epoch.system.sources;
        add_ranges(sources.solar, ranges);
        add_ranges(sources.wind, ranges);
        add_ranges(sources.hydro, ranges);
        add_ranges(sources.thermal, ranges);
        add_ranges(sources.waste_to_energy, ranges);
        for (std::size_t k = 0; k < sources.external_grids.size(); ++k) {
            const auto& reactive = sources.external_grids.reactive[k];
            const auto n = static_cast<double>(sources.external_grids.buses[k].size());
            ranges["tie " + sources.external_grids.id[k]] = {n * reactive.q_min_mvar,
                                                             n * reactive.q_max_mvar};
        }
    }
    const auto check = [&](Axis axis, Series BlockResult::*q, const std::string& prefix) {
        const auto& entries = record.axes().of(axis);
        for (std::size_t k = 0; k < entries.size(); ++k) {
            const auto range = ranges.find(prefix + entries[k].id);
            if (range == ranges.end()) {
                continue;
            }
            double low = 0;
            double high = 0;
            for (std::size_t t = 0; t < record.n_step(); ++t) {
                const double value = record.at(q, k, t);
                if (std::isfinite(value)) {
                    low = std::min(low, value);
                    high = std::max(high, value);
                }
            }
            EXPECT_GE(low, range->second.q_min_mvar - q_slack_mvar) << entries[k].id;
            EXPECT_LE(high, range->second.q_max_mvar + q_slack_mvar) << entries[k].id;
        }
    };
    check(Axis::source, &BlockResult::source_q_mvar, "");
    check(Axis::tie, &BlockResult::tie_q_mvar, "tie ");

    const engine::Summary& summary = record.summary();
    EXPECT_EQ(summary.steps.at("converged"), static_cast<double>(record.n_step()));
    EXPECT_EQ(summary.indicators.at("unserved_mwh"), 0.0);
    EXPECT_EQ(summary.indicators.at("voltage_violation_hours"), 0.0);
    EXPECT_EQ(summary.indicators.at("overload_hours"), 0.0);
    EXPECT_EQ(summary.counts.at("held_controls"), 0.0);
    EXPECT_LE(summary.balance.at("max_bus_mismatch_mw"), 1e-6);
}

} // namespace yuanwang::xining
