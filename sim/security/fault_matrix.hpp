/// @file
/// The positive-sequence admittance matrix of a short-circuit calculation, factorised once: columns of the impedance matrix.
///
///     Y_ii = Σ 1/Z of branches and sources at i,   Y_ij = −1/Z of the branches between,   Z = Y⁻¹
///
///     Y  [n_node × n_node]   pu on 100 MVA, nodes joined by closed switches are one
///     Z  [n_node × n_node]   pu; column i is the voltage everywhere per unit of current drawn at i
///
/// Nodes that no source reaches carry no current and are no rows.
#pragma once

#include <complex>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "network/network.hpp"
#include "powerflow/complex_factor.hpp"
#include "security/short_circuit_impedance.hpp"

namespace yuanwang::security {

class FaultMatrix {
  public:
    using Complex = std::complex<double>;
    static constexpr std::size_t lanes = powerflow::ComplexFactor::lanes;

    /// Lays out the pattern for these branches with `out` [sorted] taken out. Keeps references.
    FaultMatrix(const network::Network& network, const FaultBranches& branches,
                std::vector<BranchIdx> out = {});

    /// Impedances from a bus to ground, beside the branches.
    struct Source {
        BusIdx bus;
        Complex z_pu;     ///< of one
        double count = 1; ///< equal ones in parallel; 0 takes none
    };
    /// Sums branches and sources with every reactance times `reactance_factor`, and factorises. `sources` are given at
    /// the nominal frequency. False where the matrix is singular.
    [[nodiscard]] bool factorise(std::span<const Source> sources, double reactance_factor = 1);

    /// True where a source reaches the bus.
    [[nodiscard]] bool is_fed(BusIdx bus) const { return row(bus) >= 0; }
    /// Row of a bus in the columns of Z; −1 where no source reaches it.
    [[nodiscard]] std::int32_t row(BusIdx bus) const { return row_[network_->node[bus].row()]; }
    [[nodiscard]] std::size_t n_row() const { return n_row_; }

    /// Columns of Z for up to `lanes` fed buses: `z` [n_row × buses].
    void compute_columns(std::span<const BusIdx> buses, std::span<Complex> z) const;

  private:
    void number_rows(std::span<const Source> sources);
    void make_pattern();
    [[nodiscard]] bool joins(BranchIdx k) const;

    const network::Network* network_;
    const FaultBranches* branches_;
    std::vector<std::uint8_t> out_; ///< [n_branch]
    std::vector<std::int32_t> row_; ///< [n_bus] by node
    std::size_t n_row_ = 0;
    std::vector<int> column_start_;
    std::vector<int> pattern_row_;
    std::optional<powerflow::ComplexFactor> factor_;
};

} // namespace yuanwang::security
