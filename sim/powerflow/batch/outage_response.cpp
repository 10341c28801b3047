#include "powerflow/batch/outage_response.hpp"

#include <algorithm>
#include <cmath>

namespace yuanwang::powerflow::batch {

namespace {

constexpr double unlimited_mw = 1e9;
constexpr double whole = 1.0 - 1e-9; ///< of a plant: its last machine

/// θ with Σ min(w θ, room) = wanted, and what no room is left for.
struct Level {
    double theta = 0;
    double left = 0;
};

Level find_level(std::span<const Responder> responders, double wanted, double Responder::*room) {
    Level level{.theta = 0, .left = wanted};
    while (true) { // every round fills one more unit
        double filled = 0;
        double weight = 0;
        for (const Responder& r : responders) {
            if (r.weight > 0) {
                const bool full = level.theta * r.weight >= r.*room;
                filled += full ? r.*room : 0.0;
                weight += full ? 0.0 : r.weight;
            }
        }
        level.left = wanted - filled;
        if (weight <= 0 || level.left <= 0) {
            level.left = std::max(level.left, 0.0);
            return level;
        }
        const double theta = level.left / weight;
        if (theta <= level.theta) {
            level.left = 0;
            return level;
        }
        level.theta = theta;
    }
}

/// Shares `wanted` over what `room_of` leaves to each, in proportion; returns the rest.
template <class RoomOf>
double share_by_room(std::size_t n, double wanted, double sign, RoomOf room_of,
                     std::span<double> change) {
    double sum = 0;
    for (std::size_t k = 0; k < n; ++k) {
        sum += room_of(k);
    }
    if (wanted <= 0 || sum <= 0) {
        return wanted;
    }
    const double share = std::min(1.0, wanted / sum);
    for (std::size_t k = 0; k < n; ++k) {
        change[k] += sign * share * room_of(k);
    }
    return std::max(0.0, wanted - sum);
}

} // namespace

double respond(std::span<const Responder> responders, double lack, std::span<double> change) {
    std::ranges::fill(change, 0.0);
    const double sign = lack < 0 ? -1.0 : 1.0;
    double Responder::*const room = lack < 0 ? &Responder::down : &Responder::up;
    const Level level = find_level(responders, std::abs(lack), room);
    for (std::size_t k = 0; k < responders.size(); ++k) {
        const Responder& r = responders[k];
        change[k] = r.weight > 0 ? sign * std::min(level.theta * r.weight, r.*room) : 0.0;
    }
    double left = share_by_room(
        responders.size(), level.left, sign,
        [&](std::size_t k) { return responders[k].weight > 0 ? 0.0 : responders[k].*room; },
        change);
    if (lack < 0) {
        left = share_by_room(
            responders.size(), left, sign,
            [&](std::size_t k) { return std::max(0.0, responders[k].output - responders[k].down); },
            change);
    }
    return sign * left;
}

double find_lost_share(const Outage& outage, const OutageColumns& columns, UnitIdx u,
                       std::size_t t) {
    if (std::ranges::find(outage.units, u) != outage.units.end()) {
        return 1.0;
    }
    if (std::ranges::find(outage.machines, u) == outage.machines.end()) {
        return 0.0;
    }
    const double share =
        columns.room.machine_share.empty() ? 1.0 : columns.room.machine_share(u, t);
    return share > whole ? 1.0 : share;
}

Responder make_responder(const Units& units, const Outage& outage, const OutageColumns& columns,
                         UnitIdx u, std::size_t t, bool on, double output_mw) {
    const double kept = on ? 1.0 - find_lost_share(outage, columns, u, t) : 0.0;
    if (kept <= 0) {
        return {};
    }
    const UnitRoom& room = columns.room;
    if (room.up_mw.empty()) {
        const double any = units.participation[u] > 0 ? unlimited_mw : 0.0;
        return {.weight = units.participation[u], .up = any, .down = any, .output = 0};
    }
    return {.weight = units.participation[u],
            .up = kept * std::min(room.up_mw(u, t), unlimited_mw),
            .down = kept * std::min(room.down_mw(u, t), unlimited_mw),
            .output = kept * output_mw};
}

void take_out(const Outage& outage, const OutageColumns& columns, std::size_t t,
              const StepColumns& step) {
    for (const Outage::Shed& cut : outage.shed) {
        step.load_p_mw[cut.bus.row()] -= columns.shed_p_mw(cut.row, t);
        step.load_q_mvar[cut.bus.row()] -= columns.shed_q_mvar(cut.row, t);
    }
    for (const BusIdx i : outage.load_buses) { // last: what was shed there is gone with the rest
        step.load_p_mw[i.row()] = 0;
        step.load_q_mvar[i.row()] = 0;
    }
    const auto lose = [&](UnitIdx u) {
        const double kept = 1.0 - find_lost_share(outage, columns, u, t);
        step.unit_p_mw[u.row()] *= kept;
        step.unit_on[u.row()] = kept > 0 ? step.unit_on[u.row()] : 0.0;
        if (kept > 0 && std::isfinite(step.unit_q_min_mvar[u.row()])) {
            step.unit_q_min_mvar[u.row()] *= kept;
            step.unit_q_max_mvar[u.row()] *= kept;
        }
    };
    std::ranges::for_each(outage.units, lose);
    for (const UnitIdx u : outage.machines) {
        if (std::ranges::find(outage.units, u) == outage.units.end()) {
            lose(u);
        }
    }
}

double balance_part(const Units& units, const Outage& outage, const OutageColumns& columns,
                    std::size_t t, std::span<const int> part_of_bus, int part, double lack_mw,
                    const StepColumns& step) {
    if (lack_mw == 0 || !std::isfinite(lack_mw) || columns.room.up_mw.empty()) {
        return 0; // the solver shares it
    }
    std::vector<Responder> responders(units.size());
    std::vector<double> change(units.size());
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        const bool there = part_of_bus[units.bus[u].row()] == part && step.unit_on[u.row()] > 0.5;
        const double kept = 1.0 - find_lost_share(outage, columns, u, t);
        const double before_mw = kept > 0 ? step.unit_p_mw[u.row()] / kept : 0.0;
        responders[u.row()] = make_responder(units, outage, columns, u, t, there, before_mw);
    }
    const double left_mw = respond(responders, lack_mw, change);
    for (std::size_t u = 0; u < change.size(); ++u) {
        step.unit_p_mw[u] += change[u];
    }
    double load_mw = 0;
    for (std::size_t i = 0; i < part_of_bus.size(); ++i) {
        load_mw += part_of_bus[i] == part ? std::max(0.0, step.load_p_mw[i]) : 0.0;
    }
    if (left_mw <= 0 || load_mw <= 0) {
        return 0;
    }
    const double served = std::max(0.0, 1.0 - left_mw / load_mw);
    for (std::size_t i = 0; i < part_of_bus.size(); ++i) {
        if (part_of_bus[i] == part && step.load_p_mw[i] > 0) {
            step.load_p_mw[i] *= served;
            step.load_q_mvar[i] *= served;
        }
    }
    return (1.0 - served) * load_mw;
}

} // namespace yuanwang::powerflow::batch
