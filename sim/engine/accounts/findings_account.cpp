#include "engine/accounts/findings_account.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

namespace yuanwang::engine {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// How a base-state verdict reads as a finding.
struct BaseKind {
    std::string_view verdict;
    std::string_view finding;
    Severity severity;
    std::string_view unit;
};
constexpr std::array base_kinds = {
    BaseKind{"non_convergence", "unsolved_step", Severity::unsolved, "MW"},
    BaseKind{"doubtful", "doubtful_state", Severity::unsolved, "pu"},
    BaseKind{"overload", "overload", Severity::violation, "percent"},
    BaseKind{"section", "section", Severity::violation, "MW"},
    BaseKind{"voltage", "voltage", Severity::violation, "pu"},
};

/// AC indicators: they cover the steps that have a solution and no others.
bool rests_on_ac(std::string_view indicator) {
    constexpr std::array names = {std::string_view{"losses_mwh"},
                                  std::string_view{"loss_rate"},
                                  std::string_view{"line_loading_max_percent"},
                                  std::string_view{"transformer_loading_max_percent"},
                                  std::string_view{"overload_hours"},
                                  std::string_view{"voltage_violation_hours"},
                                  std::string_view{"section_violation_hours"},
                                  std::string_view{"tie_mismatch_mean_mw"},
                                  std::string_view{"tap_operations_per_day"},
                                  std::string_view{"shunt_operations_per_day"}};
    return std::ranges::find(names, indicator) != names.end() ||
           indicator.starts_with("losses_mwh_") || indicator.starts_with("vm_max_pu_") ||
           indicator.starts_with("vm_min_pu_");
}

double find(const std::map<std::string, double>& values, const char* key) {
    const auto at = values.find(key);
    return at == values.end() || std::isnan(at->second) ? 0.0 : at->second;
}

} // namespace

void FindingsAccount::add(const BlockData& data) {
    std::uint32_t last_over = std::numeric_limits<std::uint32_t>::max();
    for (const VerdictRow& row : data.verdicts) {
        const bool unsolved = row.kind == "non_convergence" || row.kind == "doubtful";
        Place& place = places_[{row.kind, unsolved ? std::string{} : row.element}];
        const double excess =
            row.kind == "doubtful" ? 1.0 / row.value : std::abs(row.value - row.limit);
        ++place.steps;
        if (excess > place.excess) {
            place.value = row.value;
            place.limit = row.limit;
            place.excess = excess;
            place.step = row.step;
        }
        if ((row.kind == "overload" || row.kind == "section") && row.step != last_over) {
            last_over = row.step;
            ++steps_over_limit_;
        }
    }
}

void FindingsAccount::finish(const Indicators::Hours& hours, Summary& summary) const {
    list_base_state(summary);
    list_plan(summary);
    list_outages(summary);
    list_fault_levels(summary);
    list_limits_not_seen(summary);
    std::ranges::stable_sort(summary.findings, [](const RunFinding& a, const RunFinding& b) {
        return a.severity > b.severity;
    });
    if (hours.solved < hours.all) {
        for (const auto& [name, value] : summary.indicators) {
            if (rests_on_ac(name)) {
                summary.covered_hours[name] = hours.solved;
            }
        }
    }
}

void FindingsAccount::list_base_state(Summary& summary) const {
    for (const BaseKind& kind : base_kinds) {
        const std::size_t first = summary.findings.size();
        for (const auto& [key, place] : places_) {
            if (key.first == kind.verdict) {
                summary.findings.push_back({.kind = std::string{kind.finding},
                                            .severity = kind.severity,
                                            .element = key.second,
                                            .hours = static_cast<double>(place.steps) * dt_h_,
                                            .value = place.value,
                                            .limit = place.limit,
                                            .unit = std::string{kind.unit},
                                            .step = place.step});
            }
        }
        std::ranges::stable_sort(
            summary.findings.begin() + static_cast<std::ptrdiff_t>(first), summary.findings.end(),
            [](const RunFinding& a, const RunFinding& b) { return a.hours > b.hours; });
    }
}

void FindingsAccount::list_plan(Summary& summary) const {
    const auto energy = [&](const char* kind, const char* mwh, const char* hours) {
        const double value = find(summary.indicators, mwh);
        if (value > 1e-6) {
            summary.findings.push_back(
                {.kind = kind,
                 .severity = Severity::relaxed,
                 .hours = *hours != '\0' ? find(summary.indicators, hours) : none,
                 .value = value,
                 .limit = 0,
                 .unit = "MWh"});
        }
    };
    energy("unserved", "unserved_mwh", "unserved_hours");
    energy("backed_down", "backed_down_mwh", "");
    for (const Summary::BrokenLimit& row : summary.broken_limits) {
        summary.findings.push_back({.kind = "broken_limit",
                                    .severity = Severity::relaxed,
                                    .element = row.element,
                                    .outage = row.outage,
                                    .hours = row.hours,
                                    .value = row.worst_percent,
                                    .limit = 100,
                                    .unit = "percent",
                                    .step = row.step});
    }
    const double relaxed_blocks = summary.explanations.relaxed_blocks;
    if (relaxed_blocks > 0 && std::ranges::none_of(summary.findings, [](const RunFinding& finding) {
            return finding.severity == Severity::relaxed;
        })) {
        summary.findings.push_back({.kind = "relaxed_balance",
                                    .severity = Severity::relaxed,
                                    .hours = none,
                                    .value = relaxed_blocks,
                                    .limit = none,
                                    .unit = "blocks"});
    }
    const double fell_back = find(summary.indicators, "plan_fell_back_blocks");
    if (fell_back > 0) {
        summary.findings.push_back({.kind = "rules_fallback",
                                    .severity = Severity::violation,
                                    .hours = none,
                                    .value = fell_back,
                                    .limit = none,
                                    .unit = "blocks"});
    }
}

void FindingsAccount::list_outages(Summary& summary) const {
    for (const Summary::N1Unsolved& row : summary.n1_unsolved) {
        summary.findings.push_back({.kind = "unsolved_outage",
                                    .severity = Severity::unsolved,
                                    .outage = row.outage,
                                    .hours = row.hours,
                                    .value = none,
                                    .limit = none,
                                    .step = row.first_step});
    }
    const double insecure_h =
        find(summary.indicators, "n1_judged_hours") - find(summary.indicators, "n1_secure_hours");
    if (insecure_h > 1e-9) {
        const bool known = !summary.n1_worst.empty();
        summary.findings.push_back(
            {.kind = "n1_insecure",
             .severity = Severity::violation,
             .element = known ? summary.n1_worst.front().element : std::string{},
             .outage = known ? summary.n1_worst.front().outage : std::string{},
             .hours = insecure_h,
             .value = known ? summary.n1_worst.front().loading_percent : none,
             .limit = known ? 100 : none,
             .unit = "percent",
             .step = known ? summary.n1_worst.front().step : 0});
    }
}

void FindingsAccount::list_fault_levels(Summary& summary) const {
    for (const Summary::FaultLevel& row : summary.fault_levels) {
        if (row.ik3_max_ka > row.breaker_ka) { // NaN: not known
            summary.findings.push_back({.kind = "fault_level",
                                        .severity = Severity::violation,
                                        .element = row.bus,
                                        .hours = none,
                                        .value = row.ik3_max_ka,
                                        .limit = row.breaker_ka,
                                        .unit = "kA"});
        }
    }
}

void FindingsAccount::list_limits_not_seen(Summary& summary) const {
    if (study_.dispatch.method == DispatchMethod::rules && steps_over_limit_ > 0) {
        const double hours = static_cast<double>(steps_over_limit_) * dt_h_;
        const double all = find(summary.steps, "total") * dt_h_;
        summary.findings.push_back({.kind = "limits_not_seen",
                                    .severity = Severity::note,
                                    .hours = hours,
                                    .value = 100 * hours / all,
                                    .limit = none,
                                    .unit = "percent"});
    }
}

} // namespace yuanwang::engine
