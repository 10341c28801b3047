/// @file
/// DC screen of every outage for every step of a block.
///
///     s(l,t) = max over outages k ≠ l of |f_l(t) + L(l,k) f_k(t)| / rate_l
///
///     f  [n_branch × n_step]   flow of the base state, from → to positive   MW
///     L  [n_branch × n_outage] LODF                                         1
///     s  [n_branch × n_step]   worst loading after any outage               %
///
/// Factors are laid out once per topology; the flows of 16 steps lie side by side while one row of factors passes over
/// them, so that the inner loop stays in the nearest cache and in full vectors. Nothing is allocated after the first block
/// of a size.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/aligned.hpp"
#include "core/series.hpp"
#include "security/outage_factors.hpp"
#include "security/screen_kernel.hpp"

namespace yuanwang::security {

class OutageScreen {
  public:
    static constexpr std::size_t step_lanes = screen_lanes;

    /// `rate_mw` [n_branch] is what each branch may carry after an outage; 0: unlimited, never the worst.
    OutageScreen(OutageFactors& factors, std::span<const double> rate_mw);

    /// Fills `loading_percent` and `outage` [n_branch × n_step]; `outage` names the branch row whose loss is worst, −1 where
    /// no outage or no rating bears on the branch. Steps whose flows are NaN give NaN and −1.
    void screen(const Series& p_mw, Series& loading_percent, BasicSeries<std::int32_t>& outage);

  private:
    void load_steps(const Series& p_mw, std::size_t first);

    ScreenKernel kernel_ = screen_kernel();
    AlignedVector<double> factors_;    ///< [n_branch × n_outage], by rows
    std::vector<std::size_t> outages_; ///< branch rows, ascending
    std::vector<std::size_t> own_;     ///< of each branch among the outages, n_outage: nowhere
    std::vector<double> number_;       ///< outages_ as vectors compare them
    std::vector<double> inverse_rate_percent_;
    AlignedVector<double> flow_;         ///< [n_branch × step_lanes]
    AlignedVector<double> lost_;         ///< [n_outage × step_lanes]
    AlignedVector<double> worst_;        ///< [n_branch × step_lanes]
    AlignedVector<double> worst_outage_; ///< [n_branch × step_lanes], a row number or −1
};

} // namespace yuanwang::security
