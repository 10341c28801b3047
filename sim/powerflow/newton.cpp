#include "powerflow/newton.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace yuanwang::powerflow {

namespace {

constexpr double small_angle =
    0.1; // rad: below it the increment's sine and cosine are short polynomials
constexpr double largest_angle_step = 1.0;
constexpr double largest_voltage_step = 0.5; // relative
constexpr int most_halvings = 10;
constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

std::size_t row(int i) {
    return static_cast<std::size_t>(i);
}

struct Pattern {
    std::vector<int> column_start{0};
    std::vector<int> row;
};

/// 2×2 blocks on the node pattern, and the border: the P rows of participants in the column of their gauge angle. A
/// held node has neither Q row nor V column.
Pattern make_pattern(const NodalMatrix& matrix, const SlackLayout& layout,
                     const std::vector<std::uint8_t>& held, const std::vector<int>& number) {
    std::vector<std::vector<int>> extra(matrix.n_node());
    for (std::size_t island = 0; island < layout.gauge.size(); ++island) {
        for (const int i : layout.participants[island]) {
            extra[row(layout.gauge[island])].push_back(number[2 * row(i)]);
        }
    }
    Pattern pattern;
    const auto add_column = [&](const std::vector<int>& rows_in) {
        pattern.row.insert(pattern.row.end(), rows_in.begin(), rows_in.end());
        pattern.column_start.push_back(static_cast<int>(pattern.row.size()));
    };
    std::vector<int> rows_of;
    for (std::size_t j = 0; j < matrix.n_node(); ++j) {
        rows_of.clear();
        for (int k = matrix.row_start[j]; k < matrix.row_start[j + 1]; ++k) {
            const int i = matrix.column[row(k)];
            rows_of.push_back(number[2 * row(i)]);
            if (held[row(i)] == 0) {
                rows_of.push_back(number[2 * row(i) + 1]);
            }
        }
        std::vector<int> theta_rows = rows_of;
        theta_rows.insert(theta_rows.end(), extra[j].begin(), extra[j].end());
        std::ranges::sort(theta_rows);
        theta_rows.erase(std::ranges::unique(theta_rows).begin(), theta_rows.end());
        add_column(theta_rows);
        if (held[j] == 0) {
            add_column(rows_of);
        }
    }
    return pattern;
}

/// sin and cos of |x| ≤ 0.1 to the last digit.
void small_sincos(double x, double& s, double& c) {
    const double x2 = x * x;
    s = x * (1 + x2 * (-1.0 / 6 + x2 * (1.0 / 120 + x2 * (-1.0 / 5040 + x2 * (1.0 / 362880)))));
    c = 1 + x2 * (-1.0 / 2 + x2 * (1.0 / 24 + x2 * (-1.0 / 720 + x2 * (1.0 / 40320))));
}

} // namespace

Newton::Newton(const NodalMatrix& matrix, SlackLayout layout, std::vector<bool> held)
    : matrix_{&matrix}, layout_{std::move(layout)}, start_angles_{matrix, layout_.gauge}, lu_{{0},
                                                                                              {}},
      held_(matrix.n_node(), 0) {
    const std::size_t n = matrix.n_node();
    for (std::size_t i = 0; i < held.size(); ++i) {
        if (held[i]) {
            held_[i] = 1;
            held_nodes_.push_back(static_cast<int>(i));
        }
    }
    for (int r = 0; r < static_cast<int>(2 * n); ++r) {
        const bool is_unknown = r % 2 == 0 || held_[row(r / 2)] == 0;
        number_.push_back(is_unknown ? static_cast<int>(unknown_.size()) : -1);
        if (is_unknown) {
            unknown_.push_back(r);
        }
    }
    rhs_.assign(unknown_.size(), 0.0);
    Pattern pattern = make_pattern(matrix, layout_, held_, number_);
    make_maps(pattern.column_start, pattern.row);
    lu_ = SparseLu{std::move(pattern.column_start), std::move(pattern.row)};
    for (std::vector<double>* column : {&vm_, &cos_, &e_, &kept_vm_}) {
        column->assign(n, 1.0);
    }
    for (std::vector<double>* column : {&va_, &sin_, &f_, &p_, &q_, &kept_va_}) {
        column->assign(n, 0.0);
    }
    a_.assign(matrix.n_entry(), 0.0);
    b_.assign(matrix.n_entry(), 0.0);
    flat_va_ = start_angles_.follow_shifts();
    lambda_.assign(layout_.gauge.size(), 0.0);
    kept_lambda_ = lambda_;
    mismatch_.assign(2 * n, 0.0);
    step_.assign(2 * n, 0.0);
    p_row_.assign(n, 0.0);
    q_row_.assign(n, 0.0);
    kept_step_.assign(2 * n, 0.0);
}

void Newton::make_maps(const std::vector<int>& column_start, const std::vector<int>& rows_of) {
    const auto position = [&](int i, int j) {
        const std::size_t column = row(number_[row(j)]);
        const auto begin = rows_of.begin() + column_start[column];
        const auto end = rows_of.begin() + column_start[column + 1];
        return static_cast<std::size_t>(std::lower_bound(begin, end, number_[row(i)]) -
                                        rows_of.begin());
    };
    std::vector<bool> is_gauge(matrix_->n_node(), false);
    for (const int s : layout_.gauge) {
        is_gauge[row(s)] = true;
    }
    for (std::size_t i = 0; i < matrix_->n_node(); ++i) {
        for (int k = matrix_->row_start[i]; k < matrix_->row_start[i + 1]; ++k) {
            const int j = matrix_->column[row(k)];
            const std::size_t theta_at = position(static_cast<int>(2 * i), 2 * j);
            const bool held = held_[row(j)] != 0;
            const std::size_t volt_at =
                held ? nowhere : position(static_cast<int>(2 * i), 2 * j + 1);
            std::vector<Entry>& list = held_[i] == 0 ? (held ? column_held_ : both_free_)
                                                     : (held ? both_held_ : row_held_);
            list.push_back({.node = static_cast<int>(i),
                            .entry = k,
                            .theta = static_cast<int>(theta_at),
                            .volt = held ? -1 : static_cast<int>(volt_at)});
            if (row(j) == i) {
                diagonal_.push_back({.theta = theta_at, .volt = volt_at});
            }
            if (is_gauge[row(j)]) {
                gauge_entries_.push_back({.node = j, .at = theta_at});
                if (held_[i] == 0) {
                    gauge_entries_.push_back({.node = j, .at = theta_at + 1});
                }
            }
        }
    }
    for (std::size_t island = 0; island < layout_.gauge.size(); ++island) {
        for (const int i : layout_.participants[island]) {
            border_.push_back({.node = i,
                               .island = static_cast<int>(island),
                               .at = position(2 * i, 2 * layout_.gauge[island])});
        }
    }
}

bool stands_low(const NodeProblem& problem, std::span<const double> vm) {
    constexpr double low_pu = 0.6;
    for (std::size_t i = 0; i < vm.size(); ++i) {
        if (vm[i] < low_pu && problem.type[i] != NodeType::dead) {
            return true;
        }
    }
    return false;
}

bool Newton::fits(const NodeProblem& problem) const {
    return std::ranges::none_of(held_nodes_,
                                [&](int i) { return problem.type[row(i)] == NodeType::pq; });
}

void Newton::start_flat(const NodeProblem& problem) {
    std::ranges::copy(flat_va_, va_.begin());
    start_at(problem);
}

void Newton::start_level(const NodeProblem& problem) {
    std::ranges::fill(va_, 0.0);
    start_at(problem);
}

void Newton::start_dc(const NodeProblem& problem) {
    start_angles_.estimate(problem.p, va_);
    start_at(problem);
}

/// V = 1 or as held at the angles of the state.
void Newton::start_at(const NodeProblem& problem) {
    std::ranges::fill(vm_, 1.0);
    std::ranges::fill(lambda_, 0.0);
    resync_phasors();
    hold_voltages(problem);
}

void Newton::start_from(std::span<const double> vm, std::span<const double> va) {
    std::ranges::copy(vm, vm_.begin());
    std::ranges::copy(va, va_.begin());
    resync_phasors();
}

void Newton::hold_voltages(const NodeProblem& problem) {
    for (std::size_t i = 0; i < vm_.size(); ++i) {
        if (problem.type[i] == NodeType::pv) {
            vm_[i] = problem.vm_set[i];
            e_[i] = vm_[i] * cos_[i];
            f_[i] = vm_[i] * sin_[i];
        }
    }
}

void Newton::resync_phasors() {
    for (std::size_t i = 0; i < vm_.size(); ++i) {
        cos_[i] = std::cos(va_[i]);
        sin_[i] = std::sin(va_[i]);
        e_[i] = vm_[i] * cos_[i];
        f_[i] = vm_[i] * sin_[i];
    }
}

void Newton::compute_powers() {
    const NodalMatrix& Y = *matrix_;
    for (std::size_t i = 0; i < vm_.size(); ++i) {
        double p = 0;
        double q = 0;
        const double e = e_[i];
        const double f = f_[i];
        for (std::size_t k = row(Y.row_start[i]); k < row(Y.row_start[i + 1]); ++k) {
            const std::size_t j = row(Y.column[k]);
            const double re = Y.g[k] * e_[j] - Y.b[k] * f_[j];
            const double im = Y.g[k] * f_[j] + Y.b[k] * e_[j];
            const double a = e * re + f * im;
            const double b = f * re - e * im;
            a_[k] = a;
            b_[k] = b;
            p += a;
            q += b;
        }
        p_[i] = p;
        q_[i] = q;
    }
}

/// Fills `mismatch_` and returns its largest magnitude, NaN where anything is.
double Newton::compute_mismatch(const NodeProblem& problem, int& worst_row) {
    for (std::size_t i = 0; i < vm_.size(); ++i) {
        const bool dead = problem.type[i] == NodeType::dead;
        mismatch_[2 * i] = dead ? 0.0 : p_[i] - problem.p[i];
        mismatch_[2 * i + 1] = problem.type[i] == NodeType::pq ? q_[i] - problem.q[i] : 0.0;
    }
    for (const Border& at : border_) {
        if (problem.type[row(at.node)] != NodeType::dead) {
            mismatch_[2 * row(at.node)] -=
                problem.slack_weight[row(at.node)] * lambda_[row(at.island)];
        }
    }
    double worst = 0;
    double sum = 0; // turns NaN or infinite with any of them
    worst_row = mismatch_.empty() ? -1 : 0;
    for (std::size_t r = 0; r < mismatch_.size(); ++r) {
        const double size = std::abs(mismatch_[r]);
        sum += size;
        if (size > worst) {
            worst = size;
            worst_row = static_cast<int>(r);
        }
    }
    return std::isfinite(sum) ? worst : sum;
}

void Newton::fill_jacobian(const NodeProblem& problem) {
    for (std::size_t i = 0; i < vm_.size(); ++i) {
        p_row_[i] = problem.type[i] == NodeType::dead ? 0.0 : 1.0;
        q_row_[i] = problem.type[i] == NodeType::pq ? 1.0 : 0.0;
    }
    double* const J = lu_.values().data();
    for (const Entry& at : both_free_) {
        const double a = a_[row(at.entry)];
        const double b = b_[row(at.entry)];
        const double p_row = p_row_[row(at.node)];
        const double q_row = q_row_[row(at.node)];
        J[at.theta] = p_row * b;
        J[at.theta + 1] = -q_row * a;
        J[at.volt] = p_row * a;
        J[at.volt + 1] = q_row * b;
    }
    for (const Entry& at : row_held_) {
        J[at.theta] = p_row_[row(at.node)] * b_[row(at.entry)];
        J[at.volt] = p_row_[row(at.node)] * a_[row(at.entry)];
    }
    for (const Entry& at : column_held_) {
        J[at.theta] = p_row_[row(at.node)] * b_[row(at.entry)];
        J[at.theta + 1] = -q_row_[row(at.node)] * a_[row(at.entry)];
    }
    for (const Entry& at : both_held_) {
        J[at.theta] = p_row_[row(at.node)] * b_[row(at.entry)];
    }
    for (std::size_t i = 0; i < vm_.size(); ++i) {
        const double p_row = p_row_[i];
        const double q_row = q_row_[i];
        const Diagonal& at = diagonal_[i];
        J[at.theta] -= p_row * q_[i] - (1 - p_row);
        if (held_[i] == 0) {
            J[at.theta + 1] += q_row * p_[i];
            J[at.volt] += p_row * p_[i];
            J[at.volt + 1] += q_row * q_[i] + (1 - q_row);
        }
    }
    for (const GaugeEntry& entry : gauge_entries_) {
        if (problem.type[row(entry.node)] != NodeType::dead) {
            J[entry.at] = 0;
        }
    }
    for (const Border& at : border_) {
        if (problem.type[row(at.node)] != NodeType::dead) {
            J[at.at] = -problem.slack_weight[row(at.node)];
        }
    }
}

bool Newton::factorise(bool pivoting) {
    return (!pivoting && lu_.refactorise()) || lu_.factorise_with_pivoting();
}

/// Moves the state by `scale` times the Newton step: rotates the phasors, stretches the magnitudes.
void Newton::advance(const NodeProblem& problem, double scale) {
    for (std::size_t island = 0; island < layout_.gauge.size(); ++island) {
        const std::size_t s = row(layout_.gauge[island]);
        if (problem.type[s] != NodeType::dead) {
            lambda_[island] += scale * step_[2 * s];
            step_[2 * s] = 0;
        }
    }
    double largest = 0;
    for (std::size_t i = 0; i < vm_.size(); ++i) {
        largest = std::max(largest, std::abs(step_[2 * i]));
    }
    const bool small = largest * std::abs(scale) <= small_angle;
    for (std::size_t i = 0; i < vm_.size(); ++i) {
        const double turn =
            std::clamp(scale * step_[2 * i], -largest_angle_step, largest_angle_step);
        const double stretch =
            std::clamp(scale * step_[2 * i + 1], -largest_voltage_step, largest_voltage_step);
        double s = 0;
        double c = 1;
        if (small) {
            small_sincos(turn, s, c);
        } else {
            s = std::sin(turn);
            c = std::cos(turn);
        }
        const double cosine = cos_[i] * c - sin_[i] * s;
        sin_[i] = sin_[i] * c + cos_[i] * s;
        cos_[i] = cosine;
        va_[i] += turn;
        vm_[i] *= 1 + stretch;
        e_[i] = vm_[i] * cos_[i];
        f_[i] = vm_[i] * sin_[i];
    }
}

void Newton::keep_state() {
    std::ranges::copy(vm_, kept_vm_.begin());
    std::ranges::copy(va_, kept_va_.begin());
    std::ranges::copy(lambda_, kept_lambda_.begin());
}

void Newton::restore_state() {
    std::ranges::copy(kept_vm_, vm_.begin());
    std::ranges::copy(kept_va_, va_.begin());
    std::ranges::copy(kept_lambda_, lambda_.begin());
    resync_phasors();
}

/// Sets λ to what the participants of each island lack in sum: the equations are linear in it.
void Newton::balance_islands(const NodeProblem& problem) {
    std::ranges::fill(lambda_, 0.0);
    for (const Border& at : border_) {
        if (problem.slack_weight[row(at.node)] > 0) {
            lambda_[row(at.island)] += p_[row(at.node)] - problem.p[row(at.node)];
        }
    }
}

/// Takes the longest of the step's halves under which the mismatch falls, the shortest where none does.
double Newton::damp(const NodeProblem& problem, double before, int& worst_row) {
    keep_state();
    std::ranges::copy(step_, kept_step_.begin());
    double scale = 1;
    for (int halvings = 0;; ++halvings, scale /= 2) {
        std::ranges::copy(kept_step_, step_.begin());
        advance(problem, scale);
        compute_powers();
        balance_islands(problem);
        const double now = compute_mismatch(problem, worst_row);
        if (now < before || halvings == most_halvings) {
            return now;
        }
        restore_state();
    }
}

NewtonOutcome Newton::solve(const NodeProblem& problem, const NewtonSettings& settings) {
    NewtonOutcome outcome;
    int worst_row = -1;
    hold_voltages(problem);
    compute_powers();
    outcome.max_mismatch_pu = compute_mismatch(problem, worst_row);
    for (;; ++outcome.iterations) {
        outcome.worst_node = worst_row < 0 ? -1 : worst_row / 2;
        if (!std::isfinite(outcome.max_mismatch_pu)) {
            outcome.status = StepStatus::not_finite;
            return outcome;
        }
        if (outcome.max_mismatch_pu < settings.tolerance_pu) {
            outcome.status = StepStatus::converged;
            return outcome;
        }
        if (outcome.iterations == settings.max_iterations) {
            outcome.status = StepStatus::iteration_limit;
            return outcome;
        }
        fill_jacobian(problem);
        if (!factorise(settings.pivoting)) {
            outcome.status = StepStatus::singular_jacobian;
            return outcome;
        }
        find_step();
        if (settings.damped) {
            outcome.max_mismatch_pu = damp(problem, outcome.max_mismatch_pu, worst_row);
        } else {
            advance(problem, 1.0);
            compute_powers();
            outcome.max_mismatch_pu = compute_mismatch(problem, worst_row);
        }
    }
}

/// J step = −mismatch; what is no unknown stays 0.
void Newton::find_step() {
    for (std::size_t n = 0; n < rhs_.size(); ++n) {
        rhs_[n] = -mismatch_[row(unknown_[n])];
    }
    lu_.solve(rhs_);
    for (std::size_t n = 0; n < rhs_.size(); ++n) {
        step_[row(unknown_[n])] = rhs_[n];
    }
}

void Newton::solve_linear(std::span<double> rhs) {
    for (std::size_t n = 0; n < rhs_.size(); ++n) {
        rhs_[n] = rhs[row(unknown_[n])];
    }
    lu_.solve(rhs_);
    std::ranges::fill(rhs, 0.0);
    for (std::size_t n = 0; n < rhs_.size(); ++n) {
        rhs[row(unknown_[n])] = rhs_[n];
    }
}

bool Newton::choose_pivots(const NodeProblem& problem) {
    hold_voltages(problem);
    compute_powers();
    fill_jacobian(problem);
    return lu_.choose_pivots();
}

bool Newton::linearise(const NodeProblem& problem) {
    hold_voltages(problem);
    compute_powers();
    fill_jacobian(problem);
    return factorise(false);
}

/// Jᵀ y = e, with e at the unknowns λ: J dx = dp makes dλ = eᵀ dx = yᵀ dp.
void Newton::find_lack_factors(const NodeProblem& problem, std::span<double> factor) {
    std::ranges::fill(rhs_, 0.0);
    for (const int s : layout_.gauge) {
        if (problem.type[row(s)] != NodeType::dead) {
            rhs_[row(number_[2 * row(s)])] = 1;
        }
    }
    lu_.solve_transposed(rhs_);
    std::ranges::fill(factor, 0.0);
    for (std::size_t n = 0; n < rhs_.size(); ++n) {
        factor[row(unknown_[n])] = rhs_[n];
    }
}

std::span<const double> Newton::evaluate(const NodeProblem& problem) {
    int worst_row = -1;
    compute_powers();
    compute_mismatch(problem, worst_row);
    return mismatch_;
}

} // namespace yuanwang::powerflow
