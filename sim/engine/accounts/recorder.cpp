#include "engine/accounts/recorder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string_view>

#include "network/terminal_power.hpp"

namespace yuanwang::engine {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// NaN stays NaN only until the first number.
double worse(double a, double b) {
    return std::isnan(a) || b > a ? b : a;
}

void shape_result(const ResultAxes& axes, StepRange steps, BlockResult& result) {
    result.steps = steps;
    for (const Variable& variable : result_variables()) {
        const std::size_t n = variable.axis == Axis::none ? 1 : axes.of(variable.axis).size();
        (result.*variable.column).reshape(n, steps.count, nan);
    }
}

/// Walks a block and writes each family of columns.
class Recorder {
  public:
    Recorder(const EpochModel& model, BlockData& data)
        : m_{model}, d_{data}, r_{data.result}, states_{data.states} {}

    void record_step(std::size_t t) {
        record_schedule(t);
        record_outcome(t);
        if (d_.states.outcome[t].status == StepStatus::converged) {
            record_buses(t);
            record_lines(t);
            record_transformers(t);
            record_sections(t);
            record_units(t);
        }
    }

  private:
    [[nodiscard]] const std::vector<std::uint32_t>& axis(Axis a) const { return m_.axes.of(a); }

    void record_schedule(std::size_t t) {
        record_sources(t);
        record_loads(t);
        record_storages(t);
        record_ties(t);
        double losses_mw = 0;
        double price = nan;
        for (std::size_t i = 0; i < m_.dispatch.rows.n_island; ++i) {
            losses_mw += d_.dispatch_input.loss_mw(i, t);
            price = worse(price, d_.schedule.price_cny_per_mwh(i, t));
        }
        r_.loss_schedule_mw(0, t) = losses_mw;
        r_.price_cny_per_mwh(0, t) = price;
        const GreenStep& green = d_.green[t];
        r_.green_share(0, t) =
            green.consumption_mw > 0 ? green.matched_mw / green.consumption_mw : 0.0;
    }

    void record_sources(std::size_t t) {
        const auto& rows = axis(Axis::source);
        const Sources& s = m_.system->sources;
        const std::size_t n_variable = s.solar.size() + s.wind.size();
        for (std::size_t k = 0; k < rows.size(); ++k) {
            r_.source_p_mw(rows[k], t) = d_.source_p_mw(k, t);
            if (k < n_variable) {
                r_.source_available_mw(rows[k], t) = d_.dispatch_input.variable_mw(k, t);
                r_.source_curtailed_mw(rows[k], t) = d_.schedule.curtailed_mw(k, t);
            }
        }
        std::size_t k = n_variable;
        for (std::size_t h = 0; h < s.hydro.size(); ++h, ++k) {
            r_.source_available_mw(rows[k], t) = d_.dispatch_input.hydro_max_mw[h];
        }
        for (std::size_t u = 0; u < s.thermal.size(); ++u, ++k) {
            r_.source_available_mw(rows[k], t) =
                s.thermal.plants.p_rated_mw[u] * s.thermal.plants.units[u];
            r_.source_units_on(rows[k], t) = d_.schedule.thermal_units_on(u, t);
        }
        for (std::size_t w = 0; w < s.waste_to_energy.size(); ++w, ++k) {
            r_.source_available_mw(rows[k], t) = d_.dispatch_input.must_run_mw(w, t);
        }
        for (std::size_t g = 0; g < s.generators.size(); ++g, ++k) {
            r_.source_available_mw(rows[k], t) = s.generators.p_max_mw[g];
        }
        for (std::size_t h = 0; h < s.hvdc.size(); ++h, ++k) {
            r_.source_available_mw(rows[k], t) = std::max(0.0, s.hvdc.p_mw[h]);
        }
    }

    void record_loads(std::size_t t) {
        const auto& rows = axis(Axis::load);
        double demand_mw = 0;
        for (std::size_t k = 0; k < rows.size(); ++k) {
            const double p_mw = d_.demand.p_mw(k, t);
            demand_mw += p_mw;
            r_.load_p_mw(rows[k], t) = p_mw;
            r_.load_unserved_mw(rows[k], t) =
                std::clamp(d_.cuts.unserved_mw(k, t), 0.0, std::max(0.0, p_mw));
            r_.load_managed_mw(rows[k], t) = d_.cuts.managed_mw(k, t);
            r_.load_shifted_mw(rows[k], t) = 0;
        }
        if (!d_.schedule.flexible_shift_mw.empty()) {
            const FlexibleRows& moved = m_.dispatch.flexible;
            for (std::size_t k = 0; k < moved.size(); ++k) {
                r_.load_shifted_mw(rows[moved.load[k]], t) = d_.schedule.flexible_shift_mw(k, t);
            }
        }
        r_.demand_mw(0, t) = demand_mw;
    }

    void record_storages(std::size_t t) {
        const auto& rows = axis(Axis::storage);
        for (std::size_t k = 0; k < rows.size(); ++k) {
            r_.storage_p_mw(rows[k], t) = d_.schedule.storage_mw(k, t);
            r_.storage_e_mwh(rows[k], t) = d_.schedule.storage_e_mwh(k, t);
        }
    }

    void record_ties(std::size_t t) {
        const auto& rows = axis(Axis::tie);
        for (std::size_t k = 0; k < rows.size(); ++k) {
            const double surplus_mw = d_.schedule.tie_surplus_mw(k, t);
            const double firm_mw = d_.schedule.tie_firm_mw(k, t);
            r_.tie_schedule_mw(rows[k], t) = surplus_mw + firm_mw;
            r_.tie_surplus_mw(rows[k], t) = surplus_mw;
            r_.tie_firm_mw(rows[k], t) = firm_mw;
            r_.tie_surplus_available_mw(rows[k], t) = d_.dispatch_input.tie_surplus_mw(k, t);
        }
    }

    void record_outcome(std::size_t t) {
        const powerflow::StepOutcome& outcome = d_.states.outcome[t];
        r_.step_status(0, t) = static_cast<double>(outcome.status);
        r_.step_iterations(0, t) = outcome.iterations;
        r_.max_mismatch_mw(0, t) = outcome.max_mismatch_pu * network::base_mva;
        if (outcome.status == StepStatus::converged) {
            r_.losses_mw(0, t) = states_.losses_mw(0, t);
            r_.residual_mw(0, t) = outcome.residual_mw;
        }
    }

    void record_buses(std::size_t t) {
        const auto& rows = axis(Axis::bus);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            r_.bus_vm_pu(rows[i], t) = states_.vm_pu(i, t);
            r_.bus_va_degree(rows[i], t) = states_.va_rad(i, t) * 180.0 / std::numbers::pi;
        }
    }

    void record_lines(std::size_t t) {
        const auto& rows = axis(Axis::line);
        for (std::size_t k = 0; k < rows.size(); ++k) {
            double p_mw = 0;
            double q_mvar = 0;
            double loading = nan;
            bool in_service = false;
            for (const BranchIdx b : m_.line_branches[k]) {
                if (!m_.grid.branches.in_service[b]) {
                    continue;
                }
                in_service = true;
                p_mw += states_.p_from_mw(b, t);
                q_mvar += states_.q_from_mvar(b, t);
                loading = worse(loading, find_loading_percent(m_.grid, states_, b, t));
            }
            if (in_service) {
                r_.line_p_from_mw(rows[k], t) = p_mw;
                r_.line_q_from_mvar(rows[k], t) = q_mvar;
                r_.line_loading_percent(rows[k], t) = loading;
            }
        }
    }

    void record_transformers(std::size_t t) {
        const auto& rows = axis(Axis::transformer);
        for (std::size_t k = 0; k < rows.size(); ++k) {
            double p_mw = 0;
            double q_mvar = 0;
            double loading = nan;
            bool in_service = false;
            for (const BranchIdx b : m_.transformer_branches[k]) {
                if (!m_.grid.branches.in_service[b]) {
                    continue;
                }
                in_service = true;
                if (is_hv_side(m_.grid.branches.kind[b])) {
                    p_mw += states_.p_from_mw(b, t);
                    q_mvar += states_.q_from_mvar(b, t);
                }
                loading = worse(loading, find_loading_percent(m_.grid, states_, b, t));
            }
            if (in_service) {
                r_.transformer_p_hv_mw(rows[k], t) = p_mw;
                r_.transformer_q_hv_mvar(rows[k], t) = q_mvar;
                r_.transformer_loading_percent(rows[k], t) = loading;
            }
        }
        for (std::size_t tap = 0; tap < m_.grid.taps.size(); ++tap) {
            r_.transformer_tap(rows[m_.grid.taps.transformer[tap].row()], t) = states_.tap(tap, t);
        }
    }

    void record_sections(std::size_t t) {
        const auto& rows = axis(Axis::section);
        for (std::size_t k = 0; k < rows.size(); ++k) {
            double p_mw = 0;
            for (const EpochModel::SectionTerm& term : m_.section_branches[k]) {
                if (m_.grid.branches.in_service[term.branch]) {
                    p_mw += term.sign * states_.p_from_mw(term.branch, t);
                }
            }
            r_.section_p_mw(rows[k], t) = p_mw;
        }
    }

    void record_units(std::size_t t) {
        const auto& sources = axis(Axis::source);
        for (std::size_t k = 0; k < sources.size(); ++k) {
            r_.source_p_mw(sources[k], t) = states_.unit_p_mw(k, t);
            r_.source_q_mvar(sources[k], t) = states_.unit_q_mvar(k, t);
        }
        const auto& ties = axis(Axis::tie);
        for (const std::uint32_t row : ties) {
            r_.tie_p_mw(row, t) = 0;
            r_.tie_q_mvar(row, t) = 0;
        }
        for (std::size_t u = 0; u < m_.units.tie_of_unit.size(); ++u) {
            const std::uint32_t row = ties[m_.units.tie_of_unit[u]];
            r_.tie_p_mw(row, t) += states_.unit_p_mw(m_.units.first_tie + u, t);
            r_.tie_q_mvar(row, t) += states_.unit_q_mvar(m_.units.first_tie + u, t);
        }
        const auto& shunts = axis(Axis::shunt);
        for (std::size_t k = 0; k < shunts.size(); ++k) {
            r_.shunt_steps(shunts[k], t) = states_.shunt_steps(k, t);
        }
    }

    const EpochModel& m_;
    BlockData& d_;
    BlockResult& r_;
    const powerflow::BlockStates& states_;
};

std::string_view name_cause(dispatch::Cause cause) {
    switch (cause) {
    case dispatch::Cause::section:
        return "section";
    case dispatch::Cause::station_limit:
        return "station_limit";
    case dispatch::Cause::minimum_output:
        return "minimum_output";
    case dispatch::Cause::storage_full:
        return "storage_full";
    case dispatch::Cause::surplus:
        return "surplus";
    case dispatch::Cause::branch_n:
        return "branch_n";
    case dispatch::Cause::branch_n1:
        return "branch_n1";
    case dispatch::Cause::reserve:
        return "reserve";
    }
    return "";
}

} // namespace

double find_loading_percent(const network::Network& grid, const powerflow::BlockStates& states,
                            BranchIdx branch, std::size_t t) {
    const double rate_mva = grid.branches.rate_mva[branch];
    if (rate_mva <= 0) {
        return nan;
    }
    const double s_mva = network::find_terminal_power(
        grid.branches.kind[branch], states.p_from_mw(branch, t), states.q_from_mvar(branch, t),
        states.p_to_mw(branch, t), states.q_to_mvar(branch, t));
    return 100.0 * s_mva / rate_mva;
}

void record_block(const EpochModel& model, const ResultAxes& axes, StepRange steps,
                  BlockData& data) {
    shape_result(axes, steps, data.result);
    Recorder recorder{model, data};
    for (std::size_t t = 0; t < steps.count; ++t) {
        recorder.record_step(t);
    }
}

namespace {

/// A row of `Table::variables`: solar stations first.
const std::string& name_variable(const System& system, std::size_t row) {
    const std::size_t n_solar = system.sources.solar.size();
    return row < n_solar ? system.sources.solar.id[row] : system.sources.wind.id[row - n_solar];
}

/// Branch, section, tie or station that a row of the ledger names; empty for causes without an element.
std::string name_limit(const EpochModel& model, std::span<const std::string> limit_ids,
                       const dispatch::Curtailed& row) {
    switch (row.limit) {
    case dispatch::LimitKind::tie:
        return model.system->sources.external_grids.id[row.limit_row];
    case dispatch::LimitKind::group:
        return model.dispatch.group_id[row.limit_row];
    case dispatch::LimitKind::network:
        return limit_ids[row.limit_row];
    case dispatch::LimitKind::none:
        break;
    }
    return row.cause == dispatch::Cause::station_limit ? name_variable(*model.system, row.variable)
                                                       : std::string{};
}

} // namespace

void record_curtailment(const EpochModel& model, StepRange steps,
                        std::span<const std::string> limit_ids, BlockData& data) {
    const auto& sources = model.axes.of(Axis::source);
    data.curtailment.clear();
    for (const dispatch::Curtailed& row : data.schedule.ledger) {
        CurtailmentRow out;
        out.step = static_cast<std::uint32_t>(steps.first + row.step);
        out.source = sources[row.variable];
        out.cause = name_cause(row.cause);
        out.branch = name_limit(model, limit_ids, row);
        if (row.outage_row != dispatch::no_outage_row) {
            out.outage = limit_ids[row.outage_row];
        }
        out.mwh = row.mwh;
        data.curtailment.push_back(std::move(out));
    }
}

void list_managed_calls(const EpochModel& model, StepRange steps,
                        const dispatch::Schedule& schedule, std::vector<ManagedCallRow>& rows) {
    rows.clear();
    const dispatch::ManagedLoads& managed = model.dispatch.rows.managed;
    const models::ManagedRecords& records = managed.records;
    for (const dispatch::ManagedCall& call : schedule.calls) {
        const std::size_t g = records.group[call.record];
        rows.push_back(
            {.step = static_cast<std::uint32_t>(steps.first + call.step),
             .group = model.system->loads.managed.id[g],
             .record = static_cast<std::uint32_t>(call.record - records.first_of_group[g]),
             .bus = model.system->grid.buses.id[records.bus[call.record].row()],
             .shed_class = static_cast<std::uint32_t>(managed.shed_class[g]),
             .round = records.round[call.record],
             .mw = call.mw});
    }
}

} // namespace yuanwang::engine
