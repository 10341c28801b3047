#include "scenario/schema/parts.hpp"
#include "scenario/schema/table.hpp"
#include "study/study.hpp"

namespace yuanwang::scenario {

using namespace engine;

namespace {

RecordType make_contribution_type() {
    using C = FaultContribution;
    Table<C> t{"fault_contribution", "What one source feeds into a short circuit, where known."};
    t.reference("unit", &C::unit, source_lists(), "plant, external grid, HVDC or battery")
        .need()
        .any_epoch = true;
    t.number("sk_max_mva", &C::sk_max_mva,
             "external grid: largest short-circuit power at each of its buses, from its side")
        .positive();
    t.number("sk_min_mva", &C::sk_min_mva, "external grid: smallest").positive();
    t.number("r_over_x", &C::r_over_x, "external grid: resistance over reactance").within(0, 2);
    t.number("x_subtransient_percent", &C::x_subtransient_percent,
             "machine: saturated reactance on its rating")
        .within(3, 60);
    t.number("power_factor", &C::power_factor, "machine: rated").within(0.5, 1);
    t.number("transformer_uk_percent", &C::transformer_uk_percent,
             "machine: its unit transformer, on the rating of the machine; 0: none")
        .within(0, 40);
    t.number("converter_current_pu", &C::converter_current_pu,
             "converter: current into a fault over its rated one")
        .within(0, 3);
    t.finish([](Reader& reader, const Node& element, C& c) {
        if (c.sk_min_mva && c.sk_max_mva && *c.sk_min_mva > *c.sk_max_mva) {
            reader.add_fault(element, "sk_min_mva", "must not be above sk_max_mva");
        }
    });
    return t.take();
}

RecordType make_motor_type() {
    using M = MotorGroup;
    Table<M> t{"fault_motor", "Equal asynchronous motors at one bus that feed a short circuit."};
    t.id(&M::id);
    t.reference("bus", &M::bus, bus_lists(), "where they stand").need().any_epoch = true;
    t.number("p_mw", &M::p_mw, "rated mechanical power of one").need().positive();
    t.integer("count", &M::count, "equal ones").within(1, 10000).otherwise("1");
    t.number("power_factor", &M::power_factor, "rated").within(0.5, 1).otherwise("0.88");
    t.number("efficiency", &M::efficiency, "rated").within(0.5, 1).otherwise("0.96");
    t.number("locked_rotor_ratio", &M::locked_rotor_ratio, "locked-rotor over rated current")
        .within(2, 12)
        .otherwise("5");
    t.number("r_over_x", &M::r_over_x, "resistance over reactance").within(0, 1).otherwise("0.1");
    t.integer("pole_pairs", &M::pole_pairs, "pairs of poles").within(1, 20).otherwise("2");
    return t.take();
}

RecordType make_breaker_type() {
    Table<BreakerRating> t{"breaker", "What the breakers of a voltage level interrupt."};
    t.number("base_kv", &BreakerRating::base_kv, "nominal voltage of the buses").need().positive();
    t.number("rating_ka", &BreakerRating::rating_ka, "rated breaking current").need().positive();
    return t.take();
}

RecordType make_variant_type() {
    using V = SwitchingVariant;
    Table<V> t{"switching_variant", "A switching state whose fault levels stand beside."};
    t.id(&V::id);
    t.name("name", &V::name, "display name");
    t.references("open", &V::open, branch_lists(), "lines and transformers taken out")
        .need()
        .any_epoch = true;
    return t.take();
}

} // namespace

RecordType make_short_circuit_type() {
    static const RecordType contribution = make_contribution_type();
    static const RecordType motor = make_motor_type();
    static const RecordType breaker = make_breaker_type();
    static const RecordType variant = make_variant_type();
    using S = ShortCircuitSettings;
    Table<S> t{"short_circuit",
               "Fault levels and short-circuit ratios. The defaults are planning assumptions."};
    t.word("method", &S::method, {"none", "iec60909"},
           "`iec60909`: every bus (GB/T 15544), ratios of wind and solar stations hour by hour")
        .otherwise("iec60909");
    t.number("breaking_time_s", &S::breaking_time_s, "least time until contacts part")
        .within(0, 10)
        .otherwise("0.1");
    t.number("thermal_time_s", &S::thermal_time_s, "duration of the thermal current")
        .within(0.01, 10)
        .otherwise("1");
    t.number("feeder_max_ka", &S::feeder_max_ka,
             "external grids: largest current at each of their buses")
        .positive()
        .up_to(200)
        .otherwise("25");
    t.number("feeder_min_ka", &S::feeder_min_ka, "external grids: smallest")
        .positive()
        .up_to(200)
        .otherwise("15");
    t.number("feeder_r_over_x", &S::feeder_r_over_x, "external grids")
        .within(0, 2)
        .otherwise("0.1");
    t.number("x_subtransient_percent", &S::x_subtransient_percent,
             "machines: saturated reactance on their rating")
        .within(3, 60)
        .otherwise("20");
    t.number("power_factor", &S::power_factor, "machines: rated").within(0.5, 1).otherwise("0.9");
    t.number("transformer_uk_percent", &S::transformer_uk_percent,
             "unit transformers, on the rating of the machine; 0: none")
        .within(0, 40)
        .otherwise("14");
    t.number("converter_current_pu", &S::converter_current_pu,
             "converters: current into a fault over the rated one")
        .within(0, 3)
        .otherwise("1.1");
    t.number("ratio_limit", &S::ratio_limit,
             "multi-infeed short-circuit ratio below which a station counts as weak")
        .within(0, 20)
        .otherwise("1.5");
    t.records("contributions", &S::contributions, contribution, "sources of which more is known");
    t.records("motors", &S::motors, motor, "motors that feed a fault");
    t.records("breakers", &S::breakers, breaker, "ratings by voltage level");
    t.records("variants", &S::variants, variant, "switching states to compare");
    t.finish([](Reader& reader, const Node& element, S& s) {
        if (s.feeder_min_ka > s.feeder_max_ka) {
            reader.add_fault(element, "feeder_min_ka", "must not be above feeder_max_ka");
        }
    });
    return t.take();
}

} // namespace yuanwang::scenario
