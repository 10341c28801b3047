#include "models/storage/ageing.hpp"

#include <cassert>
#include <cmath>
#include <numeric>
#include <vector>

#include "models/storage/rainflow.hpp"

namespace yuanwang::models {
namespace {

constexpr double kelvin = 273.15;

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double duration_h(const SocHistory& history) {
    return history.soc.empty() ? 0.0 : static_cast<double>(history.soc.size() - 1) * history.dt_h;
}

/// Means of a column between any two places from its running sum.
class RangeMeans {
  public:
    explicit RangeMeans(std::span<const double> values) : sum_(values.size() + 1, 0.0) {
        std::partial_sum(values.begin(), values.end(), sum_.begin() + 1);
    }
    /// Mean from place `first` to place `last`, both included.
    [[nodiscard]] double operator()(std::size_t first, std::size_t last) const {
        return (sum_[last + 1] - sum_[first]) / static_cast<double>(last + 1 - first);
    }

  private:
    std::vector<double> sum_;
};

/// |dSOC/dt| averaged over the history, 1/h; what is slower than the threshold is rest: standing loss, top-up of it.
double mean_c_rate(const LfpAgeing& cell, const SocHistory& history) {
    double way = 0;
    for (std::size_t i = 1; i < history.soc.size(); ++i) {
        const double step = std::abs(history.soc[i] - history.soc[i - 1]);
        way += step >= cell.rest_below_c_rate * history.dt_h ? step : 0.0;
    }
    return way / duration_h(history);
}

} // namespace

double depth_stress(const XuAgeing& cell, double depth) {
    return depth > 0 ? 1.0 / (cell.depth_factor * std::pow(depth, -cell.depth_exponent) -
                              cell.depth_offset)
                     : 0.0;
}

double soc_stress(const XuAgeing& cell, double soc) {
    return std::exp(cell.soc_slope * (soc - cell.soc_reference));
}

double temperature_stress(const XuAgeing& cell, double temperature_c) {
    return std::exp(cell.temperature_slope * (temperature_c - cell.temperature_reference_c) *
                    (cell.temperature_reference_c + kelvin) / (temperature_c + kelvin));
}

double cycle_damage(const XuAgeing& cell, const SocHistory& history) {
    assert(history.soc.size() == history.temperature_c.size());
    const RangeMeans temperature_c(history.temperature_c);
    double damage = 0;
    for (const RainflowCycle& cycle : count_rainflow(history.soc)) {
        damage += cycle.count * depth_stress(cell, cycle.range) * soc_stress(cell, cycle.mean) *
                  temperature_stress(cell, temperature_c(cycle.first, cycle.last));
    }
    return damage;
}

double calendar_damage(const XuAgeing& cell, const SocHistory& history) {
    if (history.soc.size() < 2) {
        return 0;
    }
    return cell.calendar_per_s * duration_h(history) * 3600.0 *
           soc_stress(cell, mean(history.soc)) *
           temperature_stress(cell, mean(history.temperature_c));
}

double capacity_left(const XuAgeing& cell, double damage) {
    return cell.sei_share * std::exp(-cell.sei_rate * damage) +
           (1.0 - cell.sei_share) * std::exp(-damage);
}

double damage_at_capacity(const XuAgeing& cell, double capacity) {
    double low = 0;
    double high = -std::log(capacity); // the film only takes away: capacity_left(f) ≤ exp(−f)
    for (int i = 0; i < 60; ++i) {
        const double middle = 0.5 * (low + high);
        (capacity_left(cell, middle) > capacity ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

double graphite_potential_v(double soc) {
    const double x = 8.5e-3 + soc * (0.78 - 8.5e-3);
    return 0.6379 + 0.5416 * std::exp(-305.5309 * x) - 0.044 * std::tanh((x - 0.1958) / 0.1088) -
           0.1978 * std::tanh((x - 1.0571) / 0.0854) - 0.6875 * std::tanh((x + 0.0117) / 0.0529) -
           0.0175 * std::tanh((x - 0.5692) / 0.0875);
}

double calendar_rate(const LfpAgeing& cell, double temperature_c, double soc) {
    const double t_k = temperature_c + kelvin;
    return cell.calendar_factor *
           std::exp((cell.calendar_temperature_k +
                     cell.calendar_potential_k_per_v * graphite_potential_v(soc)) /
                    t_k);
}

double cycle_rate(const LfpAgeing& cell, double temperature_c, double depth, double c_rate) {
    const double t_k = temperature_c + kelvin;
    return (cell.cycle_base + cell.cycle_per_depth * depth + cell.cycle_per_c_rate * c_rate) *
           (std::exp(cell.cycle_cold_k / t_k) + std::exp(cell.cycle_hot_k / t_k));
}

double continue_power_law(double loss, double rate, double exponent, double dx) {
    return rate > 0 ? rate * std::pow(std::pow(loss / rate, 1.0 / exponent) + dx, exponent) : loss;
}

LfpState advance(const LfpAgeing& cell, const LfpState& state, const SocHistory& history) {
    assert(history.soc.size() == history.temperature_c.size());
    if (history.soc.size() < 2) {
        return state;
    }
    double calendar = 0;
    for (std::size_t i = 0; i < history.soc.size(); ++i) {
        calendar += calendar_rate(cell, history.temperature_c[i], history.soc[i]);
    }
    calendar /= static_cast<double>(history.soc.size());

    const RangeMeans temperature_c(history.temperature_c);
    const double c_rate = mean_c_rate(cell, history);
    double full_cycles = 0;
    double cycles = 0; // rate, weighted by equivalent full cycles
    for (const RainflowCycle& cycle : count_rainflow(history.soc)) {
        const double weight = cycle.count * cycle.range;
        full_cycles += weight;
        cycles +=
            weight * cycle_rate(cell, temperature_c(cycle.first, cycle.last), cycle.range, c_rate);
    }
    cycles = full_cycles > 0 ? cycles / full_cycles : 0.0;

    return {.calendar_loss = continue_power_law(state.calendar_loss, calendar,
                                                cell.calendar_exponent, duration_h(history) / 24.0),
            .cycle_loss =
                continue_power_law(state.cycle_loss, cycles, cell.cycle_exponent, full_cycles)};
}

double capacity_left(const LfpState& state) {
    return 1.0 - state.calendar_loss - state.cycle_loss;
}

} // namespace yuanwang::models
