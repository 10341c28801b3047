#include "engine/epoch/epoch_model.hpp"

#include <string_view>
#include <unordered_map>
#include <utility>

namespace yuanwang::engine {

namespace {

using network::BranchKind;
using BranchLists = std::vector<std::vector<BranchIdx>>;

BranchLists list_line_branches(const System& system, const network::Network& grid) {
    const std::size_t n_line = system.grid.lines.size();
    BranchLists lists(n_line + system.grid.branches.size());
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const auto element = static_cast<std::size_t>(grid.branches.element[k]);
        if (grid.branches.kind[k] == BranchKind::line) {
            lists[element].push_back(k);
        } else if (grid.branches.kind[k] == BranchKind::impedance) {
            lists[n_line + element].push_back(k);
        }
    }
    return lists;
}

BranchLists list_transformer_branches(const System& system, const network::Network& grid) {
    const std::size_t n_two = system.grid.transformers.size();
    BranchLists lists(n_two + system.grid.three_winding_transformers.size());
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const auto element = static_cast<std::size_t>(grid.branches.element[k]);
        switch (grid.branches.kind[k]) {
        case BranchKind::line:
        case BranchKind::impedance:
            break;
        case BranchKind::transformer:
            lists[element].push_back(k);
            break;
        case BranchKind::winding_hv:
        case BranchKind::winding_mv:
        case BranchKind::winding_lv:
            lists[n_two + element].push_back(k);
            break;
        }
    }
    return lists;
}

/// Branches whose from flow is the flow of an element, by the element's id.
std::unordered_map<std::string_view, std::vector<BranchIdx>>
list_flow_branches(const System& system, const EpochModel& model) {
    std::unordered_map<std::string_view, std::vector<BranchIdx>> by_id;
    const auto add = [&](const Elements& list, const BranchLists& branches, std::size_t first) {
        for (std::size_t k = 0; k < list.size(); ++k) {
            for (const BranchIdx b : branches[first + k]) {
                const BranchKind kind = model.grid.branches.kind[b];
                if (kind != BranchKind::winding_mv && kind != BranchKind::winding_lv) {
                    by_id[list.id[k]].push_back(b);
                }
            }
        }
    };
    const network::Grid& grid = system.grid;
    add(grid.lines, model.line_branches, 0);
    add(grid.branches, model.line_branches, grid.lines.size());
    add(grid.transformers, model.transformer_branches, 0);
    add(grid.three_winding_transformers, model.transformer_branches, grid.transformers.size());
    return by_id;
}

void list_section_branches(const System& system, EpochModel& model) {
    const auto by_id = list_flow_branches(system, model);
    const network::Sections& sections = system.grid.sections;
    model.section_branches.resize(sections.size());
    for (const SectionIdx k : rows<SectionIdx>(sections.size())) {
        for (std::size_t m = 0; m < sections.branch[k].size(); ++m) {
            const auto it = by_id.find(sections.branch[k][m]);
            if (it == by_id.end()) {
                continue;
            }
            for (const BranchIdx b : it->second) {
                model.section_branches[k.row()].push_back(
                    {b, static_cast<double>(sections.sign[k][m])});
            }
        }
    }
}

} // namespace

bool is_hv_side(BranchKind kind) {
    return kind == BranchKind::transformer || kind == BranchKind::winding_hv;
}

EpochModel make_epoch_model(const Study& study, const Epoch& epoch, const ResultAxes& axes,
                            int n_thread) {
    const System& system = epoch.system;
    network::Network grid = network::make_network(system.grid);
    DispatchTable dispatch = make_dispatch_table(system, grid, study.economics, study.time.dt_h());
    UnitTable units = make_unit_table(system, dispatch.island_of_bus);
    powerflow::Options options = study.powerflow;
    options.chronological = study.dispatch.method != DispatchMethod::none;
    powerflow::batch::BlockSolver solver{grid, units.units, options, n_thread};
    EpochModel model{.system = &system,
                     .grid = std::move(grid),
                     .axes = map_axes(axes, system),
                     .dispatch = std::move(dispatch),
                     .units = std::move(units),
                     .load_buses = list_load_buses(system.loads),
                     .solver = std::move(solver)};
    model.line_branches = list_line_branches(system, model.grid);
    model.transformer_branches = list_transformer_branches(system, model.grid);
    list_section_branches(system, model);
    return model;
}

} // namespace yuanwang::engine
