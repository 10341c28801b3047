#include "sweep/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "core/error.hpp"

namespace yuanwang::sweep {

void for_each_parallel(std::size_t n, std::size_t n_thread, Progress& progress,
                       std::string_view stage, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> n_done{0};
    std::atomic<bool> stop{false};
    std::mutex mutex;
    std::condition_variable idle;
    std::size_t n_idle = 0;
    std::exception_ptr error;

    const auto work_off = [&] {
        try {
            for (std::size_t k = next++; k < n && !stop; k = next++) {
                work(k);
                ++n_done;
            }
        } catch (...) {
            const std::scoped_lock lock{mutex};
            error = error ? error : std::current_exception();
            stop = true;
        }
        const std::scoped_lock lock{mutex};
        ++n_idle;
        idle.notify_one();
    };

    bool interrupted = false;
    {
        std::vector<std::jthread> workers(std::min(std::max<std::size_t>(n_thread, 1), n));
        for (std::jthread& worker : workers) {
            worker = std::jthread{work_off};
        }
        using namespace std::chrono_literals;
        std::unique_lock lock{mutex};
        while (n_idle < workers.size()) {
            progress.update(stage, n_done, n);
            if (progress.stop_requested()) {
                interrupted = true;
                stop = true;
            }
            idle.wait_for(lock, 50ms);
        }
    }
    progress.update(stage, n_done, n);
    if (error) {
        std::rethrow_exception(error);
    }
    if (interrupted) {
        throw Interrupted{};
    }
}

} // namespace yuanwang::sweep
