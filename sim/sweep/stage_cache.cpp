#include "sweep/stage_cache.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "engine/epoch/weather.hpp"
#include "engine/epoch/weather_driven.hpp"
#include "report/sha256.hpp"
#include "sweep/build_id.hpp"
#include "sweep/field_bytes.hpp"

namespace yuanwang::sweep {

namespace {

/// A stage from the store, else made and put there; and whether it was made.
template <class T>
std::pair<std::shared_ptr<const T>, bool>
find_or_make(std::optional<BlobStore>& store, std::string_view stage, const std::string& key,
             const std::function<T()>& make) {
    if (const auto bytes = store ? store->find(stage, key) : std::nullopt) {
        auto stored = std::make_shared<T>();
        FieldReader reader{*bytes};
        reader.read(*stored);
        if (!reader.failed()) {
            return {std::move(stored), false};
        }
    }
    auto made = std::make_shared<const T>(make());
    if (store) {
        FieldWriter writer;
        writer.write(*made);
        store->put(stage, key, writer.take());
    }
    return {std::move(made), true};
}

std::vector<std::int32_t> list_rows(const std::vector<SiteIdx>& sites) {
    std::vector<std::int32_t> rows;
    for (const SiteIdx site : sites) {
        rows.push_back(site.value);
    }
    return rows;
}

} // namespace

StageCache::StageCache(const CacheOptions& options, std::shared_ptr<MemberLoader> loader)
    : loader_{std::move(loader)}, weather_{options.n_in_memory}, availability_{
                                                                     4 * options.n_in_memory} {
    if (!options.folder.empty()) {
        store_.emplace(options.folder, options.max_bytes);
    }
}

engine::SharedStages StageCache::share(const scenario::LoadedScenario& scenario) {
    const std::string& yaml = scenario.resolved_yaml;
    std::string text = fmt::format("{}\n{}\n{}\n", maker_id(), find_section(yaml, "time"),
                                   find_section(yaml, "weather"));
    for (const std::string& epw : scenario.study.sites.epw) {
        text += epw.empty() ? "-\n" : loader_->hash_input(epw) + "\n";
    }
    const std::string weather_key = report::hash_text(text);
    engine::SharedStages shared;
    shared.weather = [this, weather_key](const engine::Study& study, Progress& progress) {
        return weather_.find(weather_key, [&] {
            return find_or_make<engine::SiteWeather>(store_, "weather", weather_key, [&] {
                return engine::make_site_weather(study, progress);
            });
        });
    };
    shared.driven = [this, weather_key](const engine::Study& study, std::size_t epoch,
                                        std::span<const models::WeatherYear> weather,
                                        engine::Air air, const engine::WeatherDriven* before) {
        const engine::Epoch& at = study.epochs[epoch];
        const engine::ExposedState* state = before != nullptr ? &before->at_end : nullptr;
        const std::string key = hash_driven_inputs(at, state, weather_key, air);
        return availability_.find(key, [&] {
            return find_or_make<engine::WeatherDriven>(store_, "availability", key, [&] {
                engine::WeatherDriven driven;
                engine::compute_weather_driven(at.system, weather, study.time, at.steps, state,
                                               driven);
                return driven;
            });
        });
    };
    return shared;
}

namespace {

std::string name_results(const std::string& member_hash, bool keep_series) {
    return report::hash_text(
        fmt::format("{}\n{}\n{}", maker_id(), member_hash, keep_series ? "full" : "summary"));
}

} // namespace

std::optional<std::map<std::string, std::string>>
StageCache::find_results(const std::string& member_hash, bool keep_series) {
    const auto bytes =
        store_ ? store_->find("results", name_results(member_hash, keep_series)) : std::nullopt;
    if (!bytes) {
        return std::nullopt;
    }
    std::vector<std::string> names;
    std::vector<std::string> contents;
    FieldReader reader{*bytes};
    reader.read(names);
    reader.read(contents);
    if (reader.failed() || names.size() != contents.size()) {
        return std::nullopt;
    }
    std::map<std::string, std::string> files;
    for (std::size_t k = 0; k < names.size(); ++k) {
        files[names[k]] = std::move(contents[k]);
    }
    return files;
}

void StageCache::put_results(const std::string& member_hash, bool keep_series,
                             const std::map<std::string, std::string>& files) {
    if (!store_) {
        return;
    }
    std::vector<std::string> names;
    std::vector<std::string> contents;
    for (const auto& [name, content] : files) {
        names.push_back(name);
        contents.push_back(content);
    }
    FieldWriter writer;
    writer.write(names);
    writer.write(contents);
    store_->put("results", name_results(member_hash, keep_series), writer.take());
}

std::string_view find_section(std::string_view resolved_yaml, std::string_view name) {
    const std::string head = fmt::format("{}:", name);
    for (std::size_t at = 0; at < resolved_yaml.size();) {
        std::size_t end = resolved_yaml.find('\n', at);
        end = end == std::string_view::npos ? resolved_yaml.size() : end + 1;
        if (resolved_yaml.substr(at).starts_with(head)) {
            while (end < resolved_yaml.size() &&
                   (resolved_yaml[end] == ' ' || resolved_yaml[end] == '-' ||
                    resolved_yaml[end] == '#' || resolved_yaml[end] == '\n')) {
                const std::size_t next = resolved_yaml.find('\n', end);
                end = next == std::string_view::npos ? resolved_yaml.size() : next + 1;
            }
            return resolved_yaml.substr(at, end - at);
        }
        at = end;
    }
    return {};
}

std::string hash_driven_inputs(const engine::Epoch& epoch, const engine::ExposedState* before,
                               const std::string& weather_key, engine::Air air) {
    const engine::Sources& sources = epoch.system.sources;
    const models::ExternalGrids& bases = sources.external_grids.grids;
    FieldWriter writer;
    writer.write(weather_key);
    writer.write(air);
    writer.write(epoch.steps);
    if (before != nullptr) {
        writer.write(*before);
    }
    writer.write(sources.solar.id);
    writer.write(list_rows(sources.solar.site));
    writer.write(sources.solar.plants);
    writer.write(sources.wind.id);
    writer.write(list_rows(sources.wind.site));
    writer.write(sources.wind.farms);
    writer.write(list_rows(sources.external_grids.solar_site));
    writer.write(list_rows(sources.external_grids.wind_site));
    writer.write(bases.solar_mw);
    writer.write(bases.wind_mw);
    writer.write(bases.wind_speed_factor);
    return report::hash_text(writer.take());
}

} // namespace yuanwang::sweep
