#include "report/comparison.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace yuanwang::report {

namespace {

using Json = nlohmann::ordered_json;

struct Word {
    std::string_view what;
    std::string_view en;
    std::string_view zh;
};
constexpr std::array<Word, 6> words = {
    {{"line_loading", "Mean loading of lines", "线路平均负载率"},
     {"transformer_loading", "Mean loading of transformers", "主变平均负载率"},
     {"source_energy", "Energy of sources", "电源电量"},
     {"tie_energy", "Energy over ties, import positive", "联络线电量（受入为正）"},
     {"storage_discharge", "Discharge of storages", "储能放电量"},
     {"bus_voltage", "Mean voltage of buses", "母线平均电压"}}};

std::string title_of(std::string_view what, Language language) {
    for (const Word& word : words) {
        if (word.what == what) {
            return std::string{language == Language::zh ? word.zh : word.en};
        }
    }
    return std::string{what};
}

bool differs(const ComparedNumber& row) {
    return std::ranges::any_of(row.values, [&](double v) {
        return v != row.values.front() && !(std::isnan(v) && std::isnan(row.values.front()));
    });
}

std::string show(double value) {
    return std::isfinite(value) ? fmt::format("{:.6g}", value) : std::string{"-"};
}

/// `+3.2 (+1.5 %)`
std::string show_change(double base, double value) {
    if (!std::isfinite(base) || !std::isfinite(value) || base == value) {
        return {};
    }
    std::string text = fmt::format("{:+.4g}", value - base);
    if (base != 0) {
        text += fmt::format(" ({:+.2f} %)", 100 * (value - base) / std::abs(base));
    }
    return text;
}

std::string choose(Language language, const char* en, const char* zh) {
    return language == Language::zh ? zh : en;
}

/// Name and folder of a run, `A`, `B`, … before it, and what its files lack.
std::string label(const Comparison& found, std::size_t run, Language language) {
    std::string text =
        fmt::format("{}  {}  ({})", static_cast<char>('A' + static_cast<int>(run % 26)),
                    found.name[run].in(language), found.folder[run]);
    const std::vector<std::string>& missing = found.missing[run];
    if (missing == std::vector<std::string>{"results.nc"}) {
        text += choose(language, "; without results.nc: elements are not compared",
                       "；没有 results.nc：不比较各元件");
    } else if (!missing.empty()) {
        text += fmt::format(fmt::runtime(choose(language, "; of an earlier version, without {}",
                                                "；由较早版本写出，缺少 {}")),
                            join_names(missing));
    }
    return text;
}

void append_numbers(const std::vector<ComparedNumber>& rows, std::string& text) {
    for (const ComparedNumber& row : rows) {
        if (!differs(row)) {
            continue;
        }
        text += fmt::format("  {:<44} {:>14}", row.key, show(row.values.front()));
        for (std::size_t r = 1; r < row.values.size(); ++r) {
            text += fmt::format(" {:>14} {:<22}", show(row.values[r]),
                                show_change(row.values.front(), row.values[r]));
        }
        text += '\n';
    }
}

std::string escape(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string head_cells(const Comparison& found, Language language) {
    std::string text;
    for (std::size_t r = 0; r < found.name.size(); ++r) {
        text += fmt::format("<th>{} {}</th>", static_cast<char>('A' + static_cast<int>(r % 26)),
                            escape(found.name[r].in(language)));
        if (r > 0) {
            text += fmt::format("<th>{}</th>", choose(language, "difference", "差值"));
        }
    }
    return text;
}

std::string number_cells(const std::vector<double>& values) {
    std::string text;
    for (std::size_t r = 0; r < values.size(); ++r) {
        text += fmt::format("<td class=n>{}</td>", show(values[r]));
        if (r > 0) {
            text += fmt::format("<td class=n>{}</td>", show_change(values.front(), values[r]));
        }
    }
    return text;
}

std::string number_table(const Comparison& found, const std::vector<ComparedNumber>& rows,
                         Language language) {
    std::string text = "<table><tr><th></th>" + head_cells(found, language) + "</tr>\n";
    for (const ComparedNumber& row : rows) {
        text += fmt::format("<tr{}><td>{}</td>{}</tr>\n", differs(row) ? " class=d" : "",
                            escape(row.key), number_cells(row.values));
    }
    return text + "</table>\n";
}

constexpr std::string_view style =
    "body{font:14px/1.5 system-ui,'Noto Sans CJK SC',sans-serif;margin:2em auto;max-width:1200px;"
    "padding:0 1em;color:#1d2733}table{border-collapse:collapse;margin:0 0 2em}th,td{text-align:"
    "left;padding:.2em .8em;border-bottom:1px solid #dde3ea}td.n{text-align:right;font-variant-"
    "numeric:tabular-nums}tr.d td{background:#fff7e0}h1{font-size:1.5em}h2{font-size:1.15em}"
    "code{font-size:.92em}";

} // namespace

std::string join_names(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

std::string format_comparison_text(const Comparison& found, Language language) {
    std::string text;
    for (std::size_t r = 0; r < found.name.size(); ++r) {
        text += label(found, r, language) + "\n";
    }
    text += "\n" + choose(language, "Scenario", "场景差异") + "\n";
    constexpr std::size_t most_changes = 40;
    for (std::size_t k = 0; k < std::min(most_changes, found.changes.size()); ++k) {
        const ScenarioChange& change = found.changes[k];
        text += "  " + change.path + ": ";
        for (std::size_t r = 0; r < change.values.size(); ++r) {
            text += (r == 0 ? "" : " -> ") + (change.values[r].empty() ? "-" : change.values[r]);
        }
        text += '\n';
    }
    if (found.changes.size() > most_changes) {
        text += fmt::format(fmt::runtime(choose(language, "  and {} more, see --json\n",
                                                "  另有 {} 处，见 --json\n")),
                            found.changes.size() - most_changes);
    }
    const auto same =
        static_cast<std::size_t>(std::ranges::count_if(found.indicators, std::not_fn(differs)));
    text += "\n" + fmt::format(fmt::runtime(choose(language, "Indicators ({} are the same)\n",
                                                   "指标（{} 项相同）\n")),
                               same);
    append_numbers(found.indicators, text);
    append_numbers(found.counts, text);
    std::string_view what;
    for (const MovedElement& row : found.moved) {
        if (row.what != what) {
            what = row.what;
            text += fmt::format("\n{}, {}\n", title_of(what, language), row.unit);
        }
        text += fmt::format("  {:<44}", row.id);
        text += fmt::format(" {:>14}", show(row.values.front()));
        for (std::size_t r = 1; r < row.values.size(); ++r) {
            text += fmt::format(" {:>14} {:<22}", show(row.values[r]),
                                show_change(row.values.front(), row.values[r]));
        }
        text += '\n';
    }
    return text;
}

std::string format_comparison_json(const Comparison& found) {
    const auto numbers = [](const std::vector<double>& values) {
        Json list = Json::array();
        for (const double v : values) {
            list.push_back(std::isfinite(v) ? Json(v) : Json{});
        }
        return list;
    };
    const auto differences = [&](const std::vector<double>& values) {
        std::vector<double> out;
        for (const double v : values) {
            out.push_back(v - values.front());
        }
        return numbers(out);
    };
    Json json;
    json["runs"] = Json::array();
    for (std::size_t r = 0; r < found.name.size(); ++r) {
        json["runs"].push_back({{"folder", found.folder[r]},
                                {"name", {{"en", found.name[r].en}, {"zh", found.name[r].zh}}},
                                {"missing", found.missing[r]}});
    }
    json["changes"] = Json::array();
    for (const ScenarioChange& change : found.changes) {
        json["changes"].push_back({{"path", change.path}, {"values", change.values}});
    }
    for (const auto& [key, rows] :
         {std::pair{"indicators", &found.indicators}, std::pair{"counts", &found.counts}}) {
        json[key] = Json::object();
        for (const ComparedNumber& row : *rows) {
            json[key][row.key] = {{"values", numbers(row.values)},
                                  {"differences", differences(row.values)}};
        }
    }
    json["moved"] = Json::array();
    for (const MovedElement& row : found.moved) {
        json["moved"].push_back({{"what", row.what},
                                 {"id", row.id},
                                 {"unit", row.unit},
                                 {"values", numbers(row.values)},
                                 {"differences", differences(row.values)}});
    }
    return json.dump(2) + "\n";
}

std::string format_comparison_html(const Comparison& found, Language language) {
    const std::string title = choose(language, "Runs compared", "方案比较");
    std::string text =
        fmt::format("<!doctype html>\n<html lang=\"{}\"><meta charset=utf-8>"
                    "<title>{} · Yuanwang 源网</title><style>{}</style>\n<h1>{}</h1>\n<ul>",
                    choose(language, "en", "zh"), title, style, title);
    for (std::size_t r = 0; r < found.name.size(); ++r) {
        text += fmt::format("<li>{}</li>", escape(label(found, r, language)));
    }
    text += fmt::format("</ul>\n<h2>{}</h2>\n<table>",
                        choose(language, "What the scenarios say differently", "场景差异"));
    for (const ScenarioChange& change : found.changes) {
        text += fmt::format("<tr><td><code>{}</code></td>", escape(change.path));
        for (const std::string& value : change.values) {
            text += fmt::format("<td>{}</td>", value.empty() ? "-" : escape(value));
        }
        text += "</tr>\n";
    }
    text += fmt::format("</table>\n<h2>{}</h2>\n", choose(language, "Indicators", "指标"));
    text += number_table(found, found.indicators, language);
    std::string_view what;
    for (const MovedElement& row : found.moved) {
        if (row.what != what) {
            text += what.empty() ? "" : "</table>\n";
            what = row.what;
            text += fmt::format("<h2>{}, {}</h2>\n<table><tr><th></th>{}</tr>\n",
                                title_of(what, language), row.unit, head_cells(found, language));
        }
        const std::string& name = row.name.in(language);
        text += fmt::format("<tr><td>{}</td>{}</tr>\n", escape(name.empty() ? row.id : name),
                            number_cells(row.values));
    }
    return text + (what.empty() ? "" : "</table>\n") + "</html>\n";
}

} // namespace yuanwang::report
