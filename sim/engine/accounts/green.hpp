/// @file
/// How green consumption is, step by step.
///
/// **Green energy** of a step is local solar, wind and hydro, clean surplus of the external grids,
/// waste × its biogenic share, firm imports × their green share, generators × theirs, and battery
/// discharge × the green share of what is stored; less what of it went into batteries.
///
/// **Consumption** is the load served plus the losses of serving it: losses carry the same mix.
///
/// What leaves over the ties is consumed elsewhere and counts there. Per step, with green power G, consumption C and
/// export E (MW, mean over the step):
///
///     matched   M = min(max(G − E, 0), C)      exports take green energy first: what the city can claim whatever was sold
///     consumed  K = min(G · C / (C + E), C)    exports carry the mix of the step (proportional sharing)
///
///     hourly matched   Σ M / Σ C
///     annual           min(Σ K, Σ C) / Σ C
///
/// 0 ≤ hourly ≤ annual ≤ 1; both are equal where nothing is exported, or all that is supplied in steps of export is green.
/// Source of the proportional sharing: Bialek, IEE Proc. Gener. Transm. Distrib. 143(4), 1996.
///
/// **Stored energy** keeps a green content that moves with it (mean mix, no first in, first out);
/// what a battery holds at the start of a run counts as not green:
///
///     g(t) = g(t−1)·(1 − self_discharge·Δt) + η_c·p_green·Δt − (g/e)·p_discharge·Δt/η_d
#pragma once

#include <cstddef>
#include <vector>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"

namespace yuanwang::engine {

class GreenAccount {
  public:
    explicit GreenAccount(std::size_t n_storage) : green_mwh_(n_storage, 0.0) {}

    /// Accounts for every step of a block; fills `data.green` and `data.storage_green_share`.
    void account(const EpochModel& model, BlockData& data, double dt_h);

  private:
    [[nodiscard]] double move_storages(const EpochModel& model, BlockData& data, std::size_t t,
                                       double dt_h);

    std::vector<double> green_mwh_; ///< green content, rows of the storage axis
};

/// Green share of what each unit brings in step t, [n_unit] in the order of unit_table.hpp. Sun, wind and water are green;
/// waste by its biogenic share; a tie by its clean surplus and the green share of its firm energy; a storage by what is
/// stored; coal and HVDC not at all.
void list_green_shares(const EpochModel& model, const BlockData& data, std::size_t t,
                       std::vector<double>& share);

} // namespace yuanwang::engine
