#include "sweep/store.hpp"

#include <array>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "report/result_folder.hpp"
#include "report/sha256.hpp"

namespace yuanwang::sweep {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

fs::path failure_file(const fs::path& sweep, const ManifestMember& member) {
    return member_folder(sweep, member).string() + ".failed";
}

std::string describe_gaps(const Json& steps) {
    const auto total = steps.at("total").get<double>();
    const auto converged = steps.at("converged").get<double>();
    const double doubtful = steps.value("doubtful", 0.0);
    std::string text = fmt::format("{:.0f} of {:.0f} steps without a solution",
                                   total - converged - doubtful, total);
    if (doubtful > 0) {
        text += fmt::format(", {:.0f} with a doubtful one", doubtful);
    }
    return text;
}

MemberState read_summary(const Json& summary) {
    const Json& steps = summary.at("steps");
    MemberState state;
    state.status = steps.at("converged") == steps.at("total") ? MemberStatus::done
                                                              : MemberStatus::not_converged;
    if (!state.is_whole()) {
        state.message = describe_gaps(steps);
    }
    for (const Json& finding : summary.value("findings", Json::array())) {
        state.violates = state.violates || finding.at("severity") != "note";
    }
    for (const char* part : {"counts", "indicators"}) {
        for (const auto& [name, value] : summary.at(part).items()) {
            if (value.is_number()) {
                state.values[name] = value.get<double>();
            }
        }
    }
    return state;
}

} // namespace

std::string_view to_string(MemberStatus status) {
    constexpr std::array<std::string_view, 4> names = {"missing", "failed", "not_converged",
                                                       "done"};
    return names[static_cast<std::size_t>(status)];
}

fs::path member_folder(const fs::path& sweep, const ManifestMember& member) {
    return sweep / "members" / member.hash.substr(0, 2) / member.hash.substr(0, 16);
}

MemberState read_member(const fs::path& sweep, const Manifest& manifest, std::size_t member) {
    const ManifestMember& planned = manifest.members[member];
    const fs::path folder = member_folder(sweep, planned);
    if (fs::exists(folder / "run.json") &&
        (!manifest.keep_series || fs::exists(folder / "results.nc"))) {
        const std::string damaged = find_damaged_file(folder, false);
        if (damaged.empty()) {
            return read_summary(Json::parse(report::read_file(folder / "summary.json")));
        }
        return {.message = fmt::format("{} is damaged", (folder / damaged).string())};
    }
    if (const fs::path failure = failure_file(sweep, planned); fs::exists(failure)) {
        return {.status = MemberStatus::failed, .message = report::read_file(failure)};
    }
    return {};
}

void write_failure(const fs::path& sweep, const ManifestMember& member, std::string_view message) {
    const fs::path file = failure_file(sweep, member);
    std::error_code error; // told by the write
    fs::create_directories(file.parent_path(), error);
    report::replace_file(file, message);
}

void clear_failure(const fs::path& sweep, const ManifestMember& member) {
    std::error_code ignored;
    fs::remove(failure_file(sweep, member), ignored);
}

std::optional<fs::file_time_type> find_failure_time(const fs::path& sweep,
                                                    const ManifestMember& member) {
    std::error_code error;
    const auto time = fs::last_write_time(failure_file(sweep, member), error);
    return error ? std::nullopt : std::optional{time};
}

std::string find_damaged_file(const fs::path& member_folder, bool thorough) {
    try {
        const Json record = Json::parse(report::read_file(member_folder / "run.json"));
        for (const Json& output : record.at("outputs")) {
            const std::string name = output.at("path");
            const fs::path file = member_folder / name;
            std::error_code error;
            if (fs::file_size(file, error) != output.at("bytes").get<std::uintmax_t>() || error) {
                return name;
            }
            if ((thorough || name == "summary.json") &&
                report::hash_file(file) != output.at("sha256")) {
                return name;
            }
        }
        return "";
    } catch (const std::exception&) { // no record, or none that can be read
        return "run.json";
    }
}

} // namespace yuanwang::sweep
