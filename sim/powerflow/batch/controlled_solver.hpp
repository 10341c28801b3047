/// @file
/// Power flows side by side whose limits and controls act while they are solved.
///
/// A lane takes a case and asks its control what that is; after every Newton step the control looks at the lane and may
/// move injections, types of buses and admittances. Nothing waits for anything: a lane whose controls rest lets its case
/// go and takes the next one. A case knows nothing of its neighbours, so the answer is the same to the last bit for any
/// number of threads and lanes of one precision.
///
/// A case that meets a bad pivot, is not finite or does not converge is returned with that status, for another solver
/// to judge; the rest is unharmed.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "powerflow/batch/batch_solver.hpp"

namespace yuanwang::powerflow::batch {

/// A lane at work. Buses are those of `BusAdmittance`; per unit.
class LaneView {
  public:
    virtual ~LaneView() = default;
    /// 0 … n_slot − 1: no two lanes at work share one, so scratch by slot needs no lock.
    [[nodiscard]] virtual std::size_t slot() const = 0;
    [[nodiscard]] virtual std::size_t index() const = 0; ///< case
    [[nodiscard]] virtual int iterations() const = 0;    ///< Newton steps so far
    [[nodiscard]] virtual double e(std::size_t bus) const = 0;
    [[nodiscard]] virtual double f(std::size_t bus) const = 0;
    /// Power into the grid at the voltages of the latest step; for buses with a row.
    [[nodiscard]] virtual double p(std::size_t bus) const = 0;
    [[nodiscard]] virtual double q(std::size_t bus) const = 0;
    [[nodiscard]] virtual double p_set(std::size_t bus) const = 0;
    virtual void read_voltages(std::span<double> e, std::span<double> f) const = 0; ///< [n_bus]
    /// [n_bus]; left alone where a bus has no row.
    virtual void read_powers(std::span<double> p, std::span<double> q) const = 0;

    /// Sets all voltages. [n_bus]
    virtual void start(std::span<const std::complex<double>> V) = 0;
    /// Sets all schedules. [n_bus]
    virtual void schedule(std::span<const double> p_pu, std::span<const double> q_pu) = 0;
    virtual void set_p(std::size_t bus, double p_pu) = 0;
    virtual void set_q(std::size_t bus, double q_pu) = 0;
    /// From now on a bus `pv_or_pq` or `gauge` holds its voltage; it is put onto it. All do when a case is taken.
    virtual void hold(std::size_t bus) = 0;
    /// From now on the bus keeps its Q.
    virtual void release(std::size_t bus) = 0;
    /// Adds to Y in this lane until its case is let go. Precondition: the entry is there.
    virtual void change(const AdmittanceEntry& change) = 0;
};

enum class LaneVerdict : std::uint8_t {
    go_on,
    solved,
    give_up, ///< ends as `not_run`
};

/// What acts on lanes. With several threads it is called from all of them, never for one slot at a time.
class LaneControl {
  public:
    virtual ~LaneControl() = default;
    /// A lane takes a case: set voltages and schedule, types and changes. Voltages of buses that hold theirs are put
    /// onto it afterwards.
    virtual void begin(LaneView& lane) = 0;
    /// A Newton step is done; `mismatch_pu` is the largest of the lane, finite. `solved` writes the voltages as they are.
    [[nodiscard]] virtual LaneVerdict judge(LaneView& lane, double mismatch_pu) = 0;
};

class ControlledSolver {
  public:
    /// `type`, `vm_set` [n_bus]: the magnitude a bus holds where it does. `limits.max_iterations` count between changes
    /// of types or admittances; `tolerance_pu` is the control's affair.
    ControlledSolver(const BusAdmittance& y, std::span<const BusType> type,
                     std::span<const double> vm_set, const BatchOptions& options = {});
    ~ControlledSolver();
    ControlledSolver(ControlledSolver&&) noexcept;
    ControlledSolver& operator=(ControlledSolver&&) noexcept;

    /// Solves cases 0 … n_case − 1. Allocates nothing on one thread once `result` has the size.
    void solve(std::size_t n_case, LaneControl& control, BatchResult& result);

    /// Other values on the same pattern: same entries, in the same places.
    void set_admittance(const BusAdmittance& y);

    [[nodiscard]] std::size_t n_slot() const; ///< lanes of all threads
    [[nodiscard]] const Elimination& plan() const;
    [[nodiscard]] std::size_t bytes() const; ///< working set

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace yuanwang::powerflow::batch
