#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "exchange/matpower.hpp"

namespace yuanwang::exchange {

namespace {

/// A text in double quotes, as YAML and JSON both read it.
std::string quote(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            quoted += c;
        }
    }
    return quoted + '"';
}

/// Writes a study that `make_study` made.
class CaseWriter {
  public:
    CaseWriter(const MatpowerCase& matpower, const CaseHeader& header)
        : case_{matpower}, header_{header}, made_{make_case_study(matpower)},
          system_{made_.study.epochs.front().system} {}

    std::string run() {
        write_header();
        write_buses();
        write_branches();
        write_shunts();
        write_generators();
        write_loads();
        return std::move(text_);
    }

  private:
    template <class... Args>
    void put(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    }

    void write_header() {
        put("scenario:\n  id: {}\n", quote(header_.id.empty() ? case_.name : header_.id));
        put("  name: {}\n",
            write_name(header_.name == Name{} ? Name{case_.name, {}} : header_.name));
        if (header_.description != Name{}) {
            put("  description: {}\n", write_name(header_.description));
        }
        for (const CaseNote& note : made_.notes) {
            put("# {}: {}\n", note.path, note.text);
        }
        put("\n# One state, every unit at its set power, no limits and no controls, one unit "
            "balances.\n");
        put("time: {{start: 2025-01-01, step: 1 h, duration: 1 h}}\n");
        put("dispatch: {{method: none}}\n");
        put("studies:\n  power_flow: {{q_limits: false, taps: false, shunts: false, "
            "distributed_slack: false}}\n");
    }

    static std::string write_name(const Name& name) {
        if (name.zh.empty()) {
            return quote(name.en);
        }
        return fmt::format("{{en: {}, zh: {}}}", quote(name.en), quote(name.zh));
    }

    [[nodiscard]] std::string source() const {
        return quote(header_.source.empty() ? "MATPOWER case file " + case_.name + ".m"
                                            : header_.source);
    }
    [[nodiscard]] bool is_energised(BusIdx i) const { return made_.energised[i.row()]; }
    [[nodiscard]] std::string bus(BusIdx i) const { return quote(system_.grid.buses.id[i.row()]); }

    void write_buses() {
        const network::Buses& buses = system_.grid.buses;
        put("\ngrid:\n  source: {}\n  buses:\n", source());
        std::size_t k = 0;
        for (std::size_t row = 0; row < case_.bus.size(); ++row) {
            constexpr std::size_t type_column = 1;
            constexpr std::size_t base_kv_column = 9;
            if (case_.bus[row][type_column] == 4) {
                continue;
            }
            const BusIdx i{k++};
            if (!is_energised(i)) {
                continue;
            }
            put("    - {{id: {}", bus(i));
            if (const std::string& name = buses.name[i.row()].en; !name.empty()) {
                put(", name: {}", quote(name));
            }
            if (case_.bus[row][base_kv_column] > 0) {
                put(", base_kv: {}", buses.base_kv[i]);
            } else {
                put(", base_kv: {{value: {}, assumed: \"none in the case\"}}", buses.base_kv[i]);
            }
            put(", vm_min_pu: {}, vm_max_pu: {}}}\n", buses.vm_min_pu[i], buses.vm_max_pu[i]);
        }
    }

    void write_branches() {
        const network::ImpedanceBranches& branches = system_.grid.branches;
        if (branches.size() == 0) {
            return;
        }
        put("  branches:\n");
        for (std::size_t k = 0; k < branches.size(); ++k) {
            if (!is_energised(branches.from[k])) {
                continue;
            }
            put("    - {{id: {}, from: {}, to: {}, r_pu: {}, x_pu: {}, b_pu: {}",
                quote(branches.id[k]), bus(branches.from[k]), bus(branches.to[k]), branches.r_pu[k],
                branches.x_pu[k], branches.b_pu[k]);
            if (branches.ratio[k] != 1) {
                put(", ratio: {}", branches.ratio[k]);
            }
            if (branches.shift_degree[k] != 0) {
                put(", shift_degree: {}", branches.shift_degree[k]);
            }
            if (branches.rate_mva[k]) {
                put(", rate_mva: {}", *branches.rate_mva[k]);
            }
            put("}}\n");
        }
    }

    void write_shunts() {
        const network::Shunts& shunts = system_.grid.shunts;
        if (shunts.size() == 0) {
            return;
        }
        put("  shunts:\n");
        for (const ShuntIdx k : rows<ShuntIdx>(shunts.size())) {
            if (!is_energised(shunts.bus[k])) {
                continue;
            }
            put("    - {{id: {}, bus: {}", quote(shunts.id[k.row()]), bus(shunts.bus[k]));
            if (shunts.p_mw[k] != 0) {
                put(", p_mw: {}", shunts.p_mw[k]);
            }
            put(", q_step_mvar: {}, n_steps: 1, steps: 1, switched: false}}\n",
                shunts.q_step_mvar[k]);
        }
    }

    void write_generators() {
        const engine::GeneratorFleet& fleet = system_.sources.generators;
        put("\nsources:\n  source: {}\n  generators:\n", source());
        for (std::size_t k = 0; k < fleet.size(); ++k) {
            if (!is_energised(fleet.bus[k])) {
                continue;
            }
            put("    - {{id: {}, bus: {}, p_mw: {}, p_min_mw: {}, p_max_mw: {}", quote(fleet.id[k]),
                bus(fleet.bus[k]), fleet.p_mw[k], fleet.p_min_mw[k], fleet.p_max_mw[k]);
            if (fleet.slack[k]) {
                put(", slack: true");
            }
            if (fleet.va_set_degree[k] != 0) {
                put(", va_set_degree: {}", fleet.va_set_degree[k]);
            }
            if (fleet.price_cny_per_mwh[k] != 0) {
                put(", price_cny_per_mwh: {}", fleet.price_cny_per_mwh[k]);
            }
            const engine::ReactiveControl& control = fleet.reactive[k];
            if (control.mode == powerflow::ReactiveMode::voltage) {
                put(",\n       reactive: {{mode: voltage, vm_set_pu: {}", control.vm_set_pu);
            } else {
                put(",\n       reactive: {{mode: reactive, q_set_mvar: {}", control.q_set_mvar);
            }
            put(", q_min_mvar: {}, q_max_mvar: {}}}}}\n", control.q_min_mvar, control.q_max_mvar);
        }
    }

    void write_loads() {
        const engine::StaticLoads& loads = system_.loads.statics;
        if (loads.size() == 0) {
            return;
        }
        put("\nloads:\n  source: {}\n  static:\n", source());
        for (std::size_t k = 0; k < loads.size(); ++k) {
            if (!is_energised(loads.buses[k].front())) {
                continue;
            }
            put("    - {{id: {}, bus: {}, p_mw: {}, q_mvar: {}}}\n", quote(loads.id[k]),
                bus(loads.buses[k].front()), loads.p_mw[k], loads.q_mvar[k]);
        }
    }

    const MatpowerCase& case_;
    const CaseHeader& header_;
    CaseStudy made_;
    const engine::System& system_;
    std::string text_;
};

} // namespace

std::string to_yaml(const MatpowerCase& matpower, const CaseHeader& header) {
    return CaseWriter{matpower, header}.run();
}

} // namespace yuanwang::exchange
