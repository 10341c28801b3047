/// @file
/// A run of which only the summary is wanted: columns are dropped as they come, and no file library is touched.
#pragma once

#include "results/results.hpp"

namespace yuanwang::sweep {

class DiscardingSink final : public engine::ResultSink {
  public:
    void begin(const engine::ResultAxes&) override {}
    void write(const engine::BlockResult&) override {}
    void write_curtailment(std::span<const engine::CurtailmentRow>) override {}
    void write_verdicts(std::span<const engine::VerdictRow>) override {}
    void finish(const engine::Summary&) override {}
};

} // namespace yuanwang::sweep
