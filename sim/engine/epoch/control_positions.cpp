#include "engine/epoch/control_positions.hpp"

namespace yuanwang::engine {

powerflow::StartPositions ControlPositions::start(const EpochModel& model) const {
    powerflow::StartPositions start;
    const network::Taps& taps = model.grid.taps;
    const auto& transformers = model.axes.of(Axis::transformer);
    for (std::size_t k = 0; k < taps.size(); ++k) {
        const std::uint32_t row = transformers[taps.transformer[k].row()];
        const int scheduled = taps.position[k];
        start.taps.push_back(taps.on_load[k] ? taps_[row].value_or(scheduled) : scheduled);
    }
    const auto& shunts = model.axes.of(Axis::shunt);
    for (const ShuntIdx k : rows<ShuntIdx>(shunts.size())) {
        const int scheduled = model.grid.shunt_steps[k];
        start.shunts.push_back(model.grid.shunt_switched[k]
                                   ? shunts_[shunts[k.row()]].value_or(scheduled)
                                   : scheduled);
    }
    return start;
}

void ControlPositions::remember(const EpochModel& model, const powerflow::BlockStates& states) {
    const std::optional<powerflow::StartPositions> last = powerflow::last_positions(states);
    if (!last) {
        return;
    }
    const auto& transformers = model.axes.of(Axis::transformer);
    for (std::size_t k = 0; k < last->taps.size(); ++k) {
        taps_[transformers[model.grid.taps.transformer[k].row()]] = last->taps[k];
    }
    const auto& shunts = model.axes.of(Axis::shunt);
    for (std::size_t k = 0; k < last->shunts.size(); ++k) {
        shunts_[shunts[k]] = last->shunts[k];
    }
}

} // namespace yuanwang::engine
