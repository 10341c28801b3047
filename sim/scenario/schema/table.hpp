/// @file
/// Writes the schema table: binds keys to the members of one struct.
///
///     Table<network::Lines> t{"line", "Overhead line or cable; every circuit is one branch."};
///     t.number("length_km", &Lines::length_km, "route length").need().positive();
///
/// A member is a column (the value is appended) or a plain value (it is assigned); an optional one stays empty where the key
/// is absent. A number that is absent, has no default and is not optional is NaN until `finish` computes it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/index.hpp"
#include "core/name.hpp"
#include "scenario/reader.hpp"
#include "scenario/schema/schema.hpp"

namespace yuanwang::scenario {

/// A member of a member: `in(&SolarFleet::plants, &SolarPlants::tilt_degree)`.
template <class Outer, class Inner>
[[nodiscard]] auto in(Outer outer, Inner inner) {
    return [ outer, inner ](auto& table) -> auto& {
        return std::invoke(inner, std::invoke(outer, table));
    };
}

namespace detail {

template <class C>
struct ValueOf {
    using type = C;
};
template <class V>
struct ValueOf<std::vector<V>> {
    using type = V;
};
template <class Row, class V>
struct ValueOf<Column<Row, V>> {
    using type = V;
};

template <class V>
inline constexpr bool is_optional = false;
template <class V>
inline constexpr bool is_optional<std::optional<V>> = true;

template <class C, class V>
void put(C& column, V value) {
    if constexpr (std::is_same_v<C, V>) {
        column = std::move(value);
    } else if constexpr (is_optional<C>) {
        column = std::move(value);
    } else {
        column.push_back(std::move(value));
    }
}

} // namespace detail

template <class T>
class Table {
  public:
    Table(std::string name, std::string doc) {
        type_.name = std::move(name);
        type_.doc = std::move(doc);
    }
    [[nodiscard]] RecordType take() { return std::move(type_); }

    /// `id` and `name`, which every element has.
    void element() {
        id(&T::id);
        add("name", FieldKind::name, "display name; the id where there is none",
            [](const Field&, Reader& reader, const Node* value, void* table) {
                T& elements = *static_cast<T*>(table);
                std::optional<Name> name = value ? reader.read_name(*value) : std::nullopt;
                elements.name.push_back(name ? *std::move(name)
                                             : Name{.en = elements.id.back(), .zh = {}});
            });
    }
    template <class Get>
    Field& id(Get get) {
        return add("id", FieldKind::id, "stable id, unique in its list",
                   store<std::string>(
                       get, [](const Field&, Reader& r, const Node& v) { return r.read_id(v); }))
            .need();
    }
    template <class Get>
    Field& name(std::string key, Get get, std::string doc) {
        return add(std::move(key), FieldKind::name, std::move(doc),
                   store<Name>(
                       get, [](const Field&, Reader& r, const Node& v) { return r.read_name(v); }));
    }
    template <class Get>
    Field& number(std::string key, Get get, std::string doc) {
        return add(
            std::move(key), FieldKind::number, std::move(doc),
            [get](const Field& field, Reader& reader, const Node* value, void* table) {
                auto& column = std::invoke(get, *static_cast<T*>(table));
                using V = typename detail::ValueOf<std::remove_reference_t<decltype(column)>>::type;
                const std::optional<double> number =
                    value ? reader.read_number(field, *value) : std::nullopt;
                if constexpr (detail::is_optional<V>) {
                    detail::put(column, number);
                } else {
                    detail::put(column, number.value_or(std::numeric_limits<double>::quiet_NaN()));
                }
            });
    }
    template <class Get>
    Field& integer(std::string key, Get get, std::string doc) {
        return add(std::move(key), FieldKind::integer, std::move(doc),
                   store<int>(get, [](const Field& f, Reader& r, const Node& v) {
                       return r.read_integer(f, v);
                   }));
    }
    template <class Get>
    Field& boolean(std::string key, Get get, std::string doc) {
        return add(std::move(key), FieldKind::boolean, std::move(doc),
                   store<bool>(get, [](const Field&, Reader& r, const Node& v) {
                       return r.read_boolean(v);
                   }));
    }
    template <class Get>
    Field& text(std::string key, Get get, std::string doc) {
        return add(std::move(key), FieldKind::text, std::move(doc),
                   store<std::string>(
                       get, [](const Field&, Reader& r, const Node& v) { return r.read_text(v); }));
    }
    template <class Get>
    Field& texts(std::string key, Get get, std::string doc) {
        return add(std::move(key), FieldKind::texts, std::move(doc),
                   store<std::vector<std::string>>(get, [](const Field&, Reader& r, const Node& v) {
                       return r.read_texts(v);
                   }));
    }
    /// A word of a closed list; its position is the enumerator, or false and true.
    template <class Get>
    Field& word(std::string key, Get get, std::vector<std::string> words, std::string doc) {
        Field& field =
            add(std::move(key), FieldKind::word, std::move(doc),
                [get](const Field& self, Reader& reader, const Node* value, void* table) {
                    auto& column = std::invoke(get, *static_cast<T*>(table));
                    using V =
                        typename detail::ValueOf<std::remove_reference_t<decltype(column)>>::type;
                    const std::optional<std::size_t> at =
                        value ? reader.read_word(self, *value) : std::nullopt;
                    if constexpr (std::is_same_v<V, std::string>) {
                        detail::put(column, at ? self.words[*at] : std::string{});
                    } else {
                        detail::put(column, static_cast<V>(at.value_or(0)));
                    }
                });
        field.words = std::move(words);
        return field;
    }
    /// Numbers, of fixed length where the member is an array. A member that is itself a list of numbers belongs to one
    /// record and takes them; a column of lists or arrays grows by one.
    template <class Get>
    Field& numbers(std::string key, Get get, std::string doc) {
        using C = std::remove_reference_t<std::invoke_result_t<Get, T&>>;
        constexpr bool plain = std::is_same_v<C, std::vector<double>>;
        using V = std::conditional_t<plain, C, typename detail::ValueOf<C>::type>;
        Field& field =
            add(std::move(key), FieldKind::numbers, std::move(doc),
                [get](const Field& self, Reader& reader, const Node* value, void* table) {
                    const std::optional<std::vector<double>> read =
                        value ? reader.read_numbers(self, *value) : std::nullopt;
                    V values{};
                    if constexpr (std::is_same_v<V, std::vector<double>>) {
                        values = read.value_or(V{});
                    } else if (read) {
                        std::copy(read->begin(), read->end(), values.begin());
                    }
                    auto& member = std::invoke(get, *static_cast<T*>(table));
                    if constexpr (plain) {
                        member = std::move(values);
                    } else {
                        detail::put(member, std::move(values));
                    }
                });
        if constexpr (!std::is_same_v<V, std::vector<double>>) {
            field.count = std::tuple_size_v<V>;
        }
        return field;
    }
    template <class Get>
    Field& date(std::string key, Get get, std::string doc) {
        return add(
            std::move(key), FieldKind::date, std::move(doc),
            [get](const Field&, Reader& reader, const Node* value, void* table) {
                auto& column = std::invoke(get, *static_cast<T*>(table));
                using V = typename detail::ValueOf<std::remove_reference_t<decltype(column)>>::type;
                const auto read = value ? reader.read_date(*value) : std::nullopt;
                if constexpr (detail::is_optional<V>) {
                    detail::put(column, read);
                } else {
                    detail::put(column, read.value_or(V{}));
                }
            });
    }
    /// The id of an element of one of `lists`: kept as a row where the member is a row, else as text.
    template <class Get>
    Field& reference(std::string key, Get get, std::vector<std::string> lists, std::string doc) {
        Field& field =
            add(std::move(key), FieldKind::reference, std::move(doc),
                [get](const Field& self, Reader& reader, const Node* value, void* table) {
                    auto& column = std::invoke(get, *static_cast<T*>(table));
                    using V =
                        typename detail::ValueOf<std::remove_reference_t<decltype(column)>>::type;
                    if constexpr (std::is_same_v<V, std::string>) {
                        detail::put(column,
                                    (value ? reader.read_reference_id(self, *value) : std::nullopt)
                                        .value_or(""));
                    } else {
                        const std::optional<std::size_t> row =
                            value ? reader.read_reference(self, *value) : std::nullopt;
                        if constexpr (std::is_same_v<V, int>) {
                            detail::put(column, row ? static_cast<int>(*row) : -1);
                        } else {
                            detail::put(column, row ? V{*row} : V{});
                        }
                    }
                });
        field.lists = std::move(lists);
        return field;
    }
    /// A list of ids, kept as text.
    template <class Get>
    Field& references(std::string key, Get get, std::vector<std::string> lists, std::string doc) {
        Field& field =
            add(std::move(key), FieldKind::references, std::move(doc),
                store<std::vector<std::string>>(get, [](const Field& f, Reader& r, const Node& v) {
                    return r.read_reference_ids(f, v);
                }));
        field.lists = std::move(lists);
        return field;
    }
    /// A map bound to a member: a table of columns or a struct; where the member is a vector of structs, one is appended.
    template <class Get>
    Field& record(std::string key, Get get, const RecordType& type, std::string doc) {
        Field& field =
            add(std::move(key), FieldKind::record, std::move(doc),
                [get](const Field& self, Reader& reader, const Node* value, void* table) {
                    auto& member = std::invoke(get, *static_cast<T*>(table));
                    using C = std::remove_reference_t<decltype(member)>;
                    using V = typename detail::ValueOf<C>::type;
                    const Node nothing = value ? Node{} : make_map(reader.record_spot());
                    if constexpr (std::is_same_v<C, V>) {
                        reader.read_record(*self.record, value ? *value : nothing, &member);
                    } else if constexpr (detail::is_optional<V>) {
                        V made;
                        if (value) {
                            reader.read_record(*self.record, *value, &made.emplace());
                        }
                        member.push_back(std::move(made));
                    } else {
                        V made{};
                        reader.read_record(*self.record, value ? *value : nothing, &made);
                        member.push_back(std::move(made));
                    }
                });
        field.record = &type;
        return field;
    }
    /// A list of maps: the member is a table of columns, or a vector of structs that grows by one per map.
    template <class Get>
    Field& records(std::string key, Get get, const RecordType& type, std::string doc) {
        Field& field =
            add(std::move(key), FieldKind::records, std::move(doc),
                [get](const Field& self, Reader& reader, const Node* value, void* table) {
                    auto& member = std::invoke(get, *static_cast<T*>(table));
                    using C = std::remove_reference_t<decltype(member)>;
                    using V = typename detail::ValueOf<C>::type;
                    if (!value) {
                        return;
                    }
                    if constexpr (std::is_same_v<C, V>) {
                        reader.read_records(*self.record, *value, &member);
                    } else {
                        reader.for_each_item(*value, [&](const Node& item) {
                            V made{};
                            reader.read_record(*self.record, item, &made);
                            member.push_back(std::move(made));
                        });
                    }
                });
        field.record = &type;
        return field;
    }
    /// A field with a way of its own to be stored.
    Field& add(std::string key, FieldKind kind, std::string doc, Field::Store store) {
        Field field;
        if (kind == FieldKind::number || kind == FieldKind::integer || kind == FieldKind::numbers) {
            field.unit = find_unit(key);
        }
        field.key = std::move(key);
        field.kind = kind;
        field.doc = std::move(doc);
        field.store = std::move(store);
        type_.fields.push_back(std::move(field));
        return type_.fields.back();
    }
    /// Rules over several fields and columns that follow from them.
    template <class Finish>
    void finish(Finish rule) {
        type_.finish = [rule](Reader& reader, const Node& element, void* table) {
            rule(reader, element, *static_cast<T*>(table));
        };
    }

  private:
    /// Stores what `read` gives, or a default-made value where the key is absent or at fault.
    template <class V, class Get, class Read>
    static Field::Store store(Get get, Read read) {
        return [get, read](const Field& field, Reader& reader, const Node* value, void* table) {
            std::optional<V> made = value ? read(field, reader, *value) : std::nullopt;
            auto& column = std::invoke(get, *static_cast<T*>(table));
            using Member =
                typename detail::ValueOf<std::remove_reference_t<decltype(column)>>::type;
            if constexpr (std::is_same_v<V, int> && !std::is_same_v<Member, int>) {
                detail::put(column, static_cast<Member>(made.value_or(0)));
            } else {
                detail::put(column, made ? *std::move(made) : V{});
            }
        };
    }

    RecordType type_;
};

} // namespace yuanwang::scenario
