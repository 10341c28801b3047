/// @file
/// What the outages of one step come to, beside the loading columns of the results.
#pragma once

#include <cstdint>
#include <vector>

namespace yuanwang::engine {

enum class FindingKind : std::uint8_t { voltage, section, lost_load, non_convergence };

/// One thing out of its limits after an outage. Rows of `OutageNames`, of the bus axis or of the section axis.
struct N1Finding {
    FindingKind kind = FindingKind::voltage;
    std::uint32_t outage = 0;
    /// voltage: bus axis; section: section axis; lost_load: the outage; non_convergence: bus axis, or none
    std::uint32_t element = no_element;
    double value = 0; ///< pu, MW, MW, MW
    double limit = 0;
    static constexpr std::uint32_t no_element = 0xffffffff;
};

struct N1StepFindings {
    bool judged = false;
    std::vector<N1Finding> findings;
    std::size_t n_power_flow = 0;    ///< AC power flows, one per outage
    std::size_t n_by_reference = 0;  ///< of these, by the reference solver
    std::size_t n_estimated = 0;     ///< outages far from every limit, not solved
    std::size_t n_moved = 0;         ///< outages after which a tap or shunt moved
    std::size_t n_held_controls = 0; ///< limits and controls that break their rule after an outage
    struct LostLoad {
        std::uint32_t outage = 0; ///< row of `OutageNames`
        double load_mw = 0;
    };
    std::vector<LostLoad> lost_load; ///< every outage that leaves load in the dark
    /// lowest and highest voltage of a bus against its band after an outage
    struct Voltage {
        std::uint32_t outage = 0;
        std::uint32_t bus = 0; ///< bus axis
        double vm_pu = 0;
        double margin_pu = 0; ///< to the bound; negative: outside
    };
    std::vector<Voltage> voltages;
};

} // namespace yuanwang::engine
