/// @file
/// When the grid changes within a run: projects that come into service, elements taken out for maintenance.
///
/// Every such date is 00:00 Beijing time. Projects in force at the start are merged from the start; the grid between two
/// dates is one epoch, composed from the base by merging the changes of the projects in force, in order of their
/// dates (then of the list).
#pragma once

#include <string>
#include <vector>

#include "core/time_axis.hpp"
#include "scenario/node.hpp"
#include "study/study.hpp"

namespace yuanwang::scenario {

/// A stretch of steps with one set of projects.
struct EpochPlan {
    StepRange steps;
    std::vector<std::size_t> projects; ///< rows of those in force, in the order they merge
};

/// Epochs of a run. `maintenance` holds the dates at which an element goes out or comes back.
[[nodiscard]] std::vector<EpochPlan>
plan_epochs(const TimeAxis& time, const std::vector<engine::Project>& projects,
            const std::vector<std::chrono::year_month_day>& maintenance);

/// Dates of `maintenance` in the base and in the changes of projects.
[[nodiscard]] std::vector<std::chrono::year_month_day> list_maintenance_dates(const Node& tree);

/// The tree of one epoch: the base with the changes of `projects` (rows of `projects` in the tree) merged over it.
[[nodiscard]] Node compose_epoch(const Node& base, const std::vector<std::size_t>& projects,
                                 std::vector<Fault>& faults);

/// Opens what is in maintenance at an instant.
void open_for_maintenance(network::Grid& grid, std::chrono::sys_seconds instant);

} // namespace yuanwang::scenario
