/// @file
/// What the screen of a run adds up to: secure hours, the worst outages, verdicts.
///
/// | name                    | is                                                                          |
/// |-------------------------|-----------------------------------------------------------------------------|
/// | n1_secure_hours         | steps with a solution in which no element but the scenario's exceptions exceeds its limit after any single outage |
/// | n1_secure_hours_strict  | the same without exceptions                                                 |
/// | n1_loading_max_percent  | highest post-outage loading of any element                                  |
/// | n1_cut_off_max_mw       | load behind the worst outage that splits the grid, at the hour of the highest demand |
/// | n1_outages, n1_bridges  | circuits and units screened; those whose loss splits the grid (last epoch)  |
/// | n1_exceptions           | exceptions the scenario lists                                               |
/// | n1_exceptions_used      | of these, elements that do exceed their limit in some hour                  |
///
/// `n1_worst` holds one row per outage: the element and step it loads most. An outage that is never
/// the worst of any element does not appear.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/block_data.hpp"
#include "engine/n1_screen.hpp"
#include "engine/study.hpp"

namespace yuanwang::engine {

class N1Account {
  public:
    N1Account(const Study& study, const ResultAxes& axes);

    /// Takes a block's columns in; appends an `overload` verdict with its outage for every element
    /// and step above 100 %, the worst outage only.
    void add(const N1Screen& screen, BlockData& data);

    void finish(Summary& summary) const;

  private:
    struct Worst { ///< of one outage
        double loading_percent = -1;
        std::uint32_t element = 0; ///< joint row
        std::uint32_t step = 0;
        std::size_t steps_above = 0;
        std::uint32_t last_step_above = 0;
    };
    struct StepVerdict {
        bool secure = true;
        bool strictly_secure = true;
    };
    void add_step(std::size_t t, BlockData& data);
    void add_element(std::uint32_t element, double loading_percent, double outage,
                     std::uint32_t step, StepVerdict& verdict, BlockData& data);
    void look_behind_bridges(const N1Screen& screen, const BlockData& data);
    void list_worst(Summary& summary) const;
    void list_cut_off(Summary& summary) const;
    [[nodiscard]] const std::string& id_of(std::uint32_t joint_row) const;

    const ResultAxes& axes_;
    double dt_h_;
    std::size_t n_line_;
    std::vector<bool> is_exception_; ///< by joint row
    std::vector<bool> is_used_;
    std::vector<Worst> worst_; ///< by joint row of the outage
    double secure_steps_ = 0;
    double strict_steps_ = 0;
    double loading_max_percent_ = 0;
    std::size_t n_outage_ = 0;
    std::size_t n_bridge_ = 0;
    double peak_demand_mw_ = -1;
    struct CutOff {
        std::uint32_t outage = 0;
        double load_mw = 0;
    };
    std::vector<CutOff> cut_off_; ///< at the peak so far
};

} // namespace yuanwang::engine
