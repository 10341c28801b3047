#include "engine/n1/n1_unit_screen.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace yuanwang::engine {

namespace {

constexpr std::size_t W = security::DcFactor::lanes;
constexpr double least_mw = 1e-6;
constexpr double least_shed_mw = 1e-3;

} // namespace

N1UnitScreen::N1UnitScreen(const EpochModel& model, const OutageNames& names)
    : m_{model}, factor_{model.grid, BusIdx{0}} {
    const UnitTable& table = model.units;
    for (std::size_t u = 0; u < table.first_tie; ++u) {
        if (table.machines[u] > 0) {
            const bool storage = u >= table.first_battery;
            const Axis axis = storage ? Axis::storage : Axis::source;
            const std::size_t row = storage ? u - table.first_battery : u;
            outages_.push_back(
                {{.machines = {UnitIdx{u}}}, names.row(axis, model.axes.of(axis)[row])});
        }
    }
    responders_.resize(table.units.size());
    change_.resize(table.units.size());
    lanes_.resize((factor_.n_row() + 1) * W);
}

void N1UnitScreen::screen(BlockData& data, std::vector<N1StepFindings>& findings) {
    findings.assign(data.result.steps.count, {});
    fill_unit_room(m_, data, columns_.room);
    for (std::size_t t = 0; t < findings.size(); ++t) {
        findings[t].judged = data.states.outcome[t].status == StepStatus::converged;
        if (findings[t].judged) {
            screen_step(data, t, findings[t]);
        }
    }
}

void N1UnitScreen::screen_step(BlockData& data, std::size_t t, N1StepFindings& found) {
    for (std::size_t next = 0; next < outages_.size();) {
        std::ranges::fill(lanes_, 0.0);
        in_lane_.clear();
        for (; next < outages_.size() && in_lane_.size() < W; ++next) {
            const UnitIdx u = outages_[next].outage.machines.front();
            if (data.injections.unit_on(u, t) <= 0.5 ||
                !(std::abs(data.states.unit_p_mw(u, t)) > least_mw)) {
                continue; // stands still
            }
            const double shed_mw = inject(data, t, outages_[next], in_lane_.size());
            in_lane_.push_back(next);
            if (shed_mw > least_shed_mw) {
                found.lost_load.push_back({outages_[next].name, shed_mw});
                found.findings.push_back({FindingKind::lost_load, outages_[next].name,
                                          N1Finding::no_element, shed_mw, 0.0});
            }
        }
        factor_.solve(std::span(lanes_).first(factor_.n_row() * W));
        for (std::size_t w = 0; w < in_lane_.size(); ++w) {
            const std::uint32_t name = outages_[in_lane_[w]].name;
            widen(m_.line_branches, m_.axes.of(Axis::line), t, w, name, data,
                  data.result.line_n1_loading_percent, data.result.line_n1_outage);
            widen(m_.transformer_branches, m_.axes.of(Axis::transformer), t, w, name, data,
                  data.result.transformer_n1_loading_percent, data.result.transformer_n1_outage);
        }
    }
}

void N1UnitScreen::add_at(BusIdx bus, std::size_t w, double p_mw) {
    const std::int32_t row = factor_.row(bus);
    if (row >= 0) {
        lanes_[static_cast<std::size_t>(row) * W + w] += p_mw;
    }
}

double N1UnitScreen::inject(const BlockData& data, std::size_t t, const UnitOutage& lost,
                            std::size_t w) {
    const powerflow::Units& units = m_.units.units;
    const std::vector<std::size_t>& island = m_.dispatch.island_of_bus;
    const UnitIdx out = lost.outage.machines.front();
    const std::size_t home = island[units.bus[out].row()];
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        const bool there =
            island[units.bus[u].row()] == home && data.injections.unit_on(u, t) > 0.5;
        responders_[u.row()] = powerflow::batch::make_responder(units, lost.outage, columns_, u, t,
                                                                there, data.states.unit_p_mw(u, t));
    }
    const double lost_mw = powerflow::batch::find_lost_share(lost.outage, columns_, out, t) *
                           data.states.unit_p_mw(out, t);
    const double left_mw = powerflow::batch::respond(responders_, lost_mw, change_);
    add_at(units.bus[out], w, -lost_mw);
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        add_at(units.bus[u], w, change_[u.row()]);
    }
    double load_mw = 0;
    const auto visit_loads = [&](auto act) {
        for (const BusIdx i : rows<BusIdx>(data.injections.load_p_mw.n_element())) {
            const double p_mw = data.injections.load_p_mw(i, t);
            if (island[i.row()] == home && p_mw > 0) {
                act(i, p_mw);
            }
        }
    };
    visit_loads([&](BusIdx, double p_mw) { load_mw += p_mw; });
    if (left_mw <= 0 || load_mw <= 0) {
        return 0;
    }
    const double shed_mw = std::min(left_mw, load_mw);
    visit_loads([&](BusIdx i, double p_mw) { add_at(i, w, p_mw * shed_mw / load_mw); });
    return shed_mw;
}

void N1UnitScreen::widen(const std::vector<std::vector<BranchIdx>>& elements,
                         const std::vector<std::uint32_t>& axis_row, std::size_t t, std::size_t w,
                         std::uint32_t name, const BlockData& data, Series& loading_percent,
                         Series& outage) const {
    const network::Branches& b = m_.grid.branches;
    const auto angle = [&](BusIdx bus) {
        const std::int32_t row = factor_.row(bus);
        return row < 0 ? 0.0 : lanes_[static_cast<std::size_t>(row) * W + w];
    };
    for (std::size_t k = 0; k < elements.size(); ++k) {
        for (const BranchIdx i : elements[k]) {
            const bool counts = b.in_service[i] && b.rate_emergency_mva[i] > 0 &&
                                b.kind[i] != network::BranchKind::winding_mv &&
                                b.kind[i] != network::BranchKind::winding_lv;
            if (!counts || !std::isfinite(data.states.p_from_mw(i, t))) {
                continue;
            }
            const double after_mw = data.states.p_from_mw(i, t) +
                                    factor_.susceptance()[i] * (angle(b.from[i]) - angle(b.to[i]));
            const double percent = 100.0 * std::abs(after_mw) / b.rate_emergency_mva[i];
            double& worst = loading_percent(axis_row[k], t);
            if (!(percent <= worst)) { // NaN: nothing yet
                worst = percent;
                outage(axis_row[k], t) = name;
            }
        }
    }
}

} // namespace yuanwang::engine
