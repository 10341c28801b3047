#include "security/system_strength.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

#include "network/per_unit.hpp"

namespace yuanwang::security {

namespace {

using Complex = std::complex<double>;

/// Connection points that a source reaches, each once.
std::vector<BusIdx> list_connection_points(const FaultMatrix& matrix,
                                           const ConverterStations& stations) {
    std::vector<BusIdx> buses;
    for (const BusIdx bus : stations.bus) {
        if (matrix.is_fed(bus)) {
            buses.push_back(bus);
        }
    }
    std::ranges::sort(buses);
    const auto repeated = std::ranges::unique(buses);
    buses.erase(repeated.begin(), repeated.end());
    return buses;
}

} // namespace

StrengthRatios compute_strength(const FaultMatrix& matrix, const ConverterStations& stations) {
    StrengthRatios out;
    out.sk_mva.assign(stations.size(), 0.0);
    out.scr.assign(stations.size(), 0.0);
    out.mrscr.assign(stations.size(), 0.0);
    const std::vector<BusIdx> points = list_connection_points(matrix, stations);
    std::vector<Complex> z(matrix.n_row() * FaultMatrix::lanes);
    for (std::size_t first = 0; first < points.size(); first += FaultMatrix::lanes) {
        const std::size_t count = std::min(FaultMatrix::lanes, points.size() - first);
        const std::span buses = std::span(points).subspan(first, count);
        matrix.compute_columns(buses, std::span(z).first(matrix.n_row() * count));
        for (std::size_t m = 0; m < count; ++m) {
            const std::span column = std::span(z).subspan(m * matrix.n_row(), matrix.n_row());
            const Complex z_ii = column[static_cast<std::size_t>(matrix.row(buses[m]))];
            Complex moved_mw = 0; // Σ Π P
            for (std::size_t j = 0; j < stations.size(); ++j) {
                if (const std::int32_t row = matrix.row(stations.bus[j]); row >= 0) {
                    moved_mw += column[static_cast<std::size_t>(row)] / z_ii * stations.p_mw[j];
                }
            }
            for (std::size_t k = 0; k < stations.size(); ++k) {
                if (stations.bus[k] == buses[m]) {
                    out.sk_mva[k] = network::base_mva / std::abs(z_ii);
                    out.scr[k] = out.sk_mva[k] / stations.p_mw[k];
                    out.mrscr[k] = out.sk_mva[k] / std::abs(moved_mw);
                }
            }
        }
    }
    return out;
}

} // namespace yuanwang::security
