#include "dispatch/program/flow_program.hpp"

#include <algorithm>
#include <cmath>

#include "network/dc_reactance.hpp"
#include "network/topology.hpp"

namespace yuanwang::dispatch::program {
namespace {

/// Balances leave; the other rows of the block program keep their order.
void keep_rows(FlowProgram& program) {
    const LinearProgram& lp = program.block;
    const Layout& at = program.layout;
    program.row_of.assign(at.n_row(), FlowProgram::none);
    for (std::size_t r = 0; r < at.n_row(); ++r) {
        const bool of_a_step = r < at.n_step * at.rows_per_step();
        if (!of_a_step || r % at.rows_per_step() >= at.n_island) {
            program.row_of[r] = program.add_row(lp.row_lower[r], lp.row_upper[r]);
        }
    }
    program.n_kept = program.n_row();
    for (const auto* part : {&lp.within_steps, &lp.coupling}) {
        for (const Entry& entry : *part) {
            if (program.row_of[entry.row] != FlowProgram::none) {
                program.entries.push_back({program.row_of[entry.row], entry.column, entry.value});
            }
        }
    }
}

std::size_t find_first_bus(const System& system, std::size_t island) {
    std::size_t bus = 0;
    while (system.island(bus) != island) {
        ++bus;
    }
    return bus;
}

void add_nodes(const System& system, const FlowGrid& grid, const Block& block, std::size_t t,
               FlowProgram& program) {
    const LinearProgram& lp = program.block;
    const auto node = [&](std::size_t bus) { return program.node(t, grid.node_of(system, bus)); };
    for (std::size_t i = 0; i < system.n_bus; ++i) {
        program.row_lower[node(i)] += block.demand_mw(i, t);
        program.row_upper[node(i)] += block.demand_mw(i, t);
    }
    for (std::size_t i = 0; i < system.n_island && !block.loss_offset_mw.empty(); ++i) {
        const std::size_t row = node(find_first_bus(system, i));
        program.row_lower[row] += block.loss_offset_mw(i, t);
        program.row_upper[row] += block.loss_offset_mw(i, t);
    }
    const std::size_t n = program.layout.columns_per_step();
    for (std::size_t j = t * n; j < (t + 1) * n; ++j) {
        const std::size_t bus = lp.bus_of_column[j];
        if (bus != no_bus) {
            const double lost = block.loss_factor.empty() ? 0 : block.loss_factor(bus, t);
            program.entries.push_back({node(bus), j, lp.injection[j] * (1 - lost)});
        }
    }
    for (std::size_t i = 0; i < system.n_island; ++i) {
        program.upper[program.layout.u(t, i)] = 0; // each shed row stands for itself
    }
    for (std::size_t b = 0; b < system.sheds.size(); ++b) {
        const std::size_t column = program.add_column(0, system.sheds.p_max_mw[b],
                                                      system.dt_h * system.sheds.price_per_mwh[b]);
        program.entries.push_back({node(system.sheds.bus[b]), column, 1});
    }
}

void add_flows(const System& system, const FlowGrid& grid, std::size_t t, FlowProgram& program) {
    for (std::size_t k = 0; k < grid.size(); ++k) {
        const double limit_mw = grid.in_service[k] != 0 ? system.branches.limit_mw[k] : 0;
        const std::size_t column = program.add_column(-limit_mw, limit_mw, 0);
        if (grid.from[k] != grid.to[k]) {
            program.entries.push_back({program.node(t, grid.from[k]), column, -1});
            program.entries.push_back({program.node(t, grid.to[k]), column, 1});
        }
    }
    for (std::size_t l = 0; l < grid.loops.size(); ++l) {
        double shift = 0;
        for (const auto& [k, direction] : grid.loops[l]) {
            program.entries.push_back(
                {program.loop(t, l), program.flow(t, k), direction * grid.x_pu[k]});
            shift += direction * grid.shift_rad[k];
        }
        program.row_lower[program.loop(t, l)] = -network::base_mva * shift;
        program.row_upper[program.loop(t, l)] = -network::base_mva * shift;
    }
}

} // namespace

std::size_t FlowProgram::add_column(double from, double to, double price) {
    lower.push_back(from);
    upper.push_back(to);
    cost.push_back(price);
    return lower.size() - 1;
}

std::size_t FlowProgram::add_row(double from, double to) {
    row_lower.push_back(from);
    row_upper.push_back(to);
    return row_lower.size() - 1;
}

FlowGrid make_flow_grid(const network::Network& grid) {
    FlowGrid flow;
    for (const BusIdx i : rows<BusIdx>(grid.n_bus)) {
        flow.node.push_back(grid.node[i].row());
    }
    const network::Branches& branches = grid.branches;
    for (const BranchIdx k : rows<BranchIdx>(grid.n_branch())) {
        flow.from.push_back(grid.node[branches.from[k]].row());
        flow.to.push_back(grid.node[branches.to[k]].row());
        flow.x_pu.push_back(network::dc_reactance_pu(branches, k) * branches.ratio[k]);
        flow.shift_rad.push_back(branches.shift_rad[k]);
        flow.in_service.push_back(branches.in_service[k] ? 1 : 0);
    }
    for (const network::Loop& loop : network::find_loop_basis(grid)) {
        auto& steps = flow.loops.emplace_back();
        for (std::size_t n = 0; n < loop.branches.size(); ++n) {
            steps.push_back({loop.branches[n].row(), loop.direction[n]});
        }
    }
    return flow;
}

FlowProgram make_flow_program(const System& system, const FlowGrid& grid, const Block& block) {
    FlowProgram program;
    program.block = make_program(system, shape_of(block));
    write_block(system, block, program.block);
    program.layout = program.block.layout;
    program.n_node = system.n_bus;
    program.n_loop = grid.loops.size();
    program.n_shed = system.sheds.size();
    program.n_flow = grid.size();
    keep_rows(program);
    program.lower = program.block.lower;
    program.upper = program.block.upper;
    program.cost = program.block.cost;
    const std::size_t n_row = program.n_kept + block.n_step * (program.n_node + program.n_loop);
    program.row_lower.resize(n_row, 0);
    program.row_upper.resize(n_row, 0);
    for (std::size_t t = 0; t < block.n_step; ++t) {
        add_nodes(system, grid, block, t, program);
        add_flows(system, grid, t, program);
    }
    return program;
}

bool is_sound(const FlowProgram& program) {
    const auto is_number = [](double x) { return std::isfinite(x); };
    const auto is_known = [](double x) { return !std::isnan(x); };
    bool sound = is_sound(program.block) && std::ranges::all_of(program.cost, is_number) &&
                 std::ranges::all_of(program.row_lower, is_known) &&
                 std::ranges::all_of(program.row_upper, is_known);
    for (std::size_t j = 0; j < program.n_column(); ++j) {
        sound = sound && program.lower[j] <= program.upper[j];
    }
    return sound;
}

void read_schedule(const FlowProgram& program, const double* x, Solution& solution) {
    const Layout& at = program.layout;
    solution.generation_mw.reshape(at.n_generator, at.n_step);
    solution.charge_mw.reshape(at.n_storage, at.n_step);
    solution.discharge_mw.reshape(at.n_storage, at.n_step);
    solution.spill_mw.reshape(at.n_storage, at.n_step);
    solution.stored_mwh.reshape(at.n_storage, at.n_step);
    solution.shed_mw.reshape(program.n_shed, at.n_step);
    solution.account.reshape(at.n_account, at.n_step);
    for (std::size_t t = 0; t < at.n_step; ++t) {
        std::copy_n(x + at.g(t, 0), at.n_generator, solution.generation_mw.step(t).begin());
        std::copy_n(x + at.c(t, 0), at.n_storage, solution.charge_mw.step(t).begin());
        std::copy_n(x + at.d(t, 0), at.n_storage, solution.discharge_mw.step(t).begin());
        std::copy_n(x + at.w(t, 0), at.n_storage, solution.spill_mw.step(t).begin());
        std::copy_n(x + at.e(t, 0), at.n_storage, solution.stored_mwh.step(t).begin());
        std::copy_n(x + at.x(t, 0), at.n_account, solution.account.step(t).begin());
        std::copy_n(x + program.shed(t, 0), program.n_shed, solution.shed_mw.step(t).begin());
    }
}

} // namespace yuanwang::dispatch::program
