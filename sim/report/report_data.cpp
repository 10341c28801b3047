#include "report/report_page.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include <nlohmann/json.hpp>

#include "report/element_statistics.hpp"
#include "report/encoding.hpp"
#include "report/summary_json.hpp"

namespace yuanwang::report {
namespace {

using Json = nlohmann::ordered_json;
using engine::Axis;
using engine::AxisEntry;
using engine::BlockResult;

Json round_to(double value, double resolution) {
    if (!std::isfinite(value)) {
        return nullptr;
    }
    const double per_unit = std::round(1.0 / resolution);
    return std::round(value * per_unit) / per_unit;
}

Json object(const Name& name) {
    return {{"en", name.in(Language::en)}, {"zh", name.in(Language::zh)}};
}

Json object(const AxisEntry& entry) {
    Json json;
    json["id"] = entry.id;
    if (!entry.name.en.empty() || !entry.name.zh.empty()) {
        json["name"] = object(entry.name);
    }
    const auto add_text = [&](const char* key, const std::string& text) {
        if (!text.empty()) {
            json[key] = text;
        }
    };
    add_text("kind", entry.kind);
    add_text("zone", entry.zone);
    add_text("from", entry.from);
    add_text("to", entry.to);
    add_text("substation", entry.substation);
    add_text("substation_kind", entry.substation_kind);
    if (entry.in_city) {
        json["in_city"] = true;
    }
    if (entry.base_kv != 0) {
        json["kv"] = entry.base_kv;
    }
    if (entry.rating != 0) {
        json["rating"] = round_to(entry.rating, 0.001);
    }
    if (entry.latitude_degree != 0 || entry.longitude_degree != 0) {
        json["lat"] = round_to(entry.latitude_degree, 1e-5);
        json["lon"] = round_to(entry.longitude_degree, 1e-5);
    }
    if (entry.parallel != 1) {
        json["parallel"] = entry.parallel;
    }
    return json;
}

/// Sums of the rows of a series that share a label, [n_label × n_step].
struct Grouped {
    std::vector<std::string> labels;
    Series sum;
};

Grouped sum_by_kind(const Series& series, const std::vector<AxisEntry>& entries) {
    std::set<std::string> kinds;
    for (const AxisEntry& entry : entries) {
        kinds.insert(entry.kind);
    }
    Grouped grouped{{kinds.begin(), kinds.end()}, Series(kinds.size(), series.n_step())};
    std::vector<std::size_t> row;
    for (const AxisEntry& entry : entries) {
        row.push_back(
            static_cast<std::size_t>(std::distance(kinds.begin(), kinds.find(entry.kind))));
    }
    for (std::size_t t = 0; t < series.n_step(); ++t) {
        for (std::size_t i = 0; i < series.n_element(); ++i) {
            if (const double v = series(i, t); std::isfinite(v)) {
                grouped.sum(row[i], t) += v;
            }
        }
    }
    return grouped;
}

/// Collects the header and the bytes of the stream.
class Packer {
  public:
    explicit Packer(std::size_t n_step) : n_step_{n_step} {}

    /// Every row of a series. Series the run did not fill are left out.
    void add(const char* name, const Series& series, double resolution) {
        if (!series.empty()) {
            add(name, series.n_element(), resolution,
                [&](std::size_t i, std::size_t t) { return series(i, t); });
        }
    }
    void add(const char* name, std::size_t n_element, double resolution, const ColumnView& value) {
        const PackedColumn c = pack_column(name, n_element, n_step_, resolution, value, bytes_);
        columns_.push_back({{"name", c.name},
                            {"n", c.n_element},
                            {"bits", c.bits},
                            {"scale", c.scale},
                            {"offset", c.offset},
                            {"first", c.first_byte}});
    }
    /// Sums over elements of one kind, with the kinds as labels.
    void add_by_kind(const char* name, const Series& series, const std::vector<AxisEntry>& entries,
                     double resolution) {
        if (series.empty()) {
            return;
        }
        const Grouped grouped = sum_by_kind(series, entries);
        add(name, grouped.sum, resolution);
        columns_.back()["labels"] = grouped.labels;
    }

    /// Labels of the rows added last.
    void label(const std::vector<std::string>& labels) { columns_.back()["labels"] = labels; }

    /// Header length, header, bytes.
    [[nodiscard]] std::string finish(Json header) const {
        header["columns"] = columns_;
        const std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
        std::string stream;
        for (int i = 0; i < 4; ++i) {
            stream += static_cast<char>(text.size() >> (8 * i) & 0xFFU);
        }
        return stream + text + bytes_;
    }

  private:
    std::size_t n_step_;
    std::string bytes_;
    Json columns_ = Json::array();
};

/// Loading with the sign of the active power: from → to positive.
ColumnView signed_loading(const Series& loading, const Series& p) {
    return [&](std::size_t i, std::size_t t) {
        const double v = loading(i, t);
        return !p.empty() && p(i, t) < 0 ? -v : v;
    };
}

/// The worst post-outage loading of all elements, per step; NaN where nothing was screened.
Series find_worst_after_outage(const BlockResult& r) {
    Series worst{1, r.steps.count, std::numeric_limits<double>::quiet_NaN()};
    for (const Series* loading : {&r.line_n1_loading_percent, &r.transformer_n1_loading_percent}) {
        for (std::size_t t = 0; t < loading->n_step(); ++t) {
            for (const double v : loading->step(t)) {
                worst(0, t) = std::fmax(worst(0, t), v);
            }
        }
    }
    return worst;
}

/// Units that run, of thermal plants only, by their ids.
void add_units_on(Packer& packer, const std::vector<AxisEntry>& sources, const Series& units_on) {
    std::vector<std::size_t> rows;
    std::vector<std::string> ids;
    for (std::size_t k = 0; k < sources.size() && !units_on.empty(); ++k) {
        if (sources[k].kind == "thermal") {
            rows.push_back(k);
            ids.push_back(sources[k].id);
        }
    }
    if (!rows.empty()) {
        packer.add("thermal_units_on", rows.size(), 1,
                   [&](std::size_t i, std::size_t t) { return units_on(rows[i], t); });
        packer.label(ids);
    }
}

void add_columns(Packer& packer, const engine::ResultAxes& axes, const BlockResult& r) {
    packer.add("demand_mw", r.demand_mw, 0.1);
    packer.add("losses_mw", r.losses_mw, 0.01);
    packer.add("loss_schedule_mw", r.loss_schedule_mw, 0.01);
    packer.add("green_share", r.green_share, 0.001);
    packer.add("price_cny_per_mwh", r.price_cny_per_mwh, 1);
    packer.add("step_status", r.step_status, 1);
    packer.add("step_iterations", r.step_iterations, 1);
    add_units_on(packer, axes.of(Axis::source), r.source_units_on);
    packer.add_by_kind("source_p_mw", r.source_p_mw, axes.of(Axis::source), 0.1);
    packer.add_by_kind("source_available_mw", r.source_available_mw, axes.of(Axis::source), 0.1);
    packer.add_by_kind("source_curtailed_mw", r.source_curtailed_mw, axes.of(Axis::source), 0.05);
    packer.add_by_kind("load_p_mw", r.load_p_mw, axes.of(Axis::load), 0.1);
    packer.add_by_kind("load_unserved_mw", r.load_unserved_mw, axes.of(Axis::load), 0.01);
    packer.add_by_kind("load_managed_mw", r.load_managed_mw, axes.of(Axis::load), 0.01);
    packer.add("storage_p_mw", r.storage_p_mw, 0.1);
    packer.add("storage_e_mwh", r.storage_e_mwh, 0.1);
    packer.add("tie_schedule_mw", r.tie_schedule_mw, 0.1);
    packer.add("tie_p_mw", r.tie_p_mw, 0.1);
    packer.add("tie_surplus_available_mw", r.tie_surplus_available_mw, 0.5);
    packer.add("tie_surplus_mw", r.tie_surplus_mw, 0.5);
    packer.add("section_p_mw", r.section_p_mw, 1);
    packer.add("bus_vm_pu", r.bus_vm_pu, 0.0005);
    if (axes.time.n_step == r.line_n1_loading_percent.n_step()) {
        packer.add("n1_worst_percent", find_worst_after_outage(r), 0.5);
    }
    if (!r.line_loading_percent.empty()) {
        packer.add("line_loading_percent", r.line_loading_percent.n_element(), 0.5,
                   signed_loading(r.line_loading_percent, r.line_p_from_mw));
    }
    if (!r.transformer_loading_percent.empty()) {
        packer.add("transformer_loading_percent", r.transformer_loading_percent.n_element(), 0.5,
                   signed_loading(r.transformer_loading_percent, r.transformer_p_hv_mw));
    }
}

/// `{max, at, p99, mean, h80, h100}` of every element.
Json rank_loading(const Series& loading, double dt_h) {
    Json rows = Json::array();
    const std::vector<ElementStatistics> statistics = measure_elements(loading);
    for (std::size_t i = 0; i < statistics.size(); ++i) {
        const ElementStatistics& s = statistics[i];
        rows.push_back({{"max", round_to(s.max, 0.01)},
                        {"at", s.step_of_max},
                        {"p99", round_to(s.percentile_99, 0.01)},
                        {"mean", round_to(s.mean, 0.01)},
                        {"h80", count_hours_above(loading, i, 80, dt_h)},
                        {"h100", count_hours_above(loading, i, 100, dt_h)}});
    }
    return rows;
}

/// `{max, at, outage, h90, h100}` of every element after its worst outage; `outage` is the joint
/// row of the one at the maximum.
Json rank_outages(const Series& loading, const Series& outage, double dt_h) {
    Json rows = Json::array();
    const std::vector<ElementStatistics> statistics = measure_elements(loading);
    for (std::size_t i = 0; i < statistics.size(); ++i) {
        const ElementStatistics& s = statistics[i];
        rows.push_back(
            {{"max", round_to(s.max, 0.01)},
             {"at", s.step_of_max},
             {"outage", s.n_value > 0 ? round_to(outage(i, s.step_of_max), 1) : Json{nullptr}},
             {"h90", count_hours_above(loading, i, 90, dt_h)},
             {"h100", count_hours_above(loading, i, 100, dt_h)}});
    }
    return rows;
}

/// `{min, min_at, p1, p50, p99, max, max_at, low, high, hours}` of every bus; `hours` outside its
/// normal band.
Json rank_voltages(const Series& vm, const std::vector<AxisEntry>& buses,
                   const ReportContext& context, double dt_h) {
    Json rows = Json::array();
    const std::vector<ElementStatistics> statistics = measure_elements(vm);
    for (std::size_t i = 0; i < statistics.size(); ++i) {
        const ElementStatistics& s = statistics[i];
        Json row = {{"min", round_to(s.min, 1e-5)},
                    {"min_at", s.step_of_min},
                    {"p1", round_to(s.percentile_1, 1e-5)},
                    {"p50", round_to(s.percentile_50, 1e-5)},
                    {"p99", round_to(s.percentile_99, 1e-5)},
                    {"max", round_to(s.max, 1e-5)},
                    {"max_at", s.step_of_max}};
        const auto band = context.voltage_band_pu.find(buses[i].id);
        if (band != context.voltage_band_pu.end()) {
            const auto [low, high] = band->second;
            constexpr double touch = 1e-9; // a bus held exactly at its limit is inside
            row["low"] = round_to(low, 1e-5);
            row["high"] = round_to(high, 1e-5);
            row["hours"] = count_hours_below(vm, i, low - touch, dt_h) +
                           count_hours_above(vm, i, high + touch, dt_h);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

/// Sum over a row of a series, MW to MWh; steps without a value count nothing.
Json energy(const Series& series, std::size_t i, double dt_h) {
    if (series.empty()) {
        return nullptr;
    }
    double sum = 0;
    for (std::size_t t = 0; t < series.n_step(); ++t) {
        sum += std::isfinite(series(i, t)) ? series(i, t) : 0.0;
    }
    return round_to(sum * dt_h, 0.01);
}

Json peak(const Series& series, std::size_t i) {
    double most = 0;
    for (std::size_t t = 0; t < series.n_step(); ++t) {
        most = std::max(most, series(i, t));
    }
    return round_to(most, 0.01);
}

Json list_sources(const engine::ResultAxes& axes, const BlockResult& r) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < axes.of(Axis::source).size(); ++i) {
        rows.push_back({{"mwh", energy(r.source_p_mw, i, axes.time.dt_h())},
                        {"available_mwh", energy(r.source_available_mw, i, axes.time.dt_h())},
                        {"curtailed_mwh", energy(r.source_curtailed_mw, i, axes.time.dt_h())},
                        {"max_mw", peak(r.source_p_mw, i)}});
    }
    return rows;
}

/// The ledger by cause, limiting branch and outage, most first.
Json sum_ledger(const exchange::StoredResults& results) {
    using Key = std::tuple<std::string, std::string, std::string>;
    std::map<Key, double> mwh;
    std::map<Key, std::set<std::uint32_t>> steps;
    for (const engine::CurtailmentRow& row : results.curtailment) {
        const Key key{row.cause, row.branch, row.outage};
        mwh[key] += row.mwh;
        steps[key].insert(row.step);
    }
    std::vector<std::pair<Key, double>> rows(mwh.begin(), mwh.end());
    std::ranges::stable_sort(rows, std::ranges::greater{}, &std::pair<Key, double>::second);
    Json json = Json::array();
    for (const auto& [key, sum] : rows) {
        const auto& [cause, branch, outage] = key;
        json.push_back(
            {{"cause", cause},
             {"branch", branch},
             {"outage", outage},
             {"mwh", round_to(sum, 0.001)},
             {"hours", static_cast<double>(steps[key].size()) * results.axes.time.dt_h()}});
    }
    return json;
}

/// Verdicts by kind, element and outage with their hours and the worst value.
Json sum_verdicts(const exchange::StoredResults& results) {
    struct Worst {
        std::size_t n = 0;
        engine::VerdictRow row;
    };
    std::map<std::tuple<std::string, std::string, std::string>, Worst> worst;
    for (const engine::VerdictRow& row : results.verdicts) {
        Worst& w = worst[{row.kind, row.element, row.outage}];
        if (w.n == 0 || std::abs(row.value - row.limit) > std::abs(w.row.value - w.row.limit)) {
            w.row = row;
        }
        ++w.n;
    }
    Json json = Json::array();
    for (const auto& [key, w] : worst) {
        json.push_back({{"kind", w.row.kind},
                        {"element", w.row.element},
                        {"outage", w.row.outage},
                        {"hours", static_cast<double>(w.n) * results.axes.time.dt_h()},
                        {"value", round_to(w.row.value, 1e-4)},
                        {"limit", round_to(w.row.limit, 1e-4)},
                        {"at", w.row.step}});
    }
    return json;
}

Json list_projects(const ReportContext& context) {
    Json rows = Json::array();
    for (const engine::Project& p : context.projects) {
        Json row = {{"id", p.id},          {"name", object(p.name)}, {"class", p.project_class},
                    {"status", p.status},  {"count", p.count},       {"capex_cny", p.capex_cny},
                    {"enabled", p.enabled}};
        if (p.in_service) {
            row["in_service"] = to_beijing_text(beijing_midnight(*p.in_service)).substr(0, 10);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

/// Facts and assumptions by their reason: `[{kind, reason, values: [[path, value], …]}]`, and how
/// many values carry neither mark.
Json group_provenance(const ReportContext& context) {
    using Kind = engine::Provenance::Kind;
    std::map<std::pair<Kind, std::string>, Json> groups;
    std::size_t n_stated = 0;
    for (const engine::Provenance& p : context.provenance) {
        if (p.kind == Kind::stated) {
            ++n_stated;
            continue;
        }
        Json& values = groups[{p.kind, p.reason}];
        values.push_back(Json::array({p.path, p.value}));
    }
    Json rows = Json::array();
    for (auto& [key, values] : groups) {
        rows.push_back({{"kind", key.first == Kind::fact ? "fact" : "assumed"},
                        {"reason", key.second},
                        {"values", std::move(values)}});
    }
    return {{"groups", std::move(rows)}, {"n_stated", n_stated}};
}

Json list_axes(const engine::ResultAxes& axes) {
    Json json = Json::object();
    for (std::size_t a = 1; a < engine::n_axis; ++a) {
        const auto axis = static_cast<Axis>(a);
        Json entries = Json::array();
        for (const AxisEntry& entry : axes.of(axis)) {
            entries.push_back(object(entry));
        }
        json[std::string{to_string(axis)}] = std::move(entries);
    }
    return json;
}

} // namespace

std::string pack_report_data(const exchange::StoredResults& results, std::string_view summary_json,
                             const ReportContext& context) {
    const engine::ResultAxes& axes = results.axes;
    const double dt_h = axes.time.dt_h();
    Packer packer{axes.time.n_step};
    add_columns(packer, axes, results.columns);

    Json header;
    header["version"] = program_version();
    header["summary"] = Json::parse(summary_json);
    header["description"] = object(context.description);
    header["seed"] = context.seed;
    header["time"] = {{"start_utc", to_iso_utc(axes.time.start)},
                      {"step_minutes", axes.time.step.count()},
                      {"n_step", axes.time.n_step}};
    header["axes"] = list_axes(axes);
    header["line_ranking"] = rank_loading(results.columns.line_loading_percent, dt_h);
    header["transformer_ranking"] = rank_loading(results.columns.transformer_loading_percent, dt_h);
    header["line_n1_ranking"] =
        rank_outages(results.columns.line_n1_loading_percent, results.columns.line_n1_outage, dt_h);
    header["transformer_n1_ranking"] = rank_outages(results.columns.transformer_n1_loading_percent,
                                                    results.columns.transformer_n1_outage, dt_h);
    header["voltage_ranking"] =
        rank_voltages(results.columns.bus_vm_pu, axes.of(Axis::bus), context, dt_h);
    header["sources"] = list_sources(axes, results.columns);
    header["ledger"] = sum_ledger(results);
    header["verdicts"] = sum_verdicts(results);
    header["n1_exceptions"] = context.n1_exceptions;
    header["n1_positions_move"] = context.n1_positions_move;
    header["projects"] = list_projects(context);
    header["provenance"] = group_provenance(context);
    return packer.finish(std::move(header));
}

} // namespace yuanwang::report
