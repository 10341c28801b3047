#include "cli/sweep_runner.hpp"

#include <optional>
#include <utility>

#include "cli/sweep_meter.hpp"
#include "sweep/rank.hpp"

namespace yuanwang::cli {

namespace {

/// Passes everything on but what the meter shows.
class BesideMeter final : public Progress {
  public:
    explicit BesideMeter(Progress& inner) : inner_{inner} {}
    void update(std::string_view stage, std::size_t done, std::size_t total) override {
        if (stage != "members") {
            inner_.update(stage, done, total);
        }
    }
    [[nodiscard]] bool stop_requested() const override { return inner_.stop_requested(); }

  private:
    Progress& inner_;
};

} // namespace

std::vector<sweep::MemberState> run_members(const sweep::Plan& plan,
                                            const std::filesystem::path& folder,
                                            sweep::RunOptions options, const CommonFlags& common,
                                            Progress& progress) {
    if (const std::optional<sweep::Rank> rank = sweep::find_rank()) {
        options.first = rank->i * plan.manifest.members.size() / rank->n;
    }
    std::optional<SweepMeter> meter;
    if (is_first_rank()) {
        meter.emplace(common);
        options.on_pulse = [&](const sweep::Pulse& pulse) { meter->show(pulse); };
    }
    BesideMeter beside{progress};
    return sweep::run_sweep(plan, folder, options, beside);
}

bool is_first_rank() {
    const std::optional<sweep::Rank> rank = sweep::find_rank();
    return !rank || rank->i == 0;
}

} // namespace yuanwang::cli
