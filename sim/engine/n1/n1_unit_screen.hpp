/// @file
/// The loss of a generating unit, storage block or DC pole by DC: what the grid carries once others have taken up its output.
///
///     f' = f + H Δp,     Δp = −p_u/n at the unit's bus and what outage_response.hpp gives to every other unit
///
///     f   [n_branch × n_step]   active power of the AC solution at the from end     MW
///     H   [n_branch × n_bus]    PTDF, by one factor of the DC matrix                1
///
/// Units, rooms and load shed are those of the AC methods (unit_room.hpp); losses stay as they were. Load shed because
/// nobody can take up the output is the load lost after the outage.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/n1/unit_room.hpp"
#include "powerflow/batch/outage_response.hpp"
#include "results/n1_findings.hpp"
#include "results/outage_names.hpp"
#include "security/dc_factor.hpp"

namespace yuanwang::engine {

class N1UnitScreen {
  public:
    /// Keeps a reference to `model`.
    N1UnitScreen(const EpochModel& model, const OutageNames& names);

    /// Units and poles looked at.
    [[nodiscard]] std::size_t n_outage() const { return outages_.size(); }

    /// Widens the N-1 columns of `data.result` and lists the load lost in every step. Precondition: the branch outages are in the
    /// columns, and the grid has a factor.
    void screen(BlockData& data, std::vector<N1StepFindings>& findings);

  private:
    struct UnitOutage {
        powerflow::batch::Outage outage;
        std::uint32_t name = 0; ///< row of `OutageNames`
    };
    void screen_step(BlockData& data, std::size_t t, N1StepFindings& found);
    /// Writes Δp of an outage into lane w of `lanes_`; returns the load shed, MW.
    double inject(const BlockData& data, std::size_t t, const UnitOutage& lost, std::size_t w);
    void add_at(BusIdx bus, std::size_t w, double p_mw);
    void widen(const std::vector<std::vector<BranchIdx>>& elements,
               const std::vector<std::uint32_t>& axis_row, std::size_t t, std::size_t w,
               std::uint32_t name, const BlockData& data, Series& loading_percent,
               Series& outage) const;

    const EpochModel& m_;
    security::DcFactor factor_;
    std::vector<UnitOutage> outages_;
    powerflow::batch::OutageColumns columns_;
    std::vector<powerflow::batch::Responder> responders_;
    std::vector<double> change_;
    std::vector<double> lanes_; ///< [n_row + 1 × lanes], the last row a reference
    std::vector<std::size_t> in_lane_;
};

} // namespace yuanwang::engine
