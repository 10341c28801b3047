#include "security/outage_factors.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "network/topology.hpp"
#include "security/vector_widths.hpp"

namespace yuanwang::security {

namespace {

constexpr std::size_t W = DcFactor::lanes;

std::vector<BranchIdx> list_outages(const network::Network& grid) {
    const std::vector<BranchIdx> bridges = network::find_bridges(grid);
    std::vector<BranchIdx> outages;
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const bool loop = grid.node[grid.branches.from[k]] == grid.node[grid.branches.to[k]];
        if (grid.branches.in_service[k] && !loop && !std::ranges::binary_search(bridges, k)) {
            outages.push_back(k);
        }
    }
    return outages;
}

} // namespace

OutageFactors::OutageFactors(const network::Network& grid, BusIdx reference)
    : factor_{grid, reference}, outages_{list_outages(grid)} {
    const auto past_last = static_cast<std::int32_t>(factor_.n_row());
    ends_.reserve(grid.n_branch());
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const std::int32_t i = factor_.row(grid.branches.from[k]);
        const std::int32_t j = factor_.row(grid.branches.to[k]);
        ends_.push_back({i < 0 ? past_last : i, j < 0 ? past_last : j, factor_.susceptance()[k]});
    }
    theta_.assign((factor_.n_row() + 1) * W, 0.0);
}

std::size_t OutageFactors::solve_block(std::size_t block, std::span<double, lanes> scale) {
    const std::size_t first = block * W;
    const std::size_t count = std::min(W, outages_.size() - first);
    const std::size_t reference_row = factor_.n_row();
    std::fill(theta_.begin(), theta_.end(), 0.0);
    for (std::size_t w = 0; w < count; ++w) {
        const Ends& lost = ends_[outages_[first + w].row()];
        theta_[static_cast<std::size_t>(lost.from) * W + w] += 1.0;
        theta_[static_cast<std::size_t>(lost.to) * W + w] -= 1.0;
    }
    std::fill_n(theta_.begin() + static_cast<std::ptrdiff_t>(reference_row * W), W, 0.0);
    factor_.solve(std::span(theta_).first(reference_row * W));
    std::ranges::fill(scale, 0.0);
    for (std::size_t w = 0; w < count; ++w) {
        const Ends& lost = ends_[outages_[first + w].row()];
        const double h = lost.b * (theta_[static_cast<std::size_t>(lost.from) * W + w] -
                                   theta_[static_cast<std::size_t>(lost.to) * W + w]);
        scale[w] = 1.0 / (1.0 - h);
    }
    return count;
}

YUANWANG_ALL_VECTOR_WIDTHS
void OutageFactors::compute_block(std::size_t block, std::span<double> factors) {
    assert(factors.size() == n_branch() * W);
    std::array<double, W> scale;
    const std::size_t count = solve_block(block, scale);
    for (std::size_t l = 0; l < ends_.size(); ++l) {
        const Ends& ends = ends_[l];
        const double* const from = theta_.data() + static_cast<std::size_t>(ends.from) * W;
        const double* const to = theta_.data() + static_cast<std::size_t>(ends.to) * W;
        double* const out = factors.data() + l * W;
        for (std::size_t w = 0; w < W; ++w) {
            out[w] = ends.b * (from[w] - to[w]) * scale[w];
        }
    }
    for (std::size_t w = 0; w < count; ++w) {
        factors[outages_[block * W + w].row() * W + w] = -1.0;
    }
}

YUANWANG_ALL_VECTOR_WIDTHS
void OutageFactors::compute_flows(std::size_t block, std::span<const double> p_mw,
                                  std::span<double> flows) {
    assert(flows.size() == n_branch() * W && p_mw.size() == n_branch());
    std::array<double, W> moved; // flow of the lost branch over 1 − h
    const std::size_t count = solve_block(block, moved);
    for (std::size_t w = 0; w < count; ++w) {
        moved[w] *= p_mw[outages_[block * W + w].row()];
    }
    for (std::size_t l = 0; l < ends_.size(); ++l) {
        const Ends& ends = ends_[l];
        const double* const from = theta_.data() + static_cast<std::size_t>(ends.from) * W;
        const double* const to = theta_.data() + static_cast<std::size_t>(ends.to) * W;
        double* const out = flows.data() + l * W;
        for (std::size_t w = 0; w < W; ++w) {
            out[w] = p_mw[l] + ends.b * (from[w] - to[w]) * moved[w];
        }
    }
    for (std::size_t w = 0; w < count; ++w) {
        flows[outages_[block * W + w].row() * W + w] = 0.0;
    }
}

YUANWANG_ALL_VECTOR_WIDTHS
void OutageFactors::screen_block(std::size_t block, std::span<const double> p_mw,
                                 std::span<const double> inverse_rate,
                                 std::span<double, lanes> worst) {
    assert(p_mw.size() == n_branch() && inverse_rate.size() == n_branch());
    std::array<double, W> moved; // flow of the lost branch over 1 − h
    const std::size_t count = solve_block(block, moved);
    std::array<double, W> lost; // row of the lost branch, as a number that vectors compare
    lost.fill(-1.0);
    for (std::size_t w = 0; w < count; ++w) {
        const std::size_t k = outages_[block * W + w].row();
        moved[w] *= p_mw[k];
        lost[w] = static_cast<double>(k);
    }
    std::array<double, W> most{};
    for (std::size_t l = 0; l < ends_.size(); ++l) {
        const Ends& ends = ends_[l];
        const double* const from = theta_.data() + static_cast<std::size_t>(ends.from) * W;
        const double* const to = theta_.data() + static_cast<std::size_t>(ends.to) * W;
        const double p = p_mw[l];
        const double rate = inverse_rate[l];
        const auto row = static_cast<double>(l);
        for (std::size_t w = 0; w < W; ++w) {
            const double loading = std::abs(p + ends.b * (from[w] - to[w]) * moved[w]) * rate;
            const double other = lost[w] == row ? 0.0 : loading;
            most[w] = other > most[w] ? other : most[w];
        }
    }
    std::ranges::copy(most, worst.begin());
}

DenseMatrix make_ptdf(const network::Network& grid, BusIdx reference) {
    const DcFactor factor(grid, reference);
    assert(factor.factorised());
    DenseMatrix ptdf{grid.n_branch(), grid.n_bus,
                     std::vector<double>(grid.n_branch() * grid.n_bus, 0.0)};
    std::vector<double> theta((factor.n_row() + 1) * W);
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
