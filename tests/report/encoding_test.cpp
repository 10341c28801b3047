#include "report/encoding.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "core/series.hpp"

namespace yuanwang::report {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Packs rows behind some other bytes and reads them back, element by element.
std::vector<double> round_trip(const std::vector<std::vector<double>>& rows, double resolution,
                               PackedColumn* column = nullptr) {
    std::string bytes = "before";
    const PackedColumn packed = pack_column(
        "x", rows.size(), rows.front().size(), resolution,
        [&](std::size_t i, std::size_t t) { return rows[i][t]; }, bytes);
    if (column != nullptr) {
        *column = packed;
    }
    return unpack_column(packed, bytes);
}

TEST(Encoding, ValuesComeBackWithinHalfAResolution) {
    const std::vector<std::vector<double>> rows = {{0.97, 1.0004, 1.05, 1.0},
                                                   {0.951, 1.049, 0.9999, 1.02}};
    PackedColumn column;
    const std::vector<double> back = round_trip(rows, 0.001, &column);
    EXPECT_EQ(column.bits, 8);
    for (std::size_t k = 0; k < back.size(); ++k) {
        EXPECT_NEAR(back[k], rows[k / 4][k % 4], 0.0005 + 1e-12);
    }
}

TEST(Encoding, WideRangesTakeTwoBytes) {
    PackedColumn column;
    const std::vector<double> back = round_trip({{-4300.04, 0, 2253.26, 12.3}}, 0.1, &column);
    EXPECT_EQ(column.bits, 16);
    EXPECT_NEAR(back[0], -4300.04, 0.05 + 1e-9);
    EXPECT_NEAR(back[2], 2253.26, 0.05 + 1e-9);
}

TEST(Encoding, ARangeBeyondTwoBytesWidensTheResolution) {
    PackedColumn column;
    const std::vector<double> back = round_trip({{0, 1e6, 123456.7}}, 0.1, &column);
    EXPECT_GT(column.scale, 0.1);
    EXPECT_NEAR(back[2], 123456.7, 0.5 * column.scale + 1e-9);
    EXPECT_NEAR(back[1], 1e6, 0.5 * column.scale + 1e-9);
}

TEST(Encoding, MissingValuesStayMissing) {
    const std::vector<double> back = round_trip({{nan, 1, nan}, {2, nan, 3}}, 1);
    EXPECT_TRUE(std::isnan(back[0]) && std::isnan(back[2]) && std::isnan(back[4]));
    EXPECT_EQ(back[1], 1);
    EXPECT_EQ(back[5], 3);
    const std::vector<double> none = round_trip({{nan, nan}}, 1);
    EXPECT_TRUE(std::isnan(none[0]) && std::isnan(none[1]));
}

TEST(Encoding, EveryCodeOfEitherWidthSurvives) {
    for (const std::size_t n : {255U, 65535U}) {
        std::vector<double> row;
        for (std::size_t k = 0; k < n; ++k) {
            row.push_back(static_cast<double>((k * 7919) % n));
        }
        EXPECT_EQ(round_trip({row}, 1), row) << n;
    }
}

TEST(Encoding, GzipUnpacksAndHoldsNoTime) {
    const std::string text = "the same bytes, the same bytes, the same bytes";
    const std::string packed = gzip(text);
    EXPECT_EQ(packed, gzip(text));
    EXPECT_EQ(packed.substr(4, 4), std::string(4, '\0')); // MTIME of RFC 1952
    std::string back(text.size(), '\0');
    z_stream stream{};
    ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    std::string input = packed;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(back.data());
    stream.avail_out = static_cast<uInt>(back.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    EXPECT_EQ(back, text);
}

// RFC 4648, section 10.
TEST(Encoding, PublishedBase64) {
    EXPECT_EQ(to_base64(""), "");
    EXPECT_EQ(to_base64("f"), "Zg==");
    EXPECT_EQ(to_base64("fo"), "Zm8=");
    EXPECT_EQ(to_base64("foo"), "Zm9v");
    EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
    EXPECT_EQ(to_base64("fooba"), "Zm9vYmE=");
    EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(to_base64("\xff\xfe\xfd"), "//79");
}

} // namespace
} // namespace yuanwang::report
