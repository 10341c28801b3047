/// @file
/// Every single outage of every step: a DC screen of one epoch, folded back to lines and transformers.
///
///     s(l,t) = max over outages k ≠ l of |f_l(t) + L(l,k) f_k(t)| / rate_l
///
///     f     [n_branch × n_step]   active power of the AC solution at the from end      MW
///     L     [n_branch × n_branch] LODF (security/outage_factors.hpp)                   1
///     rate  [n_branch]            emergency rating; the normal one where none is given MVA
///     s     [n_branch × n_step]   worst loading after any outage                       %
///
/// An outage takes one circuit of a line or one unit of a transformer; a unit of three windings is
/// lost winding by winding. An element shows its worst circuit or unit, a three-winding transformer
/// that of its hv winding. Outages are named by a row of a **joint list**: the rows of the line axis,
/// then those of the transformer axis; −1 is none.
///
/// What DC means: active power only, the rest of the city as dispatched, losses unchanged; voltages
/// and reactive power after an outage are not looked at. Outages that split the grid (bridges) have
/// no factors; they are counted, and what hangs behind them is named.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/epoch/epoch_model.hpp"
#include "results/axes.hpp"
#include "results/results.hpp"
#include "security/outage_screen.hpp"

namespace yuanwang::engine {

class N1Screen {
  public:
    N1Screen(const EpochModel& model, const ResultAxes& axes);

    /// Fills the four N-1 columns of `result`, which has its shape already: NaN and −1 where a step
    /// has no solution, an element no rating or no circuit in service.
    void screen(const powerflow::BlockStates& states, BlockResult& result);

    /// An outage that splits the grid: its joint row, and the buses that lose every unit that could
    /// carry their balance.
    struct Bridge {
        std::uint32_t joint_row = 0;
        std::vector<BusIdx> cut_off;
    };
    [[nodiscard]] const std::vector<Bridge>& bridges() const { return bridges_; }
    /// Circuits and units whose loss is screened.
    [[nodiscard]] std::size_t n_outage() const { return n_outage_; }
    /// False where the grid has no factor: nothing is screened.
    [[nodiscard]] bool usable() const { return screen_.has_value(); }

  private:
    /// Branches that speak for an entry of an axis.
    struct Element {
        std::uint32_t axis_row = 0;
        std::vector<BranchIdx> branches;
    };
    void list_elements(const EpochModel& model);
    void name_outages(const EpochModel& model, std::size_t n_line);
    void find_bridges(const EpochModel& model);
    void fold(const std::vector<Element>& elements, Series& loading_percent, Series& outage) const;

    std::vector<Element> lines_;
    std::vector<Element> transformers_;
    std::vector<std::uint32_t> joint_row_; ///< of each branch
    std::vector<Bridge> bridges_;
    std::size_t n_outage_ = 0;
    std::optional<security::OutageScreen> screen_; ///< none where the grid has no factor
    Series loading_percent_;                       ///< [n_branch × n_step]
    BasicSeries<std::int32_t> outage_;
};

} // namespace yuanwang::engine
