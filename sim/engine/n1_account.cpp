#include "engine/n1_account.hpp"

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

} // namespace

N1Account::N1Account(const Study& study, const ResultAxes& axes)
    : axes_{axes}, dt_h_{study.time.dt_h()}, n_line_{axes.of(Axis::line).size()} {
    const std::size_t n = n_line_ + axes.of(Axis::transformer).size();
    is_exception_.assign(n, false);
    is_used_.assign(n, false);
    worst_.assign(n, Worst{.last_step_above = never});
    for (std::uint32_t k = 0; k < n; ++k) {
        is_exception_[k] =
            std::ranges::find(study.n1_exceptions, id_of(k)) != study.n1_exceptions.end();
    }
}

const std::string& N1Account::id_of(std::uint32_t joint_row) const {
    return joint_row < n_line_ ? axes_.of(Axis::line)[joint_row].id
                               : axes_.of(Axis::transformer)[joint_row - n_line_].id;
}

void N1Account::add(const N1Screen& screen, BlockData& data) {
    for (std::size_t t = 0; t < data.result.steps.count; ++t) {
        if (data.states.outcome[t].status == StepStatus::converged) {
            add_step(t, data);
        }
    }
    n_outage_ = screen.n_outage();
    n_bridge_ = screen.bridges().size();
    look_behind_bridges(screen, data);
}

void N1Account::add_step(std::size_t t, BlockData& data) {
    const BlockResult& r = data.result;
    const auto step = static_cast<std::uint32_t>(r.steps.first + t);
    StepVerdict verdict;
    for (std::size_t k = 0; k < r.line_n1_loading_percent.n_element(); ++k) {
        add_element(static_cast<std::uint32_t>(k), r.line_n1_loading_percent(k, t),
                    r.line_n1_outage(k, t), step, verdict, data);
    }
    for (std::size_t k = 0; k < r.transformer_n1_loading_percent.n_element(); ++k) {
        add_element(static_cast<std::uint32_t>(n_line_ + k), r.transformer_n1_loading_percent(k, t),
                    r.transformer_n1_outage(k, t), step, verdict, data);
    }
    secure_steps_ += verdict.secure ? 1 : 0;
    strict_steps_ += verdict.strictly_secure ? 1 : 0;
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
    }
    if (loading_percent <= limit_percent + slack_percent) {
        return;
    }
    if (worst.last_step_above != step) {
        worst.last_step_above = step;
        ++worst.steps_above;
    }
    verdict.strictly_secure = false;
    verdict.secure = verdict.secure && is_exception_[element];
    is_used_[element] = is_exception_[element];
    data.verdicts.push_back(
        {step, id_of(lost), id_of(element), "overload", loading_percent, limit_percent});
}

void N1Account::look_behind_bridges(const N1Screen& screen, const BlockData& data) {
    const auto demand_mw = data.result.demand_mw.values();
    const auto peak = std::ranges::max_element(demand_mw);
    if (peak == demand_mw.end() || !(*peak > peak_demand_mw_)) {
        return;
    }
    peak_demand_mw_ = *peak;
    const auto t = static_cast<std::size_t>(peak - demand_mw.begin());
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
    summary.indicators["n1_secure_hours"] = secure_steps_ * dt_h_;
    summary.indicators["n1_secure_hours_strict"] = strict_steps_ * dt_h_;
    summary.indicators["n1_loading_max_percent"] = loading_max_percent_;
    summary.counts["n1_outages"] = static_cast<double>(n_outage_);
    summary.counts["n1_bridges"] = static_cast<double>(n_bridge_);
    summary.counts["n1_exceptions"] = static_cast<double>(std::ranges::count(is_exception_, true));
    summary.counts["n1_exceptions_used"] = static_cast<double>(std::ranges::count(is_used_, true));
    list_worst(summary);
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
            {.outage = id_of(k),
             .element = id_of(worst.element),
             .step = worst.step,
             .loading_percent = worst.loading_percent,
             .hours_above_100 = static_cast<double>(worst.steps_above) * dt_h_});
    }
}

void N1Account::list_cut_off(Summary& summary) const {
    std::vector<CutOff> order = cut_off_;
    std::ranges::stable_sort(order, std::ranges::greater{}, &CutOff::load_mw);
    summary.indicators["n1_cut_off_max_mw"] = order.empty() ? 0.0 : order.front().load_mw;
    order.resize(std::min(order.size(), n_listed));
    for (const CutOff& row : order) {
        if (row.load_mw > 0) {
            summary.n1_cut_off.push_back({id_of(row.outage), row.load_mw});
        }
    }
}

} // namespace yuanwang::engine
