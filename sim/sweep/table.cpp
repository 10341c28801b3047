#include "sweep/table.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "exchange/table_file.hpp"
#include "scenario/reader.hpp"
#include "sweep/member_sink.hpp"

namespace yuanwang::sweep {

namespace {

/// Of a whole member; sums and extremes over a part of the run do not compare with others.
std::optional<double> find_value(const MemberState& member, const std::string& indicator) {
    const auto found = member.values.find(indicator);
    return !member.is_whole() || found == member.values.end() ? std::nullopt
                                                              : std::optional{found->second};
}

bool is_within(const Limit& limit, const MemberState& member) {
    const std::optional<double> value = find_value(member, limit.indicator);
    return value && (!limit.min || *value >= *limit.min) && (!limit.max || *value <= *limit.max);
}

std::string format_line(const std::vector<std::string>& fields) {
    std::string line;
    for (const std::string& field : fields) {
        line += (line.empty() ? "" : ",") + quote_field(field);
    }
    return line + "\n";
}

} // namespace

std::string quote_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        return std::string{text};
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + '"';
}

std::vector<MemberState> read_members(const std::filesystem::path& folder,
                                      const Manifest& manifest) {
    std::vector<MemberState> members;
    for (std::size_t k = 0; k < manifest.members.size(); ++k) {
        members.push_back(read_member(folder, manifest, k));
    }
    return members;
}

std::vector<std::size_t> rank_members(const Ranking& ranking,
                                      const std::vector<MemberState>& members) {
    std::vector<std::size_t> ranked;
    for (std::size_t k = 0; k < members.size(); ++k) {
        if (members[k].is_whole() && find_value(members[k], ranking.by) &&
            std::ranges::all_of(ranking.limits,
                                [&](const Limit& limit) { return is_within(limit, members[k]); })) {
            ranked.push_back(k);
        }
    }
    std::ranges::stable_sort(ranked, [&](std::size_t a, std::size_t b) {
        const double left = members[a].values.at(ranking.by);
        const double right = members[b].values.at(ranking.by);
        return ranking.descending ? left > right : left < right;
    });
    return ranked;
}

std::vector<std::string> explain_limits(const Manifest& manifest,
                                        const std::vector<MemberState>& members) {
    std::vector<std::string> lines;
    if (!manifest.ranking) {
        return lines;
    }
    for (const Limit& limit : manifest.ranking->limits) {
        std::optional<std::size_t> nearest;
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t k = 0; k < members.size(); ++k) {
            const auto value = find_value(members[k], limit.indicator);
            if (!value) {
                continue;
            }
            const double beyond = std::max(
                {limit.min ? *limit.min - *value : 0, limit.max ? *value - *limit.max : 0, 0.0});
            if (beyond < least) {
                least = beyond;
                nearest = k;
            }
        }
        if (nearest && least > 0) {
            lines.push_back(fmt::format(
                "{}: rank.limits: no finished member meets it; member {} comes nearest, {} = {}",
                limit.place, *nearest + 1, limit.indicator,
                *find_value(members[*nearest], limit.indicator)));
        }
    }
    return lines;
}

std::optional<std::vector<double>> read_axis_numbers(const Manifest& manifest, std::size_t axis) {
    std::vector<double> numbers;
    for (const ManifestMember& member : manifest.members) {
        const auto number = scenario::parse_number(member.coordinates[axis]);
        if (!number) {
            return std::nullopt;
        }
        numbers.push_back(*number);
    }
    return numbers;
}

std::string format_table(const Manifest& manifest, const std::vector<MemberState>& members) {
    std::vector<std::string> rank(members.size());
    if (manifest.ranking) {
        const std::vector<std::size_t> ranked = rank_members(*manifest.ranking, members);
        for (std::size_t k = 0; k < ranked.size(); ++k) {
            rank[ranked[k]] = fmt::format("{}", k + 1);
        }
    }
    std::vector<std::string> fields = {"member", "hash", "status"};
    fields.insert(fields.end(), manifest.axes.begin(), manifest.axes.end());
    fields.insert(fields.end(), manifest.indicators.begin(), manifest.indicators.end());
    fields.insert(fields.end(), {"rank", "message"});
    std::string table = format_line(fields);
    for (std::size_t k = 0; k < members.size(); ++k) {
        const ManifestMember& planned = manifest.members[k];
        fields = {fmt::format("{}", k + 1), planned.hash.substr(0, 16),
                  std::string{to_string(members[k].status)}};
        fields.insert(fields.end(), planned.coordinates.begin(), planned.coordinates.end());
        for (const std::string& indicator : manifest.indicators) {
            const std::optional<double> value = find_value(members[k], indicator);
            fields.push_back(value ? fmt::format("{}", *value) : "");
        }
        fields.insert(fields.end(), {rank[k], members[k].message});
        table += format_line(fields);
    }
    return table;
}

namespace {

using exchange::TableColumn;

/// `-` and `.` stand between words in the names of axes; NetCDF keeps them, but no `/`.
std::string name_variable(std::string name) {
    std::ranges::replace(name, '/', '_');
    return name;
}

TableColumn make_axis_column(const Manifest& manifest, std::size_t axis) {
    TableColumn column{.name = name_variable(manifest.axes[axis]),
                       .long_name = "axis " + manifest.axes[axis]};
    if (auto numbers = read_axis_numbers(manifest, axis)) {
        column.values = std::move(*numbers);
    } else {
        std::vector<std::string> texts;
        for (const ManifestMember& member : manifest.members) {
            texts.push_back(member.coordinates[axis]);
        }
        column.values = std::move(texts);
    }
    return column;
}

TableColumn make_indicator_column(const std::string& indicator,
                                  const std::vector<MemberState>& members) {
    std::vector<double> values;
    for (const MemberState& member : members) {
        values.push_back(
            find_value(member, indicator).value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    return {.name = name_variable(indicator),
            .long_name = "indicator " + indicator,
            .values = std::move(values)};
}

} // namespace

void write_netcdf_table(const std::filesystem::path& file, const Manifest& manifest,
                        const std::vector<MemberState>& members) {
    exchange::Table table{.title = "Sweep of " +
                                   std::filesystem::path{manifest.base}.filename().string(),
                          .dimension = "member",
                          .attributes = {{"design", std::string{to_string(manifest.design)}}}};
    std::vector<std::string> hashes;
    std::vector<std::string> statuses;
    for (std::size_t k = 0; k < members.size(); ++k) {
        hashes.push_back(manifest.members[k].hash.substr(0, 16));
        statuses.emplace_back(to_string(members[k].status));
    }
    table.columns.push_back(
        {.name = "hash", .long_name = "folder of the member", .values = hashes});
    table.columns.push_back(
        {.name = "status", .long_name = "state of the member", .values = statuses});
    for (std::size_t axis = 0; axis < manifest.axes.size(); ++axis) {
        table.columns.push_back(make_axis_column(manifest, axis));
    }
    for (const std::string& indicator : manifest.indicators) {
        table.columns.push_back(make_indicator_column(indicator, members));
    }
    std::vector<double> rank(members.size(), std::numeric_limits<double>::quiet_NaN());
    if (manifest.ranking) {
        const std::vector<std::size_t> ranked = rank_members(*manifest.ranking, members);
        for (std::size_t k = 0; k < ranked.size(); ++k) {
            rank[ranked[k]] = static_cast<double>(k + 1);
        }
    }
    table.columns.push_back(
        {.name = "rank", .long_name = "place within the limits, 1 is best", .values = rank});
    const std::filesystem::path beside =
        file.parent_path() / fmt::format(".{}.{}.part", file.filename().string(), getpid());
    try {
        take_netcdf_turn([&] { exchange::write_table(beside, table); });
        std::filesystem::rename(beside, file);
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove(beside, ignored);
        throw;
    }
}

} // namespace yuanwang::sweep
