/// @file
/// What a block brings before anything is decided: sun, wind and water, demand, and the input dispatch reads.
#pragma once

#include <span>
#include <vector>

#include "dispatch/table.hpp"
#include "engine/epoch/availability.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/epoch/source_state.hpp"
#include "engine/epoch/weather_driven.hpp"
#include "study/blocks.hpp"

namespace yuanwang::engine {

/// Where the numbers of a block come from: the study, its weather, and one epoch made ready.
struct BlockOrigin {
    const Study& study;
    std::span<const models::WeatherYear> weather;
    const EpochModel& model;
    const WeatherDriven& driven;
};

struct BlockSample {
    Availability availability;
    Demand demand;
    dispatch::BlockInput dispatch_input; ///< losses come later, see loss_estimate.hpp
    std::vector<double> heat_mw;         ///< of all heat plants by step, thermal MW
};

/// Fills the sample of a block. Water of the block is planned from `sources`, whose waste bunkers move to its end.
void sample_block(const BlockOrigin& from, const Block& block, SourceState& sources,
                  BlockSample& sample);

} // namespace yuanwang::engine
