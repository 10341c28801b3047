/// W1, W2a, W2b, W3: the batch engine against our scalar Newton in the same run, as a table in Markdown.
///
/// `bench_batch [case…]`, default case118 case300 case1354pegase; files from `../shared/cases` or `YUANWANG_CASES`. A row
/// whose answers differ by more than 1e-7 pu, or miss a published check value by 1e-9, says so and the program ends with 1.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/workloads/batch_comparison.hpp"

namespace {

using namespace yuanwang;
using namespace yuanwang::workloads;

std::filesystem::path case_folder() {
    const char* folder = std::getenv("YUANWANG_CASES");
    return folder != nullptr ? std::filesystem::path{folder}
                             : std::filesystem::path{YUANWANG_SHARED_DIR} / "cases";
}

/// Tolerances of 1e-8 pu in the mismatch leave voltages this far apart at most.
constexpr double largest_difference_pu = 1e-7;

bool is_right(const FlowCase& flow_case, FlowWorkload workload, const Comparison& comparison) {
    bool right =
        comparison.largest_difference_pu < largest_difference_pu && comparison.disagreed == 0;
    if (workload == FlowWorkload::w2a || workload == FlowWorkload::w2b) {
        const auto check = find_check_value(
            flow_case.name, workload == FlowWorkload::w2a ? TimeSeries::w2a : TimeSeries::w2b,
            comparison.flows);
        right = right && (!check || std::abs(comparison.mean_vm_pu - *check) < 1e-9);
    }
    return right;
}

bool print_row(const FlowCase& flow_case, FlowWorkload workload,
               powerflow::batch::Precision precision) {
    const Comparison comparison =
        compare(flow_case, workload, {.precision = precision, .n_step = 0, .rounds = 7});
    const bool right = is_right(flow_case, workload, comparison);
    const char* factor = workload == FlowWorkload::w1                             ? "one lane"
                         : precision == powerflow::batch::Precision::float_factor ? "float"
                                                                                  : "double";
    std::printf("| %s | %s | %s | %zu | %.2f | %.2f | %.1f | %.2f | %zu | %.0e | %zu | %s |\n",
                flow_case.name.c_str(), std::string(to_string(workload)).c_str(), factor,
                comparison.flows, comparison.batch_us, comparison.scalar_us, comparison.ratio(),
                comparison.iterations, comparison.not_converged, comparison.largest_difference_pu,
                comparison.bytes / 1024, right ? "yes" : "NO");
    std::fflush(stdout);
    return right;
}

} // namespace

int main(int argc, char** argv) {
    std::vector<std::string> names(argv + 1, argv + argc);
    if (names.empty()) {
        names = {"case118", "case300", "case1354pegase"};
    }
    bool right = true;
    std::puts(
        "| case | workload | factor | flows | batch µs | scalar µs | ratio | iterations | not "
        "converged | largest ΔV pu | working set KiB | right |");
    std::puts("|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|---|");
    for (const std::string& name : names) {
        const std::filesystem::path file = case_folder() / (name + ".m");
        if (!std::filesystem::exists(file)) {
            std::fprintf(stderr, "bench_batch: %s is not there\n", file.c_str());
            return 1;
        }
        const FlowCase flow_case = load_case(file);
        right &= print_row(flow_case, FlowWorkload::w1, {});
        for (const FlowWorkload workload :
             {FlowWorkload::w2a, FlowWorkload::w2b, FlowWorkload::w3}) {
            right &= print_row(flow_case, workload, powerflow::batch::Precision::float_factor);
            right &= print_row(flow_case, workload, powerflow::batch::Precision::double_factor);
        }
    }
    return right ? 0 : 1;
}
