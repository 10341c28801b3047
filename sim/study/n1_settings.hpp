/// @file
/// What the outage study of a scenario asks for: `studies.n_1`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/name.hpp"

namespace yuanwang::engine {

/// How outages are judged.
enum class N1Method : std::uint8_t {
    none,
    dc,       ///< active power by LODF: circuits and units only, no voltages
    screened, ///< flows and voltages estimated, AC for what comes near a limit
    ac,       ///< every outage of every step by AC
};

/// Which state after an outage is judged.
enum class N1Controls : std::uint8_t {
    fixed,  ///< right after it: units have answered, taps and shunts stand where they stood
    moving, ///< later: on-load taps and switched shunts have acted too
};

/// Elements that are lost together. Each mention takes one circuit of a line, one unit of a transformer, or a source.
struct N1Pair {
    std::string id;
    Name name;
    std::vector<std::string> elements;
    friend bool operator==(const N1Pair&, const N1Pair&) = default;
};

struct N1Settings {
    N1Method method = N1Method::screened;
    N1Controls controls = N1Controls::fixed; ///< by AC; of estimates and DC only `fixed` is known
    int every = 1;                           ///< steps 0, every, 2·every, … are judged
    bool branches = true;
    bool transformers = true;
    bool generators = true; ///< one unit of a plant, a block of a storage, a pole of an HVDC link
    bool busbars = false;   ///< with all that joins them, feeds in or hangs on them
    std::vector<N1Pair> pairs;
    /// Elements known to leave their limits after an outage, and outages known to lose load.
    std::vector<std::string> exceptions;
    friend bool operator==(const N1Settings&, const N1Settings&) = default;
};

} // namespace yuanwang::engine
