#include "sweep/portfolio/project_worth.hpp"

#include <cmath>
#include <limits>

namespace yuanwang::sweep {

double annuity_factor(double discount_rate, double life_y) {
    return discount_rate > 0 ? -std::expm1(-life_y * std::log1p(discount_rate)) / discount_rate
                             : life_y;
}

bool has_worth(const ProjectTerms& terms) {
    constexpr double rounding_y = 1e-9;
    return terms.capex_cny > 0 && terms.served_y >= 1.0 - rounding_y;
}

ProjectWorth weigh_project(const ProjectTerms& terms, double cost_cny, double discount_rate) {
    const double saved = -cost_cny / terms.served_y;
    const double npv = saved * annuity_factor(discount_rate, terms.life_y) - terms.capex_cny;
    return {.saved_cny_per_y = saved,
            .npv_cny = npv,
            .npv_per_cny = npv / terms.capex_cny,
            .payback_y =
                saved > 0 ? terms.capex_cny / saved : std::numeric_limits<double>::infinity()};
}

} // namespace yuanwang::sweep
