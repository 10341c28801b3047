#include "exchange/netcdf_file.hpp"

#include <H5public.h>
#include <netcdf.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "core/error.hpp"

namespace yuanwang::exchange {

namespace {

constexpr std::uintmax_t hardly_any_space = 1 << 20;

/// The operating system's own word on a file that cannot be opened; the library has only its own.
void probe(const std::filesystem::path& file, bool writing) {
    errno = 0;
    const bool opened = writing ? std::ofstream{file, std::ios::binary}.good()
                                : std::ifstream{file, std::ios::binary}.good();
    std::error_code error;
    const bool is_folder = std::filesystem::is_directory(file, error);
    if (!opened || is_folder) {
        const std::string reason = is_folder ? "is a directory" : std::strerror(errno);
        throw IoError(file.string() + ": cannot be " + (writing ? "written: " : "read: ") + reason);
    }
}

bool disk_is_full(const std::filesystem::path& file) {
    std::error_code error;
    const std::filesystem::space_info space = std::filesystem::space(file, error);
    return !error && space.available < hardly_any_space;
}

/// HDF5 closes what is open when the program ends. After a full disk it then touches freed memory; every file here is
/// closed by its owner, so nothing is left to do.
void leave_hdf5_alone_at_exit() {
    [[maybe_unused]] static const herr_t once = H5dont_atexit();
}

} // namespace

NetcdfFile NetcdfFile::create(const std::filesystem::path& file) {
    leave_hdf5_alone_at_exit();
    probe(file, true);
    int id = -1;
    const int status = nc_create(file.c_str(), NC_NETCDF4 | NC_CLOBBER, &id);
    NetcdfFile made{status == NC_NOERR ? id : -1, file, true};
    made.check(status);
    return made;
}

NetcdfFile NetcdfFile::open(const std::filesystem::path& file) {
    leave_hdf5_alone_at_exit();
    probe(file, false);
    int id = -1;
    const int status = nc_open(file.c_str(), NC_NOWRITE, &id);
    NetcdfFile opened{status == NC_NOERR ? id : -1, file, false};
    opened.check(status);
    return opened;
}

NetcdfFile::NetcdfFile(NetcdfFile&& other) noexcept
    : id_{std::exchange(other.id_, -1)}, file_{std::move(other.file_)}, writing_{other.writing_} {}

NetcdfFile::~NetcdfFile() {
    if (id_ >= 0) {
        static_cast<void>(nc_close(id_));
    }
}

void NetcdfFile::close() {
    const int id = std::exchange(id_, -1);
    if (id >= 0) {
        check(nc_close(id));
    }
}

void NetcdfFile::check(int status) const {
    if (status == NC_NOERR) {
        return;
    }
    const bool full = writing_ && disk_is_full(file_);
    throw IoError(file_.string() + ": cannot be " + (writing_ ? "written: " : "read: ") +
                  (full ? "no space left on device" : nc_strerror(status)));
}

int NetcdfFile::define_dimension(const std::string& name, std::size_t length) const {
    int dimension = -1;
    check(nc_def_dim(id_, name.c_str(), length, &dimension));
    return dimension;
}

int NetcdfFile::define_unlimited_dimension(const std::string& name) const {
    return define_dimension(name, NC_UNLIMITED);
}

int NetcdfFile::define_variable(const std::string& name, int type, std::span<const int> dimensions,
                                std::span<const std::size_t> chunk) const {
    int variable = -1;
    check(nc_def_var(id_, name.c_str(), type, static_cast<int>(dimensions.size()),
                     dimensions.data(), &variable));
    if (!chunk.empty()) {
        check(nc_def_var_chunking(id_, variable, NC_CHUNKED, chunk.data()));
        check(nc_def_var_deflate(id_, variable, 1, 1, 1));
    }
    return variable;
}

void NetcdfFile::put_attribute(int variable, const std::string& name, std::string_view text) const {
    check(nc_put_att_text(id_, variable, name.c_str(), text.size(), text.data()));
}

int NetcdfFile::put_texts(const std::string& name, int dimension,
                          std::span<const std::string> texts) const {
    std::size_t width = 1;
    for (const std::string& text : texts) {
        width = std::max(width, text.size());
    }
    const std::string width_name = "string" + std::to_string(width);
    int width_dimension = -1;
    if (nc_inq_dimid(id_, width_name.c_str(), &width_dimension) != NC_NOERR) {
        width_dimension = define_dimension(width_name, width);
    }
    std::string letters(texts.size() * width, '\0');
    for (std::size_t k = 0; k < texts.size(); ++k) {
        texts[k].copy(letters.data() + k * width, texts[k].size());
    }
    const std::array<int, 2> dimensions{dimension, width_dimension};
    const std::array<std::size_t, 2> chunk{std::max<std::size_t>(texts.size(), 1), width};
    const int variable = define_variable(name, NC_CHAR, dimensions, chunk);
    put_attribute(variable, "_Encoding", "utf-8");
    const std::array<std::size_t, 2> start{0, 0};
    const std::array<std::size_t, 2> count{texts.size(), width};
    check(nc_put_vara_text(id_, variable, start.data(), count.data(), letters.data()));
    return variable;
}

std::optional<int> NetcdfFile::find_variable(const std::string& name) const {
    int variable = -1;
    const int status = nc_inq_varid(id_, name.c_str(), &variable);
    return status == NC_NOERR ? std::optional{variable} : std::nullopt;
}

int NetcdfFile::require_variable(const std::string& name) const {
    const std::optional<int> variable = find_variable(name);
    if (!variable) {
        throw IoError(file_.string() + ": cannot be read: has no variable " + name);
    }
    return *variable;
}

std::size_t NetcdfFile::measure_dimension(const std::string& name) const {
    int dimension = -1;
    if (nc_inq_dimid(id_, name.c_str(), &dimension) != NC_NOERR) {
        return 0;
    }
    std::size_t length = 0;
    check(nc_inq_dimlen(id_, dimension, &length));
    return length;
}

std::string NetcdfFile::get_attribute(int variable, const std::string& name) const {
    std::size_t length = 0;
    check(nc_inq_attlen(id_, variable, name.c_str(), &length));
    std::string text(length, '\0');
    check(nc_get_att_text(id_, variable, name.c_str(), text.data()));
    return text;
}

std::vector<std::string> NetcdfFile::get_texts(int variable, std::size_t count) const {
    std::array<int, 2> dimensions{};
    int rank = 0;
    check(nc_inq_varndims(id_, variable, &rank));
    if (rank != 2) {
        check(NC_EVARSIZE);
    }
    check(nc_inq_vardimid(id_, variable, dimensions.data()));
    std::size_t rows = 0;
    std::size_t width = 0;
    check(nc_inq_dimlen(id_, dimensions[0], &rows));
    check(nc_inq_dimlen(id_, dimensions[1], &width));
    if (rows != count) {
        check(NC_EVARSIZE);
    }
    std::string letters(rows * width, '\0');
    check(nc_get_var_text(id_, variable, letters.data()));
    std::vector<std::string> texts;
    for (std::size_t k = 0; k < rows; ++k) {
        const std::string_view padded{letters.data() + k * width, width};
        texts.emplace_back(padded.substr(0, padded.find('\0')));
    }
    return texts;
}

std::vector<double> NetcdfFile::get_numbers(int variable, std::size_t count) const {
    int rank = 0;
    check(nc_inq_varndims(id_, variable, &rank));
    std::vector<int> dimensions(static_cast<std::size_t>(rank));
    check(nc_inq_vardimid(id_, variable, dimensions.data()));
    std::size_t size = 1;
    for (const int dimension : dimensions) {
        std::size_t length = 0;
        check(nc_inq_dimlen(id_, dimension, &length));
        size *= length;
    }
    if (size != count) {
        check(NC_EVARSIZE);
    }
    std::vector<double> values(count);
    if (count > 0) {
        check(nc_get_var_double(id_, variable, values.data()));
    }
    return values;
}

} // namespace yuanwang::exchange
