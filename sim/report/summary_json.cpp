#include "report/summary_json.hpp"

#include <cmath>
#include <cstdint>
#include <system_error>

#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "powerflow/batch/instruction_set.hpp"
#include "report/findings_text.hpp"
#include "report/sha256.hpp"

namespace yuanwang::report {
namespace {

using Json = nlohmann::ordered_json;

/// Whole numbers without a decimal point, so that a count reads as one.
Json number(double value) {
    constexpr double largest_whole = 9007199254740992.0; // 2^53
    if (std::isfinite(value) && value == std::floor(value) && std::abs(value) < largest_whole) {
        return static_cast<std::int64_t>(value);
    }
    return value;
}

Json object(const std::map<std::string, double>& values) {
    Json json = Json::object();
    for (const auto& [key, value] : values) {
        json[key] = number(value);
    }
    return json;
}

Json object(const Name& name) {
    return {{"en", name.in(Language::en)}, {"zh", name.in(Language::zh)}};
}

Json object(const engine::Summary::Calibration& row) {
    return {{"id", row.id},
            {"name", object(row.name)},
            {"indicator", row.indicator},
            {"value", number(row.value)},
            {"min", number(row.min)},
            {"max", number(row.max)},
            {"inside", row.inside},
            {"judged", row.judged},
            {"source", row.source}};
}

Json object(const engine::Summary::TypicalDay& day) {
    return {{"id", day.id},
            {"name", object(day.name)},
            {"first_step", day.steps.first},
            {"n_step", day.steps.count}};
}

Json object(const engine::Summary::N1Outage& row) {
    return {{"outage", row.outage},
            {"element", row.element},
            {"step", row.step},
            {"loading_percent", row.loading_percent},
            {"normal_percent", row.normal_percent},
            {"emergency_duration_h", row.emergency_duration_h},
            {"hours_above_100", number(row.hours_above_100)}};
}

Json object(const engine::Explained& block) {
    Json json{{"first_step", block.first_step},
              {"n_step", block.n_step},
              {"from", block.from},
              {"broken", Json::array()},
              {"causes", Json::array()}};
    for (const auto& broken : block.broken) {
        json["broken"].push_back({{"what", broken.what},
                                  {"element", broken.element},
                                  {"first_step", broken.first_step},
                                  {"last_step", broken.last_step},
                                  {"mwh", broken.mwh},
                                  {"peak_mw", broken.peak_mw},
                                  {"outage", broken.outage},
                                  {"text", object(broken.text)}});
    }
    for (const auto& cause : block.causes) {
        json["causes"].push_back({{"kind", cause.kind},
                                  {"element", cause.element},
                                  {"score", cause.score},
                                  {"relax_by", cause.relax_by},
                                  {"value", cause.value},
                                  {"corrected", cause.corrected},
                                  {"outage", cause.outage},
                                  {"shed_mw", cause.shed_mw},
                                  {"text", object(cause.text)}});
    }
    return json;
}

Json describe_file(const std::filesystem::path& file, const std::string& name) {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(file, error);
    return {{"path", name}, {"bytes", error ? 0 : bytes}, {"sha256", hash_file(file)}};
}

Json object(const engine::Summary::N1Voltage& row) {
    return {{"outage", row.outage},       {"bus", row.bus},
            {"step", row.step},           {"vm_pu", row.vm_pu},
            {"margin_pu", row.margin_pu}, {"hours_outside", number(row.hours_outside)}};
}

Json object(const engine::Summary::N1Unsolved& row) {
    return {{"outage", row.outage}, {"hours", number(row.hours)}, {"first_step", row.first_step}};
}

Json object(const engine::Summary::FaultLevel& row) {
    Json json = {{"bus", row.bus},
                 {"base_kv", number(row.base_kv)},
                 {"ik3_max_ka", row.ik3_max_ka},
                 {"ik2_max_ka", row.ik2_max_ka},
                 {"ip_ka", row.ip_ka},
                 {"ib_ka", row.ib_ka},
                 {"ith_ka", row.ith_ka},
                 {"sk_max_mva", row.sk_max_mva},
                 {"r_over_x", row.r_over_x},
                 {"converter_ka", row.converter_ka},
                 {"ik3_min_ka", row.ik3_min_ka},
                 {"ik2_min_ka", row.ik2_min_ka}};
    json["breaker_ka"] = std::isfinite(row.breaker_ka) ? number(row.breaker_ka) : Json{};
    if (!row.variant_ik3_ka.empty()) {
        json["variant_ik3_ka"] = row.variant_ik3_ka;
    }
    return json;
}

Json object(const engine::Summary::Strength& row) {
    return {{"source", row.source},
            {"p_rated_mw", number(row.p_rated_mw)},
            {"sk_min_mva", row.sk_min_mva},
            {"scr_min", row.scr_min},
            {"mrscr_min", row.mrscr_min},
            {"mrscr_mean", row.mrscr_mean},
            {"weak_hours", number(row.weak_hours)}};
}

/// Fault levels and station ratios; nothing where none were computed.
void add_short_circuit(const engine::Summary& summary, Json& json) {
    if (summary.fault_levels.empty()) {
        return;
    }
    Json& part = json["short_circuit"];
    part["mrscr_limit"] = number(summary.mrscr_limit);
    part["variants"] = Json::array();
    for (const auto& variant : summary.switching_variants) {
        part["variants"].push_back({{"id", variant.id}, {"name", object(variant.name)}});
    }
    part["levels"] = Json::array();
    for (const auto& row : summary.fault_levels) {
        part["levels"].push_back(object(row));
    }
    part["stations"] = Json::array();
    for (const auto& row : summary.system_strength) {
        part["stations"].push_back(object(row));
    }
}

Json object(const powerflow::Cause& cause) {
    return {{"kind", powerflow::to_string(cause.kind)},
            {"element", cause.element},
            {"value", std::isfinite(cause.value) ? number(cause.value) : Json{}},
            {"usual", number(cause.usual)},
            {"cures", cause.cures},
            {"text",
             {{"en", powerflow::describe(cause, Language::en)},
              {"zh", powerflow::describe(cause, Language::zh)}}}};
}

Json object(const engine::FailedStep& failed) {
    Json json = {{"step", failed.step},
                 {"status", to_string(failed.diagnosis.status)},
                 {"solvable_share", number(failed.diagnosis.solvable_share)}};
    json["causes"] = Json::array();
    for (const powerflow::Cause& cause : failed.diagnosis.causes) {
        json["causes"].push_back(object(cause));
    }
    return json;
}

Json finite_or_null(double value) {
    return std::isfinite(value) ? number(value) : Json{};
}

Json object(const engine::RunFinding& finding) {
    return {{"kind", finding.kind},
            {"severity", engine::to_string(finding.severity)},
            {"element", finding.element},
            {"outage", finding.outage},
            {"hours", finite_or_null(finding.hours)},
            {"value", finite_or_null(finding.value)},
            {"limit", finite_or_null(finding.limit)},
            {"unit", finding.unit},
            {"step", finding.step},
            {"text",
             {{"en", describe(finding, Language::en)}, {"zh", describe(finding, Language::zh)}}}};
}

double peak_memory_mb() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return std::round(static_cast<double>(usage.ru_maxrss) / 1024.0);
}

} // namespace

std::string format_summary_json(const engine::Summary& summary) {
    Json json;
    json["scenario"] = {{"id", summary.scenario_id}, {"name", object(summary.scenario_name)}};
    json["counts"] = object(summary.counts);
    json["steps"] = object(summary.steps);
    json["findings"] = Json::array();
    for (const engine::RunFinding& finding : summary.findings) {
        json["findings"].push_back(object(finding));
    }
    json["balance"] = object(summary.balance);
    json["indicators"] = object(summary.indicators);
    json["indicators"]["curtailed_mwh_by_cause"] = object(summary.curtailed_mwh_by_cause);
    json["indicators"]["energy_mwh_by_kind"] = object(summary.energy_mwh_by_kind);
    if (!summary.covered_hours.empty()) {
        json["covered_hours"] = object(summary.covered_hours);
    }
    json["curtailed"] = Json::array();
    for (const auto& row : summary.curtailed) {
        json["curtailed"].push_back({{"cause", row.cause},
                                     {"branch", row.branch},
                                     {"outage", row.outage},
                                     {"mwh", number(row.mwh)},
                                     {"hours", number(row.hours)}});
    }
    json["calibration"] = Json::array();
    for (const auto& row : summary.calibration) {
        json["calibration"].push_back(object(row));
    }
    json["typical_days"] = Json::array();
    for (const auto& day : summary.typical_days) {
        json["typical_days"].push_back(object(day));
    }
    json["n1_covers"] = summary.n1_covers;
    json["n1_worst"] = Json::array();
    for (const auto& row : summary.n1_worst) {
        json["n1_worst"].push_back(object(row));
    }
    json["n1_voltage"] = Json::array();
    for (const auto& row : summary.n1_voltage) {
        json["n1_voltage"].push_back(object(row));
    }
    json["n1_unsolved"] = Json::array();
    for (const auto& row : summary.n1_unsolved) {
        json["n1_unsolved"].push_back(object(row));
    }
    json["n1_cut_off"] = Json::array();
    for (const auto& row : summary.n1_cut_off) {
        json["n1_cut_off"].push_back({{"outage", row.outage}, {"load_mw", row.load_mw}});
    }
    add_short_circuit(summary, json);
    if (!summary.failed_steps.empty()) {
        json["failed_steps"] = Json::array();
        for (const engine::FailedStep& failed : summary.failed_steps) {
            json["failed_steps"].push_back(object(failed));
        }
    }
    json["binding_limits"] = Json::array();
    for (const auto& row : summary.binding_limits) {
        json["binding_limits"].push_back({{"element", row.element},
                                          {"outage", row.outage},
                                          {"hours", number(row.hours)},
                                          {"value_cny_per_mw", number(row.value_cny_per_mw)},
                                          {"rent_cny", number(row.rent_cny)},
                                          {"max_cny_per_mwh", number(row.max_cny_per_mwh)}});
    }
    json["broken_limits"] = Json::array();
    for (const auto& row : summary.broken_limits) {
        json["broken_limits"].push_back({{"element", row.element},
                                         {"outage", row.outage},
                                         {"hours", number(row.hours)},
                                         {"hours_unavoidable", number(row.hours_unavoidable)},
                                         {"worst_percent", number(row.worst_percent)},
                                         {"relaxation_mw", number(row.relaxation_mw)},
                                         {"step", row.step}});
    }
    json["relaxed_blocks"] = number(summary.explanations.relaxed_blocks);
    json["explanations"] = Json::array();
    for (const auto& block : summary.explanations.blocks) {
        json["explanations"].push_back(object(block));
    }
    json["devices"] = Json::object();
    for (const auto& [family, devices] : summary.devices) {
        for (const auto& [id, facts] : devices) {
            json["devices"][family][id] = object(facts);
        }
    }
    return json.dump(2) + "\n";
}

std::string format_run_json(const RunRecord& record) {
    Json json;
    json["version"] = program_version();
    json["command_line"] = record.command_line;
    json["scenario"] = record.scenario_id;
    json["seed"] = record.seed;
    json["instruction_set"] = powerflow::batch::instruction_set();
    json["started_utc"] = record.started_utc;
    json["inputs"] = Json::array();
    for (const std::filesystem::path& file : record.inputs) {
        json["inputs"].push_back(describe_file(file, file.string()));
    }
    if (!record.outputs.empty()) {
        json["outputs"] = Json::array();
        for (const std::filesystem::path& file : record.outputs) {
            json["outputs"].push_back(describe_file(file, file.filename().string()));
        }
    }
    json["stage_seconds"] = object(record.stage_seconds);
    json["us_per_power_flow"] = object(record.us_per_power_flow);
    json["peak_memory_mb"] = number(peak_memory_mb());
    json["steps"] = object(record.steps);
    return json.dump(2) + "\n";
}

std::string_view program_version() {
    return YUANWANG_VERSION;
}

} // namespace yuanwang::report
