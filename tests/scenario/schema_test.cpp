#include "scenario/schema/schema.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
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
    EXPECT_EQ(find_unit("q_min_m3_per_s"), "m3/s");
    EXPECT_EQ(find_unit("loss_per_day"), "1/day");
    EXPECT_EQ(find_unit("derating_per_km"), "1/km");
    EXPECT_EQ(find_unit("rent_cny_per_mw_h"), "CNY/(MW h)");
    EXPECT_EQ(find_unit("watt_per_lamp"), "W");
    EXPECT_EQ(find_unit("season_start_day"), "day of year");
    EXPECT_EQ(find_unit("soc_min"), "");
    EXPECT_EQ(find_unit("circuits"), "");
}

/// Keys of numbers by their unit, written down by hand from what the members mean.
const std::map<std::string, std::set<std::string>>& keys_by_unit() {
    static const std::map<std::string, std::set<std::string>> keys = {
        {"",
         {"albedo",
          "share",
          "auxiliary_share",
          "availability",
          "back_pressure",
          "bifaciality",
          "bundle",
          "charge_taper_soc",
          "chiller_cop",
          "circuits",
          "city_share",
          "clearest_day_kt",
          "cop",
          "correlation",
          "count",
          "current_efficiency",
          "curve_efficiency",
          "curve_load",
          "curve_power",
          "dc_ac_ratio",
          "dc_losses",
          "decay",
          "deferrable_share",
          "discharge_taper_soc",
          "efficiency",
          "energy_share",
          "eta_charge",
          "eta_discharge",
          "every",
          "farm_efficiency",
          "feeder_r_over_x",
          "firm_green_share",
          "flexible_share",
          "furnaces",
          "green_share",
          "ground_cover_ratio",
          "heat_ratio",
          "hvdc_duty_share",
          "hydro_month",
          "idle_ratio",
          "idle_share",
          "initial",
          "inverter_efficiency",
          "lamps",
          "limit_rounds",
          "liquid_share",
          "lit_share",
          "load",
          "load_hour",
          "load_month",
          "locked_rotor_ratio",
          "loss_of_power",
          "loss_rounds",
          "loss_share_initial",
          "max",
          "max_control_rounds",
          "max_iterations",
          "max_load",
          "max_loss",
          "min",
          "min_load",
          "modulation_share",
          "month",
          "monthly",
          "n_cell",
          "n_steps",
          "noise",
          "p_max_share",
          "participation",
          "pole_pairs",
          "poles",
          "position",
          "power_exponent",
          "power_factor",
          "power_share",
          "price_slope",
          "r_over_x",
          "racks",
          "ratio",
          "ratio_limit",
          "reactor_compensation",
          "rear_loss",
          "records",
          "recovery_ratio",
          "recovery_share",
          "rectifier_efficiency",
          "relative_humidity",
          "reserve_share",
          "rose",
          "rounds",
          "seed",
          "shares",
          "shear_exponent",
          "shed_class",
          "shift_share",
          "soc_initial",
          "soc_max",
          "soc_min",
          "speed_factor",
          "spread",
          "spread_demand",
          "steps",
          "strings",
          "supply_share",
          "tap_max",
          "tap_min",
          "taper_floor",
          "target",
          "turbines",
          "units",
          "ups_efficiency",
          "ups_standing_share",
          "utilisation",
          "utilisation_max",
          "utilisation_mean",
          "utilisation_swing",
          "v_initial",
          "weekday",
          "weekend",
          "wetness",
          "wind_rose",
          "wind_speed_factor",
          "workday"}},
        {"%",
         {"i0_percent", "step_percent", "transformer_uk_percent", "uk_hl_percent", "uk_hm_percent",
          "uk_ml_percent", "uk_percent", "ukr_hl_percent", "ukr_hm_percent", "ukr_ml_percent",
          "ukr_percent", "x_subtransient_percent"}},
        {"1/K", {"gamma_per_k"}},
        {"1/day", {"loss_per_day"}},
        {"1/h", {"self_discharge_per_h"}},
        {"1/km", {"derating_per_km"}},
        {"1/min", {"ramp_share_per_min", "speed_rpm"}},
        {"1/year", {"discount_rate", "output_per_year"}},
        {"A", {"photocurrent_a", "saturation_a"}},
        {"A/K", {"alpha_a_per_k"}},
        {"CNY", {"capex_cny", "start_cost_cny"}},
        {"CNY/(MW h)", {"rent_cny_per_mw_h"}},
        {"CNY/MWh",
         {"firm_price_cny_per_mwh", "price_cny_per_mwh", "surplus_price_cny_per_mwh",
          "unserved_cny_per_mwh", "wear_cny_per_mwh"}},
        {"CNY/h", {"idle_cost_cny_per_h"}},
        {"CNY/t", {"co2_cny_per_t", "coal_cny_per_t"}},
        {"F", {"capacitance_f"}},
        {"K",
         {"approach_k", "comfort_k", "economiser_range_k", "temperature_offset_k",
          "temperature_range_k", "window_k"}},
        {"MVA",
         {"rate_emergency_mva", "rate_hv_mva", "rate_lv_mva", "rate_mv_mva", "rate_mva",
          "s_max_mva", "sk_max_mva", "sk_min_mva"}},
        {"MW",
         {"firm_mw",
          "heat_max_mw",
          "hvdc_rated_mw",
          "hydro_mw",
          "it_mw",
          "limit_mw",
          "limit_n1_mw",
          "limit_reverse_mw",
          "mean_mw",
          "own_load_mw",
          "p_charge_max_mw",
          "p_discharge_max_mw",
          "p_export_max_mw",
          "p_import_max_mw",
          "p_managed_mw",
          "p_max_mw",
          "p_mean_mw",
          "p_min_mw",
          "p_mw",
          "p_rated_mw",
          "reserved_mw",
          "shut_down_limit_mw",
          "solar_mw",
          "standby_mw",
          "start_up_limit_mw",
          "thermal_min_mw",
          "thermal_minimum_heating_mw",
          "thermal_minimum_summer_mw",
          "thermal_mw",
          "turbine_mw",
          "wind_mw"}},
        {"MW/K", {"ua_mw_per_k"}},
        {"MWh", {"e_max_mwh"}},
        {"Mvar", {"q_max_mvar", "q_min_mvar", "q_mvar", "q_set_mvar", "q_step_mvar"}},
        {"PFLOP/s", {"pflops"}},
        {"V", {"external_v", "thermal_voltage_v", "voltage_v"}},
        {"W", {"watt_per_lamp"}},
        {"cm/h", {"threshold_cm_per_h"}},
        {"day of year",
         {"heating_end_day", "heating_start_day", "overhaul_start_day", "season_end_day",
          "season_start_day"}},
        {"days", {"grace_days", "overhaul_days", "shift_days", "wash_every_days", "wet_days"}},
        {"degrees C",
         {"ambient_temperature_c", "base_c", "charge_full_c", "charge_stop_c", "cold_cut_out_c",
          "cold_restart_c", "conductor_temperature_c", "cool_c", "design_c", "discharge_full_c",
          "discharge_stop_c", "free_cooling_c", "keep_c", "temperature_c"}},
        {"degrees",
         {"azimuth_degree", "elevation_degree", "latitude_degree", "longitude_degree",
          "on_elevation_degree", "shift_degree", "tilt_degree", "tracker_max_degree",
          "va_set_degree"}},
        {"g/kWh", {"coal_g_per_kwh", "g_per_kwh"}},
        {"h",
         {"batch_h",    "buffer_h", "call_max_h",       "charge_from_h",  "charge_to_h",
          "deadline_h", "delay_h",  "discharge_from_h", "discharge_to_h", "emergency_duration_h",
          "flexible_h", "heat_h",   "horizon_h",        "idle_h",         "min_down_h",
          "min_up_h",   "notice_h", "peak_hour",        "quota_h",        "recovery_h",
          "repair_h",   "rest_h",   "shift_hours",      "shift_start_h",  "time_constant_h"}},
        {"hm3", {"v_max_hm3"}},
        {"kA", {"feeder_max_ka", "feeder_min_ka", "rating_ka"}},
        {"kV", {"base_kv", "hv_kv", "layer_kv", "levels_kv", "lv_kv", "mv_kv"}},
        {"kW", {"heater_kw", "p_iron_kw"}},
        {"kW/K", {"loss_kw_per_k", "ua_kw_per_k"}},
        {"kWh", {"kwh_per_unit"}},
        {"kWh/K", {"heat_capacity_kwh_per_k"}},
        {"kWh/m2", {"ghi_kwh_per_m2"}},
        {"kWh/m3", {"kwh_per_m3"}},
        {"kWh/t", {"dc_kwh_per_t", "kwh_per_t"}},
        {"kg m2", {"inertia_kg_m2"}},
        {"km", {"length_km"}},
        {"m",
         {"altitude_m", "bundle_spacing_m", "derating_from_m", "east_m", "head_empty_m", "head_m",
          "hub_height_m", "north_m", "phase_spacing_m", "rotor_m"}},
        {"m/s",
         {"curve_speed_m_per_s", "deposition_pm10_m_per_s", "deposition_pm25_m_per_s",
          "storm_restart_m_per_s", "wind_speed_m_per_s"}},
        {"m3", {"volume_m3"}},
        {"m3/day", {"m3_per_day"}},
        {"m3/s", {"inflow_m3_per_s", "q_min_m3_per_s"}},
        {"mm", {"cleaning_mm", "precipitation_mm"}},
        {"ohm", {"series_ohm", "shunt_ohm"}},
        {"ohm/km", {"r_ohm_per_km", "x_ohm_per_km"}},
        {"pu",
         {"b_pu", "converter_current_pu", "dead_band_pu", "r_pu", "tolerance_pu", "vm_doubtful_pu",
          "vm_emergency_max_pu", "vm_emergency_min_pu", "vm_max_pu", "vm_min_pu", "vm_set_pu",
          "vm_target_pu", "x_pu"}},
        {"s", {"breaking_time_s", "thermal_time_s"}},
        {"t", {"bunker_t", "start_coal_t"}},
        {"t/MWh", {"co2_t_per_mwh", "firm_co2_t_per_mwh", "thermal_co2_t_per_mwh"}},
        {"t/day", {"design_t_per_day"}},
        {"t/year", {"production_t_per_year"}},
        {"uS/km", {"b_us_per_km"}},
        {"ug/m3", {"pm10_ug_per_m3", "pm25_ug_per_m3"}},
        {"years", {"life_y"}},
    };
    return keys;
}

TEST(Schema, EveryNumberHasTheUnitItsMemberIsMeasuredIn) {
    std::map<std::string, std::set<std::string>> found;
    std::set<std::string> seen;
    visit_fields(scenario_type(), seen, [&](const RecordType&, const Field& field) {
        if (field.kind == FieldKind::number || field.kind == FieldKind::integer ||
            field.kind == FieldKind::numbers) {
            found[field.unit].insert(field.key);
        } else {
            EXPECT_EQ(field.unit, "") << field.key << " is no number";
        }
    });
    for (const auto& [unit, keys] : found) {
        const auto expected = keys_by_unit().find(unit);
        ASSERT_NE(expected, keys_by_unit().end()) << unit << ": " << *keys.begin();
        EXPECT_EQ(keys, expected->second) << unit;
    }
    EXPECT_EQ(found.size(), keys_by_unit().size());
}

/// What is not said by the end of the key.
TEST(Schema, UnitsThatDoNotFollowFromTheKeyAreFew) {
    std::set<std::string> exceptions;
    std::set<std::string> seen;
    visit_fields(scenario_type(), seen, [&](const RecordType&, const Field& field) {
        const bool number = field.kind == FieldKind::number || field.kind == FieldKind::integer ||
                            field.kind == FieldKind::numbers;
        if (number && field.unit != find_unit(field.key)) {
            exceptions.insert(field.key);
        }
    });
    EXPECT_EQ(exceptions, (std::set<std::string>{"discount_rate", "load_hour"}));
}

/// README.md promises that every bus of a converged step balances within 1e-6 MW, on 100 MVA.
TEST(Schema, NoScenarioLoosensTheBalanceOfItsBuses) {
    std::set<std::string> seen;
    int n = 0;
    visit_fields(scenario_type(), seen, [&](const RecordType&, const Field& field) {
        if (field.key == "tolerance_pu") {
            EXPECT_LE(100 * field.limits.max, 1e-6);
            ++n;
        }
    });
    EXPECT_EQ(n, 1);
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
