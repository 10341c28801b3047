/// Weather files a scenario names, checked before a run.
#include "scenario/weather_files.hpp"

#include <cmath>
#include <numbers>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "scenario/files.hpp"

namespace yuanwang::scenario {
namespace {

using testing::Folder;
using ::testing::HasSubstr;

/// A year whose light is centred on noon of the longitude, on the clock of the zone.
std::string write_year(double longitude_degree, int zone_h) {
    std::string text = "LOCATION,Here,-,XXX,own,0,36.6," + std::to_string(longitude_degree) + "," +
                       std::to_string(zone_h) + ",2261\nDATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31\n";
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int month = 1; month <= 12; ++month) {
        for (int day = 1; day <= days[month - 1]; ++day) {
            for (int hour = 1; hour <= 24; ++hour) {
                const double angle = (hour - 12.5 - zone_h + longitude_degree / 15) / 12;
                const double height = std::cos(angle * std::numbers::pi);
                const std::string lit = height > 0.3 ? "400,500,100" : "0,0,0";
                text += "2019," + std::to_string(month) + ',' + std::to_string(day) + ',' +
                        std::to_string(hour) + ",0,?,10.0,2.0,60,76953,0,0,300," + lit +
                        ",0,0,0,0,180,5.0,5,5,9999,99999,9,999999999,50,0,0,88,0.2,0,0\n";
            }
        }
    }
    return text;
}

engine::Study make_study(const std::string& file, double longitude_degree) {
    engine::Study study;
    study.sites.id = {"town"};
    study.sites.name = {{}};
    study.sites.position = {{36.6, longitude_degree, 2261}};
    study.sites.epw = {file};
    return study;
}

std::string find_message(const engine::Study& study) {
    try {
        check_weather_files(study);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST(WeatherFiles, AFileOfTheSiteIsTaken) {
    const Folder folder;
    const std::string file = folder.write("here.epw", write_year(101.8, 8)).string();
    EXPECT_EQ(find_message(make_study(file, 101.8)), "");
    EXPECT_EQ(find_message(make_study(file, 98.0)), "");
}

TEST(WeatherFiles, APlaceElsewhereIsAFaultOfTheFile) {
    const Folder folder;
    const std::string file = folder.write("west.epw", write_year(-101.8, -7)).string();
    EXPECT_EQ(find_message(make_study(file, 101.8)),
              file +
                  ":1:1: weather.sites[town].epw: LOCATION must be that of the site, 36.6 N 101.8 "
                  "E, got 36.6 N -101.8 E");
    EXPECT_THAT(find_message(make_study(file, -60)),
                HasSubstr("LOCATION must be that of the site"));
}

TEST(WeatherFiles, WhatIsNoWeatherFileIsNamedWithItsSite) {
    const Folder folder;
    const std::string file = folder.write("users", "root:x:0:0:root:/root:/bin/bash\n").string();
    EXPECT_THAT(find_message(make_study(file, 101.8)),
                HasSubstr(file + ":1:1: weather.sites[town].epw: must begin with a LOCATION line"));
    EXPECT_EQ(find_message(make_study("/dev/zero", 101.8)),
              "/dev/zero: weather.sites[town].epw: must be a regular file that can be read");
}

} // namespace
} // namespace yuanwang::scenario
