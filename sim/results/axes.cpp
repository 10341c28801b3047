#include "results/axes.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "network/network.hpp"

namespace yuanwang::engine {

namespace {

using Entries = std::vector<AxisEntry>;
using Rows = std::unordered_map<std::string, std::uint32_t>;

std::string_view to_text(network::SubstationKind kind) {
    switch (kind) {
    case network::SubstationKind::public_station:
        return "public";
    case network::SubstationKind::user:
        return "user";
    case network::SubstationKind::plant:
        return "plant";
    case network::SubstationKind::boundary:
        return "boundary";
    }
    return "";
}

AxisEntry make_entry(const Elements& list, std::size_t k, std::string_view kind) {
    AxisEntry entry;
    entry.id = list.id[k];
    if (k < list.name.size()) {
        entry.name = list.name[k];
    }
    entry.kind = kind;
    return entry;
}

constexpr std::array<std::string_view, 4> storage_kinds = {"battery", "flywheel", "supercapacitor",
                                                           "pumped_hydro"};

/// Lists the elements of one system, axis by axis.
class Lister {
  public:
    explicit Lister(const System& system) : system_{system}, grid_{system.grid} {}

    [[nodiscard]] Entries list(Axis axis) {
        entries_.clear();
        switch (axis) {
        case Axis::none:
            break;
        case Axis::bus:
            list_buses();
            break;
        case Axis::line:
            list_lines();
            break;
        case Axis::transformer:
            list_transformers();
            break;
        case Axis::shunt:
            list_shunts();
            break;
        case Axis::section:
            list_sections();
            break;
        case Axis::source:
            list_sources();
            break;
        case Axis::load:
            list_loads();
            break;
        case Axis::storage:
            list_storages();
            break;
        case Axis::tie:
            list_ties();
            break;
        case Axis::tenant:
            list_tenants();
            break;
        }
        return std::move(entries_);
    }

  private:
    [[nodiscard]] const std::string& bus_id(BusIdx bus) const { return grid_.buses.id[bus.row()]; }

    /// Zone, place and voltage of an entry from the bus it stands at.
    void place_at(AxisEntry& entry, BusIdx bus) const {
        if (!bus.valid()) {
            return;
        }
        entry.base_kv = grid_.buses.base_kv[bus];
        const SubstationIdx s = grid_.buses.substation[bus];
        if (!s.valid()) {
            return;
        }
        entry.zone = grid_.substations.zone[s.row()];
        entry.in_city = grid_.substations.in_city[s.row()];
        entry.latitude_degree = grid_.substations.latitude_degree[s.row()];
        entry.longitude_degree = grid_.substations.longitude_degree[s.row()];
    }
    /// As `place_at` for an element at several buses: the place only where there is one bus, the
    /// zone where all share it.
    void place_at(AxisEntry& entry, const std::vector<BusIdx>& buses) const {
        if (buses.empty()) {
            return;
        }
        place_at(entry, buses.front());
        if (buses.size() == 1) {
            entry.from = bus_id(buses.front());
            return;
        }
        entry.latitude_degree = 0;
        entry.longitude_degree = 0;
        for (const BusIdx bus : buses) {
            AxisEntry other;
            place_at(other, bus);
            if (other.zone != entry.zone) {
                entry.zone.clear();
            }
        }
    }

    void list_buses() {
        for (const BusIdx i : rows<BusIdx>(grid_.buses.size())) {
            AxisEntry entry = make_entry(grid_.buses, i.row(), "bus");
            place_at(entry, i);
            if (const SubstationIdx s = grid_.buses.substation[i]; s.valid()) {
                entry.substation = grid_.substations.id[s.row()];
                entry.substation_kind = to_text(grid_.substations.kind[s.row()]);
            }
            entries_.push_back(std::move(entry));
        }
    }

    void list_lines() {
        const network::Lines& lines = grid_.lines;
        for (const LineIdx k : rows<LineIdx>(lines.size())) {
            AxisEntry entry = make_entry(lines, k.row(), "line");
            place_between(entry, lines.from[k], lines.to[k]);
            entry.parallel = lines.circuits[k];
            entry.rating = lines.rate_mva[k].value_or(0) * lines.circuits[k];
            entries_.push_back(std::move(entry));
        }
        const network::ImpedanceBranches& branches = grid_.branches;
        for (std::size_t k = 0; k < branches.size(); ++k) {
            AxisEntry entry = make_entry(branches, k, "impedance");
            place_between(entry, branches.from[k], branches.to[k]);
            entry.rating = branches.rate_mva[k].value_or(0);
            entries_.push_back(std::move(entry));
        }
    }
    /// A line lies in the city where either end does.
    void place_between(AxisEntry& entry, BusIdx from, BusIdx to) const {
        AxisEntry far;
        place_at(far, to);
        place_at(entry, from);
        entry.in_city = entry.in_city || far.in_city;
        entry.zone = entry.zone.empty() ? far.zone : entry.zone;
        entry.latitude_degree = 0;
        entry.longitude_degree = 0;
        entry.from = bus_id(from);
        entry.to = bus_id(to);
    }

    void list_transformers() {
        const network::Transformers& two = grid_.transformers;
        for (const TransformerIdx k : rows<TransformerIdx>(two.size())) {
            AxisEntry entry = make_entry(two, k.row(), "2w");
            place_at(entry, two.hv[k]);
            entry.from = bus_id(two.hv[k]);
            entry.to = bus_id(two.lv[k]);
            entry.parallel = two.units[k];
            entry.rating = two.rate_mva[k] * two.units[k];
            entries_.push_back(std::move(entry));
        }
        const network::ThreeWindingTransformers& three = grid_.three_winding_transformers;
        for (std::size_t k = 0; k < three.size(); ++k) {
            AxisEntry entry = make_entry(three, k, "3w");
            place_at(entry, three.hv[k]);
            entry.from = bus_id(three.hv[k]);
            entry.to = bus_id(three.mv[k]);
            entry.parallel = three.units[k];
            entry.rating = three.rate_hv_mva[k] * three.units[k];
            entries_.push_back(std::move(entry));
        }
    }

    void list_shunts() {
        const network::Shunts& shunts = grid_.shunts;
        for (const ShuntIdx k : rows<ShuntIdx>(shunts.size())) {
            AxisEntry entry =
                make_entry(shunts, k.row(), shunts.q_step_mvar[k] < 0 ? "reactor" : "capacitor");
            place_at(entry, shunts.bus[k]);
            entry.from = bus_id(shunts.bus[k]);
            entry.rating = std::abs(shunts.q_step_mvar[k]) * shunts.n_steps[k];
            entry.parallel = shunts.n_steps[k];
            entries_.push_back(std::move(entry));
        }
    }

    void list_sections() {
        const network::Sections& sections = grid_.sections;
        for (const SectionIdx k : rows<SectionIdx>(sections.size())) {
            AxisEntry entry = make_entry(sections, k.row(), "section");
            entry.rating = sections.limit_mw[k];
            entries_.push_back(std::move(entry));
        }
    }

    template <class RatingOf>
    void list_placed(const Placement& fleet, std::string_view kind, RatingOf rating_of) {
        for (std::size_t k = 0; k < fleet.size(); ++k) {
            AxisEntry entry = make_entry(fleet, k, kind);
            place_at(entry, fleet.bus[k]);
            entry.from = bus_id(fleet.bus[k]);
            entry.rating = rating_of(k);
            entries_.push_back(std::move(entry));
        }
    }

    void list_sources() {
        const Sources& s = system_.sources;
        list_placed(s.solar, "solar", [&](std::size_t k) { return s.solar.plants.p_rated_mw[k]; });
        list_placed(s.wind, "wind", [&](std::size_t k) { return s.wind.farms.p_rated_mw[k]; });
        list_placed(s.hydro, "hydro", [&](std::size_t k) {
            return s.hydro.plants.p_rated_mw[k] * s.hydro.plants.city_share[k];
        });
        list_placed(s.thermal, "thermal", [&](std::size_t k) {
            return s.thermal.plants.p_rated_mw[k] * s.thermal.plants.units[k];
        });
        list_placed(s.waste_to_energy, "waste", [&](std::size_t k) {
            const models::WastePlants& plants = s.waste_to_energy.plants;
            return plants.design_t_per_day[k] * plants.kwh_per_t[k] / 24.0 / 1000.0;
        });
        list_placed(s.generators, "generator", [&](std::size_t k) {
            const double p_max_mw = s.generators.p_max_mw[k];
            return p_max_mw > 0 ? p_max_mw
                                : std::abs(s.generators.p_min_mw[k]); // a unit that draws
        });
        list_placed(s.hvdc, "hvdc", [&](std::size_t k) { return std::abs(s.hvdc.p_mw[k]); });
    }

    template <class KindOf>
    void list_load(const LoadPlacement& fleet, KindOf kind_of) {
        for (std::size_t k = 0; k < fleet.size(); ++k) {
            AxisEntry entry = make_entry(fleet, k, kind_of(k));
            place_at(entry, fleet.buses[k]);
            entries_.push_back(std::move(entry));
        }
    }

    void list_loads() {
        const Loads& l = system_.loads;
        const auto always = [](std::string_view kind) {
            return [kind](std::size_t) { return kind; };
        };
        list_load(l.statics, always("static"));
        list_load(l.profiled,
                  [&](std::size_t k) -> std::string_view { return l.profiled.loads.category[k]; });
        list_load(l.heating, always("heating"));
        list_load(l.potlines, always("potline"));
        list_load(l.data_centers, always("data_center"));
        list_load(l.street_lamps, always("street_lamp"));
        list_load(l.sewage, always("sewage"));
        list_load(l.works,
                  [&](std::size_t k) -> std::string_view { return l.works.works.category[k]; });
        list_load(l.storage_auxiliaries, always("storage_auxiliary"));
    }

    void list_storages() {
        const BatteryFleet& fleet = system_.batteries;
        for (std::size_t k = 0; k < fleet.size(); ++k) {
            const auto kind =
                static_cast<std::size_t>(fleet.kind.empty() ? StorageKind::battery : fleet.kind[k]);
            AxisEntry entry = make_entry(fleet, k, storage_kinds[kind]);
            place_at(entry, fleet.bus[k]);
            entry.from = bus_id(fleet.bus[k]);
            entry.rating = fleet.batteries.e_max_mwh[k];
            entries_.push_back(std::move(entry));
        }
    }

    void list_tenants() {
        const StorageTenants& tenants = system_.tenants;
        const BatteryFleet& fleet = system_.batteries;
        for (std::size_t k = 0; k < tenants.size(); ++k) {
            AxisEntry entry = make_entry(tenants, k, tenants.storage[k]);
            const auto it = std::ranges::find(fleet.id, tenants.storage[k]);
            if (it != fleet.id.end()) {
                const auto row = static_cast<std::size_t>(it - fleet.id.begin());
                place_at(entry, fleet.bus[row]);
                entry.from = bus_id(fleet.bus[row]);
                entry.rating = tenants.energy_share[k] * fleet.batteries.e_max_mwh[row];
            }
            entries_.push_back(std::move(entry));
        }
    }

    void list_ties() {
        const ExternalFleet& fleet = system_.sources.external_grids;
        for (std::size_t k = 0; k < fleet.size(); ++k) {
            AxisEntry entry = make_entry(fleet, k, "external_grid");
            place_at(entry, fleet.buses[k]);
            entry.rating = fleet.grids.p_import_max_mw[k];
            entries_.push_back(std::move(entry));
        }
    }

    const System& system_;
    const network::Grid& grid_;
    Entries entries_;
};

std::string key_of(const AxisEntry& entry) {
    return entry.kind + '\n' + entry.id;
}

/// Adds the entries of one more epoch.
void merge(Entries& into, Rows& row_of, Entries from) {
    for (AxisEntry& entry : from) {
        const auto [it, is_new] =
            row_of.try_emplace(key_of(entry), static_cast<std::uint32_t>(into.size()));
        if (is_new) {
            into.push_back(std::move(entry));
        } else {
            AxisEntry& known = into[it->second];
            known.rating = std::max(known.rating, entry.rating);
            known.parallel = std::max(known.parallel, entry.parallel);
        }
    }
}

Rows index_entries(const Entries& entries) {
    Rows row_of;
    for (std::size_t k = 0; k < entries.size(); ++k) {
        row_of.emplace(key_of(entries[k]), static_cast<std::uint32_t>(k));
    }
    return row_of;
}

/// Ratings of lines that are rated by their conductor, from the electrical model.
void rate_lines(const System& system, std::vector<AxisEntry>& lines) {
    const network::Network grid = network::make_network(system.grid);
    const Rows row_of = index_entries(lines);
    std::unordered_map<std::uint32_t, double> rating_mva;
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        if (grid.branches.kind[k] == network::BranchKind::line) {
            const auto element = static_cast<std::size_t>(grid.branches.element[k]);
            const auto it = row_of.find("line\n" + system.grid.lines.id[element]);
            rating_mva[it->second] += grid.branches.rate_mva[k];
        }
    }
    for (const auto& [row, rate_mva] : rating_mva) {
        lines[row].rating = std::max(lines[row].rating, rate_mva);
    }
}

} // namespace

ResultAxes make_axes(const Study& study) {
    ResultAxes axes;
    axes.time = study.time;
    for (std::size_t a = 1; a < n_axis; ++a) {
        Rows row_of;
        for (const Epoch& epoch : study.epochs) {
            merge(axes.entries[a], row_of, Lister{epoch.system}.list(static_cast<Axis>(a)));
        }
    }
    for (const Epoch& epoch : study.epochs) {
        rate_lines(epoch.system, axes.of(Axis::line));
    }
    return axes;
}

AxisMap map_axes(const ResultAxes& axes, const System& system) {
    AxisMap map;
    Lister lister{system};
    for (std::size_t a = 1; a < n_axis; ++a) {
        const Rows row_of = index_entries(axes.entries[a]);
        for (const AxisEntry& entry : lister.list(static_cast<Axis>(a))) {
            const auto it = row_of.find(key_of(entry));
            assert(it != row_of.end());
            map.rows[a].push_back(it->second);
        }
    }
    return map;
}

} // namespace yuanwang::engine
