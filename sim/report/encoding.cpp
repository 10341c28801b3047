#include "report/encoding.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include <zlib.h>

namespace yuanwang::report {
namespace {

struct Bounds {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
};

Bounds find_bounds(std::size_t n_element, std::size_t n_step, const ColumnView& value) {
    Bounds bounds;
    for (std::size_t t = 0; t < n_step; ++t) {
        for (std::size_t i = 0; i < n_element; ++i) {
            const double v = value(i, t);
            if (std::isfinite(v)) {
                bounds.low = std::min(bounds.low, v);
                bounds.high = std::max(bounds.high, v);
            }
        }
    }
    if (bounds.low > bounds.high) {
        return {0, 0};
    }
    return bounds;
}

constexpr std::uint32_t no_value(int bits) {
    return (1U << bits) - 1U;
}

} // namespace

PackedColumn pack_column(std::string name, std::size_t n_element, std::size_t n_step,
                         double resolution, const ColumnView& value, std::string& bytes) {
    assert(resolution > 0);
    const auto [low, high] = find_bounds(n_element, n_step, value);
    const double offset = std::floor(low / resolution) * resolution;
    const double n_code = std::ceil((high - offset) / resolution) + 1;
    const int bits = n_code <= no_value(8) ? 8 : 16;
    const double scale = n_code <= no_value(16) ? resolution : (high - offset) / (no_value(16) - 1);
    const std::size_t first = bytes.size();
    const std::size_t n = n_element * n_step;
    bytes.resize(first + n * static_cast<std::size_t>(bits / 8));

    for (std::size_t i = 0; i < n_element; ++i) {
        std::uint32_t before = 0;
        for (std::size_t t = 0; t < n_step; ++t) {
            const double v = value(i, t);
            const std::uint32_t code =
                std::isfinite(v) ? static_cast<std::uint32_t>(std::lround((v - offset) / scale))
                                 : no_value(bits);
            const std::uint32_t step = code - before;
            before = code;
            const std::size_t k = i * n_step + t;
            bytes[first + k] = static_cast<char>(step & 0xFFU);
            if (bits == 16) {
                bytes[first + n + k] = static_cast<char>(step >> 8 & 0xFFU);
            }
        }
    }
    return {std::move(name), n_element, n_step, bits, scale, offset, first};
}

std::vector<double> unpack_column(const PackedColumn& column, std::string_view bytes) {
    const std::size_t n = column.n_element * column.n_step;
    std::vector<double> values(n);
    const std::uint32_t mask = no_value(column.bits);
    for (std::size_t i = 0; i < column.n_element; ++i) {
        std::uint32_t code = 0;
        for (std::size_t t = 0; t < column.n_step; ++t) {
            const std::size_t k = i * column.n_step + t;
            std::uint32_t step = static_cast<unsigned char>(bytes[column.first_byte + k]);
            if (column.bits == 16) {
                step |= std::uint32_t{static_cast<unsigned char>(bytes[column.first_byte + n + k])}
                        << 8;
            }
            code = (code + step) & mask;
            values[k] = code == mask ? std::numeric_limits<double>::quiet_NaN()
                                     : column.offset + column.scale * code;
        }
    }
    return values;
}

std::string gzip(std::string_view bytes) {
    z_stream stream{};
    constexpr int gzip_window = 15 + 16;
    if (deflateInit2(&stream, 6, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("zlib: no memory to compress");
    }
    std::string packed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const int status = deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    if (status != Z_STREAM_END) {
        throw std::runtime_error("zlib: compression did not finish");
    }
    return packed;
}

std::string to_base64(std::string_view bytes) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t word = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            word = word << 8 | (j < left ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            text += j <= left ? letters[word >> (18 - 6 * j) & 63U] : '=';
        }
    }
    return text;
}

} // namespace yuanwang::report
