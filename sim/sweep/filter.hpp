/// @file
/// Which combinations of points become members: conditions over the axes.
///
///     filters: ["e_max_mwh <= 4 * p_max_mw", "site != 'dahua.yaml' or e_max_mwh > 200"]
///
///     condition:  < <= > >= == !=   and or not   + - * /   ( )   numbers, 'text', names of axes
///
/// A point that reads as a number is one; every other is text, of which only equality can be asked.
#pragma once

#include <memory>
#include <vector>

#include "sweep/design.hpp"

namespace yuanwang::sweep {

class Filter {
  public:
    /// Reads a condition. Throws `InputError` at its place where it cannot be read or names no axis.
    Filter(const Written& condition, const std::vector<Axis>& axes);
    ~Filter();
    Filter(Filter&&) noexcept;
    Filter& operator=(Filter&&) noexcept;

    /// True where the condition holds. Throws `InputError` where text meets a number.
    [[nodiscard]] bool holds(const Combination& points) const;

    struct Expression;

  private:
    Written condition_;
    std::unique_ptr<const Expression> expression_;
};

/// Drops the combinations for which a filter does not hold. Throws `InputError` where none is left.
[[nodiscard]] std::vector<Combination> keep_filtered(const SweepFile& sweep,
                                                     std::vector<Combination> layout);

} // namespace yuanwang::sweep
