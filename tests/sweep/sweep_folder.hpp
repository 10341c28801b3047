/// @file
/// Sweeps over two days of the starter town, written into a folder of a test's own.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "report/temporary_folder.hpp"
#include "sweep/plan.hpp"

namespace yuanwang::sweep::testing {

class SweepFolder {
  public:
    SweepFolder() {
        write("base.yaml", "extends: [" YUANWANG_SOURCE_DIR "/scenarios/starter.yaml]\n"
                           "time: {duration: 2 d}\n");
    }

    std::filesystem::path write(const std::string& name, std::string_view text) const {
        std::ofstream{path() / name, std::ios::binary} << text;
        return path() / name;
    }
    [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

    /// The plan of a sweep file.
    [[nodiscard]] Plan plan(std::string_view text) const {
        SilentProgress progress;
        return make_plan(write("sweep.yaml", text), progress);
    }

    /// The faults of a sweep file as lines, with the folder taken off.
    [[nodiscard]] std::vector<std::string> find_faults(std::string_view text) const {
        try {
            (void)plan(text);
            return {};
        } catch (const InputError& error) {
            std::vector<std::string> lines;
            for (const Fault& fault : error.faults()) {
                std::string line = to_string(fault);
                const std::string prefix = path().string() + "/";
                for (std::size_t at; (at = line.find(prefix)) != std::string::npos;) {
                    line.erase(at, prefix.size());
                }
                lines.push_back(line);
            }
            return lines;
        }
    }

  private:
    test::TemporaryFolder folder_;
};

/// Six members in a blink.
inline constexpr std::string_view six_members = R"(base: base.yaml
axes:
  - {name: e_max_mwh, path: "storage.batteries[battery].e_max_mwh", values: [20, 40, 80]}
  - {path: weather.seed, values: [1, 2]}
design: full
indicators: [import_mwh, cost_cny, unserved_mwh]
rank: {by: cost_cny, limits: [{indicator: unserved_mwh, max: 0}]}
)";

} // namespace yuanwang::sweep::testing
