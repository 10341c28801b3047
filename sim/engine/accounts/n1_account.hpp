/// @file
/// What the outages of a run add up to: secure hours, the worst outages, verdicts.
///
/// | name                      | is                                                                         |
/// |---------------------------|----------------------------------------------------------------------------|
/// | n1_judged_hours           | steps with a solution whose outages were looked at                         |
/// | n1_secure_hours           | of these, steps in which no element but the scenario's exceptions leaves its limits after any outage, none loses load and all have a solution |
/// | n1_secure_hours_strict    | the same without exceptions                                                |
/// | n1_loading_max_percent    | highest post-outage loading of any element                                 |
/// | n1_relief_hours           | hours in which some element within its emergency rating stands above its normal one after some outage: to be relieved within its `emergency_duration_h` |
/// | n1_vm_min_pu, n1_vm_max_pu | lowest and highest post-outage voltage of any bus (AC)                    |
/// | n1_voltage_violation_hours, n1_section_violation_hours | steps with such a verdict (AC)                |
/// | n1_cut_off_max_mw         | load in the dark after the worst outage, at the hour of the highest demand  |
/// | n1_outages                | outages looked at (last epoch); by DC those that do not split the grid     |
/// | n1_bridges                | outages that leave load or buses in the dark (last epoch)                  |
/// | n1_power_flows            | AC power flows of outages                                                  |
/// | n1_by_reference           | of these, by the reference solver                                          |
/// | n1_estimated              | outages that the screen found far from every limit and left at an estimate |
/// | n1_moved                  | of these, with a tap or shunt that moved (`controls: moving`)              |
/// | n1_held_controls          | limits, taps and shunts that broke their rule at the end of them           |
/// | n1_not_converged          | of these, without a solution                                               |
/// | n1_exceptions             | exceptions the scenario lists                                              |
/// | n1_exceptions_used        | of these, those that some hour needs                                       |
///
/// By DC (`n1_screen.hpp`, `n1_unit_screen.hpp`) nothing but active power counts: no voltages, no sections, no load cut off.
/// `n1_covers` names the kinds of outages the verdict is about. `n1_worst` holds one row per outage: the element and step it loads most. An outage that is never
/// the worst of any element does not appear; likewise `n1_voltage`.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/n1/n1_screen.hpp"
#include "results/n1_findings.hpp"
#include "results/outage_names.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

class N1Account {
  public:
    N1Account(const Study& study, const ResultAxes& axes, const OutageNames& names);

    /// The elements of an epoch: what they may carry after an outage, and how long.
    void enter(const EpochModel& model);

    /// Takes the columns of a DC screen in. Appends an `overload` verdict with its outage for every element and step above
    /// 100 %, the worst outage only. `findings`: load lost by outages of units, of which `n_unit_outage` are looked at; may be empty.
    void add(const N1Screen& screen, std::span<const N1StepFindings> findings,
             std::size_t n_unit_outage, BlockData& data);

    /// Takes the columns and findings of AC outages in: `overload` as above, `voltage`, `section`, `lost_load` and
    /// `non_convergence` verdicts. `n_outage`: looked at in a step.
    void add(std::span<const N1StepFindings> findings, std::size_t n_outage, BlockData& data);

    void finish(Summary& summary) const;

  private:
    struct Worst { ///< of one outage
        double loading_percent = -1;
        double normal_percent = 0;
        double emergency_duration_h = 0;
        std::uint32_t element = 0; ///< row of `OutageNames`
        std::uint32_t step = 0;
        std::size_t steps_above = 0;
        std::uint32_t last_step_above = 0;
    };
    struct WorstVoltage {
        double margin_pu = 0;
        double vm_pu = 0;
        std::uint32_t bus = N1Finding::no_element;
        std::uint32_t step = 0;
        std::size_t steps_outside = 0;
        std::uint32_t last_step_outside = 0;
    };
    struct Unsolved {
        std::size_t steps = 0;
        std::uint32_t first_step = 0;
    };
    struct StepVerdict {
        bool secure = true;
        bool strictly_secure = true;
        bool asks_relief = false;
    };
    struct CutOff {
        std::uint32_t outage = 0;
        double load_mw = 0;
    };
    [[nodiscard]] std::uint32_t first_step(const BlockData& data) const;
    StepVerdict add_loadings(std::size_t t, BlockData& data);
    void add_element(std::uint32_t element, double loading_percent, double outage,
                     std::uint32_t step, StepVerdict& verdict, BlockData& data);
    void add_findings(const N1StepFindings& found, std::uint32_t step, StepVerdict& verdict,
                      BlockData& data);
    void add_finding(const N1Finding& finding, std::uint32_t step, StepVerdict& verdict,
                     BlockData& data);
    void count(const StepVerdict& verdict);
    void add_voltage_range(const BlockResult& result, std::size_t t);
    [[nodiscard]] std::string element_id(const N1Finding& finding) const;
    void excuse(const std::string& id, StepVerdict& verdict);
    void look_behind_bridges(const N1Screen& screen, const BlockData& data);
    [[nodiscard]] std::size_t find_peak(const BlockData& data);
    void list_worst(Summary& summary) const;
    void list_voltages(Summary& summary) const;
    void list_unsolved(Summary& summary) const;
    void list_cut_off(Summary& summary) const;

    struct Emergency {          ///< of an element
        double over_normal = 1; ///< rating after an outage over rating without end
        double duration_h = 0;  ///< 0: no rating of its own after an outage
    };
    void enter(const std::vector<std::vector<BranchIdx>>& branches, const network::Network& grid,
               const std::vector<std::uint32_t>& axis_row, std::size_t first_row,
               const std::vector<double>& duration_h);

    const ResultAxes& axes_;
    const OutageNames& names_;
    double dt_h_;
    std::size_t n_line_;
    std::vector<std::string> covers_; ///< kinds of outages
    std::unordered_set<std::string> exceptions_;
    std::unordered_set<std::string> used_;
    std::vector<Worst> worst_; ///< by row of `OutageNames`
    std::vector<WorstVoltage> worst_voltage_;
    std::map<std::uint32_t, Unsolved> unsolved_;
    bool by_ac_ = false;
    double judged_steps_ = 0;
    double secure_steps_ = 0;
    double strict_steps_ = 0;
    double relief_steps_ = 0;
    std::vector<Emergency> emergency_; ///< lines, then transformers
    double voltage_steps_ = 0;
    double section_steps_ = 0;
    double loading_max_percent_ = 0;
    double vm_min_pu_;
    double vm_max_pu_ = 0;
    double n_power_flow_ = 0;
    double n_by_reference_ = 0;
    double n_estimated_ = 0;
    double n_moved_ = 0;
    double n_held_controls_ = 0;
    double n_not_converged_ = 0;
    std::size_t n_outage_ = 0;
    std::size_t n_bridge_ = 0;
    double peak_demand_mw_ = -1;
    std::vector<CutOff> cut_off_; ///< at the peak so far
};

} // namespace yuanwang::engine
