/// @file
/// Loads that may move, as dispatch sees them: rows and accounts of one epoch, and their columns in a block.
///
/// | load        | row                             | account                                     | keeps        |
/// |-------------|---------------------------------|---------------------------------------------|--------------|
/// | data center | jobs, 0 … what the site can run | −MWh of IT waiting (models/load/job_backlog) | all          |
/// | potline     | current ± modulation            | metal, as bath kelvin; ± 12 h of modulation | all          |
/// |             |                                 | bath, K within 0.9 of its window            | e^(−GΔt/C)   |
/// | heating     | 0 … all heaters, in the season  | room, K within ± comfort                    | e^(−Δt/τ)    |
/// | sewage      | 0 … largest pumping             | MWh ahead of the inflow, ± buffer           | all          |
/// | works       | demand ± flexible part          | MWh ahead of the plan, ± stocks             | all          |
///
/// Centers of one `work_pool` share an account, so their work may run at any of them, and the shortest of their deadlines.
/// Work waits across midnight; at the end of an epoch, when the fleet may change, all of it is done.
#pragma once

#include <cstdint>
#include <vector>

#include "dispatch/table.hpp"
#include "engine/epoch/availability.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

enum class FlexibleKind : std::uint8_t { jobs, potline, heating, sewage, works };

/// What stands behind the rows of `dispatch::Flexibles`.
struct FlexibleRows {
    std::vector<FlexibleKind> kind;
    std::vector<std::size_t> load;    ///< row on the epoch's load axis
    std::vector<std::size_t> element; ///< row in its family
    std::vector<std::size_t>
        account;                ///< the one with what is special to it: backlog, bath, room, basin
    models::PotlineCells cells; ///< of all potlines
    [[nodiscard]] std::size_t size() const { return kind.size(); }
};

/// Adds the rows and accounts of an epoch to a table whose islands are known.
[[nodiscard]] FlexibleRows add_flexible_loads(const Loads& loads,
                                              const std::vector<std::size_t>& island_of_bus,
                                              double dt_h, dispatch::Table& table);

/// Row of the first data center on the epoch's load axis.
[[nodiscard]] std::size_t find_first_center(const Loads& loads);

/// A block and the epoch it lies in.
struct BlockSpan {
    StepRange block;
    StepRange epoch;
};

/// Fills the flexible columns of a block.
void fill_flexible_loads(const Loads& loads, const FlexibleRows& rows, const TimeAxis& time,
                         const BlockSpan& span, std::uint64_t seed, const Demand& demand,
                         const dispatch::Table& table, dispatch::BlockInput& input);

/// Demand with what dispatch moved: P by the shift, Q in proportion. `plain` is the demand as planned.
void move_demand(const FlexibleRows& rows, const Series& plain_p_mw, const Series& plain_q_mvar,
                 const dispatch::Schedule& schedule, Demand& demand);

} // namespace yuanwang::engine
