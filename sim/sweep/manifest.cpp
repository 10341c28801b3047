#include "sweep/manifest.hpp"

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "report/result_folder.hpp"
#include "report/summary_json.hpp"

namespace yuanwang::sweep {

namespace {

using Json = nlohmann::ordered_json;

Json write_ranking(const Ranking& ranking) {
    Json limits = Json::array();
    for (const Limit& limit : ranking.limits) {
        Json json = {{"indicator", limit.indicator}};
        if (limit.min) {
            json["min"] = *limit.min;
        }
        if (limit.max) {
            json["max"] = *limit.max;
        }
        limits.push_back(std::move(json));
    }
    return {{"by", ranking.by},
            {"order", ranking.descending ? "descending" : "ascending"},
            {"limits", std::move(limits)}};
}

std::optional<double> read_bound(const Json& limit, const char* key) {
    return limit.contains(key) ? std::optional{limit.at(key).get<double>()} : std::nullopt;
}

Ranking read_ranking(const Json& json) {
    Ranking ranking{.by = json.at("by"), .descending = json.at("order") == "descending"};
    for (const Json& limit : json.at("limits")) {
        ranking.limits.push_back(
            {limit.at("indicator"), read_bound(limit, "min"), read_bound(limit, "max")});
    }
    return ranking;
}

Manifest read_fields(const Json& json) {
    Manifest manifest{.base = json.at("base"),
                      .axes = json.at("axes"),
                      .indicators = json.at("indicators"),
                      .keep_series = json.at("keep") == "full"};
    if (json.contains("rank")) {
        manifest.ranking = read_ranking(json.at("rank"));
    }
    for (const Json& member : json.at("members")) {
        manifest.members.push_back({member.at("coordinates"), member.at("hash")});
    }
    return manifest;
}

} // namespace

std::string format_manifest(const Manifest& manifest) {
    Json json;
    json["version"] = report::program_version();
    json["base"] = manifest.base;
    json["keep"] = manifest.keep_series ? "full" : "summary";
    json["axes"] = manifest.axes;
    json["indicators"] = manifest.indicators;
    if (manifest.ranking) {
        json["rank"] = write_ranking(*manifest.ranking);
    }
    json["members"] = Json::array();
    for (const ManifestMember& member : manifest.members) {
        json["members"].push_back({{"coordinates", member.coordinates}, {"hash", member.hash}});
    }
    return json.dump(1) + "\n";
}

Manifest read_manifest(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / "manifest.json";
    if (!std::filesystem::is_regular_file(file)) {
        throw IoError(file.string() + ": no such file; is this the folder of a sweep?");
    }
    try {
        return read_fields(Json::parse(report::read_file(file)));
    } catch (const Json::exception&) {
        throw IoError(file.string() + ": is damaged; run the sweep again to renew it");
    }
}

} // namespace yuanwang::sweep
