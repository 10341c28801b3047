/// @file
/// Nothing twice: what members have in common is computed once, in memory for the threads of a run, in a store on disk for
/// other runs.
///
///     weather   key: program, sections `time` and `weather` of the resolved scenario, bytes of the weather files
///     results   key: program, hash of the member, whether series are kept
///
/// Changing a storage size recomputes no weather; a sweep that grows by a point, or is asked for other indicators or another
/// ranking, computes nothing it has had. Dispatch and power flow hand losses to each other block by block, and everything
/// after reads both, so what they make is kept as a whole: the results.
#pragma once

#include <cstdint>
#include <filesystem>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/shared_stages.hpp"
#include "scenario/load_study.hpp"
#include "sweep/blob_store.hpp"
#include "sweep/member_loader.hpp"

namespace yuanwang::sweep {

struct CacheOptions {
    std::filesystem::path folder;             ///< empty: memory only
    std::uintmax_t max_bytes = 2'000'000'000; ///< of the folder
    std::size_t n_in_memory = 8;              ///< weather years kept, the last used ones
};

class StageCache {
  public:
    StageCache(const CacheOptions& options, std::shared_ptr<MemberLoader> loader);

    /// The shared stages of one member.
    [[nodiscard]] engine::SharedStages share(const scenario::LoadedScenario& scenario);

    /// Files of a finished member as they were stored, by name; nothing where there are none.
    [[nodiscard]] std::optional<std::map<std::string, std::string>>
    find_results(const std::string& member_hash, bool keep_series);
    void put_results(const std::string& member_hash, bool keep_series,
                     const std::map<std::string, std::string>& files);
    [[nodiscard]] bool keeps_results() const { return store_.has_value(); }

    struct Count {
        std::size_t made = 0;
        std::size_t taken = 0; ///< from memory or the store
    };
    [[nodiscard]] Count weather_count() const;
    [[nodiscard]] std::size_t n_damaged() const { return store_ ? store_->n_damaged() : 0; }

  private:
    using Weather = std::shared_ptr<const engine::SiteWeather>;
    Weather find_weather(const std::string& key, const engine::Study& study, Progress& progress);
    Weather make_weather(const std::string& key, const engine::Study& study, Progress& progress);

    std::shared_ptr<MemberLoader> loader_;
    std::optional<BlobStore> store_;
    std::size_t n_in_memory_;
    mutable std::mutex mutex_; ///< guards what follows
    std::map<std::string, std::shared_future<Weather>> weather_;
    std::list<std::string> used_; ///< keys of `weather_`, the last used first
    Count count_;
};

/// A top-level section of a resolved scenario, as text; empty where there is none.
[[nodiscard]] std::string_view find_section(std::string_view resolved_yaml, std::string_view name);

} // namespace yuanwang::sweep
