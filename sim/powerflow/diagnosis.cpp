#include "powerflow/diagnosis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "powerflow/diagnosis_candidates.hpp"
#include "powerflow/reference_solver.hpp"

namespace yuanwang::powerflow {

namespace {

constexpr std::array<std::string_view, 15> kind_names = {
    "not_finite",        "no_slack",     "isolated_bus",   "impedance_slip",     "ratio_slip",
    "load_slip",         "voltage_slip", "corridor_limit", "reactive_limit",     "reactive_deficit",
    "setpoint_conflict", "sign_slip",    "charging_slip",  "negative_reactance", "open_branch"};

// Work is counted in Newton iterations × nodes.
constexpr double most_work = 1.5e6;      ///< of a grid of 3000 nodes and below
constexpr double least_iterations = 600; ///< of a larger one
constexpr double iterations_of_a_solver =
    10; ///< ordering and first factorisation, in the same coin
constexpr double share_of_candidates =
    0.6;                              ///< of the work, before margin and support have their turn
constexpr double thorough_work = 2e5; ///< a trial that costs less takes all starts

constexpr double share_step = 1e-3;
constexpr double coarse_share_step = 1e-2; ///< where the work is used up
constexpr std::size_t n_limit_tried = 4;   ///< units whose reactive limits are lifted
constexpr std::size_t n_weak_bus = 3;      ///< buses at which voltage support is tried

/// Copies step t of the loads and units times `share` to step `to`.
void copy_step(const BlockInjections& from, std::size_t t, double share, BlockInjections& out,
               std::size_t to) {
    const auto copy = [&](const Series& source, Series& target, double factor) {
        std::ranges::transform(source.step(t), target.step(to).begin(),
                               [&](double v) { return factor * v; });
    };
    copy(from.load_p_mw, out.load_p_mw, share);
    copy(from.load_q_mvar, out.load_q_mvar, share);
    copy(from.unit_p_mw, out.unit_p_mw, share);
    copy(from.unit_on, out.unit_on, 1);
    copy(from.unit_q_min_mvar, out.unit_q_min_mvar, 1);
    copy(from.unit_q_max_mvar, out.unit_q_max_mvar, 1);
}

BlockInjections shape(const BlockInjections& like, std::size_t n_step) {
    const std::size_t n_bus = like.load_p_mw.n_element();
    const std::size_t n_unit = like.unit_p_mw.n_element();
    return {.load_p_mw = Series(n_bus, n_step),
            .load_q_mvar = Series(n_bus, n_step),
            .unit_p_mw = Series(n_unit, n_step),
            .unit_on = Series(n_unit, n_step),
            .unit_q_min_mvar = Series(n_unit, n_step),
            .unit_q_max_mvar = Series(n_unit, n_step)};
}

/// A slip explains more than what the grid cannot carry, and what is far off more than what is near.
int rank(const Cause& cause) {
    switch (cause.kind) {
    case CauseKind::reactive_limit:
    case CauseKind::corridor_limit:
        return 1;
    case CauseKind::reactive_deficit:
        return 0;
    default:
        return 2;
    }
}

bool solves(const BlockStates& states, std::size_t t) {
    const StepStatus status = states.outcome[t].status;
    return status == StepStatus::converged || status == StepStatus::islanded;
}

class Examination {
  public:
    Examination(const network::Network& grid, const Units& units, const Options& options,
                const BlockInjections& injections, std::size_t t)
        : question_{grid, units, shape(injections, 1)}, options_{options} {
        options_.branch_flows = false;
        copy_step(injections, t, 1, question_.injections, 0);
    }

    Diagnosis run() {
        out_.causes = find_not_finite(question_);
        if (!out_.causes.empty()) {
            out_.status = StepStatus::not_finite;
            return std::move(out_);
        }
        BlockStates states;
        solve(question_, options_, false, states);
        out_.status = states.outcome.front().status;
        out_.causes = find_unheld_parts(question_);
        if (solves(states, 0)) {
            out_.solvable_share = 1;
            return std::move(out_);
        }
        work_ = 0; // the question itself has been asked before
        try_all_candidates();
        try_reactive_limits();
        find_share();
        try_voltage_support();
        std::ranges::stable_sort(tried_, std::ranges::greater{}, rank);
        out_.causes.insert(out_.causes.end(), tried_.begin(), tried_.end());
        if (out_.causes.empty() && observed_) {
            out_.causes.push_back(*observed_);
        }
        return std::move(out_);
    }

  private:
    [[nodiscard]] double n_bus() const { return static_cast<double>(question_.grid.n_bus); }
    [[nodiscard]] double budget() const { return std::max(most_work, least_iterations * n_bus()); }
    [[nodiscard]] bool has_work_left(double share) const { return work_ < share * budget(); }
    /// True where a trial of all starts would cost too much.
    [[nodiscard]] bool is_large() const { return 100 * n_bus() > thorough_work; }

    void solve(const FlowQuestion& q, const Options& options, bool brief, BlockStates& states) {
        ReferenceSolver solver{q.grid, q.units, options};
        if (brief) {
            solver.try_briefly();
        }
        solver.solve_block(q.injections, states);
        count(states, iterations_of_a_solver);
    }
    void count(const BlockStates& states, double overhead) {
        for (const StepOutcome& outcome : states.outcome) {
            work_ += (outcome.iterations + overhead) * n_bus();
            overhead = 0;
        }
    }

    [[nodiscard]] bool cures(const FlowQuestion& repaired) {
        BlockStates states;
        solve(repaired, options_, is_large(), states);
        return solves(states, 0) && !stands_low(states);
    }
    /// A way out on the lower branch of the voltages is none.
    [[nodiscard]] static bool stands_low(const BlockStates& states) {
        return std::ranges::any_of(states.vm_pu.step(0), [](double v) { return v < 0.6; });
    }

    /// The worst suspicion of every kind first, then the second of every kind …
    void try_all_candidates() {
        std::vector<std::vector<Candidate>> kinds;
        std::size_t longest = 0;
        for (auto* find :
             {&find_voltage_slips, &find_setpoint_conflicts, &find_ratio_slips, &find_sign_slips,
              &find_power_slips, &find_impedance_slips, &find_charging_slips,
              &find_negative_reactances, &find_open_branches, &find_overloaded_corridors}) {
            kinds.push_back(find(question_));
            longest = std::max(longest, kinds.back().size());
        }
        std::vector<Candidate> found;
        for (std::size_t n = 0; n < longest; ++n) {
            for (std::vector<Candidate>& kind : kinds) {
                if (n >= kind.size()) {
                    continue;
                }
                if (!has_work_left(share_of_candidates)) {
                    ++out_.untried;
                    continue;
                }
                ++out_.tried;
                FlowQuestion repaired = question_;
                kind[n].repair(repaired);
                kind[n].cause.cures = cures(repaired);
                if (kind[n].cause.cures) {
                    found.push_back(std::move(kind[n]));
                }
            }
        }
        std::ranges::stable_sort(found, std::ranges::greater{}, &Candidate::weight);
        for (Candidate& candidate : found) {
            const auto same = [&](const Cause& known) {
                return known.kind == candidate.cause.kind &&
                       known.element == candidate.cause.element;
            };
            if (std::ranges::none_of(tried_, same)) {
                tried_.push_back(std::move(candidate.cause));
            }
        }
    }

    /// Lifts the limits of those units that would leave their range, the farthest first, until one makes it solve.
    void try_reactive_limits() {
        if (!options_.q_limits || !has_work_left(share_of_candidates)) {
            return;
        }
        Options without = options_;
        without.q_limits = false;
        BlockStates states;
        solve(question_, without, is_large(), states);
        if (!solves(states, 0)) {
            return;
        }
        const BlockInjections& own = question_.injections;
        std::vector<Cause> beyond;
        std::vector<UnitIdx> units;
        for (const UnitIdx u : rows<UnitIdx>(question_.units.size())) {
            const double q = states.unit_q_mvar(u, 0);
            const double limit =
                std::clamp(q, own.unit_q_min_mvar(u, 0), own.unit_q_max_mvar(u, 0));
            if (question_.units.mode[u] == ReactiveMode::voltage && std::abs(q - limit) > 1e-3) {
                beyond.push_back({CauseKind::reactive_limit, question_.units.id[u], q, limit});
                units.push_back(u);
            }
        }
        std::vector<std::size_t> order(beyond.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t k) {
            return std::abs(beyond[k].value - beyond[k].usual);
        });
        order.resize(std::min(order.size(), n_limit_tried));
        for (const std::size_t k : order) {
            FlowQuestion lifted = question_;
            lifted.injections.unit_q_min_mvar(units[k], 0) =
                -std::numeric_limits<double>::infinity();
            lifted.injections.unit_q_max_mvar(units[k], 0) =
                std::numeric_limits<double>::infinity();
            ++out_.tried;
            if (cures(lifted)) {
                tried_.push_back(beyond[k]);
                tried_.back().cures = true;
                return;
            }
        }
    }

    /// Bisection; every trial starts from the largest share that solved.
    void find_share() {
        ReferenceSolver solver{question_.grid, question_.units, options_};
        if (is_large()) {
            solver.try_briefly();
        }
        BlockInjections pair = shape(question_.injections, 2);
        BlockStates states;
        const auto try_pair = [&](double first, double second) {
            copy_step(question_.injections, 0, first, pair, 0);
            copy_step(question_.injections, 0, second, pair, 1);
            solver.solve_block(pair, states);
            count(states, 0);
        };
        double good = 0;
        double bad = 1;
        try_pair(0, 0);
        if (!solves(states, 0)) { // not even without any load
            constexpr double step = 0.05;
            for (good = 1 - step; good > step / 2; good -= step) {
                try_pair(good, good);
                if (solves(states, 0)) {
                    break;
                }
            }
            if (good < step / 2) {
                return;
            }
            bad = good + step;
        }
        while (bad - good > share_step && (bad - good > coarse_share_step || has_work_left(1))) {
            const double trial = (good + bad) / 2;
            try_pair(good, trial);
            if (solves(states, 1)) {
                good = trial;
                margin_vm_.assign(states.vm_pu.step(1).begin(), states.vm_pu.step(1).end());
            } else {
                bad = trial;
            }
        }
        out_.solvable_share = good;
    }

    /// The buses of the lowest voltage at the margin, one per node, where no unit holds it.
    [[nodiscard]] std::vector<BusIdx> list_weak_buses() const {
        std::vector<bool> held(question_.grid.n_bus, false);
        for (const UnitIdx u : rows<UnitIdx>(question_.units.size())) {
            if (question_.units.mode[u] == ReactiveMode::voltage &&
                question_.injections.unit_q_max_mvar(u, 0) > 1e3) {
                held[question_.grid.node[question_.units.bus[u]].row()] = true;
            }
        }
        std::vector<BusIdx> buses;
        for (const BusIdx i : rows<BusIdx>(margin_vm_.size())) {
            if (question_.grid.node[i] == i && !held[i.row()] &&
                std::isfinite(margin_vm_[i.row()])) {
                buses.push_back(i);
            }
        }
        std::ranges::stable_sort(buses, {}, [&](BusIdx i) { return margin_vm_[i.row()]; });
        buses.resize(std::min(buses.size(), n_weak_bus));
        return buses;
    }

    /// Holds the voltage of the weakest buses in turn; the one that takes least to make it solve is the place of the deficit.
    void try_voltage_support() {
        std::optional<Cause> found;
        for (const BusIdx bus : list_weak_buses()) {
            if (!observed_) {
                observed_ = Cause{CauseKind::reactive_deficit, question_.grid.bus_id[bus]};
            }
            if (!has_work_left(1)) {
                ++out_.untried;
                continue;
            }
            const FlowQuestion supported = hold(bus);
            BlockStates states;
            solve(supported, options_, is_large(), states);
            ++out_.tried;
            if (!solves(states, 0) || stands_low(states)) {
                continue;
            }
            const double q_mvar = states.unit_q_mvar(supported.units.size() - 1, 0);
            if (!found || q_mvar < found->value) {
                found =
                    Cause{CauseKind::reactive_deficit, question_.grid.bus_id[bus], q_mvar, 0, true};
            }
        }
        if (found) {
            tried_.push_back(*found);
        }
    }

    /// The question with a unit that holds 1 pu at a bus, whatever it takes.
    [[nodiscard]] FlowQuestion hold(BusIdx bus) const {
        FlowQuestion q{question_.grid, question_.units, {}};
        Units& u = q.units;
        u.id.push_back("support");
        u.bus.push_back(bus);
        u.mode.push_back(ReactiveMode::voltage);
        u.vm_set_pu.push_back(1.0);
        u.tan_phi.push_back(0);
        u.q_set_mvar.push_back(0);
        u.participation.push_back(0);
        const BlockInjections& own = question_.injections;
        q.injections = {.load_p_mw = own.load_p_mw,
                        .load_q_mvar = own.load_q_mvar,
                        .unit_p_mw = append(own.unit_p_mw, 0),
                        .unit_on = append(own.unit_on, 1),
                        .unit_q_min_mvar =
                            append(own.unit_q_min_mvar, -std::numeric_limits<double>::infinity()),
                        .unit_q_max_mvar =
                            append(own.unit_q_max_mvar, std::numeric_limits<double>::infinity())};
        return q;
    }

    static Series append(const Series& column, double value) {
        Series longer(column.n_element() + 1, 1);
        std::ranges::copy(column.step(0), longer.step(0).begin());
        longer(column.n_element(), 0) = value;
        return longer;
    }

    FlowQuestion question_;
    Options options_;
    std::vector<Cause> tried_;      ///< that cure
    std::optional<Cause> observed_; ///< where the voltage collapses first
    double work_ = 0;
    std::vector<double> margin_vm_;
    Diagnosis out_;
};

std::string describe_en(const Cause& c) {
    switch (c.kind) {
    case CauseKind::not_finite:
        return fmt::format("{}: its injection is not a finite number", c.element);
    case CauseKind::no_slack:
        return fmt::format("no running unit holds the {:g} buses around {} ({:.1f} MW of load)",
                           c.usual, c.element, c.value);
    case CauseKind::isolated_bus:
        return fmt::format("bus {} is connected to nothing ({:.1f} MW of load)", c.element,
                           c.value);
    case CauseKind::impedance_slip:
        return fmt::format("unit slip in {}: reactance {:.4g} pu, its like would have {:.4g} pu",
                           c.element, c.value, c.usual);
    case CauseKind::ratio_slip:
        return fmt::format("turns ratio of {} is {:.4g}", c.element, c.value);
    case CauseKind::load_slip:
        return fmt::format("unit slip in {}: {:.5g} MW or Mvar, its like have {:.4g}", c.element,
                           c.value, c.usual);
    case CauseKind::voltage_slip:
        return fmt::format("{} is to hold {:.4g} pu", c.element, c.value);
    case CauseKind::corridor_limit:
        return fmt::format("corridor {} would carry {:.0f} MW, beyond its transfer limit of {:.0f} "
                           "MW",
                           c.element, c.value, c.usual);
    case CauseKind::reactive_limit:
        return fmt::format("{} would have to give {:.0f} Mvar, its limit is {:.0f} Mvar", c.element,
                           c.value, c.usual);
    case CauseKind::setpoint_conflict:
        return fmt::format("{} is to hold {:.4g} pu, its neighbour {:.4g} pu", c.element, c.value,
                           c.usual);
    case CauseKind::sign_slip:
        return fmt::format("sign of {}: {:.5g} MW or Mvar", c.element, c.value);
    case CauseKind::charging_slip:
        return fmt::format(
            "unit slip in {}: susceptance {:.4g} pu, a thousandth would be {:.4g} pu", c.element,
            c.value, c.usual);
    case CauseKind::negative_reactance:
        return fmt::format("reactance of {} is {:.4g} pu", c.element, c.value);
    case CauseKind::open_branch:
        return fmt::format("{} is out of service", c.element);
    case CauseKind::reactive_deficit:
        break;
    }
    return c.cures ? fmt::format("reactive deficit at {}: {:.0f} Mvar are missing there", c.element,
                                 c.value)
                   : fmt::format("voltage collapses first at {}", c.element);
}

std::string describe_zh(const Cause& c) {
    switch (c.kind) {
    case CauseKind::not_finite:
        return fmt::format("{}：注入功率不是有限数", c.element);
    case CauseKind::no_slack:
        return fmt::format("{} 一带 {:g} 个母线没有可维持电压的机组（负荷 {:.1f} MW）", c.element,
                           c.usual, c.value);
    case CauseKind::isolated_bus:
        return fmt::format("母线 {} 不与任何支路相连（负荷 {:.1f} MW）", c.element, c.value);
    case CauseKind::impedance_slip:
        return fmt::format("{} 疑似单位错误：电抗 {:.4g} pu，同类约 {:.4g} pu", c.element, c.value,
                           c.usual);
    case CauseKind::ratio_slip:
        return fmt::format("{} 的变比为 {:.4g}", c.element, c.value);
    case CauseKind::load_slip:
        return fmt::format("{} 疑似单位错误：{:.5g} MW 或 Mvar，同类约 {:.4g}", c.element, c.value,
                           c.usual);
    case CauseKind::voltage_slip:
        return fmt::format("{} 的电压整定值为 {:.4g} pu", c.element, c.value);
    case CauseKind::corridor_limit:
        return fmt::format("通道 {} 需送 {:.0f} MW，超过其极限 {:.0f} MW", c.element, c.value,
                           c.usual);
    case CauseKind::reactive_limit:
        return fmt::format("{} 需发无功 {:.0f} Mvar，其限值为 {:.0f} Mvar", c.element, c.value,
                           c.usual);
    case CauseKind::setpoint_conflict:
        return fmt::format("{} 的电压整定值为 {:.4g} pu，相邻机组为 {:.4g} pu", c.element, c.value,
                           c.usual);
    case CauseKind::sign_slip:
        return fmt::format("{} 疑似符号错误：{:.5g} MW 或 Mvar", c.element, c.value);
    case CauseKind::charging_slip:
        return fmt::format("{} 疑似单位错误：电纳 {:.4g} pu，千分之一为 {:.4g} pu", c.element,
                           c.value, c.usual);
    case CauseKind::negative_reactance:
        return fmt::format("{} 的电抗为 {:.4g} pu", c.element, c.value);
    case CauseKind::open_branch:
        return fmt::format("{} 退出运行", c.element);
    case CauseKind::reactive_deficit:
        break;
    }
    return c.cures ? fmt::format("{} 无功不足，缺 {:.0f} Mvar", c.element, c.value)
                   : fmt::format("电压首先在 {} 崩溃", c.element);
}

} // namespace

std::string_view to_string(CauseKind kind) {
    return kind_names[static_cast<std::size_t>(kind)];
}

Diagnosis diagnose(const network::Network& grid, const Units& units, const Options& options,
                   const BlockInjections& injections, std::size_t t) {
    return Examination{grid, units, options, injections, t}.run();
}

std::string describe(const Cause& cause, Language language) {
    if (language == Language::zh) {
        return describe_zh(cause) + (cause.cures ? "；改正后可解" : "");
    }
    return describe_en(cause) + (cause.cures ? "; put right, it solves" : "");
}

} // namespace yuanwang::powerflow
