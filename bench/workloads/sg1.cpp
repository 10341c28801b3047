#include "bench/workloads/sg1.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "network/network.hpp"
#include "network/topology.hpp"
#include "security/outage_factors.hpp"

namespace yuanwang::workloads {
namespace {

using dispatch::program::Block;
using dispatch::program::Seam;
using dispatch::program::System;
using std::numbers::pi;

constexpr std::size_t n_pv = 8;
constexpr std::size_t n_wind = 6;
constexpr std::size_t n_battery = 6;
constexpr std::size_t n_hydro = 3;
constexpr double spill_max_share = 2; // of D0: more than a reservoir ever holds

double frac(double x) {
    return x - std::floor(x);
}

/// Step t and its neighbours in the formulas.
struct Clock {
    explicit Clock(std::size_t step)
        : t{static_cast<double>(step)}, h{static_cast<double>(step % 24)}, d{static_cast<double>(
                                                                               step / 24)} {}
    double t;
    double h;
    double d;
};

double load_factor(const Clock& now) {
    const double day = 2 * pi * (now.h - 9) / 24;
    const double level = 0.72 + 0.10 * std::cos(2 * pi * (now.d - 15) / 365) +
                         0.14 * std::sin(day) + 0.04 * std::sin(2 * day);
    return level * (std::fmod(now.d, 7) >= 5 ? 0.93 : 1);
}

double data_center_share(const Clock& now) {
    return 0.05 * (0.90 + 0.10 * std::sin(2 * pi * (now.h - 10) / 24));
}

double pv_share(const Clock& now, double j) {
    const double day_length = 12 + 2.5 * std::cos(2 * pi * (now.d - 172) / 365);
    const double u = (now.h + 0.5 - 12) / day_length;
    if (std::abs(u) >= 0.5) {
        return 0;
    }
    const double clearness =
        0.62 + 0.30 * std::sin(1.9 * now.d + 1.3 * j) + 0.08 * std::sin(5.1 * now.d + 0.7 * j);
    return 0.06 * std::pow(std::cos(pi * u), 1.3) * clearness;
}

double wind_share(const Clock& now, double j) {
    const double factor = 0.40 + 0.28 * std::sin(2 * pi * now.t / 97 + 0.8 * j) +
                          0.16 * std::sin(2 * pi * now.t / 19 + 2.1 * j) +
                          0.12 * std::cos(2 * pi * now.d / 365);
    return 0.08 * std::clamp(factor, 0.0, 1.0);
}

double pv_price(const Clock& now, double j) {
    return 0.01 * (j + 1) + 0.02 * frac(0.2360679775 * (now.t + 1) + 0.3819660113 * (j + 1));
}

double wind_price(const Clock& now, double j) {
    return 0.005 + 0.01 * (j + 1) +
           0.02 * frac(0.6457513111 * (now.t + 1) + 0.3166247904 * (j + 1));
}

double thermal_hair(const Clock& now, double g) {
    return 0.01 * g + 0.05 * frac(0.4142135624 * (now.t + 1) + 0.7320508076 * (g + 1));
}

double battery_price(const Clock& now, double k) {
    return 0.5 + 0.1 * frac(0.6180339887 * (now.t + 1) + 0.3819660113 * (k + 1));
}

double hydro_price(const Clock& now, double k) {
    return 1 + 0.1 * frac(0.7548776662 * (now.t + 1) + 0.5698402910 * (k + 1));
}

double inflow_share(const Clock& now) {
    return 0.016 * (1 + 0.4 * std::cos(2 * pi * (now.d - 150) / 365));
}

/// Bus ordinal floor(n_bus · share).
std::size_t place(std::size_t n_bus, double share) {
    return static_cast<std::size_t>(std::floor(static_cast<double>(n_bus) * share));
}

/// Where the buses of a case stand in the file, by number.
std::size_t ordinal_of(const exchange::MatpowerCase& matpower, double number) {
    const auto row = std::ranges::find(matpower.bus, number,
                                       [](const std::vector<double>& bus) { return bus[0]; });
    return static_cast<std::size_t>(row - matpower.bus.begin());
}

/// Slope of a polynomial cost between 0 and Pmax, from c1 and c2 as the workload defines: c1 + c2 Pmax.
double mean_price(const std::vector<double>& cost, double p_max_mw) {
    const auto n = static_cast<std::size_t>(cost[3]);
    const double c1 = n >= 2 ? cost[4 + n - 2] : 0;
    const double c2 = n >= 3 ? cost[4 + n - 3] : 0;
    return c1 + c2 * p_max_mw;
}

/// The formulas need a polynomial price for every generator.
void check_prices(const exchange::MatpowerCase& matpower) {
    for (std::size_t g = 0; g < matpower.gen.size(); ++g) {
        constexpr double polynomial = 2;
        const bool priced =
            g < matpower.gencost.size() && matpower.gencost[g].size() >= 4 &&
            matpower.gencost[g][0] == polynomial &&
            static_cast<double>(matpower.gencost[g].size()) >= 4 + matpower.gencost[g][3];
        if (!priced) {
            throw InputError(Fault{{},
                                   "mpc.gencost",
                                   "SG-1 needs a polynomial (model 2) for every generator",
                                   "none for generator " + std::to_string(g + 1)});
        }
    }
}

void add_thermals(const Sg1Case& c, Sg1& sg1) {
    sg1.n_thermal = c.unit_bus.size();
    for (const BusIdx bus : c.unit_bus) {
        sg1.system.generators.bus.push_back(bus.row());
    }
    sg1.thermal_max_mw = c.unit_max_mw;
    sg1.thermal_price = c.unit_price;
}

void add_wind_and_sun(std::size_t n_place, Sg1& sg1) {
    auto& bus = sg1.system.generators.bus;
    for (std::size_t j = 0; j < n_pv; ++j) {
        bus.push_back(n_place * (2 * j + 1) / 16);
    }
    for (std::size_t j = 0; j < n_wind; ++j) {
        bus.push_back(place(n_place, (static_cast<double>(j) + 0.25) / 6));
    }
}

void add_storage(std::size_t bus, double charge_mw, double discharge_mw, double spill_mw,
                 double e_max_mwh, double eta_charge, double eta_discharge, System& system) {
    auto& st = system.storages;
    st.bus.push_back(bus);
    st.charge_max_mw.push_back(charge_mw);
    st.discharge_max_mw.push_back(discharge_mw);
    st.spill_max_mw.push_back(spill_mw);
    st.e_min_mwh.push_back(0);
    st.e_max_mwh.push_back(e_max_mwh);
    st.eta_charge.push_back(eta_charge);
    st.eta_discharge.push_back(eta_discharge);
    st.retention.push_back(1);
}

void add_storages(std::size_t n_place, Sg1& sg1) {
    const double battery_mw = 0.02 * sg1.d0_mw;
    const double hydro_mw = 0.04 * sg1.d0_mw;
    for (std::size_t k = 0; k < n_battery; ++k) {
        add_storage(place(n_place, (static_cast<double>(k) + 0.7) / 6), battery_mw, battery_mw, 0,
                    4 * battery_mw, 0.95, 0.95, sg1.system);
    }
    for (std::size_t k = 0; k < n_hydro; ++k) {
        add_storage(place(n_place, (static_cast<double>(k) + 0.5) / 3), 0, hydro_mw,
                    spill_max_share * sg1.d0_mw, 12 * hydro_mw, 1, 0.9, sg1.system);
    }
}

void add_sheds(Sg1& sg1) {
    for (std::size_t i = 0; i < sg1.system.n_bus; ++i) {
        const double data_center_mw = i == sg1.data_center_bus ? 0.05 * sg1.d0_mw : 0;
        const double p_max_mw = std::max(sg1.pd_mw[i], 0.0) + data_center_mw;
        if (p_max_mw > 0) {
            sg1.system.sheds.bus.push_back(i);
            sg1.system.sheds.p_max_mw.push_back(p_max_mw);
            sg1.system.sheds.price_per_mwh.push_back(3000 + 0.1 * static_cast<double>(i));
        }
    }
}

/// The case's branches, all in.
network::Network make_full_network(exchange::MatpowerCase matpower) {
    for (std::vector<double>& branch : matpower.branch) {
        branch[10] = 1;
    }
    return network::make_network(exchange::make_study(matpower).epochs.front().system.grid);
}

BusIdx find_reference(const exchange::MatpowerCase& matpower) {
    const auto reference =
        std::ranges::find(matpower.bus, 3.0, [](const std::vector<double>& bus) { return bus[1]; });
    return BusIdx{static_cast<std::int32_t>(reference - matpower.bus.begin())};
}

/// s = ceil(max(0.02 D0, 1.2 |f0|)), f0 with generation in proportion to Pmax.
void add_branches(const Sg1Case& c, double limit_factor, Sg1& sg1) {
    const std::size_t n_bus = sg1.system.n_bus;
    std::vector<double> injection_mw(n_bus);
    std::ranges::transform(sg1.pd_mw, injection_mw.begin(), std::negate<>{});
    injection_mw[sg1.data_center_bus] -= 0.05 * sg1.d0_mw;
    const double total_mw = std::reduce(sg1.thermal_max_mw.begin(), sg1.thermal_max_mw.end());
    for (std::size_t g = 0; g < sg1.n_thermal; ++g) {
        injection_mw[sg1.system.generators.bus[g]] +=
            1.05 * sg1.d0_mw * sg1.thermal_max_mw[g] / total_mw;
    }
    auto& branches = sg1.system.branches;
    branches.ptdf = security::make_ptdf(c.grid, c.reference).values;
    sg1.grid = dispatch::program::make_flow_grid(c.grid);
    for (auto h = branches.ptdf.begin(); h != branches.ptdf.end();
         h += static_cast<std::ptrdiff_t>(n_bus)) {
        const double f0_mw = std::inner_product(injection_mw.begin(), injection_mw.end(), h, 0.0);
        branches.limit_mw.push_back(limit_factor *
                                    std::ceil(std::max(0.02 * sg1.d0_mw, 1.2 * std::abs(f0_mw))));
    }
}

void write_demand(const Sg1& sg1, const Clock& now, std::span<double> demand_mw) {
    if (demand_mw.size() == 1) {
        demand_mw[0] = sg1.d0_mw * (load_factor(now) + data_center_share(now));
        return;
    }
    for (std::size_t i = 0; i < demand_mw.size(); ++i) {
        demand_mw[i] = sg1.pd_mw[i] * load_factor(now);
    }
    demand_mw[sg1.data_center_bus] += sg1.d0_mw * data_center_share(now);
}

void write_generators(const Sg1& sg1, const Clock& now, std::size_t t, Block& block) {
    std::size_t k = 0;
    const auto put = [&](double p_max_mw, double price) {
        block.p_max_mw(k, t) = p_max_mw;
        block.price_per_mwh(k++, t) = price;
    };
    for (std::size_t g = 0; g < sg1.n_thermal; ++g) {
        put(sg1.thermal_max_mw[g],
            sg1.thermal_price[g] + thermal_hair(now, static_cast<double>(g)));
    }
    for (std::size_t j = 0; j < n_pv; ++j) {
        const auto x = static_cast<double>(j);
        put(sg1.d0_mw * pv_share(now, x), pv_price(now, x));
    }
    for (std::size_t j = 0; j < n_wind; ++j) {
        const auto x = static_cast<double>(j);
        put(sg1.d0_mw * wind_share(now, x), wind_price(now, x));
    }
}

void write_storages(const Sg1& sg1, const Clock& now, std::size_t t, Block& block) {
    for (std::size_t k = 0; k < n_battery; ++k) {
        block.discharge_price_per_mwh(k, t) = battery_price(now, static_cast<double>(k));
    }
    for (std::size_t k = 0; k < n_hydro; ++k) {
        block.discharge_price_per_mwh(n_battery + k, t) = hydro_price(now, static_cast<double>(k));
        block.inflow_mw(n_battery + k, t) = sg1.d0_mw * inflow_share(now);
    }
}

/// One program has one balance, so the grid must hang together.
void check_whole(const Sg1Case& c) {
    const int n_part = network::find_islands(c.grid).count;
    if (n_part != 1) {
        throw InputError(
            Fault{{}, "grid", "SG-1 needs one in one part", fmt::format("{} parts", n_part)});
    }
    if (c.unit_bus.empty()) {
        throw InputError(Fault{{}, "sources", "SG-1 needs generators with a price", "none"});
    }
}

} // namespace

Sg1Case read_sg1_case(const exchange::MatpowerCase& matpower) {
    check_prices(matpower);
    Sg1Case c{.grid = make_full_network(matpower),
              .reference = find_reference(matpower),
              .n_place = matpower.bus.size()};
    if (c.grid.n_bus != c.n_place) {
        throw InputError(Fault{{},
                               "mpc.bus",
                               "SG-1 needs a case without isolated buses",
                               fmt::format("{}", c.n_place - c.grid.n_bus)});
    }
    for (const std::vector<double>& bus : matpower.bus) {
        c.pd_mw.push_back(bus[2]);
    }
    for (std::size_t g = 0; g < matpower.gen.size(); ++g) {
        const double p_max_mw = matpower.gen[g][8];
        c.unit_bus.emplace_back(ordinal_of(matpower, matpower.gen[g][0]));
        c.unit_max_mw.push_back(p_max_mw);
        c.unit_price.push_back(mean_price(matpower.gencost[g], p_max_mw));
    }
    return c;
}

Sg1 make_sg1(const Sg1Case& c, double limit_factor) {
    check_whole(c);
    Sg1 sg1;
    sg1.system.n_bus = c.grid.n_bus;
    sg1.pd_mw = c.pd_mw;
    sg1.d0_mw = std::accumulate(sg1.pd_mw.begin(), sg1.pd_mw.end(), 0.0);
    sg1.data_center_bus = place(c.n_place, 0.66);
    add_thermals(c, sg1);
    add_wind_and_sun(c.n_place, sg1);
    add_storages(c.n_place, sg1);
    add_sheds(sg1);
    add_branches(c, limit_factor, sg1);
    return sg1;
}

System make_copper_plate(const System& system) {
    System plate = system;
    plate.n_bus = 1;
    plate.branches = {};
    std::ranges::fill(plate.generators.bus, 0);
    std::ranges::fill(plate.storages.bus, 0);
    const auto& p_max_mw = system.sheds.p_max_mw;
    plate.sheds = {.bus = {0},
                   .p_max_mw = {std::reduce(p_max_mw.begin(), p_max_mw.end())},
                   .price_per_mwh = {3000}};
    return plate;
}

Block make_block(const Sg1& sg1, std::size_t first, std::size_t n_step, std::size_t n_bus) {
    const std::size_t n_generator = sg1.system.generators.size();
    const std::size_t n_storage = sg1.system.storages.size();
    Block block;
    block.n_step = n_step;
    block.demand_mw.reshape(n_bus, n_step);
    block.p_min_mw.reshape(n_generator, n_step);
    block.p_max_mw.reshape(n_generator, n_step);
    block.price_per_mwh.reshape(n_generator, n_step);
    block.discharge_price_per_mwh.reshape(n_storage, n_step);
    block.inflow_mw.reshape(n_storage, n_step);
    for (std::size_t t = 0; t < n_step; ++t) {
        const Clock now{first + t};
        write_demand(sg1, now, block.demand_mw.step(t));
        write_generators(sg1, now, t, block);
        write_storages(sg1, now, t, block);
    }
    return block;
}

Block make_d1_block(const Sg1& sg1) {
    Block block = make_block(sg1, 4344, 168, sg1.system.n_bus);
    block.seam = Seam::cyclic;
    return block;
}

Block make_d3_block(const Sg1& sg1) {
    Block block = make_block(sg1, 0, 8760, 1);
    block.seam = Seam::cyclic;
    return block;
}

std::vector<double> half_full(const System& system) {
    std::vector<double> e_mwh = system.storages.e_max_mwh;
    std::ranges::transform(e_mwh, e_mwh.begin(), [](double e) { return e / 2; });
    return e_mwh;
}

Block make_window(const Sg1& sg1, std::size_t day, std::span<const double> e_mwh) {
    const std::size_t first = 24 * day;
    Block block = make_block(sg1, first, std::min<std::size_t>(48, 8760 - first), sg1.system.n_bus);
    block.steps_on = day > 0 ? 24 : 0;
    block.seam = Seam::fixed;
    block.e_start_mwh.assign(e_mwh.begin(), e_mwh.end());
    block.e_end_mwh = half_full(sg1.system);
    return block;
}

} // namespace yuanwang::workloads
