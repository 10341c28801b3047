#include "sweep/member_loader.hpp"

#include <utility>

#include <fmt/format.h>

#include "report/sha256.hpp"
#include "sweep/build_id.hpp"

namespace yuanwang::sweep {

namespace fs = std::filesystem;

namespace {

/// Compositions kept at once; a city's takes a few megabytes.
constexpr std::size_t max_composed = 32;

} // namespace

MemberLoader::MemberLoader(fs::path base, std::vector<Axis> axes)
    : base_{std::move(base)}, axes_{std::move(axes)} {}

scenario::LoadedScenario MemberLoader::load(const Combination& points) {
    return compose(list_overlays(points))->load(list_settings(points));
}

std::string MemberLoader::hash(const scenario::LoadedScenario& scenario) {
    std::string text = fmt::format("{}\n{}", maker_id(), scenario.resolved_yaml);
    for (const std::string& epw : scenario.study.sites.epw) {
        text += epw.empty() ? "" : hash_input(epw) + "\n";
    }
    return report::hash_text(text);
}

std::string MemberLoader::hash_input(const fs::path& file) {
    std::error_code error; // a file that cannot be read is told by the hash
    const fs::file_time_type time = fs::last_write_time(file, error);
    const std::uintmax_t bytes = fs::file_size(file, error);
    {
        const std::scoped_lock lock{mutex_};
        const auto known = files_.find(file.string());
        if (known != files_.end() && known->second.time == time && known->second.bytes == bytes) {
            return known->second.sha256;
        }
    }
    std::string sha256 = report::hash_file(file);
    const std::scoped_lock lock{mutex_};
    files_[file.string()] = {time, bytes, sha256};
    return sha256;
}

std::vector<fs::path> MemberLoader::list_overlays(const Combination& points) const {
    std::vector<fs::path> files;
    for (std::size_t k = 0; k < axes_.size(); ++k) {
        if (axes_[k].path.empty()) {
            const auto& of_point = axes_[k].overlays[points[k].row];
            files.insert(files.end(), of_point.begin(), of_point.end());
        }
    }
    return files;
}

std::vector<std::string> MemberLoader::list_settings(const Combination& points) const {
    std::vector<std::string> settings;
    for (std::size_t k = 0; k < axes_.size(); ++k) {
        if (!axes_[k].path.empty()) {
            settings.push_back(fmt::format("{}={}", axes_[k].path, points[k].text));
        }
    }
    return settings;
}

std::map<std::string, std::string> MemberLoader::list_inputs() {
    const std::scoped_lock lock{mutex_};
    std::map<std::string, std::string> inputs;
    for (const auto& [file, hashed] : files_) {
        inputs[file] = hashed.sha256;
    }
    return inputs;
}

std::shared_ptr<const scenario::ComposedScenario> MemberLoader::compose(const Files& overlays) {
    {
        const std::scoped_lock lock{mutex_};
        if (const auto there = composed_.find(overlays); there != composed_.end()) {
            return there->second;
        }
    }
    auto composed = std::make_shared<const scenario::ComposedScenario>(base_, overlays);
    for (const fs::path& input : composed->inputs()) {
        (void)hash_input(input);
    }
    const std::scoped_lock lock{mutex_};
    if (composed_.size() >= max_composed) {
        composed_.clear();
    }
    composed_[overlays] = composed;
    return composed;
}

} // namespace yuanwang::sweep
