#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/workloads/batch_comparison.hpp"
#include "bench/workloads/dc_outages.hpp"
#include "bench/workloads/dispatch_runs.hpp"
#include "bench/workloads/scenario_case.hpp"
#include "cli/bench_dispatch.hpp"
#include "cli/common.hpp"
#include "cli/exit_code.hpp"
#include "core/error.hpp"

namespace yuanwang::cli {

namespace {

struct BenchFlags {
    std::filesystem::path file;
    std::string workload = "W2a";
    std::size_t n_step = 0;
    int n_thread = 1;
    bool double_factor = false;
    bool json = false;
    DispatchBenchFlags dispatch;
};

std::string to_json(const BenchFlags& flags, const workloads::Comparison& found) {
    return nlohmann::ordered_json{{"case", flags.file.stem().string()},
                                  {"workload", flags.workload},
                                  {"flows", found.flows},
                                  {"batch_us", found.batch_us},
                                  {"scalar_us", found.scalar_us},
                                  {"ratio", found.ratio()},
                                  {"threads", flags.n_thread},
                                  {"mean_vm_pu", found.mean_vm_pu},
                                  {"not_converged", found.not_converged},
                                  {"largest_difference_pu", found.largest_difference_pu},
                                  {"iterations", found.iterations},
                                  {"working_set_bytes", found.bytes}}
        .dump(2);
}

void print_comparison(const BenchFlags& flags, const workloads::Comparison& found) {
    fmt::print("{} {}: {} power flows, {:.2f} iterations each, {} without a solution\n",
               flags.file.stem().string(), flags.workload, found.flows, found.iterations,
               found.not_converged);
    fmt::print("batch {:.2f} µs, scalar KLU {:.2f} µs per power flow: {:.1f} times faster\n",
               found.batch_us, found.scalar_us, found.ratio());
    fmt::print("mean |V| {:.9f} pu; the two answers differ by {:.1e} pu at most\n",
               found.mean_vm_pu, found.largest_difference_pu);
}

std::string to_json(const BenchFlags& flags, const workloads::OutageComparison& found) {
    return nlohmann::ordered_json{{"case", flags.file.stem().string()},
                                  {"workload", flags.workload},
                                  {"flows", found.outages},
                                  {"batch_us", found.lanes_us},
                                  {"scalar_us", found.one_by_one_us},
                                  {"ratio", found.ratio()},
                                  {"threads", flags.n_thread},
                                  {"mean_vm_pu", 1.0}, // of every DC power flow
                                  {"not_converged", 0},
                                  {"fill_us", found.fill_us},
                                  {"screen_us", found.screen_us},
                                  {"screen_scalar_us", found.screen_scalar_us},
                                  {"screen_ratio", found.screen_ratio()},
                                  {"largest_difference_mw", found.largest_difference_mw},
                                  {"largest_screen_difference", found.largest_screen_difference},
                                  {"working_set_bytes", found.bytes}}
        .dump(2);
}

void print_comparison(const BenchFlags& flags, const workloads::OutageComparison& found) {
    fmt::print("{} W4: flows on every branch after each of {} outages, {} thread(s)\n",
               flags.file.stem().string(), found.outages, flags.n_thread);
    fmt::print(
        "all flows: {:.3f} µs, one right-hand side on KLU {:.3f} µs per outage: {:.1f} times "
        "faster\n",
        found.lanes_us, found.one_by_one_us, found.ratio());
    fmt::print("filling the table with zeros alone: {:.3f} µs\n", found.fill_us);
    fmt::print("worst loading only: {:.3f} µs against {:.3f} µs: {:.1f} times faster\n",
               found.screen_us, found.screen_scalar_us, found.screen_ratio());
    fmt::print("the two answers differ by {:.1e} MW at most\n", found.largest_difference_mw);
}

/// JSON or text. A tree has nothing to solve, which is no mistake of whoever runs over many cases.
void print(const BenchFlags& flags, const auto& found, std::size_t n_flow) {
    if (flags.json) {
        fmt::print("{}\n", to_json(flags, found));
    } else if (n_flow == 0) {
        fmt::print("{} {}: every branch is a bridge, no outage leaves the grid whole\n",
                   flags.file.stem().string(), flags.workload);
    } else {
        print_comparison(flags, found);
    }
}

int bench_outages(const BenchFlags& flags, const CommonFlags& common) {
    constexpr double tolerance_mw = 1e-6;
    constexpr int rounds = 7;
    const workloads::OutageComparison found = workloads::compare_dc_outages(
        workloads::load_any_case(flags.file, common.load_options()), rounds, flags.n_thread);
    print(flags, found, found.outages);
    return found.largest_difference_mw < tolerance_mw ? exit_ok : exit_not_converged;
}

int bench(const BenchFlags& flags, const CommonFlags& common) {
    if (flags.workload == "W4") {
        return bench_outages(flags, common);
    }
    if (workloads::find_dispatch_workload(flags.workload)) {
        return bench_dispatch(flags.file, common.load_options(), flags.workload, flags.dispatch,
                              flags.json);
    }
    const auto workload = workloads::find_flow_workload(flags.workload);
    if (!workload) {
        throw InputError(
            Fault{{}, "--workload", "must be W1, W2a, W2b, W3, W4, D1, D2 or D3", flags.workload});
    }
    const workloads::Comparison found = workloads::compare(
        workloads::load_any_case(flags.file, common.load_options()), *workload,
        {.precision = flags.double_factor ? powerflow::batch::Precision::double_factor
                                          : powerflow::batch::Precision::float_factor,
         .n_step = flags.n_step,
         .n_thread = flags.n_thread});
    print(flags, found, found.flows);
    return found.agrees() ? exit_ok : exit_not_converged;
}

} // namespace

void add_bench(CLI::App& app, const CommonFlags& common, Action& action) {
    auto flags = std::make_shared<BenchFlags>();
    CLI::App* verb =
        app.add_subcommand("bench", "Time the batch power flow against the scalar one, "
                                    "or optimal dispatch; answers compared first");
    verb->add_option(
            "case", flags->file,
            "MATPOWER case file (.m) or a scenario (.yaml): its first step, loads and running "
            "units as its dispatch leaves them in place of Pd, Qd and Pg")
        ->required();
    verb->add_option(
            "--workload", flags->workload,
            "W1 one solve, W2a or W2b a year of steps, W3 every single-branch outage, W4 the same "
            "by DC; "
            "optimal dispatch (SG-1): D1 a week, D2 a year of windows, D3 a year in one")
        ->capture_default_str();
    verb->add_option("--steps", flags->n_step, "Steps of W2a and W2b; default as published");
    verb->add_option("-j,--threads", flags->n_thread,
                     "W2a to W4: threads of the batch; times are then of the wall clock")
        ->check(CLI::Range(1, 1024));
    verb->add_flag("--double", flags->double_factor, "Factorise in double, not in float");
    verb->add_option("--limit-factor", flags->dispatch.limit_factor,
                     "D1, D2: branch limits times this")
        ->capture_default_str();
    verb->add_option("--windows", flags->dispatch.n_window, "D2: the first so many; default 365");
    verb->add_option("--engine", flags->dispatch.engine,
                     "D1 to D3: ptdf (rows where violated, dual simplex) or cycle-flow (flows and "
                     "loops, barrier)")
        ->capture_default_str();
    verb->add_flag("--cold", flags->dispatch.cold, "D2: solve every window from nothing");
    verb->add_flag("--json", flags->json, "Print the figures as JSON");
    verb->footer("Examples: yuanwang bench case118.m --workload D2 --json\n"
                 "          yuanwang bench scenarios/ieee/ieee118.yaml --workload D1\n"
                 "          yuanwang bench scenarios/xining-2025.yaml --workload W3");
    verb->callback(
        [flags, &common, &action] { action = [flags, &common] { return bench(*flags, common); }; });
}

} // namespace yuanwang::cli
