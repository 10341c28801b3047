#include "models/load/managed_registry.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/column_or.hpp"

namespace yuanwang::models {
namespace {

constexpr double size_shape = 0.8;

} // namespace

ManagedRecords expand_records(std::span<const int> records, std::span<const double> p_group_mw,
                              std::span<const std::vector<BusIdx>> buses, const CallTerms& terms,
                              std::uint64_t seed, const Streams& stream) {
    ManagedRecords out;
    out.first_of_group.push_back(0);
    const std::uint64_t key = make_key(seed, "managed");
    for (std::size_t g = 0; g < records.size(); ++g) {
        const auto n = static_cast<std::size_t>(std::max(0, records[g]));
        const auto rounds =
            static_cast<std::size_t>(terms.rounds.empty() ? 1 : std::max(1, terms.rounds[g]));
        assert(n == 0 || !buses[g].empty());
        const std::uint64_t sizes = split_mix(key ^ column_or(stream, g, g));
        double sum = 0;
        for (std::size_t r = 0; r < n; ++r) {
            const double weight =
                std::exp(size_shape * hash_normal(sizes, static_cast<std::int64_t>(r)));
            out.group.push_back(static_cast<std::uint32_t>(g));
            out.bus.push_back(buses[g][r % buses[g].size()]);
            out.round.push_back(static_cast<std::uint32_t>(r / buses[g].size() % rounds));
            out.p_mw.push_back(weight);
            sum += weight;
        }
        for (std::size_t r = out.size() - n; r < out.size(); ++r) {
            out.p_mw[r] *= p_group_mw[g] / sum;
        }
        out.first_of_group.push_back(out.size());
    }
    return out;
}

} // namespace yuanwang::models
