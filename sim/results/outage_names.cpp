#include "results/outage_names.hpp"

#include <cassert>

namespace yuanwang::engine {

OutageNames::OutageNames(const Study& study, const ResultAxes& axes) {
    for (const Axis axis :
         {Axis::line, Axis::transformer, Axis::source, Axis::storage, Axis::bus}) {
        first_[static_cast<std::size_t>(axis)] = static_cast<std::uint32_t>(id_.size());
        for (const AxisEntry& entry : axes.of(axis)) {
            id_.push_back(entry.id);
        }
        if (axis == Axis::transformer) {
            n_branch_row_ = id_.size();
        }
    }
    first_pair_ = static_cast<std::uint32_t>(id_.size());
    for (const N1Pair& pair : study.n_1.pairs) {
        id_.push_back(pair.id);
    }
}

std::uint32_t OutageNames::row(Axis axis, std::size_t axis_row) const {
    assert(axis == Axis::line || axis == Axis::transformer || axis == Axis::source ||
           axis == Axis::storage || axis == Axis::bus);
    return first_[static_cast<std::size_t>(axis)] + static_cast<std::uint32_t>(axis_row);
}

} // namespace yuanwang::engine
