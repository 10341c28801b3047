/// @file
/// A display name in two languages. Ids are for machines; names are for readers.
#pragma once

#include <string>

namespace yuanwang {

enum class Language { en, zh };

struct Name {
    std::string en;
    std::string zh;

    /// The name in a language, or the other where one is missing.
    [[nodiscard]] const std::string& in(Language language) const {
        const std::string& wanted = language == Language::zh ? zh : en;
        const std::string& other = language == Language::zh ? en : zh;
        return wanted.empty() ? other : wanted;
    }
    friend bool operator==(const Name&, const Name&) = default;
};

} // namespace yuanwang
