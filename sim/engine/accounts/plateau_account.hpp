/// @file
/// What the plateau costs or gives: the same devices, computed once more with the weather of sea level.
///
/// The other side of the comparison is `move_to_sea_level` (models/weather/weather_year.hpp): sea-level pressure and a
/// clear sky seen through the whole atmosphere; temperature, wind and cloudiness stay. Differences are plateau less sea
/// level: positive energy is more than at sea level, for better (sources) or worse (data centers).
///
/// | indicator                     | is                                                              |
/// |-------------------------------|-----------------------------------------------------------------|
/// | plateau_solar_mwh             | available energy of the city's solar plants                     |
/// | plateau_wind_mwh              | of its wind farms                                               |
/// | plateau_base_solar_mwh, plateau_base_wind_mwh | of the bases of the external grids              |
/// | plateau_<one of these>_share  | the difference over the energy at sea level                     |
/// | plateau_data_center_mwh       | consumption of the data centers                                 |
///
/// Nothing is written for a study that runs at sea level.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/epoch/weather_driven.hpp"

namespace yuanwang::engine {

class PlateauAccount {
  public:
    /// Keeps the weather of sea level beside that of the run.
    void begin(const Study& study, std::span<const models::WeatherYear> weather);

    /// The weather of sea level; empty for a study that runs there.
    [[nodiscard]] std::span<const models::WeatherYear> sea_level() const { return sea_level_; }

    /// Adds an epoch: `driven` is what the run's own weather gives, `below` what that of sea level would.
    void add(const Study& study, const System& system, std::span<const models::WeatherYear> weather,
             const WeatherDriven& driven, const WeatherDriven& below);

    void finish(std::map<std::string, double>& out) const;

  private:
    struct Pair {
        double plateau_mwh = 0;
        double sea_level_mwh = 0;
    };
    std::vector<models::WeatherYear> sea_level_;
    std::map<std::string, Pair> energy_;
};

} // namespace yuanwang::engine
