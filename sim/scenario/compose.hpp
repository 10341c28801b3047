/// @file
/// Many texts → one tree: `extends`, `remove`, `--set`.
///
/// Files named by `extends` come first, in order, each file once (at its first place); the file itself is merged over
/// them. Maps merge key by key; lists whose elements have an `id` merge by id, other lists and scalars are replaced; `null`
/// unsets. `remove: [ids]` then takes elements out of every list, and `--set path=value` is merged last.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "scenario/node.hpp"

namespace yuanwang::scenario {

struct Composition {
    Node tree; ///< without `extends` and `remove`
    std::vector<std::filesystem::path> inputs;
    bool complete =
        true; ///< false where a file was no YAML or could not be found: what is missing then says nothing
};

/// Reads a scenario file with all it extends, then each overlay with all it extends. Faults are added; throws `IoError`
/// where one of these files itself cannot be read.
[[nodiscard]] Composition compose_files(const std::filesystem::path& file,
                                        std::vector<Fault>& faults,
                                        const std::vector<std::filesystem::path>& overlays = {});

/// Merges an overlay over a tree.
void merge(Node& base, const Node& overlay);

/// Takes the elements a `remove` list names out of every element list. `path` is where the list stands.
void remove_elements(Node& tree, const Node& remove, const std::string& path,
                     std::vector<Fault>& faults);

/// Applies one `path=value` of the command line; `flag` is the word faults show before it.
void apply_setting(Node& tree, const std::string& setting, std::string_view flag,
                   std::vector<Fault>& faults);

} // namespace yuanwang::scenario
