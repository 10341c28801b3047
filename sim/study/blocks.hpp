/// @file
/// Blocks: Beijing days, cut further where an epoch begins within a day.
#pragma once

#include <vector>

#include "study/study.hpp"

namespace yuanwang::engine {

struct Block {
    StepRange steps;
    std::size_t epoch = 0;
    std::size_t first_step_of_day = 0; ///< steps since 00:00 Beijing time
};

/// All blocks of a run in order; together they cover every step of every epoch once.
[[nodiscard]] std::vector<Block> list_blocks(const Study& study);

/// Steps of a whole day.
[[nodiscard]] std::size_t count_steps_per_day(const TimeAxis& time);

/// True where a day of year lies in a season; a season that starts after it ends wraps over new
/// year. Both days belong to it.
[[nodiscard]] bool is_in_season(unsigned day_of_year, int start_day, int end_day);

} // namespace yuanwang::engine
