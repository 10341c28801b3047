/// @file
/// Works by what they make: output × specific energy, flat, in batches, in shifts.
///
///     P̄ = output_per_year kwh_per_unit utilisation/8760/1000                                                MW
///     P  = P̄ batches(t) ((1 − s) + s on(t)/ōn) (1 + noise)      s = shift_share; on: 1 within the shifts    MW
///
/// Batch works (crystal pullers: a run of days that may not be cut) have n furnaces, each on its own clock:
///
///     phase of furnace f at t:  φ = t + f T/n + jitter_f  mod T,      T = batch_h + idle_h,  |jitter| ≤ T/(2n)
///     shape  = heat_ratio while φ < heat_h, 1 till batch_h, −recovery_ratio for recovery_h, idle_ratio after it
///     P(t)   = P̄ (1/n) Σ_f shape(φ_f)/s̄,   s̄ = mean of the shape over T, so that a year has its mean
///
/// Cells in formation are such batches: they are charged, then discharged into the bus that charges their neighbours.
///
/// Shifts begin at `shift_start_h` of the Beijing clock on the first `shift_days` days of a week and last `shift_hours`,
/// past midnight if need be; ōn is the mean of a week.
///
/// Part of the demand may move: stocks between the stages of the works hold `flexible_h` hours of `flexible_share` of the
/// mean, ahead or behind. A furnace that may not be cut has none.
///
/// Public specific energies (limits of the PV manufacturing rule, draft of July 2024, existing firms): polysilicon 60 kWh/kg,
/// mono rod 26 kWh/kg, module 25 kWh/kWp, N-type cell 70 kWh/kWp. Left out: holidays, products in process, quality lost by a cut
/// (a cut batch is counted, not restarted).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/series.hpp"
#include "core/time_axis.hpp"
#include "models/hash_normal.hpp"

namespace yuanwang::models {

/// Parameters, columns [n_works].
struct ProcessWorks {
    std::vector<std::string> category;   ///< `polysilicon`, `mono_silicon`, `carbon_fibre`, …
    std::vector<double> output_per_year; ///< at full capacity: t, kWp, kWh of cells
    std::vector<double> kwh_per_unit;    ///< of that output
    std::vector<double> utilisation;     ///< of the capacity, 0…1
    std::vector<double> noise;           ///< as of ProfileLoads
    std::vector<int> furnaces;           ///< 0: flat
    std::vector<double> batch_h;         ///< a run, heating included
    std::vector<double> idle_h;          ///< between two runs
    std::vector<double> heat_h;          ///< first part of a run
    std::vector<double> heat_ratio;      ///< power while heating over power while growing
    std::vector<double> idle_ratio;      ///< power between runs over power while growing
    std::vector<bool> may_be_cut;        ///< false: cut last, every cut hour counted
    // Those below may stay empty: none.
    std::vector<double> recovery_h = {}; ///< first part of the time between runs: energy comes back
    std::vector<double> recovery_ratio = {}; ///< power that comes back over power while growing
    std::vector<double> shift_share = {};    ///< of the mean, drawn in shifts only, 0…1
    std::vector<double> shift_start_h = {};  ///< 0…24
    std::vector<double> shift_hours = {};    ///< a day, 0…24
    std::vector<int> shift_days = {};        ///< a week, from Monday, 1…7
    std::vector<double> flexible_share = {}; ///< of the mean, 0…1
    std::vector<double> flexible_h = {};     ///< hours of it that stocks hold either way
    Streams stream = {};                     ///< of noise and furnaces
    [[nodiscard]] std::size_t size() const { return output_per_year.size(); }
    friend bool operator==(const ProcessWorks&, const ProcessWorks&) = default;
};

/// Mean demand of works k.
[[nodiscard]] double works_mean_mw(const ProcessWorks& works, std::size_t k);
/// Demand of all furnaces of works k over their mean at an instant, hours since 1970.
[[nodiscard]] double batch_shape(const ProcessWorks& works, std::size_t k, double hour,
                                 std::uint64_t seed);
/// Demand of works k at a moment over what it would be without shifts.
[[nodiscard]] double shift_shape(const ProcessWorks& works, std::size_t k, const LocalTime& time);
/// Demand; `p_mw` becomes [n_works × range.count].
void compute_works(const ProcessWorks& works, const TimeAxis& axis, StepRange range,
                   std::uint64_t seed, Series& p_mw);

} // namespace yuanwang::models
