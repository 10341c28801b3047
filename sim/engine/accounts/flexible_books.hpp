/// @file
/// What moving its load did to a device: exact bath temperatures and metal of potlines, work of data centers, rooms, basins.
///
/// Dispatch plans with linear accounts. Here the bath of every modulated potline follows its exact equation at the current
/// that takes the power of the step, and that temperature is what the next block begins with. Work is counted where it
/// ran: arrived = done + lost + waiting, over all centers of a pool; a queue over the pool, first come, first served, tells
/// how long it waited.
///
/// Where power was cut off, nothing is made of it: a center that got the share s of its power does s of its work and loses
/// the rest (it is not taken up again; what managed load draws afterwards makes good for it), a potline makes what its
/// current makes, and cools. Rooms, basins and stocks are booked as planned.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"

namespace yuanwang::engine {

class FlexibleBooks {
  public:
    /// Into an epoch: accounts begin where their devices stand.
    void enter(const EpochModel& model, dispatch::State& state);
    /// Moves the devices through a block and puts what they truly are at its end into `state`.
    void record(const EpochModel& model, double dt_h, BlockData& data, dispatch::State& state);
    void finish(Summary& summary) const;

  private:
    struct Bath {
        double bath_k = 0;
        double min_k = 0;
        double max_k = 0;
        double made_t = 0;
        double nominal_t = 0;
        double energy_mwh = 0; ///< AC
        double moved_mwh = 0;  ///< drawn beyond the plan
    };
    struct Center {
        double it_mwh = 0;
        double p_mwh = 0;
        double hours = 0;
        double free_hours = 0;
        double arrived_mwh = 0; ///< work, MWh of IT
        double done_mwh = 0;
        double lost_mwh = 0;  ///< planned, and power was cut off
        double moved_mwh = 0; ///< grid energy drawn beyond the plan
        bool waits = false;
        double wait_max_h = 0; ///< of the work of its pool
    };
    /// Work of a pool that has arrived and not been done, oldest first.
    struct Queue {
        struct Job {
            std::size_t step = 0; ///< in which it arrived
            double mwh = 0;
        };
        std::deque<Job> jobs;
    };
    struct Store { ///< rooms, basins and stocks
        double min = 0;
        double max = 0;
        double moved_mwh = 0;
        double net_mwh = 0;
        double last = 0;
    };
    void add_centers(const EpochModel& model, double dt_h, const BlockData& data);
    void add_potline(const EpochModel& model, std::size_t row, double dt_h, const BlockData& data,
                     dispatch::State& state);
    void add_jobs(const EpochModel& model, std::size_t row, double dt_h, const BlockData& data);
    void serve_queue(const EpochModel& model, std::size_t account, double dt_h,
                     const BlockData& data);
    static void add_store(std::size_t row, std::size_t account, double dt_h, const BlockData& data,
                          Store& store);

    std::map<std::string, Bath> baths_;
    std::map<std::string, Center> centers_;
    std::map<std::string, Store> rooms_;
    std::map<std::string, Store> basins_;
    std::map<std::string, Store> stocks_; ///< of works
    std::vector<Queue> queues_;           ///< [n_account] of the epoch
    double work_late_mwh_ = 0;            ///< done after its deadline
    double work_gap_mwh_ = 0;             ///< arrived − done − lost − waiting, over all pools
};

} // namespace yuanwang::engine
