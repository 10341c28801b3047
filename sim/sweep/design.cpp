#include "sweep/design.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "core/random.hpp"
#include "sweep/distribution.hpp"
#include "sweep/sobol.hpp"

namespace yuanwang::sweep {

namespace {

[[noreturn]] void refuse(const SweepFile& sweep, std::string rule) {
    throw InputError{Fault{sweep.design_place, "design", std::move(rule), ""}};
}

void check_count(const SweepFile& sweep, std::size_t n) {
    if (n > max_members) {
        refuse(sweep, fmt::format("must have at most {} members", max_members));
    }
}

std::vector<Combination> lay_out_full(const SweepFile& sweep) {
    std::size_t n = 1;
    for (const Axis& axis : sweep.axes) {
        n *= axis.points.size();
        check_count(sweep, n);
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

/// The point at position x of (0, 1).
Written find_point(const Axis& axis, double x) {
    if (axis.distribution) {
        return {fmt::format("{}", find_quantile(*axis.distribution, x)), axis.place};
    }
    if (axis.weights.empty()) {
        const auto row = static_cast<std::size_t>(x * static_cast<double>(axis.points.size()));
        return axis.points[std::min(row, axis.points.size() - 1)];
    }
    double sum = 0;
    for (std::size_t k = 0; k + 1 < axis.points.size(); ++k) {
        sum += axis.weights[k];
        if (x < sum) {
            return axis.points[k];
        }
    }
    return axis.points.back();
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

/// A uniform number that is neither 0 nor 1, where distributions have their infinities.
double draw_inside(Random& random) {
    return std::max(random.uniform(), 0x1.0p-54);
}

std::vector<Combination> lay_out_random(const SweepFile& sweep) {
    std::vector<Combination> members(sweep.n_member);
    for (const Axis& axis : sweep.axes) {
        Random random{sweep.seed, axis.name};
        for (Combination& member : members) {
            member.push_back(find_point(axis, draw_inside(random)));
        }
    }
    return members;
}

/// One shift per axis and round, from the seed and the axis' name.
std::vector<std::uint32_t> draw_shifts(const SweepFile& sweep, std::size_t n_round) {
    std::vector<std::uint32_t> shifts;
    for (std::size_t round = 0; round < n_round; ++round) {
        for (const Axis& axis : sweep.axes) {
            Random random{sweep.seed, fmt::format("{} {}", axis.name, round)};
            shifts.push_back(static_cast<std::uint32_t>(random.uniform() * 0x1.0p32));
        }
    }
    return shifts;
}

std::vector<Combination> lay_out_sobol(const SweepFile& sweep) {
    SobolSequence sequence{draw_shifts(sweep, 1)};
    std::vector<Combination> members(sweep.n_member);
    for (Combination& member : members) {
        const std::span<const double> x = sequence.next();
        for (std::size_t d = 0; d < sweep.axes.size(); ++d) {
            member.push_back(find_point(sweep.axes[d], x[d]));
        }
    }
    return members;
}

std::vector<Combination> lay_out_saltelli(const SweepFile& sweep) {
    const std::size_t d = sweep.axes.size();
    check_count(sweep, sweep.n_member * (d + 2));
    SobolSequence sequence{draw_shifts(sweep, 2)};
    std::vector<Combination> members;
    for (std::size_t k = 0; k < sweep.n_member; ++k) {
        const std::span<const double> x = sequence.next();
        Combination a;
        Combination b;
        for (std::size_t i = 0; i < d; ++i) {
            a.push_back(find_point(sweep.axes[i], x[i]));
            b.push_back(find_point(sweep.axes[i], x[d + i]));
        }
        members.push_back(a);
        members.push_back(b);
        for (std::size_t i = 0; i < d; ++i) {
            members.push_back(a);
            members.back()[i] = b[i];
        }
    }
    return members;
}

/// A sampled design of lists only cannot have more members than there are combinations.
void check_space(const SweepFile& sweep) {
    double space = 1;
    for (const Axis& axis : sweep.axes) {
        if (axis.distribution) {
            return;
        }
        space *= static_cast<double>(axis.points.size());
    }
    if (static_cast<double>(sweep.n_member) > space) {
        refuse(sweep, fmt::format("must not have more members than there are combinations: {} of "
                                  "{}",
                                  sweep.n_member, space));
    }
}

} // namespace

std::vector<Combination> lay_out(const SweepFile& sweep) {
    if (is_sampled(sweep.design)) {
        check_space(sweep);
    }
    switch (sweep.design) {
    case Design::zip:
        return lay_out_zip(sweep);
    case Design::latin_hypercube:
        return lay_out_hypercube(sweep);
    case Design::sobol:
        return lay_out_sobol(sweep);
    case Design::monte_carlo:
        return lay_out_random(sweep);
    case Design::saltelli:
        return lay_out_saltelli(sweep);
    case Design::list:
        return sweep.list;
    case Design::full:
        break;
    }
    return lay_out_full(sweep);
}

} // namespace yuanwang::sweep
