#include "report/sha256.hpp"

#include <array>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"

namespace yuanwang::report {
namespace {

constexpr std::size_t block_bytes = 64;

// First 32 bits of the fractional parts of the cube roots of the first 64 primes (4.2.2).
constexpr std::array<std::uint32_t, 64> K = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

class Sha256 {
  public:
    void add(const unsigned char* data, std::size_t size) {
        n_byte_ += size;
        while (size > 0) {
            const std::size_t take = std::min(size, block_bytes - filled_);
            std::memcpy(block_.data() + filled_, data, take);
            filled_ += take;
            data += take;
            size -= take;
            if (filled_ == block_bytes) {
                compress();
                filled_ = 0;
            }
        }
    }

    /// Pads (5.1.1) and returns the digest in hexadecimal.
    std::string finish() {
        const std::uint64_t n_bit = n_byte_ * 8;
        const unsigned char one = 0x80;
        add(&one, 1);
        const unsigned char zero = 0;
        while (filled_ != block_bytes - 8) {
            add(&zero, 1);
        }
        std::array<unsigned char, 8> length{};
        for (std::size_t i = 0; i < 8; ++i) {
            length[i] = static_cast<unsigned char>(n_bit >> (56 - 8 * i));
        }
        add(length.data(), length.size());
        std::string text;
        for (const std::uint32_t word : H_) {
            text += fmt::format("{:08x}", word);
        }
        return text;
    }

  private:
    void compress() {
        std::array<std::uint32_t, 64> W{};
        for (std::size_t t = 0; t < 16; ++t) {
            const unsigned char* p = block_.data() + 4 * t;
            W[t] = std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 |
                   std::uint32_t{p[2]} << 8 | std::uint32_t{p[3]};
        }
        for (std::size_t t = 16; t < 64; ++t) {
            const std::uint32_t s0 =
                std::rotr(W[t - 15], 7) ^ std::rotr(W[t - 15], 18) ^ (W[t - 15] >> 3);
            const std::uint32_t s1 =
                std::rotr(W[t - 2], 17) ^ std::rotr(W[t - 2], 19) ^ (W[t - 2] >> 10);
            W[t] = W[t - 16] + s0 + W[t - 7] + s1;
        }
        auto [a, b, c, d, e, f, g, h] = H_;
        for (std::size_t t = 0; t < 64; ++t) {
            const std::uint32_t S1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
            const std::uint32_t T1 = h + S1 + ((e & f) ^ (~e & g)) + K[t] + W[t];
            const std::uint32_t S0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
            const std::uint32_t T2 = S0 + ((a & b) ^ (a & c) ^ (b & c));
            h = g;
            g = f;
            f = e;
            e = d + T1;
            d = c;
            c = b;
            b = a;
            a = T1 + T2;
        }
        const std::array<std::uint32_t, 8> change = {a, b, c, d, e, f, g, h};
        for (std::size_t i = 0; i < H_.size(); ++i) {
            H_[i] += change[i];
        }
    }

    std::array<std::uint32_t, 8> H_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<unsigned char, block_bytes> block_{};
    std::size_t filled_ = 0;
    std::uint64_t n_byte_ = 0;
};

} // namespace

std::string hash_text(std::string_view text) {
    Sha256 hash;
    hash.add(reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return hash.finish();
}

std::string hash_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::vector<char> piece(1 << 16);
    Sha256 hash;
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
        hash.add(reinterpret_cast<const unsigned char*>(piece.data()),
                 static_cast<std::size_t>(in.gcount()));
    }
    if (!in.eof()) {
        throw IoError(fmt::format("{}: cannot be read: {}", file.string(), std::strerror(errno)));
    }
    return hash.finish();
}

} // namespace yuanwang::report
