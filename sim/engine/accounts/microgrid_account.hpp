/// @file
/// Centers on a clean microgrid that is cut off: how long sun, wind and battery carry them.
///
/// A microgrid is cut off while its island has no tie. Every such step either balances or is short; facts go to
/// `Summary::devices["microgrid"][name]`: `carried_hours`, `short_hours`, `unserved_mwh`, `longest_carried_h`,
/// `longest_short_h`, and `short_hours_01` … `_12` by month of the Beijing clock. Which steps they are stands in
/// `load_unserved_mw`.
#pragma once

#include <array>
#include <map>
#include <string>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"

namespace yuanwang::engine {

class MicrogridAccount {
  public:
    void record(const EpochModel& model, const TimeAxis& time, const BlockData& data);
    void finish(Summary& summary) const;

  private:
    struct Island {
        double carried_h = 0;
        double short_h = 0;
        double unserved_mwh = 0;
        double spell_h = 0; ///< of the spell that runs
        bool spell_is_short = false;
        double longest_carried_h = 0;
        double longest_short_h = 0;
        std::array<double, 12> short_by_month_h{};
    };
    static void add_step(double unserved_mw, double dt_h, std::size_t month, Island& island);

    std::map<std::string, Island> islands_;
};

} // namespace yuanwang::engine
