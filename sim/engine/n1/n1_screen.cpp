#include "engine/n1/n1_screen.hpp"

#include <algorithm>
#include <cmath>

#include "network/topology.hpp"

namespace yuanwang::engine {

namespace {

using network::BranchKind;

/// True for the branch that stands for a whole circuit or unit.
bool is_circuit_or_unit(BranchKind kind) {
    return kind != BranchKind::winding_mv && kind != BranchKind::winding_lv;
}

/// Buses of the units that take the mismatch: a part of the grid without one cannot hold.
std::vector<BusIdx> list_holding_buses(const powerflow::Units& units) {
    std::vector<BusIdx> buses;
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        if (units.participation[u] > 0) {
            buses.push_back(units.bus[u]);
        }
    }
    std::ranges::sort(buses);
    const auto repeated = std::ranges::unique(buses);
    buses.erase(repeated.begin(), repeated.end());
    return buses;
}

} // namespace

N1Screen::N1Screen(const EpochModel& model, const ResultAxes& axes) {
    list_elements(model);
    name_outages(model, axes.of(Axis::line).size());
    if (model.grid.n_branch() == 0) {
        return;
    }
    find_bridges(model);
    security::OutageFactors factors{model.grid, BusIdx{0}};
    if (factors.factorised()) {
        for (const BranchIdx k : factors.outages()) {
            n_outage_ += is_circuit_or_unit(model.grid.branches.kind[k]) ? 1U : 0U;
        }
        screen_.emplace(factors, model.grid.branches.rate_emergency_mva.vector());
    }
}

void N1Screen::list_elements(const EpochModel& model) {
    const network::Branches& b = model.grid.branches;
    const auto list = [&](Axis axis, const std::vector<std::vector<BranchIdx>>& branches,
                          std::vector<Element>& elements) {
        for (std::size_t k = 0; k < branches.size(); ++k) {
            Element element{model.axes.of(axis)[k], {}};
            std::ranges::copy_if(branches[k], std::back_inserter(element.branches),
                                 [&](BranchIdx i) {
                                     return b.in_service[i] && b.rate_emergency_mva[i] > 0 &&
                                            is_circuit_or_unit(b.kind[i]);
                                 });
            elements.push_back(std::move(element));
        }
    };
    list(Axis::line, model.line_branches, lines_);
    list(Axis::transformer, model.transformer_branches, transformers_);
}

void N1Screen::name_outages(const EpochModel& model, std::size_t n_line) {
    joint_row_.assign(model.grid.n_branch(), 0);
    for (std::size_t k = 0; k < model.line_branches.size(); ++k) {
        for (const BranchIdx b : model.line_branches[k]) {
            joint_row_[b.row()] = model.axes.of(Axis::line)[k];
        }
    }
    for (std::size_t k = 0; k < model.transformer_branches.size(); ++k) {
        for (const BranchIdx b : model.transformer_branches[k]) {
            joint_row_[b.row()] =
                static_cast<std::uint32_t>(n_line) + model.axes.of(Axis::transformer)[k];
        }
    }
}

void N1Screen::find_bridges(const EpochModel& model) {
    const std::vector<BusIdx> holding = list_holding_buses(model.units.units);
    for (const BranchIdx k : network::find_bridges(model.grid)) {
        if (is_circuit_or_unit(model.grid.branches.kind[k])) {
            bridges_.push_back({joint_row_[k.row()],
                                network::find_cut_off(model.grid, std::span(&k, 1), holding)});
        }
    }
}

void N1Screen::screen(const powerflow::BlockStates& states, BlockResult& result) {
    if (!screen_) {
        return;
    }
    screen_->screen(states.p_from_mw, loading_percent_, outage_);
    fold(lines_, result.line_n1_loading_percent, result.line_n1_outage);
    fold(transformers_, result.transformer_n1_loading_percent, result.transformer_n1_outage);
}

void N1Screen::fold(const std::vector<Element>& elements, Series& loading_percent,
                    Series& outage) const {
    for (std::size_t t = 0; t < loading_percent_.n_step(); ++t) {
        for (const Element& element : elements) {
            BranchIdx worst;
            for (const BranchIdx b : element.branches) {
                const double loading = loading_percent_(b, t);
                if (!std::isnan(loading) &&
                    (!worst.valid() || loading > loading_percent_(worst, t))) {
                    worst = b;
                }
            }
            if (!worst.valid()) {
                continue;
            }
            const std::int32_t lost = outage_(worst, t);
            loading_percent(element.axis_row, t) = loading_percent_(worst, t);
            outage(element.axis_row, t) =
                lost < 0 ? -1.0 : static_cast<double>(joint_row_[static_cast<std::size_t>(lost)]);
        }
    }
}

} // namespace yuanwang::engine
