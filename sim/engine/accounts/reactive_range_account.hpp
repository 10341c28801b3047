/// @file
/// Hours in which the unit that holds an island's voltage alone, as a rule the reference tie, is beyond its reactive range.
///
/// Nobody else could take the voltage over, so the power flow lets it stand there (powerflow/q_limits.hpp) and says by how
/// much. Every such step leaves a verdict `reactive_range`: the unit, its Mvar with the excess of its node, and the end of
/// the range it is beyond. Counts of the summary:
///
/// | count                      | meaning                                       |
/// |----------------------------|-----------------------------------------------|
/// | reactive_range_hours       | hours with such a unit                        |
/// | reactive_range_excess_mvar | largest excess beyond q_max or below q_min    |
#pragma once

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"

namespace yuanwang::engine {

class ReactiveRangeAccount {
  public:
    /// Looks at a solved block of steps of `dt_h` hours.
    void add(const EpochModel& model, StepRange steps, double dt_h, BlockData& data);
    /// Writes the counts where there is anything to say.
    void finish(Summary& summary) const;

  private:
    double hours_ = 0;
    double excess_mvar_ = 0;
};

} // namespace yuanwang::engine
