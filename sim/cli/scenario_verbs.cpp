#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/common.hpp"
#include "cli/exit_code.hpp"
#include "cli/supply_path.hpp"
#include "scenario/weather_files.hpp"

namespace yuanwang::cli {

namespace {

void print_contents(const engine::Study& study, Language language) {
    const engine::System& system = study.epochs.back().system;
    const auto& grid = system.grid;
    const std::size_t sources = system.sources.solar.size() + system.sources.wind.size() +
                                system.sources.hydro.size() + system.sources.thermal.size() +
                                system.sources.waste_to_energy.size() +
                                system.sources.generators.size() + system.sources.hvdc.size();
    fmt::print(
        fmt::runtime(say(
            language,
            "valid: {} — {} steps, {} epoch(s), {} buses, {} lines, {} transformers, {} sources, "
            "{} external grids, {} batteries\n",
            "有效：{}——{} 步，{} 个电网时段，{} 条母线，{} 条线路，{} 台（组）变压器，{} 个电源，"
            "{} 个外部电网，{} 个储能\n")),
        study.name.in(language), study.time.n_step, study.epochs.size(), grid.buses.size(),
        grid.lines.size() + grid.branches.size(),
        grid.transformers.size() + grid.three_winding_transformers.size(), sources,
        system.sources.external_grids.size(), system.batteries.size());
}

} // namespace

void add_validate(CLI::App& app, const CommonFlags& common, Action& action) {
    auto file = std::make_shared<std::filesystem::path>();
    CLI::App* verb = app.add_subcommand(
        "validate", "Check a scenario and list every fault with file:line:column");
    verb->add_option("scenario", *file, "Scenario file (.yaml)")->required();
    verb->footer("Example: yuanwang validate scenarios/xining-2025.yaml");
    verb->callback([file, &common, &action] {
        action = [file, &common] {
            const scenario::LoadedScenario loaded =
                scenario::load_scenario(*file, common.load_options());
            scenario::check_weather_files(loaded.study);
            print_contents(loaded.study, common.language);
            return int{exit_ok};
        };
    });
}

void add_inspect(CLI::App& app, const CommonFlags& common, Action& action) {
    struct InspectFlags {
        std::filesystem::path file;
        bool resolved = false;
        std::string supply;
    };
    auto flags = std::make_shared<InspectFlags>();
    CLI::App* verb = app.add_subcommand(
        "inspect", "Print every value of the composed scenario and where it came from");
    verb->add_option("scenario", flags->file, "Scenario file (.yaml)")->required();
    verb->add_flag("--resolved", flags->resolved,
                   "Print the composed scenario as one YAML text instead");
    verb->add_option("--supply", flags->supply,
                     "Print the branches over which a bus is supplied instead")
        ->type_name("BUS");
    verb->footer("Examples: yuanwang inspect scenarios/xining-2025.yaml | grep l_ganhe\n"
                 "          yuanwang inspect scenarios/starter.yaml --supply town_110");
    verb->callback([flags, &common, &action] {
        action = [flags, &common] {
            const auto options = common.load_options();
            if (!flags->supply.empty()) {
                fmt::print("{}",
                           describe_supply_path(scenario::load_scenario(flags->file, options).study,
                                                flags->supply));
            } else if (flags->resolved) {
                fmt::print("{}", scenario::load_scenario(flags->file, options).resolved_yaml);
            } else {
                fmt::print("{}", scenario::inspect_scenario(flags->file, options));
            }
            return int{exit_ok};
        };
    });
}

void add_schema(CLI::App& app, Action& action) {
    CLI::App* verb = app.add_subcommand("schema", "Print the JSON Schema of the scenario language");
    verb->footer("Example: yuanwang schema > yuanwang.schema.json");
    verb->callback([&action] {
        action = [] {
            fmt::print("{}\n", scenario::make_json_schema());
            return int{exit_ok};
        };
    });
}

} // namespace yuanwang::cli
