/// @file
/// Small grids for the batch, as plain arrays.
#pragma once

#include <complex>
#include <cstdint>
#include <utility>
#include <vector>

#include "powerflow/batch/batch_solver.hpp"

namespace yuanwang::powerflow::batch {

using Complex = std::complex<double>;

/// Adds a line of impedance r + jx without charging.
inline void append_line(std::int32_t i, std::int32_t j, Complex z_pu,
                        std::vector<AdmittanceEntry>& entries) {
    const Complex y = 1.0 / z_pu;
    entries.push_back({i, i, y});
    entries.push_back({i, j, -y});
    entries.push_back({j, i, -y});
    entries.push_back({j, j, y});
}

inline constexpr Complex ring_z_pu{0.01, 0.1};

///   slack 0 ─── 1 ─── 2 ─── … ─── n−1 ─── 0        lines of 0.01 + j0.1 pu
///
/// Every third bus holds 1.02 pu, the others are loads.
struct Ring {
    BusAdmittance y;
    std::vector<BusType> type;
    std::vector<Complex> start;
    std::vector<double> p_pu;
    std::vector<double> q_pu;

    explicit Ring(std::int32_t n) {
        std::vector<AdmittanceEntry> entries;
        for (std::int32_t i = 0; i < n; ++i) {
            append_line(i, (i + 1) % n, ring_z_pu, entries);
            const bool pv = i % 3 == 2;
            type.push_back(i == 0 ? BusType::slack : pv ? BusType::pv : BusType::pq);
            start.emplace_back(pv ? 1.02 : 1.0);
            p_pu.push_back(pv ? 0.3 : -0.25);
            q_pu.push_back(pv ? 0.0 : -0.1);
        }
        y = make_bus_admittance(static_cast<std::size_t>(n), entries);
    }
    [[nodiscard]] std::size_t n_bus() const { return type.size(); }

    /// The same schedule times a factor that differs from case to case.
    [[nodiscard]] std::pair<std::vector<double>, std::vector<double>>
    scaled(const std::vector<double>& factor) const {
        std::vector<double> p;
        std::vector<double> q;
        for (const double s : factor) {
            for (std::size_t i = 0; i < n_bus(); ++i) {
                p.push_back(s * p_pu[i]);
                q.push_back(s * q_pu[i]);
            }
        }
        return {p, q};
    }
};

} // namespace yuanwang::powerflow::batch
