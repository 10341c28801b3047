#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "report/findings_text.hpp"
#include "report/run_folder.hpp"

namespace yuanwang::report {
namespace {

/// A line of the summary: where its number is and how a person reads it.
struct Line {
    std::string_view key;
    std::string_view en;
    std::string_view zh;
    std::string_view unit;
    double scale;
    int digits;
};

constexpr std::array<Line, 21> lines = {{
    {"demand_mwh", "Demand", "用电量", "GWh", 1e-3, 1},
    {"peak_demand_mw", "Peak demand", "最大负荷", "MW", 1, 1},
    {"mean_demand_mw", "Mean demand", "平均负荷", "MW", 1, 1},
    {"unserved_mwh", "Unserved energy", "失负荷电量", "MWh", 1, 2},
    {"curtailed_mwh", "Wind and sun curtailed", "弃风弃光电量", "MWh", 1, 2},
    {"utilisation_rate_wind", "Wind utilisation", "风电利用率", "%", 100, 2},
    {"utilisation_rate_solar", "Solar utilisation", "光伏利用率", "%", 100, 2},
    {"external_surplus_unused_mwh", "External surplus unused", "外部富余未受入", "GWh", 1e-3, 1},
    {"green_share_annual", "Green share, annual matched", "绿电占比(年平衡)", "%", 100, 2},
    {"green_share_hourly", "Green share, hourly matched", "绿电占比(时平衡)", "%", 100, 2},
    {"import_mwh", "Imports", "受入电量", "GWh", 1e-3, 1},
    {"export_mwh", "Exports", "送出电量", "GWh", 1e-3, 1},
    {"losses_mwh", "Losses", "网损电量", "GWh", 1e-3, 1},
    {"loss_rate", "Loss rate", "网损率", "%", 100, 2},
    {"line_loading_max_percent", "Highest line loading", "线路最大负载率", "%", 1, 1},
    {"transformer_loading_max_percent", "Highest transformer loading", "主变最大负载率", "%", 1, 1},
    {"n1_loading_max_percent", "Highest loading after an outage", "N-1最大负载率", "%", 1, 1},
    {"n1_secure_hours", "Hours secure after any outage", "N-1安全小时数", "h", 1, 0},
    {"voltage_violation_hours", "Hours outside a voltage band", "电压越限小时数", "h", 1, 1},
    {"co2_t", "CO2", "二氧化碳排放", "kt", 1e-3, 1},
    {"cost_cny", "Cost of energy", "购电成本", "M CNY", 1e-6, 1},
}};

/// Columns of a terminal a UTF-8 text takes: two for what lies beyond U+1100, else one.
std::size_t measure_width(std::string_view text) {
    std::size_t width = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80U) {
            width += byte >= 0xE1 ? 2 : 1;
        }
    }
    return width;
}

/// `12345678.9` → `12 345 678.9`
std::string group_digits(double value, int digits) {
    std::string text = fmt::format("{:.{}f}", value, digits);
    const std::size_t first = text.starts_with('-') ? 1 : 0;
    const std::size_t point = std::min(text.find('.'), text.size());
    for (std::size_t at = point; at > first + 3;) {
        at -= 3;
        text.insert(at, " ");
    }
    return text;
}

std::string format_row(std::string_view label, std::string_view value, std::string_view unit) {
    constexpr std::size_t label_width = 32;
    const std::size_t width = measure_width(label);
    const std::string gap(width < label_width ? label_width - width : 1, ' ');
    return fmt::format("  {}{}{:>16} {}\n", label, gap, value, unit);
}

double find(const std::map<std::string, double>& values, const std::string& key) {
    const auto at = values.find(key);
    return at == values.end() ? 0.0 : at->second;
}

std::string format_small(const std::map<std::string, double>& values, const std::string& key) {
    const double value = find(values, key);
    return std::isfinite(value) ? fmt::format("{:.1e}", value) : "–";
}

/// What stands behind an indicator that covers a part of the run.
std::string format_coverage(const engine::Summary& summary, const std::string& key, bool zh) {
    const auto covered = summary.covered_hours.find(key);
    const double share = find(summary.indicators, "solved_share");
    if (covered == summary.covered_hours.end() || share <= 0) {
        return {};
    }
    return fmt::format(fmt::runtime(zh ? "（{:.6g} / {:.6g} h）" : " ({:.6g} of {:.6g} h)"),
                       covered->second, covered->second / share);
}

std::string format_head(const engine::Summary& summary, bool zh) {
    const Language language = zh ? Language::zh : Language::en;
    const std::string& name = summary.scenario_name.in(language);
    std::string text = fmt::format("{}\n", name.empty() ? summary.scenario_id : name);
    text += format_row(zh ? "收敛步数" : "Steps converged",
                       fmt::format("{:.0f} / {:.0f}", find(summary.steps, "converged"),
                                   find(summary.steps, "total")),
                       "");
    if (const double doubtful = find(summary.steps, "doubtful"); doubtful > 0) {
        text += format_row(zh ? "存疑步数" : "Steps with a doubtful solution",
                           fmt::format("{:.0f}", doubtful), "");
    }
    text += format_row(zh ? "最大节点不平衡" : "Worst bus mismatch",
                       format_small(summary.balance, "max_bus_mismatch_mw"), "MW");
    text += format_row(zh ? "最大系统残差" : "Worst system residual",
                       format_small(summary.balance, "max_residual_mw"), "MW");
    if (const auto at = summary.balance.find("dispatch_balance_mwh"); at != summary.balance.end()) {
        text += format_row(zh ? "全期调度电量不平衡" : "Energy the schedule misses",
                           fmt::format("{:.1e}", at->second), "MWh");
    }
    return text;
}

std::string format_outage(const engine::Summary::N1Outage& worst, bool zh) {
    if (zh) {
        return fmt::format("  失去 {} 后 {} 达 {:.1f} %\n", worst.outage, worst.element,
                           worst.loading_percent);
    }
    return fmt::format("  Heaviest outage: {} lost, {} at {:.1f} %\n", worst.outage, worst.element,
                       worst.loading_percent);
}

/// What kinds of outages the secure hours are about.
std::string format_covers(const std::vector<std::string>& kinds, bool zh) {
    struct Word {
        std::string_view kind;
        std::string_view en;
        std::string_view zh;
    };
    constexpr std::array<Word, 5> words = {{
        {"branches", "circuits", "线路"},
        {"transformers", "transformer units", "主变"},
        {"generators", "generating units and DC poles", "发电机组与直流单极"},
        {"busbars", "busbars", "母线"},
        {"pairs", "listed pairs", "所列同时停运组"},
    }};
    std::string text;
    for (const std::string& kind : kinds) {
        const auto word = std::ranges::find(words, std::string_view{kind}, &Word::kind);
        if (word != words.end()) {
            text += text.empty() ? "" : (zh ? "、" : ", ");
            text += zh ? word->zh : word->en;
        }
    }
    return text.empty() ? text
                        : fmt::format("  {}{}\n", zh ? "N-1 校核范围：" : "N-1 covers: ", text);
}

std::string format_limit(const engine::Summary::BindingLimit& limit, bool zh) {
    const double rent_m_cny = limit.rent_cny * 1e-6;
    if (zh) {
        const std::string after =
            limit.outage.empty() ? "" : fmt::format("（失去 {} 后）", limit.outage);
        return fmt::format("  代价最高的电网约束：{}{}，{:.0f} h，{:.2f} M CNY\n", limit.element,
                           after, limit.hours, rent_m_cny);
    }
    const std::string after = limit.outage.empty() ? "" : fmt::format(" after {}", limit.outage);
    return fmt::format("  Dearest limit of the grid: {}{}, {:.0f} h, {:.2f} M CNY\n", limit.element,
                       after, limit.hours, rent_m_cny);
}

std::string_view name_cause(std::string_view cause, bool zh) {
    struct Named {
        std::string_view cause;
        std::string_view en;
        std::string_view zh;
    };
    static constexpr std::array names = {
        Named{"surplus", "surplus", "供大于求"},
        Named{"branch_n", "branch limit (N)", "线路或主变限额（N）"},
        Named{"branch_n1", "branch limit (N-1)", "线路或主变限额（N-1）"},
        Named{"section", "section limit", "断面限额"},
        Named{"station_limit", "station limit", "场站限额"},
        Named{"minimum_output", "minimum generation of others", "其他电源最小出力"},
        Named{"reserve", "reserve", "备用"},
        Named{"storage_full", "storage full", "储能已满"},
        Named{"voltage", "voltage", "电压"}};
    const auto at = std::ranges::find(names, cause, &Named::cause);
    return at == names.end() ? cause : zh ? at->zh : at->en;
}

/// Why wind and sun was not used: the causes of most energy, with the element in the way and the outage.
std::string format_curtailed(const engine::Summary& summary, bool zh) {
    constexpr std::size_t n_listed = 5;
    constexpr double least_mwh = 0.05; // what is printed as nothing
    std::string text;
    for (std::size_t k = 0; k < std::min(n_listed, summary.curtailed.size()); ++k) {
        const auto& row = summary.curtailed[k];
        if (row.mwh < least_mwh) {
            break;
        }
        std::string element = row.branch.empty() ? "" : (zh ? "：" : ": ") + row.branch;
        if (!row.outage.empty()) {
            element += zh ? fmt::format("（失去 {} 后）", row.outage)
                          : fmt::format(" after {}", row.outage);
        }
        text +=
            format_row(fmt::format("{}{}", zh ? "其中 " : "  of it ", name_cause(row.cause, zh)),
                       group_digits(row.mwh, 1), "MWh" + element);
    }
    return text;
}

/// What holds the run back most: the outage that loads the grid most, the limit that cost most.
std::string format_bottlenecks(const engine::Summary& summary, bool zh) {
    std::string text = format_covers(summary.n1_covers, zh);
    if (!summary.n1_worst.empty()) {
        text += format_outage(summary.n1_worst.front(), zh);
    }
    if (!summary.binding_limits.empty()) {
        text += format_limit(summary.binding_limits.front(), zh);
    }
    return text;
}

std::string format_calibration(const engine::Summary& summary, bool zh) {
    if (summary.calibration.empty()) {
        return {};
    }
    std::size_t n_inside = 0;
    std::size_t n_judged = 0;
    std::string outside;
    for (const auto& row : summary.calibration) {
        if (!row.judged) {
            continue;
        }
        ++n_judged;
        n_inside += row.inside ? 1U : 0U;
        if (!row.inside) {
            outside += fmt::format("    {}: {:.6g} {} {:.6g} … {:.6g}\n",
                                   row.name.in(zh ? Language::zh : Language::en), row.value,
                                   zh ? "不在" : "is not in", row.min, row.max);
        }
    }
    return format_row(zh ? "校核指标在带内" : "Calibration targets met",
                      fmt::format("{} / {}", n_inside, n_judged), "") +
           outside;
}

/// How long microgrids that are cut off carry their centers.
std::string format_microgrids(const engine::Summary& summary, bool zh) {
    const auto family = summary.devices.find("microgrid");
    if (family == summary.devices.end()) {
        return {};
    }
    std::string text;
    for (const auto& [name, facts] : family->second) {
        const double carried_h = find(facts, "carried_hours");
        text += format_row(
            zh ? "微电网自持小时数" : "Hours the microgrid carries",
            fmt::format("{:.0f} / {:.0f}", carried_h, carried_h + find(facts, "short_hours")),
            fmt::format("h  {}", name));
    }
    return text;
}

} // namespace

std::string format_summary(const engine::Summary& summary, Language language) {
    const bool zh = language == Language::zh;
    std::string text = format_head(summary, zh) + format_findings(summary, language);
    for (const Line& line : lines) {
        const auto at = summary.indicators.find(std::string{line.key});
        if (at != summary.indicators.end()) {
            const std::string value = std::isfinite(at->second)
                                          ? group_digits(at->second * line.scale, line.digits)
                                          : "–";
            text += format_row(zh ? line.zh : line.en, value,
                               std::string{line.unit} + format_coverage(summary, at->first, zh));
        }
        if (line.key == "curtailed_mwh") {
            text += format_curtailed(summary, zh);
        }
    }
    return text + format_microgrids(summary, zh) + format_bottlenecks(summary, zh) +
           format_calibration(summary, zh);
}

} // namespace yuanwang::report
