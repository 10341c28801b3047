#include "engine/accounts/failure_account.hpp"

#include <algorithm>
#include <string>

namespace yuanwang::engine {

namespace {

constexpr std::size_t n_examined = 5;
constexpr std::size_t n_verdict = 3;

} // namespace

void FailureAccount::add(const EpochModel& model, const powerflow::Options& options,
                         StepRange steps, BlockData& data) {
    for (std::size_t t = 0; t < steps.count && found_.size() < n_examined; ++t) {
        if (data.states.outcome[t].status == StepStatus::converged) {
            continue;
        }
        const auto step = static_cast<std::uint32_t>(steps.first + t);
        FailedStep failed{
            step, powerflow::diagnose(model.grid, model.units.units, options, data.injections, t)};
        const std::size_t n = std::min(n_verdict, failed.diagnosis.causes.size());
        for (std::size_t k = 0; k < n; ++k) {
            const powerflow::Cause& cause = failed.diagnosis.causes[k];
            data.verdicts.push_back({step,
                                     {},
                                     cause.element,
                                     "cause_" + std::string{to_string(cause.kind)},
                                     cause.value,
                                     cause.usual});
        }
        found_.push_back(std::move(failed));
    }
}

} // namespace yuanwang::engine
