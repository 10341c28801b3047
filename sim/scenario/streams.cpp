#include "scenario/streams.hpp"

#include <string_view>

#include "models/hash_normal.hpp"

namespace yuanwang::scenario {

namespace {

models::Streams list_streams(std::string_view family, const network::Elements& elements) {
    models::Streams streams;
    for (const std::string& id : elements.id) {
        streams.push_back(models::name_stream(family, id));
    }
    return streams;
}

} // namespace

void name_streams(engine::System& system) {
    engine::Loads& loads = system.loads;
    loads.profiled.loads.stream = list_streams("profile load", loads.profiled);
    loads.data_centers.centers.details.stream = list_streams("data center", loads.data_centers);
    loads.works.works.stream = list_streams("works", loads.works);
    system.sources.wind.farms.stream = list_streams("wind farm", system.sources.wind);
}

} // namespace yuanwang::scenario
