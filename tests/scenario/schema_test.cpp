#include "scenario/schema/schema.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files.hpp"
#include "scenario/schema/parts.hpp"

namespace yuanwang::scenario {
namespace {

using ::testing::HasSubstr;

/// Visits every field of every record type once.
void visit_fields(const RecordType& type, std::set<std::string>& seen,
                  const std::function<void(const RecordType&, const Field&)>& visit) {
    if (!seen.insert(type.name).second) {
        return;
    }
    for (const Field& field : type.fields) {
        visit(type, field);
        if (field.record) {
            visit_fields(*field.record, seen, visit);
        }
    }
}

TEST(Schema, EveryFieldSaysWhatItIsAndOnlyOneThingAboutItsDefault) {
    std::set<std::string> seen;
    visit_fields(scenario_type(), seen, [](const RecordType& type, const Field& field) {
        EXPECT_FALSE(field.doc.empty()) << type.name << "." << field.key;
        EXPECT_LE(static_cast<int>(field.required) + static_cast<int>(field.fallback.has_value()) +
                      static_cast<int>(!field.fallback_words.empty()),
                  1)
            << type.name << "." << field.key;
        EXPECT_TRUE(field.store) << type.name << "." << field.key;
    });
    EXPECT_GE(seen.size(), 40U);
}

TEST(Schema, NamesOfRecordTypesAreUnique) {
    std::set<const RecordType*> types;
    std::set<std::string> names;
    std::set<std::string> seen;
    visit_fields(scenario_type(), seen, [&](const RecordType&, const Field& field) {
        if (field.record && types.insert(field.record).second) {
            EXPECT_TRUE(names.insert(field.record->name).second) << field.record->name;
        }
    });
}

TEST(Schema, DefaultsOfNumbersLieWithinTheirRange) {
    std::set<std::string> seen;
    visit_fields(scenario_type(), seen, [](const RecordType& type, const Field& field) {
        if (field.fallback &&
            (field.kind == FieldKind::number || field.kind == FieldKind::integer)) {
            EXPECT_TRUE(field.limits.contains(std::stod(field.fallback->text)))
                << type.name << "." << field.key;
        }
    });
}

TEST(Schema, UnitsComeFromTheEndOfTheKey) {
    EXPECT_EQ(find_unit("rate_mva"), "MVA");
    EXPECT_EQ(find_unit("x_ohm_per_km"), "ohm/km");
    EXPECT_EQ(find_unit("length_km"), "km");
    EXPECT_EQ(find_unit("ghi_kwh_per_m2"), "kWh/m2");
    EXPECT_EQ(find_unit("p_iron_kw"), "kW");
    EXPECT_EQ(find_unit("soc_min"), "");
    EXPECT_EQ(find_unit("circuits"), "");
}

TEST(Schema, RangesReadAsRules) {
    EXPECT_EQ(write_rule({.min = 0}), "must be >= 0");
    EXPECT_EQ(write_rule({.min = 0, .min_excluded = true}), "must be > 0");
    EXPECT_EQ(write_rule({.max = 5}), "must be <= 5");
    EXPECT_EQ(write_rule({.min = 0, .max = 1}), "must be within 0…1");
}

TEST(Schema, TheJsonSchemaKnowsEveryRecordTypeAndField) {
    const std::string json = make_json_schema();
    EXPECT_THAT(json, HasSubstr("https://json-schema.org/draft/2020-12/schema"));
    EXPECT_THAT(json, HasSubstr("\"extends\""));
    std::set<std::string> seen;
    visit_fields(scenario_type(), seen, [&](const RecordType&, const Field& field) {
        EXPECT_THAT(json, HasSubstr("\"" + field.key + "\""));
        if (field.record) {
            EXPECT_THAT(json, HasSubstr("\"#/$defs/" + field.record->name + "\""));
        }
    });
}

TEST(Schema, TheManualHoldsTheFieldReferenceAsItIs) {
    std::ifstream stream{std::filesystem::path{YUANWANG_SOURCE_DIR} / "scenarios/README.md"};
    const std::string manual{std::istreambuf_iterator<char>{stream}, {}};
    const bool is_current = manual.find(write_field_reference()) != std::string::npos;
    if (!is_current) { // paste it behind the heading "Field reference"
        std::ofstream{std::filesystem::path{YUANWANG_BUILD_DIR} / "field_reference.md"}
            << write_field_reference();
    }
    EXPECT_TRUE(is_current) << "scenarios/README.md: replace its field reference by "
                               "field_reference.md of the build folder";
}

} // namespace
} // namespace yuanwang::scenario
