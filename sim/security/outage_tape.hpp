/// @file
/// What the outage kernels walk along: rows, entries of L and branches in the order of the backward pass, and for every
/// block of outages the rows that their right-hand sides reach. Made once per factor.
///
/// Outages stand in the order in which the tape meets their branches, so that those solved together share their way to the
/// root of the elimination tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/aligned.hpp"
#include "network/network.hpp"
#include "security/dc_factor.hpp"
#include "security/dc_kernels.hpp"

namespace yuanwang::security {

class OutageTape {
  public:
    OutageTape() = default;
    /// `may_be_lost` [n_branch]. Precondition: `factor` has been made of this grid.
    OutageTape(const network::Network& grid, const DcFactor& factor,
               const std::vector<bool>& may_be_lost);

    [[nodiscard]] const std::vector<BranchIdx>& outages() const { return outages_; }
    [[nodiscard]] std::size_t n_block() const {
        return (outages_.size() + dc_lanes - 1) / dc_lanes;
    }
    [[nodiscard]] std::size_t n_level() const { return n_level_; }
    /// Most rows that any block reaches.
    [[nodiscard]] std::size_t n_reached() const { return n_reached_; }
    [[nodiscard]] std::size_t bytes() const;

    [[nodiscard]] DcTape tape() const;
    /// The outages of a block without what each lost branch carries.
    [[nodiscard]] DcOutages block(std::size_t block) const;

  private:
    void walk(const network::Network& grid, const DcFactor& factor,
              const std::vector<bool>& may_be_lost);
    void reach(const DcFactor& factor);

    // The tape.
    std::vector<DcVisit> visits_;
    std::vector<double> l_;
    std::vector<std::int32_t> place_;
    std::vector<DcBranch> branches_;
    std::int32_t n_loose_ = 0;
    std::size_t n_level_ = 1;

    // By outage: the lost branch, the visit it belongs to, rows of its ends (then places of y).
    std::vector<BranchIdx> outages_;
    std::vector<std::int32_t> visit_of_;
    std::vector<std::int32_t> from_;
    std::vector<std::int32_t> to_;
    AlignedVector<double> b_; ///< [n_block × lanes]

    // By block: rows reached, ascending, and what each loses.
    std::vector<std::size_t> reached_start_; ///< [n_block + 1]
    std::vector<std::int32_t> reached_visit_;
    std::vector<double> reached_inverse_d_;
    std::vector<std::int32_t> reach_end_;  ///< within the block
    std::vector<std::size_t> reach_start_; ///< [n_block + 1]
    std::vector<DcReach> reach_;
    std::size_t n_reached_ = 0;
};

} // namespace yuanwang::security
