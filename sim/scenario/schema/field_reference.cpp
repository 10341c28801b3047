#include <cmath>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "scenario/schema/parts.hpp"
#include "scenario/schema/schema.hpp"

namespace yuanwang::scenario {

namespace {

std::string name_kind(const Field& field) {
    switch (field.kind) {
    case FieldKind::id:
        return "id";
    case FieldKind::name:
        return "name";
    case FieldKind::text:
        return "text";
    case FieldKind::texts:
        return "list of texts";
    case FieldKind::number:
        return "number";
    case FieldKind::integer:
        return "integer";
    case FieldKind::boolean:
        return "true, false";
    case FieldKind::numbers:
        return field.count > 0 ? fmt::format("{} numbers", field.count) : "numbers";
    case FieldKind::date:
        return "date";
    case FieldKind::instant:
        return "date, time";
    case FieldKind::duration:
        return "duration";
    case FieldKind::word:
        return fmt::format("{}", fmt::join(field.words, ", "));
    case FieldKind::reference:
    case FieldKind::references: {
        constexpr std::size_t most = 2;
        const std::string to = field.lists.size() > most
                                   ? "an element"
                                   : fmt::format("{}", fmt::join(field.lists, ", "));
        return field.kind == FieldKind::reference ? "id of " + to : "ids of " + to;
    }
    case FieldKind::file:
        return "file";
    case FieldKind::record:
        return fmt::format("map: [{0}](#{0})", field.record->name);
    case FieldKind::records:
        return fmt::format("list of [{0}](#{0})", field.record->name);
    case FieldKind::changes:
        return "map: [changes](#changes)";
    }
    return {};
}

std::string write_range(const Range& range) {
    const bool below = std::isfinite(range.min);
    const bool above = std::isfinite(range.max);
    const char* const from = range.min_excluded ? "> " : "≥ ";
    if (below && above) {
        return range.min_excluded ? fmt::format("> {:g}, ≤ {:g}", range.min, range.max)
                                  : fmt::format("{:g}…{:g}", range.min, range.max);
    }
    return below   ? fmt::format("{}{:g}", from, range.min)
           : above ? fmt::format("≤ {:g}", range.max)
                   : "";
}

std::string write_default(const Field& field) {
    if (field.required) {
        return "**required**";
    }
    return field.fallback ? field.fallback->text : field.fallback_words;
}

/// Writes every record type once, in the order it is met.
class ReferenceWriter {
  public:
    std::string run() {
        write(scenario_type());
        return std::move(text_);
    }

  private:
    void write(const RecordType& type) {
        if (!done_.insert(type.name).second) {
            return;
        }
        put("### {}\n\n{}\n\n| key | what | unit | range | default | "
            "|\n|---|---|---|---|---|---|\n",
            type.name, type.doc);
        for (const Field& field : type.fields) {
            put("| `{}` | {} | {} | {} | {} | {} |\n", field.key, name_kind(field), field.unit,
                write_range(field.limits), write_default(field), field.doc);
        }
        put("\n");
        for (const Field& field : type.fields) {
            if (field.record) {
                write(*field.record);
            } else if (field.kind == FieldKind::changes) {
                write(changes_type());
            }
        }
    }

    template <class... Args>
    void put(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    }

    std::string text_;
    std::set<std::string> done_;
};

} // namespace

std::string write_field_reference() {
    return ReferenceWriter{}.run();
}

} // namespace yuanwang::scenario
