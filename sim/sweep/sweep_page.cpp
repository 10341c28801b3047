#include "sweep/sweep_page.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

#include "report/report_page.hpp"
#include "report/result_folder.hpp"
#include "report/summary_json.hpp"
#include "sweep/sensitivity.hpp"
#include "sweep/table.hpp"

namespace yuanwang::sweep {

namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json number(const std::optional<double>& value) {
    return value ? number(*value) : Json(nullptr);
}

Json numbers(const std::vector<double>& values) {
    Json json = Json::array();
    for (const double value : values) {
        json.push_back(number(value));
    }
    return json;
}

Json describe_axis(const Manifest& manifest, std::size_t axis) {
    Json json = {{"name", manifest.axes[axis]}, {"labels", Json::array()}};
    for (const ManifestMember& member : manifest.members) {
        json["labels"].push_back(member.coordinates[axis]);
    }
    const auto values = read_axis_numbers(manifest, axis);
    json["numbers"] = values ? numbers(*values) : Json(nullptr);
    return json;
}

Json describe_indicator(const Manifest& manifest, const std::vector<MemberState>& members,
                        const std::string& indicator) {
    const std::vector<double> values = list_values(members, indicator);
    Json json = {{"name", indicator}, {"values", numbers(values)}};
    json["sensitivity"] = Json::array();
    for (const Sensitivity& index : find_sensitivities(manifest, values)) {
        json["sensitivity"].push_back(
            {{"main", number(index.main)}, {"total", number(index.total)}});
    }
    json["levels"] = Json::array();
    for (std::size_t axis = 0; axis < manifest.axes.size(); ++axis) {
        Json levels = Json::array();
        for (const Level& level : find_levels(manifest, axis, values)) {
            levels.push_back({{"label", level.label},
                              {"mean", level.mean},
                              {"min", level.min},
                              {"max", level.max},
                              {"n", level.n_member}});
        }
        json["levels"].push_back(std::move(levels));
    }
    return json;
}

Json describe_ranking(const Ranking& ranking) {
    Json json = {{"by", ranking.by}, {"descending", ranking.descending}, {"limits", Json::array()}};
    for (const Limit& limit : ranking.limits) {
        json["limits"].push_back({{"indicator", limit.indicator},
                                  {"min", number(limit.min)},
                                  {"max", number(limit.max)}});
    }
    return json;
}

} // namespace

std::string pack_sweep_data(const Manifest& manifest, const std::vector<MemberState>& members,
                            const std::string& portfolio_json) {
    Json json;
    json["name"] = std::filesystem::path{manifest.sweep_file}.stem().string();
    json["base"] = std::filesystem::path{manifest.base}.filename().string();
    json["version"] = report::program_version();
    json["design"] = to_string(manifest.design);
    json["axes"] = Json::array();
    for (std::size_t axis = 0; axis < manifest.axes.size(); ++axis) {
        json["axes"].push_back(describe_axis(manifest, axis));
    }
    json["indicators"] = Json::array();
    for (const std::string& indicator : manifest.indicators) {
        json["indicators"].push_back(describe_indicator(manifest, members, indicator));
    }
    json["hash"] = Json::array();
    json["status"] = Json::array();
    for (std::size_t k = 0; k < members.size(); ++k) {
        json["hash"].push_back(manifest.members[k].hash.substr(0, 16));
        json["status"].push_back(to_string(members[k].status));
    }
    json["ranked"] = Json::array();
    if (manifest.ranking) {
        json["ranking"] = describe_ranking(*manifest.ranking);
        json["ranked"] = rank_members(*manifest.ranking, members);
    }
    if (!portfolio_json.empty()) {
        json["portfolio"] = Json::parse(portfolio_json);
    }
    return json.dump();
}

void write_sweep_page(const std::filesystem::path& folder, Language language) {
    const Manifest manifest = read_manifest(folder);
    const std::vector<MemberState> members = read_members(folder, manifest);
    const std::string name = std::filesystem::path{manifest.sweep_file}.stem().string();
    std::string portfolio;
    if (std::filesystem::exists(folder / "portfolio.json")) {
        portfolio = report::read_file(folder / "portfolio.json");
    }
    report::replace_file(
        folder / "report.html",
        report::make_sweep_page(pack_sweep_data(manifest, members, portfolio), name, language));
}

} // namespace yuanwang::sweep
