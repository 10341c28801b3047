#include "scenario/weather_files.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "models/weather/epw.hpp"

namespace yuanwang::scenario {

namespace {

constexpr double farthest_km = 1000;
constexpr double earth_radius_km = 6371;
constexpr double same_degree = 1; ///< two places so near are the same but for a sign

/// Great-circle distance, km.
double find_distance_km(const models::SitePosition& a, const models::SitePosition& b) {
    constexpr double degree = std::numbers::pi / 180.0;
    const double north = std::sin(0.5 * (b.latitude_degree - a.latitude_degree) * degree);
    const double east = std::sin(0.5 * (b.longitude_degree - a.longitude_degree) * degree);
    const double h = north * north + std::cos(a.latitude_degree * degree) *
                                         std::cos(b.latitude_degree * degree) * east * east;
    return 2 * earth_radius_km * std::asin(std::min(1.0, std::sqrt(h)));
}

bool is_mirrored(double a, double b) {
    return std::abs(a - b) > 2 * same_degree && std::abs(a + b) < same_degree;
}

class WeatherFiles {
  public:
    void check(const std::string& site, const std::string& file,
               const models::SitePosition& position) {
        const std::string path = fmt::format("weather.sites[{}].epw", site);
        try {
            const models::SitePosition& of_file = read(file);
            if (is_mirrored(position.latitude_degree, of_file.latitude_degree) ||
                is_mirrored(position.longitude_degree, of_file.longitude_degree) ||
                find_distance_km(position, of_file) > farthest_km) {
                faults_.push_back({{file, 1, 1},
                                   path,
                                   fmt::format("LOCATION must be that of the site, {:g} N {:g} E",
                                               position.latitude_degree, position.longitude_degree),
                                   fmt::format("{:g} N {:g} E", of_file.latitude_degree,
                                               of_file.longitude_degree)});
            }
        } catch (const InputError& error) {
            for (Fault fault : error.faults()) {
                fault.path = fault.path.empty() ? path : path + "." + fault.path;
                faults_.push_back(std::move(fault));
            }
        } catch (const IoError&) {
            faults_.push_back({{file}, path, "must be a regular file that can be read", ""});
        }
    }

    void report() {
        if (!faults_.empty()) {
            throw InputError{std::move(faults_)};
        }
    }

  private:
    /// A file of several sites is read once.
    const models::SitePosition& read(const std::string& file) {
        const auto known = position_of_.find(file);
        return known != position_of_.end()
                   ? known->second
                   : position_of_.emplace(file, models::read_epw(file).site).first->second;
    }

    std::vector<Fault> faults_;
    std::map<std::string, models::SitePosition> position_of_;
};

} // namespace

void check_weather_files(const engine::Study& study) {
    WeatherFiles files;
    const engine::WeatherSites& sites = study.sites;
    for (std::size_t k = 0; k < sites.size(); ++k) {
        if (!sites.epw[k].empty()) {
            files.check(sites.id[k], sites.epw[k], sites.position[k]);
        }
    }
    files.report();
}

} // namespace yuanwang::scenario
