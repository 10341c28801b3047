/// @file
/// The outages of one epoch: what each takes, by which name, and the remedial actions it sets off.
///
/// | kind        | takes                                                                              |
/// |-------------|------------------------------------------------------------------------------------|
/// | branch      | one circuit of a line, an impedance branch                                         |
/// | transformer | one unit with all its windings                                                     |
/// | generator   | one running unit of a plant, a block of a storage, a pole of an HVDC link; neither distributed PV nor external grids |
/// | busbar      | a bus: every branch that ends there, every unit and load on it                     |
/// | pair        | what `studies.n_1.pairs` lists, each mention one circuit, transformer unit or plant as a whole |
///
/// A remedial action (切机/切负荷) acts on every outage that takes a circuit, unit or source of its element: the sources
/// and loads it names trip with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "powerflow/batch/outage.hpp"
#include "results/outage_names.hpp"

namespace yuanwang::engine {

enum class OutageKind : std::uint8_t { branch, transformer, generator, busbar, pair };

struct N1Outages {
    std::vector<powerflow::batch::Outage> outage;
    std::vector<std::uint32_t> name; ///< row of `OutageNames`
    std::vector<OutageKind> kind;
    [[nodiscard]] std::size_t size() const { return outage.size(); }

    /// Loads that actions may trip: entry e of `LoadBuses` for every row of `OutageColumns`.
    std::vector<std::size_t> shed_entry;
};

/// All outages the study asks for, in the order of the table.
[[nodiscard]] N1Outages list_outages(const Study& study, const EpochModel& model,
                                     const OutageNames& names);

/// What the loads of `shed_entry` draw: their share of the load at their bus, as injected.
void fill_shed_loads(const N1Outages& outages, const EpochModel& model, const BlockData& data,
                     powerflow::batch::OutageColumns& shed);

} // namespace yuanwang::engine
