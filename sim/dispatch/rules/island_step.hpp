/// @file
/// One island in one step while the rules walk through it: the residual, the room of every row,
/// and the verbs of rules.hpp. Used by rules.cpp only.
#pragma once

#include <cstddef>
#include <vector>

#include "dispatch/ledger.hpp"
#include "dispatch/rules/managed_call.hpp"
#include "dispatch/rules/thermal_ramps.hpp"
#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

/// Rows of each table that stand in one island, and what follows from the table alone.
struct IslandRows {
    std::vector<std::size_t> must_run;
    std::vector<std::size_t> variables;
    std::vector<std::size_t> hydros;
    std::vector<std::size_t> thermals;
    std::vector<std::size_t> ties; ///< by price of the surplus
    std::vector<std::size_t> storages;
    struct Offer {
        bool firm = false; ///< firm energy of a tie, else a thermal plant
        std::size_t row = 0;
        double price_cny_per_mwh = 0;
    };
    std::vector<Offer> offers; ///< thermal and firm energy by price
};
[[nodiscard]] std::vector<IslandRows> sort_rows(const Table& table);

/// Groups each tie belongs to, as (group, share).
struct GroupShare {
    std::size_t group = 0;
    double share = 0;
};
[[nodiscard]] std::vector<std::vector<GroupShare>> list_groups_of_ties(const Table& table);

/// What the walk needs beside the row lists; one per block.
struct Walk {
    const Table& table;
    const BlockInput& input;
    State& state;
    Schedule& schedule;
    const std::vector<std::vector<GroupShare>>& groups_of_tie;
    ManagedCaller& managed;
    ThermalRamps ramps;
    std::vector<double> water_mwh; ///< [n_hydro], flexible energy left in the block
};

/// Differences below this are rounding.
inline constexpr double tiny_mw = 1e-9;

class IslandStep {
  public:
    IslandStep(Walk& walk, const IslandRows& rows, std::size_t island, std::size_t t);

    void run_what_must();
    void take_wind_and_sun();
    void find_use_for_surplus();
    void import_surplus();
    void charge_from_unused_surplus();
    void discharge();
    void release_water();
    void call_by_price();
    void call_managed_load();
    void leave_unserved();
    void move_storages();

  private:
    [[nodiscard]] double import_room_mw(std::size_t tie) const;
    [[nodiscard]] double export_room_mw(std::size_t tie) const;
    [[nodiscard]] double surplus_room_mw(std::size_t tie) const;
    [[nodiscard]] double firm_room_mw(std::size_t tie) const;
    [[nodiscard]] double tie_mw(std::size_t tie) const;
    [[nodiscard]] double group_mw(std::size_t group) const;

    [[nodiscard]] double charge_limit_mw(std::size_t storage) const;
    [[nodiscard]] double discharge_limit_mw(std::size_t storage) const;
    double charge(double p_mw, double green_share);
    double import_surplus_of(const std::vector<std::size_t>& ties, double p_mw);
    void export_surplus();
    void curtail();
    void back_down();
    void raise_thermal(std::size_t k);
    [[nodiscard]] double
    most_mw(std::size_t thermal) const; ///< of the plant, heat and ramp reckoned with
    [[nodiscard]] double least_mw(std::size_t thermal) const; ///< for its heat and by its ramp
    void import_firm(const IslandRows::Offer& offer);
    bool start_unit(std::size_t k);
    [[nodiscard]] double firm_room_mw() const;
    [[nodiscard]] double sum_ahead(const Series& day_ago, double otherwise) const;
    [[nodiscard]] std::size_t clock() const;
    double make_room(double p_mw, std::size_t for_plant, bool really);
    void note_price(double price_cny_per_mwh);

    Walk& walk_;
    const Table& table_;
    const BlockInput& input_;
    Schedule& s_;
    const IslandRows& rows_;
    std::size_t island_;
    std::size_t t_;
    double residual_mw_ = 0;
    double unstorable_mw_ = 0; ///< charging that full storages refused
    bool called_ = false;      ///< a source with a price
    double firm_gap_mw_ = 0;   ///< beyond firm plants and ties, were there no wind, sun and surplus
};

} // namespace yuanwang::dispatch
