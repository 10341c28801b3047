#include "engine/epoch/weather.hpp"

#include "core/error.hpp"
#include "models/column_or.hpp"
#include "models/weather/epw.hpp"
#include "models/weather/synthetic.hpp"

namespace yuanwang::engine {

namespace {

models::WeatherYear make_weather_of(const Study& study, std::size_t k) {
    const WeatherSites& sites = study.sites;
    if (!sites.epw[k].empty()) {
        return models::make_weather(
            models::read_epw(sites.epw[k]), study.time,
            models::column_or(sites.closure, k, models::Closure::keep_diffuse));
    }
    const models::MonthlyNormals normals = sites.normals[k].value_or(models::MonthlyNormals{});
    return models::make_synthetic_weather(sites.position[k], normals, study.time, study.seed,
                                          sites.id[k]);
}

} // namespace

std::vector<models::WeatherYear> make_site_weather(const Study& study, Progress& progress) {
    std::vector<models::WeatherYear> weather;
    for (std::size_t k = 0; k < study.sites.size(); ++k) {
        if (progress.stop_requested()) {
            throw Interrupted{};
        }
        weather.push_back(make_weather_of(study, k));
        if (const double offset_k = study.sites.temperature_offset_k[k]; offset_k != 0) {
            models::shift_temperature(weather.back(), offset_k);
        }
        weather.back().horizon = models::column_or(study.sites.horizon, k, models::Horizon{});
        if (study.sea_level) {
            models::move_to_sea_level(weather.back(), study.sites.position[k]);
        }
        progress.update("weather", k + 1, study.sites.size());
    }
    return weather;
}

} // namespace yuanwang::engine
