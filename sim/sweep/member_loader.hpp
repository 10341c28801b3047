/// @file
/// From a combination of points to its scenario: texts are parsed once, whatever the number of members.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "scenario/composed_scenario.hpp"
#include "sweep/sweep_file.hpp"

namespace yuanwang::sweep {

/// Any number of threads may load at once.
class MemberLoader {
  public:
    MemberLoader(std::filesystem::path base, std::vector<Axis> axes);

    /// Overlays in the order of their axes, then settings in the order of theirs. Throws `InputError` where the scenario has
    /// faults.
    [[nodiscard]] scenario::LoadedScenario load(const Combination& points);

    /// SHA-256 over the program (maker_id), the resolved scenario and the bytes of the weather files it names.
    [[nodiscard]] std::string hash(const scenario::LoadedScenario& scenario);

    /// SHA-256 of a file, read again only where its time or size has changed.
    [[nodiscard]] std::string hash_input(const std::filesystem::path& file);

    /// The overlay files of a combination, and its settings as `--set` would write them.
    [[nodiscard]] std::vector<std::filesystem::path> list_overlays(const Combination& points) const;
    [[nodiscard]] std::vector<std::string> list_settings(const Combination& points) const;

    /// Every file read so far with its hash, by name: scenario files, overlays, weather.
    [[nodiscard]] std::map<std::string, std::string> list_inputs();

  private:
    using Files = std::vector<std::filesystem::path>;
    std::shared_ptr<const scenario::ComposedScenario> compose(const Files& overlays);

    struct HashedFile {
        std::filesystem::file_time_type time;
        std::uintmax_t bytes = 0;
        std::string sha256;
    };
    std::filesystem::path base_;
    std::vector<Axis> axes_;
    std::mutex mutex_; ///< guards what follows
    std::map<Files, std::shared_ptr<const scenario::ComposedScenario>> composed_;
    std::map<std::string, HashedFile> files_;
};

} // namespace yuanwang::sweep
