#include <cerrno>
#include <cstring>
#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/common.hpp"
#include "cli/exit_code.hpp"
#include "core/error.hpp"
#include "exchange/matpower.hpp"

namespace yuanwang::cli {

namespace {

int convert(const std::filesystem::path& from, const std::filesystem::path& to) {
    const exchange::MatpowerCase matpower = exchange::read_matpower(from);
    const std::string yaml = exchange::to_yaml(matpower);
    for (const exchange::CaseNote& note : exchange::make_case_study(matpower).notes) {
        fmt::print(stderr, "note: {}\n", exchange::to_string(note));
    }
    if (to.empty()) {
        fmt::print("{}", yaml);
        return exit_ok;
    }
    std::ofstream out(to, std::ios::binary);
    out << yaml << std::flush;
    if (!out) {
        throw IoError(fmt::format("{}: {}", to.string(), std::strerror(errno)));
    }
    return exit_ok;
}

} // namespace

void add_convert(CLI::App& app, Action& action) {
    auto from = std::make_shared<std::filesystem::path>();
    auto to = std::make_shared<std::filesystem::path>();
    CLI::App* verb =
        app.add_subcommand("convert", "Write a MATPOWER case (.m) in our scenario language");
    verb->add_option("case", *from, "MATPOWER case file (.m)")->required();
    verb->add_option("-o,--output", *to, "Scenario file to write; default standard output");
    verb->footer(
        "Example: yuanwang convert case118.m -o case118.yaml && yuanwang powerflow case118.yaml");
    verb->callback([from, to, &action] { action = [from, to] { return convert(*from, *to); }; });
}

} // namespace yuanwang::cli
