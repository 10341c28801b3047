#include "security/fault_matrix.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace yuanwang::security {

namespace {

using Complex = std::complex<double>;

Complex admittance(Complex z_pu, double reactance_factor) {
    return 1.0 / Complex{z_pu.real(), z_pu.imag() * reactance_factor};
}

} // namespace

FaultMatrix::FaultMatrix(const network::Network& network, const FaultBranches& branches,
                         std::vector<BranchIdx> out)
    : network_{&network}, branches_{&branches}, out_(network.n_branch(), 0) {
    for (const BranchIdx k : out) {
        out_[k.row()] = 1;
    }
}

bool FaultMatrix::joins(BranchIdx k) const {
    const network::Branches& b = network_->branches;
    return b.in_service[k] && out_[k.row()] == 0 &&
           network_->node[b.from[k]] != network_->node[b.to[k]];
}

/// Walks from the sources over the branches until nothing new is reached.
void FaultMatrix::number_rows(std::span<const Source> sources) {
    const network::Branches& b = network_->branches;
    std::vector<std::vector<std::size_t>> neighbours(network_->n_bus);
    for (const BranchIdx k : rows<BranchIdx>(b.size())) {
        if (joins(k)) {
            const std::size_t i = network_->node[b.from[k]].row();
            const std::size_t j = network_->node[b.to[k]].row();
            neighbours[i].push_back(j);
            neighbours[j].push_back(i);
        }
    }
    row_.assign(network_->n_bus, -1);
    std::vector<std::size_t> front;
    const auto reach = [&](std::size_t node) {
        if (row_[node] < 0) {
            row_[node] = 0;
            front.push_back(node);
        }
    };
    for (const Source& source : sources) {
        if (source.count > 0) {
            reach(network_->node[source.bus].row());
        }
    }
    while (!front.empty()) {
        const std::size_t node = front.back();
        front.pop_back();
        for (const std::size_t next : neighbours[node]) {
            reach(next);
        }
    }
    n_row_ = 0;
    for (std::int32_t& row : row_) {
        row = row < 0 ? -1 : static_cast<std::int32_t>(n_row_++);
    }
}

void FaultMatrix::make_pattern() {
    std::vector<std::vector<int>> columns(n_row_);
    for (std::size_t i = 0; i < n_row_; ++i) {
        columns[i].push_back(static_cast<int>(i));
    }
    const network::Branches& b = network_->branches;
    for (const BranchIdx k : rows<BranchIdx>(b.size())) {
        const std::int32_t i = row(b.from[k]);
        if (joins(k) && i >= 0) {
            const std::int32_t j = row(b.to[k]);
            columns[static_cast<std::size_t>(i)].push_back(j);
            columns[static_cast<std::size_t>(j)].push_back(i);
        }
    }
    column_start_.assign(1, 0);
    pattern_row_.clear();
    for (std::vector<int>& column : columns) {
        std::ranges::sort(column);
        const auto repeated = std::ranges::unique(column);
        column.erase(repeated.begin(), repeated.end());
        pattern_row_.insert(pattern_row_.end(), column.begin(), column.end());
        column_start_.push_back(static_cast<int>(pattern_row_.size()));
    }
    factor_.emplace(column_start_, pattern_row_);
}

bool FaultMatrix::factorise(std::span<const Source> sources, double reactance_factor) {
    const std::vector<std::int32_t> before = std::exchange(row_, {});
    number_rows(sources);
    if (!factor_ || row_ != before) {
        make_pattern();
    }
    const std::span<Complex> values = factor_->values();
    std::ranges::fill(values, Complex{});
    const auto add = [&](std::int32_t i, std::int32_t j, Complex y) {
        const auto first = pattern_row_.begin() + column_start_[static_cast<std::size_t>(j)];
        const auto last = pattern_row_.begin() + column_start_[static_cast<std::size_t>(j) + 1];
        const auto at = std::lower_bound(first, last, i);
        assert(at != last && *at == i);
        values[static_cast<std::size_t>(at - pattern_row_.begin())] += y;
    };
    const network::Branches& b = network_->branches;
    for (const BranchIdx k : rows<BranchIdx>(b.size())) {
        const std::int32_t i = row(b.from[k]);
        if (!joins(k) || i < 0) {
            continue;
        }
        const std::int32_t j = row(b.to[k]);
        const Complex y = admittance(branches_->z_pu[k.row()], reactance_factor);
        const double ratio = branches_->ratio[k.row()];
        add(i, i, y / (ratio * ratio));
        add(j, j, y);
        add(i, j, -y / ratio);
        add(j, i, -y / ratio);
    }
    for (const Source& source : sources) {
        if (source.count > 0) {
            const std::int32_t i = row(source.bus);
            add(i, i, source.count * admittance(source.z_pu, reactance_factor));
        }
    }
    return factor_->factorise();
}

void FaultMatrix::compute_columns(std::span<const BusIdx> buses, std::span<Complex> z) const {
    assert(z.size() == n_row_ * buses.size());
    std::ranges::fill(z, Complex{});
    for (std::size_t m = 0; m < buses.size(); ++m) {
        assert(is_fed(buses[m]));
        z[m * n_row_ + static_cast<std::size_t>(row(buses[m]))] = 1.0;
    }
    factor_->solve(z, buses.size());
}

} // namespace yuanwang::security
