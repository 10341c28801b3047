#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sweep/portfolio/portfolio.hpp"

namespace yuanwang::sweep {

namespace {

using Json = nlohmann::ordered_json;

/// Value per million yuan; NaN where the cost is not known.
double per_million(double value, double capex_cny) {
    return capex_cny > 0 ? value / (capex_cny * 1e-6) : std::numeric_limits<double>::quiet_NaN();
}

/// The largest effect first.
std::vector<std::size_t> order_by_effect(const Contributions& c, std::size_t value) {
    std::vector<std::size_t> order(c.n_player);
    for (std::size_t k = 0; k < order.size(); ++k) {
        order[k] = k;
    }
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [&](std::size_t k) { return std::abs(c.shapley[c.at(k, value)]); });
    return order;
}

std::string format_share(const Contributions& c, std::size_t at) {
    return c.n_order == 0 ? fmt::format("{:+.5g}", c.shapley[at])
                          : fmt::format("{:+.5g} ± {:.2g}", c.shapley[at], c.shapley_error[at]);
}

/// Projects that stand aside for one reason, on one line.
std::string list_idle(const Portfolio& found, Idle reason, std::string_view head) {
    std::string names;
    for (const IdleProject& idle : found.idle) {
        if (idle.reason == reason) {
            names += (names.empty() ? " " : ", ") + idle.project.id;
        }
    }
    return names.empty() ? names : fmt::format("{}{}\n", head, names);
}

std::string format_head(const Portfolio& found, bool zh) {
    const Contributions& c = found.contributions;
    std::string text = fmt::format(
        fmt::runtime(zh ? "{}：{} 个项目，{} 次仿真{}\n" : "{}: {} projects, {} runs{}\n"),
        found.scenario.in(zh ? Language::zh : Language::en), found.projects.size(), c.n_coalition,
        c.n_order == 0
            ? (zh ? "，沙普利值精确" : ", Shapley values exact")
            : fmt::format(fmt::runtime(zh ? "，沙普利值由 {} 个次序抽样，± 约在 {}% 的抽样中成立"
                                          : ", Shapley values from {} orders, ± holds "
                                            "in about {} of 100 samples"),
                          c.n_order, c.n_order >= 20 ? 95 : 85));
    text +=
        list_idle(found, Idle::no_changes,
                  zh ? "模型中没有改动，贡献为零：" : "nothing to change, so they bring nothing:");
    text += list_idle(found, Idle::after_the_run,
                      zh ? "投运晚于计算期末，贡献为零（可用 --from-start）："
                         : "in service after the run, so they bring nothing (see --from-start):");
    return text;
}

/// What to build first: worth of the projects, the best yuan first.
std::string format_worth(const Portfolio& found, bool zh) {
    const std::vector<RankedProject> ranked = rank_projects(found);
    if (ranked.empty()) {
        return {};
    }
    std::string text = fmt::format(
        fmt::runtime(
            zh ? "\n先建什么：寿命期内节约的电费按年 {:.3g}% 折现，减投资，按每元净现值排序\n"
               : "\nwhat to build first: cost saved over its life at {:.3g}% a year, less "
                 "investment, by net present value per yuan\n"),
        100 * found.discount_rate);
    text += fmt::format("  {:<28} {:<10} {:>12} {:>6} {:>14} {:>10} {:>20} {:>10}\n",
                        zh ? "项目" : "project", zh ? "投运" : "from",
                        zh ? "投资 百万元" : "invest M CNY", zh ? "寿命 年" : "life y",
                        zh ? "年节约 百万元" : "saves M CNY/y", zh ? "回收期 年" : "back in y",
                        zh ? "净现值 百万元" : "NPV M CNY", zh ? "每元净现值" : "NPV per 1");
    constexpr double longest_y = 1000;
    for (const RankedProject& r : ranked) {
        const PortfolioProject& project = found.projects[r.row];
        text += fmt::format(
            "  {:<28} {:<10} {:>12.5g} {:>6.3g} {:>+14.4g} {:>10} {:>20} {:>+10.3g}\n", project.id,
            project.in_service, project.terms.capex_cny * 1e-6, project.terms.life_y,
            r.worth.saved_cny_per_y * 1e-6,
            r.worth.payback_y < longest_y ? fmt::format("{:.3g}", r.worth.payback_y) : "-",
            r.npv_error_cny > 0
                ? fmt::format("{:+.4g} ± {:.2g}", r.worth.npv_cny * 1e-6, r.npv_error_cny * 1e-6)
                : fmt::format("{:+.4g}", r.worth.npv_cny * 1e-6),
            r.worth.npv_per_cny);
    }
    return text;
}

Json write_worth(const Portfolio& found) {
    Json rows = Json::array();
    for (const RankedProject& r : rank_projects(found)) {
        const PortfolioProject& project = found.projects[r.row];
        rows.push_back(
            {{"id", project.id},
             {"name", {{"en", project.name.en}, {"zh", project.name.zh}}},
             {"in_service", project.in_service},
             {"capex_cny", project.terms.capex_cny},
             {"life_y", project.terms.life_y},
             {"saved_cny_per_y", r.worth.saved_cny_per_y},
             {"payback_y", std::isfinite(r.worth.payback_y) ? Json(r.worth.payback_y) : Json{}},
             {"npv_cny", r.worth.npv_cny},
             {"npv_error_cny", r.npv_error_cny},
             {"npv_per_cny", r.worth.npv_per_cny}});
    }
    return rows;
}

Json write_project(const Portfolio& found, std::size_t k, std::size_t value) {
    const Contributions& c = found.contributions;
    const PortfolioProject& project = found.projects[k];
    const std::size_t at = c.at(k, value);
    const double per = per_million(c.shapley[at], project.terms.capex_cny);
    return {{"id", project.id},
            {"name", {{"en", project.name.en}, {"zh", project.name.zh}}},
            {"in_service", project.in_service},
            {"capex_cny", project.terms.capex_cny},
            {"leave_one_out", c.leave_one_out[at]},
            {"add_one_in", c.add_one_in[at]},
            {"by_date", c.in_order[at]},
            {"shapley", c.shapley[at]},
            {"shapley_error", c.shapley_error[at]},
            {"shapley_per_million_cny", std::isfinite(per) ? Json(per) : Json{}}};
}

} // namespace

std::string format_portfolio_text(const Portfolio& found, Language language) {
    const bool zh = language == Language::zh;
    const Contributions& c = found.contributions;
    std::string text = format_head(found, zh) + format_worth(found, zh);
    for (std::size_t v = 0; v < c.n_value; ++v) {
        text += fmt::format("\n{}: {:.6g} -> {:.6g} ({:+.6g})\n", found.indicators[v], c.none[v],
                            c.all[v], c.all[v] - c.none[v]);
        text +=
            fmt::format("  {:<28} {:<10} {:>12} {:>12} {:>12} {:>22} {:>14}\n",
                        zh ? "项目" : "project", zh ? "投运" : "from", zh ? "末位剔除" : "last out",
                        zh ? "首位加入" : "first in", zh ? "按投运次序" : "by date",
                        zh ? "沙普利值" : "Shapley", zh ? "每百万元" : "per M CNY");
        for (const std::size_t k : order_by_effect(c, v)) {
            const std::size_t at = c.at(k, v);
            const double per = per_million(c.shapley[at], found.projects[k].terms.capex_cny);
            text +=
                fmt::format("  {:<28} {:<10} {:>+12.5g} {:>+12.5g} {:>+12.5g} {:>22} {:>14}\n",
                            found.projects[k].id, found.projects[k].in_service, c.leave_one_out[at],
                            c.add_one_in[at], c.in_order[at], format_share(c, at),
                            std::isfinite(per) ? fmt::format("{:+.4g}", per) : "-");
        }
    }
    return text;
}

std::string format_portfolio_json(const Portfolio& found) {
    const Contributions& c = found.contributions;
    Json json;
    json["scenario"] = {{"en", found.scenario.en}, {"zh", found.scenario.zh}};
    json["runs"] = c.n_coalition;
    json["orders_sampled"] = c.n_order;
    json["without_effect"] = Json::array();
    for (const IdleProject& idle : found.idle) {
        json["without_effect"].push_back(
            {{"id", idle.project.id},
             {"reason", idle.reason == Idle::no_changes ? "no_changes" : "after_the_run"}});
    }
    json["discount_rate"] = found.discount_rate;
    json["worth"] = write_worth(found);
    json["indicators"] = Json::object();
    for (std::size_t v = 0; v < c.n_value; ++v) {
        Json& part = json["indicators"][found.indicators[v]];
        part["none"] = c.none[v];
        part["all"] = c.all[v];
        part["effect"] = c.all[v] - c.none[v];
        part["projects"] = Json::array();
        for (const std::size_t k : found.by_date) {
            part["projects"].push_back(write_project(found, k, v));
        }
    }
    return json.dump(2) + "\n";
}

} // namespace yuanwang::sweep
