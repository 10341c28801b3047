/// @file
/// Many power flows of one topology: what goes in, what comes out. Plain arrays, per unit.
///
/// A case is an hour, an outage or a member of a sweep. Arrays [n_bus × n_case] hold one case after
/// the other.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/status.hpp"
#include "powerflow/batch/bus_admittance.hpp"

namespace yuanwang::powerflow::batch {

struct BatchProblem {
    std::size_t n_case = 0;
    /// Scheduled net injection, into the grid positive: [n_bus × n_case], or [n_bus] shared by all.
    std::span<const double> p_pu;
    std::span<const double> q_pu;
    /// [n_bus] voltages to start from. Slack buses keep theirs, PV buses hold its magnitude.
    std::span<const std::complex<double>> start;
    /// So many cases in a row start from each other's solution, the first of them from `start`.
    /// Where a case starts depends on its number alone, whichever lane or thread takes it.
    std::size_t chain_length = 1;
    /// [n_bus × n_case] 1 where a bus `pv_or_pq` is PQ in that case. Empty: PV everywhere.
    std::span<const std::uint8_t> is_pq;
    /// Entries of Y that differ: those of case c at [change_start[c], change_start[c+1]). Empty: none.
    std::span<const std::int32_t> change_start;
    std::span<const AdmittanceEntry> change;

    [[nodiscard]] bool shares_schedule() const { return p_pu.size() == start.size(); }
};

struct CaseOutcome {
    StepStatus status = StepStatus::not_run;
    int iterations = 0;         ///< Newton steps
    double max_mismatch_pu = 0; ///< largest |ΔP|, |ΔQ| at the end, in double
};

struct BatchResult {
    std::vector<std::complex<double>> V; ///< [n_bus × n_case]; NaN where a case did not converge
    std::vector<CaseOutcome> outcome;    ///< [n_case]
};

struct BatchLimits {
    double tolerance_pu = 1e-8;
    int max_iterations = 20;
};

} // namespace yuanwang::powerflow::batch
