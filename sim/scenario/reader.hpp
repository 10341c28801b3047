/// @file
/// Reads a composed tree by the schema table: every value is checked, every fault is kept with its place and path, every
/// column grows by one entry per element whether its value was good or not.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/name.hpp"
#include "scenario/draft.hpp"
#include "scenario/id_index.hpp"
#include "scenario/node.hpp"
#include "scenario/schema/schema.hpp"

namespace yuanwang::scenario {

/// Where a load, or a tie of several buses, hangs; as written.
struct Hanging {
    std::optional<std::size_t> bus;
    std::optional<std::vector<std::size_t>> buses;
    std::optional<std::vector<double>> shares;
    bool spread = false;
    std::vector<std::string> spread_zones;
    double spread_base_kv = 0;
    bool at_fault = false; ///< one of them could not be read
};

class Reader {
  public:
    /// `whole` is false for a piece of a scenario: nothing is required and references may point outside.
    /// `anywhere` knows the elements of all epochs, `ids` those of the epoch at hand. `path` is where the record stands.
    Reader(Draft& draft, const IdIndex& ids, const IdIndex& anywhere, bool whole,
           std::vector<Fault>& faults, std::vector<std::string> path = {})
        : draft_{draft}, ids_{ids}, anywhere_{anywhere}, whole_{whole}, faults_{faults},
          path_{std::move(path)} {}

    /// Reads a map into the table a record type is bound to.
    void read_record(const RecordType& type, const Node& map, void* table);
    /// Reads every map of a list into one table.
    void read_records(const RecordType& type, const Node& list, void* table);

    /// Visits every item of a list of records under its path; anything but a list is a fault.
    template <class Visit>
    void for_each_item(const Node& list, Visit&& visit) {
        if (!check_list(list, "maps")) {
            return;
        }
        for (std::size_t k = 0; k < list.items.size(); ++k) {
            begin_item(list.items[k], k);
            visit(list.items[k]);
            end_item();
        }
    }

    // Values. Nothing where the value was at fault; the fault is kept.
    [[nodiscard]] std::optional<double> read_number(const Field& field, const Node& value);
    [[nodiscard]] std::optional<int> read_integer(const Field& field, const Node& value);
    /// A whole number from 0 to 2^64 − 1: a seed.
    [[nodiscard]] std::optional<std::uint64_t> read_seed(const Node& value);
    [[nodiscard]] std::optional<bool> read_boolean(const Node& value);
    [[nodiscard]] std::optional<std::string> read_text(const Node& value);
    [[nodiscard]] std::optional<std::string> read_id(const Node& value);
    [[nodiscard]] std::optional<Name> read_name(const Node& value);
    [[nodiscard]] std::optional<std::vector<std::string>> read_texts(const Node& value);
    [[nodiscard]] std::optional<std::vector<double>> read_numbers(const Field& field,
                                                                  const Node& value);
    [[nodiscard]] std::optional<std::chrono::year_month_day> read_date(const Node& value);
    [[nodiscard]] std::optional<std::chrono::sys_seconds> read_instant(const Node& value);
    [[nodiscard]] std::optional<std::string> read_duration(const Node& value);
    [[nodiscard]] std::optional<std::size_t> read_word(const Field& field, const Node& value);
    [[nodiscard]] std::optional<std::size_t> read_reference(const Field& field, const Node& value);
    [[nodiscard]] std::optional<std::vector<std::size_t>> read_references(const Field& field,
                                                                          const Node& value);
    /// The ids themselves, checked to exist.
    [[nodiscard]] std::optional<std::string> read_reference_id(const Field& field,
                                                               const Node& value);
    [[nodiscard]] std::optional<std::vector<std::string>> read_reference_ids(const Field& field,
                                                                             const Node& value);
    [[nodiscard]] std::optional<std::string> read_file_path(const Node& value);

    /// A fault of a value of the record at hand: `key` names it, an absent one is placed at the record.
    void add_fault(const Node& element, std::string_view key, std::string rule);
    void add_fault(const Node& element, std::string_view key, std::string rule, std::string got);
    /// A fault of the value at hand.
    void add_fault_here(const Node& value, std::string rule);

    /// ` (nearest: `x`)`, or nothing where no candidate is close.
    [[nodiscard]] std::string say_nearest(std::string_view word,
                                          const std::vector<std::string>& candidates);

    [[nodiscard]] Draft& draft() { return draft_; }
    [[nodiscard]] bool whole() const { return whole_; }
    /// Where the record at hand begins.
    [[nodiscard]] const Spot& record_spot() const { return record_spot_; }
    [[nodiscard]] std::string path() const;
    Hanging hanging; ///< of the element at hand

  private:
    void begin_item(const Node& item, std::size_t position);
    void end_item() { path_.pop_back(); }
    void check_keys(const RecordType& type, const Node& map);
    [[nodiscard]] bool check_list(const Node& value, std::string_view what);

    Draft& draft_;
    const IdIndex& ids_;
    const IdIndex& anywhere_;
    bool whole_;
    std::vector<Fault>& faults_;
    Spot record_spot_;
    std::vector<std::string> path_; ///< `grid`, `.lines`, `[l_ganhe]`, `.length_km`
    int nearest_left_ =
        200; ///< searches for the nearest word still granted: many faults must stay cheap
};

/// A number as YAML writes it, finite; nothing where it is none.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

} // namespace yuanwang::scenario
