/// @file
/// The chronological pass: a step starts from the positions of the step before, yet all steps are solved side by side.
///
/// Every step is solved from the positions it is thought to start from. Then, step after step, the linear model of
/// `VoltageControls` tells where each would have ended from where the one before ended:
///
///     V_r' = V_r + Σ_c S_rc (n_c' − n_c),   then the controls decide on V'
///
/// and the steps whose start was thought wrongly are solved again. Each round makes at least one more step right for
/// good; with a good model two or three rounds do for a day. The end is that of solving one step after the other.
/// Source: as parareal (Lions, Maday, Turinici, C. R. Acad. Sci. 332, 2001), with a coarse model that is exact for whole
/// positions once it guesses them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "powerflow/batch/step_control.hpp"
#include "powerflow/block.hpp"
#include "powerflow/voltage_controls.hpp"

namespace yuanwang::powerflow::batch {

class Chronology {
  public:
    /// Keeps a reference.
    explicit Chronology(const VoltageControls& controls);

    /// A block of steps begins at these positions; all are thought to start there.
    void start(const StartPositions& first, StepTable& table);

    /// What step t ended with: its regulated voltages, and 1 where no unit holds the regulated node; [n_control].
    [[nodiscard]] std::span<double> vm(std::size_t t) { return row(vm_, t); }
    [[nodiscard]] std::span<unsigned char> is_free(std::size_t t) { return row(is_free_, t); }

    /// Corrects the starts in the table by how the steps have ended; appends the steps whose start has moved.
    void correct(StepTable& table, std::vector<std::size_t>& wrong);

  private:
    template <class U>
    [[nodiscard]] std::span<U> row(std::vector<U>& column, std::size_t t) const {
        return std::span{column}.subspan(t * controls_->size(), controls_->size());
    }
    void predict(StepTable& table, std::size_t t);

    const VoltageControls* controls_;
    VoltageControls::State now_;  ///< the step as predicted
    VoltageControls::State then_; ///< as solved
    std::vector<double> vm_;      ///< [n_control × n_step]
    std::vector<unsigned char> is_free_;
};

} // namespace yuanwang::powerflow::batch
