#include "powerflow/batch/elimination.hpp"

#include <gtest/gtest.h>

#include "powerflow/batch/ring_case.hpp"

namespace yuanwang::powerflow::batch {
namespace {

std::size_t count_fill(const Elimination& plan) {
    const auto none = static_cast<std::int32_t>(plan.y_column.size());
    std::size_t fill = 0;
    for (const std::int32_t y : plan.y_place) {
        fill += y == none ? 1U : 0U;
    }
    return fill / 2; // each pair stands in L and in U
}

///   0 ─── 1 ─── 2 ─── 3 ─── 4
BusAdmittance make_chain(std::int32_t n) {
    std::vector<AdmittanceEntry> entries;
    for (std::int32_t i = 0; i + 1 < n; ++i) {
        append_line(i, i + 1, ring_z_pu, entries);
    }
    return make_bus_admittance(static_cast<std::size_t>(n), entries);
}

TEST(BusAdmittance, RowsAscendAndHoldTheirDiagonal) {
    const std::vector<AdmittanceEntry> entries = {{2, 0, {1, 2}}, {0, 2, {3, 4}}, {2, 0, {10, 20}}};
    const BusAdmittance y = make_bus_admittance(3, entries);
    EXPECT_EQ(y.start, (std::vector<std::int32_t>{0, 2, 3, 5}));
    EXPECT_EQ(y.column, (std::vector<std::int32_t>{0, 2, 1, 0, 2}));
    EXPECT_EQ(y.g_pu, (std::vector<double>{0, 3, 0, 11, 0}));
    EXPECT_EQ(y.b_pu, (std::vector<double>{0, 4, 0, 22, 0}));
    EXPECT_EQ(y.find(2, 0), 3);
    EXPECT_EQ(y.find(1, 2), -1);
}

TEST(Elimination, ARadialGridHasNoFill) {
    const std::vector<BusType> type = {BusType::slack, BusType::pq, BusType::pq, BusType::pq,
                                       BusType::pq};
    const Elimination plan = make_elimination(make_chain(5), type);
    EXPECT_EQ(plan.n_row, 4U);
    EXPECT_EQ(plan.bus.back(), 0); // the slack comes last
    EXPECT_EQ(count_fill(plan), 0U);
    EXPECT_EQ(plan.n_u_value, 3U * 4U);
    // Ten blocks of the Jacobian; each of three rows: U = inv(D) J and one product L U for the next diagonal.
    EXPECT_EQ(plan.cost.factor, 10U * 8U + 3U * (8U + 8U));
    EXPECT_EQ(plan.cost.solve, 3U * (4U + 4U) + 4U * 4U);
}

TEST(Elimination, ALoopOfNBusesHasNMinusThreeFill) {
    const Ring ring(9); // all buses keep unknowns but the slack, which opens the loop
    EXPECT_EQ(count_fill(make_elimination(ring.y, ring.type)), 0U);
    const std::vector<BusType> closed(9, BusType::pq);
    EXPECT_EQ(count_fill(make_elimination(ring.y, closed)), 9U - 3U);
}

TEST(Elimination, PvBusesHaveOneUnknownUnlessTheyMaySwitch) {
    const std::vector<BusType> type = {BusType::slack, BusType::pv, BusType::pv_or_pq, BusType::pq,
                                       BusType::out};
    const Elimination plan = make_elimination(make_chain(5), type);
    const auto n_unknown = [&](std::size_t bus) {
        return plan.n_unknown[static_cast<std::size_t>(plan.row[bus])];
    };
    EXPECT_EQ(n_unknown(0), 0);
    EXPECT_EQ(n_unknown(1), 1);
    EXPECT_EQ(n_unknown(2), 2);
    EXPECT_EQ(n_unknown(3), 2);
    EXPECT_EQ(n_unknown(4), 0);
    EXPECT_EQ(plan.n_row, 3U);
}

TEST(Elimination, ProductsUseWhatEarlierRowsHaveMade) {
    const Ring ring(12);
    const std::vector<BusType> type(12, BusType::pq);
    const Elimination plan = make_elimination(ring.y, type);
    for (std::size_t i = 0; i < plan.n_row; ++i) {
        const auto diagonal = static_cast<std::size_t>(plan.diagonal[i]);
        for (auto n = static_cast<std::size_t>(plan.block_start[i]); n < diagonal; ++n) {
            EXPECT_LT(plan.column[n], static_cast<std::int32_t>(i));
        }
        const auto own = plan.place[diagonal + 1]; // first number this row adds to U
        const auto last = static_cast<std::size_t>(plan.block_start[i + 1]);
        for (std::size_t n = static_cast<std::size_t>(plan.block_start[i]); n < last; ++n) {
            for (auto k = plan.product_start[n]; k < plan.product_start[n + 1]; ++k) {
                if (diagonal + 1 < last) {
                    EXPECT_LT(plan.product[static_cast<std::size_t>(k)].u, own);
                }
            }
        }
    }
}

} // namespace
} // namespace yuanwang::powerflow::batch
