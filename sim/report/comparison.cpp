#include "report/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "exchange/result_store.hpp"
#include "report/result_folder.hpp"
#include "scenario/yaml_reader.hpp"

namespace yuanwang::report {

namespace {

using engine::Axis;
using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t n_moved = 10;

struct StoredRun {
    Json summary;
    std::map<std::string, std::string> scenario; ///< path → value
    exchange::StoredResults results;
};

/// The value of `{value: …, source: …}`; the node itself where it is no such map.
const scenario::Node& unwrap(const scenario::Node& node) {
    if (node.is_map()) {
        if (const scenario::Node* value = node.find("value");
            value && (node.find("source") || node.find("assumed"))) {
            return *value;
        }
    }
    return node;
}

bool is_mark(const std::string& key) {
    return key == "source" || key == "assumed";
}

std::string join_texts(const scenario::Node& list) {
    std::string text = "[";
    for (std::size_t k = 0; k < list.items.size(); ++k) {
        text += (k == 0 ? "" : ", ") + unwrap(list.items[k]).text;
    }
    return text + "]";
}

void flatten(const scenario::Node& wrapped, const std::string& path,
             std::map<std::string, std::string>& out) {
    const scenario::Node& node = unwrap(wrapped);
    if (node.is_scalar()) {
        out[path] = node.text;
    } else if (node.is_map()) {
        for (std::size_t k = 0; k < node.keys.size(); ++k) {
            if (!is_mark(node.keys[k].text)) {
                flatten(node.items[k], scenario::join_path(path, node.keys[k].text), out);
            }
        }
    } else if (node.is_list()) {
        const bool scalars = std::ranges::all_of(
            node.items, [](const scenario::Node& item) { return unwrap(item).is_scalar(); });
        if (scalars) {
            out[path] = join_texts(node);
            return;
        }
        for (std::size_t k = 0; k < node.items.size(); ++k) {
            flatten(node.items[k], scenario::join_path(path, node.items[k], k), out);
        }
    }
}

std::map<std::string, std::string> read_scenario(const fs::path& file) {
    std::vector<Fault> faults;
    const scenario::Node tree = scenario::read_yaml_file(file, file.string(), faults);
    if (!faults.empty()) {
        throw InputError{std::move(faults)};
    }
    std::map<std::string, std::string> flat;
    flatten(tree, "", flat);
    return flat;
}

StoredRun read_run(const fs::path& folder) {
    const std::string text = read_file(folder / "summary.json");
    Json summary = Json::parse(text, nullptr, false);
    if (summary.is_discarded()) {
        throw IoError{(folder / "summary.json").string() + ": is no JSON"};
    }
    StoredRun run{.summary = std::move(summary),
                  .scenario = read_scenario(folder / "scenario.resolved.yaml"),
                  .results = {}};
    if (fs::exists(folder / "results.nc")) {
        run.results = exchange::read_results(folder / "results.nc");
    } else {
        run.results.missing = {"results.nc"};
    }
    return run;
}

/// Numbers of an object by name, nested ones with a point between.
void collect_numbers(const Json& object, const std::string& prefix, std::size_t run,
                     std::size_t n_run, std::map<std::string, std::vector<double>>& out) {
    for (const auto& [key, value] : object.items()) {
        const std::string name = prefix.empty() ? key : prefix + "." + key;
        if (value.is_object()) {
            collect_numbers(value, name, run, n_run, out);
        } else if (value.is_number()) {
            out.try_emplace(name, n_run, nan).first->second[run] = value.get<double>();
        }
    }
}

std::vector<ComparedNumber> compare_numbers(const std::vector<StoredRun>& runs, const char* part) {
    std::map<std::string, std::vector<double>> found;
    for (std::size_t r = 0; r < runs.size(); ++r) {
        if (const auto at = runs[r].summary.find(part); at != runs[r].summary.end()) {
            collect_numbers(*at, "", r, runs.size(), found);
        }
    }
    std::vector<ComparedNumber> rows;
    for (auto& [key, values] : found) {
        rows.push_back({key, std::move(values)});
    }
    return rows;
}

std::vector<ScenarioChange> compare_scenarios(const std::vector<StoredRun>& runs) {
    std::map<std::string, std::vector<std::string>> values;
    for (std::size_t r = 0; r < runs.size(); ++r) {
        for (const auto& [path, value] : runs[r].scenario) {
            values.try_emplace(path, runs.size()).first->second[r] = value;
        }
    }
    std::vector<ScenarioChange> changes;
    for (auto& [path, by_run] : values) {
        if (std::ranges::any_of(by_run, [&](const auto& v) { return v != by_run.front(); })) {
            changes.push_back({path, std::move(by_run)});
        }
    }
    return changes;
}

/// What one column says about an element over a run, in the unit it is shown in.
struct Measure {
    const char* what;
    const char* unit;
    Axis axis;
    Series engine::BlockResult::*column;
    double (*of)(double value);
    bool mean; ///< mean over the steps with a value; else the sum times the hours of a step, GWh
};

constexpr Measure measures[] = {
    {"line_loading", "%", Axis::line, &engine::BlockResult::line_loading_percent,
     [](double v) { return v; }, true},
    {"transformer_loading", "%", Axis::transformer,
     &engine::BlockResult::transformer_loading_percent, [](double v) { return v; }, true},
    {"source_energy", "GWh", Axis::source, &engine::BlockResult::source_p_mw,
     [](double v) { return v; }, false},
    {"tie_energy", "GWh", Axis::tie, &engine::BlockResult::tie_p_mw, [](double v) { return v; },
     false},
    {"storage_discharge", "GWh", Axis::storage, &engine::BlockResult::storage_p_mw,
     [](double v) { return std::max(v, 0.0); }, false},
    {"bus_voltage", "pu", Axis::bus, &engine::BlockResult::bus_vm_pu, [](double v) { return v; },
     true},
};

double measure_element(const Measure& measure, const Series& column, std::size_t element,
                       double dt_h) {
    double sum = 0;
    std::size_t n = 0;
    for (std::size_t t = 0; t < column.n_step(); ++t) {
        if (const double v = column(element, t); std::isfinite(v)) {
            sum += measure.of(v);
            ++n;
        }
    }
    if (n == 0) {
        return nan;
    }
    return measure.mean ? sum / static_cast<double>(n) : sum * dt_h / 1000;
}

/// How far a row is from its base; an element that comes or goes counts with all it has.
double find_movement(const MovedElement& row) {
    double most = 0;
    const auto number = [](double v) { return std::isfinite(v) ? v : 0.0; };
    for (const double value : row.values) {
        most = std::max(most, std::abs(number(value) - number(row.values.front())));
    }
    return most;
}

void compare_elements(const std::vector<StoredRun>& runs, const Measure& measure,
                      std::vector<MovedElement>& moved) {
    std::map<std::string, MovedElement> rows;
    for (std::size_t r = 0; r < runs.size(); ++r) {
        const auto& entries = runs[r].results.axes.of(measure.axis);
        const Series& column = runs[r].results.columns.*measure.column;
        for (std::size_t i = 0; i < entries.size() && i < column.n_element(); ++i) {
            MovedElement& row = rows[entries[i].id];
            if (row.values.empty()) {
                row = {measure.what, entries[i].id, entries[i].name, measure.unit,
                       std::vector<double>(runs.size(), nan)};
            }
            row.values[r] = measure_element(measure, column, i, runs[r].results.axes.time.dt_h());
        }
    }
    std::vector<MovedElement> list;
    for (auto& [id, row] : rows) {
        if (find_movement(row) > 0) {
            list.push_back(std::move(row));
        }
    }
    std::ranges::stable_sort(list, std::ranges::greater{}, find_movement);
    list.resize(std::min(list.size(), n_moved));
    std::ranges::move(list, std::back_inserter(moved));
}

Name find_name(const Json& summary) {
    const auto part = summary.find("scenario");
    if (part == summary.end()) {
        return {};
    }
    const std::string id = part->value("id", std::string{});
    const auto name = part->find("name");
    return name == part->end() || !name->is_object()
               ? Name{id, id}
               : Name{name->value("en", id), name->value("zh", id)};
}

} // namespace

Comparison compare_runs(std::span<const fs::path> folders) {
    std::vector<StoredRun> runs;
    Comparison found;
    for (const fs::path& folder : folders) {
        runs.push_back(read_run(folder));
        found.folder.push_back(folder.string());
        found.name.push_back(find_name(runs.back().summary));
        found.missing.push_back(runs.back().results.missing);
    }
    found.indicators = compare_numbers(runs, "indicators");
    found.counts = compare_numbers(runs, "counts");
    found.changes = compare_scenarios(runs);
    const bool all_have_series = std::ranges::all_of(
        runs, [](const StoredRun& run) { return run.results.axes.time.n_step > 0; });
    if (all_have_series) {
        for (const Measure& measure : measures) {
            compare_elements(runs, measure, found.moved);
        }
    }
    return found;
}

} // namespace yuanwang::report
