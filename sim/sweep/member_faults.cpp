#include "sweep/member_faults.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace yuanwang::sweep {

namespace fs = std::filesystem;

namespace {

/// Members whose faults are kept; a mistake shows in the first ones.
constexpr std::size_t max_faulty = 1000;

} // namespace

void MemberFaults::add(std::size_t member, const InputError& error) {
    const std::scoped_lock lock{mutex_};
    of_member_[member] = error.faults();
    if (of_member_.size() > max_faulty) {
        of_member_.erase(std::prev(of_member_.end()));
    }
}

void MemberFaults::throw_any() const {
    std::set<std::tuple<std::string, std::string, std::string>> told;
    std::vector<Fault> kept;
    for (const auto& [member, faults] : of_member_) {
        for (Fault fault : faults) {
            if (!told.emplace(fault.path, fault.rule, fault.got).second) {
                continue;
            }
            if (!move_to_value(fault, member)) {
                fault.rule += fmt::format(" (member {})", member + 1);
            }
            kept.push_back(std::move(fault));
        }
    }
    if (!kept.empty()) {
        throw InputError{std::move(kept)};
    }
}

/// A fault of a setting stands where the sweep file writes its value, one of an overlay where the overlay does.
bool MemberFaults::move_to_value(Fault& fault, std::size_t member) const {
    const Combination& points = plan_.layout[member];
    for (std::size_t k = 0; k < points.size(); ++k) {
        const Axis& axis = plan_.sweep.axes[k];
        if (axis.path.empty()) {
            const auto& files = axis.overlays[points[k].row];
            if (std::ranges::find(files, fs::path{fault.place.file}) != files.end()) {
                return true;
            }
        } else if (fault.place.file == fmt::format("--set {}={}", axis.path, points[k].text)) {
            fault.place = points[k].place;
            return true;
        }
    }
    return false;
}

} // namespace yuanwang::sweep
