/// @file
/// Which outages of a step come near a limit: flows by LODF, voltages by one step of B''. The rest need no AC solution.
///
///     P'_l = P_l + L(l,k) P_k,    Q'_l = Q_l + L(l,k) Q_k                            MW, Mvar
///     s(l) = sqrt(P'² + Q'²) / rate_l                                                %
///     ΔV   = X_E (I + δ X_EE)⁻¹ ΔQ_E,    X = inv(B''),  E the ends of branch k        pu
///     ΔQ_E = the reactive flow the branch took from its ends, less half of ΔQ_loss at each
///     ΔQ_loss = Σ_l |z_l| (P'_l² − P_l²)     what the rerouted flow loses beside
///
/// δ is what the outage changes in the rows of E of B'' (compensation), so one inverse of a block of steps serves every
/// outage. Nodes that hold their voltage in every step of the block with a tenth of their range to spare are left out of B'';
/// all others are free, which moves voltages more than they will move. Near means: a loading above `flow_percent`, a section
/// above `flow_percent` of its limit, a voltage nearer to its band than `voltage_margin_pu` + ½ |ΔV| + |ΔV_P| + X_ii |ΔQ_loss|. ΔV_P
/// is the same with (Σr/Σx) P in the place of Q, X_ii |ΔQ_loss| what the bus would feel if all of the loss were its own. Outages of more than one branch, of
/// units or of loads are always near.
///
/// Sources: Ejebe, Van Meeteren, Wollenberg, Fast contingency screening and evaluation for voltage security analysis, IEEE
/// Trans. Power Syst. 3(4), 1988; Alsac, Stott, Tinney, Sparsity-oriented compensation methods, IEEE Trans. PAS-102, 1983.
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
    double flow_percent = 92;         ///< of the rating after an outage
    double voltage_margin_pu = 0.008; ///< from the band after an outage
};

/// What a bus or section may show after an outage.
struct Bounds {
    double min = 0;
    double max = 0;
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
    /// Any number of threads may ask at once.
    void choose(const powerflow::BlockStates& states, std::size_t t, std::vector<std::size_t>& near,
                WorstOutcomes& rest) const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// Lets what was estimated widen what was solved.
void widen(WorstOutcomes& solved, const WorstOutcomes& estimated);

} // namespace yuanwang::security
