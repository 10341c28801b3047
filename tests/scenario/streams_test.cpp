// Random parts hang on the id of their element: one more before it in its list changes nothing.
#include "scenario/streams.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/epoch/availability.hpp"
#include "engine/epoch/dispatch_table.hpp"
#include "engine/epoch/weather.hpp"
#include "engine/epoch/weather_driven.hpp"
#include "files.hpp"
#include "network/network.hpp"

namespace yuanwang::scenario {
namespace {

/// A town with two of each device that has a random part; `x` comes first and may be left out.
std::string write_town(bool with_x) {
    std::string text = R"(scenario: {id: town, name: Town}
time: {start: 2025-01-06, duration: 7 d}
weather:
  sites:
    - {id: s, latitude_degree: 36, longitude_degree: 101, altitude_m: 2300, normals: {ghi_kwh_per_m2: [80, 100, 130, 164, 170, 170, 195, 153, 114, 111, 90, 76], temperature_c: [-7, -4, 2, 8, 12, 16, 18, 16, 12, 6, -1, -6], temperature_range_k: [16, 16, 14, 14, 13, 12, 12, 12, 12, 12, 15, 16], relative_humidity: [0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 0.7, 0.7, 0.6, 0.6, 0.5], wind_speed_m_per_s: [3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3]}}
grid:
  substations:
    - {id: st, zone: z, kind: public, in_city: true, latitude_degree: 36, longitude_degree: 101, levels_kv: [110]}
sources:
  generators:
    - {id: g, bus: st_110, p_mw: 10, slack: true}
)";
    const auto list = [&](const std::string& head, const std::string& line) {
        text += head;
        for (const std::string id : {"x", "a"}) {
            if (id == "a" || with_x) {
                text += "    - {id: " + id + "_" + line + "}\n";
            }
        }
    };
    list("  wind:\n",
         "wind, bus: st_110, site: s, p_rated_mw: 30, power_curve: iec_class_3, hub_height_m: 100, "
         "shear_exponent: 0.14, speed_factor: 2, farm_efficiency: 0.9, availability: 0.7, "
         "turbines: 6, cold_cut_out_c: -30");
    list("loads:\n  profiled:\n", "homes, bus: st_110, category: residential, p_mean_mw: 40, "
                                  "noise: 0.1, power_factor: 0.98");
    list("  data_centers:\n",
         "hall, bus: st_110, site: s, racks: 100, pflops: 10, it_mw: 10, idle_share: 0.4, "
         "utilisation_mean: 0.5, utilisation_swing: 0.1, peak_hour: 15, ups_efficiency: 0.95, "
         "liquid_share: 0, free_cooling_c: 18, chiller_cop: 8, noise: 0.1, power_factor: 0.98");
    list("  works:\n",
         "pullers, bus: st_110, category: mono_silicon, output_per_year: 100000, kwh_per_unit: "
         "1000, utilisation: 1, noise: 0.05, furnaces: 3, batch_h: 60, idle_h: 8, heat_h: 8, "
         "heat_ratio: 1.4, idle_ratio: 0.1, power_factor: 0.98");
    list("  managed:\n", "group, zone: z, layer_kv: 110, shed_class: 1, category: works, records: "
                         "50, p_managed_mw: 5");
    return text;
}

/// What the devices whose ids begin with `a` do, step by step, in the order of their families.
struct Random {
    std::vector<double> loads_mw;
    std::vector<double> wind_mw;
    std::vector<double> records_mw;
};

Random sample(const engine::Study& study) {
    SilentProgress progress;
    const std::vector<models::WeatherYear> weather = engine::make_site_weather(study, progress);
    const engine::System& system = study.epochs[0].system;
    const StepRange week{0, study.time.n_step};
    Random out;
    engine::Demand demand;
    engine::compute_demand(system, weather, study.time, week, study.seed, demand);
    std::size_t row = 0;
    engine::visit_loads(system.loads, [&](const engine::LoadPlacement& family) {
        for (const std::string& id : family.id) {
            for (std::size_t t = 0; id.starts_with("a_") && t < week.count; ++t) {
                out.loads_mw.push_back(demand.p_mw(row, t));
            }
            ++row;
        }
    });
    engine::WeatherDriven driven;
    engine::compute_weather_driven(system, weather, study.time, week, nullptr, driven);
    for (std::size_t t = 0; t < week.count; ++t) {
        out.wind_mw.push_back(driven.wind_mw(system.sources.wind.size() - 1, t));
    }
    const auto table = engine::make_dispatch_table(system, network::make_network(system.grid),
                                                   study.economics, study.time.dt_h());
    const std::vector<double>& p_mw = table.rows.managed.records.p_mw;
    out.records_mw.assign(p_mw.end() - 50, p_mw.end());
    return out;
}

TEST(Streams, OneElementMoreLeavesTheRandomPartOfAllOthersAsItWas) {
    const Random alone = sample(testing::load_text(write_town(false)));
    const Random second = sample(testing::load_text(write_town(true)));
    ASSERT_EQ(alone.loads_mw.size(), 3U * 168U);
    EXPECT_EQ(alone.loads_mw, second.loads_mw);
    EXPECT_EQ(alone.wind_mw, second.wind_mw);
    EXPECT_EQ(alone.records_mw, second.records_mw);
}

TEST(Streams, ElementsThatDifferInTheirIdOnlyDifferInTheirRandomPart) {
    const engine::Study study = testing::load_text(write_town(true));
    std::string renamed = write_town(false);
    for (std::size_t at = 0; (at = renamed.find("id: a_", at)) != std::string::npos;) {
        renamed.replace(at, 6, "id: x_");
    }
    engine::Study other = testing::load_text(renamed);
    other.epochs[0].system.loads.profiled.id[0] = "a_homes"; // where sample() looks
    other.epochs[0].system.loads.data_centers.id[0] = "a_hall";
    other.epochs[0].system.loads.works.id[0] = "a_pullers";
    const Random a = sample(study);
    const Random x = sample(other);
    ASSERT_EQ(a.loads_mw.size(), x.loads_mw.size());
    for (std::size_t i = 0; i < a.loads_mw.size(); ++i) {
        EXPECT_NE(a.loads_mw[i], x.loads_mw[i]) << i;
    }
    EXPECT_NE(a.wind_mw, x.wind_mw);
    EXPECT_NE(a.records_mw, x.records_mw);
}

} // namespace
} // namespace yuanwang::scenario
