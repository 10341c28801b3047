#include "engine/n1/unit_room.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace yuanwang::engine {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

class RoomFiller {
  public:
    RoomFiller(const EpochModel& model, const BlockData& data, powerflow::batch::UnitRoom& room)
        : m_{model}, s_{model.system->sources}, d_{data}, room_{room} {}

    void fill() {
        const std::size_t n_unit = m_.units.units.size();
        const std::size_t n_step = d_.injections.n_step();
        room_.up_mw.reshape(n_unit, n_step);
        room_.down_mw.reshape(n_unit, n_step);
        room_.machine_share.reshape(n_unit, n_step);
        tie_up_.resize(s_.external_grids.size());
        tie_down_.resize(s_.external_grids.size());
        for (t_ = 0; t_ < n_step; ++t_) {
            if (d_.states.outcome[t_].status == StepStatus::converged) {
                fill_step();
            }
        }
    }

  private:
    void fill_step() {
        std::size_t u = 0;
        for (std::size_t k = 0; k < s_.solar.size() + s_.wind.size(); ++k, ++u) {
            set(u, 0.0, power(u), 1.0 / machines(u));
        }
        for (std::size_t k = 0; k < s_.hydro.size(); ++k, ++u) {
            fill_hydro(u, k);
        }
        for (std::size_t k = 0; k < s_.thermal.size(); ++k, ++u) {
            fill_thermal(u, k);
        }
        for (std::size_t k = 0; k < s_.waste_to_energy.size(); ++k, ++u) {
            set(u, 0.0, 0.0, 1.0 / machines(u));
        }
        for (std::size_t k = 0; k < s_.generators.size(); ++k, ++u) {
            fill_thermal(u, s_.thermal.size() + k);
            const bool unbounded =
                s_.generators.slack[k] && s_.generators.p_max_mw[k] <= s_.generators.p_mw[k];
            if (unbounded) {
                set(u, infinity, infinity, 1.0);
            }
        }
        for (std::size_t k = 0; k < s_.hvdc.size(); ++k, ++u) {
            set(u, 0.0, 0.0, 1.0 / machines(u));
        }
        for (std::size_t k = 0; k < m_.system->batteries.size(); ++k, ++u) {
            fill_storage(u, k);
        }
        fill_ties();
    }

    void set(std::size_t u, double up_mw, double down_mw, double machine_share) {
        room_.up_mw(u, t_) = std::max(0.0, up_mw);
        room_.down_mw(u, t_) = std::max(0.0, down_mw);
        room_.machine_share(u, t_) = machine_share;
    }
    [[nodiscard]] double power(std::size_t u) const { return d_.states.unit_p_mw(u, t_); }
    [[nodiscard]] double machines(std::size_t u) const { return std::max(1, m_.units.machines[u]); }

    void fill_hydro(std::size_t u, std::size_t k) {
        const double p_mw = power(u);
        const double most_mw = d_.dispatch_input.hydro_max_mw[k];
        const bool runs = d_.injections.unit_on(u, t_) > 0.5;
        const double per_machine_mw =
            s_.hydro.plants.p_rated_mw[k] * s_.hydro.plants.city_share[k] / machines(u);
        const double run = std::clamp(std::ceil(p_mw / per_machine_mw - 1e-9), 1.0, machines(u));
        set(u, runs ? most_mw - p_mw : 0.0, runs ? p_mw - d_.dispatch_input.hydro_base_mw[k] : 0.0,
            1.0 / run);
    }

    /// `row` of the dispatch table: thermal plants, then generators.
    void fill_thermal(std::size_t u, std::size_t row) {
        const dispatch::Thermals& thermals = m_.dispatch.rows.thermals;
        const double run = d_.schedule.thermal_units_on(row, t_);
        double most_mw = run * thermals.unit_p_max_mw[row];
        if (!d_.dispatch_input.thermal_max_mw.empty()) {
            most_mw = std::min(most_mw, d_.dispatch_input.thermal_max_mw(row, t_));
        }
        const double p_mw = power(u);
        set(u, most_mw - p_mw, p_mw - run * thermals.unit_p_min_mw[row], 1.0 / std::max(run, 1.0));
    }

    void fill_storage(std::size_t u, std::size_t k) {
        const models::Batteries& b = m_.system->batteries.batteries;
        const double dt_h = d_.dispatch_input.dt_h;
        const double e_mwh = d_.schedule.storage_e_mwh(k, t_);
        const double p_mw = power(u);
        const double give_mw = (e_mwh - b.soc_min[k] * b.e_max_mwh[k]) * b.eta_discharge[k] / dt_h;
        const double take_mw = (b.soc_max[k] * b.e_max_mwh[k] - e_mwh) / b.eta_charge[k] / dt_h;
        set(u, std::min(b.p_discharge_max_mw[k] - p_mw, give_mw),
            std::min(b.p_charge_max_mw[k] + p_mw, take_mw), 1.0 / machines(u));
    }

    void fill_ties() {
        const dispatch::Table& table = m_.dispatch.rows;
        const ExternalFleet& fleet = s_.external_grids;
        tie_mw_.assign(fleet.size(), 0.0);
        for (std::size_t m = 0; m < m_.units.tie_of_unit.size(); ++m) {
            const double p_mw = power(m_.units.first_tie + m);
            tie_mw_[m_.units.tie_of_unit[m]] += std::isfinite(p_mw) ? p_mw : 0.0;
        }
        for (std::size_t k = 0; k < fleet.size(); ++k) {
            tie_up_[k] = std::max(0.0, table.ties.import_max_mw[k] - tie_mw_[k]);
            tie_down_[k] = std::max(0.0, table.ties.export_max_mw[k] + tie_mw_[k]);
        }
        for (std::size_t g = 0; g < table.groups.size(); ++g) {
            keep_section(g);
        }
        for (std::size_t m = 0; m < m_.units.tie_of_unit.size(); ++m) {
            const std::size_t k = m_.units.tie_of_unit[m];
            set(m_.units.first_tie + m, tie_up_[k] * m_.units.tie_share[m],
                tie_down_[k] * m_.units.tie_share[m], 1.0);
        }
    }

    /// What the section of a group leaves to its ties: Σ share · Δp stays within its room.
    void keep_section(std::size_t g) {
        const dispatch::TieGroups& groups = m_.dispatch.rows.groups;
        const std::vector<double>& weights = s_.external_grids.participation;
        double flow_mw = 0;
        double weight = 0;
        for (std::size_t n = 0; n < groups.ties[g].size(); ++n) {
            flow_mw += groups.share[g][n] * tie_mw_[groups.ties[g][n]];
            weight += groups.share[g][n] * weights[groups.ties[g][n]];
        }
        const auto [import_mw, export_mw] = find_limits(g);
        for (std::size_t n = 0; n < groups.ties[g].size(); ++n) {
            const std::size_t k = groups.ties[g][n];
            const double part =
                weight > 0
                    ? weights[k] / weight
                    : 1.0 / (groups.share[g][n] * static_cast<double>(groups.ties[g].size()));
            tie_up_[k] = std::min(tie_up_[k], part * std::max(0.0, import_mw - flow_mw));
            tie_down_[k] = std::min(tie_down_[k], part * std::max(0.0, export_mw + flow_mw));
        }
    }

    struct GroupLimits {
        double import_mw;
        double export_mw;
    };
    /// After an outage; the limit forward of a section is one of its group, which way the group does not say.
    [[nodiscard]] GroupLimits find_limits(std::size_t g) const {
        const dispatch::TieGroups& groups = m_.dispatch.rows.groups;
        GroupLimits limits{groups.import_max_mw[g], groups.export_max_mw[g]};
        const network::Sections& sections = m_.system->grid.sections;
        for (const SectionIdx k : rows<SectionIdx>(sections.size())) {
            if (sections.id[k.row()] != m_.dispatch.group_id[g] || !sections.limit_n1_mw[k]) {
                continue;
            }
            const double after_mw = *sections.limit_n1_mw[k];
            if (!sections.limit_reverse_mw[k]) {
                limits = {after_mw, after_mw};
            } else if (limits.import_mw == sections.limit_mw[k]) {
                limits.import_mw = after_mw;
            } else {
                limits.export_mw = after_mw;
            }
        }
        return limits;
    }

    const EpochModel& m_;
    const Sources& s_;
    const BlockData& d_;
    powerflow::batch::UnitRoom& room_;
    std::size_t t_ = 0;
    std::vector<double> tie_mw_, tie_up_, tie_down_; ///< [n_tie]
};

} // namespace

void fill_unit_room(const EpochModel& model, const BlockData& data,
                    powerflow::batch::UnitRoom& room) {
    RoomFiller{model, data, room}.fill();
}

} // namespace yuanwang::engine
