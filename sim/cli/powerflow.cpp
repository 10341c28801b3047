#include <algorithm>
#include <cmath>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/common.hpp"
#include "cli/exit_code.hpp"
#include "exchange/matpower.hpp"
#include "exchange/powerflow_case.hpp"

namespace yuanwang::cli {

namespace {

struct PowerflowFlags {
    std::filesystem::path file;
    bool controls = false;
    bool json = false;
    std::optional<double> vm_doubtful_pu;
};

engine::Study load_case(const PowerflowFlags& flags, const CommonFlags& common) {
    if (flags.file.extension() == ".m") {
        exchange::CaseStudy made = exchange::make_case_study(exchange::read_matpower(flags.file));
        for (const exchange::CaseNote& note : made.notes) {
            if (!note.of_limits) {
                fmt::print(stderr, "note: {}\n", exchange::to_string(note));
            }
        }
        return std::move(made.study);
    }
    return scenario::load_scenario(flags.file, common.load_options()).study;
}

void print_tables(const exchange::PowerflowCase& solved) {
    fmt::print("{:<16} {:>10} {:>12}\n", "bus", "vm_pu", "va_degree");
    for (const auto& bus : solved.buses) {
        fmt::print("{:<16} {:>10.6f} {:>12.6f}\n", bus.id, bus.vm_pu, bus.va_degree);
    }
    fmt::print("\n{:<12} {:<12} {:>12} {:>12} {:>12} {:>12} {:>9}\n", "from", "to", "p_from_mw",
               "q_from_mvar", "p_to_mw", "q_to_mvar", "loading_%");
    for (const auto& branch : solved.branches) {
        const std::string loading = std::isfinite(branch.loading_percent)
                                        ? fmt::format("{:.1f}", branch.loading_percent)
                                        : "-";
        fmt::print("{:<12} {:<12} {:>12.4f} {:>12.4f} {:>12.4f} {:>12.4f} {:>9}\n", branch.from,
                   branch.to, branch.p_from_mw, branch.q_from_mvar, branch.p_to_mw,
                   branch.q_to_mvar, loading);
    }
}

void print_summary(const exchange::PowerflowCase& solved) {
    fmt::print(
        "\n{}: {} iterations, worst mismatch {:.1e} pu, {} buses, {} branches, losses {:.6f} MW\n",
        to_string(solved.status), solved.iterations, solved.max_mismatch_pu, solved.buses.size(),
        solved.branches.size(), solved.losses_mw);
    const auto by_vm = [](const auto& bus) { return bus.vm_pu; };
    const bool is_solved =
        solved.status == StepStatus::converged || solved.status == StepStatus::doubtful;
    if (is_solved && !solved.buses.empty()) {
        const auto [low, high] = std::ranges::minmax_element(solved.buses, {}, by_vm);
        fmt::print("voltage {:.4f} pu at {} … {:.4f} pu at {}\n", low->vm_pu, low->id, high->vm_pu,
                   high->id);
    }
}

/// Why there is no solution, to stderr.
void print_diagnosis(const powerflow::Diagnosis& d, Language language) {
    fmt::print(stderr,
               fmt::runtime(say(
                   language, "\nno solution ({}); it solves up to {:.1f} % of load and schedule\n",
                   "\n无解（{}）；负荷与出力的 {:.1f} % 以内可解\n")),
               to_string(d.status), 100 * d.solvable_share);
    for (std::size_t k = 0; k < d.causes.size(); ++k) {
        fmt::print(stderr, "  {}. {}\n", k + 1, powerflow::describe(d.causes[k], language));
    }
    if (d.untried > 0) {
        fmt::print(stderr,
                   fmt::runtime(say(language,
                                    "  {} suspicions tried, {} not: the work for it was used up\n",
                                    "  已试 {} 项疑点，另有 {} 项因计算量上限未试\n")),
                   d.tried, d.untried);
    }
}

/// Why the solution must be doubted, to stderr.
void print_doubt(const exchange::PowerflowCase& solved, Language language) {
    fmt::print(
        stderr,
        fmt::runtime(say(language,
                         "\ndoubtful solution: {:.4f} pu at {}, losses {:.1f} MW; it balances, "
                         "but no grid is operated there (accept it with "
                         "--vm-doubtful-pu or studies.power_flow.vm_doubtful_pu)\n",
                         "\n潮流解存疑：{:.4f} pu（{}），网损 {:.1f} MW；功率平衡，"
                         "但电网不会在此状态运行（可用 --vm-doubtful-pu 或 "
                         "studies.power_flow.vm_doubtful_pu 接受）\n")),
        solved.lowest_vm_pu, solved.lowest_bus, solved.losses_mw);
}

int judge(const exchange::PowerflowCase& solved, bool strict) {
    if (solved.status != StepStatus::converged) {
        return exit_not_converged;
    }
    return strict && solved.n_overload + solved.n_outside_band > 0 ? exit_relaxed : exit_ok;
}

int solve(const PowerflowFlags& flags, const CommonFlags& common) {
    engine::Study study = load_case(flags, common);
    study.powerflow.vm_doubtful_pu = flags.vm_doubtful_pu.value_or(study.powerflow.vm_doubtful_pu);
    const exchange::PowerflowCase solved = exchange::solve_case(study, flags.controls);
    if (flags.json) {
        fmt::print("{}\n", exchange::to_json(solved));
    } else {
        print_tables(solved);
        print_summary(solved);
        if (solved.diagnosis) {
            print_diagnosis(*solved.diagnosis, common.language);
        }
    }
    if (solved.status == StepStatus::doubtful) {
        print_doubt(solved, common.language);
    }
    return judge(solved, common.strict);
}

} // namespace

void add_powerflow(CLI::App& app, const CommonFlags& common, Action& action) {
    auto flags = std::make_shared<PowerflowFlags>();
    CLI::App* verb =
        app.add_subcommand("powerflow", "Solve one AC power flow of a MATPOWER case (.m) or of a "
                                        "scenario without dispatch (.yaml)");
    verb->add_option("case", flags->file, "Case file, .m or .yaml")->required();
    verb->add_flag("--controls", flags->controls,
                   "Keep reactive limits, move taps and switched shunts");
    verb->add_option("--vm-doubtful-pu", flags->vm_doubtful_pu,
                     "Mark a solution with a bus below it (exit code 5), 0: none; default 0.7 or "
                     "studies.power_flow.vm_doubtful_pu")
        ->check(CLI::Range(0.0, 1.0));
    verb->add_flag("--json", flags->json, "Print status, buses and branches as JSON");
    verb->footer("Without --controls it solves as MATPOWER's default does: no limits, no controls, "
                 "one slack bus.\n"
                 "Examples: yuanwang powerflow scenarios/ieee/ieee118.yaml\n"
                 "          yuanwang powerflow case300.m --json > case300.json");
    verb->callback(
        [flags, &common, &action] { action = [flags, &common] { return solve(*flags, common); }; });
}

} // namespace yuanwang::cli
