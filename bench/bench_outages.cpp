/// W4: the DC flow on every branch after every outage that does not split the grid.
///
/// Sixteen outages side by side on one LDLᵀ factor against one right-hand side per outage on KLU, in the same run; the two
/// answers are compared before anything is timed. Counters: µs per outage.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <klu.h>

#include "exchange/matpower.hpp"
#include "network/network.hpp"
#include "powerflow/dc.hpp"
#include "security/outage_factors.hpp"

namespace {

using namespace yuanwang;

constexpr std::size_t lanes = security::OutageFactors::lanes;

struct Case {
    network::Network grid;
    std::vector<double> p_mw; ///< base flows
    BusIdx reference{0};
};

Case load_case(const std::string& name) {
    const std::string folder = std::string{YUANWANG_SHARED_DIR} + "/cases/";
    const engine::Study study = exchange::make_study(exchange::read_matpower(folder + name + ".m"));
    const engine::System& system = study.epochs.front().system;
    Case loaded{network::make_network(system.grid), {}, {}};
    std::vector<double> injection(loaded.grid.n_bus, 0.0);
    const auto& generators = system.sources.generators;
    for (std::size_t g = 0; g < generators.size(); ++g) {
        injection[generators.bus[g].row()] += generators.p_mw[g];
        if (generators.slack[g]) {
            loaded.reference = generators.bus[g];
        }
    }
    const auto& loads = system.loads.statics;
    for (std::size_t i = 0; i < loads.size(); ++i) {
        injection[loads.buses[i].front().row()] -= loads.p_mw[i];
    }
    loaded.p_mw = powerflow::solve_dc(loaded.grid, injection, loaded.reference).p_from_mw;
    return loaded;
}

/// The plain way: B in compressed columns, KLU with AMD, one solution per outage.
class OneByOne {
  public:
    explicit OneByOne(const Case& c)
        : case_{c}, outages_{security::OutageFactors(c.grid, c.reference).outages()} {
        assemble();
        klu_defaults(&common_);
        common_.btf = 0;
        common_.scale = 0;
        common_.ordering = 0;
        symbolic_ = klu_analyze(n_, start_.data(), row_.data(), &common_);
        numeric_ = klu_factor(start_.data(), row_.data(), value_.data(), symbolic_, &common_);
    }
    ~OneByOne() {
        klu_free_numeric(&numeric_, &common_);
        klu_free_symbolic(&symbolic_, &common_);
    }
    OneByOne(const OneByOne&) = delete;
    OneByOne& operator=(const OneByOne&) = delete;

    [[nodiscard]] const std::vector<BranchIdx>& outages() const { return outages_; }

    /// `flows` [n_outage × n_branch].
    void compute(std::vector<double>& flows) {
        const auto& branches = case_.grid.branches;
        std::vector<double> theta(static_cast<std::size_t>(n_) + 1);
        for (std::size_t m = 0; m < outages_.size(); ++m) {
            const std::size_t k = outages_[m].row();
            std::fill(theta.begin(), theta.end(), 0.0);
            theta[from_[k]] += 1;
            theta[to_[k]] -= 1;
            theta.back() = 0;
            klu_solve(symbolic_, numeric_, n_, 1, theta.data(), &common_);
            const double scale = case_.p_mw[k] / (1 - b_[k] * (theta[from_[k]] - theta[to_[k]]));
            double* const out = flows.data() + m * branches.size();
            for (std::size_t l = 0; l < branches.size(); ++l) {
                out[l] = case_.p_mw[l] + b_[l] * (theta[from_[l]] - theta[to_[l]]) * scale;
            }
            out[k] = 0;
        }
    }

  private:
    void assemble() {
        const auto& branches = case_.grid.branches;
        n_ = static_cast<int>(case_.grid.n_bus) - 1;
        const auto place = [&](BusIdx i) {
            const std::size_t r = case_.reference.row();
            return i.row() == r ? static_cast<std::size_t>(n_) : i.row() - (i.row() > r ? 1 : 0);
        };
        std::vector<std::vector<std::pair<int, double>>> columns(static_cast<std::size_t>(n_) + 1);
        for (const BranchIdx k : rows<BranchIdx>(branches.size())) {
            from_.push_back(place(branches.from[k]));
            to_.push_back(place(branches.to[k]));
            b_.push_back(1.0 / (branches.x_pu[k] * branches.ratio[k]));
            const std::size_t i = from_.back();
            const std::size_t j = to_.back();
            columns[i].emplace_back(static_cast<int>(i), b_.back());
            columns[j].emplace_back(static_cast<int>(j), b_.back());
            columns[i].emplace_back(static_cast<int>(j), -b_.back());
            columns[j].emplace_back(static_cast<int>(i), -b_.back());
        }
        start_.push_back(0);
        for (std::size_t j = 0; j < static_cast<std::size_t>(n_); ++j) {
            std::ranges::sort(columns[j], {}, &std::pair<int, double>::first);
            for (const auto& [i, value] : columns[j]) {
                const bool again =
                    static_cast<int>(row_.size()) > start_.back() && row_.back() == i;
                if (again) {
                    value_.back() += value;
                } else if (i < n_) {
                    row_.push_back(i);
                    value_.push_back(value);
                }
            }
            start_.push_back(static_cast<int>(row_.size()));
        }
    }

    const Case& case_;
    std::vector<BranchIdx> outages_;
    std::vector<std::size_t> from_;
    std::vector<std::size_t> to_;
    std::vector<double> b_;
    int n_ = 0;
    std::vector<int> start_;
    std::vector<int> row_;
    std::vector<double> value_;
    klu_common common_{};
    klu_symbolic* symbolic_ = nullptr;
    klu_numeric* numeric_ = nullptr;
};

/// `flows` [n_block × n_branch × lanes].
void compute_in_lanes(security::OutageFactors& factors, const std::vector<double>& p_mw,
                      std::vector<double>& flows) {
    const std::size_t size = factors.n_branch() * lanes;
    for (std::size_t block = 0; block < factors.n_block(); ++block) {
        factors.compute_flows(block, p_mw, std::span(flows).subspan(block * size, size));
    }
}

struct Workload {
    explicit Workload(const std::string& name)
        : loaded{load_case(name)}, one_by_one{loaded}, factors{loaded.grid, loaded.reference},
          in_lanes(factors.n_block() * factors.n_branch() * lanes),
          in_rows(factors.outages().size() * factors.n_branch()) {}

    /// Largest difference of the two ways, MW.
    double compare() {
        one_by_one.compute(in_rows);
        compute_in_lanes(factors, loaded.p_mw, in_lanes);
        double worst = 0;
        const std::size_t n = factors.n_branch();
        for (std::size_t m = 0; m < factors.outages().size(); ++m) {
            for (std::size_t l = 0; l < n; ++l) {
                const double lane = in_lanes[(m / lanes * n + l) * lanes + m % lanes];
                worst = std::max(worst, std::abs(lane - in_rows[m * n + l]));
            }
        }
        return worst;
    }

    Case loaded;
    OneByOne one_by_one;
    security::OutageFactors factors;
    std::vector<double> in_lanes;
    std::vector<double> in_rows;
};

Workload& workload_of(const std::string& name) {
    static std::vector<std::pair<std::string, std::unique_ptr<Workload>>> loaded;
    for (auto& [known, workload] : loaded) {
        if (known == name) {
            return *workload;
        }
    }
    return *loaded.emplace_back(name, std::make_unique<Workload>(name)).second;
}

void report(benchmark::State& state, const Workload& workload) {
    const auto n = static_cast<double>(workload.factors.outages().size());
    state.counters["outages"] = n;
    state.counters["us_per_outage"] = benchmark::Counter(
        n * 1e-6, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void bench_one_by_one(benchmark::State& state, const std::string& name) {
    Workload& workload = workload_of(name);
    for (auto _ : state) {
        workload.one_by_one.compute(workload.in_rows);
        benchmark::DoNotOptimize(workload.in_rows.data());
    }
    report(state, workload);
}

void bench_lanes(benchmark::State& state, const std::string& name) {
    Workload& workload = workload_of(name);
    if (const double difference = workload.compare(); !(difference < 1e-6)) {
        state.SkipWithError("the two ways differ");
        return;
    }
    for (auto _ : state) {
        compute_in_lanes(workload.factors, workload.loaded.p_mw, workload.in_lanes);
        benchmark::DoNotOptimize(workload.in_lanes.data());
    }
    report(state, workload);
}

} // namespace

int main(int argc, char** argv) {
    for (const char* name : {"case118", "case300", "case1354pegase"}) {
        const std::string of = name;
        benchmark::RegisterBenchmark(("W4/klu_one_by_one/" + of).c_str(),
                                     [of](benchmark::State& state) { bench_one_by_one(state, of); })
            ->Unit(benchmark::kMicrosecond);
        benchmark::RegisterBenchmark(("W4/lanes/" + of).c_str(), [of](benchmark::State& state) {
            bench_lanes(state, of);
        })->Unit(benchmark::kMicrosecond);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
