/// @file
/// `report.html` of a sweep: the best members, trade-offs, what matters, bands over weather years.
///
/// The page comes from `report/web/src/sweep`; its data are one JSON object, gzipped. Sensitivities and levels are computed
/// here, from full precision; the page only draws.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/name.hpp"
#include "sweep/manifest.hpp"
#include "sweep/store.hpp"

namespace yuanwang::sweep {

/// `{name, version, design, members, axes: [{name, labels, numbers}], indicators: [{name, values, sensitivity, levels}],
/// status, hash, rank, ranking}`.
[[nodiscard]] std::string pack_sweep_data(const Manifest& manifest,
                                          const std::vector<MemberState>& members);

/// Writes `report.html` into the folder of a sweep from what is stored. Throws `IoError`.
void write_sweep_page(const std::filesystem::path& folder, Language language);

} // namespace yuanwang::sweep
