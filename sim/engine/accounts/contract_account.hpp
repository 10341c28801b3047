/// @file
/// Green energy by contract: what loads bought, whether or not it came while they consumed.
///
///     d_c(t) = share_c · green power of its seller, MW         bought by the loads of contract c, by what each consumes:
///     D_k(t) = Σ_c d_c(t) · p_k(t) / Σ_{l of c} p_l(t)         p: what the load was served, MW
///
///     contracted, by the year:  min(Σ_t D_k, Σ_t p_k) / Σ_t p_k
///     contracted, by the hour:  Σ_t min(D_k, p_k) / Σ_t p_k    what of it came while it was used
///
/// The first is what certificates and yearly accounts show; the gap to the second is what would have to be stored or moved.
/// Neither follows the wires (green_trace.hpp). Where buyers consume nothing, what they bought is unused. Of an external grid
/// counts its clean surplus and the green share of its firm energy.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/epoch/block_data.hpp"
#include "engine/epoch/epoch_model.hpp"

namespace yuanwang::engine {

class ContractAccount {
  public:
    explicit ContractAccount(const ResultAxes& axes);

    void enter_epoch(const EpochModel& model);

    void add(const EpochModel& model, double dt_h, const BlockData& data);

    /// `green_share_contracted` (by the hour), `green_share_contracted_annual` of the city and, under `Summary::devices`, of
    /// every buyer by its kind; `green_contracted_mwh` and what of it was unused in its hour, of the city and each contract.
    /// Nothing where there is no contract.
    void finish(Summary& summary) const;

  private:
    struct Contract { ///< of the epoch
        std::size_t book = 0;
        std::vector<std::size_t> loads; ///< rows of the epoch
        std::vector<std::size_t> units; ///< of its seller
        double share = 0;
    };
    struct Book { ///< of a contract, over all epochs
        std::string id;
        double bought_mwh = 0;
    };
    struct Buyer { ///< of a load
        double served_mwh = 0;
        double bought_mwh = 0;
        double used_mwh = 0; ///< of it in its hour
    };

    std::size_t open_book(const std::string& id);
    void add_step(const EpochModel& model, double dt_h, const BlockData& data, std::size_t t);

    const ResultAxes& axes_;
    std::vector<Contract> contracts_;
    std::vector<Book> books_;
    std::vector<Buyer> buyers_; ///< load axis
    double unused_mwh_ = 0;
    std::vector<double> unit_share_; ///< [n_unit]
    std::vector<double> served_mw_;  ///< [n_load]
    std::vector<double> bought_mw_;  ///< [n_load]
};

} // namespace yuanwang::engine
