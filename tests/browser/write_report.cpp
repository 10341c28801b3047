// Writes `summary.json` and `report.html` of a made-up run into a folder, for the browser to open.
//
//     write_report FOLDER [n_330 [n_step [nothing_curtailed]]]

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>

#include "report/report_page.hpp"
#include "report/result_folder.hpp"
#include "report/summary_json.hpp"
#include "report/synthetic_run.hpp"

int main(int argc, char** argv) {
    using namespace yuanwang;
    if (argc < 2) {
        std::cerr << "usage: write_report FOLDER [n_330 [n_step [nothing_curtailed]]]\n";
        return 2;
    }
    try {
        const std::filesystem::path folder = argv[1];
        std::filesystem::create_directories(folder);
        test::SyntheticSize size;
        size.n_330 = argc > 2 ? std::stoul(argv[2]) : size.n_330;
        size.n_step = argc > 3 ? std::stoul(argv[3]) : size.n_step;
        size.curtailed = argc <= 4;
        const test::SyntheticRun run = test::make_synthetic_run(size);
        const std::string summary = report::format_summary_json(run.summary);
        report::write_file(folder / "summary.json", summary);
        report::write_file(
            folder / "report.html",
            report::make_report_page(run.results, summary, run.context, Language::zh));
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
