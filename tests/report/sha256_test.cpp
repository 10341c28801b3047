#include "report/sha256.hpp"

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "report/temporary_folder.hpp"

namespace yuanwang::report {
namespace {

// FIPS 180-4 examples, NIST CAVP "Secure Hash Standard: example values".
TEST(Sha256, PublishedDigests) {
    EXPECT_EQ(hash_text(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hash_text("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hash_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(hash_text(std::string(1000000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, AFileHashesAsItsText) {
    const test::TemporaryFolder folder;
    for (const std::size_t size : {0U, 1U, 55U, 56U, 64U, 65536U, 65537U}) {
        const std::string text(size, 'x');
        std::ofstream(folder.path() / "file") << text;
        EXPECT_EQ(hash_file(folder.path() / "file"), hash_text(text)) << size;
    }
}

TEST(Sha256, AMissingFileIsNamed) {
    EXPECT_THROW((void)hash_file("/nowhere/grid.yaml"), IoError);
}

} // namespace
} // namespace yuanwang::report
