/// @file
/// The loops over AC outages side by side, by the vector instructions of the machine: what each outage means for one branch or
/// bus, and which outage is the worst so far.
///
///     S_f = V_f conj(Y_ff V_f + Y_ft V_t)     S_t likewise          V = e + jf, pu
///     loading² = max(|S_f|², |S_t|²)/rate²,   p_from = Re S_f
///
/// Eight outages stand side by side in every array. Products are rounded before they are added, so every instruction set
/// gives the same bits.
#pragma once

#include <cstddef>
#include <cstdint>

namespace yuanwang::security {

constexpr std::size_t worst_lanes = 8;

/// A branch that is rated or counts in a section.
struct WorstBranch {
    std::size_t branch;
    std::size_t from, to; ///< nodes
    double ff_g = 0, ff_b = 0, ft_g = 0, ft_b = 0, tf_g = 0, tf_b = 0, tt_g = 0, tt_b = 0;
    double inverse_rate2_from; ///< 0: no rating
    double inverse_rate2_to;   ///< 0: no rating, or no terminal (network/terminal_power.hpp)
    std::int32_t section_row;
};

/// Largest or smallest so far and whose it is, of as many rows as there are. [n × lanes]
struct WorstSoFar {
    double* value = nullptr;
    double* outage = nullptr;
};

/// `index` [lanes] names the outages that stand side by side.
struct WorstKernels {
    /// `e`, `f` [n_node × lanes]; fills `loading2` and `p_from` [lanes].
    void (*compute_loading)(const WorstBranch&, const double* e, const double* f, double* loading2,
                            double* p_from);
    /// Lets `value` [n × lanes] widen what was largest, or smallest.
    void (*widen_high)(std::size_t n, const double* value, const double* index, const WorstSoFar&);
    void (*widen_low)(std::size_t n, const double* value, const double* index, const WorstSoFar&);
    /// The same for |V|² of every bus; a dark bus (0) is never the lowest.
    void (*widen_buses)(std::size_t n, const std::size_t* node_of_bus, const double* e,
                        const double* f, const double* index, const WorstSoFar& low,
                        const WorstSoFar& high);
};

/// As `dc_kernels`.
[[nodiscard]] WorstKernels worst_kernels();

} // namespace yuanwang::security
