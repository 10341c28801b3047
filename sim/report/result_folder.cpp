#include "report/result_folder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "core/error.hpp"

namespace yuanwang::report {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> file_names = {"results.nc", "summary.json", "report.html",
                                                        "scenario.resolved.yaml", "run.json"};

[[noreturn]] void fail(const fs::path& path, std::string_view what, int error) {
    throw IoError(fmt::format("{}: {}: {}", path.string(), what, std::strerror(error)));
}

std::string name_host() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) {
        return "host";
    }
    std::string host = name.data();
    std::ranges::replace(host, '.', '-');
    return host;
}

std::string stage_prefix(const fs::path& target) {
    return fmt::format(".{}.{}.", target.filename().string(), name_host());
}

bool is_alive(pid_t process) {
    return kill(process, 0) == 0 || errno != ESRCH;
}

/// Removes siblings of processes that no longer run.
void clear_stale_stages(const fs::path& target) {
    const std::string prefix = stage_prefix(target);
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(target.parent_path(), ignored)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(prefix) || !name.ends_with(".part")) {
            continue;
        }
        const int process = std::atoi(name.c_str() + prefix.size());
        if (process > 0 && !is_alive(process)) {
            fs::remove_all(entry.path(), ignored);
        }
    }
}

/// `folder/` and links to a folder mean the folder itself.
fs::path resolve(const fs::path& folder) {
    std::error_code error;
    fs::path path = fs::weakly_canonical(fs::absolute(folder), error);
    if (error) {
        fail(folder, "cannot be reached", error.value());
    }
    return path.has_filename() ? path : path.parent_path();
}

void sync(const fs::path& path, int flags) {
    const int file = open(path.c_str(), flags | O_CLOEXEC);
    if (file < 0) {
        fail(path, "cannot be opened", errno);
    }
    // Some file systems know no fsync of a folder; only a real write error counts.
    const bool broken = fsync(file) != 0 && (errno == EIO || errno == ENOSPC || errno == EDQUOT);
    const int error = errno;
    close(file);
    if (broken) {
        fail(path, "cannot be brought to disk", error);
    }
}

void sync_folder(const fs::path& folder) {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        sync(entry.path(), O_RDONLY);
    }
    sync(folder, O_RDONLY | O_DIRECTORY);
}

/// Puts `stage` in the place of the folder `target` and the old folder in the place of `stage`.
void exchange(const fs::path& stage, const fs::path& target) {
    if (renameat2(AT_FDCWD, stage.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0) {
        return;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        fail(target, "cannot be replaced", errno);
    }
    // A file system without exchange (NFS): two renames, with the old folder put back if the second
    // fails.
    const fs::path aside = stage.string() + ".old";
    std::error_code error;
    fs::rename(target, aside, error);
    if (error) {
        fail(target, "cannot be replaced", error.value());
    }
    fs::rename(stage, target, error);
    if (error) {
        std::error_code ignored;
        fs::rename(aside, target, ignored);
        fail(target, "cannot be replaced", error.value());
    }
    fs::rename(aside, stage, error);
}

void check_replaceable(const fs::path& target) {
    const fs::file_status status = fs::symlink_status(target);
    if (!fs::exists(status)) {
        return;
    }
    if (!fs::is_directory(status)) {
        throw IoError(fmt::format("{}: is not a folder; choose another output", target.string()));
    }
    if (!fs::is_empty(target) && !is_result_folder(target)) {
        throw IoError(fmt::format("{}: holds other things than an earlier run and is not replaced; "
                                  "choose another output",
                                  target.string()));
    }
}

} // namespace

bool is_result_folder(const fs::path& folder) {
    bool has_record = false;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (std::ranges::find(file_names, name) == file_names.end()) {
            return false;
        }
        has_record |= name == "run.json";
    }
    return !error && has_record;
}

StagedFolder::StagedFolder(const fs::path& target) : target_{resolve(target)} {
    std::error_code error;
    fs::create_directories(target_.parent_path(), error);
    if (error) {
        fail(target_.parent_path(), "cannot be made", error.value());
    }
    check_replaceable(target_);
    clear_stale_stages(target_);
    stage_ = target_.parent_path() / fmt::format("{}{}.part", stage_prefix(target_), getpid());
    fs::remove_all(stage_, error);
    fs::create_directory(stage_, error);
    if (error) {
        fail(stage_, "cannot be made", error.value());
    }
}

StagedFolder::~StagedFolder() {
    if (!committed_) {
        std::error_code ignored;
        fs::remove_all(stage_, ignored);
    }
}

void StagedFolder::commit() {
    sync_folder(stage_);
    check_replaceable(target_);
    std::error_code error;
    if (fs::exists(target_)) {
        exchange(stage_, target_);
        committed_ = true;
        fs::remove_all(stage_, error);
    } else {
        fs::rename(stage_, target_, error);
        if (error) {
            fail(target_, "cannot be made", error.value());
        }
        committed_ = true;
    }
    sync(target_.parent_path(), O_RDONLY | O_DIRECTORY);
}

void write_file(const fs::path& file, std::string_view content) {
    errno = 0;
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.close();
    if (!out) {
        fail(file, "cannot be written", errno != 0 ? errno : EIO);
    }
}

void replace_file(const fs::path& file, std::string_view content) {
    const fs::path beside =
        file.parent_path() / fmt::format(".{}.{}.part", file.filename().string(), getpid());
    std::error_code error;
    try {
        write_file(beside, content);
        sync(beside, O_RDONLY);
    } catch (...) {
        fs::remove(beside, error);
        throw;
    }
    fs::rename(beside, file, error);
    if (error) {
        std::error_code ignored;
        fs::remove(beside, ignored);
        fail(file, "cannot be replaced", error.value());
    }
}

std::string read_file(const fs::path& file) {
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    std::ostringstream content;
    if (in && in.peek() != std::ifstream::traits_type::eof()) {
        content << in.rdbuf();
    }
    if (!in.is_open() || in.bad() || content.fail()) {
        fail(file, "cannot be read", errno != 0 ? errno : EIO);
    }
    return std::move(content).str();
}

} // namespace yuanwang::report
