/// @file
/// How much of an indicator's variance each axis explains.
///
///     S_i = Var(E[y | x_i]) / Var(y)            main effect, alone
///     T_i = 1 − Var(E[y | x_~i]) / Var(y)       total effect, with everything it interacts with
///
///     y     an indicator over the members       its unit
///     x_i   the point on axis i; x_~i the points on all the others
///
/// | design   | S                                                     | T                                       |
/// |----------|-------------------------------------------------------|-----------------------------------------|
/// | full     | exact: analysis of variance over the points           | exact: groups of equal other coordinates |
/// | saltelli | mean of y_B (y_AB − y_A) / Var (Saltelli et al. 2010) | ½ mean of (y_A − y_AB)² / Var (Jansen 1999) |
/// | others   | groups of equal points or of equal number, corrected for what chance explains (ε², Kelley 1935) | none |
///
/// Sources: Saltelli, Annoni, Azzini, Campolongo, Ratto, Tarantola, Comput. Phys. Commun. 181, 259–270, 2010 (table 2);
/// Jansen, Comput. Phys. Commun. 117, 1999; Kelley, PNAS 21(9), 1935.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sweep/manifest.hpp"
#include "sweep/store.hpp"

namespace yuanwang::sweep {

struct Sensitivity {
    std::optional<double> main;  ///< S, 0…1; nothing where it cannot be told
    std::optional<double> total; ///< T
};

/// Mean of an indicator where an axis has a point, or lies in a part of its range.
struct Level {
    std::string label;
    double mean = 0;
    double min = 0;
    double max = 0;
    std::size_t n_member = 0;
};

/// Indices of one indicator, one per axis; `values` are per member, NaN where there is none.
[[nodiscard]] std::vector<Sensitivity> find_sensitivities(const Manifest& manifest,
                                                          std::span<const double> values);

/// Levels of an axis: its points, or up to ten parts with equally many members.
[[nodiscard]] std::vector<Level> find_levels(const Manifest& manifest, std::size_t axis,
                                             std::span<const double> values);

/// An indicator over all members, NaN where there is none.
[[nodiscard]] std::vector<double> list_values(const std::vector<MemberState>& members,
                                              const std::string& indicator);

} // namespace yuanwang::sweep
