#include <netcdf.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "exchange/axis_columns.hpp"
#include "exchange/netcdf_file.hpp"
#include "exchange/result_store.hpp"

namespace yuanwang::exchange {

namespace {

using engine::Axis;
using engine::AxisEntry;
using engine::Variable;

constexpr std::string_view status_variable = "step_status";
constexpr signed char status_fill = -1;
constexpr std::size_t table_chunk = 8192; // rows of a sparse table
constexpr std::size_t chunk_bytes = std::size_t{1}
                                    << 20; // of a variable over time, about a month of hours × 350

/// A text is stored once; the sparse tables hold its row in `label`.
class Labels {
  public:
    int find_row(const std::string& text) {
        const auto [entry, is_new] = rows_.try_emplace(text, static_cast<int>(texts_.size()));
        if (is_new) {
            texts_.push_back(text);
        }
        return entry->second;
    }
    [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }

  private:
    std::map<std::string, int> rows_{{"", 0}};
    std::vector<std::string> texts_{""};
};

/// One column of a sparse table, filled for the rows of a block.
template <class Row>
struct TableColumn {
    const char* name;
    const char* long_name;
    const char* units;
    double (*value)(const Row&, Labels&);
    bool is_whole;
    const char* sign_convention = "never negative";
};

using engine::CurtailmentRow;
using engine::ManagedCallRow;
using engine::VerdictRow;

constexpr std::array curtailment_columns = {
    TableColumn<CurtailmentRow>{
        "curtailment_step", "step, row of time", "1",
        [](const CurtailmentRow& r, Labels&) { return static_cast<double>(r.step); }, true},
    TableColumn<CurtailmentRow>{
        "curtailment_source", "source, row of the source axis", "1",
        [](const CurtailmentRow& r, Labels&) { return static_cast<double>(r.source); }, true},
    TableColumn<CurtailmentRow>{
        "curtailment_cause", "cause, row of label", "1",
        [](const CurtailmentRow& r, Labels& l) { return static_cast<double>(l.find_row(r.cause)); },
        true},
    TableColumn<CurtailmentRow>{"curtailment_branch", "limiting branch or section, row of label",
                                "1",
                                [](const CurtailmentRow& r, Labels& l) {
                                    return static_cast<double>(l.find_row(r.branch));
                                },
                                true},
    TableColumn<CurtailmentRow>{"curtailment_outage",
                                "outage under which the limit binds, row of label", "1",
                                [](const CurtailmentRow& r, Labels& l) {
                                    return static_cast<double>(l.find_row(r.outage));
                                },
                                true},
    TableColumn<CurtailmentRow>{"curtailment_mwh", "wind or sun of the step that was not used",
                                "MWh", [](const CurtailmentRow& r, Labels&) { return r.mwh; },
                                false},
};

constexpr const char* sign_of_verdict = "of a section negative against its signs, of a cause that "
                                        "of the injection; else never negative";

constexpr std::array verdict_columns = {
    TableColumn<VerdictRow>{
        "verdict_step", "step, row of time", "1",
        [](const VerdictRow& r, Labels&) { return static_cast<double>(r.step); }, true},
    TableColumn<VerdictRow>{
        "verdict_outage", "outage, row of label; empty: base state", "1",
        [](const VerdictRow& r, Labels& l) { return static_cast<double>(l.find_row(r.outage)); },
        true},
    TableColumn<VerdictRow>{
        "verdict_element", "element out of its limit, row of label", "1",
        [](const VerdictRow& r, Labels& l) { return static_cast<double>(l.find_row(r.element)); },
        true},
    TableColumn<VerdictRow>{
        "verdict_kind", "kind of the verdict, row of label", "1",
        [](const VerdictRow& r, Labels& l) { return static_cast<double>(l.find_row(r.kind)); },
        true},
    TableColumn<VerdictRow>{
        "verdict_value", "value found, in the unit of verdict_units", "as verdict_units",
        [](const VerdictRow& r, Labels&) { return r.value; }, false, sign_of_verdict},
    TableColumn<VerdictRow>{
        "verdict_limit",
        "limit it leaves, in the unit of verdict_units; of cause_no_slack the buses of the island",
        "as verdict_units", [](const VerdictRow& r, Labels&) { return r.limit; }, false,
        sign_of_verdict},
    TableColumn<VerdictRow>{
        "verdict_units",
        "unit of value and limit, row of label: percent of an overload, 1 (per unit) of a voltage, "
        "reactance or ratio, Mvar of reactive power, else MW",
        "1",
        [](const VerdictRow& r, Labels& l) {
            return static_cast<double>(l.find_row(std::string{engine::units_of_verdict(r.kind)}));
        },
        true},
};

constexpr std::array managed_call_columns = {
    TableColumn<ManagedCallRow>{
        "managed_call_step", "step, row of time", "1",
        [](const ManagedCallRow& r, Labels&) { return static_cast<double>(r.step); }, true},
    TableColumn<ManagedCallRow>{
        "managed_call_group", "group of the register, row of label", "1",
        [](const ManagedCallRow& r, Labels& l) { return static_cast<double>(l.find_row(r.group)); },
        true},
    TableColumn<ManagedCallRow>{
        "managed_call_record", "enterprise of the group, from 0", "1",
        [](const ManagedCallRow& r, Labels&) { return static_cast<double>(r.record); }, true},
    TableColumn<ManagedCallRow>{
        "managed_call_bus", "bus it hangs on, row of label", "1",
        [](const ManagedCallRow& r, Labels& l) { return static_cast<double>(l.find_row(r.bus)); },
        true},
    TableColumn<ManagedCallRow>{
        "managed_call_class", "class, 1 is called first", "1",
        [](const ManagedCallRow& r, Labels&) { return static_cast<double>(r.shed_class); }, true},
    TableColumn<ManagedCallRow>{
        "managed_call_round", "round of the group, from 0", "1",
        [](const ManagedCallRow& r, Labels&) { return static_cast<double>(r.round); }, true},
    TableColumn<ManagedCallRow>{"managed_call_mw", "power it gives up", "MW",
                                [](const ManagedCallRow& r, Labels&) { return r.mw; }, false},
};

/// A static variable over the buses.
struct FaultColumn {
    const char* name;
    const char* units;
    const char* long_name;
    double engine::Summary::FaultLevel::*member;
};
using Level = engine::Summary::FaultLevel;
constexpr std::array fault_columns = {
    FaultColumn{"bus_ik3_max_ka", "kA",
                "largest three-phase initial symmetrical short-circuit current, all machines on",
                &Level::ik3_max_ka},
    FaultColumn{"bus_ik2_max_ka", "kA", "the same of two phases", &Level::ik2_max_ka},
    FaultColumn{"bus_ip_ka", "kA", "its peak", &Level::ip_ka},
    FaultColumn{"bus_ib_ka", "kA", "its symmetrical breaking current", &Level::ib_ka},
    FaultColumn{"bus_ith_ka", "kA", "its thermal equivalent current", &Level::ith_ka},
    FaultColumn{"bus_sk_max_mva", "MVA", "its short-circuit power", &Level::sk_max_mva},
    FaultColumn{"bus_ik3_min_ka", "kA",
                "smallest three-phase initial current of all steps, machines that run",
                &Level::ik3_min_ka},
    FaultColumn{"bus_ik2_min_ka", "kA", "the same of two phases", &Level::ik2_min_ka},
};

class ResultWriter final : public engine::ResultSink {
  public:
    ResultWriter(const std::filesystem::path& file, std::string title)
        : file_{NetcdfFile::create(file)}, title_{std::move(title)} {}

    void begin(const engine::ResultAxes& axes) override {
        put_global_attributes(axes.time);
        put_time(axes.time);
        for (std::size_t a = 1; a < engine::n_axis; ++a) {
            put_axis(static_cast<Axis>(a), axes.entries[a]);
        }
        for (const Variable& variable : engine::result_variables()) {
            define_result(variable, axes);
        }
        curtailment_ = define_table<CurtailmentRow>("curtailment", curtailment_columns);
        verdicts_ = define_table<VerdictRow>("verdict", verdict_columns);
        managed_calls_ = define_table<ManagedCallRow>("managed_call", managed_call_columns);
    }

    void write(const engine::BlockResult& block) override {
        for (std::size_t k = 0; k < results_.size(); ++k) {
            if (results_[k].id >= 0) {
                write_series(results_[k], engine::result_variables()[k], block);
            }
        }
    }

    void write_curtailment(std::span<const CurtailmentRow> rows) override {
        append<CurtailmentRow>(curtailment_, curtailment_columns, rows);
    }
    void write_verdicts(std::span<const VerdictRow> rows) override {
        append<VerdictRow>(verdicts_, verdict_columns, rows);
    }
    void write_managed_calls(std::span<const ManagedCallRow> rows) override {
        append<ManagedCallRow>(managed_calls_, managed_call_columns, rows);
    }

    void finish(const engine::Summary& summary) override {
        put_fault_levels(summary.fault_levels);
        const int dimension = file_.define_dimension("label", labels_.texts().size());
        const int variable = file_.put_texts("label", dimension, labels_.texts());
        file_.put_attribute(variable, "long_name", "texts of the sparse tables");
        file_.put_attribute(NC_GLOBAL, "scenario_id", summary.scenario_id);
        file_.close();
    }

  private:
    /// Short-circuit currents of every bus, constant over time.
    void put_fault_levels(const std::vector<engine::Summary::FaultLevel>& levels) {
        const int dimension = axis_dimensions_[static_cast<std::size_t>(Axis::bus)];
        if (levels.empty()) {
            return;
        }
        std::vector<double> values(levels.size());
        for (const FaultColumn& column : fault_columns) {
            std::ranges::transform(levels, values.begin(),
                                   [&](const auto& row) { return row.*column.member; });
            const int variable =
                file_.define_variable(column.name, NC_DOUBLE, std::span{&dimension, 1});
            file_.put_attribute(variable, "long_name", column.long_name);
            file_.put_attribute(variable, "units", column.units);
            file_.put_attribute(variable, "sign_convention", "never negative");
            file_.check(nc_put_var_double(file_.id(), variable, values.data()));
        }
    }

    struct Result {
        int id = -1; ///< −1: an axis without elements, nothing is stored
        std::size_t n_element = 0;
        bool is_status = false;
        bool is_double = false;
    };
    struct Table {
        std::vector<int> columns;
        std::size_t n_row = 0;
    };

    void put_global_attributes(const TimeAxis& time) {
        file_.put_attribute(NC_GLOBAL, "Conventions", "CF-1.10");
        file_.put_attribute(NC_GLOBAL, "title", title_);
        file_.put_attribute(NC_GLOBAL, "source", "Yuanwang power system simulation");
        file_.put_attribute(NC_GLOBAL, "comment",
                            "Into the grid is positive for every device; the consumption of a load "
                            "is positive in load_p_mw. "
                            "Powers are means over the step, stored energy holds at its end.");
        file_.put_attribute(NC_GLOBAL, "time_coverage_start", to_iso_utc(time.start));
        file_.put_attribute(NC_GLOBAL, "time_coverage_end", to_iso_utc(time.end()));
        file_.put_attribute(NC_GLOBAL, "time_coverage_resolution",
                            "PT" + std::to_string(time.step.count()) + "M");
    }

    void put_time(const TimeAxis& time) {
        n_step_ = time.n_step;
        time_dimension_ = file_.define_dimension("time", time.n_step);
        const int bounds_dimension = file_.define_dimension("bounds", 2);
        const std::array<int, 2> dimensions{time_dimension_, bounds_dimension};
        const int variable =
            file_.define_variable("time", NC_DOUBLE, std::span{dimensions}.first(1));
        file_.put_attribute(variable, "standard_name", "time");
        file_.put_attribute(variable, "long_name", "start of the step, UTC");
        file_.put_attribute(variable, "units", "seconds since 1970-01-01 00:00:00");
        file_.put_attribute(variable, "calendar", "standard");
        file_.put_attribute(variable, "axis", "T");
        file_.put_attribute(variable, "bounds", "time_bounds");
        file_.put_attribute(variable, "sign_convention", "later is larger");
        const int bounds = file_.define_variable("time_bounds", NC_DOUBLE, dimensions);
        file_.put_attribute(bounds, "long_name", "start and end of the step, UTC");
        file_.put_attribute(bounds, "units", "seconds since 1970-01-01 00:00:00");
        file_.put_attribute(bounds, "sign_convention", "later is larger");
        std::vector<double> starts;
        std::vector<double> both;
        for (std::size_t t = 0; t < time.n_step; ++t) {
            starts.push_back(static_cast<double>(time.at(t).time_since_epoch().count()));
            both.push_back(starts.back());
            both.push_back(static_cast<double>(time.at(t + 1).time_since_epoch().count()));
        }
        if (!starts.empty()) {
            file_.check(nc_put_var_double(file_.id(), variable, starts.data()));
            file_.check(nc_put_var_double(file_.id(), bounds, both.data()));
        }
    }

    void put_axis(Axis axis, std::vector<AxisEntry> entries) {
        if (entries.empty()) {
            return;
        }
        const int dimension = file_.define_dimension(std::string{to_string(axis)}, entries.size());
        axis_dimensions_[static_cast<std::size_t>(axis)] = dimension;
        std::string& coordinates = coordinates_[static_cast<std::size_t>(axis)];
        for (const TextColumn& column : text_columns()) {
            std::vector<std::string> texts;
            for (AxisEntry& entry : entries) {
                texts.push_back(column.field(entry));
            }
            if (std::ranges::all_of(texts, &std::string::empty) && column.name != "id") {
                continue;
            }
            const std::string name = name_column(axis, column.name);
            file_.put_attribute(file_.put_texts(name, dimension, texts), "long_name",
                                column.long_name);
            if (column.name == "id" || column.name.starts_with("name_")) {
                coordinates += (coordinates.empty() ? "" : " ") + name;
            }
        }
        for (const NumberColumn& column : number_columns()) {
            put_numbers(axis, dimension, column, entries);
        }
    }

    void put_numbers(Axis axis, int dimension, const NumberColumn& column,
                     const std::vector<AxisEntry>& entries) {
        std::vector<double> values;
        for (const AxisEntry& entry : entries) {
            values.push_back(column.get(entry));
        }
        if (std::ranges::all_of(values,
                                [&](double value) { return value == column.get(AxisEntry{}); })) {
            return;
        }
        const int variable = file_.define_variable(name_column(axis, column.name), NC_DOUBLE,
                                                   std::span{&dimension, 1});
        file_.put_attribute(variable, "long_name", column.long_name);
        file_.put_attribute(variable, "units",
                            column.units.empty() ? rating_units(axis) : column.units);
        file_.put_attribute(variable, "sign_convention", column.sign_convention);
        file_.check(nc_put_var_double(file_.id(), variable, values.data()));
    }

    void define_result(const Variable& variable, const engine::ResultAxes& axes) {
        const bool over_steps = variable.axis == Axis::none;
        const std::size_t n_element = over_steps ? 1 : axes.of(variable.axis).size();
        Result& result = results_.emplace_back();
        if (n_element == 0) {
            return;
        }
        result.n_element = n_element;
        result.is_status = variable.name == status_variable;
        result.is_double = variable.needs_double();
        const std::size_t value_bytes = result.is_double ? sizeof(double) : sizeof(float);
        const std::array<int, 2> dimensions{
            time_dimension_, axis_dimensions_[static_cast<std::size_t>(variable.axis)]};
        const std::size_t steps = std::clamp<std::size_t>(chunk_bytes / (value_bytes * n_element),
                                                          1, std::max<std::size_t>(n_step_, 1));
        const std::array<std::size_t, 2> chunk{steps, n_element};
        const std::size_t rank = over_steps ? 1 : 2;
        result.id =
            file_.define_variable(std::string{variable.name},
                                  result.is_status   ? NC_BYTE
                                  : result.is_double ? NC_DOUBLE
                                                     : NC_FLOAT,
                                  std::span{dimensions}.first(rank), std::span{chunk}.first(rank));
        // A chunk must fit into the cache, or each block would inflate and deflate it again.
        file_.check(nc_set_var_chunk_cache(file_.id(), result.id,
                                           2 * value_bytes * steps * n_element, 11, 1.0F));
        file_.put_attribute(result.id, "units", variable.units);
        file_.put_attribute(result.id, "long_name", variable.long_name);
        file_.put_attribute(result.id, "sign_convention", variable.sign_convention);
        if (variable.units == "MW" || variable.units == "Mvar") {
            file_.put_attribute(result.id, "cell_methods", "time: mean");
        }
        if (const std::string& coordinates = coordinates_[static_cast<std::size_t>(variable.axis)];
            !coordinates.empty()) {
            file_.put_attribute(result.id, "coordinates", coordinates);
        }
        if (result.is_status) {
            put_status_attributes(result.id);
            return;
        }
        constexpr double fill = std::numeric_limits<double>::quiet_NaN();
        file_.check(nc_put_att_double(file_.id(), result.id, "_FillValue",
                                      result.is_double ? NC_DOUBLE : NC_FLOAT, 1, &fill));
        if (variable.resolution > 0) {
            file_.check(nc_put_att_double(file_.id(), result.id, "resolution", NC_DOUBLE, 1,
                                          &variable.resolution));
        }
    }

    void put_status_attributes(int variable) {
        std::array<signed char, step_status_names.size()> values{};
        std::string meanings;
        for (std::size_t k = 0; k < step_status_names.size(); ++k) {
            values[k] = static_cast<signed char>(k);
            meanings += (k == 0 ? "" : " ") + std::string{step_status_names[k]};
        }
        file_.check(nc_put_att_schar(file_.id(), variable, "_FillValue", NC_BYTE, 1, &status_fill));
        file_.check(nc_put_att_schar(file_.id(), variable, "flag_values", NC_BYTE, values.size(),
                                     values.data()));
        file_.put_attribute(variable, "flag_meanings", meanings);
    }

    void write_series(const Result& result, const Variable& variable,
                      const engine::BlockResult& block) {
        const std::span<const double> values = (block.*variable.column).values();
        if (values.empty()) {
            return;
        }
        const std::array<std::size_t, 2> start{block.steps.first, 0};
        const std::array<std::size_t, 2> count{block.steps.count, result.n_element};
        if (result.is_status) {
            bytes_.resize(values.size());
            std::ranges::transform(values, bytes_.begin(), [](double value) {
                return std::isnan(value) ? status_fill : static_cast<signed char>(value);
            });
            file_.check(nc_put_vara_schar(file_.id(), result.id, start.data(), count.data(),
                                          bytes_.data()));
            return;
        }
        if (result.is_double) {
            doubles_.resize(values.size());
            std::ranges::transform(values, doubles_.begin(), [&](double value) {
                return round_to_bits(value, variable.resolution);
            });
            file_.check(nc_put_vara_double(file_.id(), result.id, start.data(), count.data(),
                                           doubles_.data()));
            return;
        }
        floats_.resize(values.size());
        std::ranges::transform(values, floats_.begin(),
                               [&](double value) { return round_to(value, variable.resolution); });
        file_.check(
            nc_put_vara_float(file_.id(), result.id, start.data(), count.data(), floats_.data()));
    }

    /// The nearest multiple of the resolution; one and the same NaN for every NaN.
    static float round_to(double value, double resolution) {
        if (std::isnan(value)) {
            return std::numeric_limits<float>::quiet_NaN();
        }
        const double rounded = resolution > 0 ? std::round(value / resolution) * resolution : value;
        return static_cast<float>(rounded == 0 ? 0.0 : rounded); // no negative zero
    }

    /// The nearest multiple of the largest power of two not above the resolution: the bits behind it are zero and cost
    /// nothing once deflated.
    static double round_to_bits(double value, double resolution) {
        if (std::isnan(value)) {
            return std::numeric_limits<double>::quiet_NaN();
        }
        const double unit = std::exp2(std::floor(std::log2(resolution)));
        const double rounded = std::round(value / unit) * unit;
        return rounded == 0 ? 0.0 : rounded; // no negative zero
    }

    template <class Row>
    Table define_table(const std::string& name, std::span<const TableColumn<Row>> columns) {
        Table table;
        const int dimension = file_.define_unlimited_dimension(name);
        for (const TableColumn<Row>& column : columns) {
            const int type = column.is_whole ? NC_INT : NC_FLOAT;
            const int variable = file_.define_variable(column.name, type, std::span{&dimension, 1},
                                                       std::span{&table_chunk, 1});
            file_.put_attribute(variable, "long_name", column.long_name);
            file_.put_attribute(variable, "units", column.units);
            file_.put_attribute(variable, "sign_convention", column.sign_convention);
            table.columns.push_back(variable);
        }
        return table;
    }

    template <class Row>
    void append(Table& table, std::span<const TableColumn<Row>> columns,
                std::span<const Row> rows) {
        if (rows.empty()) {
            return;
        }
        std::vector<double> values(rows.size());
        const std::size_t count = rows.size();
        for (std::size_t k = 0; k < columns.size(); ++k) {
            std::ranges::transform(rows, values.begin(),
                                   [&](const Row& row) { return columns[k].value(row, labels_); });
            file_.check(nc_put_vara_double(file_.id(), table.columns[k], &table.n_row, &count,
                                           values.data()));
        }
        table.n_row += count;
    }

    NetcdfFile file_;
    std::string title_;
    std::size_t n_step_ = 0;
    int time_dimension_ = -1;
    std::array<int, engine::n_axis> axis_dimensions_{};
    std::array<std::string, engine::n_axis> coordinates_;
    std::vector<Result> results_; // rows as in result_variables()
    Table curtailment_;
    Table verdicts_;
    Table managed_calls_;
    Labels labels_;
    std::vector<float> floats_;
    std::vector<double> doubles_;
    std::vector<signed char> bytes_;
};

} // namespace

std::unique_ptr<engine::ResultSink> open_result_file(const std::filesystem::path& file,
                                                     const std::string& title) {
    return std::make_unique<ResultWriter>(file, title);
}

} // namespace yuanwang::exchange
