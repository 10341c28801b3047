#include "dispatch/flexible_rule.hpp"

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
            for (std::size_t t = 0; t < n_; ++t) { // nothing moved yet
                x *= table_.accounts.keep[a];
                x_(a, t) = x;
                low_(a, t) = std::min(x, in_.account_min(a, t));
                high_(a, t) = std::max(x, in_.account_max(a, t));
            }
        }
    }

    void run() {
        for (std::size_t island = 0; island < table_.n_island; ++island) {
            measure_plenty(island);
            for (std::size_t a = 0; a < table_.accounts.size(); ++a) {
                if (is_first_account_of(a, island)) {
                    level(a);
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
    std::vector<double> plenty_; ///< g of the island at hand
    std::vector<std::size_t> order_;
    std::vector<std::size_t> touched_; ///< scratch: accounts a move changes
};

} // namespace

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
