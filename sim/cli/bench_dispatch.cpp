#include "cli/bench_dispatch.hpp"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/workloads/dispatch_runs.hpp"
#include "bench/workloads/scenario_case.hpp"
#include "cli/exit_code.hpp"
#include "core/error.hpp"

namespace yuanwang::cli {

namespace {

using dispatch::program::SolveStatus;
using workloads::DispatchRun;
using workloads::DispatchWorkload;

constexpr std::size_t windows_of_a_year = 365;

/// A question as the flags put it.
struct Question {
    std::string case_name;
    std::string workload;
    DispatchWorkload kind;
    double limit_factor;
    workloads::DispatchRunOptions options;
};

Question read_question(const std::filesystem::path& file, const std::string& workload,
                       const DispatchBenchFlags& flags) {
    const auto kind = workloads::find_dispatch_workload(workload);
    const auto engine = workloads::find_engine(flags.engine);
    if (!engine) {
        throw InputError(Fault{{}, "--engine", "must be ptdf or cycle-flow", flags.engine});
    }
    if (!(flags.limit_factor > 0) || !std::isfinite(flags.limit_factor)) {
        throw InputError(
            Fault{{}, "--limit-factor", "must be > 0", fmt::format("{}", flags.limit_factor)});
    }
    if (flags.n_window > windows_of_a_year) {
        throw InputError(
            Fault{{}, "--windows", "must be at most 365", fmt::format("{}", flags.n_window)});
    }
    Question question{.case_name = file.stem().string(),
                      .workload = workload,
                      .kind = kind.value(),
                      .limit_factor = flags.limit_factor,
                      .options = {.engine = *engine, .cold = flags.cold}};
    if (flags.n_window > 0) {
        question.options.n_window = flags.n_window;
    }
    return question;
}

std::string to_json(const Question& question, const DispatchRun& run,
                    const std::optional<workloads::PublishedCost>& published) {
    nlohmann::ordered_json figures{{"case", question.case_name},
                                   {"workload", question.workload},
                                   {"windows", run.window_objectives.size()},
                                   {"objective", run.objective},
                                   {"window_objective_sum", run.window_objective_sum()},
                                   {"window_objectives", run.window_objectives},
                                   {"seconds", run.seconds},
                                   {"max_infeasibility", run.max_infeasibility},
                                   {"cpu_seconds", run.cpu_seconds},
                                   {"limit_factor", question.limit_factor},
                                   {"status", dispatch::program::to_string(run.status)}};
    if (published) {
        figures["published_objective"] = published->objective;
        figures["agrees"] = workloads::agrees(run, *published);
    }
    return figures.dump(2);
}

void print_run(const Question& question, const DispatchRun& run,
               const std::optional<workloads::PublishedCost>& published) {
    fmt::print("{} {}: {} window{}, cost {:.3f}, sum of the windows {:.3f}\n", question.case_name,
               question.workload, run.window_objectives.size(),
               run.window_objectives.size() == 1 ? "" : "s", run.objective,
               run.window_objective_sum());
    fmt::print("{:.2f} s ({:.2f} s of processor time), limits kept within {:.1e} MW\n", run.seconds,
               run.cpu_seconds, run.max_infeasibility);
    if (published) {
        fmt::print("published {:.3f}: {}\n", published->objective,
                   workloads::agrees(run, *published) ? "agrees" : "DIFFERS");
    } else {
        fmt::print("nothing published for this case and these limits; each window is proved by "
                   "the bound of its duals\n");
    }
    if (run.status != SolveStatus::optimal) {
        fmt::print("window {} has no answer: {}\n", run.window_objectives.size(),
                   dispatch::program::to_string(run.status));
    }
}

} // namespace

int bench_dispatch(const std::filesystem::path& file, const scenario::LoadOptions& load,
                   const std::string& workload, const DispatchBenchFlags& flags, bool json) {
    const Question question = read_question(file, workload, flags);
    const workloads::Sg1 sg1 =
        workloads::make_sg1(workloads::load_sg1_case(file, load), question.limit_factor);
    const DispatchRun run = workloads::run(sg1, question.kind, question.options);
    const auto published = workloads::find_published(
        question.case_name, question.kind, question.limit_factor, question.options.n_window);
    if (json) {
        fmt::print("{}\n", to_json(question, run, published));
    } else {
        print_run(question, run, published);
    }
    const bool right =
        run.status == SolveStatus::optimal && (!published || workloads::agrees(run, *published));
    return right ? exit_ok : exit_not_converged;
}

} // namespace yuanwang::cli
