#include "sweep/store.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include "core/error.hpp"
#include "report/result_folder.hpp"

namespace yuanwang::sweep {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

fs::path failure_file(const fs::path& sweep, const ManifestMember& member) {
    return member_folder(sweep, member).string() + ".failed";
}

MemberState read_summary(const Json& summary) {
    const Json& steps = summary.at("steps");
    MemberState state;
    state.status = steps.at("converged") == steps.at("total") ? MemberStatus::done
                                                              : MemberStatus::not_converged;
    for (const char* part : {"counts", "indicators"}) {
        for (const auto& [name, value] : summary.at(part).items()) {
            if (value.is_number()) {
                state.values[name] = value.get<double>();
            }
        }
    }
    return state;
}

void check_is_sweep(const fs::path& folder) {
    if (fs::exists(folder) && (!fs::is_directory(folder) ||
                               (!fs::is_empty(folder) && !fs::exists(folder / "manifest.json") &&
                                !fs::exists(folder / ".lock")))) {
        throw IoError(fmt::format("{}: holds other things than a sweep; choose another output",
                                  folder.string()));
    }
}

} // namespace

std::string_view to_string(MemberStatus status) {
    constexpr std::array<std::string_view, 4> names = {"missing", "failed", "not_converged",
                                                       "done"};
    return names[static_cast<std::size_t>(status)];
}

fs::path member_folder(const fs::path& sweep, const ManifestMember& member) {
    return sweep / "members" / member.hash.substr(0, 16);
}

MemberState read_member(const fs::path& sweep, const Manifest& manifest, std::size_t member) {
    const ManifestMember& planned = manifest.members[member];
    const fs::path folder = member_folder(sweep, planned);
    if (fs::exists(folder / "summary.json") &&
        (!manifest.keep_series || fs::exists(folder / "results.nc"))) {
        try {
            return read_summary(Json::parse(report::read_file(folder / "summary.json")));
        } catch (const Json::exception&) {
            return {};
        }
    }
    if (const fs::path failure = failure_file(sweep, planned); fs::exists(failure)) {
        return {.status = MemberStatus::failed, .message = report::read_file(failure)};
    }
    return {};
}

void write_failure(const fs::path& sweep, const ManifestMember& member, std::string_view message) {
    report::replace_file(failure_file(sweep, member), message);
}

void clear_failure(const fs::path& sweep, const ManifestMember& member) {
    std::error_code ignored;
    fs::remove(failure_file(sweep, member), ignored);
}

SweepLock::SweepLock(const fs::path& sweep) {
    check_is_sweep(sweep);
    std::error_code error;
    fs::create_directories(sweep / "members", error);
    const fs::path path = sweep / ".lock";
    file_ = error ? -1 : open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file_ < 0) {
        throw IoError(fmt::format("{}: cannot be written: {}", sweep.string(),
                                  error ? error.message() : std::strerror(errno)));
    }
    if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
        close(file_);
        throw IoError(fmt::format("{}: another run is writing into this sweep", sweep.string()));
    }
}

SweepLock::~SweepLock() {
    close(file_);
}

} // namespace yuanwang::sweep
