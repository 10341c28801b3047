/// @file
/// A struct of columns as bytes and back, field by field in the order they are declared: a field that is added is stored
/// with the others, one of a kind not known here does not compile.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/series.hpp"

namespace yuanwang::sweep {

namespace detail {

/// Stands for a value of any type where a compiler counts how many a struct takes.
struct Anything {
    template <class T>
    operator T() const; // NOLINT
};

template <class T, std::size_t... I>
constexpr bool takes(std::index_sequence<I...>) {
    return requires {
        T{(static_cast<void>(I), Anything{})...};
    };
}

template <class T, std::size_t n = 24>
constexpr std::size_t count_fields() {
    static_assert(n > 0, "a struct with too many fields, or none");
    if constexpr (takes<T>(std::make_index_sequence<n>{})) {
        return n;
    } else {
        return count_fields<T, n - 1>();
    }
}

// NOLINTBEGIN: structured bindings need their names written out
template <class T, class Visit>
void visit_fields(T& v, Visit&& f) {
    constexpr std::size_t n = count_fields<std::remove_const_t<T>>();
    static_assert(n <= 22, "write one more case");
#define YUANWANG_FIELDS(number, ...)                                                               \
    if constexpr (n == number) {                                                                   \
        auto& [__VA_ARGS__] = v;                                                                   \
        f(__VA_ARGS__);                                                                            \
    }
    YUANWANG_FIELDS(1, a)
    YUANWANG_FIELDS(2, a, b)
    YUANWANG_FIELDS(3, a, b, c)
    YUANWANG_FIELDS(4, a, b, c, d)
    YUANWANG_FIELDS(5, a, b, c, d, e)
    YUANWANG_FIELDS(6, a, b, c, d, e, g)
    YUANWANG_FIELDS(7, a, b, c, d, e, g, h)
    YUANWANG_FIELDS(8, a, b, c, d, e, g, h, i)
    YUANWANG_FIELDS(9, a, b, c, d, e, g, h, i, j)
    YUANWANG_FIELDS(10, a, b, c, d, e, g, h, i, j, k)
    YUANWANG_FIELDS(11, a, b, c, d, e, g, h, i, j, k, l)
    YUANWANG_FIELDS(12, a, b, c, d, e, g, h, i, j, k, l, m)
    YUANWANG_FIELDS(13, a, b, c, d, e, g, h, i, j, k, l, m, o)
    YUANWANG_FIELDS(14, a, b, c, d, e, g, h, i, j, k, l, m, o, p)
    YUANWANG_FIELDS(15, a, b, c, d, e, g, h, i, j, k, l, m, o, p, q)
    YUANWANG_FIELDS(16, a, b, c, d, e, g, h, i, j, k, l, m, o, p, q, r)
    YUANWANG_FIELDS(17, a, b, c, d, e, g, h, i, j, k, l, m, o, p, q, r, s)
    YUANWANG_FIELDS(18, a, b, c, d, e, g, h, i, j, k, l, m, o, p, q, r, s, t)
    YUANWANG_FIELDS(19, a, b, c, d, e, g, h, i, j, k, l, m, o, p, q, r, s, t, u)
    YUANWANG_FIELDS(20, a, b, c, d, e, g, h, i, j, k, l, m, o, p, q, r, s, t, u, w)
    YUANWANG_FIELDS(21, a, b, c, d, e, g, h, i, j, k, l, m, o, p, q, r, s, t, u, w, x)
    YUANWANG_FIELDS(22, a, b, c, d, e, g, h, i, j, k, l, m, o, p, q, r, s, t, u, w, x, y)
#undef YUANWANG_FIELDS
}
// NOLINTEND

} // namespace detail

/// Appends values to bytes.
class FieldWriter {
  public:
    template <class T>
    void write(const T& value) {
        if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
            append(&value, sizeof value);
        } else if constexpr (requires { value.n_element(); }) {
            write(static_cast<std::uint64_t>(value.n_element()));
            write(static_cast<std::uint64_t>(value.n_step()));
            append(value.values().data(), value.values().size_bytes());
        } else if constexpr (requires {
                                 typename T::value_type;
                                 value.data();
                             }) {
            write_list(value);
        } else {
            detail::visit_fields(value, [this](const auto&... field) { (write(field), ...); });
        }
    }
    [[nodiscard]] std::string take() { return std::move(bytes_); }

  private:
    template <class List>
    void write_list(const List& list) {
        using Item = typename List::value_type;
        write(static_cast<std::uint64_t>(list.size()));
        if constexpr (std::is_arithmetic_v<Item>) {
            append(list.data(), list.size() * sizeof(Item));
        } else {
            for (const Item& item : list) {
                write(item);
            }
        }
    }
    void append(const void* data, std::size_t n) {
        bytes_.append(static_cast<const char*>(data), n);
    }

    std::string bytes_;
};

/// Reads them back; `failed` where the bytes end too early or go on too long.
class FieldReader {
  public:
    explicit FieldReader(std::string_view bytes) : bytes_{bytes} {}

    template <class T>
    void read(T& value) {
        if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
            take(&value, sizeof value);
        } else if constexpr (requires { value.n_element(); }) {
            const std::size_t n_element = read_count();
            const std::size_t n_step = read_count();
            if (n_element != 0 && n_step > bytes_.size() / n_element) {
                failed_ = true;
                return;
            }
            value.reshape(n_element, n_step);
            take(value.values().data(), value.values().size_bytes());
        } else if constexpr (requires {
                                 typename T::value_type;
                                 value.data();
                             }) {
            read_list(value);
        } else {
            detail::visit_fields(value, [this](auto&... field) { (read(field), ...); });
        }
    }
    [[nodiscard]] bool failed() const { return failed_ || !bytes_.empty(); }

  private:
    template <class List>
    void read_list(List& list) {
        using Item = typename List::value_type;
        const std::size_t n = read_count();
        if (n > bytes_.size()) {
            failed_ = true;
            return;
        }
        list.resize(n);
        if constexpr (std::is_arithmetic_v<Item>) {
            take(list.data(), n * sizeof(Item));
        } else {
            for (Item& item : list) {
                read(item);
            }
        }
    }
    std::size_t read_count() {
        std::uint64_t n = 0;
        read(n);
        return static_cast<std::size_t>(n);
    }
    void take(void* data, std::size_t n) {
        if (n > bytes_.size()) {
            failed_ = true;
            return;
        }
        std::memcpy(data, bytes_.data(), n);
        bytes_.remove_prefix(n);
    }

    std::string_view bytes_;
    bool failed_ = false;
};

} // namespace yuanwang::sweep
