/// @file
/// One outage by the reference solver: a grid without what is lost, every island that keeps a source for itself.
///
/// For outages that leave two living parts, and for those the lanes do not solve. Taps and shunts start where the base
/// state has them and move if `options` let them; units keep their power, and each island shares what it lacks by participation, or leaves it to its first
/// unit in voltage mode. Units stay within their reactive range.
#pragma once

#include <complex>
#include <memory>
#include <span>

#include "network/network.hpp"
#include "powerflow/batch/outage.hpp"
#include "powerflow/block.hpp"

namespace yuanwang::powerflow::batch {

class OutageReference {
  public:
    OutageReference(const network::Network& grid, const Units& units, const Outage& outage,
                    const Options& options);
    ~OutageReference();
    OutageReference(OutageReference&&) noexcept;
    OutageReference& operator=(OutageReference&&) noexcept;

    /// Load shed in the last step because nobody could take what was missing, MW.
    [[nodiscard]] double shed_mw() const;
    /// Positions at the end of the last step solved.
    [[nodiscard]] const StartPositions& positions() const;

    /// Solves step t. `converged` also where a part goes dark: its voltages are 0 in `V` [n_bus].
    [[nodiscard]] StepOutcome solve(const BlockInjections& injections, const BlockStates& states,
                                    const OutageColumns& shed, std::size_t t,
                                    std::span<std::complex<double>> V);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace yuanwang::powerflow::batch
