#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "cli/common.hpp"

namespace yuanwang::cli {

namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free,
              "a signal handler may only touch lock-free flags");

/// First Ctrl-C asks to stop at the next seam, a second one ends the program at once.
void on_signal(int signal) {
    if (stop.exchange(true)) {
        std::signal(signal, SIG_DFL);
        std::raise(signal);
    }
}

const char* name_stage(std::string_view stage, Language language) {
    if (stage == "weather") {
        return say(language, "weather", "气象");
    }
    if (stage == "steps") {
        return say(language, "simulating", "仿真");
    }
    if (stage == "plan") {
        return say(language, "checking members", "检查算例");
    }
    if (stage == "estimate") {
        return say(language, "measuring the base", "测算基准算例");
    }
    if (stage == "members") {
        return say(language, "members", "算例");
    }
    if (stage == "report") {
        return say(language, "report", "报告");
    }
    if (stage == "coalitions") {
        return say(language, "runs with some of the projects", "项目组合仿真");
    }
    return say(language, "working", "计算");
}

class TerminalProgress final : public Progress {
  public:
    TerminalProgress(Language language, bool bar) : language_{language}, bar_{bar} {}
    TerminalProgress(const TerminalProgress&) = delete;
    TerminalProgress& operator=(const TerminalProgress&) = delete;
    ~TerminalProgress() override {
        if (bar_ && drawn_) {
            std::fputs("\r\033[K", stderr);
        }
    }

    void update(std::string_view stage, std::size_t done, std::size_t total) override {
        const auto now = std::chrono::steady_clock::now();
        if (stage != stage_) {
            stage_ = stage;
            stage_start_ = now;
            last_ = {};
        }
        const auto pause = bar_ ? std::chrono::milliseconds{100} : std::chrono::milliseconds{60000};
        const bool is_open = total == 0; // nobody knows yet how many there will be
        if ((is_open || done < total) && now - last_ < pause) {
            return;
        }
        last_ = now;
        const double elapsed_s = std::chrono::duration<double>(now - stage_start_).count();
        if (is_open) {
            count(done, elapsed_s);
            return;
        }
        const double share = static_cast<double>(done) / static_cast<double>(total);
        if (bar_) {
            draw_bar(share, done, total, elapsed_s);
        } else if (elapsed_s >= 60) {
            spdlog::info("{} {}/{} ({:.0f} %, {:.0f} s)", name_stage(stage_, language_), done,
                         total, 100 * share, elapsed_s);
        }
    }

    [[nodiscard]] bool stop_requested() const override { return stop.load(); }

  private:
    void count(std::size_t done, double elapsed_s) {
        const std::string line =
            fmt::format("{} {}  {:.0f} s", name_stage(stage_, language_), done, elapsed_s);
        if (bar_) {
            std::fputs(("\r\033[K" + line).c_str(), stderr);
            std::fflush(stderr);
            drawn_ = true;
        } else if (elapsed_s >= 60) {
            spdlog::info("{}", line);
        }
    }

    void draw_bar(double share, std::size_t done, std::size_t total, double elapsed_s) {
        constexpr int width = 30;
        const int filled = static_cast<int>(share * width);
        const double left_s = share > 0 ? elapsed_s * (1 - share) / share : 0;
        const std::string line = fmt::format("\r\033[K{} [{:=<{}}{:<{}}] {}/{} {:3.0f} %  {:.0f} s",
                                             name_stage(stage_, language_), "", filled, "",
                                             width - filled, done, total, 100 * share, left_s);
        std::fputs(line.c_str(), stderr);
        std::fflush(stderr);
        drawn_ = true;
    }

    Language language_;
    bool bar_;
    bool drawn_ = false;
    std::string stage_;
    std::chrono::steady_clock::time_point stage_start_;
    std::chrono::steady_clock::time_point last_;
};

/// Silent, but Ctrl-C still works.
class QuietProgress final : public Progress {
  public:
    void update(std::string_view, std::size_t, std::size_t) override {}
    [[nodiscard]] bool stop_requested() const override { return stop.load(); }
};

} // namespace

std::unique_ptr<Progress> make_progress(const CommonFlags& common) {
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    if (common.progress == ProgressMode::never) {
        return std::make_unique<QuietProgress>();
    }
    const bool bar = common.progress == ProgressMode::always || isatty(STDERR_FILENO) != 0;
    return std::make_unique<TerminalProgress>(common.language,
                                              bar && common.log_format == LogFormat::text);
}

} // namespace yuanwang::cli
