/// @file
/// A linear program built row by row for a question asked now and then. Solved by Clp from nothing.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include "dispatch/program/program.hpp"

namespace yuanwang::dispatch::program {

inline constexpr double unbounded = std::numeric_limits<double>::infinity();

struct SmallProgram {
    std::vector<Entry> entries;
    std::vector<double> row_lower;
    std::vector<double> row_upper;
    std::vector<double> lower;
    std::vector<double> upper;
    std::vector<double> cost;

    std::size_t add_column(double from, double to, double price = 0) {
        lower.push_back(from);
        upper.push_back(to);
        cost.push_back(price);
        return lower.size() - 1;
    }
    std::size_t add_row(double from, double to) {
        row_lower.push_back(from);
        row_upper.push_back(to);
        return row_lower.size() - 1;
    }
    void put(std::size_t row, std::size_t column, double value) {
        entries.push_back({row, column, value});
    }
};

/// The columns of an optimum; none where there is none, or a number is none.
[[nodiscard]] std::optional<std::vector<double>> solve(const SmallProgram& program);

} // namespace yuanwang::dispatch::program
