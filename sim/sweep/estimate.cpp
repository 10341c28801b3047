#include "sweep/estimate.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

#include "core/error.hpp"
#include "engine/simulator.hpp"
#include "sweep/discarding_sink.hpp"

namespace yuanwang::sweep {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_between(Clock::time_point from, Clock::time_point to) {
    return std::chrono::duration<double>(to - from).count();
}

/// Notes how far the steps have come, and stops the base after a while.
class Stopwatch final : public Progress {
  public:
    Stopwatch(Progress& outside, double limit_s) : outside_{outside}, limit_s_{limit_s} {}

    void update(std::string_view stage, std::size_t done, std::size_t total) override {
        outside_.update("estimate", done, total);
        if (stage != "steps" || total == 0) {
            return;
        }
        last_ = Clock::now();
        if (first_done_ ==
            0) { // the first block also makes the network ready: it counts as preparation
            first_ = last_;
            first_done_ = done;
        }
        done_ = done;
        total_ = total;
        enough_ = seconds_between(first_, last_) > limit_s_;
    }
    [[nodiscard]] bool stop_requested() const override {
        return enough_ || outside_.stop_requested();
    }

    [[nodiscard]] Estimate extrapolate(Clock::time_point start, Clock::time_point end) const {
        Estimate estimate;
        if (first_done_ == 0 || done_ == first_done_) {
            estimate.member_s = seconds_between(start, end);
            return estimate;
        }
        estimate.prepare_s = seconds_between(start, first_);
        estimate.member_s = estimate.prepare_s + seconds_between(first_, last_) *
                                                     static_cast<double>(total_ - first_done_) /
                                                     static_cast<double>(done_ - first_done_);
        return estimate;
    }

  private:
    Progress& outside_;
    double limit_s_;
    Clock::time_point first_;
    Clock::time_point last_;
    std::size_t first_done_ = 0;
    std::size_t done_ = 0;
    std::size_t total_ = 0;
    bool enough_ = false;
};

} // namespace

double Estimate::wall_s(std::size_t n_member, std::size_t n_thread) const {
    const double rounds = std::ceil(static_cast<double>(n_member) /
                                    static_cast<double>(std::max<std::size_t>(n_thread, 1)));
    return rounds * member_s;
}

double Estimate::memory_mb(std::size_t n_thread) const {
    return program_mb + member_mb * static_cast<double>(n_thread);
}

Estimate measure_base(const Plan& plan, Progress& progress, double limit_s) {
    const double before_mb = resident_mb();
    const Clock::time_point start = Clock::now();
    const auto base = scenario::load_scenario(plan.sweep.base);
    Stopwatch watch{progress, limit_s};
    DiscardingSink sink;
    bool is_whole = true;
    try {
        (void)engine::simulate(base.study, sink, watch);
    } catch (const Interrupted&) {
        if (progress.stop_requested()) {
            throw;
        }
        is_whole = false;
    }
    Estimate estimate = watch.extrapolate(start, Clock::now());
    estimate.program_mb = before_mb;
    estimate.member_mb = std::max(peak_resident_mb() - before_mb, 1.0);
    estimate.is_whole = is_whole;
    return estimate;
}

double resident_mb() {
    std::ifstream file{"/proc/self/statm"};
    double size = 0;
    double resident = 0;
    file >> size >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

double peak_resident_mb() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}

} // namespace yuanwang::sweep
