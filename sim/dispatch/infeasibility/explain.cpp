#include "dispatch/infeasibility/explain.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "dispatch/infeasibility/explain_program.hpp"

namespace yuanwang::dispatch {

namespace {

constexpr double broken_mwh = 1e-4; ///< less is rounding
constexpr double slip = 1000;       ///< kW for MW, MW for GW
constexpr double far_off = 0.02;    ///< of its peers: out of their range
constexpr double most_of_peak = 3;  ///< of the peak it serves: no plant, tie or minimum has more
constexpr double own_share = 0.3;   ///< of its peak: an island that feeds itself has more
/// A limit of the network gives way before load does, as in a plan.
constexpr Elastic everything{
    .unserved = 1, .excess = 1, .minimum = 1, .deadline = 1, .overload = 0.5};

// What broke

struct Tally {
    Broken what;
    std::size_t row;
    std::function<double(std::size_t)> mw;
};

void note_broken(const Tally& tally, const BlockInput& input, std::vector<BrokenLimit>& broken) {
    BrokenLimit limit{.what = tally.what, .row = tally.row, .first_step = input.n_step};
    const double dt_h = tally.what == Broken::deadline ? 1 : input.dt_h; // accounts count units
    for (std::size_t t = 0; t < input.n_step; ++t) {
        const double mw = tally.mw(t);
        if (mw > broken_mwh) {
            limit.first_step = std::min(limit.first_step, t);
            limit.last_step = t;
            limit.mwh += dt_h * mw;
            limit.peak_mw = std::max(limit.peak_mw, mw);
        }
    }
    if (limit.mwh > broken_mwh) {
        broken.push_back(limit);
    }
}

void note_overloads(const BlockInput& input, const GivenWay& given,
                    std::vector<BrokenLimit>& broken) {
    for (const LimitAt& at : given.overloads) {
        auto it = std::ranges::find_if(broken, [&](const BrokenLimit& limit) {
            return limit.what == Broken::overload && limit.row == at.limit &&
                   limit.outage == at.outage;
        });
        if (it == broken.end()) {
            it = broken.insert(broken.end(), {.what = Broken::overload,
                                              .row = at.limit,
                                              .outage = at.outage,
                                              .first_step = at.step,
                                              .last_step = at.step});
        }
        it->first_step = std::min(it->first_step, at.step);
        it->last_step = std::max(it->last_step, at.step);
        it->mwh += at.overload_mw * input.dt_h;
        it->peak_mw = std::max(it->peak_mw, at.overload_mw);
    }
}

std::vector<BrokenLimit> list_broken(const Table& table, const BlockInput& input,
                                     const GivenWay& given) {
    std::vector<BrokenLimit> broken;
    for (std::size_t i = 0; i < table.n_island; ++i) {
        note_broken({Broken::unserved, i, [&](std::size_t t) { return given.unserved_mw(i, t); }},
                    input, broken);
        note_broken({Broken::excess, i, [&](std::size_t t) { return given.excess_mw(i, t); }},
                    input, broken);
    }
    note_broken({Broken::minimum, 0, [&](std::size_t t) { return given.minimum_mw[t]; }}, input,
                broken);
    for (std::size_t a = 0; a < table.accounts.size(); ++a) {
        note_broken({Broken::deadline, a, [&](std::size_t t) { return given.left(a, t); }}, input,
                    broken);
    }
    note_overloads(input, given, broken);
    std::ranges::stable_sort(broken, std::greater<>{}, &BrokenLimit::mwh);
    return broken;
}

double sum(const Series& series) {
    return std::reduce(series.values().begin(), series.values().end());
}

double largest(const Series& series, std::size_t row) {
    double most = 0;
    for (std::size_t t = 0; t < series.n_step(); ++t) {
        most = std::max(most, series(row, t));
    }
    return most;
}

// Sizes of things

/// What may be called on in an island at its best, MW.
double own_capacity(const Table& table, const BlockInput& input, std::size_t island) {
    double mw = 0;
    const auto add = [&](const auto& family, auto&& size_of) {
        for (std::size_t k = 0; k < family.size(); ++k) {
            mw += family.island[k] == island ? std::max(0.0, size_of(k)) : 0.0;
        }
    };
    add(table.must_run, [&](std::size_t k) { return largest(input.must_run_mw, k); });
    add(table.hydros, [&](std::size_t k) { return input.hydro_max_mw[k]; });
    add(table.thermals,
        [&](std::size_t k) { return table.thermals.units[k] * table.thermals.unit_p_max_mw[k]; });
    add(table.ties, [&](std::size_t k) { return table.ties.import_max_mw[k]; });
    add(table.storages,
        [&](std::size_t k) { return table.storages.batteries.p_discharge_max_mw[k]; });
    return mw;
}

double total_capacity(const Table& table, const BlockInput& input) {
    double mw = 0;
    for (std::size_t i = 0; i < table.n_island; ++i) {
        mw += own_capacity(table, input, i);
    }
    for (std::size_t k = 0; k < table.variables.size(); ++k) {
        mw += largest(input.variable_mw, k);
    }
    return mw;
}

double peak_demand(const BlockInput& input) {
    double most = 0;
    for (std::size_t t = 0; t < input.n_step; ++t) {
        const auto step = input.demand_mw.step(t);
        most = std::max(most, std::reduce(step.begin(), step.end()));
    }
    return most;
}

double median(std::vector<double> values) {
    if (values.empty()) {
        return 0;
    }
    std::ranges::nth_element(values,
                             values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

// Unit slips

/// A number that may have slipped: as it is, between what its like usually are, and the block with it corrected.
struct Suspect {
    RowFamily family;
    std::size_t row;
    double value;
    double least_usual;
    double most_usual;
    std::function<void(double factor, Table&, BlockInput&)> scale;
};

void scale_row(Series& series, std::size_t row, double factor) {
    for (std::size_t t = 0; t < series.n_step() && row < series.n_element(); ++t) {
        series(row, t) *= factor;
    }
}

class Suspects {
  public:
    Suspects(const Table& table, const BlockInput& input, const std::vector<NamedLoad>& loads)
        : table_{table}, input_{input} {
        add_loads(loads);
        add_thermals();
        add_ties();
        add_hydros();
        add_must_run();
        add_minimum();
    }
    [[nodiscard]] const std::vector<Suspect>& list() const { return list_; }

  private:
    using Scale = std::function<void(double, Table&, BlockInput&)>;

    /// Each number against the median of the others, and against the peak of what it serves.
    void add_family(RowFamily family, const std::vector<double>& values,
                    const std::vector<double>& peak_mw,
                    const std::function<Scale(std::size_t)>& scale) {
        for (std::size_t k = 0; k < values.size(); ++k) {
            std::vector<double> others = values;
            others.erase(others.begin() + static_cast<std::ptrdiff_t>(k));
            std::erase_if(others, [](double x) { return x <= 0; });
            const double peers = median(others);
            const double least = far_off * (peers > 0 ? std::min(peers, peak_mw[k]) : peak_mw[k]);
            const double most = peers > 0 ? std::min(peers / far_off, most_of_peak * peak_mw[k])
                                          : most_of_peak * peak_mw[k];
            if (values[k] > 0 && most > 0) {
                list_.push_back({family, k, values[k], least, most, scale(k)});
            }
        }
    }

    /// Peak demand of the island of each row.
    [[nodiscard]] std::vector<double> peaks_of(const std::vector<std::size_t>& islands) const {
        std::vector<double> peaks;
        for (const std::size_t i : islands) {
            peaks.push_back(largest(input_.demand_mw, i));
        }
        return peaks;
    }

    void add_loads(const std::vector<NamedLoad>& loads) {
        std::vector<double> peaks;
        for (const NamedLoad& load : loads) {
            peaks.push_back(load.p_mw.empty() ? 0 : std::ranges::max(load.p_mw));
        }
        const std::vector<double> capacity_mw(loads.size(), total_capacity(table_, input_));
        add_family(RowFamily::load, peaks, capacity_mw, [&](std::size_t k) {
            return [&load = loads[k]](double factor, Table&, BlockInput& in) {
                for (std::size_t t = 0; t < in.n_step; ++t) {
                    in.demand_mw(load.island, t) += (factor - 1) * load.p_mw[t];
                }
            };
        });
    }

    void add_thermals() {
        const Thermals& th = table_.thermals;
        add_family(RowFamily::thermal, th.unit_p_max_mw, peaks_of(th.island), [](std::size_t k) {
            return [k](double factor, Table& table, BlockInput& in) {
                table.thermals.unit_p_max_mw[k] *= factor;
                scale_row(in.thermal_max_mw, k, factor);
                if (table.thermals.unit_p_min_mw[k] > table.thermals.unit_p_max_mw[k]) {
                    table.thermals.unit_p_min_mw[k] *= factor;
                    scale_row(in.thermal_min_mw, k, factor);
                }
            };
        });
    }

    void add_ties() {
        add_family(RowFamily::tie, table_.ties.import_max_mw, peaks_of(table_.ties.island),
                   [](std::size_t k) {
                       return [k](double factor, Table& table, BlockInput&) {
                           table.ties.import_max_mw[k] *= factor;
                       };
                   });
        add_family(RowFamily::tie, table_.ties.firm_mw, peaks_of(table_.ties.island),
                   [](std::size_t k) {
                       return [k](double factor, Table& table, BlockInput&) {
                           table.ties.firm_mw[k] *= factor;
                       };
                   });
        add_family(RowFamily::tie, table_.ties.import_max_mw, peaks_of(table_.ties.island),
                   [](std::size_t k) { // both of one mind
                       return [k](double factor, Table& table, BlockInput&) {
                           table.ties.import_max_mw[k] *= factor;
                           table.ties.firm_mw[k] *= factor;
                       };
                   });
    }

    void add_hydros() {
        add_family(RowFamily::hydro, input_.hydro_max_mw, peaks_of(table_.hydros.island),
                   [](std::size_t k) {
                       return [k](double factor, Table&, BlockInput& in) {
                           in.hydro_max_mw[k] *= factor;
                       };
                   });
    }

    void add_must_run() {
        std::vector<double> peaks;
        for (std::size_t k = 0; k < table_.must_run.size(); ++k) {
            peaks.push_back(largest(input_.must_run_mw, k));
        }
        add_family(RowFamily::must_run, peaks, peaks_of(table_.must_run.island), [](std::size_t k) {
            return [k](double factor, Table&, BlockInput& in) {
                scale_row(in.must_run_mw, k, factor);
            };
        });
    }

    void add_minimum() {
        const double most_mw =
            input_.thermal_minimum_mw.empty() ? 0 : std::ranges::max(input_.thermal_minimum_mw);
        add_family(RowFamily::thermal_minimum, {most_mw}, {peak_demand(input_)}, [](std::size_t) {
            return [](double factor, Table&, BlockInput& in) {
                for (double& mw : in.thermal_minimum_mw) {
                    mw *= factor;
                }
            };
        });
    }

    const Table& table_;
    const BlockInput& input_;
    std::vector<Suspect> list_;
};

/// The factor that would bring a number out of its usual range back into it; none where it is within.
std::optional<double> find_slip(const Suspect& suspect) {
    const double factor = suspect.value < suspect.least_usual ? slip : 1 / slip;
    const bool off = suspect.value < suspect.least_usual || suspect.value > suspect.most_usual;
    const double corrected = suspect.value * factor;
    return off && corrected > suspect.least_usual && corrected < suspect.most_usual
               ? std::optional{factor}
               : std::nullopt;
}

void find_slips(const Table& table, const BlockInput& input, const State& state,
                const std::vector<NamedLoad>& loads, NetworkAsked& network,
                std::vector<Why>& causes) {
    const Suspects suspects(table, input, loads);
    for (const Suspect& suspect : suspects.list()) {
        const auto factor = find_slip(suspect);
        const bool named = std::ranges::any_of(causes, [&](const Why& why) {
            return why.family == suspect.family && why.row == suspect.row;
        });
        if (!factor || named) {
            continue;
        }
        Table corrected = table;
        BlockInput asked = input;
        suspect.scale(*factor, corrected, asked);
        const auto given = give_way(corrected, asked, state, everything, network);
        if (given && given->total_mw() < broken_mwh) {
            const double middle = std::sqrt(suspect.least_usual * suspect.most_usual);
            const double after = std::abs(std::log10(suspect.value * *factor / middle));
            causes.push_back({.kind = WhyKind::unit_slip,
                              .family = suspect.family,
                              .row = suspect.row,
                              .score = 0.98 - 0.01 * std::min(after, 4.0), // nearer to its like
                              .relax_by = 0,
                              .value = suspect.value,
                              .corrected = suspect.value * *factor});
        }
    }
}

// Signs

/// Numbers below zero that work as soon as they are above: a plant that draws, a load that feeds.
void find_wrong_signs(const Table& table, const BlockInput& input, const State& state,
                      const std::vector<NamedLoad>& loads, NetworkAsked& network,
                      std::vector<Why>& causes) {
    const auto try_turned = [&](RowFamily family, std::size_t row, double value,
                                const Table& turned, const BlockInput& asked) {
        const auto given = give_way(turned, asked, state, everything, network);
        if (given && given->total_mw() < broken_mwh) {
            causes.push_back({.kind = WhyKind::sign_slip,
                              .family = family,
                              .row = row,
                              .score = 0.99,
                              .value = value,
                              .corrected = -value});
        }
    };
    for (std::size_t k = 0; k < table.thermals.size(); ++k) {
        if (table.thermals.unit_p_max_mw[k] < 0) {
            Table turned = table;
            BlockInput asked = input;
            turned.thermals.unit_p_max_mw[k] *= -1;
            scale_row(asked.thermal_max_mw, k, -1);
            try_turned(RowFamily::thermal, k, table.thermals.unit_p_max_mw[k], turned, asked);
        }
    }
    for (std::size_t k = 0; k < table.must_run.size(); ++k) {
        double least_mw = 0;
        for (std::size_t t = 0; t < input.n_step; ++t) {
            least_mw = std::min(least_mw, input.must_run_mw(k, t));
        }
        if (least_mw < 0) {
            BlockInput asked = input;
            scale_row(asked.must_run_mw, k, -1);
            try_turned(RowFamily::must_run, k, least_mw, table, asked);
        }
    }
    for (std::size_t k = 0; k < loads.size(); ++k) {
        const double least_mw = loads[k].p_mw.empty() ? 0 : std::ranges::min(loads[k].p_mw);
        if (least_mw < 0) {
            BlockInput asked = input;
            for (std::size_t t = 0; t < input.n_step; ++t) {
                asked.demand_mw(loads[k].island, t) -= 2 * loads[k].p_mw[t];
            }
            try_turned(RowFamily::load, k, least_mw, table, asked);
        }
    }
}

// The other causes

NetworkAsked copper_plate(const Table& table) {
    return {.of = {}, .places = number_places(table), .known = {}};
}

double limit_mw(const AskedNetwork& network, const LimitAt& at) {
    const bool after = at.outage != program::no_outage;
    const Series& by_step = after ? network.block->emergency_mw : network.block->limit_mw;
    const std::vector<double>& constant =
        after ? network.limits->emergency_mw : network.limits->limit_mw;
    return by_step.empty() ? constant[at.limit] : by_step(at.limit, at.step);
}

/// Limits of the network: those that have to give way where nothing else does, most first; as part of everything that gives
/// way where they alone do not suffice.
void find_corridors(const Table& table, const BlockInput& input, const State& state,
                    NetworkAsked& network, std::vector<Why>& causes) {
    if (!network.of.is_there()) {
        return;
    }
    const bool sound_without = [&] {
        NetworkAsked plate = copper_plate(table);
        const auto given = give_way(table, input, state, everything, plate);
        return given && given->total_mw() < broken_mwh;
    }();
    auto given = give_way(table, input, state, {.overload = 1, .peak = true}, network);
    if (!given) {
        given = give_way(
            table, input, state,
            {.unserved = 10, .excess = 10, .minimum = 10, .deadline = 10, .overload = 1}, network);
    }
    std::map<std::pair<std::size_t, std::size_t>, LimitAt> worst;
    for (const LimitAt& at : given ? given->overloads : std::vector<LimitAt>{}) {
        LimitAt& most = worst.try_emplace({at.limit, at.outage}, at).first->second;
        most = at.overload_mw > most.overload_mw ? at : most;
    }
    if (worst.empty()) {
        return;
    }
    const auto cut = give_way(table, input, state, {.unserved = 1, .peak = true}, network);
    double shed_mw = 0;
    for (std::size_t i = 0; cut && i < table.n_island; ++i) {
        shed_mw += largest(cut->unserved_mw, i);
    }
    double most_mw = 0;
    for (const auto& [of, at] : worst) {
        most_mw = std::max(most_mw, at.overload_mw);
    }
    for (const auto& [of, at] : worst) {
        const double carries_mw = limit_mw(network.of, at);
        causes.push_back({.kind = WhyKind::narrow_corridor,
                          .family = RowFamily::limit,
                          .row = at.limit,
                          .score = (sound_without ? 0.94 : 0.54) + 0.01 * at.overload_mw / most_mw,
                          .relax_by = at.overload_mw,
                          .value = carries_mw,
                          .corrected = carries_mw + at.overload_mw,
                          .outage = at.outage,
                          .shed_mw = shed_mw});
    }
}

/// Left undone even with power without end.
void find_deadlines(const Table& table, const BlockInput& input, const State& state,
                    std::vector<Why>& causes) {
    NetworkAsked plate = copper_plate(table);
    const auto given = give_way(
        table, input, state,
        {.unserved = nearly_free, .excess = nearly_free, .minimum = nearly_free, .deadline = 1},
        plate);
    for (std::size_t a = 0; given && a < table.accounts.size(); ++a) {
        double left = 0;
        for (std::size_t t = 0; t < input.n_step; ++t) {
            left += given->left(a, t);
        }
        if (left > broken_mwh) {
            causes.push_back({.kind = WhyKind::impossible_deadline,
                              .family = RowFamily::account,
                              .row = a,
                              .score = 0.88,
                              .relax_by = left});
        }
    }
}

/// Which least output weighs most where too much has to run.
std::pair<RowFamily, std::size_t> name_minimum(const Table& table, const BlockInput& input,
                                               const GivenWay& given) {
    std::size_t worst = 0;
    double most_mw = -1;
    for (std::size_t t = 0; t < input.n_step; ++t) {
        double mw = given.minimum_mw[t];
        for (const double excess : given.excess_mw.step(t)) {
            mw += excess;
        }
        if (mw > most_mw) {
            most_mw = mw;
            worst = t;
        }
    }
    std::pair<RowFamily, std::size_t> heaviest{RowFamily::thermal_minimum, 0};
    double weight_mw = input.thermal_minimum_mw[worst];
    const auto weigh = [&](RowFamily family, std::size_t row, double mw) {
        if (mw > weight_mw) {
            weight_mw = mw;
            heaviest = {family, row};
        }
    };
    for (std::size_t k = 0; k < table.must_run.size(); ++k) {
        weigh(RowFamily::must_run, k, input.must_run_mw(k, worst));
    }
    for (std::size_t k = 0; k < table.hydros.size(); ++k) {
        weigh(RowFamily::hydro, k, input.hydro_base_mw[k]);
    }
    for (std::size_t k = 0; k < table.thermals.size() && !input.thermal_min_mw.empty(); ++k) {
        weigh(RowFamily::thermal, k, input.thermal_min_mw(k, worst));
    }
    return heaviest;
}

void find_minimums(const Table& table, const BlockInput& input, const State& state,
                   std::vector<Why>& causes) {
    NetworkAsked plate = copper_plate(table);
    const auto given = give_way(
        table, input, state,
        {.unserved = nearly_free, .excess = 1, .minimum = 1, .deadline = nearly_free}, plate);
    if (!given ||
        sum(given->excess_mw) + std::reduce(given->minimum_mw.begin(), given->minimum_mw.end()) <
            broken_mwh) {
        return;
    }
    // The minimums alone where that works, else together with output that has to run.
    Elastic elastic{.unserved = nearly_free, .minimum = 1, .deadline = nearly_free, .peak = true};
    auto least = give_way(table, input, state, elastic, plate);
    if (!least) {
        elastic.excess = 1;
        least = give_way(table, input, state, elastic, plate);
    }
    Why why{.kind = WhyKind::contradictory_minimum, .score = 0.86};
    std::tie(why.family, why.row) = name_minimum(table, input, *given);
    if (least) {
        const auto excess = least->excess_mw.values();
        why.relax_by = std::max(excess.empty() ? 0.0 : std::ranges::max(excess),
                                std::ranges::max(least->minimum_mw));
    }
    causes.push_back(why);
}

/// True where a neighbour has power and nobody to give it to: sources without load are no grid of their own.
bool stands_idle_beside(const Table& table, const BlockInput& input, std::size_t island) {
    for (std::size_t j = 0; j < table.n_island; ++j) {
        const double own_mw = own_capacity(table, input, j);
        if (j != island && own_mw > 0 && largest(input.demand_mw, j) < far_off * own_mw) {
            return true;
        }
    }
    return false;
}

/// Missing power, island by island: a source there, or a line to where there is some.
void find_shortages(const Table& table, const BlockInput& input, const State& state,
                    std::vector<Why>& causes) {
    NetworkAsked plate = copper_plate(table);
    const auto intrinsic = give_way(
        table, input, state,
        {.unserved = 1, .excess = nearly_free, .minimum = nearly_free, .deadline = nearly_free},
        plate);
    auto alone = give_way(table, input, state, {.unserved = 1, .peak = true}, plate);
    const bool suffices = alone.has_value();
    if (!suffices) {
        alone = give_way(
            table, input, state,
            {.unserved = 1, .excess = 1e-3, .minimum = 1e-3, .deadline = 1e-3, .peak = true},
            plate);
    }
    const auto joined = give_way(
        table, input, state,
        {.unserved = 1, .excess = 1, .minimum = 1, .deadline = 1, .moved = nearly_free}, plate);
    const bool a_line_works = table.n_island > 1 && joined && joined->total_mw() < broken_mwh;
    const double capacity_mw = total_capacity(table, input);
    for (std::size_t i = 0; intrinsic && alone && i < table.n_island; ++i) {
        const double shortfall_mw = largest(alone->unserved_mw, i);
        const bool whatever = largest(intrinsic->unserved_mw, i) >= broken_mwh;
        if (shortfall_mw < broken_mwh) {
            continue;
        }
        if (a_line_works) {
            const bool hardly_any =
                own_capacity(table, input, i) < own_share * largest(input.demand_mw, i) ||
                stands_idle_beside(table, input, i);
            causes.push_back({.kind = WhyKind::islanded_load,
                              .family = RowFamily::island,
                              .row = i,
                              .score = hardly_any ? 0.92 : 0.4,
                              .relax_by = shortfall_mw});
        }
        // A plant that is missing would also have kept a minimum the others cannot keep.
        const bool minimum_too = std::ranges::any_of(causes, [](const Why& why) {
            return why.kind == WhyKind::contradictory_minimum &&
                   why.family == RowFamily::thermal_minimum;
        });
        const double score = !whatever ? 0.5 : minimum_too ? 0.87 : 0.6;
        causes.push_back({.kind = WhyKind::missing_capacity,
                          .family = RowFamily::island,
                          .row = i,
                          .score = shortfall_mw < 5 * capacity_mw ? score : 0.3,
                          .relax_by = shortfall_mw});
    }
}

} // namespace

std::string_view to_string(Broken broken) {
    static constexpr std::array<std::string_view, 6> names = {"unserved", "excess",   "minimum",
                                                              "deadline", "overload", "reserve"};
    return names[static_cast<std::size_t>(broken)];
}

std::string_view to_string(WhyKind why) {
    static constexpr std::array<std::string_view, 8> names = {"missing_capacity",
                                                              "impossible_deadline",
                                                              "contradictory_minimum",
                                                              "islanded_load",
                                                              "unit_slip",
                                                              "narrow_corridor",
                                                              "sign_slip",
                                                              "reserve"};
    return names[static_cast<std::size_t>(why)];
}

Explanation explain(const Table& table, const BlockInput& input, const State& state,
                    const std::vector<NamedLoad>& loads, const AskedNetwork& network) {
    Explanation explanation;
    NetworkAsked asked{.of = network, .places = number_places(table), .known = {}};
    const auto given = give_way(table, input, state, everything, asked);
    if (!given) {
        return explanation;
    }
    explanation.broken = list_broken(table, input, *given);
    if (explanation.broken.empty()) {
        return explanation;
    }
    find_wrong_signs(table, input, state, loads, asked, explanation.causes);
    find_slips(table, input, state, loads, asked, explanation.causes);
    find_corridors(table, input, state, asked, explanation.causes);
    find_deadlines(table, input, state, explanation.causes);
    find_minimums(table, input, state, explanation.causes);
    find_shortages(table, input, state, explanation.causes);
    std::ranges::stable_sort(explanation.causes, std::greater<>{}, &Why::score);
    return explanation;
}

} // namespace yuanwang::dispatch
