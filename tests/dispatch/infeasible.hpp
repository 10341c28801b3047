/// @file
/// Seeded cities that cannot be dispatched as asked, each with one true cause.
///
/// A sound city of one or two islands is drawn first: five to ten named loads, thermal plants, ties, wind, water, waste, a battery
/// and work with deadlines, with a tenth to a half more firm capacity than its peak asks. Then one thing is spoiled:
///
/// | cause                 | what is done                                                                          |
/// |-----------------------|---------------------------------------------------------------------------------------|
/// | missing capacity      | plants and ties of an island shrink together, or its largest plant is taken out       |
/// | impossible deadline   | more work falls due in a few hours than its machines can do                           |
/// | contradictory minimum | the thermal minimum passes what the plants can do, or must-run output what is asked   |
/// | islanded load         | a load ends up alone on an island, with nothing or little to feed it                  |
/// | unit slip             | one number times or by 1000: a load, a plant, a tie, the minimum, must-run output     |
/// | narrow corridor       | the corridor carries less than what one side needs of the other                       |
///
/// The first island has two sides, A and B, with loads, plants and wind on either; the corridor between them is wide enough to feed
/// any side alone, whatever else is spoiled.
///
///     A ══ corridor ══ B         f = D_B − Σ_B p,   so H = −1 at B, 0 at A                               MW
///
/// A draw that happens not to break anything is drawn again. The same seed gives the same city.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <random>

#include "dispatch/infeasibility/explain.hpp"
#include "tiny_table.hpp"

namespace yuanwang::test {

struct Infeasible {
    Tiny city{0, 24};
    std::vector<dispatch::NamedLoad> loads;
    dispatch::NetworkLimits limits; ///< the corridor
    dispatch::NetworkBlock flows;
    double corridor_mw = 0;
    std::vector<char> load_at_b; ///< [n_load]
    std::vector<char> plant_at_b;
    std::vector<char> wind_at_b;
    [[nodiscard]] dispatch::Explanation explain() const {
        return dispatch::explain(city.table, city.input, city.state, loads, {&limits, &flows});
    }
    dispatch::WhyKind truth = dispatch::WhyKind::missing_capacity;
};

class InfeasibleDraw {
  public:
    explicit InfeasibleDraw(std::uint64_t seed) : random_{seed} {}

    /// A city with a cause, drawn until it breaks.
    Infeasible draw(dispatch::WhyKind truth) {
        for (;;) {
            Infeasible found = draw_sound_city();
            lay_corridor(found);
            if (!found.explain().broken.empty()) {
                continue; // not sound after all
            }
            found.truth = truth;
            spoil(found);
            lay_corridor(found);
            if (!found.explain().broken.empty()) {
                return found;
            }
        }
    }

  private:
    double between(double least, double most) {
        return std::uniform_real_distribution<double>{least, most}(random_);
    }
    std::size_t pick(std::size_t n) {
        return std::uniform_int_distribution<std::size_t>{0, n - 1}(random_);
    }

    static double day_shape(std::size_t t, double phase) {
        return 0.8 + 0.2 * std::sin(2 * std::numbers::pi * (static_cast<double>(t) - phase) / 24);
    }

    void add_load(Infeasible& found, std::size_t island, double peak_mw) {
        dispatch::NamedLoad load{.island = island, .p_mw = std::vector<double>(24)};
        const double phase = between(8, 14);
        for (std::size_t t = 0; t < 24; ++t) {
            load.p_mw[t] = peak_mw * day_shape(t, phase);
            found.city.input.demand_mw(island, t) += load.p_mw[t];
        }
        found.loads.push_back(std::move(load));
    }

    static double peak(const Infeasible& found, std::size_t island) {
        double most = 0;
        for (std::size_t t = 0; t < 24; ++t) {
            most = std::max(most, found.city.input.demand_mw(island, t));
        }
        return most;
    }

    /// Plants and a tie that together carry the peak and `margin` more.
    void add_firm(Infeasible& found, std::size_t island, double margin) {
        Tiny& city = found.city;
        const double firm_mw = (1 + margin) * peak(found, island);
        const double tie_share = between(0.2, 0.5);
        const double tie_mw = tie_share * firm_mw;
        city.add_tie({.surplus_mw = between(0, 0.5) * tie_mw,
                      .import_mw = tie_mw,
                      .firm_mw = tie_mw,
                      .export_mw = between(0, 0.4) * tie_mw,
                      .island = island});
        const std::size_t n_plant = 2 + pick(3);
        double left_mw = firm_mw - tie_mw;
        for (std::size_t k = 0; k < n_plant; ++k) {
            const double plant_mw = k + 1 == n_plant ? left_mw : left_mw * between(0.25, 0.6);
            left_mw -= plant_mw;
            const int units = 1 + static_cast<int>(pick(3));
            city.add_thermal(units, plant_mw / units, 0.3 * plant_mw / units,
                             300 + 10 * between(0, 9), false, island);
        }
    }

    /// Sides of what stands in the first island, and a corridor for the whole of either.
    void draw_sides(Infeasible& found) {
        const auto draw = [&](std::size_t n, std::vector<char>& at_b) {
            for (std::size_t k = 0; k < n; ++k) {
                at_b.push_back(pick(2) == 0 ? 0 : 1);
            }
        };
        draw(found.loads.size(), found.load_at_b);
        draw(found.city.table.thermals.size(), found.plant_at_b);
        draw(found.city.table.variables.size(), found.wind_at_b);
        found.corridor_mw = 1.2 * peak(found, 0);
    }

    static double load_at_b(const Infeasible& found, std::size_t t) {
        double mw = 0;
        for (std::size_t k = 0; k < found.loads.size(); ++k) {
            mw +=
                found.load_at_b[k] != 0 && found.loads[k].island == 0 ? found.loads[k].p_mw[t] : 0;
        }
        return mw;
    }

    /// The corridor in the places of the table as it is now.
    static void lay_corridor(Infeasible& found) {
        const dispatch::Table& table = found.city.table;
        const dispatch::Places at = dispatch::number_places(table);
        std::vector<double> H(at.count, 0);
        const auto put = [&](std::size_t place, const auto& family, const std::vector<char>& at_b) {
            for (std::size_t k = 0; k < at_b.size(); ++k) {
                H[place + k] = at_b[k] != 0 && family.island[k] == 0 ? -1 : 0;
            }
        };
        put(at.variable, table.variables, found.wind_at_b);
        put(at.thermal, table.thermals, found.plant_at_b);
        const double share_at_b = load_at_b(found, 12) / found.city.input.demand_mw(0, 12);
        H[at.island] = -share_at_b;
        found.flows.base_flow_mw.reshape(1, 24);
        for (std::size_t t = 0; t < 24; ++t) {
            found.flows.base_flow_mw(0, t) =
                load_at_b(found, t) - share_at_b * found.city.input.demand_mw(0, t);
        }
        found.limits = {.limit_mw = {found.corridor_mw},
                        .emergency_mw = {std::numeric_limits<double>::infinity()},
                        .factors = std::move(H),
                        .outages = {}};
    }

    /// Less than the side with fewer plants needs of the other.
    void narrow(Infeasible& found) {
        const auto& table = found.city.table;
        double plants_mw[2] = {0, 0};
        for (std::size_t k = 0; k < found.plant_at_b.size(); ++k) {
            if (table.thermals.island[k] == 0) {
                plants_mw[found.plant_at_b[k] != 0 ? 1 : 0] +=
                    table.thermals.units[k] * table.thermals.unit_p_max_mw[k];
            }
        }
        double needs_mw = 0;
        for (std::size_t t = 0; t < 24; ++t) { // ties, water and waste stand at A
            needs_mw = std::max(needs_mw, load_at_b(found, t) - plants_mw[1]);
        }
        if (needs_mw > 0) {
            found.corridor_mw = needs_mw * between(0.3, 0.9);
        }
    }

    Infeasible draw_sound_city() {
        Infeasible found;
        const std::size_t n_island = 1 + pick(2);
        found.city = Tiny{0, 24, n_island};
        for (std::size_t i = 0; i < n_island; ++i) {
            const std::size_t n_load = 5 + pick(6);
            for (std::size_t k = 0; k < n_load; ++k) {
                add_load(found, i, between(15, 150));
            }
            add_firm(found, i, between(0.1, 0.5));
            found.city.add_wind(between(0, 0.3) * peak(found, i), i);
        }
        Tiny& city = found.city;
        city.add_must_run(between(0.01, 0.05) * peak(found, 0));
        const double water_mw = between(0.05, 0.2) * peak(found, 0);
        city.add_hydro(between(6, 16) * water_mw, 0.2 * water_mw, water_mw);
        const double battery_mw = between(0.03, 0.15) * peak(found, 0);
        city.add_battery(battery_mw, 4 * battery_mw, between(0.2, 0.8));
        double thermal_mw = 0;
        for (std::size_t k = 0; k < city.table.thermals.size(); ++k) {
            thermal_mw += city.table.thermals.units[k] * city.table.thermals.unit_p_max_mw[k];
        }
        city.input.thermal_minimum_mw.assign(24, between(0, 0.3) * thermal_mw);
        add_work(found);
        draw_sides(found);
        city.state = dispatch::make_initial_state(city.table);
        return found;
    }

    /// Deferrable work: it arrives during the day at its base power and may wait some hours.
    void add_work(Infeasible& found) {
        Tiny& city = found.city;
        city.table.flexibles.island = {0};
        city.table.accounts = {.rows = {{0}}, .keep = {1}};
        auto& in = city.input;
        const double most_mw = between(0.02, 0.06) * peak(found, 0);
        in.flexible_base_mw.reshape(1, 24);
        in.flexible_min_mw.reshape(1, 24, 0);
        in.flexible_max_mw.reshape(1, 24, most_mw);
        in.flexible_weight.reshape(1, 24, 1);
        in.account_min.reshape(1, 24);
        in.account_max.reshape(1, 24, 0);
        const std::size_t deadline_h = 3 + pick(6);
        for (std::size_t t = 0; t < 24; ++t) {
            in.flexible_base_mw(0, t) = most_mw * between(0.2, 0.8);
            in.demand_mw(0, t) += in.flexible_base_mw(0, t);
        }
        for (std::size_t t = 0; t < 24; ++t) {
            for (std::size_t back = 0; back < deadline_h && back <= t; ++back) {
                in.account_min(0, t) -= in.flexible_base_mw(0, t - back);
            }
        }
    }

    void spoil(Infeasible& found) {
        using dispatch::WhyKind;
        switch (found.truth) {
        case WhyKind::missing_capacity:
            return take_capacity(found);
        case WhyKind::impossible_deadline:
            return press_work(found);
        case WhyKind::contradictory_minimum:
            return raise_minimum(found);
        case WhyKind::islanded_load:
            return cut_load_off(found);
        case WhyKind::unit_slip:
            return slip_unit(found);
        case WhyKind::narrow_corridor:
            return narrow(found);
        case WhyKind::sign_slip:
        case WhyKind::reserve:
            return;
        }
    }

    void take_capacity(Infeasible& found) {
        auto& table = found.city.table;
        const std::size_t island = pick(table.n_island);
        if (pick(2) == 0) {
            const double share = between(0.4, 0.85);
            for (std::size_t k = 0; k < table.thermals.size(); ++k) {
                table.thermals.unit_p_max_mw[k] *= table.thermals.island[k] == island ? share : 1;
            }
            for (std::size_t k = 0; k < table.ties.size(); ++k) {
                table.ties.import_max_mw[k] *= table.ties.island[k] == island ? share : 1;
            }
            return;
        }
        std::size_t largest = 0;
        double most_mw = -1;
        for (std::size_t k = 0; k < table.thermals.size(); ++k) {
            const double mw = table.thermals.units[k] * table.thermals.unit_p_max_mw[k];
            if (table.thermals.island[k] == island && mw > most_mw) {
                most_mw = mw;
                largest = k;
            }
        }
        table.thermals.units[largest] = 0;
    }

    /// Work falls due at one hour: more than the hours since it came can do.
    void press_work(Infeasible& found) {
        auto& in = found.city.input;
        const std::size_t due = 2 + pick(20);
        const std::size_t hours = 1 + pick(2);
        const double most_mw = in.flexible_max_mw(0, 0);
        // a batch of work came `hours` ago on top of what was planned, and may not wait
        const double batch_mwh = most_mw * static_cast<double>(hours) * between(1.2, 3);
        for (std::size_t t = due; t < 24; ++t) {
            in.account_min(0, t) += batch_mwh;
            in.account_max(0, t) += batch_mwh;
        }
        for (std::size_t t = due - hours; t < due; ++t) {
            in.account_max(0, t) += batch_mwh;
        }
        // what was planned may wait as before, so only the batch presses
        for (std::size_t t = due; t < 24; ++t) {
            in.account_min(0, t) = std::max(in.account_min(0, t), batch_mwh - most_mw * 0.1);
        }
    }

    void raise_minimum(Infeasible& found) {
        auto& city = found.city;
        if (pick(2) == 0) {
            double thermal_mw = 0;
            for (std::size_t k = 0; k < city.table.thermals.size(); ++k) {
                thermal_mw += city.table.thermals.units[k] * city.table.thermals.unit_p_max_mw[k];
            }
            city.input.thermal_minimum_mw.assign(24, thermal_mw * between(1.05, 2));
            return;
        }
        // must-run output beyond the demand of its island, and a battery it fills, and what may be exported
        double way_out_mw = peak(found, 0);
        for (std::size_t k = 0; k < city.table.ties.size(); ++k) {
            way_out_mw += city.table.ties.island[k] == 0 ? city.table.ties.export_max_mw[k] : 0;
        }
        const double p_mw = way_out_mw * between(1.1, 2);
        for (std::size_t t = 0; t < 24; ++t) {
            city.input.must_run_mw(0, t) = p_mw;
        }
    }

    void cut_load_off(Infeasible& found) {
        auto& city = found.city;
        const std::size_t island = city.table.n_island++;
        Series demand(island + 1, 24);
        for (std::size_t t = 0; t < 24; ++t) {
            for (std::size_t i = 0; i < island; ++i) {
                demand(i, t) = city.input.demand_mw(i, t);
            }
        }
        const std::size_t cut = pick(found.loads.size());
        for (std::size_t t = 0; t < 24; ++t) {
            const double p_mw = found.loads[cut].p_mw[t];
            demand(found.loads[cut].island, t) -= p_mw;
            demand(island, t) += p_mw;
        }
        city.input.demand_mw = demand;
        city.input.loss_mw = Series(island + 1, 24, 0);
        found.loads[cut].island = island;
        if (pick(2) == 0) { // a small plant stays with it
            const double p_mw = between(0.02, 0.2) * peak(found, island);
            city.add_thermal(1, p_mw, 0, 500, false, island);
        }
    }

    void slip_unit(Infeasible& found) {
        auto& city = found.city;
        auto& table = city.table;
        switch (pick(5)) {
        case 0: {
            dispatch::NamedLoad& load = found.loads[pick(found.loads.size())];
            for (std::size_t t = 0; t < 24; ++t) {
                city.input.demand_mw(load.island, t) += 999 * load.p_mw[t];
                load.p_mw[t] *= 1000;
            }
            return;
        }
        case 1:
            table.thermals.unit_p_max_mw[pick(table.thermals.size())] /= 1000;
            return;
        case 2: {
            const std::size_t k = pick(table.ties.size());
            table.ties.import_max_mw[k] /= 1000;
            return;
        }
        case 3:
            for (double& mw : city.input.thermal_minimum_mw) {
                mw *= 1000;
            }
            return;
        default:
            for (std::size_t t = 0; t < 24; ++t) {
                city.input.must_run_mw(0, t) *= 1000;
            }
        }
    }

    std::mt19937_64 random_;
};

/// The city of a seed; its cause is number seed mod 6.
inline Infeasible draw_infeasible(std::uint64_t seed) {
    return InfeasibleDraw{seed}.draw(static_cast<dispatch::WhyKind>(seed % 6));
}

} // namespace yuanwang::test
