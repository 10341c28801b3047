#include "engine/epoch/flexible_loads.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "models/column_or.hpp"
#include "models/load/job_backlog.hpp"
#include "study/blocks.hpp"

namespace yuanwang::engine {

namespace {

constexpr double bath_margin = 0.9; ///< of the window: the plan takes heat as linear in power
constexpr double metal_h = 12.0;    ///< of full modulation, what the line may be ahead or behind

/// First row of every family on the load axis.
struct FirstRows {
    std::size_t heating = 0;
    std::size_t potlines = 0;
    std::size_t centers = 0;
    std::size_t sewage = 0;
    std::size_t works = 0;

    explicit FirstRows(const Loads& loads) {
        std::size_t first = 0;
        visit_loads(loads, [&](const LoadPlacement& family) {
            const auto note = [&](const LoadPlacement& named, std::size_t& row) {
                if (&family == &named) {
                    row = first;
                }
            };
            note(loads.heating, heating);
            note(loads.potlines, potlines);
            note(loads.data_centers, centers);
            note(loads.sewage, sewage);
            note(loads.works, works);
            first += family.size();
        });
    }
};

class RowMaker {
  public:
    RowMaker(const std::vector<std::size_t>& island_of_bus, dispatch::Table& table,
             FlexibleRows& rows)
        : island_of_bus_{island_of_bus}, table_{table}, rows_{rows} {}

    std::size_t add_row(FlexibleKind kind, const LoadPlacement& fleet, std::size_t k,
                        std::size_t first) {
        const std::vector<BusIdx>& buses = fleet.buses[k];
        table_.flexibles.island.push_back(
            buses.empty() || !buses.front().valid() ? 0 : island_of_bus_[buses.front().row()]);
        rows_.kind.push_back(kind);
        rows_.load.push_back(first + k);
        rows_.element.push_back(k);
        rows_.account.push_back(0);
        return rows_.size() - 1;
    }
    std::size_t add_account(double keep) {
        table_.accounts.rows.emplace_back();
        table_.accounts.keep.push_back(keep);
        table_.accounts.deadline_steps.push_back(0);
        return table_.accounts.size() - 1;
    }
    /// The shortest deadline of those who share an account counts.
    void keep_deadline(std::size_t account, std::size_t steps) {
        const bool first = table_.accounts.rows[account].empty();
        std::size_t& kept = table_.accounts.deadline_steps[account];
        kept = first ? steps : std::min(kept, steps);
    }
    void join(std::size_t row, std::size_t account) {
        table_.accounts.rows[account].push_back(row);
        rows_.account[row] = account;
    }

  private:
    const std::vector<std::size_t>& island_of_bus_;
    dispatch::Table& table_;
    FlexibleRows& rows_;
};

bool may_wait(const models::DataCenters& centers, std::size_t k) {
    return !centers.details.empty() && centers.details.deferrable_share[k] > 0;
}

bool may_modulate(const models::PotlineCells& cells, std::size_t k) {
    return cells.n_cell[k] > 0 && cells.modulation_share[k] > 0;
}

bool holds_heat(const models::HeatingLoads& heating, std::size_t k) {
    return !heating.time_constant_h.empty() && heating.time_constant_h[k] > 0 &&
           heating.comfort_k[k] > 0;
}

bool has_basins(const models::SewageWorks& works, std::size_t k) {
    return !works.buffer_h.empty() && works.buffer_h[k] > 0;
}

bool has_stocks(const models::ProcessWorks& works, std::size_t k) {
    return models::column_or(works.flexible_share, k, 0.0) > 0 &&
           models::column_or(works.flexible_h, k, 0.0) > 0;
}

/// Bounds of the accounts of work in a block: what arrived before it may still wait, and what waits at its end must find a
/// place in the steps to come.
class BacklogFiller {
  public:
    BacklogFiller(const Loads& loads, const FlexibleRows& rows, const dispatch::Accounts& accounts,
                  const BlockSpan& span)
        : centers_{loads.data_centers.centers}, rows_{rows}, accounts_{accounts}, span_{span} {}

    void fill(const TimeAxis& time, std::uint64_t seed, dispatch::BlockInput& in) {
        std::size_t longest = 0;
        for (const std::size_t steps : accounts_.deadline_steps) {
            longest = std::max(longest, steps);
        }
        if (longest == 0) {
            return;
        }
        const std::size_t day = count_steps_per_day(time);
        const std::size_t first =
            span_.block.first - std::min(longest, span_.block.first - span_.epoch.first);
        const std::size_t last = std::min(span_.epoch.last(), span_.block.last() + longest + day);
        models::compute_work_hours(centers_, time, {first, last - first}, seed, work_);
        for (std::size_t a = 0; a < accounts_.size(); ++a) {
            if (accounts_.is_work(a)) {
                fill_account(a, first, last, in);
            }
        }
    }

  private:
    void fill_account(std::size_t a, std::size_t first, std::size_t last,
                      dispatch::BlockInput& in) {
        std::vector<double> arrival(last - first, 0.0);
        std::vector<double> most(last - first, 0.0);
        for (const std::size_t r : accounts_.rows[a]) {
            for (std::size_t i = 0; i < arrival.size(); ++i) {
                arrival[i] += work_.arrival_mwh(rows_.element[r], i);
                most[i] += work_.most_mwh(rows_.element[r], i);
            }
        }
        const std::vector<double> least = models::find_least_backlog(
            arrival, most, accounts_.deadline_steps[a], last == span_.epoch.last());
        for (std::size_t t = 0; t < in.n_step; ++t) {
            in.account_min(a, t) = least[span_.block.first - first + t];
        }
    }

    const models::DataCenters& centers_;
    const FlexibleRows& rows_;
    const dispatch::Accounts& accounts_;
    const BlockSpan& span_;
    models::WorkHours work_;
};

/// Columns of one block, row by row.
class ColumnFiller {
  public:
    ColumnFiller(const Loads& loads, const FlexibleRows& rows, const TimeAxis& time,
                 StepRange range, const Demand& demand, dispatch::BlockInput& input)
        : loads_{loads}, rows_{rows}, time_{time}, range_{range}, demand_{demand}, in_{input},
          dt_h_{input.dt_h} {}

    void fill(std::size_t r) {
        switch (rows_.kind[r]) {
        case FlexibleKind::jobs:
            return fill_jobs(r);
        case FlexibleKind::potline:
            return fill_potline(r);
        case FlexibleKind::heating:
            return fill_heating(r);
        case FlexibleKind::sewage:
            return fill_sewage(r);
        case FlexibleKind::works:
            return fill_works(r);
        }
    }

  private:
    void put(std::size_t r, std::size_t t, double base_mw, double min_mw, double max_mw,
             double weight) {
        in_.flexible_base_mw(r, t) = base_mw;
        in_.flexible_min_mw(r, t) = std::min(min_mw, base_mw);
        in_.flexible_max_mw(r, t) = std::max(max_mw, base_mw);
        in_.flexible_weight(r, t) = weight;
    }
    void bound(std::size_t account, std::size_t t, double around) {
        in_.account_min(account, t) = -around;
        in_.account_max(account, t) = around;
    }

    void fill_jobs(std::size_t r) {
        const std::size_t k = rows_.element[r];
        const models::DeferrableWork& jobs = demand_.jobs;
        for (std::size_t t = 0; t < in_.n_step; ++t) {
            put(r, t, jobs.base_mw(k, t), 0.0, jobs.room_mw(k, t), jobs.it_per_grid(k, t));
        }
    }

    void fill_potline(std::size_t r) {
        const std::size_t k = rows_.element[r];
        const models::PotlineCells& cells = rows_.cells;
        const double ac = models::potline_ac_per_dc(loads_.potlines.lines, k);
        const double share = cells.modulation_share[k];
        const double base_mw = demand_.p_mw(rows_.load[r], 0);
        const auto at = [&](double factor) {
            return ac * models::dc_power_mw(cells, k, cells.current_ka[k] * factor);
        };
        const double weight = models::bath_k_per_mwh(cells, k, dt_h_) / ac;
        const std::size_t bath = rows_.account[r];
        for (std::size_t t = 0; t < in_.n_step; ++t) {
            put(r, t, base_mw, at(1.0 - share), at(1.0 + share), weight);
            bound(bath, t, bath_margin * cells.window_k[k]);
            bound(bath - 1, t, weight * metal_h * (at(1.0 + share) - base_mw));
        }
    }

    void fill_heating(std::size_t r) {
        const std::size_t k = rows_.element[r];
        const models::HeatingLoads& heating = loads_.heating.loads;
        const double weight = models::heating_k_per_mwh(heating, k, dt_h_);
        for (std::size_t t = 0; t < in_.n_step; ++t) {
            const double base_mw = demand_.p_mw(rows_.load[r], t);
            const bool heats = is_in_season(time_.middle(range_.first + t).day_of_year,
                                            static_cast<int>(heating.season_start_day[k]),
                                            static_cast<int>(heating.season_end_day[k]));
            put(r, t, base_mw, heats ? 0.0 : base_mw, heats ? heating.p_max_mw[k] : base_mw,
                weight);
            bound(rows_.account[r], t, heating.comfort_k[k]);
        }
    }

    void fill_sewage(std::size_t r) {
        const std::size_t k = rows_.element[r];
        const models::SewageWorks& works = loads_.sewage.works;
        for (std::size_t t = 0; t < in_.n_step; ++t) {
            const double base_mw = demand_.p_mw(rows_.load[r], t);
            put(r, t, base_mw, 0.0, works.p_max_share[k] * base_mw, 1.0);
            bound(rows_.account[r], t, works.buffer_h[k] * base_mw);
        }
    }

    void fill_works(std::size_t r) {
        const std::size_t k = rows_.element[r];
        const models::ProcessWorks& works = loads_.works.works;
        const double flexible_mw = works.flexible_share[k] * models::works_mean_mw(works, k);
        for (std::size_t t = 0; t < in_.n_step; ++t) {
            const double base_mw = demand_.p_mw(rows_.load[r], t);
            put(r, t, base_mw, std::max(0.0, base_mw - flexible_mw), base_mw + flexible_mw, 1.0);
            bound(rows_.account[r], t, works.flexible_h[k] * flexible_mw);
        }
    }

    const Loads& loads_;
    const FlexibleRows& rows_;
    const TimeAxis& time_;
    StepRange range_;
    const Demand& demand_;
    dispatch::BlockInput& in_;
    double dt_h_;
};

} // namespace

FlexibleRows add_flexible_loads(const Loads& loads, const std::vector<std::size_t>& island_of_bus,
                                double dt_h, dispatch::Table& table) {
    FlexibleRows rows;
    rows.cells = models::make_cells(loads.potlines.lines);
    const FirstRows first{loads};
    RowMaker maker{island_of_bus, table, rows};
    std::map<std::string, std::size_t> pools;
    const models::DataCenters& centers = loads.data_centers.centers;
    for (std::size_t k = 0; k < centers.size(); ++k) {
        if (!may_wait(centers, k)) {
            continue;
        }
        const std::size_t row =
            maker.add_row(FlexibleKind::jobs, loads.data_centers, k, first.centers);
        std::string pool = centers.details.work_pool[k];
        pool = pool.empty() ? "\n" + std::to_string(k) : pool;
        // work moves within an island only
        pool += "\n" + std::to_string(table.flexibles.island[row]);
        const auto it = pools.find(pool);
        const std::size_t account = it != pools.end()
                                        ? it->second
                                        : pools.emplace(pool, maker.add_account(1.0)).first->second;
        maker.keep_deadline(account,
                            static_cast<std::size_t>(centers.details.deadline_h[k] / dt_h + 1e-9));
        maker.join(row, account);
    }
    for (std::size_t k = 0; k < loads.potlines.size(); ++k) {
        if (may_modulate(rows.cells, k)) {
            const std::size_t row =
                maker.add_row(FlexibleKind::potline, loads.potlines, k, first.potlines);
            maker.join(row, maker.add_account(1.0)); // metal first: it is what a move conserves
            maker.join(row, maker.add_account(models::bath_keep(rows.cells, k, dt_h)));
        }
    }
    const models::HeatingLoads& heating = loads.heating.loads;
    for (std::size_t k = 0; k < loads.heating.size(); ++k) {
        if (holds_heat(heating, k)) {
            const std::size_t row =
                maker.add_row(FlexibleKind::heating, loads.heating, k, first.heating);
            maker.join(row, maker.add_account(models::heating_keep(heating, k, dt_h)));
        }
    }
    for (std::size_t k = 0; k < loads.sewage.size(); ++k) {
        if (has_basins(loads.sewage.works, k)) {
            const std::size_t row =
                maker.add_row(FlexibleKind::sewage, loads.sewage, k, first.sewage);
            maker.join(row, maker.add_account(1.0));
        }
    }
    for (std::size_t k = 0; k < loads.works.size(); ++k) {
        if (has_stocks(loads.works.works, k)) {
            const std::size_t row = maker.add_row(FlexibleKind::works, loads.works, k, first.works);
            maker.join(row, maker.add_account(1.0));
        }
    }
    return rows;
}

void fill_flexible_loads(const Loads& loads, const FlexibleRows& rows, const TimeAxis& time,
                         const BlockSpan& span, std::uint64_t seed, const Demand& demand,
                         const dispatch::Table& table, dispatch::BlockInput& input) {
    for (Series* series : {&input.flexible_base_mw, &input.flexible_min_mw, &input.flexible_max_mw,
                           &input.flexible_weight}) {
        series->reshape(rows.size(), rows.size() > 0 ? input.n_step : 0);
    }
    input.account_min.reshape(table.accounts.size(), input.n_step);
    input.account_max.reshape(table.accounts.size(), input.n_step);
    if (rows.size() == 0) {
        return;
    }
    ColumnFiller filler{loads, rows, time, span.block, demand, input};
    for (std::size_t r = 0; r < rows.size(); ++r) {
        filler.fill(r);
    }
    BacklogFiller{loads, rows, table.accounts, span}.fill(time, seed, input);
}

std::size_t find_first_center(const Loads& loads) {
    return FirstRows{loads}.centers;
}

void move_demand(const FlexibleRows& rows, const Series& plain_p_mw, const Series& plain_q_mvar,
                 const dispatch::Schedule& schedule, Demand& demand) {
    if (schedule.flexible_shift_mw.empty()) {
        return;
    }
    for (std::size_t t = 0; t < plain_p_mw.n_step(); ++t) {
        for (std::size_t r = 0; r < rows.size(); ++r) {
            const std::size_t load = rows.load[r];
            const double plain_mw = plain_p_mw(load, t);
            const double p_mw = plain_mw + schedule.flexible_shift_mw(r, t);
            demand.p_mw(load, t) = p_mw;
            demand.q_mvar(load, t) =
                plain_mw > 0 ? plain_q_mvar(load, t) * p_mw / plain_mw : plain_q_mvar(load, t);
        }
    }
}

} // namespace yuanwang::engine
