#include "engine/accounts/mismatch.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <span>

namespace yuanwang::engine {

namespace {

double or_zero(double value) {
    return std::isnan(value) ? 0.0 : value; // out of service
}

double sum_of(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0,
                           [](double sum, double value) { return sum + or_zero(value); });
}

bool is_weather_driven(const AxisEntry& source) {
    return source.kind == "solar" || source.kind == "wind";
}

/// ½ Σ |x − y| of two profiles whose means by bin are scaled to sum 1; none where either is empty.
template <class Pairs>
void write_distance(const Pairs& pairs, const std::string& name,
                    std::map<std::string, double>& indicators) {
    double clean = 0;
    double demand = 0;
    for (const auto& pair : pairs) {
        clean += pair.steps > 0 ? pair.clean_mw / pair.steps : 0.0;
        demand += pair.steps > 0 ? pair.demand_mw / pair.steps : 0.0;
    }
    if (clean <= 0 || demand <= 0) {
        return;
    }
    double distance = 0;
    for (const auto& pair : pairs) {
        if (pair.steps > 0) {
            distance += std::abs(pair.clean_mw / clean - pair.demand_mw / demand) / pair.steps;
        }
    }
    indicators[name] = 0.5 * distance;
}

} // namespace

MismatchAccount::MismatchAccount(const ResultAxes& axes) : axes_{axes} {
    steps_.reserve(axes.time.n_step);
}

void MismatchAccount::add(const BlockResult& result) {
    for (std::size_t t = 0; t < result.steps.count; ++t) {
        const Step step = read_step(result, t);
        steps_.push_back(step);
        const LocalTime now = axes_.time.middle(result.steps.first + t);
        for (Pair* pair : {&hours_[static_cast<std::size_t>(now.hour)], &months_[now.month - 1]}) {
            pair->clean_mw += step.clean_mw;
            pair->demand_mw += step.demand_mw;
            pair->steps += 1;
        }
        add_zones(result, t);
        const double price = or_zero(result.price_cny_per_mwh(0, t));
        const double used_mw = find_used_mw(result, t);
        used_.mwh += used_mw;
        used_.cny += used_mw * price;
        demand_.mwh += step.demand_mw;
        demand_.cny += step.demand_mw * price;
    }
}

MismatchAccount::Step MismatchAccount::read_step(const BlockResult& result, std::size_t t) const {
    Step step{sum_of(result.tie_surplus_available_mw.step(t)), or_zero(result.demand_mw(0, t))};
    const std::vector<AxisEntry>& sources = axes_.of(Axis::source);
    for (std::size_t k = 0; k < sources.size(); ++k) {
        if (is_weather_driven(sources[k])) {
            step.clean_mw += or_zero(result.source_available_mw(k, t));
        } else if (sources[k].kind == "hydro") {
            step.clean_mw += or_zero(result.source_p_mw(k, t));
        }
    }
    return step;
}

double MismatchAccount::find_used_mw(const BlockResult& result, std::size_t t) const {
    double used_mw = sum_of(result.tie_surplus_mw.step(t));
    const std::vector<AxisEntry>& sources = axes_.of(Axis::source);
    for (std::size_t k = 0; k < sources.size(); ++k) {
        if (is_weather_driven(sources[k]) || sources[k].kind == "hydro") {
            used_mw += or_zero(result.source_p_mw(k, t));
        }
    }
    return used_mw;
}

void MismatchAccount::add_zones(const BlockResult& result, std::size_t t) {
    const std::vector<AxisEntry>& sources = axes_.of(Axis::source);
    for (std::size_t k = 0; k < sources.size(); ++k) {
        zones_[sources[k].zone].clean_mw += or_zero(result.source_p_mw(k, t));
    }
    const std::vector<AxisEntry>& loads = axes_.of(Axis::load);
    for (std::size_t k = 0; k < loads.size(); ++k) {
        zones_[loads[k].zone].demand_mw += or_zero(result.load_p_mw(k, t));
    }
}

void MismatchAccount::finish(std::map<std::string, double>& indicators) const {
    write_space(indicators);
    write_distance(hours_, "mismatch_time_of_day", indicators);
    write_distance(months_, "mismatch_season", indicators);
    write_power(indicators);
    write_price(indicators);
}

void MismatchAccount::write_space(std::map<std::string, double>& indicators) const {
    double demand = 0;
    double covered = 0;
    for (const auto& [zone, sums] : zones_) {
        demand += sums.demand_mw;
        covered += std::min(std::max(0.0, sums.clean_mw), sums.demand_mw);
    }
    if (demand > 0) {
        indicators["mismatch_space"] = 1 - covered / demand;
    }
}

void MismatchAccount::write_power(std::map<std::string, double>& indicators) const {
    std::vector<Step> order = steps_;
    std::ranges::stable_sort(order, std::ranges::greater{}, &Step::demand_mw);
    const auto find_share = [&](std::size_t n) {
        double matched = 0;
        double demand = 0;
        for (const Step& step : std::span{order}.first(n)) {
            matched += std::min(step.clean_mw, step.demand_mw);
            demand += step.demand_mw;
        }
        return demand > 0 ? matched / demand : 0.0;
    };
    if (!order.empty() && order.front().demand_mw > 0) {
        indicators["mismatch_power"] =
            find_share(order.size()) - find_share(std::max<std::size_t>(order.size() / 100, 1));
    }
}

void MismatchAccount::write_price(std::map<std::string, double>& indicators) const {
    if (used_.mwh > 0 && demand_.cny > 0) {
        indicators["mismatch_price"] = 1 - (used_.cny / used_.mwh) / (demand_.cny / demand_.mwh);
    }
}

} // namespace yuanwang::engine
