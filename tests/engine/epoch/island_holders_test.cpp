/// Who holds the voltage and angle of an island: condensers, units called for nothing, plants that stay connected.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/epoch/island_holders.hpp"
#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/generators.hpp"

namespace yuanwang::test {
namespace {

using engine::BlockResult;
using engine::DispatchMethod;
using engine::RunReport;
using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;

constexpr std::chrono::year_month_day summer_day = 2025y / 6 / 21;
constexpr BusIdx one{0};
constexpr BusIdx two{1};
constexpr DispatchMethod every_method[] = {DispatchMethod::none, DispatchMethod::rules,
                                           DispatchMethod::optimal};

///     one ──────── two
///                   └ town, 20 MW
System two_buses() {
    System system;
    add_bus(system, "one", 110);
    add_bus(system, "two", 110);
    add_line(system, "l", one, two);
    add_load(system, "town", two, 20, 5);
    return system;
}

RunReport run(Study study, DispatchMethod method, CollectingSink& sink) {
    study.dispatch.method = method;
    SilentProgress progress;
    return engine::simulate(study, sink, progress);
}

TEST(IslandHolders, ACondenserHoldsItsVoltageUnderEveryMethod) {
    System system = two_buses();
    add_generator(system, "g", one, {.p_mw = 20, .p_max_mw = 100, .slack = true},
                  hold_voltage(1.02, 300));
    add_generator(system, "condenser", two, {}, hold_voltage(1.0, 300));
    for (const DispatchMethod method : every_method) {
        CollectingSink sink;
        ASSERT_TRUE(run(tiny_study(system, summer_day, 1), method, sink).all_converged);
        for (const double vm_pu : sink.over_time(&BlockResult::bus_vm_pu, 1)) {
            EXPECT_NEAR(vm_pu, 1.0, 1e-6);
        }
    }
}

TEST(IslandHolders, AUnitThatAlwaysDrawsIsThereUnderEveryMethod) {
    System system = two_buses();
    add_generator(system, "g", one, {.p_mw = 50, .p_max_mw = 100, .slack = true},
                  hold_voltage(1.02, 300));
    add_generator(system, "wish", two, {.p_mw = -30, .p_min_mw = -30, .p_max_mw = -30});
    for (const DispatchMethod method : every_method) {
        CollectingSink sink;
        ASSERT_TRUE(run(tiny_study(system, summer_day, 1), method, sink).all_converged);
        for (const double p_mw : sink.over_time(&BlockResult::source_p_mw, 1)) {
            EXPECT_NEAR(p_mw, -30, 1e-5);
        }
    }
}

TEST(IslandHolders, EveryStepHasASolutionThoughTheSunServesTheLoad) {
    for (const bool thermal : {true, false}) {
        System system = two_buses();
        add_solar(system, "pv", two, 60);
        if (thermal) {
            add_thermal(system, "coal", one, 1, 50, 10, 300);
        } else {
            add_generator(system, "g", one, {.p_mw = 20, .p_max_mw = 100, .slack = true},
                          hold_voltage(1.0, 50));
        }
        for (const DispatchMethod method : {DispatchMethod::rules, DispatchMethod::optimal}) {
            CollectingSink sink;
            EXPECT_TRUE(run(tiny_study(system, summer_day, 2), method, sink).all_converged);
            if (thermal) {
                EXPECT_THAT(sink.over_time(&BlockResult::source_p_mw, 1), Each(Ge(10 - 1.0)));
            }
        }
    }
}

TEST(IslandHolders, HydroHoldsAnIslandBeforeThermalAndEqualOnesByTheirId) {
    System system = two_buses();
    add_thermal(system, "coal_b", one, 1, 50, 10, 300);
    add_thermal(system, "coal_a", two, 1, 50, 10, 300);
    EXPECT_THAT(engine::choose_holders(system, {0, 0}).thermal, ElementsAre(false, true));
    add_hydro(system, "river", one, 20, 5);
    const engine::IslandHolders held = engine::choose_holders(system, {0, 0});
    EXPECT_THAT(held.thermal, ElementsAre(false, false));
    EXPECT_THAT(held.hydro, ElementsAre(true));
    // the line is open: each side has a holder of its own where it has load
    const engine::IslandHolders parted = engine::choose_holders(system, {0, 1});
    EXPECT_THAT(parted.thermal, ElementsAre(false, true));
    EXPECT_THAT(parted.hydro, ElementsAre(false));
    add_external(system, "gansu", {one, two}, 600, 400);
    EXPECT_THAT(engine::choose_holders(system, {0, 1}).thermal, ElementsAre(false, false));
}

} // namespace
} // namespace yuanwang::test
