/// @file
/// A step of a run without a power flow, and why.
#pragma once

#include <cstdint>

#include "powerflow/diagnosis.hpp"

namespace yuanwang::engine {

struct FailedStep {
    std::uint32_t step = 0;
    powerflow::Diagnosis diagnosis;
};

} // namespace yuanwang::engine
