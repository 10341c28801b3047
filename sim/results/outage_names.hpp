/// @file
/// The joint list outages are named by: rows of the line axis, of the transformer axis, of the source axis, of the storage
/// axis, of the bus axis, then of `studies.n_1.pairs`. `line_n1_outage` and its kin hold such rows; −1 is none.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "results/results.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

class OutageNames {
  public:
    OutageNames(const Study& study, const ResultAxes& axes);

    [[nodiscard]] std::uint32_t row(Axis axis, std::size_t axis_row) const;
    [[nodiscard]] std::uint32_t pair_row(std::size_t pair) const {
        return first_pair_ + static_cast<std::uint32_t>(pair);
    }
    [[nodiscard]] std::size_t size() const { return id_.size(); }
    [[nodiscard]] const std::string& id(std::uint32_t row) const { return id_[row]; }
    /// Rows before the sources: elements that carry a flow.
    [[nodiscard]] std::size_t n_branch_row() const { return n_branch_row_; }

  private:
    std::array<std::uint32_t, n_axis> first_{};
    std::uint32_t first_pair_ = 0;
    std::size_t n_branch_row_ = 0;
    std::vector<std::string> id_;
};

} // namespace yuanwang::engine
