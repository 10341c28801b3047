#include "dispatch/infeasibility/explain_program.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace yuanwang::dispatch {
namespace {

using program::SmallProgram;
using program::unbounded;

constexpr double tiny_price = 1e-6; ///< of using a storage: no empty cycles
constexpr int most_rounds = 12;     ///< solves until no limit of the network is broken
constexpr double flow_tolerance_mw = 1e-4;

class Builder {
  public:
    Builder(const Table& table, const BlockInput& input, const State& state, const Elastic& elastic,
            NetworkAsked& network)
        : table_{table}, in_{input}, state_{state}, elastic_{elastic}, network_{network} {
        add_peaks();
        for (std::size_t t = 0; t < in_.n_step; ++t) {
            start_step(t);
            add_fixed(t);
            add_sources(t);
            add_ties(t);
            add_storages(t);
            add_flexibles(t);
            add_minimum(t);
            add_slack();
        }
        add_budgets();
    }

    [[nodiscard]] std::optional<GivenWay> solve() {
        const bool limited = network_.of.is_there() && elastic_.overload > nearly_free;
        for (std::size_t n = 0; limited && n < network_.known.size(); ++n) {
            add_limit(network_.known[n]);
        }
        auto x = program::solve(lp_);
        for (int round = 0; limited && x && round < most_rounds && add_broken(*x); ++round) {
            x = program::solve(lp_);
        }
        if (!x) {
            return std::nullopt;
        }
        GivenWay given;
        for (const OverloadColumn& column : overload_) {
            if ((*x)[column.column] > flow_tolerance_mw) {
                given.overloads.push_back(column.at);
                given.overloads.back().overload_mw = (*x)[column.column];
            }
        }
        given.unserved_mw.reshape(table_.n_island, in_.n_step);
        given.excess_mw.reshape(table_.n_island, in_.n_step);
        given.minimum_mw.assign(in_.n_step, 0);
        given.left.reshape(table_.accounts.size(), in_.n_step);
        for (std::size_t t = 0; t < in_.n_step; ++t) {
            for (std::size_t i = 0; i < table_.n_island; ++i) {
                given.unserved_mw(i, t) = (*x)[unserved_[t * table_.n_island + i]];
                given.excess_mw(i, t) = (*x)[excess_[t * table_.n_island + i]];
            }
            for (std::size_t a = 0; a < table_.accounts.size(); ++a) {
                const std::size_t at = t * table_.accounts.size() + a;
                given.left(a, t) = (*x)[owed_[at]] + (*x)[over_[at]];
            }
            for (const std::size_t column : short_[t]) {
                given.minimum_mw[t] += (*x)[column];
            }
        }
        for (const std::size_t column : moved_) {
            given.moved_mw = std::max(given.moved_mw, std::abs((*x)[column]));
        }
        return given;
    }

  private:
    /// One column over all steps per family where the price is on the largest.
    void add_peaks() {
        const auto add = [&](double price) {
            return elastic_.peak && std::isfinite(price) ? lp_.add_column(0, unbounded, price)
                                                         : none;
        };
        unserved_peak_ = add(elastic_.unserved);
        excess_peak_ = add(elastic_.excess);
        minimum_peak_ = add(elastic_.minimum);
        moved_peak_ = add(elastic_.moved);
        budget_.assign(table_.hydros.size(), {});
    }

    // Limits of the network

    /// What stands at a place of the network, MW into the grid per unit of the column.
    struct Injection {
        std::size_t place;
        std::size_t column;
        double sign;
    };

    void stand(std::size_t place, std::size_t column, double sign = 1) {
        injections_.back().push_back({place, column, sign});
    }

    [[nodiscard]] double factor(const LimitAt& at, std::size_t place) const {
        const NetworkLimits& limits = *network_.of.limits;
        const std::size_t n = network_.places.count;
        double h = limits.factors[at.limit * n + place];
        if (at.outage != program::no_outage) {
            h += at.outage_factor * limits.factors[at.outage * n + place];
        }
        return h;
    }

    [[nodiscard]] double limit_mw(const LimitAt& at) const {
        const NetworkLimits& limits = *network_.of.limits;
        const NetworkBlock& block = *network_.of.block;
        if (at.outage != program::no_outage) {
            return block.emergency_mw.empty() ? limits.emergency_mw[at.limit]
                                              : block.emergency_mw(at.limit, at.step);
        }
        return block.limit_mw.empty() ? limits.limit_mw[at.limit]
                                      : block.limit_mw(at.limit, at.step);
    }

    /// Flow of a limit in the base state whatever the program decides.
    [[nodiscard]] double fixed_flow_mw(std::size_t limit, std::size_t t) const {
        const NetworkBlock& block = *network_.of.block;
        const std::size_t n = network_.places.count;
        const double* h = network_.of.limits->factors.data() + limit * n;
        double mw = block.base_flow_mw.empty() ? 0.0 : block.base_flow_mw(limit, t);
        for (std::size_t i = 0; i < table_.n_island; ++i) {
            mw -= h[network_.places.island + i] * (in_.demand_mw(i, t) + in_.loss_mw(i, t));
        }
        for (std::size_t r = 0; r < table_.flexibles.size(); ++r) {
            mw += h[network_.places.flexible + r] * in_.flexible_base_mw(r, t);
        }
        return mw;
    }

    void add_limit(const LimitAt& at) {
        double fixed_mw = fixed_flow_mw(at.limit, at.step);
        if (at.outage != program::no_outage) {
            fixed_mw += at.outage_factor * fixed_flow_mw(at.outage, at.step);
        }
        const double most_mw = limit_mw(at);
        const std::size_t row = lp_.add_row(-most_mw - fixed_mw, most_mw - fixed_mw);
        for (const Injection& injection : injections_[at.step]) {
            if (const double h = factor(at, injection.place); h != 0) {
                lp_.put(row, injection.column, h * injection.sign);
            }
        }
        std::size_t peak = none;
        if (elastic_.peak && std::isfinite(elastic_.overload)) {
            const auto [it, is_new] = overload_peak_.try_emplace({at.limit, at.outage}, none);
            if (is_new) {
                it->second = lp_.add_column(0, unbounded, elastic_.overload);
            }
            peak = it->second;
        }
        for (const double sign : {1.0, -1.0}) {
            std::vector<std::size_t> column;
            lp_.put(row, give(elastic_.overload, peak, column), sign);
            overload_.push_back({at, column.front()});
        }
    }

    /// Limits that x breaks and that are no rows yet become rows; of the outages of a limit the worst one.
    bool add_broken(const std::vector<double>& x) {
        const NetworkLimits& limits = *network_.of.limits;
        const std::size_t n_place = network_.places.count;
        std::vector<LimitAt> found;
        std::vector<double> flow_mw(limits.size());
        for (std::size_t t = 0; t < in_.n_step; ++t) {
            for (std::size_t k = 0; k < limits.size(); ++k) {
                flow_mw[k] = fixed_flow_mw(k, t);
                for (const Injection& injection : injections_[t]) {
                    flow_mw[k] += limits.factors[k * n_place + injection.place] * injection.sign *
                                  x[injection.column];
                }
            }
            for (std::size_t k = 0; k < limits.size(); ++k) {
                note_broken({t, k}, std::abs(flow_mw[k]), found);
                LimitAt worst{t, k};
                double most_mw = -1;
                for (const auto& outage : k < limits.outages.size()
                                              ? limits.outages[k]
                                              : std::vector<program::BranchLimits::Outage>{}) {
                    const double mw = std::abs(flow_mw[k] + outage.factor * flow_mw[outage.branch]);
                    if (mw > most_mw) {
                        most_mw = mw;
                        worst.outage = outage.branch;
                        worst.outage_factor = outage.factor;
                    }
                }
                if (worst.outage != program::no_outage) {
                    note_broken(worst, most_mw, found);
                }
            }
        }
        for (const LimitAt& at : found) {
            add_limit(at);
            network_.known.push_back(at);
        }
        return !found.empty();
    }

    void note_broken(const LimitAt& at, double flow_mw, std::vector<LimitAt>& found) const {
        const auto same = [&](const LimitAt& known) {
            return known.step == at.step && known.limit == at.limit && known.outage == at.outage;
        };
        if (flow_mw > limit_mw(at) + flow_tolerance_mw &&
            std::ranges::none_of(network_.known, same)) {
            found.push_back(at);
        }
    }

    void start_step(std::size_t t) {
        injections_.emplace_back();
        first_balance_ = lp_.row_lower.size();
        for (std::size_t i = 0; i < table_.n_island; ++i) {
            const double need_mw = in_.demand_mw(i, t) + in_.loss_mw(i, t);
            lp_.add_row(need_mw, need_mw);
        }
        short_.emplace_back();
    }
    [[nodiscard]] std::size_t balance(std::size_t island) const { return first_balance_ + island; }

    std::size_t inject(std::size_t island, std::size_t place, double from, double to,
                       double price = 0) {
        const std::size_t column = lp_.add_column(from, std::max(from, to), price);
        lp_.put(balance(island), column, 1);
        stand(place, column);
        return column;
    }

    void add_fixed(std::size_t t) {
        for (std::size_t k = 0; k < table_.must_run.size(); ++k) {
            const double p_mw = in_.must_run_mw(k, t);
            inject(table_.must_run.island[k], network_.places.must_run + k, p_mw, p_mw);
        }
    }

    void add_sources(std::size_t t) {
        for (std::size_t k = 0; k < table_.variables.size(); ++k) {
            inject(table_.variables.island[k], network_.places.variable + k, 0,
                   std::min(std::max(0.0, in_.variable_mw(k, t)),
                            table_.variables.station_limit_mw[k]));
        }
        for (std::size_t k = 0; k < table_.hydros.size(); ++k) {
            budget_[k].push_back(inject(table_.hydros.island[k], network_.places.hydro + k,
                                        in_.hydro_base_mw[k], in_.hydro_max_mw[k]));
        }
        thermal_.clear();
        const Thermals& th = table_.thermals;
        for (std::size_t k = 0; k < th.size(); ++k) {
            double most_mw = th.units[k] * th.unit_p_max_mw[k];
            if (!in_.thermal_max_mw.empty()) {
                most_mw = std::min(most_mw, in_.thermal_max_mw(k, t));
            }
            thermal_.push_back(inject(th.island[k], network_.places.thermal + k,
                                      std::min(0.0, most_mw), most_mw)); // below 0: it draws
            const double least_mw = in_.thermal_min_mw.empty() ? 0 : in_.thermal_min_mw(k, t);
            if (least_mw > 0) {
                keep_above(thermal_.back(), least_mw);
            }
        }
        for (std::size_t k = 0; k < table_.managed.size(); ++k) {
            const std::size_t island = table_.managed.island[k];
            inject(island, network_.places.island + island, 0,
                   std::max(0.0, table_.managed.p_mw[k]), tiny_price);
        }
    }

    /// column + short ≥ least
    void keep_above(std::size_t column, double least_mw) {
        const std::size_t row = lp_.add_row(least_mw, unbounded);
        lp_.put(row, column, 1);
        lp_.put(row, give(elastic_.minimum, minimum_peak_, short_.back()), 1);
    }

    /// A column that gives way at a price, or not at all; with a peak it stays below it and is free.
    std::size_t give(double price, std::size_t peak, std::vector<std::size_t>& columns) {
        const bool may = std::isfinite(price);
        const std::size_t column =
            lp_.add_column(0, may ? unbounded : 0, may && peak == none ? price * in_.dt_h : 0);
        if (may && peak != none) {
            const std::size_t row = lp_.add_row(-unbounded, 0);
            lp_.put(row, column, 1);
            lp_.put(row, peak, -1);
        }
        columns.push_back(column);
        return column;
    }

    void add_ties(std::size_t t) {
        const Ties& ties = table_.ties;
        std::vector<std::size_t> net;
        for (std::size_t k = 0; k < ties.size(); ++k) {
            const double surplus_mw = std::max(0.0, in_.tie_surplus_mw(k, t));
            net.push_back(inject(ties.island[k], network_.places.tie + k, -ties.export_max_mw[k],
                                 std::min(ties.import_max_mw[k], surplus_mw + ties.firm_mw[k])));
        }
        const TieGroups& groups = table_.groups;
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const std::size_t row = lp_.add_row(-groups.export_max_mw[g], groups.import_max_mw[g]);
            for (std::size_t m = 0; m < groups.ties[g].size(); ++m) {
                lp_.put(row, net[groups.ties[g][m]], groups.share[g][m]);
            }
        }
    }

    void add_storages(std::size_t t) {
        const models::Batteries& b = table_.storages.batteries;
        std::vector<std::size_t> stored;
        for (std::size_t s = 0; s < b.size(); ++s) {
            const auto limit = [&](const Series& by_step, double constant) {
                return std::max(0.0, by_step.empty() ? constant : by_step(s, t));
            };
            const std::size_t island = table_.storages.island[s];
            const std::size_t discharge =
                inject(island, network_.places.storage + s, 0,
                       limit(in_.storage_discharge_max_mw, b.p_discharge_max_mw[s]), tiny_price);
            const std::size_t charge = lp_.add_column(
                0, limit(in_.storage_charge_max_mw, b.p_charge_max_mw[s]), tiny_price);
            lp_.put(balance(island), charge, -1);
            stand(network_.places.storage + s, charge, -1);
            const double e_mwh = s < state_.e_mwh.size() ? state_.e_mwh[s] : 0;
            const double keep = 1 - b.self_discharge_per_h[s] * in_.dt_h;
            const double idle_mwh = e_mwh * std::pow(keep, static_cast<double>(t + 1));
            const std::size_t e = lp_.add_column(std::min(idle_mwh, b.soc_min[s] * b.e_max_mwh[s]),
                                                 std::max(e_mwh, b.soc_max[s] * b.e_max_mwh[s]));
            const double before_mwh = t == 0 ? keep * e_mwh : 0;
            const std::size_t row = lp_.add_row(before_mwh, before_mwh);
            lp_.put(row, e, 1);
            if (t > 0) {
                lp_.put(row, stored_[s], -keep);
            }
            lp_.put(row, charge, -in_.dt_h * b.eta_charge[s]);
            lp_.put(row, discharge, in_.dt_h / b.eta_discharge[s]);
            stored.push_back(e);
        }
        stored_ = std::move(stored);
    }

    void add_flexibles(std::size_t t) {
        std::vector<std::size_t> load;
        for (std::size_t r = 0; r < table_.flexibles.size(); ++r) {
            const double least_mw = in_.flexible_min_mw(r, t);
            const std::size_t p =
                lp_.add_column(least_mw, std::max(least_mw, in_.flexible_max_mw(r, t)));
            const std::size_t row = balance(table_.flexibles.island[r]);
            lp_.put(row, p, -1); // its base is part of the demand
            stand(network_.places.flexible + r, p, -1);
            lp_.row_lower[row] -= in_.flexible_base_mw(r, t);
            lp_.row_upper[row] -= in_.flexible_base_mw(r, t);
            load.push_back(p);
        }
        std::vector<std::size_t> accounts;
        for (std::size_t a = 0; a < table_.accounts.size(); ++a) {
            const double keep = table_.accounts.keep[a];
            const double start = t == 0 && a < state_.account.size() ? state_.account[a] : 0;
            double known = keep * start;
            const std::size_t x = lp_.add_column(in_.account_min(a, t), in_.account_max(a, t));
            const std::size_t row = lp_.add_row(0, 0);
            lp_.put(row, x, 1);
            if (t > 0) {
                lp_.put(row, account_[a], -keep);
            }
            for (const std::size_t r : table_.accounts.rows[a]) {
                const double weight = in_.dt_h * in_.flexible_weight(r, t);
                lp_.put(row, load[r], -weight);
                known -= weight * in_.flexible_base_mw(r, t);
            }
            lp_.put(row, give(elastic_.deadline, none, owed_), -1);
            lp_.put(row, give(elastic_.deadline, none, over_), 1);
            lp_.row_lower[row] = lp_.row_upper[row] = known;
            accounts.push_back(x);
        }
        account_ = std::move(accounts);
    }

    void add_minimum(std::size_t t) {
        if (in_.thermal_minimum_mw[t] <= 0) {
            return;
        }
        const std::size_t row = lp_.add_row(in_.thermal_minimum_mw[t], unbounded);
        for (std::size_t k = 0; k < thermal_.size(); ++k) {
            if (table_.thermals.counts_as_thermal[k]) {
                lp_.put(row, thermal_[k], 1);
            }
        }
        lp_.put(row, give(elastic_.minimum, minimum_peak_, short_.back()), 1);
    }

    void add_slack() {
        std::size_t line = none;
        for (std::size_t i = 0; i < table_.n_island; ++i) {
            const std::size_t place = network_.places.island + i;
            lp_.put(balance(i), give(elastic_.unserved, unserved_peak_, unserved_), 1);
            stand(place, unserved_.back());
            lp_.put(balance(i), give(elastic_.excess, excess_peak_, excess_), -1);
            stand(place, excess_.back(), -1);
            if (table_.n_island > 1 && std::isfinite(elastic_.moved)) {
                const std::size_t in = give(elastic_.moved, moved_peak_, moved_);
                const std::size_t out = give(elastic_.moved, moved_peak_, moved_);
                lp_.put(balance(i), in, 1);
                lp_.put(balance(i), out, -1);
                if (line == none) {
                    line = lp_.add_row(0, 0); // what enters one island leaves another
                }
                lp_.put(line, in, 1);
                lp_.put(line, out, -1);
            }
        }
    }

    void add_budgets() {
        for (std::size_t k = 0; k < table_.hydros.size(); ++k) {
            const double base_mwh =
                in_.hydro_base_mw[k] * in_.dt_h * static_cast<double>(in_.n_step);
            const std::size_t row =
                lp_.add_row(-unbounded, std::max(base_mwh, in_.hydro_energy_mwh[k]));
            for (const std::size_t column : budget_[k]) {
                lp_.put(row, column, in_.dt_h);
            }
        }
    }

    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    const Table& table_;
    const BlockInput& in_;
    const State& state_;
    const Elastic& elastic_;
    NetworkAsked& network_;
    std::vector<std::vector<Injection>> injections_; ///< by step
    struct OverloadColumn {
        LimitAt at;
        std::size_t column;
    };
    std::vector<OverloadColumn> overload_;
    std::map<std::pair<std::size_t, std::size_t>, std::size_t>
        overload_peak_; ///< of a limit and outage
    SmallProgram lp_;
    std::size_t first_balance_ = 0;
    std::size_t unserved_peak_ = none;
    std::size_t excess_peak_ = none;
    std::size_t minimum_peak_ = none;
    std::size_t moved_peak_ = none;
    std::vector<std::size_t> unserved_; ///< [n_step · n_island]
    std::vector<std::size_t> excess_;
    std::vector<std::size_t> moved_;
    std::vector<std::vector<std::size_t>> short_; ///< by step
    std::vector<std::size_t> owed_;               ///< [n_step · n_account]
    std::vector<std::size_t> over_;
    std::vector<std::size_t> thermal_; ///< of the step
    std::vector<std::size_t> stored_;  ///< of the step before
    std::vector<std::size_t> account_;
    std::vector<std::vector<std::size_t>> budget_;
};

} // namespace

double GivenWay::total_mw() const {
    double sum = std::reduce(minimum_mw.begin(), minimum_mw.end());
    for (const LimitAt& at : overloads) {
        sum += at.overload_mw;
    }
    for (const Series* series : {&unserved_mw, &excess_mw, &left}) {
        sum += std::reduce(series->values().begin(), series->values().end());
    }
    return sum;
}

std::optional<GivenWay> give_way(const Table& table, const BlockInput& input, const State& state,
                                 const Elastic& elastic, NetworkAsked& network) {
    return Builder{table, input, state, elastic, network}.solve();
}

} // namespace yuanwang::dispatch
