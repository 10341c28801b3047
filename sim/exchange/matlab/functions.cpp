#include "exchange/matlab/functions.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <numeric>
#include <optional>
#include <utility>

#include "exchange/matlab/arithmetic.hpp"
#include "exchange/matlab/columns.hpp"
#include "exchange/matlab/expression_parser.hpp"

namespace yuanwang::exchange::matlab {

namespace {

using Arguments = std::span<const Value>;
using Call = Results (*)(Arguments arguments, std::size_t n_asked);

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Results fail(std::string fault) {
    return {{}, std::move(fault)};
}

Results give(Value value) {
    Results results;
    results.values.push_back(std::move(value));
    return results;
}

Results give_truth(bool value) {
    return give(Matrix::truth(value));
}

Results give_count(std::size_t count) {
    return give(Matrix::scalar(static_cast<double>(count)));
}

const Matrix* matrix_at(Arguments arguments, std::size_t k) {
    return k < arguments.size() ? arguments[k].as<Matrix>() : nullptr;
}

const std::string* text_at(Arguments arguments, std::size_t k) {
    return k < arguments.size() ? arguments[k].as<std::string>() : nullptr;
}

Matrix make_row(std::vector<double> values) {
    const std::size_t n = values.size();
    return {.n_row = 1, .n_col = n, .values = std::move(values)};
}

Matrix make_column(std::vector<double> values) {
    const std::size_t n = values.size();
    return {.n_row = n, .n_col = 1, .values = std::move(values)};
}

/// All elements down the columns.
std::vector<double> list_down(const Matrix& matrix) {
    std::vector<double> values(matrix.size());
    for (std::size_t k = 0; k < values.size(); ++k) {
        values[k] = matrix.down(k);
    }
    return values;
}

// Functions of each element.

using Elementwise = double (*)(double);

struct RealFunction {
    Elementwise function;
    bool truth = false; ///< gives true or false
};

const std::map<std::string_view, RealFunction>& real_functions() {
    static const std::map<std::string_view, RealFunction> functions = {
        {"sqrt", {[](double x) { return std::sqrt(x); }}},
        {"abs", {[](double x) { return std::abs(x); }}},
        {"exp", {[](double x) { return std::exp(x); }}},
        {"log", {[](double x) { return std::log(x); }}},
        {"log2", {[](double x) { return std::log2(x); }}},
        {"log10", {[](double x) { return std::log10(x); }}},
        {"sin", {[](double x) { return std::sin(x); }}},
        {"cos", {[](double x) { return std::cos(x); }}},
        {"tan", {[](double x) { return std::tan(x); }}},
        {"asin", {[](double x) { return std::asin(x); }}},
        {"acos", {[](double x) { return std::acos(x); }}},
        {"atan", {[](double x) { return std::atan(x); }}},
        {"sinh", {[](double x) { return std::sinh(x); }}},
        {"cosh", {[](double x) { return std::cosh(x); }}},
        {"tanh", {[](double x) { return std::tanh(x); }}},
        {"round", {[](double x) { return std::round(x); }}},
        {"floor", {[](double x) { return std::floor(x); }}},
        {"ceil", {[](double x) { return std::ceil(x); }}},
        {"fix", {[](double x) { return std::trunc(x); }}},
        {"sign", {[](double x) { return x > 0   ? 1.0
                                        : x < 0 ? -1.0
                                                : x; }}},
        {"deg2rad", {[](double x) { return x * std::numbers::pi / 180; }}},
        {"rad2deg", {[](double x) { return x * 180 / std::numbers::pi; }}},
        {"sind", {[](double x) { return std::sin(x * std::numbers::pi / 180); }}},
        {"cosd", {[](double x) { return std::cos(x * std::numbers::pi / 180); }}},
        {"tand", {[](double x) { return std::tan(x * std::numbers::pi / 180); }}},
        {"double", {[](double x) { return x; }}},
        {"real", {[](double x) { return x; }}},
        {"logical", {[](double x) { return x != 0 ? 1.0 : 0.0; }, true}},
        {"not", {[](double x) { return x == 0 ? 1.0 : 0.0; }, true}},
        {"isnan", {[](double x) { return std::isnan(x) ? 1.0 : 0.0; }, true}},
        {"isinf", {[](double x) { return std::isinf(x) ? 1.0 : 0.0; }, true}},
        {"isfinite", {[](double x) { return std::isfinite(x) ? 1.0 : 0.0; }, true}},
    };
    return functions;
}

Results call_real(const RealFunction& function, Arguments arguments) {
    const Matrix* given = matrix_at(arguments, 0);
    if (given == nullptr || arguments.size() != 1) {
        return fail("must have one argument of numbers");
    }
    Matrix result = *given;
    result.places.clear();
    for (double& x : result.values) {
        const double y = function.function(x);
        if (std::isnan(y) && !std::isnan(x)) {
            return fail("has no real value");
        }
        x = y;
    }
    result.logical = function.truth;
    return give(std::move(result));
}

const std::map<std::string_view, Pairwise>& pair_functions() {
    static const std::map<std::string_view, Pairwise> functions = {
        {"mod",
         [](double a, double b) {
             return b == 0 ? a : std::isinf(b) ? (a * b < 0 ? b : a) : a - b * std::floor(a / b);
         }},
        {"rem", [](double a, double b) { return b == 0 ? nan : std::fmod(a, b); }},
        {"hypot", [](double a, double b) { return std::hypot(a, b); }},
        {"atan2", [](double a, double b) { return std::atan2(a, b); }},
        {"plus", [](double a, double b) { return a + b; }},
        {"minus", [](double a, double b) { return a - b; }},
        {"times", [](double a, double b) { return a * b; }},
        {"rdivide", [](double a, double b) { return a / b; }},
    };
    return functions;
}

// Along a dimension.

/// Where 0: the first dimension that is not 1.
std::size_t find_dimension(const Matrix& matrix, std::size_t asked) {
    return asked != 0 ? asked : matrix.n_row != 1 ? 1 : 2;
}

/// Dimension given as an argument; nothing where it is none.
std::optional<std::size_t> dimension_at(Arguments arguments, std::size_t k) {
    if (k >= arguments.size()) {
        return std::size_t{0};
    }
    const Matrix* given = matrix_at(arguments, k);
    if (given == nullptr || !given->is_scalar() ||
        (given->values[0] != 1 && given->values[0] != 2)) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(given->values[0]);
}

using Fold = double (*)(std::span<const double>);

/// Folds each column (dimension 1) or row (2) to one number.
Matrix fold_along(const Matrix& matrix, std::size_t dimension, Fold fold) {
    const bool down = find_dimension(matrix, dimension) == 1;
    if (matrix.n_row == 0 && matrix.n_col == 0 && dimension == 0) {
        return Matrix::scalar(fold({}));
    }
    Matrix result = down ? Matrix::filled(1, matrix.n_col) : Matrix::filled(matrix.n_row, 1);
    std::vector<double> line(down ? matrix.n_row : matrix.n_col);
    for (std::size_t k = 0; k < result.size(); ++k) {
        for (std::size_t j = 0; j < line.size(); ++j) {
            line[j] = down ? matrix(j, k) : matrix(k, j);
        }
        result.values[k] = fold(line);
    }
    return result;
}

struct FoldFunction {
    Fold fold;
    bool truth = false;
};

const std::map<std::string_view, FoldFunction>& fold_functions() {
    static const std::map<std::string_view, FoldFunction> functions = {
        {"sum",
         {[](std::span<const double> x) { return std::accumulate(x.begin(), x.end(), 0.0); }}},
        {"prod", {[](std::span<const double> x) {
             return std::accumulate(x.begin(), x.end(), 1.0, std::multiplies<>{});
         }}},
        {"mean", {[](std::span<const double> x) {
             return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
         }}},
        {"any",
         {[](std::span<const double> x) {
              return std::ranges::any_of(x, [](double v) { return v != 0 && !std::isnan(v); })
                         ? 1.0
                         : 0.0;
          },
          true}},
        {"all",
         {[](std::span<const double> x) {
              return std::ranges::all_of(x, [](double v) { return v != 0; }) ? 1.0 : 0.0;
          },
          true}},
    };
    return functions;
}

Results call_fold(const FoldFunction& function, Arguments arguments) {
    const Matrix* given = matrix_at(arguments, 0);
    const std::optional<std::size_t> dimension = dimension_at(arguments, 1);
    if (given == nullptr || !dimension || arguments.size() > 2) {
        return fail("must have numbers and, if at all, dimension 1 or 2");
    }
    Matrix result = fold_along(*given, *dimension, function.fold);
    result.logical = function.truth;
    return give(std::move(result));
}

template <bool greatest>
bool is_better(double a, double b) {
    return greatest ? a > b : a < b;
}

template <bool greatest>
Results find_extreme(Arguments arguments, std::size_t n_asked) {
    const Matrix* first = matrix_at(arguments, 0);
    if (arguments.size() == 2 && first != nullptr && matrix_at(arguments, 1) != nullptr) {
        Computed pairs = spread(*first, *matrix_at(arguments, 1), [](double a, double b) {
            return std::isnan(a) || is_better<greatest>(b, a) ? b : a;
        });
        return pairs.fault.empty() ? give(std::move(pairs.value)) : fail(pairs.fault);
    }
    const std::optional<std::size_t> dimension = dimension_at(arguments, 2);
    if (first == nullptr || !dimension || arguments.size() == 2) {
        return fail("must have numbers");
    }
    if (first->empty()) {
        return give(Matrix{});
    }
    const bool down = find_dimension(*first, *dimension) == 1;
    Matrix values = down ? Matrix::filled(1, first->n_col) : Matrix::filled(first->n_row, 1);
    Matrix positions = values;
    for (std::size_t k = 0; k < values.size(); ++k) {
        std::size_t best = 0;
        const auto at = [&](std::size_t j) { return down ? (*first)(j, k) : (*first)(k, j); };
        for (std::size_t j = 1; j < (down ? first->n_row : first->n_col); ++j) {
            best = std::isnan(at(best)) || is_better<greatest>(at(j), at(best)) ? j : best;
        }
        values.values[k] = at(best);
        positions.values[k] = static_cast<double>(best + 1);
    }
    Results results = give(std::move(values));
    if (n_asked > 1) {
        results.values.emplace_back(std::move(positions));
    }
    return results;
}

Results sum_up(Arguments arguments, std::size_t) {
    const Matrix* given = matrix_at(arguments, 0);
    const std::optional<std::size_t> dimension = dimension_at(arguments, 1);
    if (given == nullptr || !dimension) {
        return fail("must have numbers and, if at all, dimension 1 or 2");
    }
    Matrix result = *given;
    result.places.clear();
    result.logical = false;
    const bool down = find_dimension(result, *dimension) == 1;
    for (std::size_t row = down ? 1 : 0; row < result.n_row; ++row) {
        for (std::size_t col = down ? 0 : 1; col < result.n_col; ++col) {
            result(row, col) += down ? result(row - 1, col) : result(row, col - 1);
        }
    }
    return give(std::move(result));
}

// Shapes.

Results measure(Arguments arguments, std::size_t n_asked) {
    if (arguments.empty() || arguments.size() > 2) {
        return fail("must have one argument, or a dimension beside it");
    }
    const Shape shape = find_shape(arguments[0]);
    const auto rows = static_cast<double>(shape.n_row);
    const auto columns = static_cast<double>(shape.n_col);
    if (arguments.size() == 2) {
        const Matrix* dimension = matrix_at(arguments, 1);
        if (dimension == nullptr || !dimension->is_scalar() || dimension->values[0] < 1) {
            return fail("must be asked for one dimension");
        }
        return give(Matrix::scalar(dimension->values[0] == 1   ? rows
                                   : dimension->values[0] == 2 ? columns
                                                               : 1.0));
    }
    if (n_asked < 2) {
        return give(make_row({rows, columns}));
    }
    Results results = give(Matrix::scalar(rows));
    results.values.emplace_back(Matrix::scalar(columns));
    return results;
}

/// Sizes written as one number, two, or a row of two; `first` is the argument where they begin.
std::optional<Shape> take_sizes(Arguments arguments, std::size_t first = 0) {
    std::vector<double> sizes;
    for (std::size_t k = first; k < arguments.size(); ++k) {
        const Matrix* size = matrix_at(arguments, k);
        if (size == nullptr) {
            return std::nullopt;
        }
        sizes.insert(sizes.end(), size->values.begin(), size->values.end());
    }
    if (sizes.empty()) {
        return Shape{1, 1};
    }
    if (sizes.size() == 1) {
        sizes.push_back(sizes[0]);
    }
    for (double& size : sizes) {
        size = std::max(size, 0.0);
    }
    const auto whole = [](double x) { return x == std::floor(x); };
    if (sizes.size() != 2 || !whole(sizes[0]) || !whole(sizes[1]) ||
        !(sizes[0] * sizes[1] <= static_cast<double>(max_table_numbers)) || sizes[0] > 1e9 ||
        sizes[1] > 1e9) {
        return std::nullopt;
    }
    return Shape{static_cast<std::size_t>(sizes[0]), static_cast<std::size_t>(sizes[1])};
}

constexpr const char* bad_sizes = "must have one or two whole sizes below 1e7 numbers";

Results make_filled(Arguments arguments, double value, bool logical) {
    const std::optional<Shape> shape = take_sizes(arguments);
    if (!shape) {
        return fail(bad_sizes);
    }
    Matrix filled = Matrix::filled(shape->n_row, shape->n_col, value);
    filled.logical = logical;
    return give(std::move(filled));
}

Results make_identity(Arguments arguments, std::size_t) {
    const std::optional<Shape> shape = take_sizes(arguments);
    if (!shape) {
        return fail(bad_sizes);
    }
    Matrix identity = Matrix::filled(shape->n_row, shape->n_col);
    for (std::size_t k = 0; k < std::min(shape->n_row, shape->n_col); ++k) {
        identity(k, k) = 1;
    }
    return give(std::move(identity));
}

Results make_cells(Arguments arguments, std::size_t) {
    const std::optional<Shape> shape = take_sizes(arguments);
    if (!shape) {
        return fail(bad_sizes);
    }
    return give(Cells{shape->n_row, shape->n_col, std::vector<Value>(shape->size())});
}

Results repeat(Arguments arguments, std::size_t) {
    const std::optional<Shape> times = take_sizes(arguments, 1);
    if (arguments.size() < 2 || !times) {
        return fail(bad_sizes);
    }
    const Shape shape = find_shape(arguments[0]);
    const double size = static_cast<double>(shape.size()) * static_cast<double>(times->size());
    if (size > static_cast<double>(max_table_numbers)) {
        return fail(bad_sizes);
    }
    const std::size_t n_row = shape.n_row * times->n_row;
    const std::size_t n_col = shape.n_col * times->n_col;
    if (const Matrix* given = matrix_at(arguments, 0)) {
        Matrix repeated = Matrix::filled(n_row, n_col);
        repeated.logical = given->logical;
        for (std::size_t row = 0; row < n_row; ++row) {
            for (std::size_t col = 0; col < n_col; ++col) {
                repeated(row, col) = (*given)(row % shape.n_row, col % shape.n_col);
            }
        }
        return give(std::move(repeated));
    }
    if (const Cells* given = arguments[0].as<Cells>()) {
        Cells repeated{n_row, n_col, {}};
        for (std::size_t row = 0; row < n_row; ++row) {
            for (std::size_t col = 0; col < n_col; ++col) {
                repeated.items.push_back(
                    given->items[row % shape.n_row * shape.n_col + col % shape.n_col]);
            }
        }
        return give(std::move(repeated));
    }
    return fail("must have numbers or a cell array");
}

Results reshape(Arguments arguments, std::size_t) {
    const Matrix* given = matrix_at(arguments, 0);
    if (given == nullptr || arguments.size() < 2) {
        return fail("must have numbers and two sizes");
    }
    std::vector<Value> sizes;
    for (std::size_t k = 1; k < arguments.size(); ++k) { // `[]`: what is left
        const Matrix* size = matrix_at(arguments, k);
        const Matrix* other = matrix_at(arguments, arguments.size() == 3 ? 3 - k : k);
        if (size != nullptr && size->empty() && other != nullptr && other->is_scalar() &&
            other->values[0] > 0) {
            sizes.emplace_back(
                Matrix::scalar(static_cast<double>(given->size()) / other->values[0]));
        } else {
            sizes.push_back(arguments[k]);
        }
    }
    const std::optional<Shape> shape = take_sizes(sizes);
    if (!shape || shape->size() != given->size()) {
        return fail("must keep the number of elements");
    }
    Matrix reshaped = Matrix::filled(shape->n_row, shape->n_col);
    reshaped.logical = given->logical;
    for (std::size_t k = 0; k < given->size(); ++k) {
        reshaped.down(k) = given->down(k);
    }
    return give(std::move(reshaped));
}

template <bool rows>
Results flip(Arguments arguments, std::size_t) {
    const Matrix* given = matrix_at(arguments, 0);
    if (given == nullptr || arguments.size() != 1) {
        return fail("must have one argument of numbers");
    }
    Matrix flipped = Matrix::filled(given->n_row, given->n_col);
    flipped.logical = given->logical;
    for (std::size_t i = 0; i < given->n_row; ++i) {
        for (std::size_t j = 0; j < given->n_col; ++j) {
            flipped(i, j) =
                rows ? (*given)(given->n_row - 1 - i, j) : (*given)(i, given->n_col - 1 - j);
        }
    }
    return give(std::move(flipped));
}

Results make_diagonal(Arguments arguments, std::size_t) {
    const Matrix* given = matrix_at(arguments, 0);
    if (given == nullptr || arguments.size() != 1) {
        return fail("must have one argument of numbers");
    }
    if (given->is_vector()) {
        const std::size_t n = given->size();
        if (n > 3000) {
            return fail("must have at most 3000 numbers");
        }
        Matrix matrix = Matrix::filled(n, n);
        for (std::size_t k = 0; k < n; ++k) {
            matrix(k, k) = given->values[k];
        }
        return give(std::move(matrix));
    }
    std::vector<double> diagonal;
    for (std::size_t k = 0; k < std::min(given->n_row, given->n_col); ++k) {
        diagonal.push_back((*given)(k, k));
    }
    return give(make_column(std::move(diagonal)));
}

Results space_evenly(Arguments arguments, std::size_t) {
    const Matrix* first = matrix_at(arguments, 0);
    const Matrix* last = matrix_at(arguments, 1);
    const Matrix* count = matrix_at(arguments, 2);
    const double n = count == nullptr ? 100 : count->is_scalar() ? std::floor(count->values[0]) : 0;
    if (first == nullptr || last == nullptr || !first->is_scalar() || !last->is_scalar() ||
        !(n >= 1 && n <= 1e7)) {
        return fail("must have a first number, a last one and how many");
    }
    std::vector<double> values(static_cast<std::size_t>(n), last->values[0]);
    for (std::size_t k = 0; k + 1 < values.size(); ++k) {
        values[k] = first->values[0] +
                    static_cast<double>(k) * (last->values[0] - first->values[0]) / (n - 1);
    }
    return give(make_row(std::move(values)));
}

Results join(Arguments arguments, bool columns) {
    std::vector<const Matrix*> parts;
    for (std::size_t k = 0; k < arguments.size(); ++k) {
        if (matrix_at(arguments, k) == nullptr) {
            return fail("must have numbers");
        }
        parts.push_back(matrix_at(arguments, k));
    }
    Computed joined = columns ? join_columns(parts) : join_rows(parts);
    return joined.fault.empty() ? give(std::move(joined.value)) : fail(joined.fault);
}

// Search and order.

Results find_positions(Arguments arguments, std::size_t n_asked) {
    const Matrix* given = matrix_at(arguments, 0);
    const Matrix* most = matrix_at(arguments, 1);
    if (given == nullptr || arguments.size() > 2 || (arguments.size() == 2 && most == nullptr)) {
        return fail("must have numbers and, if at all, how many are wanted");
    }
    const double limit = most != nullptr && most->is_scalar()
                             ? most->values[0]
                             : std::numeric_limits<double>::infinity();
    std::vector<double> found;
    for (std::size_t k = 0; k < given->size() && static_cast<double>(found.size()) < limit; ++k) {
        if (given->down(k) != 0) {
            found.push_back(static_cast<double>(k));
        }
    }
    const auto shape = [&](std::vector<double> values) {
        return given->n_row == 1 && given->n_col != 1 ? make_row(std::move(values))
                                                      : make_column(std::move(values));
    };
    std::vector<double> first = found;
    std::vector<double> second = found;
    const auto n_row = static_cast<double>(given->n_row);
    for (std::size_t k = 0; k < found.size(); ++k) {
        first[k] = n_asked > 1 ? std::fmod(found[k], n_row) + 1 : found[k] + 1;
        second[k] = std::floor(found[k] / n_row) + 1;
    }
    Results results = give(shape(std::move(first)));
    if (n_asked > 1) {
        results.values.emplace_back(shape(std::move(second)));
    }
    return results;
}

bool goes_before(double a, double b) { // NaN last
    return std::isnan(b) ? !std::isnan(a) : a < b;
}

Results sort_values(Arguments arguments, std::size_t n_asked) {
    const Matrix* given = matrix_at(arguments, 0);
    const std::string* mode = text_at(arguments, 1);
    const bool descends = mode != nullptr && *mode == "descend";
    if (given == nullptr || !(given->is_vector() || given->empty()) || arguments.size() > 2 ||
        (arguments.size() == 2 && !descends && (mode == nullptr || *mode != "ascend"))) {
        return fail("must have one row or column, and 'ascend' or 'descend'");
    }
    std::vector<std::size_t> order(given->size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        return descends ? goes_before(given->values[b], given->values[a])
                        : goes_before(given->values[a], given->values[b]);
    });
    Matrix sorted = *given;
    sorted.places.clear();
    Matrix positions = sorted;
    positions.logical = false;
    for (std::size_t k = 0; k < order.size(); ++k) {
        sorted.values[k] = given->values[order[k]];
        positions.values[k] = static_cast<double>(order[k] + 1);
    }
    Results results = give(std::move(sorted));
    if (n_asked > 1) {
        results.values.emplace_back(std::move(positions));
    }
    return results;
}

Matrix make_set(std::vector<double> values, bool row) {
    std::ranges::sort(values, goes_before);
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return row ? make_row(std::move(values)) : make_column(std::move(values));
}

bool is_row(const Matrix& matrix) {
    return matrix.n_row == 1 && matrix.n_col != 1;
}

Results find_unique(Arguments arguments, std::size_t n_asked) {
    const Matrix* given = matrix_at(arguments, 0);
    if (given == nullptr || arguments.size() != 1 || n_asked > 1) {
        return fail("must have numbers and give one value");
    }
    return give(make_set(list_down(*given), is_row(*given)));
}

enum class SetOperation { unite, intersect, subtract };

template <SetOperation operation>
Results combine_sets(Arguments arguments, std::size_t n_asked) {
    const Matrix* a = matrix_at(arguments, 0);
    const Matrix* b = matrix_at(arguments, 1);
    if (a == nullptr || b == nullptr || arguments.size() != 2 || n_asked > 1) {
        return fail("must have two sets of numbers and give one value");
    }
    std::vector<double> others = list_down(*b);
    std::ranges::sort(others);
    std::vector<double> values;
    for (const double x : list_down(*a)) {
        const bool shared = std::ranges::binary_search(others, x);
        if (operation == SetOperation::unite || shared == (operation == SetOperation::intersect)) {
            values.push_back(x);
        }
    }
    if (operation == SetOperation::unite) {
        values.insert(values.end(), others.begin(), others.end());
    }
    const bool both_rows = (is_row(*a) || a->is_scalar()) && (is_row(*b) || b->is_scalar());
    return give(
        make_set(std::move(values), operation == SetOperation::subtract ? is_row(*a) : both_rows));
}

std::optional<std::size_t> find_text(const Cells& cells, std::string_view text) {
    for (std::size_t k = 0; k < cells.items.size(); ++k) {
        const std::string* known = cells.items[k].as<std::string>();
        if (known != nullptr && *known == text) {
            return k;
        }
    }
    return std::nullopt;
}

Results find_members(Arguments arguments, std::size_t n_asked) {
    if (const std::string* text = text_at(arguments, 0)) {
        const Cells* cells = arguments.size() == 2 ? arguments[1].as<Cells>() : nullptr;
        if (cells == nullptr) {
            return fail("must have a text and a cell array");
        }
        const std::optional<std::size_t> found = find_text(*cells, *text);
        Results results = give_truth(found.has_value());
        results.values.emplace_back(Matrix::scalar(found ? static_cast<double>(*found + 1) : 0.0));
        return results;
    }
    const Matrix* given = matrix_at(arguments, 0);
    const Matrix* set = matrix_at(arguments, 1);
    if (given == nullptr || set == nullptr || arguments.size() != 2) {
        return fail("must have numbers and a set of numbers");
    }
    std::map<double, std::size_t> first;
    for (std::size_t k = 0; k < set->size(); ++k) {
        if (!std::isnan(set->down(k))) {
            first.emplace(set->down(k), k + 1);
        }
    }
    Matrix truth = Matrix::filled(given->n_row, given->n_col);
    truth.logical = true;
    Matrix positions = Matrix::filled(given->n_row, given->n_col);
    for (std::size_t k = 0; k < given->size(); ++k) {
        const auto found =
            std::isnan(given->values[k]) ? first.end() : first.find(given->values[k]);
        if (found != first.end()) {
            truth.values[k] = 1;
            positions.values[k] = static_cast<double>(found->second);
        }
    }
    Results results = give(std::move(truth));
    if (n_asked > 1) {
        results.values.emplace_back(std::move(positions));
    }
    return results;
}

// Texts and structures.

std::string fold_case(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

template <bool any_case>
Results compare_texts(Arguments arguments, std::size_t) {
    if (arguments.size() != 2) {
        return fail("must have two texts");
    }
    const auto same = [](const Value& a, const Value& b) {
        const std::string* left = a.as<std::string>();
        const std::string* right = b.as<std::string>();
        return left != nullptr && right != nullptr &&
               (any_case ? fold_case(*left) == fold_case(*right) : *left == *right);
    };
    for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
        const Cells* cells = arguments[k].as<Cells>();
        if (cells == nullptr) {
            continue;
        }
        if (arguments[1 - k].as<Cells>() != nullptr) {
            return fail("must have one text");
        }
        Matrix truth = Matrix::filled(cells->n_row, cells->n_col);
        truth.logical = true;
        for (std::size_t j = 0; j < cells->items.size(); ++j) {
            truth.values[j] = same(cells->items[j], arguments[1 - k]) ? 1 : 0;
        }
        return give(std::move(truth));
    }
    return give_truth(same(arguments[0], arguments[1]));
}

Results make_struct(Arguments arguments, std::size_t) {
    if (arguments.size() % 2 != 0) {
        return fail("must have a value for each name");
    }
    Struct made;
    for (std::size_t k = 0; k < arguments.size(); k += 2) {
        const std::string* name = text_at(arguments, k);
        if (name == nullptr || name->empty()) {
            return fail("must have names of fields");
        }
        const Cells* cells = arguments[k + 1].as<Cells>();
        if (cells != nullptr && cells->items.size() != 1) {
            return fail("must not make an array of structures");
        }
        made.field(*name) = cells != nullptr ? cells->items[0] : arguments[k + 1];
    }
    return give(std::move(made));
}

Results has_field(Arguments arguments, std::size_t) {
    if (arguments.size() != 2) {
        return fail("must have a structure and a name");
    }
    const Struct* fields = arguments[0].as<Struct>();
    if (const Cells* names = arguments[1].as<Cells>()) {
        Matrix truth = Matrix::filled(names->n_row, names->n_col);
        truth.logical = true;
        for (std::size_t k = 0; k < names->items.size(); ++k) {
            const std::string* name = names->items[k].as<std::string>();
            truth.values[k] = fields && name && fields->find(*name) ? 1 : 0;
        }
        return give(std::move(truth));
    }
    const std::string* name = text_at(arguments, 1);
    return give_truth(fields != nullptr && name != nullptr && fields->find(*name) != nullptr);
}

Results drop_fields(Arguments arguments, std::size_t) {
    const Struct* given = arguments.size() == 2 ? arguments[0].as<Struct>() : nullptr;
    if (given == nullptr) {
        return fail("must have a structure and a name");
    }
    std::vector<std::string> dropped;
    if (const std::string* name = text_at(arguments, 1)) {
        dropped.push_back(*name);
    } else if (const Cells* names = arguments[1].as<Cells>()) {
        for (const Value& item : names->items) {
            const std::string* each = item.as<std::string>();
            dropped.push_back(each != nullptr ? *each : std::string{});
        }
    }
    Struct kept;
    for (const std::string& name : dropped) {
        if (given->find(name) == nullptr) {
            return fail("must name a field there is");
        }
    }
    for (std::size_t k = 0; k < given->names.size(); ++k) {
        if (std::ranges::find(dropped, given->names[k]) == dropped.end()) {
            kept.field(given->names[k]) = given->values[k];
        }
    }
    return give(std::move(kept));
}

Results list_fields(Arguments arguments, std::size_t) {
    const Struct* given = arguments.size() == 1 ? arguments[0].as<Struct>() : nullptr;
    if (given == nullptr) {
        return fail("must have a structure");
    }
    Cells names{given->names.size(), 1, {}};
    for (const std::string& name : given->names) {
        names.items.emplace_back(name);
    }
    return give(std::move(names));
}

template <class Kind>
Results is_kind(Arguments arguments, std::size_t) {
    return arguments.size() == 1 ? give_truth(arguments[0].as<Kind>() != nullptr)
                                 : fail("must have one argument");
}

template <class Measure>
Results ask_shape(Arguments arguments, Measure measure) {
    return arguments.size() == 1 ? measure(find_shape(arguments[0]))
                                 : fail("must have one argument");
}

// MATPOWER's columns.

Results give_columns(std::string_view function, std::size_t n_asked) {
    const std::span<const NamedNumber> columns = find_columns(function);
    if (n_asked > columns.size()) {
        return fail("gives " + std::to_string(columns.size()) + " values, not " +
                    std::to_string(n_asked));
    }
    Results results;
    for (const NamedNumber& column : columns) {
        results.values.emplace_back(Matrix::scalar(column.value));
    }
    return results;
}

Results give_dc_line_columns(Arguments, std::size_t) {
    Struct columns;
    for (const NamedNumber& column : dc_line_columns) {
        columns.field(column.name) = Matrix::scalar(column.value);
    }
    return give(std::move(columns));
}

const std::map<std::string_view, Call>& calls() {
    static const std::map<std::string_view, Call> known = {
        {"max", find_extreme<true>},
        {"min", find_extreme<false>},
        {"cumsum", sum_up},
        {"size", measure},
        {"numel",
         [](Arguments a, std::size_t) {
             return ask_shape(a, [](Shape s) { return give_count(s.size()); });
         }},
        {"length",
         [](Arguments a, std::size_t) {
             return ask_shape(a, [](Shape s) {
                 return give_count(s.size() == 0 ? 0 : std::max(s.n_row, s.n_col));
             });
         }},
        {"ndims", [](Arguments, std::size_t) { return give_count(2); }},
        {"rows",
         [](Arguments a, std::size_t) {
             return ask_shape(a, [](Shape s) { return give_count(s.n_row); });
         }},
        {"columns",
         [](Arguments a, std::size_t) {
             return ask_shape(a, [](Shape s) { return give_count(s.n_col); });
         }},
        {"isempty",
         [](Arguments a, std::size_t) {
             return ask_shape(a, [](Shape s) { return give_truth(s.size() == 0); });
         }},
        {"isscalar",
         [](Arguments a, std::size_t) {
             return ask_shape(a, [](Shape s) { return give_truth(s == Shape{1, 1}); });
         }},
        {"isvector",
         [](Arguments a, std::size_t) {
             return ask_shape(a, [](Shape s) { return give_truth(s.n_row == 1 || s.n_col == 1); });
         }},
        {"isrow",
         [](Arguments a, std::size_t) {
             return ask_shape(a, [](Shape s) { return give_truth(s.n_row == 1); });
         }},
        {"iscolumn",
         [](Arguments a, std::size_t) {
             return ask_shape(a, [](Shape s) { return give_truth(s.n_col == 1); });
         }},
        {"isstruct", is_kind<Struct>},
        {"iscell", is_kind<Cells>},
        {"ischar", is_kind<std::string>},
        {"isreal", is_kind<Matrix>},
        {"isnumeric",
         [](Arguments a, std::size_t) {
             const Matrix* given = matrix_at(a, 0);
             return give_truth(given != nullptr && !given->logical);
         }},
        {"islogical",
         [](Arguments a, std::size_t) {
             const Matrix* given = matrix_at(a, 0);
             return give_truth(given != nullptr && given->logical);
         }},
        {"isequal",
         [](Arguments a, std::size_t) {
             bool equal = a.size() > 1;
             for (std::size_t k = 1; k < a.size(); ++k) {
                 equal = equal && are_equal(a[0], a[k]);
             }
             return give_truth(equal);
         }},
        {"zeros", [](Arguments a, std::size_t) { return make_filled(a, 0, false); }},
        {"ones", [](Arguments a, std::size_t) { return make_filled(a, 1, false); }},
        {"true", [](Arguments a, std::size_t) { return make_filled(a, 1, true); }},
        {"false", [](Arguments a, std::size_t) { return make_filled(a, 0, true); }},
        {"NaN", [](Arguments a, std::size_t) { return make_filled(a, nan, false); }},
        {"nan", [](Arguments a, std::size_t) { return make_filled(a, nan, false); }},
        {"Inf", [](Arguments a, std::size_t) { return make_filled(a, HUGE_VAL, false); }},
        {"inf", [](Arguments a, std::size_t) { return make_filled(a, HUGE_VAL, false); }},
        {"eye", make_identity},
        {"cell", make_cells},
        {"repmat", repeat},
        {"reshape", reshape},
        {"fliplr", flip<false>},
        {"flipud", flip<true>},
        {"diag", make_diagonal},
        {"linspace", space_evenly},
        {"horzcat", [](Arguments a, std::size_t) { return join(a, true); }},
        {"vertcat", [](Arguments a, std::size_t) { return join(a, false); }},
        {"transpose",
         [](Arguments a, std::size_t) {
             const Matrix* given = matrix_at(a, 0);
             return given != nullptr ? give(transpose(*given)) : fail("must have numbers");
         }},
        {"nnz",
         [](Arguments a, std::size_t) {
             const Matrix* given = matrix_at(a, 0);
             return given == nullptr
                        ? fail("must have numbers")
                        : give_count(given->size() - static_cast<std::size_t>(
                                                         std::ranges::count(given->values, 0.0)));
         }},
        {"find", find_positions},
        {"sort", sort_values},
        {"unique", find_unique},
        {"union", combine_sets<SetOperation::unite>},
        {"intersect", combine_sets<SetOperation::intersect>},
        {"setdiff", combine_sets<SetOperation::subtract>},
        {"ismember", find_members},
        {"strcmp", compare_texts<false>},
        {"strcmpi", compare_texts<true>},
        {"lower",
         [](Arguments a, std::size_t) {
             const std::string* text = text_at(a, 0);
             return text != nullptr ? give(fold_case(*text)) : fail("must have a text");
         }},
        {"struct", make_struct},
        {"isfield", has_field},
        {"rmfield", drop_fields},
        {"fieldnames", list_fields},
        {"deal",
         [](Arguments a, std::size_t n_asked) {
             Results results;
             if (a.size() != 1 && a.size() != std::max<std::size_t>(n_asked, 1)) {
                 return fail("must have as many values as are taken");
             }
             for (std::size_t k = 0; k < std::max<std::size_t>(n_asked, 1); ++k) {
                 results.values.push_back(a[a.size() == 1 ? 0 : k]);
             }
             return results;
         }},
        {"idx_bus", [](Arguments, std::size_t n) { return give_columns("idx_bus", n); }},
        {"idx_brch", [](Arguments, std::size_t n) { return give_columns("idx_brch", n); }},
        {"idx_gen", [](Arguments, std::size_t n) { return give_columns("idx_gen", n); }},
        {"idx_cost", [](Arguments, std::size_t n) { return give_columns("idx_cost", n); }},
        {"idx_area", [](Arguments, std::size_t n) { return give_columns("idx_area", n); }},
        {"idx_dcline", give_dc_line_columns},
    };
    return known;
}

} // namespace

bool is_function(std::string_view name) {
    return calls().contains(name) || real_functions().contains(name) ||
           pair_functions().contains(name) || fold_functions().contains(name);
}

Results call_function(std::string_view name, std::span<const Value> arguments,
                      std::size_t n_asked) {
    if (const auto found = calls().find(name); found != calls().end()) {
        return found->second(arguments, n_asked);
    }
    if (const auto found = real_functions().find(name); found != real_functions().end()) {
        return call_real(found->second, arguments);
    }
    if (const auto found = fold_functions().find(name); found != fold_functions().end()) {
        return call_fold(found->second, arguments);
    }
    const auto found = pair_functions().find(name);
    const Matrix* a = matrix_at(arguments, 0);
    const Matrix* b = matrix_at(arguments, 1);
    if (found == pair_functions().end() || a == nullptr || b == nullptr || arguments.size() != 2) {
        return fail("must have two arguments of numbers");
    }
    Computed computed = spread(*a, *b, found->second);
    return computed.fault.empty() ? give(std::move(computed.value)) : fail(computed.fault);
}

bool is_without_value(std::string_view name) {
    constexpr std::array<std::string_view, 19> names = {
        "disp",   "display", "fprintf", "printf",  "puts", "fputs", "fdisp",
        "fflush", "warning", "tic",     "toc",     "clc",  "close", "more",
        "beep",   "figure",  "format",  "drawnow", "pause"};
    return std::ranges::find(names, name) != names.end();
}

} // namespace yuanwang::exchange::matlab
