#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "exchange/axis_columns.hpp"
#include "exchange/netcdf_file.hpp"
#include "exchange/result_store.hpp"

namespace yuanwang::exchange {

namespace {

using engine::Axis;
using engine::AxisEntry;

TimeAxis read_time(const NetcdfFile& file) {
    using std::chrono::seconds;
    TimeAxis time;
    time.n_step = file.measure_dimension("time");
    if (time.n_step == 0) {
        return time;
    }
    const std::vector<double> bounds =
        file.get_numbers(file.require_variable("time_bounds"), 2 * time.n_step);
    time.start = std::chrono::sys_seconds{seconds{static_cast<std::int64_t>(bounds[0])}};
    time.step = std::chrono::duration_cast<std::chrono::minutes>(
        seconds{static_cast<std::int64_t>(bounds[1] - bounds[0])});
    return time;
}

std::vector<AxisEntry> read_axis(const NetcdfFile& file, Axis axis) {
    std::vector<AxisEntry> entries(file.measure_dimension(std::string{to_string(axis)}));
    if (entries.empty()) {
        return entries;
    }
    for (const TextColumn& column : text_columns()) {
        if (const auto variable = file.find_variable(name_column(axis, column.name))) {
            std::vector<std::string> texts = file.get_texts(*variable, entries.size());
            for (std::size_t k = 0; k < entries.size(); ++k) {
                column.field(entries[k]) = std::move(texts[k]);
            }
        }
    }
    for (const NumberColumn& column : number_columns()) {
        if (const auto variable = file.find_variable(name_column(axis, column.name))) {
            const std::vector<double> values = file.get_numbers(*variable, entries.size());
            for (std::size_t k = 0; k < entries.size(); ++k) {
                column.set(entries[k], values[k]);
            }
        }
    }
    return entries;
}

void read_series(const NetcdfFile& file, const engine::Variable& variable, StoredResults& stored) {
    const std::size_t n_step = stored.axes.time.n_step;
    const std::size_t n_element =
        variable.axis == Axis::none ? 1 : stored.axes.of(variable.axis).size();
    Series& series = stored.columns.*variable.column;
    series.reshape(n_element, n_step, std::numeric_limits<double>::quiet_NaN());
    if (n_element == 0) {
        return;
    }
    const auto there = file.find_variable(std::string{variable.name});
    if (!there) {
        stored.missing.emplace_back(variable.name);
        return;
    }
    const std::vector<double> values = file.get_numbers(*there, n_element * n_step);
    std::ranges::copy(values, series.values().begin());
    if (variable.name == "step_status") {
        std::ranges::replace(series.values(), -1.0, std::numeric_limits<double>::quiet_NaN());
    }
}

/// The columns of one sparse table, by name.
class TableReader {
  public:
    TableReader(const NetcdfFile& file, const std::string& table,
                const std::vector<std::string>& labels)
        : file_{file}, table_{table}, labels_{labels}, n_row_{file.measure_dimension(table)} {}

    [[nodiscard]] std::size_t n_row() const { return n_row_; }
    [[nodiscard]] std::vector<double> numbers(const std::string& column) const {
        return file_.get_numbers(file_.require_variable(table_ + '_' + column), n_row_);
    }
    [[nodiscard]] std::vector<std::string> texts(const std::string& column) const {
        std::vector<std::string> texts;
        for (const double row : numbers(column)) {
            texts.push_back(labels_.at(static_cast<std::size_t>(row)));
        }
        return texts;
    }

  private:
    const NetcdfFile& file_;
    std::string table_;
    const std::vector<std::string>& labels_;
    std::size_t n_row_;
};

std::vector<engine::CurtailmentRow> read_curtailment(const TableReader& table) {
    const std::vector<double> step = table.numbers("step");
    const std::vector<double> source = table.numbers("source");
    const std::vector<std::string> cause = table.texts("cause");
    const std::vector<std::string> branch = table.texts("branch");
    const std::vector<std::string> outage = table.texts("outage");
    const std::vector<double> mwh = table.numbers("mwh");
    std::vector<engine::CurtailmentRow> rows;
    for (std::size_t k = 0; k < table.n_row(); ++k) {
        rows.push_back({.step = static_cast<std::uint32_t>(step[k]),
                        .source = static_cast<std::uint32_t>(source[k]),
                        .cause = cause[k],
                        .branch = branch[k],
                        .outage = outage[k],
                        .mwh = mwh[k]});
    }
    return rows;
}

std::vector<engine::VerdictRow> read_verdicts(const TableReader& table) {
    const std::vector<double> step = table.numbers("step");
    const std::vector<std::string> outage = table.texts("outage");
    const std::vector<std::string> element = table.texts("element");
    const std::vector<std::string> kind = table.texts("kind");
    const std::vector<double> value = table.numbers("value");
    const std::vector<double> limit = table.numbers("limit");
    std::vector<engine::VerdictRow> rows;
    for (std::size_t k = 0; k < table.n_row(); ++k) {
        rows.push_back({.step = static_cast<std::uint32_t>(step[k]),
                        .outage = outage[k],
                        .element = element[k],
                        .kind = kind[k],
                        .value = value[k],
                        .limit = limit[k]});
    }
    return rows;
}

std::vector<engine::ManagedCallRow> read_managed_calls(const TableReader& table) {
    const std::vector<double> step = table.numbers("step");
    const std::vector<std::string> group = table.texts("group");
    const std::vector<double> record = table.numbers("record");
    const std::vector<std::string> bus = table.texts("bus");
    const std::vector<double> shed_class = table.numbers("class");
    const std::vector<double> round = table.numbers("round");
    const std::vector<double> mw = table.numbers("mw");
    std::vector<engine::ManagedCallRow> rows;
    for (std::size_t k = 0; k < table.n_row(); ++k) {
        rows.push_back({.step = static_cast<std::uint32_t>(step[k]),
                        .group = group[k],
                        .record = static_cast<std::uint32_t>(record[k]),
                        .bus = bus[k],
                        .shed_class = static_cast<std::uint32_t>(shed_class[k]),
                        .round = static_cast<std::uint32_t>(round[k]),
                        .mw = mw[k]});
    }
    return rows;
}

} // namespace

StoredResults read_results(const std::filesystem::path& path) {
    const NetcdfFile file = NetcdfFile::open(path);
    (void)file.require_variable("step_status"); // every file of ours has it
    StoredResults stored;
    stored.axes.time = read_time(file);
    for (std::size_t a = 1; a < engine::n_axis; ++a) {
        stored.axes.entries[a] = read_axis(file, static_cast<Axis>(a));
    }
    stored.columns.steps = {0, stored.axes.time.n_step};
    for (const engine::Variable& variable : engine::result_variables()) {
        read_series(file, variable, stored);
    }
    const std::vector<std::string> labels =
        file.get_texts(file.require_variable("label"), file.measure_dimension("label"));
    const auto read_table = [&](const char* name, auto& rows, auto read) {
        if (file.find_variable(std::string{name} + "_step")) {
            rows = read(TableReader{file, name, labels});
        } else {
            stored.missing.emplace_back(name);
        }
    };
    read_table("curtailment", stored.curtailment, read_curtailment);
    read_table("verdict", stored.verdicts, read_verdicts);
    read_table("managed_call", stored.managed_calls, read_managed_calls);
    return stored;
}

} // namespace yuanwang::exchange
