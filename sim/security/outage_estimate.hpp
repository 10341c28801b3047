/// @file
/// Which outages of a step come near a limit: flows by LODF, voltages by one step of B'' (voltage_sensitivity.hpp). The rest
/// need no AC solution.
///
///     P'_l = P_l + L(l,k) P_k,    Q'_l = Q_l + L(l,k) Q_k      of the end that carries more                MW, Mvar
///     g_l = max(0, P'_l² − P_l²)                               pu
///     s'(l) = sqrt((|P'_l| + r_l g_l)² + (|Q'_l| + ½ x_l g_l)²) / rate_l                                    %
///     ΔQ_loss = Σ_l |z_l| (P'_l² − P_l²)     what the rerouted flow loses beside
///
/// How wrong an estimate may be grows with the change it speaks of. An outage comes near a limit where, for some
///
///     branch     s' is nearer to 100 % than `flow_margin_percent` + c |s' − s|                    s before
///     section    p' is nearer to a limit than `section_margin` · limit + c |p' − p| + (Σr/Σx) |ΔQ_loss|
///     bus        V + ΔV is nearer to its band than `voltage_margin_pu` + ½ |ΔV| + |ΔV_P| + X_ii |ΔQ_loss|
///
/// c is `change_share`; X_ii |ΔQ_loss| is what a bus would feel if all of the loss were its own. So a section that is scheduled at its limit does not call for AC after every
/// outage that leaves it alone. Outages of more than one branch, of units or of loads are always near.
///
/// Source: Ejebe, Van Meeteren, Wollenberg, Fast contingency screening and evaluation for voltage security analysis, IEEE
/// Trans. Power Syst. 3(4), 1988.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "network/network.hpp"
#include "powerflow/batch/outage.hpp"
#include "powerflow/block.hpp"
#include "security/outage_worst.hpp"

namespace yuanwang::security {

struct EstimateLimits {
    double flow_margin_percent = 1.5; ///< of the rating after an outage
    double section_margin = 0.002;    ///< of the limit after an outage
    double change_share = 0.15;       ///< of what the outage changes
    double voltage_margin_pu = 0.004; ///< from the band after an outage
};

/// What a bus or section may show after an outage.
struct Bounds {
    double min = 0;
    double max = 0;
};

/// What one thread of `OutageEstimate::choose` works with; kept from step to step.
class EstimateScratch {
  public:
    EstimateScratch();
    ~EstimateScratch();
    EstimateScratch(EstimateScratch&&) noexcept;
    EstimateScratch& operator=(EstimateScratch&&) noexcept;

  private:
    friend class OutageEstimate;
    struct Columns;
    std::unique_ptr<Columns> columns_;
};

class OutageEstimate {
  public:
    /// `bus_band` [n_written_bus], pu; `section_limit` [n_section], MW.
    OutageEstimate(const network::Network& grid, const powerflow::Units& units,
                   std::span<const powerflow::batch::Outage> outages,
                   std::span<const double> rate_mva, std::vector<Bounds> bus_band,
                   std::vector<std::vector<SectionBranch>> sections,
                   std::vector<Bounds> section_limit, const EstimateLimits& limits = {});
    ~OutageEstimate();
    OutageEstimate(OutageEstimate&&) noexcept;
    OutageEstimate& operator=(OutageEstimate&&) noexcept;

    /// Inverts B'' for a block. Steps without a solution are passed over.
    void prepare(const powerflow::BlockInjections& injections,
                 const powerflow::BlockStates& states);

    /// Lists the outages of step t that come near a limit, ascending, and what the others are estimated to do at worst.
    /// Any number of threads may ask at once, each with its own scratch. Nothing is allocated after the first step.
    void choose(const powerflow::BlockStates& states, std::size_t t, EstimateScratch& scratch,
                std::vector<std::size_t>& near, WorstOutcomes& rest) const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// Lets what was estimated widen what was solved.
void widen(WorstOutcomes& solved, const WorstOutcomes& estimated);

} // namespace yuanwang::security
