#include "cli/sweep_state.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "cli/common.hpp"
#include "cli/exit_code.hpp"
#include "sweep/build_id.hpp"
#include "sweep/plan.hpp"
#include "sweep/table.hpp"

namespace yuanwang::cli {

using sweep::Manifest;
using sweep::MemberState;
using sweep::MemberStatus;

namespace {

/// Failures told one by one; more would hide the rest.
constexpr std::size_t max_told = 20;

std::size_t count(const std::vector<MemberState>& members, MemberStatus status) {
    return static_cast<std::size_t>(std::ranges::count(members, status, &MemberState::status));
}

/// How the message of a member is introduced.
const char* introduce(MemberStatus status, Language language) {
    switch (status) {
    case MemberStatus::failed:
        return say(language, "  member {} failed: {}\n", "  算例 {} 失败：{}\n");
    case MemberStatus::not_converged:
        return say(language, "  member {} is not ranked: {}\n", "  算例 {} 不参与排序：{}\n");
    default:
        return say(language, "  member {} will be run again: {}\n", "  算例 {} 将重新计算：{}\n");
    }
}

void print_best(const Manifest& manifest, const std::vector<MemberState>& members,
                Language language) {
    const std::vector<std::size_t> ranked = sweep::rank_members(*manifest.ranking, members);
    const bool any_finished = std::ranges::any_of(members, &MemberState::is_finished);
    if (ranked.empty() && any_finished) {
        fmt::print("{}\n", say(language, "no finished member meets the limits of `rank`",
                               "没有完成的算例满足 rank 的限值"));
        for (const std::string& line : sweep::explain_limits(manifest, members)) {
            fmt::print("  {}\n", line);
        }
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

} // namespace

void print_state(const Manifest& manifest, const std::vector<MemberState>& members,
                 Language language) {
    fmt::print(
        fmt::runtime(say(language, "{} members: {} done, {} not converged, {} failed, {} missing\n",
                         "{} 个算例：完成 {}，未收敛 {}，失败 {}，缺 {}\n")),
        members.size(), count(members, MemberStatus::done),
        count(members, MemberStatus::not_converged), count(members, MemberStatus::failed),
        count(members, MemberStatus::missing));
    std::size_t n_told = 0;
    for (std::size_t k = 0; k < members.size(); ++k) {
        if (members[k].message.empty()) {
            continue;
        }
        if (++n_told > max_told) {
            fmt::print("{}\n", say(language, "  … and more; `sweep missing` lists all",
                                   "  …… 其余见 `sweep missing`"));
            break;
        }
        fmt::print(fmt::runtime(introduce(members[k].status, language)), k + 1, members[k].message);
    }
    if (manifest.ranking) {
        print_best(manifest, members, language);
    }
}

void print_changed_inputs(const Manifest& manifest, Language language) {
    for (const std::string& file : sweep::list_changed_inputs(manifest)) {
        fmt::print(fmt::runtime(say(language,
                                    "{} has changed since the members were planned; run the sweep "
                                    "again for members of the new files\n",
                                    "{} 在制定算例后已改变；重新运行可得到新文件的算例\n")),
                   file);
    }
}

void print_other_maker(const std::filesystem::path& folder, Language language) {
    const std::optional<Manifest> manifest = sweep::find_manifest(folder);
    const std::string maker = sweep::maker_id();
    if (manifest && manifest->maker != maker) {
        fmt::print(stderr,
                   fmt::runtime(say(language,
                                    "{}: planned by another build of the program (version {}, {}); "
                                    "this one ({}) does not mix its members with those\n",
                                    "{}：由程序的另一构建制定（版本 {}，{}）；"
                                    "本程序（{}）的算例不与其混用\n")),
                   folder.string(), manifest->version,
                   manifest->maker.empty() ? "-" : manifest->maker, maker);
    }
}

int judge(const std::vector<MemberState>& members, bool strict) {
    if (count(members, MemberStatus::failed) > 0) {
        return exit_members_failed;
    }
    if (count(members, MemberStatus::not_converged) > 0) {
        return exit_not_converged;
    }
    return strict && std::ranges::any_of(members, &MemberState::violates) ? exit_relaxed : exit_ok;
}

} // namespace yuanwang::cli
