/// @file
/// `yuanwang <verb> …`: verbs, common flags, exit codes. The only folder that prints.
#pragma once

namespace yuanwang::cli {

/// Runs one command and returns its exit code (exit_code.hpp). Never throws.
[[nodiscard]] int run_command_line(int argc, const char* const* argv);

} // namespace yuanwang::cli
