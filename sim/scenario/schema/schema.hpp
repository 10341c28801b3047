/// @file
/// The language as one table: record types and their fields.
///
/// A field says its key, kind, unit, range, default and one line of text, and holds the function that stores a value into
/// the column it is bound to. The same table validates and builds (`Reader`), generates the JSON Schema, lists defaults
/// for `inspect`, and writes the field reference of scenarios/README.md. The words come from the struct members
/// of study/study.hpp, network/grid.hpp and models/; the unit comes from the end of the key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenario/node.hpp"

namespace yuanwang::scenario {

class Reader;

enum class FieldKind : std::uint8_t {
    id,   ///< text that other elements refer to
    name, ///< text or {en:, zh:}
    text,
    texts, ///< list of texts
    number,
    integer,
    boolean,
    numbers,    ///< list of numbers, of a fixed length where `count` says so
    date,       ///< 2025-06-01
    instant,    ///< date, or date and time, on the Beijing clock
    duration,   ///< 1 y, 7 d, 12 h
    word,       ///< one of `words`
    reference,  ///< id of an element of `lists`
    references, ///< list of such ids
    file,       ///< path, relative to the file that names it
    record,     ///< map with the fields of `record`
    records,    ///< list of such maps
    changes,    ///< a scenario within a scenario
};

struct Range {
    double min = -std::numeric_limits<double>::infinity();
    double max = std::numeric_limits<double>::infinity();
    bool min_excluded = false;
    [[nodiscard]] bool contains(double value) const {
        return value <= max && (min_excluded ? value > min : value >= min);
    }
};

/// `must be > 0`, `must be within 0…1`, `must be >= 0`
[[nodiscard]] std::string write_rule(const Range& range);

struct RecordType;

struct Field {
    /// Reads a value and stores it; `value` is null where the key is absent and there is no default.
    using Store = std::function<void(const Field&, Reader&, const Node* value, void* table)>;

    std::string key;
    FieldKind kind = FieldKind::text;
    std::string unit; ///< `MW`; empty where there is none
    Range limits;
    std::optional<Node> fallback; ///< default, as it would be written
    std::string fallback_words;   ///< default that is computed: `by voltage class`
    bool required = false;
    std::string doc;
    std::vector<std::string> words;
    std::vector<std::string> lists; ///< of a reference: `grid.buses`
    bool any_epoch = false;         ///< of a reference: the element may exist in some epochs only
    std::size_t count = 0;          ///< of numbers; 0: any
    const RecordType* record = nullptr;
    Store store;

    Field& need() { return required = true, *this; }
    Field& otherwise(std::string text) { return fallback = make_scalar(std::move(text)), *this; }
    /// The default is computed; `text` says how.
    Field& computed(std::string text) { return fallback_words = std::move(text), *this; }
    Field& within(double min, double max) { return limits = {min, max, false}, *this; }
    Field& at_least(double min) { return limits.min = min, *this; }
    Field& positive() { return limits.min = 0, limits.min_excluded = true, *this; }
    Field& up_to(double max) { return limits.max = max, *this; }
    /// The unit is not what the end of the key says.
    Field& measured_in(std::string text) { return unit = std::move(text), *this; }
    Field& fraction() { return within(0, 1); }
};

struct RecordType {
    std::string name; ///< of the section in the reference: `line`
    std::string doc;
    std::vector<Field> fields;
    /// Rules over several fields and columns that follow from them; runs after all fields are stored.
    std::function<void(Reader&, const Node& element, void* table)> finish;

    [[nodiscard]] const Field* find(std::string_view key) const;
};

/// The whole language. Bound to a `Draft` (draft.hpp).
[[nodiscard]] const RecordType& scenario_type();

/// Unit said by the end of a key: `rate_mva` → `MVA`, `x_ohm_per_km` → `ohm/km`, `loss_per_day` → `1/day`,
/// `rent_cny_per_mw_h` → `CNY/(MW h)`; empty where it says none.
[[nodiscard]] std::string find_unit(std::string_view key);

/// Markdown tables of all record types, for scenarios/README.md.
[[nodiscard]] std::string write_field_reference();

} // namespace yuanwang::scenario
