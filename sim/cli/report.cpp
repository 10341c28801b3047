#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/common.hpp"
#include "cli/exit_code.hpp"
#include "report/comparison.hpp"
#include "report/run_folder.hpp"

namespace yuanwang::cli {

void add_report(CLI::App& app, const CommonFlags& common, Action& action) {
    auto folder = std::make_shared<std::filesystem::path>();
    CLI::App* verb =
        app.add_subcommand("report", "Rebuild report.html of a finished run from its results");
    verb->add_option("folder", *folder, "Folder of a finished run")->required();
    verb->footer("Example: yuanwang report results/xining-2025 --lang en");
    verb->callback([folder, &common, &action] {
        action = [folder, &common] {
            const std::vector<std::string> missing =
                report::rebuild_report(*folder, common.language);
            if (!missing.empty()) {
                fmt::print(stderr,
                           fmt::runtime(say(common.language,
                                            "{}: written by an earlier version, without {}; "
                                            "the report leaves them out, a new run of "
                                            "scenario.resolved.yaml has them\n",
                                            "{}：由较早版本写出，缺少 {}；报告中相应内容为空，"
                                            "重新运行 scenario.resolved.yaml 即可得到\n")),
                           (*folder / "results.nc").string(), report::join_names(missing));
            }
            fmt::print("{}\n", std::filesystem::absolute(*folder / "report.html").string());
            return int{exit_ok};
        };
    });
}

} // namespace yuanwang::cli
