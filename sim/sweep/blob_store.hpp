/// @file
/// Results of stages in a folder, each under the hash of what it was made from.
///
///     <folder>/<stage>/<ha>/<key>      magic, length, CRC-32, bytes
///
/// Many processes may use one folder: a file is written beside its place and renamed. One that is truncated or damaged is
/// removed and counts as absent. Where the files grow beyond the limit, those not used for the longest time go.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace yuanwang::sweep {

class BlobStore {
  public:
    /// Throws `IoError` where the folder cannot be made.
    BlobStore(std::filesystem::path folder, std::uintmax_t max_bytes);

    [[nodiscard]] std::optional<std::string> find(std::string_view stage, const std::string& key);
    /// A store that cannot be written stays as it is: nothing depends on it.
    void put(std::string_view stage, const std::string& key, std::string_view bytes);

    /// Files found damaged so far.
    [[nodiscard]] std::size_t n_damaged() const { return n_damaged_; }

  private:
    [[nodiscard]] std::filesystem::path find_file(std::string_view stage,
                                                  const std::string& key) const;
    void make_room(std::uintmax_t n_byte);

    std::filesystem::path folder_;
    std::uintmax_t max_bytes_;
    std::mutex mutex_;
    std::uintmax_t n_byte_ = 0; ///< in the folder, as far as this process knows
    std::atomic<std::size_t> n_damaged_{0};
};

} // namespace yuanwang::sweep
