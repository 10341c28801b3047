#include "cli/sweep_submit.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/wait.h>

#include "cli/exit_code.hpp"
#include "cli/sweep_meter.hpp"
#include "core/error.hpp"
#include "powerflow/batch/instruction_set.hpp"
#include "report/result_folder.hpp"
#include "sweep/estimate.hpp"
#include "sweep/job_array.hpp"
#include "sweep/plan.hpp"
#include "sweep/run_sweep.hpp"
#include "sweep/table.hpp"

namespace yuanwang::cli {

namespace {

/// The set in use as the flag `--simd` takes it: every element gives the bytes of this machine. Empty: it has no word.
std::string find_simd_word() {
    const auto it = std::ranges::find(instruction_sets, powerflow::batch::instruction_set(),
                                      &std::pair<std::string, std::string>::second);
    return it == instruction_sets.end() ? std::string{} : it->first;
}

namespace fs = std::filesystem;

struct SubmitFlags {
    fs::path file;
    fs::path folder;
    fs::path cache;
    double minutes = 10;
    bool dry_run = false;
    sweep::ArrayOptions array;
};

struct Answer {
    int code = -1;
    std::string text; ///< both streams
};

/// Asks a program of the scheduler through the shell.
Answer ask(const std::string& command) {
    Answer answer;
    FILE* pipe = popen((command + " 2>&1").c_str(), "r"); // NOLINT: the scheduler's own programs
    if (!pipe) {
        return answer;
    }
    std::array<char, 4096> buffer{};
    while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe)) {
        answer.text += buffer.data();
    }
    const int status = pclose(pipe);
    answer.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    while (!answer.text.empty() && answer.text.back() == '\n') {
        answer.text.pop_back();
    }
    return answer;
}

/// MaxArraySize − 1 of the cluster; its usual default where the scheduler cannot be asked.
std::size_t find_max_elements() {
    const Answer answer = ask("scontrol show config");
    const std::string key = "MaxArraySize";
    const std::size_t at = answer.text.find(key);
    const std::size_t equals = at == std::string::npos ? at : answer.text.find('=', at);
    if (equals == std::string::npos) {
        return 1000;
    }
    const long size = std::strtol(answer.text.c_str() + equals + 1, nullptr, 10);
    return size > 1 ? static_cast<std::size_t>(size) - 1 : 1;
}

/// Submits a script; returns the number of the job. Throws `IoError` with the scheduler's own words.
std::string submit_script(const std::string& options, const fs::path& script) {
    const Answer answer = ask(fmt::format("sbatch --parsable {} '{}'", options, script.string()));
    if (answer.code != 0) {
        throw IoError(fmt::format("{}: sbatch refused it: {}", script.string(), answer.text));
    }
    return answer.text.substr(answer.text.rfind('\n') + 1);
}

std::vector<std::size_t> list_unfinished(const sweep::Plan& plan, const fs::path& folder) {
    std::vector<std::size_t> unfinished;
    for (std::size_t k = 0; k < plan.manifest.members.size(); ++k) {
        if (!sweep::read_member(folder, plan.manifest, k).is_finished()) {
            unfinished.push_back(k);
        }
    }
    return unfinished;
}

int submit(SubmitFlags flags, const CommonFlags& common) {
    const std::unique_ptr<Progress> progress = make_progress(common);
    sweep::Plan plan = sweep::draft_plan(fs::absolute(flags.file).lexically_normal());
    const fs::path folder = fs::absolute(
        flags.folder.empty() ? fs::path{"results"} / "sweeps" / flags.file.stem() : flags.folder);
    sweep::settle_plan(plan, folder, *progress, flags.array.n_thread);
    const sweep::Estimate estimate = sweep::measure_base(plan, *progress);
    flags.array.target_s = 60 * flags.minutes;
    flags.array.max_elements = find_max_elements();
    const std::size_t n = plan.manifest.members.size();
    const sweep::JobArray array =
        sweep::cut_into_elements(n, list_unfinished(plan, folder), estimate, flags.array);
    if (array.elements.empty()) {
        fmt::print("{}\n", say(common.language, "every member is finished; nothing to submit",
                               "全部算例已完成，无需提交"));
        return exit_ok;
    }
    const sweep::SweepCommand command{.program = fs::read_symlink("/proc/self/exe"),
                                      .sweep_file = plan.sweep.file,
                                      .folder = folder,
                                      .cache = flags.cache.empty() ? fs::path{}
                                                                   : fs::absolute(flags.cache),
                                      .simd = find_simd_word()};
    fs::create_directories(folder / "slurm");
    const fs::path run_script = folder / "slurm" / "run.sbatch";
    const fs::path collect_script = folder / "slurm" / "collect.sbatch";
    report::replace_file(run_script, sweep::format_array_script(array, command, flags.array));
    report::replace_file(collect_script, sweep::format_collect_script(command, flags.array));
    fmt::print(fmt::runtime(
                   say(common.language,
                       "{} members in {} elements of {}, about {} each; {} MB and {} min asked for "
                       "an element; {:.2g} core hours\n",
                       "{} 个算例，{} 个作业元素，每个 {} 个算例、约 {}；每个元素申请内存 {} "
                       "MB、时间 {} 分钟；"
                       "共 {:.2g} 核时\n")),
               n, array.elements.size(), array.n_per_element, describe_time(array.element_s),
               array.memory_mb, array.limit_min, static_cast<double>(n) * estimate.member_s / 3600);
    if (flags.dry_run) {
        fmt::print("{}\n{}\n", run_script.string(), collect_script.string());
        return exit_ok;
    }
    const std::string job = submit_script("", run_script);
    const std::string after =
        submit_script(fmt::format("--dependency=afterany:{}", job), collect_script);
    fmt::print(fmt::runtime(say(common.language, "submitted: array {}, collect {}\n",
                                "已提交：作业组 {}，汇总 {}\n")),
               job, after);
    return exit_ok;
}

} // namespace

void add_sweep_submit(CLI::App& sweep, const CommonFlags& common, Action& action) {
    auto flags = std::make_shared<SubmitFlags>();
    CLI::App* verb = sweep.add_subcommand(
        "submit",
        "Submit what is not finished as a Slurm job array, and a job that collects after it");
    verb->add_option("file", flags->file, "Sweep file (.yaml)")->required();
    verb->add_option("-o,--output", flags->folder,
                     "Folder of the sweep, on a file system all nodes see");
    verb->add_option("--minutes", flags->minutes, "Work per element, minutes")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb->add_option("--max-running", flags->array.max_running,
                     "Elements that run at once at most");
    verb->add_option("-j,--threads", flags->array.n_thread, "Members at once within an element")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    verb->add_option("--partition", flags->array.partition, "Partition of the cluster");
    verb->add_option("--cache", flags->cache, "Folder in which weather and results are kept");
    verb->add_option("--sbatch", flags->array.extra,
                     "One more option of sbatch: --sbatch=--account=grid");
    verb->add_flag("--dry-run", flags->dry_run, "Write the scripts, submit nothing");
    verb->footer("Example: yuanwang sweep submit sweep.yaml -o results/sweep --max-running 64");
    verb->callback([flags, &common, &action] {
        action = [flags, &common] { return submit(*flags, common); };
    });
}

} // namespace yuanwang::cli
