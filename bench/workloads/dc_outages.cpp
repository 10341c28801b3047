#include "bench/workloads/dc_outages.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <thread>
#include <vector>

#include "bench/workloads/cpu_clock.hpp"
#include "bench/workloads/one_by_one.hpp"
#include "core/aligned.hpp"
#include "core/error.hpp"
#include "powerflow/dc.hpp"
#include "security/outage_factors.hpp"

namespace yuanwang::workloads {

namespace {

using security::OutageFactors;
constexpr std::size_t lanes = OutageFactors::lanes;
constexpr double infinity = std::numeric_limits<double>::infinity();

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

/// Medians of several pieces of work that take turns, so that a busy machine disturbs all of them alike, µs: of the
/// processor on one thread, of the wall clock on several. Each piece runs once untimed before it is timed, so that it finds
/// the caches as it leaves them itself.
template <class... Work>
std::array<double, sizeof...(Work)> measure_us(int rounds, bool wall, const Work&... work) {
    const auto now_s = [wall] {
        return wall ? std::chrono::duration<double>(
                          std::chrono::steady_clock::now().time_since_epoch())
                          .count()
                    : thread_cpu_s();
    };
    const auto time_us = [&](const auto& piece) {
        piece();
        const double begin_s = now_s();
        piece();
        return 1e6 * (now_s() - begin_s);
    };
    std::array<std::vector<double>, sizeof...(Work)> times;
    for (int round = 0; round < std::max(rounds, 1); ++round) {
        std::size_t i = 0;
        (times[i++].push_back(time_us(work)), ...);
    }
    std::array<double, sizeof...(Work)> medians{};
    for (std::size_t i = 0; i < times.size(); ++i) {
        const auto middle = times[i].begin() + static_cast<std::ptrdiff_t>(times[i].size() / 2);
        std::ranges::nth_element(times[i], middle);
        medians[i] = *middle;
    }
    return medians;
}

/// Tables beyond this size are written past the caches: half of a usual second-level cache.
constexpr std::size_t streamed_bytes = 512 << 10;

/// A difference that is no number is as large as can be.
void widen(double& largest, double difference) {
    const bool number = std::isfinite(difference);
    largest = std::max(largest, number ? std::abs(difference) : infinity);
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
        const auto compute = flows.size_bytes() > streamed_bytes ? &OutageFactors::stream_flows
                                                                 : &OutageFactors::compute_flows;
        for_each_block([&](OutageFactors& f, std::size_t block) {
            (f.*compute)(block, p_mw_, flows.subspan(block * size, size));
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
    if (!side_by_side.factors().factorised()) {
        throw InputError(Fault{
            {}, "grid", "must have a DC power flow for W4 (no branch without reactance)", {}});
    }
    const std::vector<BranchIdx>& outages = side_by_side.factors().outages();
    if (outages.empty()) { // a tree
        return {};
    }
    OneByOne one_by_one{flow_case.grid, find_reference(flow_case), outages, p_mw};

    const std::size_t n = side_by_side.factors().n_branch();
    const std::size_t n_lane = side_by_side.factors().n_block() * lanes;
    AlignedVector<double> in_lanes(n_lane * n);
    std::vector<double> in_rows(outages.size() * n);
    AlignedVector<double> worst(n_lane);
    std::vector<double> worst_scalar(outages.size());
    side_by_side.compute(in_lanes);
    one_by_one.compute(in_rows);
    side_by_side.screen(worst);
    one_by_one.screen(inverse, worst_scalar);

    OutageComparison found{.outages = outages.size()};
    for (std::size_t m = 0; m < outages.size(); ++m) {
        for (std::size_t l = 0; l < n; ++l) {
            const double lane = in_lanes[(m / lanes * n + l) * lanes + m % lanes];
            widen(found.largest_difference_mw, lane - in_rows[m * n + l]);
        }
        widen(found.largest_screen_difference, worst[m] - worst_scalar[m]);
    }
    const auto flows = static_cast<double>(std::max<std::size_t>(outages.size(), 1));
    const bool wall = n_thread > 1;
    const auto times = measure_us(
        rounds, wall, [&] { side_by_side.compute(in_lanes); }, [&] { one_by_one.compute(in_rows); },
        [&] { side_by_side.screen(worst); }, [&] { one_by_one.screen(inverse, worst_scalar); },
        [&] { std::memset(in_lanes.data(), 0, in_lanes.size() * sizeof(double)); });
    found.lanes_us = times[0] / flows;
    found.one_by_one_us = times[1] / flows;
    found.screen_us = times[2] / flows;
    found.screen_scalar_us = times[3] / flows;
    found.fill_us = times[4] / flows;
    found.bytes = side_by_side.factors().bytes();
    return found;
}

} // namespace yuanwang::workloads
