#include "sweep/manifest.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "report/result_folder.hpp"
#include "report/summary_json.hpp"
#include "sweep/build_id.hpp"

namespace yuanwang::sweep {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 7> design_names = {
    "full", "zip", "latin_hypercube", "sobol", "monte_carlo", "saltelli", "list"};

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
        json["place"] = limit.place;
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
        ranking.limits.push_back({limit.at("indicator"), read_bound(limit, "min"),
                                  read_bound(limit, "max"), limit.at("place")});
    }
    return ranking;
}

Design read_design(const std::string& word) {
    const auto there = std::ranges::find(design_names, word);
    return static_cast<Design>(there == design_names.end() ? 0 : there - design_names.begin());
}

Manifest read_fields(const Json& json) {
    Manifest manifest{.version = json.at("version"),
                      .maker = json.value("maker", std::string{}), // none in folders of old
                      .sweep_file = json.at("sweep_file"),
                      .base = json.at("base"),
                      .design = read_design(json.at("design")),
                      .n_sample = json.at("n_sample"),
                      .axes = json.at("axes"),
                      .indicators = json.at("indicators"),
                      .keep_series = json.at("keep") == "full",
                      .inputs = json.at("inputs")};
    if (json.contains("rank")) {
        manifest.ranking = read_ranking(json.at("rank"));
    }
    manifest.members.reserve(json.at("members").size());
    for (const Json& member : json.at("members")) {
        manifest.members.push_back({member.at(1), member.at(0)});
    }
    return manifest;
}

} // namespace

std::string_view to_string(Design design) {
    return design_names[static_cast<std::size_t>(design)];
}

bool is_sampled(Design design) {
    return design == Design::latin_hypercube || design == Design::sobol ||
           design == Design::monte_carlo || design == Design::saltelli;
}

std::string format_manifest(const Manifest& manifest) {
    Json json;
    json["version"] = report::program_version();
    json["maker"] = maker_id();
    json["sweep_file"] = manifest.sweep_file;
    json["base"] = manifest.base;
    json["design"] = to_string(manifest.design);
    json["n_sample"] = manifest.n_sample;
    json["keep"] = manifest.keep_series ? "full" : "summary";
    json["axes"] = manifest.axes;
    json["indicators"] = manifest.indicators;
    if (manifest.ranking) {
        json["rank"] = write_ranking(*manifest.ranking);
    }
    json["inputs"] = manifest.inputs;
    std::string text = json.dump(1);
    text.erase(text.rfind('}') - 1); // members follow, one line each, never all in one tree
    text += ",\n \"members\": [";
    const char* before = "\n  ";
    for (const ManifestMember& member : manifest.members) {
        text += before + Json{member.hash, member.coordinates}.dump();
        before = ",\n  ";
    }
    return text + "\n ]\n}\n";
}

std::optional<Manifest> find_manifest(const std::filesystem::path& folder) {
    try {
        return read_manifest(folder);
    } catch (const IoError&) {
        return std::nullopt;
    }
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
