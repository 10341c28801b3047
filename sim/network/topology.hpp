/// @file
/// Questions to the graph of buses and branches: what hangs together, what one outage cuts off, where loops close.
///
/// Vertices are electrical nodes (buses joined by closed switches are one), edges are branches in service. Answers come
/// in linear time and are exact, which no matrix is: round-off often lets a factorisation of a split grid succeed. Every
/// answer is in ascending order of rows, so it does not depend on how the graph was walked.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "network/network.hpp"

namespace yuanwang::network {

/// The electrically separate parts. A bus without any branch is a part of its own.
struct Islands {
    Column<BusIdx, int> of_bus; ///< part of each bus, counted from 0 in order of the first bus
    int count = 0;
};

/// Parts of the grid with `outage` taken out.
[[nodiscard]] Islands find_islands(const Network& grid, std::span<const BranchIdx> outage = {});

/// Branches whose outage splits a part. Parallel circuits are no bridges: the other one remains.
[[nodiscard]] std::vector<BranchIdx> find_bridges(const Network& grid);

/// A corridor: all circuits and units between the same two nodes.
struct Corridor {
    BusIdx from; ///< the lower row
    BusIdx to;
    std::vector<BranchIdx> branches;
};

/// Corridors of the branches that join two nodes of a voltage level, `base_kv` ± 1 %; of all
/// branches where it is 0.
[[nodiscard]] std::vector<Corridor> find_corridors(const Network& grid, double base_kv = 0);

/// The meshed part of one voltage level.
struct Backbone {
    std::vector<BusIdx> nodes;
    std::vector<Corridor> corridors;
    int independent_loops = 0; ///< corridors − nodes + parts
};

/// The sub-graph of one voltage level with parallel branches merged and radial ties taken off again
/// and again until none is left. 日 has 6 nodes, 7 corridors, 2 independent loops.
[[nodiscard]] Backbone find_backbone(const Network& grid, double base_kv);

/// Independent loops of the whole grid: branches − nodes + parts. `merge_parallel` counts a
/// corridor as one edge.
[[nodiscard]] int count_independent_loops(const Network& grid, bool merge_parallel);

/// A closed way through the grid: each branch once, +1 where the way runs from `from` to `to`, else −1.
struct Loop {
    std::vector<BranchIdx> branches;
    std::vector<int> direction;
};

/// A basis of the loops of the grid: branches − nodes + parts of them, one for every branch in service outside a spanning
/// forest, in the order of these branches. The forest grows breadth first, so loops are short. A branch whose ends closed
/// switches make one node is a loop of its own.
[[nodiscard]] std::vector<Loop> find_loop_basis(const Network& grid);

/// The branches from a bus to the nearest of `sources` (fewest branches; ties go to the lower
/// rows), in that order. Empty where the bus is a source itself or no source can be reached;
/// `reached` tells which.
struct SupplyPath {
    bool reached = false;
    BusIdx source;
    std::vector<BranchIdx> branches;
};
[[nodiscard]] SupplyPath find_supply_path(const Network& grid, BusIdx bus,
                                          std::span<const BusIdx> sources);

/// Buses that lose every source when `outage` goes out, though they had one before.
[[nodiscard]] std::vector<BusIdx> find_cut_off(const Network& grid,
                                               std::span<const BranchIdx> outage,
                                               std::span<const BusIdx> sources);

} // namespace yuanwang::network
