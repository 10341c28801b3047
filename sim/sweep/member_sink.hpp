/// @file
/// Where the columns of a member go: into its `results.nc`, or nowhere.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "core/error.hpp"
#include "results/results.hpp"
#include "study/study.hpp"

namespace yuanwang::sweep {

/// The store cannot be written: no fault of the member, and no use to go on with others.
class StoreError : public IoError {
  public:
    using IoError::IoError;
};

/// A sink for one of many members that run at once: NetCDF calls take turns over all of them; a failure is a `StoreError`.
[[nodiscard]] std::unique_ptr<engine::ResultSink>
open_member_sink(bool keep_series, const std::filesystem::path& folder, const engine::Study& study);

/// Calls a function with NetCDF to itself.
void take_netcdf_turn(const std::function<void()>& call);

} // namespace yuanwang::sweep
