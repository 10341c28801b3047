#include "powerflow/batch/outage_solver.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "network/per_unit.hpp"
#include "network/topology.hpp"
#include "powerflow/batch/outage_case.hpp"
#include "powerflow/batch/outage_reference.hpp"
#include "powerflow/batch/outage_regulation.hpp"

namespace yuanwang::powerflow::batch {

namespace {

using Complex = std::complex<double>;

/// The unit whose node keeps its angle while all units run.
UnitIdx find_reference(const Units& units) {
    if (units.reference.valid()) {
        return units.reference;
    }
    for (const bool by_participation : {true, false}) {
        for (const UnitIdx u : rows<UnitIdx>(units.size())) {
            if (by_participation ? units.participation[u] > 0
                                 : units.mode[u] == ReactiveMode::voltage) {
                return u;
            }
        }
    }
    return {};
}

/// True where a live node stands below 0.6 pu: most likely on the lower branch of the voltages.
bool stands_low(std::span<const Complex> V) {
    constexpr double low_pu = 0.6;
    return std::ranges::any_of(
        V, [](const Complex v) { return v != 0.0 && std::norm(v) < low_pu * low_pu; });
}

/// Every unit's share where the slack is not shared: all of it at the reference.
Units leave_slack_to(Units units, UnitIdx reference) {
    for (const UnitIdx u : rows<UnitIdx>(units.size())) {
        units.participation[u] = u == reference ? 1.0 : 0.0;
    }
    return units;
}

} // namespace

class OutageSolver::Impl {
  public:
    Impl(const network::Network& grid, const Units& units, std::vector<Outage> outages,
         const OutageOptions& options)
        : grid_{&grid}, units_{options.distributed_slack
                                   ? units
                                   : leave_slack_to(units, find_reference(units))},
          options_{options}, outages_{std::move(outages)}, reference_{find_reference(units)},
          part_{network::find_islands(grid).of_bus}, base_{grid, units_, part_,
                                                           part_[units.bus[reference_]],
                                                           reference_} {
        assert(reference_.valid());
        topology_ = find_topologies(grid, units_, base_.matrix(), part_,
                                    part_[units.bus[reference_]], outages_);
        if (options.state == AfterOutage::positions_moving) {
            regulation_.emplace(grid, units_, base_, step_options(), options.batch.precision);
        }
        outcome_.resize(outages_.size());
        moved_.resize(outages_.size());
        where_.resize(outages_.size());
        by_reference_.resize(outages_.size());
        all_.resize(outages_.size());
        std::iota(all_.begin(), all_.end(), std::size_t{0});
    }

    void solve(const BlockInjections& injections, const BlockStates& states, std::size_t t,
               const OutageColumns& shed, std::span<const std::size_t> chosen) {
        assert(states.outcome[t].status == StepStatus::converged);
        base_.read(injections, states, t);
        step_ = {.base = &base_,
                 .injections = &injections,
                 .states = &states,
                 .columns = &shed,
                 .t = t,
                 .responders = &responders_,
                 .change = &response_};
        responders_.resize(units_.size());
        response_.resize(units_.size());
        sort_out(chosen);
        make_solver();
        prepare_cases();
        solve_lanes();
        for (const std::size_t outage : beyond_) {
            solve_by_reference(outage, states);
        }
        count_lost_load(chosen);
    }

    [[nodiscard]] std::span<const std::size_t> all() const { return all_; }
    [[nodiscard]] const std::vector<Outage>& outages() const { return outages_; }
    [[nodiscard]] std::span<const OutageOutcome> outcome() const { return outcome_; }
    [[nodiscard]] std::span<const MovedBranch> moved_branches(std::size_t outage) const {
        return moved_[outage];
    }
    [[nodiscard]] const NodalMatrix& matrix() const { return base_.matrix(); }

    [[nodiscard]] std::span<const Complex> node_voltages(std::size_t outage) const {
        const Place& place = where_[outage];
        if (outcome_[outage].status != StepStatus::converged) {
            return {};
        }
        const std::vector<Complex>& V = place.by_reference ? V_reference_ : result_.V;
        return std::span(V).subspan(place.at * base_.n_node(), base_.n_node());
    }

    [[nodiscard]] Complex V(std::size_t outage, BusIdx bus) const {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        const std::span<const Complex> nodes = node_voltages(outage);
        const Complex v = nodes.empty() ? 0.0 : nodes[base_.node(bus)];
        return v == 0.0 ? Complex{nan, nan} : v;
    }

    [[nodiscard]] Flow flow(std::size_t outage, BranchIdx k) const {
        const std::span<const Complex> nodes = node_voltages(outage);
        const BranchPlace& place = base_.matrix().place[k.row()];
        const std::vector<BranchIdx>& lost = outages_[outage].branches;
        if (nodes.empty() || place.from < 0 || std::ranges::find(lost, k) != lost.end()) {
            return {};
        }
        network::BranchAdmittance y = base_.matrix().branch[k.row()];
        for (const MovedBranch& moved : moved_[outage]) {
            y = moved.branch == k ? moved.admittance : y;
        }
        const Complex v_from = nodes[static_cast<std::size_t>(place.from)];
        const Complex v_to = nodes[static_cast<std::size_t>(place.to)];
        return {.from_mva = network::base_mva * v_from * std::conj(y.ff * v_from + y.ft * v_to),
                .to_mva = network::base_mva * v_to * std::conj(y.tf * v_from + y.tt * v_to)};
    }

  private:
    /// Where the voltages of an outage lie: place in `result_` or in `V_reference_`.
    struct Place {
        bool by_reference = false;
        std::size_t at = 0;
    };

    /// How the reference solver and lanes under control solve a case.
    [[nodiscard]] Options step_options() const {
        const bool moving = options_.state == AfterOutage::positions_moving;
        return {.tolerance_pu = options_.batch.limits.tolerance_pu,
                .q_limits = options_.q_limits,
                .taps = moving && options_.taps,
                .shunts = moving && options_.shunts};
    }

    [[nodiscard]] OutageCase make_case(std::size_t outage) const {
        return {step_, outages_[outage], topology_[outage]};
    }
    [[nodiscard]] CaseState state(std::size_t c) {
        const std::size_t n = base_.n_node();
        const std::size_t h = base_.holders().size();
        return {.p_pu = std::span(p_).subspan(c * n, n),
                .q_pu = std::span(q_).subspan(c * n, n),
                .is_pq = std::span(is_pq_).subspan(c * n, n),
                .hold = std::span(hold_).subspan(c * h, h),
                .changes = std::span(changes_).subspan(c * h, h),
                .lack_pu = &lack_[c],
                .shed_share = &shed_share_[c]};
    }

    /// Parts the chosen outages into lanes and the rest.
    void sort_out(std::span<const std::size_t> chosen) {
        std::ranges::fill(outcome_, OutageOutcome{});
        for (auto& moved : moved_) {
            moved.clear();
        }
        lanes_.clear();
        beyond_.clear();
        V_reference_.clear();
        for (const std::size_t outage : chosen) {
            const bool fits = topology_[outage].in_lanes && make_case(outage).fits_lanes();
            (fits ? lanes_ : beyond_).push_back(outage);
        }
    }

    void make_solver() {
        if (!solver_ || !std::ranges::equal(base_.type(), type_)) {
            solver_.emplace(base_.y(), base_.type(), options_.batch);
            type_.assign(base_.type().begin(), base_.type().end());
        } else {
            solver_->set_admittance(base_.y());
        }
    }

    void prepare_cases() {
        const std::size_t n = lanes_.size();
        p_.resize(n * base_.n_node());
        q_.resize(n * base_.n_node());
        is_pq_.resize(n * base_.n_node());
        hold_.resize(n * base_.holders().size());
        changes_.resize(n * base_.holders().size());
        lack_.resize(n);
        shed_share_.resize(n);
        change_.clear();
        change_start_.assign(1, 0);
        for (std::size_t c = 0; c < n; ++c) {
            const OutageCase outage_case = make_case(lanes_[c]);
            CaseState s = state(c);
            outage_case.begin(s);
            outage_case.append_changes(change_);
            change_start_.push_back(static_cast<std::int32_t>(change_.size()));
        }
    }

    void solve_lanes() {
        solver_->solve({.n_case = lanes_.size(),
                        .p_pu = p_,
                        .q_pu = q_,
                        .start = base_.start(),
                        .is_pq = is_pq_,
                        .change_start = change_start_,
                        .change = change_},
                       result_);
        moving_.clear();
        for (std::size_t c = 0; c < lanes_.size(); ++c) {
            take_outcome(c, result_.outcome[c]);
            where_[lanes_[c]] = {.by_reference = false, .at = c};
        }
        for (int round = 1; !moving_.empty(); ++round) {
            solve_again(round);
        }
        if (regulation_) {
            regulate();
        }
        for (std::size_t c = 0; c < lanes_.size(); ++c) {
            for (const OutageTopology::Follower& follower : topology_[lanes_[c]].followers) {
                result_.V[c * base_.n_node() + follower.node] = 0.0;
            }
        }
    }

    /// Judges a solved case: at rest, to be solved again, or beyond lanes.
    void take_outcome(std::size_t c, const CaseOutcome& solved) {
        const std::size_t outage = lanes_[c];
        OutageOutcome& outcome = outcome_[outage];
        outcome.status = solved.status;
        outcome.iterations += solved.iterations;
        outcome.max_mismatch_pu = solved.max_mismatch_pu;
        if (solved.status != StepStatus::converged) {
            beyond_.push_back(outage);
            return;
        }
        const std::span<const Complex> V =
            std::span(result_.V).subspan(c * base_.n_node(), base_.n_node());
        if (stands_low(V)) {
            outcome.status = StepStatus::not_run;
            beyond_.push_back(outage);
            return;
        }
        CaseState s = state(c);
        const CaseRules rules{.q_limits = options_.q_limits,
                              .slack_tolerance_pu = options_.slack_tolerance_pu,
                              .margin_pu = std::max(1e-7, 2 * options_.batch.limits.tolerance_pu)};
        switch (make_case(outage).judge(V, rules, s)) {
        case CaseVerdict::rests:
            outcome.held_controls = s.held;
            break;
        case CaseVerdict::moved:
            moving_.push_back(c);
            break;
        case CaseVerdict::beyond_lanes:
            beyond_.push_back(outage);
            break;
        }
    }

    /// Another round for the cases that have moved.
    void solve_again(int round) {
        if (round >= options_.max_rounds) {
            for (const std::size_t c : moving_) {
                beyond_.push_back(lanes_[c]);
            }
            moving_.clear();
            return;
        }
        const std::size_t n = base_.n_node();
        gather_moving();
        solver_->solve({.n_case = moving_.size(),
                        .p_pu = p_again_,
                        .q_pu = q_again_,
                        .start = base_.start(),
                        .is_pq = is_pq_again_,
                        .change_start = change_start_again_,
                        .change = change_again_},
                       again_);
        solved_.swap(moving_);
        moving_.clear();
        for (std::size_t k = 0; k < solved_.size(); ++k) {
            std::copy_n(again_.V.begin() + static_cast<std::ptrdiff_t>(k * n), n,
                        result_.V.begin() + static_cast<std::ptrdiff_t>(solved_[k] * n));
            take_outcome(solved_[k], again_.outcome[k]);
        }
    }

    void gather_moving() {
        p_again_.clear();
        q_again_.clear();
        is_pq_again_.clear();
        change_again_.clear();
        change_start_again_.assign(1, 0);
        for (const std::size_t c : moving_) {
            const CaseState s = state(c);
            p_again_.insert(p_again_.end(), s.p_pu.begin(), s.p_pu.end());
            q_again_.insert(q_again_.end(), s.q_pu.begin(), s.q_pu.end());
            is_pq_again_.insert(is_pq_again_.end(), s.is_pq.begin(), s.is_pq.end());
            change_again_.insert(change_again_.end(), change_.begin() + change_start_[c],
                                 change_.begin() + change_start_[c + 1]);
            change_start_again_.push_back(static_cast<std::int32_t>(change_again_.size()));
        }
    }

    [[nodiscard]] OutageRegulation::Held held(std::size_t c) {
        const CaseState s = state(c);
        const auto first = static_cast<std::size_t>(change_start_[c]);
        const auto last = static_cast<std::size_t>(change_start_[c + 1]);
        return {.outage = &outages_[lanes_[c]],
                .topology = &topology_[lanes_[c]],
                .V = std::span(result_.V).subspan(c * base_.n_node(), base_.n_node()),
                .is_pq = s.is_pq,
                .limit = {},
                .change = std::span(change_).subspan(first, last - first),
                .lack_mw = network::power_to_mva(*s.lack_pu)};
    }

    /// Goes on with the solved outages whose taps or shunts ask to move.
    void regulate() {
        regulation_->enter(*step_.injections, *step_.states, *step_.columns, step_.t);
        movers_.clear();
        for (std::size_t c = 0; c < lanes_.size(); ++c) {
            const bool beyond = std::ranges::find(beyond_, lanes_[c]) != beyond_.end();
            if (!beyond && regulation_->asks(held(c))) {
                movers_.push_back(c);
            }
        }
        const std::size_t n = base_.n_node();
        limit_.assign(movers_.size() * n, QLimit::inside);
        for (std::size_t m = 0; m < movers_.size(); ++m) {
            const std::span<QLimit> limit = std::span(limit_).subspan(m * n, n);
            read_limits(movers_[m], limit);
            OutageRegulation::Held mover = held(movers_[m]);
            mover.limit = limit;
            regulation_->add(mover);
        }
        if (movers_.empty()) {
            return;
        }
        regulation_->solve();
        for (std::size_t m = 0; m < movers_.size(); ++m) {
            take_regulated(movers_[m], regulation_->outcome(m));
        }
    }

    void read_limits(std::size_t c, std::span<QLimit> limit) {
        const CaseState s = state(c);
        for (std::size_t h = 0; h < base_.holders().size(); ++h) {
            QLimit& at = limit[base_.holders()[h]];
            at = s.hold[h] == NodeHold::at_max   ? QLimit::at_max
                 : s.hold[h] == NodeHold::at_min ? QLimit::at_min
                                                 : QLimit::inside;
        }
    }

    void take_regulated(std::size_t c, const OutageRegulation::Outcome& found) {
        OutageOutcome& outcome = outcome_[lanes_[c]];
        outcome.iterations += found.iterations;
        if (found.status != StepStatus::converged) {
            beyond_.push_back(lanes_[c]);
            return;
        }
        outcome.max_mismatch_pu = found.max_mismatch_pu;
        outcome.held_controls = found.held_controls;
        std::ranges::copy(found.V,
                          result_.V.begin() + static_cast<std::ptrdiff_t>(c * base_.n_node()));
        note_positions(lanes_[c], found.taps, found.shunts);
    }

    /// Keeps what an outage has moved.
    void note_positions(std::size_t outage, std::span<const int> taps,
                        std::span<const int> shunts) {
        const network::Taps& all = grid_->taps;
        const std::vector<BranchIdx>& lost = outages_[outage].branches;
        const auto stood = [&](const Series& positions, std::size_t m) {
            return static_cast<int>(std::lround(positions(m, step_.t)));
        };
        for (std::size_t m = 0; m < taps.size(); ++m) {
            if (taps[m] == stood(step_.states->tap, m)) {
                continue;
            }
            outcome_[outage].moved = true;
            for (const BranchIdx k : all.branches[m]) {
                if (std::ranges::find(lost, k) == lost.end()) {
                    moved_[outage].push_back(
                        {k,
                         network::branch_admittance(grid_->branches, k, all.ratio_at(m, taps[m]))});
                }
            }
        }
        for (std::size_t s = 0; s < shunts.size(); ++s) {
            outcome_[outage].moved =
                outcome_[outage].moved || shunts[s] != stood(step_.states->shunt_steps, s);
        }
    }

    void solve_by_reference(std::size_t outage, const BlockStates& states) {
        auto& solver = by_reference_[outage];
        if (!solver) {
            solver.emplace(*grid_, units_, outages_[outage], step_options());
        }
        V_bus_.resize(grid_->n_bus);
        const StepOutcome solved =
            solver->solve(*step_.injections, states, *step_.columns, step_.t, V_bus_);
        OutageOutcome& outcome = outcome_[outage];
        outcome.status = solved.status;
        outcome.iterations += solved.iterations;
        outcome.max_mismatch_pu = solved.max_mismatch_pu;
        outcome.worst_bus = solved.worst_bus;
        outcome.held_controls = solved.held_controls;
        outcome.by_reference = true;
        if (solved.status == StepStatus::converged) {
            note_positions(outage, solver->positions().taps, solver->positions().shunts);
        }
        where_[outage] = {.by_reference = true, .at = V_reference_.size() / base_.n_node()};
        for (const BusIdx bus : base_.matrix().bus_of_node) {
            V_reference_.push_back(V_bus_[bus.row()]);
        }
    }

    void count_lost_load(std::span<const std::size_t> chosen) {
        for (const std::size_t outage : chosen) {
            OutageOutcome& outcome = outcome_[outage];
            const OutageCase outage_case = make_case(outage);
            outcome.own_load_mw = outage_case.own_load_mw();
            outcome.lost_load_mw = outcome.own_load_mw;
            if (!outcome.by_reference) {
                outcome.lost_load_mw += outage_case.dark_load_mw();
                outcome.lost_load_mw += outage_case.shed_load_mw(shed_share_[where_[outage].at]);
            } else if (outcome.status == StepStatus::converged) {
                outcome.lost_load_mw += sum_dark_load(outage) + by_reference_[outage]->shed_mw();
            }
        }
    }

    /// Load at buses that had voltage before and have none after an outage solved by the reference solver.
    [[nodiscard]] double sum_dark_load(std::size_t outage) const {
        const std::span<const Complex> V = node_voltages(outage);
        const std::vector<BusIdx>& own = outages_[outage].load_buses;
        double sum_mw = 0;
        for (const BusIdx i : rows<BusIdx>(grid_->n_bus)) {
            if (V[base_.node(i)] == 0.0 && std::ranges::find(own, i) == own.end()) {
                sum_mw += step_.injections->load_p_mw(i, step_.t);
            }
        }
        return sum_mw;
    }

    const network::Network* grid_;
    Units units_;
    OutageOptions options_;
    std::vector<Outage> outages_;
    UnitIdx reference_;
    Column<BusIdx, int> part_;
    OutageBase base_;
    std::vector<OutageTopology> topology_;
    std::vector<std::size_t> all_;

    CaseStep step_;
    std::vector<std::size_t> lanes_, beyond_;     ///< outages
    std::vector<std::size_t> moving_, solved_;    ///< places in `lanes_`
    std::vector<OutageOutcome> outcome_;          ///< [n_outage]
    std::vector<std::vector<MovedBranch>> moved_; ///< [n_outage]
    std::vector<Place> where_;                    ///< [n_outage]
    std::vector<double> p_, q_;                   ///< [n_node × n_lane case]
    std::vector<std::uint8_t> is_pq_;
    std::vector<NodeHold> hold_;
    std::vector<std::uint8_t> changes_;
    std::vector<double> lack_, shed_share_; ///< [n_lane case]
    std::vector<Responder> responders_;     ///< [n_unit]
    std::vector<double> response_;          ///< [n_unit]
    std::vector<AdmittanceEntry> change_;
    std::vector<std::int32_t> change_start_;
    std::vector<double> p_again_, q_again_;
    std::vector<std::uint8_t> is_pq_again_;
    std::vector<AdmittanceEntry> change_again_;
    std::vector<std::int32_t> change_start_again_;
    std::vector<BusType> type_;
    std::optional<BatchSolver> solver_;
    BatchResult result_, again_;
    std::optional<OutageRegulation> regulation_;               ///< positions moving
    std::vector<std::size_t> movers_;                          ///< places in `lanes_`
    std::vector<QLimit> limit_;                                ///< [n_node × n_mover]
    std::vector<std::optional<OutageReference>> by_reference_; ///< made when first needed
    std::vector<Complex> V_bus_, V_reference_;
};

OutageSolver::OutageSolver(const network::Network& grid, const Units& units,
                           std::vector<Outage> outages, const OutageOptions& options)
    : impl_{std::make_unique<Impl>(grid, units, std::move(outages), options)} {}
OutageSolver::~OutageSolver() = default;
OutageSolver::OutageSolver(OutageSolver&&) noexcept = default;
OutageSolver& OutageSolver::operator=(OutageSolver&&) noexcept = default;

void OutageSolver::solve(const BlockInjections& injections, const BlockStates& states,
                         std::size_t t, const OutageColumns& shed) {
    impl_->solve(injections, states, t, shed, impl_->all());
}

void OutageSolver::solve(const BlockInjections& injections, const BlockStates& states,
                         std::size_t t, const OutageColumns& shed,
                         std::span<const std::size_t> chosen) {
    impl_->solve(injections, states, t, shed, chosen);
}

const std::vector<Outage>& OutageSolver::outages() const {
    return impl_->outages();
}

std::span<const OutageOutcome> OutageSolver::outcome() const {
    return impl_->outcome();
}

std::span<const std::complex<double>> OutageSolver::node_voltages(std::size_t outage) const {
    return impl_->node_voltages(outage);
}

std::span<const OutageSolver::MovedBranch> OutageSolver::moved_branches(std::size_t outage) const {
    return impl_->moved_branches(outage);
}

const NodalMatrix& OutageSolver::matrix() const {
    return impl_->matrix();
}

std::complex<double> OutageSolver::V(std::size_t outage, BusIdx bus) const {
    return impl_->V(outage, bus);
}

OutageSolver::Flow OutageSolver::flow(std::size_t outage, BranchIdx branch) const {
    return impl_->flow(outage, branch);
}

} // namespace yuanwang::powerflow::batch
