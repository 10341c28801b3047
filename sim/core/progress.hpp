/// @file
/// What long work tells whoever waits for it, and how it is told to stop.
#pragma once

#include <cstddef>
#include <string_view>

namespace yuanwang {

/// Receives progress; only the command line shows it. Called between blocks, never within one.
class Progress {
  public:
    virtual ~Progress() = default;
    /// `done` of `total` units of a stage (`weather`, `steps`, `report`) are finished.
    virtual void update(std::string_view stage, std::size_t done, std::size_t total) = 0;
    /// True once the user asked to stop: the caller throws `Interrupted` at the next seam.
    [[nodiscard]] virtual bool stop_requested() const = 0;
};

/// Says nothing and never stops.
class SilentProgress final : public Progress {
  public:
    void update(std::string_view, std::size_t, std::size_t) override {}
    [[nodiscard]] bool stop_requested() const override { return false; }
};

} // namespace yuanwang
