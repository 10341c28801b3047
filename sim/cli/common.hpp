/// @file
/// What every verb shares: flags, language, progress, where messages go.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/name.hpp"
#include "core/progress.hpp"
#include "scenario/load_study.hpp"

namespace CLI {
class App;
}

namespace yuanwang::cli {

/// Words of `--simd` and what Highway calls them.
inline const std::vector<std::pair<std::string, std::string>> instruction_sets = {
    {"avx512", "AVX3"}, {"avx2", "AVX2"}, {"sse4", "SSE4"}, {"scalar", "SCALAR"}};

enum class ProgressMode : std::uint8_t { automatic, always, never };
enum class LogFormat : std::uint8_t { text, json };

struct CommonFlags {
    std::vector<std::string> set;
    std::optional<std::uint64_t> seed;
    Language language = Language::en;
    ProgressMode progress = ProgressMode::automatic;
    LogFormat log_format = LogFormat::text;
    bool strict = false; ///< any violation ends with exit code 4
    std::string
        simd; ///< instruction set of the lanes as Highway names it; empty: the machine's best
    std::string command_line; ///< as typed, for run.json

    [[nodiscard]] scenario::LoadOptions load_options() const { return {.set = set, .seed = seed}; }
};

/// A verb adds its subcommand and flags; the callback it leaves behind does the work and returns
/// the exit code.
using Action = std::function<int()>;

void add_run(CLI::App& app, const CommonFlags& common, Action& action);
void add_validate(CLI::App& app, const CommonFlags& common, Action& action);
void add_inspect(CLI::App& app, const CommonFlags& common, Action& action);
void add_schema(CLI::App& app, Action& action);
void add_powerflow(CLI::App& app, const CommonFlags& common, Action& action);
void add_report(CLI::App& app, const CommonFlags& common, Action& action);
void add_compare(CLI::App& app, const CommonFlags& common, Action& action);
void add_portfolio(CLI::App& app, const CommonFlags& common, Action& action);
void add_convert(CLI::App& app, Action& action);
void add_bench(CLI::App& app, const CommonFlags& common, Action& action);
void add_sweep(CLI::App& app, const CommonFlags& common, Action& action);
void add_init(CLI::App& app, const CommonFlags& common, Action& action);

/// A bar on a terminal, a line a minute otherwise; listens to Ctrl-C.
[[nodiscard]] std::unique_ptr<Progress> make_progress(const CommonFlags& common);

/// Text in the chosen language.
[[nodiscard]] inline const char* say(Language language, const char* en, const char* zh) {
    return language == Language::zh ? zh : en;
}

} // namespace yuanwang::cli
