/// @file
/// Marginal losses of the AC solution for the plan of a block: losses that follow what the plan does, exact where it stands.
///
///     losses(p) = L⁰ + Σ ℓ_r (p_r − p⁰_r),     ℓ_r = 1 − (1 − ℓ_AC,r) / (1 − ℓ_AC,load)
///
///     ℓ_AC,r  marginal losses at the buses of place r (powerflow/marginal_losses.hpp)     1
///     p⁰, L⁰  schedule of the AC solution, its losses                                     MW
///
/// Against the load of the island as the load stands, so what is cut off there saves just what it was, and prices at the load
/// are those of the balance. L⁰ is part of what the input reckons with, −Σ ℓ p⁰ the offset of the network.
///
/// ℓ is renewed by the first AC solution of a block, where it has moved by more than `still`; L⁰ and p⁰ by every one. A plan that
/// jumps between sources of one price would chase factors renewed more often, and never come to the losses it reckons with.
///
/// The first plan of a block takes for each clock time what the day before ended with: L⁰, p⁰ and ℓ. On the first day of an epoch
/// losses do not follow the plan before an AC solution is there.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dispatch/plan/optimal.hpp"
#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/plan/network_rows.hpp"
#include "powerflow/marginal_losses.hpp"

namespace yuanwang::engine {

class LossFactors {
  public:
    /// Keeps a reference to grid and units of `model`.
    LossFactors(const EpochModel& model, const NetworkRows& rows, bool distributed_slack,
                std::size_t steps_per_day);

    /// A block begins: ℓ of buses are those its clock times showed last.
    void begin(const dispatch::BlockInput& input, dispatch::NetworkBlock& network);
    /// What the same clock times showed last, for the steps of `input` behind those `network` has; writes L⁰ into `input`.
    void append(dispatch::BlockInput& input, dispatch::NetworkBlock& network) const;

    /// Learns from the AC solution of a schedule and writes it into the first steps of `network`. `data.dispatch_input` has
    /// the losses of that solution already.
    void learn(const EpochModel& model, const BlockData& data, dispatch::NetworkBlock& network);

    /// ℓ of the buses as `network` has it [n_bus × n_step]; 0 where nothing was learnt.
    [[nodiscard]] const Series& of_buses() const { return bus_; }

    static constexpr double still = 0.002;

  private:
    void relate_to_load(std::span<double> factor) const;
    void renew(std::size_t clock, std::span<double> of_bus);

    dispatch::Places places_;
    std::vector<std::vector<NetworkRows::Share>> buses_of_place_;
    std::vector<std::size_t> island_of_place_;
    std::vector<std::size_t> island_of_bus_;
    std::size_t steps_per_day_;
    powerflow::MarginalLosses losses_;
    Series bus_;
    // By clock time.
    std::vector<bool> known_;
    bool learnt_ = false; ///< ℓ of the block
    Series bus_of_clock_; ///< [n_bus × steps_per_day]
    Series place_;        ///< [n_place × steps_per_day]
    Series offset_mw_;    ///< [n_island × steps_per_day]
    Series loss_mw_;      ///< L⁰, [n_island × steps_per_day]
};

/// The schedule covers other losses than its input says: moves the difference into the input, `network` says the same as before.
void settle_losses(const Series& covered_mw, dispatch::BlockInput& input,
                   dispatch::NetworkBlock& network);

} // namespace yuanwang::engine
