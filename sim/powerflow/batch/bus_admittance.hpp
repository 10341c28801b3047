/// @file
/// The bus admittance matrix as plain arrays, and the entries an outage changes in it.
///
///     I = Y V,   Y = G + jB        per unit, I into the grid
///
/// Rows are compressed; the diagonal stands in every row, columns ascend. A batch of power flows
/// shares one such matrix; a case of the batch that differs from it (an outage, another tap) names
/// the entries it changes. No change may touch an entry that is not there.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "network/network.hpp"

namespace yuanwang::powerflow::batch {

/// A value added at (row, column).
struct AdmittanceEntry {
    std::int32_t row = 0;
    std::int32_t column = 0;
    std::complex<double> y_pu;
};

struct BusAdmittance {
    std::vector<std::int32_t> start; ///< [n_bus + 1]
    std::vector<std::int32_t> column;
    std::vector<double> g_pu;
    std::vector<double> b_pu;

    [[nodiscard]] std::size_t n_bus() const { return start.empty() ? 0 : start.size() - 1; }
    /// Position of (row, column) in `column`; -1 where the matrix has no such entry.
    [[nodiscard]] std::int32_t find(std::int32_t row, std::int32_t bus) const;
};

/// Sums entries into a matrix. Adds the diagonals that none of them names.
[[nodiscard]] BusAdmittance make_bus_admittance(std::size_t n_bus,
                                                std::span<const AdmittanceEntry> entries);

/// The matrix of a network as scheduled. Buses joined by closed switches are one node: the others
/// of a node have an empty row.
[[nodiscard]] BusAdmittance make_bus_admittance(const network::Network& grid);

/// Appends what taking branch k out adds to the matrix: four entries with the sign turned.
void append_outage(const network::Network& grid, BranchIdx k,
                   std::vector<AdmittanceEntry>& changes);

} // namespace yuanwang::powerflow::batch
