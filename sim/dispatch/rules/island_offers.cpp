// What can be placed at will: flexible water, thermal units, firm energy of the ties.
#include <algorithm>
#include <cmath>

#include "dispatch/rules/island_step.hpp"

namespace yuanwang::dispatch {

// 6. flexible hydro

std::size_t IslandStep::clock() const {
    return (input_.first_step_of_day + t_) % input_.steps_per_day;
}

/// What the steps left in the block met a day ago, this one not counted.
double IslandStep::sum_ahead(const Series& day_ago, double otherwise) const {
    double sum_mw = 0;
    for (std::size_t ahead = 1; ahead < input_.n_step - t_; ++ahead) {
        const double met_mw = day_ago(island_, (clock() + ahead) % input_.steps_per_day);
        sum_mw += std::isnan(met_mw) ? otherwise : met_mw;
    }
    return sum_mw;
}

/// What thermal plants and firm energy of the ties could still give.
double IslandStep::firm_room_mw() const {
    double room_mw = 0;
    for (const std::size_t k : rows_.thermals) {
        room_mw += std::max(0.0, most_mw(k) - s_.thermal_mw(k, t_));
    }
    double ties_mw = 0;
    for (const std::size_t k : rows_.ties) {
        ties_mw += firm_room_mw(k);
    }
    for (std::size_t g = 0; g < table_.groups.size(); ++g) { // ties that share one door
        double alone_mw = 0;
        double share_mw = 0;
        for (std::size_t m = 0; m < table_.groups.ties[g].size(); ++m) {
            const std::size_t k = table_.groups.ties[g][m];
            if (table_.ties.island[k] == island_) {
                alone_mw += firm_room_mw(k);
                share_mw += table_.groups.share[g][m] * firm_room_mw(k);
            }
        }
        const double door_mw = std::max(0.0, table_.groups.import_max_mw[g] - group_mw(g));
        if (share_mw > door_mw) {
            ties_mw -= alone_mw * (1.0 - door_mw / share_mw);
        }
    }
    return room_mw + std::max(0.0, ties_mw);
}

void IslandStep::release_water() {
    const double residual_mw = std::max(0.0, residual_mw_);
    const double ahead_mw = sum_ahead(walk_.state.residual_mw, residual_mw);
    const double reserve_mw = sum_ahead(walk_.state.firm_gap_mw, firm_gap_mw_);
    walk_.state.residual_mw(island_, clock()) = residual_mw;
    walk_.state.firm_gap_mw(island_, clock()) = firm_gap_mw_;
    if (residual_mw <= 0) {
        return;
    }
    const auto steps_after = static_cast<double>(input_.n_step - t_ - 1);
    const double share = residual_mw / (residual_mw + ahead_mw);
    const auto left_mw = [&](std::size_t k) { return walk_.water_mwh[k] / input_.dt_h; };
    const auto room_mw = [&](std::size_t k) {
        const double turbines_mw = input_.hydro_max_mw[k] - input_.hydro_base_mw[k];
        return std::clamp(turbines_mw, 0.0, left_mw(k));
    };
    double all_left_mw = 0;
    double all_room_mw = 0;
    for (const std::size_t k : rows_.hydros) {
        all_left_mw += left_mw(k);
        all_room_mw += room_mw(k);
    }
    if (all_room_mw <= 0) {
        return;
    }
    const double free = std::max(0.0, 1.0 - reserve_mw / all_left_mw); // of the water left
    std::vector<double> release_mw;
    double sum_mw = 0;
    for (const std::size_t k : rows_.hydros) {
        const double turbines_mw = std::max(0.0, input_.hydro_max_mw[k] - input_.hydro_base_mw[k]);
        const double must_mw = left_mw(k) - steps_after * turbines_mw;
        release_mw.push_back(std::min(std::max(free * left_mw(k) * share, must_mw), room_mw(k)));
        sum_mw += release_mw.back();
    }
    const double short_mw = std::min(residual_mw - firm_room_mw(), all_room_mw) - sum_mw;
    const double raise = // towards all there is, where firm plants and ties do not reach
        short_mw > 0 && all_room_mw > sum_mw ? short_mw / (all_room_mw - sum_mw) : 0.0;
    const double lower = std::min(1.0, residual_mw / std::max(sum_mw, tiny_mw));
    for (std::size_t m = 0; m < rows_.hydros.size(); ++m) {
        const std::size_t k = rows_.hydros[m];
        const double p_mw = lower * release_mw[m] + raise * (room_mw(k) - release_mw[m]);
        s_.hydro_mw(k, t_) += p_mw;
        walk_.water_mwh[k] = std::max(0.0, walk_.water_mwh[k] - p_mw * input_.dt_h);
        residual_mw_ -= p_mw;
    }
}

// 7. thermal and firm energy by price

double IslandStep::most_mw(std::size_t k) const {
    const double rated_mw = table_.thermals.units[k] * table_.thermals.unit_p_max_mw[k];
    const double heat_mw = input_.thermal_max_mw.empty() ? rated_mw : input_.thermal_max_mw(k, t_);
    return std::min(heat_mw, walk_.ramps.most_mw(k, table_.thermals.units[k]));
}

double IslandStep::least_mw(std::size_t k) const {
    const double units_mw = s_.thermal_units_on(k, t_) * table_.thermals.unit_p_min_mw[k];
    if (units_mw < 0) { // load that may be reduced has neither heat nor ramp
        return units_mw;
    }
    const double heat_mw = input_.thermal_min_mw.empty() ? 0.0 : input_.thermal_min_mw(k, t_);
    return std::max({units_mw, heat_mw, walk_.ramps.least_mw(k, s_.thermal_units_on(k, t_))});
}

void IslandStep::call_by_price() {
    for (const IslandRows::Offer& offer : rows_.offers) {
        if (residual_mw_ <= tiny_mw) {
            return;
        }
        if (offer.firm) {
            import_firm(offer);
        } else {
            raise_thermal(offer.row);
        }
    }
    for (const IslandRows::Offer& offer : rows_.offers) {
        while (!offer.firm && residual_mw_ > tiny_mw && start_unit(offer.row)) {
        }
    }
}

void IslandStep::import_firm(const IslandRows::Offer& offer) {
    const std::size_t k = offer.row;
    const double p_mw = std::min(residual_mw_, firm_room_mw(k));
    if (p_mw > 0) {
        s_.tie_firm_mw(k, t_) += p_mw;
        residual_mw_ -= p_mw;
        note_price(offer.price_cny_per_mwh);
    }
}

/// Raises what runs and starts as many units as the residual carries at their least output.
void IslandStep::raise_thermal(std::size_t k) {
    const Thermals& thermals = table_.thermals;
    const double unit_mw = thermals.unit_p_max_mw[k];
    double& p_mw = s_.thermal_mw(k, t_);
    double& units_on = s_.thermal_units_on(k, t_);
    const double wanted_mw = p_mw + residual_mw_;
    const double needed = unit_mw > 0 ? std::ceil(wanted_mw / unit_mw - 1e-9) : 0.0;
    double units =
        std::clamp(needed, units_on, std::max(units_on, static_cast<double>(thermals.units[k])));
    const auto floor_mw = [&] {
        return std::max(units * thermals.unit_p_min_mw[k], walk_.ramps.least_mw(k, units));
    };
    while (units > units_on && floor_mw() > wanted_mw + tiny_mw) {
        units -= 1;
    }
    const double next_mw =
        std::min({wanted_mw, units * unit_mw, most_mw(k), walk_.ramps.most_mw(k, units)});
    if (next_mw <= p_mw) {
        return;
    }
    residual_mw_ -= next_mw - p_mw;
    p_mw = next_mw;
    units_on = units;
    note_price(thermals.price_cny_per_mwh[k]);
}

/// Starts one more unit at its least output although the residual is smaller: others back down.
bool IslandStep::start_unit(std::size_t k) {
    const Thermals& thermals = table_.thermals;
    double& units_on = s_.thermal_units_on(k, t_);
    if (units_on >= thermals.units[k] || thermals.unit_p_max_mw[k] <= 0) {
        return false;
    }
    const double most_mw_then = std::min(most_mw(k), walk_.ramps.most_mw(k, units_on + 1));
    if (s_.thermal_mw(k, t_) + thermals.unit_p_min_mw[k] > most_mw_then + tiny_mw) {
        return false;
    }
    const double over_mw = thermals.unit_p_min_mw[k] - residual_mw_;
    if (make_room(over_mw, k, false) < over_mw - tiny_mw) {
        return false;
    }
    s_.thermal_mw(k, t_) += thermals.unit_p_min_mw[k];
    units_on += 1;
    residual_mw_ -= thermals.unit_p_min_mw[k];
    residual_mw_ += make_room(over_mw, k, true);
    note_price(thermals.price_cny_per_mwh[k]);
    return true;
}

/// Reduces firm imports (dearest first), other thermal output above its minimum, flexible water
/// and surplus imports by p_mw; returns how much that gives. Without `really` it only asks.
double IslandStep::make_room(double p_mw, std::size_t for_plant, bool really) {
    double given_mw = 0;
    const auto reduce = [&](double& value_mw, double least_mw) {
        const double less_mw = std::clamp(p_mw - given_mw, 0.0, std::max(0.0, value_mw - least_mw));
        given_mw += less_mw;
        if (really) {
            value_mw -= less_mw;
        }
        return less_mw;
    };
    for (auto offer = rows_.offers.rbegin(); offer != rows_.offers.rend(); ++offer) {
        if (offer->firm) {
            reduce(s_.tie_firm_mw(offer->row, t_), 0.0);
        }
    }
    for (auto offer = rows_.offers.rbegin(); offer != rows_.offers.rend(); ++offer) {
        if (!offer->firm && offer->row != for_plant) {
            reduce(s_.thermal_mw(offer->row, t_), least_mw(offer->row));
        }
    }
    for (const std::size_t k : rows_.hydros) {
        const double less_mw = reduce(s_.hydro_mw(k, t_), input_.hydro_base_mw[k]);
        walk_.water_mwh[k] += really ? less_mw * input_.dt_h : 0.0;
    }
    for (const std::size_t k : rows_.ties) {
        reduce(s_.tie_surplus_mw(k, t_), 0.0);
    }
    return given_mw;
}

} // namespace yuanwang::dispatch
