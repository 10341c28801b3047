/// What is computed once: weather among members, results among sweeps; and what a damaged or full store costs.
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/epoch/weather.hpp"
#include "engine/epoch/weather_driven.hpp"
#include "engine/simulator.hpp"
#include "report/result_folder.hpp"
#include "report/summary_json.hpp"
#include "sweep/blob_store.hpp"
#include "sweep/build_id.hpp"
#include "sweep/discarding_sink.hpp"
#include "sweep/field_bytes.hpp"
#include "sweep/run_sweep.hpp"
#include "sweep/stage_cache.hpp"
#include "sweep_folder.hpp"

namespace yuanwang::sweep {
namespace {

namespace fs = std::filesystem;
using report::read_file;
using ::testing::Each;
using testing::six_members;
using testing::SweepFolder;

std::vector<MemberState> run(const Plan& plan, const fs::path& folder, const fs::path& cache) {
    SilentProgress progress;
    return run_sweep(plan, folder,
                     {.n_thread = 2, .command_line = folder.filename(), .cache = {.folder = cache}},
                     progress);
}

std::string read_members_text(const Plan& plan, const fs::path& folder) {
    std::string all;
    for (const ManifestMember& member : plan.manifest.members) {
        all += read_file(member_folder(folder, member) / "summary.json");
        all += read_file(member_folder(folder, member) / "scenario.resolved.yaml");
    }
    return all;
}

std::size_t count_files(const fs::path& folder) {
    std::size_t n = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        n += entry.is_regular_file() ? 1U : 0U;
    }
    return n;
}

TEST(FieldBytes, AWeatherYearComesBackToTheBit) {
    SilentProgress progress;
    const auto scenario = scenario::load_scenario(YUANWANG_SOURCE_DIR "/scenarios/starter.yaml");
    const engine::SiteWeather weather = engine::make_site_weather(scenario.study, progress);
    FieldWriter writer;
    writer.write(weather);
    const std::string bytes = writer.take();
    engine::SiteWeather back;
    FieldReader reader{bytes};
    reader.read(back);
    EXPECT_FALSE(reader.failed());
    ASSERT_EQ(back.size(), weather.size());
    EXPECT_EQ(back[0].dni_w_per_m2, weather[0].dni_w_per_m2);
    EXPECT_EQ(back[0].sun_elevation_degree, weather[0].sun_elevation_degree);
    FieldWriter again;
    again.write(back);
    EXPECT_EQ(again.take(), bytes) << "a field was left out";
    for (const std::size_t n :
         {std::size_t{0}, std::size_t{7}, bytes.size() / 2, bytes.size() - 1}) {
        FieldReader cut{std::string_view{bytes}.substr(0, n)};
        cut.read(back);
        EXPECT_TRUE(cut.failed()) << n;
    }
}

TEST(StageCache, WeatherIsMadeOncePerSkyAndNotForStorageSizes) {
    const SweepFolder folder;
    const Plan plan = folder.plan(six_members); // three storage sizes, two skies
    StageCache cache{{}, plan.loader};
    SilentProgress progress;
    std::vector<std::jthread> threads;
    for (std::size_t k = 0; k < plan.layout.size(); ++k) {
        threads.emplace_back([&, k] {
            const auto scenario = load_member(plan, k);
            (void)cache.share(scenario).weather(scenario.study, progress);
        });
    }
    threads.clear();
    EXPECT_EQ(cache.weather_count().made, 2U);
    EXPECT_EQ(cache.weather_count().taken, 4U);
}

TEST(StageCache, AvailabilityIsMadeOncePerSkyAndAgainForOtherSources) {
    const SweepFolder folder;
    const Plan plan =
        folder.plan("base: base.yaml\naxes:\n"
                    "  - {path: \"storage.batteries[battery].e_max_mwh\", values: [20, 40]}\n"
                    "  - {path: \"sources.solar[sun_hill].p_rated_mw\", values: [200, 300]}\n"
                    "  - {path: dispatch.loss_rounds, values: [1, 2]}\n"
                    "indicators: [cost_cny]\n");
    StageCache cache{{}, plan.loader};
    SilentProgress progress;
    DiscardingSink sink;
    for (std::size_t k = 0; k < plan.layout.size(); ++k) {
        const auto scenario = load_member(plan, k);
        const auto shared =
            engine::simulate(scenario.study, sink, progress, {.shared = cache.share(scenario)});
        const auto alone = engine::simulate(scenario.study, sink, progress);
        EXPECT_EQ(report::format_summary_json(shared.summary),
                  report::format_summary_json(alone.summary))
            << k;
    }
    EXPECT_EQ(cache.weather_count().made, 1U);
    EXPECT_EQ(cache.availability_count().made, 4U) << "two sizes of solar, each at two airs";
    EXPECT_EQ(cache.availability_count().taken, 12U);
}

/// What feels no weather leaves availability alone, wherever in the scenario it stands.
TEST(StageCache, AvailabilityIsNotMadeAgainForLoadsGridAndPrices) {
    const SweepFolder folder;
    folder.write("load.yaml", "loads: {static: [{id: one, bus: town_110, p_mw: 1}]}\n");
    folder.write("line.yaml", "grid: {lines: [{id: l_gate_hill, length_km: 21}]}\n");
    const Plan plan = folder.plan("base: base.yaml\naxes:\n"
                                  "  - {name: more, overlays: [[], load.yaml, line.yaml]}\n"
                                  "indicators: [cost_cny]\n");
    StageCache cache{{}, plan.loader};
    SilentProgress progress;
    DiscardingSink sink;
    for (std::size_t k = 0; k < plan.layout.size(); ++k) {
        const auto scenario = load_member(plan, k);
        (void)engine::simulate(scenario.study, sink, progress, {.shared = cache.share(scenario)});
    }
    EXPECT_EQ(cache.availability_count().made, 2U) << "one at each of two airs";
    EXPECT_EQ(cache.availability_count().taken, 4U);
}

/// The store knows a stage by what it reads: another run finds it, whatever else of the scenario is new.
TEST(StageCache, ALaterRunTakesAvailabilityForNewLoadsStoragesAndPrices) {
    const SweepFolder folder;
    folder.write("town.yaml", "extends: [base.yaml]\n"
                              "loads: {static: [{id: one, bus: town_110, p_mw: 1}]}\n");
    const Plan plan = folder.plan(
        "base: town.yaml\naxes:\n"
        "  - {path: \"storage.batteries[battery].e_max_mwh\", values: [20, 40]}\n"
        "  - {path: \"loads.static[one].p_mw\", values: [1, 2]}\n"
        "  - {path: \"sources.external_grids[province].p_import_max_mw\", values: [200, 300]}\n"
        "  - {path: economics.co2_cny_per_t, values: [0, 50]}\n"
        "indicators: [cost_cny]\n");
    SilentProgress progress;
    DiscardingSink sink;
    const auto count_made = [&](std::size_t member) {
        StageCache cache{{.folder = folder.path() / "cache"}, plan.loader};
        const auto scenario = load_member(plan, member);
        (void)engine::simulate(scenario.study, sink, progress, {.shared = cache.share(scenario)});
        return cache.weather_count().made + cache.availability_count().made;
    };
    EXPECT_EQ(count_made(0), 3U); // a sky, its power at two airs
    for (std::size_t k = 1; k < plan.layout.size(); ++k) {
        EXPECT_EQ(count_made(k), 0U) << k;
    }
}

TEST(StageCache, TheKeyOfAvailabilityMovesWithAllThatAvailabilityReads) {
    const auto scenario =
        scenario::load_scenario(YUANWANG_SOURCE_DIR "/scenarios/teaching/two-valleys.yaml");
    SilentProgress progress;
    const engine::SiteWeather weather = engine::make_site_weather(scenario.study, progress);
    const engine::Epoch& base = scenario.study.epochs[0];
    const auto power = [&](const engine::Epoch& epoch) {
        engine::WeatherDriven driven;
        engine::compute_weather_driven(epoch.system, weather, scenario.study.time, epoch.steps,
                                       nullptr, driven);
        FieldWriter writer;
        writer.write(driven);
        return writer.take();
    };
    const auto key = [](const engine::Epoch& epoch) {
        return hash_driven_inputs(epoch, nullptr, "sky", engine::Air::of_site);
    };
    const std::string base_power = power(base);
    const auto expect = [&](bool moves, const char* what, auto change) {
        engine::Epoch changed = base;
        change(changed.system.sources);
        EXPECT_EQ(key(changed) != key(base), moves) << what;
        EXPECT_EQ(power(changed) != base_power, moves) << what;
    };
    using engine::Sources;
    expect(true, "solar", [](Sources& s) { s.solar.plants.p_rated_mw[0] += 1; });
    expect(true, "tilt", [](Sources& s) { s.solar.plants.tilt_degree[0] += 1; });
    expect(true, "base sun", [](Sources& s) { s.external_grids.grids.solar_mw[0] += 1; });
    expect(true, "base wind", [](Sources& s) { s.external_grids.grids.wind_mw[0] += 1; });
    expect(false, "tie", [](Sources& s) { s.external_grids.grids.p_import_max_mw[0] += 1; });
    expect(false, "price", [](Sources& s) { s.external_grids.grids.firm_price_cny_per_mwh[0]++; });
    expect(false, "water", [](Sources& s) { s.external_grids.grids.hydro_mw[0] += 1; });
    expect(false, "own load", [](Sources& s) { s.external_grids.grids.own_load_mw[0] += 1; });
    EXPECT_NE(key(base), hash_driven_inputs(base, nullptr, "sky", engine::Air::of_sea_level));
    EXPECT_NE(key(base), hash_driven_inputs(base, nullptr, "other sky", engine::Air::of_site));
}

TEST(StageCache, ASectionIsFoundWhole) {
    const std::string yaml =
        "time: {step: 1 h}\nweather:\n  seed: 1\n  sites:\n  - {id: a}\nloads:\n"
        "  x: 1\n";
    EXPECT_EQ(find_section(yaml, "time"), "time: {step: 1 h}\n");
    EXPECT_EQ(find_section(yaml, "weather"), "weather:\n  seed: 1\n  sites:\n  - {id: a}\n");
    EXPECT_EQ(find_section(yaml, "loads"), "loads:\n  x: 1\n");
    EXPECT_EQ(find_section(yaml, "storage"), "");
}

TEST(StageCache, CachedMembersHaveTheBytesOfFreshOnes) {
    const SweepFolder folder;
    const fs::path cache = folder.path() / "cache";
    for (const std::string keep : {"summary", "full"}) {
        const Plan plan = folder.plan(std::string{six_members} + "keep: " + keep + "\n");
        const fs::path cold = folder.path() / (keep + "_cold");
        const fs::path warm = folder.path() / (keep + "_warm");
        EXPECT_THAT(run(plan, cold, cache),
                    Each(::testing::Property(&MemberState::is_finished, true)));
        (void)run(plan, warm, cache);
        EXPECT_EQ(read_members_text(plan, cold), read_members_text(plan, warm));
        const auto made_by = [&](const fs::path& sweep) {
            return read_file(member_folder(sweep, plan.manifest.members[0]) / "run.json");
        };
        EXPECT_EQ(made_by(cold), made_by(warm)) << "was computed again";
        if (keep == "full") {
            EXPECT_TRUE(read_file(member_folder(cold, plan.manifest.members[3]) / "results.nc") ==
                        read_file(member_folder(warm, plan.manifest.members[3]) / "results.nc"));
        }
    }
}

TEST(StageCache, AGrownSweepComputesOnlyWhatIsNew) {
    const SweepFolder folder;
    const fs::path cache = folder.path() / "cache";
    const auto sweep = [](const char* sizes) {
        return std::string{"base: base.yaml\naxes:\n  - {path: "
                           "\"storage.batteries[battery].e_max_mwh\", values: "} +
               sizes + "}\nindicators: [cost_cny]\n";
    };
    (void)run(folder.plan(sweep("[20, 40]")), folder.path() / "small", cache);
    const Plan grown = folder.plan(sweep("[20, 30, 40]"));
    (void)run(grown, folder.path() / "grown", cache);
    const auto made_in = [&](std::size_t k) {
        return read_file(member_folder(folder.path() / "grown", grown.manifest.members[k]) /
                         "run.json");
    };
    EXPECT_THAT(made_in(0), ::testing::HasSubstr("\"command_line\": \"small\""));
    EXPECT_THAT(made_in(1), ::testing::HasSubstr("\"command_line\": \"grown\""));
    EXPECT_THAT(made_in(2), ::testing::HasSubstr("\"command_line\": \"small\""));
}

TEST(StageCache, ADamagedStoreIsNoticedAndMended) {
    const SweepFolder folder;
    const fs::path cache = folder.path() / "cache";
    const Plan plan = folder.plan(six_members);
    (void)run(plan, folder.path() / "cold", cache);
    std::size_t n = 0;
    for (const auto& entry : fs::recursive_directory_iterator(cache)) {
        if (entry.is_regular_file()) { // every second is cut, every other has a byte changed
            if (++n % 2 == 0) {
                fs::resize_file(entry.path(), entry.file_size() - 1);
            } else {
                std::fstream file{entry.path(), std::ios::in | std::ios::out | std::ios::binary};
                file.seekp(static_cast<std::streamoff>(entry.file_size() / 2));
                file.put('\x7f');
            }
        }
    }
    EXPECT_EQ(n, 12U); // two skies, what they give at two airs, six members
    (void)run(plan, folder.path() / "after", cache);
    EXPECT_EQ(read_members_text(plan, folder.path() / "cold"),
              read_members_text(plan, folder.path() / "after"));
    EXPECT_EQ(count_files(cache), 12U);
}

TEST(BlobStore, KeepsToItsLimitAndDropsWhatWasNotUsed) {
    const SweepFolder folder;
    BlobStore store{folder.path() / "store", 5000};
    const std::string bytes(1000, 'x');
    const auto key = [](int k) { return std::to_string(10 + k) + "abcdef"; };
    for (int k = 0; k < 4; ++k) {
        store.put("stage", key(k), bytes);
        std::this_thread::sleep_for(std::chrono::milliseconds{15});
    }
    EXPECT_TRUE(store.find("stage", key(0)).has_value()); // used again
    std::this_thread::sleep_for(std::chrono::milliseconds{15});
    store.put("stage", key(4), bytes);
    EXPECT_TRUE(store.find("stage", key(0)).has_value());
    EXPECT_FALSE(store.find("stage", key(1)).has_value());
    EXPECT_EQ(store.find("stage", key(4)), bytes);
    store.put("stage", key(5), std::string(6000, 'x'));
    EXPECT_FALSE(store.find("stage", key(5)).has_value()) << "larger than the whole store";
}

TEST(BuildId, IsTheLinkersHash) {
    EXPECT_THAT(build_id(), ::testing::MatchesRegex("[0-9a-f]{16,64}"));
}

} // namespace
} // namespace yuanwang::sweep
