/// @file
/// Where energy is lost: lines and transformers by voltage level, from the AC solution.
///
///     losses = Σ_t Δt (Σ_k (p_from + p_to) + shunts)        MWh
///
/// A line counts at its own voltage, a transformer (all its windings) at that of its hv side. Fixed shunts with a
/// conductance make up what is left of `losses_mwh`; ordinary grids have none.
#pragma once

#include <cstddef>
#include <map>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"

namespace yuanwang::engine {

class LossAccount {
  public:
    void add(const EpochModel& model, double dt_h, const BlockData& data);

    /// `losses_mwh_line_<kV>`, `losses_mwh_transformer_<kV>`.
    void finish(Summary& summary) const;

  private:
    std::map<int, double> line_mwh_; ///< by kV
    std::map<int, double> transformer_mwh_;
};

} // namespace yuanwang::engine
