#include "engine/epoch/island_holders.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "engine/epoch/availability.hpp"

namespace yuanwang::engine {

namespace {

using powerflow::ReactiveMode;

class HolderChooser {
  public:
    HolderChooser(const System& system, const std::vector<std::size_t>& island_of_bus)
        : system_{system}, island_of_bus_{island_of_bus} {
        const Sources& s = system.sources;
        out_.hydro.assign(s.hydro.size(), false);
        out_.thermal.assign(s.thermal.size(), false);
        out_.generator.assign(s.generators.size(), false);
        std::size_t n_island = 0;
        for (const std::size_t island : island_of_bus) {
            n_island = std::max(n_island, island + 1);
        }
        needs_.assign(n_island, false);
        visit_loads(system.loads, [&](const LoadPlacement& family) {
            for (const std::vector<BusIdx>& buses : family.buses) {
                for (const BusIdx bus : buses) {
                    needs_[island_of(bus)] = true;
                }
            }
        });
    }

    IslandHolders choose() {
        drop_islands_with_lasting_holder();
        for (std::size_t island = 0; island < needs_.size(); ++island) {
            if (needs_[island]) {
                choose_in(island);
            }
        }
        return std::move(out_);
    }

  private:
    /// A plant that may hold an island.
    struct Candidate {
        std::vector<bool>* family = nullptr;
        std::size_t row = 0;
        double rating_mw = 0;
        const std::string* id = nullptr;
    };

    [[nodiscard]] std::size_t island_of(BusIdx bus) const {
        return bus.valid() ? island_of_bus_[bus.row()] : 0;
    }

    [[nodiscard]] static bool holds_voltage(const Placement& fleet, std::size_t k) {
        return fleet.reactive[k].mode == ReactiveMode::voltage;
    }

    void drop_islands_with_lasting_holder() {
        const Sources& s = system_.sources;
        const auto drop = [&](const Placement& fleet, auto lasts) {
            for (std::size_t k = 0; k < fleet.size(); ++k) {
                if (holds_voltage(fleet, k) && lasts(k)) {
                    needs_[island_of(fleet.bus[k])] = false;
                }
            }
        };
        const auto always = [](std::size_t) { return true; };
        drop(s.hvdc, always);
        drop(system_.batteries, always);
        drop(s.generators, [&](std::size_t k) { return s.generators.p_min_mw[k] <= 0; });
        for (std::size_t k = 0; k < s.external_grids.size(); ++k) {
            for (const BusIdx bus : s.external_grids.buses[k]) {
                if (s.external_grids.reactive[k].mode == ReactiveMode::voltage) {
                    needs_[island_of(bus)] = false;
                }
            }
        }
    }

    void choose_in(std::size_t island) {
        const Sources& s = system_.sources;
        best_.reset();
        const auto offer_generators = [&](bool slack) {
            offer(
                s.generators, out_.generator, island,
                [&](std::size_t k) { return s.generators.p_max_mw[k]; },
                [&](std::size_t k) { return s.generators.slack[k] == slack; });
        };
        const auto any = [](std::size_t) { return true; };
        offer_generators(true);
        if (!best_) {
            offer(
                s.hydro, out_.hydro, island,
                [&](std::size_t k) { return s.hydro.plants.p_rated_mw[k]; }, any);
        }
        if (!best_) {
            offer(
                s.thermal, out_.thermal, island,
                [&](std::size_t k) { return models::plant_capacity_mw(s.thermal.plants, k); }, any);
            offer_generators(false);
        }
        if (best_) {
            (*best_->family)[best_->row] = true;
        }
    }

    template <class RatingOf, class Fits>
    void offer(const Placement& fleet, std::vector<bool>& family, std::size_t island,
               RatingOf rating_of, Fits fits) {
        for (std::size_t k = 0; k < fleet.size(); ++k) {
            if (island_of(fleet.bus[k]) != island || !holds_voltage(fleet, k) || !fits(k)) {
                continue;
            }
            const Candidate one{&family, k, rating_of(k), &fleet.id[k]};
            if (!best_ || one.rating_mw > best_->rating_mw ||
                (one.rating_mw == best_->rating_mw && *one.id < *best_->id)) {
                best_ = one;
            }
        }
    }

    const System& system_;
    const std::vector<std::size_t>& island_of_bus_;
    IslandHolders out_;
    std::vector<bool> needs_; ///< [n_island], has load and nobody always connected
    std::optional<Candidate> best_;
};

} // namespace

IslandHolders choose_holders(const System& system, const std::vector<std::size_t>& island_of_bus) {
    return HolderChooser{system, island_of_bus}.choose();
}

} // namespace yuanwang::engine
