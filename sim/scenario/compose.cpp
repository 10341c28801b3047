#include "scenario/compose.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "scenario/marks.hpp"
#include "scenario/yaml_reader.hpp"

namespace yuanwang::scenario {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t max_files = 1000;

void check_duplicate_ids(const Node& node, const std::string& path, std::vector<Fault>& faults) {
    std::map<std::string_view, int> lines;
    for (std::size_t k = 0; k < node.items.size(); ++k) {
        const Node& item = node.items[k];
        const std::string below =
            node.is_map() ? join_path(path, node.keys[k].text) : join_path(path, item, k);
        const std::string_view id = node.is_list() ? item.id() : std::string_view{};
        if (!id.empty()) {
            const Node& written = *item.find("id");
            const auto [there, is_new] = lines.emplace(id, written.spot.line);
            if (!is_new) {
                faults.push_back(
                    {written.spot.place(), join_path(below, "id"),
                     fmt::format("must be unique in its list, already at line {}", there->second),
                     describe(written)});
            }
        }
        check_duplicate_ids(item, below, faults);
    }
}

/// Reads files depth first and merges each into one tree.
class Composer {
  public:
    explicit Composer(std::vector<Fault>& faults) : faults_{faults} {}

    void add(const fs::path& file, const std::string& shown_as) {
        const fs::path identity = identify(file);
        Node tree = read_yaml_file(file, shown_as, faults_);
        result_.inputs.push_back(file);
        visited_.push_back(identity);
        stack_.push_back(identity);
        if (!tree.is_map()) {
            if (!tree.is_null()) {
                faults_.push_back({tree.spot.place(), "", "a scenario must be a map of sections",
                                   describe(tree)});
            }
            tree = make_map(tree.spot);
            result_.complete = false;
        }
        check_duplicate_ids(tree, "", faults_);
        const Node extends = take(tree, "extends");
        const Node remove = take(tree, "remove");
        spread_marks(tree, faults_);
        add_extended(extends, fs::path{shown_as}.parent_path());
        if (!started_) {
            result_.tree = make_map(tree.spot);
            started_ = true;
        }
        merge(result_.tree, tree);
        remove_elements(result_.tree, remove, "remove", faults_);
        stack_.pop_back();
    }

    [[nodiscard]] Composition take_result() { return std::move(result_); }

  private:
    static fs::path identify(const fs::path& file) {
        std::error_code error;
        fs::path canonical = fs::weakly_canonical(file, error);
        return error ? file.lexically_normal() : canonical;
    }

    static Node take(Node& tree, std::string_view key) {
        Node taken;
        if (Node* found = tree.find(key)) {
            taken = std::move(*found);
            tree.erase(key);
        }
        return taken;
    }

    void add_extended(const Node& extends, const fs::path& folder) {
        if (extends.is_null()) {
            return;
        }
        if (extends.is_list()) {
            for (const Node& item : extends.items) {
                add_one(item, folder);
            }
        } else {
            add_one(extends, folder);
        }
    }

    void add_one(const Node& named, const fs::path& folder) {
        const auto fault = [&](std::string rule) {
            faults_.push_back({named.spot.place(), "extends", std::move(rule), describe(named)});
            result_.complete = false;
        };
        if (!named.is_scalar() || named.text.empty()) {
            return fault("must name a file");
        }
        const fs::path file = (folder / named.text).lexically_normal();
        std::error_code error;
        if (!fs::exists(file, error) || fs::is_directory(file, error)) {
            return fault("must name a file that can be read");
        }
        const fs::path identity = identify(file);
        if (std::ranges::find(stack_, identity) != stack_.end()) {
            return fault("must not come back to a file that extends this one");
        }
        if (std::ranges::find(visited_, identity) != visited_.end()) {
            return;
        }
        if (visited_.size() >= max_files) {
            return fault(fmt::format("a scenario must be made of at most {} files", max_files));
        }
        try {
            add(file, file.string());
        } catch (const IoError&) {
            fault("must name a file that can be read");
        }
    }

    std::vector<Fault>& faults_;
    Composition result_;
    bool started_ = false;
    std::vector<fs::path> visited_;
    std::vector<fs::path> stack_;
};

bool erase_elements(Node& node, std::string_view id) {
    bool found = false;
    if (node.is_list()) {
        found = std::erase_if(node.items, [&](const Node& item) { return item.id() == id; }) > 0;
    }
    for (std::size_t k = 0; k < node.items.size(); ++k) {
        if (!node.is_map() || node.keys[k].text != "changes") {
            found |= erase_elements(node.items[k], id);
        }
    }
    return found;
}

void collect_ids(const Node& node, std::vector<std::string>& ids) {
    if (node.is_list()) {
        for (const Node& item : node.items) {
            if (!item.id().empty()) {
                ids.emplace_back(item.id());
            }
        }
    }
    for (const Node& item : node.items) {
        collect_ids(item, ids);
    }
}

std::string name_nearest(std::string_view word, const std::vector<std::string>& candidates) {
    const std::string_view nearest = find_nearest(word, candidates);
    return nearest.empty() ? "" : fmt::format(" (nearest: `{}`)", nearest);
}

/// One step of `grid.lines[l_ganhe].rate_mva`: a key, or the id of an element.
struct Segment {
    std::string text;
    bool is_id = false;
};

std::optional<std::vector<Segment>> split_path(std::string_view path) {
    std::vector<Segment> segments;
    std::size_t at = 0;
    while (at < path.size()) {
        if (path[at] == '[') {
            const std::size_t close = path.find(']', at);
            if (close == std::string_view::npos || close == at + 1 || segments.empty()) {
                return std::nullopt;
            }
            segments.push_back({std::string{path.substr(at + 1, close - at - 1)}, true});
            at = close + 1;
            if (at < path.size() && path[at] != '.' && path[at] != '[') {
                return std::nullopt;
            }
        } else {
            at += path[at] == '.' && !segments.empty() ? 1U : 0U;
            const std::size_t end = std::min(path.find_first_of(".[", at), path.size());
            if (end == at) {
                return std::nullopt;
            }
            segments.push_back({std::string{path.substr(at, end - at)}, false});
            at = end;
        }
    }
    return segments.empty() ? std::nullopt : std::optional{segments};
}

void place_at(Node& node, const Spot& spot) {
    node.spot = spot;
    for (Key& key : node.keys) {
        key.spot = spot;
    }
    for (Node& item : node.items) {
        place_at(item, spot);
    }
}

/// Where a setting writes; a missing key is made, a missing element is a fault.
Node* find_target(Node& tree, const std::vector<Segment>& segments, const Spot& spot,
                  std::vector<Fault>& faults) {
    Node* node = &tree;
    std::string path;
    for (const Segment& segment : segments) {
        if (!segment.is_id) {
            if (node->is_null()) {
                *node = make_map(spot);
            }
            path = join_path(path, segment.text);
            if (!node->is_map()) {
                faults.push_back({spot.place(), path, "stands below a value that has no keys", ""});
                return nullptr;
            }
            if (!node->find(segment.text)) {
                Node unset;
                unset.spot = spot;
                node->put({segment.text, spot}, std::move(unset));
            }
            node = node->find(segment.text);

            continue;
        }
        Node* element = node->find_element(segment.text);
        if (!element) {
            std::vector<std::string> ids;
            for (const Node& item : node->items) {
                ids.emplace_back(item.id());
            }
            faults.push_back(
                {spot.place(), path,
                 fmt::format("must name an element of the list{}", name_nearest(segment.text, ids)),
                 segment.text});
            return nullptr;
        }
        path += fmt::format("[{}]", segment.text);
        node = element;
    }
    return node;
}

} // namespace

Composition compose_files(const fs::path& file, std::vector<Fault>& faults,
                          const std::vector<fs::path>& overlays) {
    Composer composer{faults};
    composer.add(file, file.string());
    for (const fs::path& overlay : overlays) {
        composer.add(overlay, overlay.string());
    }
    return composer.take_result();
}

void merge(Node& base, const Node& overlay) {
    if (base.is_map() && overlay.is_map()) {
        for (std::size_t k = 0; k < overlay.keys.size(); ++k) {
            if (Node* there = base.find(overlay.keys[k].text)) {
                merge(*there, overlay.items[k]);
            } else {
                base.keys.push_back(overlay.keys[k]);
                base.items.push_back(overlay.items[k]);
            }
        }
    } else if (base.is_list() && overlay.is_list() &&
               (base.items.empty() || base.is_element_list()) &&
               (overlay.items.empty() || overlay.is_element_list())) {
        std::map<std::string, std::size_t, std::less<>> row;
        for (std::size_t k = 0; k < base.items.size(); ++k) {
            row.emplace(base.items[k].id(), k);
        }
        for (const Node& item : overlay.items) {
            const auto there = row.find(item.id());
            if (there != row.end() && !item.id().empty()) {
                merge(base.items[there->second], item);
            } else {
                row.emplace(item.id(), base.items.size());
                base.items.push_back(item);
            }
        }
    } else {
        base = overlay;
    }
}

void remove_elements(Node& tree, const Node& remove, const std::string& path,
                     std::vector<Fault>& faults) {
    if (remove.is_null()) {
        return;
    }
    if (!remove.is_list()) {
        faults.push_back({remove.spot.place(), path, "must be a list of ids", describe(remove)});
        return;
    }
    for (const Node& item : remove.items) {
        if (!item.is_scalar()) {
            faults.push_back(
                {item.spot.place(), path, "must be the id of an element", describe(item)});
        } else if (!erase_elements(tree, item.text)) {
            std::vector<std::string> ids;
            collect_ids(tree, ids);
            faults.push_back({item.spot.place(), path,
                              "must be the id of an element" + name_nearest(item.text, ids),
                              describe(item)});
        }
    }
}

void apply_setting(Node& tree, const std::string& setting, std::string_view flag,
                   std::vector<Fault>& faults) {
    const Spot spot{std::make_shared<const std::string>(fmt::format("{} {}", flag, setting)), 0, 0};
    const std::size_t equals = setting.find('=');
    const std::optional<std::vector<Segment>> segments =
        equals == std::string::npos ? std::nullopt
                                    : split_path(std::string_view{setting}.substr(0, equals));
    if (!segments) {
        faults.push_back({spot.place(), "",
                          "must read path=value, such as grid.lines[l_ganhe].rate_mva=800", ""});
        return;
    }
    std::vector<Fault> found;
    const std::string_view text = std::string_view{setting}.substr(equals + 1);
    Node value = text.empty() ? Node{} : read_yaml_text(text, *spot.file, found);
    spread_marks(value, found);
    for (Fault& fault : found) {
        fault.place = spot.place();
        faults.push_back(std::move(fault));
    }
    if (!found.empty()) {
        return;
    }
    place_at(value, spot);
    if (Node* target = find_target(tree, *segments, spot, faults)) {
        merge(*target, value);
    }
}

} // namespace yuanwang::scenario
