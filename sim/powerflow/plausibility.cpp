#include "powerflow/plausibility.hpp"

#include <cstddef>

namespace yuanwang::powerflow {

std::optional<LowestBus> find_doubt(std::span<const double> vm_pu, double losses_mw,
                                    double consumption_mw, double vm_doubtful_pu) {
    constexpr double low_pu = 0.9;
    std::optional<LowestBus> lowest;
    for (std::size_t i = 0; i < vm_pu.size(); ++i) {
        // a bus without voltage is de-energised; NaN compares false
        if (vm_pu[i] > 0 && (!lowest || vm_pu[i] < lowest->vm_pu)) {
            lowest = LowestBus{.bus = BusIdx{i}, .vm_pu = vm_pu[i]};
        }
    }
    if (!lowest || vm_doubtful_pu <= 0) {
        return std::nullopt;
    }
    const bool is_low = lowest->vm_pu < vm_doubtful_pu;
    const bool burns_more =
        consumption_mw > 0 && losses_mw > consumption_mw && lowest->vm_pu < low_pu;
    return is_low || burns_more ? lowest : std::nullopt;
}

} // namespace yuanwang::powerflow
