#include "models/weather/epw.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "models/weather/sun_position.hpp"
#include "models/weather/transposition.hpp"

namespace yuanwang::models {
namespace {

using namespace std::chrono;

const std::filesystem::path weather_dir = std::filesystem::path{YUANWANG_SHARED_DIR} / "weather";

std::filesystem::path station(const std::string& name) {
    return weather_dir / ("CHN_" + name + "_CSWD.epw");
}

#define SKIP_WITHOUT(path)                                                                         \
    if (!std::filesystem::exists(path)) {                                                          \
        GTEST_SKIP() << "no weather file " << (path);                                              \
    }

TimeAxis year_axis(minutes step) {
    const sys_seconds start = beijing_midnight(2025y / January / 1);
    return {start, step, static_cast<std::size_t>(days{365} / step)};
}

double sum_kwh(const std::vector<double>& w_per_m2, double dt_h) {
    double sum = 0;
    for (const double value : w_per_m2) {
        sum += value * dt_h / 1000.0;
    }
    return sum;
}

/// Writes a made-up year: −5 °C, 500 W/m² between 9 and 15 h; `edit` may spoil a line (0 is the
/// header).
std::filesystem::path write_epw(const std::string& name,
                                const std::function<void(std::size_t, std::string&)>& edit = {}) {
    const std::filesystem::path path = std::filesystem::path{testing::TempDir()} / name;
    std::ofstream out{path, std::ios::binary};
    const auto put = [&](std::size_t line, std::string text) {
        if (edit) {
            edit(line, text);
        }
        out << text << "\r\n";
    };
    put(0, "LOCATION,Nowhere,-,CHN,-,0,36.0,100.0,8.0,2000.0");
    put(1, "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31");
    std::size_t line = 2;
    for (sys_days day = 2005y / January / 1; day < sys_days{2006y / January / 1}; day += days{1}) {
        const year_month_day date{day};
        for (int hour = 1; hour <= 24; ++hour) {
            const std::string sun = hour > 9 && hour <= 15 ? "500,400,200" : "0,0,0";
            put(line++, "2005," + std::to_string(static_cast<unsigned>(date.month())) + "," +
                            std::to_string(static_cast<unsigned>(date.day())) + "," +
                            std::to_string(hour) + ",0,?9?9,-5.0,-12.0,60,79500,9999,9999,200," +
                            sun +
                            ",999900,999900,999900,99990,180,2.5,5,5,999,999,9,999999999,0,0,0,88,"
                            "999,999,99");
        }
    }
    return path;
}

std::string message_of(const std::filesystem::path& path) {
    try {
        static_cast<void>(read_epw(path));
    } catch (const InputError& error) {
        std::string text = error.what();
        const std::string where = path.string();
        for (std::size_t at = text.find(where); at != std::string::npos; at = text.find(where)) {
            text.replace(at, where.size(), "file.epw");
        }
        return text;
    }
    return "no fault";
}

// Sums of the station files as counted by an independent program.
TEST(Epw, SumsOfTheStationsAreThePublishedOnes) {
    struct Expected {
        const char* name;
        double ghi, dhi, mean_c, pressure_pa, wind, gap;
    };
    for (const Expected& e :
         {Expected{"Qinghai.Xining.528660", 1553, 505, 5.94, 77228, 1.08, 36},
          Expected{"Qinghai.Gangca.527540", 1828, 752, 0.66, 68010, 3.35, 68},
          Expected{"Qinghai.Golmud.528180", 1956, 632, 5.79, 72525, 2.32, 71}}) {
        const auto path = station(e.name);
        SKIP_WITHOUT(path);
        const EpwFile file = read_epw(path);
        ASSERT_EQ(file.size(), 8760U);
        double mean_c = 0;
        double pressure = 0;
        double wind = 0;
        for (std::size_t t = 0; t < 8760; ++t) {
            mean_c += file.temperature_c[t] / 8760.0;
            pressure += file.pressure_pa[t] / 8760.0;
            wind += file.wind_speed_m_per_s[t] / 8760.0;
        }
        EXPECT_NEAR(sum_kwh(file.ghi_w_per_m2, 1), e.ghi, 0.5) << e.name;
        EXPECT_NEAR(sum_kwh(file.dhi_w_per_m2, 1), e.dhi, 0.5) << e.name;
        EXPECT_NEAR(mean_c, e.mean_c, 0.005) << e.name;
        EXPECT_NEAR(pressure, e.pressure_pa, 0.5) << e.name;
        EXPECT_NEAR(wind, e.wind, 0.005) << e.name;
        EXPECT_NEAR(file.closure_gap_w_per_m2, e.gap, 1.0) << e.name;
        EXPECT_EQ(file.filled_values, 0U) << e.name;
    }
}

TEST(Epw, WeatherClosesAndKeepsEveryGlobalHourASkyCanGive) {
    const auto path = station("Qinghai.Xining.528660");
    SKIP_WITHOUT(path);
    const EpwFile file = read_epw(path);
    const WeatherYear w = make_weather(file, year_axis(minutes{60}));
    ASSERT_EQ(w.size(), 8760U);
    for (std::size_t t = 0; t < 8760; ++t) {
        if (w.sun_elevation_degree[t] > 3) {
            ASSERT_EQ(w.ghi_w_per_m2[t], file.ghi_w_per_m2[t]);
        }
        ASSERT_LE(w.ghi_w_per_m2[t], file.ghi_w_per_m2[t]);
        const double sin_h =
            std::max(0.0, std::sin(w.sun_elevation_degree[t] * std::numbers::pi / 180.0));
        ASSERT_NEAR(w.dhi_w_per_m2[t] + w.dni_w_per_m2[t] * sin_h, w.ghi_w_per_m2[t], 1e-9);
        ASSERT_GE(w.dhi_w_per_m2[t], 0.0);
    }
    EXPECT_GT(sum_kwh(w.ghi_w_per_m2, 1.0), 0.985 * sum_kwh(file.ghi_w_per_m2, 1.0));
}

TEST(Epw, QuarterHoursKeepEachHour) {
    const EpwFile file = read_epw(write_epw("quarters.epw"));
    const WeatherYear hour = make_weather(file, year_axis(minutes{60}));
    const WeatherYear quarter = make_weather(file, year_axis(minutes{15}));
    for (std::size_t t = 0; t < hour.size(); ++t) {
        double ghi = 0;
        double temperature = 0;
        double wind = 0;
        for (std::size_t q = 0; q < 4; ++q) {
            ghi += quarter.ghi_w_per_m2[4 * t + q] / 4.0;
            temperature += quarter.temperature_c[4 * t + q] / 4.0;
            wind += quarter.wind_speed_m_per_s[4 * t + q] / 4.0;
        }
        ASSERT_NEAR(ghi, hour.ghi_w_per_m2[t], 1e-9);
        ASSERT_NEAR(temperature, hour.temperature_c[t], 1e-9);
        ASSERT_NEAR(wind, hour.wind_speed_m_per_s[t], 1e-9);
    }
}

TEST(Epw, LeapDayRepeatsTheDayBefore) {
    const EpwFile file = read_epw(write_epw("leap.epw", [](std::size_t line, std::string& text) {
        if (line >= 2 + 58 * 24 && line < 2 + 59 * 24) {
            text.replace(text.find("-5.0"), 4, "-9.0"); // 28 February
        }
    }));
    const TimeAxis axis{beijing_midnight(2028y / February / 28), minutes{60}, 72};
    const WeatherYear w = make_weather(file, axis);
    EXPECT_EQ(w.temperature_c[12], -9.0);
    EXPECT_EQ(w.temperature_c[36], -9.0);
    EXPECT_EQ(w.temperature_c[60], -5.0);
}

TEST(Epw, MissingMarksAreFilledAndCounted) {
    const EpwFile file = read_epw(write_epw("missing.epw", [](std::size_t line, std::string& text) {
        if (line == 100) {
            text.replace(text.find("-5.0"), 4, "99.9");
        }
        if (line > 1) {
            text.replace(text.find("79500"), 5, "999999");
        }
    }));
    EXPECT_EQ(file.temperature_c[98], -5.0);
    EXPECT_EQ(file.filled_values, 8761U);
    EXPECT_NEAR(file.pressure_pa[0], 79495.0, 20.0); // standard atmosphere at 2000 m
}

TEST(Epw, DirectionOfTheWindIsReadAndHeldWhereItIsMissing) {
    const auto spoil = [](std::size_t first, std::size_t last, const std::string& value) {
        return [=](std::size_t line, std::string& text) {
            if (line >= first && line < last) {
                text.replace(text.find(",180,"), 5, "," + value + ",");
            }
        };
    };
    const EpwFile file = read_epw(write_epw("turning.epw", spoil(10, 12, "270")));
    EXPECT_EQ(file.wind_from_degree[7], 180);
    EXPECT_EQ(file.wind_from_degree[8], 270);
    EXPECT_EQ(file.wind_from_degree[10], 180);
    const EpwFile gap = read_epw(write_epw("gap_of_days.epw", spoil(2, 100, "999")));
    EXPECT_EQ(gap.wind_from_degree[0], 180);
    EXPECT_EQ(gap.filled_values, 98U);
    const EpwFile none = read_epw(write_epw("no_direction.epw", spoil(2, 9000, "999")));
    EXPECT_TRUE(none.wind_from_degree.empty());
    EXPECT_TRUE(make_weather(none, year_axis(minutes{60})).wind_from_degree.empty());
    const WeatherYear quarter = make_weather(file, year_axis(minutes{15}));
    EXPECT_EQ(quarter.wind_from_degree[8 * 4 + 3], 270);
    EXPECT_EQ(quarter.wind_from_degree[10 * 4], 180);
    EXPECT_EQ(message_of(write_epw("beyond.epw", spoil(5, 6, "400"))),
              "file.epw:6:86: wind_direction_degree: must be from 0 to 360, got 400");
}

TEST(Epw, FaultsNameLineAndColumn) {
    EXPECT_EQ(message_of(write_epw("text.epw",
                                   [](std::size_t line, std::string& text) {
                                       if (line == 4) {
                                           text.replace(text.find("-5.0"), 4, "cold");
                                       }
                                       if (line == 5) {
                                           text.replace(text.find("79500"), 5, "795");
                                       }
                                   })),
              "file.epw:5:19: dry_bulb_c: must be a number, got cold\n"
              "file.epw:6:33: pressure_pa: must be from 31000 to 120000, got 795");
    EXPECT_EQ(message_of(write_epw("order.epw",
                                   [](std::size_t line, std::string& text) {
                                       if (line == 26) {
                                           text.replace(5, 3, "1,3");
                                       }
                                   })),
              "file.epw:27:6: month, day, hour: must be 1, 2, 1, got 1,3,1");
    EXPECT_EQ(message_of(write_epw("short.epw",
                                   [](std::size_t line, std::string& text) {
                                       if (line == 9) {
                                           text = "2005,1,1,8,0";
                                       }
                                   })),
              "file.epw:10:1: row: must have at least 22 fields, got 5");
    EXPECT_EQ(message_of(write_epw("other.epw",
                                   [](std::size_t line, std::string& text) {
                                       if (line == 0) {
                                           text = "time,ghi";
                                       }
                                   })),
              "file.epw:1:1: must begin with a LOCATION line of 10 fields, got time");
}

TEST(Epw, GapsLongerThanADayAreWrongInput) {
    EXPECT_EQ(message_of(write_epw("gap.epw",
                                   [](std::size_t line, std::string& text) {
                                       if (line >= 52 && line < 82) {
                                           text.replace(text.find("-5.0"), 4, "99.9");
                                       }
                                   })),
              "file.epw:53:1: dry_bulb_c: is missing for more than 24 hours, got 30 hours");
}

TEST(Epw, AClockThatDoesNotFitTheSunIsWrongInput) {
    EXPECT_EQ(
        message_of(write_epw("zone.epw",
                             [](std::size_t line, std::string& text) {
                                 if (line == 0) { // a file in universal time
                                     text.replace(text.find(",8.0,"), 5, ",0.0,");
                                 }
                             })),
        "file.epw:1:39: time_zone: must fit the sun: the light of the file is centred on 18.7 h "
        "of true solar time, got 0.0");
    EXPECT_EQ(message_of(write_epw("zone_text.epw",
                                   [](std::size_t line, std::string& text) {
                                       if (line == 0) {
                                           text.replace(text.find(",8.0,"), 5, ",CST,");
                                       }
                                   })),
              "file.epw:1:39: time_zone: must be a number from -12 to 14, got CST");
}

TEST(Epw, ALeapDayInTheFileIsLeftOut) {
    const EpwFile plain = read_epw(write_epw("plain.epw"));
    const EpwFile leap =
        read_epw(write_epw("leap_row.epw", [](std::size_t line, std::string& text) {
            if (line == 2 + 59 * 24 - 1) { // after the last hour of 28 February
                std::string extra;
                for (int hour = 1; hour <= 24; ++hour) {
                    std::string row = text;
                    row.replace(row.find(",2,28,24,"), 9, ",2,29," + std::to_string(hour) + ",");
                    extra += "\r\n" + row;
                }
                text += extra;
            }
        }));
    EXPECT_EQ(leap.temperature_c, plain.temperature_c);
    EXPECT_EQ(leap.size(), 8760U);
}

TEST(Epw, ShiftedColumnsAreNamed) {
    const std::string message =
        message_of(write_epw("shifted.epw", [](std::size_t line, std::string& text) {
            if (line == 7) { // a column too many before the pressure
                text.insert(text.find("79500"), "0,");
            }
        }));
    EXPECT_TRUE(
        message.starts_with("file.epw:8:33: pressure_pa: must be from 31000 to 120000, got 0"))
        << message;
}

TEST(Epw, MissingRadiationForDaysIsWrongInput) {
    const std::string message =
        message_of(write_epw("dark.epw", [](std::size_t line, std::string& text) {
            if (line >= 2 + 10 * 24 && line < 2 + 13 * 24) {
                const auto at = text.find(",500,400,200,");
                if (at != std::string::npos) {
                    text.replace(at, 13, ",9999,9999,9999,");
                }
            }
        }));
    EXPECT_NE(message, "no fault");
    EXPECT_NE(message.find("ghi_wh_per_m2: is missing on neighbouring days"), std::string::npos)
        << message;
}

/// Irradiation of a year by beam and diffuse part, kWh/m².
struct Split {
    double dni = 0;
    double dhi = 0;
};
Split split_by(const EpwFile& file, Closure closure) {
    const WeatherYear w = make_weather(file, year_axis(minutes{60}), closure);
    for (std::size_t t = 0; t < w.size(); ++t) {
        const double sin_h =
            std::max(0.0, std::sin(w.sun_elevation_degree[t] * std::numbers::pi / 180.0));
        EXPECT_NEAR(w.dhi_w_per_m2[t] + w.dni_w_per_m2[t] * sin_h, w.ghi_w_per_m2[t], 1e-9);
    }
    return {sum_kwh(w.dni_w_per_m2, 1), sum_kwh(w.dhi_w_per_m2, 1)};
}

// Xining: the file's beam is 1471 kWh/m² and misses closure by 36 W/m²; diffuse 505.
TEST(Epw, EveryClosureClosesAndKeepsWhatItSays) {
    const auto path = station("Qinghai.Xining.528660");
    SKIP_WITHOUT(path);
    const EpwFile file = read_epw(path);
    const Split diffuse = split_by(file, Closure::keep_diffuse);
    const Split beam = split_by(file, Closure::keep_beam);
    EXPECT_NEAR(diffuse.dhi, 505, 40); // what the clear-sky cap cuts off is diffuse
    EXPECT_NEAR(beam.dni, 1471, 40);
    EXPECT_GT(beam.dhi, diffuse.dhi + 100);
    for (const Closure closure : {Closure::erbs, Closure::disc, Closure::dirint}) {
        const Split split = split_by(file, closure);
        EXPECT_GT(split.dni, 1000);
        EXPECT_LT(split.dni, 2200);
        EXPECT_NE(split.dhi, diffuse.dhi);
    }
}

/// A year at 36° N 100° E, 2000 m, hour by hour under a sky that closes: 600 W/m² of beam and 60 of diffuse light while the
/// sun is up.
struct MadeYear {
    std::vector<double> ghi, dni, dhi;
    MadeYear() {
        const SitePosition site{36.0, 100.0, 2000.0};
        const sys_seconds start = sys_days{2005y / January / 1} - hours{8};
        const SunTrack track{start, start + hours{8760}};
        for (int t = 0; t < 8760; ++t) {
            const double zenith =
                observe_sun(track.at(start + hours{t} + minutes{30}), site, 79500, -5.0)
                    .zenith_degree();
            const bool up = zenith < 88.0;
            dni.push_back(up ? 600.0 : 0.0);
            dhi.push_back(up ? 60.0 : 0.0);
            ghi.push_back(dhi.back() +
                          dni.back() * std::max(0.0, std::cos(zenith * std::numbers::pi / 180.0)));
        }
    }
};

const MadeYear& made_year() {
    static const MadeYear year;
    return year;
}

/// What a file may do to a row of the made year before it is written.
struct Row {
    std::size_t month, day, hour; ///< 1…24
    std::string temperature = "-5.0", ghi, dni, dhi, wind_from = "180";
};

std::filesystem::path write_made_year(const std::string& name,
                                      const std::function<void(std::size_t, Row&)>& edit = {},
                                      std::size_t first = 0) {
    const std::filesystem::path path = std::filesystem::path{testing::TempDir()} / name;
    std::ofstream out{path, std::ios::binary};
    out << "LOCATION,Nowhere,-,CHN,-,0,36.0,100.0,8.0,2000.0\n"
        << "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31\n";
    for (std::size_t k = 0; k < 8760; ++k) {
        const std::size_t t = (first + k) % 8760;
        const year_month_day date{sys_days{2005y / January / 1} + days{t / 24}};
        Row row{.month = static_cast<unsigned>(date.month()),
                .day = static_cast<unsigned>(date.day()),
                .hour = t % 24 + 1,
                .ghi = std::to_string(made_year().ghi[t]),
                .dni = std::to_string(made_year().dni[t]),
                .dhi = std::to_string(made_year().dhi[t])};
        if (edit) {
            edit(t, row);
        }
        out << "2005," << row.month << ',' << row.day << ',' << row.hour << ",0,?9?9,"
            << row.temperature << ",-12.0,60,79500,9999,9999,200," << row.ghi << ',' << row.dni
            << ',' << row.dhi << ",999900,999900,999900,99990," << row.wind_from
            << ",2.5,5,5,999,999,9,999999999,0,0,0,88,999,999,99\n";
    }
    return path;
}

void expect_made_global(const EpwFile& file, double tolerance) {
    for (std::size_t t = 0; t < 8760; ++t) {
        ASSERT_NEAR(file.ghi_w_per_m2[t], made_year().ghi[t], tolerance) << t;
    }
}

TEST(Epw, GlobalLightIsMadeOfBeamAndDiffuseWhereTheColumnIsEmpty) {
    for (const std::string mark : {"9999", "0", "", "-9999", "-999"}) {
        const EpwFile file =
            read_epw(write_made_year("global.epw", [&](std::size_t, Row& row) { row.ghi = mark; }));
        expect_made_global(file, 1e-3);
        EXPECT_GT(file.filled_values, 4000U) << mark;
    }
}

TEST(Epw, NegativeMarksAreMissingAndSmallNegativeNightsAreZero) {
    const EpwFile file = read_epw(write_made_year("negative.epw", [](std::size_t t, Row& row) {
        if (t % 24 == 1) {
            row.ghi = "-3.5";
            row.dni = "-0.2";
        }
        if (t % 100 == 7) {
            row.temperature = t % 200 == 7 ? "-9999" : "-999.0";
        }
    }));
    expect_made_global(file, 1e-6);
    EXPECT_EQ(file.dni_w_per_m2[1], 0.0);
    for (const double t_c : file.temperature_c) {
        ASSERT_EQ(t_c, -5.0);
    }
}

TEST(Epw, AFileMayBeginWithAnyMonthAndCountItsHoursFromZero) {
    for (const bool from_zero : {false, true}) {
        const EpwFile file = read_epw(write_made_year(
            "july.epw",
            [&](std::size_t t, Row& row) {
                row.hour -= from_zero ? 1 : 0;
                row.temperature = std::to_string(t % 50);
            },
            181 * 24)); // 1 July
        expect_made_global(file, 1e-6);
        for (std::size_t t = 0; t < 8760; ++t) {
            ASSERT_EQ(file.temperature_c[t], static_cast<double>(t % 50));
        }
    }
}

TEST(Epw, FaultsOfAFileThatBeginsInJulyNameItsOwnLines) {
    const std::string text = message_of(write_made_year(
        "july_gap.epw",
        [](std::size_t t, Row& row) {
            if (t >= 181 * 24 + 10 && t < 181 * 24 + 40) {
                row.temperature = "99.9";
            }
        },
        181 * 24));
    EXPECT_NE(text.find("file.epw:13:1: dry_bulb_c: is missing for more than 24 hours"),
              std::string::npos)
        << text;
}

TEST(Epw, MinusOneIsTheDirectionOfACalm) {
    const EpwFile file = read_epw(write_made_year(
        "calm.epw", [](std::size_t t, Row& row) { row.wind_from = t % 5 == 3 ? "-1" : "90"; }));
    for (const double degree : file.wind_from_degree) {
        ASSERT_EQ(degree, 90.0);
    }
}

/// Under the sun of a pole every hour of a day is the same, whatever zone the station keeps.
TEST(Epw, AZoneAtThePoleIsNotHeldAgainstTheSun) {
    const auto edit = [](std::size_t line, std::string& text) {
        if (line == 0) {
            text = "LOCATION,Pole,-,ATA,-,0,-90.0,0.0,12.0,2835.0";
        } else if (line > 1) {
            const bool summer = (line - 2) / 24 < 80 || (line - 2) / 24 > 265;
            for (const std::string lit : {"500,400,200", "0,0,0"}) {
                if (const auto at = text.find("," + lit + ","); at != std::string::npos) {
                    text.replace(at + 1, lit.size(), summer ? "300,300,150" : "0,0,0");
                    break;
                }
            }
        }
    };
    EXPECT_EQ(read_epw(write_epw("pole.epw", edit)).site.latitude_degree, -90.0);
}

TEST(Epw, ALongitudeOfTheWrongSignIsWrongInput) {
    const auto edit = [](std::size_t line, std::string& text) {
        if (line == 0) { // its light is centred on noon there, but no clock of zone 8 hangs there
            text = "LOCATION,Nowhere,-,CHN,-,0,36.0,-100.0,8.0,2000.0";
        } else if (line > 1) {
            const std::size_t hour = (line - 2) % 24;
            const bool light = hour < 6 || hour > 23;
            for (const std::string lit : {"500,400,200", "0,0,0"}) {
                if (const auto at = text.find("," + lit + ","); at != std::string::npos) {
                    text.replace(at + 1, lit.size(), light ? "500,400,200" : "0,0,0");
                    break;
                }
            }
        }
    };
    const std::string text = message_of(write_epw("sign.epw", edit));
    EXPECT_EQ(text,
              "file.epw:1:40: time_zone: must fit the longitude (is its sign right?): east is "
              "positive, got 8.0");
}

TEST(Epw, WhatIsNoTextEndsSoon) {
    EXPECT_THROW(static_cast<void>(read_epw("/dev/zero")), IoError);
    const std::filesystem::path path = std::filesystem::path{testing::TempDir()} / "zeros.epw";
    {
        std::ofstream out{path, std::ios::binary};
        out << std::string(1U << 20U, '\0');
    }
    EXPECT_EQ(message_of(path), "file.epw:1:1: must have lines of less than 65536 characters");
}

/// Columns an hour early: full light before the sun is up. What a tilted plane gets then is no more than a low sky can give.
TEST(Epw, NoLightComesWithoutTheSun) {
    const EpwFile file = read_epw(write_made_year("early.epw", [](std::size_t t, Row& row) {
        row.ghi = std::to_string(made_year().ghi[(t + 2) % 8760]);
        row.dhi = std::to_string(made_year().dhi[(t + 2) % 8760]);
    }));
    const WeatherYear weather = make_weather(file, year_axis(minutes{60}));
    std::size_t dark = 0;
    for (std::size_t t = 0; t < weather.size(); ++t) {
        const double zenith = 90.0 - weather.sun_elevation_degree[t];
        const Irradiance light{weather.ghi_w_per_m2[t], weather.dni_w_per_m2[t],
                               weather.dhi_w_per_m2[t]};
        const double facing = weather.sun_azimuth_degree[t];
        const double plane =
            transpose({60.0, facing}, light, weather.dni_extra_w_per_m2[t], zenith, facing, 0.2)
                .total_w_per_m2();
        if (zenith > 89.0) {
            dark += file.ghi_w_per_m2[t] > 100 ? 1U : 0U;
            ASSERT_LT(plane, 200.0) << t;
            ASSERT_LE(plane, weather.ghi_w_per_m2[t]) << t;
        }
    }
    EXPECT_GT(dark, 100U) << "the file must show the fault";
}

TEST(Epw, TruncatedFileIsWrongInput) {
    const auto path = write_epw("cut.epw");
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    EXPECT_NE(message_of(path), "no fault");
}

TEST(Epw, MissingFileIsAnIoError) {
    EXPECT_THROW(static_cast<void>(read_epw("nowhere/none.epw")), IoError);
}

} // namespace
} // namespace yuanwang::models
