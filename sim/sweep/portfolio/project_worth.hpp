/// @file
/// What a project is worth: what it saves over its life, less what it costs.
///
///     NPV = s (1 − (1 + r)^−n)/r − C        s n − C at r = 0
///
///     s   saved a year: −(its Shapley value of cost_cny)/(years it serves within the run)          CNY/a
///     r   discount rate, `economics.discount_rate`                                                 1/a
///     n   life, `projects[…].life_y`                                                               a
///     C   investment, `projects[…].capex_cny`                                                      CNY
///
/// Every year of the life is taken to be like the run: no growth of demand, no upkeep of the project itself beyond what
/// cost_cny holds, no worth after its life. A project that serves less than a year of the run has no yearly saving: a
/// winter or a week says nothing about a year.
#pragma once

namespace yuanwang::sweep {

/// Sum of what a yuan a year is worth today over `life_y` years, a.
[[nodiscard]] double annuity_factor(double discount_rate, double life_y);

struct ProjectTerms {
    double capex_cny = 0;
    double life_y = 25;
    double served_y = 0; ///< within the run, years of 8760 h
};

struct ProjectWorth {
    double saved_cny_per_y = 0;
    double npv_cny = 0;
    double npv_per_cny = 0; ///< of the investment
    double payback_y =
        0; ///< investment over yearly saving, not discounted; infinite where nothing is saved
};

/// True where the terms allow a worth: an investment is given and the project serves for a year.
[[nodiscard]] bool has_worth(const ProjectTerms& terms);

/// `cost_cny` is what the project adds to the cost of the run (negative: saves).
[[nodiscard]] ProjectWorth weigh_project(const ProjectTerms& terms, double cost_cny,
                                         double discount_rate);

} // namespace yuanwang::sweep
