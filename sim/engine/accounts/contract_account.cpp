#include "engine/accounts/contract_account.hpp"

#include <algorithm>
#include <map>

#include "engine/accounts/green.hpp"

namespace yuanwang::engine {

namespace {

/// Rows of elements of one epoch by id.
std::map<std::string, std::size_t> list_rows(const ResultAxes& axes, const EpochModel& model,
                                             Axis axis) {
    std::map<std::string, std::size_t> rows;
    const auto& on_axis = model.axes.of(axis);
    for (std::size_t k = 0; k < on_axis.size(); ++k) {
        rows[axes.of(axis)[on_axis[k]].id] = k;
    }
    return rows;
}

/// Units of every source and external grid by its id; their order is that of unit_table.hpp.
std::map<std::string, std::vector<std::size_t>> list_units(const ResultAxes& axes,
                                                           const EpochModel& model) {
    std::map<std::string, std::vector<std::size_t>> units;
    for (const auto& [id, row] : list_rows(axes, model, Axis::source)) {
        units[id] = {row};
    }
    const std::vector<std::string>& ties = model.system->sources.external_grids.id;
    for (std::size_t k = 0; k < model.units.tie_of_unit.size(); ++k) {
        units[ties[model.units.tie_of_unit[k]]].push_back(model.units.first_tie + k);
    }
    return units;
}

} // namespace

ContractAccount::ContractAccount(const ResultAxes& axes)
    : axes_{axes}, buyers_(axes.of(Axis::load).size()) {}

void ContractAccount::enter_epoch(const EpochModel& model) {
    const GreenContracts& contracts = model.system->loads.green_contracts;
    contracts_.clear();
    if (contracts.size() == 0) {
        return;
    }
    const auto loads = list_rows(axes_, model, Axis::load);
    const auto units = list_units(axes_, model);
    for (std::size_t c = 0; c < contracts.size(); ++c) {
        Contract& contract = contracts_.emplace_back();
        contract.book = open_book(contracts.id[c]);
        contract.units = units.at(contracts.seller[c]);
        contract.share = contracts.share[c];
        for (const std::string& load : contracts.loads[c]) {
            contract.loads.push_back(loads.at(load));
        }
    }
}

std::size_t ContractAccount::open_book(const std::string& id) {
    const auto found = std::ranges::find(books_, id, &Book::id);
    if (found != books_.end()) {
        return static_cast<std::size_t>(found - books_.begin());
    }
    books_.push_back({id, 0});
    return books_.size() - 1;
}

void ContractAccount::add(const EpochModel& model, double dt_h, const BlockData& data) {
    if (contracts_.empty() && books_.empty()) {
        return;
    }
    for (std::size_t t = 0; t < data.demand.p_mw.n_step(); ++t) {
        add_step(model, dt_h, data, t);
    }
}

void ContractAccount::add_step(const EpochModel& model, double dt_h, const BlockData& data,
                               std::size_t t) {
    const std::size_t n_load = data.demand.p_mw.n_element();
    list_green_shares(model, data, t, unit_share_);
    served_mw_.resize(n_load);
    bought_mw_.assign(n_load, 0.0);
    for (std::size_t k = 0; k < n_load; ++k) {
        served_mw_[k] = std::max(0.0, data.demand.p_mw(k, t) - data.cuts.unserved_mw(k, t) -
                                          data.cuts.managed_mw(k, t));
    }
    for (const Contract& contract : contracts_) {
        double green_mw = 0;
        for (const std::size_t unit : contract.units) {
            green_mw += unit_share_[unit] * std::max(0.0, data.injections.unit_p_mw(unit, t));
        }
        const double bought_mw = contract.share * green_mw;
        books_[contract.book].bought_mwh += bought_mw * dt_h;
        double served_mw = 0;
        for (const std::size_t k : contract.loads) {
            served_mw += served_mw_[k];
        }
        if (served_mw <= 0) {
            unused_mwh_ += bought_mw * dt_h;
            continue;
        }
        for (const std::size_t k : contract.loads) {
            bought_mw_[k] += bought_mw * served_mw_[k] / served_mw;
        }
    }
    for (std::size_t k = 0; k < n_load; ++k) {
        Buyer& buyer = buyers_[model.axes.of(Axis::load)[k]];
        const double used_mw = std::min(bought_mw_[k], served_mw_[k]);
        buyer.served_mwh += served_mw_[k] * dt_h;
        buyer.bought_mwh += bought_mw_[k] * dt_h;
        buyer.used_mwh += used_mw * dt_h;
        unused_mwh_ += (bought_mw_[k] - used_mw) * dt_h;
    }
}

void ContractAccount::finish(Summary& summary) const {
    if (books_.empty()) {
        return;
    }
    Buyer city;
    double matched_mwh = 0; // within the year, buyer by buyer
    for (std::size_t k = 0; k < buyers_.size(); ++k) {
        const Buyer& buyer = buyers_[k];
        city.served_mwh += buyer.served_mwh;
        city.used_mwh += buyer.used_mwh;
        const double of_year_mwh = std::min(buyer.bought_mwh, buyer.served_mwh);
        matched_mwh += of_year_mwh;
        if (buyer.bought_mwh > 0 && buyer.served_mwh > 0) {
            const AxisEntry& load = axes_.of(Axis::load)[k];
            auto& facts = summary.devices[load.kind][load.id];
            facts["green_share_contracted"] = buyer.used_mwh / buyer.served_mwh;
            facts["green_share_contracted_annual"] = of_year_mwh / buyer.served_mwh;
        }
    }
    double bought_mwh = 0;
    for (const Book& book : books_) {
        bought_mwh += book.bought_mwh;
        summary.devices["green_contract"][book.id]["green_contracted_mwh"] = book.bought_mwh;
    }
    summary.indicators["green_contracted_mwh"] = bought_mwh;
    summary.indicators["green_contracted_unused_mwh"] = unused_mwh_;
    if (city.served_mwh > 0) {
        summary.indicators["green_share_contracted"] = city.used_mwh / city.served_mwh;
        summary.indicators["green_share_contracted_annual"] = matched_mwh / city.served_mwh;
    }
}

} // namespace yuanwang::engine
