/// @file
/// What a run says about blocks that could not be dispatched as asked, in words and numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/name.hpp"

namespace yuanwang::engine {

/// One block that broke a balance or limit; see dispatch/infeasibility/explain.hpp.
struct Explained {
    struct Broken {
        std::string what;    ///< unserved, excess, minimum, deadline, overload
        std::string element; ///< id of a bus of the island, of a plant …; empty: the whole grid
        std::uint32_t first_step = 0;
        std::uint32_t last_step = 0;
        double mwh = 0;
        double peak_mw = 0;
        std::string outage; ///< overload: after the loss of this element; empty: in the base state
        Name text;
    };
    struct Cause {
        std::string
            kind; ///< missing_capacity, impossible_deadline, contradictory_minimum, islanded_load, unit_slip,
        ///< sign_slip, narrow_corridor, reserve
        std::string element;
        double score = 0;     ///< 0…1
        double relax_by = 0;  ///< smallest relaxation that works, MW (MWh for a deadline)
        double value = 0;     ///< unit slip: the number as it is; corridor: MW it may carry
        double corrected = 0; ///< and as it should be; what is asked through it
        std::string outage; ///< corridor: after the loss of this element; empty: in the base state
        double shed_mw = 0; ///< corridor: load less that would do too; 0: none would
        Name text;
    };
    std::uint32_t first_step = 0;
    std::uint32_t n_step = 0;
    std::string from; ///< Beijing time
    std::vector<Broken> broken;
    std::vector<Cause> causes; ///< likeliest first
};

/// Of a whole run.
struct Explanations {
    std::vector<Explained> blocks; ///< the first of them, see explanations.hpp
    double relaxed_blocks = 0;     ///< all there were
};

} // namespace yuanwang::engine
