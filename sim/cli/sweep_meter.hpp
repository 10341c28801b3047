/// @file
/// The line that tells how far a sweep is: members done, rate, time left, failures, memory.
#pragma once

#include <chrono>

#include "cli/common.hpp"
#include "sweep/run_sweep.hpp"

namespace yuanwang::cli {

class SweepMeter {
  public:
    explicit SweepMeter(const CommonFlags& common);
    ~SweepMeter();
    SweepMeter(const SweepMeter&) = delete;
    SweepMeter& operator=(const SweepMeter&) = delete;

    /// A bar on a terminal, else a line a minute.
    void show(const sweep::Pulse& pulse);

  private:
    Language language_;
    bool silent_;
    bool bar_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point last_;
};

/// `12/100 members, 3.4 per minute, 26 min left, 1 failed, 210 MB`
[[nodiscard]] std::string describe_pulse(const sweep::Pulse& pulse, Language language);

/// `45 s`, `26 min`, `3.4 h`, `12 d`
[[nodiscard]] std::string describe_time(double seconds);

} // namespace yuanwang::cli
