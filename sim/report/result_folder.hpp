/// @file
/// A folder that is complete or absent: written beside its place, then renamed into it.
///
/// The sibling is called `.<name>.<host>.<process>.part`, lies in the same file system, and is
/// removed when the object goes before `commit`. Siblings that dead processes of this host left are
/// cleared first.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace yuanwang::report {

class StagedFolder {
  public:
    /// Makes the sibling. Throws `IoError` where that cannot be done, or where something that is
    /// not the folder of an earlier run stands in the place of `target`.
    explicit StagedFolder(const std::filesystem::path& target);
    ~StagedFolder();
    StagedFolder(const StagedFolder&) = delete;
    StagedFolder& operator=(const StagedFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return stage_; } ///< write here
    [[nodiscard]] const std::filesystem::path& target() const { return target_; }

    /// Brings everything to disk and renames the sibling into place; an earlier run there is
    /// exchanged for it in one step and then removed.
    void commit();

  private:
    std::filesystem::path target_;
    std::filesystem::path stage_;
    bool committed_ = false;
};

/// Whether a folder holds an earlier run and nothing else, so that it may be replaced.
[[nodiscard]] bool is_result_folder(const std::filesystem::path& folder);

/// Writes a whole file. Throws `IoError` with the file's name and the reason (full disk, no
/// permission).
void write_file(const std::filesystem::path& file, std::string_view content);

/// Writes a file beside its place and renames it: a reader sees the old one or the new one.
void replace_file(const std::filesystem::path& file, std::string_view content);

/// Reads a whole file. Throws `IoError`.
[[nodiscard]] std::string read_file(const std::filesystem::path& file);

} // namespace yuanwang::report
