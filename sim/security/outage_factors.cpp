#include "security/outage_factors.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <limits>

#include "network/topology.hpp"

namespace yuanwang::security {

namespace {

constexpr std::size_t W = DcFactor::lanes;

/// Branches in service that close a loop.
std::vector<bool> find_outages(const network::Network& grid) {
    std::vector<bool> may_be_lost(grid.n_branch());
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const bool loop = grid.node[grid.branches.from[k]] == grid.node[grid.branches.to[k]];
        may_be_lost[k.row()] = grid.branches.in_service[k] && !loop;
    }
    for (const BranchIdx k : network::find_bridges(grid)) {
        may_be_lost[k.row()] = false;
    }
    return may_be_lost;
}

} // namespace

OutageFactors::OutageFactors(const network::Network& grid, BusIdx reference)
    : n_branch_{grid.n_branch()}, factor_{grid, reference}, lost_(W, 0.0) {
    if (!factor_.factorised()) {
        return;
    }
    tape_ = OutageTape(grid, factor_, find_outages(grid));
    y_.assign((tape_.n_reached() + 1) * W, 0.0);
    theta_.assign(tape_.n_level() * W, 0.0);
}

DcOutages OutageFactors::load(std::size_t block, std::span<const double> flow) {
    assert(factorised() && flow.size() == n_branch());
    DcOutages outages = tape_.block(block);
    std::ranges::fill(lost_, 0.0);
    for (std::size_t w = 0; w < outages.count; ++w) {
        lost_[w] = flow[tape_.outages()[block * W + w].row()];
    }
    outages.flow = lost_.data();
    return outages;
}

void OutageFactors::compute_block(std::size_t block, std::span<double> factors) {
    assert(factorised() && factors.size() == n_branch() * W);
    DcOutages outages = tape_.block(block);
    std::ranges::fill(lost_, 0.0);
    std::fill_n(lost_.begin(), outages.count, 1.0);
    outages.flow = lost_.data();
    kernels_.factors(tape_.tape(), outages, memory(), factors.data());
    for (std::size_t w = 0; w < outages.count; ++w) {
        factors[tape_.outages()[block * W + w].row() * W + w] = -1.0;
    }
}

void OutageFactors::compute_flows(std::size_t block, std::span<const double> p_mw,
                                  std::span<double> flows) {
    assert(flows.size() == n_branch() * W);
    kernels_.flows(tape_.tape(), load(block, p_mw), memory(), p_mw.data(), flows.data());
}

void OutageFactors::stream_flows(std::size_t block, std::span<const double> p_mw,
                                 std::span<double> flows) {
    assert(flows.size() == n_branch() * W);
    assert(reinterpret_cast<std::uintptr_t>(flows.data()) % cache_line_bytes == 0);
    kernels_.stream(tape_.tape(), load(block, p_mw), memory(), p_mw.data(), flows.data());
}

void OutageFactors::screen_block(std::size_t block, std::span<const double> p_mw,
                                 std::span<const double> inverse_rate,
                                 std::span<double, lanes> worst) {
    assert(inverse_rate.size() == n_branch());
    kernels_.screen(tape_.tape(), load(block, p_mw), memory(), p_mw.data(), inverse_rate.data(),
                    worst.data());
}

DenseMatrix make_ptdf(const network::Network& grid, BusIdx reference) {
    const DcFactor factor(grid, reference);
    assert(factor.factorised());
    DenseMatrix ptdf{grid.n_branch(), grid.n_bus,
                     std::vector<double>(grid.n_branch() * grid.n_bus, 0.0)};
    AlignedVector<double> theta((factor.n_row() + 1) * W);
    const auto angle = [&](BusIdx i, std::size_t w) {
        const std::int32_t row = factor.row(i);
        return row < 0 ? 0.0 : theta[static_cast<std::size_t>(row) * W + w];
    };
    for (std::size_t first = 0; first < grid.n_bus; first += W) {
        const std::size_t count = std::min(W, grid.n_bus - first);
        std::fill(theta.begin(), theta.end(), 0.0);
        for (std::size_t w = 0; w < count; ++w) {
            const std::int32_t row = factor.row(BusIdx{first + w});
            if (row >= 0) {
                theta[static_cast<std::size_t>(row) * W + w] = 1.0;
            }
        }
        factor.solve(std::span(theta).first(factor.n_row() * W));
        for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
            for (std::size_t w = 0; w < count; ++w) {
                ptdf(k.row(), first + w) =
                    factor.susceptance()[k] *
                    (angle(grid.branches.from[k], w) - angle(grid.branches.to[k], w));
            }
        }
    }
    return ptdf;
}

DenseMatrix make_lodf(const network::Network& grid, BusIdx reference) {
    OutageFactors factors(grid, reference);
    const std::size_t n = grid.n_branch();
    DenseMatrix lodf{n, n, std::vector<double>(n * n, std::numeric_limits<double>::quiet_NaN())};
    std::vector<double> block(n * W);
    for (std::size_t b = 0; b < factors.n_block(); ++b) {
        factors.compute_block(b, block);
        for (std::size_t w = 0; w < W && b * W + w < factors.outages().size(); ++w) {
            const std::size_t k = factors.outages()[b * W + w].row();
            for (std::size_t l = 0; l < n; ++l) {
                lodf(l, k) = block[l * W + w];
            }
        }
    }
    return lodf;
}

} // namespace yuanwang::security
