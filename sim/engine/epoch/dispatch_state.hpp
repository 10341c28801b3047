/// @file
/// State of dispatch where an epoch begins: what is stored and remembered passes on by id.
#pragma once

#include "dispatch/table.hpp"
#include "engine/epoch/epoch_model.hpp"

namespace yuanwang::engine {

/// State before the first block of an epoch. A storage that was there keeps its energy, at most what it now holds, and the
/// value a plan gave it; one that is new starts at its initial SOC. Thermal plants keep what ran. `before` is null in the first epoch.
[[nodiscard]] dispatch::State
enter_dispatch_state(const EpochModel& model, const EpochModel* before, const dispatch::State& old);

} // namespace yuanwang::engine
