#include "sweep/sweep_file.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "scenario/node.hpp"
#include "scenario/reader.hpp"
#include "scenario/yaml_reader.hpp"
#include "scenario/yaml_writer.hpp"

namespace yuanwang::sweep {

namespace fs = std::filesystem;
using scenario::Node;

namespace {

/// Columns of `sweep.csv` that are always there.
constexpr std::array<std::string_view, 5> own_columns = {"member", "hash", "status", "rank",
                                                         "message"};

/// Reads one map: looks values up, keeps every fault with its place and path.
class Section {
  public:
    Section(const Node& map, std::string path, std::vector<Fault>& faults)
        : map_{map}, path_{std::move(path)}, faults_{faults} {}

    /// False, with a fault, where this is no map; every key outside `known` is a fault too.
    bool check_keys(const std::vector<std::string>& known) {
        if (!map_.is_map()) {
            add_fault(map_, "", "must be a map");
            return false;
        }
        for (const scenario::Key& key : map_.keys) {
            if (std::ranges::find(known, key.text) == known.end()) {
                const std::string_view nearest = find_nearest(key.text, known);
                faults_.push_back({key.spot.place(), scenario::join_path(path_, key.text),
                                   nearest.empty()
                                       ? "unknown key"
                                       : fmt::format("unknown key, did you mean `{}`?", nearest),
                                   ""});
            }
        }
        return true;
    }

    [[nodiscard]] const Node* find(std::string_view key) const {
        const Node* value = map_.find(key);
        return value && !value->is_null() ? value : nullptr;
    }
    [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }

    const Node* require(std::string_view key) {
        const Node* value = find(key);
        if (!value) {
            faults_.push_back(
                {map_.spot.place(), scenario::join_path(path_, key), "is required", ""});
        }
        return value;
    }

    std::optional<Written> read_text(std::string_view key) {
        const Node* value = find(key);
        if (value && (!value->is_scalar() || value->text.empty())) {
            add_fault(*value, key, "must be text");
            return std::nullopt;
        }
        return value ? std::optional{Written{value->text, value->spot.place()}} : std::nullopt;
    }

    std::optional<double> read_number(std::string_view key) {
        const Node* value = find(key);
        const std::optional<double> number = value && value->is_scalar() && value->plain
                                                 ? scenario::parse_number(value->text)
                                                 : std::nullopt;
        if (value && !number) {
            add_fault(*value, key, "must be a finite number");
        }
        return number;
    }

    /// A whole number within bounds.
    std::optional<std::size_t> read_count(std::string_view key, std::size_t least,
                                          std::size_t most) {
        const std::optional<double> number = read_number(key);
        if (!number) {
            return std::nullopt;
        }
        const auto count =
            static_cast<std::size_t>(std::clamp(*number, 0.0, static_cast<double>(most)));
        if (static_cast<double>(count) != *number || count < least) {
            add_fault(*find(key), key,
                      fmt::format("must be a whole number from {} to {}", least, most));
            return std::nullopt;
        }
        return count;
    }

    /// Row of a word in a list of words.
    std::optional<std::size_t> read_word(std::string_view key,
                                         const std::vector<std::string>& words) {
        const Node* value = find(key);
        if (!value) {
            return std::nullopt;
        }
        const auto there = value->is_scalar() ? std::ranges::find(words, value->text) : words.end();
        if (there == words.end()) {
            add_fault(*value, key, fmt::format("must be one of {}", fmt::join(words, ", ")));
            return std::nullopt;
        }
        return static_cast<std::size_t>(there - words.begin());
    }

    /// A list of scalars as they would stand in a scenario, none empty, none twice.
    std::vector<Written> read_scalars(std::string_view key) {
        std::vector<Written> written;
        const Node* list = require_list(key);
        std::map<std::string, int> lines;
        for (std::size_t k = 0; list && k < list->items.size(); ++k) {
            const Node& item = list->items[k];
            const std::string at = fmt::format("{}[{}]", key, k);
            if (!item.is_scalar() || item.text.empty()) {
                add_fault(item, at, "must be a number or text");
                continue;
            }
            const auto [there, is_new] = lines.emplace(item.text, item.spot.line);
            if (!is_new) {
                add_fault(item, at,
                          fmt::format("must not repeat, already at line {}", there->second));
            }
            written.push_back({scenario::write_scalar(item), item.spot.place()});
        }
        return written;
    }

    const Node* require_list(std::string_view key) {
        const Node* list = require(key);
        if (list && (!list->is_list() || list->items.empty())) {
            add_fault(*list, key, "must be a list with at least one element");
            return nullptr;
        }
        return list;
    }

    void add_fault(const Node& value, std::string_view key, std::string rule) {
        faults_.push_back({value.spot.place(),
                           key.empty() ? path_ : scenario::join_path(path_, key), std::move(rule),
                           describe(value)});
    }
    /// A fault of the section itself.
    void add_fault(std::string rule) {
        faults_.push_back({map_.spot.place(), path_, std::move(rule), ""});
    }

  private:
    const Node& map_;
    std::string path_;
    std::vector<Fault>& faults_;
};

/// `count` numbers from `from` to `to`, both ends met exactly.
std::vector<Written> divide(const Range& range, std::size_t count) {
    std::vector<Written> points;
    for (std::size_t k = 0; k < count; ++k) {
        const double share = static_cast<double>(k) / static_cast<double>(count - 1);
        const double value =
            k + 1 == count ? range.to : range.from + (range.to - range.from) * share;
        points.push_back({fmt::format("{}", value), range.place});
    }
    return points;
}

class SweepReader {
  public:
    SweepReader(const Node& root, const fs::path& file, std::vector<Fault>& faults)
        : top_{root, "", faults}, faults_{faults} {
        sweep_.file = file;
    }

    SweepFile read() {
        if (top_.check_keys(
                {"base", "axes", "design", "members", "seed", "indicators", "rank", "keep"})) {
            read_base();
            read_design();
            read_axes();
            read_indicators();
            read_ranking();
            sweep_.keep_series = top_.read_word("keep", {"summary", "full"}) == 1U;
        }
        return std::move(sweep_);
    }

  private:
    void read_base() {
        const Node* value = top_.require("base");
        if (const auto base = top_.read_text("base")) {
            sweep_.base = find_file(*value, "base", base->text);
        }
    }

    fs::path find_file(const Node& value, std::string_view key, const std::string& name) {
        const fs::path file = (sweep_.file.parent_path() / name).lexically_normal();
        std::error_code error;
        if (!fs::exists(file, error) || fs::is_directory(file, error)) {
            top_.add_fault(value, key, "must name a file that can be read");
        }
        return file;
    }

    void read_design() {
        sweep_.design = static_cast<Design>(
            top_.read_word("design", {"full", "zip", "latin_hypercube"}).value_or(0));
        const Node* written = top_.find("design") ? top_.find("design") : top_.find("axes");
        sweep_.design_place = written ? written->spot.place() : Place{sweep_.file.string(), 1, 1};
        if (sweep_.design == Design::latin_hypercube) {
            (void)top_.require("members");
            sweep_.n_member = top_.read_count("members", 2, max_members).value_or(2);
            sweep_.seed = top_.read_count("seed", 0, std::size_t{1} << 53U).value_or(1);
        } else {
            for (const char* key : {"members", "seed"}) {
                if (top_.has(key)) {
                    top_.add_fault(*top_.find(key), key, "belongs to design latin_hypercube only");
                }
            }
        }
    }

    void read_axes() {
        const Node* list = top_.require_list("axes");
        std::set<std::string> names;
        for (std::size_t k = 0; list && k < list->items.size(); ++k) {
            Section section{list->items[k], fmt::format("axes[{}]", k), faults_};
            Axis axis = read_axis(section, fmt::format("axes[{}]", k));
            if (!axis.name.empty() &&
                (!names.insert(axis.name).second ||
                 std::ranges::find(own_columns, axis.name) != own_columns.end())) {
                section.add_fault(fmt::format(
                    "must have a `name` no other column of sweep.csv has, not `{}`", axis.name));
            }
            sweep_.axes.push_back(std::move(axis));
        }
    }

    Axis read_axis(Section& section, const std::string& at) {
        Axis axis;
        if (!section.check_keys(
                {"name", "path", "values", "from", "to", "count", "overlays", "project"})) {
            return axis;
        }
        if (section.has("path") + section.has("overlays") + section.has("project") != 1) {
            section.add_fault("must have one of `path`, `overlays`, `project`");
            return axis;
        }
        if (section.has("overlays")) {
            (void)section.require("name");
            read_overlays(section, at, axis);
        } else if (section.has("project")) {
            axis.name = section.read_text("project").value_or(Written{}).text;
            axis.path = fmt::format("projects[{}].enabled", axis.name);
            axis.points = section.read_scalars("values");
        } else {
            axis.name = axis.path = section.read_text("path").value_or(Written{}).text;
            read_points(section, axis);
        }
        if (const auto name = section.read_text("name")) {
            axis.name = name->text;
        }
        return axis;
    }

    void read_overlays(Section& section, const std::string& at, Axis& axis) {
        axis.points = section.read_scalars("overlays");
        const std::vector<Node>& written = section.find("overlays")->items;
        for (std::size_t k = 0; k < written.size() && written.size() == axis.points.size(); ++k) {
            axis.points[k].text = written[k].text;
            (void)find_file(written[k], fmt::format("{}.overlays[{}]", at, k), written[k].text);
        }
    }

    void read_points(Section& section, Axis& axis) {
        const bool is_range = section.has("from") || section.has("to") || section.has("count");
        if (is_range == section.has("values")) {
            section.add_fault("must have either `values` or `from` and `to`");
            return;
        }
        if (!is_range) {
            axis.points = section.read_scalars("values");
            return;
        }
        const Node* first = section.require("from");
        (void)section.require("to");
        const std::optional<double> from = section.read_number("from");
        const std::optional<double> to = section.read_number("to");
        const bool sampled = sweep_.design == Design::latin_hypercube;
        if (sampled && section.has("count")) {
            section.add_fault(*section.find("count"), "count",
                              "is not used by design latin_hypercube");
        } else if (!sampled) {
            (void)section.require("count");
        }
        const std::optional<std::size_t> count = section.read_count("count", 2, max_members);
        if (!from || !to) {
            return;
        }
        if (*from >= *to) {
            section.add_fault(*section.find("to"), "to", fmt::format("must be > from {}", *from));
            return;
        }
        const Range range{*from, *to, first->spot.place()};
        if (sampled) {
            axis.range = range;
        } else if (count) {
            axis.points = divide(range, *count);
        }
    }

    void read_indicators() {
        sweep_.indicators = top_.read_scalars("indicators");
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
        return {read_indicator(section, "indicator"), section.read_number("min"),
                section.read_number("max")};
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
