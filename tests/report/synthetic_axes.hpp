/// @file
/// The elements of the made-up run: a backbone, a city of stations, a few devices of every kind.
#pragma once

#include "report/synthetic_run.hpp"
#include "results/results.hpp"

namespace yuanwang::test {

[[nodiscard]] engine::ResultAxes make_synthetic_axes(const SyntheticSize& size);

} // namespace yuanwang::test
