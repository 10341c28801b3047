#include "sweep/claims.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "core/error.hpp"

namespace yuanwang::sweep {

namespace fs = std::filesystem;

namespace {

constexpr long long plan_byte = std::numeric_limits<long long>::max() - 1;

/// The first 15 hexadecimal digits, 60 bits.
long long find_offset(std::string_view hash) {
    long long offset = 0;
    std::from_chars(hash.data(), hash.data() + std::min<std::size_t>(hash.size(), 15), offset, 16);
    return offset;
}

void check_is_sweep(const fs::path& folder) {
    if (fs::exists(folder) &&
        (!fs::is_directory(folder) ||
         (!fs::is_empty(folder) && !fs::exists(folder / "manifest.json") &&
          !fs::exists(folder / ".claims") && !fs::exists(folder / "portfolio.yaml")))) {
        throw IoError(fmt::format("{}: holds other things than a sweep; choose another output",
                                  folder.string()));
    }
}

} // namespace

Claims::Claims(const fs::path& sweep) : file_name_{sweep / ".claims"} {
    check_is_sweep(sweep);
    std::error_code error;
    fs::create_directories(sweep, error);
    // Before anything else: it is what tells runs that begin at the same moment that the folder is a sweep's.
    file_ = error ? -1 : open(file_name_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file_ >= 0) {
        fs::create_directories(sweep / "members", error);
    }
    if (file_ < 0 || error) {
        const std::string why = error ? error.message() : std::strerror(errno);
        close(file_);
        throw IoError(fmt::format("{}: cannot be written: {}", sweep.string(), why));
    }
}

Claims::~Claims() {
    close(file_);
}

bool Claims::take(std::string_view hash) {
    return lock(F_WRLCK, find_offset(hash), false);
}

void Claims::give_back(std::string_view hash) {
    (void)lock(F_UNLCK, find_offset(hash), false);
}

void Claims::share_plan() {
    (void)lock(F_RDLCK, plan_byte, true);
}

bool Claims::own_plan() {
    return lock(F_WRLCK, plan_byte, false);
}

void Claims::leave_plan() {
    (void)lock(F_UNLCK, plan_byte, false);
}

bool Claims::is_plan_owned() const {
    struct flock range {};
    range.l_type = F_RDLCK; // only an owner stands in the way of this
    range.l_whence = SEEK_SET;
    range.l_start = static_cast<off_t>(plan_byte);
    range.l_len = 1;
    return fcntl(file_, F_GETLK, &range) == 0 && range.l_type != F_UNLCK;
}

bool Claims::lock(int kind, long long offset, bool wait) const {
    struct flock range {};
    range.l_type = static_cast<short>(kind);
    range.l_whence = SEEK_SET;
    range.l_start = static_cast<off_t>(offset);
    range.l_len = 1;
    while (fcntl(file_, wait ? F_SETLKW : F_SETLK, &range) != 0) {
        if (errno == EAGAIN || errno == EACCES) {
            return false;
        }
        if (errno != EINTR) {
            throw IoError(fmt::format("{}: cannot be locked: {}; a sweep folder must lie in a file "
                                      "system with locks",
                                      file_name_.string(), std::strerror(errno)));
        }
    }
    return true;
}

} // namespace yuanwang::sweep
