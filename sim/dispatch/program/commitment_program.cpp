#include "dispatch/program/commitment_program.hpp"

#include <algorithm>
#include <cmath>

#include <coin/CbcModel.hpp>
#include <coin/CglMixedIntegerRounding2.hpp>
#include <coin/CglProbing.hpp>
#include <coin/OsiClpSolverInterface.hpp>

#include "dispatch/program/clp_load.hpp"

namespace yuanwang::dispatch::program {
namespace {

constexpr double dumps_mwh = 1e-6; ///< less is rounding

/// Above every price of the program: dumping is never worth it.
double find_dump_price(const System& system, const FlowProgram& program) {
    double dearest = 1;
    for (const double cost : program.cost) {
        dearest = std::max(dearest, std::abs(cost));
    }
    return 10 * dearest / std::max(system.dt_h, 1e-9);
}

/// Units that started (`sign` +1) or stopped (−1) in a step of the past.
double changed_before(const UnitCounts& before, std::size_t group, std::size_t step, int sign) {
    if (step == 0 || step >= before.n_step()) {
        return 0;
    }
    return std::max(0, sign * (before(group, step) - before(group, step - 1)));
}

} // namespace

CommitmentProgram::CommitmentProgram(const System& system, const FlowGrid& grid, const Block& block,
                                     const UnitGroups& groups, const UnitCounts& before,
                                     std::span<const BindingBranch> limits)
    : system_{system}, grid_{grid}, groups_{groups}, before_{before},
      program_{make_flow_program(system, grid, block)}, n_step_{block.n_step} {
    for (std::size_t i = 0; i < groups.size(); ++i) {
        add_group(i, before);
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
        add_times(i, before);
        add_ramp(i, block, before);
        add_reserve(i, block);
    }
    for (const BindingBranch& at : limits) {
        add_limit(block, at);
    }
    add_dump();
    if (sound()) {
        load(program_, clp_);
    }
}

/// Columns z, v, w and the rows band and change.
void CommitmentProgram::add_group(std::size_t i, const UnitCounts& before) {
    const double n_unit = groups_.units[i];
    auto& entries = program_.entries;
    for (std::size_t t = 0; t < n_step_; ++t) {
        const std::size_t z = program_.add_column(0, n_unit, system_.dt_h * groups_.idle_cost[i]);
        const std::size_t v = program_.add_column(0, n_unit, groups_.start_cost[i]);
        const std::size_t w = program_.add_column(0, n_unit, 0);
        z_.push_back(z);
        v_.push_back(v);
        w_.push_back(w);

        const std::size_t g = program_.layout.g(t, groups_.generator[i]);
        const std::size_t most = program_.add_row(-COIN_DBL_MAX, 0);
        entries.push_back({most, g, 1});
        entries.push_back({most, z, -groups_.unit_p_max_mw[i]});
        const std::size_t least = program_.add_row(0, COIN_DBL_MAX);
        entries.push_back({least, g, 1});
        entries.push_back({least, z, -groups_.unit_p_min_mw[i]});

        const double ran = t == 0 ? before(i, before.n_step() - 1) : 0;
        const std::size_t change = program_.add_row(ran, ran);
        entries.push_back({change, z, 1});
        entries.push_back({change, v, -1});
        entries.push_back({change, w, 1});
        if (t > 0) {
            entries.push_back({change, z_[z_.size() - 2], -1});
        }
    }
}

/// Rows up and down, with what changed before the block on the right.
void CommitmentProgram::add_times(std::size_t i, const UnitCounts& before) {
    const std::size_t past = before.n_step();
    const auto add = [&](std::size_t t, std::size_t span, const std::vector<std::size_t>& changes,
                         int sign) {
        double earlier = 0;
        for (std::size_t back = t + 1; back < span && back <= past + t; ++back) {
            earlier += changed_before(before, i, past + t - back, sign);
        }
        const double room = sign > 0 ? 0 : groups_.units[i];
        const std::size_t row = program_.add_row(-COIN_DBL_MAX, room - earlier);
        for (std::size_t back = 0; back < span && back <= t; ++back) {
            program_.entries.push_back({row, changes[i * n_step_ + t - back], 1});
        }
        program_.entries.push_back({row, z_[i * n_step_ + t], sign > 0 ? -1.0 : 1.0});
    };
    for (std::size_t t = 0; t < n_step_; ++t) {
        if (groups_.min_up_steps[i] > 1) {
            add(t, groups_.min_up_steps[i], v_, 1);
        }
        if (groups_.min_down_steps[i] > 1) {
            add(t, groups_.min_down_steps[i], w_, -1);
        }
    }
}

/// Rows rise and fall in the place of the plant's ramp, which knows all units or none.
void CommitmentProgram::add_ramp(std::size_t i, const Block& block, const UnitCounts& before) {
    const std::size_t ramp = groups_.ramp.empty() ? UnitGroups::none : groups_.ramp[i];
    if (ramp == UnitGroups::none) {
        return;
    }
    const double unit_mw = system_.ramps.limit_mw[ramp] / groups_.units[i];
    const double start_mw = start_up_mw(groups_, i, unit_mw);
    const double stop_mw = shut_down_mw(groups_, i, unit_mw);
    const bool known = !block.ramp_start_mw.empty() && !std::isnan(block.ramp_start_mw[ramp]);
    auto& entries = program_.entries;
    for (std::size_t t = 0; t < n_step_; ++t) {
        const std::size_t plain = program_.row_of[program_.layout.ramp(t, ramp)];
        program_.row_lower[plain] = -COIN_DBL_MAX;
        program_.row_upper[plain] = COIN_DBL_MAX;
        if (t == 0 && !known) {
            continue;
        }
        const double ran_mw = t == 0 ? block.ramp_start_mw[ramp] : 0;
        const double ran = t == 0 ? before(i, before.n_step() - 1) : 0;
        const std::size_t g = program_.layout.g(t, groups_.generator[i]);
        const std::size_t at = i * n_step_ + t;
        const std::size_t rise = program_.add_row(-COIN_DBL_MAX, ran_mw + unit_mw * ran);
        entries.push_back({rise, g, 1});
        entries.push_back({rise, v_[at], -start_mw});
        const std::size_t fall = program_.add_row(-COIN_DBL_MAX, -ran_mw);
        entries.push_back({fall, g, -1});
        entries.push_back({fall, z_[at], -unit_mw});
        entries.push_back({fall, w_[at], -stop_mw});
        if (t > 0) {
            const std::size_t g_before = program_.layout.g(t - 1, groups_.generator[i]);
            entries.push_back({rise, g_before, -1});
            entries.push_back({rise, z_[at - 1], -unit_mw});
            entries.push_back({fall, g_before, 1});
        }
    }
}

/// The requirement counts the room of all units, Σ −g ≥ asked − Σ p_max: what does not run leaves it.
void CommitmentProgram::add_reserve(std::size_t i, const Block& block) {
    if (groups_.reserve == UnitGroups::none) {
        return;
    }
    const std::size_t k = groups_.generator[i];
    for (std::size_t t = 0; t < n_step_; ++t) {
        const std::size_t row = program_.row_of[program_.layout.group(t, groups_.reserve)];
        const double most_mw = block.p_max_mw(k, t);
        program_.row_lower[row] += most_mw;
        program_.entries.push_back({row, z_[i * n_step_ + t], most_mw / groups_.units[i]});
    }
}

void CommitmentProgram::add_limit(const Block& block, const BindingBranch& at) {
    const RowLimits limits = find_row_limits(system_, block, at);
    const std::size_t row = program_.add_row(limits.lower_mw, limits.upper_mw);
    const std::size_t first = program_.layout.g(at.step, 0);
    for (std::size_t j = first; j < first + program_.layout.columns_per_step(); ++j) {
        if (const std::size_t bus = program_.block.bus_of_column[j]; bus != no_bus) {
            const double factor = find_row_factor(system_, at, bus) * program_.block.injection[j];
            program_.entries.push_back({row, j, factor});
        }
    }
    for (std::size_t b = 0; b < program_.n_shed; ++b) {
        program_.entries.push_back(
            {row, program_.shed(at.step, b), find_row_factor(system_, at, system_.sheds.bus[b])});
    }
    const double price = system_.dt_h * system_.branches.overload_price(at.outage);
    for (const double sign : {1.0, -1.0}) {
        if (std::isfinite(price)) {
            program_.entries.push_back({row, program_.add_column(0, overload_max_mw, price), sign});
        }
    }
}

void CommitmentProgram::add_dump() {
    const double price = system_.dt_h * find_dump_price(system_, program_);
    for (std::size_t t = 0; t < n_step_; ++t) {
        for (const std::size_t k : groups_.generator) {
            const std::size_t bus = system_.generators.bus[k];
            const std::size_t column = program_.add_column(0, COIN_DBL_MAX, price);
            program_.entries.push_back({program_.node(t, grid_.node_of(system_, bus)), column, -1});
            dump_.push_back(column);
        }
    }
}

bool CommitmentProgram::solve() {
    ++programs_;
    if (fresh_) {
        clp_.initialDualSolve();
        fresh_ = false;
    } else {
        clp_.dual();
    }
    return clp_.status() == 0;
}

std::optional<double> CommitmentProgram::relax(Series& fractions) {
    for (const auto* columns : {&z_, &v_, &w_}) {
        for (const std::size_t column : *columns) {
            clp_.setColumnBounds(static_cast<int>(column), program_.lower[column],
                                 program_.upper[column]);
        }
    }
    if (!solve()) {
        return std::nullopt;
    }
    fractions.reshape(groups_.size(), n_step_);
    for (std::size_t i = 0; i < groups_.size(); ++i) {
        for (std::size_t t = 0; t < n_step_; ++t) {
            fractions(i, t) = clp_.primalColumnSolution()[z_[i * n_step_ + t]];
        }
    }
    return clp_.objectiveValue();
}

void CommitmentProgram::fix(const UnitCounts& on) {
    for (std::size_t i = 0; i < groups_.size(); ++i) {
        int ran = before_(i, before_.n_step() - 1);
        for (std::size_t t = 0; t < n_step_; ++t) {
            const std::size_t at = i * n_step_ + t;
            const int started = std::max(0, on(i, t) - ran);
            const int stopped = std::max(0, ran - on(i, t));
            clp_.setColumnBounds(static_cast<int>(z_[at]), on(i, t), on(i, t));
            clp_.setColumnBounds(static_cast<int>(v_[at]), started, started);
            clp_.setColumnBounds(static_cast<int>(w_[at]), stopped, stopped);
            ran = on(i, t);
        }
    }
}

std::optional<CommitmentProgram::Price> CommitmentProgram::price(const UnitCounts& on) {
    fix(on);
    if (!solve()) {
        return std::nullopt;
    }
    Price price{.cost = clp_.objectiveValue()};
    for (const std::size_t column : dump_) {
        price.dumped_mwh += system_.dt_h * clp_.primalColumnSolution()[column];
    }
    if (price.dumped_mwh < dumps_mwh) {
        price.dumped_mwh = 0;
    }
    return price;
}

CommitmentProgram::Exact CommitmentProgram::close(double cost, const CommitmentOptions& options) {
    OsiClpSolverInterface solver;
    solver.messageHandler()->setLogLevel(0);
    solver.loadProblem(make_matrix(program_), program_.lower.data(), program_.upper.data(),
                       program_.cost.data(), program_.row_lower.data(), program_.row_upper.data());
    for (const std::size_t column : z_) {
        solver.setInteger(static_cast<int>(column));
    }
    CbcModel model(solver);
    model.setLogLevel(0);
    model.messageHandler()->setLogLevel(0);
    model.solver()->messageHandler()->setLogLevel(0);
    CglProbing probing;
    probing.setUsingObjective(1);
    model.addCutGenerator(&probing, -1, "probing");
    CglMixedIntegerRounding2 rounding;
    model.addCutGenerator(&rounding, -1, "rounding");
    model.setMaximumNodes(options.max_nodes);
    model.setAllowableFractionGap(options.closed_gap);
    model.setAllowableGap(options.closed_gap * std::max(1.0, std::abs(cost)));
    model.setCutoff(cost);
    model.initialSolve();
    model.branchAndBound();

    Exact exact{.complete = model.status() == 0, .nodes = model.getNodeCount()};
    const double* x = model.bestSolution();
    if (x != nullptr) {
        exact.on.emplace(groups_.size(), n_step_);
        for (std::size_t i = 0; i < groups_.size(); ++i) {
            for (std::size_t t = 0; t < n_step_; ++t) {
                (*exact.on)(i, t) = static_cast<int>(std::lround(x[z_[i * n_step_ + t]]));
            }
        }
    }
    const double found = x != nullptr ? model.getObjValue() : cost;
    const double slack = options.closed_gap * std::max(1.0, std::abs(found));
    exact.bound =
        exact.complete ? found - slack : std::min(model.getBestPossibleObjValue(), found - slack);
    return exact;
}

} // namespace yuanwang::dispatch::program
