/// @file
/// The tree a scenario is while it is text: maps, lists and scalars that know where they were written.
///
/// Everything between reading and building works on this tree: composition, `--set`, projects, writing it back. A scalar
/// keeps its text; which type it must have is the schema's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "study/study.hpp"

namespace yuanwang::scenario {

/// A place that is cheap to copy: all nodes of a file share its name.
struct Spot {
    std::shared_ptr<const std::string> file;
    int line = 0;
    int column = 0;
    [[nodiscard]] Place place() const { return {file ? *file : std::string{}, line, column}; }
};

/// What somebody wrote beside a value: `source: "…"` makes it a fact, `assumed: "…"` an assumption.
struct Mark {
    engine::Provenance::Kind kind = engine::Provenance::Kind::stated;
    std::string reason;
    friend bool operator==(const Mark&, const Mark&) = default;
};

struct Key {
    std::string text;
    Spot spot;
};

struct Node {
    enum class Kind : std::uint8_t { null, scalar, list, map };

    Kind kind = Kind::null;
    bool plain = true;       ///< a scalar without quotes: only such a one may be a number
    std::string text;        ///< of a scalar
    std::vector<Key> keys;   ///< of a map, in the order written; `keys[k]` names `items[k]`
    std::vector<Node> items; ///< of a list or map
    Spot spot;               ///< where it begins
    std::shared_ptr<const Mark> mark; ///< its own mark; see marks.hpp for how marks spread

    [[nodiscard]] bool is_null() const { return kind == Kind::null; }
    [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
    [[nodiscard]] bool is_list() const { return kind == Kind::list; }
    [[nodiscard]] bool is_map() const { return kind == Kind::map; }

    /// The value under a key of a map, or nothing.
    [[nodiscard]] const Node* find(std::string_view key) const;
    [[nodiscard]] Node* find(std::string_view key);
    /// Puts a value under a key, in place of the one that was there.
    void put(Key key, Node value);
    /// Takes a key out; true where it was there.
    bool erase(std::string_view key);
    /// The element of a list whose `id` reads so, or nothing.
    [[nodiscard]] const Node* find_element(std::string_view id) const;
    [[nodiscard]] Node* find_element(std::string_view id);
    /// Text of the `id` of a map, empty where it has none.
    [[nodiscard]] std::string_view id() const;
    /// A list of maps of which one at least has an `id`: merged by id, not as a whole.
    [[nodiscard]] bool is_element_list() const;
};

[[nodiscard]] Node make_scalar(std::string text, Spot spot = {}, bool plain = true);
[[nodiscard]] Node make_map(Spot spot = {});
[[nodiscard]] Node make_list(Spot spot = {});

/// A value as a fault shows it: its text, shortened, or `a list`, `a map`, `nothing`.
[[nodiscard]] std::string describe(const Node& node);

/// Number of scalars and nulls below a node, itself included.
[[nodiscard]] std::size_t count_values(const Node& node);

/// `grid.lines` and an element or key below it: `grid.lines[l_ganhe]`, `grid.lines[3]` where it has no id, `grid.lines`.
[[nodiscard]] std::string join_path(const std::string& parent, std::string_view key);
[[nodiscard]] std::string join_path(const std::string& parent, const Node& element,
                                    std::size_t position);

} // namespace yuanwang::scenario
