/// @file
/// Capacity of storages through a run: cycles and time take of it, dispatch plans with what is left.
///
/// SOC and cell temperature of every step are kept for an interval of 28 days (and what is left at the end of the run). Then
/// its cycles (rainflow) and its length are added to what the storage has aged so far, and the next block is planned with
/// the energy capacity that is left. What a storage held beyond that is lost with the capacity. A run of several years
/// thus fades from year to year; half cycles that span two intervals are counted on both sides (ASTM E1049).
/// Laws: models/storage/ageing.hpp. SOC is of the capacity left.
#pragma once

#include <cstddef>
#include <vector>

#include "dispatch/table.hpp"
#include "engine/epoch/block_data.hpp"
#include "models/storage/ageing.hpp"
#include "results/axes.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

class StorageAgeing {
  public:
    StorageAgeing(const ResultAxes& axes, double dt_h);

    /// Before a block: capacity left into `rows`, stored energy beyond it out of `state`.
    void apply(const BatteryFleet& fleet, const AxisMap& axes, dispatch::Storages& rows,
               dispatch::State& state);
    /// After a block: its SOC and temperatures; fills `storage_capacity_share` of the result.
    void record(const BatteryFleet& fleet, const AxisMap& axes, BlockData& data);
    /// Ages what is left of the last interval and writes the facts of every storage.
    void finish(Summary& summary);

  private:
    struct Life { ///< of one entry of the storage axis
        AgeingLaw law = AgeingLaw::none;
        std::vector<double> soc; ///< of the running interval
        std::vector<double> cell_c;
        double capacity_share = 1;
        double xu_cycle = 0; ///< damage so far
        double xu_calendar = 0;
        models::LfpState lfp;
        double hours = 0;
        double full_cycles = 0; ///< Σ n d of the rainflow count
        double soc_sum = 0;     ///< over steps
        double cell_sum_c = 0;
        double cell_min_c = 1e9;
        double charge_mwh = 0;
        double discharge_mwh = 0;
        double loss_mwh = 0; ///< inside, between the terminals
        double faded_mwh = 0;
        double auxiliary_mwh = 0;
        double cold_hours = 0; ///< with less than the rated charging power
    };
    void age(Life& life) const;

    const ResultAxes& axes_;
    double dt_h_;
    std::vector<Life> lives_;
};

} // namespace yuanwang::engine
