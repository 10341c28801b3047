/// @file
/// Runs the built program as a user would, in a folder of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace yuanwang::testing {

struct Finished {
    int code = -1; ///< exit code; 128 + n where signal n ended it
    std::string out;
    std::string err;
};

/// `yuanwang <arguments…>` with the given working folder; sends SIGINT after `interrupt_after_s`
/// where that is > 0.
[[nodiscard]] Finished run_program(const std::vector<std::string>& arguments,
                                   const std::filesystem::path& folder,
                                   double interrupt_after_s = 0);

/// A fresh folder that goes away with the object.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

[[nodiscard]] std::string read_file(const std::filesystem::path& file);
void write_file(const std::filesystem::path& file, const std::string& text);

} // namespace yuanwang::testing
