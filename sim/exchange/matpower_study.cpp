#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numbers>
#include <numeric>
#include <optional>
#include <set>
#include <span>
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
constexpr double most_base_kv = 1500;
constexpr double most_price = 1e5; // per MWh
constexpr std::size_t max_faults = 200;

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

/// Finds the parts of a grid by joining their ends.
class Parts {
  public:
    explicit Parts(std::size_t n) : above_(n) {
        std::iota(above_.begin(), above_.end(), std::size_t{0});
    }
    std::size_t find(std::size_t i) {
        while (above_[i] != i) {
            above_[i] = above_[above_[i]];
            i = above_[i];
        }
        return i;
    }
    void join(std::size_t i, std::size_t j) {
        const std::size_t a = find(i);
        const std::size_t b = find(j);
        above_[std::max(a, b)] = std::min(a, b); // named by its first bus
    }

  private:
    std::vector<std::size_t> above_;
};

class StudyMaker {
  public:
    explicit StudyMaker(const MatpowerCase& matpower) : case_{matpower} {}

    CaseStudy run() {
        number_buses();
        check();
        throw_faults();
        add_buses();
        add_branches();
        choose_references();
        throw_faults();
        add_generators();
        add_loads_and_shunts();
        note_dc_lines();
        CaseStudy made{.study = finish(), .energised = {}, .notes = std::move(notes_)};
        for (std::size_t row = 0; row < case_.bus.size(); ++row) {
            if (bus_of_row_[row].valid()) {
                made.energised.push_back(reference_of_part_.contains(parts_.find(row)));
            }
        }
        return made;
    }

  private:
    using Rows = std::vector<std::vector<double>>;
    using Places = std::vector<matlab::RowPlace>;

    // Faults and notes.

    [[nodiscard]] Place place_of(const Places& places, std::size_t row) const {
        const matlab::RowPlace written =
            row < places.size() ? places[row] : matlab::RowPlace{.file = 0, .line = 0};
        const auto file = static_cast<std::size_t>(written.file);
        return {file < case_.files.size() ? case_.files[file] : std::string{}, written.line,
                written.line > 0 ? 1 : 0};
    }

    void fault(const char* table, std::size_t row, const char* column, const Places& places,
               std::string rule, double got) {
        faults_.push_back({.place = place_of(places, row),
                           .path = fmt::format("{}[{}].{}", table, row + 1, column),
                           .rule = std::move(rule),
                           .got = fmt::format("{}", got)});
    }

    void note(const char* table, std::size_t row, const char* column, const Places& places,
              std::string text, bool of_limits = false) {
        notes_.push_back({.place = place_of(places, row),
                          .path = fmt::format("{}[{}].{}", table, row + 1, column),
                          .text = std::move(text),
                          .of_limits = of_limits});
    }

    void throw_faults() {
        if (faults_.size() > max_faults) {
            const std::size_t more = faults_.size() - max_faults;
            faults_.resize(max_faults);
            faults_.push_back({.place = {case_.files.empty() ? "" : case_.files[0], 0, 0},
                               .path = {},
                               .rule = fmt::format("and {} faults more", more),
                               .got = {}});
        }
        if (!faults_.empty()) {
            throw InputError(std::move(faults_));
        }
    }

    /// A limit as it can be written; told where that is another.
    double limit_within(double value, double least, double most, const char* table, std::size_t row,
                        const char* column, const Places& places) {
        const double written = std::isnan(value) ? most : std::clamp(value, least, most);
        if (written != value && !(std::isinf(value) && most >= unlimited)) {
            note(table, row, column, places, fmt::format("{} is written as {}", value, written),
                 true);
        }
        return written;
    }

    // Checks: of what is kept only.

    void check_finite(const char* table, std::size_t row, const std::vector<double>& values,
                      std::span<const char* const> names, const Places& places,
                      std::initializer_list<std::size_t> columns) {
        for (const std::size_t column : columns) {
            if (!std::isfinite(values[column])) {
                fault(table, row, names[column], places, "must be finite", values[column]);
            }
        }
    }

    void check() {
        if (case_.bus.empty()) {
            faults_.push_back({.place = {case_.files.empty() ? "" : case_.files[0], 0, 0},
                               .path = "bus",
                               .rule = "must have a row",
                               .got = {}});
        }
        for (std::size_t row = 0; row < case_.bus.size(); ++row) {
            if (bus_of_row_[row].valid()) {
                check_finite("bus", row, case_.bus[row], bus_names, case_.bus_place,
                             {pd, qd, gs, bs});
            }
        }
        for (std::size_t row = 0; row < case_.gen.size(); ++row) {
            check_generator(row);
        }
        for (std::size_t row = 0; row < case_.branch.size(); ++row) {
            check_branch(row);
        }
    }

    void check_generator(std::size_t row) {
        const auto& gen = case_.gen[row];
        if (!(gen[gen_status] > 0) ||
            !check_bus("gen", row, "bus", case_.gen_place, gen[gen_bus]) || !runs(gen)) {
            return;
        }
        check_finite("gen", row, gen, gen_names, case_.gen_place, {pg});
        const bool holds = type(find_row(gen[gen_bus])) != BusType::pq;
        if (holds && !(gen[vg] > 0 && std::isfinite(gen[vg]))) {
            fault("gen", row, "Vg", case_.gen_place, "must be > 0", gen[vg]);
        }
        if (!holds) {
            check_finite("gen", row, gen, gen_names, case_.gen_place, {qg});
        }
    }

    void check_branch(std::size_t row) {
        const auto& branch = case_.branch[row];
        if (branch[br_status] == 0) {
            return;
        }
        if (branch[br_status] != 1) {
            fault("branch", row, "status", case_.branch_place, "must be 0 or 1", branch[br_status]);
        }
        const bool from = check_bus("branch", row, "fbus", case_.branch_place, branch[f_bus]);
        const bool to = check_bus("branch", row, "tbus", case_.branch_place, branch[t_bus]);
        if (!from || !to || !bus_of_row_[find_row(branch[f_bus])].valid() ||
            !bus_of_row_[find_row(branch[t_bus])].valid()) {
            return;
        }
        check_finite("branch", row, branch, branch_names, case_.branch_place,
                     {br_r, br_x, br_b, tap, shift});
        if (branch[br_r] == 0 && branch[br_x] == 0) {
            fault("branch", row, "x", case_.branch_place, "must not be zero where r is zero",
                  branch[br_x]);
        }
    }

    bool check_bus(const char* table, std::size_t row, const char* column, const Places& places,
                   double number) {
        const bool known = std::isfinite(number) && std::abs(number) <= 1e9 &&
                           number == std::floor(number) &&
                           row_of_number_.contains(static_cast<std::int64_t>(number));
        if (!known) {
            fault(table, row, column, places, "must be the number of a bus", number);
        }
        return known;
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
    [[nodiscard]] bool is_in_service(const std::vector<double>& branch) const {
        return branch[br_status] != 0 && bus_of_row_[find_row(branch[f_bus])].valid() &&
               bus_of_row_[find_row(branch[t_bus])].valid();
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
            const auto& bus = case_.bus[row];
            if (bus[bus_i] != std::floor(bus[bus_i]) || !(bus[bus_i] >= 0) || bus[bus_i] > 1e9) {
                fault("bus", row, "bus_i", case_.bus_place, "must be a whole number", bus[bus_i]);
                continue;
            }
            if (!row_of_number_.emplace(static_cast<std::int64_t>(bus[bus_i]), row).second) {
                fault("bus", row, "bus_i", case_.bus_place, "must be unique", bus[bus_i]);
            }
            if (bus[bus_type] != 1 && bus[bus_type] != 2 && bus[bus_type] != 3 &&
                bus[bus_type] != 4) {
                fault("bus", row, "type", case_.bus_place, "must be 1, 2, 3 or 4", bus[bus_type]);
            }
            if (bus[bus_type] != 4) {
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
            buses.base_kv.push_back(bus[base_kv] > 0
                                        ? limit_within(bus[base_kv], 0, most_base_kv, "bus", row,
                                                       "baseKV", case_.bus_place)
                                        : assumed_base_kv);
            add_band(row);
        }
    }

    /// The band of a bus within what can be written; a band upside down is turned.
    void add_band(std::size_t row) {
        network::Buses& buses = system_.grid.buses;
        const auto& bus = case_.bus[row];
        double low = bus[vmin] > 0
                         ? limit_within(bus[vmin], 0.3, 1.5, "bus", row, "Vmin", case_.bus_place)
                         : 0.9;
        double high = bus[vmax] > 0
                          ? limit_within(bus[vmax], 0.5, 2, "bus", row, "Vmax", case_.bus_place)
                          : 1.1;
        if (low > high) {
            note("bus", row, "Vmin", case_.bus_place,
                 fmt::format("{} lies above Vmax {}: written the other way round", low, high),
                 true);
            std::swap(low, high);
            high = std::max(high, 0.5);
            low = std::min(low, 1.5);
        }
        buses.vm_min_pu.push_back(low);
        buses.vm_max_pu.push_back(high);
        buses.vm_emergency_min_pu.push_back(std::min(0.9, low));
        buses.vm_emergency_max_pu.push_back(std::max(1.1, high));
    }

    static std::string trim(const std::string& text) {
        const auto first = text.find_first_not_of(" \t");
        return first == std::string::npos
                   ? ""
                   : text.substr(first, text.find_last_not_of(" \t") - first + 1);
    }

    void add_branches() {
        for (std::size_t row = 0; row < case_.branch.size(); ++row) {
            const auto& branch = case_.branch[row];
            if (branch[br_status] == 0 || !is_in_service(branch)) {
                continue;
            }
            if (branch[f_bus] == branch[t_bus]) {
                add_self_loop(row);
            } else {
                add_branch(row);
            }
        }
    }

    void add_branch(std::size_t row) {
        const auto& branch = case_.branch[row];
        const double to_base =
            network::base_mva / case_.base_mva; // impedances; admittances by its inverse
        network::ImpedanceBranches& branches = system_.grid.branches;
        const std::size_t from = find_row(branch[f_bus]);
        const std::size_t to = find_row(branch[t_bus]);
        parts_.join(from, to);
        branches.id.push_back(number_id(bus_id(branch[f_bus]) + "-" + bus_id(branch[t_bus]), '-'));
        branches.name.emplace_back();
        branches.from.push_back(bus_of_row_[from]);
        branches.to.push_back(bus_of_row_[to]);
        branches.r_pu.push_back(branch[br_r] * to_base);
        branches.x_pu.push_back(branch[br_x] * to_base);
        branches.b_pu.push_back(branch[br_b] / to_base);
        const double turned = branch[tap] < 0 ? 180.0 : 0.0; // a negative ratio
        branches.ratio.push_back(branch[tap] == 0 ? 1.0 : std::abs(branch[tap]));
        branches.shift_degree.push_back(std::remainder(branch[shift] + turned, 720.0));
        const bool limited = branch[rate_a] > 0 && std::isfinite(branch[rate_a]);
        branches.rate_mva.push_back(limited ? std::optional{branch[rate_a]} : std::nullopt);
        branches.closed.push_back(true);
        const double z_pu = std::hypot(branch[br_r], branch[br_x]) * to_base;
        if (z_pu < network::min_impedance_pu) {
            note("branch", row, "x", case_.branch_place,
                 fmt::format("an impedance of {:.3g} pu is solved as {:.3g} pu", z_pu,
                             network::min_impedance_pu));
        }
    }

    /// A branch from a bus to itself draws what its four admittances do in sum: Yff + Yft + Ytf + Ytt.
    void add_self_loop(std::size_t row) {
        const auto& branch = case_.branch[row];
        const std::complex<double> series = 1.0 / std::complex{branch[br_r], branch[br_x]};
        const std::complex<double> end = series + std::complex{0.0, branch[br_b] / 2};
        const double ratio = branch[tap] == 0 ? 1.0 : branch[tap];
        const std::complex<double> t =
            std::polar(1.0, branch[shift] * std::numbers::pi / 180) * ratio;
        const std::complex<double> y =
            end / std::norm(t) - series / std::conj(t) - series / t + end;
        loop_draw_[find_row(branch[f_bus])] += y * case_.base_mva;
        note("branch", row, "tbus", case_.branch_place,
             "a branch from a bus to itself is taken as the shunt it amounts to");
    }

    /// Chooses for each island the bus that holds its angle.
    void choose_references() {
        std::vector<bool> has_generator(case_.bus.size(), false);
        for (const auto& gen : case_.gen) {
            if (gen[gen_status] > 0 && runs(gen)) {
                has_generator[find_row(gen[gen_bus])] = true;
            }
        }
        const auto holds = [&](std::size_t row, BusType kind) {
            return bus_of_row_[row].valid() && type(row) == kind && has_generator[row];
        };
        for (std::size_t row = 0; row < case_.bus.size(); ++row) {
            if (holds(row, BusType::reference) &&
                !reference_of_part_.emplace(parts_.find(row), row).second) {
                fault("bus", row, "type", case_.bus_place,
                      "must be 3 (reference) at one bus of an island only",
                      case_.bus[row][bus_type]);
            }
        }
        const bool any = !reference_of_part_.empty();
        for (std::size_t row = 0; row < case_.bus.size(); ++row) {
            if (holds(row, BusType::pv) &&
                reference_of_part_.emplace(parts_.find(row), row).second) {
                if (any || reference_of_part_.size() > 1) {
                    note(
                        "bus", row, "type", case_.bus_place,
                        "its island has no reference bus: this one, the first of type 2, holds the "
                        "angle");
                }
            }
        }
        if (reference_of_part_.empty()) {
            faults_.push_back(
                {.place = {case_.files.empty() ? "" : case_.files[0], 0, 0},
                 .path = "bus",
                 .rule = "must have a reference or PV bus with a generator in service",
                 .got = {}});
        }
        for (const auto& [part, row] : reference_of_part_) {
            check_finite("bus", row, case_.bus[row], bus_names, case_.bus_place, {va});
        }
        note_dead_parts();
    }

    void note_dead_parts() {
        std::map<std::size_t, std::vector<std::size_t>> dead; // rows by part
        for (std::size_t row = 0; row < case_.bus.size(); ++row) {
            if (bus_of_row_[row].valid() && !reference_of_part_.contains(parts_.find(row))) {
                dead[parts_.find(row)].push_back(row);
            }
        }
        for (const auto& [part, rows] : dead) {
            double load_mw = 0;
            std::string names;
            for (std::size_t k = 0; k < rows.size(); ++k) {
                load_mw += case_.bus[rows[k]][pd];
                if (k < 8) {
                    names += (k > 0 ? ", " : "") + bus_id(case_.bus[rows[k]][bus_i]);
                }
            }
            note("bus", rows.front(), "bus_i", case_.bus_place,
                 fmt::format("no unit that holds voltage reaches bus{} {}{}: de-energised, with a "
                             "load of {:g} MW",
                             rows.size() == 1 ? "" : "es", names,
                             rows.size() > 8 ? fmt::format(" and {} more", rows.size() - 8) : "",
                             load_mw));
        }
    }

    void add_generators() {
        std::unordered_map<std::size_t, double>
            set_point; // by bus row: the last generator in service decides
        for (const auto& gen : case_.gen) {
            if (gen[gen_status] > 0 && runs(gen)) {
                set_point[find_row(gen[gen_bus])] = gen[vg];
            }
        }
        for (std::size_t g = 0; g < case_.gen.size(); ++g) {
            if (case_.gen[g][gen_status] > 0 && runs(case_.gen[g])) {
                add_generator(g, set_point.at(find_row(case_.gen[g][gen_bus])));
            }
        }
    }

    void add_generator(std::size_t g, double vm_set_pu) {
        engine::GeneratorFleet& fleet = system_.sources.generators;
        const auto& gen = case_.gen[g];
        const std::size_t row = find_row(gen[gen_bus]);
        const auto reference = reference_of_part_.find(parts_.find(row));
        const bool is_reference = reference != reference_of_part_.end() && reference->second == row;
        const bool slack = is_reference && slack_given_.insert(row).second;
        fleet.id.push_back(number_id("gen_" + bus_id(gen[gen_bus]), '_'));
        fleet.name.emplace_back();
        fleet.bus.push_back(bus_of_row_[row]);
        engine::ReactiveControl control;
        const bool holds_voltage = is_reference || type(row) == BusType::pv;
        control.mode =
            holds_voltage ? powerflow::ReactiveMode::voltage : powerflow::ReactiveMode::reactive;
        control.vm_set_pu = holds_voltage ? vm_set_pu : 1.0;
        control.q_set_mvar = holds_voltage ? 0 : gen[qg];
        control.q_min_mvar = clip(std::isnan(gen[qmin]) ? -unlimited : gen[qmin]);
        control.q_max_mvar = clip(std::isnan(gen[qmax]) ? unlimited : gen[qmax]);
        turn_range(control.q_min_mvar, control.q_max_mvar, g, "Qmin");
        fleet.reactive.push_back(control);
        fleet.p_mw.push_back(gen[pg]);
        double p_min_mw =
            gen.size() > pmin && !std::isnan(gen[pmin]) ? clip(gen[pmin]) : std::min(0.0, gen[pg]);
        double p_max_mw =
            gen.size() > pmax && !std::isnan(gen[pmax]) ? clip(gen[pmax]) : std::max(0.0, gen[pg]);
        turn_range(p_min_mw, p_max_mw, g, "Pmin");
        fleet.p_min_mw.push_back(p_min_mw);
        fleet.p_max_mw.push_back(p_max_mw);
        fleet.slack.push_back(slack);
        fleet.va_set_degree.push_back(slack ? std::remainder(case_.bus[row][va], 720.0) : 0.0);
        const double price =
            g < case_.gencost.size() ? find_mean_price(case_.gencost[g], p_max_mw) : 0.0;
        fleet.price_cny_per_mwh.push_back(
            limit_within(price, -1e4, most_price, "gencost", g, "cost", case_.gen_place));
        fleet.co2_t_per_mwh.push_back(0);
        fleet.green_share.push_back(0);
    }

    /// A range upside down is written the other way round.
    void turn_range(double& low, double& high, std::size_t g, const char* column) {
        if (low > high) {
            note("gen", g, column, case_.gen_place,
                 fmt::format("{} lies above the greatest {}: written the other way round", low,
                             high),
                 true);
            std::swap(low, high);
        }
    }

    void add_loads_and_shunts() {
        for (std::size_t row = 0; row < case_.bus.size(); ++row) {
            if (bus_of_row_[row].valid()) {
                add_load(row);
                add_shunt(row);
            }
        }
    }

    void add_load(std::size_t row) {
        engine::StaticLoads& loads = system_.loads.statics;
        const auto& bus = case_.bus[row];
        if (bus[pd] == 0 && bus[qd] == 0) {
            return;
        }
        loads.id.push_back("load_" + bus_id(bus[bus_i]));
        loads.name.emplace_back();
        loads.buses.push_back({bus_of_row_[row]});
        loads.shares.push_back({1.0});
        loads.power_factor.push_back(1.0);
        loads.p_mw.push_back(bus[pd]);
        loads.q_mvar.push_back(bus[qd]);
    }

    void add_shunt(std::size_t row) {
        network::Shunts& shunts = system_.grid.shunts;
        const auto& bus = case_.bus[row];
        std::complex<double> y{bus[gs], bus[bs]};
        if (const auto loop = loop_draw_.find(row); loop != loop_draw_.end()) {
            y += loop->second;
        }
        if (y == 0.0) {
            return;
        }
        shunts.id.push_back("shunt_" + bus_id(bus[bus_i]));
        shunts.name.emplace_back();
        shunts.bus.push_back(bus_of_row_[row]);
        shunts.p_mw.push_back(y.real());
        shunts.q_step_mvar.push_back(y.imag());
        shunts.n_steps.push_back(1);
        shunts.steps.push_back(1);
        shunts.switched.push_back(false);
        shunts.regulated_bus.push_back(BusIdx{});
        shunts.vm_min_pu.push_back(0.9);
        shunts.vm_max_pu.push_back(1.1);
    }

    void note_dc_lines() {
        if (case_.n_dc_line > 0) {
            notes_.push_back(
                {.place = {case_.files.empty() ? "" : case_.files[0], 0, 0},
                 .path = "dcline",
                 .text = fmt::format("{} DC line{} left out, as MATPOWER's power flow does",
                                     case_.n_dc_line, case_.n_dc_line == 1 ? " is" : "s are")});
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
    std::vector<CaseNote> notes_;
    std::unordered_map<std::int64_t, std::size_t> row_of_number_;
    std::vector<BusIdx> bus_of_row_; // invalid: dropped
    std::unordered_map<std::string, int> uses_;
    Parts parts_{case_.bus.size()};                         // bus rows joined by branches
    std::map<std::size_t, std::size_t> reference_of_part_;  // part -> bus row
    std::set<std::size_t> slack_given_;                     // bus rows
    std::map<std::size_t, std::complex<double>> loop_draw_; // bus row -> MW, Mvar at 1 pu
};

} // namespace

std::string to_string(const CaseNote& note) {
    return to_string(Fault{.place = note.place, .path = note.path, .rule = note.text, .got = {}});
}

CaseStudy make_case_study(const MatpowerCase& matpower) {
    return StudyMaker{matpower}.run();
}

engine::Study make_study(const MatpowerCase& matpower) {
    return make_case_study(matpower).study;
}

} // namespace yuanwang::exchange
