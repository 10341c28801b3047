#include "powerflow/batch/outage_regulation.hpp"

#include <algorithm>
#include <cmath>

#include "powerflow/batch/outage_response.hpp"
#include "powerflow/block_tables.hpp"

namespace yuanwang::powerflow::batch {

namespace {

constexpr std::size_t not_in_lanes = static_cast<std::size_t>(-1);

void read_positions(const Series& positions, std::size_t t, std::vector<int>& to) {
    to.clear();
    for (const double position : positions.step(t)) {
        to.push_back(static_cast<int>(std::lround(position)));
    }
}

} // namespace

OutageRegulation::OutageRegulation(const network::Network& grid, const Units& units,
                                   const OutageBase& base, const Options& options,
                                   Precision precision)
    : grid_{&grid}, units_{&units}, base_{&base}, options_{options}, precision_{precision},
      scheduled_{grid}, node_units_{grid, scheduled_, units, options.distributed_slack},
      controls_{grid, scheduled_, options.taps, options.shunts}, probe_{controls_.make_state()} {
    layout_ = learn_layout(scheduled_, node_units_, make_still_block(grid.n_bus, units.size()),
                           controls_);
    free_.resize(controls_.size());
}

/// Lanes for the main part alone; none where another part lives.
void OutageRegulation::make_lanes() {
    if (lanes_ || layout_.empty()) {
        return;
    }
    for (std::size_t n = 0; n < layout_.type.size(); ++n) {
        if (layout_.is_dead[n] == 0 && base_->start()[n] == 0.0) {
            return;
        }
    }
    lanes_.emplace(base_->y(), layout_.type, layout_.vm_set,
                   BatchOptions{.limits = {.tolerance_pu = options_.tolerance_pu,
                                           .max_iterations = options_.max_iterations},
                                .precision = precision_});
    control_.emplace(*grid_, base_->matrix(), node_units_, controls_, options_, lanes_->n_slot());
}

void OutageRegulation::enter(const BlockInjections& injections, const BlockStates& states,
                             const OutageColumns& shed, std::size_t t) {
    injections_ = &injections;
    states_ = &states;
    shed_ = &shed;
    t_ = t;
    read_positions(states.tap, t, taps_);
    read_positions(states.shunt_steps, t, shunts_);
    losses_pu_ = 0;
    for (const double p : base_->p_pu()) {
        losses_pu_ += p;
    }
    cases_.clear();
}

bool OutageRegulation::asks(const Held& held) {
    if (!controls_.any()) {
        return false;
    }
    controls_.start(probe_, taps_, shunts_);
    for (std::size_t c = 0; c < controls_.size(); ++c) {
        const std::size_t n = controls_.regulated_node(c);
        probe_.predicted[c] = std::abs(held.V[n]);
        free_[c] = held.is_pq[n] != 0 && held.V[n] != 0.0 ? 1 : 0;
        for (const OutageTopology::Follower& follower : held.topology->followers) {
            free_[c] = follower.node == n ? 0 : free_[c];
        }
    }
    controls_.lose(probe_, held.outage->branches, {});
    return controls_.move_predicted(probe_, free_, 0, controls_.effects());
}

void OutageRegulation::add(const Held& held) {
    cases_.push_back(held);
}

/// Column c of the block: the step without what the outage takes and leaves in the dark.
void OutageRegulation::write_case(std::size_t c) {
    const auto copy = [&](const Series& from, Series& to) {
        std::ranges::copy(from.step(t_), to.step(c).begin());
    };
    copy(injections_->load_p_mw, block_.load_p_mw);
    copy(injections_->load_q_mvar, block_.load_q_mvar);
    copy(states_->unit_p_mw, block_.unit_p_mw);
    copy(injections_->unit_on, block_.unit_on);
    copy(injections_->unit_q_min_mvar, block_.unit_q_min_mvar);
    copy(injections_->unit_q_max_mvar, block_.unit_q_max_mvar);
    const Held& held = cases_[c];
    const StepColumns step{.load_p_mw = block_.load_p_mw.step(c),
                           .load_q_mvar = block_.load_q_mvar.step(c),
                           .unit_p_mw = block_.unit_p_mw.step(c),
                           .unit_on = block_.unit_on.step(c),
                           .unit_q_min_mvar = block_.unit_q_min_mvar.step(c),
                           .unit_q_max_mvar = block_.unit_q_max_mvar.step(c)};
    take_out(*held.outage, *shed_, t_, step);
    const auto stop = [&](UnitIdx u) {
        block_.unit_p_mw(u, c) = 0;
        block_.unit_on(u, c) = 0;
    };
    for (const BusIdx i : held.topology->dark) {
        block_.load_p_mw(i, c) = 0;
        block_.load_q_mvar(i, c) = 0;
        for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
            if (units_->bus[u] == i) {
                stop(u);
            }
        }
    }
    part_.resize(grid_->n_bus);
    for (const BusIdx i : rows<BusIdx>(part_.size())) {
        part_[i.row()] = held.V[base_->node(i)] == 0.0 ? -1 : 0;
    }
    for (const BusIdx i : held.topology->dark) {
        part_[i.row()] = -1;
    }
    balance_part(*units_, *held.outage, *shed_, t_, part_, 0, held.lack_mw, step);
    dark_[c].clear();
    for (const OutageTopology::Follower& follower : held.topology->followers) {
        dark_[c].push_back(follower.node);
    }
}

bool OutageRegulation::fits_lanes(std::size_t c) {
    if (!lanes_ || !node_units_.gather(block_, c)) {
        return false;
    }
    const bool loses_gauge = std::ranges::any_of(
        dark_[c], [&](std::size_t n) { return layout_.type[n] == BusType::gauge; });
    return !loses_gauge && layout_.fits(node_units_.problem());
}

void OutageRegulation::solve() {
    make_lanes();
    const std::size_t n = cases_.size();
    for (Series* series : {&block_.load_p_mw, &block_.load_q_mvar}) {
        series->reshape(grid_->n_bus, n);
    }
    for (Series* series :
         {&block_.unit_p_mw, &block_.unit_on, &block_.unit_q_min_mvar, &block_.unit_q_max_mvar}) {
        series->reshape(units_->size(), n);
    }
    dark_.resize(std::max(dark_.size(), n));
    table_.reshape(n, base_->n_node(), taps_.size(), shunts_.size(), node_units_.n_island());
    in_lanes_.clear();
    columns_.assign(n, not_in_lanes);
    lost_.clear();
    for (std::size_t c = 0; c < n; ++c) {
        write_case(c);
        if (!fits_lanes(c)) {
            continue;
        }
        columns_[c] = in_lanes_.size();
        in_lanes_.push_back(c);
        lost_.push_back({.branches = cases_[c].outage->branches,
                         .change = cases_[c].change,
                         .dark_nodes = dark_[c],
                         .losses_pu = losses_pu_});
        std::ranges::copy(cases_[c].V, table_.of(table_.V, c).begin());
        std::ranges::copy(cases_[c].limit, table_.of(table_.limit, c).begin());
        std::ranges::copy(taps_, table_.of(table_.start_taps, c).begin());
        std::ranges::copy(shunts_, table_.of(table_.start_shunts, c).begin());
    }
    if (in_lanes_.empty()) {
        return;
    }
    lanes_->set_admittance(base_->y());
    control_->enter(block_, in_lanes_, taps_, shunts_, table_);
    control_->lose(lost_);
    lanes_->solve(in_lanes_.size(), *control_, result_);
}

OutageRegulation::Outcome OutageRegulation::outcome(std::size_t c) {
    if (columns_[c] == not_in_lanes) {
        return {};
    }
    const CaseOutcome& solved = result_.outcome[columns_[c]];
    return {.status = solved.status,
            .iterations = solved.iterations,
            .held_controls = table_.held_controls[c],
            .max_mismatch_pu = solved.max_mismatch_pu,
            .V = std::span(result_.V).subspan(columns_[c] * base_->n_node(), base_->n_node()),
            .taps = table_.of(table_.taps, c),
            .shunts = table_.of(table_.shunts, c)};
}

} // namespace yuanwang::powerflow::batch
