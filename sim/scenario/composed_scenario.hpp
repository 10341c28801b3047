/// @file
/// A scenario read and composed once, from which many variants are loaded: texts are parsed once, settings differ.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "scenario/compose.hpp"
#include "scenario/load_study.hpp"

namespace yuanwang::scenario {

class ComposedScenario {
  public:
    /// Reads the file, all it extends, then the overlays. Faults are kept for `load`; throws `IoError` where a file cannot
    /// be read.
    explicit ComposedScenario(const std::filesystem::path& file,
                              const std::vector<std::filesystem::path>& overlays = {});

    /// What `load_scenario` of the same file, overlays and settings returns, or throws. Any number of threads may load at
    /// once.
    [[nodiscard]] LoadedScenario load(const std::vector<std::string>& set) const;

    [[nodiscard]] const std::vector<std::filesystem::path>& inputs() const {
        return composition_.inputs;
    }

  private:
    std::vector<Fault> faults_; ///< before what fills it
    Composition composition_;
};

} // namespace yuanwang::scenario
