/// @file
/// Nothing twice: what members have in common is computed once, in memory for the threads of a run, in a store on disk for
/// other runs.
///
///     weather        key: program, sections `time` and `weather` of the resolved scenario, bytes of the weather files
///     availability   key: that of the weather, steps of the epoch, the plants and bases that feel it, column by column
///     results        key: program, hash of the member, whether series are kept
///
/// Changing a storage size, a load, a line, a price, or a project that brings no plant, recomputes no weather and no
/// availability, in this run or a later one; a sweep that grows by a point, or is asked for other indicators or another
/// ranking, computes nothing it has had. Dispatch and power flow hand losses to each other block by block, and everything
/// after reads both, so what they make is kept as a whole: the results.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/epoch/shared_stages.hpp"
#include "scenario/load_study.hpp"
#include "sweep/blob_store.hpp"
#include "sweep/member_loader.hpp"

namespace yuanwang::sweep {

struct CacheOptions {
    std::filesystem::path folder;             ///< empty: memory only
    std::uintmax_t max_bytes = 2'000'000'000; ///< of the folder
    std::size_t n_in_memory = 16;             ///< results of each stage kept, the last used ones
};

/// How often a stage was computed, and how often it was there already.
struct StageCount {
    std::size_t made = 0;
    std::size_t taken = 0; ///< from memory or the store
};

/// One result per key, made once however many threads ask; the last used ones are kept.
template <class T>
class OnceMap {
  public:
    using Value = std::shared_ptr<const T>;

    explicit OnceMap(std::size_t n_kept) : n_kept_{n_kept} {}

    /// `make` returns the value and whether it had to be computed. Throws what it throws; then the next one to ask makes it.
    Value find(const std::string& key, const std::function<std::pair<Value, bool>()>& make) {
        std::promise<Value> promise;
        if (const auto there = find_or_enter(key, promise); there.valid()) {
            return there.get();
        }
        try {
            auto [value, computed] = make();
            promise.set_value(value);
            const std::scoped_lock lock{mutex_};
            ++(computed ? count_.made : count_.taken);
            return value;
        } catch (...) {
            promise.set_exception(std::current_exception());
            const std::scoped_lock lock{mutex_};
            values_.erase(key);
            used_.remove(key);
            throw;
        }
    }

    [[nodiscard]] StageCount count() const {
        const std::scoped_lock lock{mutex_};
        return count_;
    }

  private:
    /// What is there, or nothing: then `promise` has taken its place.
    std::shared_future<Value> find_or_enter(const std::string& key, std::promise<Value>& promise) {
        const std::scoped_lock lock{mutex_};
        std::shared_future<Value> there;
        if (const auto known = values_.find(key); known != values_.end()) {
            there = known->second;
            used_.remove(key);
            ++count_.taken;
        } else {
            values_.emplace(key, promise.get_future().share());
        }
        used_.push_front(key);
        while (used_.size() > n_kept_) {
            values_.erase(used_.back());
            used_.pop_back();
        }
        return there;
    }

    std::size_t n_kept_;
    mutable std::mutex mutex_; ///< guards what follows
    std::map<std::string, std::shared_future<Value>> values_;
    std::list<std::string> used_; ///< the last used first
    StageCount count_;
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

    [[nodiscard]] StageCount weather_count() const { return weather_.count(); }
    [[nodiscard]] StageCount availability_count() const { return availability_.count(); }
    [[nodiscard]] std::size_t n_damaged() const { return store_ ? store_->n_damaged() : 0; }

  private:
    std::shared_ptr<MemberLoader> loader_;
    std::optional<BlobStore> store_;
    OnceMap<engine::SiteWeather> weather_;
    OnceMap<engine::WeatherDriven> availability_;
};

/// A top-level section of a resolved scenario, as text; empty where there is none.
[[nodiscard]] std::string_view find_section(std::string_view resolved_yaml, std::string_view name);

/// SHA-256 over all that the power of sun and wind of an epoch is computed from (engine/epoch/weather_driven.hpp), and nothing
/// else: the weather, the steps, the state before, plants and farms with their ids and sites, and of the external grids what they have of both.
[[nodiscard]] std::string hash_driven_inputs(const engine::Epoch& epoch,
                                             const engine::ExposedState* before,
                                             const std::string& weather_key, engine::Air air);

} // namespace yuanwang::sweep
