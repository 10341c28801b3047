#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/common.hpp"
#include "cli/exit_code.hpp"
#include "core/error.hpp"
#include "sweep/plan.hpp"
#include "sweep/run_sweep.hpp"
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
    bool dry_run = false;
};

std::size_t count(const std::vector<MemberState>& members, MemberStatus status) {
    return static_cast<std::size_t>(std::ranges::count(members, status, &MemberState::status));
}

void print_best(const Manifest& manifest, const std::vector<MemberState>& members,
                Language language) {
    const std::vector<std::size_t> ranked = sweep::rank_members(*manifest.ranking, members);
    if (ranked.empty()) {
        fmt::print("{}\n", say(language, "no finished member meets the limits of `rank`",
                               "没有完成的算例满足 rank 的限值"));
    }
    for (std::size_t k = 0; k < std::min<std::size_t>(ranked.size(), 5); ++k) {
        const std::size_t member = ranked[k];
        fmt::print("  {}. {} = {:.6g}:", k + 1, manifest.ranking->by,
                   members[member].values.at(manifest.ranking->by));
        for (std::size_t axis = 0; axis < manifest.axes.size(); ++axis) {
            fmt::print("{} {} = {}", axis == 0 ? "" : ",", manifest.axes[axis],
                       manifest.members[member].coordinates[axis]);
        }
        fmt::print("\n");
    }
}

void print_state(const Manifest& manifest, const std::vector<MemberState>& members,
                 Language language) {
    fmt::print(
        fmt::runtime(say(language, "{} members: {} done, {} not converged, {} failed, {} missing\n",
                         "{} 个算例：完成 {}，未收敛 {}，失败 {}，缺 {}\n")),
        members.size(), count(members, MemberStatus::done),
        count(members, MemberStatus::not_converged), count(members, MemberStatus::failed),
        count(members, MemberStatus::missing));
    for (std::size_t k = 0; k < members.size(); ++k) {
        if (members[k].status == MemberStatus::failed) {
            fmt::print(
                fmt::runtime(say(language, "  member {} failed: {}\n", "  算例 {} 失败：{}\n")),
                k + 1, members[k].message);
        }
    }
    if (manifest.ranking) {
        print_best(manifest, members, language);
    }
}

int judge(const std::vector<MemberState>& members) {
    if (count(members, MemberStatus::failed) > 0) {
        return exit_members_failed;
    }
    return count(members, MemberStatus::not_converged) > 0 ? exit_not_converged : exit_ok;
}

int run(const SweepFlags& flags, const CommonFlags& common) {
    if (!common.set.empty() || common.seed) {
        throw InputError{
            Fault{{}, "", "--set and --seed belong to one scenario; write an axis", ""}};
    }
    const std::unique_ptr<Progress> progress = make_progress(common);
    const sweep::Plan plan = sweep::make_plan(flags.file, *progress);
    const fs::path folder =
        flags.folder.empty() ? fs::path{"results"} / "sweeps" / flags.file.stem() : flags.folder;
    if (flags.dry_run) {
        fmt::print(fmt::runtime(say(common.language,
                                    "{} members, all valid; would write {}; nothing was simulated "
                                    "(--dry-run)\n",
                                    "{} 个算例，全部有效；将写入 {}；未进行仿真（--dry-run）\n")),
                   plan.manifest.members.size(), folder.string());
        return exit_ok;
    }
    const std::vector<MemberState> members = sweep::run_sweep(
        plan, folder, {.n_thread = flags.n_thread, .command_line = common.command_line}, *progress);
    print_state(plan.manifest, members, common.language);
    fmt::print(fmt::runtime(say(common.language, "table: {}\n", "结果表：{}\n")),
               (folder / "sweep.csv").string());
    return judge(members);
}

int show_status(const fs::path& folder, Language language) {
    const Manifest manifest = sweep::read_manifest(folder);
    const std::vector<MemberState> members = sweep::read_members(folder, manifest);
    print_state(manifest, members, language);
    return judge(members);
}

int collect(const fs::path& folder) {
    const std::vector<MemberState> members = sweep::collect(folder);
    fmt::print("{}\n", (folder / "sweep.csv").string());
    return judge(members);
}

void add_sweep_run(CLI::App& sweep, const CommonFlags& common, Action& action) {
    auto flags = std::make_shared<SweepFlags>();
    CLI::App* verb = sweep.add_subcommand(
        "run", "Run the members that are not finished; the same command goes on after a stop");
    verb->add_option("file", flags->file, "Sweep file (.yaml)")->required();
    verb->add_option("-o,--output", flags->folder,
                     "Folder of the sweep; default results/sweeps/<name of the file>");
    verb->add_option("-j,--threads", flags->n_thread, "Members that run at once")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    verb->add_flag("--dry-run", flags->dry_run, "Check every member and say how many there are");
    verb->footer("Example: yuanwang sweep run scenarios/sweeps/starter-storage.yaml -j 4");
    verb->callback(
        [flags, &common, &action] { action = [flags, &common] { return run(*flags, common); }; });
}

} // namespace

void add_sweep(CLI::App& app, const CommonFlags& common, Action& action) {
    CLI::App* sweep =
        app.add_subcommand("sweep", "Run many variants of a scenario into one folder and table");
    sweep->require_subcommand(1);
    sweep->footer("Example: yuanwang sweep run scenarios/sweeps/starter-storage.yaml -j 4");
    add_sweep_run(*sweep, common, action);

    auto folder = std::make_shared<fs::path>();
    CLI::App* status = sweep->add_subcommand("status", "Say how far a sweep is");
    status->add_option("folder", *folder, "Folder of a sweep")->required();
    status->callback([folder, &common, &action] {
        action = [folder, &common] { return show_status(*folder, common.language); };
    });
    CLI::App* table = sweep->add_subcommand("collect", "Write sweep.csv from what is stored");
    table->add_option("folder", *folder, "Folder of a sweep")->required();
    table->callback([folder, &action] { action = [folder] { return collect(*folder); }; });
}

} // namespace yuanwang::cli
