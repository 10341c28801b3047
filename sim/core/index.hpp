/// @file
/// Row numbers as types, and the columns they select from.
///
/// Fleets are structures of arrays. A row number of one table must never select from another:
/// `Column<BranchIdx, BusIdx>` takes a branch row and gives a bus row, anything else does not
/// compile. Cost: none over a plain int and vector.
#pragma once

#include <cassert>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <utility>
#include <vector>

namespace yuanwang {

/// Row number in the table named by `Tag`; counts from 0. A default one selects nothing.
template <class Tag>
struct Idx {
    std::int32_t value = -1;

    constexpr Idx() = default;
    constexpr explicit Idx(std::int32_t v) : value{v} {}
    constexpr explicit Idx(std::size_t v) : value{static_cast<std::int32_t>(v)} {}

    [[nodiscard]] constexpr bool valid() const { return value >= 0; }
    [[nodiscard]] constexpr std::size_t row() const { return static_cast<std::size_t>(value); }
    constexpr Idx& operator++() {
        ++value;
        return *this;
    }
    constexpr Idx operator++(int) {
        Idx old = *this;
        ++value;
        return old;
    }
    friend constexpr auto operator<=>(Idx, Idx) = default;
    using difference_type = std::int32_t; // what std::views::iota asks for
    friend constexpr difference_type operator-(Idx a, Idx b) { return a.value - b.value; }
};

using SubstationIdx = Idx<struct SubstationTag>; ///< a place with one or more voltage levels
using BusIdx = Idx<struct BusTag>; ///< a busbar section: one voltage level of one substation
using BranchIdx =
    Idx<struct BranchTag>; ///< one circuit of a line, one unit or winding of a transformer
using LineIdx = Idx<struct LineTag>; ///< a line as written, all its circuits
using TransformerIdx =
    Idx<struct TransformerTag>; ///< a transformer as written, all its units; 2 windings, then 3
using ShuntIdx = Idx<struct ShuntTag>;     ///< a switched or fixed capacitor or reactor
using SectionIdx = Idx<struct SectionTag>; ///< 断面: a set of branches with signs and one limit
using UnitIdx =
    Idx<struct UnitTag>; ///< anything that injects at one bus: plant, battery, tie, HVDC
using LoadIdx = Idx<struct LoadTag>;       ///< a load as written
using SiteIdx = Idx<struct SiteTag>;       ///< a weather site
using SourceIdx = Idx<struct SourceTag>;   ///< a plant of any family, external grids left out
using StorageIdx = Idx<struct StorageTag>; ///< a battery or other reservoir
using TieIdx = Idx<struct TieTag>;         ///< an external grid

/// A column of values of type T, selected by rows of one table.
template <class Row, class T>
class Column {
  public:
    using value_type = T;

    Column() = default;
    explicit Column(std::size_t n, T fill = T{}) : values_(n, fill) {}
    Column(std::initializer_list<T> values) : values_(values) {}
    explicit Column(std::vector<T> values) : values_(std::move(values)) {}

    [[nodiscard]] decltype(auto) operator[](Row row) const {
        assert(row.valid() && row.row() < values_.size());
        return values_[row.row()];
    }
    [[nodiscard]] decltype(auto) operator[](Row row) {
        assert(row.valid() && row.row() < values_.size());
        return values_[row.row()];
    }
    [[nodiscard]] std::size_t size() const { return values_.size(); }
    [[nodiscard]] bool empty() const { return values_.empty(); }
    void push_back(T value) { values_.push_back(std::move(value)); }
    void resize(std::size_t n, T fill = T{}) { values_.resize(n, fill); }
    void reserve(std::size_t n) { values_.reserve(n); }
    void assign(std::size_t n, T fill) { values_.assign(n, fill); }
    [[nodiscard]] auto begin() const { return values_.begin(); }
    [[nodiscard]] auto end() const { return values_.end(); }
    [[nodiscard]] auto begin() { return values_.begin(); }
    [[nodiscard]] auto end() { return values_.end(); }
    [[nodiscard]] const std::vector<T>& vector() const { return values_; }
    [[nodiscard]] std::vector<T>& vector() { return values_; }
    friend bool operator==(const Column&, const Column&) = default;

  private:
    std::vector<T> values_;
};

/// All rows of a table with n rows: `for (BusIdx i : rows<BusIdx>(n_bus))`.
template <class Row>
[[nodiscard]] constexpr auto rows(std::size_t n) {
    return std::views::iota(0, static_cast<std::int32_t>(n)) |
           std::views::transform([](std::int32_t v) { return Row{v}; });
}

} // namespace yuanwang
