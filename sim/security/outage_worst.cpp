#include "security/outage_worst.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "network/per_unit.hpp"
#include "network/terminal_power.hpp"

namespace yuanwang::security {

namespace {

constexpr std::size_t W = OutageWorst::lanes;
constexpr double infinity = std::numeric_limits<double>::infinity();

void set_admittance(WorstBranch& row, const network::BranchAdmittance& y) {
    row.ff_g = y.ff.real();
    row.ff_b = y.ff.imag();
    row.ft_g = y.ft.real();
    row.ft_b = y.ft.imag();
    row.tf_g = y.tf.real();
    row.tf_b = y.tf.imag();
    row.tt_g = y.tt.real();
    row.tt_b = y.tt.imag();
}

} // namespace

OutageWorst::OutageWorst(const network::Network& grid, std::span<const double> rate_mva,
                         std::vector<std::vector<SectionBranch>> sections)
    : n_branch_{grid.n_branch()}, n_bus_{grid.n_written_bus},
      rate_mva_(rate_mva.begin(), rate_mva.end()), sections_{std::move(sections)} {
    assert(rate_mva.size() == n_branch_);
    for (const network::BranchKind kind : grid.branches.kind) {
        terminal_at_to_.push_back(network::has_terminal_at_to(kind) ? 1 : 0);
    }
    section_row_.assign(n_branch_, -1);
    std::int32_t n_row = 0;
    for (const auto& section : sections_) {
        for (const SectionBranch& term : section) {
            if (section_row_[term.branch.row()] < 0) {
                section_row_[term.branch.row()] = n_row++;
            }
        }
    }
    section_p_.assign(static_cast<std::size_t>(n_row) * W, 0.0);
    section_sum_.assign(sections_.size() * W, 0.0);
    row_of_branch_.assign(n_branch_, -1);
    index_.assign(W, -1.0);
    group_.reserve(W);
}

void OutageWorst::Lanes::reset(std::size_t n, double low_start, double high_start) {
    low.assign(n * W, low_start);
    high.assign(n * W, high_start);
    low_outage.assign(n * W, -1.0);
    high_outage.assign(n * W, -1.0);
}

void OutageWorst::read_admittances(const powerflow::NodalMatrix& matrix) {
    rows_.clear();
    for (std::size_t k = 0; k < n_branch_; ++k) {
        const powerflow::BranchPlace& place = matrix.place[k];
        row_of_branch_[k] = -1;
        if (place.from < 0 || (rate_mva_[k] <= 0 && section_row_[k] < 0)) {
            continue;
        }
        const double rate_pu = network::power_to_pu(rate_mva_[k]);
        const double inverse_rate2 = rate_pu > 0 ? 1.0 / (rate_pu * rate_pu) : 0.0;
        row_of_branch_[k] = static_cast<std::int32_t>(rows_.size());
        rows_.push_back({.branch = k,
                         .from = static_cast<std::size_t>(place.from),
                         .to = static_cast<std::size_t>(place.to),
                         .inverse_rate2_from = inverse_rate2,
                         .inverse_rate2_to = terminal_at_to_[k] != 0 ? inverse_rate2 : 0.0,
                         .section_row = section_row_[k]});
        set_admittance(rows_.back(), matrix.branch[k]);
    }
    loading2_.resize(rows_.size() * W);
    node_of_bus_.resize(n_bus_);
    for (std::size_t i = 0; i < n_bus_; ++i) {
        node_of_bus_[i] = static_cast<std::size_t>(matrix.node_of_bus[i]);
    }
    e_.resize(matrix.n_node() * W);
    f_.resize(matrix.n_node() * W);
}

/// Turns the voltages of up to eight outages around; lanes past the last repeat it.
void OutageWorst::load_group(const powerflow::batch::OutageSolver& solver,
                             std::span<const std::size_t> group) {
    for (std::size_t w = 0; w < W; ++w) {
        const std::size_t outage = group[std::min(w, group.size() - 1)];
        const std::span<const std::complex<double>> V = solver.node_voltages(outage);
        index_[w] = static_cast<double>(outage);
        for (std::size_t n = 0; n < V.size(); ++n) {
            e_[n * W + w] = V[n].real();
            f_[n * W + w] = V[n].imag();
        }
    }
}

void OutageWorst::widen_branches(const powerflow::batch::OutageSolver& solver,
                                 std::span<const std::size_t> group) {
    std::array<double, W> p_from;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
        kernels_.compute_loading(rows_[r], e_.data(), f_.data(), &loading2_[r * W], p_from.data());
        if (rows_[r].section_row >= 0) {
            std::ranges::copy(p_from,
                              &section_p_[static_cast<std::size_t>(rows_[r].section_row) * W]);
        }
    }
    follow_taps(solver, group);
    for (std::size_t w = 0; w < W; ++w) {
        const std::size_t outage = group[std::min(w, group.size() - 1)];
        for (const BranchIdx k : solver.outages()[outage].branches) {
            if (row_of_branch_[k.row()] >= 0) {
                loading2_[static_cast<std::size_t>(row_of_branch_[k.row()]) * W + w] = -1.0;
            }
            if (section_row_[k.row()] >= 0) {
                section_p_[static_cast<std::size_t>(section_row_[k.row()]) * W + w] = 0.0;
            }
        }
    }
    kernels_.widen_high(rows_.size(), loading2_.data(), index_.data(), branch_.highest());
}

/// Looks again at transformers that stand on another tap after an outage than in the step.
void OutageWorst::follow_taps(const powerflow::batch::OutageSolver& solver,
                              std::span<const std::size_t> group) {
    std::array<double, W> loading2;
    std::array<double, W> p_from;
    for (std::size_t w = 0; w < W; ++w) {
        const std::size_t outage = group[std::min(w, group.size() - 1)];
        for (const auto& moved : solver.moved_branches(outage)) {
            if (row_of_branch_[moved.branch.row()] < 0) {
                continue;
            }
            const auto r = static_cast<std::size_t>(row_of_branch_[moved.branch.row()]);
            WorstBranch row = rows_[r];
            set_admittance(row, moved.admittance);
            kernels_.compute_loading(row, e_.data(), f_.data(), loading2.data(), p_from.data());
            loading2_[r * W + w] = loading2[w];
            if (row.section_row >= 0) {
                section_p_[static_cast<std::size_t>(row.section_row) * W + w] = p_from[w];
            }
        }
    }
}

void OutageWorst::widen_sections() {
    std::ranges::fill(section_sum_, 0.0);
    for (std::size_t m = 0; m < sections_.size(); ++m) {
        for (const SectionBranch& term : sections_[m]) {
            const std::size_t row = static_cast<std::size_t>(section_row_[term.branch.row()]) * W;
            if (row_of_branch_[term.branch.row()] < 0) {
                continue; // out of service
            }
            for (std::size_t w = 0; w < W; ++w) {
                section_sum_[m * W + w] += term.sign * section_p_[row + w];
            }
        }
    }
    kernels_.widen_high(sections_.size(), section_sum_.data(), index_.data(), section_.highest());
    kernels_.widen_low(sections_.size(), section_sum_.data(), index_.data(), section_.lowest());
}

/// The worst over the lanes of every row.
void OutageWorst::fold(const AlignedVector<double>& values, const AlignedVector<double>& outages,
                       bool largest, std::vector<Extreme>& out) {
    out.resize(values.size() / W);
    for (std::size_t i = 0; i < out.size(); ++i) {
        std::size_t best = i * W;
        for (std::size_t k = i * W; k < (i + 1) * W; ++k) {
            const bool worse = largest ? values[k] > values[best] : values[k] < values[best];
            const bool earlier = values[k] == values[best] && outages[k] < outages[best];
            best = worse || earlier ? k : best;
        }
        out[i] = {values[best], static_cast<std::int32_t>(outages[best])};
    }
}

void OutageWorst::find(const powerflow::batch::OutageSolver& solver, WorstOutcomes& worst) {
    read_admittances(solver.matrix());
    branch_.reset(rows_.size(), 0, -1.0);
    bus_.reset(n_bus_, infinity, 0.0);
    section_.reset(sections_.size(), infinity, -infinity);
    group_.clear();
    const auto widen = [&] {
        if (!group_.empty()) {
            load_group(solver, group_);
            widen_branches(solver, group_);
            kernels_.widen_buses(n_bus_, node_of_bus_.data(), e_.data(), f_.data(), index_.data(),
                                 bus_.lowest(), bus_.highest());
            widen_sections();
            group_.clear();
        }
    };
    for (std::size_t outage = 0; outage < solver.outages().size(); ++outage) {
        if (!solver.node_voltages(outage).empty()) {
            group_.push_back(outage);
        }
        if (group_.size() == W) {
            widen();
        }
    }
    widen();

    fold(bus_.low, bus_.low_outage, false, worst.vm_min_pu);
    fold(bus_.high, bus_.high_outage, true, worst.vm_max_pu);
    for (std::size_t i = 0; i < n_bus_; ++i) {
        worst.vm_min_pu[i].value = std::sqrt(worst.vm_min_pu[i].value);
        worst.vm_max_pu[i].value = std::sqrt(worst.vm_max_pu[i].value);
    }
    fold(section_.low, section_.low_outage, false, worst.section_min_mw);
    fold(section_.high, section_.high_outage, true, worst.section_max_mw);
    for (std::size_t m = 0; m < sections_.size(); ++m) {
        worst.section_min_mw[m].value = network::power_to_mva(worst.section_min_mw[m].value);
        worst.section_max_mw[m].value = network::power_to_mva(worst.section_max_mw[m].value);
    }
    fold(branch_.high, branch_.high_outage, true, branch_worst_);
    worst.loading_percent.assign(n_branch_, Extreme{});
    for (std::size_t r = 0; r < rows_.size(); ++r) {
        if (branch_worst_[r].outage >= 0 && rate_mva_[rows_[r].branch] > 0) {
            worst.loading_percent[rows_[r].branch] = {100.0 * std::sqrt(branch_worst_[r].value),
                                                      branch_worst_[r].outage};
        }
    }
}

} // namespace yuanwang::security
