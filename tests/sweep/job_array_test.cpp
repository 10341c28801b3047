/// How a sweep is cut into the elements of a job array.
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweep/job_array.hpp"

namespace yuanwang::sweep {
namespace {

using ::testing::HasSubstr;

std::vector<std::size_t> all(std::size_t n) {
    std::vector<std::size_t> members(n);
    std::iota(members.begin(), members.end(), std::size_t{0});
    return members;
}

const Estimate four_seconds{.member_s = 4, .program_mb = 40, .member_mb = 60};

TEST(JobArray, ElementsAreMinutesOfWork) {
    const JobArray array = cut_into_elements(10'000, all(10'000), four_seconds, {.target_s = 600});
    EXPECT_EQ(array.n_per_element, 150U);
    EXPECT_EQ(array.n_element, 67U);
    EXPECT_EQ(array.elements.size(), 67U);
    EXPECT_EQ(array.element_s, 600);
    EXPECT_EQ(array.limit_min, 35U);
    EXPECT_EQ(array.memory_mb, 250U);
}

TEST(JobArray, StaysBelowWhatTheClusterAllows) {
    const JobArray array = cut_into_elements(1'000'000, all(1'000'000), four_seconds,
                                             {.target_s = 600, .max_elements = 1000});
    EXPECT_LE(array.n_element, 1000U);
    EXPECT_GE(array.n_element * array.n_per_element, 1'000'000U);
}

TEST(JobArray, ThreadsOfAnElementShareItsMembers) {
    const JobArray array =
        cut_into_elements(10'000, all(10'000), four_seconds, {.target_s = 600, .n_thread = 8});
    EXPECT_EQ(array.n_per_element, 1200U);
    EXPECT_EQ(array.element_s, 600);
    EXPECT_EQ(array.memory_mb, 880U); // 1.5 (40 + 8 · 60) + 100
}

TEST(JobArray, OnlyElementsWithWorkLeftAreSubmitted) {
    const JobArray array =
        cut_into_elements(100, {0, 25, 50, 3, 7}, four_seconds, {.target_s = 16});
    EXPECT_EQ(array.n_element, 25U);
    EXPECT_THAT(array.elements, ::testing::ElementsAre(1, 4, 8));
    EXPECT_EQ(format_elements(array.elements), "1,4,8");
    EXPECT_EQ(format_elements({1, 2, 3, 5, 8, 9}), "1-3,5,8-9");
}

TEST(JobArray, ScriptsQuoteWhatTheShellWouldRead) {
    const SweepCommand command{.program = "/opt/it's here/yuanwang",
                               .sweep_file = "/data/my sweep.yaml",
                               .folder = "/data/100%",
                               .cache = "/data/cache",
                               .simd = "avx2"};
    const JobArray array = cut_into_elements(8, all(8), four_seconds, {.target_s = 8});
    const std::string text = format_array_script(
        array, command, {.max_running = 2, .partition = "day", .extra = {"--account=grid"}});
    EXPECT_THAT(text, HasSubstr("#SBATCH --output=\"/data/100%%/slurm/%A_%a.log\"\n"
                                "#SBATCH --partition=day\n#SBATCH --account=grid\n"
                                "#SBATCH --array=1-4%2\n#SBATCH --cpus-per-task=1\n"
                                "#SBATCH --mem=250M\n"));
    EXPECT_THAT(
        text,
        HasSubstr("exec '/opt/it'\\''s here/yuanwang' --simd avx2 sweep run '/data/my sweep.yaml' "
                  "-o '/data/100%' --shard \"$SLURM_ARRAY_TASK_ID/4\" -j 1 "
                  "--progress never --cache '/data/cache'\n"));
    EXPECT_THAT(format_collect_script(command, {}),
                HasSubstr("exec '/opt/it'\\''s here/yuanwang' sweep status '/data/100%'\n"));
}

} // namespace
} // namespace yuanwang::sweep
