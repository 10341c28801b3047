#include "engine/accounts/n1_account.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace yuanwang::engine {

namespace {

constexpr double limit_percent = 100.0;
constexpr double slack_percent = 1e-6;
constexpr std::size_t n_listed = 10;
constexpr std::uint32_t never = std::numeric_limits<std::uint32_t>::max();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t none = static_cast<std::size_t>(-1);

const char* name_kind(FindingKind kind) {
    switch (kind) {
    case FindingKind::voltage:
        return "voltage";
    case FindingKind::section:
        return "section";
    case FindingKind::lost_load:
        return "lost_load";
    case FindingKind::non_convergence:
        return "non_convergence";
    }
    return "";
}

/// Kinds of outages a study looks at; by DC circuits and units only.
std::vector<std::string> list_kinds(const N1Settings& settings) {
    std::vector<std::string> kinds;
    const auto add = [&](bool looked_at, const char* kind) {
        if (looked_at) {
            kinds.emplace_back(kind);
        }
    };
    const bool dc = settings.method == N1Method::dc;
    add(dc || settings.branches, "branches");
    add(dc || settings.transformers, "transformers");
    add(settings.generators, "generators");
    add(!dc && settings.busbars, "busbars");
    add(!dc && !settings.pairs.empty(), "pairs");
    return kinds;
}

} // namespace

N1Account::N1Account(const Study& study, const ResultAxes& axes, const OutageNames& names)
    : axes_{axes}, names_{names}, dt_h_{study.time.dt_h()}, n_line_{axes.of(Axis::line).size()},
      covers_{list_kinds(study.n_1)},
      exceptions_(study.n_1.exceptions.begin(), study.n_1.exceptions.end()), vm_min_pu_{infinity} {
    worst_.assign(names.size(), Worst{.last_step_above = never});
    worst_voltage_.assign(names.size(),
                          WorstVoltage{.margin_pu = infinity, .last_step_outside = never});
}

void N1Account::enter(const EpochModel& model) {
    emergency_.resize(n_line_ + axes_.of(Axis::transformer).size());
    const network::Grid& grid = model.system->grid;
    enter(model.line_branches, model.grid, model.axes.of(Axis::line), 0,
          grid.lines.emergency_duration_h.vector());
    std::vector<double> duration_h = grid.transformers.emergency_duration_h.vector();
    const auto& three = grid.three_winding_transformers.emergency_duration_h;
    duration_h.insert(duration_h.end(), three.begin(), three.end());
    enter(model.transformer_branches, model.grid, model.axes.of(Axis::transformer), n_line_,
          duration_h);
}

/// Elements past those with a duration (impedance branches) have no rating of their own after an outage.
void N1Account::enter(const std::vector<std::vector<BranchIdx>>& branches,
                      const network::Network& grid, const std::vector<std::uint32_t>& axis_row,
                      std::size_t first_row, const std::vector<double>& duration_h) {
    for (std::size_t k = 0; k < branches.size(); ++k) {
        Emergency& emergency = emergency_[first_row + axis_row[k]];
        emergency = {};
        if (branches[k].empty() || k >= duration_h.size()) {
            continue;
        }
        const double normal_mva = grid.branches.rate_mva[branches[k].front()];
        const double after_mva = grid.branches.rate_emergency_mva[branches[k].front()];
        if (normal_mva > 0 && after_mva > normal_mva) {
            emergency = {after_mva / normal_mva, duration_h[k]};
        }
    }
}

std::uint32_t N1Account::first_step(const BlockData& data) const {
    return static_cast<std::uint32_t>(data.result.steps.first);
}

void N1Account::add(const N1Screen& screen, std::span<const N1StepFindings> findings,
                    std::size_t n_unit_outage, BlockData& data) {
    for (std::size_t t = 0; t < data.result.steps.count; ++t) {
        if (data.states.outcome[t].status == StepStatus::converged) {
            StepVerdict verdict = add_loadings(t, data);
            if (t < findings.size()) {
                add_findings(findings[t], first_step(data) + static_cast<std::uint32_t>(t), verdict,
                             data);
            }
            count(verdict);
        }
    }
    n_outage_ = screen.n_outage() + n_unit_outage;
    n_bridge_ = screen.bridges().size();
    look_behind_bridges(screen, data);
}

void N1Account::add(std::span<const N1StepFindings> findings, std::size_t n_outage,
                    BlockData& data) {
    by_ac_ = true;
    n_outage_ = n_outage;
    const std::size_t peak = find_peak(data);
    for (std::size_t t = 0; t < findings.size(); ++t) {
        if (!findings[t].judged) {
            continue;
        }
        StepVerdict verdict = add_loadings(t, data);
        add_findings(findings[t], first_step(data) + static_cast<std::uint32_t>(t), verdict, data);
        add_voltage_range(data.result, t);
        count(verdict);
        n_bridge_ = std::max(n_bridge_, findings[t].lost_load.size());
        if (t == peak || (peak != none && cut_off_.empty())) {
            cut_off_.clear();
            for (const N1StepFindings::LostLoad& lost : findings[t].lost_load) {
                cut_off_.push_back({lost.outage, lost.load_mw});
            }
        }
    }
}

void N1Account::count(const StepVerdict& verdict) {
    ++judged_steps_;
    secure_steps_ += verdict.secure ? 1 : 0;
    strict_steps_ += verdict.strictly_secure ? 1 : 0;
    relief_steps_ += verdict.asks_relief ? 1 : 0;
}

N1Account::StepVerdict N1Account::add_loadings(std::size_t t, BlockData& data) {
    const BlockResult& r = data.result;
    const auto step = first_step(data) + static_cast<std::uint32_t>(t);
    StepVerdict verdict;
    for (std::size_t k = 0; k < r.line_n1_loading_percent.n_element(); ++k) {
        add_element(static_cast<std::uint32_t>(k), r.line_n1_loading_percent(k, t),
                    r.line_n1_outage(k, t), step, verdict, data);
    }
    for (std::size_t k = 0; k < r.transformer_n1_loading_percent.n_element(); ++k) {
        add_element(static_cast<std::uint32_t>(n_line_ + k), r.transformer_n1_loading_percent(k, t),
                    r.transformer_n1_outage(k, t), step, verdict, data);
    }
    return verdict;
}

/// A verdict on an element: insecure, unless the scenario knows of it.
void N1Account::excuse(const std::string& id, StepVerdict& verdict) {
    verdict.strictly_secure = false;
    if (exceptions_.contains(id)) {
        used_.insert(id);
    } else {
        verdict.secure = false;
    }
}

void N1Account::add_element(std::uint32_t element, double loading_percent, double outage,
                            std::uint32_t step, StepVerdict& verdict, BlockData& data) {
    if (std::isnan(loading_percent) || !(outage >= 0)) {
        return;
    }
    const auto lost = static_cast<std::uint32_t>(outage);
    Worst& worst = worst_[lost];
    loading_max_percent_ = std::max(loading_max_percent_, loading_percent);
    if (loading_percent > worst.loading_percent) {
        worst.loading_percent = loading_percent;
        worst.element = element;
        worst.step = step;
        worst.normal_percent = loading_percent * emergency_[element].over_normal;
        worst.emergency_duration_h = emergency_[element].duration_h;
    }
    if (loading_percent <= limit_percent + slack_percent) {
        verdict.asks_relief =
            verdict.asks_relief ||
            loading_percent * emergency_[element].over_normal > limit_percent + slack_percent;
        return;
    }
    if (worst.last_step_above != step) {
        worst.last_step_above = step;
        ++worst.steps_above;
    }
    excuse(names_.id(element), verdict);
    data.verdicts.push_back(
        {step, names_.id(lost), names_.id(element), "overload", loading_percent, limit_percent});
}

std::string N1Account::element_id(const N1Finding& finding) const {
    if (finding.kind == FindingKind::section) {
        return axes_.of(Axis::section)[finding.element].id;
    }
    if (finding.element != N1Finding::no_element) {
        return axes_.of(Axis::bus)[finding.element].id;
    }
    return names_.id(finding.outage);
}

void N1Account::add_findings(const N1StepFindings& found, std::uint32_t step, StepVerdict& verdict,
                             BlockData& data) {
    n_power_flow_ += static_cast<double>(found.n_power_flow);
    n_by_reference_ += static_cast<double>(found.n_by_reference);
    n_estimated_ += static_cast<double>(found.n_estimated);
    n_moved_ += static_cast<double>(found.n_moved);
    n_held_controls_ += static_cast<double>(found.n_held_controls);
    bool voltage = false;
    bool section = false;
    for (const N1Finding& finding : found.findings) {
        add_finding(finding, step, verdict, data);
        voltage = voltage || finding.kind == FindingKind::voltage;
        section = section || finding.kind == FindingKind::section;
    }
    voltage_steps_ += voltage ? 1 : 0;
    section_steps_ += section ? 1 : 0;
    for (const N1StepFindings::Voltage& v : found.voltages) {
        WorstVoltage& worst = worst_voltage_[v.outage];
        if (v.margin_pu < worst.margin_pu) {
            worst.margin_pu = v.margin_pu;
            worst.vm_pu = v.vm_pu;
            worst.bus = v.bus;
            worst.step = step;
        }
    }
}

void N1Account::add_finding(const N1Finding& finding, std::uint32_t step, StepVerdict& verdict,
                            BlockData& data) {
    const std::string element = element_id(finding);
    if (finding.kind == FindingKind::voltage) {
        WorstVoltage& worst = worst_voltage_[finding.outage];
        worst.steps_outside += worst.last_step_outside != step ? 1U : 0U;
        worst.last_step_outside = step;
    } else if (finding.kind == FindingKind::non_convergence) {
        ++n_not_converged_;
        Unsolved& unsolved = unsolved_[finding.outage];
        unsolved.first_step = unsolved.steps == 0 ? step : unsolved.first_step;
        ++unsolved.steps;
    }
    const bool of_outage =
        finding.kind == FindingKind::lost_load || finding.kind == FindingKind::non_convergence;
    excuse(of_outage ? names_.id(finding.outage) : element, verdict);
    data.verdicts.push_back({step, names_.id(finding.outage), element, name_kind(finding.kind),
                             finding.value, finding.limit});
}

void N1Account::add_voltage_range(const BlockResult& result, std::size_t t) {
    for (std::size_t i = 0; i < result.bus_n1_vm_min_pu.n_element(); ++i) {
        if (!std::isnan(result.bus_n1_vm_min_pu(i, t))) {
            vm_min_pu_ = std::min(vm_min_pu_, result.bus_n1_vm_min_pu(i, t));
            vm_max_pu_ = std::max(vm_max_pu_, result.bus_n1_vm_max_pu(i, t));
        }
    }
}

/// The step of the block with the highest demand, if it is the highest so far.
std::size_t N1Account::find_peak(const BlockData& data) {
    const auto demand_mw = data.result.demand_mw.values();
    const auto peak = std::ranges::max_element(demand_mw);
    if (peak == demand_mw.end() || !(*peak > peak_demand_mw_)) {
        return none;
    }
    peak_demand_mw_ = *peak;
    return static_cast<std::size_t>(peak - demand_mw.begin());
}

void N1Account::look_behind_bridges(const N1Screen& screen, const BlockData& data) {
    const std::size_t t = find_peak(data);
    if (t == none) {
        return;
    }
    cut_off_.clear();
    for (const N1Screen::Bridge& bridge : screen.bridges()) {
        double load_mw = 0;
        for (const BusIdx bus : bridge.cut_off) {
            load_mw += data.injections.load_p_mw(bus, t);
        }
        cut_off_.push_back({bridge.joint_row, load_mw});
    }
}

void N1Account::finish(Summary& summary) const {
    summary.indicators["n1_judged_hours"] = judged_steps_ * dt_h_;
    const auto if_judged = [this](double value) {
        return judged_steps_ > 0 ? value : std::numeric_limits<double>::quiet_NaN();
    };
    summary.indicators["n1_secure_hours"] = if_judged(secure_steps_ * dt_h_);
    summary.indicators["n1_secure_hours_strict"] = if_judged(strict_steps_ * dt_h_);
    summary.indicators["n1_relief_hours"] = if_judged(relief_steps_ * dt_h_);
    summary.indicators["n1_loading_max_percent"] = if_judged(loading_max_percent_);
    summary.counts["n1_outages"] = static_cast<double>(n_outage_);
    summary.counts["n1_bridges"] = static_cast<double>(n_bridge_);
    summary.counts["n1_exceptions"] = static_cast<double>(exceptions_.size());
    summary.counts["n1_exceptions_used"] = static_cast<double>(used_.size());
    if (by_ac_) {
        summary.indicators["n1_voltage_violation_hours"] = if_judged(voltage_steps_ * dt_h_);
        summary.indicators["n1_section_violation_hours"] = if_judged(section_steps_ * dt_h_);
        if (vm_max_pu_ > 0) {
            summary.indicators["n1_vm_min_pu"] = vm_min_pu_;
            summary.indicators["n1_vm_max_pu"] = vm_max_pu_;
        }
        summary.counts["n1_power_flows"] = n_power_flow_;
        summary.counts["n1_by_reference"] = n_by_reference_;
        summary.counts["n1_estimated"] = n_estimated_;
        summary.counts["n1_moved"] = n_moved_;
        summary.counts["n1_held_controls"] = n_held_controls_;
        summary.counts["n1_not_converged"] = n_not_converged_;
    }
    summary.n1_covers = covers_;
    list_worst(summary);
    list_voltages(summary);
    list_unsolved(summary);
    list_cut_off(summary);
}

void N1Account::list_worst(Summary& summary) const {
    std::vector<std::uint32_t> order;
    for (std::uint32_t k = 0; k < worst_.size(); ++k) {
        if (worst_[k].loading_percent > 0) {
            order.push_back(k);
        }
    }
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [&](std::uint32_t k) { return worst_[k].loading_percent; });
    order.resize(std::min(order.size(), n_listed));
    for (const std::uint32_t k : order) {
        const Worst& worst = worst_[k];
        summary.n1_worst.push_back(
            {.outage = names_.id(k),
             .element = names_.id(worst.element),
             .step = worst.step,
             .loading_percent = worst.loading_percent,
             .normal_percent = worst.normal_percent,
             .emergency_duration_h = worst.emergency_duration_h,
             .hours_above_100 = static_cast<double>(worst.steps_above) * dt_h_});
    }
}

void N1Account::list_voltages(Summary& summary) const {
    std::vector<std::uint32_t> order;
    for (std::uint32_t k = 0; k < worst_voltage_.size(); ++k) {
        if (worst_voltage_[k].bus != N1Finding::no_element) {
            order.push_back(k);
        }
    }
    std::ranges::stable_sort(order, std::ranges::less{},
                             [&](std::uint32_t k) { return worst_voltage_[k].margin_pu; });
    order.resize(std::min(order.size(), n_listed));
    for (const std::uint32_t k : order) {
        const WorstVoltage& worst = worst_voltage_[k];
        summary.n1_voltage.push_back(
            {.outage = names_.id(k),
             .bus = axes_.of(Axis::bus)[worst.bus].id,
             .step = worst.step,
             .vm_pu = worst.vm_pu,
             .margin_pu = worst.margin_pu,
             .hours_outside = static_cast<double>(worst.steps_outside) * dt_h_});
    }
}

void N1Account::list_unsolved(Summary& summary) const {
    std::vector<std::pair<std::uint32_t, Unsolved>> order(unsolved_.begin(), unsolved_.end());
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [](const auto& row) { return row.second.steps; });
    order.resize(std::min(order.size(), n_listed));
    for (const auto& [outage, unsolved] : order) {
        summary.n1_unsolved.push_back({.outage = names_.id(outage),
                                       .hours = static_cast<double>(unsolved.steps) * dt_h_,
                                       .first_step = unsolved.first_step});
    }
}

void N1Account::list_cut_off(Summary& summary) const {
    std::vector<CutOff> order = cut_off_;
    std::ranges::stable_sort(order, std::ranges::greater{}, &CutOff::load_mw);
    summary.indicators["n1_cut_off_max_mw"] = order.empty() ? 0.0 : order.front().load_mw;
    order.resize(std::min(order.size(), n_listed));
    for (const CutOff& row : order) {
        if (row.load_mw > 0) {
            summary.n1_cut_off.push_back({names_.id(row.outage), row.load_mw});
        }
    }
}

} // namespace yuanwang::engine
