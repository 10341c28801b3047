#include "bench/workloads/time_series.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <span>

#include "exchange/matpower.hpp"
#include "exchange/powerflow_problem.hpp"
#include "study/study.hpp"

namespace yuanwang::workloads {

namespace {

double scale(double t) {
    using std::numbers::pi;
    return 0.8 + 0.2 * std::sin(2 * pi * t / 24) * (0.9 + 0.1 * std::sin(2 * pi * t / 8760));
}

double vary(std::size_t bus, double t) {
    return 1 + 0.1 * std::sin(12.9898 * static_cast<double>(bus) + 78.233 * t);
}

struct CheckValue {
    std::string_view name;
    TimeSeries workload;
    std::size_t n_step;
    double mean_vm_pu;
};

// Agreed by independent solvers; quoted in bench/README.md.
constexpr std::array check_values = {
    CheckValue{"case118", TimeSeries::w2a, 8760, 0.987329039},
    CheckValue{"case300", TimeSeries::w2a, 8760, 1.015459917},
    CheckValue{"case1354pegase", TimeSeries::w2a, 876, 1.047698923},
    CheckValue{"case118", TimeSeries::w2b, 8760, 0.987326278},
    CheckValue{"case300", TimeSeries::w2b, 8760, 1.015106410},
};

} // namespace

FlowCase load_case(const std::filesystem::path& file) {
    const engine::Study study = exchange::make_study(exchange::read_matpower(file));
    const engine::System& system = study.epochs.front().system;
    FlowCase flow_case;
    flow_case.name = study.id;
    flow_case.grid = network::make_network(system.grid);
    exchange::PowerflowProblem problem = exchange::make_problem(system, flow_case.grid);
    flow_case.units = std::move(problem.units);
    flow_case.injections = std::move(problem.injections);
    flow_case.options = study.powerflow;
    flow_case.options.branch_flows = false;
    return flow_case;
}

powerflow::BlockInjections make_injections(const FlowCase& flow_case, TimeSeries workload,
                                           std::size_t n_step) {
    const powerflow::BlockInjections& base = flow_case.injections;
    const std::size_t n_bus = flow_case.grid.n_bus;
    const std::size_t n_unit = flow_case.units.size();
    powerflow::BlockInjections block{.load_p_mw = Series(n_bus, n_step),
                                     .load_q_mvar = Series(n_bus, n_step),
                                     .unit_p_mw = Series(n_unit, n_step),
                                     .unit_on = Series(n_unit, n_step, 1.0),
                                     .unit_q_min_mvar = Series(n_unit, n_step),
                                     .unit_q_max_mvar = Series(n_unit, n_step)};
    for (std::size_t t = 0; t < n_step; ++t) {
        const double s = scale(static_cast<double>(t));
        for (std::size_t i = 0; i < n_bus; ++i) {
            const double share =
                workload == TimeSeries::w2a ? s : s * vary(i, static_cast<double>(t));
            block.load_p_mw(i, t) = share * base.load_p_mw(i, 0);
            block.load_q_mvar(i, t) = share * base.load_q_mvar(i, 0);
        }
        for (std::size_t k = 0; k < n_unit; ++k) {
            block.unit_p_mw(k, t) = s * base.unit_p_mw(k, 0);
            block.unit_q_min_mvar(k, t) = base.unit_q_min_mvar(k, 0);
            block.unit_q_max_mvar(k, t) = base.unit_q_max_mvar(k, 0);
        }
    }
    return block;
}

double mean_voltage(const powerflow::BlockStates& states) {
    const std::span<const double> vm_pu = states.vm_pu.values();
    double sum = 0;
    for (const double vm : vm_pu) {
        sum += vm;
    }
    return sum / static_cast<double>(vm_pu.size());
}

std::size_t default_steps(const FlowCase& flow_case) {
    return flow_case.grid.n_written_bus < 1354 ? 8760 : 876;
}

std::optional<double> find_check_value(std::string_view name, TimeSeries workload,
                                       std::size_t n_step) {
    for (const CheckValue& check : check_values) {
        if (check.name == name && check.workload == workload && check.n_step == n_step) {
            return check.mean_vm_pu;
        }
    }
    return std::nullopt;
}

} // namespace yuanwang::workloads
