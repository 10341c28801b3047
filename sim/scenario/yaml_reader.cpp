#include "scenario/yaml_reader.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "scenario/text_file.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <yaml-cpp/eventhandler.h>

namespace yuanwang::scenario {

namespace {

/// Ends reading: the fault is already recorded.
struct Stop {};

/// Turns byte offsets into columns in characters. Offsets mostly grow, so each character is looked at about once.
class ColumnCounter {
  public:
    explicit ColumnCounter(std::string_view text) : text_{text} {}

    int count(std::size_t offset, std::size_t byte_column) {
        offset = std::min(offset, text_.size());
        const std::size_t line_start = offset - std::min(byte_column, offset);
        if (line_start != line_start_ || offset < offset_) {
            line_start_ = line_start;
            offset_ = line_start;
            column_ = 1;
        }
        for (; offset_ < offset; ++offset_) {
            column_ += (static_cast<unsigned char>(text_[offset_]) & 0xC0U) != 0x80U ? 1 : 0;
        }
        return column_;
    }

  private:
    std::string_view text_;
    std::size_t line_start_ = 0;
    std::size_t offset_ = 0;
    int column_ = 1;
};

/// Builds the tree from yaml-cpp's events.
class TreeBuilder final : public YAML::EventHandler {
  public:
    TreeBuilder(std::string_view text, const std::string& shown_as, std::vector<Fault>& faults)
        : columns_{text}, file_{std::make_shared<const std::string>(shown_as)}, faults_{faults} {}

    [[nodiscard]] Node take_root() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        Node node;
        node.spot = spot(mark);
        finish(std::move(node), anchor);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        const bool plain =
            tag != "!"; // yaml-cpp: "?" for plain, "!" for quoted, else a written tag
        Node node = make_scalar(value, spot(mark), plain);
        if (tag != "?" && tag != "!" && !tag.empty()) {
            add_fault(node.spot, "tags are not part of the language", tag);
        }
        if (plain && (value == "~" || value == "null" || value.empty())) {
            node.kind = Node::Kind::null;
        }
        finish(std::move(node), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) {
            add_fault(spot(mark), "an anchor must be complete before an alias names it", "");
            throw Stop{};
        }
        const Spot here = spot(mark);
        count(found->second.size, here);
        finish(Node{found->second.node}, YAML::NullAnchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(make_list(spot(mark)), anchor);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(make_map(spot(mark)), anchor);
    }
    void OnMapEnd() override {
        apply_merge_keys(stack_.back());
        close();
    }

    [[nodiscard]] Spot spot(const YAML::Mark& mark) {
        if (mark.is_null()) {
            return {file_, 1, 1};
        }
        const auto offset = static_cast<std::size_t>(std::max(0, mark.pos));
        const auto byte_column = static_cast<std::size_t>(std::max(0, mark.column));
        return {file_, mark.line + 1, columns_.count(offset, byte_column)};
    }

    void add_fault(const Spot& where, std::string rule, std::string got) {
        faults_.push_back({where.place(), "", std::move(rule), std::move(got)});
    }

  private:
    struct Open {
        Node node;
        YAML::anchor_t anchor = YAML::NullAnchor;
        std::optional<Key> key;   ///< of a map: the key whose value comes next
        bool skip_value = false;  ///< its value is dropped: the key was at fault
        std::vector<Node> merged; ///< values of `<<`
        std::map<std::string, int, std::less<>> seen; ///< keys so far and their lines
        std::size_t first_value = 0;
    };
    struct Anchored {
        Node node;
        std::size_t size = 0;
    };

    void count(std::size_t values, const Spot& here) {
        n_value_ += values;
        if (n_value_ > max_values) {
            add_fault(
                here,
                fmt::format("a file must hold at most {} values, aliases expanded", max_values),
                "");
            throw Stop{};
        }
    }

    void open(Node node, YAML::anchor_t anchor) {
        if (stack_.size() >= max_depth) {
            add_fault(node.spot, fmt::format("must be nested at most {} deep", max_depth), "");
            throw Stop{};
        }
        Open entry;
        entry.first_value = n_value_;
        count(1, node.spot);
        entry.node = std::move(node);
        entry.anchor = anchor;
        stack_.push_back(std::move(entry));
    }

    void close() {
        Open done = std::move(stack_.back());
        stack_.pop_back();
        if (done.anchor != YAML::NullAnchor) {
            const std::size_t size = n_value_ - done.first_value;
            count(size, done.node.spot); // the copy kept for aliases
            anchors_[done.anchor] = {done.node, size};
        }
        attach(std::move(done.node));
    }

    void finish(Node node, YAML::anchor_t anchor) {
        count(1, node.spot);
        if (anchor != YAML::NullAnchor) {
            anchors_[anchor] = {node, 1};
        }
        attach(std::move(node));
    }

    void attach(Node node) {
        if (stack_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& parent = stack_.back();
        if (parent.node.is_list()) {
            parent.node.items.push_back(std::move(node));
        } else if (!parent.key && !parent.skip_value) {
            take_key(parent, std::move(node));
        } else if (parent.skip_value) {
            parent.skip_value = false;
        } else {
            Key key = std::move(*parent.key);
            parent.key.reset();
            if (key.text == "<<") {
                parent.merged.push_back(std::move(node));
            } else {
                parent.node.keys.push_back(std::move(key));
                parent.node.items.push_back(std::move(node));
            }
        }
    }

    void take_key(Open& parent, Node node) {
        if (!node.is_scalar()) {
            add_fault(node.spot, "a key must be text", describe(node));
            parent.skip_value = true;
            return;
        }
        const auto [there, is_new] = parent.seen.emplace(node.text, node.spot.line);
        if (!is_new) {
            faults_.push_back({node.spot.place(), path_to(node.text),
                               fmt::format("duplicate key, already at line {}", there->second),
                               ""});
            parent.skip_value = true;
            return;
        }
        if (parent.seen.size() > max_keys) {
            add_fault(node.spot, fmt::format("a map must have at most {} keys", max_keys), "");
            throw Stop{};
        }
        parent.key = Key{std::move(node.text), std::move(node.spot)};
    }

    /// `grid.lines[l_ganhe].length_km` for a key of the map at hand; an element whose id is not yet known goes by number.
    [[nodiscard]] std::string path_to(const std::string& key) const {
        std::string path;
        for (std::size_t k = 0; k + 1 < stack_.size(); ++k) {
            const Open& outer = stack_[k];
            path = outer.node.is_list()
                       ? join_path(path, stack_[k + 1].node, outer.node.items.size())
                       : join_path(path, outer.key ? outer.key->text : "");
        }
        return join_path(path, key);
    }

    /// `<<: *a` or `<<: [*a, *b]`: keys of its own come first, then those of a, then those of b.
    void apply_merge_keys(Open& map) {
        std::vector<Node> sources;
        for (Node& merged : map.merged) {
            if (merged.is_list()) {
                for (Node& item : merged.items) {
                    sources.push_back(std::move(item));
                }
            } else {
                sources.push_back(std::move(merged));
            }
        }
        for (Node& source : sources) {
            if (!source.is_map()) {
                add_fault(source.spot, "`<<` must name a map or a list of maps", describe(source));
                continue;
            }
            for (std::size_t k = 0; k < source.keys.size(); ++k) {
                if (map.seen.emplace(source.keys[k].text, source.keys[k].spot.line).second) {
                    map.node.keys.push_back(source.keys[k]);
                    map.node.items.push_back(source.items[k]);
                }
            }
        }
    }

    ColumnCounter columns_;
    std::shared_ptr<const std::string> file_;
    std::vector<Fault>& faults_;
    std::vector<Open> stack_;
    std::map<YAML::anchor_t, Anchored> anchors_;
    std::size_t n_value_ = 0;
    Node root_;
};

/// The place behind the last character.
Spot find_end(std::string_view text, const std::string& shown_as) {
    const auto line = std::ranges::count(text, '\n');
    const std::string_view last = text.substr(text.rfind('\n') + 1);
    const auto characters = std::ranges::count_if(
        last, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    return {std::make_shared<const std::string>(shown_as), static_cast<int>(line) + 1,
            static_cast<int>(characters) + 1};
}

/// What yaml-cpp says of a text in quotes that is never closed, given a document end behind it.
bool is_open_quote(const std::string& message) {
    return message == YAML::ErrorMsg::DOC_IN_SCALAR || message == YAML::ErrorMsg::EOF_IN_SCALAR;
}

} // namespace

Node read_yaml_text(std::string_view text, const std::string& shown_as,
                    std::vector<Fault>& faults) {
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    if (std::optional<Fault> binary = find_binary(text, shown_as)) {
        faults.push_back(std::move(*binary));
        return {};
    }
    // Without a document end, yaml-cpp takes a quote that is never closed for a closed one.
    std::istringstream stream{std::string{text} + "\n...\n"};
    TreeBuilder builder{text, shown_as, faults};
    try {
        YAML::Parser parser{stream};
        if (parser.HandleNextDocument(builder)) {
            Node root = builder.take_root();
            std::vector<Fault> ignored;
            TreeBuilder second{text, shown_as, ignored};
            if (parser && parser.HandleNextDocument(second)) {
                builder.add_fault(second.take_root().spot, "a file must hold one document", "");
            }
            if (root.is_null()) {
                root = make_map(root.spot);
            }
            return root;
        }
        return make_map({std::make_shared<const std::string>(shown_as), 1, 1});
    } catch (const Stop&) {
    } catch (const YAML::Exception& error) {
        const bool beyond = error.mark.pos >= static_cast<int>(text.size());
        builder.add_fault(beyond ? find_end(text, shown_as) : builder.spot(error.mark),
                          "is not valid YAML: " + (is_open_quote(error.msg)
                                                       ? "a text in quotes is not closed"
                                                       : error.msg),
                          "");
    }
    return {};
}

Node read_yaml_file(const std::filesystem::path& file, const std::string& shown_as,
                    std::vector<Fault>& faults) {
    const std::optional<std::string> text = read_text_file(file, shown_as, max_file_bytes, faults);
    return text ? read_yaml_text(*text, shown_as, faults) : Node{};
}

} // namespace yuanwang::scenario
