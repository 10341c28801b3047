#include "sweep/stage_cache.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "engine/weather.hpp"
#include "report/sha256.hpp"
#include "sweep/build_id.hpp"
#include "sweep/field_bytes.hpp"

namespace yuanwang::sweep {

StageCache::StageCache(const CacheOptions& options, std::shared_ptr<MemberLoader> loader)
    : loader_{std::move(loader)}, n_in_memory_{options.n_in_memory} {
    if (!options.folder.empty()) {
        store_.emplace(options.folder, options.max_bytes);
    }
}

engine::SharedStages StageCache::share(const scenario::LoadedScenario& scenario) {
    std::string text =
        fmt::format("{}\n{}\n{}\n", build_id(), find_section(scenario.resolved_yaml, "time"),
                    find_section(scenario.resolved_yaml, "weather"));
    for (const std::string& epw : scenario.study.sites.epw) {
        text += epw.empty() ? "-\n" : loader_->hash_input(epw) + "\n";
    }
    return {.weather = [this, key = report::hash_text(text)](const engine::Study& study,
                                                             Progress& progress) {
        return find_weather(key, study, progress);
    }};
}

StageCache::Weather StageCache::find_weather(const std::string& key, const engine::Study& study,
                                             Progress& progress) {
    std::promise<Weather> promise;
    std::shared_future<Weather> there;
    {
        const std::scoped_lock lock{mutex_};
        if (const auto known = weather_.find(key); known != weather_.end()) {
            there = known->second;
            used_.remove(key);
            ++count_.taken;
        } else {
            weather_.emplace(key, promise.get_future().share());
        }
        used_.push_front(key);
        while (used_.size() > n_in_memory_) {
            weather_.erase(used_.back());
            used_.pop_back();
        }
    }
    if (there.valid()) {
        return there.get(); // throws what making it threw
    }
    try {
        Weather weather = make_weather(key, study, progress);
        promise.set_value(weather);
        return weather;
    } catch (...) {
        promise.set_exception(std::current_exception());
        const std::scoped_lock lock{mutex_};
        weather_.erase(key); // a wish to stop is no property of the weather
        used_.remove(key);
        throw;
    }
}

StageCache::Weather StageCache::make_weather(const std::string& key, const engine::Study& study,
                                             Progress& progress) {
    if (store_) {
        if (const auto bytes = store_->find("weather", key)) {
            auto weather = std::make_shared<engine::SiteWeather>();
            FieldReader reader{*bytes};
            reader.read(*weather);
            if (!reader.failed()) {
                const std::scoped_lock lock{mutex_};
                ++count_.taken;
                return weather;
            }
        }
    }
    auto weather =
        std::make_shared<const engine::SiteWeather>(engine::make_site_weather(study, progress));
    if (store_) {
        FieldWriter writer;
        writer.write(*weather);
        store_->put("weather", key, writer.take());
    }
    const std::scoped_lock lock{mutex_};
    ++count_.made;
    return weather;
}

namespace {

std::string name_results(const std::string& member_hash, bool keep_series) {
    return report::hash_text(
        fmt::format("{}\n{}\n{}", build_id(), member_hash, keep_series ? "full" : "summary"));
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

StageCache::Count StageCache::weather_count() const {
    const std::scoped_lock lock{mutex_};
    return count_;
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

} // namespace yuanwang::sweep
