#include "engine/accounts/contract_account.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/simulator.hpp"
#include "support/collecting_sink.hpp"
#include "support/tiny_study.hpp"

namespace yuanwang::test {
namespace {

using engine::BlockResult;
using testing::Contains;
using testing::Key;
using testing::Not;
using namespace std::chrono_literals;

constexpr BusIdx city{1};
constexpr BusIdx plant{2};

void add_contract(System& system, const std::string& id, std::vector<std::string> loads,
                  const std::string& source, double share) {
    engine::GreenContracts& contracts = system.loads.green_contracts;
    name_element(contracts, id);
    contracts.loads.push_back(std::move(loads));
    contracts.seller.push_back(source);
    contracts.share.push_back(share);
}

engine::Summary run(const System& system, CollectingSink& sink) {
    SilentProgress progress;
    return engine::simulate(tiny_study(system, 2025y / 6 / 21, 1), sink, progress).summary;
}

/// 80 MW of water all day, half of them sold to a works of 50: 40 of 50 in every hour, 40 of the city's 150.
TEST(ContractAccount, AContractOnSteadyWaterCountsTheSameByHourAndByYear) {
    System system = tiny_system();
    add_hydro(system, "dam", plant, 200, 80);
    system.sources.hydro.plants.flexible_share[0] = 0;
    add_load(system, "works", city, 50);
    add_load(system, "town", city, 100);
    add_contract(system, "green", {"works"}, "dam", 0.5);
    CollectingSink sink;
    const engine::Summary summary = run(system, sink);
    EXPECT_NEAR(summary.indicators.at("green_contracted_mwh"), 24 * 40.0, 1e-6);
    EXPECT_NEAR(summary.indicators.at("green_contracted_unused_mwh"), 0, 1e-9);
    EXPECT_NEAR(summary.indicators.at("green_share_contracted"), 40.0 / 150, 1e-9);
    EXPECT_NEAR(summary.indicators.at("green_share_contracted_annual"), 40.0 / 150, 1e-9);
    EXPECT_NEAR(summary.devices.at("static").at("works").at("green_share_contracted"), 0.8, 1e-9);
    EXPECT_THAT(summary.devices.at("static"), Not(Contains(Key("town"))));
}

/// All sun of a park for two works of 30 and 10 MW: by night nothing comes, at noon more than they use.
TEST(ContractAccount, BoughtSunDoesNotShineAtNight) {
    System system = tiny_system();
    add_solar(system, "park", plant, 150);
    add_load(system, "large", city, 30);
    add_load(system, "small", plant, 10);
    add_load(system, "town", city, 200);
    add_contract(system, "sun", {"large", "small"}, "park", 1);
    CollectingSink sink;
    const engine::Summary summary = run(system, sink);
    const auto sun_mw = sink.over_time(&BlockResult::source_p_mw, 0);
    double bought_mwh = 0;
    double used_mwh = 0;
    for (const double p_mw : sun_mw) {
        bought_mwh += p_mw;
        used_mwh += std::min(p_mw, 40.0);
    }
    ASSERT_GT(bought_mwh, used_mwh + 50);
    const auto& out = summary.indicators;
    EXPECT_NEAR(out.at("green_contracted_mwh"), bought_mwh, 1e-3);
    EXPECT_NEAR(out.at("green_contracted_unused_mwh"), bought_mwh - used_mwh, 1e-3);
    EXPECT_NEAR(out.at("green_share_contracted"), used_mwh / (24 * 240), 1e-6);
    EXPECT_NEAR(out.at("green_share_contracted_annual"),
                std::min(bought_mwh, 24 * 40.0) / (24 * 240), 1e-6);
    const auto& works = summary.devices.at("static");
    EXPECT_NEAR(works.at("large").at("green_share_contracted"), used_mwh / (24 * 40), 1e-6);
    EXPECT_NEAR(works.at("small").at("green_share_contracted"), used_mwh / (24 * 40), 1e-6);
}

/// Of what comes over a tie only the green part can be bought: Gansu's firm energy is 45 % green.
TEST(ContractAccount, OfATieTheGreenPartIsSold) {
    System system = tiny_system();
    add_load(system, "town", city, 100);
    add_contract(system, "from_gansu", {"town"}, "gansu", 0.5);
    CollectingSink sink;
    const engine::Summary summary = run(system, sink);
    const double share = summary.indicators.at("green_share_contracted");
    EXPECT_GT(share, 0.5 * 0.45); // what the line loses comes over the tie as well
    EXPECT_LT(share, 0.5 * 0.45 * 1.02);
}

TEST(ContractAccount, NoContractNoIndicator) {
    System system = tiny_system();
    add_load(system, "town", city, 100);
    CollectingSink sink;
    EXPECT_THAT(run(system, sink).indicators, Not(Contains(Key("green_share_contracted"))));
}

} // namespace
} // namespace yuanwang::test
