/// @file
/// Who works on what in a sweep folder, over threads, processes and machines.
///
/// A claim is a POSIX record lock on one byte of the file `.claims`, at the offset a member's hash says; nothing is ever
/// written. The kernel (on network file systems the lock manager) drops it when the process that holds it ends, however it
/// ends: a killed run leaves no claim behind that somebody would have to judge. One more byte stands for the plan: every run
/// shares it, who writes the manifest or the tables owns it alone.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace yuanwang::sweep {

class Claims {
  public:
    /// Makes the folder where there is none. Throws `IoError` where it cannot be written, cannot be locked, or holds
    /// something other than a sweep.
    explicit Claims(const std::filesystem::path& sweep);
    ~Claims();
    Claims(const Claims&) = delete;
    Claims& operator=(const Claims&) = delete;

    /// True where no other process works on the member. Within a process every member is taken once.
    [[nodiscard]] bool take(std::string_view hash);
    void give_back(std::string_view hash);

    /// Waits until nobody owns the plan, and shares it.
    void share_plan();
    /// True where no other process shares or owns it.
    [[nodiscard]] bool own_plan();
    void leave_plan();
    /// True where another process owns the plan: it is checking or gathering, and will be done some time.
    [[nodiscard]] bool is_plan_owned() const;

  private:
    [[nodiscard]] bool lock(int kind, long long offset, bool wait) const;

    std::filesystem::path file_name_;
    int file_ = -1;
};

} // namespace yuanwang::sweep
