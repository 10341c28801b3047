/// @file
/// Solutions that balance and yet are not believed without a second look.
///
/// A power flow has several solutions; besides the operable one there are others of low voltage and high current, and Newton
/// may end at one of them. Two marks, either of which suffices:
///
///     min |V| < vm_doubtful      over energised buses
///     losses > consumption > 0   and min |V| < 0.9 pu
///
/// Neither proves anything: real solutions close to the loadability limit reach 0.55 pu. The state is kept and marked.
/// Sources: the pair of solutions of a line and a load, Klump and Overbye, IEEE Trans. Power Systems 15(1), 2000;
/// |V| = 0.707 pu at the nose of a lossless line, Kundur, Power System Stability and Control, 1994, section 14.1.
#pragma once

#include <optional>
#include <span>

#include "core/index.hpp"

namespace yuanwang::powerflow {

struct LowestBus {
    BusIdx bus;
    double vm_pu = 0;
};

/// The lowest bus of a state that must be doubted; nothing for an ordinary one and where `vm_doubtful_pu` is 0.
/// `vm_pu` [n_bus], NaN on buses without a source; losses and consumption in MW, consumption positive.
[[nodiscard]] std::optional<LowestBus> find_doubt(std::span<const double> vm_pu, double losses_mw,
                                                  double consumption_mw, double vm_doubtful_pu);

} // namespace yuanwang::powerflow
