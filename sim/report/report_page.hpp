/// @file
/// `report.html`: one self-contained page with a year inside, Chinese and English.
///
/// The page is a template built from `web/` (TypeScript, ECharts) and embedded into the program;
/// the data follow as one gzip stream in base64. The stream is
///
///     u32 length of the header, little-endian | header, JSON | columns (report/encoding.hpp)
///
/// What the page shows as a number comes from `summary.json` or is computed here from full
/// precision; the columns carry the charts (loading to 0.5 %, voltage to 0.0005 pu, power to 0.1 MW
/// where the range allows).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/name.hpp"
#include "exchange/result_store.hpp"
#include "study/study.hpp"

namespace yuanwang::report {

/// What the page needs to know of the scenario beside its results.
struct ReportContext {
    Name name;
    Name description;
    std::uint64_t seed = 0;
    std::map<std::string, std::pair<double, double>> voltage_band_pu; ///< normal band by bus id
    std::vector<std::string> n1_exceptions;
    bool n1_positions_move = false; ///< taps and shunts have acted after an outage
    std::vector<engine::Project> projects;
    std::vector<engine::Provenance> provenance;
};
[[nodiscard]] ReportContext describe(const engine::Study& study);

/// The data stream before compression.
[[nodiscard]] std::string pack_report_data(const exchange::StoredResults& results,
                                           std::string_view summary_json,
                                           const ReportContext& context);

/// The whole page; it opens in `language`.
[[nodiscard]] std::string make_report_page(const exchange::StoredResults& results,
                                           std::string_view summary_json,
                                           const ReportContext& context, Language language);

/// The page of a sweep around its data, one JSON object; `title` is the name of the sweep.
[[nodiscard]] std::string make_sweep_page(std::string_view json, std::string_view title,
                                          Language language);

} // namespace yuanwang::report
