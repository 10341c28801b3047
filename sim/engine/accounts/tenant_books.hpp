/// @file
/// Books of shared storages: what each tenant stores and does, and what he owes.
///
/// Dispatch commands the storage as a whole; p is its power. Tenants wish to charge or discharge at the power of their
/// slice in the clock hours they have named. Their wishes are granted within their slices (shared_storage.hpp), then the
/// difference to p is shared among the tenants in proportion to the energy room each has in that direction; where that
/// passes the power of a slice, idle power of the others is lent. So the slices sum to the storage at every step, in power
/// and in energy, and settlement (energy at the price of the step, rent, wear) sums to zero between tenants, owner and grid.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"
#include "models/storage/shared_storage.hpp"

namespace yuanwang::engine {

class TenantBooks {
  public:
    explicit TenantBooks(const ResultAxes& axes);

    /// Moves the tenants through a block; fills `tenant_p_mw` and `tenant_e_mwh`.
    void record(const EpochModel& model, const TimeAxis& time, BlockData& data);
    void finish(Summary& summary) const;

  private:
    struct Account { ///< of one tenant
        double e_mwh = 0;
        bool open = false;
        double charge_mwh = 0;
        double discharge_mwh = 0;
        double exchanged_mwh = 0; ///< with other tenants, without the converter
        double money_cny = 0;
    };
    struct Shared { ///< one storage and the rows of its tenants in the epoch
        std::size_t storage = 0;
        std::vector<std::size_t> tenants;
        models::TenantSlices slices;
    };
    [[nodiscard]] static std::vector<Shared> list_shared(const System& system);
    void open_accounts(const Shared& shared, const std::vector<std::uint32_t>& rows,
                       double e_storage_mwh);
    void move(const EpochModel& model, const Shared& shared, const TimeAxis& time, std::size_t t,
              BlockData& data);

    const ResultAxes& axes_;
    std::vector<Account> accounts_; ///< tenant axis
    std::map<std::string, double> owner_cny_;
    double grid_cny_ = 0;
    double power_gap_mw_ = 0; ///< worst difference between a storage and its slices
    double energy_gap_mwh_ = 0;
    double money_gap_cny_ = 0; ///< worst sum of one step's settlement
};

} // namespace yuanwang::engine
