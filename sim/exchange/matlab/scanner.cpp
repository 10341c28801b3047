#include "exchange/matlab/scanner.hpp"

#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>
#include <utility>

namespace yuanwang::exchange::matlab {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

/// What a number means that no double holds: 0 below the smallest, Inf above the greatest.
double round_out_of_range(std::string_view digits) {
    const std::size_t exponent_at = digits.find_first_of("eE");
    const std::string_view mantissa = digits.substr(0, exponent_at);
    const bool below_one = mantissa.find_first_of("123456789") > mantissa.find('.');
    const bool negative = exponent_at != std::string_view::npos && digits[exponent_at + 1] == '-';
    const bool large = exponent_at == std::string_view::npos ? !below_one : !negative;
    return large ? std::numeric_limits<double>::infinity() : 0.0;
}

} // namespace

Scanner::Scanner(std::string_view text, std::string file) : text_{text}, file_{std::move(file)} {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text_.starts_with(byte_order_mark)) {
        text_.remove_prefix(byte_order_mark.size());
    }
}

void Scanner::rewind(const Mark& mark) {
    position_ = mark.position;
    line_start_ = mark.line_start;
    line_ = mark.line;
}

bool Scanner::consume(char expected) {
    if (at_end() || peek() != expected) {
        return false;
    }
    advance();
    return true;
}

bool Scanner::consume(std::string_view expected) {
    if (text_.substr(position_, expected.size()) != expected) {
        return false;
    }
    advance(expected.size());
    return true;
}

void Scanner::expect(char expected) {
    if (!consume(expected)) {
        fail(std::string{"expected '"} + expected + "'");
    }
}

bool Scanner::skip_blanks() {
    const std::size_t before = position_;
    while (true) {
        while (is_blank(peek())) {
            advance();
        }
        if (!consume("...")) {
            return position_ != before;
        }
        while (!at_end() && !take_newline()) {
            advance();
        }
    }
}

void Scanner::skip_comment() {
    if (peek() != '%' && peek() != '#') {
        return;
    }
    skip_to_line_end();
}

bool Scanner::take_newline() {
    if (!consume('\n')) {
        if (!consume('\r')) {
            return false;
        }
        static_cast<void>(consume('\n'));
    }
    ++line_;
    line_start_ = position_;
    return true;
}

void Scanner::skip_lines() {
    do {
        skip_blanks();
        if (!skip_block_comment()) {
            skip_comment();
        }
    } while (take_newline());
}

void Scanner::skip_to_line_end() {
    while (!at_end() && peek() != '\n' && peek() != '\r') {
        advance();
    }
}

bool Scanner::at_block_comment() const {
    if ((peek() != '%' && peek() != '#') || peek(1) != '{') {
        return false;
    }
    for (std::size_t k = line_start_; k < position_; ++k) {
        if (!is_blank(text_[k])) {
            return false;
        }
    }
    return ends_line(2);
}

bool Scanner::ends_line(std::size_t ahead) const {
    while (is_blank(peek(ahead))) {
        ++ahead;
    }
    const char end = peek(ahead);
    return end == '\n' || end == '\r' || position_ + ahead >= text_.size();
}

bool Scanner::skip_block_comment() {
    if (!at_block_comment()) {
        return false;
    }
    const Spot first = here();
    int depth = 0;
    while (!at_end()) {
        while (is_blank(peek())) {
            advance();
        }
        const bool marker = peek() == '%' || peek() == '#';
        if (at_block_comment()) {
            ++depth;
        } else if (marker && peek(1) == '}' && ends_line(2)) {
            --depth;
        }
        skip_to_line_end();
        if (depth == 0) {
            return true;
        }
        static_cast<void>(take_newline());
    }
    fail_at(first.line, first.column, "block comment without an end");
}

std::optional<double> Scanner::take_number() {
    if (!is_digit(peek()) && !(peek() == '.' && is_digit(peek(1)))) {
        return std::nullopt;
    }
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X')) {
        return take_hexadecimal();
    }
    double value = 0;
    const char* const first = text_.data() + position_;
    auto [last, error] = std::from_chars(first, text_.data() + text_.size(), value);
    auto length = static_cast<std::size_t>(last - first);
    constexpr std::string_view after_operator_dot = "*/\\^'.";
    if (first[length - 1] == '.' && after_operator_dot.find(peek(length)) != std::string::npos &&
        peek(length) != '\0') {
        --length; // `1./x`, `1...`: the dot belongs to what follows
    }
    if (const std::size_t end = find_exponent_d(length); end > 0) {
        std::string written{first, end};
        written[length] = 'e';
        error = std::from_chars(written.data(), written.data() + end, value).ec;
        if (error == std::errc::result_out_of_range) {
            value = round_out_of_range(written);
        }
        length = end;
    } else if (error == std::errc::result_out_of_range) {
        value = round_out_of_range(text_.substr(position_, length));
    }
    const char next = peek(length);
    if (is_letter(next) || is_digit(next)) {
        fail("not a number");
    }
    advance(length);
    return value;
}

/// End of a number whose exponent is written with `d`; 0 where there is none.
std::size_t Scanner::find_exponent_d(std::size_t length) const {
    if (peek(length) != 'd' && peek(length) != 'D') {
        return 0;
    }
    std::size_t end = length + 1;
    end += peek(end) == '+' || peek(end) == '-' ? 1U : 0U;
    if (!is_digit(peek(end))) {
        return 0;
    }
    while (is_digit(peek(end))) {
        ++end;
    }
    return end;
}

std::optional<double> Scanner::take_hexadecimal() {
    std::uint64_t value = 0;
    const char* const first = text_.data() + position_ + 2;
    const auto [last, error] = std::from_chars(first, text_.data() + text_.size(), value, 16);
    const auto length = static_cast<std::size_t>(last - first) + 2;
    if (error != std::errc{} || is_letter(peek(length)) || is_digit(peek(length))) {
        fail("not a number");
    }
    advance(length);
    return static_cast<double>(value);
}

std::string_view Scanner::take_name() {
    if (!is_letter(peek())) {
        return {};
    }
    std::size_t length = 1;
    while (true) {
        const char c = peek(length);
        if (!is_letter(c) && !is_digit(c)) {
            break;
        }
        ++length;
    }
    const std::string_view name = text_.substr(position_, length);
    advance(length);
    return name;
}

std::string Scanner::take_string() {
    const int first_column = column();
    const char quote = peek();
    advance();
    std::string value;
    while (!at_end() && peek() != '\n' && peek() != '\r') {
        const char c = peek();
        advance();
        if (c == quote) {
            if (peek() != quote) {
                return value;
            }
            advance();
        }
        value += c;
    }
    fail_at(line_, first_column, "string without a closing quote");
}

void Scanner::fail(std::string rule) const {
    std::string got;
    if (at_end()) {
        got = "end of file";
    } else if (peek() == '\n' || peek() == '\r') {
        got = "end of line";
    } else {
        std::size_t length = 1;
        while (is_letter(peek(length - 1)) && is_letter(peek(length)) && length < 30) {
            ++length;
        }
        while (is_digit(peek(length - 1)) && (is_digit(peek(length)) || is_letter(peek(length))) &&
               length < 30) {
            ++length;
        }
        const auto code = static_cast<unsigned char>(peek());
        got = code < 0x20 || code >= 0x7f
                  ? "byte " + std::to_string(code)
                  : "'" + std::string{text_.substr(position_, length)} + "'";
    }
    fail_at(line_, column(), std::move(rule), std::move(got));
}

void Scanner::fail_at(int line, int column, std::string rule, std::string got) const {
    throw InputError(Fault{.place = {file_, line, column},
                           .path = {},
                           .rule = std::move(rule),
                           .got = std::move(got)});
}

} // namespace yuanwang::exchange::matlab
