#include "core/error.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

namespace yuanwang {

std::string to_string(const Place& place) {
    if (place.line <= 0) {
        return place.file;
    }
    return fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

std::string to_string(const Fault& fault) {
    std::string text = to_string(fault.place);
    for (const std::string& part : {fault.path, fault.rule}) {
        if (!part.empty()) {
            text += text.empty() ? part : ": " + part;
        }
    }
    return fault.got.empty() ? text : text + ", got " + fault.got;
}

namespace {

std::string join_lines(const std::vector<Fault>& faults) {
    std::string text;
    for (const Fault& fault : faults) {
        text += (text.empty() ? "" : "\n") + to_string(fault);
    }
    return text;
}

std::vector<Fault> sort_by_place(std::vector<Fault> faults) {
    std::ranges::stable_sort(faults, {}, [](const Fault& f) {
        return std::tie(f.place.file, f.place.line, f.place.column);
    });
    return faults;
}

std::size_t measure_edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

} // namespace

InputError::InputError(std::vector<Fault> faults)
    : std::runtime_error(join_lines(sort_by_place(faults))),
      faults_(sort_by_place(std::move(faults))) {}

InputError::InputError(Fault fault) : InputError(std::vector<Fault>{std::move(fault)}) {}

std::string_view find_nearest(std::string_view word, const std::vector<std::string>& candidates) {
    std::string_view nearest;
    std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = measure_edit_distance(word, candidate);
        if (distance < least) {
            least = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

} // namespace yuanwang
