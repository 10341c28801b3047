/// @file
/// A plan written down a second time: every variable and row by hand from the table of optimal.hpp, flows by voltage angles at
/// every bus, in the base state and after every outage, all limits from the start. No code in common with dispatch/program but
/// the solvers: Clp for the linear program, Cbc where units are committed.
///
///     minimise  Σ_t Δt (Σ π p + 0.01 d + 20000 u + π_o o) + Σ_t (start s + Δt idle n) − v e_T
///     at every bus, grid m (0: whole, else without line m):   injection = Σ_k ± B_k (θ_from − θ_to)
///     |f_k| ≤ limit + o
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include <coin/CbcModel.hpp>
#include <coin/ClpSimplex.hpp>
#include <coin/CoinPackedMatrix.hpp>
#include <coin/OsiClpSolverInterface.hpp>

#include "dispatch/plan/optimal.hpp"
#include "tiny_table.hpp"

namespace yuanwang::test {

/// A town: places of the dispatch table at buses of a meshed grid.
struct PlannedTown {
    struct Line {
        std::size_t from, to;
        double b = 1;        ///< susceptance, any unit
        double limit_mw = 0; ///< in the base state
        double emergency_mw = 0;
    };
    Tiny tiny;
    std::size_t n_bus = 0;
    std::vector<Line> lines;
    std::vector<std::size_t> section; ///< lines whose sum has a limit
    double section_mw = std::numeric_limits<double>::infinity();
    std::vector<std::size_t> bus_of_place; ///< islands last, unused
    std::vector<double> load_share;        ///< [n_bus], of the island
    bool n_1 = false;
    dispatch::State state;
    dispatch::PlanSettings settings;
};

/// A linear program in growing lists.
class HandProgram {
  public:
    static constexpr double infinity = std::numeric_limits<double>::infinity();
    int add_column(double lower, double upper, double cost, bool whole = false) {
        lower_.push_back(lower);
        upper_.push_back(upper);
        cost_.push_back(cost);
        whole_.push_back(whole);
        return static_cast<int>(lower_.size()) - 1;
    }
    using Row = std::map<int, double>;
    int add_row(const Row& row, double lower, double upper) {
        const int at = static_cast<int>(row_lower_.size());
        for (const auto& [column, value] : row) {
            rows_.push_back(at);
            columns_.push_back(column);
            values_.push_back(value);
        }
        row_lower_.push_back(lower);
        row_upper_.push_back(upper);
        return at;
    }
    void fix(int column, double value) {
        lower_[static_cast<std::size_t>(column)] = upper_[static_cast<std::size_t>(column)] = value;
    }
    void add_to_row(int row, double value) {
        row_lower_[static_cast<std::size_t>(row)] += value;
        row_upper_[static_cast<std::size_t>(row)] += value;
    }

    /// Least cost; NaN where there is none.
    double solve() {
        const CoinPackedMatrix matrix(true, rows_.data(), columns_.data(), values_.data(),
                                      static_cast<CoinBigIndex>(values_.size()));
        bool any_whole = false;
        for (const bool whole : whole_) {
            any_whole = any_whole || whole;
        }
        if (any_whole) {
            return solve_whole(matrix);
        }
        ClpSimplex clp;
        clp.setLogLevel(0);
        clp.loadProblem(matrix, lower_.data(), upper_.data(), cost_.data(), row_lower_.data(),
                        row_upper_.data());
        clp.setPrimalTolerance(1e-9);
        clp.setDualTolerance(1e-9);
        clp.dual();
        if (clp.status() != 0) {
            return std::nan("");
        }
        x_.assign(clp.primalColumnSolution(), clp.primalColumnSolution() + lower_.size());
        return clp.objectiveValue();
    }
    [[nodiscard]] double value(int column) const { return x_[static_cast<std::size_t>(column)]; }

  private:
    double solve_whole(const CoinPackedMatrix& matrix) {
        OsiClpSolverInterface solver;
        solver.messageHandler()->setLogLevel(0);
        solver.loadProblem(matrix, lower_.data(), upper_.data(), cost_.data(), row_lower_.data(),
                           row_upper_.data());
        for (std::size_t k = 0; k < whole_.size(); ++k) {
            if (whole_[k]) {
                solver.setInteger(static_cast<int>(k));
            }
        }
        CbcModel cbc(solver);
        cbc.setLogLevel(0);
        cbc.setAllowableGap(1e-7);
        cbc.setAllowableFractionGap(0);
        cbc.branchAndBound();
        if (!cbc.isProvenOptimal()) {
            return std::nan("");
        }
        x_.assign(cbc.bestSolution(), cbc.bestSolution() + lower_.size());
        return cbc.getObjValue();
    }

    std::vector<double> lower_, upper_, cost_, row_lower_, row_upper_, values_, x_;
    std::vector<bool> whole_;
    std::vector<int> rows_, columns_;
};

/// The plan of a town of one island and one block.
class HandPlan {
  public:
    explicit HandPlan(const PlannedTown& town) : t_{town}, in_{town.tiny.input} {
        for (std::size_t t = 0; t < in_.n_step; ++t) {
            write_step(t);
        }
        write_budgets();
    }
    double solve() { return program_.solve(); }
    [[nodiscard]] double stored_mwh(std::size_t s, std::size_t t) const {
        return program_.value(stored_[t][s]);
    }
    /// Moves the demand at a bus and step.
    void add_demand(std::size_t bus, std::size_t t, double mw) {
        for (const int row : balance_[t][bus]) {
            program_.add_to_row(row, mw);
        }
    }
    void fix_units(std::size_t k, std::size_t t, double on) { program_.fix(on_[t][k], on); }

  private:
    using Row = HandProgram::Row;
    static constexpr double infinity = HandProgram::infinity;

    int put(std::size_t place, double lower, double upper, double price) {
        const int column = program_.add_column(lower, upper, price * in_.dt_h);
        injection_[t_.bus_of_place[place]][column] += 1;
        return column;
    }

    void write_step(std::size_t t) {
        const dispatch::Table& table = t_.tiny.table;
        const dispatch::Places at = dispatch::number_places(table);
        injection_.assign(t_.n_bus, {});
        for (std::size_t k = 0; k < table.variables.size(); ++k) {
            put(at.variable + k, 0, in_.variable_mw(k, t), -t_.settings.curtailment_price);
        }
        double water_price = 0.1 + (table.ties.size() > 0 ? -infinity : -0.2);
        for (const double price : table.ties.surplus_price_cny_per_mwh) {
            water_price = std::max(water_price, price + 0.1);
        }
        water_.emplace_back();
        for (std::size_t k = 0; k < table.hydros.size(); ++k) {
            put(at.hydro + k, 0, in_.hydro_base_mw[k], -t_.settings.back_down_price / 2);
            water_[t].push_back(
                put(at.hydro + k, 0, in_.hydro_max_mw[k] - in_.hydro_base_mw[k], water_price));
        }
        write_thermals(at.thermal, t);
        write_ties(at.tie, t);
        write_storages(at.storage, t);
        const double asked_mw = in_.demand_mw(0, t) + in_.loss_mw(0, t);
        const int unserved =
            program_.add_column(0, asked_mw, table.unserved_price_cny_per_mwh * in_.dt_h);
        for (std::size_t i = 0; i < t_.n_bus; ++i) {
            injection_[i][unserved] += t_.load_share[i];
        }
        write_grids(asked_mw);
    }

    void write_thermals(std::size_t place, std::size_t t) {
        const dispatch::Thermals& th = t_.tiny.table.thermals;
        thermal_.emplace_back();
        on_.emplace_back();
        for (std::size_t k = 0; k < th.size(); ++k) {
            const int p =
                put(place + k, 0, th.units[k] * th.unit_p_max_mw[k], th.price_cny_per_mwh[k]);
            thermal_[t].push_back(p);
            if (!th.ramp_mw_per_h.empty() && std::isfinite(th.ramp_mw_per_h[k])) {
                const double ramp_mw = th.ramp_mw_per_h[k] * in_.dt_h;
                if (t > 0) {
                    program_.add_row({{p, 1}, {thermal_[t - 1][k], -1}}, -ramp_mw, ramp_mw);
                } else if (!t_.state.thermal_mw.empty()) {
                    program_.add_row({{p, 1}}, t_.state.thermal_mw[k] - ramp_mw,
                                     t_.state.thermal_mw[k] + ramp_mw);
                }
            }
            if (t_.settings.commitment) {
                write_units(k, p, t);
            }
        }
    }

    void write_units(std::size_t k, int p, std::size_t t) {
        const dispatch::Thermals& th = t_.tiny.table.thermals;
        const int on =
            program_.add_column(0, th.units[k], th.idle_cost_cny_per_h[k] * in_.dt_h, true);
        const int started = program_.add_column(0, th.units[k], th.start_cost_cny[k]);
        on_[t].push_back(on);
        program_.add_row({{p, 1}, {on, -th.unit_p_max_mw[k]}}, -infinity, 0);
        program_.add_row({{p, 1}, {on, -th.unit_p_min_mw[k]}}, 0, infinity);
        if (t > 0) {
            program_.add_row({{started, 1}, {on, -1}, {on_[t - 1][k], 1}}, 0, infinity);
        } else {
            const dispatch::State& s = t_.state;
            program_.add_row({{started, 1}, {on, -1}},
                             -s.units_before(k, s.units_before.n_step() - 1), infinity);
        }
    }

    void write_ties(std::size_t place, std::size_t t) {
        const dispatch::Ties& ties = t_.tiny.table.ties;
        for (std::size_t k = 0; k < ties.size(); ++k) {
            const int surplus =
                put(place + k, 0, std::min(in_.tie_surplus_mw(k, t), ties.import_max_mw[k]),
                    ties.surplus_price_cny_per_mwh[k]);
            const int firm = put(place + k, 0, std::min(ties.firm_mw[k], ties.import_max_mw[k]),
                                 ties.firm_price_cny_per_mwh[k]);
            const int exported = put(place + k, -ties.export_max_mw[k], 0, 0);
            program_.add_row({{surplus, 1}, {firm, 1}, {exported, 1}}, -ties.export_max_mw[k],
                             ties.import_max_mw[k]);
        }
    }

    void write_storages(std::size_t place, std::size_t t) {
        const models::Batteries& b = t_.tiny.table.storages.batteries;
        stored_.emplace_back();
        double mean_price = 0;
        const dispatch::Table& table = t_.tiny.table;
        for (const double price : table.thermals.price_cny_per_mwh) {
            mean_price += price;
        }
        for (const double price : table.ties.firm_price_cny_per_mwh) {
            mean_price += price;
        }
        mean_price /= static_cast<double>(table.thermals.size() + table.ties.size());
        for (std::size_t s = 0; s < b.size(); ++s) {
            const int charge = put(place + s, -b.p_charge_max_mw[s], 0, 0);
            const int discharge = put(place + s, 0, b.p_discharge_max_mw[s], 0.01);
            const bool last = t + 1 == in_.n_step;
            const int stored =
                program_.add_column(b.soc_min[s] * b.e_max_mwh[s], b.soc_max[s] * b.e_max_mwh[s],
                                    last ? -mean_price * b.eta_discharge[s] : 0);
            stored_[t].push_back(stored);
            const double kept = 1 - b.self_discharge_per_h[s] * in_.dt_h;
            Row row = {{stored, 1},
                       {charge, in_.dt_h * b.eta_charge[s]},
                       {discharge, in_.dt_h / b.eta_discharge[s]}};
            double start_mwh = 0;
            if (t > 0) {
                row[stored_[t - 1][s]] = -kept;
            } else {
                start_mwh = kept * t_.state.e_mwh[s];
            }
            program_.add_row(row, start_mwh, start_mwh);
        }
    }

    /// Angles and flows of the whole grid and of the grid after every outage.
    void write_grids(double asked_mw) {
        balance_.emplace_back(t_.n_bus);
        for (std::size_t lost = 0; lost <= (t_.n_1 ? t_.lines.size() : 0); ++lost) {
            std::vector<int> angle;
            for (std::size_t i = 0; i < t_.n_bus; ++i) {
                const double bound = i == 0 ? 0 : infinity;
                angle.push_back(program_.add_column(-bound, bound, 0));
            }
            std::vector<Row> balance = injection_;
            Row through_section;
            for (std::size_t k = 0; k < t_.lines.size(); ++k) {
                const PlannedTown::Line& line = t_.lines[k];
                if (k + 1 == lost) {
                    continue;
                }
                const Row flow = {{angle[line.from], line.b}, {angle[line.to], -line.b}};
                for (const auto& [column, value] : flow) {
                    balance[line.from][column] -= value;
                    balance[line.to][column] += value;
                }
                limit(flow, lost == 0 ? line.limit_mw : line.emergency_mw,
                      lost == 0 ? t_.settings.overload_price : t_.settings.outage_overload_price);
                for (const std::size_t member : t_.section) {
                    if (member == k) {
                        for (const auto& [column, value] : flow) {
                            through_section[column] += value;
                        }
                    }
                }
            }
            if (lost == 0 && std::isfinite(t_.section_mw)) {
                limit(through_section, t_.section_mw, t_.settings.overload_price);
            }
            for (std::size_t i = 0; i < t_.n_bus; ++i) {
                const double asked = t_.load_share[i] * asked_mw;
                balance_.back()[i].push_back(program_.add_row(balance[i], asked, asked));
            }
        }
    }

    void limit(Row flow, double limit_mw, double price) {
        if (!std::isfinite(limit_mw)) {
            return;
        }
        flow[program_.add_column(0, 1e5, price * in_.dt_h)] = -1;
        flow[program_.add_column(0, 1e5, price * in_.dt_h)] = 1;
        program_.add_row(flow, -limit_mw, limit_mw);
    }

    void write_budgets() {
        const double hours = in_.dt_h * static_cast<double>(in_.n_step);
        for (std::size_t k = 0; k < t_.tiny.table.hydros.size(); ++k) {
            Row row;
            for (std::size_t t = 0; t < in_.n_step; ++t) {
                row[water_[t][k]] = in_.dt_h;
            }
            program_.add_row(row, -infinity,
                             std::max(0.0, in_.hydro_energy_mwh[k] - in_.hydro_base_mw[k] * hours));
        }
    }

    const PlannedTown& t_;
    const dispatch::BlockInput& in_;
    HandProgram program_;
    std::vector<Row> injection_; ///< [n_bus], of the step
    std::vector<std::vector<int>> thermal_, on_, water_, stored_;
    std::vector<std::vector<std::vector<int>>> balance_; ///< rows of [step][bus], one a grid
};

} // namespace yuanwang::test
