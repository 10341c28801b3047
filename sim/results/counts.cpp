#include "results/counts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "network/topology.hpp"

namespace yuanwang::engine {

namespace {

bool is_level(double kv, double level_kv) {
    return std::abs(kv - level_kv) <= 0.01 * level_kv;
}

double count_substations(const network::Substations& substations, double level_kv) {
    double n = 0;
    for (std::size_t s = 0; s < substations.size(); ++s) {
        const std::vector<double>& levels = substations.levels_kv[s];
        if (substations.in_city[s] &&
            substations.kind[s] == network::SubstationKind::public_station && !levels.empty() &&
            is_level(*std::ranges::max_element(levels), level_kv)) {
            ++n;
        }
    }
    return n;
}

template <class T>
double sum(const std::vector<T>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0,
                           [](double a, T b) { return a + static_cast<double>(b); });
}

double count_distributed_stations(const System& system) {
    std::set<SubstationIdx> stations;
    const SolarFleet& solar = system.sources.solar;
    for (std::size_t k = 0; k < solar.size(); ++k) {
        if (solar.distributed[k]) {
            stations.insert(system.grid.buses.substation[solar.bus[k]]);
        }
    }
    return static_cast<double>(stations.size());
}

} // namespace

std::map<std::string, double> count_elements(const Study& study, const network::Network& grid) {
    const System& system = study.epochs.back().system;
    const network::Grid& g = system.grid;
    const Loads& loads = system.loads;
    std::map<std::string, double> counts;
    const auto count = [&](const char* name, auto n) { counts[name] = static_cast<double>(n); };

    count("substations_750kv", count_substations(g.substations, 750));
    count("substations_330kv", count_substations(g.substations, 330));
    count("substations_110kv", count_substations(g.substations, 110));
    count("buses", g.buses.size());
    count("branches", grid.n_branch());
    count("lines", g.lines.size() + g.branches.size());
    count("transformers", g.transformers.size() + g.three_winding_transformers.size());
    const network::Backbone backbone = network::find_backbone(grid, 750);
    count("backbone_loops", backbone.independent_loops);
    count("backbone_stations", backbone.nodes.size());
    count("backbone_corridors", backbone.corridors.size());
    count("independent_loops", network::count_independent_loops(grid, true));

    count("external_grids", system.sources.external_grids.size());
    count("data_centers", loads.data_centers.size());
    count("data_center_racks", sum(loads.data_centers.centers.racks));
    count("pflops", sum(loads.data_centers.centers.pflops));
    count("distributed_pv_stations", count_distributed_stations(system));
    count("managed_records", sum(loads.managed.records));
    count("street_lamps", sum(loads.street_lamps.lamps.lamps));
    count("projects", study.projects.size());
    double portfolio = 0;
    for (const Project& project : study.projects) {
        portfolio += project.count;
    }
    count("portfolio_projects", portfolio);
    count("epochs", study.epochs.size());
    return counts;
}

} // namespace yuanwang::engine
