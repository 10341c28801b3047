#include "security/outage_tape.hpp"

#include <algorithm>
#include <cassert>

namespace yuanwang::security {

namespace {

std::size_t at(std::int32_t i) {
    return static_cast<std::size_t>(i);
}

/// Level of each row in the elimination tree; roots stand on level 1, under the references.
std::vector<std::int32_t> find_levels(const DcFactor& factor) {
    const auto n = static_cast<std::int32_t>(factor.n_row());
    std::vector<std::int32_t> level(factor.n_row());
    for (std::int32_t j = n; j-- > 0;) {
        const std::int32_t parent = factor.parent(j);
        level[at(j)] = parent < 0 ? 1 : level[at(parent)] + 1;
    }
    return level;
}

/// Entries of L by rows: (column, entry of the columns), columns ascending.
std::vector<std::vector<std::pair<std::int32_t, std::int32_t>>> list_rows(const DcColumns& c) {
    std::vector<std::vector<std::pair<std::int32_t, std::int32_t>>> rows(c.n_row);
    for (std::size_t j = 0; j < c.n_row; ++j) {
        for (std::int32_t p = c.start[j]; p < c.start[j + 1]; ++p) {
            rows[at(c.row[p])].emplace_back(static_cast<std::int32_t>(j), p);
        }
    }
    return rows;
}

} // namespace

OutageTape::OutageTape(const network::Network& grid, const DcFactor& factor,
                       const std::vector<bool>& may_be_lost) {
    assert(factor.factorised() && may_be_lost.size() == grid.n_branch());
    walk(grid, factor, may_be_lost);
    reach(factor);
}

void OutageTape::walk(const network::Network& grid, const DcFactor& factor,
                      const std::vector<bool>& may_be_lost) {
    const auto n_row = static_cast<std::int32_t>(factor.n_row());
    const std::vector<std::int32_t> level = find_levels(factor);
    const auto row_of = [&](BusIdx bus) {
        const std::int32_t row = factor.row(bus);
        return row < 0 ? n_row : row;
    };
    const auto place_of = [&](std::int32_t row) {
        return row == n_row ? 0 : level[at(row)] * static_cast<std::int32_t>(dc_lanes);
    };
    std::vector<std::vector<BranchIdx>> of_row(at(n_row) + 1);
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        const std::int32_t from = row_of(grid.branches.from[k]);
        const std::int32_t to = row_of(grid.branches.to[k]);
        of_row[at(std::min(from, to))].push_back(k);
    }
    const auto list_branches = [&](std::int32_t row) {
        for (const BranchIdx k : of_row[at(row)]) {
            const std::int32_t from = row_of(grid.branches.from[k]);
            const std::int32_t to = row_of(grid.branches.to[k]);
            const double b = factor.susceptance()[k];
            std::int32_t outage = -1;
            if (may_be_lost[k.row()]) {
                outage = static_cast<std::int32_t>(outages_.size());
                outages_.push_back(k);
                from_.push_back(from);
                to_.push_back(to);
                b_.push_back(b);
                visit_of_.push_back(n_row - 1 - row);
            }
            branches_.push_back(
                {from <= to ? b : -b, place_of(std::max(from, to)), k.value, outage});
        }
    };

    list_branches(n_row);
    n_loose_ = static_cast<std::int32_t>(branches_.size());
    const DcColumns c = factor.columns();
    for (std::int32_t row = n_row; row-- > 0;) {
        for (std::int32_t p = c.start[row + 1]; p-- > c.start[row];) {
            l_.push_back(c.l[p]);
            place_.push_back(place_of(c.row[p]));
        }
        list_branches(row);
        visits_.push_back({static_cast<std::int32_t>(l_.size()),
                           static_cast<std::int32_t>(branches_.size()), place_of(row)});
        n_level_ = std::max(n_level_, at(level[at(row)]) + 1);
    }
    b_.resize(n_block() * dc_lanes, 0.0);
}

void OutageTape::reach(const DcFactor& factor) {
    const auto n_row = static_cast<std::int32_t>(factor.n_row());
    const DcColumns c = factor.columns();
    const auto entries = list_rows(c);
    const auto n_entry = static_cast<std::int32_t>(l_.size());
    std::vector<std::int32_t> place(factor.n_row(), -1); ///< of y within the block; −1: not reached
    std::vector<std::int32_t> reached;
    reached_start_.assign(1, 0);
    reach_start_.assign(1, 0);
    for (std::size_t block = 0; block < n_block(); ++block) {
        const std::size_t begin = block * dc_lanes;
        const std::size_t end = std::min(begin + dc_lanes, outages_.size());
        reached.clear();
        for (std::size_t m = begin; m < end; ++m) {
            for (std::int32_t row : {from_[m], to_[m]}) {
                while (row >= 0 && row < n_row && place[at(row)] < 0) {
                    place[at(row)] = 0;
                    reached.push_back(row);
                    row = factor.parent(row);
                }
            }
        }
        std::ranges::sort(reached);
        for (std::size_t i = 0; i < reached.size(); ++i) {
            place[at(reached[i])] = static_cast<std::int32_t>(i);
        }
        for (const std::int32_t row : reached) {
            for (const auto& [column, p] : entries[at(row)]) {
                if (place[at(column)] >= 0) { // the tape runs backwards
                    reach_.push_back({place[at(column)], n_entry - 1 - p});
                }
            }
            reached_visit_.push_back(n_row - 1 - row);
            reached_inverse_d_.push_back(c.inverse_d[row]);
            reach_end_.push_back(static_cast<std::int32_t>(reach_.size() - reach_start_.back()));
        }
        const auto none = static_cast<std::int32_t>(reached.size());
        for (std::size_t m = begin; m < end; ++m) {
            from_[m] = from_[m] == n_row ? none : place[at(from_[m])];
            to_[m] = to_[m] == n_row ? none : place[at(to_[m])];
        }
        for (const std::int32_t row : reached) {
            place[at(row)] = -1;
        }
        reached_start_.push_back(reached_visit_.size());
        reach_start_.push_back(reach_.size());
        n_reached_ = std::max(n_reached_, reached.size());
    }
}

DcTape OutageTape::tape() const {
    return {.n_visit = visits_.size(),
            .visit = visits_.data(),
            .l = l_.data(),
            .place = place_.data(),
            .branch = branches_.data(),
            .n_loose = n_loose_};
}

DcOutages OutageTape::block(std::size_t block) const {
    const std::size_t first = block * dc_lanes;
    const std::size_t count = std::min(dc_lanes, outages_.size() - first);
    const std::size_t start = reached_start_[block];
    return {.first = static_cast<std::int32_t>(first),
            .count = count,
            .visit_begin = at(visit_of_[first]),
            .visit_end = at(visit_of_[first + count - 1]) + 1,
            .visit = std::span(reached_visit_).subspan(start, reached_start_[block + 1] - start),
            .inverse_d = reached_inverse_d_.data() + start,
            .reach_end = reach_end_.data() + start,
            .reach = reach_.data() + reach_start_[block],
            .from = from_.data() + first,
            .to = to_.data() + first,
            .b = b_.data() + first};
}

std::size_t OutageTape::bytes() const {
    return visits_.size() * sizeof(DcVisit) + l_.size() * (sizeof(double) + sizeof(std::int32_t)) +
           branches_.size() * sizeof(DcBranch) +
           reached_visit_.size() * (sizeof(double) + 2 * sizeof(std::int32_t)) +
           reach_.size() * sizeof(DcReach) +
           outages_.size() * (sizeof(double) + 2 * sizeof(std::int32_t)) +
           (n_level_ + n_reached_ + 1) * dc_lanes * sizeof(double);
}

} // namespace yuanwang::security
