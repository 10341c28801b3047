/// @file
/// `report.html` of a sweep: the best members, trade-offs, what matters, bands over weather years; of a portfolio, what each
/// project brings.
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
/// status, hash, rank, ranking, portfolio}`; `portfolio_json` of portfolio.hpp, or empty.
[[nodiscard]] std::string pack_sweep_data(const Manifest& manifest,
                                          const std::vector<MemberState>& members,
                                          const std::string& portfolio_json);

/// Writes `report.html` into the folder of a sweep from what is stored. Throws `IoError`.
void write_sweep_page(const std::filesystem::path& folder, Language language);

} // namespace yuanwang::sweep
