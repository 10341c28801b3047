#include "scenario/node.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace yuanwang::scenario {

const Node* Node::find(std::string_view key) const {
    for (std::size_t k = 0; k < keys.size(); ++k) {
        if (keys[k].text == key) {
            return &items[k];
        }
    }
    return nullptr;
}

Node* Node::find(std::string_view key) {
    return const_cast<Node*>(std::as_const(*this).find(key));
}

void Node::put(Key key, Node value) {
    if (Node* there = find(key.text)) {
        *there = std::move(value);
        return;
    }
    keys.push_back(std::move(key));
    items.push_back(std::move(value));
}

bool Node::erase(std::string_view key) {
    for (std::size_t k = 0; k < keys.size(); ++k) {
        if (keys[k].text == key) {
            keys.erase(keys.begin() + static_cast<std::ptrdiff_t>(k));
            items.erase(items.begin() + static_cast<std::ptrdiff_t>(k));
            return true;
        }
    }
    return false;
}

std::string_view Node::id() const {
    const Node* found = is_map() ? find("id") : nullptr;
    return found && found->is_scalar() ? std::string_view{found->text} : std::string_view{};
}

const Node* Node::find_element(std::string_view id) const {
    const auto found = std::ranges::find(items, id, &Node::id);
    return is_list() && found != items.end() ? &*found : nullptr;
}

Node* Node::find_element(std::string_view id) {
    return const_cast<Node*>(std::as_const(*this).find_element(id));
}

bool Node::is_element_list() const {
    return is_list() &&
           std::ranges::any_of(items, [](const Node& item) { return !item.id().empty(); });
}

Node make_scalar(std::string text, Spot spot, bool plain) {
    Node node;
    node.kind = Node::Kind::scalar;
    node.plain = plain;
    node.text = std::move(text);
    node.spot = std::move(spot);
    return node;
}

Node make_map(Spot spot) {
    Node node;
    node.kind = Node::Kind::map;
    node.spot = std::move(spot);
    return node;
}

Node make_list(Spot spot) {
    Node node;
    node.kind = Node::Kind::list;
    node.spot = std::move(spot);
    return node;
}

namespace {

constexpr std::size_t shown_bytes = 80;

/// Control characters as `\x1b`, so that a fault stays one harmless line; cut at a whole UTF-8 character.
std::string make_printable(std::string_view text) {
    std::string shown;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (shown.size() >= shown_bytes && (byte & 0xC0U) != 0x80U) {
            return shown + "…";
        }
        if (byte < 0x20 || byte == 0x7F) {
            constexpr std::string_view digits = "0123456789abcdef";
            shown += c == '\n' ? std::string{"\\n"}
                               : std::string{"\\x"} + digits[byte >> 4U] + digits[byte & 0xFU];
        } else {
            shown += c;
        }
    }
    return shown;
}

} // namespace

std::string describe(const Node& node) {
    switch (node.kind) {
    case Node::Kind::null:
        return "nothing";
    case Node::Kind::list:
        return "a list";
    case Node::Kind::map:
        return "a map";
    case Node::Kind::scalar:
        break;
    }
    return node.plain ? make_printable(node.text) : '"' + make_printable(node.text) + '"';
}

std::size_t count_values(const Node& node) {
    if (node.is_scalar() || node.is_null()) {
        return 1;
    }
    std::size_t count = 0;
    for (const Node& item : node.items) {
        count += count_values(item);
    }
    return count;
}

std::string join_path(const std::string& parent, std::string_view key) {
    return parent.empty() ? std::string{key} : fmt::format("{}.{}", parent, key);
}

std::string join_path(const std::string& parent, const Node& element, std::size_t position) {
    const std::string_view id = element.id();
    return id.empty() ? fmt::format("{}[{}]", parent, position) : fmt::format("{}[{}]", parent, id);
}

} // namespace yuanwang::scenario
