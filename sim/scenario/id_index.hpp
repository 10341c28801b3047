/// @file
/// Which row an id names: references of the language are ids, references of a study are rows.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scenario/node.hpp"

namespace yuanwang::scenario {

/// Rows of the elements of every list: `grid.buses` → id → row.
class IdIndex {
  public:
    IdIndex() = default;
    explicit IdIndex(const Node& tree) { add(tree); }
    /// Further elements; a known id keeps its row.
    void add(const Node& tree);
    [[nodiscard]] std::optional<std::size_t> find(std::string_view list, std::string_view id) const;
    [[nodiscard]] std::vector<std::string> ids_of(const std::vector<std::string>& lists) const;

  private:
    void add_lists(const Node& node, const std::string& path);
    std::map<std::string, std::unordered_map<std::string, std::size_t>, std::less<>> rows_;
};

} // namespace yuanwang::scenario
