#include "powerflow/batch/outage_solver.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <optional>

#include "network/per_unit.hpp"
#include "network/topology.hpp"
#include "powerflow/nodal_matrix.hpp"

namespace yuanwang::powerflow::batch {

namespace {

using Complex = std::complex<double>;

/// |V| and set-point of a unit that holds its voltage agree this well after a solved step.
constexpr double held_pu = 1e-7;

// In the open, because the operators of std::complex look after infinities.
double norm(Complex a) {
    return a.real() * a.real() + a.imag() * a.imag();
}
Complex sum_of_products(Complex a, Complex b, Complex c, Complex d) {
    return {a.real() * b.real() - a.imag() * b.imag() + c.real() * d.real() - c.imag() * d.imag(),
            a.real() * b.imag() + a.imag() * b.real() + c.real() * d.imag() + c.imag() * d.real()};
}

} // namespace

class OutageSolver::Impl {
  public:
    Impl(const network::Network& grid, const Units& units, std::vector<Outage> outages,
         const BatchOptions& options)
        : grid_{&grid}, units_{&units}, options_{options}, outages_{std::move(outages)},
          matrix_{grid}, outcome_(outages_.size()) {
        y_.start.assign(matrix_.row_start.begin(), matrix_.row_start.end());
        y_.column.assign(matrix_.column.begin(), matrix_.column.end());
        find_reference();
        find_splits();
        const std::size_t n_node = matrix_.n_node();
        start_.resize(n_node);
        p_.resize(n_node);
        q_.resize(n_node);
        is_pq_.resize(n_node * solved_.size());
        lost_.assign(grid.n_branch(), 0);
    }

    void solve(const BlockInjections& injections, const BlockStates& states, std::size_t t) {
        assert(states.outcome[t].status == StepStatus::converged);
        read_positions(states, t);
        read_voltages(states, t);
        read_types(injections, t);
        read_changes();
        compute_injections();
        if (!solver_ || type_ != solver_type_) {
            solver_.emplace(y_, type_, options_);
            solver_type_ = type_;
        } else {
            solver_->set_admittance(y_);
        }
        solver_->solve({.n_case = solved_.size(),
                        .p_pu = p_,
                        .q_pu = q_,
                        .start = start_,
                        .is_pq = is_pq_,
                        .change_start = change_start_,
                        .change = change_},
                       result_);
        for (std::size_t c = 0; c < solved_.size(); ++c) {
            outcome_[solved_[c]] = result_.outcome[c];
        }
    }

    [[nodiscard]] const std::vector<Outage>& outages() const { return outages_; }
    [[nodiscard]] std::span<const CaseOutcome> outcome() const { return outcome_; }

    [[nodiscard]] Complex V(std::size_t outage, BusIdx bus) const {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        const auto node = static_cast<std::size_t>(matrix_.node_of_bus[bus.row()]);
        if (case_of_[outage] < 0 || type_[node] == BusType::out) {
            return {nan, nan};
        }
        return result_.V[static_cast<std::size_t>(case_of_[outage]) * matrix_.n_node() + node];
    }

    [[nodiscard]] Flow flow(std::size_t outage, BranchIdx k) const {
        const auto& branches = grid_->branches;
        const Complex v_from = V(outage, branches.from[k]);
        const Complex v_to = V(outage, branches.to[k]);
        if (!branches.in_service[k] ||
            std::ranges::find(outages_[outage], k) != outages_[outage].end()) {
            return {};
        }
        const network::BranchAdmittance& y = matrix_.branch[k.row()];
        return {.from_mva = network::base_mva * v_from * std::conj(y.ff * v_from + y.ft * v_to),
                .to_mva = network::base_mva * v_to * std::conj(y.tf * v_from + y.tt * v_to)};
    }

    void find_worst(WorstOutcomes& worst) {
        const std::size_t n_bus = grid_->n_bus;
        node_min_.assign(matrix_.n_node(), {std::numeric_limits<double>::infinity(), -1});
        node_max_.assign(matrix_.n_node(), {0.0, -1});
        branch_max_.assign(grid_->n_branch(), {0.0, -1});
        for (std::size_t c = 0; c < solved_.size(); ++c) {
            if (outcome_[solved_[c]].status == StepStatus::converged) {
                widen_worst(c);
            }
        }
        worst.s_mva.resize(grid_->n_branch());
        worst.s_outage.resize(grid_->n_branch());
        for (const BranchIdx k : rows<BranchIdx>(grid_->n_branch())) {
            worst.s_mva[k] = network::power_to_mva(std::sqrt(branch_max_[k.row()].squared));
            worst.s_outage[k] = branch_max_[k.row()].outage;
        }
        worst.vm_min_pu.resize(n_bus);
        worst.vm_min_outage.resize(n_bus);
        worst.vm_max_pu.resize(n_bus);
        worst.vm_max_outage.resize(n_bus);
        for (const BusIdx i : rows<BusIdx>(n_bus)) {
            const auto node = static_cast<std::size_t>(matrix_.node_of_bus[i.row()]);
            worst.vm_min_pu[i] = std::sqrt(node_min_[node].squared);
            worst.vm_min_outage[i] = node_min_[node].outage;
            worst.vm_max_pu[i] = std::sqrt(node_max_[node].squared);
            worst.vm_max_outage[i] = node_max_[node].outage;
        }
    }

  private:
    /// A squared magnitude and the outage it stands for.
    struct Extreme {
        double squared = 0;
        std::int32_t outage = -1;
    };

    /// Lets one solved case widen what the others have found.
    void widen_worst(std::size_t c) {
        const auto outage = static_cast<std::int32_t>(solved_[c]);
        const Complex* const V = result_.V.data() + c * matrix_.n_node();
        for (const BranchIdx k : outages_[solved_[c]]) {
            lost_[k.row()] = 1;
        }
        for (std::size_t k = 0; k < matrix_.place.size(); ++k) {
            const BranchPlace& at = matrix_.place[k];
            if (at.from < 0 || lost_[k] != 0) {
                continue;
            }
            const network::BranchAdmittance& y = matrix_.branch[k];
            const Complex v_from = V[at.from];
            const Complex v_to = V[at.to];
            const double from = norm(v_from) * norm(sum_of_products(y.ff, v_from, y.ft, v_to));
            const double to = norm(v_to) * norm(sum_of_products(y.tf, v_from, y.tt, v_to));
            const double squared = std::max(from, to);
            if (squared > branch_max_[k].squared) {
                branch_max_[k] = {squared, outage};
            }
        }
        for (const BranchIdx k : outages_[solved_[c]]) {
            lost_[k.row()] = 0;
        }
        for (std::size_t n = 0; n < matrix_.n_node(); ++n) {
            const double squared = norm(V[n]);
            if (type_[n] != BusType::out && squared < node_min_[n].squared) {
                node_min_[n] = {squared, outage};
            }
            if (squared > node_max_[n].squared) {
                node_max_[n] = {squared, outage};
            }
        }
    }

    void find_reference() {
        UnitIdx reference = units_->reference;
        for (const bool by_participation : {true, false}) {
            for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
                const bool fits = by_participation ? units_->participation[u] > 0
                                                   : units_->mode[u] == ReactiveMode::voltage;
                if (!reference.valid() && fits) {
                    reference = u;
                }
            }
        }
        assert(reference.valid());
        reference_ = units_->bus[reference];
    }

    /// Parts the outages into those that leave the reference's part whole and those that split it.
    void find_splits() {
        part_ = network::find_islands(*grid_);
        std::size_t n_part_bus = 0;
        for (const int part : part_.of_bus) {
            n_part_bus += part == part_.of_bus[reference_] ? 1U : 0U;
        }
        case_of_.assign(outages_.size(), -1);
        for (std::size_t c = 0; c < outages_.size(); ++c) {
            const network::Islands after = network::find_islands(*grid_, outages_[c]);
            std::size_t n_left = 0;
            for (const int part : after.of_bus) {
                n_left += part == after.of_bus[reference_] ? 1U : 0U;
            }
            if (n_left == n_part_bus) {
                case_of_[c] = static_cast<std::int32_t>(solved_.size());
                solved_.push_back(c);
            } else {
                outcome_[c].status = StepStatus::islanded;
            }
        }
    }

    void read_positions(const BlockStates& states, std::size_t t) {
        taps_.clear();
        for (const double tap : states.tap.step(t)) {
            taps_.push_back(static_cast<int>(std::lround(tap)));
        }
        shunts_.clear();
        for (const double steps : states.shunt_steps.step(t)) {
            shunts_.push_back(static_cast<int>(std::lround(steps)));
        }
        matrix_.set_positions(taps_, shunts_);
        y_.g_pu = matrix_.g;
        y_.b_pu = matrix_.b;
    }

    void read_voltages(const BlockStates& states, std::size_t t) {
        for (std::size_t n = 0; n < matrix_.n_node(); ++n) {
            const BusIdx bus = matrix_.bus_of_node[n];
            const bool dead = part_.of_bus[bus] != part_.of_bus[reference_] ||
                              !std::isfinite(states.vm_pu(bus, t));
            const double vm = dead ? 0.0 : states.vm_pu(bus, t);
            const double va = dead ? 0.0 : states.va_rad(bus, t);
            start_[n] = {vm * std::cos(va), vm * std::sin(va)};
        }
    }

    /// A node holds its voltage where a unit that does so runs and the voltage is what it asks for.
    void read_types(const BlockInjections& injections, std::size_t t) {
        type_.assign(matrix_.n_node(), BusType::pq);
        std::vector<std::uint8_t>& pq = node_is_pq_;
        pq.assign(matrix_.n_node(), 1);
        for (const UnitIdx u : rows<UnitIdx>(units_->size())) {
            if (units_->mode[u] == ReactiveMode::voltage) {
                const auto n = static_cast<std::size_t>(matrix_.node_of_bus[units_->bus[u].row()]);
                type_[n] = BusType::pv_or_pq;
                if (injections.unit_on(u, t) > 0.5 &&
                    std::abs(std::abs(start_[n]) - units_->vm_set_pu[u]) < held_pu) {
                    pq[n] = 0;
                }
            }
        }
        for (std::size_t n = 0; n < matrix_.n_node(); ++n) {
            if (start_[n] == 0.0) {
                type_[n] = BusType::out;
            }
        }
        type_[static_cast<std::size_t>(matrix_.node_of_bus[reference_.row()])] = BusType::slack;
        for (std::size_t c = 0; c < solved_.size(); ++c) {
            std::ranges::copy(pq, is_pq_.begin() + static_cast<std::ptrdiff_t>(c * pq.size()));
        }
    }

    void read_changes() {
        change_.clear();
        change_start_.assign(1, 0);
        for (const std::size_t c : solved_) {
            for (const BranchIdx k : outages_[c]) {
                const BranchPlace& place = matrix_.place[k.row()];
                if (place.from < 0) {
                    continue; // out of service already
                }
                const network::BranchAdmittance& y = matrix_.branch[k.row()];
                change_.push_back({place.from, place.from, -y.ff});
                change_.push_back({place.from, place.to, -y.ft});
                change_.push_back({place.to, place.from, -y.tf});
                change_.push_back({place.to, place.to, -y.tt});
            }
            change_start_.push_back(static_cast<std::int32_t>(change_.size()));
        }
    }

    /// What the solved step injects is what its voltages say: nothing else balances as well.
    void compute_injections() {
        for (std::size_t n = 0; n < matrix_.n_node(); ++n) {
            Complex current = 0;
            for (auto m = y_.start[n]; m < y_.start[n + 1]; ++m) {
                const auto k = static_cast<std::size_t>(m);
                current += Complex{y_.g_pu[k], y_.b_pu[k]} *
                           start_[static_cast<std::size_t>(y_.column[k])];
            }
            const Complex s = start_[n] * std::conj(current);
            p_[n] = s.real();
            q_[n] = s.imag();
        }
    }

    const network::Network* grid_;
    const Units* units_;
    BatchOptions options_;
    std::vector<Outage> outages_;
    NodalMatrix matrix_;
    BusAdmittance y_; ///< of nodes, as `matrix_`
    BusIdx reference_;
    network::Islands part_;
    std::vector<std::size_t> solved_;   ///< outages that leave the grid whole
    std::vector<std::int32_t> case_of_; ///< [n_outage] place in `solved_`, −1: islanded
    std::vector<CaseOutcome> outcome_;

    std::vector<int> taps_, shunts_;
    std::vector<Complex> start_; ///< [n_node]
    std::vector<double> p_, q_;
    std::vector<BusType> type_, solver_type_;
    std::vector<std::uint8_t> node_is_pq_, is_pq_;
    std::vector<AdmittanceEntry> change_;
    std::vector<std::int32_t> change_start_;
    std::vector<Extreme> node_min_, node_max_, branch_max_;
    std::vector<std::uint8_t> lost_; ///< [n_branch] out in the case at hand
    std::optional<BatchSolver> solver_;
    BatchResult result_;
};

OutageSolver::OutageSolver(const network::Network& grid, const Units& units,
                           std::vector<Outage> outages, const BatchOptions& options)
    : impl_{std::make_unique<Impl>(grid, units, std::move(outages), options)} {}
OutageSolver::~OutageSolver() = default;
OutageSolver::OutageSolver(OutageSolver&&) noexcept = default;
OutageSolver& OutageSolver::operator=(OutageSolver&&) noexcept = default;

void OutageSolver::solve(const BlockInjections& injections, const BlockStates& states,
                         std::size_t t) {
    impl_->solve(injections, states, t);
}

const std::vector<Outage>& OutageSolver::outages() const {
    return impl_->outages();
}

std::span<const CaseOutcome> OutageSolver::outcome() const {
    return impl_->outcome();
}

std::complex<double> OutageSolver::V(std::size_t outage, BusIdx bus) const {
    return impl_->V(outage, bus);
}

OutageSolver::Flow OutageSolver::flow(std::size_t outage, BranchIdx branch) const {
    return impl_->flow(outage, branch);
}

void OutageSolver::find_worst(WorstOutcomes& worst) {
    impl_->find_worst(worst);
}

std::vector<Outage> list_branch_outages(const network::Network& grid) {
    std::vector<Outage> outages;
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        if (grid.branches.in_service[k]) {
            outages.push_back({k});
        }
    }
    return outages;
}

} // namespace yuanwang::powerflow::batch
