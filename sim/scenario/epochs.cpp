#include "scenario/epochs.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "scenario/compose.hpp"
#include "scenario/draft.hpp"

namespace yuanwang::scenario {

namespace {

void add_dates(const Node& section, std::vector<std::chrono::year_month_day>& dates) {
    const Node* grid = section.is_map() ? section.find("grid") : nullptr;
    const Node* list = grid && grid->is_map() ? grid->find("maintenance") : nullptr;
    if (!list || !list->is_list()) {
        return;
    }
    for (const Node& item : list->items) {
        for (const char* const key : {"from", "to"}) {
            const Node* date = item.is_map() ? item.find(key) : nullptr;
            if (const auto read =
                    date && date->is_scalar() ? parse_date(date->text) : std::nullopt) {
                dates.push_back(*read);
            }
        }
    }
}

bool is_in_force(const engine::Project& project, std::chrono::sys_seconds instant) {
    return project.enabled &&
           (!project.in_service || beijing_midnight(*project.in_service) <= instant);
}

} // namespace

std::vector<std::chrono::year_month_day> list_maintenance_dates(const Node& tree) {
    std::vector<std::chrono::year_month_day> dates;
    add_dates(tree, dates);
    const Node* projects = tree.find("projects");
    if (projects && projects->is_list()) {
        for (const Node& project : projects->items) {
            if (const Node* changes = project.is_map() ? project.find("changes") : nullptr) {
                add_dates(*changes, dates);
            }
        }
    }
    return dates;
}

std::vector<EpochPlan> plan_epochs(const TimeAxis& time,
                                   const std::vector<engine::Project>& projects,
                                   const std::vector<std::chrono::year_month_day>& maintenance) {
    std::set<std::size_t> firsts = {0};
    const auto add = [&](std::chrono::year_month_day date) {
        const std::size_t first = time.first_step_from(beijing_midnight(date));
        if (first < time.n_step) {
            firsts.insert(first);
        }
    };
    for (const engine::Project& project : projects) {
        if (project.enabled && project.in_service) {
            add(*project.in_service);
        }
    }
    std::ranges::for_each(maintenance, add);

    std::vector<EpochPlan> plans;
    for (auto first = firsts.begin(); first != firsts.end(); ++first) {
        const auto next = std::next(first);
        EpochPlan plan;
        plan.steps = {*first, (next == firsts.end() ? time.n_step : *next) - *first};
        for (std::size_t row = 0; row < projects.size(); ++row) {
            if (is_in_force(projects[row], time.at(*first))) {
                plan.projects.push_back(row);
            }
        }
        std::ranges::stable_sort(plan.projects, {}, [&](std::size_t row) {
            const auto& date = projects[row].in_service;
            return date ? beijing_midnight(*date) : std::chrono::sys_seconds::min();
        });
        plans.push_back(std::move(plan));
    }
    return plans;
}

Node compose_epoch(const Node& base, const std::vector<std::size_t>& projects,
                   std::vector<Fault>& faults) {
    Node tree = base;
    const Node* list = base.find("projects");
    for (const std::size_t row : projects) {
        const Node& project = list->items[row];
        const Node* changes = project.find("changes");
        if (!changes || !changes->is_map()) {
            continue;
        }
        Node overlay = *changes;
        const Node* named = changes->find("remove");
        const Node remove = named ? *named : Node{};
        overlay.erase("remove");
        merge(tree, overlay);
        remove_elements(tree, remove, "projects[" + std::string{project.id()} + "].changes.remove",
                        faults);
    }
    return tree;
}

void open_for_maintenance(network::Grid& grid, std::chrono::sys_seconds instant) {
    std::unordered_set<std::string> out;
    const network::Maintenance& maintenance = grid.maintenance;
    for (std::size_t k = 0; k < maintenance.size(); ++k) {
        if (beijing_midnight(maintenance.from[k]) <= instant &&
            instant < beijing_midnight(maintenance.to[k])) {
            out.insert(maintenance.element[k]);
        }
    }
    if (out.empty()) {
        return;
    }
    const auto open = [&](const network::Elements& elements, auto&& act) {
        for (std::size_t k = 0; k < elements.size(); ++k) {
            if (out.contains(elements.id[k])) {
                act(k);
            }
        }
    };
    open(grid.lines, [&](std::size_t k) { grid.lines.closed[LineIdx{k}] = false; });
    open(grid.branches, [&](std::size_t k) { grid.branches.closed[k] = false; });
    open(grid.transformers,
         [&](std::size_t k) { grid.transformers.closed[TransformerIdx{k}] = false; });
    open(grid.three_winding_transformers,
         [&](std::size_t k) { grid.three_winding_transformers.closed[k] = false; });
    open(grid.shunts, [&](std::size_t k) {
        grid.shunts.n_steps[ShuntIdx{k}] = 0;
        grid.shunts.steps[ShuntIdx{k}] = 0;
        grid.shunts.p_mw[ShuntIdx{k}] = 0;
    });
}

} // namespace yuanwang::scenario
