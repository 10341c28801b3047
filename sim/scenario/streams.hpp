/// @file
/// Random streams by the id of their element: an element more or less, before or after it in its list, leaves the random part
/// of every other as it was, in every epoch.
#pragma once

#include "study/study.hpp"

namespace yuanwang::scenario {

/// Fills the columns `stream` of all devices that have a random part of their own.
void name_streams(engine::System& system);

} // namespace yuanwang::scenario
