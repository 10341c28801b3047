/// @file
/// Where green energy goes: the traced share at every bus, and of every load and zone.
///
///     s_bus(i,t)   share of green energy in what the network hands on at bus i (powerflow/flow_trace.hpp)
///     traced(load) = Σ_t p(t) s_bus(t) / Σ_t p(t)           p: what the load was served, MW; several buses by their shares
///     hourly(load) = Σ_t p(t) s_city(t) / Σ_t p(t)          s_city: hourly matched share of the whole city (green.hpp)
///
/// Traced energy follows the wires: a load beside a dam is greener than one behind a coal plant, although both have the
/// mix of the city by the hour. What units bring: sun, wind and water are green; waste by its biogenic share; a tie by
/// its clean surplus and the green share of its firm energy; a storage by what is stored (green.hpp); coal not at all.
/// Steps without an AC solution are left out.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "powerflow/flow_trace.hpp"

namespace yuanwang::engine {

class GreenTrace {
  public:
    explicit GreenTrace(const ResultAxes& axes);

    /// The network of the blocks to come.
    void enter_epoch(const EpochModel& model) { trace_.emplace(model.grid, model.units.units); }

    /// Traces every step of a block that is recorded already: fills `bus_green_share` of its result and adds up its loads.
    void add(const EpochModel& model, double dt_h, BlockData& data);

    /// `green_share_traced` of the city; `green_share_traced` and `green_share_hourly` of data centers, potlines and zones
    /// under `Summary::devices`.
    void finish(Summary& summary) const;

  private:
    struct Served {
        double mwh = 0;
        double traced_mwh = 0; ///< of it green, by the wires
        double hourly_mwh = 0; ///< of it green, by the mix of the city
        void add(const Served& other) {
            mwh += other.mwh;
            traced_mwh += other.traced_mwh;
            hourly_mwh += other.hourly_mwh;
        }
    };

    void add_loads(const EpochModel& model, const BlockData& data, std::size_t t, double dt_h);

    const ResultAxes& axes_;
    std::optional<powerflow::FlowTrace> trace_;
    std::vector<double> unit_share_; ///< [n_unit]
    std::vector<double> bus_share_;  ///< [n_bus]
    std::vector<double> load_share_; ///< [n_load], of the step
    std::vector<double> load_reach_; ///< [n_load], share of the load at buses that are fed
    std::vector<Served> load_;       ///< load axis
};

} // namespace yuanwang::engine
