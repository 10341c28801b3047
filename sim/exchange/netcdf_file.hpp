/// @file
/// A NetCDF file as an owner: every call is checked, a failure is an `IoError` that names the file
/// and the reason.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yuanwang::exchange {

class NetcdfFile {
  public:
    /// Makes a new NetCDF-4 file in the place of an old one.
    [[nodiscard]] static NetcdfFile create(const std::filesystem::path& file);
    [[nodiscard]] static NetcdfFile open(const std::filesystem::path& file);

    NetcdfFile(NetcdfFile&& other) noexcept;
    NetcdfFile& operator=(NetcdfFile&&) = delete;
    NetcdfFile(const NetcdfFile&) = delete;
    NetcdfFile& operator=(const NetcdfFile&) = delete;
    ~NetcdfFile();

    /// Writes what is left and closes: the moment a full disk shows at the latest.
    void close();

    [[nodiscard]] int id() const { return id_; }
    /// Throws where a call did not succeed.
    void check(int status) const;

    // Writing.

    [[nodiscard]] int define_dimension(const std::string& name, std::size_t length) const;
    [[nodiscard]] int define_unlimited_dimension(const std::string& name) const;
    /// A variable over dimensions; `chunk` empty: contiguous, else that chunk, shuffled and
    /// deflated at level 1.
    [[nodiscard]] int define_variable(const std::string& name, int type,
                                      std::span<const int> dimensions,
                                      std::span<const std::size_t> chunk = {}) const;
    void put_attribute(int variable, const std::string& name, std::string_view text) const;
    /// A variable of texts: characters, padded with NUL to the longest.
    int put_texts(const std::string& name, int dimension, std::span<const std::string> texts) const;

    // Reading.

    [[nodiscard]] std::optional<int> find_variable(const std::string& name) const;
    [[nodiscard]] int require_variable(const std::string& name) const;
    /// Length of a dimension, 0 where it does not exist.
    [[nodiscard]] std::size_t measure_dimension(const std::string& name) const;
    [[nodiscard]] std::string get_attribute(int variable, const std::string& name) const;
    [[nodiscard]] std::vector<std::string> get_texts(int variable, std::size_t count) const;
    [[nodiscard]] std::vector<double> get_numbers(int variable, std::size_t count) const;

  private:
    NetcdfFile(int id, std::filesystem::path file, bool writing)
        : id_{id}, file_{std::move(file)}, writing_{writing} {}

    int id_ = -1;
    std::filesystem::path file_;
    bool writing_ = false;
};

} // namespace yuanwang::exchange
