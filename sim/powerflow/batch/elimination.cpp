#include "powerflow/batch/elimination.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

#include "network/elimination_order.hpp"

namespace yuanwang::powerflow::batch {

namespace {

using Columns = std::vector<std::vector<std::int32_t>>;

std::uint8_t count_unknowns(BusType type) {
    switch (type) {
    case BusType::pv:
        return 1;
    case BusType::pv_or_pq:
    case BusType::gauge:
    case BusType::pq:
        return 2;
    case BusType::slack:
    case BusType::out:
        break;
    }
    return 0;
}

/// Rows of buses with unknowns by minimum degree, then the others as they come.
void order_rows(const BusAdmittance& y, std::span<const BusType> type, Elimination& plan) {
    const std::size_t n_bus = y.n_bus();
    std::vector<std::int32_t> with_unknowns;
    std::vector<std::int32_t> others;
    std::vector<std::int32_t> node(n_bus, -1);
    for (std::size_t i = 0; i < n_bus; ++i) {
        if (count_unknowns(type[i]) > 0) {
            node[i] = static_cast<std::int32_t>(with_unknowns.size());
            with_unknowns.push_back(static_cast<std::int32_t>(i));
        } else {
            others.push_back(static_cast<std::int32_t>(i));
        }
    }
    std::vector<std::int32_t> from;
    std::vector<std::int32_t> to;
    for (const std::int32_t i : with_unknowns) {
        const auto bus = static_cast<std::size_t>(i);
        for (std::int32_t n = y.start[bus]; n < y.start[bus + 1]; ++n) {
            const auto j = static_cast<std::size_t>(y.column[static_cast<std::size_t>(n)]);
            if (node[j] >= 0) {
                from.push_back(node[bus]);
                to.push_back(node[j]);
            }
        }
    }
    const auto order =
        network::find_elimination_order(network::make_adjacency(with_unknowns.size(), from, to));

    plan.n_bus = n_bus;
    plan.n_row = with_unknowns.size();
    for (const std::int32_t k : order) {
        plan.bus.push_back(with_unknowns[static_cast<std::size_t>(k)]);
    }
    plan.bus.insert(plan.bus.end(), others.begin(), others.end());
    plan.row.assign(n_bus, -1);
    plan.n_unknown.resize(n_bus);
    plan.rows.resize(n_bus);
    for (std::size_t r = 0; r < n_bus; ++r) {
        const auto i = static_cast<std::size_t>(plan.bus[r]);
        plan.row[i] = static_cast<std::int32_t>(r);
        plan.n_unknown[r] = count_unknowns(type[i]);
        plan.rows[r] = type[i] == BusType::gauge      ? Rows::gauge
                       : type[i] == BusType::pv_or_pq ? Rows::switches
                                                      : Rows::free;
    }
}

void place_admittances(const BusAdmittance& y, Elimination& plan) {
    plan.y_start.push_back(0);
    for (std::size_t r = 0; r < plan.n_row; ++r) {
        const std::int32_t bus = plan.bus[r];
        plan.y_column.push_back(static_cast<std::int32_t>(r));
        plan.y_entry.push_back(y.find(bus, bus));
        const auto i = static_cast<std::size_t>(bus);
        for (std::int32_t n = y.start[i]; n < y.start[i + 1]; ++n) {
            const std::int32_t j = y.column[static_cast<std::size_t>(n)];
            if (j != bus) {
                plan.y_column.push_back(plan.row[static_cast<std::size_t>(j)]);
                plan.y_entry.push_back(n);
            }
        }
        plan.y_start.push_back(static_cast<std::int32_t>(plan.y_column.size()));
    }
}

/// Columns of U in each row, ascending. Eliminating a row hands its columns to the first of them.
Columns find_upper_columns(const Elimination& plan) {
    Columns upper(plan.n_row);
    const auto n_row = static_cast<std::int32_t>(plan.n_row);
    for (std::size_t r = 0; r < plan.n_row; ++r) {
        for (auto n = plan.y_start[r]; n < plan.y_start[r + 1]; ++n) {
            const std::int32_t c = plan.y_column[static_cast<std::size_t>(n)];
            const auto i = static_cast<std::int32_t>(r);
            if (c < n_row && c != i) { // either half of Y may hold the pair
                upper[static_cast<std::size_t>(std::min(i, c))].push_back(std::max(i, c));
            }
        }
    }
    for (std::size_t r = 0; r < plan.n_row; ++r) {
        auto& columns = upper[r];
        std::ranges::sort(columns);
        const auto repeated = std::ranges::unique(columns);
        columns.erase(repeated.begin(), repeated.end());
        if (columns.size() > 1) {
            auto& heir = upper[static_cast<std::size_t>(columns.front())];
            heir.insert(heir.end(), columns.begin() + 1, columns.end());
        }
    }
    return upper;
}

Columns transpose(const Columns& upper) {
    Columns lower(upper.size());
    for (std::size_t r = 0; r < upper.size(); ++r) {
        for (const std::int32_t c : upper[r]) {
            lower[static_cast<std::size_t>(c)].push_back(static_cast<std::int32_t>(r));
        }
    }
    return lower;
}

/// Gives every block its column, its admittance and the place of its values.
void place_blocks(const Columns& lower, const Columns& upper, Elimination& plan) {
    const auto fill = static_cast<std::int32_t>(plan.y_column.size());
    std::vector<std::int32_t> y_of(plan.n_bus, fill);
    plan.block_start.push_back(0);
    const auto append = [&](std::int32_t c, std::int32_t place) {
        plan.column.push_back(c);
        plan.y_place.push_back(y_of[static_cast<std::size_t>(c)]);
        plan.place.push_back(place);
    };
    std::size_t n_u = 0;
    for (std::size_t r = 0; r < plan.n_row; ++r) {
        for (auto n = plan.y_start[r]; n < plan.y_start[r + 1]; ++n) {
            y_of[static_cast<std::size_t>(plan.y_column[static_cast<std::size_t>(n)])] = n;
        }
        std::size_t n_l = 0;
        for (const std::int32_t c : lower[r]) {
            append(c, static_cast<std::int32_t>(n_l));
            n_l += std::size_t{plan.n_unknown[r]} * plan.n_unknown[static_cast<std::size_t>(c)];
        }
        plan.n_l_row_value = std::max(plan.n_l_row_value, n_l);
        plan.diagonal.push_back(static_cast<std::int32_t>(plan.column.size()));
        append(static_cast<std::int32_t>(r), -1);
        for (const std::size_t width : {1U, 2U}) {
            if (width == 2) {
                plan.wide.push_back(static_cast<std::int32_t>(plan.column.size()));
            }
            for (const std::int32_t c : upper[r]) {
                if (plan.n_unknown[static_cast<std::size_t>(c)] == width) {
                    append(c, static_cast<std::int32_t>(n_u));
                    n_u += plan.n_unknown[r] * width;
                }
            }
        }
        plan.block_start.push_back(static_cast<std::int32_t>(plan.column.size()));
        for (auto n = plan.y_start[r]; n < plan.y_start[r + 1]; ++n) {
            y_of[static_cast<std::size_t>(plan.y_column[static_cast<std::size_t>(n)])] = fill;
        }
    }
    plan.n_u_value = n_u;
    assert(n_u < static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()));
}

/// Lists the products of every block and counts multiply-adds.
void list_products(Elimination& plan) {
    std::vector<std::int32_t> block_of(plan.n_bus, -1); // block of this row in a column
    std::vector<std::vector<Product>> products;         // of the blocks of this row
    // A block of the Jacobian takes 8; an entry of Y in the mismatch 4 and a bus 30, in double: two for one.
    plan.cost.factor = 8 * plan.column.size();
    plan.cost.mismatch = 2 * (4 * plan.y_column.size() + 30 * plan.n_row);
    plan.product_start.push_back(0);
    for (std::size_t r = 0; r < plan.n_row; ++r) {
        const auto first = static_cast<std::size_t>(plan.block_start[r]);
        const auto last = static_cast<std::size_t>(plan.block_start[r + 1]);
        const auto diagonal = static_cast<std::size_t>(plan.diagonal[r]);
        products.assign(last - first, {});
        for (std::size_t n = first; n < last; ++n) {
            block_of[static_cast<std::size_t>(plan.column[n])] =
                static_cast<std::int32_t>(n - first);
        }
        const std::int32_t height = plan.n_unknown[r];
        for (std::size_t n = first; n < diagonal; ++n) { // L_ik
            const auto k = static_cast<std::size_t>(plan.column[n]);
            const auto upper_first = static_cast<std::size_t>(plan.diagonal[k]) + 1;
            const auto upper_last = static_cast<std::size_t>(plan.block_start[k + 1]);
            for (std::size_t m = upper_first; m < upper_last; ++m) { // U_kj
                const auto j = static_cast<std::size_t>(plan.column[m]);
                const std::int32_t width = plan.n_unknown[j];
                assert(block_of[j] >= 0);
                auto& list = products[static_cast<std::size_t>(block_of[j])];
                for (std::int32_t unknown = 0; unknown < plan.n_unknown[k]; ++unknown) {
                    list.push_back(
                        {plan.place[n] + unknown * height, plan.place[m] + unknown * width});
                    plan.cost.factor += static_cast<std::size_t>(height * width);
                }
            }
            plan.cost.solve += static_cast<std::size_t>(height * plan.n_unknown[k]);
        }
        for (std::size_t n = diagonal + 1; n < last; ++n) {
            const std::int32_t width = plan.n_unknown[static_cast<std::size_t>(plan.column[n])];
            plan.cost.factor += static_cast<std::size_t>(height * height * width);
            plan.cost.solve += static_cast<std::size_t>(height * width);
        }
        plan.cost.solve += static_cast<std::size_t>(height * height);
        for (const auto& list : products) {
            plan.product.insert(plan.product.end(), list.begin(), list.end());
            plan.product_start.push_back(static_cast<std::int32_t>(plan.product.size()));
        }
        for (std::size_t n = first; n < last; ++n) {
            block_of[static_cast<std::size_t>(plan.column[n])] = -1;
        }
    }
}

} // namespace

Elimination make_elimination(const BusAdmittance& y, std::span<const BusType> type) {
    assert(type.size() == y.n_bus());
    Elimination plan;
    order_rows(y, type, plan);
    place_admittances(y, plan);
    const Columns upper = find_upper_columns(plan);
    place_blocks(transpose(upper), upper, plan);
    list_products(plan);
    return plan;
}

} // namespace yuanwang::powerflow::batch
