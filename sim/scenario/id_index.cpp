#include "scenario/id_index.hpp"

#include <algorithm>

namespace yuanwang::scenario {

void IdIndex::add(const Node& tree) {
    for (std::size_t k = 0; k < tree.keys.size(); ++k) {
        add_lists(tree.items[k], tree.keys[k].text);
    }
}

void IdIndex::add_lists(const Node& node, const std::string& path) {
    if (node.is_map()) {
        for (std::size_t k = 0; k < node.keys.size(); ++k) {
            if (node.items[k].is_map() || node.items[k].is_list()) {
                add_lists(node.items[k], join_path(path, node.keys[k].text));
            }
        }
    } else if (node.is_element_list()) {
        auto& rows = rows_[path];
        for (std::size_t k = 0; k < node.items.size(); ++k) {
            rows.emplace(node.items[k].id(), k);
        }
    }
}

std::optional<std::size_t> IdIndex::find(std::string_view list, std::string_view id) const {
    const auto rows = rows_.find(list);
    if (rows == rows_.end() || id.empty()) {
        return std::nullopt;
    }
    const auto row = rows->second.find(std::string{id});
    return row == rows->second.end() ? std::nullopt : std::optional{row->second};
}

std::vector<std::string> IdIndex::ids_of(const std::vector<std::string>& lists) const {
    std::vector<std::string> ids;
    for (const std::string& list : lists) {
        if (const auto rows = rows_.find(list); rows != rows_.end()) {
            for (const auto& [id, row] : rows->second) {
                ids.push_back(id);
            }
        }
    }
    std::ranges::sort(ids); // the same nearest word on every machine
    return ids;
}

} // namespace yuanwang::scenario
