#include "scenario/yaml_writer.hpp"

#include <algorithm>
#include <memory>
#include <string_view>

#include <fmt/format.h>

#include "scenario/marks.hpp"

namespace yuanwang::scenario {

namespace {

constexpr std::size_t line_width = 110;

std::string quote(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (c == '\n') {
            quoted += "\\n";
        } else if (c == '\t') {
            quoted += "\\t";
        } else if (byte < 0x20 || byte == 0x7F) {
            quoted += fmt::format("\\x{:02x}", byte);
        } else {
            quoted += c;
        }
    }
    return quoted + '"';
}

bool is_safe_plain(std::string_view text) {
    const auto is_inner = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view{"_./+- "}.find(c) != std::string_view::npos ||
               static_cast<unsigned char>(c) >= 0x80;
    };
    const auto begins = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '_' || c == '.' || c == '+' || static_cast<unsigned char>(c) >= 0x80;
    };
    const bool negative =
        text.size() > 1 && text[0] == '-' && ((text[1] >= '0' && text[1] <= '9') || text[1] == '.');
    return !text.empty() && (begins(text[0]) || negative) && text.back() != ' ' &&
           std::ranges::all_of(text, is_inner) && text != "..." && !text.starts_with("...");
}

/// Whether a value carries the mark its surroundings already write.
bool is_covered(const std::shared_ptr<const Mark>& mark, const Mark* covering) {
    return !mark || (covering && *covering == *mark);
}

std::string write_mark(const Mark& mark) {
    const bool fact = mark.kind == engine::Provenance::Kind::fact;
    return fmt::format("{}: {}", fact ? "source" : "assumed", quote(mark.reason));
}

/// The mark to write at a map: shared by all below and not yet written above.
const Mark* find_mark_to_write(const Node& node, const Mark* covering) {
    const SharedMark found = find_shared_mark(node);
    return found.shared && found.mark && !is_covered(found.mark, covering) ? found.mark.get()
                                                                           : nullptr;
}

class Writer {
  public:
    [[nodiscard]] std::string run(const Node& root) {
        for (std::size_t k = 0; k < root.keys.size(); ++k) {
            text_ += k == 0 ? "" : "\n";
            write_entry(root.keys[k].text, root.items[k], 0, nullptr);
        }
        return std::move(text_);
    }

  private:
    static std::string write_key(const std::string& key) {
        return is_safe_plain(key) ? key : quote(key);
    }

    /// One line, whatever its length.
    static std::string write_flow(const Node& node, const Mark* covering) {
        if (node.is_map()) {
            const Mark* mark = find_mark_to_write(node, covering);
            std::string text = "{";
            for (std::size_t k = 0; k < node.keys.size(); ++k) {
                text += (k == 0 ? "" : ", ") + write_key(node.keys[k].text) + ": " +
                        write_flow(node.items[k], mark ? mark : covering);
            }
            if (mark) {
                text += (node.keys.empty() ? "" : ", ") + write_mark(*mark);
            }
            return text + "}";
        }
        if (const Mark* mark = find_mark_to_write(node, covering)) {
            return fmt::format("{{value: {}, {}}}", write_flow(node, mark), write_mark(*mark));
        }
        if (node.is_list()) {
            std::string text = "[";
            for (std::size_t k = 0; k < node.items.size(); ++k) {
                text += (k == 0 ? "" : ", ") + write_flow(node.items[k], covering);
            }
            return text + "]";
        }
        return write_scalar(node);
    }

    /// A list of plain elements, or anything short, goes on one line.
    static bool is_flow(const Node& node, const std::string& flow, std::size_t indent) {
        if (node.is_element_list()) {
            return false; // one element a line
        }
        return (!node.is_map() && !node.is_list()) || node.items.empty() ||
               flow.size() + indent <= line_width ||
               (node.is_list() && std::ranges::none_of(node.items, [](const Node& item) {
                    return item.is_map() || item.is_list();
                }));
    }

    void write_entry(const std::string& key, const Node& node, std::size_t indent,
                     const Mark* covering) {
        text_ += std::string(indent, ' ') + write_key(key) + ":";
        write_value(node, indent + 2, covering, indent > 0);
    }

    void write_value(const Node& node, std::size_t indent, const Mark* covering, bool may_flow) {
        const std::string flow = write_flow(node, covering);
        if ((may_flow || node.items.empty()) && is_flow(node, flow, indent)) {
            text_ += " " + flow + "\n";
            return;
        }
        text_ += "\n";
        if (node.is_map()) {
            write_block_map(node, indent, covering);
        } else {
            for (const Node& item : node.items) {
                write_item(item, indent, covering);
            }
        }
    }

    void write_block_map(const Node& node, std::size_t indent, const Mark* covering) {
        const Mark* mark = find_mark_to_write(node, covering);
        if (mark) {
            text_ += std::string(indent, ' ') + write_mark(*mark) + "\n";
        }
        for (std::size_t k = 0; k < node.keys.size(); ++k) {
            write_entry(node.keys[k].text, node.items[k], indent, mark ? mark : covering);
        }
    }

    void write_item(const Node& item, std::size_t indent, const Mark* covering) {
        const std::string flow = write_flow(item, covering);
        constexpr std::size_t longest_item = 400;
        if (!item.is_map() || flow.size() + indent <= longest_item || is_flow(item, flow, indent)) {
            text_ += std::string(indent, ' ') + "- " + flow + "\n";
            return;
        }
        const std::size_t begin = text_.size();
        write_block_map(item, indent + 2, covering);
        text_[begin + indent] = '-'; // the first line of the map carries the dash
    }

    std::string text_;
};

} // namespace

std::string write_scalar(const Node& scalar) {
    if (scalar.is_null()) {
        return "null";
    }
    return scalar.plain && is_safe_plain(scalar.text) ? scalar.text : quote(scalar.text);
}

std::string write_yaml(const Node& root) {
    return Writer{}.run(root);
}

} // namespace yuanwang::scenario
