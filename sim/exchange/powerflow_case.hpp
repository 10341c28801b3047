/// @file
/// One power flow of a public case: a study of constant generators and loads, solved once, ready to print.
///
/// Without controls: voltages of PV buses held whatever the reactive power, taps and shunts as written, one unit balances.
/// That is what MATPOWER's `runpf` does by default. With controls: reactive limits, on-load taps and switched shunts act.
/// Solved to 1e-10 pu, or to the study's tolerance where round-off does not allow it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/status.hpp"
#include "powerflow/diagnosis.hpp"
#include "study/study.hpp"

namespace yuanwang::exchange {

struct PowerflowCase {
    struct Bus {
        std::string id;
        double vm_pu = 0;
        double va_degree = 0;
    };
    struct Branch {
        std::string id;
        std::string from; ///< bus ids
        std::string to;
        double p_from_mw = 0; ///< into the branch positive, at either end
        double q_from_mvar = 0;
        double p_to_mw = 0;
        double q_to_mvar = 0;
        double loading_percent =
            0; ///< larger apparent power of both ends, of the rating; NaN where there is none
    };
    struct Generator {
        std::string id;
        std::string bus;
        double p_mw = 0;
        double q_mvar = 0;
    };

    StepStatus status = StepStatus::not_run; ///< `doubtful`: see powerflow/plausibility.hpp
    int iterations = 0;
    double max_mismatch_pu = 0; ///< largest P or Q balance of a bus, on 100 MVA
    std::string worst_bus;      ///< where it sits
    double losses_mw = 0;       ///< of the branches: sum of p_from + p_to
    std::vector<Bus> buses;     ///< in the order of the case; NaN where the flow did not converge
    std::vector<Branch> branches;
    std::vector<Generator> generators;
    std::string lowest_bus; ///< of a doubtful solution
    double lowest_vm_pu = 0;
    std::size_t n_overload = 0;                    ///< branches above their rating
    std::size_t n_outside_band = 0;                ///< buses outside their voltage band
    std::optional<powerflow::Diagnosis> diagnosis; ///< where the flow did not converge
};

/// Solves the first step of a study whose injections are constant: generators, HVDC, static loads. Throws `InputError`
/// where it holds a device whose power follows from weather, time or dispatch.
[[nodiscard]] PowerflowCase solve_case(const engine::Study& study, bool controls);

/// `{status, lowest_bus (doubtful solutions), iterations, max_mismatch_pu, losses_mw, buses: […], branches: […], generators: […]}`, all digits; a number
/// that is not there is null.
[[nodiscard]] std::string to_json(const PowerflowCase& result);

} // namespace yuanwang::exchange
