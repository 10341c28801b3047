#include "report/findings_text.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include <fmt/format.h>

namespace yuanwang::report {

namespace {

using engine::RunFinding;

/// What a kind of finding is called.
struct Kind {
    std::string_view word;
    std::string_view en;
    std::string_view zh;
};
constexpr std::array kinds = {
    Kind{"unsolved_step", "no power flow solution", "潮流无解"},
    Kind{"doubtful_state",
         "doubtful power flow solution (voltage far below any band, or losses beyond the load)",
         "潮流解存疑（电压远低于允许范围，或网损超过负荷）"},
    Kind{"unsolved_outage", "no power flow solution", "潮流无解"},
    Kind{"unserved", "unserved energy", "失负荷"},
    Kind{"backed_down", "must-run output reduced", "必开出力被压减"},
    Kind{"broken_limit", "limit violated by the plan", "计划越限"},
    Kind{"relaxed_balance", "a balance or limit was relaxed", "平衡或约束被松弛"},
    Kind{"rules_fallback", "no plan was found, the rules dispatched",
         "优化计划未得解，改由规则调度"},
    Kind{"overload", "overload in the base state", "基态过载"},
    Kind{"voltage", "voltage outside its band in the base state", "基态电压越限"},
    Kind{"section", "interface limit exceeded in the base state", "基态断面越限"},
    Kind{"n1_insecure", "not N-1 secure", "不满足N-1"},
    Kind{"fault_level", "short-circuit level above the breaker rating",
         "短路电流超过断路器额定开断电流"},
    Kind{"limits_not_seen", "rule-based dispatch does not see line and interface limits",
         "规则调度不考虑线路与断面限额"},
};

std::string_view name_kind(std::string_view word, Language language) {
    for (const Kind& kind : kinds) {
        if (kind.word == word) {
            return language == Language::zh ? kind.zh : kind.en;
        }
    }
    return word;
}

std::string_view name_unit(std::string_view unit, bool zh) {
    if (unit == "percent") {
        return "%";
    }
    return unit == "blocks" && zh ? "个时段" : unit;
}

/// Digits a reader wants of a unit.
std::string number(double value, std::string_view unit) {
    if (unit == "pu") {
        return fmt::format("{:.4f}", value);
    }
    return fmt::format("{:.{}f}", value, unit == "blocks" ? 0 : unit == "kA" ? 2 : 1);
}

} // namespace

std::string describe(const RunFinding& finding, Language language) {
    const bool zh = language == Language::zh;
    std::string text{name_kind(finding.kind, language)};
    if (!finding.element.empty()) {
        text += (zh ? "：" : ": ") + finding.element;
    }
    if (!finding.outage.empty()) {
        text += fmt::format(fmt::runtime(zh ? "（失去 {} 后）" : " after the loss of {}"),
                            finding.outage);
    }
    if (std::isfinite(finding.hours)) {
        text += fmt::format(fmt::runtime(zh ? "，{:.2f} h" : ", {:.2f} h"), finding.hours);
    }
    const bool is_mismatch = finding.kind == "unsolved_step"; // of no use to a planner
    if (std::isfinite(finding.value) && !is_mismatch) {
        const std::string_view unit = name_unit(finding.unit, zh);
        const std::string_view lead =
            finding.kind == "limits_not_seen" ? (zh ? "，占全期 " : ", of the run ")
            : finding.unit == "MWh" || finding.unit == "blocks" ? (zh ? "，" : ", ")
                                                                : (zh ? "，最严重 " : ", worst ");
        text += fmt::format("{}{} {}", lead, number(finding.value, finding.unit), unit);
        if (std::isfinite(finding.limit) && finding.unit != "MWh") {
            text += fmt::format(fmt::runtime(zh ? "（限值 {} {}）" : " (limit {} {})"),
                                number(finding.limit, finding.unit), unit);
        }
    }
    return text;
}

std::string format_findings(const engine::Summary& summary, Language language) {
    constexpr std::size_t most_places = 3;
    const bool zh = language == Language::zh;
    if (summary.findings.empty()) {
        return {};
    }
    std::string text = zh ? "  需要注意：\n" : "  Findings:\n";
    std::size_t of_kind = 0;
    for (std::size_t k = 0; k < summary.findings.size(); ++k) {
        const RunFinding& finding = summary.findings[k];
        of_kind = k > 0 && summary.findings[k - 1].kind == finding.kind ? of_kind + 1 : 1;
        if (of_kind <= most_places) {
            text += fmt::format("    {}\n", describe(finding, language));
        }
        const bool is_last =
            k + 1 == summary.findings.size() || summary.findings[k + 1].kind != finding.kind;
        if (is_last && of_kind > most_places) {
            text += fmt::format(fmt::runtime(zh ? "    另有 {} 处（{}），见 summary.json\n"
                                                : "    and {} more ({}), see summary.json\n"),
                                of_kind - most_places, name_kind(finding.kind, language));
        }
    }
    return text;
}

} // namespace yuanwang::report
