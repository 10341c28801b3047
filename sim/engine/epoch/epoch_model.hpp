/// @file
/// One epoch made ready: everything that follows from its system alone, computed once.
#pragma once

#include <vector>

#include "engine/epoch/dispatch_table.hpp"
#include "engine/epoch/unit_table.hpp"
#include "network/network.hpp"
#include "powerflow/batch/block_solver.hpp"
#include "results/axes.hpp"
#include "study/study.hpp"

namespace yuanwang::engine {

struct EpochModel {
    const System* system = nullptr;
    network::Network grid;
    AxisMap axes;
    DispatchTable dispatch;
    UnitTable units;
    LoadBuses load_buses;
    powerflow::batch::BlockSolver solver;

    // Branches of every entry of the epoch's axes, rows as written.
    std::vector<std::vector<BranchIdx>> line_branches;        ///< lines, then impedance branches
    std::vector<std::vector<BranchIdx>> transformer_branches; ///< all windings and units
    struct SectionTerm {
        BranchIdx branch;
        double sign = 1;
    };
    std::vector<std::vector<SectionTerm>> section_branches;
};

[[nodiscard]] EpochModel make_epoch_model(const Study& study, const Epoch& epoch,
                                          const ResultAxes& axes, int n_thread = 1);

/// True for the branch of a transformer whose from end is its hv bus.
[[nodiscard]] bool is_hv_side(network::BranchKind kind);

} // namespace yuanwang::engine
