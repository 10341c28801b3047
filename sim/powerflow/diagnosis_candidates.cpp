#include "powerflow/diagnosis_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <optional>
#include <utility>

#include "network/topology.hpp"
#include "powerflow/dc.hpp"

namespace yuanwang::powerflow {

namespace {

using network::BranchKind;

constexpr double far_off = 10; ///< times the middle: a slip of a unit is a hundred or a thousand
constexpr double far_off_power = 80; ///< loads of one level differ more than impedances do
constexpr double slip = 1000;        ///< kW for MW, MW for GW
constexpr std::size_t n_tried = 4;   ///< suspicions of one kind worth a trial

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

void keep_worst(std::vector<Candidate>& candidates) {
    std::ranges::stable_sort(candidates, std::ranges::greater{}, &Candidate::weight);
    if (candidates.size() > n_tried) {
        candidates.erase(candidates.begin() + n_tried, candidates.end());
    }
}

bool is_transformer(BranchKind kind) {
    return kind != BranchKind::line && kind != BranchKind::impedance;
}

/// Branches that may be held against one another: one level, lines or not, with charging or without.
struct Family {
    int kv = 0;
    bool transformer = false;
    bool charged = false;
    friend auto operator<=>(const Family&, const Family&) = default;
};

Family family_of(const network::Network& grid, BranchIdx k) {
    const network::Branches& b = grid.branches;
    const bool line =
        !is_transformer(b.kind[k]) &&
        std::abs(grid.base_kv[b.from[k]] - grid.base_kv[b.to[k]]) < 0.05 * grid.base_kv[b.from[k]];
    return {static_cast<int>(std::lround(grid.base_kv[b.from[k]])), !line,
            line && b.b_from_pu[k] > 0};
}

/// What a branch is judged by: the surge impedance of a charged line, which its length does not move; else |x|, for a
/// transformer of known rating on that rating.
double yardstick(const network::Network& grid, BranchIdx k, const Family& family) {
    const network::Branches& b = grid.branches;
    const double x = std::abs(b.x_pu[k]);
    if (family.charged) {
        return std::sqrt(x / (2 * b.b_from_pu[k]));
    }
    return family.transformer && b.rate_mva[k] > 0 ? x * b.rate_mva[k] / network::base_mva : x;
}

void scale_impedance(network::Network& grid, BranchIdx k, double factor) {
    grid.branches.r_pu[k] *= factor;
    grid.branches.x_pu[k] *= factor;
}

struct NodePower {
    std::vector<double> injection_mw; ///< [n_bus]
    double total_load_mw = 0;
};

NodePower sum_injections(const FlowQuestion& q) {
    NodePower out;
    out.injection_mw.assign(q.grid.n_bus, 0.0);
    for (std::size_t i = 0; i < q.grid.n_bus; ++i) {
        out.injection_mw[i] -= q.injections.load_p_mw(i, 0);
        out.total_load_mw += q.injections.load_p_mw(i, 0);
    }
    for (const UnitIdx u : rows<UnitIdx>(q.units.size())) {
        out.injection_mw[q.units.bus[u].row()] += q.injections.unit_p_mw(u, 0);
    }
    return out;
}

BusIdx find_reference(const FlowQuestion& q) {
    if (q.units.reference.valid()) {
        return q.units.bus[q.units.reference];
    }
    for (const UnitIdx u : rows<UnitIdx>(q.units.size())) {
        if (q.units.participation[u] > 0) {
            return q.units.bus[u];
        }
    }
    return BusIdx{0};
}

/// Loads, or schedules of units, with one far above its like, or a thousandth of it.
template <class Value, class Repair>
void find_large(std::size_t n, Value value, std::vector<Candidate>& out, Repair repair) {
    std::vector<double> sizes;
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (const double size = std::abs(value(i)); size > 0) {
            sizes.push_back(size);
            sum += size;
        }
    }
    if (sizes.size() < 2) {
        return;
    }
    std::ranges::sort(sizes);
    const double middle = sizes[(sizes.size() - 1) / 2];
    for (std::size_t i = 0; i < n; ++i) {
        const double size = std::abs(value(i));
        if (size > far_off_power * middle && size > sum - size) {
            out.push_back(repair(i, size / slip < far_off_power * middle ? size / slip : middle));
        } else if (size > 0 && size * slip > middle / far_off && size * slip < far_off * middle &&
                   size < middle / far_off_power) {
            out.push_back(repair(i, size * slip));
        }
    }
}

} // namespace

std::vector<Cause> find_not_finite(const FlowQuestion& q) {
    std::vector<Cause> causes;
    for (const BusIdx i : rows<BusIdx>(q.grid.n_bus)) {
        for (const double value : {q.injections.load_p_mw(i, 0), q.injections.load_q_mvar(i, 0)}) {
            if (!std::isfinite(value)) {
                causes.push_back({CauseKind::not_finite, q.grid.bus_id[i], value});
                break;
            }
        }
    }
    for (const UnitIdx u : rows<UnitIdx>(q.units.size())) {
        if (!std::isfinite(q.injections.unit_p_mw(u, 0))) {
            causes.push_back({CauseKind::not_finite, q.units.id[u], q.injections.unit_p_mw(u, 0)});
        }
    }
    return causes;
}

std::vector<Cause> find_unheld_parts(const FlowQuestion& q) {
    const network::Islands islands = network::find_islands(q.grid);
    struct Part {
        bool held = false;
        double load_mw = 0;
        std::size_t n_bus = 0;
        BusIdx largest;
        double largest_mw = -1;
    };
    std::vector<Part> parts(static_cast<std::size_t>(islands.count));
    const auto part_of = [&](BusIdx i) -> Part& {
        return parts[static_cast<std::size_t>(islands.of_bus[i])];
    };
    const NodePower power = sum_injections(q);
    for (const BusIdx i : rows<BusIdx>(q.grid.n_bus)) {
        Part& part = part_of(i);
        const double mw = std::abs(power.injection_mw[i.row()]);
        part.load_mw += q.injections.load_p_mw(i, 0);
        ++part.n_bus;
        if (mw > part.largest_mw) {
            part.largest = i;
            part.largest_mw = mw;
        }
    }
    for (const UnitIdx u : rows<UnitIdx>(q.units.size())) {
        if (q.units.mode[u] == ReactiveMode::voltage && q.injections.unit_on(u, 0) > 0.5) {
            part_of(q.units.bus[u]).held = true;
        }
    }
    std::vector<Cause> causes;
    for (const Part& part : parts) {
        if (!part.held && part.largest_mw > 0) {
            causes.push_back({part.n_bus == 1 ? CauseKind::isolated_bus : CauseKind::no_slack,
                              q.grid.bus_id[part.largest], part.load_mw,
                              static_cast<double>(part.n_bus)});
        }
    }
    std::ranges::stable_sort(causes, std::ranges::greater{}, &Cause::value);
    return causes;
}

std::vector<Candidate> find_impedance_slips(const FlowQuestion& q) {
    const network::Branches& b = q.grid.branches;
    std::map<Family, std::vector<double>> like;
    for (const BranchIdx k : rows<BranchIdx>(b.size())) {
        if (b.in_service[k]) {
            const Family family = family_of(q.grid, k);
            like[family].push_back(yardstick(q.grid, k, family));
        }
    }
    std::vector<Candidate> candidates;
    for (const BranchIdx k : rows<BranchIdx>(b.size())) {
        if (!b.in_service[k]) {
            continue;
        }
        const Family family = family_of(q.grid, k);
        const double own = yardstick(q.grid, k, family);
        const std::vector<double>& others = like[family];
        // A rated transformer stands by itself: uk is 4 to 25 % whoever makes it.
        const bool rated =
            family.transformer && b.rate_mva[k] > 0 && b.kind[k] == BranchKind::transformer;
        const double usual = rated ? 0.12 : others.size() >= 3 ? median(others) : 0.0;
        if (!(usual > 0) || !(own > 0)) {
            continue;
        }
        // √(x/b) moves by the root of a slip in x
        const double off = family.charged ? std::pow(own / usual, 2) : own / usual;
        if (off < far_off && off > 1 / far_off) {
            continue;
        }
        Candidate candidate{.cause = {CauseKind::impedance_slip, b.id[k], std::abs(b.x_pu[k]),
                                      std::abs(b.x_pu[k]) / off},
                            .weight = std::abs(std::log10(off))};
        candidate.repair = [k, off](FlowQuestion& r) { scale_impedance(r.grid, k, 1 / off); };
        candidates.push_back(std::move(candidate));
    }
    keep_worst(candidates);
    return candidates;
}

std::vector<Candidate> find_ratio_slips(const FlowQuestion& q) {
    std::vector<Candidate> candidates;
    const network::Branches& b = q.grid.branches;
    for (const BranchIdx k : rows<BranchIdx>(b.size())) {
        if (!b.in_service[k] || (b.ratio[k] >= 0.75 && b.ratio[k] <= 1.33)) {
            continue;
        }
        Candidate candidate{.cause = {CauseKind::ratio_slip, b.id[k], b.ratio[k], 1},
                            .weight = 1 + std::abs(std::log10(b.ratio[k]))};
        candidate.repair = [k](FlowQuestion& r) {
            r.grid.branches.ratio[k] = 1;
            for (std::size_t tap = 0; tap < r.grid.taps.size(); ++tap) {
                if (std::ranges::find(r.grid.taps.branches[tap], k) !=
                    r.grid.taps.branches[tap].end()) {
                    r.grid.taps.nominal_ratio[tap] = 1;
                }
            }
        };
        candidates.push_back(std::move(candidate));
    }
    keep_worst(candidates);
    return candidates;
}

std::vector<Candidate> find_power_slips(const FlowQuestion& q) {
    std::vector<Candidate> candidates;
    const auto weigh = [](double size, double usual) { return std::abs(std::log10(size / usual)); };
    const auto add_loads = [&](Series BlockInjections::*column) {
        const Series& values = q.injections.*column;
        find_large(
            q.grid.n_bus, [&](std::size_t i) { return values(i, 0); }, candidates,
            [&](std::size_t i, double middle) {
                const double value = values(i, 0);
                Candidate c{.cause = {CauseKind::load_slip, q.grid.bus_id[BusIdx{i}], value,
                                      std::copysign(middle, value)},
                            .weight = weigh(std::abs(value), middle)};
                c.repair = [i, factor = std::copysign(middle, value) / value](FlowQuestion& r) {
                    r.injections.load_p_mw(i, 0) *= factor; // one unit for both
                    r.injections.load_q_mvar(i, 0) *= factor;
                };
                return c;
            });
    };
    add_loads(&BlockInjections::load_p_mw);
    add_loads(&BlockInjections::load_q_mvar);
    find_large(
        q.units.size(), [&](std::size_t u) { return q.injections.unit_p_mw(u, 0); }, candidates,
        [&](std::size_t u, double middle) {
            const double value = q.injections.unit_p_mw(u, 0);
            Candidate c{.cause = {CauseKind::load_slip, q.units.id[UnitIdx{u}], value,
                                  std::copysign(middle, value)},
                        .weight = weigh(std::abs(value), middle)};
            c.repair = [u, to = std::copysign(middle, value)](FlowQuestion& r) {
                r.injections.unit_p_mw(u, 0) = to;
            };
            return c;
        });
    keep_worst(candidates);
    return candidates;
}

std::vector<Candidate> find_voltage_slips(const FlowQuestion& q) {
    std::vector<Candidate> candidates;
    for (const UnitIdx u : rows<UnitIdx>(q.units.size())) {
        const double vm_pu = q.units.vm_set_pu[u];
        if (q.units.mode[u] != ReactiveMode::voltage || q.injections.unit_on(u, 0) < 0.5 ||
            (vm_pu >= 0.85 && vm_pu <= 1.15)) {
            continue;
        }
        Candidate candidate{.cause = {CauseKind::voltage_slip, q.units.id[u], vm_pu, 1},
                            .weight = 1 + std::abs(std::log10(std::max(vm_pu, 1e-6)))};
        candidate.repair = [u](FlowQuestion& r) { r.units.vm_set_pu[u] = 1; };
        candidates.push_back(std::move(candidate));
    }
    keep_worst(candidates);
    return candidates;
}

std::vector<Candidate> find_setpoint_conflicts(const FlowQuestion& q) {
    constexpr double near_pu = 0.02;     // of reactance: what stands between the nodes
    constexpr double conflict_pu = 0.05; // of voltage
    constexpr double weight = 1;
    std::vector<Candidate> candidates;
    const auto holds = [&](UnitIdx u) {
        return q.units.mode[u] == ReactiveMode::voltage && q.injections.unit_on(u, 0) > 0.5;
    };
    const auto compare = [&](UnitIdx u, UnitIdx v) {
        const double a = q.units.vm_set_pu[u];
        const double b = q.units.vm_set_pu[v];
        if (std::abs(a - b) < conflict_pu) {
            return;
        }
        const bool first_is_off = std::abs(a - 1) > std::abs(b - 1);
        const UnitIdx off = first_is_off ? u : v;
        Candidate candidate{.cause = {CauseKind::setpoint_conflict, q.units.id[off],
                                      q.units.vm_set_pu[off], first_is_off ? b : a},
                            .weight = weight + std::abs(a - b)};
        candidate.repair = [off, to = first_is_off ? b : a](FlowQuestion& r) {
            r.units.vm_set_pu[off] = to;
        };
        candidates.push_back(std::move(candidate));
    };
    std::map<BusIdx, std::vector<UnitIdx>> at_node;
    for (const UnitIdx u : rows<UnitIdx>(q.units.size())) {
        if (holds(u)) {
            at_node[q.grid.node[q.units.bus[u]]].push_back(u);
        }
    }
    for (const auto& [node, units] : at_node) {
        for (std::size_t k = 1; k < units.size(); ++k) {
            compare(units[0], units[k]);
        }
    }
    const network::Branches& b = q.grid.branches;
    for (const BranchIdx k : rows<BranchIdx>(b.size())) {
        const auto from = at_node.find(q.grid.node[b.from[k]]);
        const auto to = at_node.find(q.grid.node[b.to[k]]);
        if (b.in_service[k] && std::abs(b.x_pu[k]) < near_pu && from != at_node.end() &&
            to != at_node.end() && from != to) {
            compare(from->second.back(), to->second.back());
        }
    }
    keep_worst(candidates);
    return candidates;
}

std::vector<Candidate> find_sign_slips(const FlowQuestion& q) {
    std::vector<Candidate> candidates;
    double total_mw = 1e-9;
    for (const double mw : q.injections.load_p_mw.step(0)) {
        total_mw += std::abs(mw);
    }
    const auto turn = [&](Series BlockInjections::*column, std::size_t row, const std::string& id) {
        const double value = (q.injections.*column)(row, 0);
        if (value >= 0) {
            return;
        }
        Candidate candidate{.cause = {CauseKind::sign_slip, id, value, -value},
                            .weight = 0.9 + 0.1 * std::min(1.0, -value / total_mw)};
        candidate.repair = [column, row, value](FlowQuestion& r) {
            (r.injections.*column)(row, 0) = -value;
        };
        candidates.push_back(std::move(candidate));
    };
    for (const BusIdx i : rows<BusIdx>(q.grid.n_bus)) {
        turn(&BlockInjections::load_p_mw, i.row(), q.grid.bus_id[i]);
    }
    for (const UnitIdx u : rows<UnitIdx>(q.units.size())) {
        turn(&BlockInjections::unit_p_mw, u.row(), q.units.id[u]);
    }
    keep_worst(candidates);
    return candidates;
}

std::vector<Candidate> find_charging_slips(const FlowQuestion& q) {
    constexpr double large_pu = 1;
    std::vector<Candidate> candidates;
    const network::Branches& b = q.grid.branches;
    const auto middle_of = [](std::size_t n, auto value) {
        std::vector<double> sizes;
        for (std::size_t k = 0; k < n; ++k) {
            if (const double size = std::abs(value(k)); size > 0) {
                sizes.push_back(size);
            }
        }
        return sizes.empty() ? 0.0 : median(sizes);
    };
    const double charging = middle_of(b.size(), [&](std::size_t k) {
        return b.in_service[BranchIdx{k}] ? b.b_from_pu[BranchIdx{k}] : 0.0;
    });
    for (const BranchIdx k : rows<BranchIdx>(b.size())) {
        const double size = std::abs(b.b_from_pu[k]);
        if (b.in_service[k] && 2 * size > large_pu && size > far_off_power * charging) {
            Candidate candidate{
                .cause = {CauseKind::charging_slip, b.id[k], 2 * size, 2 * size / slip},
                .weight = std::log10(slip)};
            candidate.repair = [k](FlowQuestion& r) {
                r.grid.branches.b_from_pu[k] /= slip;
                r.grid.branches.b_to_pu[k] /= slip;
            };
            candidates.push_back(std::move(candidate));
        }
    }
    const double fixed =
        middle_of(q.grid.n_bus, [&](std::size_t i) { return q.grid.b_fixed_pu[BusIdx{i}]; });
    for (const BusIdx i : rows<BusIdx>(q.grid.n_bus)) {
        const double size = std::abs(q.grid.b_fixed_pu[i]);
        if (size > large_pu && size >= fixed) {
            Candidate candidate{.cause = {CauseKind::charging_slip, q.grid.bus_id[i],
                                          q.grid.b_fixed_pu[i], q.grid.b_fixed_pu[i] / slip},
                                .weight = std::log10(size / large_pu)};
            candidate.repair = [i](FlowQuestion& r) { r.grid.b_fixed_pu[i] /= slip; };
            candidates.push_back(std::move(candidate));
        }
    }
    keep_worst(candidates);
    return candidates;
}

std::vector<Candidate> find_negative_reactances(const FlowQuestion& q) {
    std::vector<Candidate> candidates;
    const network::Branches& b = q.grid.branches;
    for (const BranchIdx k : rows<BranchIdx>(b.size())) {
        const bool winding = b.kind[k] == BranchKind::winding_hv ||
                             b.kind[k] == BranchKind::winding_mv ||
                             b.kind[k] == BranchKind::winding_lv;
        if (b.in_service[k] && b.x_pu[k] < 0 && !winding) {
            Candidate candidate{
                .cause = {CauseKind::negative_reactance, b.id[k], b.x_pu[k], -b.x_pu[k]},
                .weight = 0.8 + std::min(0.1, -b.x_pu[k])};
            candidate.repair = [k](FlowQuestion& r) { r.grid.branches.x_pu[k] *= -1; };
            candidates.push_back(std::move(candidate));
        }
    }
    keep_worst(candidates);
    return candidates;
}

/// The shortest first: they carry most.
std::vector<Candidate> find_open_branches(const FlowQuestion& q) {
    std::vector<Candidate> candidates;
    const network::Branches& b = q.grid.branches;
    for (const BranchIdx k : rows<BranchIdx>(b.size())) {
        if (!b.in_service[k] && q.grid.node[b.from[k]] != q.grid.node[b.to[k]]) {
            Candidate candidate{.cause = {CauseKind::open_branch, b.id[k]},
                                .weight = 0.5 / (1 + std::abs(b.x_pu[k]))};
            candidate.repair = [k](FlowQuestion& r) { r.grid.branches.in_service[k] = true; };
            candidates.push_back(std::move(candidate));
        }
    }
    keep_worst(candidates);
    return candidates;
}

std::vector<Candidate> find_overloaded_corridors(const FlowQuestion& q) {
    const DcResult dc = solve_dc(q.grid, sum_injections(q).injection_mw, find_reference(q));
    std::vector<Candidate> candidates;
    if (dc.status != StepStatus::converged) {
        return candidates;
    }
    for (const network::Corridor& corridor : network::find_corridors(q.grid)) {
        double p_mw = 0;
        double limit_mw = 0;
        for (const BranchIdx k : corridor.branches) {
            const network::Branches& b = q.grid.branches;
            p_mw += q.grid.node[b.from[k]] == corridor.from ? dc.p_from_mw[k.row()]
                                                            : -dc.p_from_mw[k.row()];
            limit_mw += network::base_mva / std::abs(b.x_pu[k] * b.ratio[k]);
        }
        if (std::abs(p_mw) <= limit_mw) {
            continue;
        }
        const std::string& id = q.grid.branches.id[corridor.branches.front()];
        Candidate candidate{.cause = {CauseKind::corridor_limit, id, std::abs(p_mw), limit_mw},
                            .weight = std::abs(p_mw) / limit_mw};
        candidate.repair = [corridor](FlowQuestion& r) {
            for (const BranchIdx k : corridor.branches) {
                scale_impedance(r.grid, k, 0.1);
            }
        };
        candidates.push_back(std::move(candidate));
    }
    keep_worst(candidates);
    return candidates;
}

} // namespace yuanwang::powerflow
