#include "sweep/rank.hpp"

#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace yuanwang::sweep {

namespace {

std::optional<std::size_t> read_count(const char* variable) {
    const char* text = std::getenv(variable);
    if (!text) {
        return std::nullopt;
    }
    const std::string_view digits{text};
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), count);
    return error == std::errc{} && end == digits.end() ? std::optional{count} : std::nullopt;
}

} // namespace

std::optional<Rank> find_rank() {
    constexpr std::array<std::pair<const char*, const char*>, 3> launchers = {{
        {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
        {"PMI_RANK", "PMI_SIZE"},
        {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS"},
    }};
    for (const auto& [rank, size] : launchers) {
        const auto i = read_count(rank);
        const auto n = read_count(size);
        if (i && n && *n > 1 && *i < *n) {
            return Rank{*i, *n};
        }
    }
    return std::nullopt;
}

} // namespace yuanwang::sweep
