/// @file
/// Which combinations of points become members.
///
///     full             n = n_1 · n_2 · …, the last axis turns fastest
///     zip              n = n_1 = n_2 = …
///     latin_hypercube  x_k = (π(k) + u_k) / n,  k = 0 … n−1
///
///     π    a random permutation of 0 … n−1, one per axis      1
///     u_k  uniform in [0, 1)                                  1
///     x_k  position on the axis: from + (to − from)·x of a range, point ⌊x·n_point⌋ of a list
///
/// The permutation of an axis depends on the seed and its name, not on what else varies.
/// Source of the hypercube: McKay, Beckman, Conover, Technometrics 21(2), 1979.
#pragma once

#include <vector>

#include "sweep/sweep_file.hpp"

namespace yuanwang::sweep {

/// One point per axis.
using Combination = std::vector<Written>;

/// Lays out the members. Throws `InputError` where axes do not fit the design or there are more than `max_members`.
[[nodiscard]] std::vector<Combination> lay_out(const SweepFile& sweep);

} // namespace yuanwang::sweep
