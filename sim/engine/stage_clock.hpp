/// @file
/// How long the stages of a run take: wall time by name, for `run.json` only. No decision looks at it.
#pragma once

#include <chrono>
#include <map>
#include <string>

namespace yuanwang::engine {

/// Adds the time of its life to a stage.
class StageClock {
  public:
    StageClock(std::map<std::string, double>& seconds, const char* stage)
        : seconds_{seconds[stage]}, start_{std::chrono::steady_clock::now()} {}
    ~StageClock() {
        seconds_ +=
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }
    StageClock(const StageClock&) = delete;
    StageClock& operator=(const StageClock&) = delete;

  private:
    double& seconds_;
    std::chrono::steady_clock::time_point start_;
};

} // namespace yuanwang::engine
