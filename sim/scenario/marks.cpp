#include "scenario/marks.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace yuanwang::scenario {

namespace {

using Kind = engine::Provenance::Kind;

bool is_mark_key(std::string_view key) {
    return key == "source" || key == "assumed";
}

bool is_wrapped_value(const Node& map) {
    return map.is_map() && map.find("value") && std::ranges::all_of(map.keys, [](const Key& key) {
               return key.text == "value" || is_mark_key(key.text);
           });
}

/// Takes `source` or `assumed` out of a map.
std::shared_ptr<const Mark> take_mark(Node& map, std::vector<Fault>& faults,
                                      const std::string& path) {
    std::shared_ptr<const Mark> mark;
    for (const auto& [word, kind] :
         {std::pair{"source", Kind::fact}, std::pair{"assumed", Kind::assumed}}) {
        const Node* reason = map.find(word);
        if (!reason) {
            continue;
        }
        const std::string at = join_path(path, word);
        if (!reason->is_scalar()) {
            faults.push_back({reason->spot.place(), at, "must be text", describe(*reason)});
        } else if (mark) {
            faults.push_back({reason->spot.place(), at,
                              "a value is either a fact with `source` or `assumed`, not both", ""});
        } else {
            mark = std::make_shared<const Mark>(Mark{kind, reason->text});
        }
        map.erase(word);
    }
    return mark;
}

void spread(Node& node, std::shared_ptr<const Mark> covering, std::vector<Fault>& faults,
            const std::string& path) {
    if (is_wrapped_value(node)) {
        if (std::shared_ptr<const Mark> own = take_mark(node, faults, path)) {
            covering = std::move(own);
        }
        Node value = std::move(*node.find("value"));
        node = std::move(value);
        spread(node, std::move(covering), faults, path);
        return;
    }
    if (node.is_map()) {
        if (std::shared_ptr<const Mark> own = take_mark(node, faults, path)) {
            covering = std::move(own);
        }
        for (std::size_t k = 0; k < node.items.size(); ++k) {
            spread(node.items[k], covering, faults, join_path(path, node.keys[k].text));
        }
    } else if (node.is_list()) {
        for (std::size_t k = 0; k < node.items.size(); ++k) {
            spread(node.items[k], covering, faults, join_path(path, node.items[k], k));
        }
    } else {
        node.mark = std::move(covering);
    }
}

bool is_same(const std::shared_ptr<const Mark>& a, const std::shared_ptr<const Mark>& b) {
    return a == b || (a && b && *a == *b);
}

std::string write_value(const Node& node) {
    if (node.is_scalar()) {
        return node.text;
    }
    const std::size_t count = count_values(node);
    return fmt::format("{} value{}", count, count == 1 ? "" : "s");
}

void list(const Node& node, const std::string& path, std::vector<engine::Provenance>& rows) {
    const SharedMark found = find_shared_mark(node);
    if (found.shared) {
        if (found.mark) {
            rows.push_back({path, write_value(node), found.mark->kind, found.mark->reason});
        }
        return;
    }
    for (std::size_t k = 0; k < node.items.size(); ++k) {
        const std::string below =
            node.is_map() ? join_path(path, node.keys[k].text) : join_path(path, node.items[k], k);
        list(node.items[k], below, rows);
    }
}

} // namespace

void spread_marks(Node& root, std::vector<Fault>& faults) {
    spread(root, nullptr, faults, "");
}

SharedMark find_shared_mark(const Node& node) {
    if (!node.is_map() && !node.is_list()) {
        return {true, node.mark};
    }
    SharedMark result;
    bool first = true;
    for (const Node& item : node.items) {
        if ((item.is_map() || item.is_list()) && item.items.empty()) {
            continue;
        }
        const SharedMark below = find_shared_mark(item);
        if (!below.shared || (!first && !is_same(below.mark, result.mark))) {
            return {false, nullptr};
        }
        result.mark = below.mark;
        first = false;
    }
    return result;
}

std::vector<engine::Provenance> list_provenance(const Node& root) {
    std::vector<engine::Provenance> rows;
    for (std::size_t k = 0; k < root.items.size(); ++k) {
        list(root.items[k], root.keys[k].text, rows);
    }
    return rows;
}

} // namespace yuanwang::scenario
