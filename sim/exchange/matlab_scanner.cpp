#include "exchange/matlab_scanner.hpp"

#include <charconv>
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

} // namespace

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
        if (at_block_comment()) {
            skip_block_comment();
        } else {
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
    std::size_t ahead = 2;
    while (is_blank(peek(ahead))) {
        ++ahead;
    }
    const char end = peek(ahead);
    return end == '\n' || end == '\r' || end == '\0';
}

void Scanner::skip_block_comment() {
    const int first_line = line_;
    const int first_column = column();
    int depth = 0;
    while (!at_end()) {
        while (is_blank(peek())) {
            advance();
        }
        const bool marker = peek() == '%' || peek() == '#';
        if (at_block_comment()) {
            ++depth;
        } else if (marker && peek(1) == '}') {
            --depth;
        }
        skip_to_line_end();
        if (depth == 0) {
            return;
        }
        static_cast<void>(take_newline());
    }
    fail_at(first_line, first_column, "block comment without an end");
}

std::optional<double> Scanner::take_number() {
    if (!is_digit(peek()) && !(peek() == '.' && is_digit(peek(1)))) {
        return std::nullopt;
    }
    double value = 0;
    const char* const first = text_.data() + position_;
    const auto [last, error] = std::from_chars(first, text_.data() + text_.size(), value);
    if (error != std::errc{}) {
        fail("number out of range");
    }
    const auto length = static_cast<std::size_t>(last - first);
    const char next = peek(length);
    if (is_letter(next) || is_digit(next)) {
        fail("not a number");
    }
    advance(length);
    return value;
}

std::string_view Scanner::take_name() {
    if (!is_letter(peek())) {
        return {};
    }
    std::size_t length = 1;
    while (true) {
        const char c = peek(length);
        const bool field = c == '.' && is_letter(peek(length + 1));
        if (!field && !is_letter(c) && !is_digit(c)) {
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
