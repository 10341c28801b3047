/// @file
/// The home case as the tests see it: scenarios loaded once, runs kept as columns.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/simulator.hpp"
#include "results/results.hpp"
#include "scenario/load_study.hpp"
#include "study/study.hpp"

namespace yuanwang::xining {

/// A scenario of `scenarios/`, with settings on top.
[[nodiscard]] scenario::LoadedScenario load(const std::string& file,
                                            const std::vector<std::string>& set = {});

/// `xining-2025.yaml`, loaded once.
[[nodiscard]] const engine::Study& home_case();

/// Columns of a run, laid end to end.
class RunRecord final : public engine::ResultSink {
  public:
    void begin(const engine::ResultAxes& axes) override { axes_ = axes; }
    void write(const engine::BlockResult& block) override;
    void write_curtailment(std::span<const engine::CurtailmentRow> rows) override;
    void write_verdicts(std::span<const engine::VerdictRow> rows) override;
    void finish(const engine::Summary& summary) override { summary_ = summary; }

    [[nodiscard]] const engine::ResultAxes& axes() const { return axes_; }
    [[nodiscard]] const engine::Summary& summary() const { return summary_; }
    [[nodiscard]] const std::vector<engine::CurtailmentRow>& curtailment() const {
        return curtailment_;
    }
    [[nodiscard]] const std::vector<engine::VerdictRow>& verdicts() const { return verdicts_; }

    /// Value of an element at step t.
    [[nodiscard]] double at(Series engine::BlockResult::*column, std::size_t element,
                            std::size_t t) const;
    [[nodiscard]] std::size_t n_step() const { return axes_.time.n_step; }
    /// Row of an element on its axis; the test fails where there is none.
    [[nodiscard]] std::size_t row(engine::Axis axis, const std::string& id) const;
    /// Mean of one element over the steps of `hours` (Beijing clock, first to last, last left out).
    [[nodiscard]] double mean(Series engine::BlockResult::*column, std::size_t element,
                              double from_hour = 0, double to_hour = 24) const;

  private:
    engine::ResultAxes axes_;
    engine::Summary summary_;
    std::vector<engine::BlockResult> blocks_;
    std::vector<engine::CurtailmentRow> curtailment_;
    std::vector<engine::VerdictRow> verdicts_;
};

/// Runs a study and keeps its columns.
[[nodiscard]] RunRecord run(const engine::Study& study, bool expect_relaxed = false);

/// The year of `xining-2025.yaml`, run once.
[[nodiscard]] const RunRecord& home_year();

/// What every run of the home case must keep: all steps converged, no load unserved, voltages
/// inside their bands and every unit inside its reactive range.
void expect_sound(const engine::Study& study, const RunRecord& record);

} // namespace yuanwang::xining
