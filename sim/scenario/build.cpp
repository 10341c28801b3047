#include "scenario/build.hpp"

#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "scenario/connectivity.hpp"
#include "scenario/draft.hpp"
#include "scenario/epochs.hpp"
#include "scenario/expand.hpp"
#include "scenario/reader.hpp"
#include "scenario/schema/parts.hpp"
#include "scenario/schema/schema.hpp"
#include "scenario/streams.hpp"

namespace yuanwang::scenario {

namespace {

const IdIndex no_ids;

/// The clock and the projects, which say what the epochs are; faults are left to the whole reading.
Draft read_frame(const Node& tree) {
    Draft draft;
    std::vector<Fault> ignored;
    Reader reader{draft, no_ids, no_ids, false, ignored};
    reader.read_record(scenario_type(), tree, &draft);
    return draft;
}

/// Changes of every project, in force or not: keys, types and ranges.
void check_changes(const Node& tree, std::vector<Fault>& faults) {
    const Node* projects = tree.find("projects");
    if (!projects || !projects->is_list()) {
        return;
    }
    for (const Node& project : projects->items) {
        const Node* changes = project.is_map() ? project.find("changes") : nullptr;
        if (changes && !changes->is_null()) {
            Draft draft;
            Reader reader{draft,  no_ids,
                          no_ids, false,
                          faults, {"projects", fmt::format("[{}]", project.id()), "changes"}};
            reader.read_record(changes_type(), *changes, &draft);
        }
    }
}

std::vector<std::string> name_projects(const std::vector<engine::Project>& projects,
                                       const std::vector<std::size_t>& rows) {
    std::vector<std::string> ids;
    for (const std::size_t row : rows) {
        ids.push_back(projects[row].id);
    }
    return ids;
}

} // namespace

engine::Study build_study(const Node& tree, std::vector<Fault>& faults) {
    const Draft frame = read_frame(tree);
    const TimeAxis& time = frame.study.time;
    const std::vector<engine::Project>& projects = frame.study.projects;
    const std::vector<EpochPlan> plans = plan_epochs(time, projects, list_maintenance_dates(tree));
    check_changes(tree, faults);

    std::vector<Node> trees;
    IdIndex anywhere;
    for (const EpochPlan& plan : plans) {
        trees.push_back(compose_epoch(tree, plan.projects, faults));
        make_substation_buses(trees.back());
        anywhere.add(trees.back());
    }

    engine::Study study;
    std::set<std::string> reported_islands;
    std::vector<Fault> islands;
    for (std::size_t k = 0; k < plans.size(); ++k) {
        Draft draft;
        const IdIndex ids{trees[k]};
        Reader reader{draft, ids, anywhere, true, faults};
        reader.read_record(scenario_type(), trees[k], &draft);
        name_streams(draft.system);
        check_joint_ids(trees[k], faults);
        if (faults.empty()) {
            const std::string since =
                k == 0 ? "" : to_beijing_text(time.at(plans[k].steps.first)).substr(0, 10);
            open_for_maintenance(draft.system.grid, time.at(plans[k].steps.first));
            check_islands(draft.system, trees[k], since, reported_islands, islands);
        }
        if (k == 0) {
            study = std::move(draft.study);
        }
        study.epochs.push_back(
            {plans[k].steps, std::move(draft.system), name_projects(projects, plans[k].projects)});
    }
    faults.insert(faults.end(), islands.begin(), islands.end());
    return study;
}

} // namespace yuanwang::scenario
