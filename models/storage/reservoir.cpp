#include "models/storage/reservoir.hpp"

#include <numbers>

namespace yuanwang::models {
namespace {

constexpr double joule_per_mwh = 3.6e9;

} // namespace

double flywheel_energy_mwh(double inertia_kg_m2, double speed_rpm) {
    const double omega = 2.0 * std::numbers::pi * speed_rpm / 60.0;
    return 0.5 * inertia_kg_m2 * omega * omega / joule_per_mwh;
}

double supercapacitor_energy_mwh(double capacitance_f, double voltage_v) {
    return 0.5 * capacitance_f * voltage_v * voltage_v / joule_per_mwh;
}

double energy_share_left(double ratio) {
    return ratio * ratio;
}

double pumped_hydro_energy_mwh(double volume_m3, double head_m) {
    constexpr double density_kg_per_m3 = 1000.0;
    constexpr double gravity_m_per_s2 = 9.80665;
    return density_kg_per_m3 * gravity_m_per_s2 * volume_m3 * head_m / joule_per_mwh;
}

} // namespace yuanwang::models
