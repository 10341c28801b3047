/// @file
/// One map of a sweep file: looks values up, keeps every fault with its place and path.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "scenario/node.hpp"
#include "sweep/sweep_file.hpp"

namespace yuanwang::sweep {

class Section {
  public:
    Section(const scenario::Node& map, std::string path, std::vector<Fault>& faults);

    /// False, with a fault, where this is no map; every key outside `known` is a fault too.
    bool check_keys(const std::vector<std::string>& known);

    [[nodiscard]] const scenario::Node* find(std::string_view key) const;
    [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }
    const scenario::Node* require(std::string_view key);

    std::optional<Written> read_text(std::string_view key);
    std::optional<double> read_number(std::string_view key);
    /// A whole number within bounds.
    std::optional<std::size_t> read_count(std::string_view key, std::size_t least,
                                          std::size_t most);
    /// Row of a word in a list of words.
    std::optional<std::size_t> read_word(std::string_view key,
                                         const std::vector<std::string>& words);
    /// A list of scalars as they would stand in a scenario, none empty, none twice.
    std::vector<Written> read_scalars(std::string_view key);
    const scenario::Node* require_list(std::string_view key);

    /// A key that has no meaning here.
    void refuse(std::string_view key, std::string rule);
    void add_fault(const scenario::Node& value, std::string_view key, std::string rule);
    /// A fault of the section itself.
    void add_fault(std::string rule);

    [[nodiscard]] const scenario::Node& map() const { return map_; }
    [[nodiscard]] std::vector<Fault>& faults() { return faults_; }

  private:
    const scenario::Node& map_;
    std::string path_;
    std::vector<Fault>& faults_;
};

} // namespace yuanwang::sweep
