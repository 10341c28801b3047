/// @file
/// The program of unit_commitment.hpp in the hands of Clp and Cbc. Used by unit_commitment.cpp only.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <coin/ClpSimplex.hpp>

#include "dispatch/program/flow_program.hpp"
#include "dispatch/program/unit_commitment.hpp"

namespace yuanwang::dispatch::program {

class CommitmentProgram {
  public:
    CommitmentProgram(const System& system, const FlowGrid& grid, const Block& block,
                      const UnitGroups& groups, const UnitCounts& before,
                      std::span<const BindingBranch> limits = {});

    [[nodiscard]] bool sound() const { return is_sound(program_); }

    /// What a commitment costs, and where it dumps.
    struct Price {
        double cost = 0;       ///< with what is dumped at its price
        double dumped_mwh = 0; ///< output nobody takes: the least outputs are more than is asked
    };
    /// The optimum with z between 0 and N; none where there is none. `fractions` receives z.
    [[nodiscard]] std::optional<double> relax(Series& fractions);
    /// The optimum with z fixed; none where no schedule keeps the limits, or the times are not kept.
    [[nodiscard]] std::optional<Price> price(const UnitCounts& on);

    struct Exact {
        std::optional<UnitCounts> on; ///< none where nothing better was found
        double bound = 0;
        bool complete = false; ///< nothing left to look at
        int nodes = 0;
    };
    /// Branch and bound below `cost`.
    [[nodiscard]] Exact close(double cost, const CommitmentOptions& options);

    [[nodiscard]] int programs() const { return programs_; }

  private:
    void add_group(std::size_t group, const UnitCounts& before);
    void add_times(std::size_t group, const UnitCounts& before);
    void add_ramp(std::size_t group, const Block& block, const UnitCounts& before);
    void add_reserve(std::size_t group, const Block& block);
    void add_limit(const Block& block, const BindingBranch& at);
    /// Integers fixed as counted: z, and with it v and w.
    void fix(const UnitCounts& on);
    void add_dump();
    [[nodiscard]] bool solve();

    const System& system_;
    const FlowGrid& grid_;
    const UnitGroups& groups_;
    const UnitCounts& before_;
    FlowProgram program_;
    std::size_t n_step_;
    std::vector<std::size_t> z_; ///< column of group 0 in step 0 …, [n_group · n_step] by groups
    std::vector<std::size_t> v_;
    std::vector<std::size_t> w_;
    std::vector<std::size_t> dump_;
    ClpSimplex clp_;
    bool fresh_ = true;
    int programs_ = 0;
};

} // namespace yuanwang::dispatch::program
