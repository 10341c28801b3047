/// @file
/// A result sink that keeps every column of a short run in memory.
#pragma once

#include <vector>

#include "results/results.hpp"

namespace yuanwang::test {

class CollectingSink final : public engine::ResultSink {
  public:
    void begin(const engine::ResultAxes& axes_in) override { axes = axes_in; }
    void write(const engine::BlockResult& block) override { blocks.push_back(block); }
    void write_curtailment(std::span<const engine::CurtailmentRow> rows) override {
        curtailment.insert(curtailment.end(), rows.begin(), rows.end());
    }
    void write_verdicts(std::span<const engine::VerdictRow> rows) override {
        verdicts.insert(verdicts.end(), rows.begin(), rows.end());
    }
    void write_managed_calls(std::span<const engine::ManagedCallRow> rows) override {
        managed_calls.insert(managed_calls.end(), rows.begin(), rows.end());
    }
    void finish(const engine::Summary& summary_in) override {
        summary = summary_in;
        ++finished;
    }

    /// Values of one entry over the whole run.
    [[nodiscard]] std::vector<double> over_time(Series engine::BlockResult::*column,
                                                std::size_t entry = 0) const {
        std::vector<double> values;
        for (const engine::BlockResult& block : blocks) {
            for (std::size_t t = 0; t < block.steps.count; ++t) {
                values.push_back((block.*column)(entry, t));
            }
        }
        return values;
    }

    engine::ResultAxes axes;
    std::vector<engine::BlockResult> blocks;
    std::vector<engine::CurtailmentRow> curtailment;
    std::vector<engine::VerdictRow> verdicts;
    std::vector<engine::ManagedCallRow> managed_calls;
    engine::Summary summary;
    int finished = 0;
};

} // namespace yuanwang::test
