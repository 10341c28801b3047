#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "exchange/matpower.hpp"
#include "network/network.hpp"

namespace yuanwang::exchange {

namespace {

// Columns, from 0.
enum BusColumn : std::size_t {
    bus_i,
    bus_type,
    pd,
    qd,
    gs,
    bs,
    area,
    vm,
    va,
    base_kv,
    zone,
    vmax,
    vmin
};
enum GenColumn : std::size_t { gen_bus, pg, qg, qmax, qmin, vg, mbase, gen_status, pmax, pmin };
enum BranchColumn : std::size_t {
    f_bus,
    t_bus,
    br_r,
    br_x,
    br_b,
    rate_a,
    rate_b,
    rate_c,
    tap,
    shift,
    br_status
};

constexpr std::array<const char*, 13> bus_names = {
    "bus_i", "type", "Pd", "Qd", "Gs", "Bs", "area", "Vm", "Va", "baseKV", "zone", "Vmax", "Vmin"};
constexpr std::array<const char*, 8> gen_names = {"bus",  "Pg", "Qg",    "Qmax",
                                                  "Qmin", "Vg", "mBase", "status"};
constexpr std::array<const char*, 11> branch_names = {
    "fbus", "tbus", "r", "x", "b", "rateA", "rateB", "rateC", "ratio", "angle", "status"};

constexpr double assumed_base_kv = 1.0;
constexpr double unlimited = 99999; // MW or Mvar where the case says Inf

enum class BusType : int { pq = 1, pv = 2, reference = 3, isolated = 4 };

double clip(double limit) {
    return std::clamp(limit, -unlimited, unlimited);
}

/// Price of a generator's mean energy between nothing and Pmax: a polynomial c2 P² + c1 P costs c1 + c2 Pmax a MWh there, a
/// piecewise linear cost its rise over its whole breadth. 0 where the case has no price, or none that is finite.
double find_mean_price(const std::vector<double>& cost, double p_max_mw) {
    constexpr double piecewise = 1;
    constexpr double polynomial = 2;
    constexpr std::size_t head = 4; // model, start, stop, n
    if (cost.size() < head) {
        return 0;
    }
    const auto n = static_cast<std::size_t>(cost[3]);
    const double* const c = cost.data() + head;
    if (cost[0] == polynomial && n >= 2 && cost.size() >= head + n) {
        double price = 0; // Horner, without the constant
        for (std::size_t k = 0; k + 1 < n; ++k) {
            price = price * p_max_mw + c[k];
        }
        return std::isfinite(price) ? price : 0;
    }
    if (cost[0] == piecewise && n >= 2 && cost.size() >= head + 2 * n) {
        const double breadth_mw = c[2 * n - 2] - c[0];
        return breadth_mw > 0 ? (c[2 * n - 1] - c[1]) / breadth_mw : 0;
    }
    return 0;
}

class StudyMaker {
  public:
    explicit StudyMaker(const MatpowerCase& matpower) : case_{matpower} {}

    engine::Study run() {
        check();
        if (!faults_.empty()) {
            throw InputError(std::move(faults_));
        }
        number_buses();
        add_buses();
        add_branches();
        choose_reference();
        add_generators();
        add_loads_and_shunts();
        if (!faults_.empty()) {
            throw InputError(std::move(faults_));
        }
        return finish();
    }

  private:
    // Checks.

    void fault(const char* table, std::size_t row, const char* column,
               const std::vector<int>& lines, std::string rule, double got) {
        const int line = row < lines.size() ? lines[row] : 0;
        faults_.push_back({.place = {case_.file, line, line > 0 ? 1 : 0},
                           .path = fmt::format("{}[{}].{}", table, row + 1, column),
                           .rule = std::move(rule),
                           .got = fmt::format("{}", got)});
    }

    template <std::size_t n>
    void check_finite(const char* table, const std::vector<std::vector<double>>& rows,
                      const std::array<const char*, n>& names, const std::vector<int>& lines,
                      std::initializer_list<std::size_t> columns) {
        for (std::size_t row = 0; row < rows.size(); ++row) {
            for (const std::size_t column : columns) {
                if (!std::isfinite(rows[row][column])) {
                    fault(table, row, names[column], lines, "must be finite", rows[row][column]);
                }
            }
        }
    }

    void check() {
        if (case_.bus.empty()) {
            faults_.push_back(
                {.place = {case_.file, 0, 0}, .path = "bus", .rule = "must have a row", .got = {}});
        }
        check_finite("bus", case_.bus, bus_names, case_.bus_line,
                     {bus_i, bus_type, pd, qd, gs, bs, va, base_kv, vmax, vmin});
        check_finite("gen", case_.gen, gen_names, case_.gen_line,
                     {gen_bus, pg, qg, vg, gen_status});
        check_finite("branch", case_.branch, branch_names, case_.branch_line,
                     {f_bus, t_bus, br_r, br_x, br_b, tap, shift, br_status});
        check_buses();
        check_references();
    }

    void check_buses() {
        for (std::size_t row = 0; row < case_.bus.size(); ++row) {
            const auto& bus = case_.bus[row];
            if (bus[bus_i] != std::floor(bus[bus_i]) || bus[bus_i] < 0 || bus[bus_i] > 1e9) {
                fault("bus", row, "bus_i", case_.bus_line, "must be a whole number", bus[bus_i]);
                continue;
            }
            if (!row_of_number_.emplace(static_cast<std::int64_t>(bus[bus_i]), row).second) {
                fault("bus", row, "bus_i", case_.bus_line, "must be unique", bus[bus_i]);
            }
            if (bus[bus_type] != 1 && bus[bus_type] != 2 && bus[bus_type] != 3 &&
                bus[bus_type] != 4) {
                fault("bus", row, "type", case_.bus_line, "must be 1, 2, 3 or 4", bus[bus_type]);
            }
        }
    }

    void check_references() {
        for (std::size_t row = 0; row < case_.gen.size(); ++row) {
            const auto& gen = case_.gen[row];
            check_bus("gen", row, "bus", case_.gen_line, gen[gen_bus]);
            if (gen[gen_status] > 0 && gen[vg] <= 0) {
                fault("gen", row, "Vg", case_.gen_line, "must be > 0", gen[vg]);
            }
        }
        for (std::size_t row = 0; row < case_.branch.size(); ++row) {
            const auto& branch = case_.branch[row];
            check_bus("branch", row, "fbus", case_.branch_line, branch[f_bus]);
            check_bus("branch", row, "tbus", case_.branch_line, branch[t_bus]);
            if (branch[br_status] > 0 && branch[br_r] == 0 && branch[br_x] == 0) {
                fault("branch", row, "x", case_.branch_line, "must not be zero where r is zero",
                      branch[br_x]);
            }
            if (branch[f_bus] == branch[t_bus]) {
                fault("branch", row, "tbus", case_.branch_line, "must differ from fbus",
                      branch[t_bus]);
            }
        }
    }

    void check_bus(const char* table, std::size_t row, const char* column,
                   const std::vector<int>& lines, double number) {
        if (!std::isfinite(number) || std::abs(number) > 1e9 || number != std::floor(number) ||
            !row_of_number_.contains(static_cast<std::int64_t>(number))) {
            fault(table, row, column, lines, "must be the number of a bus", number);
        }
    }

    // Building.

    [[nodiscard]] BusType type(std::size_t row) const {
        return static_cast<BusType>(static_cast<int>(case_.bus[row][bus_type]));
    }
    [[nodiscard]] std::size_t find_row(double number) const {
        return row_of_number_.at(static_cast<std::int64_t>(number));
    }
    [[nodiscard]] bool runs(const std::vector<double>& gen) const {
        return gen[gen_status] > 0 && bus_of_row_[find_row(gen[gen_bus])].valid();
    }
    [[nodiscard]] std::string bus_id(double number) const {
        return fmt::format("{}", static_cast<std::int64_t>(number));
    }

    /// `stem` for the first of a kind, `stem_2`, `stem_3` for what stands beside it.
    std::string number_id(const std::string& stem, char parting) {
        const int n = ++uses_[stem];
        return n == 1 ? stem : fmt::format("{}{}{}", stem, parting, n);
    }

    void number_buses() {
        bus_of_row_.resize(case_.bus.size());
        BusIdx next{0};
        for (std::size_t row = 0; row < case_.bus.size(); ++row) {
            if (type(row) != BusType::isolated) {
                bus_of_row_[row] = next++;
            }
        }
    }

    void add_buses() {
        network::Buses& buses = system_.grid.buses;
        for (std::size_t row = 0; row < case_.bus.size(); ++row) {
            if (!bus_of_row_[row].valid()) {
                continue;
            }
            const auto& bus = case_.bus[row];
            buses.id.push_back(bus_id(bus[bus_i]));
            buses.name.push_back(
                {.en = row < case_.bus_name.size() ? trim(case_.bus_name[row]) : "", .zh = {}});
            buses.substation.push_back(SubstationIdx{});
            buses.base_kv.push_back(bus[base_kv] > 0 ? bus[base_kv] : assumed_base_kv);
            buses.vm_min_pu.push_back(bus[vmin] > 0 ? bus[vmin] : 0.9);
            buses.vm_max_pu.push_back(bus[vmax] > 0 ? bus[vmax] : 1.1);
            buses.vm_emergency_min_pu.push_back(std::min(0.9, buses.vm_min_pu.vector().back()));
            buses.vm_emergency_max_pu.push_back(std::max(1.1, buses.vm_max_pu.vector().back()));
        }
    }

    static std::string trim(const std::string& text) {
        const auto first = text.find_first_not_of(" \t");
        return first == std::string::npos
                   ? ""
                   : text.substr(first, text.find_last_not_of(" \t") - first + 1);
    }

    void add_branches() {
        const double to_base =
            network::base_mva / case_.base_mva; // impedances; admittances by its inverse
        network::ImpedanceBranches& branches = system_.grid.branches;
        for (const auto& branch : case_.branch) {
            const BusIdx from = bus_of_row_[find_row(branch[f_bus])];
            const BusIdx to = bus_of_row_[find_row(branch[t_bus])];
            if (branch[br_status] <= 0 || !from.valid() || !to.valid()) {
                continue;
            }
            branches.id.push_back(
                number_id(bus_id(branch[f_bus]) + "-" + bus_id(branch[t_bus]), '-'));
            branches.name.emplace_back();
            branches.from.push_back(from);
            branches.to.push_back(to);
            branches.r_pu.push_back(branch[br_r] * to_base);
            branches.x_pu.push_back(branch[br_x] * to_base);
            branches.b_pu.push_back(branch[br_b] / to_base);
            branches.ratio.push_back(branch[tap] == 0 ? 1.0 : branch[tap]);
            branches.shift_degree.push_back(branch[shift]);
            const bool limited = branch[rate_a] > 0 && std::isfinite(branch[rate_a]);
            branches.rate_mva.push_back(limited ? std::optional{branch[rate_a]} : std::nullopt);
            branches.closed.push_back(true);
        }
    }

    /// Row of the bus that holds the angle: the reference bus, or the first PV bus where that one
    /// has no generator.
    void choose_reference() {
        std::vector<bool> has_generator(case_.bus.size(), false);
        for (const auto& gen : case_.gen) {
            if (runs(gen)) {
                has_generator[find_row(gen[gen_bus])] = true;
            }
        }
        std::size_t n_reference = 0;
        for (std::size_t row = 0; row < case_.bus.size(); ++row) {
            if (type(row) == BusType::reference && has_generator[row]) {
                reference_row_ = row;
                if (++n_reference > 1) {
                    fault("bus", row, "type", case_.bus_line,
                          "must be 3 (reference) at one bus only", case_.bus[row][bus_type]);
                }
            }
        }
        for (std::size_t row = 0; row < case_.bus.size() && !reference_row_; ++row) {
            if (type(row) == BusType::pv && has_generator[row]) {
                reference_row_ = row;
            }
        }
        if (!reference_row_) {
            faults_.push_back(
                {.place = {case_.file, 0, 0},
                 .path = "bus",
                 .rule = "must have a reference or PV bus with a generator in service",
                 .got = {}});
        }
    }

    void add_generators() {
        engine::GeneratorFleet& fleet = system_.sources.generators;
        std::unordered_map<std::size_t, double>
            set_point; // by bus row: the last generator in service decides
        for (const auto& gen : case_.gen) {
            if (runs(gen)) {
                set_point[find_row(gen[gen_bus])] = gen[vg];
            }
        }
        bool slack_given = false;
        for (std::size_t g = 0; g < case_.gen.size(); ++g) {
            const auto& gen = case_.gen[g];
            if (!runs(gen)) {
                continue;
            }
            const std::size_t row = find_row(gen[gen_bus]);
            const bool is_reference = row == reference_row_;
            const bool slack = is_reference && !slack_given;
            slack_given = slack_given || slack;
            fleet.id.push_back(number_id("gen_" + bus_id(gen[gen_bus]), '_'));
            fleet.name.emplace_back();
            fleet.bus.push_back(bus_of_row_[row]);
            engine::ReactiveControl control;
            const bool holds_voltage = is_reference || type(row) == BusType::pv;
            control.mode = holds_voltage ? powerflow::ReactiveMode::voltage
                                         : powerflow::ReactiveMode::reactive;
            control.vm_set_pu = set_point.at(row);
            control.q_set_mvar = holds_voltage ? 0 : gen[qg];
            control.q_min_mvar = clip(std::isnan(gen[qmin]) ? -unlimited : gen[qmin]);
            control.q_max_mvar = clip(std::isnan(gen[qmax]) ? unlimited : gen[qmax]);
            fleet.reactive.push_back(control);
            fleet.p_mw.push_back(gen[pg]);
            fleet.p_min_mw.push_back(gen.size() > pmin && !std::isnan(gen[pmin])
                                         ? clip(gen[pmin])
                                         : std::min(0.0, gen[pg]));
            fleet.p_max_mw.push_back(gen.size() > pmax && !std::isnan(gen[pmax])
                                         ? clip(gen[pmax])
                                         : std::max(0.0, gen[pg]));
            fleet.slack.push_back(slack);
            fleet.va_set_degree.push_back(slack ? case_.bus[row][va] : 0.0);
            fleet.price_cny_per_mwh.push_back(
                g < case_.gencost.size() ? find_mean_price(case_.gencost[g], fleet.p_max_mw.back())
                                         : 0.0);
            fleet.co2_t_per_mwh.push_back(0);
            fleet.green_share.push_back(0);
        }
    }

    void add_loads_and_shunts() {
        engine::StaticLoads& loads = system_.loads.statics;
        network::Shunts& shunts = system_.grid.shunts;
        for (std::size_t row = 0; row < case_.bus.size(); ++row) {
            const auto& bus = case_.bus[row];
            const BusIdx i = bus_of_row_[row];
            if (!i.valid()) {
                continue;
            }
            if (bus[pd] != 0 || bus[qd] != 0) {
                loads.id.push_back("load_" + bus_id(bus[bus_i]));
                loads.name.emplace_back();
                loads.buses.push_back({i});
                loads.shares.push_back({1.0});
                loads.power_factor.push_back(1.0);
                loads.p_mw.push_back(bus[pd]);
                loads.q_mvar.push_back(bus[qd]);
            }
            if (bus[gs] != 0 || bus[bs] != 0) {
                shunts.id.push_back("shunt_" + bus_id(bus[bus_i]));
                shunts.name.emplace_back();
                shunts.bus.push_back(i);
                shunts.p_mw.push_back(bus[gs]);
                shunts.q_step_mvar.push_back(bus[bs]);
                shunts.n_steps.push_back(1);
                shunts.steps.push_back(1);
                shunts.switched.push_back(false);
                shunts.regulated_bus.push_back(BusIdx{});
                shunts.vm_min_pu.push_back(0.9);
                shunts.vm_max_pu.push_back(1.1);
            }
        }
    }

    engine::Study finish() {
        using namespace std::chrono;
        engine::Study study;
        study.id = case_.name;
        study.name = {.en = case_.name, .zh = {}};
        study.time = {
            .start = beijing_midnight(year{2025} / 1 / 1), .step = minutes{60}, .n_step = 1};
        study.epochs.push_back({.steps = {0, 1}, .system = std::move(system_), .projects = {}});
        study.dispatch.method = engine::DispatchMethod::none;
        study.powerflow.q_limits = false;
        study.powerflow.taps = false;
        study.powerflow.shunts = false;
        study.powerflow.distributed_slack = false;
        return study;
    }

    const MatpowerCase& case_;
    engine::System system_;
    std::vector<Fault> faults_;
    std::unordered_map<std::int64_t, std::size_t> row_of_number_;
    std::vector<BusIdx> bus_of_row_; // invalid: dropped
    std::unordered_map<std::string, int> uses_;
    std::optional<std::size_t> reference_row_;
};

} // namespace

engine::Study make_study(const MatpowerCase& matpower) {
    return StudyMaker{matpower}.run();
}

} // namespace yuanwang::exchange
