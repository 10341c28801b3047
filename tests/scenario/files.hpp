/// @file
/// Scenario files for tests: written into a folder of their own, gone with it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "scenario/load_study.hpp"

namespace yuanwang::scenario::testing {

class Folder {
  public:
    Folder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "yuanwang-scenario-XXXXXX").string();
        root_ = ::mkdtemp(pattern.data());
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(root_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::filesystem::path write(const std::string& name, std::string_view text) const {
        const std::filesystem::path file = root_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file, std::ios::binary} << text;
        return file;
    }
    [[nodiscard]] const std::filesystem::path& root() const { return root_; }

  private:
    std::filesystem::path root_;
};

/// Faults as lines, with the folder taken off their files.
inline std::vector<std::string> shorten(const InputError& error, const Folder& folder) {
    std::vector<std::string> lines;
    const std::string prefix = folder.root().string() + "/";
    for (const Fault& fault : error.faults()) {
        std::string line = to_string(fault);
        for (std::size_t at = line.find(prefix); at != std::string::npos; at = line.find(prefix)) {
            line.erase(at, prefix.size());
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

/// The faults of a file; none where it loads.
inline std::vector<std::string> find_faults(const Folder& folder, const std::string& name,
                                            const LoadOptions& options = {}) {
    try {
        (void)load_scenario(folder.root() / name, options);
        return {};
    } catch (const InputError& error) {
        return shorten(error, folder);
    }
}

/// The faults of a text, as `s.yaml`.
inline std::vector<std::string> find_faults(std::string_view text,
                                            const LoadOptions& options = {}) {
    const Folder folder;
    folder.write("s.yaml", text);
    return find_faults(folder, "s.yaml", options);
}

inline engine::Study load_text(std::string_view text, const LoadOptions& options = {}) {
    const Folder folder;
    return load_scenario(folder.write("s.yaml", text), options).study;
}

/// A year on two buses of 110 kV: a generator, a line, a load.
///
///     a ──── l ──── b
///     g             d
inline constexpr std::string_view two_buses = R"(scenario: {id: two, name: Two buses}
time: {start: 2025-01-01, duration: 1 y}
grid:
  buses:
    - {id: a, base_kv: 110}
    - {id: b, base_kv: 110}
  lines:
    - {id: l, from: a, to: b, length_km: 10, conductor: LGJ-240/30}
sources:
  generators:
    - {id: g, bus: a, p_mw: 10, slack: true}
loads:
  static:
    - {id: d, bus: b, p_mw: 10}
)";

/// `two_buses` with the first `from` replaced by `to`.
inline std::string change(std::string from, std::string_view to,
                          std::string_view base = two_buses) {
    std::string text{base};
    const std::size_t at = text.find(from);
    if (at == std::string::npos) {
        throw std::logic_error("no such text: " + from);
    }
    return text.replace(at, from.size(), to);
}

} // namespace yuanwang::scenario::testing
