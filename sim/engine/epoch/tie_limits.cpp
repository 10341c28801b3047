#include "engine/epoch/tie_limits.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace yuanwang::engine {

namespace {

struct Ends {
    BusIdx from;
    BusIdx to;
};

/// Ends of every closed line, impedance branch and two-winding transformer by id.
std::map<std::string_view, Ends> list_ends(const network::Grid& grid) {
    std::map<std::string_view, Ends> ends;
    for (const LineIdx k : rows<LineIdx>(grid.lines.size())) {
        if (grid.lines.closed[k]) {
            ends[grid.lines.id[k.row()]] = {grid.lines.from[k], grid.lines.to[k]};
        }
    }
    for (std::size_t k = 0; k < grid.branches.size(); ++k) {
        if (grid.branches.closed[k]) {
            ends[grid.branches.id[k]] = {grid.branches.from[k], grid.branches.to[k]};
        }
    }
    for (const TransformerIdx k : rows<TransformerIdx>(grid.transformers.size())) {
        if (grid.transformers.closed[k]) {
            ends[grid.transformers.id[k.row()]] = {grid.transformers.hv[k],
                                                   grid.transformers.lv[k]};
        }
    }
    return ends;
}

/// The boundary buses a section closes off, and whether its positive direction is into the city.
struct ClosedOff {
    std::set<BusIdx> buses;
    bool positive_is_import = true;
};

std::optional<ClosedOff> find_closed_off(const network::Sections& sections, SectionIdx section,
                                         const std::map<std::string_view, Ends>& ends,
                                         const std::set<BusIdx>& boundary) {
    ClosedOff found;
    std::set<std::string_view> members;
    std::optional<bool> positive_is_import;
    for (std::size_t m = 0; m < sections.branch[section].size(); ++m) {
        const auto it = ends.find(sections.branch[section][m]);
        if (it == ends.end()) {
            continue; // out of service
        }
        const bool from_outside = boundary.contains(it->second.from);
        const bool to_outside = boundary.contains(it->second.to);
        if (from_outside == to_outside) {
            return std::nullopt;
        }
        const bool import = from_outside == (sections.sign[section][m] > 0);
        if (positive_is_import.value_or(import) != import) {
            return std::nullopt;
        }
        positive_is_import = import;
        members.insert(it->first);
        found.buses.insert(from_outside ? it->second.from : it->second.to);
    }
    for (const auto& [id, end] : ends) {
        const bool touches = found.buses.contains(end.from) || found.buses.contains(end.to);
        if (touches && !members.contains(id)) {
            return std::nullopt; // there is another way out
        }
    }
    if (found.buses.empty()) {
        return std::nullopt;
    }
    found.positive_is_import = *positive_is_import;
    return found;
}

} // namespace

void add_tie_groups(const System& system, dispatch::TieGroups& groups,
                    std::vector<std::string>& group_id) {
    const network::Sections& sections = system.grid.sections;
    const ExternalFleet& fleet = system.sources.external_grids;
    std::set<BusIdx> boundary;
    for (const std::vector<BusIdx>& buses : fleet.buses) {
        boundary.insert(buses.begin(), buses.end());
    }
    const std::map<std::string_view, Ends> ends = list_ends(system.grid);
    for (const SectionIdx section : rows<SectionIdx>(sections.size())) {
        const std::optional<ClosedOff> closed = find_closed_off(sections, section, ends, boundary);
        if (!closed) {
            continue;
        }
        std::vector<std::size_t> ties;
        std::vector<double> shares;
        for (std::size_t k = 0; k < fleet.size(); ++k) {
            double share = 0;
            for (std::size_t m = 0; m < fleet.buses[k].size(); ++m) {
                share += closed->buses.contains(fleet.buses[k][m]) ? fleet.shares[k][m] : 0.0;
            }
            if (share > 0) {
                ties.push_back(k);
                shares.push_back(share);
            }
        }
        if (ties.empty()) {
            continue;
        }
        const double forward_mw = sections.limit_mw[section];
        const double reverse_mw = sections.limit_reverse_mw[section].value_or(forward_mw);
        groups.ties.push_back(std::move(ties));
        groups.share.push_back(std::move(shares));
        groups.import_max_mw.push_back(closed->positive_is_import ? forward_mw : reverse_mw);
        groups.export_max_mw.push_back(closed->positive_is_import ? reverse_mw : forward_mw);
        group_id.push_back(sections.id[section.row()]);
    }
}

std::vector<double> find_station_limits(const System& system, const network::Network& grid) {
    constexpr double unlimited = std::numeric_limits<double>::infinity();
    std::vector<double> way_out_mva(grid.n_bus, 0.0);
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        if (!grid.branches.in_service[k]) {
            continue;
        }
        const bool transforms = grid.branches.kind[k] == network::BranchKind::transformer &&
                                grid.branches.rate_mva[k] > 0;
        const double way_mva = transforms ? grid.branches.rate_mva[k] : unlimited;
        way_out_mva[grid.branches.from[k].row()] += way_mva;
        way_out_mva[grid.branches.to[k].row()] += way_mva;
    }
    const auto is_plant_bus = [&](BusIdx bus) {
        const SubstationIdx s = system.grid.buses.substation[bus];
        return s.valid() && system.grid.substations.kind[s.row()] == network::SubstationKind::plant;
    };

    const SolarFleet& solar = system.sources.solar;
    const WindFleet& wind = system.sources.wind;
    std::vector<double> rated_at_bus_mw(grid.n_bus, 0.0);
    const auto visit = [&](auto&& act) {
        for (std::size_t k = 0; k < solar.size(); ++k) {
            act(solar.bus[k], solar.plants.p_rated_mw[k]);
        }
        for (std::size_t k = 0; k < wind.size(); ++k) {
            act(wind.bus[k], wind.farms.p_rated_mw[k]);
        }
    };
    visit([&](BusIdx bus, double rated_mw) { rated_at_bus_mw[bus.row()] += rated_mw; });
    std::vector<double> limit_mw;
    visit([&](BusIdx bus, double rated_mw) {
        const double all_mw = rated_at_bus_mw[bus.row()];
        limit_mw.push_back(is_plant_bus(bus) && all_mw > 0 && way_out_mva[bus.row()] > 0
                               ? way_out_mva[bus.row()] * rated_mw / all_mw
                               : unlimited);
    });
    return limit_mw;
}

} // namespace yuanwang::engine
