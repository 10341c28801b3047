#include "scenario/text_file.hpp"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace yuanwang::scenario {

namespace {

/// Length of the UTF-8 sequence at `at`, 0 where it is none (RFC 3629) or a control character YAML does not allow.
std::size_t measure_character(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t k) -> unsigned {
        return at + k < text.size() ? static_cast<unsigned char>(text[at + k]) : 0U;
    };
    const auto follows = [&](std::size_t k, unsigned low = 0x80, unsigned high = 0xBF) {
        return byte(k) >= low && byte(k) <= high;
    };
    const unsigned first = byte(0);
    if (first < 0x80) {
        return (first >= 0x20 && first != 0x7F) || first == '\n' || first == '\t' || first == '\r'
                   ? 1
                   : 0;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return follows(1) ? 2 : 0;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
        const unsigned high = first == 0xED ? 0x9F : 0xBF;
        return follows(1, low, high) && follows(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const unsigned low = first == 0xF0 ? 0x90 : 0x80;
        const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
        return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

/// Reads what there is, but not more than one byte beyond the bound: a pipe does not say its size.
std::string read_bounded(std::ifstream& stream, std::size_t max_bytes) {
    std::string text;
    std::vector<char> chunk(std::size_t{1} << 16U);
    while (text.size() <= max_bytes && stream) {
        stream.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
        text.append(chunk.data(), static_cast<std::size_t>(stream.gcount()));
    }
    return text;
}

} // namespace

std::optional<Fault> find_binary(std::string_view text, const std::string& shown_as) {
    int line = 1;
    int column = 1;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = measure_character(text, at);
        if (length == 0) {
            return Fault{{shown_as, line, column},
                         "",
                         "must be UTF-8 text",
                         fmt::format("byte 0x{:02x}", static_cast<unsigned char>(text[at]))};
        }
        ++column;
        if (text[at] == '\n') {
            ++line;
            column = 1;
        }
        at += length;
    }
    return std::nullopt;
}

std::optional<std::string> read_text_file(const std::filesystem::path& file,
                                          const std::string& shown_as, std::size_t max_bytes,
                                          std::vector<Fault>& faults) {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status)) {
        throw IoError(fmt::format("{}: cannot be read: no such file", shown_as));
    }
    if (std::filesystem::is_directory(status)) {
        throw IoError(fmt::format("{}: cannot be read: it is a folder", shown_as));
    }
    std::ifstream stream{file, std::ios::binary};
    if (!stream) {
        throw IoError(fmt::format("{}: cannot be read: {}", shown_as, std::strerror(errno)));
    }
    const std::uintmax_t bytes = std::filesystem::file_size(file, error);
    std::string text;
    if (error || bytes <= max_bytes) {
        text = read_bounded(stream, max_bytes);
    }
    if (stream.bad()) {
        throw IoError(fmt::format("{}: cannot be read", shown_as));
    }
    if ((!error && bytes > max_bytes) || text.size() > max_bytes) {
        const std::string size = error ? "more" : fmt::format("{} MiB", bytes >> 20U);
        faults.push_back({{shown_as, 0, 0},
                          "",
                          fmt::format("a scenario file must be at most {} MiB", max_bytes >> 20U),
                          size});
        return std::nullopt;
    }
    return text;
}

} // namespace yuanwang::scenario
