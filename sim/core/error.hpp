/// @file
/// Wrong input. A fault says where, at which path, which rule and which value; all faults of a run
/// travel together.
///
///     scenarios/xining/grid.yaml:41:17: grid.lines[l_ganhe].length_km: must be > 0, got -12
///
/// Numerics that did not work out are a result (core/status.hpp), our own mistakes meet an assert:
/// neither is thrown.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace yuanwang {

/// A place in a text file; line and column count from 1, 0 where there is none (command line, whole
/// file).
struct Place {
    std::string file;
    int line = 0;
    int column = 0;
    friend bool operator==(const Place&, const Place&) = default;
};

/// `file:line:column`, without the parts that are missing.
[[nodiscard]] std::string to_string(const Place& place);

struct Fault {
    Place place;
    std::string path; ///< `grid.lines[l_ganhe].length_km`; empty for a fault of the whole file
    std::string rule; ///< `must be > 0`
    std::string got;  ///< the value as written; empty where there is none
    friend bool operator==(const Fault&, const Fault&) = default;
};

/// `file:line:column: path: rule, got value`
[[nodiscard]] std::string to_string(const Fault& fault);

/// Thrown with every fault found, in order of file, line and column.
class InputError : public std::runtime_error {
  public:
    explicit InputError(std::vector<Fault> faults);
    explicit InputError(Fault fault);
    [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }

  private:
    std::vector<Fault> faults_;
};

/// A file that could not be read or written (exit code 7). The message names the file and says why.
class IoError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The user stopped the run (exit code 130).
class Interrupted : public std::runtime_error {
  public:
    Interrupted() : std::runtime_error("interrupted") {}
};

/// The candidate nearest to `word` by edit distance, or empty where none is close (more than a
/// third of its letters away).
[[nodiscard]] std::string_view find_nearest(std::string_view word,
                                            const std::vector<std::string>& candidates);

} // namespace yuanwang
