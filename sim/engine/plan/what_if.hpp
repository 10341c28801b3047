/// @file
/// What taking limits away would free and save over a run: the limits named in the ledger of planned blocks.
///
/// `Summary::devices["limit"][id]`: `freed_mwh` of wind and sun, `saved_cny` about; each beyond what limits before it in the
/// fixed order of dispatch/plan/relax_ledger.hpp freed. Ids are those of lines, transformers, sections and external grids, after an
/// outage `branch|outage`; causes without a row of their own go by their name.
#pragma once

#include <map>
#include <span>
#include <string>

#include "engine/epoch/epoch_model.hpp"
#include "engine/plan/network_rows.hpp"
#include "results/results.hpp"

namespace yuanwang::engine {

class WhatIfAccount {
  public:
    /// Takes in a block as planned, with its ledger as it stands: savings of the plan are scaled to the energy there. `rows`
    /// names limits of the network, null where there are none.
    void add(const EpochModel& model, const NetworkRows* rows, const dispatch::PlanOutcome& outcome,
             std::span<const dispatch::Curtailed> ledger);
    void finish(Summary& summary) const;

  private:
    struct Sum {
        double freed_mwh = 0;
        double saved_cny = 0;
    };
    std::map<std::string, Sum> by_limit_;
};

} // namespace yuanwang::engine
