/// @file
/// Which combinations of points become members.
///
///     full             n = n_1 · n_2 · …, the last axis turns fastest
///     zip              n = n_1 = n_2 = …
///     list             as written
///     latin_hypercube  x_k = (π(k) + u_k) / n,  k = 0 … n−1
///     sobol            x_k of the Sobol sequence (sobol.hpp), shifted by the seed
///     monte_carlo      x_k = u_k
///     saltelli         A_k, B_k and A_k with coordinate i of B_k, i = 1 … d: n (d + 2) members, where (A_k, B_k) is a Sobol
///                      sequence of 2 d dimensions
///
///     π    a random permutation of 0 … n−1, one per axis      1
///     u_k  uniform in [0, 1)                                  1
///     x_k  position on the axis: its quantile (distribution.hpp), or the point of a list whose share of the weights holds x
///
/// Random numbers of an axis depend on the seed and its name, not on what else varies.
/// Sources: hypercube – McKay, Beckman, Conover, Technometrics 21(2), 1979; saltelli – Saltelli et al., Comput. Phys. Commun.
/// 181, 2010.
#pragma once

#include <vector>

#include "sweep/sweep_file.hpp"

namespace yuanwang::sweep {

/// Lays out the members; filters are not looked at. Throws `InputError` where axes do not fit the design, where a sampled
/// design asks for more members than there are combinations, or where there are more than `max_members`.
[[nodiscard]] std::vector<Combination> lay_out(const SweepFile& sweep);

} // namespace yuanwang::sweep
