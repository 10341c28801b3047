/// @file
/// Five mismatches between clean sources and demand, each a share of 1; 0 is none. The definitions are our own. Power and
/// price may be negative: then clean energy comes just when it is wanted most.
///
///     space       1 − Σ_z min(G_z, D_z) / D         energy a zone uses and no source in it gives over the run
///     time of day ½ Σ_h |c_h / c − d_h / d|         clean energy that would have to move to another hour of the day
///     season      ½ Σ_m |c_m / c − d_m / d|         … to another month; per hour of the month, so that length plays no part
///     power       E − P                             share of energy less share of power in the steps of highest demand:
///                                                   E = Σ min(c, d) / Σ d over the run, P the same over the highest 1 %
///     price       1 − (Σ π u / Σ u) / (Σ π d / Σ d) how much less a clean MWh is worth than the MWh people use
///
///     c  clean offer: available wind and sun, water as it ran, clean surplus at the far ends of the ties   MW
///     u  what of it was used, d demand, π price of the last source called; h Beijing hour, m month
///     G  energy of the sources of a zone, D its demand; what comes over the ties belongs to no zone
///
/// Where there is no offer, no demand, or no price, a mismatch is left out.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/time_axis.hpp"
#include "results/results.hpp"

namespace yuanwang::engine {

class MismatchAccount {
  public:
    explicit MismatchAccount(const ResultAxes& axes);

    void add(const BlockResult& result);

    /// `mismatch_space`, `mismatch_time_of_day`, `mismatch_season`, `mismatch_power`, `mismatch_price`.
    void finish(std::map<std::string, double>& indicators) const;

  private:
    /// Mean clean offer and demand of steps that have something in common.
    struct Pair {
        double clean_mw = 0;
        double demand_mw = 0;
        double steps = 0;
    };
    struct Step {
        double clean_mw = 0;
        double demand_mw = 0;
    };
    /// Sums weighted by price.
    struct Priced {
        double mwh = 0;
        double cny = 0;
    };

    [[nodiscard]] Step read_step(const BlockResult& result, std::size_t t) const;
    [[nodiscard]] double find_used_mw(const BlockResult& result, std::size_t t) const;
    void add_zones(const BlockResult& result, std::size_t t);
    void write_space(std::map<std::string, double>& indicators) const;
    void write_power(std::map<std::string, double>& indicators) const;
    void write_price(std::map<std::string, double>& indicators) const;

    const ResultAxes& axes_;
    std::vector<Step> steps_;
    std::array<Pair, 24> hours_{};
    std::array<Pair, 12> months_{};
    std::map<std::string, Step> zones_; ///< MW summed over steps: sources, demand
    Priced used_;
    Priced demand_;
};

} // namespace yuanwang::engine
