/// @file
/// Tables of epochs that follow one another, put on the same rows, so that one plan may look across the boundary.
///
/// Rows are matched by name: those of the first epoch stand first and in their order, then what only later epochs have. In
/// the table of an epoch a row that is not there has no room: plants no units or no output, ties no import and no export,
/// storages no power (what they hold stays), groups of ties no limit, moved load nothing to move. So a plan of blocks of
/// several epochs uses each step's own numbers, and its schedule of the first block is that of the first epoch: the first
/// rows of every family.
///
/// What a storage is made of (efficiencies, standing loss), which plants count as thermal and what accounts keep is taken from
/// the first epoch that has them; a ramp holds for plants that are there throughout. Stored energy of a storage that leaves
/// has no value at the end of the plan.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "dispatch/plan/optimal.hpp"
#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

/// Names of the rows of a table; unique within a family. Managed load has none: it must be the same in all epochs.
struct RowNames {
    std::vector<std::string> islands;
    std::vector<std::string> must_run;
    std::vector<std::string> variables;
    std::vector<std::string> hydros;
    std::vector<std::string> thermals;
    std::vector<std::string> ties;
    std::vector<std::string> groups;
    std::vector<std::string> storages;
    std::vector<std::string> flexibles;
    std::vector<std::string> accounts;
};

class JointTable {
  public:
    /// One table and its names for each epoch, in their order.
    JointTable(std::span<const Table* const> tables, std::span<const RowNames> names);

    /// The table of an epoch on the joint rows.
    [[nodiscard]] const Table& table(std::size_t epoch) const { return tables_[epoch]; }
    /// Joint place of a place of an epoch's own table.
    [[nodiscard]] const std::vector<std::size_t>& places(std::size_t epoch) const {
        return places_[epoch];
    }

    /// Input of a block of an epoch on the joint rows.
    [[nodiscard]] BlockInput join(std::size_t epoch, const BlockInput& own) const;
    /// State of the first epoch on the joint rows, `n_step` steps before the first later epoch begins.
    [[nodiscard]] State join(const State& own, std::size_t n_step, double dt_h) const;

    /// Back to the rows of the first epoch.
    void part(const State& joint, State& own) const;
    void part(const Schedule& joint, Schedule& own) const;
    void part(PlanOutcome& outcome) const;

  private:
    struct Rows { ///< of an epoch: joint row of each of its rows
        std::vector<std::size_t> islands;
        std::vector<std::size_t> must_run;
        std::vector<std::size_t> variables;
        std::vector<std::size_t> hydros;
        std::vector<std::size_t> thermals;
        std::vector<std::size_t> ties;
        std::vector<std::size_t> groups;
        std::vector<std::size_t> storages;
        std::vector<std::size_t> flexibles;
        std::vector<std::size_t> accounts;
    };
    void number_rows(std::span<const RowNames> names);
    void join_structure(const Table& own, const Rows& at);
    void write_numbers(const Table& own, const Rows& at, Table& table) const;
    void list_places(std::span<const Table* const> tables);

    std::vector<Rows> rows_;    ///< [n_epoch]
    Rows count_;                ///< in how many epochs each joint row is
    Table structure_;           ///< every row as the first epoch that has it has it
    std::vector<Table> tables_; ///< [n_epoch]
    std::vector<bool> leaves_;  ///< [n_storage], not in the last epoch
    Table first_;               ///< as it was given
    std::vector<std::vector<std::size_t>> places_; ///< [n_epoch]
};

} // namespace yuanwang::dispatch
