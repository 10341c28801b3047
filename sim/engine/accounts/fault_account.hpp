/// @file
/// Fault levels of every bus and short-circuit ratios of every wind and solar station through a run.
///
/// **Largest currents.** Once per epoch with every machine on, c_max; the largest of all epochs stands. The same for every
/// switching variant of the study.
/// **Smallest currents and ratios.** For the machines that run: each distinct set of running machines is solved once, c = 1,
/// feeders at their least, motors and converters left out. A bus keeps the smallest current of all steps; a station has
/// its ratios in every step, at rated power of all stations.
///
/// | name                            | is                                                                |
/// |---------------------------------|-------------------------------------------------------------------|
/// | short_circuit_max_ka            | largest I"k3 of any bus of 100 kV and more                        |
/// | short_circuit_over_rating_buses | buses whose breaking current I_b exceeds the rating of their breakers|
/// | scr_min, mrscr_min              | least ratio of any station in any step                            |
/// | mrscr_weak_hours                | hours in which some station is below the limit of the study       |
/// | commitment_patterns             | distinct sets of running machines                                 |
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "engine/epoch/fault_plan.hpp"
#include "security/fault_matrix.hpp"
#include "security/short_circuit.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

class FaultAccount {
  public:
    FaultAccount(const Study& study, const ResultAxes& axes);

    /// Computes the largest currents of an epoch. Keeps a reference to the model until the next call.
    void enter_epoch(const EpochModel& model);
    /// Fills the ratio columns of a block and takes its smallest currents in.
    void add(BlockData& data);
    void finish(Summary& summary) const;

  private:
    struct Pattern { ///< a set of running machines
        Column<BusIdx, double> ik3_ka;
        security::StrengthRatios ratios;
    };
    struct Bus { ///< over the run
        double ik3_max_ka = 0, ik2_max_ka = 0, ip_ka = 0, ib_ka = 0, ith_ka = 0, sk_max_mva = 0;
        double r_over_x = 0, converter_ka = 0;
        double ik3_min_ka = -1; ///< none yet
        std::vector<double> variant_ka;
    };
    struct Station {
        double scr_min = -1, mrscr_min = -1, mrscr_sum = 0, sk_min_mva = 0;
        std::size_t steps = 0, weak_steps = 0;
        double p_mw = 0;
    };
    void take_largest(const security::ShortCircuitCurrents& currents);
    void compare_variants();
    [[nodiscard]] std::vector<BranchIdx> list_open(const SwitchingVariant& variant) const;
    const Pattern& solve_pattern(const std::vector<int>& count);
    void add_step(const Pattern& pattern, std::size_t t, BlockData& data);
    [[nodiscard]] double find_rating_ka(double base_kv) const;
    void list_levels(Summary& summary) const;
    void list_stations(Summary& summary) const;

    const Study& study_;
    const ResultAxes& axes_;
    const EpochModel* model_ = nullptr;
    FaultPlan plan_;
    security::FaultBranches branches_;
    std::unique_ptr<security::FaultMatrix> matrix_;
    std::vector<security::FaultMatrix::Source> impedances_;
    std::map<std::vector<int>, Pattern> patterns_; ///< of the epoch
    std::size_t n_pattern_ = 0;
    std::vector<int> count_;
    std::vector<Bus> buses_;        ///< on the bus axis
    std::vector<Station> stations_; ///< on the source axis
    std::size_t weak_steps_ = 0;
};

} // namespace yuanwang::engine
