/// @file
/// The numbers a planner reads: energies, shares, peaks, losses, violations, balances. Everything is
/// summed in double, step after step in fixed order.
///
/// Energies of sources, ties, storages and loads are Σ p·Δt of the result columns: the AC value where
/// there is one, else the schedule. Definitions that could be read another way:
///
/// | indicator                | is                                                                        |
/// |--------------------------|---------------------------------------------------------------------------|
/// | demand_mwh               | what loads ask for, before anything is managed or unserved; no losses     |
/// | loss_rate                | losses / (demand served + losses), steps with an AC solution              |
/// | utilisation_rate_wind    | 1 − curtailed / available                                                 |
/// | solved_share             | of the steps, those with an AC solution                                   |
/// | self_sufficiency         | 1 − net import / (demand served + losses)                                 |
/// | import_mwh, export_mwh   | sums over external grids and steps of what came in and what went out      |
/// | import_peak_mw           | highest sum over all external grids                                       |
/// | cost_cny                 | energy of thermal units, generators and ties by price, unserved energy, CO2 |
/// | storage_cycles           | discharged energy at the grid side / energy capacity                      |
/// | large_works_mean_mw      | potlines, works and loads marked `large_works`                          |
/// | household_service_mean_mw | other profiled loads and electric heating                                |
/// | load_mean_mw_<category>  | mean demand of a category of loads                                        |
/// | sunshine_hours           | hours with DNI ≥ 120 W/m² at the first weather site (WMO)                 |
/// | summer_mean_c            | mean temperature June to August at the first weather site                 |
/// | tap_operations_per_day   | position changes from step to step, mean per on-load tap changer          |
/// | tie_mismatch_mean_mw     | mean of Σ |AC tie flow − schedule| over steps with an AC solution         |
///
/// Indicators of the AC solution are NaN (null in files) where no step has one; `covered_hours` of the summary holds the
/// hours behind those that cover a part of the run.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/accounts/verdicts.hpp"
#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"

namespace yuanwang::engine {

class Indicators {
  public:
    Indicators(const Study& study, const ResultAxes& axes);

    void add(const EpochModel& model, const BlockData& data, const ViolationCount& violations);

    /// Writes steps, balance, indicators, energies and causes into the summary.
    void finish(std::span<const models::WeatherYear> weather, Summary& summary) const;

    /// Steps of the run in hours, and of these those with an AC solution, believed or doubted.
    struct Hours {
        double all = 0;
        double solved = 0;
    };
    [[nodiscard]] Hours hours() const {
        return {static_cast<double>(steps_) * dt_h_, static_cast<double>(solved_) * dt_h_};
    }

    [[nodiscard]] bool all_converged() const { return converged_ == steps_; }

  private:
    void add_demand(const BlockData& data);
    void add_sources(const EpochModel& model, const BlockData& data);
    void add_to_name(const CurtailmentRow& row);
    void add_ties(const BlockData& data);
    void add_storages(const EpochModel& model, const BlockData& data);
    void add_costs(const EpochModel& model, const BlockData& data);
    void add_outcomes(const BlockData& data);
    void add_operations(const EpochModel& model, const BlockData& data);
    void add_balance(const BlockData& data);

    void write_demand(std::map<std::string, double>& out) const;
    void write_sources(std::map<std::string, double>& out) const;
    void write_exchange(std::map<std::string, double>& out) const;
    void write_grid(std::map<std::string, double>& out) const;

    struct Band { ///< voltages of one level
        double level_kv = 0;
        double min_pu = 0;
        double max_pu = 0;
    };

    const Study& study_;
    const ResultAxes& axes_;
    double dt_h_;
    std::size_t steps_ = 0;
    std::size_t converged_ = 0;
    std::size_t solved_ = 0; ///< converged or doubtful
    std::vector<double> steps_by_status_;
    double steps_by_reference_ = 0; ///< lanes handed them over
    double held_controls_ = 0;      ///< limits, taps and shunts that broke their rule, step by step

    double demand_mwh_ = 0;
    double peak_demand_mw_ = 0;
    double min_demand_mw_;
    double unserved_mwh_ = 0;
    double unserved_hours_ = 0;
    double managed_mwh_ = 0;
    double managed_hours_ = 0;
    double backed_down_mwh_ = 0;
    std::vector<double> load_mwh_; ///< load axis
    double it_mwh_ = 0;
    double center_mwh_ = 0;

    std::vector<double> source_mwh_; ///< source axis
    std::vector<double> available_mwh_;
    std::vector<double> curtailed_mwh_;
    std::map<std::string, double> curtailed_by_cause_;
    using CurtailedName = std::array<std::string, 3>; ///< cause, branch, outage
    struct CurtailedSum {
        double mwh = 0;
        double hours = 0;
        std::uint32_t next_step = 0; ///< after the last one counted
    };
    std::map<CurtailedName, CurtailedSum> curtailed_by_name_;

    std::vector<double> import_mwh_; ///< tie axis
    std::vector<double> export_mwh_;
    double surplus_mwh_ = 0;
    double firm_mwh_ = 0;
    double unused_surplus_mwh_ = 0;
    double import_peak_mw_ = 0;
    double tie_mismatch_mwh_ = 0;

    double charge_mwh_ = 0;
    double discharge_mwh_ = 0;

    double green_mwh_ = 0; ///< consumed in the city
    double matched_mwh_ = 0;
    double consumption_mwh_ = 0;
    double co2_t_ = 0;
    double cost_cny_ = 0;

    double losses_mwh_ = 0;
    double supplied_mwh_ = 0; ///< demand served and losses, steps with an AC solution
    double line_loading_max_ = 0;
    double transformer_loading_max_ = 0;
    std::vector<Band> bands_;
    ViolationCount violations_;
    std::vector<double> tap_before_; ///< transformer axis
    std::vector<double> shunt_before_;
    double tap_operations_ = 0;
    double shunt_operations_ = 0;
    double tap_changers_ = 0; ///< on-load, of the last epoch
    double switched_shunts_ = 0;

    double max_mismatch_mw_ = 0;
    double max_residual_mw_ = 0;
    double residual_mwh_ = 0;
    double dispatch_balance_mwh_ = 0;
    double storage_balance_mwh_ = 0;
};

/// Evaluates the calibration targets against indicators and counts; a name that is neither gives
/// NaN and lies outside. Bands are those of a year: a shorter run is judged by its counts alone.
void calibrate(const Study& study, Summary& summary);

} // namespace yuanwang::engine
