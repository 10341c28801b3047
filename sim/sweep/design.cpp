#include "sweep/design.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "core/random.hpp"

namespace yuanwang::sweep {

namespace {

[[noreturn]] void refuse(const SweepFile& sweep, std::string rule) {
    throw InputError{Fault{sweep.design_place, "design", std::move(rule), ""}};
}

std::vector<Combination> lay_out_full(const SweepFile& sweep) {
    std::size_t n = 1;
    for (const Axis& axis : sweep.axes) {
        n *= axis.points.size();
        if (n > max_members) {
            refuse(sweep, fmt::format("must have at most {} members", max_members));
        }
    }
    std::vector<Combination> members(n);
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t below = n;
        for (const Axis& axis : sweep.axes) {
            below /= axis.points.size();
            members[k].push_back(axis.points[k / below % axis.points.size()]);
        }
    }
    return members;
}

std::vector<Combination> lay_out_zip(const SweepFile& sweep) {
    const std::size_t n = sweep.axes.front().points.size();
    for (const Axis& axis : sweep.axes) {
        if (axis.points.size() != n) {
            refuse(sweep, fmt::format("zip needs as many points on every axis: `{}` has {}, `{}` "
                                      "has {}",
                                      sweep.axes.front().name, n, axis.name, axis.points.size()));
        }
    }
    std::vector<Combination> members(n);
    for (std::size_t k = 0; k < n; ++k) {
        for (const Axis& axis : sweep.axes) {
            members[k].push_back(axis.points[k]);
        }
    }
    return members;
}

/// Fisher and Yates (1938), in the form of Durstenfeld (1964).
std::vector<std::size_t> permute(std::size_t n, Random& random) {
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t k = n; k > 1; --k) {
        const auto j = static_cast<std::size_t>(random.uniform() * static_cast<double>(k));
        std::swap(order[k - 1], order[j]);
    }
    return order;
}

/// The point at position x of [0, 1).
Written find_point(const Axis& axis, double x) {
    if (axis.range) {
        const Range& range = *axis.range;
        return {fmt::format("{}", range.from + (range.to - range.from) * x), range.place};
    }
    const auto row = static_cast<std::size_t>(x * static_cast<double>(axis.points.size()));
    return axis.points[std::min(row, axis.points.size() - 1)];
}

std::vector<Combination> lay_out_hypercube(const SweepFile& sweep) {
    const std::size_t n = sweep.n_member;
    std::vector<Combination> members(n);
    for (const Axis& axis : sweep.axes) {
        Random random{sweep.seed, axis.name};
        const std::vector<std::size_t> order = permute(n, random);
        for (std::size_t k = 0; k < n; ++k) {
            const double x =
                (static_cast<double>(order[k]) + random.uniform()) / static_cast<double>(n);
            members[k].push_back(find_point(axis, x));
        }
    }
    return members;
}

} // namespace

std::vector<Combination> lay_out(const SweepFile& sweep) {
    switch (sweep.design) {
    case Design::zip:
        return lay_out_zip(sweep);
    case Design::latin_hypercube:
        return lay_out_hypercube(sweep);
    case Design::full:
        break;
    }
    return lay_out_full(sweep);
}

} // namespace yuanwang::sweep
