#include <cmath>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "scenario/load_study.hpp"
#include "scenario/schema/parts.hpp"
#include "scenario/schema/schema.hpp"

namespace yuanwang::scenario {

namespace {

using Json = nlohmann::ordered_json;

/// Turns record types into `$defs`, each once.
class SchemaWriter {
  public:
    Json run() {
        Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                       {"title", "Yuanwang scenario"},
                       {"description", "Sources, grid, loads and storage of a study. Parts that "
                                       "others extend are valid too."}};
        const Json file = describe_record(scenario_type());
        for (const auto& [key, value] : file.items()) {
            if (key != "description") {
                schema[key] = value;
            }
        }
        schema["properties"]["extends"] = {
            {"description", "files this one is merged over, relative to this file"},
            {"anyOf", Json::array({{{"type", "string"}},
                                   {{"type", "array"}, {"items", {{"type", "string"}}}}})}};
        schema["properties"]["remove"] = {
            {"description", "ids of elements taken out after the merge"},
            {"type", "array"},
            {"items", {{"type", "string"}}}};
        definitions_["marked"] = {{"description", "a value with where it comes from"},
                                  {"type", "object"},
                                  {"properties",
                                   {{"value", true},
                                    {"source", {{"type", "string"}}},
                                    {"assumed", {{"type", "string"}}}}},
                                  {"required", Json::array({"value"})},
                                  {"additionalProperties", false}};
        schema["$defs"] = std::move(definitions_);
        return schema;
    }

  private:
    Json describe_record(const RecordType& type) {
        Json properties = Json::object();
        Json required = Json::array();
        for (const Field& field : type.fields) {
            properties[field.key] = describe_field(field);
            if (field.kind == FieldKind::id && field.required) {
                required.push_back(field.key); // the rest may stand in a file this one extends
            }
        }
        properties["source"] = {{"type", "string"},
                                {"description", "where the values below come from"}};
        properties["assumed"] = {{"type", "string"},
                                 {"description", "why the values below are assumed"}};
        Json record = {{"type", "object"},
                       {"description", type.doc},
                       {"properties", std::move(properties)},
                       {"additionalProperties", false}};
        if (!required.empty() && type.name != "scenario") {
            record["required"] = std::move(required);
        }
        return record;
    }

    Json refer_to(const RecordType& type) {
        if (done_.insert(type.name).second) {
            Json record = describe_record(type);
            definitions_[type.name] = std::move(record);
        }
        return {{"$ref", "#/$defs/" + type.name}};
    }

    static Json describe_number(const Field& field, const char* type) {
        Json number = {{"type", type}};
        if (std::isfinite(field.limits.min)) {
            number[field.limits.min_excluded ? "exclusiveMinimum" : "minimum"] = field.limits.min;
        }
        if (std::isfinite(field.limits.max)) {
            number["maximum"] = field.limits.max;
        }
        return number;
    }

    static Json list_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

    static Json describe_name() {
        return {{"anyOf",
                 Json::array(
                     {{{"type", "string"}},
                      {{"type", "object"},
                       {"properties", {{"en", {{"type", "string"}}}, {"zh", {{"type", "string"}}}}},
                       {"additionalProperties", false}}})}};
    }

    static Json describe_word(const Field& field) {
        Json words = Json::array();
        for (const std::string& word : field.words) {
            words.push_back(word);
            if (word == "1" || word == "-1") {
                words.push_back(std::stoi(word)); // a sign is written as a number
            }
        }
        return {{"enum", std::move(words)}};
    }

    Json describe_value(const Field& field) {
        const Json text = {{"type", Json::array({"string", "number"})}};
        switch (field.kind) {
        case FieldKind::id:
        case FieldKind::text:
        case FieldKind::reference:
            return text;
        case FieldKind::name:
            return describe_name();
        case FieldKind::texts:
        case FieldKind::references:
            return list_of(text);
        case FieldKind::number:
            return describe_number(field, "number");
        case FieldKind::integer:
            return describe_number(field, "integer");
        case FieldKind::boolean:
            return {{"type", "boolean"}};
        case FieldKind::numbers: {
            Json list = list_of(describe_number(field, "number"));
            if (field.count == 0) {
                return list;
            }
            list["minItems"] = field.count;
            list["maxItems"] = field.count;
            return {{"anyOf", Json::array({std::move(list), describe_number(field, "number")})}};
        }
        case FieldKind::date:
            return {{"type", "string"}, {"pattern", "^\\d{4}-\\d{2}-\\d{2}$"}};
        case FieldKind::instant:
            return {{"type", "string"}, {"pattern", "^\\d{4}-\\d{2}-\\d{2}([ T]\\d{2}:\\d{2})?$"}};
        case FieldKind::duration:
            return {{"type", "string"}, {"pattern", "^[1-9]\\d* [ydh]$"}};
        case FieldKind::word:
            return describe_word(field);
        case FieldKind::file:
            return {{"type", "string"}};
        case FieldKind::record:
            return refer_to(*field.record);
        case FieldKind::records:
            return list_of(refer_to(*field.record));
        case FieldKind::changes:
            return refer_to(changes_type());
        }
        return true;
    }

    /// The value, or the value with where it comes from; null unsets.
    Json describe_field(const Field& field) {
        Json value = describe_value(field);
        const bool nested = field.kind == FieldKind::record || field.kind == FieldKind::records ||
                            field.kind == FieldKind::changes;
        Json described;
        if (nested || field.kind == FieldKind::id) {
            described = std::move(value);
        } else {
            const Json marked = {{"$ref", "#/$defs/marked"}, {"properties", {{"value", value}}}};
            described = {{"anyOf", Json::array({std::move(value), marked, {{"type", "null"}}})}};
        }
        std::string doc = field.doc;
        if (!field.unit.empty()) {
            doc += " [" + field.unit + "]";
        }
        if (field.fallback) {
            doc += "; default " + field.fallback->text;
        } else if (!field.fallback_words.empty()) {
            doc += "; default: " + field.fallback_words;
        }
        described["description"] = doc;
        return described;
    }

    Json definitions_ = Json::object();
    std::set<std::string> done_;
};

} // namespace

std::string make_json_schema() {
    return SchemaWriter{}.run().dump(1);
}

} // namespace yuanwang::scenario
