#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "scenario/schema/schema.hpp"

namespace yuanwang::scenario {

std::string write_rule(const Range& range) {
    const bool below = std::isfinite(range.min);
    const bool above = std::isfinite(range.max);
    const char* const from = range.min_excluded ? ">" : ">=";
    if (below && above) {
        return range.min_excluded
                   ? fmt::format("must be {} {:g} and <= {:g}", from, range.min, range.max)
                   : fmt::format("must be within {:g}…{:g}", range.min, range.max);
    }
    return below ? fmt::format("must be {} {:g}", from, range.min)
                 : fmt::format("must be <= {:g}", range.max);
}

namespace {

using UnitOfWord = std::pair<std::string_view, std::string_view>;

/// Words of a key that are units, as the file writes them and as people read them.
constexpr std::array<UnitOfWord, 38> unit_words = {{
    {"a", "A"},
    {"c", "degrees C"},
    {"cm", "cm"},
    {"cny", "CNY"},
    {"days", "days"},
    {"degree", "degrees"},
    {"f", "F"},
    {"g", "g"},
    {"h", "h"},
    {"hm3", "hm3"},
    {"hour", "h"},
    {"hours", "h"},
    {"k", "K"},
    {"ka", "kA"},
    {"km", "km"},
    {"kv", "kV"},
    {"kw", "kW"},
    {"kwh", "kWh"},
    {"m", "m"},
    {"m2", "m2"},
    {"m3", "m3"},
    {"mm", "mm"},
    {"mva", "MVA"},
    {"mvar", "Mvar"},
    {"mw", "MW"},
    {"mwh", "MWh"},
    {"ohm", "ohm"},
    {"percent", "%"},
    {"pflops", "PFLOP/s"},
    {"pu", "pu"},
    {"rpm", "1/min"},
    {"s", "s"},
    {"t", "t"},
    {"ug", "ug"},
    {"us", "uS"},
    {"v", "V"},
    {"watt", "W"},
    {"y", "years"},
}};

/// Units that only stand below a fraction: `_per_day`, `_per_min`, `_per_year`.
constexpr std::array<UnitOfWord, 3> unit_words_below = {
    {{"day", "day"}, {"min", "min"}, {"year", "year"}}};

/// What is counted one by one and has no unit of its own: `watt_per_lamp`, `kwh_per_unit`.
constexpr std::array<std::string_view, 2> counted_words = {"lamp", "unit"};

template <std::size_t N>
std::string_view look_up(const std::array<UnitOfWord, N>& table, std::string_view word) {
    const auto found = std::ranges::find(table, word, &UnitOfWord::first);
    return found == table.end() ? std::string_view{} : found->second;
}

std::vector<std::string_view> split_words(std::string_view key) {
    std::vector<std::string_view> words;
    for (std::size_t at = 0; at <= key.size();) {
        const std::size_t end = std::min(key.find('_', at), key.size());
        words.push_back(key.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

/// `mw`, `h` → `MW h`; empty where a word is no unit.
std::string write_product(std::span<const std::string_view> words, bool below) {
    std::string product;
    for (const std::string_view word : words) {
        std::string_view unit = look_up(unit_words, word);
        if (unit.empty() && below) {
            unit = look_up(unit_words_below, word);
        }
        if (unit.empty()) {
            return {};
        }
        product += (product.empty() ? "" : " ") + std::string{unit};
    }
    return product;
}

/// The unit below the line in brackets where it is a product.
std::string write_fraction(const std::string& above, const std::string& below) {
    const bool product = below.find(' ') != std::string::npos;
    return fmt::format("{}/{}", above.empty() ? "1" : above, product ? "(" + below + ")" : below);
}

/// Unit of a key without `per`: its last word; `kg_m2` is the only product.
std::string find_plain_unit(std::span<const std::string_view> words) {
    const std::size_t n = words.size();
    if (n >= 2 && words[n - 1] == "day") {
        return "day of year";
    }
    if (n >= 2 && words[n - 1] == "m2" && words[n - 2] == "kg") {
        return "kg m2";
    }
    return write_product(words.last(1), false);
}

} // namespace

std::string find_unit(std::string_view key) {
    const std::vector<std::string_view> words = split_words(key);
    const auto per = std::ranges::find(words, std::string_view{"per"});
    if (per == words.end()) {
        return find_plain_unit(words);
    }
    const std::span<const std::string_view> all{words};
    const auto n_above = static_cast<std::size_t>(per - words.begin());
    const std::span<const std::string_view> below = all.subspan(n_above + 1);
    const std::string above = n_above > 0 ? write_product(all.subspan(n_above - 1, 1), false) : "";
    if (below.size() == 1 &&
        std::ranges::find(counted_words, below.front()) != counted_words.end()) {
        return above;
    }
    return write_fraction(above, write_product(below, true));
}

} // namespace yuanwang::scenario
