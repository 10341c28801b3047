/// @file
/// A table as a NetCDF-4 file: one dimension, one variable per column, the same bytes for the same table.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace yuanwang::exchange {

struct TableColumn {
    std::string name;
    std::string long_name;
    std::variant<std::vector<double>, std::vector<std::string>> values; ///< NaN where there is none
    std::vector<std::pair<std::string, std::string>> attributes;
};

struct Table {
    std::string title;
    std::string dimension; ///< name of the rows' dimension
    std::vector<std::pair<std::string, std::string>> attributes;
    std::vector<TableColumn> columns; ///< all equally long
};

/// Writes the table. Throws `IoError` with the file's name.
void write_table(const std::filesystem::path& file, const Table& table);

/// Reads the numbers of a column back, or its texts.
[[nodiscard]] std::vector<double> read_table_numbers(const std::filesystem::path& file,
                                                     const std::string& dimension,
                                                     const std::string& column);
[[nodiscard]] std::vector<std::string> read_table_texts(const std::filesystem::path& file,
                                                        const std::string& dimension,
                                                        const std::string& column);

} // namespace yuanwang::exchange
