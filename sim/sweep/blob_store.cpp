#include "sweep/blob_store.hpp"

#include <algorithm>
#include <cstring>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include "core/error.hpp"
#include "report/result_folder.hpp"

namespace yuanwang::sweep {

namespace fs = std::filesystem;

namespace {

struct Header {
    char magic[8];
    std::uint64_t n_byte;
    std::uint64_t crc;
};
constexpr std::string_view magic = "ywstage1";

std::uint64_t checksum(std::string_view bytes) {
    return crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()); // NOLINT
}

struct StoredFile {
    fs::path path;
    fs::file_time_type used;
    std::uintmax_t n_byte;
};

std::vector<StoredFile> list_files(const fs::path& folder) {
    std::vector<StoredFile> files;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
        std::error_code gone; // another process makes room too
        const auto used = entry.last_write_time(gone);
        if (entry.is_regular_file(gone) && !gone) {
            files.push_back({entry.path(), used, entry.file_size(gone)});
        }
    }
    return files;
}

} // namespace

BlobStore::BlobStore(fs::path folder, std::uintmax_t max_bytes)
    : folder_{std::move(folder)}, max_bytes_{max_bytes} {
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) {
        throw IoError(fmt::format("{}: cannot be made: {}", folder_.string(), error.message()));
    }
    for (const StoredFile& file : list_files(folder_)) {
        n_byte_ += file.n_byte;
    }
}

fs::path BlobStore::find_file(std::string_view stage, const std::string& key) const {
    return folder_ / stage / key.substr(0, 2) / key;
}

std::optional<std::string> BlobStore::find(std::string_view stage, const std::string& key) {
    const fs::path file = find_file(stage, key);
    std::error_code error;
    if (!fs::is_regular_file(file, error)) {
        return std::nullopt;
    }
    try {
        std::string content = report::read_file(file);
        Header header{};
        if (content.size() >= sizeof header) {
            std::memcpy(&header, content.data(), sizeof header);
            const std::string_view bytes = std::string_view{content}.substr(sizeof header);
            if (std::string_view{header.magic, 8} == magic && header.n_byte == bytes.size() &&
                header.crc == checksum(bytes)) {
                fs::last_write_time(file, fs::file_time_type::clock::now(), error);
                content.erase(0, sizeof header);
                return content;
            }
        }
    } catch (const IoError&) { // gone or unreadable: absent
        return std::nullopt;
    }
    ++n_damaged_;
    fs::remove(file, error);
    return std::nullopt;
}

void BlobStore::put(std::string_view stage, const std::string& key, std::string_view bytes) {
    const fs::path file = find_file(stage, key);
    Header header{.magic = {}, .n_byte = bytes.size(), .crc = checksum(bytes)};
    magic.copy(header.magic, sizeof header.magic);
    std::string content{reinterpret_cast<const char*>(&header), sizeof header}; // NOLINT
    content += bytes;
    if (content.size() > max_bytes_) {
        return;
    }
    make_room(content.size());
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    const fs::path beside = file.string() + fmt::format(".{}.part", getpid());
    try {
        report::write_file(beside, content);
        fs::rename(beside, file, error);
    } catch (const IoError&) {
        fs::remove(beside, error);
    }
}

void BlobStore::make_room(std::uintmax_t n_byte) {
    const std::scoped_lock lock{mutex_};
    n_byte_ += n_byte;
    if (n_byte_ <= max_bytes_) {
        return;
    }
    std::vector<StoredFile> files = list_files(folder_);
    std::ranges::sort(files, {}, &StoredFile::used);
    n_byte_ = n_byte;
    for (const StoredFile& file : files) {
        n_byte_ += file.n_byte;
    }
    const std::uintmax_t aim = max_bytes_ - max_bytes_ / 10;
    for (auto file = files.begin(); file != files.end() && n_byte_ > aim; ++file) {
        std::error_code ignored;
        fs::remove(file->path, ignored);
        n_byte_ -= file->n_byte;
    }
}

} // namespace yuanwang::sweep
