/// @file
/// A made-up run with every element a report shows: no engine, no physics worth the name, exact balances.
///
///                             east
///                               │ 750
///      sea ─750─ north ═750═ south ─750─ base          two 750 kV stations and three external grids
///                  │ 330       │ 330                   330 kV stations in a row under them
///                 110 …       110 …                    110 kV stations in a fan under each
///
/// Numbers follow from the step alone, so that two calls give the same run.
#pragma once

#include <cstddef>

#include "exchange/result_store.hpp"
#include "report/report_page.hpp"

namespace yuanwang::test {

struct SyntheticSize {
    std::size_t n_330 = 6;         ///< 330 kV stations
    std::size_t n_110_per_330 = 4; ///< 110 kV stations under each
    std::size_t n_step = 8760;
    bool curtailed = true; ///< false: a year in which nothing had to be given up
};

struct SyntheticRun {
    exchange::StoredResults results;
    engine::Summary summary;
    report::ReportContext context;
};

[[nodiscard]] SyntheticRun make_synthetic_run(const SyntheticSize& size = {});

} // namespace yuanwang::test
