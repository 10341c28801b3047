/// @file
/// Registry of managed enterprises: records of a group (layer, class, zone), each with a bus, a power and a round.
///
///     P_r = P_group w_r/Σ w,   w_r = exp(0.8 n_r)        n_r standard normal by hash of (seed, stream of the group, r)   MW
///
/// Enterprises of a group differ in size like a lognormal of shape 0.8 (*assumed*; the public register names a count only)
/// and sum to the group's power. They hang on the group's buses in turn and belong to its rounds in turn, so that every
/// round holds the same share of every bus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/index.hpp"
#include "models/hash_normal.hpp"

namespace yuanwang::models {

/// On what terms a group may be called; columns [n_group], empty: at once, without bound, without trace.
struct CallTerms {
    std::vector<double> notice_h;       ///< between order and relief
    std::vector<int> rounds;            ///< turns the records are split into
    std::vector<double> quota_h;        ///< hours a year a record may be called
    std::vector<double> call_max_h;     ///< longest single call
    std::vector<double> rest_h;         ///< between two calls of a record
    std::vector<double> recovery_share; ///< of the energy given up that is drawn afterwards
    std::vector<double> recovery_h;     ///< over how long
    [[nodiscard]] std::size_t size() const { return notice_h.size(); }
    friend bool operator==(const CallTerms&, const CallTerms&) = default;
};

/// Columns [n_record], group by group.
struct ManagedRecords {
    std::vector<std::uint32_t> group;
    std::vector<BusIdx> bus;
    std::vector<double> p_mw;
    std::vector<std::uint32_t> round;        ///< 0 … rounds − 1
    std::vector<std::size_t> first_of_group; ///< [n_group + 1]
    [[nodiscard]] std::size_t size() const { return group.size(); }
};

/// Splits groups into their records. `buses` of each group must not be empty where it has records. `stream` [n_group]: empty:
/// by the number of the group.
[[nodiscard]] ManagedRecords expand_records(std::span<const int> records,
                                            std::span<const double> p_group_mw,
                                            std::span<const std::vector<BusIdx>> buses,
                                            const CallTerms& terms, std::uint64_t seed,
                                            const Streams& stream = {});

} // namespace yuanwang::models
