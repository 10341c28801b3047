#include "sweep/member_sink.hpp"

#include <mutex>
#include <string>

#include "exchange/result_store.hpp"
#include "sweep/discarding_sink.hpp"

namespace yuanwang::sweep {

namespace fs = std::filesystem;

namespace {

/// A result file among those of other threads: one call at a time, over all of them.
class TurnTakingSink final : public engine::ResultSink {
  public:
    TurnTakingSink(const fs::path& file, const std::string& title) {
        take_netcdf_turn([&] { sink_ = exchange::open_result_file(file, title); });
    }
    ~TurnTakingSink() override {
        take_netcdf_turn([&] { sink_.reset(); });
    }
    TurnTakingSink(const TurnTakingSink&) = delete;
    TurnTakingSink& operator=(const TurnTakingSink&) = delete;

    void begin(const engine::ResultAxes& axes) override {
        take_netcdf_turn([&] { sink_->begin(axes); });
    }
    void write(const engine::BlockResult& block) override {
        take_netcdf_turn([&] { sink_->write(block); });
    }
    void write_curtailment(std::span<const engine::CurtailmentRow> rows) override {
        take_netcdf_turn([&] { sink_->write_curtailment(rows); });
    }
    void write_verdicts(std::span<const engine::VerdictRow> rows) override {
        take_netcdf_turn([&] { sink_->write_verdicts(rows); });
    }
    void finish(const engine::Summary& summary) override {
        take_netcdf_turn([&] { sink_->finish(summary); });
    }

  private:
    std::unique_ptr<engine::ResultSink> sink_;
};

} // namespace

std::unique_ptr<engine::ResultSink> open_member_sink(bool keep_series, const fs::path& folder,
                                                     const engine::Study& study) {
    if (!keep_series) {
        return std::make_unique<DiscardingSink>();
    }
    const std::string& title = study.name.in(Language::en);
    return std::make_unique<TurnTakingSink>(folder / "results.nc",
                                            title.empty() ? study.id : title);
}

void take_netcdf_turn(const std::function<void()>& call) {
    static std::mutex turn;
    const std::scoped_lock lock{turn};
    try {
        call();
    } catch (const IoError& error) {
        throw StoreError{error.what()};
    }
}

} // namespace yuanwang::sweep
