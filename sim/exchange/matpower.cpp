#include "exchange/matpower.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "core/error.hpp"
#include "exchange/matlab/program.hpp"

namespace yuanwang::exchange {

namespace {

using Rows = std::vector<std::vector<double>>;

[[noreturn]] void fail(const std::string& file, int line, std::string path, std::string rule,
                       std::string got = {}) {
    throw InputError(Fault{.place = {file, line, line > 0 ? 1 : 0},
                           .path = std::move(path),
                           .rule = std::move(rule),
                           .got = std::move(got)});
}

using matlab::Value;

/// True where the bytes are UTF-8.
bool is_utf8(std::string_view text) {
    for (std::size_t k = 0; k < text.size();) {
        const auto lead = static_cast<unsigned char>(text[k]);
        const std::size_t n = lead < 0x80                   ? 1
                              : lead >= 0xC2 && lead < 0xE0 ? 2
                              : lead >= 0xE0 && lead < 0xF0 ? 3
                              : lead >= 0xF0 && lead < 0xF5 ? 4
                                                            : 0;
        if (n == 0 || k + n > text.size()) {
            return false;
        }
        for (std::size_t j = 1; j < n; ++j) {
            if ((static_cast<unsigned char>(text[k + j]) & 0xC0) != 0x80) {
                return false;
            }
        }
        k += n;
    }
    return true;
}

/// A text of one byte a letter (Latin-1) in UTF-8; one that is UTF-8 stays.
std::string to_utf8(const std::string& text) {
    if (is_utf8(text)) {
        return text;
    }
    std::string made;
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (code < 0x80) {
            made += c;
        } else {
            made += static_cast<char>(0xC0 | code >> 6);
            made += static_cast<char>(0x80 | (code & 0x3F));
        }
    }
    return made;
}

/// Looks a table up by its name in the case.
class Tables {
  public:
    /// The tables of a case are the fields of the structure a function returns, its outputs in the order of version 1, or
    /// the variables of a script.
    explicit Tables(matlab::Outcome& outcome) : file_{outcome.files.front()} {
        matlab::Variables& variables = outcome.variables;
        const std::string root =
            outcome.outputs.empty() ? find_root(variables) : outcome.outputs.front();
        const auto found = variables.find(root);
        if (found != variables.end() && found->second.as<matlab::Struct>() != nullptr) {
            prefix_ = root + ".";
            fields_ = std::move(*found->second.as<matlab::Struct>());
            return;
        }
        prefix_ = outcome.outputs.size() > 1 ? "" : root + ".";
        constexpr std::array<const char*, 6> order = {"baseMVA", "bus",   "gen",
                                                      "branch",  "areas", "gencost"};
        for (std::size_t k = 0; k < order.size(); ++k) {
            const std::string name = outcome.outputs.size() > 1
                                         ? (k < outcome.outputs.size() ? outcome.outputs[k] : "")
                                         : order[k];
            if (const auto table = variables.find(name);
                table != variables.end() && outcome.outputs.size() != 1) {
                fields_.field(order[k]) = std::move(table->second);
            }
        }
    }

    [[nodiscard]] double take_number(const char* name) const {
        const matlab::Matrix& matrix = require(name);
        if (!matrix.is_scalar() || !std::isfinite(matrix.values[0]) || matrix.values[0] <= 0) {
            fail(file_, find_line(matrix), prefix_ + name, "must be one number > 0");
        }
        return matrix.values[0];
    }

    [[nodiscard]] Rows take_table(const char* name, std::size_t least_columns,
                                  std::vector<matlab::RowPlace>& places) const {
        const matlab::Matrix& matrix = require(name);
        if (matrix.n_row > 0 && matrix.n_col < least_columns) {
            fail(file_, find_line(matrix), prefix_ + name,
                 "must have at least " + std::to_string(least_columns) + " columns",
                 std::to_string(matrix.n_col));
        }
        places = matrix.places;
        return to_rows(matrix);
    }

    [[nodiscard]] Rows take_optional_table(const char* name) const {
        const matlab::Matrix* matrix = find<matlab::Matrix>(name);
        return matrix == nullptr ? Rows{} : to_rows(*matrix);
    }

    [[nodiscard]] std::vector<std::string> take_texts(const char* name) const {
        std::vector<std::string> texts;
        const matlab::Cells* cells = find<matlab::Cells>(name);
        for (std::size_t k = 0; cells != nullptr && k < cells->items.size(); ++k) {
            const std::string* text = cells->items[k].as<std::string>();
            texts.push_back(text == nullptr ? std::string{} : to_utf8(*text));
        }
        return texts;
    }

  private:
    /// The structure of a script that holds a case: `mpc`, or the only one there is.
    static std::string find_root(const matlab::Variables& variables) {
        std::vector<std::string> structures;
        for (const auto& [name, value] : variables) {
            const matlab::Struct* fields = value.as<matlab::Struct>();
            if (fields != nullptr && fields->find("bus") != nullptr) {
                structures.push_back(name);
            }
        }
        return structures.size() == 1 ? structures.front() : "mpc";
    }

    static int find_line(const matlab::Matrix& matrix) {
        return matrix.places.empty() || matrix.places[0].file != 0 ? 0 : matrix.places[0].line;
    }

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

    template <class Kind>
    [[nodiscard]] const Kind* find(const char* name) const {
        const Value* value = fields_.find(name);
        return value == nullptr ? nullptr : value->as<Kind>();
    }

    [[nodiscard]] const matlab::Matrix& require(const char* name) const {
        const matlab::Matrix* matrix = find<matlab::Matrix>(name);
        if (matrix == nullptr) {
            fail(file_, 0, prefix_ + name,
                 "is missing: a MATPOWER case has baseMVA, bus, gen and branch");
        }
        return *matrix;
    }

    std::string file_;
    std::string prefix_; ///< of a table's name in faults, `mpc.`
    matlab::Struct fields_;
};

} // namespace

MatpowerCase parse_matpower(std::string_view text, const std::string& file) {
    if (text.find('\0') != std::string_view::npos) {
        fail(file, 0, {}, "must be text in UTF-8 or in one byte a letter, not UTF-16 or binary");
    }
    matlab::Outcome outcome = matlab::run_program(text, file);
    const Tables tables{outcome};
    MatpowerCase matpower;
    matpower.files = std::move(outcome.files);
    matpower.name =
        outcome.function.empty() ? std::filesystem::path{file}.stem().string() : outcome.function;
    matpower.base_mva = tables.take_number("baseMVA");
    matpower.bus = tables.take_table("bus", 13, matpower.bus_place);
    matpower.gen = tables.take_table("gen", 8, matpower.gen_place);
    matpower.branch = tables.take_table("branch", 11, matpower.branch_place);
    matpower.gencost = tables.take_optional_table("gencost");
    matpower.bus_name = tables.take_texts("bus_name");
    constexpr std::size_t dc_line_status = 2;
    for (const std::vector<double>& row : tables.take_optional_table("dcline")) {
        matpower.n_dc_line += row.size() > dc_line_status && row[dc_line_status] > 0 ? 1U : 0U;
    }
    return matpower;
}

MatpowerCase read_matpower(const std::filesystem::path& file) {
    return parse_matpower(matlab::read_text(file.string()), file.string());
}

} // namespace yuanwang::exchange
