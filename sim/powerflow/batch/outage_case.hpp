/// @file
/// One outage of one step as a lane takes it: schedule, types, and the rules that change them on the way.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "powerflow/batch/outage.hpp"
#include "powerflow/batch/outage_base.hpp"
#include "powerflow/batch/outage_response.hpp"
#include "powerflow/batch/outage_topology.hpp"

namespace yuanwang::powerflow::batch {

/// What a converged lane has to do next.
enum class CaseVerdict : std::uint8_t { rests, moved, beyond_lanes };

/// Where one case stands. Spans into arrays of the solver.
struct CaseState {
    std::span<double> p_pu;          ///< [n_node] scheduled
    std::span<double> q_pu;          ///< [n_node]
    std::span<std::uint8_t> is_pq;   ///< [n_node]
    std::span<NodeHold> hold;        ///< [n_holder]
    std::span<std::uint8_t> changes; ///< [n_holder] of `hold`, in this step
    double* lack_pu = nullptr; ///< what the outage leaves missing, and what losses have added since
    double* shed_share = nullptr; ///< of every load, because nobody can take what is missing
    int held = 0; ///< nodes that `judge` leaves at a limit though they would rather be inside
};

struct CaseRules {
    bool q_limits = true;
    double slack_tolerance_pu = 5e-3;
    double margin_pu = 1e-7; ///< beyond a reactive limit or set-point before a rule fires
};

/// The step an outage happens in.
struct CaseStep {
    const OutageBase* base = nullptr;
    const BlockInjections* injections = nullptr;
    const BlockStates* states = nullptr;
    const OutageColumns* columns = nullptr;
    std::size_t t = 0;
    std::vector<Responder>* responders = nullptr; ///< scratch
    std::vector<double>* change = nullptr;        ///< scratch
};

class OutageCase {
  public:
    OutageCase(const CaseStep& step, const Outage& outage, const OutageTopology& topology)
        : step_{step}, base_{*step.base}, outage_{outage}, topology_{topology} {}

    /// False where lanes cannot take the case in this step: it loses the slack node or all that share the slack.
    [[nodiscard]] bool fits_lanes() const;
    /// Writes schedule and types of the case before its first Newton step.
    void begin(CaseState& state) const;
    /// Looks at a solved state `V` [n_node]; moves limits and slack where it must.
    [[nodiscard]] CaseVerdict judge(std::span<const std::complex<double>> V, const CaseRules& rules,
                                    CaseState& state) const;
    /// Appends how Y differs in this case.
    void append_changes(std::vector<AdmittanceEntry>& change) const;
    /// Load that goes with dark buses and with `Outage::load_buses`, MW.
    [[nodiscard]] double dark_load_mw() const;
    [[nodiscard]] double own_load_mw() const;
    /// Load shed where nobody can take what is missing, MW.
    [[nodiscard]] double shed_load_mw(double shed_share) const;

  private:
    /// Reactive power of a node's units in this case.
    struct Range {
        double q_other = 0;
        double q_min = 0;
        double q_max = 0;
        int units_on = 0;
    };
    template <class Visit>
    void visit_lost_units(Visit visit) const;
    template <class Visit>
    void visit_lost_loads(Visit visit) const;
    [[nodiscard]] Range range(std::size_t node, double shed_share) const;
    [[nodiscard]] double lost_share(UnitIdx u) const;
    [[nodiscard]] bool is_dark(std::size_t node) const;
    [[nodiscard]] std::complex<double> power(std::span<const std::complex<double>> V,
                                             std::size_t node) const;
    [[nodiscard]] double remaining_share() const;
    /// True where branches alone are lost and nothing is left in the dark: only losses change.
    [[nodiscard]] bool only_losses() const;
    /// By participation, whatever the rooms.
    void share(double lack_pu, CaseState& state) const;
    /// By outage_response.hpp; what losses change by participation alone. Adds `more_pu` to the lack answered so far.
    void respond_to(double more_pu, CaseState& state) const;
    void add_response(double lack_pu, double sign, CaseState& state) const;
    void set_shed_share(double share, CaseState& state) const;
    template <class Visit>
    void visit_living_loads(Visit visit) const;
    [[nodiscard]] NodeHold wanted_hold(std::size_t node, NodeHold now,
                                       std::span<const std::complex<double>> V, double margin_pu,
                                       double shed_share) const;
    void set_hold(std::size_t h, NodeHold hold, CaseState& state) const;
    /// Nodes at a limit that would rather be inside; true where one returns.
    [[nodiscard]] bool let_return(std::span<const std::complex<double>> V, double margin_pu,
                                  CaseState& state) const;
    /// Nodes beyond their range, while none returns.
    [[nodiscard]] CaseVerdict let_leave(std::span<const std::complex<double>> V, double margin_pu,
                                        CaseState& state) const;

    CaseStep step_;
    const OutageBase& base_;
    const Outage& outage_;
    const OutageTopology& topology_;
};

} // namespace yuanwang::powerflow::batch
