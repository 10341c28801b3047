#include <gtest/gtest.h>

#include "powerflow/tiny_case.hpp"
#include "support/counting_new.hpp"

namespace yuanwang::powerflow {
namespace {

using yuanwang::testing::TinyCase;

TEST(Allocation, TheSecondBlockAllocatesNothing) {
    TinyCase tiny;
    const BusIdx a = tiny.bus("a", 330);
    const BusIdx b = tiny.bus("b", 330);
    const BusIdx c = tiny.bus("c", 110);
    tiny.line(a, b, 80, 2);
    tiny.transformer(b, c, 2);
    tiny.shunt(c, 10, 5);
    tiny.source(a, 0, 1.02);
    tiny.source(b, 20, 1.02, -5, 5);
    tiny.load(c, 100, 50);
    const network::Network network = network::make_network(tiny.grid);
    ReferenceSolver solver(network, tiny.units);
    const BlockInjections block = tiny.injections(network.n_bus, {0.5, 1.0, 1.5, 0.7});
    BlockStates states;
    solver.solve_block(block, states);
    ASSERT_GT(states.outcome[2].control_rounds, 0) << "the controls are part of the proof";
    const std::size_t before = yuanwang::testing::count_allocations();
    solver.solve_block(block, states);
    EXPECT_EQ(yuanwang::testing::count_allocations() - before, 0U);
}

} // namespace
} // namespace yuanwang::powerflow
