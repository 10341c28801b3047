#include "engine/plan/explanations.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace yuanwang::engine {

namespace {

using dispatch::Broken;
using dispatch::RowFamily;
using dispatch::Why;
using dispatch::WhyKind;

constexpr std::size_t most_explained = 30;
constexpr std::size_t most_after_outage = 3;
constexpr double gave_way_mw = 1e-6;
constexpr double overloaded_mw = 0.01;
constexpr double missed_mw = 0.01;

bool gave_way(const Series& series) {
    return std::ranges::any_of(series.values(), [](double mw) { return mw > gave_way_mw; });
}

/// Whether a plan left a limit of the network broken, in the base state or after an outage.
bool is_overloaded(const dispatch::PlanOutcome* outcome, bool after_outage) {
    return outcome != nullptr &&
           std::ranges::any_of(outcome->binding, [&](const dispatch::program::BindingBranch& row) {
               return (row.outage != dispatch::program::no_outage) == after_outage &&
                      row.overload_mw > overloaded_mw;
           });
}

bool lacks_reserve(const dispatch::PlanOutcome* outcome) {
    return outcome != nullptr &&
           std::ranges::any_of(outcome->reserve_short_mw, [](double mw) { return mw > missed_mw; });
}

/// Reserve that a plan could not keep free, as a part of what broke and as its cause.
void note_reserve(const dispatch::BlockInput& input,
                  const ExplanationAccount::PlannedNetwork& network,
                  dispatch::Explanation& explanation) {
    if (network.outcome == nullptr) {
        return;
    }
    dispatch::BrokenLimit broken{.what = Broken::reserve, .first_step = input.n_step};
    double share = network.reserve_share;
    const std::vector<double>& short_mw = network.outcome->reserve_short_mw;
    for (std::size_t t = 0; t < short_mw.size(); ++t) {
        if (short_mw[t] <= missed_mw) {
            continue;
        }
        const auto demand = input.demand_mw.step(t);
        const double demand_mw = std::reduce(demand.begin(), demand.end());
        broken.first_step = std::min(broken.first_step, t);
        broken.last_step = t;
        broken.mwh += short_mw[t] * input.dt_h;
        broken.peak_mw = std::max(broken.peak_mw, short_mw[t]);
        share = std::min(share, network.reserve_share - short_mw[t] / demand_mw);
    }
    if (broken.peak_mw == 0) {
        return;
    }
    const bool alone = explanation.broken.empty();
    explanation.broken.push_back(broken);
    const Why why{.kind = WhyKind::reserve,
                  .family = RowFamily::reserve,
                  .score = alone ? 0.9 : 0.2,
                  .relax_by = broken.peak_mw,
                  .value = network.reserve_share,
                  .corrected = std::max(0.0, share)};
    explanation.causes.insert(alone ? explanation.causes.begin() : explanation.causes.end(), why);
}

/// Whether the thermal plants gave less than the city's minimum in a step.
bool misses_minimum(const dispatch::Thermals& thermals, const BlockData& data) {
    for (std::size_t t = 0; t < data.dispatch_input.n_step; ++t) {
        double mw = 0;
        for (std::size_t k = 0; k < thermals.size(); ++k) {
            mw += thermals.counts_as_thermal[k] ? data.schedule.thermal_mw(k, t) : 0.0;
        }
        if (mw < data.dispatch_input.thermal_minimum_mw[t] - missed_mw) {
            return true;
        }
    }
    return false;
}

/// Whose row of the dispatch table it is.
class Names {
  public:
    Names(const EpochModel& model, const NetworkRows* limits)
        : model_{model}, system_{*model.system}, limits_{limits} {
        visit_loads(system_.loads, [&](const LoadPlacement& loads) {
            for (std::size_t k = 0; k < loads.size(); ++k) {
                loads_.emplace_back(loads.id[k], loads.name[k]);
            }
        });
    }

    struct Row {
        std::string id;
        Name name;
    };

    [[nodiscard]] Row find(RowFamily family, std::size_t row) const {
        const Sources& s = system_.sources;
        switch (family) {
        case RowFamily::island:
            return find_island(row);
        case RowFamily::load:
            return row < loads_.size() ? Row{loads_[row].first, named(loads_[row])} : Row{};
        case RowFamily::must_run:
            return of(s.waste_to_energy, s.hvdc, row);
        case RowFamily::variable:
            return of(s.solar, s.wind, row);
        case RowFamily::hydro:
            return of(s.hydro, s.hydro, row);
        case RowFamily::thermal:
            return of(s.thermal, s.generators, row);
        case RowFamily::tie:
            return of(s.external_grids, s.external_grids, row);
        case RowFamily::storage:
            return of(system_.batteries, system_.batteries, row);
        case RowFamily::account:
            return find_account(row);
        case RowFamily::thermal_minimum:
            return {"thermal_minimum", {"the thermal minimum of the city", "全市火电最小出力"}};
        case RowFamily::reserve:
            return {"reserve_share", {"the reserve of the plan", "计划备用"}};
        case RowFamily::limit:
            return limits_ != nullptr ? find_branch(limits_->id(row)) : Row{};
        }
        return {};
    }

    /// The branch of a limit that is lost.
    [[nodiscard]] Row find_outage(std::size_t outage) const {
        return outage == dispatch::program::no_outage ? Row{} : find(RowFamily::limit, outage);
    }

    [[nodiscard]] std::vector<dispatch::NamedLoad> list_loads(const Demand& demand) const {
        std::vector<dispatch::NamedLoad> loads(demand.p_mw.n_element());
        std::vector<double> share(loads.size(), -1);
        for (const LoadBuses::Entry& entry : model_.load_buses.entries) {
            if (entry.load < loads.size() && entry.share > share[entry.load]) {
                share[entry.load] = entry.share;
                loads[entry.load].island = model_.dispatch.island_of_bus[entry.bus.row()];
            }
        }
        for (std::size_t k = 0; k < loads.size(); ++k) {
            for (std::size_t t = 0; t < demand.p_mw.n_step(); ++t) {
                loads[k].p_mw.push_back(demand.p_mw(k, t));
            }
        }
        return loads;
    }

  private:
    static Name named(const std::pair<std::string, Name>& element) {
        return element.second.en.empty() && element.second.zh.empty()
                   ? Name{element.first, element.first}
                   : element.second;
    }
    static Row of(const network::Elements& first, const network::Elements& second,
                  std::size_t row) {
        const bool in_first = row < first.size();
        const network::Elements& list = in_first ? first : second;
        const std::size_t k = in_first ? row : row - first.size();
        return k < list.size() ? Row{list.id[k], named({list.id[k], list.name[k]})} : Row{};
    }

    /// What moved load owes, by the first load that owes it.
    [[nodiscard]] Row find_account(std::size_t account) const {
        const std::size_t row = model_.dispatch.rows.accounts.rows[account].front();
        const std::size_t load = model_.dispatch.flexible.load[row];
        const Name name = named(loads_[load]);
        const auto owed = [&]() -> Name {
            switch (model_.dispatch.flexible.kind[row]) {
            case FlexibleKind::jobs:
                return {"deferrable work of " + name.en, name.zh + "的可延后作业"};
            case FlexibleKind::potline:
                return {"metal and bath heat of " + name.en, name.zh + "的产量与槽温"};
            case FlexibleKind::heating:
                return {"room heat of " + name.en, name.zh + "的室温"};
            case FlexibleKind::sewage:
                return {"the basins of " + name.en, name.zh + "的调节池"};
            case FlexibleKind::works:
                return {"the plan of output of " + name.en, name.zh + "的生产计划"};
            }
            return name;
        };
        return {loads_[load].first, owed()};
    }

    /// An island by its first written bus; the whole grid where there is but one.
    [[nodiscard]] Row find_island(std::size_t island) const {
        if (model_.dispatch.rows.n_island == 1) {
            return {"", {"the grid", "全网"}};
        }
        const network::Buses& buses = system_.grid.buses;
        for (std::size_t i = 0; i < buses.size(); ++i) {
            if (model_.dispatch.island_of_bus[i] == island) {
                return {buses.id[i],
                        {"the island of bus " + buses.id[i], "母线 " + buses.id[i] + " 所在孤岛"}};
            }
        }
        return {};
    }

    /// A line, transformer or section, with the word for what it is.
    [[nodiscard]] Row find_branch(const std::string& id) const {
        const network::Grid& grid = system_.grid;
        struct List {
            const network::Elements& elements;
            Name word;
        };
        for (const List& list :
             {List{grid.lines, {"line", "线路"}}, List{grid.branches, {"branch", "支路"}},
              List{grid.transformers, {"transformer", "变压器"}},
              List{grid.three_winding_transformers, {"transformer", "变压器"}},
              List{grid.sections, {"section", "断面"}}}) {
            const auto it = std::ranges::find(list.elements.id, id);
            if (it != list.elements.id.end()) {
                const auto k = static_cast<std::size_t>(it - list.elements.id.begin());
                const Name name = named({id, list.elements.name[k]});
                return {id,
                        {fmt::format("{} {} ({})", list.word.en, name.en, id),
                         fmt::format("{}{}（{}）", list.word.zh, name.zh, id)}};
            }
        }
        return {id, {id, id}};
    }

    const EpochModel& model_;
    const System& system_;
    const NetworkRows* limits_;
    std::vector<std::pair<std::string, Name>> loads_;
};

/// "X", or "X after the loss of Y".
Name after_loss(const Name& element, const Name& outage) {
    return outage.en.empty() ? element
                             : Name{element.en + " after the loss of " + outage.en,
                                    outage.zh + "退出后的" + element.zh};
}

Name describe(const Explained::Broken& broken, Broken what, const Name& element,
              const std::string& first, const std::string& last) {
    const auto text = [&](fmt::format_string<const std::string&, const std::string&,
                                             const std::string&, const double&, const double&>
                              form,
                          const std::string& name) {
        return fmt::format(form, first, last, name, broken.mwh, broken.peak_mw);
    };
    switch (what) {
    case Broken::unserved:
        return {text("{} to {}: {} lacks {:.2f} MWh, at most {:.2f} MW", element.en),
                text("{} 至 {}：{}缺电 {:.2f} MWh，最大 {:.2f} MW", element.zh)};
    case Broken::excess:
        return {text("{} to {}: {} cannot take {:.2f} MWh that have to run, at most {:.2f} MW",
                     element.en),
                text("{} 至 {}：{}无法消纳必发电量 {:.2f} MWh，最大 {:.2f} MW", element.zh)};
    case Broken::minimum:
        return {text("{} to {}: {} is missed by {:.2f} MWh, at most {:.2f} MW",
                     "a least thermal output"),
                text("{} 至 {}：{}欠 {:.2f} MWh，最大 {:.2f} MW", "火电最小出力")};
    case Broken::deadline:
        return {text("{} to {}: {} leaves {:.2f} undone, at most {:.2f} in a step", element.en),
                text("{} 至 {}：{}未完成 {:.2f}，单步最大 {:.2f}", element.zh)};
    case Broken::reserve:
        return {text("{} to {}: {} lacks {:.2f} MWh, at most {:.2f} MW", "the reserve of the plan"),
                text("{} 至 {}：{}缺 {:.2f} MWh，最大 {:.2f} MW", "计划备用")};
    case Broken::overload:
        return {
            text("{} to {}: {} carries {:.2f} MWh beyond its limit, at most {:.2f} MW", element.en),
            text("{} 至 {}：{}越限 {:.2f} MWh，最大 {:.2f} MW", element.zh)};
    }
    return {};
}

Name describe(const Why& why, const Name& element) {
    switch (why.kind) {
    case WhyKind::missing_capacity:
        return {fmt::format("capacity is missing: {:.2f} MW more in {} would do", why.relax_by,
                            element.en),
                fmt::format("电源容量不足：{}增加 {:.2f} MW 即可", element.zh, why.relax_by)};
    case WhyKind::impossible_deadline:
        return {fmt::format("a deadline cannot be kept: {:.2f} MWh of {} would have to be left out "
                            "or come due later",
                            why.relax_by, element.en),
                fmt::format("期限无法满足：{}须放弃或推迟 {:.2f} MWh", element.zh, why.relax_by)};
    case WhyKind::contradictory_minimum:
        return {fmt::format("least outputs contradict the rest: {:.2f} MW less of them would do, "
                            "first of all {}",
                            why.relax_by, element.en),
                fmt::format("最小出力相互矛盾：降低 {:.2f} MW 即可，首先是{}", why.relax_by,
                            element.zh)};
    case WhyKind::islanded_load:
        return {fmt::format("{} is cut off from sources that could feed it: a line of {:.2f} MW "
                            "would do",
                            element.en, why.relax_by),
                fmt::format("{}与可供电的电源隔开：一条 {:.2f} MW 的联络线即可", element.zh,
                            why.relax_by)};
    case WhyKind::unit_slip:
        return {
            fmt::format("a unit may have slipped: {} has {:.6g} MW, with {:.6g} everything works",
                        element.en, why.value, why.corrected),
            fmt::format("单位疑误：{}为 {:.6g} MW，改为 {:.6g} 则可行", element.zh, why.value,
                        why.corrected)};
    case WhyKind::sign_slip:
        return {fmt::format("a sign may be wrong: {} has {:.6g} MW, with {:.6g} everything works",
                            element.en, why.value, why.corrected),
                fmt::format("符号疑误：{}为 {:.6g} MW，改为 {:.6g} 则可行", element.zh, why.value,
                            why.corrected)};
    case WhyKind::reserve:
        return {
            fmt::format("the reserve asked for cannot be kept: {:.4g} of demand is asked, "
                        "{:.4g} would do ({:.2f} MW are missing)",
                        why.value, why.corrected, why.relax_by),
            fmt::format("备用要求无法满足：要求为负荷的 {:.4g}，降至 {:.4g} 即可（缺 {:.2f} MW）",
                        why.value, why.corrected, why.relax_by)};
    case WhyKind::narrow_corridor: {
        Name text{fmt::format("the network is in the way: {} can carry {:.2f} of {:.2f} MW asked "
                              "of it; {:.2f} MW more would do",
                              element.en, why.value, why.corrected, why.relax_by),
                  fmt::format("网络受限：{}可送 {:.2f} MW，需送 {:.2f} MW；限额提高 {:.2f} MW 即可",
                              element.zh, why.value, why.corrected, why.relax_by)};
        if (why.shed_mw > 0) {
            text.en +=
                fmt::format(", or {:.2f} MW less load, all loads in proportion", why.shed_mw);
            text.zh += fmt::format("，或全部负荷按比例减 {:.2f} MW", why.shed_mw);
        }
        return text;
    }
    }
    return {};
}

/// A row stands for circuits or units that are alike, which in the base state carry side by side.
void count_circuits(dispatch::Explanation& explanation, const NetworkRows& limits) {
    for (dispatch::BrokenLimit& limit : explanation.broken) {
        if (limit.what == Broken::overload && limit.outage == dispatch::program::no_outage) {
            limit.mwh *= limits.circuits(limit.row);
            limit.peak_mw *= limits.circuits(limit.row);
        }
    }
    for (Why& why : explanation.causes) {
        if (why.kind == WhyKind::narrow_corridor && why.outage == dispatch::program::no_outage) {
            why.relax_by *= limits.circuits(why.row);
            why.value *= limits.circuits(why.row);
            why.corrected *= limits.circuits(why.row);
        }
    }
}

/// Circuits of a line and units of a bank that are not alike are rows of their own. In the base state they carry side by side,
/// so what they carry adds up; after an outage only the one that is left counts.
void join_circuits(dispatch::Explanation& explanation, const NetworkRows* limits) {
    if (limits == nullptr) {
        return;
    }
    count_circuits(explanation, *limits);
    const auto id_of = [&](std::size_t row) {
        return row == dispatch::program::no_outage ? std::string{} : limits->id(row);
    };
    const auto join = [&](auto& list, auto is_limit, auto add) {
        auto end = list.begin();
        for (auto it = list.begin(); it != list.end(); ++it) {
            const auto same = std::find_if(list.begin(), end, [&](const auto& kept) {
                return is_limit(kept) && is_limit(*it) && id_of(kept.row) == id_of(it->row) &&
                       id_of(kept.outage) == id_of(it->outage);
            });
            if (same == end) {
                *end++ = *it;
            } else if (it->outage == dispatch::program::no_outage) {
                add(*same, *it);
            }
        }
        list.erase(end, list.end());
    };
    join(
        explanation.broken,
        [](const dispatch::BrokenLimit& limit) { return limit.what == Broken::overload; },
        [](dispatch::BrokenLimit& kept, const dispatch::BrokenLimit& more) {
            kept.first_step = std::min(kept.first_step, more.first_step);
            kept.last_step = std::max(kept.last_step, more.last_step);
            kept.mwh += more.mwh;
            kept.peak_mw += more.peak_mw;
        });
    join(
        explanation.causes, [](const Why& why) { return why.kind == WhyKind::narrow_corridor; },
        [](Why& kept, const Why& more) {
            kept.relax_by += more.relax_by;
            kept.value += more.value;
            kept.corrected += more.corrected;
        });
}

Explained put_into_words(const dispatch::Explanation& explanation, const Names& names,
                         const TimeAxis& time, StepRange steps) {
    Explained block{.first_step = static_cast<std::uint32_t>(steps.first),
                    .n_step = static_cast<std::uint32_t>(steps.count),
                    .from = to_beijing_text(time.at(steps.first))};
    for (const dispatch::BrokenLimit& limit : explanation.broken) {
        const RowFamily family = limit.what == Broken::deadline   ? RowFamily::account
                                 : limit.what == Broken::reserve  ? RowFamily::reserve
                                 : limit.what == Broken::minimum  ? RowFamily::thermal_minimum
                                 : limit.what == Broken::overload ? RowFamily::limit
                                                                  : RowFamily::island;
        const Names::Row row = names.find(family, limit.row);
        const Names::Row outage = names.find_outage(limit.outage);
        Explained::Broken broken{
            .what = std::string{to_string(limit.what)},
            .element = row.id,
            .first_step = static_cast<std::uint32_t>(steps.first + limit.first_step),
            .last_step = static_cast<std::uint32_t>(steps.first + limit.last_step),
            .mwh = limit.mwh,
            .peak_mw = limit.peak_mw,
            .outage = outage.id};
        broken.text = describe(broken, limit.what, after_loss(row.name, outage.name),
                               to_beijing_text(time.at(broken.first_step)),
                               to_beijing_text(time.at(broken.last_step + 1)));
        block.broken.push_back(std::move(broken));
    }
    for (const Why& why : explanation.causes) {
        const Names::Row row = names.find(why.family, why.row);
        const Names::Row outage = names.find_outage(why.outage);
        block.causes.push_back({.kind = std::string{to_string(why.kind)},
                                .element = row.id,
                                .score = why.score,
                                .relax_by = why.relax_by,
                                .value = why.value,
                                .corrected = why.corrected,
                                .outage = outage.id,
                                .shed_mw = why.shed_mw,
                                .text = describe(why, after_loss(row.name, outage.name))});
    }
    return block;
}

} // namespace

void ExplanationAccount::add(const EpochModel& model, const TimeAxis& time, StepRange steps,
                             const BlockData& data, const PlannedNetwork& network) {
    const bool beyond_outages =
        gave_way(data.schedule.unserved_mw) || gave_way(data.schedule.backed_down_mw) ||
        is_overloaded(network.outcome, false) || lacks_reserve(network.outcome) ||
        misses_minimum(model.dispatch.rows.thermals, data);
    if (!beyond_outages && !is_overloaded(network.outcome, true)) {
        return;
    }
    found_.relaxed_blocks += 1;
    n_after_outage_ += beyond_outages ? 0 : 1;
    if (found_.blocks.size() >= most_explained ||
        (!beyond_outages && n_after_outage_ > most_after_outage)) {
        return;
    }
    const Names names(model, network.rows);
    const dispatch::AskedNetwork asked =
        network.rows == nullptr ? dispatch::AskedNetwork{}
                                : dispatch::AskedNetwork{&network.rows->limits(), network.block};
    dispatch::Explanation explanation =
        dispatch::explain(model.dispatch.rows, data.dispatch_input, data.state_before,
                          names.list_loads(data.demand), asked);
    join_circuits(explanation, network.rows);
    note_reserve(data.dispatch_input, network, explanation);
    found_.blocks.push_back(put_into_words(explanation, names, time, steps));
}

} // namespace yuanwang::engine
