/// @file
/// Every outage of every judged step by AC, folded back to lines, transformers, buses and sections.
///
/// Steps of a block are shared out over threads; what a step finds depends on its own columns only, so any number of threads
/// gives the same bytes. Loading is apparent power at the worse end, of the emergency rating; voltages are held against the
/// band after an outage, sections against their N-1 limit. An element shows its worst circuit, unit and winding.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/epoch/n1_outages.hpp"
#include "results/axes.hpp"
#include "results/n1_findings.hpp"
#include "results/outage_names.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

class N1Ac {
  public:
    /// Keeps references; `model` must outlive it.
    N1Ac(const Study& study, const EpochModel& model, const OutageNames& names, int n_thread = 1);
    ~N1Ac();
    N1Ac(N1Ac&&) noexcept;
    N1Ac& operator=(N1Ac&&) noexcept;

    /// Fills the N-1 columns of `data.result` and says what was found in each step of the block.
    void judge(BlockData& data, std::vector<N1StepFindings>& findings);

    [[nodiscard]] const N1Outages& outages() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace yuanwang::engine
