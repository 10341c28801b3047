#include "exchange/matlab/arithmetic.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <utility>

namespace yuanwang::exchange::matlab {

namespace {

Pairwise find_pairwise(Operator op) {
    switch (op) {
    case Operator::plus:
        return [](double a, double b) { return a + b; };
    case Operator::minus:
        return [](double a, double b) { return a - b; };
    case Operator::times:
    case Operator::each_times:
        return [](double a, double b) { return a * b; };
    case Operator::divide:
    case Operator::each_divide:
        return [](double a, double b) { return a / b; };
    case Operator::left_divide:
    case Operator::each_left_divide:
        return [](double a, double b) { return b / a; };
    case Operator::power:
    case Operator::each_power:
        return [](double a, double b) { return std::pow(a, b); };
    case Operator::less:
        return [](double a, double b) { return a < b ? 1.0 : 0.0; };
    case Operator::less_equal:
        return [](double a, double b) { return a <= b ? 1.0 : 0.0; };
    case Operator::greater:
        return [](double a, double b) { return a > b ? 1.0 : 0.0; };
    case Operator::greater_equal:
        return [](double a, double b) { return a >= b ? 1.0 : 0.0; };
    case Operator::equal:
        return [](double a, double b) { return a == b ? 1.0 : 0.0; };
    case Operator::not_equal:
        return [](double a, double b) { return a != b ? 1.0 : 0.0; };
    case Operator::conjunction:
        return [](double a, double b) { return a != 0 && b != 0 ? 1.0 : 0.0; };
    default:
        return [](double a, double b) { return a != 0 || b != 0 ? 1.0 : 0.0; };
    }
}

bool gives_truth(Operator op) {
    return op >= Operator::less && op <= Operator::disjunction;
}

bool has_nan(const Matrix& a) {
    return std::ranges::any_of(a.values, [](double x) { return std::isnan(x); });
}

Computed multiply(const Matrix& a, const Matrix& b) {
    if (a.n_col != b.n_row) {
        return {{}, "product must have as many columns at its left as rows at its right"};
    }
    if (a.n_row * b.n_col * a.n_col > 100'000'000) {
        return {{}, "product of matrices is too large"};
    }
    Matrix product = Matrix::filled(a.n_row, b.n_col);
    for (std::size_t i = 0; i < a.n_row; ++i) {
        for (std::size_t k = 0; k < a.n_col; ++k) {
            for (std::size_t j = 0; j < b.n_col; ++j) {
                product(i, j) += a(i, k) * b(k, j);
            }
        }
    }
    return {std::move(product), {}};
}

} // namespace

Computed spread(const Matrix& a, const Matrix& b, Pairwise function) {
    const auto fits = [](std::size_t x, std::size_t y) { return x == y || x == 1 || y == 1; };
    if (!fits(a.n_row, b.n_row) || !fits(a.n_col, b.n_col)) {
        return {{}, "both sides must have the same size"};
    }
    const std::size_t n_row = a.n_row == 1 ? b.n_row : a.n_row;
    const std::size_t n_col = a.n_col == 1 ? b.n_col : a.n_col;
    Matrix result = Matrix::filled(n_row, n_col);
    for (std::size_t i = 0; i < n_row; ++i) {
        for (std::size_t j = 0; j < n_col; ++j) {
            result(i, j) = function(a(a.n_row == 1 ? 0 : i, a.n_col == 1 ? 0 : j),
                                    b(b.n_row == 1 ? 0 : i, b.n_col == 1 ? 0 : j));
        }
    }
    return {std::move(result), {}};
}

Computed combine(const Matrix& a, Operator op, const Matrix& b) {
    const bool spreads = a.is_scalar() || b.is_scalar();
    if (op == Operator::times && !spreads) {
        return multiply(a, b);
    }
    if (op == Operator::power && !(a.is_scalar() && b.is_scalar())) {
        return {{}, "power of a matrix is not supported"};
    }
    if ((op == Operator::divide && !b.is_scalar()) ||
        (op == Operator::left_divide && !a.is_scalar())) {
        return {{}, "division by a matrix is not supported"};
    }
    Computed result = spread(a, b, find_pairwise(op));
    result.value.logical = gives_truth(op);
    if ((op == Operator::power || op == Operator::each_power) && has_nan(result.value) &&
        !has_nan(a) && !has_nan(b)) {
        return {{}, "power has no real value"};
    }
    if ((op == Operator::conjunction || op == Operator::disjunction) &&
        (has_nan(a) || has_nan(b))) {
        return {{}, "NaN is neither true nor false"};
    }
    return result;
}

Matrix apply_sign(Operator sign, Matrix a) {
    if (sign == Operator::minus) {
        std::ranges::transform(a.values, a.values.begin(), std::negate<>{});
    } else if (sign == Operator::negation) {
        std::ranges::transform(a.values, a.values.begin(),
                               [](double x) { return x == 0 ? 1.0 : 0.0; });
    }
    a.logical = sign == Operator::negation;
    return a;
}

Matrix transpose(const Matrix& a) {
    Matrix turned = Matrix::filled(a.n_col, a.n_row);
    turned.logical = a.logical;
    for (std::size_t row = 0; row < a.n_row; ++row) {
        for (std::size_t col = 0; col < a.n_col; ++col) {
            turned(col, row) = a(row, col);
        }
    }
    return turned;
}

Computed join_columns(std::span<const Matrix* const> parts) {
    Matrix joined;
    joined.logical = !parts.empty();
    const Matrix* first = nullptr; // the one that says how many rows there are
    for (const Matrix* part : parts) {
        if (first == nullptr || (first->empty() && !part->empty())) {
            first = part;
        }
        joined.logical = joined.logical && part->logical;
    }
    if (first == nullptr) {
        return {std::move(joined), {}};
    }
    joined.n_row = first->n_row;
    std::vector<const Matrix*> kept;
    for (const Matrix* part : parts) {
        if (part->n_row == first->n_row) {
            kept.push_back(part);
            joined.n_col += part->n_col;
        } else if (!part->empty()) {
            return {{},
                    "tables side by side must have as many rows, " + std::to_string(first->n_row) +
                        " and not " + std::to_string(part->n_row)};
        }
    }
    joined.values.reserve(joined.size());
    for (std::size_t row = 0; row < joined.n_row; ++row) {
        for (const Matrix* part : kept) {
            const auto from = part->values.begin() + static_cast<std::ptrdiff_t>(row * part->n_col);
            joined.values.insert(joined.values.end(), from,
                                 from + static_cast<std::ptrdiff_t>(part->n_col));
        }
    }
    joined.places = first->places;
    return {std::move(joined), {}};
}

Computed join_rows(std::span<const Matrix* const> parts) {
    Matrix joined;
    joined.logical = !parts.empty();
    const Matrix* first = nullptr; // the one that says how many columns there are
    bool placed = false;
    for (const Matrix* part : parts) {
        if (first == nullptr || (first->empty() && !part->empty())) {
            first = part;
        }
        joined.logical = joined.logical && part->logical;
        placed = placed || !part->places.empty();
    }
    joined.n_col = first == nullptr ? 0 : first->n_col;
    for (const Matrix* part : parts) {
        if (part->n_col != joined.n_col) {
            if (part->empty()) {
                continue;
            }
            return {{},
                    "row must have " + std::to_string(joined.n_col) +
                        " columns as the rows above it, not " + std::to_string(part->n_col)};
        }
        joined.n_row += part->n_row;
        joined.values.insert(joined.values.end(), part->values.begin(), part->values.end());
        if (placed) {
            joined.places.insert(joined.places.end(), part->places.begin(), part->places.end());
            joined.places.resize(joined.n_row);
        }
    }
    return {std::move(joined), {}};
}

std::optional<double> find_constant(std::string_view name) {
    if (name == "pi") {
        return std::numbers::pi;
    }
    if (name == "Inf" || name == "inf") {
        return std::numeric_limits<double>::infinity();
    }
    if (name == "NaN" || name == "nan") {
        return std::numeric_limits<double>::quiet_NaN();
    }
    if (name == "eps") {
        return std::numeric_limits<double>::epsilon();
    }
    return std::nullopt;
}

} // namespace yuanwang::exchange::matlab
