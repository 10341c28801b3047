#include "support/program.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace yuanwang::testing {

namespace {

void redirect(const std::filesystem::path& file, int descriptor) {
    const int opened = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dup2(opened, descriptor);
    close(opened);
}

[[noreturn]] void become_program(const std::vector<std::string>& arguments,
                                 const std::filesystem::path& folder,
                                 const std::filesystem::path& out,
                                 const std::filesystem::path& err) {
    redirect(out, STDOUT_FILENO);
    redirect(err, STDERR_FILENO);
    const std::string program = std::string{YUANWANG_BUILD_DIR} + "/yuanwang";
    std::vector<char*> argv = {const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    setenv("LC_ALL", "C", 1);
    if (chdir(folder.c_str()) == 0) {
        execv(program.c_str(), argv.data());
    }
    _exit(127);
}

} // namespace

Finished run_program(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                     double interrupt_after_s) {
    const TemporaryFolder scratch;
    const auto out = scratch.path() / "out";
    const auto err = scratch.path() / "err";
    const pid_t child = fork();
    if (child == 0) {
        become_program(arguments, folder, out, err);
    }
    if (interrupt_after_s > 0) {
        std::this_thread::sleep_for(std::chrono::duration<double>(interrupt_after_s));
        kill(child, SIGINT);
    }
    int status = 0;
    waitpid(child, &status, 0);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return {code, read_file(out), read_file(err)};
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "yuanwang-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("no temporary folder");
    }
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::filesystem::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
}

} // namespace yuanwang::testing
