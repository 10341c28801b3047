/// @file
/// DC outages the plain way: B in compressed columns, KLU with AMD, one solution per outage. The baseline of W4.
#pragma once

#include <span>
#include <vector>

#include <klu.h>

#include "network/network.hpp"

namespace yuanwang::workloads {

class OneByOne {
  public:
    /// `p_mw` [n_branch] are the base flows; both are kept by reference.
    OneByOne(const network::Network& grid, BusIdx reference, std::span<const BranchIdx> outages,
             std::span<const double> p_mw);
    ~OneByOne();
    OneByOne(const OneByOne&) = delete;
    OneByOne& operator=(const OneByOne&) = delete;

    /// `flows` [n_outage × n_branch], MW.
    void compute(std::span<double> flows);
    /// Worst |flow| · inverse_rate of every outage; `worst` [n_outage].
    void screen(std::span<const double> inverse_rate, std::span<double> worst);

  private:
    [[nodiscard]] std::vector<std::size_t> place_nodes(BusIdx reference);
    void assemble(BusIdx reference);
    /// Solves for an outage; returns its flow over 1 − h.
    double solve(std::size_t branch);

    const network::Network& grid_;
    std::span<const BranchIdx> outages_;
    std::span<const double> p_mw_;
    std::vector<std::size_t> from_;
    std::vector<std::size_t> to_;
    std::vector<double> b_;
    std::vector<double> theta_;
    int n_ = 0;
    std::vector<int> start_;
    std::vector<int> row_;
    std::vector<double> value_;
    klu_common common_{};
    klu_symbolic* symbolic_ = nullptr;
    klu_numeric* numeric_ = nullptr;
};

} // namespace yuanwang::workloads
