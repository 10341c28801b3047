#include "security/outage_estimate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include <Eigen/Dense>

#include "network/per_unit.hpp"
#include "powerflow/nodal_matrix.hpp"
#include "security/outage_factors.hpp"
#include "security/vector_widths.hpp"

namespace yuanwang::security {

namespace {

using network::power_to_pu;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double held_pu = 1e-6;
constexpr double spare_share = 0.1; ///< of the reactive range of a node that counts as holding

/// Flows after an outage and their loadings, squared and relative; returns what the rerouted flow loses beside, pu.
YUANWANG_ALL_VECTOR_WIDTHS
double reroute(std::size_t n, const double* factor, double p_k, double q_k, const double* p,
               const double* q, const double* x, const double* inverse_rate2, double* p_after,
               double* loading2) {
    double loss = 0;
    for (std::size_t l = 0; l < n; ++l) {
        const double p_new = p[l] + factor[l] * p_k;
        const double q_new = q[l] + factor[l] * q_k;
        p_after[l] = p_new;
        loading2[l] = (p_new * p_new + q_new * q_new) * inverse_rate2[l];
        loss += x[l] * (p_new * p_new - p[l] * p[l]);
    }
    return loss;
}

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

class OutageEstimate::Impl {
  public:
    Impl(const network::Network& grid, const powerflow::Units& units,
         std::span<const powerflow::batch::Outage> outages, std::span<const double> rate_mva,
         std::vector<Bounds> bus_band, std::vector<std::vector<SectionBranch>> sections,
         std::vector<Bounds> section_limit, const EstimateLimits& limits)
        : grid_{&grid}, units_{&units}, n_branch_{grid.n_branch()}, n_outage_{outages.size()},
          bus_band_{std::move(bus_band)}, sections_{std::move(sections)},
          section_limit_{std::move(section_limit)}, limits_{limits}, matrix_{grid} {
        for (const double rate : rate_mva) {
            const double rate_pu = power_to_pu(rate);
            inverse_rate2_.push_back(rate_pu > 0 ? 1.0 / (rate_pu * rate_pu) : 0.0);
        }
        for (const BranchIdx k : rows<BranchIdx>(n_branch_)) {
            x_.push_back(grid.branches.in_service[k]
                             ? std::hypot(grid.branches.r_pu[k], grid.branches.x_pu[k])
                             : 0.0);
        }
        double r = 0;
        double x = 0;
        for (const BranchIdx k : rows<BranchIdx>(n_branch_)) {
            r += std::abs(grid.branches.r_pu[k]);
            x += std::abs(grid.branches.x_pu[k]);
        }
        resistive_share_ = x > 0 ? r / x : 0.0;
        read_factors(outages);
    }

    void prepare(const powerflow::BlockInjections& injections,
                 const powerflow::BlockStates& states) {
        ready_ = false;
        for (std::size_t t = 0; t < states.outcome.size() && !ready_; ++t) {
            if (states.outcome[t].status == StepStatus::converged) {
                set_positions(states, t);
                ready_ = true;
            }
        }
        if (ready_) {
            find_free_nodes(injections, states);
            invert();
        }
    }

    void choose(const powerflow::BlockStates& states, std::size_t t, std::vector<std::size_t>& near,
                WorstOutcomes& rest) const {
        near.clear();
        reset(rest);
        Scratch s{std::vector<double>(n_branch_),        std::vector<double>(n_branch_),
                  std::vector<double>(n_branch_),        std::vector<double>(n_branch_),
                  std::vector<double>(bus_band_.size()), std::vector<double>(bus_band_.size()),
                  std::vector<double>(n_branch_, -1.0),  std::vector<std::int32_t>(n_branch_, -1)};
        for (std::size_t l = 0; l < n_branch_; ++l) {
            const double p = power_to_pu(states.p_from_mw(l, t));
            s.p[l] = p;
            s.q[l] =
                power_to_pu(std::abs(states.q_from_mvar(l, t)) > std::abs(states.q_to_mvar(l, t))
                                ? states.q_from_mvar(l, t)
                                : -states.q_to_mvar(l, t));
        }
        for (std::size_t k = 0; k < n_outage_; ++k) {
            if (!ready_ || column_[k] < 0 || is_near(states, t, k, s)) {
                near.push_back(k);
            } else {
                fold(states, t, k, s, rest);
            }
        }
        for (std::size_t l = 0; l < n_branch_; ++l) {
            if (s.worst_outage[l] >= 0) {
                rest.loading_percent[l] = {100.0 * std::sqrt(s.worst2[l]), s.worst_outage[l]};
            }
        }
    }

  private:
    struct Scratch {
        std::vector<double> p, q; ///< [n_branch] before, pu
        std::vector<double> p_after, loading2;
        std::vector<double> dv, dv_p; ///< [n_written_bus] by reactive and by active flow
        std::vector<double> worst2;   ///< [n_branch]
        std::vector<std::int32_t> worst_outage;
    };

    void read_factors(std::span<const powerflow::batch::Outage> outages) {
        column_.assign(n_outage_, -1);
        branch_.assign(n_outage_, BranchIdx{});
        if (n_branch_ == 0) {
            return;
        }
        OutageFactors factors{*grid_, BusIdx{0}};
        if (!factors.factorised()) {
            return;
        }
        constexpr std::size_t lanes = OutageFactors::lanes;
        const std::vector<BranchIdx>& known = factors.outages();
        factors_.resize(known.size() * n_branch_);
        std::vector<double> block(n_branch_ * lanes);
        for (std::size_t b = 0; b < factors.n_block(); ++b) {
            factors.compute_block(b, block);
            for (std::size_t w = 0; w < lanes && b * lanes + w < known.size(); ++w) {
                for (std::size_t l = 0; l < n_branch_; ++l) {
                    factors_[(b * lanes + w) * n_branch_ + l] = block[l * lanes + w];
                }
            }
        }
        Column<BranchIdx, std::int32_t> of_branch{std::vector<std::int32_t>(n_branch_, -1)};
        for (std::size_t m = 0; m < known.size(); ++m) {
            of_branch[known[m]] = static_cast<std::int32_t>(m);
        }
        for (std::size_t k = 0; k < n_outage_; ++k) {
            const powerflow::batch::Outage& outage = outages[k];
            if (outage.branches.size() != 1 || !outage.units.empty() ||
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

    void set_positions(const powerflow::BlockStates& states, std::size_t t) {
        std::vector<int> taps;
        std::vector<int> shunts;
        for (const double tap : states.tap.step(t)) {
            taps.push_back(static_cast<int>(std::lround(tap)));
        }
        for (const double steps : states.shunt_steps.step(t)) {
            shunts.push_back(static_cast<int>(std::lround(steps)));
        }
        matrix_.set_positions(taps, shunts);
    }

    [[nodiscard]] std::size_t node(BusIdx bus) const {
        return static_cast<std::size_t>(matrix_.node_of_bus[bus.row()]);
    }

    /// Free are all nodes that live and do not hold their voltage in every step with range to spare.
    void find_free_nodes(const powerflow::BlockInjections& injections,
                         const powerflow::BlockStates& states) {
        const std::size_t n = matrix_.n_node();
        std::vector<int> holds(n, 1);
        std::vector<int> lives(n, 0);
        for (std::size_t t = 0; t < states.outcome.size(); ++t) {
            if (states.outcome[t].status != StepStatus::converged) {
                continue;
            }
            std::vector<double> q(n, 0.0), low(n, 0.0), high(n, 0.0);
            std::vector<int> held(n, 0);
            for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
                if (units_->mode[u] != powerflow::ReactiveMode::voltage ||
                    injections.unit_on(u, t) <= 0.5) {
                    continue;
                }
                const std::size_t i = node(units_->bus[u]);
                q[i] += states.unit_q_mvar(u, t);
                low[i] += injections.unit_q_min_mvar(u, t);
                high[i] += injections.unit_q_max_mvar(u, t);
                held[i] =
                    std::abs(states.vm_pu(units_->bus[u], t) - units_->vm_set_pu[u]) < held_pu;
            }
            for (std::size_t i = 0; i < n; ++i) {
                const double spare = spare_share * (high[i] - low[i]);
                const bool inside = q[i] > low[i] + spare && q[i] < high[i] - spare;
                holds[i] = holds[i] != 0 && held[i] != 0 && inside ? 1 : 0;
                lives[i] = std::isfinite(states.vm_pu(matrix_.bus_of_node[i], t)) ? 1 : lives[i];
            }
        }
        free_.assign(n, -1);
        n_free_ = 0;
        for (std::size_t i = 0; i < n; ++i) {
            if (lives[i] != 0 && holds[i] == 0) {
                free_[i] = n_free_++;
            }
        }
    }

    void invert() {
        Eigen::MatrixXd b = Eigen::MatrixXd::Zero(n_free_, n_free_);
        for (std::size_t i = 0; i < matrix_.n_node(); ++i) {
            if (free_[i] < 0) {
                continue;
            }
            for (int m = matrix_.row_start[i]; m < matrix_.row_start[i + 1]; ++m) {
                const auto at = static_cast<std::size_t>(m);
                const int j = free_[static_cast<std::size_t>(matrix_.column[at])];
                if (j >= 0) {
                    b(free_[i], j) = -matrix_.b[at];
                }
            }
        }
        X_ = b.partialPivLu().inverse();
        ready_ = X_.allFinite();
    }

    /// Moves the voltages of all buses by outage k; false where the estimate has no number.
    bool move_voltages(const powerflow::BlockStates& states, std::size_t t, std::size_t k,
                       double loss_pu, Scratch& s) const {
        const BranchIdx lost = branch_[k];
        const powerflow::BranchPlace& place = matrix_.place[lost.row()];
        const network::BranchAdmittance& y = matrix_.branch[lost.row()];
        const std::array<int, 2> end{free_[static_cast<std::size_t>(place.from)],
                                     free_[static_cast<std::size_t>(place.to)]};
        const Eigen::Matrix2d delta{{y.ff.imag(), y.ft.imag()}, {y.tf.imag(), y.tt.imag()}};
        Eigen::Vector2d dq{power_to_pu(states.q_from_mvar(lost, t)) - 0.5 * loss_pu,
                           power_to_pu(states.q_to_mvar(lost, t)) - 0.5 * loss_pu};
        Eigen::Vector2d dp{resistive_share_ * power_to_pu(states.p_from_mw(lost, t)),
                           resistive_share_ * power_to_pu(states.p_to_mw(lost, t))};
        Eigen::Matrix2d x = Eigen::Matrix2d::Zero();
        for (int a = 0; a < 2; ++a) {
            if (end[static_cast<std::size_t>(a)] < 0) {
                dq(a) = dp(a) = 0;
                continue;
            }
            for (int b = 0; b < 2; ++b) {
                if (end[static_cast<std::size_t>(b)] >= 0) {
                    x(a, b) =
                        X_(end[static_cast<std::size_t>(a)], end[static_cast<std::size_t>(b)]);
                }
            }
        }
        const Eigen::Matrix2d remains = (Eigen::Matrix2d::Identity() + delta * x).inverse();
        const Eigen::Vector2d c = remains * dq;
        const Eigen::Vector2d c_p = remains * dp;
        if (!c.allFinite() || !c_p.allFinite()) {
            return false;
        }
        for (std::size_t i = 0; i < s.dv.size(); ++i) {
            const int row = free_[static_cast<std::size_t>(matrix_.node_of_bus[i])];
            double dv = 0;
            double dv_p = 0;
            for (std::size_t a = 0; row >= 0 && a < 2; ++a) {
                dv += end[a] >= 0 ? X_(row, end[a]) * c(static_cast<int>(a)) : 0.0;
                dv_p += end[a] >= 0 ? X_(row, end[a]) * c_p(static_cast<int>(a)) : 0.0;
            }
            s.dv[i] = dv;
            s.dv_p[i] = dv_p;
        }
        return true;
    }

    bool is_near(const powerflow::BlockStates& states, std::size_t t, std::size_t k,
                 Scratch& s) const {
        const std::size_t lost = branch_[k].row();
        const double* const factor =
            factors_.data() + static_cast<std::size_t>(column_[k]) * n_branch_;
        const double loss_pu =
            reroute(n_branch_, factor, s.p[lost], s.q[lost], s.p.data(), s.q.data(), x_.data(),
                    inverse_rate2_.data(), s.p_after.data(), s.loading2.data());
        s.loading2[lost] = 0;
        s.p_after[lost] = 0;
        const double near2 = 1e-4 * limits_.flow_percent * limits_.flow_percent;
        for (std::size_t l = 0; l < n_branch_; ++l) {
            if (!(s.loading2[l] < near2)) { // NaN is near
                return true;
            }
        }
        for (std::size_t m = 0; m < sections_.size(); ++m) {
            const double p_mw = section_mw(m, s);
            const double share = 0.01 * limits_.flow_percent;
            if (!(p_mw < share * section_limit_[m].max && p_mw > share * section_limit_[m].min)) {
                return true;
            }
        }
        if (!move_voltages(states, t, k, std::max(0.0, loss_pu), s)) {
            return true;
        }
        for (std::size_t i = 0; i < s.dv.size(); ++i) {
            const double vm = states.vm_pu(i, t);
            const int row = free_[static_cast<std::size_t>(matrix_.node_of_bus[i])];
            const double drop = row < 0 ? 0.0 : std::abs(loss_pu * X_(row, row));
            const double margin =
                limits_.voltage_margin_pu + 0.5 * std::abs(s.dv[i]) + std::abs(s.dv_p[i]) + drop;
            if (std::isfinite(vm) && !(vm + s.dv[i] > bus_band_[i].min + margin &&
                                       vm + s.dv[i] < bus_band_[i].max - margin)) {
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] double section_mw(std::size_t m, const Scratch& s) const {
        double p = 0;
        for (const SectionBranch& term : sections_[m]) {
            p += term.sign * s.p_after[term.branch.row()];
        }
        return network::power_to_mva(p);
    }

    void reset(WorstOutcomes& rest) const {
        rest.loading_percent.assign(n_branch_, {});
        rest.vm_min_pu.assign(bus_band_.size(), {infinity, -1});
        rest.vm_max_pu.assign(bus_band_.size(), {0.0, -1});
        rest.section_min_mw.assign(sections_.size(), {infinity, -1});
        rest.section_max_mw.assign(sections_.size(), {-infinity, -1});
    }

    void fold(const powerflow::BlockStates& states, std::size_t t, std::size_t k, Scratch& s,
              WorstOutcomes& rest) const {
        const auto outage = static_cast<std::int32_t>(k);
        for (std::size_t l = 0; l < n_branch_; ++l) {
            const bool rated = inverse_rate2_[l] > 0 && l != branch_[k].row();
            if (rated && s.loading2[l] > s.worst2[l]) {
                s.worst2[l] = s.loading2[l];
                s.worst_outage[l] = outage;
            }
        }
        for (std::size_t i = 0; i < s.dv.size(); ++i) {
            const double vm = states.vm_pu(i, t) + s.dv[i];
            if (std::isfinite(vm)) {
                widen_low(rest.vm_min_pu[i], {vm, outage});
                widen_high(rest.vm_max_pu[i], {vm, outage});
            }
        }
        for (std::size_t m = 0; m < sections_.size(); ++m) {
            const double p_mw = section_mw(m, s);
            widen_low(rest.section_min_mw[m], {p_mw, outage});
            widen_high(rest.section_max_mw[m], {p_mw, outage});
        }
    }

    const network::Network* grid_;
    const powerflow::Units* units_;
    std::size_t n_branch_;
    std::size_t n_outage_;
    std::vector<Bounds> bus_band_;
    std::vector<std::vector<SectionBranch>> sections_;
    std::vector<Bounds> section_limit_;
    EstimateLimits limits_;
    powerflow::NodalMatrix matrix_;
    std::vector<double> inverse_rate2_, x_;
    std::vector<double> factors_;      ///< [n_known × n_branch], by outages
    std::vector<std::int32_t> column_; ///< [n_outage] row of `factors_`, −1: none
    std::vector<BranchIdx> branch_;    ///< [n_outage]
    std::vector<int> free_;            ///< [n_node] row of B'', −1: held
    int n_free_ = 0;
    double resistive_share_ = 0; ///< Σ r / Σ x of the grid: how far active power moves voltages
    Eigen::MatrixXd X_;
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
                            std::vector<std::size_t>& near, WorstOutcomes& rest) const {
    impl_->choose(states, t, near, rest);
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
