#include "cli/command_line.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "cli/common.hpp"
#include "cli/exit_code.hpp"
#include "core/error.hpp"
#include "core/version.hpp"
#include "powerflow/batch/instruction_set.hpp"

namespace yuanwang::cli {

namespace {

constexpr const char* examples = R"(Examples:
  yuanwang init my-city.yaml                      a small scenario with comments, to start from
  yuanwang validate my-city.yaml                  all faults at once, each with file:line:column
  yuanwang run my-city.yaml -o results/my-city    simulate, write results and a report
  yuanwang run scenarios/xining-2025.yaml --set weather.seed=7
  yuanwang powerflow case118.m --json             one AC power flow of a public case
  yuanwang report results/my-city --lang en       rebuild the report from stored results
  yuanwang compare results/a results/b            what changed, and what it changed
  yuanwang sweep run sweep.yaml -j 4              many variants of a scenario, one table

Exit codes: 0 ok · 1 internal · 2 usage · 3 invalid input · 4 a balance or limit had to give way
            5 some steps did not converge · 6 some members of a sweep failed
            7 a file could not be read or written · 130 interrupted)";

Language language_of_environment() {
    for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        if (const char* value = std::getenv(variable); value != nullptr && *value != '\0') {
            return std::string_view{value}.starts_with("zh") ? Language::zh : Language::en;
        }
    }
    return Language::en;
}

/// A flag that takes one of a few words; the help shows the words, not the values behind them.
template <class Value>
void add_choice(CLI::App& app, const std::string& flag, Value& value, const std::string& text,
                const std::vector<std::pair<std::string, Value>>& choices) {
    std::string words;
    for (const auto& [word, means] : choices) {
        words += (words.empty() ? "" : "|") + word;
    }
    const auto choose = [flag, &value, choices, words](const std::string& word) {
        const auto it = std::ranges::find(choices, word, &std::pair<std::string, Value>::first);
        if (it == choices.end()) {
            throw CLI::ValidationError(flag, fmt::format("must be {}, got {}", words, word));
        }
        value = it->second;
    };
    app.add_option_function<std::string>(flag, choose, text)->type_name(words);
}

void add_common_flags(CLI::App& app, CommonFlags& common) {
    app.add_option("--set", common.set,
                   "Change a value: --set grid.lines[l_ganhe].rate_mva=800 (may be repeated)")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false)
        ->take_all();
    app.add_option("--seed", common.seed, "Seed of the synthetic weather, instead of weather.seed");
    add_choice(app, "--lang", common.language,
               "Language of messages and of the report's first page",
               {{"en", Language::en}, {"zh", Language::zh}});
    add_choice(app, "--simd", common.simd,
               "Instruction set of the power flow; one set gives the same bytes on every machine "
               "that has it",
               instruction_sets);
    add_choice(app, "--progress", common.progress, "Show progress",
               {{"auto", ProgressMode::automatic},
                {"always", ProgressMode::always},
                {"never", ProgressMode::never}});
    app.add_flag("--strict", common.strict,
                 "End with exit code 4 where anything is out of its limits, not only where a plan "
                 "relaxed a balance or limit");
    add_choice(app, "--log-format", common.log_format, "Messages on stderr as text or json lines",
               {{"text", LogFormat::text}, {"json", LogFormat::json}});
}

std::string join_arguments(int argc, const char* const* argv) {
    std::string line = "yuanwang";
    for (int k = 1; k < argc; ++k) {
        line += fmt::format(" {}", argv[k]);
    }
    return line;
}

void start_log(LogFormat format) {
    auto log = std::make_shared<spdlog::logger>("yuanwang",
                                                std::make_shared<spdlog::sinks::stderr_sink_st>());
    log->set_pattern(format == LogFormat::json
                         ? R"({"time":"%Y-%m-%dT%H:%M:%S%z","level":"%l","message":"%v"})"
                         : "%v");
    spdlog::set_default_logger(std::move(log));
}

/// A message as one log line; a JSON line needs its quotes and line ends escaped.
void log_error(const CommonFlags& common, std::string_view message) {
    if (common.log_format == LogFormat::text) {
        spdlog::error("{}", message);
        return;
    }
    std::string escaped;
    for (const char c : message) {
        switch (c) {
        case '"':
            escaped += "\\\"";
            break;
        case '\\':
            escaped += "\\\\";
            break;
        case '\n':
            escaped += "\\n";
            break;
        default:
            escaped += static_cast<unsigned char>(c) < 0x20 ? fmt::format("\\u{:04x}", c)
                                                            : std::string(1, c);
        }
    }
    spdlog::error("{}", escaped);
}

void report_faults(const CommonFlags& common, const InputError& error) {
    for (const Fault& fault : error.faults()) {
        log_error(common, to_string(fault));
    }
    const std::size_t n = error.faults().size();
    log_error(common, common.language == Language::zh
                          ? fmt::format("共 {} 处错误，未写出任何文件。", n)
                          : fmt::format("{} fault{}, nothing written.", n, n == 1 ? "" : "s"));
}

int act(const CommonFlags& common, const Action& action) {
    try {
        return action();
    } catch (const InputError& error) {
        report_faults(common, error);
        return exit_invalid_input;
    } catch (const Interrupted&) {
        log_error(common, say(common.language, "interrupted: nothing half-written was left behind",
                              "已中断：没有留下不完整的结果"));
        return exit_interrupted;
    } catch (const IoError& error) {
        log_error(common, error.what());
        return exit_io;
    } catch (const std::bad_alloc&) {
        log_error(common, say(common.language, "out of memory", "内存不足"));
        return exit_internal;
    } catch (const std::exception& error) {
        log_error(common, fmt::format("internal error: {}", error.what()));
        return exit_internal;
    }
}

} // namespace

int run_command_line(int argc, const char* const* argv) {
    CommonFlags common;
    common.language = language_of_environment();
    common.command_line = join_arguments(argc, argv);
    Action action;

    CLI::App app{"Yuanwang 源网: simulates sources, grid, loads and storage through a year, from "
                 "weather to AC power flow."};
    app.name("yuanwang");
    app.footer(examples);
    app.set_version_flag("--version", std::string{"yuanwang "} + std::string{version});
    app.require_subcommand(1);
    app.fallthrough();
    add_common_flags(app, common);
    add_run(app, common, action);
    add_validate(app, common, action);
    add_inspect(app, common, action);
    add_schema(app, action);
    add_powerflow(app, common, action);
    add_report(app, common, action);
    add_compare(app, common, action);
    add_portfolio(app, common, action);
    add_convert(app, action);
    add_bench(app, common, action);
    add_sweep(app, common, action);
    add_init(app, common, action);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_ok : exit_usage;
    }
    start_log(common.log_format);
    if (!powerflow::batch::pin_instruction_set(common.simd)) {
        log_error(common,
                  say(common.language, "--simd: this machine does not have that instruction set",
                      "--simd：本机没有该指令集"));
        return exit_usage;
    }
    return act(common, action);
}

} // namespace yuanwang::cli
