#include "sweep/sweep_file.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "scenario/node.hpp"
#include "scenario/yaml_reader.hpp"
#include "scenario/yaml_writer.hpp"
#include "sweep/axis_reader.hpp"
#include "sweep/section.hpp"
#include "sweep/sobol.hpp"

namespace yuanwang::sweep {

namespace fs = std::filesystem;
using scenario::Node;

namespace {

/// Columns of `sweep.csv` that are always there.
constexpr std::array<std::string_view, 5> own_columns = {"member", "hash", "status", "rank",
                                                         "message"};

class SweepReader {
  public:
    SweepReader(const Node& root, const fs::path& file, std::vector<Fault>& faults)
        : top_{root, "", faults}, faults_{faults} {
        sweep_.file = file;
    }

    SweepFile read() {
        if (top_.check_keys({"base", "axes", "design", "members", "seed", "list", "filters",
                             "indicators", "rank", "keep"})) {
            read_base();
            read_design();
            read_axes();
            read_list();
            if (top_.has("filters")) {
                sweep_.filters = read_words("filters");
            }
            read_indicators();
            read_ranking();
            sweep_.keep_series = top_.read_word("keep", {"summary", "full"}) == 1U;
        }
        return std::move(sweep_);
    }

  private:
    [[nodiscard]] fs::path folder() const { return sweep_.file.parent_path(); }

    void read_base() {
        const Node* value = top_.require("base");
        if (top_.read_text("base")) {
            sweep_.base = find_file(top_, *value, "base", folder());
        }
    }

    void read_design() {
        sweep_.design =
            static_cast<Design>(top_.read_word("design", {"full", "zip", "latin_hypercube", "sobol",
                                                          "monte_carlo", "saltelli", "list"})
                                    .value_or(0));
        const Node* written = top_.find("design") ? top_.find("design") : top_.find("axes");
        sweep_.design_place = written ? written->spot.place() : Place{sweep_.file.string(), 1, 1};
        if (is_sampled(sweep_.design)) {
            (void)top_.require("members");
            sweep_.n_member = top_.read_count("members", 2, max_members).value_or(2);
            sweep_.seed = top_.read_count("seed", 0, std::size_t{1} << 53U).value_or(1);
        } else {
            top_.refuse("members", "belongs to a sampled design");
            top_.refuse("seed", "belongs to a sampled design");
        }
        if (sweep_.design == Design::list) {
            (void)top_.require("list");
        } else {
            top_.refuse("list", "belongs to design list");
        }
    }

    void read_axes() {
        const Node* list = top_.require_list("axes");
        std::set<std::string> names;
        for (std::size_t k = 0; list && k < list->items.size(); ++k) {
            const std::string at = fmt::format("axes[{}]", k);
            Section section{list->items[k], at, faults_};
            Axis axis = read_axis(section, at, sweep_.design, folder());
            if (!axis.name.empty() &&
                (!names.insert(axis.name).second ||
                 std::ranges::find(own_columns, axis.name) != own_columns.end())) {
                section.add_fault(fmt::format(
                    "must have a `name` no other column of sweep.csv has, not `{}`", axis.name));
            }
            sweep_.axes.push_back(std::move(axis));
        }
        const bool is_saltelli = sweep_.design == Design::saltelli;
        const std::size_t n_dimension = sweep_.axes.size() * (is_saltelli ? 2 : 1);
        if ((is_saltelli || sweep_.design == Design::sobol) && n_dimension > max_sobol_dimensions) {
            faults_.push_back({sweep_.design_place, "design",
                               fmt::format("must have at most {} axes",
                                           max_sobol_dimensions / (is_saltelli ? 2 : 1)),
                               fmt::format("{}", sweep_.axes.size())});
        }
    }

    void read_list() {
        const Node* list =
            sweep_.design == Design::list && top_.has("list") ? top_.require_list("list") : nullptr;
        for (std::size_t k = 0; list && k < list->items.size(); ++k) {
            Section entry{list->items[k], fmt::format("list[{}]", k), faults_};
            std::vector<std::string> names;
            std::ranges::transform(sweep_.axes, std::back_inserter(names), &Axis::name);
            if (entry.check_keys(names)) {
                sweep_.list.push_back(read_combination(entry));
            }
        }
    }

    Combination read_combination(Section& entry) {
        Combination points;
        for (const Axis& axis : sweep_.axes) {
            const Node* value = entry.require(axis.name);
            Written point;
            if (value && (!value->is_scalar() || value->text.empty())) {
                entry.add_fault(*value, axis.name, "must be a number or text");
            } else if (value) {
                point = {axis.path.empty() ? value->text : scenario::write_scalar(*value),
                         value->spot.place()};
                find_row(entry, *value, axis, point);
            }
            points.push_back(std::move(point));
        }
        return points;
    }

    /// Where an axis has points, an entry must be one of them.
    static void find_row(Section& entry, const Node& value, const Axis& axis, Written& point) {
        if (axis.points.empty()) {
            return;
        }
        const auto there = std::ranges::find(axis.points, point.text, &Written::text);
        if (there == axis.points.end()) {
            entry.add_fault(value, axis.name, "must be one of the points of its axis");
        } else {
            point.row = static_cast<std::size_t>(there - axis.points.begin());
        }
    }

    /// Words of a list, with or without quotes.
    std::vector<Written> read_words(const char* key) {
        std::vector<Written> words = top_.read_scalars(key);
        const Node* list = top_.find(key);
        for (std::size_t k = 0; list && k < words.size() && k < list->items.size(); ++k) {
            words[k].text = list->items[k].text;
        }
        return words;
    }

    void read_indicators() {
        sweep_.indicators = read_words("indicators");
        for (const Written& indicator : sweep_.indicators) {
            const bool taken =
                std::ranges::find(own_columns, indicator.text) != own_columns.end() ||
                std::ranges::find(sweep_.axes, indicator.text, &Axis::name) != sweep_.axes.end();
            if (taken) {
                faults_.push_back({indicator.place, "indicators",
                                   "must not have the name of an axis", indicator.text});
            }
        }
    }

    void read_ranking() {
        const Node* map = top_.find("rank");
        if (!map) {
            return;
        }
        Section section{*map, "rank", faults_};
        if (!section.check_keys({"by", "order", "limits"})) {
            return;
        }
        (void)section.require("by");
        Ranking ranking{.by = read_indicator(section, "by"),
                        .descending =
                            section.read_word("order", {"ascending", "descending"}) == 1U};
        if (section.has("limits")) {
            const Node* list = section.require_list("limits");
            for (std::size_t k = 0; list && k < list->items.size(); ++k) {
                Section limit{list->items[k], fmt::format("rank.limits[{}]", k), faults_};
                ranking.limits.push_back(read_limit(limit));
            }
        }
        sweep_.ranking = std::move(ranking);
    }

    Limit read_limit(Section& section) {
        if (!section.check_keys({"indicator", "min", "max"})) {
            return {};
        }
        (void)section.require("indicator");
        if (!section.has("min") && !section.has("max")) {
            section.add_fault("must have `min`, `max` or both");
        }
        const Limit limit{read_indicator(section, "indicator"), section.read_number("min"),
                          section.read_number("max"), to_string(section.map().spot.place())};
        if (limit.min && limit.max && *limit.min > *limit.max) {
            section.refuse("max", fmt::format("must be >= min {}", *limit.min));
        }
        return limit;
    }

    /// The name of an indicator that is kept.
    std::string read_indicator(Section& section, std::string_view key) {
        const auto written = section.read_text(key);
        if (written && std::ranges::find(sweep_.indicators, written->text, &Written::text) ==
                           sweep_.indicators.end()) {
            section.add_fault(*section.find(key), key, "must be one of `indicators`");
        }
        return written.value_or(Written{}).text;
    }

    Section top_;
    std::vector<Fault>& faults_;
    SweepFile sweep_;
};

} // namespace

SweepFile read_sweep_file(const fs::path& file) {
    std::vector<Fault> faults;
    const Node root = scenario::read_yaml_file(file, file.string(), faults);
    SweepFile sweep;
    if (!root.is_null()) {
        sweep = SweepReader{root, file, faults}.read();
    }
    if (!faults.empty()) {
        throw InputError{std::move(faults)};
    }
    return sweep;
}

} // namespace yuanwang::sweep
