#include <algorithm>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/common.hpp"
#include "cli/exit_code.hpp"
#include "cli/sweep_meter.hpp"
#include "cli/sweep_runner.hpp"
#include "cli/sweep_state.hpp"
#include "cli/sweep_submit.hpp"
#include "core/error.hpp"
#include "sweep/estimate.hpp"
#include "sweep/plan.hpp"
#include "sweep/run_sweep.hpp"
#include "sweep/sweep_page.hpp"
#include "sweep/table.hpp"

namespace yuanwang::cli {

namespace {

namespace fs = std::filesystem;
using sweep::Manifest;
using sweep::MemberState;
using sweep::MemberStatus;

struct SweepFlags {
    fs::path file;
    fs::path folder;
    std::size_t n_thread = 1;
    std::string shard;
    fs::path cache;
    double cache_limit_mb = 2000;
    bool dry_run = false;
    bool not_converged = false; ///< retry them too
    bool thorough = false;
};

sweep::CacheOptions cache_options(const SweepFlags& flags) {
    return {.folder = flags.cache,
            .max_bytes = static_cast<std::uintmax_t>(flags.cache_limit_mb * 1e6)};
}

fs::path find_folder(const SweepFlags& flags) {
    return flags.folder.empty() ? fs::path{"results"} / "sweeps" / flags.file.stem() : flags.folder;
}

/// `i/n`, counted from 1.
std::optional<sweep::Shard> read_shard(const std::string& text) {
    if (text.empty()) {
        return std::nullopt;
    }
    std::size_t i = 0;
    std::size_t n = 0;
    char slash = 0;
    std::istringstream in{text};
    if (!(in >> i >> slash >> n) || slash != '/' || !in.eof() || i < 1 || i > n) {
        throw InputError{Fault{{}, "--shard", "must read i/n with 1 <= i <= n", text}};
    }
    return sweep::Shard{i - 1, n};
}

void check_common(const CommonFlags& common) {
    if (!common.set.empty() || common.seed) {
        throw InputError{
            Fault{{}, "", "--set and --seed belong to one scenario; write an axis", ""}};
    }
}

int forecast(const SweepFlags& flags, const CommonFlags& common, Progress& progress) {
    sweep::Plan plan = sweep::draft_plan(flags.file);
    sweep::check_plan(plan, progress, flags.n_thread);
    const sweep::Estimate cost = sweep::measure_base(plan, progress);
    const std::size_t n = plan.manifest.members.size();
    fmt::print(fmt::runtime(say(common.language,
                                "{} members, all valid; would write {}; nothing was written "
                                "(--dry-run)\n",
                                "{} 个算例，全部有效；将写入 {}；未写出文件（--dry-run）\n")),
               n, find_folder(flags).string());
    fmt::print(fmt::runtime(say(
                   common.language,
                   "measured on the base: {} a member, {} with -j {}, {:.2g} core "
                   "hours, {:.0f} MB\n",
                   "按基准算例实测：每个算例 {}，共 {}（-j {}），{:.2g} 核时，内存 {:.0f} MB\n")),
               describe_time(cost.member_s), describe_time(cost.wall_s(n, flags.n_thread)),
               flags.n_thread, static_cast<double>(n) * cost.member_s / 3600,
               cost.memory_mb(flags.n_thread));
    return exit_ok;
}

/// Runs a plan in its folder and says how it went; of several ranks only the first speaks.
int run_plan(const sweep::Plan& plan, const fs::path& folder, const sweep::RunOptions& options,
             const CommonFlags& common, Progress& progress) {
    const std::vector<MemberState> members = run_members(plan, folder, options, common, progress);
    if (options.shard) {
        const auto n_failed =
            std::ranges::count(members, MemberStatus::failed, &MemberState::status);
        fmt::print(fmt::runtime(say(common.language, "shard {}/{} done, {} failed\n",
                                    "分片 {}/{} 完成，失败 {}\n")),
                   options.shard->i + 1, options.shard->n, n_failed);
    } else if (is_first_rank()) {
        print_state(plan.manifest, members, common.language);
        sweep::write_sweep_page(folder, common.language);
        fmt::print(
            fmt::runtime(say(common.language, "table: {}\nreport: {}\n", "结果表：{}\n报告：{}\n")),
            (folder / "sweep.csv").string(), (folder / "report.html").string());
    }
    return judge(members, common.strict);
}

int run(const SweepFlags& flags, const CommonFlags& common) {
    check_common(common);
    const std::optional<sweep::Shard> shard = read_shard(flags.shard);
    const std::unique_ptr<Progress> progress = make_progress(common);
    if (flags.dry_run) {
        return forecast(flags, common, *progress);
    }
    sweep::Plan plan = sweep::draft_plan(flags.file);
    const fs::path folder = find_folder(flags);
    print_other_maker(folder, common.language);
    sweep::settle_plan(plan, folder, *progress, flags.n_thread);
    return run_plan(plan, folder,
                    {.n_thread = flags.n_thread,
                     .command_line = common.command_line,
                     .shard = shard,
                     .cache = cache_options(flags)},
                    common, *progress);
}

int list(const SweepFlags& flags) {
    const sweep::Plan plan = sweep::draft_plan(flags.file);
    std::string out = "member";
    for (const std::string& axis : plan.manifest.axes) {
        out += "," + sweep::quote_field(axis);
    }
    out += "\n";
    for (std::size_t k = 0; k < plan.layout.size(); ++k) {
        out += fmt::format("{}", k + 1);
        for (const std::string& point : plan.manifest.members[k].coordinates) {
            out += "," + sweep::quote_field(point);
        }
        out += "\n";
        if (out.size() > 65536) {
            fmt::print("{}", out);
            out.clear();
        }
    }
    fmt::print("{}", out);
    return exit_ok;
}

int show_status(const SweepFlags& flags, Language language) {
    const Manifest manifest = sweep::read_manifest(flags.folder);
    const std::vector<MemberState> members = sweep::read_members(flags.folder, manifest);
    print_state(manifest, members, language);
    print_other_maker(flags.folder, language);
    print_changed_inputs(manifest, language);
    if (!flags.thorough) {
        return judge(members);
    }
    std::size_t n_damaged = 0;
    for (std::size_t k = 0; k < members.size(); ++k) {
        const fs::path folder = sweep::member_folder(flags.folder, manifest.members[k]);
        const std::string damaged =
            members[k].is_finished() ? sweep::find_damaged_file(folder, true) : "";
        if (!damaged.empty()) {
            ++n_damaged;
            fmt::print(fmt::runtime(say(language, "  member {}: {} is damaged; remove {}\n",
                                        "  算例 {}：{} 已损坏；请删除 {}\n")),
                       k + 1, damaged, folder.string());
        }
    }
    return n_damaged > 0 ? exit_io : judge(members);
}

int list_missing(const fs::path& folder) {
    const Manifest manifest = sweep::read_manifest(folder);
    const std::vector<MemberState> members = sweep::read_members(folder, manifest);
    fmt::print("member,hash,status,message\n");
    for (std::size_t k = 0; k < members.size(); ++k) {
        if (!members[k].is_finished()) {
            fmt::print("{},{},{},{}\n", k + 1, manifest.members[k].hash.substr(0, 16),
                       sweep::to_string(members[k].status), sweep::quote_field(members[k].message));
        }
    }
    return judge(members);
}

/// Runs what failed once more, and nothing else.
int retry(const SweepFlags& flags, const CommonFlags& common) {
    const std::unique_ptr<Progress> progress = make_progress(common);
    const Manifest manifest = sweep::read_manifest(flags.folder);
    sweep::Plan plan = sweep::draft_plan(manifest.sweep_file);
    if (!sweep::adopt_checked(plan, flags.folder)) {
        print_other_maker(flags.folder, common.language);
        print_changed_inputs(manifest, common.language);
        throw IoError(fmt::format(
            "{}: its sweep file, its inputs or the program have changed; `yuanwang sweep run {}` "
            "makes members of the new ones",
            flags.folder.string(), manifest.sweep_file));
    }
    std::vector<std::size_t> again;
    const std::vector<MemberState> members = sweep::read_members(flags.folder, manifest);
    for (std::size_t k = 0; k < members.size(); ++k) {
        if (members[k].status == MemberStatus::failed) {
            again.push_back(k);
        } else if (flags.not_converged && members[k].status == MemberStatus::not_converged) {
            fs::remove_all(sweep::member_folder(flags.folder, manifest.members[k]));
            again.push_back(k);
        }
    }
    if (again.empty()) {
        fmt::print("{}\n", say(common.language, "nothing to retry", "没有需要重试的算例"));
        return judge(members);
    }
    return run_plan(plan, flags.folder,
                    {.n_thread = flags.n_thread,
                     .command_line = common.command_line,
                     .only = again,
                     .cache = cache_options(flags)},
                    common, *progress);
}

int make_report(const fs::path& folder, Language language) {
    sweep::write_sweep_page(folder, language);
    fmt::print("{}\n", (folder / "report.html").string());
    return exit_ok;
}

int collect(const fs::path& folder) {
    const std::vector<MemberState> members = sweep::collect(folder);
    fmt::print("{}\n{}\n", (folder / "sweep.csv").string(), (folder / "sweep.nc").string());
    return judge(members);
}

void add_thread_option(CLI::App& verb, SweepFlags& flags) {
    verb.add_option("-j,--threads", flags.n_thread, "Members that run at once")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    verb.add_option("--cache", flags.cache,
                    "Folder in which weather and results are kept for other runs and sweeps");
    verb.add_option("--cache-limit", flags.cache_limit_mb, "Its size at most, MB")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
}

void add_sweep_run(CLI::App& sweep, const CommonFlags& common, Action& action) {
    auto flags = std::make_shared<SweepFlags>();
    CLI::App* verb = sweep.add_subcommand(
        "run", "Run the members that are not finished; the same command goes on after a stop");
    verb->add_option("file", flags->file, "Sweep file (.yaml)")->required();
    verb->add_option("-o,--output", flags->folder,
                     "Folder of the sweep; default results/sweeps/<name of the file>");
    add_thread_option(*verb, *flags);
    verb->add_option("--shard", flags->shard, "Only every n-th member from the i-th on")
        ->type_name("I/N");
    verb->add_flag("--dry-run", flags->dry_run,
                   "Check every member, measure the base, say what the sweep would cost");
    verb->footer("Example: yuanwang sweep run scenarios/sweeps/starter-storage.yaml -j 4\n"
                 "         mpirun -n 64 yuanwang sweep run sweep.yaml -o results/sweep");
    verb->callback(
        [flags, &common, &action] { action = [flags, &common] { return run(*flags, common); }; });
}

/// A verb that takes the folder of a sweep.
CLI::App* add_folder_verb(CLI::App& sweep, const char* name, const char* what,
                          const std::shared_ptr<SweepFlags>& flags) {
    CLI::App* verb = sweep.add_subcommand(name, what);
    verb->add_option("folder", flags->folder, "Folder of a sweep")->required();
    return verb;
}

} // namespace

void add_sweep(CLI::App& app, const CommonFlags& common, Action& action) {
    CLI::App* sweep =
        app.add_subcommand("sweep", "Run many variants of a scenario into one folder and table");
    sweep->require_subcommand(1);
    sweep->footer("Example: yuanwang sweep run scenarios/sweeps/starter-storage.yaml -j 4");
    add_sweep_run(*sweep, common, action);
    add_sweep_submit(*sweep, common, action);

    auto flags = std::make_shared<SweepFlags>();
    CLI::App* verb = sweep->add_subcommand("list", "List the members of a sweep file as CSV");
    verb->add_option("file", flags->file, "Sweep file (.yaml)")->required();
    verb->callback([flags, &action] { action = [flags] { return list(*flags); }; });

    verb = add_folder_verb(*sweep, "status", "Say how far a sweep is", flags);
    verb->add_flag("--thorough", flags->thorough, "Hold every file against its hash");
    verb->callback([flags, &common, &action] {
        action = [flags, &common] { return show_status(*flags, common.language); };
    });
    verb = add_folder_verb(*sweep, "missing", "List members that are not finished, as CSV", flags);
    verb->callback([flags, &action] { action = [flags] { return list_missing(flags->folder); }; });
    verb = add_folder_verb(*sweep, "retry", "Run failed members once more", flags);
    add_thread_option(*verb, *flags);
    verb->add_flag("--not-converged", flags->not_converged,
                   "Also members that have steps without a solution");
    verb->callback(
        [flags, &common, &action] { action = [flags, &common] { return retry(*flags, common); }; });
    verb = add_folder_verb(*sweep, "report", "Write report.html from what is stored", flags);
    verb->callback([flags, &common, &action] {
        action = [flags, &common] { return make_report(flags->folder, common.language); };
    });
    verb = add_folder_verb(*sweep, "collect", "Write sweep.csv and sweep.nc from what is stored",
                           flags);
    verb->callback([flags, &action] { action = [flags] { return collect(flags->folder); }; });
}

} // namespace yuanwang::cli
