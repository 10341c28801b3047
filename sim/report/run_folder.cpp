#include "report/run_folder.hpp"

#include <chrono>
#include <map>
#include <string>

#include "core/error.hpp"
#include "exchange/result_store.hpp"
#include "report/report_page.hpp"
#include "report/result_folder.hpp"
#include "report/summary_json.hpp"

namespace yuanwang::report {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void check_stop(const Progress& progress) {
    if (progress.stop_requested()) {
        throw Interrupted();
    }
}

engine::RunReport simulate_into(const fs::path& file, const engine::Study& study, int n_thread,
                                Progress& progress) {
    const std::string& title = study.name.in(Language::en);
    const auto sink = exchange::open_result_file(file, title.empty() ? study.id : title);
    return engine::simulate(study, *sink, progress, {.n_thread = n_thread});
}

/// What one AC power flow of an outage took.
std::map<std::string, double> time_flows(const engine::RunReport& run) {
    const auto flows = run.summary.counts.find("n1_power_flows");
    const auto seconds = run.stage_seconds.find("security");
    if (flows == run.summary.counts.end() || seconds == run.stage_seconds.end() ||
        flows->second <= 0) {
        return {};
    }
    return {{"n_1", 1e6 * seconds->second / flows->second}};
}

} // namespace

engine::RunReport write_run(const scenario::LoadedScenario& scenario, const fs::path& folder,
                            const RunFolderOptions& options, Progress& progress) {
    const Clock::time_point start = Clock::now();
    const auto started = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    StagedFolder stage{folder};
    const fs::path results_file = stage.path() / "results.nc";
    engine::RunReport run = simulate_into(results_file, scenario.study, options.n_thread, progress);
    check_stop(progress);

    progress.update("report", 0, 1);
    const Clock::time_point report_start = Clock::now();
    const std::string summary_json = format_summary_json(run.summary);
    write_file(stage.path() / "summary.json", summary_json);
    write_file(stage.path() / "scenario.resolved.yaml", scenario.resolved_yaml);
    if (options.html) {
        write_file(stage.path() / "report.html",
                   make_report_page(exchange::read_results(results_file), summary_json,
                                    describe(scenario.study), options.language));
    }
    check_stop(progress);
    run.stage_seconds["report"] = seconds_since(report_start);
    run.stage_seconds["total"] = seconds_since(start);
    write_file(stage.path() / "run.json", format_run_json({.command_line = options.command_line,
                                                           .scenario_id = scenario.study.id,
                                                           .seed = scenario.study.seed,
                                                           .inputs = scenario.inputs,
                                                           .stage_seconds = run.stage_seconds,
                                                           .us_per_power_flow = time_flows(run),
                                                           .steps = run.summary.steps,
                                                           .started_utc = to_iso_utc(started)}));
    stage.commit();
    progress.update("report", 1, 1);
    return run;
}

std::vector<std::string> rebuild_report(const fs::path& folder, Language language) {
    for (const char* name : {"results.nc", "summary.json", "scenario.resolved.yaml"}) {
        if (!fs::is_regular_file(folder / name)) {
            throw IoError((folder / name).string() +
                          ": no such file; is this the folder of a run?");
        }
    }
    const auto scenario = scenario::load_scenario(folder / "scenario.resolved.yaml");
    const exchange::StoredResults results = exchange::read_results(folder / "results.nc");
    replace_file(folder / "report.html",
                 make_report_page(results, read_file(folder / "summary.json"),
                                  describe(scenario.study), language));
    return results.missing;
}

} // namespace yuanwang::report
