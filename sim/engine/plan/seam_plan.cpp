#include "engine/plan/seam_plan.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "dispatch/rules/rules.hpp"

namespace yuanwang::engine {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t unknown = static_cast<std::size_t>(-1);

void append(std::vector<std::string>& names, const Elements& list) {
    names.insert(names.end(), list.id.begin(), list.id.end());
}

/// Ids of the loads behind moved load, and accounts by the loads in them.
void name_flexibles(const EpochModel& model, dispatch::RowNames& names) {
    std::vector<std::string> loads;
    visit_loads(model.system->loads, [&](const LoadPlacement& list) { append(loads, list); });
    const FlexibleRows& rows = model.dispatch.flexible;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        names.flexibles.push_back(loads[rows.load[r]] + "#" +
                                  std::to_string(static_cast<int>(rows.kind[r])));
    }
    std::map<std::string, int> met; // a potline has two accounts
    for (const std::vector<std::size_t>& members : model.dispatch.rows.accounts.rows) {
        std::string name;
        for (const std::size_t row : members) {
            name += names.flexibles[row] + "+";
        }
        name += std::to_string(met[name]++);
        names.accounts.push_back(name);
    }
}

/// A group is the same where the same ties stand in it with the same shares.
void name_groups(const EpochModel& model, dispatch::RowNames& names) {
    const dispatch::TieGroups& groups = model.dispatch.rows.groups;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        std::string name = model.dispatch.group_id[g];
        for (std::size_t m = 0; m < groups.ties[g].size(); ++m) {
            name += "|" + names.ties[groups.ties[g][m]] + std::to_string(groups.share[g][m]);
        }
        names.groups.push_back(std::move(name));
    }
}

/// Islands by the buses they have in common with those of the first epoch; none where one has parted or two have joined.
std::optional<std::vector<std::string>>
name_islands(const EpochModel& model, const std::map<std::string_view, std::size_t>& first) {
    const std::size_t n_island = model.dispatch.rows.n_island;
    std::vector<std::size_t> same(n_island, unknown);
    const std::vector<std::string>& buses = model.system->grid.buses.id;
    for (std::size_t i = 0; i < buses.size(); ++i) {
        const auto found = first.find(buses[i]);
        if (found == first.end()) {
            continue;
        }
        std::size_t& island = same[model.dispatch.island_of_bus[i]];
        if (island != unknown && island != found->second) {
            return std::nullopt;
        }
        island = found->second;
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < n_island; ++i) {
        names.push_back(same[i] == unknown ? "new_" + std::to_string(i) : std::to_string(same[i]));
        if (std::count(names.begin(), names.end(), names.back()) > 1) {
            return std::nullopt;
        }
    }
    return names;
}

dispatch::RowNames name_rows_of(const EpochModel& model) {
    const Sources& s = model.system->sources;
    dispatch::RowNames names;
    append(names.must_run, s.waste_to_energy);
    append(names.must_run, s.hvdc);
    append(names.variables, s.solar);
    append(names.variables, s.wind);
    append(names.hydros, s.hydro);
    append(names.thermals, s.thermal);
    append(names.thermals, s.generators);
    append(names.ties, s.external_grids);
    append(names.storages, model.system->batteries);
    name_groups(model, names);
    name_flexibles(model, names);
    return names;
}

} // namespace

std::optional<std::vector<dispatch::RowNames>>
name_rows(std::span<const EpochModel* const> models) {
    std::map<std::string_view, std::size_t> first;
    const std::vector<std::string>& buses = models.front()->system->grid.buses.id;
    for (std::size_t i = 0; i < buses.size(); ++i) {
        first[buses[i]] = models.front()->dispatch.island_of_bus[i];
    }
    std::vector<dispatch::RowNames> names;
    for (const EpochModel* model : models) {
        names.push_back(name_rows_of(*model));
        auto islands = name_islands(*model, first);
        if (!islands ||
            model->system->loads.managed.id != models.front()->system->loads.managed.id) {
            return std::nullopt;
        }
        names.back().islands = std::move(*islands);
    }
    return names;
}

namespace {

std::vector<const dispatch::Table*> list_tables(std::span<const SeamEpoch> epochs) {
    std::vector<const dispatch::Table*> tables;
    for (const SeamEpoch& epoch : epochs) {
        tables.push_back(epoch.table);
    }
    return tables;
}

std::vector<const dispatch::Table*> list_tables(const dispatch::JointTable& joint, std::size_t n) {
    std::vector<const dispatch::Table*> tables;
    for (std::size_t e = 0; e < n; ++e) {
        tables.push_back(&joint.table(e));
    }
    return tables;
}

} // namespace

SeamPlan::SeamPlan(std::span<const SeamEpoch> epochs, std::span<const dispatch::RowNames> names,
                   const dispatch::PlanSettings& settings)
    : dt_h_{settings.dt_h}, own_{*epochs.front().table}, joint_{list_tables(epochs), names},
      planner_{list_tables(joint_, epochs.size()), join_limits(epochs), settings} {}

/// Limits of all epochs below each other, in the joint places.
dispatch::NetworkLimits SeamPlan::join_limits(std::span<const SeamEpoch> epochs) {
    dispatch::NetworkLimits joint;
    const std::size_t n_place = dispatch::number_places(joint_.table(0)).count;
    first_row_ = {0};
    for (std::size_t e = 0; e < epochs.size(); ++e) {
        const std::size_t first = first_row_.back();
        if (epochs[e].rows != nullptr) {
            const dispatch::NetworkLimits& own = epochs[e].rows->limits();
            const std::vector<std::size_t>& places = joint_.places(e);
            joint.limit_mw.insert(joint.limit_mw.end(), own.limit_mw.begin(), own.limit_mw.end());
            joint.emergency_mw.insert(joint.emergency_mw.end(), own.emergency_mw.begin(),
                                      own.emergency_mw.end());
            joint.is_section.insert(joint.is_section.end(), own.is_section.begin(),
                                    own.is_section.end());
            joint.factors.resize(joint.limit_mw.size() * n_place, 0.0);
            for (std::size_t k = 0; k < own.size(); ++k) {
                for (std::size_t p = 0; p < places.size(); ++p) {
                    joint.factors[(first + k) * n_place + places[p]] =
                        own.factors[k * places.size() + p];
                }
            }
            joint.outages.resize(joint.limit_mw.size());
            for (std::size_t k = 0; k < own.outages.size(); ++k) {
                for (const auto& outage : own.outages[k]) {
                    joint.outages[first + k].push_back({first + outage.branch, outage.factor});
                }
            }
        }
        first_row_.push_back(joint.limit_mw.size());
    }
    return joint;
}

void SeamPlan::join_networks(std::span<const SeamBlock> blocks,
                             std::span<const dispatch::NetworkBlock* const> networks) {
    std::size_t n_step = 0;
    for (const SeamBlock& block : blocks) {
        n_step += block.input->n_step;
    }
    network_ = {};
    if (first_row_.back() == 0) {
        return;
    }
    const std::size_t n_place = dispatch::number_places(joint_.table(0)).count;
    network_.loss_factor.reshape(n_place, n_step);
    network_.loss_offset_mw.reshape(joint_.table(0).n_island, n_step);
    network_.base_flow_mw.reshape(first_row_.back(), n_step);
    network_.limit_mw.reshape(first_row_.back(), n_step, infinity);
    network_.emergency_mw.reshape(first_row_.back(), n_step, infinity);
    std::vector<std::size_t> taken(networks.size(), 0); // steps of each epoch so far
    std::size_t at = 0;
    for (const SeamBlock& block : blocks) {
        const dispatch::NetworkBlock& own = *networks[block.epoch];
        for (std::size_t t = 0; t < block.input->n_step; ++t, ++at) {
            const std::size_t from = taken[block.epoch]++;
            for (std::size_t k = 0; k < own.base_flow_mw.n_element(); ++k) {
                const std::size_t row = first_row_[block.epoch] + k;
                network_.base_flow_mw(row, at) = own.base_flow_mw(k, from);
                network_.limit_mw(row, at) = own.limit_mw(k, from);
                network_.emergency_mw(row, at) = own.emergency_mw(k, from);
            }
            join_losses(block.epoch, own, from, at);
        }
    }
}

/// Marginal losses of a step of an epoch in the joint places; where it has none yet, losses are as given.
void SeamPlan::join_losses(std::size_t epoch, const dispatch::NetworkBlock& own, std::size_t from,
                           std::size_t at) {
    if (own.loss_factor.empty()) {
        return;
    }
    const std::vector<std::size_t>& places = joint_.places(epoch);
    for (std::size_t p = 0; p < places.size(); ++p) {
        network_.loss_factor(places[p], at) = own.loss_factor(p, from);
    }
    const std::size_t first_island = dispatch::number_places(joint_.table(0)).island;
    const std::size_t own_island = places.size() - own.loss_offset_mw.n_element();
    for (std::size_t i = 0; i < own.loss_offset_mw.n_element(); ++i) {
        network_.loss_offset_mw(places[own_island + i] - first_island, at) =
            own.loss_offset_mw(i, from);
    }
}

void SeamPlan::plan(std::span<const SeamBlock> blocks,
                    std::span<const dispatch::NetworkBlock* const> networks, dispatch::State& state,
                    dispatch::Schedule& schedule, dispatch::PlanOutcome& outcome) {
    inputs_.clear();
    std::size_t n_before = 0;
    for (const SeamBlock& block : blocks) {
        inputs_.push_back(joint_.join(block.epoch, *block.input));
        n_before += block.epoch == 0 ? block.input->n_step : 0;
    }
    std::vector<dispatch::PlanBlock> planned;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        planned.push_back({&joint_.table(blocks[b].epoch), &inputs_[b]});
    }
    join_networks(blocks, networks);
    dispatch::State joint = joint_.join(state, n_before, dt_h_);
    planner_.plan(planned, network_, joint, schedule_, outcome);
    if (outcome.fell_back) { // rules know but their own rows
        dispatch::dispatch_block(own_, *blocks.front().input, state, schedule);
        outcome.loss_mw = blocks.front().input->loss_mw;
        return;
    }
    joint_.part(joint, state);
    joint_.part(schedule_, schedule);
    joint_.part(outcome);
}

void SeamPlan::take_limits_away(dispatch::Schedule& schedule, dispatch::PlanOutcome& outcome) {
    planner_.take_limits_away(joint_.table(0), inputs_.front(), schedule_, outcome);
    if (!outcome.fell_back) {
        schedule.ledger = schedule_.ledger;
    }
}

} // namespace yuanwang::engine
