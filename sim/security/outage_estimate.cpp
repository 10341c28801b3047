#include "security/outage_estimate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "network/per_unit.hpp"
#include "network/terminal_power.hpp"
#include "security/outage_factors.hpp"
#include "security/vector_widths.hpp"
#include "security/voltage_sensitivity.hpp"

namespace yuanwang::security {

namespace {

using network::power_to_pu;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t W = 16; ///< elements that a loop takes side by side

std::size_t pad(std::size_t n) {
    return (n + W - 1) / W * W;
}

/// Branches of a step before any outage, padded with zeros.
struct Flows {
    std::vector<double> p, q;    ///< pu
    std::vector<double> loading; ///< of the rating after an outage
};

struct Rerouted {
    double loss_pu = 0;  ///< what the rerouted flow loses beside
    double highest2 = 0; ///< squared loading; NaN where one is
};

/// Series impedances of the branches, padded with zeros, pu.
struct Impedances {
    std::vector<double> r, half_x, z;
};

/// Flows after an outage of p_k, q_k, as squared loadings; `loss` is scratch.
YUANWANG_ALL_VECTOR_WIDTHS
Rerouted reroute(std::size_t n, const double* factor, double p_k, double q_k, const double* p,
                 const double* q, const Impedances& impedances, const double* inverse_rate2,
                 double* __restrict loading2, double* __restrict loss) {
    const double* const r_pu = impedances.r.data();
    const double* const half_x = impedances.half_x.data();
    const double* const z = impedances.z.data();
    for (std::size_t l = 0; l < n; ++l) {
        const double p_new = p[l] + factor[l] * p_k;
        const double q_new = q[l] + factor[l] * q_k;
        const double growth = p_new * p_new - p[l] * p[l];
        const double more = growth > 0 ? growth : 0.0;
        const double p_end = std::abs(p_new) + r_pu[l] * more;
        const double q_end = std::abs(q_new) + half_x[l] * more;
        loading2[l] = (p_end * p_end + q_end * q_end) * inverse_rate2[l];
        loss[l] = z[l] * growth;
    }
    std::array<double, W> sum{};
    std::array<double, W> highest{};
    for (std::size_t l = 0; l < n; l += W) {
        for (std::size_t w = 0; w < W; ++w) {
            sum[w] += loss[l + w];
            highest[w] = loading2[l + w] <= highest[w] ? highest[w] : loading2[l + w];
        }
    }
    Rerouted r;
    for (std::size_t w = 0; w < W; ++w) {
        r.loss_pu += sum[w];
        r.highest2 = highest[w] <= r.highest2 ? r.highest2 : highest[w];
    }
    return r;
}

/// Nodes of a step before any outage and what they may show after it, padded with nodes that may show anything.
struct Voltages {
    std::vector<double> vm, low, high; ///< pu
};

/// Voltages `after` an outage; returns how far the most pressed node stays inside its band, pu: negative where one comes
/// near, NaN where one has no number. `clear` is scratch.
YUANWANG_ALL_VECTOR_WIDTHS
double find_clearance(std::size_t n, const VoltageSensitivity::Move& move, double loss_pu,
                      double margin_pu, const double* own, const double* vm, const double* low,
                      const double* high, double* __restrict after, double* __restrict clear) {
    const double* const x0 = move.x[0];
    const double* const x1 = move.x[1];
    for (std::size_t i = 0; i < n; ++i) {
        const double dv = x0[i] * move.dq[0] + x1[i] * move.dq[1];
        const double doubt = margin_pu + 0.5 * std::abs(dv) +
                             std::abs(x0[i] * move.dp[0] + x1[i] * move.dp[1]) +
                             std::abs(own[i] * loss_pu);
        const double above = vm[i] + dv - low[i] - doubt;
        const double below = high[i] - vm[i] - dv - doubt;
        after[i] = vm[i] + dv;
        clear[i] = above < below ? above : below;
    }
    std::array<double, W> least;
    least.fill(infinity);
    for (std::size_t i = 0; i < n; i += W) {
        for (std::size_t w = 0; w < W; ++w) {
            least[w] = clear[i + w] >= least[w] ? least[w] : clear[i + w];
        }
    }
    double clearance = infinity;
    for (const double lane : least) {
        clearance = lane >= clearance ? clearance : lane;
    }
    return clearance;
}

YUANWANG_ALL_VECTOR_WIDTHS
void widen_high(std::size_t n, const double* found, double outage, double* __restrict value,
                double* __restrict which) {
    for (std::size_t l = 0; l < n; ++l) {
        const double best = value[l];
        const double named = which[l];
        const bool worse = found[l] > best;
        value[l] = worse ? found[l] : best;
        which[l] = worse ? outage : named;
    }
}
YUANWANG_ALL_VECTOR_WIDTHS
void widen_low(std::size_t n, const double* found, double outage, double* __restrict value,
               double* __restrict which) {
    for (std::size_t l = 0; l < n; ++l) {
        const double best = value[l];
        const double named = which[l];
        const bool worse = found[l] < best;
        value[l] = worse ? found[l] : best;
        which[l] = worse ? outage : named;
    }
}

/// The worst so far of a column of elements, and the outage it stands for.
struct WorstColumn {
    std::vector<double> value, outage;
    void reset(std::size_t n, double start) {
        value.assign(n, start);
        outage.assign(n, -1.0);
    }
    void raise(const std::vector<double>& found, double name) {
        widen_high(value.size(), found.data(), name, value.data(), outage.data());
    }
    void lower(const std::vector<double>& found, double name) {
        widen_low(value.size(), found.data(), name, value.data(), outage.data());
    }
    [[nodiscard]] Extreme at(std::size_t i) const {
        return {value[i], static_cast<std::int32_t>(outage[i])};
    }
};

void widen_high(Extreme& best, const Extreme& other) {
    if (other.outage >= 0 && (best.outage < 0 || other.value > best.value)) {
        best = other;
    }
}
void widen_low(Extreme& best, const Extreme& other) {
    if (other.outage >= 0 && (best.outage < 0 || other.value < best.value)) {
        best = other;
    }
}

} // namespace

struct EstimateScratch::Columns {
    Flows before;
    Voltages nodes;
    std::vector<double> section_mw;         ///< [n_section] before
    std::vector<double> section_after_mw;   ///< [n_section] of the outage in hand
    std::vector<double> loading2;           ///< [n_row] of the outage in hand
    std::vector<double> vm_after;           ///< [n_node row] of the outage in hand
    std::vector<double> of_branch, of_node; ///< scratch
    WorstColumn loading, vm_min, vm_max, section_min, section_max;
};

EstimateScratch::EstimateScratch() : columns_{std::make_unique<Columns>()} {}
EstimateScratch::~EstimateScratch() = default;
EstimateScratch::EstimateScratch(EstimateScratch&&) noexcept = default;
EstimateScratch& EstimateScratch::operator=(EstimateScratch&&) noexcept = default;

class OutageEstimate::Impl {
  public:
    Impl(const network::Network& grid, const powerflow::Units& units,
         std::span<const powerflow::batch::Outage> outages, std::span<const double> rate_mva,
         std::vector<Bounds> bus_band, std::vector<std::vector<SectionBranch>> sections,
         std::vector<Bounds> section_limit, const EstimateLimits& limits)
        : n_branch_{grid.n_branch()}, n_row_{pad(n_branch_)}, bus_band_{std::move(bus_band)},
          sections_{std::move(sections)}, section_limit_{std::move(section_limit)}, limits_{limits},
          sensitivity_{grid, units} {
        inverse_rate2_.assign(n_row_, 0.0);
        for (std::vector<double>* column : {&impedances_.r, &impedances_.half_x, &impedances_.z}) {
            column->assign(n_row_, 0.0);
        }
        terminal_at_to_.assign(n_branch_, 1);
        for (const BranchIdx k : rows<BranchIdx>(n_branch_)) {
            const double rate_pu = power_to_pu(rate_mva[k.row()]);
            inverse_rate2_[k.row()] = rate_pu > 0 ? 1.0 / (rate_pu * rate_pu) : 0.0;
            terminal_at_to_[k.row()] = network::has_terminal_at_to(grid.branches.kind[k]) ? 1 : 0;
            if (grid.branches.in_service[k]) {
                impedances_.r[k.row()] = std::abs(grid.branches.r_pu[k]);
                impedances_.half_x[k.row()] = 0.5 * std::abs(grid.branches.x_pu[k]);
                impedances_.z[k.row()] = std::hypot(grid.branches.r_pu[k], grid.branches.x_pu[k]);
            }
        }
        column_.assign(outages.size(), -1);
        branch_.assign(outages.size(), BranchIdx{});
        if (n_branch_ > 0) {
            read_factors(OutageFactors{grid, BusIdx{0}}, outages);
        }
    }

    void prepare(const powerflow::BlockInjections& injections,
                 const powerflow::BlockStates& states) {
        ready_ = sensitivity_.prepare(injections, states);
    }

    void choose(const powerflow::BlockStates& states, std::size_t t, EstimateScratch& scratch,
                std::vector<std::size_t>& near, WorstOutcomes& rest) const {
        near.clear();
        EstimateScratch::Columns& s = *scratch.columns_;
        read_step(states, t, s);
        for (std::size_t k = 0; k < column_.size(); ++k) {
            if (!ready_ || column_[k] < 0 || !stays_clear(states, t, k, s)) {
                near.push_back(k);
            }
        }
        write(s, rest);
    }

  private:
    void read_factors(OutageFactors factors, std::span<const powerflow::batch::Outage> outages) {
        if (!factors.factorised()) {
            return;
        }
        constexpr std::size_t lanes = OutageFactors::lanes;
        const std::vector<BranchIdx>& known = factors.outages();
        factors_.assign(known.size() * n_row_, 0.0);
        std::vector<double> block(n_branch_ * lanes);
        for (std::size_t b = 0; b < factors.n_block(); ++b) {
            factors.compute_block(b, block);
            for (std::size_t w = 0; w < lanes && b * lanes + w < known.size(); ++w) {
                for (std::size_t l = 0; l < n_branch_; ++l) {
                    factors_[(b * lanes + w) * n_row_ + l] = block[l * lanes + w];
                }
            }
        }
        Column<BranchIdx, std::int32_t> of_branch{std::vector<std::int32_t>(n_branch_, -1)};
        for (std::size_t m = 0; m < known.size(); ++m) {
            of_branch[known[m]] = static_cast<std::int32_t>(m);
        }
        for (std::size_t k = 0; k < outages.size(); ++k) {
            const powerflow::batch::Outage& outage = outages[k];
            if (outage.branches.size() != 1 || !outage.units.empty() || !outage.machines.empty() ||
                !outage.load_buses.empty() || !outage.shed.empty()) {
                continue;
            }
            const BranchIdx lost = outage.branches.front();
            if (of_branch[lost] >= 0) {
                column_[k] = of_branch[lost];
                branch_[k] = lost;
            }
        }
    }

    [[nodiscard]] const double* factor(std::size_t k) const {
        return factors_.data() + static_cast<std::size_t>(column_[k]) * n_row_;
    }

    void read_step(const powerflow::BlockStates& states, std::size_t t,
                   EstimateScratch::Columns& s) const {
        read_flows(states, t, s.before);
        read_voltages(states, t, s.nodes);
        s.section_mw.clear();
        for (std::size_t m = 0; m < sections_.size(); ++m) {
            s.section_mw.push_back(sum_section_mw(m, s.before.p, nullptr, 0.0));
        }
        s.section_after_mw = s.section_mw;
        s.loading2.assign(n_row_, 0.0);
        s.of_branch.assign(n_row_, 0.0);
        s.vm_after.assign(sensitivity_.n_row(), 0.0);
        s.of_node.assign(sensitivity_.n_row(), 0.0);
        s.loading.reset(n_row_, -1.0);
        s.vm_min.reset(sensitivity_.n_row(), infinity);
        s.vm_max.reset(sensitivity_.n_row(), 0.0);
        s.section_min.reset(sections_.size(), infinity);
        s.section_max.reset(sections_.size(), -infinity);
    }

    void read_flows(const powerflow::BlockStates& states, std::size_t t, Flows& f) const {
        for (std::vector<double>* column : {&f.p, &f.q, &f.loading}) {
            column->assign(n_row_, 0.0);
        }
        for (std::size_t l = 0; l < n_branch_; ++l) {
            const double from = states.q_from_mvar(l, t);
            const double to = states.q_to_mvar(l, t);
            const bool ends = terminal_at_to_[l] != 0;
            const double p_from = states.p_from_mw(l, t);
            const double p_to = states.p_to_mw(l, t);
            f.p[l] = power_to_pu(!ends || std::abs(p_from) > std::abs(p_to) ? p_from : -p_to);
            f.q[l] = power_to_pu(!ends || std::abs(from) > std::abs(to) ? from : -to);
            f.loading[l] = std::sqrt((f.p[l] * f.p[l] + f.q[l] * f.q[l]) * inverse_rate2_[l]);
        }
    }

    void read_voltages(const powerflow::BlockStates& states, std::size_t t, Voltages& v) const {
        const std::size_t n = sensitivity_.n_row();
        v.vm.assign(n, 1.0);
        v.low.assign(n, -infinity);
        v.high.assign(n, infinity);
        for (const BusIdx i : rows<BusIdx>(bus_band_.size())) {
            const double vm = states.vm_pu(i, t);
            if (std::isfinite(vm)) {
                const std::size_t n_i = sensitivity_.node(i);
                v.vm[n_i] = vm;
                v.low[n_i] = std::max(v.low[n_i], bus_band_[i.row()].min);
                v.high[n_i] = std::min(v.high[n_i], bus_band_[i.row()].max);
            }
        }
    }

    /// Flow of a section where each branch takes `factor` of `p_k` beside its own; no factors: its own alone.
    [[nodiscard]] double sum_section_mw(std::size_t m, const std::vector<double>& p,
                                        const double* factor, double p_k) const {
        double sum = 0;
        for (const SectionBranch& term : sections_[m]) {
            const std::size_t l = term.branch.row();
            sum += term.sign * (p[l] + (factor != nullptr ? factor[l] * p_k : 0.0));
        }
        return network::power_to_mva(sum);
    }

    /// True where the outage comes near no limit; then what it does is kept for the columns.
    [[nodiscard]] bool stays_clear(const powerflow::BlockStates& states, std::size_t t,
                                   std::size_t k, EstimateScratch::Columns& s) const {
        const std::size_t lost = branch_[k].row();
        const double p_k = s.before.p[lost];
        const Rerouted after =
            reroute(n_row_, factor(k), p_k, s.before.q[lost], s.before.p.data(), s.before.q.data(),
                    impedances_, inverse_rate2_.data(), s.loading2.data(), s.of_branch.data());
        s.loading2[lost] = -1.0; // carries nothing
        for (std::size_t m = 0; m < sections_.size(); ++m) {
            s.section_after_mw[m] = sum_section_mw(m, s.before.p, factor(k), p_k);
        }
        if (is_flow_near(s, after.highest2) || is_section_near(s, after.loss_pu)) {
            return false;
        }
        const auto move = sensitivity_.lose(states, t, branch_[k], std::max(0.0, after.loss_pu));
        if (!move ||
            !(find_clearance(sensitivity_.n_row(), *move, after.loss_pu, limits_.voltage_margin_pu,
                             sensitivity_.own().data(), s.nodes.vm.data(), s.nodes.low.data(),
                             s.nodes.high.data(), s.vm_after.data(), s.of_node.data()) > 0)) {
            return false;
        }
        keep(k, s);
        return true;
    }

    [[nodiscard]] bool is_flow_near(const EstimateScratch::Columns& s, double highest2) const {
        constexpr double idle2 =
            0.8 * 0.8; // below it only what falls from twice its rating is near
        if (highest2 < idle2) {
            return false;
        }
        const double limit = 1.0 - 0.01 * limits_.flow_margin_percent;
        for (std::size_t l = 0; l < n_branch_; ++l) {
            if (s.loading2[l] < idle2) {
                continue;
            }
            const double loading = std::sqrt(s.loading2[l]);
            const double doubt = limits_.change_share * std::abs(loading - s.before.loading[l]);
            if (!(loading + doubt < limit)) { // NaN is near
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] bool is_section_near(const EstimateScratch::Columns& s, double loss_pu) const {
        const double loss_mw =
            network::power_to_mva(std::abs(sensitivity_.resistive_share() * loss_pu));
        for (std::size_t m = 0; m < sections_.size(); ++m) {
            const Bounds& limit = section_limit_[m];
            const double p_mw = s.section_after_mw[m];
            const double doubt =
                limits_.change_share * std::abs(p_mw - s.section_mw[m]) + loss_mw +
                limits_.section_margin * std::max(std::abs(limit.min), std::abs(limit.max));
            if (!(p_mw + doubt < limit.max && p_mw - doubt > limit.min)) {
                return true;
            }
        }
        return false;
    }

    void keep(std::size_t k, EstimateScratch::Columns& s) const {
        const auto outage = static_cast<double>(k);
        s.loading.raise(s.loading2, outage);
        s.vm_min.lower(s.vm_after, outage);
        s.vm_max.raise(s.vm_after, outage);
        s.section_min.lower(s.section_after_mw, outage);
        s.section_max.raise(s.section_after_mw, outage);
    }

    void write(const EstimateScratch::Columns& s, WorstOutcomes& rest) const {
        rest.loading_percent.assign(n_branch_, {});
        for (std::size_t l = 0; l < n_branch_; ++l) {
            if (inverse_rate2_[l] > 0 && s.loading.outage[l] >= 0) {
                const Extreme worst = s.loading.at(l);
                rest.loading_percent[l] = {100.0 * std::sqrt(worst.value), worst.outage};
            }
        }
        rest.vm_min_pu.assign(bus_band_.size(), {infinity, -1});
        rest.vm_max_pu.assign(bus_band_.size(), {0.0, -1});
        for (const BusIdx i : rows<BusIdx>(bus_band_.size())) {
            const std::size_t n = sensitivity_.node(i);
            if (s.nodes.low[n] > -infinity || s.nodes.high[n] < infinity) { // lives
                rest.vm_min_pu[i.row()] = s.vm_min.at(n);
                rest.vm_max_pu[i.row()] = s.vm_max.at(n);
            }
        }
        rest.section_min_mw.assign(sections_.size(), {infinity, -1});
        rest.section_max_mw.assign(sections_.size(), {-infinity, -1});
        for (std::size_t m = 0; m < sections_.size(); ++m) {
            rest.section_min_mw[m] = s.section_min.at(m);
            rest.section_max_mw[m] = s.section_max.at(m);
        }
    }

    std::size_t n_branch_;
    std::size_t n_row_; ///< n_branch and what makes full vectors
    std::vector<Bounds> bus_band_;
    std::vector<std::vector<SectionBranch>> sections_;
    std::vector<Bounds> section_limit_;
    EstimateLimits limits_;
    VoltageSensitivity sensitivity_;
    std::vector<double> inverse_rate2_; ///< [n_row]
    Impedances impedances_;
    std::vector<char> terminal_at_to_; ///< [n_branch] network/terminal_power.hpp
    std::vector<double> factors_;      ///< LODF [n_row × n_known]
    std::vector<std::int32_t> column_; ///< [n_outage] of `factors_`, −1: none
    std::vector<BranchIdx> branch_;    ///< [n_outage]
    bool ready_ = false;
};

OutageEstimate::OutageEstimate(const network::Network& grid, const powerflow::Units& units,
                               std::span<const powerflow::batch::Outage> outages,
                               std::span<const double> rate_mva, std::vector<Bounds> bus_band,
                               std::vector<std::vector<SectionBranch>> sections,
                               std::vector<Bounds> section_limit, const EstimateLimits& limits)
    : impl_{std::make_unique<Impl>(grid, units, outages, rate_mva, std::move(bus_band),
                                   std::move(sections), std::move(section_limit), limits)} {}
OutageEstimate::~OutageEstimate() = default;
OutageEstimate::OutageEstimate(OutageEstimate&&) noexcept = default;
OutageEstimate& OutageEstimate::operator=(OutageEstimate&&) noexcept = default;

void OutageEstimate::prepare(const powerflow::BlockInjections& injections,
                             const powerflow::BlockStates& states) {
    impl_->prepare(injections, states);
}

void OutageEstimate::choose(const powerflow::BlockStates& states, std::size_t t,
                            EstimateScratch& scratch, std::vector<std::size_t>& near,
                            WorstOutcomes& rest) const {
    impl_->choose(states, t, scratch, near, rest);
}

void widen(WorstOutcomes& solved, const WorstOutcomes& estimated) {
    for (std::size_t l = 0; l < solved.loading_percent.size(); ++l) {
        widen_high(solved.loading_percent[l], estimated.loading_percent[l]);
    }
    for (std::size_t i = 0; i < solved.vm_min_pu.size(); ++i) {
        widen_low(solved.vm_min_pu[i], estimated.vm_min_pu[i]);
        widen_high(solved.vm_max_pu[i], estimated.vm_max_pu[i]);
    }
    for (std::size_t m = 0; m < solved.section_min_mw.size(); ++m) {
        widen_low(solved.section_min_mw[m], estimated.section_min_mw[m]);
        widen_high(solved.section_max_mw[m], estimated.section_max_mw[m]);
    }
}

} // namespace yuanwang::security
