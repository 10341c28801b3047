#include "report/synthetic_axes.hpp"

#include <cmath>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

namespace yuanwang::test {
namespace {

using engine::Axis;
using engine::AxisEntry;
using engine::ResultAxes;
using std::numbers::pi;

constexpr double city_latitude = 36.62;
constexpr double city_longitude = 101.77;

std::string number(std::size_t k) {
    return std::to_string(k + 1);
}

AxisEntry bus(const std::string& station, const Name& name, double kv, double latitude,
              double longitude, const std::string& zone) {
    AxisEntry entry;
    entry.id = station + "_" + std::to_string(static_cast<int>(kv));
    entry.name = name;
    entry.kind = "bus";
    entry.zone = zone;
    entry.in_city = !zone.empty();
    entry.base_kv = kv;
    entry.latitude_degree = latitude;
    entry.longitude_degree = longitude;
    entry.substation = station;
    entry.substation_kind = zone.empty() ? "boundary" : "public";
    return entry;
}

/// A branch takes its place and voltage from its first bus.
AxisEntry branch(std::string id, Name name, const char* kind, const std::string& from,
                 const std::string& to, double kv, double rating, int parallel) {
    AxisEntry entry;
    entry.id = std::move(id);
    entry.name = std::move(name);
    entry.kind = kind;
    entry.base_kv = kv;
    entry.rating = rating;
    entry.from = from;
    entry.to = to;
    entry.in_city = true;
    entry.parallel = parallel;
    return entry;
}

AxisEntry device(std::string id, Name name, const char* kind, const std::string& at,
                 double rating) {
    AxisEntry entry;
    entry.id = std::move(id);
    entry.name = std::move(name);
    entry.kind = kind;
    entry.from = at;
    entry.in_city = true;
    entry.rating = rating;
    return entry;
}

void add_backbone(ResultAxes& axes) {
    auto& buses = axes.of(Axis::bus);
    buses.push_back(bus("north", {"Riyueshan", "日月山"}, 750, 36.72, 101.20, "huangyuan"));
    buses.push_back(bus("south", {"Xining", "西宁"}, 750, 36.48, 101.68, "huangzhong"));
    buses.push_back(bus("sea", {"Haixi", "海西"}, 750, 37.00, 99.90, ""));
    buses.push_back(bus("base", {"Hainan base", "海南基地"}, 750, 36.10, 100.60, ""));
    buses.push_back(bus("east", {"Gansu", "甘肃"}, 750, 36.55, 102.90, ""));
    auto& lines = axes.of(Axis::line);
    lines.push_back(branch("l_sea", {"Riyueshan–Haixi", "日月山—海西"}, "line", "sea_750",
                           "north_750", 750, 4800, 2));
    lines.push_back(branch("l_base", {"Xining–Hainan", "西宁—海南"}, "line", "base_750",
                           "south_750", 750, 4800, 2));
    lines.push_back(branch("l_east", {"Xining–Gansu", "西宁—甘肃"}, "line", "east_750", "south_750",
                           750, 4800, 2));
    lines.push_back(branch("l_mid", {"Riyueshan–Xining", "日月山—西宁"}, "line", "north_750",
                           "south_750", 750, 4800, 2));
}

void add_city(ResultAxes& axes, const SyntheticSize& size) {
    const std::vector<std::string> zones = {"huangzhong", "datong",  "huangyuan", "chengdong",
                                            "chengbei",   "chengxi", "chengzhong"};
    auto& buses = axes.of(Axis::bus);
    auto& lines = axes.of(Axis::line);
    auto& transformers = axes.of(Axis::transformer);
    std::string before;
    for (std::size_t k = 0; k < size.n_330; ++k) {
        const double angle = 2 * pi * static_cast<double>(k) / static_cast<double>(size.n_330);
        const double latitude = city_latitude + 0.16 * std::sin(angle);
        const double longitude = city_longitude + 0.28 * std::cos(angle);
        const std::string station = "s" + number(k);
        const std::string& zone = zones[k % zones.size()];
        const Name name{"Station " + number(k), "变电站" + number(k)};
        buses.push_back(bus(station, name, 330, latitude, longitude, zone));
        const std::string hv = station + "_330";
        const std::string up = k % 2 == 0 ? "north_750" : "south_750";
        if (k < 4) {
            transformers.push_back(branch("t_750_" + number(k),
                                          {"Bank " + number(k), "主变" + number(k)}, "2w", up, hv,
                                          750, 3000, 2));
        }
        if (!before.empty()) {
            lines.push_back(branch("l_330_" + number(k), {"Loop " + number(k), "环网" + number(k)},
                                   "line", before, hv, 330, 1400, 2));
        }
        before = hv;
        buses.push_back(bus(station, name, 110, latitude, longitude, zone));
        transformers.push_back(branch("t_330_" + number(k), {name.en + " bank", name.zh + "主变"},
                                      "2w", hv, station + "_110", 330, 720, 2));
        for (std::size_t j = 0; j < size.n_110_per_330; ++j) {
            const double turn =
                2 * pi * static_cast<double>(j) / static_cast<double>(size.n_110_per_330) + angle;
            const std::string leaf = station + "_" + number(j);
            buses.push_back(bus(
                leaf, {"Town " + number(k) + "-" + number(j), "站" + number(k) + "-" + number(j)},
                110, latitude + 0.045 * std::sin(turn), longitude + 0.06 * std::cos(turn), zone));
            lines.push_back(branch(
                "l_" + leaf,
                {"Feeder " + number(k) + "-" + number(j), "出线" + number(k) + "-" + number(j)},
                "line", station + "_110", leaf + "_110", 110, 200, 2));
        }
    }
}

void add_devices(ResultAxes& axes) {
    auto& sources = axes.of(Axis::source);
    sources.push_back(device("wind_1", {"Huangyuan wind", "湟源风电"}, "wind", "s1_110", 113));
    sources.push_back(device("pv_1", {"Distributed PV", "分布式光伏"}, "solar", "s2_110", 199));
    sources.push_back(device("laxiwa", {"Laxiwa (city share)", "拉西瓦（城市份额）"}, "hydro",
                             "south_750", 2000));
    sources.push_back(device("huangzhong", {"Huangzhong", "湟中电厂"}, "thermal", "s3_330", 1320));
    sources.push_back(device("waste", {"Waste-to-energy", "垃圾焚烧"}, "waste", "s4_110", 58.75));
    auto& loads = axes.of(Axis::load);
    loads.push_back(device("potline_1", {"Potlines", "电解铝"}, "potline", "s1_330", 0));
    loads.push_back(device("silicon", {"Silicon", "硅材料"}, "silicon", "s2_330", 0));
    loads.push_back(device("homes", {"Homes", "居民"}, "residential", "s3_110", 0));
    loads.push_back(device("heating", {"Electric heating", "电采暖"}, "heating", "s4_110", 0));
    loads.push_back(device("dc_1", {"Data centers", "数据中心"}, "data_center", "s5_110", 0));
    auto& storages = axes.of(Axis::storage);
    storages.push_back(
        device("chengbei", {"Chengbei shared storage", "城北共享储能"}, "battery", "s5_110", 200));
    storages.push_back(device("ganhe", {"Ganhe storage", "甘河储能"}, "battery", "s1_110", 100));
    auto& ties = axes.of(Axis::tie);
    ties.push_back(
        device("hainan", {"Hainan prefecture", "海南州"}, "external_grid", "base_750", 3000));
    ties.push_back(device("haixi", {"Haixi", "海西"}, "external_grid", "sea_750", 2000));
    ties.push_back(device("gansu", {"Gansu", "甘肃"}, "external_grid", "east_750", 4300));
    auto& sections = axes.of(Axis::section);
    sections.push_back(device("gansu_section", {"Gansu section", "甘肃断面"}, "section", "", 4300));
}

} // namespace

ResultAxes make_synthetic_axes(const SyntheticSize& size) {
    ResultAxes axes;
    axes.time = {.start = beijing_midnight(std::chrono::year{2025} / 1 / 1),
                 .step = std::chrono::minutes{60},
                 .n_step = size.n_step};
    add_backbone(axes);
    add_city(axes, size);
    add_devices(axes);
    return axes;
}

} // namespace yuanwang::test
