#include "bench/workloads/dc_outages.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <span>
#include <thread>
#include <vector>

#include "bench/workloads/cpu_clock.hpp"
#include "bench/workloads/one_by_one.hpp"
#include "powerflow/dc.hpp"
#include "security/outage_factors.hpp"

namespace yuanwang::workloads {

namespace {

using security::OutageFactors;
constexpr std::size_t lanes = OutageFactors::lanes;

BusIdx find_reference(const FlowCase& c) {
    return c.units.reference.valid() ? c.units.bus[c.units.reference] : BusIdx{0};
}

std::vector<double> find_base_flows(const FlowCase& c) {
    std::vector<double> injection(c.grid.n_bus, 0.0);
    for (std::size_t i = 0; i < c.grid.n_bus; ++i) {
        injection[i] -= c.injections.load_p_mw(i, 0);
    }
    for (const UnitIdx u : rows<UnitIdx>(c.units.size())) {
        injection[c.units.bus[u].row()] += c.injections.unit_p_mw(u, 0);
    }
    return powerflow::solve_dc(c.grid, injection, find_reference(c)).p_from_mw;
}

std::vector<double> list_inverse_rates(const network::Network& grid,
                                       const std::vector<double>& p_mw) {
    double largest = 0;
    for (const double p : p_mw) {
        largest = std::max(largest, std::abs(p));
    }
    std::vector<double> inverse;
    for (const double rate : grid.branches.rate_mva.vector()) {
        inverse.push_back(1 / (rate > 0 ? rate : std::max(largest, 1e-9)));
    }
    return inverse;
}

/// Median time of one call, µs: of the processor on one thread, of the wall clock on several.
template <class Work>
double measure_us(int rounds, bool wall, const Work& work) {
    const auto now_s = [wall] {
        return wall ? std::chrono::duration<double>(
                          std::chrono::steady_clock::now().time_since_epoch())
                          .count()
                    : thread_cpu_s();
    };
    std::vector<double> times;
    for (int round = 0; round < std::max(rounds, 1); ++round) {
        const double begin_s = now_s();
        work();
        times.push_back(1e6 * (now_s() - begin_s));
    }
    std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
    return times[times.size() / 2];
}

/// The lanes, one set of factors per thread; blocks are dealt out in turn.
class Lanes {
  public:
    Lanes(const FlowCase& c, const std::vector<double>& p_mw, const std::vector<double>& inverse,
          int n_thread)
        : p_mw_{p_mw}, inverse_{inverse}, factors_(static_cast<std::size_t>(std::max(n_thread, 1)),
                                                   OutageFactors{c.grid, find_reference(c)}) {}

    [[nodiscard]] const OutageFactors& factors() const { return factors_.front(); }

    /// `flows` [n_block × n_branch × lanes].
    void compute(std::span<double> flows) {
        const std::size_t size = factors().n_branch() * lanes;
        for_each_block([&](OutageFactors& f, std::size_t block) {
            f.compute_flows(block, p_mw_, flows.subspan(block * size, size));
        });
    }
    /// `worst` [n_block × lanes].
    void screen(std::span<double> worst) {
        for_each_block([&](OutageFactors& f, std::size_t block) {
            f.screen_block(block, p_mw_, inverse_, worst.subspan(block * lanes).first<lanes>());
        });
    }

  private:
    template <class Work>
    void for_each_block(const Work& work) {
        const auto run = [&](std::size_t thread) {
            for (std::size_t b = thread; b < factors().n_block(); b += factors_.size()) {
                work(factors_[thread], b);
            }
        };
        std::vector<std::jthread> others;
        for (std::size_t thread = 1; thread < factors_.size(); ++thread) {
            others.emplace_back(run, thread);
        }
        run(0);
    }

    const std::vector<double>& p_mw_;
    const std::vector<double>& inverse_;
    std::vector<OutageFactors> factors_;
};

} // namespace

OutageComparison compare_dc_outages(const FlowCase& flow_case, int rounds, int n_thread) {
    const std::vector<double> p_mw = find_base_flows(flow_case);
    const std::vector<double> inverse = list_inverse_rates(flow_case.grid, p_mw);
    Lanes side_by_side{flow_case, p_mw, inverse, n_thread};
    const std::vector<BranchIdx>& outages = side_by_side.factors().outages();
    OneByOne one_by_one{flow_case.grid, find_reference(flow_case), outages, p_mw};

    const std::size_t n = side_by_side.factors().n_branch();
    const std::size_t n_lane = side_by_side.factors().n_block() * lanes;
    std::vector<double> in_lanes(n_lane * n);
    std::vector<double> in_rows(outages.size() * n);
    std::vector<double> worst(n_lane);
    std::vector<double> worst_scalar(outages.size());
    side_by_side.compute(in_lanes);
    one_by_one.compute(in_rows);
    side_by_side.screen(worst);
    one_by_one.screen(inverse, worst_scalar);

    OutageComparison found{.outages = outages.size()};
    for (std::size_t m = 0; m < outages.size(); ++m) {
        for (std::size_t l = 0; l < n; ++l) {
            const double lane = in_lanes[(m / lanes * n + l) * lanes + m % lanes];
            found.largest_difference_mw =
                std::max(found.largest_difference_mw, std::abs(lane - in_rows[m * n + l]));
        }
        found.largest_screen_difference =
            std::max(found.largest_screen_difference, std::abs(worst[m] - worst_scalar[m]));
    }
    const auto flows = static_cast<double>(std::max<std::size_t>(outages.size(), 1));
    const bool wall = n_thread > 1;
    found.lanes_us = measure_us(rounds, wall, [&] { side_by_side.compute(in_lanes); }) / flows;
    found.screen_us = measure_us(rounds, wall, [&] { side_by_side.screen(worst); }) / flows;
    found.one_by_one_us = measure_us(rounds, wall, [&] { one_by_one.compute(in_rows); }) / flows;
    found.screen_scalar_us =
        measure_us(rounds, wall, [&] { one_by_one.screen(inverse, worst_scalar); }) / flows;
    found.bytes = (side_by_side.factors().n_branch() * 4 + lanes) * sizeof(double) +
                  flow_case.grid.n_bus * lanes * sizeof(double);
    return found;
}

} // namespace yuanwang::workloads
