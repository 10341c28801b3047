#include "engine/explanations.hpp"

#include <algorithm>
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
constexpr double gave_way_mw = 1e-6;

bool gave_way(const Series& series) {
    return std::ranges::any_of(series.values(), [](double mw) { return mw > gave_way_mw; });
}

/// Whose row of the dispatch table it is.
class Names {
  public:
    explicit Names(const EpochModel& model) : model_{model}, system_{*model.system} {
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
            return {fmt::format("account_{}", row + 1),
                    {fmt::format("deferrable work {}", row + 1),
                     fmt::format("可延后工作 {}", row + 1)}};
        case RowFamily::thermal_minimum:
            return {"thermal_minimum", {"the thermal minimum of the city", "全市火电最小出力"}};
        }
        return {};
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

    const EpochModel& model_;
    const System& system_;
    std::vector<std::pair<std::string, Name>> loads_;
};

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
    }
    return {};
}

Explained put_into_words(const dispatch::Explanation& explanation, const Names& names,
                         const TimeAxis& time, StepRange steps) {
    Explained block{.first_step = static_cast<std::uint32_t>(steps.first),
                    .n_step = static_cast<std::uint32_t>(steps.count),
                    .from = to_beijing_text(time.at(steps.first))};
    for (const dispatch::BrokenLimit& limit : explanation.broken) {
        const RowFamily family = limit.what == Broken::deadline  ? RowFamily::account
                                 : limit.what == Broken::minimum ? RowFamily::thermal_minimum
                                                                 : RowFamily::island;
        const Names::Row row = names.find(family, limit.row);
        Explained::Broken broken{
            .what = std::string{to_string(limit.what)},
            .element = row.id,
            .first_step = static_cast<std::uint32_t>(steps.first + limit.first_step),
            .last_step = static_cast<std::uint32_t>(steps.first + limit.last_step),
            .mwh = limit.mwh,
            .peak_mw = limit.peak_mw};
        broken.text =
            describe(broken, limit.what, row.name, to_beijing_text(time.at(broken.first_step)),
                     to_beijing_text(time.at(broken.last_step + 1)));
        block.broken.push_back(std::move(broken));
    }
    for (const Why& why : explanation.causes) {
        const Names::Row row = names.find(why.family, why.row);
        block.causes.push_back({.kind = std::string{to_string(why.kind)},
                                .element = row.id,
                                .score = why.score,
                                .relax_by = why.relax_by,
                                .value = why.value,
                                .corrected = why.corrected,
                                .text = describe(why, row.name)});
    }
    return block;
}

} // namespace

void ExplanationAccount::add(const EpochModel& model, const TimeAxis& time, StepRange steps,
                             const BlockData& data) {
    if (!gave_way(data.schedule.unserved_mw) && !gave_way(data.schedule.backed_down_mw)) {
        return;
    }
    found_.relaxed_blocks += 1;
    if (found_.blocks.size() >= most_explained) {
        return;
    }
    const Names names(model);
    found_.blocks.push_back(
        put_into_words(dispatch::explain(model.dispatch.rows, data.dispatch_input,
                                         data.state_before, names.list_loads(data.demand)),
                       names, time, steps));
}

} // namespace yuanwang::engine
