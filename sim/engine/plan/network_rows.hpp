/// @file
/// The network as a plan sees it: flows of branches and sections in the places of the dispatch table, DC, corrected by what
/// the AC solution of the block showed.
///
///     f_k(t) = f⁰_k(t) + Σ_r H_kr p_r(t),     f⁰ = −H (load + losses) + ε
///     ε_k(t) = f_AC − f_DC at the same injections, those the slack took included (slack_power.hpp)
///     P̄_k(t) = √(s² − Q²) less what the branch loses, with Q of the AC solution, of the end that carries more
///
/// A limit that the AC solution breaks although ε was corrected before, in the same block, is tightened by what it was broken
/// by: a plan that moves also moves ε, and so comes to rest on the safe side. What a plan itself paid an overload for cannot
/// be kept, and is not tightened.
///
/// Rows are the branches of the network in their order, the sections no group of ties stands for, sections with what they may
/// carry after an outage, then plants that may lose a unit, whose flow is their output. Of circuits or units
/// that are alike the first stands for all: the others have no limit of their own. ε and P̄ of a clock
/// time are the guess for the same clock time of the next day, so that one AC solution mostly confirms the plan.
/// A section with another limit in reverse is written around the middle of its band: −s_rev ≤ f ≤ s ⇔ |f − m| ≤ (s + s_rev)/2
/// with m = (s − s_rev)/2, and f⁰ holds −m.
///
/// After an outage of c the emergency rating counts, again in apparent power; elements the study excepts are free:
///
///     P̄ᵉ_k(t) = min over c near the rating of √(s_e² − Q'²) − r_k ΔP²     Q' = Q_k + L_kc Q_c + ½ x_k ΔP²    of either end
///     ΔP² = P'² − P_k²,   P' = P_k + L_kc P_c
///
/// What an outage takes with it comes back by participation w of the units that share the slack, H_w = Σ w_r H_kr:
///
///     unit of plant u of n units   f'_k = f_k + L_ku p_u,   L_ku = (H_w − H_ku) / n
///     branch m that leaves load or plants in the dark at its end j, i staying:   f'_k = f_k + L_km f_m,   L_km = H_ki − H_w
///     branch m that leaves a grid whole   LODF
///
/// Participation is kept whatever the room of who responds: a plan may be more careful than the response is.
/// An outage that leaves two living parts has no row.
///
/// What the island gives up (managed, cut off) is spread over its load.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "dispatch/plan/optimal.hpp"
#include "engine/epoch/availability.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "security/dc_factor.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

/// A limit the AC solution of a schedule leaves broken.
struct BrokenLimit {
    std::size_t step = 0;                              ///< of the block
    std::size_t row = 0;                               ///< of NetworkRows
    std::size_t outage = dispatch::program::no_outage; ///< row lost; none: the base state
    double loading = 0;                                ///< 1 being full
    double paid_mw = 0; ///< overload the plan itself could not avoid; 0: it meant to keep the limit
};

/// What a schedule injects in the places of its table, MW; demand and losses left out.
void list_place_power(const dispatch::Table& table, const dispatch::Places& places,
                      const dispatch::Schedule& schedule, std::size_t t, std::span<double> p_mw);

class NetworkRows {
  public:
    struct Share {
        std::size_t bus;
        double share;
    };

    /// `load_mw` [n_load]: how loads stand to each other where an island gives something up.
    NetworkRows(const Study& study, const EpochModel& model, std::span<const double> load_mw);

    /// False where the grid has no factor: the plan is a copper plate then.
    [[nodiscard]] bool usable() const { return usable_; }
    [[nodiscard]] const dispatch::NetworkLimits& limits() const { return limits_; }
    /// Buses of every place with their shares; of islands those of their load.
    [[nodiscard]] const std::vector<std::vector<Share>>& buses_of_place() const { return at_; }
    /// Element of a row: a line, transformer or section.
    [[nodiscard]] const std::string& id(std::size_t row) const { return id_[row]; }
    [[nodiscard]] std::span<const std::string> ids() const { return id_; }

    /// Circuits or units a row stands for, itself among them.
    [[nodiscard]] int circuits(std::size_t row) const { return circuits_[row]; }

    /// Takes the limits of `branch_n`, `branch_n1` or `section` away for good; of any other cause there are none.
    void take_away(dispatch::Cause cause);
    /// Goes on from what the same network of another run learnt: ε, P̄ and P̄ᵉ.
    void take_over(const NetworkRows& other);

    /// Flow of loads and losses of a block, ε and P̄ of its clock times, appended to `network`.
    void append(const EpochModel& model, const Demand& demand, const dispatch::BlockInput& input,
                dispatch::NetworkBlock& network);
    /// A block begins: forgets what was tightened.
    void clear(dispatch::NetworkBlock& network);

    /// Learns ε and P̄ from the AC solution of a schedule and writes them into the first steps of `network`, tightened limits
    /// included. True where a limit is broken that the plan meant to keep.
    bool learn(const EpochModel& model, const dispatch::BlockInput& input,
               const dispatch::Schedule& schedule, const dispatch::PlanOutcome& outcome,
               const powerflow::BlockInjections& injections, const powerflow::BlockStates& states,
               dispatch::NetworkBlock& network);

    /// What the AC solution learnt from last breaks, of the outages of a limit the worst one.
    [[nodiscard]] std::span<const BrokenLimit> broken() const { return broken_; }

    /// Marginal price of every bus from those of the islands, marginal losses [n_bus × n_step] (empty: none) and the limits
    /// that bind, [n_bus × n_step].
    void price_buses(const EpochModel& model, const dispatch::PlanOutcome& outcome,
                     const Series& loss_factor, std::size_t n_step, Series& price_cny_per_mwh);

  private:
    void list_limits(const Study& study, const EpochModel& model);
    void list_places(const EpochModel& model, std::span<const double> load_mw);
    void make_factors();
    void list_sections(const Study& study, const EpochModel& model);
    void list_units(const Study& study, const EpochModel& model);
    void add_section(const EpochModel& model, SectionIdx section, double forward_mw,
                     double reverse_mw, bool after_outage);
    void list_outages(const EpochModel& model);
    void list_unit_outages(const EpochModel& model);
    void list_cutting_outages(const EpochModel& model);
    /// Flow changes of all rows, [n_limit × n], for injections [n_bus × n]; participants take what these leave.
    void answer_by_participation(const EpochModel& model, Series& injection_mw, Series& change_mw);
    /// What row k loses when it is an outage: a branch its flow, a plant its output, MW at the from end.
    [[nodiscard]] double lost_mw(const powerflow::BlockStates& states, std::size_t t,
                                 std::size_t row) const;
    [[nodiscard]] double sure(std::size_t row) const;
    /// Flows of all rows, MW, from injections at buses [n_bus × n_step].
    void compute_flows(const Series& injection_mw, Series& flow_mw);
    void find_flow(const powerflow::BlockStates& states, std::size_t t,
                   std::span<double> flow_mw) const;
    void learn_limits(const powerflow::BlockStates& states, std::size_t t, std::size_t clock);
    void learn_emergency(const powerflow::BlockStates& states, std::size_t t, std::size_t clock);
    [[nodiscard]] double find_room(const powerflow::BlockStates& states, std::size_t t,
                                   std::size_t k) const;
    void find_broken(std::span<const double> flow_mw, std::size_t t, std::size_t clock);
    void find_paid(const dispatch::PlanOutcome& outcome);
    [[nodiscard]] bool tighten(dispatch::NetworkBlock& network);
    const std::vector<double>& factors_of_row(std::size_t row);

    bool usable_ = false;
    security::DcFactor factor_;
    std::size_t n_bus_ = 0;
    std::size_t n_branch_ = 0;
    dispatch::Places places_;
    dispatch::NetworkLimits limits_;
    std::vector<std::string> id_;
    std::vector<int> circuits_;          ///< [n_limit]
    std::vector<std::vector<Share>> at_; ///< buses of each place
    struct Term {
        std::size_t branch;
        double sign;
    };
    std::vector<std::vector<Term>> sections_; ///< rows after the branches
    std::vector<double> middle_mw_;           ///< m of each of `sections_`
    struct PlantRow {
        UnitIdx unit;
        std::size_t place = 0;
        double machines = 1;
    };
    std::vector<PlantRow> plants_;      ///< rows after the sections
    std::vector<double> rate_mva_;      ///< [n_branch], infinite: none
    std::vector<char> terminal_at_to_;  ///< [n_branch] network/terminal_power.hpp
    std::vector<double> emergency_mva_; ///< [n_branch], infinite: none
    std::vector<double> r_pu_, x_pu_;   ///< [n_branch]
    struct Ends {
        std::size_t from; ///< row of the factor; its number of rows where a reference
        std::size_t to;
    };
    std::vector<Ends> ends_; ///< [n_branch]

    std::size_t steps_per_day_;
    Series epsilon_mw_;        ///< ε, [n_limit × steps_per_day]
    Series most_mw_;           ///< P̄, [n_limit × steps_per_day]
    Series emergency_mw_;      ///< P̄ᵉ, [n_limit × steps_per_day]
    Series less_mw_;           ///< taken off P̄ in the block, [n_limit × n_step]
    Series less_emergency_mw_; ///< taken off P̄ᵉ
    bool corrected_ = false;   ///< ε of the block, at least once
    std::vector<BrokenLimit> broken_;
    std::map<std::size_t, std::vector<double>> row_factors_; ///< H of limits that bound, [n_bus]
    std::vector<double> lanes_;
    Series injection_mw_;
    Series flow_mw_;
};

} // namespace yuanwang::engine
