#include "exchange/table_file.hpp"

#include <array>

#include <netcdf.h>

#include "exchange/netcdf_file.hpp"

namespace yuanwang::exchange {

namespace {

std::size_t count_rows(const Table& table) {
    return table.columns.empty() ? 0
                                 : std::visit([](const auto& values) { return values.size(); },
                                              table.columns.front().values);
}

int write_column(NetcdfFile& file, int dimension, const TableColumn& column) {
    if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values)) {
        return file.put_texts(column.name, dimension, *texts);
    }
    const std::vector<double>& numbers = std::get<std::vector<double>>(column.values);
    const std::array dimensions = {dimension};
    const int variable = file.define_variable(column.name, NC_DOUBLE, dimensions);
    if (!numbers.empty()) {
        file.check(nc_put_var_double(file.id(), variable, numbers.data()));
    }
    return variable;
}

} // namespace

void write_table(const std::filesystem::path& file, const Table& table) {
    NetcdfFile out = NetcdfFile::create(file);
    out.put_attribute(NC_GLOBAL, "Conventions", "CF-1.10");
    out.put_attribute(NC_GLOBAL, "title", table.title);
    for (const auto& [name, text] : table.attributes) {
        out.put_attribute(NC_GLOBAL, name, text);
    }
    const int dimension = out.define_dimension(table.dimension, count_rows(table));
    for (const TableColumn& column : table.columns) {
        const int variable = write_column(out, dimension, column);
        out.put_attribute(variable, "long_name", column.long_name);
        for (const auto& [name, text] : column.attributes) {
            out.put_attribute(variable, name, text);
        }
    }
    out.close();
}

std::vector<double> read_table_numbers(const std::filesystem::path& file,
                                       const std::string& dimension, const std::string& column) {
    const NetcdfFile in = NetcdfFile::open(file);
    return in.get_numbers(in.require_variable(column), in.measure_dimension(dimension));
}

std::vector<std::string> read_table_texts(const std::filesystem::path& file,
                                          const std::string& dimension, const std::string& column) {
    const NetcdfFile in = NetcdfFile::open(file);
    return in.get_texts(in.require_variable(column), in.measure_dimension(dimension));
}

} // namespace yuanwang::exchange
