#include "sweep/job_array.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace yuanwang::sweep {

namespace {

/// A word of the shell, whatever it holds.
std::string quote(const std::string& word) {
    std::string quoted = "'";
    for (const char c : word) {
        quoted += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
    }
    return quoted + "'";
}

/// File names in `#SBATCH` lines may hold blanks and percent signs.
std::string quote_pattern(const std::filesystem::path& folder, const char* pattern) {
    std::string name = folder.string();
    for (std::size_t at = 0; (at = name.find('%', at)) != std::string::npos; at += 2) {
        name.insert(at, "%");
    }
    return fmt::format("\"{}/{}\"", name, pattern);
}

std::string format_head(const char* name, const std::string& output, const ArrayOptions& options) {
    std::string text =
        fmt::format("#!/bin/bash\n#SBATCH --job-name={}\n#SBATCH --output={}\n", name, output);
    if (!options.partition.empty()) {
        text += fmt::format("#SBATCH --partition={}\n", options.partition);
    }
    for (const std::string& option : options.extra) {
        text += fmt::format("#SBATCH {}\n", option);
    }
    return text;
}

} // namespace

JobArray cut_into_elements(std::size_t n_member, const std::vector<std::size_t>& unfinished,
                           const Estimate& estimate, const ArrayOptions& options) {
    const auto n = static_cast<double>(n_member);
    const double member_s = std::max(estimate.member_s, 1e-3);
    const double by_time =
        std::ceil(options.target_s * static_cast<double>(options.n_thread) / member_s);
    const double by_size =
        std::ceil(n / static_cast<double>(std::max<std::size_t>(options.max_elements, 1)));
    JobArray array;
    array.n_per_element = static_cast<std::size_t>(std::clamp(std::max(by_time, by_size), 1.0, n));
    array.n_element = (n_member + array.n_per_element - 1) / array.n_per_element;
    for (const std::size_t member : unfinished) {
        array.elements.push_back(member % array.n_element + 1);
    }
    std::ranges::sort(array.elements);
    const auto [first, last] = std::ranges::unique(array.elements);
    array.elements.erase(first, last);
    array.element_s = estimate.wall_s(array.n_per_element, options.n_thread);
    array.limit_min = static_cast<std::size_t>(std::ceil(3 * array.element_s / 60)) + 5;
    array.memory_mb =
        static_cast<std::size_t>(std::ceil(1.5 * estimate.memory_mb(options.n_thread))) + 100;
    return array;
}

std::string format_elements(const std::vector<std::size_t>& elements) {
    std::string text;
    for (std::size_t k = 0; k < elements.size();) {
        std::size_t last = k;
        while (last + 1 < elements.size() && elements[last + 1] == elements[last] + 1) {
            ++last;
        }
        text += text.empty() ? "" : ",";
        text += last == k ? fmt::format("{}", elements[k])
                          : fmt::format("{}-{}", elements[k], elements[last]);
        k = last + 1;
    }
    return text;
}

std::string format_array_script(const JobArray& array, const SweepCommand& command,
                                const ArrayOptions& options) {
    std::string text = format_head("yuanwang-sweep",
                                   quote_pattern(command.folder / "slurm", "%A_%a.log"), options);
    text += fmt::format("#SBATCH --array={}", format_elements(array.elements));
    text += options.max_running > 0 ? fmt::format("%{}\n", options.max_running) : "\n";
    text += fmt::format("#SBATCH --cpus-per-task={}\n#SBATCH --mem={}M\n#SBATCH --time={}\n",
                        options.n_thread, array.memory_mb, array.limit_min);
    text += "#SBATCH --requeue\n#SBATCH --open-mode=append\n";
    const std::string simd =
        command.simd.empty() ? std::string{} : fmt::format(" --simd {}", command.simd);
    text += fmt::format("exec {}{} sweep run {} -o {} --shard \"$SLURM_ARRAY_TASK_ID/{}\" -j {} "
                        "--progress never",
                        quote(command.program), simd, quote(command.sweep_file),
                        quote(command.folder), array.n_element, options.n_thread);
    return text +
           (command.cache.empty() ? "\n" : fmt::format(" --cache {}\n", quote(command.cache)));
}

std::string format_collect_script(const SweepCommand& command, const ArrayOptions& options) {
    return format_head("yuanwang-collect",
                       quote_pattern(command.folder / "slurm", "collect_%j.log"), options) +
           fmt::format("#SBATCH --cpus-per-task=1\n#SBATCH --time=60\n{} sweep collect {}\n"
                       "exec {} sweep status {}\n",
                       quote(command.program), quote(command.folder), quote(command.program),
                       quote(command.folder));
}

} // namespace yuanwang::sweep
