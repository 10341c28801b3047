#include "security/short_circuit_impedance.hpp"

#include <algorithm>
#include <cmath>

#include "models/grid/transformer.hpp"
#include "network/per_unit.hpp"

namespace yuanwang::security {

namespace {

using network::base_mva;
using network::BranchKind;
using Complex = std::complex<double>;

constexpr double c_max = 1.1; ///< of the correction factors

/// K_T of a short-circuit voltage and its resistive part, in percent of the rating.
double transformer_correction(double uk_percent, double ukr_percent) {
    const double x = std::sqrt(std::max(uk_percent * uk_percent - ukr_percent * ukr_percent, 0.0));
    return 0.95 * c_max / (1 + 0.6 * x / 100);
}

/// The star of a three-winding transformer with every pair corrected by its own K_T.
models::StarModel corrected_star(const network::ThreeWindingTransformers& list, std::size_t m) {
    models::ThreeWindingPlate plate{.rate_hv_mva = list.rate_hv_mva[m],
                                    .rate_mv_mva = list.rate_mv_mva[m],
                                    .rate_lv_mva = list.rate_lv_mva[m],
                                    .uk_hm_percent = list.uk_hm_percent[m],
                                    .uk_hl_percent = list.uk_hl_percent[m],
                                    .uk_ml_percent = list.uk_ml_percent[m],
                                    .ukr_hm_percent = list.ukr_hm_percent[m],
                                    .ukr_hl_percent = list.ukr_hl_percent[m],
                                    .ukr_ml_percent = list.ukr_ml_percent[m]};
    const auto correct = [](double& uk, double& ukr) {
        const double k = transformer_correction(uk, ukr);
        uk *= k;
        ukr *= k;
    };
    correct(plate.uk_hm_percent, plate.ukr_hm_percent);
    correct(plate.uk_hl_percent, plate.ukr_hl_percent);
    correct(plate.uk_ml_percent, plate.ukr_ml_percent);
    return models::make_three_winding(plate);
}

Complex winding_impedance(const models::StarModel& star, BranchKind kind) {
    switch (kind) {
    case BranchKind::winding_hv:
        return {star.r_hv_pu, star.x_hv_pu};
    case BranchKind::winding_mv:
        return {star.r_mv_pu, star.x_mv_pu};
    default:
        return {star.r_lv_pu, star.x_lv_pu};
    }
}

/// R_Gf of a machine over its reactance.
double fictitious_r_over_x(double rated_kv, double rate_mva) {
    return rated_kv <= 1 ? 0.15 : rate_mva >= 100 ? 0.05 : 0.07;
}

} // namespace

double voltage_factor(double nominal_kv, FaultLevel level) {
    if (nominal_kv <= 1) {
        return level == FaultLevel::maximum ? 1.05 : 0.95;
    }
    return level == FaultLevel::maximum ? c_max : 1.0;
}

FaultBranches make_fault_branches(const network::Grid& grid, const network::Network& network) {
    const network::Branches& b = network.branches;
    FaultBranches out;
    for (const BranchIdx k : rows<BranchIdx>(b.size())) {
        const auto element = static_cast<std::size_t>(b.element[k]);
        Complex z{b.r_pu[k], b.x_pu[k]};
        switch (b.kind[k]) {
        case BranchKind::line:
        case BranchKind::impedance:
            break;
        case BranchKind::transformer: {
            const TransformerIdx x{element};
            z *= transformer_correction(grid.transformers.uk_percent[x],
                                        grid.transformers.ukr_percent[x]);
            break;
        }
        case BranchKind::winding_hv:
        case BranchKind::winding_mv:
        case BranchKind::winding_lv: {
            const auto& list = grid.three_winding_transformers;
            z = winding_impedance(corrected_star(list, element), b.kind[k]) *
                (base_mva / list.rate_hv_mva[element]);
            break;
        }
        }
        out.z_pu.push_back(z);
        out.ratio.push_back(b.ratio[k]);
    }
    for (std::size_t tap = 0; tap < network.taps.size(); ++tap) {
        for (const BranchIdx k : network.taps.branches[tap]) {
            out.ratio[k.row()] = network.taps.nominal_ratio[tap];
        }
    }
    return out;
}

Complex feeder_impedance_pu(const Feeders& feeders, std::size_t k, double nominal_kv,
                            FaultLevel level) {
    const double sk_mva =
        level == FaultLevel::maximum ? feeders.sk_max_mva[k] : feeders.sk_min_mva[k];
    const double z = voltage_factor(nominal_kv, level) * base_mva / sk_mva;
    const double x = z / std::hypot(1.0, feeders.r_over_x[k]);
    return {feeders.r_over_x[k] * x, x};
}

MachineImpedance machine_impedance(const Machines& machines, std::size_t k, double nominal_kv) {
    const double s_mva = machines.rate_mva[k];
    const double u_kv = machines.rated_kv[k];
    const double x_pu = machines.x_subtransient_pu[k];
    const double sin_phi = std::sqrt(1 - machines.power_factor[k] * machines.power_factor[k]);
    const double z_rated_ohm = u_kv * u_kv / s_mva;
    const double x_ohm = x_pu * z_rated_ohm;
    const double r_peak_ohm = fictitious_r_over_x(u_kv, s_mva) * x_ohm;
    const double r_ohm = std::isnan(machines.r_ohm[k]) ? r_peak_ohm : machines.r_ohm[k];
    const double base_ohm = network::base_impedance_ohm(nominal_kv);
    const double rated_current_pu = s_mva / base_mva * nominal_kv / u_kv; // at the nominal voltage
    const UnitTransformer& t = machines.transformer[k];
    const double highest = 1 + machines.voltage_range_pu[k];
    if (t.rate_mva <= 0) {
        const double k_g = nominal_kv / (u_kv * highest) * c_max / (1 + x_pu * sin_phi);
        return {.z_pu = k_g * Complex{r_ohm, x_ohm} / base_ohm,
                .z_peak_pu = k_g * Complex{r_peak_ohm, x_ohm} / base_ohm,
                .x_subtransient_pu = k_g * x_ohm / base_ohm,
                .rated_current_pu = rated_current_pu};
    }
    const double turns = t.hv_kv / t.lv_kv;
    const double x_t = std::sqrt(t.uk_percent * t.uk_percent - t.ukr_percent * t.ukr_percent) / 100;
    const Complex z_t = Complex{t.ukr_percent / 100, x_t} * (t.hv_kv * t.hv_kv / t.rate_mva);
    const double over = nominal_kv / (u_kv * turns);
    const double correction =
        t.on_load ? over * over * c_max / (1 + std::abs(x_pu - x_t) * sin_phi)
                  : over / highest * (1 - t.tap_range_pu) * c_max / (1 + x_pu * sin_phi);
    const auto seen = [&](double r) { // from the high-voltage side
        return correction * (turns * turns * Complex{r, x_ohm} + z_t) / base_ohm;
    };
    return {.z_pu = seen(r_ohm),
            .z_peak_pu = seen(r_peak_ohm),
            .x_subtransient_pu = correction * turns * turns * x_ohm / base_ohm,
            // s / (√3 U_rG) at the machine is 1/turns of that at the high-voltage side
            .rated_current_pu = s_mva / base_mva * nominal_kv / (u_kv * turns)};
}

MachineImpedance motor_impedance(const Motors& motors, std::size_t k, double nominal_kv) {
    const double s_mva = motors.p_mw[k] / (motors.power_factor[k] * motors.efficiency[k]);
    const double u_kv = motors.rated_kv[k];
    const double z_ohm = u_kv * u_kv / (s_mva * motors.locked_rotor_ratio[k]);
    const double x_ohm = z_ohm / std::hypot(1.0, motors.r_over_x[k]);
    const double base_ohm = network::base_impedance_ohm(nominal_kv);
    const Complex z_pu = Complex{motors.r_over_x[k] * x_ohm, x_ohm} / base_ohm;
    return {.z_pu = z_pu,
            .z_peak_pu = z_pu,
            .x_subtransient_pu = x_ohm / base_ohm,
            .rated_current_pu = s_mva / base_mva * nominal_kv / u_kv};
}

} // namespace yuanwang::security
