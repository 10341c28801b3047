/// @file
/// The admittance matrix as Newton reads it: one row per electrical node, a fixed symmetric pattern, values that follow
/// taps and shunts.
///
/// Nodes are the electrical nodes of the network numbered without gaps; buses joined by closed switches share one.
#pragma once

#include <span>
#include <vector>

#include "network/branch_admittance.hpp"
#include "network/network.hpp"

namespace yuanwang::powerflow {

/// Where a branch stands in the matrix. Node −1 on both sides for a branch out of service.
struct BranchPlace {
    int from = -1;
    int to = -1;
    std::size_t ff = 0; ///< positions in `g` and `b`
    std::size_t ft = 0;
    std::size_t tf = 0;
    std::size_t tt = 0;
};

class NodalMatrix {
  public:
    /// Taps and shunts stand as scheduled. Keeps a reference to the network.
    explicit NodalMatrix(const network::Network& grid);

    /// Brings the values to these positions [n_tap], [n_shunt]. Allocates nothing.
    void set_positions(std::span<const int> taps, std::span<const int> shunts);

    [[nodiscard]] std::size_t n_node() const { return diagonal.size(); }
    [[nodiscard]] std::size_t n_entry() const { return column.size(); }

    std::vector<int> node_of_bus;    ///< [n_bus]
    std::vector<BusIdx> bus_of_node; ///< [n_node] the bus whose row the node is
    std::vector<int> row_start;      ///< [n_node + 1]
    std::vector<int> column; ///< [n_entry], ascending within a row; the diagonal is always there
    std::vector<std::size_t> diagonal;             ///< [n_node]
    std::vector<double> g;                         ///< [n_entry]
    std::vector<double> b;                         ///< [n_entry]
    std::vector<BranchPlace> place;                ///< [n_branch]
    std::vector<network::BranchAdmittance> branch; ///< [n_branch] at the present taps
    std::vector<double> shift_rad;                 ///< [n_branch]
    std::vector<double> g_shunt; ///< [n_node] conductance of shunts, for the losses

  private:
    void number_nodes();
    void make_pattern();
    void sum_values();

    const network::Network* grid_;
    std::vector<int> taps_;
    std::vector<int> shunts_;
};

} // namespace yuanwang::powerflow
