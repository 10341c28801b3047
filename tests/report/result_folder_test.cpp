#include "report/result_folder.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.hpp"
#include "report/temporary_folder.hpp"

namespace yuanwang::report {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<std::string> list(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
        names.push_back(entry.path().filename().string());
    }
    return names;
}

void make_run(const fs::path& folder, const std::string& content) {
    StagedFolder stage{folder};
    write_file(stage.path() / "run.json", content);
    write_file(stage.path() / "summary.json", content);
    stage.commit();
}

template <class Action>
std::string message_of(const Action& action) {
    try {
        action();
    } catch (const IoError& error) {
        return error.what();
    }
    return "no error";
}

TEST(ResultFolder, IsThereOnlyAfterCommit) {
    const test::TemporaryFolder place;
    const fs::path folder = place.path() / "deep/er/run";
    {
        StagedFolder stage{folder};
        write_file(stage.path() / "run.json", "{}");
        EXPECT_FALSE(fs::exists(folder));
        EXPECT_EQ(stage.path().parent_path(), fs::canonical(folder.parent_path()))
            << "one file system";
        stage.commit();
    }
    EXPECT_THAT(list(folder.parent_path()), UnorderedElementsAre("run"));
    EXPECT_EQ(read_file(folder / "run.json"), "{}");
}

TEST(ResultFolder, LeavesNothingWhenARunFails) {
    const test::TemporaryFolder place;
    try {
        StagedFolder stage{place.path() / "run"};
        write_file(stage.path() / "results.nc", "half");
        throw Interrupted();
    } catch (const Interrupted&) {
    }
    EXPECT_THAT(list(place.path()), IsEmpty());
}

TEST(ResultFolder, KeepsTheEarlierRunUntilTheNewOneIsComplete) {
    const test::TemporaryFolder place;
    const fs::path folder = place.path() / "run";
    make_run(folder, "first");
    {
        StagedFolder stage{folder};
        write_file(stage.path() / "run.json", "never finished");
    }
    EXPECT_EQ(read_file(folder / "run.json"), "first");
    make_run(folder.string() + "/", "second");
    EXPECT_EQ(read_file(folder / "run.json"), "second");
    EXPECT_THAT(list(place.path()), UnorderedElementsAre("run"));
}

TEST(ResultFolder, FollowsALinkToItsFolder) {
    const test::TemporaryFolder place;
    make_run(place.path() / "real", "first");
    fs::create_directory_symlink(place.path() / "real", place.path() / "link");
    make_run(place.path() / "link", "second");
    EXPECT_TRUE(fs::is_symlink(place.path() / "link"));
    EXPECT_EQ(read_file(place.path() / "real/run.json"), "second");
}

TEST(ResultFolder, NeverReplacesWhatIsNotARun) {
    const test::TemporaryFolder place;
    write_file(place.path() / "file", "mine");
    fs::create_directory(place.path() / "photos");
    write_file(place.path() / "photos/a.jpg", "mine");
    make_run(place.path() / "run", "first");
    write_file(place.path() / "run/notes.txt", "mine");

    EXPECT_THAT(message_of([&] { StagedFolder{place.path() / "file"}; }),
                HasSubstr("file: is not a folder"));
    EXPECT_THAT(message_of([&] { StagedFolder{place.path() / "photos"}; }),
                HasSubstr("photos: holds other things than an earlier run and is not replaced"));
    EXPECT_THAT(message_of([&] { StagedFolder{place.path() / "run"}; }),
                HasSubstr("is not replaced"));
    EXPECT_THAT(list(place.path()), UnorderedElementsAre("file", "photos", "run"));
    EXPECT_EQ(read_file(place.path() / "run/notes.txt"), "mine");
}

TEST(ResultFolder, TakesAnEmptyFolder) {
    const test::TemporaryFolder place;
    fs::create_directory(place.path() / "run");
    make_run(place.path() / "run", "first");
    EXPECT_EQ(read_file(place.path() / "run/run.json"), "first");
}

TEST(ResultFolder, ClearsWhatDeadProcessesLeftAndOnlyThat) {
    const test::TemporaryFolder place;
    const fs::path folder = place.path() / "run";
    fs::path own;
    {
        const StagedFolder stage{folder};
        own = stage.path();
    }
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        _exit(0);
    }
    waitpid(child, nullptr, 0); // now a number of no process
    const std::string self = std::to_string(getpid());
    std::string dead = own.filename().string();
    std::string living = dead;
    dead.replace(dead.rfind(self), self.size(), std::to_string(child));
    living.replace(living.rfind(self), self.size(), std::to_string(getppid()));
    fs::create_directories(place.path() / dead / "sub");
    fs::create_directories(place.path() / living);
    fs::create_directories(place.path() / ".run.elsewhere.1.part");
    make_run(folder, "first");
    EXPECT_THAT(list(place.path()), UnorderedElementsAre("run", living, ".run.elsewhere.1.part"));
}

TEST(ResultFolder, SaysWhyAPlaceCannotBeWritten) {
    if (geteuid() == 0) {
        // Root may write anywhere: a file in the way of the parent does as well.
        const test::TemporaryFolder place;
        write_file(place.path() / "file", "");
        const std::string message = message_of([&] { StagedFolder{place.path() / "file/run"}; });
        EXPECT_THAT(message, HasSubstr("file"));
        EXPECT_THAT(message, HasSubstr("directory"));
        return;
    }
    const test::TemporaryFolder place;
    fs::permissions(place.path(), fs::perms::owner_read | fs::perms::owner_exec);
    EXPECT_THAT(message_of([&] { StagedFolder{place.path() / "run"}; }),
                HasSubstr("Permission denied"));
    fs::permissions(place.path(), fs::perms::owner_all);
}

TEST(ResultFolder, AFullDiskIsOneClearLine) {
    if (!fs::exists("/dev/full")) {
        GTEST_SKIP() << "no /dev/full here";
    }
    const std::string message =
        message_of([] { write_file("/dev/full", std::string(1 << 20, 'x')); });
    EXPECT_EQ(message, "/dev/full: cannot be written: No space left on device");
}

TEST(ResultFolder, ReadsAnEmptyFileAndNamesAMissingOne) {
    const test::TemporaryFolder place;
    write_file(place.path() / "empty", "");
    EXPECT_EQ(read_file(place.path() / "empty"), "");
    EXPECT_EQ(message_of([] { (void)read_file("/nowhere/summary.json"); }),
              "/nowhere/summary.json: cannot be read: No such file or directory");
}

TEST(ResultFolder, AReplacedFileIsTheOldOrTheNewOne) {
    const test::TemporaryFolder place;
    const fs::path file = place.path() / "report.html";
    replace_file(file, "old");
    replace_file(file, "new");
    EXPECT_EQ(read_file(file), "new");
    EXPECT_THAT(list(place.path()), UnorderedElementsAre("report.html"));
}

} // namespace
} // namespace yuanwang::report
