/// @file
/// Faults of many members, each told once, at the value of the sweep file that makes it.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <vector>

#include "core/error.hpp"
#include "sweep/plan.hpp"

namespace yuanwang::sweep {

class MemberFaults {
  public:
    explicit MemberFaults(const Plan& plan) : plan_{plan} {}

    /// Threads may add at once.
    void add(std::size_t member, const InputError& error);

    /// Throws `InputError` where there are any.
    void throw_any() const;

  private:
    [[nodiscard]] bool move_to_value(Fault& fault, std::size_t member) const;

    const Plan& plan_;
    std::mutex mutex_;
    std::map<std::size_t, std::vector<Fault>> of_member_; ///< of the first members that have any
};

} // namespace yuanwang::sweep
