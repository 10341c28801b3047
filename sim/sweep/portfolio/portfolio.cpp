#include "sweep/portfolio/portfolio.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <optional>
#include <ratio>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/time_axis.hpp"

namespace yuanwang::sweep {

namespace {

std::string write_date(const std::optional<std::chrono::year_month_day>& date) {
    return date ? fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date->year()),
                              static_cast<unsigned>(date->month()),
                              static_cast<unsigned>(date->day()))
                : std::string{};
}

std::string write_first_day(const TimeAxis& time) {
    return write_date(std::chrono::year_month_day{
        std::chrono::floor<std::chrono::days>(time.start + beijing_offset)});
}

bool starts_in_time(const engine::Project& project, const TimeAxis& time) {
    return !project.in_service || beijing_midnight(*project.in_service) < time.at(time.n_step);
}

/// Years of 8760 h a project serves within the run.
double count_years(const engine::Project& project, const TimeAxis& time, bool from_start) {
    const std::chrono::sys_seconds end = time.at(time.n_step);
    const std::chrono::sys_seconds begin =
        from_start || !project.in_service
            ? time.start
            : std::max(time.start, beijing_midnight(*project.in_service));
    return std::chrono::duration<double, std::ratio<8760LL * 3600>>(end - begin).count();
}

bool is_in(Coalition coalition, std::size_t player) {
    return (coalition >> player & 1U) != 0;
}

/// Text in double quotes, as YAML and JSON read it.
std::string quote(const std::string& text) {
    return nlohmann::json(text).dump();
}

std::vector<std::string> choose_indicators(const engine::Study& base) {
    std::vector<std::string> names = {"curtailed_mwh", "green_share_annual", "co2_t", "cost_cny"};
    if (base.n_1.method != engine::N1Method::none) {
        names.insert(names.begin() + 1, "n1_secure_hours");
    }
    return names;
}

/// Shares the projects asked for into those that can change the run and those that cannot.
void list_projects(const engine::Study& base, const PortfolioOptions& options,
                   PortfolioDraft& draft) {
    std::vector<std::string> known;
    for (const engine::Project& project : base.projects) {
        known.push_back(project.id);
    }
    for (const std::string& id : options.projects.empty() ? known : options.projects) {
        const auto it = std::ranges::find(base.projects, id, &engine::Project::id);
        if (it == base.projects.end()) {
            const std::string_view nearest = find_nearest(id, known);
            throw InputError{Fault{
                {},
                "--projects",
                "must be a project of the scenario" +
                    (nearest.empty() ? std::string{} : fmt::format(" (did you mean {}?)", nearest)),
                id}};
        }
        PortfolioProject project{
            it->id,
            it->name,
            write_date(it->in_service),
            {it->capex_cny, it->life_y, count_years(*it, base.time, options.from_start)}};
        if (!it->has_changes) {
            draft.idle.push_back({std::move(project), Idle::no_changes});
        } else if (!options.from_start && !starts_in_time(*it, base.time)) {
            draft.idle.push_back({std::move(project), Idle::after_the_run});
        } else {
            draft.projects.push_back(std::move(project));
        }
    }
}

void check_count(const PortfolioDraft& draft) {
    constexpr std::size_t most = 63;
    if (draft.projects.empty()) {
        throw InputError{Fault{{},
                               "--projects",
                               "must name a project that changes something within the run; "
                               "--from-start puts later ones in service from the first step",
                               ""}};
    }
    if (draft.projects.size() > most) {
        throw InputError{Fault{{},
                               "--projects",
                               "must be at most 63 projects that change something",
                               std::to_string(draft.projects.size())}};
    }
}

std::vector<std::size_t> order_by_date(const std::vector<PortfolioProject>& projects) {
    std::vector<std::size_t> order(projects.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t k) { return projects[k].in_service; });
    return order;
}

/// Plays the game once for its questions alone.
std::vector<Coalition> list_coalitions(const PortfolioDraft& draft) {
    std::vector<Coalition> asked;
    (void)find_contributions(
        draft.projects.size(),
        [&](Coalition coalition) {
            asked.push_back(coalition);
            return std::vector<double>{};
        },
        draft.by_date, draft.sampling);
    return asked;
}

double find_value(const MemberState& member, const std::string& indicator) {
    const auto at = member.values.find(indicator);
    if (at == member.values.end()) {
        throw InputError{
            Fault{{}, "--indicators", "must be an indicator or count of every run", indicator}};
    }
    return at->second;
}

} // namespace

PortfolioDraft draft_portfolio(const std::filesystem::path& scenario,
                               const scenario::LoadOptions& load, const PortfolioOptions& options) {
    scenario::LoadedScenario base = scenario::load_scenario(scenario, load);
    PortfolioDraft draft{.scenario = base.study.name,
                         .indicators = options.indicators.empty() ? choose_indicators(base.study)
                                                                  : options.indicators,
                         .sampling = options.sampling,
                         .discount_rate = base.study.economics.discount_rate};
    list_projects(base.study, options, draft);
    check_count(draft);
    draft.by_date = order_by_date(draft.projects);
    draft.coalitions = list_coalitions(draft);
    if (options.from_start) {
        scenario::LoadOptions early = load;
        for (const PortfolioProject& project : draft.projects) {
            early.set.push_back(fmt::format("projects[{}].in_service={}", project.id,
                                            write_first_day(base.study.time)));
        }
        base = scenario::load_scenario(scenario, early);
    }
    draft.base_yaml = std::move(base.resolved_yaml);
    return draft;
}

std::string format_portfolio_sweep(const PortfolioDraft& draft, const std::string& base) {
    std::string text = fmt::format("# Written by `yuanwang portfolio`: one member per coalition.\n"
                                   "base: {}\naxes:\n",
                                   quote(base));
    for (const PortfolioProject& project : draft.projects) {
        text += fmt::format("  - {{project: {}}}\n", quote(project.id));
    }
    text += "design: list\nindicators: [";
    for (std::size_t k = 0; k < draft.indicators.size(); ++k) {
        text += (k == 0 ? "" : ", ") + quote(draft.indicators[k]);
    }
    text += "]\nlist:\n";
    for (const Coalition coalition : draft.coalitions) {
        for (std::size_t k = 0; k < draft.projects.size(); ++k) {
            text += fmt::format("{}{}: {}", k == 0 ? "  - {" : ", ", quote(draft.projects[k].id),
                                is_in(coalition, k));
        }
        text += "}\n";
    }
    return text;
}

Portfolio weigh_portfolio(const PortfolioDraft& draft, const std::vector<MemberState>& members) {
    std::map<Coalition, std::size_t> member_of;
    for (std::size_t k = 0; k < draft.coalitions.size(); ++k) {
        member_of.emplace(draft.coalitions[k], k);
    }
    const Game look_up = [&](Coalition coalition) {
        std::vector<double> values;
        for (const std::string& indicator : draft.indicators) {
            values.push_back(find_value(members[member_of.at(coalition)], indicator));
        }
        return values;
    };
    return {.scenario = draft.scenario,
            .projects = draft.projects,
            .idle = draft.idle,
            .by_date = draft.by_date,
            .indicators = draft.indicators,
            .contributions =
                find_contributions(draft.projects.size(), look_up, draft.by_date, draft.sampling),
            .discount_rate = draft.discount_rate};
}

std::vector<RankedProject> rank_projects(const Portfolio& found) {
    const auto cost = std::ranges::find(found.indicators, "cost_cny");
    if (cost == found.indicators.end()) {
        return {};
    }
    const Contributions& c = found.contributions;
    std::vector<RankedProject> ranked;
    for (std::size_t k = 0; k < found.projects.size(); ++k) {
        const ProjectTerms& terms = found.projects[k].terms;
        if (has_worth(terms)) {
            const std::size_t at =
                c.at(k, static_cast<std::size_t>(cost - found.indicators.begin()));
            ranked.push_back({k, weigh_project(terms, c.shapley[at], found.discount_rate),
                              c.shapley_error[at] / terms.served_y *
                                  annuity_factor(found.discount_rate, terms.life_y)});
        }
    }
    std::ranges::stable_sort(ranked, std::ranges::greater{}, [](const RankedProject& project) {
        return project.worth.npv_per_cny;
    });
    return ranked;
}

} // namespace yuanwang::sweep
