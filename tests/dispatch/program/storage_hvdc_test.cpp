/// PyPSA's example storage-hvdc (MIT licence, PyPSA contributors), read from the reference data: two AC triangles joined by two
/// HVDC links, wind and gas, six storages, a limit on CO2, twelve steps of three hours.
///
///     0 ─ 1        3 ─ 4        links 0–3 and 1–4, lossless both ways
///      \ /          \ /
///       2            5
///
/// PyPSA chooses capacities as well. They are read off its published schedule, which uses each to the full; with capacities
/// fixed the cheapest operation has to be PyPSA's: operation + capital − capital of what was there = 14 670 508.8254.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dispatch/program/clp_engine.hpp"
#include "dispatch/program/cycle_flow.hpp"

namespace yuanwang::dispatch::program {
namespace {

const std::filesystem::path folder =
    std::filesystem::path{YUANWANG_SHARED_DIR} / "reference" / "pypsa-storage-hvdc";
constexpr std::size_t n_step = 12;
constexpr double dt_h = 3;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double published = 14'670'508.8254;
constexpr double a_little = 1 + 1e-9; ///< printed digits end somewhere

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
        if (c == ',') {
            cells.emplace_back();
        } else if (c != '\r') {
            cells.back() += c;
        }
    }
    return cells;
}

/// Columns of a CSV file by name.
std::map<std::string, std::vector<std::string>> read_table(const std::string& name) {
    std::ifstream file{folder / name};
    std::string line;
    std::getline(file, line);
    const std::vector<std::string> names = split(line);
    std::map<std::string, std::vector<std::string>> table;
    while (std::getline(file, line)) {
        const std::vector<std::string> cells = split(line);
        for (std::size_t c = 0; c < names.size(); ++c) {
            table[names[c]].push_back(cells.at(c));
        }
    }
    return table;
}

class Table {
  public:
    explicit Table(const std::string& name) : columns_{read_table(name)} {}
    [[nodiscard]] std::size_t size() const { return columns_.begin()->second.size(); }
    [[nodiscard]] bool has(const std::string& column) const { return columns_.contains(column); }
    [[nodiscard]] const std::string& text(const std::string& column, std::size_t row) const {
        return columns_.at(column).at(row);
    }
    [[nodiscard]] double number(const std::string& column, std::size_t row) const {
        return std::stod(text(column, row));
    }
    [[nodiscard]] std::size_t bus(const std::string& column, std::size_t row) const {
        return static_cast<std::size_t>(std::stoul(text(column, row)));
    }
    /// Largest magnitude of a column.
    [[nodiscard]] double largest(const std::string& column) const {
        double most = 0;
        for (const std::string& value : columns_.at(column)) {
            most = std::max(most, std::abs(std::stod(value)));
        }
        return most;
    }

  private:
    std::map<std::string, std::vector<std::string>> columns_;
};

/// System, block and what the capacities cost.
struct Example {
    System system;
    FlowGrid grid;
    Block block;
    double capital = 0; ///< of chosen capacities, less what stood there before

    Example() {
        system.n_bus = 6;
        system.dt_h = dt_h;
        system.n_island = 2;
        system.island_of_bus = {0, 0, 0, 1, 1, 1};
        block.n_step = n_step;
        block.seam = Seam::fixed;
        add_loads();
        add_generators();
        add_links();
        add_storages();
        add_lines();
    }

  private:
    void add_loads() {
        const Table loads{"loads-p_set.csv"};
        block.demand_mw.reshape(6, n_step);
        for (std::size_t i = 0; i < 6; ++i) {
            for (std::size_t t = 0; t < n_step; ++t) {
                block.demand_mw(i, t) = loads.number(std::to_string(i), t);
            }
        }
    }

    static std::vector<double> published_row(const Table& results, const std::string& name) {
        std::vector<double> row(n_step, 0);
        for (std::size_t t = 0; t < n_step && results.has(name); ++t) {
            row[t] = results.number(name, t);
        }
        return row;
    }

    /// Twelve plants, then two ends for each link.
    void add_generators() {
        const Table plants{"generators.csv"};
        const Table availability{"generators-p_max_pu.csv"};
        const Table results{"results/generators-p.csv"};
        const std::size_t n = plants.size() + 4;
        block.p_min_mw.reshape(n, n_step);
        block.p_max_mw.reshape(n, n_step);
        block.price_per_mwh.reshape(n, n_step);
        block.account_weight.reshape(n, n_step);
        system.accounts = {.generators = {{}}, .keep = {1}};
        block.account_min.reshape(1, n_step, -1000 * a_little); // t of CO2 emitted so far
        block.account_max.reshape(1, n_step, 0);
        for (std::size_t k = 0; k < plants.size(); ++k) {
            const std::string& name = plants.text("name", k);
            const bool varies = availability.has(name);
            const std::vector<double> p = published_row(results, name);
            const double p_min_pu = plants.number("p_min_pu", k);
            double p_nom = plants.number("p_nom", k);
            const auto p_max_pu = [&](std::size_t t) {
                return varies ? availability.number(name, t) : plants.number("p_max_pu", k);
            };
            if (plants.text("p_nom_extendable", k) == "True") {
                capital -= p_nom * plants.number("capital_cost", k);
                p_nom = plants.number("p_nom_min", k);
                for (std::size_t t = 0; t < n_step; ++t) {
                    p_nom = std::max(p_nom, p[t] / p_max_pu(t));
                }
                if (p_min_pu >
                    0) { // gas that runs at its least output all day sets the limit on CO2
                    p_nom = std::max(p_nom, *std::ranges::min_element(p) / p_min_pu);
                }
                capital += p_nom * plants.number("capital_cost", k);
            }
            system.generators.bus.push_back(plants.bus("bus", k));
            system.accounts.generators[0].push_back(k);
            const double co2 =
                plants.text("carrier", k) == "gas" ? 0.24 / plants.number("efficiency", k) : 0;
            for (std::size_t t = 0; t < n_step; ++t) {
                block.p_min_mw(k, t) = p_min_pu * p_nom;
                block.p_max_mw(k, t) = p_max_pu(t) * p_nom * a_little;
                block.price_per_mwh(k, t) = plants.number("marginal_cost", k);
                block.account_weight(k, t) = co2;
            }
        }
    }

    /// A link is what its two ends inject, which sums to nothing.
    void add_links() {
        const Table links{"links.csv"};
        const Table results{"results/links-p0.csv"};
        const Table storages{"storage_units.csv"};
        block.group_lower.reshape(4, n_step, 0);
        block.group_upper.reshape(4, n_step, 0);
        for (std::size_t m = 0; m < links.size(); ++m) {
            const double p_max_pu = links.number("p_max_pu", m);
            double p_nom = links.number("p_nom", m);
            if (links.text("p_nom_extendable", m) == "True") {
                const double chosen = results.largest(links.text("name", m)) / p_max_pu;
                capital += (chosen - p_nom) * links.number("capital_cost", m);
                p_nom = chosen;
            }
            const std::size_t first = system.generators.size();
            for (const char* end : {"bus0", "bus1"}) {
                const std::size_t k = system.generators.size();
                system.generators.bus.push_back(links.bus(end, m));
                for (std::size_t t = 0; t < n_step; ++t) {
                    block.p_min_mw(k, t) = -p_max_pu * p_nom * a_little;
                    block.p_max_mw(k, t) = p_max_pu * p_nom * a_little;
                }
            }
            system.groups.terms.push_back(
                {{Quantity::generation, first, 1}, {Quantity::generation, first + 1, 1}});
        }
    }

    void add_storages() {
        const Table units{"storage_units.csv"};
        const Table power{"results/storage_units-p.csv"};
        const Table stored{"results/storage_units-state_of_charge.csv"};
        const Table set{"storage_units-state_of_charge_set.csv"};
        block.inflow_mw.reshape(units.size(), n_step);
        block.discharge_price_per_mwh.reshape(units.size(), n_step);
        auto& st = system.storages;
        for (std::size_t s = 0; s < units.size(); ++s) {
            const std::string& name = units.text("name", s);
            double p_nom = units.number("p_nom", s);
            if (units.text("p_nom_extendable", s) == "True") {
                p_nom = std::max(power.largest(name),
                                 stored.largest(name) / units.number("max_hours", s));
                capital += p_nom * units.number("capital_cost", s);
            }
            st.bus.push_back(units.bus("bus", s));
            st.charge_max_mw.push_back(p_nom * a_little);
            st.discharge_max_mw.push_back(p_nom * a_little);
            st.spill_max_mw.push_back(s == 0 ? 20 : 0);
            st.e_min_mwh.push_back(0);
            st.e_max_mwh.push_back(units.number("max_hours", s) * p_nom * a_little);
            st.eta_charge.push_back(units.number("efficiency_store", s));
            st.eta_discharge.push_back(units.number("efficiency_dispatch", s));
            st.retention.push_back(std::pow(1 - units.number("standing_loss", s), dt_h));
            const double end_mwh = std::max(0.0, stored.number(name, n_step - 1));
            const bool cyclic = units.text("cyclic_state_of_charge", s) == "True";
            block.e_start_mwh.push_back(cyclic ? end_mwh : 0);
            block.e_end_mwh.push_back(end_mwh);
            for (std::size_t t = 0; t < n_step; ++t) {
                block.discharge_price_per_mwh(s, t) = units.number("marginal_cost", s);
                block.inflow_mw(s, t) = s == 0 ? 20 : 0;
            }
        }
        // Stored energy that is prescribed: storage 4 in step 2, storage 3 in step 3.
        hold_stored(2, 4, 2, set.number("Storage 4", 2));
        hold_stored(3, 3, 3, set.number("Storage 3", 3));
    }

    void hold_stored(std::size_t group, std::size_t storage, std::size_t step, double e_mwh) {
        system.groups.terms.push_back({{Quantity::stored, storage, 1}});
        for (std::size_t t = 0; t < n_step; ++t) {
            block.group_lower(group, t) = t == step ? e_mwh : -infinity;
            block.group_upper(group, t) = t == step ? e_mwh : infinity;
        }
    }

    /// Both triangles: what a bus sends to the first of its triangle takes two ways, in inverse proportion to reactance.
    void add_lines() {
        const Table lines{"lines.csv"};
        const Table results{"results/lines-p0.csv"};
        system.branches.ptdf.assign(6 * 6, 0);
        grid.node = {0, 1, 2, 3, 4, 5};
        for (std::size_t k = 0; k < lines.size(); ++k) {
            double s_nom = lines.number("s_nom", k);
            if (lines.text("s_nom_extendable", k) == "True") {
                s_nom = results.largest(lines.text("name", k));
                capital += s_nom * lines.number("capital_cost", k);
            }
            system.branches.limit_mw.push_back(s_nom * a_little);
            grid.from.push_back(lines.bus("bus0", k));
            grid.to.push_back(lines.bus("bus1", k));
            grid.x_pu.push_back(lines.number("x", k));
            grid.shift_rad.push_back(0);
            grid.in_service.push_back(1);
        }
        for (const std::size_t a : {0u, 3u}) { // lines a: a → a+1, a+1: a+1 → a+2, a+2: a+2 → a
            grid.loops.push_back({{a, 1}, {a + 1, 1}, {a + 2, 1}});
            const double around = grid.x_pu[a] + grid.x_pu[a + 1] + grid.x_pu[a + 2];
            const auto H = [&](std::size_t k, std::size_t i) -> double& {
                return system.branches.ptdf[k * 6 + i];
            };
            H(a, a + 1) = grid.x_pu[a] / around - 1;
            H(a + 1, a + 1) = H(a + 2, a + 1) = grid.x_pu[a] / around;
            H(a + 2, a + 2) = 1 - grid.x_pu[a + 2] / around;
            H(a + 1, a + 2) = H(a, a + 2) = -grid.x_pu[a + 2] / around;
        }
    }
};

class StorageHvdc : public testing::Test {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(folder)) {
            GTEST_SKIP() << "reference data are not beside the checkout";
        }
    }
};

TEST_F(StorageHvdc, CostsWhatPypsaFound) {
    const Example example;
    const Solution answer = ClpEngine{example.system}.solve(example.block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.objective + example.capital, published, 1e-8 * published);
    // what is left to operation alone is small beside the capital: held on its own scale too
    EXPECT_NEAR(answer.objective, 33'533.4786, 1e-6 * answer.objective);
    EXPECT_NEAR(answer.generation_mw(0, 0), 12.4173, 1e-4); // Wind 0 in the first step
}

TEST_F(StorageHvdc, BothEnginesFindIt) {
    const Example example;
    CycleFlowEngine engine{example.system, example.grid};
    const Solution answer = engine.solve(example.block);
    ASSERT_EQ(answer.status, SolveStatus::optimal);
    EXPECT_NEAR(answer.objective + example.capital, published, 1e-8 * published);
    EXPECT_NEAR(answer.objective, 33'533.4786, 1e-6 * answer.objective);
}

} // namespace
} // namespace yuanwang::dispatch::program
