#include "engine/plan/network_rows.hpp"

#include <algorithm>

#include <cmath>
#include <limits>
#include <set>

#include "engine/plan/slack_power.hpp"
#include "network/per_unit.hpp"
#include "network/terminal_power.hpp"
#include "network/topology.hpp"
#include "security/outage_factors.hpp"

namespace yuanwang::engine {

namespace {

constexpr std::size_t W = security::DcFactor::lanes;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double tiny_factor = 1e-6;
constexpr double kept_share = 0.999;   ///< of a rating: what DC does not see within a step
constexpr double sure_share = 0.995;   ///< of an emergency rating: Q after an outage is a guess
constexpr double near_share = 0.7;     ///< of a rating: reactive power counts from here on
constexpr double least_share = 0.3;    ///< of a rating is left to active power, whatever Q takes
constexpr double paid_least_mw = 1e-3; ///< of an overload in a plan; below it is rounding

/// True where two circuits or units of an element carry the same in every state.
bool are_alike(const network::Branches& b, BranchIdx i, BranchIdx j) {
    const auto same = [&](const auto& column) { return column[i] == column[j]; };
    return same(b.kind) && same(b.r_pu) && same(b.x_pu) && same(b.b_from_pu) && same(b.b_to_pu) &&
           same(b.ratio) && same(b.shift_rad) && same(b.rate_mva) && same(b.rate_emergency_mva);
}

double find_susceptance(const security::DcFactor& factor, std::size_t k) {
    return factor.susceptance()[BranchIdx{k}];
}

} // namespace

NetworkRows::NetworkRows(const Study& study, const EpochModel& model,
                         std::span<const double> load_mw)
    : factor_{model.grid, BusIdx{0}}, n_bus_{model.grid.n_bus}, n_branch_{model.grid.n_branch()},
      places_{dispatch::number_places(model.dispatch.rows)},
      steps_per_day_{static_cast<std::size_t>(24.0 / study.time.dt_h() + 0.5)} {
    usable_ = n_branch_ > 0 && factor_.factorised();
    for (const BranchIdx k : rows<BranchIdx>(n_branch_)) {
        const auto row_of = [&](BusIdx bus) {
            const std::int32_t row = factor_.row(bus);
            return row < 0 ? factor_.n_row() : static_cast<std::size_t>(row);
        };
        ends_.push_back({row_of(model.grid.branches.from[k]), row_of(model.grid.branches.to[k])});
    }
    if (!usable_) {
        return;
    }
    list_limits(study, model);
    list_places(model, load_mw);
    make_factors();
    if (study.dispatch.n_1_limits) {
        list_outages(model);
        list_unit_outages(model);
        list_cutting_outages(model);
        for (auto& of_limit : limits_.outages) {
            std::ranges::sort(of_limit, {}, [](const auto& outage) { return outage.branch; });
        }
    }
    const std::size_t n_limit = limits_.size();
    epsilon_mw_.reshape(n_limit, steps_per_day_);
    most_mw_.reshape(n_limit, steps_per_day_);
    emergency_mw_.reshape(n_limit, steps_per_day_);
    for (std::size_t t = 0; t < steps_per_day_; ++t) {
        std::ranges::copy(limits_.limit_mw, most_mw_.step(t).begin());
        std::ranges::copy(limits_.emergency_mw, emergency_mw_.step(t).begin());
    }
}

void NetworkRows::list_limits(const Study& study, const EpochModel& model) {
    const network::Branches& b = model.grid.branches;
    const std::set<std::string> excepted(study.n_1.exceptions.begin(), study.n_1.exceptions.end());
    const bool kept = study.dispatch.n_limits;
    limits_.limit_mw.assign(n_branch_, infinity);
    limits_.emergency_mw.assign(n_branch_, infinity);
    rate_mva_.assign(n_branch_, infinity);
    emergency_mva_.assign(n_branch_, infinity);
    r_pu_.assign(b.r_pu.begin(), b.r_pu.end());
    x_pu_.assign(b.x_pu.begin(), b.x_pu.end());
    terminal_at_to_.clear();
    for (const network::BranchKind kind : b.kind) {
        terminal_at_to_.push_back(network::has_terminal_at_to(kind) ? 1 : 0);
    }
    id_.resize(n_branch_);
    circuits_.assign(n_branch_, 1);
    const auto list = [&](const std::vector<std::vector<BranchIdx>>& branches, auto id_of) {
        for (std::size_t k = 0; k < branches.size(); ++k) {
            std::vector<BranchIdx> limited; // those that stand for themselves
            for (const BranchIdx i : branches[k]) {
                const std::string& id = id_of(k);
                id_[i.row()] = id;
                const bool passes = b.kind[i] != network::BranchKind::winding_lv; // active power
                if (!b.in_service[i]) {
                    continue;
                }
                const auto alike =
                    std::ranges::find_if(limited, [&](BranchIdx j) { return are_alike(b, i, j); });
                if (alike != limited.end()) {
                    ++circuits_[alike->row()];
                    continue;
                }
                limited.push_back(i);
                if (kept && b.rate_mva[i] > 0) {
                    rate_mva_[i.row()] = b.rate_mva[i];
                    limits_.limit_mw[i.row()] = kept_share * b.rate_mva[i];
                }
                if (passes && b.rate_emergency_mva[i] > 0 && !excepted.contains(id)) {
                    emergency_mva_[i.row()] = b.rate_emergency_mva[i];
                    limits_.emergency_mw[i.row()] = sure_share * b.rate_emergency_mva[i];
                }
            }
        }
    };
    const network::Grid& grid = model.system->grid;
    const std::size_t n_line = grid.lines.size();
    const std::size_t n_two = grid.transformers.size();
    list(model.line_branches, [&](std::size_t k) -> const std::string& {
        return k < n_line ? grid.lines.id[k] : grid.branches.id[k - n_line];
    });
    list(model.transformer_branches, [&](std::size_t k) -> const std::string& {
        return k < n_two ? grid.transformers.id[k] : grid.three_winding_transformers.id[k - n_two];
    });

    list_sections(study, model);
    list_units(study, model);
    limits_.is_section.assign(limits_.size(), false);
    std::fill_n(limits_.is_section.begin() + static_cast<std::ptrdiff_t>(n_branch_),
                sections_.size(), true);
}

void NetworkRows::list_sections(const Study& study, const EpochModel& model) {
    const network::Sections& sections = model.system->grid.sections;
    const std::set<std::string> of_ties(model.dispatch.group_id.begin(),
                                        model.dispatch.group_id.end());
    const std::set<std::string> excepted(study.n_1.exceptions.begin(), study.n_1.exceptions.end());
    for (const SectionIdx k : rows<SectionIdx>(sections.size())) {
        const std::string& id = sections.id[k.row()];
        if (study.dispatch.n_limits && !of_ties.contains(id)) {
            const double forward_mw = sections.limit_mw[k];
            add_section(model, k, forward_mw, sections.limit_reverse_mw[k].value_or(forward_mw),
                        false);
        }
    }
    for (const SectionIdx k : rows<SectionIdx>(sections.size())) {
        const std::string& id = sections.id[k.row()];
        const bool alike = of_ties.contains(id) && !sections.limit_n1_mw[k];
        if (study.dispatch.n_1_limits && !alike && !excepted.contains(id)) {
            const double forward_mw = sections.limit_n1_mw[k].value_or(sections.limit_mw[k]);
            add_section(model, k, forward_mw, sections.limit_reverse_mw[k].value_or(forward_mw),
                        true);
        }
    }
}

void NetworkRows::add_section(const EpochModel& model, SectionIdx section, double forward_mw,
                              double reverse_mw, bool after_outage) {
    auto& terms = sections_.emplace_back();
    for (const EpochModel::SectionTerm& term : model.section_branches[section.row()]) {
        if (model.grid.branches.in_service[term.branch]) {
            terms.push_back({term.branch.row(), term.sign});
        }
    }
    middle_mw_.push_back(0.5 * (forward_mw - reverse_mw));
    id_.push_back(model.system->grid.sections.id[section.row()]);
    circuits_.push_back(1);
    const double half_mw = 0.5 * (forward_mw + reverse_mw);
    limits_.limit_mw.push_back(after_outage ? infinity : half_mw);
    limits_.emergency_mw.push_back(after_outage ? kept_share * half_mw : infinity);
}

/// Plants of which an outage takes a unit, in the places of the table.
void NetworkRows::list_units(const Study& study, const EpochModel& model) {
    if (!study.dispatch.n_1_limits || !study.n_1.generators) {
        return;
    }
    const Sources& s = model.system->sources;
    std::size_t u = 0;
    const auto list = [&](std::size_t count, std::size_t first_place) {
        for (std::size_t k = 0; k < count; ++k, ++u) {
            const int machines = model.units.machines[u];
            if (machines > 0) {
                plants_.push_back({UnitIdx{u}, first_place + k, static_cast<double>(machines)});
                id_.push_back(model.units.units.id[UnitIdx{u}]);
                circuits_.push_back(1);
                limits_.limit_mw.push_back(infinity);
                limits_.emergency_mw.push_back(infinity);
            }
        }
    };
    list(s.solar.size() + s.wind.size(), places_.variable);
    list(s.hydro.size(), places_.hydro);
    list(s.thermal.size(), places_.thermal);
    list(s.waste_to_energy.size(), places_.must_run);
    list(s.generators.size(), places_.thermal + s.thermal.size());
    list(s.hvdc.size(), places_.must_run + s.waste_to_energy.size());
    list(model.system->batteries.size(), places_.storage);
}

void NetworkRows::list_places(const EpochModel& model, std::span<const double> load_mw) {
    at_.resize(places_.count);
    const System& s = *model.system;
    std::size_t place = 0;
    const auto put = [&](const Placement& fleet) {
        for (std::size_t k = 0; k < fleet.size(); ++k) {
            at_[place++] = {{fleet.bus[k].row(), 1.0}};
        }
    };
    put(s.sources.waste_to_energy);
    put(s.sources.hvdc);
    put(s.sources.solar);
    put(s.sources.wind);
    put(s.sources.hydro);
    put(s.sources.thermal);
    put(s.sources.generators);
    const ExternalFleet& ties = s.sources.external_grids;
    for (std::size_t k = 0; k < ties.size(); ++k, ++place) {
        for (std::size_t m = 0; m < ties.buses[k].size(); ++m) {
            at_[place].push_back({ties.buses[k][m].row(), ties.shares[k][m]});
        }
    }
    put(s.batteries);
    for (const std::size_t load : model.dispatch.flexible.load) {
        auto& buses = at_[place++];
        for (const LoadBuses::Entry& e : model.load_buses.entries) {
            if (e.load == load) {
                buses.push_back({e.bus.row(), e.share});
            }
        }
    }
    std::vector<double> island_mw(model.dispatch.rows.n_island, 0.0);
    for (const LoadBuses::Entry& e : model.load_buses.entries) {
        island_mw[model.dispatch.island_of_bus[e.bus.row()]] += e.share * load_mw[e.load];
    }
    for (const LoadBuses::Entry& e : model.load_buses.entries) {
        const std::size_t island = model.dispatch.island_of_bus[e.bus.row()];
        if (island_mw[island] > 0) {
            at_[places_.island + island].push_back(
                {e.bus.row(), e.share * load_mw[e.load] / island_mw[island]});
        }
    }
}

void NetworkRows::compute_flows(const Series& injection_mw, Series& flow_mw) {
    const std::size_t n_step = injection_mw.n_step();
    const std::size_t n_row = factor_.n_row();
    flow_mw.reshape(limits_.size(), n_step);
    lanes_.resize((n_row + 1) * W);
    for (std::size_t first = 0; first < n_step; first += W) {
        const std::size_t count = std::min(W, n_step - first);
        std::ranges::fill(lanes_, 0.0);
        for (std::size_t w = 0; w < count; ++w) {
            const auto p = injection_mw.step(first + w);
            for (std::size_t i = 0; i < n_bus_; ++i) {
                const std::int32_t row = factor_.row(BusIdx{i});
                if (row >= 0) {
                    lanes_[static_cast<std::size_t>(row) * W + w] += p[i];
                }
            }
        }
        factor_.solve(std::span(lanes_).first(n_row * W));
        for (std::size_t k = 0; k < n_branch_; ++k) {
            const auto [i, j] = ends_[k];
            const double susceptance = find_susceptance(factor_, k);
            for (std::size_t w = 0; w < count; ++w) {
                flow_mw(k, first + w) = susceptance * (lanes_[i * W + w] - lanes_[j * W + w]);
            }
        }
        for (std::size_t w = 0; w < count; ++w) {
            for (std::size_t n = 0; n < sections_.size(); ++n) {
                for (const Term& term : sections_[n]) {
                    flow_mw(n_branch_ + n, first + w) +=
                        term.sign * flow_mw(term.branch, first + w);
                }
            }
        }
    }
}

void NetworkRows::make_factors() {
    injection_mw_.reshape(n_bus_, places_.count);
    for (std::size_t place = 0; place < places_.count; ++place) {
        for (const Share& share : at_[place]) {
            injection_mw_(share.bus, place) += share.share;
        }
    }
    compute_flows(injection_mw_, flow_mw_);
    limits_.factors.assign(limits_.size() * places_.count, 0.0);
    for (std::size_t k = 0; k < limits_.size(); ++k) {
        for (std::size_t place = 0; place < places_.count; ++place) {
            limits_.factors[k * places_.count + place] = flow_mw_(k, place);
        }
    }
    for (std::size_t n = 0; n < plants_.size(); ++n) {
        const std::size_t row = n_branch_ + sections_.size() + n;
        limits_.factors[row * places_.count + plants_[n].place] = 1.0;
    }
}

void NetworkRows::list_outages(const EpochModel& model) {
    security::OutageFactors factors{model.grid, BusIdx{0}};
    limits_.outages.resize(limits_.size());
    std::vector<double> block(n_branch_ * W);
    for (std::size_t n = 0; n < factors.n_block(); ++n) {
        factors.compute_block(n, block);
        for (std::size_t w = 0; w < W && n * W + w < factors.outages().size(); ++w) {
            const std::size_t lost = factors.outages()[n * W + w].row();
            for (std::size_t k = 0; k < n_branch_; ++k) {
                const double L = block[k * W + w];
                if (k != lost && std::isfinite(limits_.emergency_mw[k]) &&
                    std::abs(L) > tiny_factor) {
                    limits_.outages[k].push_back({lost, L});
                }
            }
            for (std::size_t m = 0; m < sections_.size(); ++m) {
                double L = 0;
                for (const Term& term : sections_[m]) {
                    L += term.sign * (term.branch == lost ? -1.0 : block[term.branch * W + w]);
                }
                if (std::isfinite(limits_.emergency_mw[n_branch_ + m])) {
                    limits_.outages[n_branch_ + m].push_back({lost, L});
                }
            }
        }
    }
}

void NetworkRows::answer_by_participation(const EpochModel& model, Series& injection_mw,
                                          Series& change_mw) {
    const powerflow::Units& units = model.units.units;
    const std::vector<std::size_t>& island = model.dispatch.island_of_bus;
    for (std::size_t n = 0; n < injection_mw.n_step(); ++n) {
        std::vector<double> left_mw(model.dispatch.rows.n_island, 0.0);
        for (std::size_t i = 0; i < n_bus_; ++i) {
            left_mw[island[i]] += injection_mw(i, n);
        }
        for (const UnitIdx u : rows<UnitIdx>(units.size())) {
            const std::size_t bus = units.bus[u].row();
            injection_mw(bus, n) -= units.participation[u] * left_mw[island[bus]];
        }
    }
    compute_flows(injection_mw, change_mw);
}

void NetworkRows::list_unit_outages(const EpochModel& model) {
    Series injection_mw(n_bus_, plants_.size());
    for (std::size_t n = 0; n < plants_.size(); ++n) {
        injection_mw(model.units.units.bus[plants_[n].unit].row(), n) -= 1.0 / plants_[n].machines;
    }
    Series change_mw;
    answer_by_participation(model, injection_mw, change_mw);
    for (std::size_t n = 0; n < plants_.size(); ++n) {
        for (std::size_t k = 0; k < n_branch_ + sections_.size(); ++k) {
            if (std::isfinite(limits_.emergency_mw[k]) && std::abs(change_mw(k, n)) > tiny_factor) {
                limits_.outages[k].push_back({n_branch_ + sections_.size() + n, change_mw(k, n)});
            }
        }
    }
}

/// Branches whose loss leaves one end without any unit that could carry it.
void NetworkRows::list_cutting_outages(const EpochModel& model) {
    std::vector<BusIdx> holding;
    for (const UnitIdx u : rows<UnitIdx>(model.units.units.size())) {
        if (model.units.units.mode[u] == powerflow::ReactiveMode::voltage) {
            holding.push_back(model.units.units.bus[u]);
        }
    }
    std::vector<BranchIdx> cutting;
    std::vector<std::vector<BusIdx>> dark;
    for (const BranchIdx k : network::find_bridges(model.grid)) {
        std::vector<BusIdx> cut_off = network::find_cut_off(model.grid, std::span(&k, 1), holding);
        if (!cut_off.empty()) {
            cutting.push_back(k);
            dark.push_back(std::move(cut_off));
        }
    }
    Series injection_mw(n_bus_, cutting.size());
    const network::Branches& b = model.grid.branches;
    for (std::size_t n = 0; n < cutting.size(); ++n) {
        const bool to_dark = std::ranges::find(dark[n], b.to[cutting[n]]) != dark[n].end();
        // what flowed to the dark end stays at the other one
        injection_mw((to_dark ? b.from : b.to)[cutting[n]].row(), n) += to_dark ? 1.0 : -1.0;
    }
    Series change_mw;
    answer_by_participation(model, injection_mw, change_mw);
    for (std::size_t n = 0; n < cutting.size(); ++n) {
        const auto is_dark = [&](std::size_t branch) {
            const BranchIdx k{branch};
            return k == cutting[n] || std::ranges::find(dark[n], b.from[k]) != dark[n].end() ||
                   std::ranges::find(dark[n], b.to[k]) != dark[n].end();
        };
        const auto add = [&](std::size_t row, double L) {
            if (std::isfinite(limits_.emergency_mw[row]) && std::abs(L) > tiny_factor) {
                limits_.outages[row].push_back({cutting[n].row(), L});
            }
        };
        for (std::size_t k = 0; k < n_branch_; ++k) {
            if (!is_dark(k)) {
                add(k, change_mw(k, n));
            }
        }
        for (std::size_t s = 0; s < sections_.size(); ++s) {
            double L = 0;
            for (const Term& term : sections_[s]) {
                L += term.sign * (term.branch == cutting[n].row() ? -1.0
                                  : is_dark(term.branch)          ? 0.0
                                                                  : change_mw(term.branch, n));
            }
            add(n_branch_ + s, L);
        }
    }
}

double NetworkRows::lost_mw(const powerflow::BlockStates& states, std::size_t t,
                            std::size_t row) const {
    const double mw = row < n_branch_
                          ? states.p_from_mw(row, t)
                          : states.unit_p_mw(plants_[row - n_branch_ - sections_.size()].unit, t);
    return std::isfinite(mw) ? mw : 0.0;
}

/// Share of an emergency limit that a plan uses.
double NetworkRows::sure(std::size_t row) const {
    return row < n_branch_ ? sure_share : kept_share;
}

void NetworkRows::take_away(dispatch::Cause cause) {
    using dispatch::Cause;
    const auto free = [&](std::size_t k, std::vector<double>& limit_mw, Series& of_clock_mw) {
        limit_mw[k] = infinity;
        for (std::size_t t = 0; t < steps_per_day_; ++t) {
            of_clock_mw(k, t) = infinity;
        }
    };
    for (std::size_t k = 0; k < limits_.size(); ++k) {
        const bool section = k >= n_branch_;
        if (cause == Cause::branch_n ? !section : cause == Cause::section && section) {
            free(k, limits_.limit_mw, most_mw_);
        }
        if (cause == Cause::branch_n1 ? !section : cause == Cause::section && section) {
            free(k, limits_.emergency_mw, emergency_mw_);
        }
    }
    if (cause == Cause::branch_n) {
        std::ranges::fill(rate_mva_, infinity);
    } else if (cause == Cause::branch_n1) {
        std::ranges::fill(emergency_mva_, infinity);
    }
}

void NetworkRows::take_over(const NetworkRows& other) {
    epsilon_mw_ = other.epsilon_mw_;
    const auto learn = [&](const Series& from, Series& to) {
        for (std::size_t t = 0; t < steps_per_day_; ++t) {
            for (std::size_t k = 0; k < limits_.size(); ++k) {
                to(k, t) = std::isfinite(to(k, t)) ? from(k, t) : infinity;
            }
        }
    };
    learn(other.most_mw_, most_mw_);
    learn(other.emergency_mw_, emergency_mw_);
}

void NetworkRows::clear(dispatch::NetworkBlock& network) {
    network.base_flow_mw.reshape(limits_.size(), 0);
    network.limit_mw.reshape(limits_.size(), 0);
    network.emergency_mw.reshape(limits_.size(), 0);
    less_mw_.reshape(0, 0);
    less_emergency_mw_.reshape(0, 0);
    broken_.clear();
    corrected_ = false;
}

namespace {

/// Puts the steps of `more` behind those of `series`.
void append_steps(Series& series, const Series& more) {
    Series joined(more.n_element(), series.n_step() + more.n_step());
    std::ranges::copy(series.values(), joined.values().begin());
    std::ranges::copy(more.values(), joined.values().begin() +
                                         static_cast<std::ptrdiff_t>(series.values().size()));
    series = std::move(joined);
}

} // namespace

void NetworkRows::append(const EpochModel& model, const Demand& demand,
                         const dispatch::BlockInput& input, dispatch::NetworkBlock& network) {
    injection_mw_.reshape(n_bus_, input.n_step);
    for (std::size_t t = 0; t < input.n_step; ++t) {
        for (const LoadBuses::Entry& e : model.load_buses.entries) {
            const std::size_t island = model.dispatch.island_of_bus[e.bus.row()];
            const double served_mw = input.demand_mw(island, t);
            const double with_loss =
                served_mw > 0 ? 1.0 + input.loss_mw(island, t) / served_mw : 1.0;
            injection_mw_(e.bus, t) -= e.share * demand.p_mw(e.load, t) * with_loss;
        }
    }
    compute_flows(injection_mw_, flow_mw_);
    Series most_mw(limits_.size(), input.n_step);
    Series emergency_mw(limits_.size(), input.n_step);
    for (std::size_t t = 0; t < input.n_step; ++t) {
        const std::size_t clock = (input.first_step_of_day + t) % steps_per_day_;
        for (std::size_t k = 0; k < limits_.size(); ++k) {
            flow_mw_(k, t) += epsilon_mw_(k, clock);
            if (k >= n_branch_ && k < n_branch_ + sections_.size()) {
                flow_mw_(k, t) -= middle_mw_[k - n_branch_];
            }
            for (std::size_t i = 0; i < model.dispatch.rows.n_island;
                 ++i) { // the program takes it off
                flow_mw_(k, t) += limits_.factors[k * places_.count + places_.island + i] *
                                  (input.demand_mw(i, t) + input.loss_mw(i, t));
            }
            most_mw(k, t) = most_mw_(k, clock);
            emergency_mw(k, t) = emergency_mw_(k, clock);
        }
    }
    append_steps(network.base_flow_mw, flow_mw_);
    append_steps(network.limit_mw, most_mw);
    append_steps(network.emergency_mw, emergency_mw);
}

void NetworkRows::find_flow(const powerflow::BlockStates& states, std::size_t t,
                            std::span<double> flow_mw) const {
    for (std::size_t k = 0; k < n_branch_; ++k) {
        const double p_mw = states.p_from_mw(k, t);
        flow_mw[k] = std::isfinite(p_mw) ? p_mw : 0.0;
    }
    for (std::size_t n = 0; n < sections_.size(); ++n) {
        flow_mw[n_branch_ + n] = -middle_mw_[n];
        for (const Term& term : sections_[n]) {
            flow_mw[n_branch_ + n] += term.sign * flow_mw[term.branch];
        }
    }
    for (std::size_t n = 0; n < plants_.size(); ++n) {
        const std::size_t row = n_branch_ + sections_.size() + n;
        flow_mw[row] = lost_mw(states, t, row);
    }
}

/// P̄: what is left to active power at the from end by the end that carries more.
void NetworkRows::learn_limits(const powerflow::BlockStates& states, std::size_t t,
                               std::size_t clock) {
    for (std::size_t k = 0; k < n_branch_; ++k) {
        const double rate = rate_mva_[k];
        const double from_mw = states.p_from_mw(k, t);
        if (!std::isfinite(rate) || !std::isfinite(from_mw)) {
            continue;
        }
        const auto room = [&](double q_mvar) {
            return std::sqrt(std::max(rate * rate - q_mvar * q_mvar, 0.0));
        };
        double most_mw = room(states.q_from_mvar(k, t));
        if (terminal_at_to_[k] != 0) {
            most_mw = std::min(most_mw, room(states.q_to_mvar(k, t)) -
                                            std::abs(states.p_to_mw(k, t)) + std::abs(from_mw));
        }
        most_mw_(k, clock) = kept_share * std::max(most_mw, least_share * rate);
    }
}

void NetworkRows::learn_emergency(const powerflow::BlockStates& states, std::size_t t,
                                  std::size_t clock) {
    for (std::size_t k = 0; k < std::min(n_branch_, limits_.outages.size()); ++k) {
        if (std::isfinite(limits_.emergency_mw[k])) {
            emergency_mw_(k, clock) =
                sure_share * std::max(find_room(states, t, k), least_share * emergency_mva_[k]);
        }
    }
}

/// P̄ᵉ: what reactive power leaves of the emergency rating of k after the outages that bring it near.
double NetworkRows::find_room(const powerflow::BlockStates& states, std::size_t t,
                              std::size_t k) const {
    const double rate = emergency_mva_[k];
    const double p_mw = states.p_from_mw(k, t);
    double room_mw = rate;
    for (const auto& outage : limits_.outages[k]) {
        const std::size_t c = outage.branch;
        const double after_mw = p_mw + outage.factor * lost_mw(states, t, c);
        if (!(std::abs(after_mw) > near_share * rate)) {
            continue;
        }
        const double growth = (after_mw * after_mw - p_mw * p_mw) / network::base_mva;
        for (const Series* q : {&states.q_from_mvar, &states.q_to_mvar}) {
            if (q == &states.q_to_mvar && terminal_at_to_[k] == 0) {
                continue;
            }
            const double lost_mvar = c < n_branch_ ? (*q)(c, t) : 0.0;
            const double q_mvar = (*q)(k, t) + outage.factor * lost_mvar + 0.5 * x_pu_[k] * growth;
            const double left2 = std::max(rate * rate - q_mvar * q_mvar, 0.0);
            room_mw = std::min(room_mw, std::sqrt(left2) - std::max(r_pu_[k] * growth, 0.0));
        }
    }
    return room_mw;
}

void NetworkRows::find_broken(std::span<const double> flow_mw, std::size_t t, std::size_t clock) {
    for (std::size_t k = 0; k < limits_.size(); ++k) {
        const double loading = std::abs(flow_mw[k]) * kept_share / most_mw_(k, clock);
        if (loading > 1) {
            broken_.push_back({.step = t, .row = k, .loading = loading});
        }
    }
    for (std::size_t k = 0; k < limits_.outages.size(); ++k) {
        BrokenLimit worst{.step = t, .row = k, .loading = 1};
        for (const auto& outage : limits_.outages[k]) {
            const double after_mw = std::abs(flow_mw[k] + outage.factor * flow_mw[outage.branch]);
            const double loading = after_mw * sure(k) / emergency_mw_(k, clock);
            if (loading > worst.loading) {
                worst.loading = loading;
                worst.outage = outage.branch;
            }
        }
        if (worst.loading > 1) {
            broken_.push_back(worst);
        }
    }
}

void NetworkRows::find_paid(const dispatch::PlanOutcome& outcome) {
    for (const auto& row : outcome.binding) {
        const bool after = row.outage != dispatch::program::no_outage;
        for (BrokenLimit& limit : broken_) {
            if (row.overload_mw > paid_least_mw && limit.step == row.step &&
                limit.row == row.branch &&
                after == (limit.outage != dispatch::program::no_outage)) {
                limit.paid_mw = std::max(limit.paid_mw, row.overload_mw);
            }
        }
    }
}

bool NetworkRows::tighten(dispatch::NetworkBlock& network) {
    bool meant_to_keep = false;
    for (const BrokenLimit& limit : broken_) {
        if (limit.paid_mw > 0) {
            continue;
        }
        meant_to_keep = true;
        if (!corrected_) {
            continue;
        }
        const bool after = limit.outage != dispatch::program::no_outage;
        const double beyond = limit.loading / (after ? sure(limit.row) : kept_share) - 1;
        double& most_mw = (after ? network.emergency_mw : network.limit_mw)(limit.row, limit.step);
        (after ? less_emergency_mw_ : less_mw_)(limit.row, limit.step) += beyond * most_mw;
        most_mw -= beyond * most_mw;
    }
    return meant_to_keep;
}

void list_place_power(const dispatch::Table& table, const dispatch::Places& places,
                      const dispatch::Schedule& schedule, std::size_t t, std::span<double> p_mw) {
    const auto put = [&](const Series& series, std::size_t place, double sign) {
        for (std::size_t k = 0; k < series.n_element(); ++k) {
            p_mw[place + k] += sign * series(k, t);
        }
    };
    std::ranges::fill(p_mw, 0.0);
    put(schedule.must_run_mw, places.must_run, 1);
    put(schedule.variable_mw, places.variable, 1);
    put(schedule.hydro_mw, places.hydro, 1);
    put(schedule.thermal_mw, places.thermal, 1);
    put(schedule.tie_surplus_mw, places.tie, 1);
    put(schedule.tie_firm_mw, places.tie, 1);
    put(schedule.storage_mw, places.storage, 1);
    put(schedule.flexible_shift_mw, places.flexible, -1);
    put(schedule.unserved_mw, places.island, 1);
    for (std::size_t k = 0; k < table.managed.size(); ++k) {
        p_mw[places.island + table.managed.island[k]] += schedule.managed_mw(k, t);
        if (!schedule.recovery_mw.empty()) { // load that comes back after a call
            p_mw[places.island + table.managed.island[k]] -= schedule.recovery_mw(k, t);
        }
    }
}

bool NetworkRows::learn(const EpochModel& model, const dispatch::BlockInput& input,
                        const dispatch::Schedule& schedule, const dispatch::PlanOutcome& outcome,
                        const powerflow::BlockInjections& injections,
                        const powerflow::BlockStates& states, dispatch::NetworkBlock& network) {
    broken_.clear();
    if (!corrected_) {
        less_mw_.reshape(limits_.size(), input.n_step);
        less_emergency_mw_.reshape(limits_.size(), input.n_step);
    }
    std::vector<double> p_mw(places_.count);
    std::vector<double> flow_mw(limits_.size());
    const dispatch::Table& table = model.dispatch.rows;
    for (std::size_t t = 0; t < input.n_step; ++t) {
        if (states.outcome[t].status != StepStatus::converged) {
            continue;
        }
        list_place_power(table, places_, schedule, t, p_mw);
        add_slack_power(model, places_, injections, states, t, p_mw);
        for (std::size_t i = 0; i < table.n_island; ++i) {
            p_mw[places_.island + i] -= input.demand_mw(i, t) + input.loss_mw(i, t);
        }
        const std::size_t clock = (input.first_step_of_day + t) % steps_per_day_;
        find_flow(states, t, flow_mw);
        learn_limits(states, t, clock);
        learn_emergency(states, t, clock);
        find_broken(flow_mw, t, clock);
        for (std::size_t k = 0; k < limits_.size(); ++k) {
            double planned_mw = network.base_flow_mw(k, t);
            const double* H = limits_.factors.data() + k * places_.count;
            for (std::size_t r = 0; r < places_.count; ++r) {
                planned_mw += H[r] * p_mw[r];
            }
            const double error_mw = flow_mw[k] - planned_mw;
            epsilon_mw_(k, clock) += error_mw;
            network.base_flow_mw(k, t) += error_mw;
            const auto tightened = [&](double most_mw, const Series& less_mw) {
                return std::max(most_mw - less_mw(k, t), least_share * most_mw);
            };
            network.limit_mw(k, t) = tightened(most_mw_(k, clock), less_mw_);
            network.emergency_mw(k, t) = tightened(emergency_mw_(k, clock), less_emergency_mw_);
        }
    }
    find_paid(outcome);
    const bool again = tighten(network);
    corrected_ = true;
    return again;
}

const std::vector<double>& NetworkRows::factors_of_row(std::size_t row) {
    const auto known = row_factors_.find(row);
    if (known != row_factors_.end()) {
        return known->second;
    }
    std::vector<double>& H = row_factors_[row];
    H.assign(n_bus_, 0.0);
    const auto add = [&](std::size_t branch, double sign) {
        const std::size_t n_row = factor_.n_row();
        lanes_.assign((n_row + 1) * W, 0.0);
        const double susceptance = find_susceptance(factor_, branch);
        lanes_[ends_[branch].from * W] += susceptance;
        lanes_[ends_[branch].to * W] -= susceptance;
        factor_.solve(std::span(lanes_).first(n_row * W));
        for (std::size_t i = 0; i < n_bus_; ++i) {
            const std::int32_t at = factor_.row(BusIdx{i});
            H[i] += at < 0 ? 0.0 : sign * lanes_[static_cast<std::size_t>(at) * W];
        }
    };
    if (row < n_branch_) {
        add(row, 1.0);
    } else if (row < n_branch_ + sections_.size()) {
        for (const Term& term : sections_[row - n_branch_]) {
            add(term.branch, term.sign);
        }
    }
    return H;
}

void NetworkRows::price_buses(const EpochModel& model, const dispatch::PlanOutcome& outcome,
                              const Series& loss_factor, std::size_t n_step,
                              Series& price_cny_per_mwh) {
    price_cny_per_mwh.reshape(n_bus_, n_step);
    Series island(model.dispatch.rows.n_island, n_step);
    for (std::size_t t = 0; t < n_step; ++t) {
        for (std::size_t i = 0; i < island.n_element(); ++i) {
            island(i, t) = outcome.price_cny_per_mwh(places_.island + i, t);
        }
    }
    const auto visit = [&](const dispatch::program::BindingBranch& row, auto act) {
        const double mu = row.forward ? -row.value_per_mwh : row.value_per_mwh;
        act(row.branch, mu);
        if (row.outage != dispatch::program::no_outage) {
            act(row.outage, mu * row.outage_factor);
        }
    };
    for (const auto& row : outcome.binding) { // λ alone, at the islands
        visit(row, [&](std::size_t k, double mu) {
            for (std::size_t i = 0; i < island.n_element(); ++i) {
                island(i, row.step) -= mu * limits_.factors[k * places_.count + places_.island + i];
            }
        });
    }
    for (std::size_t t = 0; t < n_step; ++t) {
        for (std::size_t i = 0; i < n_bus_; ++i) {
            const double lost = loss_factor.empty() ? 0.0 : loss_factor(i, t);
            price_cny_per_mwh(i, t) = (1 - lost) * island(model.dispatch.island_of_bus[i], t);
        }
    }
    for (const auto& row : outcome.binding) {
        visit(row, [&](std::size_t k, double mu) {
            const std::vector<double>& H = factors_of_row(k);
            for (std::size_t i = 0; i < n_bus_; ++i) {
                price_cny_per_mwh(i, row.step) += mu * H[i];
            }
        });
    }
}

} // namespace yuanwang::engine
