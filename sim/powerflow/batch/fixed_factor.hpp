/// @file
/// One factorisation for many lanes: numbers that all of them share, from the Jacobian at one profile.
///
/// Layout and plan are those of `Elimination`, but L is kept: block n of row i at `l_start[i] + place[n]`, by columns.
#pragma once

#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include "powerflow/batch/bus_admittance.hpp"
#include "powerflow/batch/elimination.hpp"

namespace yuanwang::powerflow::batch {

template <class T>
struct FixedFactor {
    std::vector<std::int32_t> l_start; ///< [n_row]
    std::vector<T> l;
    std::vector<T> d; ///< [4 n_row] inverse of the diagonal block, by rows; a PV bus uses the first
    std::vector<T> u; ///< [n_u_value], blocks by rows
};

/// Factorises at V [n_bus]; in double, then rounded. False where a pivot breaks down.
/// Precondition: no bus of the plan switches.
template <class T>
[[nodiscard]] bool factorise_at(const Elimination& plan, const BusAdmittance& y,
                                std::span<const std::complex<double>> V, FixedFactor<T>& factor);

} // namespace yuanwang::powerflow::batch
