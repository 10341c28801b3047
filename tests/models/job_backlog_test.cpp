// How far work may fall behind: queues on random days keep their deadlines exactly where the bounds say so.
#include "models/load/job_backlog.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <vector>

#include <gtest/gtest.h>

#include "core/random.hpp"

namespace yuanwang::models {
namespace {

TEST(JobBacklog, OfAnEvenStreamIsWhatArrivedWithinTheDeadline) {
    const std::vector<double> arrival(12, 2.0);
    const std::vector<double> most(12, 100.0);
    const std::vector<double> least = find_least_backlog(arrival, most, 3, true);
    for (std::size_t t = 2; t < 11; ++t) {
        EXPECT_DOUBLE_EQ(least[t], -6.0) << t;
    }
    EXPECT_DOUBLE_EQ(least[0], -2.0); // no more has arrived
    EXPECT_DOUBLE_EQ(least[11], 0.0); // nothing waits at the end
}

TEST(JobBacklog, WithoutDeadlineNothingWaits) {
    const std::vector<double> arrival(5, 2.0);
    for (const double least : find_least_backlog(arrival, std::vector<double>(5, 9.0), 0, false)) {
        EXPECT_EQ(least, 0.0);
    }
}

TEST(JobBacklog, IsNoMoreThanCanStillBeRun) {
    // One unit arrives a step, two can be run: before the end at most one a step that is left can be made good.
    const std::vector<double> least =
        find_least_backlog(std::vector<double>(10, 1.0), std::vector<double>(10, 2.0), 10, true);
    for (std::size_t t = 0; t < 10; ++t) {
        EXPECT_DOUBLE_EQ(least[t],
                         -std::min(static_cast<double>(t + 1), static_cast<double>(9 - t)))
            << t;
    }
}

/// Longest wait of a queue served as early as it must be and as late as it may be, in turn at random.
std::size_t longest_wait(const std::vector<double>& arrival, const std::vector<double>& most,
                         const std::vector<double>& least, Random& random) {
    struct Job {
        std::size_t step;
        double work;
    };
    std::deque<Job> jobs;
    double waiting = 0;
    std::size_t longest = 0;
    for (std::size_t t = 0; t < arrival.size(); ++t) {
        jobs.push_back({t, arrival[t]});
        waiting += arrival[t];
        const double must = std::max(0.0, waiting + least[t]);
        EXPECT_LE(must, most[t] + 1e-9) << t; // never asked for more than can be run
        const double may = std::min(waiting, most[t]);
        double done = random.uniform() < 0.7 ? must : must + random.uniform() * (may - must);
        waiting -= done;
        while (done > 1e-9) {
            const double part = std::min(done, jobs.front().work);
            if (part > 1e-9) {
                longest = std::max(longest, t - jobs.front().step);
            }
            done -= part;
            jobs.front().work -= part;
            if (jobs.front().work <= 1e-9) {
                jobs.pop_front();
            }
        }
    }
    EXPECT_NEAR(waiting, 0.0, 1e-6);
    return longest;
}

TEST(JobBacklog, EveryQueueWithinTheBoundsKeepsItsDeadline) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        Random random{seed, "queue"};
        const std::size_t n = 60;
        std::vector<double> arrival(n);
        std::vector<double> most(n);
        for (std::size_t t = 0; t < n; ++t) {
            arrival[t] = random.uniform() < 0.2 ? 0.0 : random.uniform();
            most[t] = arrival[t] + (random.uniform() < 0.5 ? 0.0 : random.uniform());
        }
        const auto deadline = static_cast<std::size_t>(12 * random.uniform());
        const std::vector<double> least = find_least_backlog(arrival, most, deadline, true);
        EXPECT_LE(longest_wait(arrival, most, least, random), deadline) << seed;
    }
}

} // namespace
} // namespace yuanwang::models
