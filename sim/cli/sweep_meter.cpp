#include "cli/sweep_meter.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace yuanwang::cli {

SweepMeter::SweepMeter(const CommonFlags& common)
    : language_{common.language}, silent_{common.progress == ProgressMode::never},
      bar_{(common.progress == ProgressMode::always || isatty(STDERR_FILENO) != 0) &&
           common.log_format == LogFormat::text},
      last_{std::chrono::steady_clock::now()} {}

SweepMeter::~SweepMeter() {
    if (drawn_) {
        std::fputs("\r\033[K", stderr);
    }
}

void SweepMeter::show(const sweep::Pulse& pulse) {
    const auto now = std::chrono::steady_clock::now();
    if (silent_ || (!bar_ && now - last_ < std::chrono::minutes{1})) {
        return;
    }
    last_ = now;
    const std::string words = describe_pulse(pulse, language_);
    if (!bar_) {
        spdlog::info("{}", words);
        return;
    }
    constexpr int width = 20;
    const int filled =
        pulse.n_member == 0 ? width : static_cast<int>(width * pulse.n_done / pulse.n_member);
    const std::string line =
        fmt::format("\r\033[K[{:=<{}}{:<{}}] {}", "", filled, "", width - filled, words);
    std::fputs(line.c_str(), stderr);
    std::fflush(stderr);
    drawn_ = true;
}

std::string describe_pulse(const sweep::Pulse& pulse, Language language) {
    std::string text = fmt::format(fmt::runtime(say(language, "{}/{} members", "{}/{} 个算例")),
                                   pulse.n_done, pulse.n_member);
    if (pulse.n_own > 0 && pulse.elapsed_s > 0) {
        const double per_s = static_cast<double>(pulse.n_own) / pulse.elapsed_s;
        const double left_s = static_cast<double>(pulse.n_member - pulse.n_done) / per_s;
        text += fmt::format(fmt::runtime(say(language, ", {:.3g} per minute, {} left",
                                             "，每分钟 {:.3g} 个，剩余 {}")),
                            60 * per_s, describe_time(left_s));
    }
    text +=
        fmt::format(fmt::runtime(say(language, ", {} failed, {:.0f} MB", "，失败 {}，{:.0f} MB")),
                    pulse.n_failed, pulse.resident_mb);
    return text;
}

std::string describe_time(double seconds) {
    if (seconds < 90) {
        return fmt::format("{:.{}f} s", seconds, seconds < 10 ? 1 : 0);
    }
    if (seconds < 5400) {
        return fmt::format("{:.0f} min", seconds / 60);
    }
    return seconds < 2 * 86400 ? fmt::format("{:.1f} h", seconds / 3600)
                               : fmt::format("{:.1f} d", seconds / 86400);
}

} // namespace yuanwang::cli
