#include "security/short_circuit.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>

#include "network/per_unit.hpp"

namespace yuanwang::security {

namespace {

using Complex = std::complex<double>;

constexpr double frequency_hz = 50;
constexpr double equivalent_share = 0.4; ///< 20 Hz of method C
constexpr double far_ratio = 2;          ///< I"k / I_r up to which a fault is far: no decay

/// A machine or motor whose current decays until the contacts part.
struct Decaying {
    std::int32_t row = -1;
    MachineImpedance impedance;
    double count = 1;
    bool is_motor = false;
    double mw_per_pole_pair = 0;
};

struct ConverterPlace {
    std::int32_t row = -1;
    double current_pu = 0;
};

class Calculation {
  public:
    Calculation(const network::Grid& grid, const network::Network& network,
                const FaultSources& sources, const ShortCircuitOptions& options)
        : network_{network}, sources_{sources}, options_{options}, branches_{make_fault_branches(
                                                                       grid, network)},
          at_50_{network, branches_, options.out}, at_20_{network, branches_, options.out} {}

    ShortCircuitCurrents run() {
        const std::size_t n = network_.n_written_bus;
        for (Column<BusIdx, double>* column :
             {&out_.ik3_ka, &out_.ik2_ka, &out_.ip_ka, &out_.ib_ka, &out_.ith_ka, &out_.sk_mva,
              &out_.r_over_x, &out_.converter_ka}) {
            column->assign(n, 0.0);
        }
        if (!at_50_.factorise(list_fault_impedances(network_, sources_, options_.level)) ||
            !at_20_.factorise(list_fault_impedances(network_, sources_, options_.level, true),
                              equivalent_share)) {
            return out_;
        }
        list_decaying();
        list_converters();
        std::vector<BusIdx> fed;
        for (const BusIdx i : rows<BusIdx>(n)) {
            if (at_50_.is_fed(i)) {
                fed.push_back(i);
            }
        }
        solve(fed);
        return out_;
    }

  private:
    void list_decaying() {
        const Machines& machines = sources_.machines;
        for (std::size_t k = 0; k < machines.size(); ++k) {
            if (machines.count[k] > 0) {
                decaying_.push_back(
                    {.row = at_50_.row(machines.bus[k]),
                     .impedance = machine_impedance(machines, k, kv(machines.bus[k])),
                     .count = static_cast<double>(machines.count[k])});
            }
        }
        const Motors& motors = sources_.motors;
        for (std::size_t k = 0; options_.level == FaultLevel::maximum && k < motors.size(); ++k) {
            if (motors.count[k] > 0) {
                decaying_.push_back({.row = at_50_.row(motors.bus[k]),
                                     .impedance = motor_impedance(motors, k, kv(motors.bus[k])),
                                     .count = static_cast<double>(motors.count[k]),
                                     .is_motor = true,
                                     .mw_per_pole_pair = motors.p_mw[k] / motors.pole_pairs[k]});
            }
        }
    }

    void list_converters() {
        if (options_.level == FaultLevel::minimum) {
            return;
        }
        const Converters& c = sources_.converters;
        for (std::size_t k = 0; k < c.size(); ++k) {
            if (const std::int32_t row = at_50_.row(c.bus[k]); row >= 0) {
                converters_.push_back({row, network::power_to_pu(c.current_mva[k])});
            }
        }
    }

    void solve(const std::vector<BusIdx>& fed) {
        constexpr std::size_t W = FaultMatrix::lanes;
        const std::size_t n = at_50_.n_row();
        std::vector<Complex> z(n * W);
        std::vector<Complex> z_20(n * W);
        for (std::size_t first = 0; first < fed.size(); first += W) {
            const std::size_t count = std::min(W, fed.size() - first);
            const std::span buses = std::span(fed).subspan(first, count);
            at_50_.compute_columns(buses, std::span(z).first(n * count));
            at_20_.compute_columns(buses, std::span(z_20).first(n * count));
            for (std::size_t m = 0; m < count; ++m) {
                const auto i = static_cast<std::size_t>(at_50_.row(buses[m]));
                record(buses[m], std::span(z).subspan(m * n, n), i, z_20[m * n + i]);
            }
        }
    }

    /// From the columns of Z to the currents of one bus. Per unit currents are on 100 MVA and the nominal voltage.
    void record(BusIdx bus, std::span<const Complex> z, std::size_t i, Complex z_20) {
        const double c = voltage_factor(kv(bus), options_.level);
        const double z_ii = std::abs(z[i]);
        const double passive = c / z_ii;
        double from_converters = 0;
        for (const ConverterPlace& source : converters_) {
            from_converters +=
                std::abs(z[static_cast<std::size_t>(source.row)]) / z_ii * source.current_pu;
        }
        const double r_over_x = z_20.real() / z_20.imag() * equivalent_share;
        const double kappa = 1.02 + 0.98 * std::exp(-3 * r_over_x);
        const double initial = passive + from_converters;
        const double base_ka =
            network::base_mva / (std::numbers::sqrt3 * kv(bus)); // of one pu of current
        out_.ik3_ka[bus] = initial * base_ka;
        out_.ik2_ka[bus] = initial * base_ka * std::numbers::sqrt3 / 2;
        out_.ip_ka[bus] = std::numbers::sqrt2 * (kappa * passive + from_converters) * base_ka;
        out_.ib_ka[bus] = (std::abs(c / z[i] - decay(z, z[i], c)) + from_converters) * base_ka;
        out_.ith_ka[bus] = initial * base_ka * std::sqrt(heat_of_direct_current(kappa) + 1);
        out_.sk_mva[bus] = initial * network::base_mva;
        out_.r_over_x[bus] = r_over_x;
        out_.converter_ka[bus] = from_converters * base_ka;
    }

    /// What the fault current loses until the contacts part, pu.
    [[nodiscard]] Complex decay(std::span<const Complex> z, Complex z_ii, double c) const {
        Complex lost = 0;
        for (const Decaying& d : decaying_) {
            const Complex drop = c * z[static_cast<std::size_t>(d.row)] / z_ii;
            const Complex own = drop / d.impedance.z_pu; // I"kG of one machine
            const double ratio = std::abs(own) / d.impedance.rated_current_pu;
            if (ratio <= far_ratio) {
                continue;
            }
            const double mu = breaking_decay(ratio, options_.breaking_time_s);
            const double q =
                d.is_motor ? motor_decay(d.mw_per_pole_pair, options_.breaking_time_s) : 1.0;
            const Complex behind = Complex{0, d.impedance.x_subtransient_pu} * own; // ΔU"
            lost += behind / c * (1 - mu * q) * own * d.count;
        }
        return lost;
    }

    /// m of I_th.
    [[nodiscard]] double heat_of_direct_current(double kappa) const {
        const double log = std::log(std::clamp(kappa - 1, 1e-9, 1 - 1e-9));
        const double ft = frequency_hz * options_.thermal_time_s;
        return (std::exp(4 * ft * log) - 1) / (2 * ft * log);
    }

    [[nodiscard]] double kv(BusIdx bus) const { return network_.base_kv[bus]; }

    const network::Network& network_;
    const FaultSources& sources_;
    const ShortCircuitOptions& options_;
    FaultBranches branches_;
    FaultMatrix at_50_;
    FaultMatrix at_20_;
    std::vector<Decaying> decaying_;
    std::vector<ConverterPlace> converters_;
    ShortCircuitCurrents out_;
};

/// a + b exp(−c ratio) of the four times of the standard.
struct DecayCurve {
    double time_s;
    double a, b, c;    ///< μ
    double motor, log; ///< q = motor + log ln(MW per pole pair)
};
constexpr std::array<DecayCurve, 4> curves = {{{0.02, 0.84, 0.26, 0.26, 1.03, 0.12},
                                               {0.05, 0.71, 0.51, 0.30, 0.79, 0.12},
                                               {0.10, 0.62, 0.72, 0.32, 0.57, 0.12},
                                               {0.25, 0.56, 0.94, 0.38, 0.26, 0.10}}};

const DecayCurve& find_curve(double time_s) {
    const DecayCurve* found = curves.data();
    for (const DecayCurve& curve : curves) {
        if (time_s >= curve.time_s) {
            found = &curve;
        }
    }
    return *found;
}

} // namespace

double breaking_decay(double ratio, double time_s) {
    if (ratio <= far_ratio || time_s < curves.front().time_s) {
        return 1;
    }
    const DecayCurve& curve = find_curve(time_s);
    return std::min(1.0, curve.a + curve.b * std::exp(-curve.c * ratio));
}

double motor_decay(double mw_per_pole_pair, double time_s) {
    if (time_s < curves.front().time_s) {
        return 1;
    }
    const DecayCurve& curve = find_curve(time_s);
    return std::clamp(curve.motor + curve.log * std::log(mw_per_pole_pair), 0.0, 1.0);
}

std::vector<FaultMatrix::Source> list_fault_impedances(const network::Network& network,
                                                       const FaultSources& sources,
                                                       FaultLevel level, bool for_peak) {
    std::vector<FaultMatrix::Source> list;
    for (std::size_t k = 0; k < sources.feeders.size(); ++k) {
        const BusIdx bus = sources.feeders.bus[k];
        const double sk_mva = level == FaultLevel::maximum ? sources.feeders.sk_max_mva[k]
                                                           : sources.feeders.sk_min_mva[k];
        if (sk_mva > 0) {
            list.push_back(
                {bus, feeder_impedance_pu(sources.feeders, k, network.base_kv[bus], level)});
        }
    }
    for (std::size_t k = 0; k < sources.machines.size(); ++k) {
        const BusIdx bus = sources.machines.bus[k];
        const MachineImpedance z = machine_impedance(sources.machines, k, network.base_kv[bus]);
        list.push_back(
            {bus, for_peak ? z.z_peak_pu : z.z_pu, static_cast<double>(sources.machines.count[k])});
    }
    for (std::size_t k = 0; level == FaultLevel::maximum && k < sources.motors.size(); ++k) {
        const BusIdx bus = sources.motors.bus[k];
        list.push_back({bus, motor_impedance(sources.motors, k, network.base_kv[bus]).z_pu,
                        static_cast<double>(sources.motors.count[k])});
    }
    return list;
}

ShortCircuitCurrents compute_short_circuits(const network::Grid& grid,
                                            const network::Network& network,
                                            const FaultSources& sources,
                                            const ShortCircuitOptions& options) {
    return Calculation{grid, network, sources, options}.run();
}

} // namespace yuanwang::security
