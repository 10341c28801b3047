/// @file
/// A number per element and step.
///
/// `Series` is [n_element × n_step], column-major: all elements of one step lie side by side, so a
/// step is one contiguous view and a block of steps is one contiguous stretch.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

namespace yuanwang {

template <class T>
class BasicSeries {
  public:
    BasicSeries() = default;
    BasicSeries(std::size_t n_element, std::size_t n_step, T fill = T{})
        : n_element_{n_element}, n_step_{n_step}, values_(n_element * n_step, fill) {}

    [[nodiscard]] std::size_t n_element() const { return n_element_; }
    [[nodiscard]] std::size_t n_step() const { return n_step_; }

    [[nodiscard]] T operator()(std::size_t element, std::size_t t) const {
        assert(element < n_element_ && t < n_step_);
        return values_[t * n_element_ + element];
    }
    [[nodiscard]] T& operator()(std::size_t element, std::size_t t) {
        assert(element < n_element_ && t < n_step_);
        return values_[t * n_element_ + element];
    }
    template <class Row>
    requires requires(Row row) { row.row(); }
    [[nodiscard]] T operator()(Row element, std::size_t t) const {
        return (*this)(element.row(), t);
    }
    template <class Row>
    requires requires(Row row) { row.row(); }
    [[nodiscard]] T& operator()(Row element, std::size_t t) { return (*this)(element.row(), t); }

    /// All elements of step t.
    [[nodiscard]] std::span<const T> step(std::size_t t) const {
        return {values_.data() + t * n_element_, n_element_};
    }
    [[nodiscard]] std::span<T> step(std::size_t t) {
        return {values_.data() + t * n_element_, n_element_};
    }

    [[nodiscard]] std::span<const T> values() const { return values_; }
    [[nodiscard]] std::span<T> values() { return values_; }
    [[nodiscard]] bool empty() const { return values_.empty(); }

    void fill(T value) { std::fill(values_.begin(), values_.end(), value); }
    /// Gives the shape and fills; keeps the memory where it suffices.
    void reshape(std::size_t n_element, std::size_t n_step, T value = T{}) {
        n_element_ = n_element;
        n_step_ = n_step;
        values_.assign(n_element * n_step, value);
    }
    friend bool operator==(const BasicSeries&, const BasicSeries&) = default;

  private:
    std::size_t n_element_ = 0;
    std::size_t n_step_ = 0;
    std::vector<T> values_;
};

using Series = BasicSeries<double>;

} // namespace yuanwang
