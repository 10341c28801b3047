#include "scenario/schema/parts.hpp"

#include "scenario/schema/table.hpp"

namespace yuanwang::scenario {

RecordType make_forecast_type() {
    using F = dispatch::ForecastSettings;
    Table<F> t{"forecast", "What a plan is told about demand, wind, sun and external surplus."};
    t.word("method", &F::method, {"perfect", "persistence", "errors"},
           "`perfect` what will be, `persistence` the day before, `errors` what will be with drawn "
           "errors; but for `perfect` each step is dispatched again with what really came")
        .otherwise("perfect");
    t.number("spread", &F::spread, "errors: standard deviation of wind, sun and surplus, relative")
        .within(0, 2)
        .otherwise("0.15");
    t.number("spread_demand", &F::spread_demand, "errors: standard deviation of demand, relative")
        .within(0, 1)
        .otherwise("0.03");
    t.number("correlation", &F::correlation, "errors: from one hour to the next")
        .within(0, 1)
        .otherwise("0.9");
    t.integer("seed", &F::seed, "errors: another seed draws others")
        .within(0, 999999)
        .otherwise("1");
    return t.take();
}

} // namespace yuanwang::scenario
