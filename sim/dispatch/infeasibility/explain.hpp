/// @file
/// Why a block could not be dispatched as asked: what broke, by how much, the likely causes in order, and for each the
/// smallest change that works.
///
/// The block is asked again as a linear program whose balances and limits may give way (explain_program.hpp); the least sum
/// of what gives way is what broke:
///
/// | broken   | what gives way                                         |
/// |----------|--------------------------------------------------------|
/// | unserved | demand of an island                                    |
/// | excess   | power that has to run and nobody can take              |
/// | minimum  | thermal output asked for beyond what the plants can do |
/// | deadline | work or heat of an account that cannot be settled      |
/// | overload | a limit of the network, also after an outage           |
/// | reserve  | power a plan was to keep free; noted by who planned    |
///
/// Causes are tried one by one; one counts where the block works once it alone is relaxed.
///
/// | cause                 | tried                                                        | smallest relaxation        |
/// |-----------------------|--------------------------------------------------------------|----------------------------|
/// | missing capacity      | a source in the island                                       | MW of it                   |
/// | impossible deadline   | work left undone                                             | MWh of it                  |
/// | contradictory minimum | least outputs lowered                                        | MW by which                |
/// | islanded load         | a line to another island                                     | MW it has to carry         |
/// | unit slip             | one number times or by 1000 that is far off its peers        | the number as it should be |
/// | sign slip             | one number below zero above it                               | the number as it should be |
/// | narrow corridor       | limits of the network                                        | MW more of the limit, or MW of load less |
///
/// A number has slipped too far up or too far down: a plant in kW, an import limit in GW.
///
/// **Order.** A sign slip comes first where one number explains everything, then a unit slip where one number out of its peers' range explains everything and its corrected value lies
/// within it; then limits of the network where the block works without any of them; then an island with hardly any source of its own, or beside one of sources without load, that
/// could be fed from there; what gives way even with
/// power without end (deadlines, minimums) before what more power would mend; missing capacity explains the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "dispatch/plan/optimal.hpp"
#include "dispatch/table.hpp"

namespace yuanwang::dispatch {

enum class Broken : std::uint8_t { unserved, excess, minimum, deadline, overload, reserve };
enum class WhyKind : std::uint8_t {
    missing_capacity,
    impossible_deadline,
    contradictory_minimum,
    islanded_load,
    unit_slip,
    narrow_corridor,
    sign_slip,
    reserve ///< of a plan; found by who planned, not by `explain`
};
/// Whose row a fault or cause names.
enum class RowFamily : std::uint8_t {
    island,
    load, ///< of the loads handed in
    must_run,
    variable,
    hydro,
    thermal,
    tie,
    storage,
    account,
    thermal_minimum, ///< of the whole city; row 0
    reserve,         ///< of the plan; row 0
    limit            ///< of the network
};
[[nodiscard]] std::string_view to_string(Broken broken);
[[nodiscard]] std::string_view to_string(WhyKind why);

/// A balance or limit that gave way, in the answer that breaks least.
struct BrokenLimit {
    Broken what = Broken::unserved;
    std::size_t row =
        0; ///< island (unserved, excess), account (deadline), limit (overload); 0 for minimum
    std::size_t outage = program::no_outage; ///< overload: after the loss of this limit's branch
    std::size_t first_step = 0;
    std::size_t last_step = 0;
    double mwh = 0; ///< units of the account where it is one of those
    double peak_mw = 0;
};

struct Why {
    WhyKind kind = WhyKind::missing_capacity;
    RowFamily family = RowFamily::island;
    std::size_t row = 0;
    double score = 0; ///< 0…1, how well it explains what broke
    double relax_by =
        0; ///< smallest relaxation that works: MW, MWh of work for a deadline; see the table above
    double value = 0;     ///< unit slip: the number as it is; corridor: MW it may carry
    double corrected = 0; ///< and as it should be; what is asked through it
    std::size_t outage = program::no_outage; ///< corridor: after the loss of this limit's branch
    double shed_mw =
        0; ///< corridor: load less, over its island in proportion, that would do too; 0: none
};

struct Explanation {
    std::vector<BrokenLimit> broken; ///< most energy first; empty: nothing broke
    std::vector<Why> causes;         ///< likeliest first
};

/// A load by name, as part of the demand of its island: what a unit slip may hide in.
struct NamedLoad {
    std::size_t island = 0;
    std::vector<double> p_mw; ///< [n_step]
};

/// The network of a block: limits as a plan has them, and what flows in its steps, the block's first.
struct AskedNetwork {
    const NetworkLimits* limits = nullptr; ///< none: a copper plate
    const NetworkBlock* block = nullptr;
    [[nodiscard]] bool is_there() const { return limits != nullptr && limits->size() > 0; }
};

/// Explains a block. `loads` may be empty: then a slip in a load is not looked for.
[[nodiscard]] Explanation explain(const Table& table, const BlockInput& input, const State& state,
                                  const std::vector<NamedLoad>& loads = {},
                                  const AskedNetwork& network = {});

} // namespace yuanwang::dispatch
