#include "study/blocks.hpp"

#include <algorithm>
#include <chrono>

namespace yuanwang::engine {

namespace {

std::chrono::sys_seconds midnight_before(std::chrono::sys_seconds utc) {
    return std::chrono::floor<std::chrono::days>(utc + beijing_offset) - beijing_offset;
}

} // namespace

std::vector<Block> list_blocks(const Study& study) {
    std::vector<Block> blocks;
    const TimeAxis& time = study.time;
    for (std::size_t e = 0; e < study.epochs.size(); ++e) {
        const StepRange range = study.epochs[e].steps;
        for (std::size_t t = range.first; t < range.last();) {
            const std::chrono::sys_seconds midnight = midnight_before(time.at(t));
            const std::size_t next_day = time.first_step_from(midnight + std::chrono::days{1});
            const std::size_t end = std::min(std::max(next_day, t + 1), range.last());
            const auto since = static_cast<std::size_t>((time.at(t) - midnight) / time.step);
            blocks.push_back({{t, end - t}, e, since});
            t = end;
        }
    }
    return blocks;
}

std::size_t count_steps_per_day(const TimeAxis& time) {
    return static_cast<std::size_t>(std::chrono::days{1} / time.step);
}

bool is_in_season(unsigned day_of_year, int start_day, int end_day) {
    const int day = static_cast<int>(day_of_year);
    return start_day <= end_day ? day >= start_day && day <= end_day
                                : day >= start_day || day <= end_day;
}

} // namespace yuanwang::engine
