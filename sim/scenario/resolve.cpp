#include "scenario/resolve.hpp"

#include <filesystem>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "scenario/marks.hpp"
#include "scenario/schema/schema.hpp"
#include "scenario/yaml_writer.hpp"

namespace yuanwang::scenario {

namespace {

std::string find_absolute_path(const Node& value) {
    const bool in_file = value.spot.file && value.spot.line > 0;
    const std::filesystem::path folder =
        in_file ? std::filesystem::path{*value.spot.file}.parent_path() : std::filesystem::path{};
    std::error_code error;
    const std::filesystem::path file = std::filesystem::absolute(folder / value.text, error);
    return error ? value.text : file.lexically_normal().string();
}

/// Keys in the order of the table; values that are files become absolute; unset values go.
Node arrange(const Node& node, const RecordType& type) {
    if (!node.is_map()) {
        return node;
    }
    Node arranged = make_map(node.spot);
    for (const Field& field : type.fields) {
        const Node* value = node.find(field.key);
        if (!value || value->is_null()) {
            continue;
        }
        Node made = *value;
        if (field.kind == FieldKind::record && field.record) {
            made = arrange(*value, *field.record);
        } else if (field.kind == FieldKind::records && value->is_list()) {
            for (Node& item : made.items) {
                item = arrange(item, *field.record);
            }
        } else if (field.kind == FieldKind::file && value->is_scalar()) {
            made.text = find_absolute_path(*value);
            made.plain = false;
        }
        arranged.put({field.key, value->spot}, std::move(made));
    }
    return arranged;
}

/// Lists the values of a tree, defaults included.
class Lister {
  public:
    void list_record(const Node& map, const RecordType& type, const std::string& path) {
        for (const Field& field : type.fields) {
            const Node* value = map.find(field.key);
            const std::string below = join_path(path, field.key);
            if (value && !value->is_null()) {
                list_field(*value, field, below);
            } else if (field.kind == FieldKind::record && field.record &&
                       is_listed_by_default(*field.record)) {
                list_record(make_map(), *field.record, below);
            } else if (field.fallback) {
                add(below, write_scalar(*field.fallback), "default", nullptr);
            } else if (!field.fallback_words.empty()) {
                add(below, "-", "default: " + field.fallback_words, nullptr);
            }
        }
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    /// Sections with nothing but defaults are worth listing; `normals` and `spread`, which ask for values, are not.
    static bool is_listed_by_default(const RecordType& type) {
        for (const Field& field : type.fields) {
            if (field.required) {
                return false;
            }
        }
        return true;
    }

    void list_field(const Node& value, const Field& field, const std::string& path) {
        if (field.kind == FieldKind::record && value.is_map()) {
            list_record(value, *field.record, path);
        } else if (field.kind == FieldKind::records && value.is_list()) {
            for (std::size_t k = 0; k < value.items.size(); ++k) {
                list_record(value.items[k], *field.record, join_path(path, value.items[k], k));
            }
        } else {
            list_value(value, path);
        }
    }

    void list_value(const Node& value, const std::string& path) {
        const bool holds_maps = value.is_map() || value.is_element_list();
        if (!holds_maps) {
            add(path, write_flat(value), to_string(value.spot.place()),
                find_shared_mark(value).mark.get());
            return;
        }
        for (std::size_t k = 0; k < value.items.size(); ++k) {
            list_value(value.items[k], value.is_map() ? join_path(path, value.keys[k].text)
                                                      : join_path(path, value.items[k], k));
        }
    }

    static std::string write_flat(const Node& value) {
        if (!value.is_list()) {
            return value.is_map() ? "{}" : write_scalar(value);
        }
        std::string text = "[";
        for (const Node& item : value.items) {
            text += (text.size() > 1 ? ", " : "") + write_flat(item);
        }
        return text + "]";
    }

    void add(const std::string& path, const std::string& value, const std::string& origin,
             const Mark* mark) {
        fmt::format_to(std::back_inserter(text_), "{} = {}  # {}", path, value, origin);
        if (mark) {
            const bool fact = mark->kind == engine::Provenance::Kind::fact;
            fmt::format_to(std::back_inserter(text_), "; {}: {}", fact ? "source" : "assumed",
                           mark->reason);
        }
        text_ += '\n';
    }

    std::string text_;
};

} // namespace

Node arrange(const Node& tree) {
    return arrange(tree, scenario_type());
}

std::string list_values(const Node& tree) {
    Lister lister;
    lister.list_record(tree, scenario_type(), "");
    return lister.take();
}

} // namespace yuanwang::scenario
