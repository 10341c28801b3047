#include "bench/workloads/klu_cost.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <limits>
#include <vector>

#include <Eigen/SparseCore>
#include <klu.h>

#include "bench/workloads/cpu_clock.hpp"
#include "network/admittance.hpp"

namespace yuanwang::workloads {

namespace {

using Jacobian = Eigen::SparseMatrix<double>; // compressed columns

/// Row of P and of Q of each bus in the reduced system, −1 where it has none.
struct Rows {
    std::vector<int> p;
    std::vector<int> q;
    int n = 0;
};

Rows number_rows(const FlowCase& flow_case) {
    Rows rows_of{std::vector<int>(flow_case.grid.n_bus, 0),
                 std::vector<int>(flow_case.grid.n_bus, 0)};
    for (const UnitIdx k : rows<UnitIdx>(flow_case.units.size())) {
        if (flow_case.units.mode[k] == powerflow::ReactiveMode::voltage) {
            rows_of.q[flow_case.units.bus[k].row()] = -1;
        }
    }
    rows_of.p[flow_case.units.bus[flow_case.units.reference].row()] = -1;
    for (std::size_t i = 0; i < flow_case.grid.n_bus; ++i) {
        for (int* row : {&rows_of.p[i], &rows_of.q[i]}) {
            *row = *row < 0 ? -1 : rows_of.n++;
        }
    }
    return rows_of;
}

/// dS_i/dθ_j and V_j dS_i/dV_j, real parts in P rows, imaginary parts in Q rows.
Jacobian make_jacobian(const FlowCase& flow_case, const powerflow::BlockStates& states) {
    using Complex = std::complex<double>;
    const network::ComplexMatrix Ybus = network::make_admittance(flow_case.grid).Ybus;
    const auto voltage = [&](std::size_t i) {
        return std::polar(states.vm_pu(i, 0), states.va_rad(i, 0));
    };
    std::vector<Complex> injection(flow_case.grid.n_bus);
    for (int column = 0; column < Ybus.outerSize(); ++column) {
        for (network::ComplexMatrix::InnerIterator y(Ybus, column); y; ++y) {
            const auto i = static_cast<std::size_t>(y.row());
            injection[i] +=
                voltage(i) * std::conj(y.value() * voltage(static_cast<std::size_t>(y.col())));
        }
    }
    const Rows at = number_rows(flow_case);
    std::vector<Eigen::Triplet<double>> entries;
    for (int column = 0; column < Ybus.outerSize(); ++column) {
        for (network::ComplexMatrix::InnerIterator y(Ybus, column); y; ++y) {
            const auto i = static_cast<std::size_t>(y.row());
            const auto j = static_cast<std::size_t>(y.col());
            const Complex s = voltage(i) * std::conj(y.value() * voltage(j));
            const Complex by_angle = Complex{0, -1} * (s - (i == j ? injection[i] : 0.0));
            const Complex by_voltage = s + (i == j ? injection[i] : 0.0);
            const auto put = [&](int row, int col, double value) {
                if (row >= 0 && col >= 0) {
                    entries.emplace_back(row, col, value);
                }
            };
            put(at.p[i], at.p[j], by_angle.real());
            put(at.q[i], at.p[j], by_angle.imag());
            put(at.p[i], at.q[j], by_voltage.real());
            put(at.q[i], at.q[j], by_voltage.imag());
        }
    }
    Jacobian jacobian(at.n, at.n);
    jacobian.setFromTriplets(entries.begin(), entries.end());
    return jacobian;
}

/// Least mean time of one call over several rounds: what interrupts the machine only adds.
double time_us(const std::function<void()>& call) {
    constexpr int rounds = 7;
    constexpr double round_us = 20000;
    double least_us = std::numeric_limits<double>::infinity();
    for (int round = 0; round < rounds; ++round) {
        int calls = 0;
        double elapsed_us = 0;
        const double begin_s = thread_cpu_s();
        while (elapsed_us < round_us) {
            for (int k = 0; k < 16; ++k) {
                call();
            }
            calls += 16;
            elapsed_us = 1e6 * (thread_cpu_s() - begin_s);
        }
        least_us = std::min(least_us, elapsed_us / calls);
    }
    return least_us;
}

} // namespace

KluCost measure_klu(const FlowCase& flow_case, const powerflow::BlockStates& states) {
    Jacobian jacobian = make_jacobian(flow_case, states);
    jacobian.makeCompressed();
    klu_common common{};
    klu_defaults(&common);
    common.btf = 0;
    common.ordering = 0; // AMD
    common.scale = -1;   // none
    const int n = static_cast<int>(jacobian.rows());
    klu_symbolic* symbolic =
        klu_analyze(n, jacobian.outerIndexPtr(), jacobian.innerIndexPtr(), &common);
    klu_numeric* numeric = klu_factor(jacobian.outerIndexPtr(), jacobian.innerIndexPtr(),
                                      jacobian.valuePtr(), symbolic, &common);
    KluCost cost{.order = static_cast<std::size_t>(n),
                 .n_entry = static_cast<std::size_t>(jacobian.nonZeros()),
                 .fill = static_cast<std::size_t>(numeric->lnz + numeric->unz)};
    cost.refactor_us = time_us([&] {
        klu_refactor(jacobian.outerIndexPtr(), jacobian.innerIndexPtr(), jacobian.valuePtr(),
                     symbolic, numeric, &common);
    });
    std::vector<double> rhs(static_cast<std::size_t>(n), 1.0);
    cost.solve_us = time_us([&] {
        std::ranges::fill(rhs, 1.0);
        klu_solve(symbolic, numeric, n, 1, rhs.data(), &common);
    });
    klu_free_numeric(&numeric, &common);
    klu_free_symbolic(&symbolic, &common);
    return cost;
}

} // namespace yuanwang::workloads
