/// @file
/// Characters of a MATLAB text, with the place of each: blanks, comments, continuations, numbers,
/// names, strings.
///
/// A comment starts with `%` (or `#`, as Octave writes it) and runs to the end of the line; `%{`
/// and `%}` alone on their lines enclose one of many lines; `...` joins a line with the next. A
/// byte order mark before the text is no part of it. Nothing is copied; cost is linear in the text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace yuanwang::exchange::matlab {

/// Line and column, from 1.
struct Spot {
    int line = 0;
    int column = 0;
};

class Scanner {
  public:
    /// A place in the text to come back to.
    struct Mark {
        std::size_t position = 0;
        std::size_t line_start = 0;
        int line = 1;
    };

    /// `file` names the text in faults.
    Scanner(std::string_view text, std::string file);

    [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
    /// The character `ahead` of the next one; NUL past the end.
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
    }
    void advance(std::size_t count = 1) { position_ += count; }
    [[nodiscard]] bool consume(char expected);
    [[nodiscard]] bool consume(std::string_view expected);
    /// Consumes, or fails.
    void expect(char expected);

    [[nodiscard]] int line() const { return line_; }
    [[nodiscard]] Spot here() const { return {line_, column()}; }
    [[nodiscard]] Mark mark() const { return {position_, line_start_, line_}; }
    void rewind(const Mark& mark);

    /// Skips spaces, tabs and continuations; says whether there were any. Stays on the logical
    /// line.
    bool skip_blanks();
    /// Skips a comment, if one starts here, up to the end of its line.
    void skip_comment();
    /// Takes a line end; false where none stands here.
    [[nodiscard]] bool take_newline();
    /// Skips a comment of many lines, if one starts here as the first on its line.
    bool skip_block_comment();
    /// Skips blanks, comments and line ends: whatever stands between two statements.
    void skip_lines();
    /// Skips the rest of the line.
    void skip_to_line_end();

    /// A number without sign: `12`, `.5`, `1e-3`, `6.0d1`, `0x1F`; beyond the range of a double it
    /// is 0 or Inf, as in MATLAB. None where none starts here.
    [[nodiscard]] std::optional<double> take_number();
    /// A name; empty where none starts here.
    [[nodiscard]] std::string_view take_name();
    /// The text between two quotes of the kind that stands here; a doubled quote is one quote.
    [[nodiscard]] std::string take_string();

    /// Throws an `InputError` at the next character, which it quotes as what was found.
    [[noreturn]] void fail(std::string rule) const;
    [[noreturn]] void fail_at(int line, int column, std::string rule, std::string got = {}) const;
    [[nodiscard]] int column() const { return static_cast<int>(position_ - line_start_) + 1; }

  private:
    [[nodiscard]] bool at_block_comment() const;
    [[nodiscard]] bool ends_line(std::size_t ahead) const;
    [[nodiscard]] std::optional<double> take_hexadecimal();
    [[nodiscard]] std::size_t find_exponent_d(std::size_t length) const;

    std::string_view text_;
    std::string file_;
    std::size_t position_ = 0;
    std::size_t line_start_ = 0;
    int line_ = 1;
};

} // namespace yuanwang::exchange::matlab
