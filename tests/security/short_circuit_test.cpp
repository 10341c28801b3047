/// Short circuits against the example network of IEC/TR 60909-4 and against cases worked by hand.
#include "security/short_circuit.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include <gtest/gtest.h>

#include "network/network.hpp"
#include "support/tiny_grid.hpp"

namespace yuanwang::security {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double sqrt3 = std::numbers::sqrt3;
using Answers = std::array<double, 8>;
constexpr double last_digit = 1e-4; // kA, as printed: some digits are cut, not rounded

void name_next(network::Elements& list, const char* prefix) {
    list.id.push_back(prefix + std::to_string(list.id.size() + 1));
    list.name.emplace_back();
}

struct FaultCase : yuanwang::testing::TinyGrid {
    FaultSources sources;

    void feeder(BusIdx bus, double sk_mva, double r_over_x = 0.1) {
        Feeders& f = sources.feeders;
        f.id.push_back("q");
        f.bus.push_back(bus);
        f.sk_max_mva.push_back(sk_mva);
        f.sk_min_mva.push_back(sk_mva);
        f.r_over_x.push_back(r_over_x);
    }
    void machine(BusIdx bus, double mva, double kv, double x_pu, double r_ohm, double power_factor,
                 double voltage_range_pu = 0, UnitTransformer transformer = {}) {
        Machines& m = sources.machines;
        m.id.push_back("g");
        m.bus.push_back(bus);
        m.rate_mva.push_back(mva);
        m.rated_kv.push_back(kv);
        m.x_subtransient_pu.push_back(x_pu);
        m.r_ohm.push_back(r_ohm);
        m.power_factor.push_back(power_factor);
        m.voltage_range_pu.push_back(voltage_range_pu);
        m.transformer.push_back(transformer);
        m.count.push_back(1);
    }
    void motor(BusIdx bus, double mw, double power_factor, double efficiency, double ratio,
               int pole_pairs, int count = 1) {
        Motors& m = sources.motors;
        m.id.push_back("m");
        m.bus.push_back(bus);
        m.p_mw.push_back(mw);
        m.rated_kv.push_back(10);
        m.power_factor.push_back(power_factor);
        m.efficiency.push_back(efficiency);
        m.locked_rotor_ratio.push_back(ratio);
        m.r_over_x.push_back(0.1);
        m.pole_pairs.push_back(pole_pairs);
        m.count.push_back(count);
    }
    void converter(BusIdx bus, double mva) {
        sources.converters.id.push_back("pv");
        sources.converters.bus.push_back(bus);
        sources.converters.current_mva.push_back(mva);
    }
    void wire(BusIdx from, BusIdx to, double length_km, double r, double x) {
        const LineIdx l = line(from, to, length_km);
        grid.lines.r_ohm_per_km[l] = r;
        grid.lines.x_ohm_per_km[l] = x;
        grid.lines.b_us_per_km[l] = 0;
    }
    void three_windings(std::array<BusIdx, 3> bus, std::array<double, 3> kv,
                        std::array<double, 3> mva, std::array<double, 3> uk,
                        std::array<double, 3> ukr) {
        auto& t = grid.three_winding_transformers;
        name_next(t, "t");
        t.hv.push_back(bus[0]);
        t.mv.push_back(bus[1]);
        t.lv.push_back(bus[2]);
        t.units.push_back(1);
        t.rate_hv_mva.push_back(mva[0]);
        t.rate_mv_mva.push_back(mva[1]);
        t.rate_lv_mva.push_back(mva[2]);
        t.rate_emergency_mva.emplace_back();
        t.emergency_duration_h.push_back(2);
        t.uk_hm_percent.push_back(uk[0]);
        t.uk_ml_percent.push_back(uk[1]);
        t.uk_hl_percent.push_back(uk[2]);
        t.ukr_hm_percent.push_back(ukr[0]);
        t.ukr_ml_percent.push_back(ukr[1]);
        t.ukr_hl_percent.push_back(ukr[2]);
        t.i0_percent.push_back(0.1);
        t.p_iron_kw.push_back(100);
        t.hv_kv.emplace_back(kv[0]);
        t.mv_kv.emplace_back(kv[1]);
        t.lv_kv.emplace_back(kv[2]);
        t.closed.push_back(true);
        network::TapChangers& tap = t.tap;
        tap.on_load.push_back(false);
        tap.side.push_back(network::TapSide::hv);
        tap.tap_min.push_back(-10);
        tap.tap_max.push_back(10);
        tap.step_percent.push_back(1);
        tap.position.push_back(3); // the principal tap counts, not this one
        tap.regulated_bus.emplace_back();
        tap.vm_target_pu.push_back(1);
        tap.dead_band_pu.push_back(0.01);
    }
    [[nodiscard]] ShortCircuitCurrents solve(const ShortCircuitOptions& options = {}) const {
        return compute_short_circuits(grid, network::make_network(grid), sources, options);
    }
};

/// The network of IEC/TR 60909-4, clause 6: buses 1 to 8, power-station units at 3 and 4.
FaultCase report_network(bool with_motors) {
    FaultCase c;
    std::array<BusIdx, 8> b;
    constexpr std::array<double, 8> kv = {380, 110, 110, 110, 110, 10, 10, 30};
    for (std::size_t i = 0; i < 8; ++i) {
        b[i] = c.bus("bus" + std::to_string(i + 1), kv[i]);
    }
    const BusIdx t5 = c.bus("t5", 10);
    const BusIdx t6 = c.bus("t6", 10);
    const BusIdx h = c.bus("h", 30);
    c.feeder(b[0], sqrt3 * 380 * 38);
    c.feeder(b[4], sqrt3 * 110 * 16);
    c.machine(b[3], 150, 21, 0.14, 0.002, 0.85, 0,
              {.rate_mva = 150,
               .hv_kv = 115,
               .lv_kv = 21,
               .uk_percent = 16,
               .ukr_percent = 0.5,
               .on_load = true});
    c.machine(b[2], 100, 10.5, 0.16, 0.005, 0.9, 0.075,
              {.rate_mva = 100, .hv_kv = 120, .lv_kv = 10.5, .uk_percent = 12, .ukr_percent = 0.5});
    c.machine(b[5], 10, 10.5, 0.1, 0.018, 0.8);
    for (const BusIdx lv : {h, b[7]}) {
        c.three_windings({b[0], b[1], lv}, {400, 120, 30}, {350, 350, 50}, {21, 7, 10},
                         {0.26, 0.16, 0.16});
    }
    for (const BusIdx lv : {t5, t6}) {
        c.three_windings({b[4], b[5], lv}, {115, 10.5, 10.5}, {31.5, 31.5, 31.5}, {12, 12, 12},
                         {0.5, 0.5, 0.5});
    }
    c.wire(b[1], b[2], 20, 0.12, 0.39);
    c.wire(b[2], b[3], 10, 0.12, 0.39);
    c.wire(b[1], b[4], 5, 0.12, 0.39);
    c.wire(b[1], b[4], 5, 0.12, 0.39);
    c.wire(b[4], b[2], 10, 0.096, 0.388);
    c.wire(b[4], b[3], 15, 0.12, 0.386);
    c.wire(b[5], b[6], 1, 0.082, 0.086);
    if (with_motors) {
        c.motor(b[6], 5, 0.88, 0.975, 5, 1);
        c.motor(b[6], 2, 0.89, 0.968, 5.2, 2, 2);
    }
    return c;
}

void expect_digits(const Column<BusIdx, double>& found, const Answers& printed, double half_digit) {
    for (std::size_t i = 0; i < printed.size(); ++i) {
        EXPECT_NEAR(found[BusIdx{i}], printed[i], half_digit) << "bus " << i + 1;
    }
}

TEST(ShortCircuit, InitialCurrentsOfTheReportToTheirDigits) {
    const ShortCircuitCurrents found = report_network(true).solve();
    expect_digits(found.ik3_ka,
                  {40.6447, 31.7831, 19.6730, 16.2277, 33.1894, 37.5629, 25.5895, 13.5778},
                  last_digit);
}

TEST(ShortCircuit, InitialCurrentsOfTheReportWithoutMotors) {
    const ShortCircuitCurrents found = report_network(false).solve();
    expect_digits(found.ik3_ka,
                  {40.6347, 31.6635, 19.6231, 16.1956, 32.9971, 34.3559, 22.2762, 13.5726},
                  last_digit);
}

TEST(ShortCircuit, TwoPhaseCurrentsOfTheReport) {
    const ShortCircuitCurrents found = report_network(true).solve();
    expect_digits(found.ik2_ka,
                  {35.1994, 27.5249, 17.0373, 14.0536, 28.7429, 32.5304, 22.1611, 11.7586},
                  last_digit);
}

TEST(ShortCircuit, PeakCurrentsOfTheReportByMethodC) {
    const ShortCircuitCurrents found = report_network(true).solve();
    expect_digits(found.ip_ka,
                  {100.5677, 80.6079, 45.8111, 36.8427, 83.4033, 98.1434, 51.6899, 36.9227},
                  last_digit);
}

/// The report takes bus 1 for far from every machine; the formula still sees the small generator at bus 6 lose 2 A of it.
TEST(ShortCircuit, BreakingCurrentsOfTheReportAfterATenthOfASecond) {
    const ShortCircuitCurrents found = report_network(true).solve();
    constexpr Answers printed = {40.645, 31.570, 19.388, 16.017, 32.795, 34.028, 23.212, 13.578};
    EXPECT_NEAR(found.ib_ka[BusIdx{0}], printed[0], 3e-3);
    for (std::size_t i = 1; i < printed.size(); ++i) {
        EXPECT_NEAR(found.ib_ka[BusIdx{i}], printed[i], 6e-4) << "bus " << i + 1;
    }
}

/// feeder 5000 MVA ── 110 kV ──── 10 km ──── far
struct Wire : FaultCase {
    BusIdx near = bus("near", 110);
    BusIdx far = bus("far", 110);
    BusIdx alone = bus("alone", 110);
    Wire() {
        feeder(near, 5000);
        wire(near, far, 10, 0.1, 0.4);
    }
};

TEST(ShortCircuit, AFeederGivesBackItsOwnPower) {
    const ShortCircuitCurrents found = Wire().solve();
    EXPECT_NEAR(found.sk_mva[BusIdx{0}], 5000, 1e-9);
    EXPECT_NEAR(found.ik3_ka[BusIdx{0}], 5000 / (sqrt3 * 110), 1e-12);
}

TEST(ShortCircuit, BehindALineByHand) {
    const Wire c;
    const double z_q = 1.1 * 110 * 110 / 5000; // Ω
    const double x_q = z_q / std::hypot(1, 0.1);
    const double r = 0.1 * x_q + 1;
    const double x = x_q + 4;
    const ShortCircuitCurrents found = c.solve();
    const double ik = 1.1 * 110 / (sqrt3 * std::hypot(r, x));
    EXPECT_NEAR(found.ik3_ka[c.far], ik, 1e-12);
    EXPECT_NEAR(found.ik2_ka[c.far], ik * sqrt3 / 2, 1e-12);
    EXPECT_NEAR(found.r_over_x[c.far], r / x, 1e-12);
    const double kappa = 1.02 + 0.98 * std::exp(-3 * r / x);
    EXPECT_NEAR(found.ip_ka[c.far], kappa * std::sqrt(2) * ik, 1e-11);
    EXPECT_NEAR(found.ib_ka[c.far], found.ik3_ka[c.far], 1e-12); // nothing decays
    const double m = (std::exp(200 * std::log(kappa - 1)) - 1) / (100 * std::log(kappa - 1));
    EXPECT_NEAR(found.ith_ka[c.far], ik * std::sqrt(m + 1), 1e-11);
}

TEST(ShortCircuit, ABusNoSourceReachesCarriesNothing) {
    const Wire c;
    const ShortCircuitCurrents found = c.solve();
    EXPECT_EQ(found.ik3_ka[c.alone], 0.0);
    EXPECT_EQ(found.sk_mva[c.alone], 0.0);
    const ShortCircuitCurrents opened = c.solve({.out = {BranchIdx{0}}});
    EXPECT_EQ(opened.ik3_ka[c.far], 0.0);
    EXPECT_NEAR(opened.ik3_ka[c.near], found.ik3_ka[c.near], 1e-12);
}

TEST(ShortCircuit, ATransformerCountsWithItsCorrection) {
    FaultCase c;
    const BusIdx hv = c.bus("hv", 110);
    const BusIdx lv = c.bus("lv", 10);
    c.feeder(hv, 1e12);
    c.transformer(hv, lv); // 100 MVA, 10 %
    const double k_t = 0.95 * 1.1 / (1 + 0.6 * 0.1);
    EXPECT_NEAR(c.solve().sk_mva[lv], 1.1 * 100 / (0.1 * k_t), 1e-3);
}

TEST(ShortCircuit, ConvertersAddTheirCurrentByTheTransferImpedance) {
    Wire c;
    const ShortCircuitCurrents without = c.solve();
    c.converter(c.far, 100);
    const ShortCircuitCurrents with = c.solve();
    const double rated_ka = 100 / (sqrt3 * 110);
    EXPECT_NEAR(with.ik3_ka[c.far], without.ik3_ka[c.far] + rated_ka, 1e-12);
    EXPECT_NEAR(with.ik3_ka[c.near], without.ik3_ka[c.near] + rated_ka, 1e-12); // Z_ij = Z_ii there
    EXPECT_NEAR(with.converter_ka[c.near], rated_ka, 1e-12);
    EXPECT_NEAR(with.ip_ka[c.near], without.ip_ka[c.near] + std::sqrt(2) * rated_ka, 1e-12);
}

TEST(ShortCircuit, TheSmallestCurrentsLeaveMotorsAndConvertersOut) {
    Wire c;
    const double alone = c.solve({.level = FaultLevel::minimum}).ik3_ka[c.far];
    c.converter(c.far, 100);
    c.motor(c.far, 5, 0.88, 0.975, 5, 1);
    EXPECT_EQ(c.solve({.level = FaultLevel::minimum}).ik3_ka[c.far], alone);
    EXPECT_GT(c.solve().ik3_ka[c.far], alone);
}

TEST(ShortCircuit, AMachineWithoutATransformerByHand) {
    FaultCase c;
    const BusIdx i = c.bus("terminal", 10);
    c.machine(i, 10, 10.5, 0.1, nan, 0.8); // R_Gf = 0.07 X"d
    const double k_g = 10 / 10.5 * 1.1 / (1 + 0.1 * 0.6);
    const double x = 0.1 * 10.5 * 10.5 / 10;
    EXPECT_NEAR(c.solve().ik3_ka[i], 1.1 * 10 / (sqrt3 * k_g * x * std::hypot(1, 0.07)), 1e-12);
}

TEST(ShortCircuit, DecayFollowsTheCurvesOfTheStandard) {
    EXPECT_EQ(breaking_decay(2.0, 0.1), 1.0);
    EXPECT_NEAR(breaking_decay(5.0, 0.02), 0.84 + 0.26 * std::exp(-1.3), 1e-12);
    EXPECT_NEAR(breaking_decay(5.0, 0.1), 0.62 + 0.72 * std::exp(-1.6), 1e-12);
    EXPECT_NEAR(breaking_decay(5.0, 0.07), breaking_decay(5.0, 0.05), 1e-12); // the shorter time
    EXPECT_NEAR(motor_decay(2.0, 0.1), 0.57 + 0.12 * std::log(2.0), 1e-12);
    EXPECT_EQ(motor_decay(100.0, 0.02), 1.0);
}

TEST(ShortCircuit, NoSourceAtAllGivesNoCurrentAnywhere) {
    FaultCase c;
    const BusIdx i = c.bus("dark", 110);
    EXPECT_EQ(c.solve().ik3_ka[i], 0.0);
}

} // namespace
} // namespace yuanwang::security
