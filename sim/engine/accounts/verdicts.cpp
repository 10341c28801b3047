#include "engine/accounts/verdicts.hpp"

#include <algorithm>
#include <string>

#include "powerflow/plausibility.hpp"

namespace yuanwang::engine {

namespace {

constexpr double slack_percent = 1e-6;
constexpr double slack_pu = 1e-6;
constexpr double slack_mw = 1e-3;

class Judge {
  public:
    Judge(const EpochModel& model, const ResultAxes& axes, StepRange steps,
          const powerflow::Options& options, BlockData& data)
        : m_{model}, axes_{axes}, first_{steps.first}, options_{options}, d_{data} {}

    void judge_step(std::size_t t, ViolationCount& count) {
        if (d_.states.outcome[t].status != StepStatus::converged) {
            report_divergence(t);
            return;
        }
        mark_doubt(t);
        const bool lines_over = report_overloads(Axis::line, d_.result.line_loading_percent, t);
        const bool transformers_over =
            report_overloads(Axis::transformer, d_.result.transformer_loading_percent, t);
        count.overload_steps += lines_over || transformers_over ? 1U : 0U;
        count.voltage_steps += report_voltages(t) ? 1U : 0U;
        count.section_steps += report_sections(t) ? 1U : 0U;
    }

  private:
    void add(std::size_t t, const std::string& element, const char* kind, double value,
             double limit) {
        d_.verdicts.push_back(
            {static_cast<std::uint32_t>(first_ + t), {}, element, kind, value, limit});
    }

    void report_divergence(std::size_t t) {
        const powerflow::StepOutcome& outcome = d_.states.outcome[t];
        const std::string bus =
            outcome.worst_bus.valid() ? m_.grid.bus_id[outcome.worst_bus] : std::string{};
        add(t, bus, "non_convergence", outcome.max_mismatch_pu * network::base_mva,
            options_.tolerance_pu * network::base_mva);
    }

    void mark_doubt(std::size_t t) {
        double consumption_mw = 0;
        for (const double load_mw : d_.injections.load_p_mw.step(t)) {
            consumption_mw += std::max(0.0, load_mw);
        }
        for (const double unit_mw : d_.states.unit_p_mw.step(t)) {
            consumption_mw += std::max(0.0, -unit_mw);
        }
        const auto lowest = powerflow::find_doubt(
            d_.states.vm_pu.step(t).first(m_.grid.n_written_bus), d_.states.losses_mw(0, t),
            consumption_mw, options_.vm_doubtful_pu);
        if (lowest) {
            d_.result.step_status(0, t) = static_cast<double>(StepStatus::doubtful);
            add(t, m_.grid.bus_id[lowest->bus], "doubtful", lowest->vm_pu, options_.vm_doubtful_pu);
        }
    }

    bool report_overloads(Axis axis, const Series& loading_percent, std::size_t t) {
        bool any = false;
        for (const std::uint32_t row : m_.axes.of(axis)) {
            const double loading = loading_percent(row, t);
            if (loading > 100.0 + slack_percent) {
                add(t, axes_.of(axis)[row].id, "overload", loading, 100.0);
                any = true;
            }
        }
        return any;
    }

    bool report_voltages(std::size_t t) {
        const network::Buses& buses = m_.system->grid.buses;
        const auto& rows_of = m_.axes.of(Axis::bus);
        bool any = false;
        for (const BusIdx i : rows<BusIdx>(buses.size())) {
            const double vm_pu = d_.result.bus_vm_pu(rows_of[i.row()], t);
            if (vm_pu > buses.vm_max_pu[i] + slack_pu) {
                add(t, buses.id[i.row()], "voltage", vm_pu, buses.vm_max_pu[i]);
                any = true;
            } else if (vm_pu < buses.vm_min_pu[i] - slack_pu) {
                add(t, buses.id[i.row()], "voltage", vm_pu, buses.vm_min_pu[i]);
                any = true;
            }
        }
        return any;
    }

    bool report_sections(std::size_t t) {
        const network::Sections& sections = m_.system->grid.sections;
        const auto& rows_of = m_.axes.of(Axis::section);
        bool any = false;
        for (const SectionIdx k : rows<SectionIdx>(sections.size())) {
            const double p_mw = d_.result.section_p_mw(rows_of[k.row()], t);
            const double forward_mw = sections.limit_mw[k];
            const double reverse_mw = sections.limit_reverse_mw[k].value_or(forward_mw);
            if (p_mw > forward_mw + slack_mw) {
                add(t, sections.id[k.row()], "section", p_mw, forward_mw);
                any = true;
            } else if (p_mw < -reverse_mw - slack_mw) {
                add(t, sections.id[k.row()], "section", p_mw, -reverse_mw);
                any = true;
            }
        }
        return any;
    }

    const EpochModel& m_;
    const ResultAxes& axes_;
    std::size_t first_;
    const powerflow::Options& options_;
    BlockData& d_;
};

} // namespace

ViolationCount judge_block(const EpochModel& model, const ResultAxes& axes, StepRange steps,
                           const powerflow::Options& options, BlockData& data) {
    data.verdicts.clear();
    ViolationCount count;
    Judge judge{model, axes, steps, options, data};
    for (std::size_t t = 0; t < steps.count; ++t) {
        judge.judge_step(t, count);
    }
    return count;
}

} // namespace yuanwang::engine
