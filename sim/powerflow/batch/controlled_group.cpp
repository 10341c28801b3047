#include "powerflow/batch/controlled_group.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace yuanwang::powerflow::batch {

namespace {

constexpr int most_changes = 100; // of types or admittances in one case, before it is given up

std::size_t at(std::int32_t i) {
    return static_cast<std::size_t>(i);
}

} // namespace

template <class T>
class ControlledGroup<T>::Lane final : public LaneView {
  public:
    Lane(ControlledGroup& group, std::size_t id, std::size_t slot)
        : group_{&group}, id_{id}, slot_{slot}, is_parted_(group.plan_.n_row, 0) {
        parted_.reserve(group.plan_.n_row);
    }

    [[nodiscard]] std::size_t slot() const override { return slot_; }
    [[nodiscard]] std::size_t index() const override { return index_; }
    [[nodiscard]] int iterations() const override { return iterations_; }
    [[nodiscard]] double e(std::size_t bus) const override { return arrays().e[place(bus)]; }
    [[nodiscard]] double f(std::size_t bus) const override { return arrays().f[place(bus)]; }
    [[nodiscard]] double p(std::size_t bus) const override { return arrays().p[place(bus)]; }
    [[nodiscard]] double q(std::size_t bus) const override { return arrays().q[place(bus)]; }
    [[nodiscard]] double p_set(std::size_t bus) const override {
        return arrays().p_set[place(bus)];
    }
    void read_voltages(std::span<double> e, std::span<double> f) const override {
        const LaneArrays<T>& w = arrays();
        const Elimination& plan = group_->plan_;
        for (std::size_t i = 0, here = id_; i < plan.n_bus; ++i, here += w.width()) {
            e[at(plan.bus[i])] = w.e[here];
            f[at(plan.bus[i])] = w.f[here];
        }
    }
    void read_powers(std::span<double> p, std::span<double> q) const override {
        const LaneArrays<T>& w = arrays();
        const Elimination& plan = group_->plan_;
        for (std::size_t i = 0, here = id_; i < plan.n_row; ++i, here += w.width()) {
            p[at(plan.bus[i])] = w.p[here];
            q[at(plan.bus[i])] = w.q[here];
        }
    }

    void start(std::span<const std::complex<double>> V) override {
        const Elimination& plan = group_->plan_;
        for (std::size_t i = 0, here = id_; i < plan.n_bus; ++i, here += arrays().width()) {
            set_voltage(here, V[at(plan.bus[i])].real(), V[at(plan.bus[i])].imag());
        }
        group_->stale_ = true;
    }
    void schedule(std::span<const double> p_pu, std::span<const double> q_pu) override {
        LaneArrays<T>& w = arrays();
        const Elimination& plan = group_->plan_;
        for (std::size_t i = 0, here = id_; i < plan.n_row; ++i, here += w.width()) {
            w.p_set[here] = p_pu[at(plan.bus[i])];
            w.q_set[here] = q_pu[at(plan.bus[i])];
        }
    }
    void set_p(std::size_t bus, double p_pu) override { arrays().p_set[place(bus)] = p_pu; }
    void set_q(std::size_t bus, double q_pu) override { arrays().q_set[place(bus)] = q_pu; }
    void hold(std::size_t bus) override {
        arrays().is_pq[place(bus)] = T{0};
        pull(row(bus));
        note_change();
    }
    void release(std::size_t bus) override {
        assert(group_->plan_.rows[row(bus)] != Rows::free);
        arrays().is_pq[place(bus)] = T{1};
        note_change();
    }
    void change(const AdmittanceEntry& change) override {
        const std::size_t i = row(at(change.row));
        if (i >= group_->plan_.n_row) {
            return; // the current at a slack bus is nobody's equation
        }
        if (is_parted_[i] == 0) {
            is_parted_[i] = 1;
            parted_.push_back(static_cast<std::int32_t>(i));
            arrays().part_row(i);
        }
        arrays().add_admittance(i, group_->plan_.row[at(change.column)], id_, change.y_pu);
        note_change();
    }

    /// Starts a case.
    void take(std::size_t index) {
        index_ = index;
        iterations_ = since_change_ = n_change_ = 0;
        busy_ = true;
        const Elimination& plan = group_->plan_;
        for (std::size_t i = 0, here = id_; i < plan.n_row; ++i, here += arrays().width()) {
            arrays().is_pq[here] = T{0};
        }
    }
    /// Puts every bus that holds its voltage onto it.
    void pull_all() {
        const Elimination& plan = group_->plan_;
        for (std::size_t i = 0; i < plan.n_row; ++i) {
            const bool holds =
                plan.n_unknown[i] == 1 ||
                (plan.rows[i] != Rows::free && arrays().is_pq[i * arrays().width() + id_] == T{0});
            if (holds) {
                pull(i);
            }
        }
        since_change_ = n_change_ = 0;
    }
    void let_go() {
        busy_ = false;
        for (const std::int32_t i : parted_) {
            arrays().join_row(at(i), id_);
            is_parted_[at(i)] = 0;
        }
        parted_.clear();
    }
    void count_step() {
        ++iterations_;
        ++since_change_;
    }
    [[nodiscard]] bool busy() const { return busy_; }
    [[nodiscard]] bool used_up(int max_iterations) const {
        return since_change_ >= max_iterations || n_change_ > most_changes;
    }
    /// True once for every time the control has changed the equations.
    void settle_changes() {
        if (changed_) {
            changed_ = false;
            since_change_ = 0;
            ++n_change_;
            group_->stale_ = true;
        }
    }
    [[nodiscard]] std::size_t id() const { return id_; }

  private:
    [[nodiscard]] LaneArrays<T>& arrays() const { return group_->w_; }
    [[nodiscard]] std::size_t row(std::size_t bus) const { return at(group_->plan_.row[bus]); }
    [[nodiscard]] std::size_t place(std::size_t bus) const {
        return row(bus) * arrays().width() + id_;
    }
    void note_change() { changed_ = true; }
    void set_voltage(std::size_t here, double e, double f) {
        LaneArrays<T>& w = arrays();
        w.e[here] = e;
        w.f[here] = f;
        w.e_factor[here] = static_cast<T>(e);
        w.f_factor[here] = static_cast<T>(f);
    }
    void pull(std::size_t i) {
        const LaneArrays<T>& w = arrays();
        const std::size_t here = i * w.width() + id_;
        const double e = w.e[here];
        const double f = w.f[here];
        const double scale = 1 / std::sqrt(w.inv_vm2[i] * (e * e + f * f));
        set_voltage(here, e * scale, f * scale);
    }

    ControlledGroup* group_;
    std::size_t id_;
    std::size_t slot_;
    std::size_t index_ = 0;
    int iterations_ = 0;
    int since_change_ = 0; // Newton steps
    int n_change_ = 0;
    bool busy_ = false;
    bool changed_ = false;
    std::vector<std::int32_t> parted_; // rows that differ in this lane
    std::vector<std::uint8_t> is_parted_;
};

template <class T>
ControlledGroup<T>::ControlledGroup(const Elimination& plan, const BusAdmittance& y,
                                    std::span<const double> vm_set, LaneKernels<T> kernels,
                                    std::size_t first_slot)
    : plan_{plan}, kernels_{kernels}, w_{plan, y, kernels.width} {
    for (std::size_t i = 0; i < plan.n_row; ++i) {
        const double vm = vm_set[at(plan.bus[i])];
        w_.inv_vm2[i] = 1 / (vm * vm);
    }
    lanes_.reserve(kernels.width);
    for (std::size_t l = 0; l < kernels.width; ++l) {
        lanes_.emplace_back(*this, l, first_slot + l);
    }
}

template <class T>
ControlledGroup<T>::~ControlledGroup() = default;

/// Puts every lane at V = 1 with nothing to do, so that lanes without a case compute with numbers.
template <class T>
void ControlledGroup<T>::clear() {
    const std::size_t w = width();
    std::fill_n(w_.e.get(), plan_.n_bus * w, 1.0);
    std::fill_n(w_.f.get(), plan_.n_bus * w, 0.0);
    std::fill_n(w_.e_factor.get(), plan_.n_bus * w, T{1});
    std::fill_n(w_.f_factor.get(), plan_.n_bus * w, T{0});
    std::fill_n(w_.p_set.get(), plan_.n_row * w, 0.0);
    std::fill_n(w_.q_set.get(), plan_.n_row * w, 0.0);
    std::fill_n(w_.is_pq.get(), plan_.n_row * w, T{0});
}

template <class T>
bool ControlledGroup<T>::take(Lane& lane, std::atomic<std::size_t>& next, std::size_t n_case,
                              LaneControl& control) {
    const std::size_t index = next.fetch_add(1, std::memory_order_relaxed);
    if (index >= n_case) {
        return false;
    }
    lane.take(index);
    control.begin(lane);
    lane.settle_changes();
    lane.pull_all();
    stale_ = true;
    return true;
}

/// Status of a lane after a step; `not_run` while it goes on or where its control gave up.
template <class T>
StepStatus ControlledGroup<T>::judge(Lane& lane, LaneControl& control, int max_iterations,
                                     bool& ended) {
    lane.count_step();
    const double mismatch_pu = w_.mismatch[lane.id()];
    ended = true;
    if (w_.pivot[lane.id()] < 0) {
        return StepStatus::singular_jacobian;
    }
    if (!std::isfinite(mismatch_pu)) {
        return StepStatus::not_finite;
    }
    const LaneVerdict verdict = control.judge(lane, mismatch_pu);
    lane.settle_changes();
    if (verdict == LaneVerdict::solved) {
        return StepStatus::converged;
    }
    if (verdict == LaneVerdict::go_on && lane.used_up(max_iterations)) {
        return StepStatus::iteration_limit;
    }
    ended = verdict == LaneVerdict::give_up;
    return StepStatus::not_run;
}

template <class T>
void ControlledGroup<T>::store(const Lane& lane, StepStatus status, BatchResult& result) const {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    result.outcome[lane.index()] = {.status = status,
                                    .iterations = lane.iterations(),
                                    .max_mismatch_pu = w_.mismatch[lane.id()]};
    std::complex<double>* const V = &result.V[lane.index() * plan_.n_bus];
    const bool solved = status == StepStatus::converged;
    for (std::size_t i = 0, here = lane.id(); i < plan_.n_bus; ++i, here += width()) {
        V[at(plan_.bus[i])] =
            solved ? std::complex{w_.e[here], w_.f[here]} : std::complex{nan, nan};
    }
}

template <class T>
void ControlledGroup<T>::solve(std::atomic<std::size_t>& next, std::size_t n_case,
                               LaneControl& control, int max_iterations, BatchResult& result) {
    clear();
    std::size_t n_busy = 0;
    for (Lane& lane : lanes_) {
        n_busy += take(lane, next, n_case, control) ? 1U : 0U;
    }
    while (n_busy > 0) {
        if (stale_) {
            kernels_.evaluate(w_.system);
            stale_ = false;
        }
        kernels_.newton_step(w_.system);
        for (Lane& lane : lanes_) {
            if (!lane.busy()) {
                continue;
            }
            bool ended = false;
            const StepStatus status = judge(lane, control, max_iterations, ended);
            if (ended) {
                store(lane, status, result);
                lane.let_go();
                stale_ = true;
                n_busy -= take(lane, next, n_case, control) ? 0U : 1U;
            }
        }
    }
}

template class ControlledGroup<float>;
template class ControlledGroup<double>;

} // namespace yuanwang::powerflow::batch
