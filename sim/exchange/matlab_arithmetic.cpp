#include "exchange/matlab_arithmetic.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>

namespace yuanwang::exchange::matlab {

namespace {

double apply(double a, char op, double b) {
    switch (op) {
    case '+':
        return a + b;
    case '-':
        return a - b;
    case '*':
        return a * b;
    case '/':
        return a / b;
    default:
        return std::pow(a, b);
    }
}

using Elementwise = double (*)(double);

constexpr std::array<std::pair<std::string_view, Elementwise>, 14> elementwise_functions = {{
    {"sqrt", [](double x) { return std::sqrt(x); }},
    {"abs", [](double x) { return std::abs(x); }},
    {"exp", [](double x) { return std::exp(x); }},
    {"log", [](double x) { return std::log(x); }},
    {"log10", [](double x) { return std::log10(x); }},
    {"sin", [](double x) { return std::sin(x); }},
    {"cos", [](double x) { return std::cos(x); }},
    {"tan", [](double x) { return std::tan(x); }},
    {"asin", [](double x) { return std::asin(x); }},
    {"acos", [](double x) { return std::acos(x); }},
    {"atan", [](double x) { return std::atan(x); }},
    {"round", [](double x) { return std::round(x); }},
    {"floor", [](double x) { return std::floor(x); }},
    {"ceil", [](double x) { return std::ceil(x); }},
}};

constexpr std::array<std::string_view, 3> shape_functions = {"size", "ones", "zeros"};

constexpr std::size_t max_elements =
    100'000'000; // a table of a million rows and more is not a case file

Computed make_filled(std::span<const Matrix> arguments, double value) {
    if (arguments.empty() || arguments.size() > 2 ||
        !std::ranges::all_of(arguments, &Matrix::is_scalar)) {
        return {{}, "must have one or two sizes"};
    }
    const double n_row = arguments.front().values[0];
    const double n_col = arguments.back().values[0];
    if (!(n_row >= 0 && n_col >= 0 && n_row * n_col <= static_cast<double>(max_elements))) {
        return {{}, "must have sizes between 0 and 1e8 elements"};
    }
    Matrix filled{static_cast<std::size_t>(n_row), static_cast<std::size_t>(n_col), {}, {}};
    filled.values.assign(filled.n_row * filled.n_col, value);
    return {std::move(filled), {}};
}

Computed measure(std::span<const Matrix> arguments) {
    if (arguments.size() != 2 || !arguments[1].is_scalar()) {
        return {{}, "must be asked for one dimension"};
    }
    const double dimension = arguments[1].values[0];
    if (dimension != 1 && dimension != 2) {
        return {{}, "must be asked for dimension 1 or 2"};
    }
    const std::size_t size = dimension == 1 ? arguments[0].n_row : arguments[0].n_col;
    return {Matrix::scalar(static_cast<double>(size)), {}};
}

} // namespace

Computed combine(const Matrix& a, char op, bool elementwise, const Matrix& b) {
    const bool spreads = a.is_scalar() || b.is_scalar();
    const bool additive = op == '+' || op == '-';
    if (op == '^' && !elementwise && !(a.is_scalar() && b.is_scalar())) {
        return {{}, "power of a matrix is not supported"};
    }
    if (op == '/' && !elementwise && !b.is_scalar()) {
        return {{}, "division by a matrix is not supported"};
    }
    if (!spreads && !additive && !elementwise) {
        return {{}, "product of matrices is not supported"};
    }
    if (!spreads && (a.n_row != b.n_row || a.n_col != b.n_col)) {
        return {{}, "both sides must have the same size"};
    }
    const Matrix& shape = a.is_scalar() ? b : a;
    Matrix result{shape.n_row, shape.n_col, std::vector<double>(shape.values.size()), {}};
    for (std::size_t k = 0; k < result.values.size(); ++k) {
        result.values[k] =
            apply(a.values[a.is_scalar() ? 0 : k], op, b.values[b.is_scalar() ? 0 : k]);
    }
    return {std::move(result), {}};
}

Matrix negate(Matrix a) {
    std::ranges::transform(a.values, a.values.begin(), std::negate<>{});
    return a;
}

Matrix transpose(const Matrix& a) {
    Matrix turned{a.n_col, a.n_row, std::vector<double>(a.values.size()), {}};
    for (std::size_t row = 0; row < a.n_row; ++row) {
        for (std::size_t col = 0; col < a.n_col; ++col) {
            turned(col, row) = a(row, col);
        }
    }
    return turned;
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
    if (name == "true" || name == "false") {
        return name == "true" ? 1.0 : 0.0;
    }
    return std::nullopt;
}

bool is_function(std::string_view name) {
    return std::ranges::find(shape_functions, name) != shape_functions.end() ||
           std::ranges::any_of(elementwise_functions,
                               [&](const auto& entry) { return entry.first == name; });
}

Computed call_function(std::string_view name, std::span<const Matrix> arguments) {
    if (name == "size") {
        return measure(arguments);
    }
    if (name == "ones" || name == "zeros") {
        return make_filled(arguments, name == "ones" ? 1.0 : 0.0);
    }
    for (const auto& [known, function] : elementwise_functions) {
        if (known == name) {
            if (arguments.size() != 1) {
                return {{}, "must have one argument"};
            }
            Matrix result = arguments[0];
            std::ranges::transform(result.values, result.values.begin(), function);
            return {std::move(result), {}};
        }
    }
    return {{}, "unknown function"};
}

Selected select(const std::optional<Matrix>& index, std::size_t count) {
    Selected selected;
    if (!index) {
        selected.rows.resize(count);
        std::iota(selected.rows.begin(), selected.rows.end(), std::size_t{0});
        return selected;
    }
    selected.rows.reserve(index->values.size());
    for (const double value : index->values) {
        if (!(value >= 1) || value != std::floor(value)) {
            return {{}, "index must be a whole number from 1"};
        }
        if (value > static_cast<double>(count)) {
            return {{}, "index must lie inside the table"};
        }
        selected.rows.push_back(static_cast<std::size_t>(value) - 1);
    }
    return selected;
}

} // namespace yuanwang::exchange::matlab
