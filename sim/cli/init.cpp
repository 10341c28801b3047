#include <cerrno>
#include <cstring>
#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/common.hpp"
#include "cli/exit_code.hpp"
#include "cli/starter.hpp"
#include "core/error.hpp"

namespace yuanwang::cli {

namespace {

int init(const std::filesystem::path& file, Language language) {
    if (std::filesystem::exists(file)) {
        throw IoError(
            fmt::format(fmt::runtime(say(language, "{}: exists already; name another file",
                                         "{}：文件已存在，请换一个文件名")),
                        file.string()));
    }
    std::ofstream out(file);
    out << starter_scenario << std::flush;
    if (!out) {
        throw IoError(fmt::format("{}: {}", file.string(), std::strerror(errno)));
    }
    fmt::print(fmt::runtime(say(language, "wrote {0}\nnext: yuanwang run {0}\n",
                                "已写出 {0}\n下一步：yuanwang run {0}\n")),
               file.string());
    return exit_ok;
}

} // namespace

void add_init(CLI::App& app, const CommonFlags& common, Action& action) {
    auto file = std::make_shared<std::filesystem::path>("starter.yaml");
    CLI::App* verb =
        app.add_subcommand("init", "Write a small scenario with comments to start from");
    verb->add_option("file", *file, "Where to write it")->capture_default_str();
    verb->footer("Example: yuanwang init my-city.yaml && yuanwang run my-city.yaml");
    verb->callback([file, &common, &action] {
        action = [file, &common] { return init(*file, common.language); };
    });
}

} // namespace yuanwang::cli
