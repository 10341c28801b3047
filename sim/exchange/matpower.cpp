#include "exchange/matpower.hpp"

#include <cmath>
#include <cstddef>
#include <fstream>
#include <ios>
#include <optional>
#include <system_error>
#include <utility>

#include "core/error.hpp"
#include "exchange/matlab_program.hpp"

namespace yuanwang::exchange {

namespace {

using Rows = std::vector<std::vector<double>>;

std::string read_text(const std::filesystem::path& file) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) {
        throw IoError(file.string() + ": cannot be read: is a directory");
    }
    std::ifstream stream{file, std::ios::binary};
    if (!stream) {
        const bool exists = std::filesystem::exists(file, error);
        throw IoError(file.string() +
                      ": cannot be read: " + (exists ? "permission denied" : "no such file"));
    }
    std::string text{std::istreambuf_iterator<char>{stream}, {}};
    if (stream.bad()) {
        throw IoError(file.string() + ": cannot be read: input/output error");
    }
    return text;
}

[[noreturn]] void fail(const std::string& file, int line, std::string path, std::string rule,
                       std::string got = {}) {
    throw InputError(Fault{.place = {file, line, line > 0 ? 1 : 0},
                           .path = std::move(path),
                           .rule = std::move(rule),
                           .got = std::move(got)});
}

/// Names of the tables among the variables of a case: fields of its one output, or its outputs in
/// the order of version 1.
struct TableNames {
    std::string base_mva = "mpc.baseMVA";
    std::string bus = "mpc.bus";
    std::string gen = "mpc.gen";
    std::string branch = "mpc.branch";
    std::string gencost = "mpc.gencost";
    std::string bus_name = "mpc.bus_name";
};

TableNames find_table_names(const std::vector<std::string>& outputs) {
    if (outputs.empty()) {
        return {};
    }
    if (outputs.size() == 1) {
        const std::string& root = outputs.front();
        return {root + ".baseMVA", root + ".bus",     root + ".gen",
                root + ".branch",  root + ".gencost", root + ".bus_name"};
    }
    const auto name = [&](std::size_t k) {
        return k < outputs.size() ? outputs[k] : std::string{};
    };
    return {name(0), name(1), name(2), name(3), name(5), {}};
}

/// Takes the tables out of what the program left behind.
class TableReader {
  public:
    TableReader(const matlab::Outcome& outcome, std::string file)
        : outcome_{outcome}, file_{std::move(file)} {}

    [[nodiscard]] double take_number(const std::string& name) const {
        const matlab::Matrix& matrix = require(name);
        if (!matrix.is_scalar() || !std::isfinite(matrix.values[0]) || matrix.values[0] <= 0) {
            fail(file_, matrix.line.empty() ? 0 : matrix.line[0], name, "must be one number > 0");
        }
        return matrix.values[0];
    }

    [[nodiscard]] Rows take_table(const std::string& name, std::size_t least_columns,
                                  std::vector<int>* lines) const {
        const matlab::Matrix& matrix = require(name);
        if (matrix.n_row > 0 && matrix.n_col < least_columns) {
            fail(file_, matrix.line.empty() ? 0 : matrix.line[0], name,
                 "must have at least " + std::to_string(least_columns) + " columns",
                 std::to_string(matrix.n_col));
        }
        if (lines != nullptr) {
            *lines = matrix.line;
        }
        return to_rows(matrix);
    }

    [[nodiscard]] Rows take_optional_table(const std::string& name) const {
        const matlab::Matrix* matrix = find(name);
        return matrix == nullptr ? Rows{} : to_rows(*matrix);
    }

    [[nodiscard]] std::vector<std::string> take_texts(const std::string& name) const {
        const auto found = outcome_.variables.find(name);
        const auto* cells = found == outcome_.variables.end()
                                ? nullptr
                                : std::get_if<matlab::Cells>(&found->second);
        return cells == nullptr ? std::vector<std::string>{} : cells->texts;
    }

  private:
    static Rows to_rows(const matlab::Matrix& matrix) {
        Rows rows;
        rows.reserve(matrix.n_row);
        for (std::size_t row = 0; row < matrix.n_row; ++row) {
            const auto first =
                matrix.values.begin() + static_cast<std::ptrdiff_t>(row * matrix.n_col);
            rows.emplace_back(first, first + static_cast<std::ptrdiff_t>(matrix.n_col));
        }
        return rows;
    }

    [[nodiscard]] const matlab::Matrix* find(const std::string& name) const {
        const auto found = outcome_.variables.find(name);
        return found == outcome_.variables.end() ? nullptr
                                                 : std::get_if<matlab::Matrix>(&found->second);
    }

    [[nodiscard]] const matlab::Matrix& require(const std::string& name) const {
        const matlab::Matrix* matrix = find(name);
        if (matrix == nullptr) {
            fail(file_, 0, name, "is missing: a MATPOWER case has baseMVA, bus, gen and branch");
        }
        return *matrix;
    }

    const matlab::Outcome& outcome_;
    std::string file_;
};

} // namespace

MatpowerCase parse_matpower(std::string_view text, const std::string& file) {
    const matlab::Outcome outcome = matlab::run_program(text, file);
    const TableNames names = find_table_names(outcome.outputs);
    const TableReader tables{outcome, file};
    MatpowerCase matpower;
    matpower.file = file;
    matpower.name =
        outcome.function.empty() ? std::filesystem::path{file}.stem().string() : outcome.function;
    matpower.base_mva = tables.take_number(names.base_mva);
    matpower.bus = tables.take_table(names.bus, 13, &matpower.bus_line);
    matpower.gen = tables.take_table(names.gen, 8, &matpower.gen_line);
    matpower.branch = tables.take_table(names.branch, 11, &matpower.branch_line);
    matpower.gencost = tables.take_optional_table(names.gencost);
    matpower.bus_name = tables.take_texts(names.bus_name);
    return matpower;
}

MatpowerCase read_matpower(const std::filesystem::path& file) {
    return parse_matpower(read_text(file), file.string());
}

} // namespace yuanwang::exchange
