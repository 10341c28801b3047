#include "sweep/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "sweep/table.hpp"

namespace yuanwang::sweep {

namespace {

constexpr std::size_t max_levels = 20; ///< points told apart
constexpr std::size_t n_part = 10;     ///< parts of an axis with more

/// A group per member, and how many there are.
struct Groups {
    std::vector<std::size_t> of_member;
    std::vector<std::string> labels;
};

Groups group_by_label(const std::vector<std::string>& labels) {
    std::map<std::string, std::size_t> row;
    Groups groups;
    for (const std::string& label : labels) {
        const auto [there, is_new] = row.emplace(label, groups.labels.size());
        if (is_new) {
            groups.labels.push_back(label);
        }
        groups.of_member.push_back(there->second);
    }
    return groups;
}

/// Parts with equally many members, in the order of the numbers.
Groups group_by_rank(const std::vector<double>& numbers) {
    std::vector<std::size_t> order(numbers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t k) { return numbers[k]; });
    const std::size_t n = std::clamp<std::size_t>(numbers.size() / 4, 1, n_part);
    Groups groups{std::vector<std::size_t>(numbers.size()), {}};
    for (std::size_t part = 0; part < n; ++part) {
        const std::size_t first = part * order.size() / n;
        const std::size_t last = (part + 1) * order.size() / n;
        for (std::size_t k = first; k < last; ++k) {
            groups.of_member[order[k]] = part;
        }
        groups.labels.push_back(
            fmt::format("{:.4g} … {:.4g}", numbers[order[first]], numbers[order[last - 1]]));
    }
    return groups;
}

Groups group_by_axis(const Manifest& manifest, std::size_t axis) {
    std::vector<std::string> labels;
    for (const ManifestMember& member : manifest.members) {
        labels.push_back(member.coordinates[axis]);
    }
    Groups groups = group_by_label(labels);
    if (groups.labels.size() > max_levels) {
        if (const auto numbers = read_axis_numbers(manifest, axis)) {
            return group_by_rank(*numbers);
        }
    }
    return groups;
}

struct Variances {
    double total = 0;   ///< Σ (y − ȳ)²
    double between = 0; ///< Σ n_g (ȳ_g − ȳ)²
    std::size_t n = 0;
    std::size_t n_group = 0; ///< that have members
};

Variances split_variance(const Groups& groups, std::span<const double> values) {
    Variances v;
    std::vector<double> sum(groups.labels.size(), 0.0);
    std::vector<double> count(groups.labels.size(), 0.0);
    double all = 0;
    for (std::size_t k = 0; k < values.size(); ++k) {
        if (std::isfinite(values[k])) {
            sum[groups.of_member[k]] += values[k];
            count[groups.of_member[k]] += 1;
            all += values[k];
            ++v.n;
        }
    }
    if (v.n == 0) {
        return v;
    }
    const double mean = all / static_cast<double>(v.n);
    for (const double value : values) {
        v.total += std::isfinite(value) ? (value - mean) * (value - mean) : 0;
    }
    for (std::size_t g = 0; g < sum.size(); ++g) {
        if (count[g] > 0) {
            v.between += (sum[g] / count[g] - mean) * (sum[g] / count[g] - mean) * count[g];
            ++v.n_group;
        }
    }
    return v;
}

bool is_complete(std::span<const double> values) {
    return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

Groups group_by_others(const Manifest& manifest, std::size_t axis) {
    std::vector<std::string> labels;
    for (const ManifestMember& member : manifest.members) {
        std::string label;
        for (std::size_t k = 0; k < member.coordinates.size(); ++k) {
            label += k == axis ? "" : member.coordinates[k] + '\n';
        }
        labels.push_back(std::move(label));
    }
    return group_by_label(labels);
}

/// A share of the variance, or nothing where there is none to share.
std::optional<double> share(double part, double whole) {
    return whole > 0 ? std::optional{std::clamp(part / whole, 0.0, 1.0)} : std::nullopt;
}

Sensitivity analyse_full(const Manifest& manifest, std::size_t axis,
                         std::span<const double> values) {
    std::vector<std::string> labels;
    for (const ManifestMember& member : manifest.members) {
        labels.push_back(member.coordinates[axis]);
    }
    const Variances alone = split_variance(group_by_label(labels), values);
    const Variances others = split_variance(group_by_others(manifest, axis), values);
    return {share(alone.between, alone.total), share(others.total - others.between, others.total)};
}

Sensitivity analyse_groups(const Manifest& manifest, std::size_t axis,
                           std::span<const double> values) {
    const Variances v = split_variance(group_by_axis(manifest, axis), values);
    if (v.n <= v.n_group || v.n_group < 2) {
        return {};
    }
    const double within = (v.total - v.between) / static_cast<double>(v.n - v.n_group);
    return {share(v.between - static_cast<double>(v.n_group - 1) * within, v.total), std::nullopt};
}

/// Rows of d + 2 members: A, B, then A with one coordinate of B each; those with a gap are left out.
std::vector<Sensitivity> analyse_saltelli(std::size_t d, std::span<const double> values) {
    std::vector<double> main(d, 0.0);
    std::vector<double> total(d, 0.0);
    double sum = 0;
    double squares = 0;
    double n = 0;
    for (std::size_t k = 0; k + d + 2 <= values.size(); k += d + 2) {
        const std::span<const double> row = values.subspan(k, d + 2);
        if (!is_complete(row)) {
            continue;
        }
        n += 1;
        sum += row[0] + row[1];
        squares += row[0] * row[0] + row[1] * row[1];
        for (std::size_t i = 0; i < d; ++i) {
            main[i] += row[1] * (row[2 + i] - row[0]);
            total[i] += 0.5 * (row[0] - row[2 + i]) * (row[0] - row[2 + i]);
        }
    }
    std::vector<Sensitivity> indices(d);
    if (n < 2) {
        return indices;
    }
    const double mean = sum / (2 * n);
    const double variance = squares / (2 * n) - mean * mean;
    for (std::size_t i = 0; i < d; ++i) {
        indices[i] = {share(main[i] / n, variance), share(total[i] / n, variance)};
    }
    return indices;
}

} // namespace

std::vector<Sensitivity> find_sensitivities(const Manifest& manifest,
                                            std::span<const double> values) {
    const std::size_t d = manifest.axes.size();
    if (manifest.design == Design::saltelli && values.size() == manifest.n_sample * (d + 2)) {
        return analyse_saltelli(d, values);
    }
    std::vector<Sensitivity> indices;
    const bool is_full = manifest.design == Design::full && is_complete(values);
    for (std::size_t axis = 0; axis < d; ++axis) {
        indices.push_back(is_full ? analyse_full(manifest, axis, values)
                                  : analyse_groups(manifest, axis, values));
    }
    return indices;
}

std::vector<Level> find_levels(const Manifest& manifest, std::size_t axis,
                               std::span<const double> values) {
    const Groups groups = group_by_axis(manifest, axis);
    std::vector<Level> levels(groups.labels.size());
    for (std::size_t k = 0; k < values.size(); ++k) {
        if (!std::isfinite(values[k])) {
            continue;
        }
        Level& level = levels[groups.of_member[k]];
        level.min = level.n_member == 0 ? values[k] : std::min(level.min, values[k]);
        level.max = level.n_member == 0 ? values[k] : std::max(level.max, values[k]);
        level.mean += values[k];
        ++level.n_member;
    }
    for (std::size_t g = 0; g < levels.size(); ++g) {
        levels[g].label = groups.labels[g];
        levels[g].mean /= static_cast<double>(std::max<std::size_t>(levels[g].n_member, 1));
    }
    std::erase_if(levels, [](const Level& level) { return level.n_member == 0; });
    return levels;
}

std::vector<double> list_values(const std::vector<MemberState>& members,
                                const std::string& indicator) {
    std::vector<double> values;
    for (const MemberState& member : members) {
        const auto found = member.values.find(indicator);
        values.push_back(member.is_whole() && found != member.values.end()
                             ? found->second
                             : std::numeric_limits<double>::quiet_NaN());
    }
    return values;
}

} // namespace yuanwang::sweep
