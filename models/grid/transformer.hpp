/// @file
/// Transformers from their rating plate: series and magnetising branch in per unit of the plate.
///
///     |z| = uk / 100,   r = ukr / 100,   x = √(|z|² − r²)
///     g = p_iron / S,   b = −√((i0/100)² − g²)      (0 where the no-load current is all iron loss)
///
/// Three windings become a star; every short-circuit voltage first moves from the smaller rating of its pair to the
/// rating of the high-voltage winding:
///
///     z_h = (z_hm + z_hl − z_ml)/2,   z_m = (z_hm + z_ml − z_hl)/2,   z_l = (z_hl + z_ml − z_hm)/2
///
/// The M branch of Chinese auto-transformers often has a negative reactance: a property of the star, not a fault.
/// Source: Oeding, Oswald, Elektrische Kraftwerke und Netze, 8th ed. (2016), ch. 8; IEC 60909-0 (2016), 6.3.
#pragma once

namespace yuanwang::models {

/// What stands on the plate of two windings. Power on `rate_mva`, voltages in percent of rated
/// voltage.
struct TwoWindingPlate {
    double rate_mva = 0;
    double uk_percent = 0;
    double ukr_percent = 0;
    double i0_percent = 0;
    double p_iron_kw = 0;
};

/// Series impedance and shunt admittance per unit of rated power and rated voltages.
struct TransformerModel {
    double r_pu = 0;
    double x_pu = 0;
    double g_pu = 0; ///< whole magnetising branch; the network puts half at each end
    double b_pu = 0; ///< negative: draws reactive power
};

[[nodiscard]] TransformerModel make_two_winding(const TwoWindingPlate& plate);

/// What stands on the plate of three windings; each pair's voltages on the smaller rating of the
/// pair.
struct ThreeWindingPlate {
    double rate_hv_mva = 0;
    double rate_mv_mva = 0;
    double rate_lv_mva = 0;
    double uk_hm_percent = 0;
    double uk_hl_percent = 0;
    double uk_ml_percent = 0;
    double ukr_hm_percent = 0;
    double ukr_hl_percent = 0;
    double ukr_ml_percent = 0;
    double i0_percent = 0;
    double p_iron_kw = 0;
};

/// Star of three branches per unit of `rate_hv_mva` and rated voltages; the magnetising branch
/// hangs on the star point.
struct StarModel {
    double r_hv_pu = 0;
    double x_hv_pu = 0;
    double r_mv_pu = 0;
    double x_mv_pu = 0;
    double r_lv_pu = 0;
    double x_lv_pu = 0;
    double g_pu = 0;
    double b_pu = 0;
};

[[nodiscard]] StarModel make_three_winding(const ThreeWindingPlate& plate);

/// Turns of a tapped winding relative to its neutral position: 1 + p · step/100.
[[nodiscard]] constexpr double tap_turns(int position, double step_percent) {
    return 1.0 + position * step_percent / 100.0;
}

} // namespace yuanwang::models
