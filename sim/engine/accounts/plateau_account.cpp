#include "engine/accounts/plateau_account.hpp"

#include <numeric>

namespace yuanwang::engine {

namespace {

double sum_mwh(const Series& p_mw, double dt_h) {
    const std::span<const double> values = p_mw.values();
    return dt_h * std::accumulate(values.begin(), values.end(), 0.0);
}

} // namespace

void PlateauAccount::begin(const Study& study, std::span<const models::WeatherYear> weather) {
    sea_level_.clear();
    if (study.sea_level) {
        return;
    }
    sea_level_.assign(weather.begin(), weather.end());
    for (std::size_t k = 0; k < sea_level_.size(); ++k) {
        models::move_to_sea_level(sea_level_[k], study.sites.position[k]);
    }
}

void PlateauAccount::add(const Study& study, const System& system,
                         std::span<const models::WeatherYear> weather, const WeatherDriven& driven,
                         const WeatherDriven& below) {
    const double dt_h = study.time.dt_h();
    const auto compare = [&](const char* what, const Series& here, const Series& there) {
        if (here.n_element() > 0) {
            Pair& pair = energy_[what];
            pair.plateau_mwh += sum_mwh(here, dt_h);
            pair.sea_level_mwh += sum_mwh(there, dt_h);
        }
    };
    compare("solar", driven.solar_mw, below.solar_mw);
    compare("wind", driven.wind_mw, below.wind_mw);
    compare("base_solar", driven.base_solar_mw, below.base_solar_mw);
    compare("base_wind", driven.base_wind_mw, below.base_wind_mw);

    const DataCenterFleet& centers = system.loads.data_centers;
    models::DataCenterHours here;
    models::DataCenterHours there;
    models::compute_data_centers(centers.centers, centers.site, weather, study.time, driven.steps,
                                 here);
    models::compute_data_centers(centers.centers, centers.site, sea_level_, study.time,
                                 driven.steps, there);
    compare("data_center", here.p_mw, there.p_mw);
}

void PlateauAccount::finish(std::map<std::string, double>& out) const {
    for (const auto& [what, pair] : energy_) {
        if (pair.plateau_mwh <= 0 && pair.sea_level_mwh <= 0) {
            continue;
        }
        const double difference = pair.plateau_mwh - pair.sea_level_mwh;
        out["plateau_" + what + "_mwh"] = difference;
        out["plateau_" + what + "_share"] =
            pair.sea_level_mwh > 0 ? difference / pair.sea_level_mwh : 0.0;
    }
}

} // namespace yuanwang::engine
