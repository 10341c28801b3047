/// @file
/// The worst that all solved outages of a step do to each branch, bus and section.
///
///     s(l) = max over outages c of max(|S_from|, |S_to|)_l,c / rate_l       %
///     v⁻(i), v⁺(i)  = min, max over c of |V_i,c|                            pu
///     p⁻(m), p⁺(m)  = min, max over c of Σ sign · P_from                    MW
///
/// Eight outages lie side by side: their voltages are turned around once, then every branch is one pass of full vectors.
/// A branch that the outage itself takes out carries nothing; a dark bus has no voltage to judge. Ties go to the outage
/// that stands first. Nothing is allocated after the first step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/aligned.hpp"
#include "core/index.hpp"
#include "network/network.hpp"
#include "powerflow/batch/outage_solver.hpp"
#include "security/worst_kernels.hpp"

namespace yuanwang::security {

/// A value and the outage it stands for; −1: no outage bears on it.
struct Extreme {
    double value = 0;
    std::int32_t outage = -1;
};

struct WorstOutcomes {
    std::vector<Extreme>
        loading_percent;            ///< [n_branch] of the rating; unrated branches stay at 0, −1
    std::vector<Extreme> vm_min_pu; ///< [n_written_bus]
    std::vector<Extreme> vm_max_pu;
    std::vector<Extreme> section_min_mw; ///< [n_section]
    std::vector<Extreme> section_max_mw;
};

/// A branch of a section and its sign.
struct SectionBranch {
    BranchIdx branch;
    double sign = 1;
};

class OutageWorst {
  public:
    static constexpr std::size_t lanes = worst_lanes;

    /// `rate_mva` [n_branch]: what each may carry after an outage; 0: unlimited.
    OutageWorst(const network::Network& grid, std::span<const double> rate_mva,
                std::vector<std::vector<SectionBranch>> sections);

    /// Goes through all outages of the step that have a solution.
    void find(const powerflow::batch::OutageSolver& solver, WorstOutcomes& worst);

  private:
    struct Lanes {
        AlignedVector<double> low, low_outage, high, high_outage; ///< [n × lanes]
        void reset(std::size_t n, double low_start, double high_start);
        [[nodiscard]] WorstSoFar lowest() { return {low.data(), low_outage.data()}; }
        [[nodiscard]] WorstSoFar highest() { return {high.data(), high_outage.data()}; }
    };
    void read_admittances(const powerflow::NodalMatrix& matrix);
    void load_group(const powerflow::batch::OutageSolver& solver,
                    std::span<const std::size_t> group);
    void widen_branches(const powerflow::batch::OutageSolver& solver,
                        std::span<const std::size_t> group);
    void follow_taps(const powerflow::batch::OutageSolver& solver,
                     std::span<const std::size_t> group);
    void widen_sections();
    static void fold(const AlignedVector<double>& values, const AlignedVector<double>& outages,
                     bool largest, std::vector<Extreme>& out);

    WorstKernels kernels_ = worst_kernels();
    std::size_t n_branch_;
    std::size_t n_bus_;
    std::vector<double> rate_mva_;
    std::vector<char> terminal_at_to_; ///< [n_branch] network/terminal_power.hpp
    std::vector<std::vector<SectionBranch>> sections_;
    std::vector<std::int32_t> section_row_; ///< [n_branch] or −1
    std::vector<WorstBranch> rows_;
    std::vector<std::int32_t> row_of_branch_;
    AlignedVector<double> e_, f_;       ///< [n_node × lanes]
    AlignedVector<double> index_;       ///< [lanes] outage
    AlignedVector<double> loading2_;    ///< [n_row × lanes] of the group
    AlignedVector<double> section_p_;   ///< [n_section_branch × lanes]
    AlignedVector<double> section_sum_; ///< [n_section × lanes]
    std::vector<std::size_t> node_of_bus_;
    std::vector<std::size_t> group_;
    Lanes branch_, bus_, section_;
    std::vector<Extreme> branch_worst_; ///< [n_row]
};

} // namespace yuanwang::security
