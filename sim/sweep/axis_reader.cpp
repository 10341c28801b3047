#include "sweep/axis_reader.hpp"

#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "scenario/reader.hpp"

namespace yuanwang::sweep {

namespace fs = std::filesystem;
using scenario::Node;
using Kind = Distribution::Kind;

namespace {

const std::vector<std::string> axis_keys = {"name", "path",     "values", "weights",
                                            "from", "to",       "count",  "distribution",
                                            "step", "overlays", "project"};

/// `count` numbers from `from` to `to`, both ends met exactly.
std::vector<Written> divide(double from, double to, std::size_t count, const Place& place) {
    std::vector<Written> points;
    for (std::size_t k = 0; k < count; ++k) {
        const double share = static_cast<double>(k) / static_cast<double>(count - 1);
        const double value = k + 1 == count ? to : from + (to - from) * share;
        points.push_back({fmt::format("{}", value), place});
    }
    return points;
}

class AxisReader {
  public:
    AxisReader(Section& section, std::string at, Design design, const fs::path& folder)
        : section_{section}, at_{std::move(at)}, design_{design}, folder_{folder} {}

    Axis read() {
        axis_.place = section_.map().spot.place();
        if (!section_.check_keys(axis_keys)) {
            return axis_;
        }
        if (section_.has("path") + section_.has("overlays") + section_.has("project") != 1) {
            section_.add_fault("must have one of `path`, `overlays`, `project`");
            return axis_;
        }
        if (section_.has("overlays")) {
            (void)section_.require("name");
            read_overlays();
        } else if (section_.has("project")) {
            axis_.name = section_.read_text("project").value_or(Written{}).text;
            axis_.path = fmt::format("projects[{}].enabled", axis_.name);
            read_values();
        } else {
            axis_.name = axis_.path = section_.read_text("path").value_or(Written{}).text;
            read_points();
        }
        read_weights();
        if (const auto name = section_.read_text("name")) {
            axis_.name = name->text;
        }
        for (std::size_t k = 0; k < axis_.points.size(); ++k) {
            axis_.points[k].row = k;
        }
        return std::move(axis_);
    }

  private:
    /// Each point is one file or a list of files; an empty list is the base as it stands.
    void read_overlays() {
        const Node* list = section_.require_list("overlays");
        for (std::size_t k = 0; list && k < list->items.size(); ++k) {
            const Node& item = list->items[k];
            const std::string key = fmt::format("overlays[{}]", k);
            std::vector<fs::path> files;
            std::string text;
            const auto add = [&](const Node& file) {
                files.push_back(find_file(section_, file, key, folder_));
                text += (text.empty() ? "" : " + ") + file.text;
            };
            if (item.is_list()) {
                for (const Node& file : item.items) {
                    add(file);
                }
            } else {
                add(item);
            }
            text = text.empty() ? "base" : text;
            for (const Written& before : axis_.points) {
                if (before.text == text) {
                    section_.add_fault(
                        item, key,
                        fmt::format("must not repeat, already at line {}", before.place.line));
                }
            }
            axis_.points.push_back({text, item.spot.place()});
            axis_.overlays.push_back(std::move(files));
        }
    }

    void read_values() {
        if (design_ == Design::list && !section_.has("values")) {
            return; // the list says which
        }
        axis_.points = section_.read_scalars("values");
    }

    void read_points() {
        const bool is_range = section_.has("from") || section_.has("to") || section_.has("count");
        if (section_.has("distribution")) {
            section_.refuse("values", "does not go with `distribution`");
            for (const char* key : {"from", "to", "count"}) {
                section_.refuse(key, "does not go with `distribution`");
            }
            read_distribution();
        } else if (design_ == Design::list && !is_range) {
            read_values();
        } else if (is_range == section_.has("values")) {
            section_.add_fault("must have either `values` or `from` and `to`");
        } else if (is_range) {
            read_range();
        } else {
            read_values();
        }
        read_step();
    }

    void read_range() {
        const Node* first = section_.require("from");
        (void)section_.require("to");
        const std::optional<double> from = section_.read_number("from");
        const std::optional<double> to = section_.read_number("to");
        if (is_sampled(design_)) {
            section_.refuse("count", "is not used by a sampled design");
        } else {
            (void)section_.require("count");
        }
        const std::optional<std::size_t> count = section_.read_count("count", 2, max_members);
        if (!from || !to || !check_order(section_, *from, *to)) {
            return;
        }
        if (is_sampled(design_)) {
            axis_.distribution = Distribution{.from = *from, .to = *to};
        } else if (count) {
            axis_.points = divide(*from, *to, *count, first->spot.place());
        }
    }

    static bool check_order(Section& section, double from, double to) {
        if (from >= to) {
            section.add_fault(*section.find("to"), "to", fmt::format("must be > from {}", from));
        }
        return from < to;
    }

    void read_distribution() {
        const Node* value = section_.find("distribution");
        if (!is_sampled(design_)) {
            section_.refuse("distribution", "belongs to a sampled design");
            return;
        }
        Section map{*value, at_ + ".distribution", section_.faults()};
        if (!map.check_keys(
                {"kind", "from", "to", "mode", "mean", "sd", "median", "sigma", "min", "max"})) {
            return;
        }
        (void)map.require("kind");
        const auto kind =
            map.read_word("kind", {"uniform", "log_uniform", "normal", "lognormal", "triangular"});
        if (!kind) {
            return;
        }
        Distribution d{.kind = static_cast<Kind>(*kind)};
        const bool complete = d.kind == Kind::normal || d.kind == Kind::lognormal
                                  ? read_bell(map, d)
                                  : read_bounded(map, d);
        if (complete) {
            axis_.distribution = d;
        }
    }

    bool read_bell(Section& map, Distribution& d) {
        const bool is_normal = d.kind == Kind::normal;
        const char* center = is_normal ? "mean" : "median";
        const char* spread = is_normal ? "sd" : "sigma";
        refuse_others(
            map, {"from", "to", "mode", is_normal ? "median" : "mean", is_normal ? "sigma" : "sd"});
        (void)map.require(center);
        (void)map.require(spread);
        const auto c = map.read_number(center);
        const auto s = map.read_number(spread);
        d.min = map.read_number("min").value_or(d.min);
        d.max = map.read_number("max").value_or(d.max);
        if (s && *s <= 0) {
            map.refuse(spread, "must be > 0");
        }
        if (c && !is_normal && *c <= 0) {
            map.refuse(center, "must be > 0");
        }
        if (d.min >= d.max) {
            map.refuse("max", fmt::format("must be > min {}", d.min));
        }
        d.center = c.value_or(1);
        d.spread = s.value_or(1);
        return c && s && *s > 0 && (is_normal || *c > 0) && d.min < d.max;
    }

    bool read_bounded(Section& map, Distribution& d) {
        const bool has_mode = d.kind == Kind::triangular;
        refuse_others(map, {"mean", "sd", "median", "sigma", "min", "max"});
        if (!has_mode) {
            refuse_others(map, {"mode"});
        }
        (void)map.require("from");
        (void)map.require("to");
        const auto from = map.read_number("from");
        const auto to = map.read_number("to");
        const auto mode = has_mode && map.require("mode") ? map.read_number("mode") : from;
        if (!from || !to || !mode || !check_order(map, *from, *to)) {
            return false;
        }
        if (d.kind == Kind::log_uniform && *from <= 0) {
            map.refuse("from", "must be > 0");
            return false;
        }
        if (*mode < *from || *mode > *to) {
            map.refuse("mode", fmt::format("must be within {}…{}", *from, *to));
            return false;
        }
        d.from = *from;
        d.to = *to;
        d.mode = *mode;
        return true;
    }

    static void refuse_others(Section& map, std::initializer_list<const char*> keys) {
        for (const char* key : keys) {
            map.refuse(key, "does not belong to this kind");
        }
    }

    /// Sampled numbers in whole steps.
    void read_step() {
        const std::optional<double> step = section_.read_number("step");
        if (step && *step <= 0) {
            section_.refuse("step", "must be > 0");
        } else if (step && !axis_.distribution) {
            section_.refuse("step", "belongs to a sampled range or distribution");
        } else if (step) {
            axis_.distribution->step = *step;
        }
    }

    void read_weights() {
        if (!section_.has("weights")) {
            return;
        }
        if (!is_sampled(design_) || axis_.points.empty()) {
            section_.refuse("weights", "belong to the values or overlays of a sampled design");
            return;
        }
        const Node* list = section_.require_list("weights");
        for (std::size_t k = 0; list && k < list->items.size(); ++k) {
            const Node& item = list->items[k];
            const auto weight = item.is_scalar() ? scenario::parse_number(item.text) : std::nullopt;
            if (!weight || *weight <= 0) {
                section_.add_fault(list->items[k], fmt::format("weights[{}]", k), "must be > 0");
                return;
            }
            axis_.weights.push_back(*weight);
        }
        if (list && axis_.weights.size() != axis_.points.size()) {
            section_.add_fault(
                *list, "weights",
                fmt::format("must be as many as the points, {}", axis_.points.size()));
        }
        const double sum = std::accumulate(axis_.weights.begin(), axis_.weights.end(), 0.0);
        for (double& weight : axis_.weights) {
            weight /= sum;
        }
    }

    Section& section_;
    std::string at_;
    Design design_;
    const fs::path& folder_;
    Axis axis_;
};

} // namespace

fs::path find_file(Section& section, const Node& value, std::string_view key,
                   const fs::path& folder) {
    const fs::path file = (folder / value.text).lexically_normal();
    std::error_code error;
    if (!value.is_scalar() || value.text.empty() || !fs::exists(file, error) ||
        fs::is_directory(file, error)) {
        section.add_fault(value, key, "must name a file that can be read");
    }
    return file;
}

Axis read_axis(Section& section, const std::string& at, Design design, const fs::path& folder) {
    return AxisReader{section, at, design, folder}.read();
}

} // namespace yuanwang::sweep
