#include "engine/n1/n1_ac.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "engine/n1/unit_room.hpp"
#include "network/per_unit.hpp"
#include "powerflow/batch/outage_solver.hpp"
#include "security/outage_estimate.hpp"
#include "security/outage_worst.hpp"

namespace yuanwang::engine {

namespace {

constexpr double slack_pu = 1e-6;
constexpr double slack_mw = 1e-3;

using powerflow::batch::OutageOutcome;
using powerflow::batch::OutageSolver;
using security::Extreme;

powerflow::batch::OutageOptions make_options(const Study& study) {
    const powerflow::Options& options = study.powerflow;
    powerflow::batch::OutageOptions made;
    if (study.n_1.controls == N1Controls::moving) {
        made.state = powerflow::batch::AfterOutage::positions_moving;
    }
    made.taps = options.taps;
    made.shunts = options.shunts;
    made.batch.limits.tolerance_pu = options.tolerance_pu;
    made.q_limits = options.q_limits;
    made.distributed_slack = options.distributed_slack;
    return made;
}

std::vector<std::vector<security::SectionBranch>> list_sections(const EpochModel& model) {
    std::vector<std::vector<security::SectionBranch>> sections;
    for (const auto& section : model.section_branches) {
        auto& terms = sections.emplace_back();
        for (const EpochModel::SectionTerm& term : section) {
            terms.push_back({term.branch, term.sign});
        }
    }
    return sections;
}

/// What one thread works with.
struct Worker {
    OutageSolver solver;
    security::OutageWorst worst;
    security::WorstOutcomes found;
    std::vector<std::size_t> near; ///< outages the screen leaves to AC
    security::WorstOutcomes rest;  ///< what it estimates of the others
    security::EstimateScratch scratch;
};

} // namespace

class N1Ac::Impl {
  public:
    Impl(const Study& study, const EpochModel& model, const OutageNames& names, int n_thread)
        : study_{study}, m_{model}, outages_{list_outages(study, model, names)},
          arena_{std::max(n_thread, 1)}, workers_{[this] { return make_worker(); }} {
        if (study.n_1.method == N1Method::screened) {
            make_estimate();
        }
    }

    void judge(BlockData& data, std::vector<N1StepFindings>& findings) {
        fill_shed_loads(outages_, m_, data, columns_);
        fill_unit_room(m_, data, columns_.room);
        findings.resize(data.result.steps.count);
        if (estimate_) {
            estimate_->prepare(data.injections, data.states);
        }
        const auto judge_one = [&](std::size_t t) {
            N1StepFindings& step = findings[t];
            step.judged = is_judged(data, t);
            step.findings.clear();
            step.lost_load.clear();
            step.n_power_flow = step.n_by_reference = step.n_estimated = 0;
            step.n_moved = step.n_held_controls = 0;
            step.voltages.clear();
            if (step.judged) {
                judge_step(workers_.local(), data, t, step);
            }
        };
        arena_.execute([&] { tbb::parallel_for(std::size_t{0}, findings.size(), judge_one); });
    }

    [[nodiscard]] const N1Outages& outages() const { return outages_; }

  private:
    [[nodiscard]] Worker make_worker() const {
        return {
            .solver = OutageSolver{m_.grid, m_.units.units, outages_.outage, make_options(study_)},
            .worst = security::OutageWorst{m_.grid, m_.grid.branches.rate_emergency_mva.vector(),
                                           list_sections(m_)},
            .found = {},
            .near = {},
            .rest = {},
            .scratch = {}};
    }

    void make_estimate() {
        const network::Grid& grid = m_.system->grid;
        std::vector<security::Bounds> bands;
        for (const BusIdx i : rows<BusIdx>(grid.buses.size())) {
            bands.push_back({grid.buses.vm_emergency_min_pu[i], grid.buses.vm_emergency_max_pu[i]});
        }
        std::vector<security::Bounds> section_limits;
        for (const SectionIdx k : rows<SectionIdx>(grid.sections.size())) {
            const auto [forward_mw, reverse_mw] = find_section_limits(k);
            section_limits.push_back({-reverse_mw, forward_mw});
        }
        estimate_.emplace(m_.grid, m_.units.units, outages_.outage,
                          m_.grid.branches.rate_emergency_mva.vector(), std::move(bands),
                          list_sections(m_), std::move(section_limits));
    }

    /// What a section may carry after an outage, forward and in reverse.
    [[nodiscard]] std::pair<double, double> find_section_limits(SectionIdx k) const {
        const network::Sections& sections = m_.system->grid.sections;
        const double forward_mw = sections.limit_n1_mw[k].value_or(sections.limit_mw[k]);
        return {forward_mw, sections.limit_reverse_mw[k].value_or(forward_mw)};
    }

    [[nodiscard]] bool is_judged(const BlockData& data, std::size_t t) const {
        const std::size_t step = data.result.steps.first + t;
        return step % static_cast<std::size_t>(study_.n_1.every) == 0 &&
               data.states.outcome[t].status == StepStatus::converged;
    }

    /// True for the machine of a plant that stands still: its loss is the state before.
    [[nodiscard]] bool takes_nothing(const BlockData& data, std::size_t t,
                                     std::size_t outage) const {
        constexpr double least_mva = 1e-6;
        const powerflow::batch::Outage& lost = outages_.outage[outage];
        return outages_.kind[outage] == OutageKind::generator && lost.shed.empty() &&
               lost.units.empty() && std::ranges::all_of(lost.machines, [&](UnitIdx u) {
                   return data.injections.unit_on(u, t) <= 0.5 ||
                          std::abs(data.states.unit_p_mw(u, t)) +
                                  std::abs(data.states.unit_q_mvar(u, t)) <
                              least_mva;
               });
    }

    void judge_step(Worker& w, BlockData& data, std::size_t t, N1StepFindings& step) const {
        if (estimate_) {
            estimate_->choose(data.states, t, w.scratch, w.near, w.rest);
            std::erase_if(w.near, [&](std::size_t k) { return takes_nothing(data, t, k); });
            w.solver.solve(data.injections, data.states, t, columns_, w.near);
            w.worst.find(w.solver, w.found);
            security::widen(w.found, w.rest);
            step.n_estimated = outages_.size() - w.near.size();
        } else {
            w.solver.solve(data.injections, data.states, t, columns_);
            w.worst.find(w.solver, w.found);
        }
        fold_loadings(w.found, data.result, t);
        fold_voltages(w.found, data.result, t, step);
        judge_sections(w.found, step);
        judge_outcomes(w.solver.outcome(), step);
    }

    [[nodiscard]] std::uint32_t name(std::int32_t outage) const {
        return outages_.name[static_cast<std::size_t>(outage)];
    }

    void fold_loadings(const security::WorstOutcomes& found, BlockResult& r, std::size_t t) const {
        fold(m_.line_branches, m_.axes.of(Axis::line), found, r.line_n1_loading_percent,
             r.line_n1_outage, t);
        fold(m_.transformer_branches, m_.axes.of(Axis::transformer), found,
             r.transformer_n1_loading_percent, r.transformer_n1_outage, t);
    }

    void fold(const std::vector<std::vector<BranchIdx>>& elements,
              const std::vector<std::uint32_t>& axis_row, const security::WorstOutcomes& found,
              Series& loading_percent, Series& outage, std::size_t t) const {
        const network::Branches& b = m_.grid.branches;
        for (std::size_t k = 0; k < elements.size(); ++k) {
            Extreme worst{-1.0, -1};
            for (const BranchIdx i : elements[k]) {
                const bool rated = b.in_service[i] && b.rate_emergency_mva[i] > 0;
                if (rated && found.loading_percent[i.row()].value > worst.value) {
                    worst = found.loading_percent[i.row()];
                }
            }
            if (worst.value >= 0) {
                loading_percent(axis_row[k], t) = worst.value;
                outage(axis_row[k], t) = worst.outage < 0 ? -1.0 : name(worst.outage);
            }
        }
    }

    void fold_voltages(const security::WorstOutcomes& found, BlockResult& r, std::size_t t,
                       N1StepFindings& step) const {
        const network::Buses& buses = m_.system->grid.buses;
        for (const BusIdx i : rows<BusIdx>(buses.size())) {
            const std::uint32_t row = m_.axes.of(Axis::bus)[i.row()];
            const Extreme& low = found.vm_min_pu[i.row()];
            const Extreme& high = found.vm_max_pu[i.row()];
            if (low.outage < 0) {
                continue; // dark whatever is lost
            }
            r.bus_n1_vm_min_pu(row, t) = low.value;
            r.bus_n1_vm_max_pu(row, t) = high.value;
            judge_voltage(low, low.value - buses.vm_emergency_min_pu[i],
                          buses.vm_emergency_min_pu[i], row, step);
            judge_voltage(high, buses.vm_emergency_max_pu[i] - high.value,
                          buses.vm_emergency_max_pu[i], row, step);
        }
    }

    void judge_voltage(const Extreme& found, double margin_pu, double limit_pu, std::uint32_t bus,
                       N1StepFindings& step) const {
        step.voltages.push_back({name(found.outage), bus, found.value, margin_pu});
        if (margin_pu < -slack_pu) {
            step.findings.push_back(
                {FindingKind::voltage, name(found.outage), bus, found.value, limit_pu});
        }
    }

    void judge_sections(const security::WorstOutcomes& found, N1StepFindings& step) const {
        const network::Sections& sections = m_.system->grid.sections;
        for (const SectionIdx k : rows<SectionIdx>(sections.size())) {
            const Extreme& high = found.section_max_mw[k.row()];
            const Extreme& low = found.section_min_mw[k.row()];
            const auto [forward_mw, reverse_mw] = find_section_limits(k);
            const std::uint32_t row = m_.axes.of(Axis::section)[k.row()];
            if (high.outage >= 0 && high.value > forward_mw + slack_mw) {
                step.findings.push_back(
                    {FindingKind::section, name(high.outage), row, high.value, forward_mw});
            } else if (low.outage >= 0 && low.value < -reverse_mw - slack_mw) {
                step.findings.push_back(
                    {FindingKind::section, name(low.outage), row, low.value, -reverse_mw});
            }
        }
    }

    void judge_outcomes(std::span<const OutageOutcome> outcomes, N1StepFindings& step) const {
        for (std::size_t c = 0; c < outcomes.size(); ++c) {
            const OutageOutcome& outcome = outcomes[c];
            if (outcome.status == StepStatus::not_run) {
                continue;
            }
            ++step.n_power_flow;
            step.n_by_reference += outcome.by_reference ? 1U : 0U;
            step.n_moved += outcome.moved ? 1U : 0U;
            step.n_held_controls += static_cast<std::size_t>(outcome.held_controls);
            if (outcome.status != StepStatus::converged) {
                const std::uint32_t bus =
                    outcome.worst_bus.valid() && outcome.worst_bus.row() < m_.grid.n_written_bus
                        ? m_.axes.of(Axis::bus)[outcome.worst_bus.row()]
                        : N1Finding::no_element;
                step.findings.push_back({FindingKind::non_convergence, outages_.name[c], bus,
                                         network::power_to_mva(outcome.max_mismatch_pu),
                                         network::power_to_mva(study_.powerflow.tolerance_pu)});
                continue;
            }
            if (outcome.lost_load_mw > slack_mw) {
                step.lost_load.push_back({outages_.name[c], outcome.lost_load_mw});
            }
            const double beyond_mw = outcome.lost_load_mw - outcome.own_load_mw;
            if (beyond_mw > slack_mw) {
                step.findings.push_back({FindingKind::lost_load, outages_.name[c],
                                         N1Finding::no_element, beyond_mw, 0.0});
            }
        }
    }

    const Study& study_;
    const EpochModel& m_;
    N1Outages outages_;
    powerflow::batch::OutageColumns columns_;
    std::optional<security::OutageEstimate> estimate_; ///< method `screened`
    tbb::task_arena arena_;
    tbb::enumerable_thread_specific<Worker> workers_;
};

N1Ac::N1Ac(const Study& study, const EpochModel& model, const OutageNames& names, int n_thread)
    : impl_{std::make_unique<Impl>(study, model, names, n_thread)} {}
N1Ac::~N1Ac() = default;
N1Ac::N1Ac(N1Ac&&) noexcept = default;
N1Ac& N1Ac::operator=(N1Ac&&) noexcept = default;

void N1Ac::judge(BlockData& data, std::vector<N1StepFindings>& findings) {
    impl_->judge(data, findings);
}

const N1Outages& N1Ac::outages() const {
    return impl_->outages();
}

} // namespace yuanwang::engine
