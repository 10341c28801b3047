#include "engine/epoch/n1_outages.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace yuanwang::engine {

namespace {

using network::BranchKind;
using powerflow::batch::Outage;

/// What one mention of an element takes.
struct Part {
    std::vector<BranchIdx> branches;
    UnitIdx unit;
};

class OutageLister {
  public:
    OutageLister(const Study& study, const EpochModel& model, const OutageNames& names)
        : study_{study}, m_{model}, names_{names} {
        list_parts();
        list_loads();
    }

    N1Outages list() {
        const N1Settings& settings = study_.n_1;
        if (settings.branches) {
            add_branches(Axis::line, m_.line_branches, OutageKind::branch);
        }
        if (settings.transformers) {
            add_branches(Axis::transformer, m_.transformer_branches, OutageKind::transformer);
        }
        if (settings.generators) {
            add_generators();
        }
        if (settings.busbars) {
            add_busbars();
        }
        for (std::size_t k = 0; k < settings.pairs.size(); ++k) {
            add_pair(settings.pairs[k], names_.pair_row(k));
        }
        return std::move(out_);
    }

  private:
    /// Circuits and units of an element: branches with the same circuit number go together.
    std::vector<Part> split_circuits(const std::vector<BranchIdx>& branches) const {
        std::vector<Part> parts;
        std::vector<int> circuits;
        for (const BranchIdx k : branches) {
            if (!m_.grid.branches.in_service[k]) {
                continue;
            }
            const int circuit = m_.grid.branches.circuit[k];
            const auto at = std::ranges::find(circuits, circuit);
            if (at == circuits.end()) {
                circuits.push_back(circuit);
                parts.push_back({.branches = {k}, .unit = {}});
            } else {
                parts[static_cast<std::size_t>(at - circuits.begin())].branches.push_back(k);
            }
        }
        return parts;
    }

    void list_parts() {
        const network::Grid& grid = m_.system->grid;
        const auto add = [&](const Elements& list, const std::vector<std::vector<BranchIdx>>& of,
                             std::size_t first) {
            for (std::size_t k = 0; k < list.size(); ++k) {
                parts_[list.id[k]] = split_circuits(of[first + k]);
                for (const BranchIdx b : of[first + k]) {
                    element_of_branch_[b.value] = list.id[k];
                }
            }
        };
        add(grid.lines, m_.line_branches, 0);
        add(grid.branches, m_.line_branches, grid.lines.size());
        add(grid.transformers, m_.transformer_branches, 0);
        add(grid.three_winding_transformers, m_.transformer_branches, grid.transformers.size());
        const powerflow::Units& units = m_.units.units;
        for (std::size_t u = 0; u < m_.units.first_tie; ++u) {
            parts_[units.id[UnitIdx{u}]] = {Part{.branches = {}, .unit = UnitIdx{u}}};
        }
    }

    void list_loads() {
        std::size_t first = 0;
        visit_loads(m_.system->loads, [&](const LoadPlacement& family) {
            for (std::size_t k = 0; k < family.size(); ++k) {
                load_of_id_[family.id[k]] = first + k;
            }
            first += family.size();
        });
    }

    void add(Outage outage, std::uint32_t name, OutageKind kind) {
        act(outage);
        out_.outage.push_back(std::move(outage));
        out_.name.push_back(name);
        out_.kind.push_back(kind);
    }

    void add_branches(Axis axis, const std::vector<std::vector<BranchIdx>>& branches,
                      OutageKind kind) {
        for (std::size_t k = 0; k < branches.size(); ++k) {
            for (Part& part : split_circuits(branches[k])) {
                add({.branches = std::move(part.branches)}, names_.row(axis, m_.axes.of(axis)[k]),
                    kind);
            }
        }
    }

    void add_generators() {
        const UnitTable& table = m_.units;
        for (std::size_t u = 0; u < table.first_tie; ++u) {
            if (table.machines[u] <= 0) {
                continue;
            }
            const bool battery = u >= table.first_battery;
            const Axis axis = battery ? Axis::storage : Axis::source;
            const std::size_t row = battery ? u - table.first_battery : u;
            add({.machines = {UnitIdx{u}}}, names_.row(axis, m_.axes.of(axis)[row]),
                OutageKind::generator);
        }
    }

    void add_busbars() {
        const network::Network& grid = m_.grid;
        for (const BusIdx i : rows<BusIdx>(grid.n_written_bus)) {
            Outage outage{.load_buses = {i}};
            for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
                if (grid.branches.in_service[k] &&
                    (grid.branches.from[k] == i || grid.branches.to[k] == i)) {
                    take_with_windings(k, outage.branches);
                }
            }
            const powerflow::Units& units = m_.units.units;
            for (const UnitIdx u : rows<UnitIdx>(units.size())) {
                if (units.bus[u] == i) {
                    outage.units.push_back(u);
                }
            }
            add(std::move(outage), names_.row(Axis::bus, m_.axes.of(Axis::bus)[i.row()]),
                OutageKind::busbar);
        }
    }

    /// A branch with the other windings of its unit: a transformer trips as a whole.
    void take_with_windings(BranchIdx branch, std::vector<BranchIdx>& to) const {
        for (const Part& part : parts_.at(element_of_branch_.at(branch.value))) {
            if (std::ranges::find(part.branches, branch) == part.branches.end()) {
                continue;
            }
            for (const BranchIdx k : part.branches) {
                if (std::ranges::find(to, k) == to.end()) {
                    to.push_back(k);
                }
            }
        }
    }

    /// Every mention takes the next circuit that is left; elements of other epochs take nothing.
    void add_pair(const N1Pair& pair, std::uint32_t name) {
        Outage outage;
        std::unordered_map<std::string_view, std::size_t> taken;
        for (const std::string& id : pair.elements) {
            const auto it = parts_.find(id);
            const std::size_t mention = taken[id]++;
            if (it == parts_.end() || mention >= it->second.size()) {
                continue;
            }
            const Part& part = it->second[mention];
            outage.branches.insert(outage.branches.end(), part.branches.begin(),
                                   part.branches.end());
            if (part.unit.valid()) {
                outage.units.push_back(part.unit);
            }
        }
        if (!outage.branches.empty() || !outage.units.empty()) {
            add(std::move(outage), name, OutageKind::pair);
        }
    }

    /// Remedial actions that this outage sets off.
    void act(Outage& outage) {
        std::set<std::string_view> lost;
        for (const BranchIdx k : outage.branches) {
            lost.insert(element_of_branch_.at(k.value));
        }
        for (const std::vector<UnitIdx>* units : {&outage.units, &outage.machines}) {
            for (const UnitIdx u : *units) {
                lost.insert(m_.units.units.id[u]);
            }
        }
        const network::RemedialActions& actions = m_.system->grid.remedial_actions;
        for (std::size_t a = 0; a < actions.size(); ++a) {
            if (!lost.contains(actions.outage[a])) {
                continue;
            }
            for (const std::string& id : actions.shed[a]) {
                trip(id, outage);
            }
        }
    }

    void trip(const std::string& id, Outage& outage) {
        if (const auto part = parts_.find(id); part != parts_.end()) {
            const UnitIdx u = part->second.front().unit;
            if (u.valid() && std::ranges::find(outage.units, u) == outage.units.end()) {
                outage.units.push_back(u);
            }
            return;
        }
        const auto load = load_of_id_.find(id);
        if (load == load_of_id_.end()) {
            return;
        }
        for (std::size_t e = 0; e < m_.load_buses.entries.size(); ++e) {
            if (m_.load_buses.entries[e].load == load->second) {
                shed(e, outage);
            }
        }
    }

    void shed(std::size_t entry, Outage& outage) {
        const auto at = std::ranges::find(out_.shed_entry, entry);
        const auto row = static_cast<std::size_t>(at - out_.shed_entry.begin());
        if (at == out_.shed_entry.end()) {
            out_.shed_entry.push_back(entry);
        }
        const BusIdx bus = m_.load_buses.entries[entry].bus;
        const bool there =
            std::ranges::any_of(outage.shed, [&](const Outage::Shed& s) { return s.row == row; });
        if (!there) {
            outage.shed.push_back({.bus = bus, .row = row});
        }
    }

    const Study& study_;
    const EpochModel& m_;
    const OutageNames& names_;
    std::unordered_map<std::string_view, std::vector<Part>> parts_; ///< by element
    std::unordered_map<std::int32_t, std::string_view> element_of_branch_;
    std::unordered_map<std::string_view, std::size_t> load_of_id_;
    N1Outages out_;
};

} // namespace

N1Outages list_outages(const Study& study, const EpochModel& model, const OutageNames& names) {
    return OutageLister{study, model, names}.list();
}

void fill_shed_loads(const N1Outages& outages, const EpochModel& model, const BlockData& data,
                     powerflow::batch::OutageColumns& columns) {
    const std::size_t n_step = data.injections.n_step();
    columns.shed_p_mw.reshape(outages.shed_entry.size(), n_step);
    columns.shed_q_mvar.reshape(outages.shed_entry.size(), n_step);
    for (std::size_t row = 0; row < outages.shed_entry.size(); ++row) {
        const LoadBuses::Entry& entry = model.load_buses.entries[outages.shed_entry[row]];
        for (std::size_t t = 0; t < n_step; ++t) {
            double p_mw = 0; // asked for at this bus
            double q_mvar = 0;
            for (const LoadBuses::Entry& other : model.load_buses.entries) {
                if (other.bus == entry.bus) {
                    p_mw += other.share * data.demand.p_mw(other.load, t);
                    q_mvar += other.share * data.demand.q_mvar(other.load, t);
                }
            }
            const double p_share =
                p_mw != 0 ? entry.share * data.demand.p_mw(entry.load, t) / p_mw : 0;
            const double q_share =
                q_mvar != 0 ? entry.share * data.demand.q_mvar(entry.load, t) / q_mvar : 0;
            columns.shed_p_mw(row, t) = p_share * data.injections.load_p_mw(entry.bus, t);
            columns.shed_q_mvar(row, t) = q_share * data.injections.load_q_mvar(entry.bus, t);
        }
    }
}

} // namespace yuanwang::engine
