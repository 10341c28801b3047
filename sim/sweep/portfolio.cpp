#include "sweep/portfolio.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "engine/simulator.hpp"
#include "engine/weather.hpp"
#include "sweep/discarding_sink.hpp"

namespace yuanwang::sweep {

namespace {

using Json = nlohmann::ordered_json;

const std::vector<std::string>& usual_indicators() {
    static const std::vector<std::string> names = {"curtailed_mwh", "n1_secure_hours",
                                                   "green_share_annual", "co2_t", "cost_cny"};
    return names;
}

std::string write_date(const std::optional<std::chrono::year_month_day>& date) {
    return date ? fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date->year()),
                              static_cast<unsigned>(date->month()),
                              static_cast<unsigned>(date->day()))
                : std::string{};
}

class Weighing {
  public:
    Weighing(const std::filesystem::path& file, const scenario::LoadOptions& load,
             const PortfolioOptions& options, Progress& progress)
        : file_{file}, load_{load}, options_{options}, progress_{progress} {}

    Portfolio run() {
        const engine::Study base = scenario::load_scenario(file_, load_).study;
        out_.scenario = base.name;
        list_projects(base);
        order_by_date();
        out_.indicators = options_.indicators.empty() ? usual_indicators() : options_.indicators;
        weather_ =
            std::make_shared<const engine::SiteWeather>(engine::make_site_weather(base, progress_));
        out_.contributions = find_contributions(
            out_.projects.size(), [this](Coalition s) { return play(s); }, out_.by_date,
            options_.sampling);
        return std::move(out_);
    }

  private:
    void list_projects(const engine::Study& base) {
        std::vector<std::string> known;
        for (const engine::Project& project : base.projects) {
            known.push_back(project.id);
        }
        for (const std::string& id : options_.projects.empty() ? known : options_.projects) {
            const auto it = std::ranges::find(base.projects, id, &engine::Project::id);
            if (it == base.projects.end()) {
                const std::string_view nearest = find_nearest(id, known);
                throw InputError{
                    Fault{{},
                          "--projects",
                          "must be a project of the scenario" +
                              (nearest.empty() ? std::string{}
                                               : fmt::format(" (did you mean {}?)", nearest)),
                          id}};
            }
            out_.projects.push_back({it->id, it->name, write_date(it->in_service), it->capex_cny});
        }
        constexpr std::size_t most = 63;
        if (out_.projects.size() > most) {
            throw InputError{Fault{{},
                                   "--projects",
                                   "must be at most 63 projects",
                                   std::to_string(out_.projects.size())}};
        }
    }

    void order_by_date() {
        out_.by_date.resize(out_.projects.size());
        std::iota(out_.by_date.begin(), out_.by_date.end(), std::size_t{0});
        std::ranges::stable_sort(out_.by_date, {},
                                 [&](std::size_t k) { return out_.projects[k].in_service; });
    }

    std::vector<double> play(Coalition coalition) {
        scenario::LoadOptions load = load_;
        for (std::size_t k = 0; k < out_.projects.size(); ++k) {
            const bool in = (coalition >> k & 1U) != 0;
            load.set.push_back(fmt::format("projects[{}].enabled={}", out_.projects[k].id, in));
        }
        const engine::Study study = scenario::load_scenario(file_, load).study;
        DiscardingSink sink;
        engine::RunSettings settings{.n_thread = options_.n_thread};
        settings.shared.weather = [this](const engine::Study&, Progress&) { return weather_; };
        SilentProgress quiet;
        const engine::Summary summary = engine::simulate(study, sink, quiet, settings).summary;
        progress_.update("coalitions", ++n_played_, 0);
        if (progress_.stop_requested()) {
            throw Interrupted{};
        }
        return pick(summary);
    }

    [[nodiscard]] std::vector<double> pick(const engine::Summary& summary) const {
        std::vector<double> values;
        for (const std::string& name : out_.indicators) {
            const auto at = summary.indicators.find(name);
            const auto count = summary.counts.find(name);
            if (at != summary.indicators.end()) {
                values.push_back(at->second);
            } else if (count != summary.counts.end()) {
                values.push_back(count->second);
            } else if (options_.indicators.empty()) {
                values.push_back(0); // of the usual choice, not in every study
            } else {
                throw InputError{Fault{
                    {}, "--indicators", "must be an indicator or count of summary.json", name}};
            }
        }
        return values;
    }

    const std::filesystem::path& file_;
    const scenario::LoadOptions& load_;
    const PortfolioOptions& options_;
    Progress& progress_;
    std::shared_ptr<const engine::SiteWeather> weather_;
    std::size_t n_played_ = 0;
    Portfolio out_;
};

/// Value per million yuan; NaN where the cost is not known.
double per_million(double value, double capex_cny) {
    return capex_cny > 0 ? value / (capex_cny * 1e-6) : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

Portfolio weigh_portfolio(const std::filesystem::path& scenario, const scenario::LoadOptions& load,
                          const PortfolioOptions& options, Progress& progress) {
    return Weighing{scenario, load, options, progress}.run();
}

std::string format_portfolio_text(const Portfolio& found, Language language) {
    const bool zh = language == Language::zh;
    const Contributions& c = found.contributions;
    std::string text = fmt::format(
        fmt::runtime(zh ? "{}：{} 个项目，{} 次仿真{}\n" : "{}: {} projects, {} runs{}\n"),
        found.scenario.in(language), found.projects.size(), c.n_coalition,
        c.n_order == 0 ? (zh ? "，沙普利值精确" : ", Shapley values exact")
                       : fmt::format(fmt::runtime(zh ? "，沙普利值由 {} 个次序抽样"
                                                     : ", Shapley values from {} orders"),
                                     c.n_order));
    for (std::size_t v = 0; v < c.n_value; ++v) {
        text += fmt::format("\n{}: {:.6g} -> {:.6g} ({:+.6g})\n", found.indicators[v], c.none[v],
                            c.all[v], c.all[v] - c.none[v]);
        text += fmt::format("  {:<28} {:>12} {:>12} {:>12} {:>22} {:>14}\n",
                            zh ? "项目" : "project", zh ? "末位剔除" : "last out",
                            zh ? "首位加入" : "first in", zh ? "按投运次序" : "by date",
                            zh ? "沙普利值" : "Shapley", zh ? "每百万元" : "per M CNY");
        for (const std::size_t k : found.by_date) {
            const std::size_t at = c.at(k, v);
            const std::string share =
                c.n_order == 0
                    ? fmt::format("{:+.5g}", c.shapley[at])
                    : fmt::format("{:+.5g} ± {:.2g}", c.shapley[at], c.shapley_error[at]);
            const double per = per_million(c.shapley[at], found.projects[k].capex_cny);
            text += fmt::format("  {:<28} {:>+12.5g} {:>+12.5g} {:>+12.5g} {:>22} {:>14}\n",
                                found.projects[k].id, c.leave_one_out[at], c.add_one_in[at],
                                c.in_order[at], share,
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
    json["indicators"] = Json::object();
    for (std::size_t v = 0; v < c.n_value; ++v) {
        Json& part = json["indicators"][found.indicators[v]];
        part["none"] = c.none[v];
        part["all"] = c.all[v];
        part["effect"] = c.all[v] - c.none[v];
        part["projects"] = Json::array();
        for (const std::size_t k : found.by_date) {
            const std::size_t at = c.at(k, v);
            const PortfolioProject& project = found.projects[k];
            const double per = per_million(c.shapley[at], project.capex_cny);
            part["projects"].push_back(
                {{"id", project.id},
                 {"in_service", project.in_service},
                 {"capex_cny", project.capex_cny},
                 {"leave_one_out", c.leave_one_out[at]},
                 {"add_one_in", c.add_one_in[at]},
                 {"by_date", c.in_order[at]},
                 {"shapley", c.shapley[at]},
                 {"shapley_error", c.shapley_error[at]},
                 {"shapley_per_million_cny", std::isfinite(per) ? Json(per) : Json{}}});
        }
    }
    return json.dump(2) + "\n";
}

} // namespace yuanwang::sweep
