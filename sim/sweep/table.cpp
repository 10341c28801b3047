#include "sweep/table.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace yuanwang::sweep {

namespace {

/// A field of CSV (RFC 4180): in quotes where it holds a separator.
std::string quote(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        return std::string{text};
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + '"';
}

std::optional<double> find_value(const MemberState& member, const std::string& indicator) {
    const auto found = member.values.find(indicator);
    return found == member.values.end() ? std::nullopt : std::optional{found->second};
}

bool is_within(const Limit& limit, const MemberState& member) {
    const std::optional<double> value = find_value(member, limit.indicator);
    return value && (!limit.min || *value >= *limit.min) && (!limit.max || *value <= *limit.max);
}

std::string format_line(const std::vector<std::string>& fields) {
    std::string line;
    for (const std::string& field : fields) {
        line += (line.empty() ? "" : ",") + quote(field);
    }
    return line + "\n";
}

} // namespace

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
        if (members[k].is_finished() && find_value(members[k], ranking.by) &&
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

} // namespace yuanwang::sweep
