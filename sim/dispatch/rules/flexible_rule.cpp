#include "dispatch/rules/flexible_rule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace yuanwang::dispatch {

namespace {

constexpr double least_gap_mw = 1.0; ///< g closer than this is level
constexpr double least_move_mw = 1e-6;
constexpr double least_worth_mw = 1e-3; ///< what a pair of steps must at least offer

class Mover {
  public:
    Mover(const Table& table, const BlockInput& input, const State& state, Schedule& schedule)
        : table_{table}, in_{input}, s_{schedule}, n_{input.n_step},
          accounts_of_(table.flexibles.size()), x_(table.accounts.size(), input.n_step),
          low_(table.accounts.size(), input.n_step), high_(low_) {
        for (std::size_t a = 0; a < table_.accounts.size(); ++a) {
            for (const std::size_t r : table_.accounts.rows[a]) {
                accounts_of_[r].push_back(a);
            }
            double x = a < state.account.size() ? state.account[a] : 0.0;
            double lowest = x;
            for (std::size_t t = 0; t < n_; ++t) { // nothing moved yet
                x *= table_.accounts.keep[a];
                lowest =
                    table_.accounts.is_work(a)
                        ? std::min(0.0, lowest + find_catch_up(table_.accounts.rows[a], in_, t))
                        : x;
                x_(a, t) = x;
                low_(a, t) = std::min(lowest, in_.account_min(a, t));
                high_(a, t) = std::max(x, in_.account_max(a, t));
            }
        }
    }

    void run() {
        for (std::size_t island = 0; island < table_.n_island; ++island) {
            measure_plenty(island);
            for (std::size_t a = 0; a < table_.accounts.size(); ++a) {
                if (is_first_account_of(a, island)) {
                    if (table_.accounts.is_work(a)) {
                        run_what_is_due(a);
                    }
                    level(a);
                    if (table_.accounts.is_work(a)) {
                        postpone(a);
                    }
                    for (std::size_t t = 0; t < n_; ++t) {
                        gather(a, t);
                    }
                }
            }
        }
        for (std::size_t t = 0; t < n_; ++t) {
            std::ranges::copy(x_.step(t), s_.account.step(t).begin());
        }
    }

    [[nodiscard]] std::vector<double> last() const {
        const auto step = x_.step(n_ - 1);
        return {step.begin(), step.end()};
    }

  private:
    void measure_plenty(std::size_t island) {
        plenty_.assign(n_, 0.0);
        const double hours = in_.dt_h * static_cast<double>(n_);
        for (std::size_t t = 0; t < n_; ++t) {
            double& g = plenty_[t];
            g = -in_.demand_mw(island, t) - in_.loss_mw(island, t);
            const auto add = [&](const auto& family, auto value) {
                for (std::size_t k = 0; k < family.size(); ++k) {
                    g += family.island[k] == island ? value(k) : 0.0;
                }
            };
            add(table_.must_run, [&](std::size_t k) { return in_.must_run_mw(k, t); });
            add(table_.hydros, [&](std::size_t k) { return in_.hydro_energy_mwh[k] / hours; });
            add(table_.variables, [&](std::size_t k) {
                return std::min(in_.variable_mw(k, t), table_.variables.station_limit_mw[k]);
            });
            add(table_.ties, [&](std::size_t k) {
                return std::min(in_.tie_surplus_mw(k, t), table_.ties.import_max_mw[k]);
            });
            // The last digits of losses, in which two solvers may differ, must not choose between hours that are level.
            g = least_gap_mw * std::round(g / least_gap_mw);
        }
    }

    /// True where the rows of an account stand in the island and look at it first.
    [[nodiscard]] bool is_first_account_of(std::size_t a, std::size_t island) const {
        const auto& rows = table_.accounts.rows[a];
        return !rows.empty() && accounts_of_[rows.front()].front() == a &&
               table_.flexibles.island[rows.front()] == island;
    }

    [[nodiscard]] double room_up(std::size_t r, std::size_t t) const {
        return in_.flexible_max_mw(r, t) - in_.flexible_base_mw(r, t) - s_.flexible_shift_mw(r, t);
    }
    [[nodiscard]] double room_down(std::size_t r, std::size_t t) const {
        return in_.flexible_base_mw(r, t) + s_.flexible_shift_mw(r, t) - in_.flexible_min_mw(r, t);
    }

    /// Runs work from the block before by the step in which its bound asks for it, where there is most.
    void run_what_is_due(std::size_t a) {
        for (std::size_t t = 0; t < n_; ++t) {
            while (low_(a, t) - x_(a, t) > least_move_mw * in_.dt_h) {
                std::size_t at = n_;
                std::size_t row = 0;
                for (std::size_t i = 0; i <= t; ++i) {
                    for (const std::size_t r : table_.accounts.rows[a]) {
                        if (room_up(r, i) > 0.1 * least_move_mw &&
                            (at == n_ || plenty_[i] > plenty_[at])) {
                            at = i;
                            row = r;
                        }
                    }
                }
                if (at == n_) {
                    return;
                }
                const double per_mw = in_.flexible_weight(row, at) * in_.dt_h;
                const double p_mw = std::min(room_up(row, at), (low_(a, t) - x_(a, t)) / per_mw);
                shift_from(a, row, at, p_mw);
                plenty_[at] -= p_mw;
            }
        }
    }

    /// Leaves work of the scarcest steps to the next day, as far as that is expected to be more plentiful.
    void postpone(std::size_t a) {
        const std::size_t wait = std::min(table_.accounts.deadline_steps[a], n_);
        next_day_.assign(plenty_.begin(), plenty_.begin() + static_cast<std::ptrdiff_t>(wait));
        order_.clear();
        for (std::size_t t = n_ - wait; t < n_; ++t) {
            order_.push_back(t);
        }
        std::ranges::stable_sort(order_, {}, [&](std::size_t t) { return plenty_[t]; });
        for (const std::size_t from : order_) {
            const std::size_t reach = from + wait - n_; // steps of the next day a job may wait for
            for (std::size_t round = 0; round <= reach; ++round) {
                const auto end = next_day_.begin() + static_cast<std::ptrdiff_t>(reach + 1);
                const auto to = std::max_element(next_day_.begin(), std::min(end, next_day_.end()));
                const double gap_mw = *to - plenty_[from];
                if (gap_mw <= least_gap_mw) {
                    break;
                }
                double left_mw = 0.5 * gap_mw;
                for (const std::size_t r : table_.accounts.rows[a]) {
                    const double p_mw =
                        std::min({left_mw, room_down(r, from), spare_mw(a, r, from)});
                    if (p_mw > least_worth_mw) {
                        shift_from(a, r, from, -p_mw);
                        plenty_[from] += p_mw;
                        *to -= p_mw;
                        left_mw -= p_mw;
                    }
                }
                if (left_mw == 0.5 * gap_mw) {
                    break;
                }
            }
        }
    }

    /// Draws more (or less) in a step for good: an account of work is moved from there on.
    void shift_from(std::size_t a, std::size_t r, std::size_t at, double p_mw) {
        s_.flexible_shift_mw(r, at) += p_mw;
        for (std::size_t t = at; t < n_; ++t) {
            x_(a, t) += p_mw * in_.flexible_weight(r, at) * in_.dt_h;
        }
    }

    /// What a row may leave out for good from a step on.
    [[nodiscard]] double spare_mw(std::size_t a, std::size_t r, std::size_t at) const {
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t t = at; t < n_; ++t) {
            least = std::min(least, x_(a, t) - low_(a, t));
        }
        return std::max(0.0, least) / (in_.flexible_weight(r, at) * in_.dt_h);
    }

    void level(std::size_t a) {
        order_.resize(n_);
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        std::ranges::stable_sort(order_, std::ranges::greater{},
                                 [&](std::size_t t) { return plenty_[t]; });
        for (std::size_t i = 0; i < n_; ++i) {
            const std::size_t to = order_[i];
            for (std::size_t j = n_; j-- > i + 1;) {
                const std::size_t from = order_[j];
                if (plenty_[to] - plenty_[from] <= least_gap_mw) {
                    continue;
                }
                for (const std::size_t r : table_.accounts.rows[a]) {
                    for (const std::size_t q : table_.accounts.rows[a]) {
                        move(a, r, from, q, to);
                    }
                }
            }
        }
    }

    /// Moves what row r draws at `from` to row q at `to`, as much as is worth it and allowed.
    void move(std::size_t a, std::size_t r, std::size_t from, std::size_t q, std::size_t to) {
        const double down_mw = room_down(r, from);
        const double up_mw = room_up(q, to);
        const double w_from = in_.flexible_weight(r, from);
        const double w_to = in_.flexible_weight(q, to);
        if (down_mw <= least_move_mw || up_mw <= least_move_mw || w_from <= 0 || w_to <= 0) {
            return;
        }
        // MW drawn at `to` for each MW left out at `from`
        const double steps = static_cast<double>(to) - static_cast<double>(from);
        const double ratio = w_from / w_to * std::pow(table_.accounts.keep[a], steps);
        const double gap_mw = plenty_[to] - plenty_[from];
        double p_mw = std::min({down_mw, up_mw / ratio, std::max(0.0, gap_mw) / (1.0 + ratio)});
        if (p_mw <= least_worth_mw) {
            return;
        }
        touched_ = accounts_of_[r];
        if (q != r) {
            for (const std::size_t b : accounts_of_[q]) {
                if (!holds(b, r)) {
                    touched_.push_back(b);
                }
            }
        }
        for (const std::size_t b : touched_) {
            p_mw = std::min(p_mw, allowed_mw(b, r, from, q, to, ratio));
        }
        if (p_mw <= least_move_mw) {
            return;
        }
        for (const std::size_t b : touched_) {
            for (std::size_t t = std::min(from, to); t < n_; ++t) {
                x_(b, t) += p_mw * effect(b, r, from, q, to, ratio, t);
            }
        }
        s_.flexible_shift_mw(r, from) -= p_mw;
        s_.flexible_shift_mw(q, to) += p_mw * ratio;
        plenty_[from] += p_mw;
        plenty_[to] -= p_mw * ratio;
    }

    [[nodiscard]] bool holds(std::size_t account, std::size_t row) const {
        return std::ranges::find(accounts_of_[row], account) != accounts_of_[row].end();
    }

    /// Change of account b at the end of step t for each MW moved.
    [[nodiscard]] double effect(std::size_t b, std::size_t r, std::size_t from, std::size_t q,
                                std::size_t to, double ratio, std::size_t t) const {
        const double keep = table_.accounts.keep[b];
        const auto left = [&](std::size_t since) {
            return keep == 1.0 ? 1.0 : std::pow(keep, static_cast<double>(t - since));
        };
        double change = 0;
        if (t >= from && holds(b, r)) {
            change -= in_.flexible_weight(r, from) * in_.dt_h * left(from);
        }
        if (t >= to && holds(b, q)) {
            change += in_.flexible_weight(q, to) * ratio * in_.dt_h * left(to);
        }
        return change;
    }

    [[nodiscard]] double allowed_mw(std::size_t b, std::size_t r, std::size_t from, std::size_t q,
                                    std::size_t to, double ratio) const {
        double p_mw = std::numeric_limits<double>::infinity();
        for (std::size_t t = std::min(from, to); t < n_ && p_mw > least_move_mw; ++t) {
            const double change = effect(b, r, from, q, to, ratio, t);
            if (change > 1e-12) {
                p_mw = std::min(p_mw, std::max(0.0, high_(b, t) - x_(b, t)) / change);
            } else if (change < -1e-12) {
                p_mw = std::min(p_mw, std::max(0.0, x_(b, t) - low_(b, t)) / -change);
            }
        }
        return p_mw;
    }

    /// Runs the work of a step where it takes least energy.
    void gather(std::size_t a, std::size_t t) {
        const auto& rows = table_.accounts.rows[a];
        if (rows.size() < 2) {
            return;
        }
        for (const std::size_t q : rows) {
            for (const std::size_t r : rows) {
                const double w_r = in_.flexible_weight(r, t);
                const double w_q = in_.flexible_weight(q, t);
                if (w_q <= w_r * (1.0 + 1e-9) || w_r <= 0) {
                    continue;
                }
                const double p_mw = std::min(room_down(r, t), room_up(q, t) * w_q / w_r);
                if (p_mw > least_move_mw) {
                    s_.flexible_shift_mw(r, t) -= p_mw;
                    s_.flexible_shift_mw(q, t) += p_mw * w_r / w_q;
                }
            }
        }
    }

    const Table& table_;
    const BlockInput& in_;
    Schedule& s_;
    std::size_t n_;
    std::vector<std::vector<std::size_t>> accounts_of_; ///< [n_flexible]
    Series x_;                                          ///< accounts as planned so far
    Series low_;
    Series high_;
    std::vector<double> plenty_;   ///< g of the island at hand
    std::vector<double> next_day_; ///< g of the next day as expected
    std::vector<std::size_t> order_;
    std::vector<std::size_t> touched_; ///< scratch: accounts a move changes
};

} // namespace

double find_catch_up(std::span<const std::size_t> rows, const BlockInput& input, std::size_t t) {
    double units = 0;
    for (const std::size_t r : rows) {
        units += input.dt_h * input.flexible_weight(r, t) *
                 (input.flexible_max_mw(r, t) - input.flexible_base_mw(r, t));
    }
    return units;
}

void shift_flexible_loads(const Table& table, const BlockInput& input, State& state,
                          Schedule& schedule) {
    if (table.flexibles.size() == 0 || input.n_step == 0) {
        return;
    }
    Mover mover{table, input, state, schedule};
    mover.run();
    state.account = mover.last();
}

} // namespace yuanwang::dispatch
